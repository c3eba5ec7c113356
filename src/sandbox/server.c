#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/faults.h"
#include "sandbox/request.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox.h"
#include "sandbox/server.h"
#include "sandbox/tls.h"

#define CONNECTIONS_MAX   4000
#define IDLE_SECONDS      300
#define THREAD_STACK      (1u << 20)
#define CONNECTION_MEMORY 65536 /* request line and headers of one request */
#define HALF_BLOCK        4096

struct server {
    struct MHD_Daemon *daemon;
    struct sandbox *sandbox;
    struct request_log *log;
    struct tls_files *tls; /* NULL: plain http */
    int64_t port;
};

/* One request on its way in and out. */
struct exchange {
    struct request request;
    struct answer answer;
    char *target;
    bool started;   /* the headers were seen */
    bool too_large; /* the body is read but not kept */
    struct sandbox *sandbox;
    size_t sent;
};

static void *begin_exchange(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct server *server = cls;
    struct exchange *x = xcalloc(1, sizeof *x);
    (void)connection;
    x->target = xstrdup(target);
    x->sandbox = server->sandbox;
    return x;
}

static void free_exchange(struct exchange *x)
{
    if (!x)
        return;
    if (x->started) {
        request_release(&x->request);
        answer_release(&x->answer);
    }
    free(x->target);
    free(x);
}

static void end_exchange(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    (void)cls;
    (void)connection;
    (void)code;
    free_exchange(*con_cls);
    *con_cls = NULL;
}

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    request_add_header(cls, name, value);
    return MHD_YES;
}

static size_t body_limit(const struct sandbox *sb)
{
    return (size_t)sb->switches.value[SWITCH_BODY_LIMIT_MB] << 20;
}

/* Gives the next piece of a reply that is dripped or cut. */
static ssize_t read_slowly(void *cls, uint64_t position, char *out, size_t size)
{
    struct exchange *x = cls;
    const struct answer *a = &x->answer;
    size_t end = a->delivery == DELIVER_HALF ? a->body.length / 2 : a->body.length;
    if (position >= end)
        return a->delivery == DELIVER_HALF ? MHD_CONTENT_READER_END_WITH_ERROR
                                           : MHD_CONTENT_READER_END_OF_STREAM;
    size_t count = end - position;
    if (a->delivery == DELIVER_DRIP && count > (size_t)a->drip_bytes)
        count = (size_t)a->drip_bytes;
    if (count > size)
        count = size;
    if (a->delivery == DELIVER_DRIP && position > 0)
        sandbox_pause(x->sandbox, a->drip_ms);
    memcpy(out, buf_text(&a->body) + position, count);
    return (ssize_t)count;
}

static struct MHD_Response *make_response(struct exchange *x)
{
    const struct answer *a = &x->answer;
    if (a->delivery == DELIVER_HALF || a->delivery == DELIVER_DRIP)
        return MHD_create_response_from_callback(a->body.length, HALF_BLOCK, read_slowly, x, NULL);
    return MHD_create_response_from_buffer(a->body.length, (void *)(uintptr_t)buf_text(&a->body),
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct exchange *x)
{
    const struct answer *a = &x->answer;
    struct MHD_Response *response = make_response(x);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", a->content_type);
    for (size_t i = 0; i < a->header_count; i++)
        MHD_add_response_header(response, a->headers[i].name, a->headers[i].value);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)a->status, response);
    MHD_destroy_response(response);
    return result;
}

/* With a linger time of 0 the close becomes a reset. */
static enum MHD_Result end_connection(struct MHD_Connection *connection, bool reset)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (info && reset)
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return MHD_NO;
}

static enum MHD_Result refuse(struct server *server, struct MHD_Connection *connection, struct exchange *x,
                              int status, const char *message)
{
    answer_error(&x->answer, status, "%s", message);
    request_log_write(server->log, &x->request, &x->answer);
    return send_answer(connection, x);
}

