#include "qtest/transport.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "qtest/redact.h"

#define AUTHORIZATION        "Authorization: bearer "
#define USER_AGENT           "qtest-sync"
#define PROXY_WANTS_PASSWORD 407

struct curl_transport {
    struct transport base; /* first: a struct transport * is a struct curl_transport * */
    CURLM *multi;
    struct curl_slist *headers; /* the first holds the token */
    char *url;
    char *ca_file;
    char *client_cert;
    char *client_key;
    char *proxy;
    int64_t connect_timeout_ms;
    struct exchange *live; /* every request under way */
};

/* One request under way. */
struct exchange {
    struct exchange *next;
    struct exchange *previous;
    CURL *easy;
    int64_t id;
    struct reply reply;
    char *url;
    bool no_proxy;  /* libcurl does not take the one that was asked for */
    bool going_out; /* connected, TLS and tunnel through a proxy included: the request may be on its way */
    char error_text[CURL_ERROR_SIZE];
};

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    buf_put(&x->reply.body, bytes, size * count);
    return buf_failed(&x->reply.body) ? 0 : size * count;
}

/* Borrowed from libcurl until the exchange ends; NULL: the answer has no such header. Those of 1xx, of a
 * proxy's answer to CONNECT, and what follows the body are none of its. A later one of the same name stands
 * for all. */
static const char *header_value(const struct exchange *x, const char *name)
{
    struct curl_header *header;
    if (curl_easy_header(x->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
        (header->amount > 1 &&
         curl_easy_header(x->easy, name, header->amount - 1, CURLH_HEADER, -1, &header) != CURLHE_OK))
        return NULL;
    return header->value;
}

static int64_t header_number(const struct exchange *x, const char *name)
{
    int64_t number;
    const char *value = header_value(x, name);
    return value && text_to_int64(value, 0, INT64_MAX, &number) ? number : -1;
}

static void take_headers(struct exchange *x)
{
    struct reply *reply = &x->reply;
    const char *date = header_value(x, "Date");
    if (date)
        reply->server_date_ms = http_date_ms(date);
    reply->location = xstrdup(header_value(x, "Location"));
    reply->retry_after = xstrdup(header_value(x, "Retry-After"));
    reply->minute_left = header_number(x, "x-ratelimit-remaining-minute");
    reply->month_left = header_number(x, "x-ratelimit-remaining-month");
}

/* libcurl's error codes do not tell whether a request went out: the one for a URL of an unknown protocol is
 * also the one for an answer that is not HTTP/1. This is called just before its first byte. */
static int on_going_out(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct exchange *x = context;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    x->going_out = true;
    return CURL_PREREQFUNC_OK;
}

static void exchange_free(struct curl_transport *t, struct exchange *x)
{
    curl_multi_remove_handle(t->multi, x->easy);
    curl_easy_cleanup(x->easy);
    if (x->previous)
        x->previous->next = x->next;
    else
        t->live = x->next;
    if (x->next)
        x->next->previous = x->previous;
    reply_release(&x->reply);
    free(x->url);
    free(x);
}

static void set_tls(CURL *easy, const struct curl_transport *t)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (t->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, t->ca_file);
    if (t->client_cert)
        curl_easy_setopt(easy, CURLOPT_SSLCERT, t->client_cert);
    if (t->client_key)
        curl_easy_setopt(easy, CURLOPT_SSLKEY, t->client_key);
    curl_easy_setopt(easy, CURLOPT_KEYPASSWD, ""); /* else OpenSSL asks on the terminal, and waits */
}

static void set_connection(CURL *easy, const struct curl_transport *t, const struct request *request)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700 /* 7.87.0 */
    /* Else giving up a request waits for the name server, which may take longer than anybody has. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)t->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, t->headers);
    /* libcurl sends a request again by itself when a kept connection closes before the first byte of the
     * answer, whatever the method: the server may have done the work already. A fresh connection never
     * does that, so whatever changes something gets one. */
    if (!request->read_only)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

/* Without its proxy the request would go out directly; without a URL it goes nowhere. */
static void set_proxy(struct exchange *x, const struct curl_transport *t)
{
    curl_easy_setopt(x->easy, CURLOPT_NOPROXY, ""); /* not NO_PROXY of the environment */
    x->no_proxy = curl_easy_setopt(x->easy, CURLOPT_PROXY, t->proxy ? t->proxy : "") != CURLE_OK;
    if (x->no_proxy)
        curl_easy_setopt(x->easy, CURLOPT_URL, NULL);
}

static void set_method(CURL *easy, const struct request *request)
{
    if (request->method == HTTP_GET)
        return;
    if (request->method == HTTP_POST || request->body.length) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, buf_text(&request->body));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.length);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, http_method_name(request->method));
}

static void curl_start(struct transport *self, const struct request *request, int64_t id)
{
    struct curl_transport *t = (struct curl_transport *)self;
    struct exchange *x = xcalloc(1, sizeof *x);
    reply_init(&x->reply);
    x->id = id;
    x->url = xasprintf("%s%s", t->url, request->path);
    x->easy = curl_easy_init();
    if (!x->easy)
        _exit(EXIT_OUT_OF_MEMORY);
    curl_easy_setopt(x->easy, CURLOPT_URL, x->url);
    curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
    curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->error_text);
    curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_PREREQFUNCTION, on_going_out);
    curl_easy_setopt(x->easy, CURLOPT_PREREQDATA, x);
    set_connection(x->easy, t, request);
    set_proxy(x, t);
    set_tls(x->easy, t);
    set_method(x->easy, request);
    x->next = t->live;
    if (t->live)
        t->live->previous = x;
    t->live = x;
    curl_multi_add_handle(t->multi, x->easy);
}

