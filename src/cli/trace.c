#include "cli/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "base/url.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/show.h"
#include "qtest/redact.h"
#include "report/record.h"

#define FORMAT 1

#define ENGINE(kind, name)                                                                                   \
    {                                                                                                        \
#name, kind, offsetof(struct engine_options, name)                                                   \
    }
const struct trace_field trace_engine_fields[] = {
    ENGINE(TRACE_TEXT, project),
    ENGINE(TRACE_TEXT, cycle),
    ENGINE(TRACE_TEXT, release),
    ENGINE(TRACE_BOOL, place_named),
    ENGINE(TRACE_TEXT, root_module),
    ENGINE(TRACE_TEXT, build_url),
    ENGINE(TRACE_TEXT, build_number),
    {"word_passed", TRACE_TEXT, offsetof(struct engine_options, status_word[RESULT_PASSED])},
    {"word_failed", TRACE_TEXT, offsetof(struct engine_options, status_word[RESULT_FAILED])},
    {"word_error", TRACE_TEXT, offsetof(struct engine_options, status_word[RESULT_ERROR])},
    {"word_skipped", TRACE_TEXT, offsetof(struct engine_options, status_word[RESULT_SKIPPED])},
    ENGINE(TRACE_ENUM, older),
    ENGINE(TRACE_BOOL, plan_only),
    ENGINE(TRACE_BOOL, claim),
    ENGINE(TRACE_NUMBER, timeout_ms),
    ENGINE(TRACE_NUMBER, request_timeout_ms),
    ENGINE(TRACE_NUMBER, settle_ms),
    ENGINE(TRACE_NUMBER, batch_logs),
    ENGINE(TRACE_NUMBER, batch_bytes),
    ENGINE(TRACE_NUMBER, parallel),
    ENGINE(TRACE_NUMBER, wall_ms),
    {NULL, TRACE_TEXT, 0},
};

const struct trace_field trace_desired_fields[] = {
    {"job", TRACE_TEXT, offsetof(struct desired_options, job)},
    {"suite", TRACE_TEXT, offsetof(struct desired_options, suite)},
    {"content_template", TRACE_TEXT, offsetof(struct desired_options, content_template)},
    {"repeats", TRACE_ENUM, offsetof(struct desired_options, repeats)},
    {"fallback_start_ms", TRACE_NUMBER, offsetof(struct desired_options, fallback_start_ms)},
    {"now_ms", TRACE_NUMBER, offsetof(struct desired_options, now_ms)},
    {NULL, TRACE_TEXT, 0},
};

const struct trace_field trace_report_fields[] = {
    {"execution_id", TRACE_TEXT, offsetof(struct desired_report, execution_id)},
    {"named", TRACE_BOOL, offsetof(struct desired_report, named)},
    {"bytes_id", TRACE_TEXT, offsetof(struct desired_report, bytes_id)},
    {"report_url", TRACE_TEXT, offsetof(struct desired_report, report_url)},
    {NULL, TRACE_TEXT, 0},
};

struct trace {
    const struct settings *settings;
    char *path;
    int fd;
    off_t whole; /* of the file, in lines */
    int failure; /* errno of the write that failed, 0: none; nothing is written after it */
    bool failure_told;
    char *proxy_password; /* NULL: none */
    struct buf steps;     /* when the engine was asked since the last line, "1,20" */
    int64_t step_count;
    int64_t stopped_step; /* 0: it was not */
    int64_t began_ms;     /* of this run, monotonic */
    int64_t began_wall_ms;
};

/* As libcurl takes it from the address of the proxy: percent-decoded. NULL: it has none. The caller frees. */
static char *password_of(const char *url)
{
    const char *begin = url ? strstr(url, "://") : NULL;
    const char *at_sign = url ? strrchr(url, '@') : NULL;
    begin = begin ? begin + 3 : url;
    const char *colon = at_sign && at_sign > begin ? memchr(begin, ':', (size_t)(at_sign - begin)) : NULL;
    if (!colon)
        return NULL;
    int length = 0;
    char *decoded = curl_easy_unescape(NULL, colon + 1, (int)(at_sign - colon - 1), &length);
    char *password = decoded ? xstrndup(decoded, (size_t)length) : NULL;
    curl_free(decoded);
    return password;
}

