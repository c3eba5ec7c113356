/* One request to qTest and what came back, as values: made and judged without any I/O.
 *
 * The transport (qtest/transport.h) turns requests into replies; tests put anything else in its place.
 */
#ifndef QTEST_HTTP_H
#define QTEST_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE };
const char *http_method_name(enum http_method method);

/* A reply larger than this is an error: a search page of 999 detailed objects stays far below. */
#define REPLY_MAX_BYTES (64u * 1024 * 1024)

struct request {
    enum http_method method;
    const char *operation; /* the Swagger operationId, for messages; static text */
    char *path;            /* from the site's root, with query, percent-encoded */
    struct buf body;       /* JSON; empty: none */
    int64_t timeout_ms;
    bool read_only; /* changes nothing there, so sending it again is harmless: GETs and searches */
};

struct request *request_new(enum http_method method, const char *operation, int64_t timeout_ms);
void request_free(struct request *request);

enum reply_kind {
    REPLY_HTTP,     /* a whole answer with a status */
    REPLY_NOT_SENT, /* it certainly never reached qTest: name, connection, TLS, tunnel through a proxy */
    REPLY_LOST,     /* sent, or perhaps sent, and no whole answer: whether it was done is unknown */
};

struct reply {
    enum reply_kind kind;
    int status;
    bool json; /* the content type says JSON (or says nothing and the body begins like JSON) */
    bool html; /* the content type says HTML */
    struct buf body;
    char *problem;          /* REPLY_NOT_SENT, REPLY_LOST: what happened, for the person */
    char *location;         /* of a redirect, which is never followed */
    char *retry_after;      /* the header as it came, NULL: none */
    int64_t minute_left;    /* x-ratelimit-remaining-minute, -1: not said (qtest-api.md 7.1) */
    int64_t month_left;     /* x-ratelimit-remaining-month, -1: not said */
    int64_t server_date_ms; /* Date, TIME_NONE: not said */
};

void reply_init(struct reply *reply);
void reply_release(struct reply *reply);

/* What a reply means for the request, whatever it was about (qtest-api.md 7.2). */
enum verdict {
    VERDICT_OK,        /* 2xx */
    VERDICT_MISSING,   /* 404 */
    VERDICT_REFUSED,   /* 400, 409, 415, 422 ...: repeating it changes nothing */
    VERDICT_BARRED,    /* 407, 425, 426, 451, and those of VERDICT_REFUSED with a web page: somebody before
                          qTest refused it; not done, no use repeating it now, nothing said about what it asks */
    VERDICT_ACCESS,    /* 401, 403 */
    VERDICT_TOO_LARGE, /* 413 */
    VERDICT_THROTTLED, /* 429: not done, later */
    VERDICT_UNSENT,    /* not done, later */
    VERDICT_UNCLEAR,   /* 5xx, lost, or an answer that is not qTest's: perhaps done */
    VERDICT_REDIRECT,  /* 3xx: the address is wrong, or a login page stands before it */
};
enum verdict reply_verdict(const struct reply *reply);
/* Somebody before qTest refused it: VERDICT_BARRED, or a 403 with a web page, which qTest's API never answers
 * (section 7.2). */
bool reply_is_barred(const struct reply *reply);

/* "qTest answered 403 to getProject: Automation not turned on", or whoever it was, with the server's own
 * message found in any shape of error body (qtest-api.md 7.2), or what kept the reply from coming. The caller
 * frees. */
char *reply_describe(const struct reply *reply, const struct request *request);
/* The server's own message, shortened; NULL when the body has none. The caller frees. */
char *reply_message(const struct reply *reply);

/* A date as HTTP writes it, in any of its three forms; TIME_NONE: it is none. */
int64_t http_date_ms(const char *text);
/* Retry-After as a delay from now: seconds, or an HTTP date compared with the server's own clock when it
 * gave one. -1 when absent or rubbish; negative and absurd values (over a day) count as rubbish. */
int64_t retry_after_ms(const struct reply *reply, int64_t now_wall_ms);

#endif