/* Called once the headers are there. */
static enum MHD_Result start_request(struct server *server, struct MHD_Connection *connection,
                                     struct exchange *x, const char *method)
{
    int64_t length;
    request_init(&x->request, method, x->target);
    answer_init(&x->answer);
    x->started = true;
    x->request.secure = server->tls != NULL;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &x->request);
    x->request.fault = sandbox_match_fault(server->sandbox, method, x->target);
    if (x->request.fault && x->request.fault->close_before) {
        fault_apply(x->request.fault, &x->answer);
        request_log_write(server->log, &x->request, &x->answer);
        return end_connection(connection, x->request.fault->reset);
    }
    if (server->tls && !tls_client_trusted(server->tls, connection))
        return refuse(server, connection, x, 403, "A client certificate is required");
    const char *header = request_header(&x->request, "Content-Length");
    if (header && text_to_int64(header, 0, INT64_MAX, &length) &&
        (uint64_t)length > body_limit(server->sandbox))
        return refuse(server, connection, x, 413, "Request Entity Too Large");
    return MHD_YES;
}

static void take_body(struct server *server, struct exchange *x, const char *data, size_t size)
{
    if (x->request.body.length + size > body_limit(server->sandbox))
        x->too_large = true;
    if (x->too_large)
        buf_release(&x->request.body);
    else
        buf_put(&x->request.body, data, size);
}

static enum MHD_Result finish_request(struct server *server, struct MHD_Connection *connection,
                                      struct exchange *x)
{
    if (x->too_large)
        return refuse(server, connection, x, 413, "Request Entity Too Large");
    sandbox_handle(server->sandbox, &x->request, &x->answer);
    request_log_write(server->log, &x->request, &x->answer);
    sandbox_pause(server->sandbox, server->sandbox->latency_ms + x->answer.delay_ms);
    if (x->answer.delivery == DELIVER_CLOSE || x->answer.delivery == DELIVER_RESET)
        return end_connection(connection, x->answer.delivery == DELIVER_RESET);
    return send_answer(connection, x);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data, size_t *size,
                              void **con_cls)
{
    struct server *server = cls;
    struct exchange *x = *con_cls;
    (void)url;
    (void)version;
    if (!x->started)
        return start_request(server, connection, x, method);
    if (*size > 0) {
        take_body(server, x, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return finish_request(server, connection, x);
}

static int open_socket(const struct server_settings *settings, int64_t *ret_port, struct error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *list = NULL;
    _cleanup_free_ char *port = xasprintf("%lld", (long long)settings->port);
    int on = 1, failed = getaddrinfo(settings->host, port, &hints, &list);
    if (failed)
        return error_set(err, ERR_USAGE, "cannot listen on '%s': %s", settings->host, gai_strerror(failed));
    int fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool good = fd >= 0 && bind(fd, list->ai_addr, list->ai_addrlen) == 0 && listen(fd, 1024) == 0;
    int saved = errno;
    freeaddrinfo(list);
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (!good || getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
        if (fd >= 0)
            close(fd);
        return error_set(err, ERR_IO, "cannot listen on '%s' port %s: %s", settings->host, port,
                         strerror(saved));
    }
    *ret_port = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                                    : ((struct sockaddr_in *)&address)->sin_port);
    return fd;
}

int server_start(struct server **ret_server, const struct server_settings *settings, struct sandbox *sb,
                 struct request_log *log, struct error *err)
{
    struct server *server = xcalloc(1, sizeof *server);
    *server = (struct server){.sandbox = sb, .log = log};
    int result = settings->tls_cert ? tls_load(&server->tls, settings, err) : 0;
    int fd = result < 0 ? result : open_socket(settings, &server->port, err);
    if (fd < 0) {
        tls_free(server->tls);
        free(server);
        return fd;
    }
    struct MHD_OptionItem options[8];
    tls_options(server->tls, options);
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            (server->tls ? MHD_USE_TLS : 0u),
        0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK,
        begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_CONNECTION_LIMIT,
        CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)THREAD_STACK, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY,
        options, MHD_OPTION_END);
    if (!server->daemon) {
        close(fd);
        tls_free(server->tls);
        free(server);
        return error_set(err, ERR_IO, "cannot start the HTTP server on '%s'", settings->host);
    }
    *ret_server = server;
    return 0;
}

int64_t server_port(const struct server *server)
{
    return server->port;
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    tls_free(server->tls);
    free(server);
}
