#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/dates.h"
#include "sandbox/request.h"
#include "sandbox/request_log.h"

struct request_log {
    FILE *file;
    pthread_mutex_t lock;
};

int request_log_open(struct request_log **ret_log, const char *path, struct error *err)
{
    FILE *file = fopen(path, "ae");
    if (!file)
        return error_set(err, ERR_IO, "cannot open log '%s': %s", path, strerror(errno));
    struct request_log *log = xcalloc(1, sizeof *log);
    log->file = file;
    pthread_mutex_init(&log->lock, NULL);
    *ret_log = log;
    return 0;
}

void request_log_close(struct request_log *log)
{
    if (!log)
        return;
    fclose(log->file);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

static bool secret_name(const char *name, size_t length)
{
    static const char *const names[] = {"access_token", "refresh_token", "password", "j_password", "token"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* name=value&… with the values of secrets masked; what stands before the first '?' of a target is kept. */
static void mask_form(struct buf *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "&"), name = strcspn(text, "=&");
        if (name < length && secret_name(text, name))
            buf_printf(out, "%.*s=***", (int)name, text);
        else
            buf_put(out, text, length);
        text += length;
        if (*text)
            buf_putc(out, *text++);
    }
}

static void write_target(struct json_writer *w, const char *target)
{
    _cleanup_(buf_release) struct buf masked = BUF_UNBOUNDED;
    size_t path = strcspn(target, "?");
    buf_put(&masked, target, path);
    if (target[path]) {
        buf_putc(&masked, '?');
        mask_form(&masked, target + path + 1);
    }
    json_string_n(w, "target", buf_text(&masked), masked.length);
}

static void write_headers(struct json_writer *w, const struct request *rq)
{
    static const char *const shown[] = {"Content-Type", "Content-Length", "File-Name",
                                        "User-Agent",   "Accept",         "Expect"};
    json_object(w, "headers");
    for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
        if (request_header(rq, shown[i]))
            json_string(w, shown[i], request_header(rq, shown[i]));
    const char *authorization = request_header(rq, "Authorization");
    if (authorization) {
        _cleanup_free_ char *masked = xasprintf("%.*s ***", (int)strcspn(authorization, " "), authorization);
        json_string(w, "Authorization", strchr(authorization, ' ') ? masked : "***");
    }
    json_end(w);
}

static void write_answer_headers(struct json_writer *w, const struct answer *an)
{
    json_object(w, "response_headers");
    json_string(w, "Content-Type", an->content_type);
    for (size_t i = 0; i < an->header_count; i++)
        json_string(w, an->headers[i].name, an->headers[i].value);
    json_end(w);
}

static bool is_json(const struct buf *body)
{
    if (!strchr("{[", buf_text(body)[0]) || !utf8_valid(buf_text(body), body->length))
        return false;
    _cleanup_(json_delete) cJSON *value = json_parse(buf_text(body), body->length);
    return value != NULL;
}

/* JSON as it is, on one line: line ends inside it can only stand between tokens. Else as text. */
static void write_body(struct json_writer *w, const char *key, const struct buf *body, bool json)
{
    if (body->length == 0) {
        json_null(w, key);
        return;
    }
    if (!json) {
        json_string_n(w, key, buf_text(body), body->length);
        return;
    }
    size_t begin = w->out->length;
    json_raw(w, key, buf_text(body), body->length);
    for (size_t i = begin; i < w->out->length; i++)
        if (w->out->bytes[i] == '\n' || w->out->bytes[i] == '\r')
            w->out->bytes[i] = ' ';
}

/* Bodies that carry tokens are not shown at all. */
static void write_bodies(struct json_writer *w, const struct request *rq, const struct answer *an)
{
    bool secret = text_starts(rq->target, "/oauth/token") || text_starts(rq->target, "/api/login");
    if (secret)
        json_string(w, "request", "***");
    else
        write_body(w, "request", &rq->body, is_json(&rq->body));
    write_answer_headers(w, an);
    if (secret)
        json_string(w, "response", "***");
    else /* what we call JSON was made by our writer */
        write_body(w, "response", &an->body, text_starts(an->content_type, "application/json"));
}

static void build_line(struct buf *line, const struct request *rq, const struct answer *an)
{
    struct json_writer w;
    char time[DATE_TEXT_SIZE];
    date_write(date_now_ms(), 0, true, time);
    json_writer_init(&w, line);
    json_object(&w, NULL);
    json_string(&w, "time", time);
    json_string(&w, "method", rq->method);
    write_target(&w, rq->target);
    json_integer(&w, "status", an->status);
    if (an->fault) {
        json_string(&w, "fault", an->fault);
        json_boolean(&w, "delivered", an->delivery != DELIVER_CLOSE && an->delivery != DELIVER_RESET);
    }
    write_headers(&w, rq);
    write_bodies(&w, rq, an);
    json_end(&w);
    buf_putc(line, '\n');
}

void request_log_write(struct request_log *log, const struct request *rq, const struct answer *an)
{
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    if (!log)
        return;
    build_line(&line, rq, an);
    pthread_mutex_lock(&log->lock);
    fwrite(buf_text(&line), 1, line.length, log->file);
    fflush(log->file);
    pthread_mutex_unlock(&log->lock);
}
