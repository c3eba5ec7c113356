#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/options.h"

enum option_kind {
    OPTION_TEXT,
    OPTION_MS,
    OPTION_LISTEN,
    OPTION_PROJECT,
    OPTION_SET,
    OPTION_HELP,
    OPTION_VERSION
};

struct option_row {
    const char *name, *value;
    enum option_kind kind;
    size_t offset; /* of the member that takes the value */
    const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row table[] = {
    {"--listen", "HOST:PORT", OPTION_LISTEN, 0, "address; port 0 lets the system pick (default 127.0.0.1:0)"},
    {"--port-file", "FILE", OPTION_TEXT, AT(port_file),
     "write the port number there once the sandbox listens"},
    {"--db", "FILE", OPTION_TEXT, AT(db), "database, kept between runs; :memory: (default) is not"},
    {"--token", "TOKEN", OPTION_TEXT, AT(token),
     "the token that clients must send (default: a random one, printed)"},
    {"--project", "NAME", OPTION_PROJECT, 0,
     "make this project; NAME:automation=off with automation off; repeatable\n"
     "(default: Demo)"},
    {"--latency-ms", "N", OPTION_MS, AT(latency_ms), "wait before every reply"},
    {"--job-ms", "N", OPTION_MS, AT(job_ms), "time that a queued submission takes"},
    {"--set", "NAME=VALUE", OPTION_SET, 0, "set a switch, see below; repeatable"},
    {"--faults", "FILE", OPTION_TEXT, AT(faults_file), "fault rules in JSON, see below"},
    {"--log", "FILE", OPTION_TEXT, AT(log_file), "append every request and its reply, a line of JSON each"},
    {"--tls-cert", "FILE", OPTION_TEXT, AT(tls_cert), "certificate (PEM) for https"},
    {"--tls-key", "FILE", OPTION_TEXT, AT(tls_key), "its private key"},
    {"--tls-client-ca", "FILE", OPTION_TEXT, AT(tls_client_ca),
     "clients must show a certificate of this authority"},
    {"--help", NULL, OPTION_HELP, 0, "this text"},
    {"--version", NULL, OPTION_VERSION, 0, "print the version"},
};

static int set_listen(struct options *o, const char *value, struct error *err)
{
    const char *colon = strrchr(value, ':');
    if (!colon || colon == value || !text_to_int64(colon + 1, 0, 65535, &o->port))
        return error_set(err, ERR_USAGE, "--listen takes HOST:PORT, not '%s'", value);
    bool brackets = value[0] == '[' && colon[-1] == ']';
    free(o->host);
    o->host = brackets ? xstrndup(value + 1, (size_t)(colon - value) - 2)
                       : xstrndup(value, (size_t)(colon - value));
    return 0;
}

static int apply(struct options *o, const struct option_row *row, const char *value, struct error *err)
{
    void *member = (char *)o + row->offset;
    switch (row->kind) {
    case OPTION_TEXT:
        memcpy(member, &value, sizeof value);
        return 0;
    case OPTION_MS:
        if (!text_to_int64(value, 0, 86400000, (int64_t *)member))
            return error_set(err, ERR_USAGE, "%s takes milliseconds, not '%s'", row->name, value);
        return 0;
    case OPTION_LISTEN:
        return set_listen(o, value, err);
    case OPTION_PROJECT:
        if (text_empty(value))
            return error_set(err, ERR_USAGE, "--project needs a name");
        GROW(o->projects, o->project_count, o->project_capacity);
        o->projects[o->project_count++] = value;
        return 0;
    case OPTION_SET:
        return switches_set(&o->switches, value, err);
    case OPTION_HELP:
        o->help = true;
        return 0;
    case OPTION_VERSION:
        o->version = true;
        return 0;
    }
    return 0;
}

/* "--name value" or "--name=value" */
static const struct option_row *find_row(const char *argument, const char **ret_value)
{
    size_t length = strcspn(argument, "=");
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, argument, length) == 0) {
            *ret_value = argument[length] ? argument + length + 1 : NULL;
            return &table[i];
        }
    return NULL;
}

static int check(const struct options *o, struct error *err)
{
    if (!o->tls_cert != !o->tls_key)
        return error_set(err, ERR_USAGE, "--tls-cert and --tls-key belong together");
    if (o->tls_client_ca && !o->tls_cert)
        return error_set(err, ERR_USAGE, "--tls-client-ca needs --tls-cert and --tls-key");
    if (o->token && !*o->token)
        return error_set(err, ERR_USAGE, "--token must not be empty");
    return 0;
}

int options_parse(struct options *o, int argc, char **argv, struct error *err)
{
    *o = (struct options){.host = xstrdup("127.0.0.1"), .db = ":memory:"};
    switches_init(&o->switches);
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const struct option_row *row = find_row(argv[i], &value);
        if (!row)
            return error_set(err, ERR_USAGE, "unknown option '%s', see qtest-sandbox --help", argv[i]);
        if (row->value && !value)
            value = i + 1 < argc ? argv[++i] : NULL;
        if (row->value && !value)
            return error_set(err, ERR_USAGE, "option '%s' needs a value", row->name);
        if (!row->value && value)
            return error_set(err, ERR_USAGE, "option '%s' takes no value", row->name);
        int result = apply(o, row, value, err);
        if (result < 0)
            return result;
    }
    return check(o, err);
}

void options_release(struct options *o)
{
    free(o->host);
    free(o->projects);
    switches_release(&o->switches);
}

static void print_option(FILE *out, const struct option_row *row)
{
    _cleanup_free_ char *left = xasprintf("%s %s", row->name, row->value ? row->value : "");
    const char *help = row->help;
    fprintf(out, "  %-24s ", left);
    while (*help) {
        size_t length = strcspn(help, "\n");
        fprintf(out, "%.*s\n", (int)length, help);
        help += length + (help[length] ? 1 : 0);
        if (*help)
            fprintf(out, "  %-24s ", "");
    }
}

void options_print_help(FILE *out)
{
    fprintf(out, "Usage: qtest-sandbox [options]\n\n"
                 "A local stand-in for Tricentis qTest Manager, for trying and testing.\n"
                 "SIGTERM or SIGINT ends it.\n\nOptions:\n");
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        print_option(out, &table[i]);
    fprintf(out, "\n");
    switches_print_help(out);
    fprintf(
        out,
        "\nFault rules (--faults): a JSON list of {method, path, nth | from, to, every, action}. The path is "
        "a\n"
        "pattern with * or a part of the path and query. action: status, headers, body, html, after_work,\n"
        "delay_ms, close (before, after), reset, half_body, drip {bytes, ms}. For example\n"
        "  [{\"method\": \"POST\", \"path\": \"*/auto-test-logs*\", \"nth\": 2, \"action\": {\"close\": "
        "\"after\"}}]\n"
        "\nLogging in: the password grant of /oauth/token takes any user name and the token as password.\n"
        "The pages behind web_url need no token.\n");
}
