#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/options.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox.h"
#include "sandbox/server.h"

#define EXIT_USAGE 2

static int report(const struct error *err)
{
    fprintf(stderr, "qtest-sandbox: %s\n", err->text);
    return err->code == ERR_USAGE ? EXIT_USAGE : EXIT_FAILURE;
}

static char *random_token(void)
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
        abort();
    return xasprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                     b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* Whoever reads the file finds it whole or not at all. */
static int write_port_file(const char *path, int64_t port, struct error *err)
{
    _cleanup_free_ char *temporary = xasprintf("%s.%ld", path, (long)getpid());
    FILE *file = fopen(temporary, "we");
    bool good = file && fprintf(file, "%lld\n", (long long)port) > 0;
    good = (!file || fclose(file) == 0) && good && rename(temporary, path) == 0;
    if (good)
        return 0;
    int saved = errno;
    unlink(temporary);
    return error_set(err, ERR_IO, "cannot write port file '%s': %s", path, strerror(saved));
}

static void announce(const struct options *o, int64_t port, const char *token)
{
    bool ipv6 = strchr(o->host, ':') != NULL;
    printf("qtest-sandbox listens on %s://%s%s%s:%lld\n", o->tls_cert ? "https" : "http", ipv6 ? "[" : "",
           o->host, ipv6 ? "]" : "", (long long)port);
    if (!o->token)
        printf("token: %s\n", token);
    fflush(stdout);
}

static void wait_for_the_end(const sigset_t *signals)
{
    int signal_number;
    sigwait(signals, &signal_number);
}

static int serve(struct options *o, const sigset_t *signals, struct error *err)
{
    static const char *const demo[] = {"Demo"};
    _cleanup_free_ char *token = o->token ? xstrdup(o->token) : random_token();
    struct sandbox_settings settings = {.db = o->db,
                                        .token = token,
                                        .projects = o->project_count ? o->projects : (const char **)demo,
                                        .project_count = o->project_count ? o->project_count : 1,
                                        .faults_file = o->faults_file,
                                        .latency_ms = o->latency_ms,
                                        .job_ms = o->job_ms,
                                        .switches = o->switches};
    struct server_settings where = {o->host, o->port, o->tls_cert, o->tls_key, o->tls_client_ca};
    struct sandbox *sb = NULL;
    struct request_log *log = NULL;
    struct server *server = NULL;
    o->switches.status_words = NULL;
    int result = sandbox_new(&sb, &settings, err);
    switches_release(&settings.switches);
    if (result == 0 && o->log_file)
        result = request_log_open(&log, o->log_file, err);
    if (result == 0)
        result = server_start(&server, &where, sb, log, err);
    if (result == 0)
        sandbox_start_jobs(sb);
    if (result == 0 && o->port_file)
        result = write_port_file(o->port_file, server_port(server), err);
    if (result == 0) {
        announce(o, server_port(server), token);
        wait_for_the_end(signals);
    }
    if (sb)
        sandbox_end(sb);
    server_stop(server);
    request_log_close(log);
    sandbox_free(sb);
    return result;
}

int main(int argc, char **argv)
{
    struct options o;
    sigset_t signals;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread is made: all inherit it */
    int result = options_parse(&o, argc, argv, &err);
    if (result == 0 && o.help)
        options_print_help(stdout);
    else if (result == 0 && o.version)
        printf("qtest-sandbox 1.0\n");
    else if (result == 0)
        result = serve(&o, &signals, &err);
    options_release(&o);
    return result < 0 ? report(&err) : EXIT_SUCCESS;
}