int trace_open(struct trace **ret, const struct settings *settings, struct error *err)
{
    *ret = NULL;
    if (!settings->trace)
        return 0;
    int fd = open(settings->trace, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return error_set(err, ERR_USAGE, "'%s' is there already; name another file for --trace, or remove it",
                         settings->trace);
    if (fd < 0)
        return error_set(err, ERR_USAGE,
                         "cannot make the trace '%s': %s; name a file for --trace that can be made",
                         settings->trace, strerror(errno));
    struct trace *trace = xcalloc(1, sizeof *trace);
    *trace = (struct trace){.settings = settings,
                            .path = xstrdup(settings->trace),
                            .fd = fd,
                            .proxy_password = password_of(settings->proxy),
                            .steps = BUF_UNBOUNDED};
    *ret = trace;
    return 0;
}

void trace_close(struct trace *trace)
{
    if (!trace)
        return;
    if (trace->whole == 0 && !trace->failure)
        unlink(trace->path); /* nothing was to be sent */
    close(trace->fd);
    if (trace->proxy_password)
        explicit_bzero(trace->proxy_password, strlen(trace->proxy_password));
    free(trace->proxy_password);
    free(trace->path);
    buf_release(&trace->steps);
    free(trace);
}

/* Lengths stay, so this may be done to whatever holds texts between bytes of another meaning. */
static void hide_secrets(const struct trace *trace, char *bytes, size_t size, bool json)
{
    if (trace->settings->token)
        redact_bytes(bytes, size, trace->settings->token);
    if (trace->proxy_password)
        redact_bytes(bytes, size, trace->proxy_password);
    for (size_t at = 0; at < size; at += strlen(bytes + at) + 1) /* a terminator stands behind them */
        text_star_url_users(bytes + at, json);
}

/* After a failure the file ends with its last whole line. */
static void write_line(struct trace *trace, struct buf *line)
{
    if (trace->failure)
        return;
    buf_putc(line, '\n');
    buf_text(line);
    hide_secrets(trace, line->bytes, line->length, true);
    if (file_write_all(trace->fd, line->bytes, line->length) == 0) {
        trace->whole += (off_t)line->length;
        return;
    }
    trace->failure = errno;
    if (ftruncate(trace->fd, trace->whole) < 0)
        trace->failure = errno;
}

static void put_time(struct json_writer *w, int64_t wall_ms)
{
    char iso[TIME_TEXT_SIZE];
    time_format_iso(wall_ms, iso);
    json_string(w, "time", iso);
}

static void put_steps(struct json_writer *w, struct trace *trace)
{
    _cleanup_free_ char *list = xasprintf("[%s]", buf_text(&trace->steps));
    json_raw(w, "steps", list, strlen(list));
    buf_clear(&trace->steps);
}

static void put_fields(struct json_writer *w, const struct trace_field *field, const void *from)
{
    for (; field->name; field++) {
        const char *at = (const char *)from + field->offset;
        if (field->kind == TRACE_TEXT)
            json_string(w, field->name, *(char *const *)(const void *)at);
        else if (field->kind == TRACE_NUMBER)
            json_integer(w, field->name, *(const int64_t *)(const void *)at);
        else if (field->kind == TRACE_ENUM)
            json_integer(w, field->name, *(const int *)(const void *)at);
        else
            json_boolean(w, field->name, *(const bool *)(const void *)at);
    }
}

/* 64 bits and no sign. */
static void put_word(struct json_writer *w, const char *name, uint64_t word)
{
    _cleanup_free_ char *text = xasprintf("%016" PRIx64, word);
    json_string(w, name, text);
}

static void put_memory(struct json_writer *w, const struct engine_memory *memory)
{
    if (!memory)
        return;
    json_object(w, "memory");
    json_array(w, "owners");
    for (size_t i = 0; i < memory->owner_count; i++)
        put_word(w, NULL, memory->owners[i]);
    json_end(w);
    json_array(w, "jobs");
    for (size_t i = 0; i < memory->job_count; i++) {
        json_object(w, NULL);
        json_integer(w, "id", memory->jobs[i].id);
        json_integer(w, "sent_wall_ms", memory->jobs[i].sent_wall_ms);
        json_end(w);
    }
    json_end(w);
    if (memory->sending_wall_ms != TIME_NONE)
        json_integer(w, "sending_wall_ms", memory->sending_wall_ms);
    json_boolean(w, "sent", memory->sent);
    json_integer(w, "before_log_id", memory->before_log_id);
    json_end(w);
}

/* As --show-config has them, which masks what is secret. */
static void put_settings(struct json_writer *w, const struct settings *settings)
{
    json_object(w, "settings");
    for (size_t i = 0; i < option_count; i++) {
        _cleanup_free_ char *value = option_show(&option_table[i], settings);
        if (value)
            json_string(w, option_table[i].name, value);
    }
    json_end(w);
}

static void write_head(struct trace *trace, const struct desired *desired,
                       const struct engine_options *options)
{
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    struct json_writer w;
    json_writer_init(&w, &line);
    json_object(&w, NULL);
    json_integer(&w, "trace", FORMAT);
    put_time(&w, trace->began_wall_ms);
    json_string(&w, "version", QTEST_SYNC_VERSION);
    json_string(&w, "libcurl", curl_version());
    put_settings(&w, trace->settings);
    json_integer(&w, "began_ms", trace->began_ms);
    put_word(&w, "seed", options->seed);
    json_boolean(&w, "journal", options->journal != NULL);
    json_object(&w, "engine");
    put_fields(&w, trace_engine_fields, options);
    json_end(&w);
    json_object(&w, "desired");
    put_fields(&w, trace_desired_fields, &desired->options);
    json_end(&w);
    put_memory(&w, options->memory);
    json_end(&w);
    write_line(trace, &line);
}

static void write_report(struct trace *trace, const struct desired_report *report)
{
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    struct json_writer w;
    json_writer_init(&w, &line);
    json_object(&w, NULL);
    json_string(&w, "report", report->meta->file);
    json_integer(&w, "format", report->meta->format);
    put_fields(&w, trace_report_fields, report);
    json_end(&w);
    write_line(trace, &line);
}

static void put_record(const struct trace *trace, struct json_writer *w, const struct test_result *result)
{
    static const char digits[] = "0123456789abcdef";
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    _cleanup_(buf_release) struct buf hex = BUF_UNBOUNDED;
    record_encode(&bytes, result);
    buf_text(&bytes);
    hide_secrets(trace, bytes.bytes, bytes.length, false);
    for (size_t i = 0; i < bytes.length; i++) {
        buf_putc(&hex, digits[(unsigned char)bytes.bytes[i] >> 4]);
        buf_putc(&hex, digits[(unsigned char)bytes.bytes[i] & 15]);
    }
    json_string_n(w, "record", buf_text(&hex), hex.length);
}

static int write_results(struct trace *trace, const struct desired *desired, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    for (size_t i = 0; i < desired->store->count && !trace->failure; i++) {
        struct json_writer w;
        int r = store_read(desired->store, i, &record, err);
        if (r < 0)
            return r;
        buf_clear(&line);
        json_writer_init(&w, &line);
        json_object(&w, NULL);
        json_string(&w, "result", record.result.name);
        json_integer(&w, "of_report", store_entry(desired->store, i)->report);
        put_record(trace, &w, &record.result);
        json_end(&w);
        write_line(trace, &line);
    }
    return 0;
}

int trace_begin(struct trace *trace, const struct desired *desired, const struct engine_options *options,
                int64_t began_ms, struct error *err)
{
    if (!trace)
        return 0;
    bool first = trace->whole == 0;
    trace->began_ms = began_ms;
    trace->began_wall_ms = options->wall_ms;
    trace->step_count = trace->stopped_step = 0;
    buf_clear(&trace->steps);
    write_head(trace, desired, options);
    for (size_t i = 0; i < desired->report_count; i++)
        write_report(trace, &desired->reports[i]);
    int r = write_results(trace, desired, err);
    if (r == 0 && first && trace->failure)
        return error_set(err, ERR_USAGE, "cannot write the trace '%s': %s; nothing was sent", trace->path,
                         strerror(trace->failure));
    return r;
}

void trace_asking(struct trace *trace, int64_t now_ms, bool stopped)
{
    if (!trace || trace->failure)
        return;
    trace->step_count++;
    if (stopped && !trace->stopped_step)
        trace->stopped_step = trace->step_count;
    buf_printf(&trace->steps, "%s%" PRId64, trace->steps.length ? "," : "", now_ms - trace->began_ms);
}

static bool is_json(const struct buf *body)
{
    if (!body->length || !strchr("{[", buf_text(body)[0]) || !utf8_valid(buf_text(body), body->length))
        return false;
    _cleanup_(json_delete) cJSON *value = json_parse(buf_text(body), body->length);
    return value != NULL;
}

/* Line ends stand between tokens only; a slash needs no escape, and hides an address. */
void trace_put_body(struct buf *out, const struct buf *body)
{
    if (body->length == 0) {
        buf_puts(out, "null");
        return;
    }
    if (!is_json(body)) {
        json_quote(out, buf_text(body), body->length);
        return;
    }
    const char *end = body->bytes + body->length;
    for (const char *at = body->bytes; at < end; at++) {
        if (*at == '\\' && at + 1 < end) {
            if (at[1] != '/')
                buf_putc(out, *at);
            buf_putc(out, *++at);
        } else {
            buf_putc(out, *at == '\n' || *at == '\r' ? ' ' : *at);
        }
    }
}

static void put_body(struct json_writer *w, const char *name, const struct buf *body)
{
    _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
    trace_put_body(&text, body);
    json_raw(w, name, buf_text(&text), text.length);
}

static void put_reply_headers(struct json_writer *w, const struct reply *reply)
{
    json_object(w, "response_headers");
    if (reply->location)
        json_string(w, "Location", reply->location);
    if (reply->retry_after)
        json_string(w, "Retry-After", reply->retry_after);
    if (reply->minute_left >= 0)
        json_integer(w, "x-ratelimit-remaining-minute", reply->minute_left);
    if (reply->month_left >= 0)
        json_integer(w, "x-ratelimit-remaining-month", reply->month_left);
    if (reply->server_date_ms != TIME_NONE)
        json_integer(w, "Date", reply->server_date_ms);
    json_end(w);
    json_boolean(w, "json", reply->json);
    json_boolean(w, "html", reply->html);
}

static void put_failure(struct json_writer *w, const struct reply *reply)
{
    if (reply && reply->kind == REPLY_HTTP)
        return;
    json_string(w, "failure", !reply ? "no answer yet" : reply->kind == REPLY_LOST ? "lost" : "not sent");
    json_string(w, "problem", reply ? reply->problem : "the run ended before it");
}

void trace_answered(struct trace *trace, const struct drive_call *call, const struct reply *reply,
                    int64_t now_ms)
{
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    struct json_writer w;
    if (!trace || trace->failure)
        return;
    json_writer_init(&w, &line);
    json_object(&w, NULL);
    put_time(&w, trace->began_wall_ms + (now_ms - trace->began_ms));
    json_string(&w, "method", http_method_name(call->request->method));
    json_string(&w, "target", call->request->path);
    json_integer(&w, "status", reply && reply->kind == REPLY_HTTP ? reply->status : 0);
    put_failure(&w, reply);
    json_string(&w, "stage", call->stage);
    json_string(&w, "operation", call->request->operation);
    json_integer(&w, "call", call->id);
    json_integer(&w, "attempt", call->attempt);
    json_integer(&w, "ms", now_ms - call->sent_ms);
    json_integer(&w, "sent_ms", call->sent_ms - trace->began_ms);
    json_integer(&w, "sent_step", call->step);
    json_integer(&w, "answered_ms", now_ms - trace->began_ms);
    json_integer(&w, "answered_step", trace->step_count);
    put_steps(&w, trace);
    put_body(&w, "request", &call->request->body);
    if (reply) {
        put_reply_headers(&w, reply);
        put_body(&w, "response", &reply->body);
    }
    json_end(&w);
    write_line(trace, &line);
}

void trace_waiting(struct trace *trace, const struct engine_step *step, int64_t now_ms)
{
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    struct json_writer w;
    if (!trace || trace->failure)
        return;
    json_writer_init(&w, &line);
    json_object(&w, NULL);
    put_time(&w, trace->began_wall_ms + (now_ms - trace->began_ms));
    json_string(&w, "wait", step->why);
    json_string(&w, "stage", step->stage);
    if (step->until_ms != INT64_MAX)
        json_integer(&w, "until_ms", step->until_ms - trace->began_ms);
    put_steps(&w, trace);
    json_end(&w);
    write_line(trace, &line);
}

static void write_end(struct trace *trace, const struct upload_result *result)
{
    static const struct settings plain = {0};
    _cleanup_(buf_release) struct buf line = BUF_UNBOUNDED;
    const struct sync_counts *counts = &result->outcome.counts;
    struct json_writer w;
    json_writer_init(&w, &line);
    json_object(&w, NULL);
    json_string(&w, "end", sync_status_name(result->outcome.status));
    json_integer(&w, "exit", outcome_exit_code(&plain, result));
    json_integer(&w, "ended_by", result->ended_by);
    json_integer(&w, "read", counts->read);
    json_integer(&w, "confirmed", counts->confirmed);
    json_integer(&w, "present", counts->present);
    json_integer(&w, "refused", counts->refused);
    json_integer(&w, "spooled", counts->spooled);
    json_integer(&w, "skipped", counts->skipped);
    json_integer(&w, "requests", result->outcome.requests);
    json_string(&w, "error", result->outcome.error.text);
    json_integer(&w, "stopped_step", trace->stopped_step);
    put_steps(&w, trace);
    json_end(&w);
    write_line(trace, &line);
}

void trace_end(struct trace *trace, struct upload_result *result)
{
    if (!trace)
        return;
    write_end(trace, result);
    if (!trace->failure || trace->failure_told)
        return;
    trace->failure_told = true;
    _cleanup_free_ char *text = xasprintf("the trace '%s' is not whole: %s; nothing else is touched by that",
                                          trace->path, strerror(trace->failure));
    sync_outcome_problem(&result->outcome, ERR_NONE, 0, text);
}
