/* The HTTP server round the sandbox: libmicrohttpd, one thread a connection, so that a slow client or a reply
 * that waits
 * (--latency-ms) keeps nobody else waiting. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <stdint.h>

struct error;
struct request_log;
struct sandbox;
struct server;

struct server_settings {
    const char *host;
    int64_t port;
    const char *tls_cert, *tls_key, *tls_client_ca; /* files; NULL: none */
};

/* Listens from the return on. Borrows sandbox and log (NULL: none). ERR_IO, ERR_USAGE. */
int server_start(struct server **ret_server, const struct server_settings *settings, struct sandbox *sb,
                 struct request_log *log, struct error *err);
int64_t server_port(const struct server *server);
/* Call sandbox_end() before, or replies that wait are waited for. */
void server_stop(struct server *server);

#endif