static bool looks_like_json(const struct exchange *x, const char *content_type)
{
    if (!text_empty(content_type))
        return strcasestr(content_type, "json") != NULL;
    const char *body = buf_text(&x->reply.body);
    while (ascii_space(*body))
        body++;
    return *body == '{' || *body == '[';
}

static void judge(const struct curl_transport *t, struct exchange *x, CURLcode code)
{
    long status = 0;
    long tunnel_status = 0;
    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(x->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
    struct reply *reply = &x->reply;
    if (code == CURLE_OK && status > 0) {
        const char *content_type = header_value(x, "Content-Type");
        reply->kind = REPLY_HTTP;
        reply->status = (int)status;
        reply->json = looks_like_json(x, content_type);
        reply->html = content_type && strcasestr(content_type, "html");
        take_headers(x);
        return;
    }
    if (tunnel_status == PROXY_WANTS_PASSWORD && !x->going_out) { /* which no repeating changes */
        reply->kind = REPLY_HTTP;
        reply->status = PROXY_WANTS_PASSWORD;
        return;
    }
    reply->kind = x->going_out ? REPLY_LOST : REPLY_NOT_SENT;
    const char *detail = *x->error_text ? x->error_text : curl_easy_strerror(code);
    if (code == CURLE_OK)
        detail = "the answer has no status";
    if (x->no_proxy)
        detail = "libcurl does not take the proxy";
    if (buf_failed(&reply->body))
        detail = "the answer is larger than 64 MiB";
    _cleanup_free_ char *problem = reply->kind == REPLY_NOT_SENT
                                       ? xasprintf("cannot reach '%s': %s", t->url, detail)
                                       : xasprintf("connection to '%s' lost: %s", t->url, detail);
    reply->problem = text_printable(problem);
}

/* Whatever of a reply may be shown. What qTest says in its own data is no echo of the request. */
static void hide_token(const struct curl_transport *t, struct reply *reply)
{
    const char *token = t->headers->data + strlen(AUTHORIZATION);
    if (reply_verdict(reply) != VERDICT_OK || !reply->json)
        redact(&reply->body, token);
    redact_text(&reply->location, token);
    redact_text(&reply->problem, token);
}

static bool take_finished(struct curl_transport *t, int64_t *ret_id, struct reply *ret_reply)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(t->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct exchange *x = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &x);
        judge(t, x, code);
        hide_token(t, &x->reply);
        *ret_id = x->id;
        *ret_reply = x->reply;
        reply_init(&x->reply);
        exchange_free(t, x);
        return true;
    }
    return false;
}

static bool curl_wait(struct transport *self, int64_t timeout_ms, int64_t *ret_id, struct reply *ret_reply)
{
    struct curl_transport *t = (struct curl_transport *)self;
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    for (;;) {
        int running = 0;
        curl_multi_perform(t->multi, &running);
        if (take_finished(t, ret_id, ret_reply))
            return true;
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            return false;
        int slice_ms = left_ms > 1000 ? 1000 : (int)left_ms;
        if (curl_multi_poll(t->multi, NULL, 0, slice_ms, NULL) != CURLM_OK)
            return false;
    }
}

static void wipe(struct curl_slist *list)
{
    for (; list; list = list->next)
        explicit_bzero(list->data, strlen(list->data));
}

static void curl_free_transport(struct transport *self)
{
    struct curl_transport *t = (struct curl_transport *)self;
    while (t->live)
        exchange_free(t, t->live);
    curl_multi_cleanup(t->multi);
    wipe(t->headers);
    curl_slist_free_all(t->headers);
    free(t->url);
    free(t->ca_file);
    free(t->client_cert);
    free(t->client_key);
    free(t->proxy);
    free(t);
}

void transport_free(struct transport *transport)
{
    if (transport)
        transport->free(transport);
}

static int check_file(const char *path, const char *what, struct error *err)
{
    if (!path || access(path, R_OK) == 0)
        return 0;
    return error_set(err, ERR_USAGE, "cannot read the %s '%s'; check the path and its rights", what, path);
}

static struct curl_slist *make_headers(const char *token)
{
    _cleanup_free_ char *authorization = xasprintf(AUTHORIZATION "%s", token);
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "Expect:"); /* a large body must not wait for a 100 */
    explicit_bzero(authorization, strlen(authorization));
    return headers;
}

int transport_curl_new(const struct site *site, struct transport **ret, struct error *err)
{
    int r = check_file(site->ca_file, "CA file", err);
    if (r == 0)
        r = check_file(site->client_cert, "client certificate", err);
    if (r == 0)
        r = check_file(site->client_key, "client key", err);
    if (r < 0)
        return r;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, ERR_INTERNAL, "cannot start libcurl");
    struct curl_transport *t = xcalloc(1, sizeof *t);
    t->base = (struct transport){.start = curl_start, .wait = curl_wait, .free = curl_free_transport};
    t->multi = curl_multi_init();
    t->headers = make_headers(site->token ? site->token : "");
    t->url = xstrdup(site->url);
    t->ca_file = xstrdup(site->ca_file);
    t->client_cert = xstrdup(site->client_cert);
    t->client_key = xstrdup(site->client_key);
    /* It is taken to this machine only, which the token must not leave unencrypted. */
    t->proxy = text_starts_nocase(site->url, "http://") ? NULL : xstrdup(site->proxy);
    t->connect_timeout_ms = site->connect_timeout_ms;
    *ret = &t->base;
    return 0;
}
