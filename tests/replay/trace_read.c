#include "trace_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/trace.h"
#include "report/record.h"

#define FORMAT    1
#define EXIT_BAD  2
#define HEX_DIGIT "0123456789abcdef"

static void give_up(const struct trace_reader *reader, const char *why)
{
    fprintf(stderr, "replay: '%s', line %lld: %s\n", reader->path, (long long)reader->number, why);
    exit(EXIT_BAD);
}

void trace_reader_open(struct trace_reader *reader, const char *path)
{
    *reader = (struct trace_reader){.path = path, .file = fopen(path, "re")};
    if (!reader->file)
        give_up(reader, strerror(errno));
}

void trace_reader_close(struct trace_reader *reader)
{
    fclose(reader->file);
    free(reader->line);
}

/* The raw text of a value, behind it. */
static const char *skip_value(const char *at)
{
    int depth = 0;
    do {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                at += *at == '\\' && at[1];
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            depth--;
        } else if (depth == 0) {
            return at + strcspn(at, ",}]"); /* a number or a word */
        }
        at += *at != '\0';
    } while (depth > 0 && *at);
    return at;
}

/* A member of the line as it stands there: numbers of any length stay as they are. The caller frees; NULL:
 * there is none. */
static char *raw_member(const char *line, const char *name)
{
    const char *at = line + 1;
    while (*at == '"') {
        const char *key = at + 1;
        const char *value = skip_value(at) + 1;
        const char *end = skip_value(value);
        if (strncmp(key, name, strlen(name)) == 0 && key[strlen(name)] == '"')
            return xstrndup(value, (size_t)(end - value));
        at = *end == ',' ? end + 1 : end;
    }
    return NULL;
}

static int64_t number_of(const cJSON *line, const char *name, int64_t fallback)
{
    int64_t number;
    return json_int64(line, name, &number) ? number : fallback;
}

static uint64_t word_of(const cJSON *value)
{
    return cJSON_IsString(value) ? strtoull(value->valuestring, NULL, 16) : 0;
}

static void take_fields(const cJSON *line, const struct trace_field *field, void *to)
{
    for (; field->name; field++) {
        void *at = (char *)to + field->offset;
        if (field->kind == TRACE_TEXT)
            *(const char **)at = json_text(line, field->name);
        else if (field->kind == TRACE_NUMBER)
            *(int64_t *)at = number_of(line, field->name, 0);
        else if (field->kind == TRACE_ENUM)
            *(int *)at = (int)number_of(line, field->name, 0);
        else
            *(bool *)at = json_bool(line, field->name, false);
    }
}

static void take_memory(struct engine_memory *memory, const cJSON *line)
{
    const cJSON *item;
    const cJSON *owners = json_member(line, "owners");
    const cJSON *jobs = json_member(line, "jobs");
    memory->owners = xcalloc((size_t)cJSON_GetArraySize(owners) + 1, sizeof *memory->owners);
    memory->jobs = xcalloc((size_t)cJSON_GetArraySize(jobs) + 1, sizeof *memory->jobs);
    cJSON_ArrayForEach(item, owners) memory->owners[memory->owner_count++] = word_of(item);
    cJSON_ArrayForEach(item, jobs) memory->jobs[memory->job_count++] = (struct remembered_job){
        .id = number_of(item, "id", 0), .sent_wall_ms = number_of(item, "sent_wall_ms", 0)};
    memory->sending_wall_ms = number_of(line, "sending_wall_ms", TIME_NONE);
    memory->sent = json_bool(line, "sent", false);
    memory->before_log_id = number_of(line, "before_log_id", 0);
}

static void take_head(struct recorded_run *run, cJSON *head)
{
    *run = (struct recorded_run){.head = head};
    take_fields(json_member(head, "engine"), trace_engine_fields, &run->engine);
    take_fields(json_member(head, "desired"), trace_desired_fields, &run->desired);
    run->engine.seed = word_of(json_member(head, "seed"));
    run->began_ms = number_of(head, "began_ms", 0);
    run->journal = json_bool(head, "journal", false);
    take_memory(&run->memory, json_member(head, "memory"));
    if (json_member(head, "memory"))
        run->engine.memory = &run->memory;
    store_init(&run->store, STORE_MEMORY_MAX_BYTES);
}

static void take_report(struct recorded_run *run, cJSON *line)
{
    size_t i = run->report_count++;
    run->report_lines = xreallocarray(run->report_lines, run->report_count, sizeof *run->report_lines);
    run->metas = xreallocarray(run->metas, run->report_count, sizeof *run->metas);
    run->reports = xreallocarray(run->reports, run->report_count, sizeof *run->reports);
    run->report_lines[i] = line;
    run->metas[i] = (struct report_meta){.format = (enum report_format)number_of(line, "format", 0)};
    run->metas[i].file = (char *)json_text(line, "report");
    run->reports[i] = (struct desired_report){0};
    take_fields(line, trace_report_fields, &run->reports[i]);
    for (size_t k = 0; k <= i; k++)
        run->reports[k].meta = &run->metas[k];
}

static void take_result(struct trace_reader *reader, struct recorded_run *run, const cJSON *line)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    const char *hex = json_text(line, "record");
    for (; hex && hex[0] && hex[1]; hex += 2) {
        const char *high = strchr(HEX_DIGIT, hex[0]);
        const char *low = strchr(HEX_DIGIT, hex[1]);
        if (!high || !low)
            break;
        buf_putc(&bytes, (char)((high - HEX_DIGIT) << 4 | (low - HEX_DIGIT)));
    }
    if (!hex || *hex || !record_decode(&record, buf_text(&bytes), bytes.length))
        give_up(reader, "the record of a result is broken");
    if (store_add(&run->store, (uint32_t)number_of(line, "of_report", 0), &record.result, &err) < 0)
        give_up(reader, err.text);
}

static void take_steps(struct recorded_run *run, const cJSON *line)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(line, "steps"))
    {
        if (run->step_count == run->step_capacity) {
            run->step_capacity = run->step_capacity * 2 + 64;
            run->steps = xreallocarray(run->steps, run->step_capacity, sizeof *run->steps);
        }
        json_value_int64(item, &run->steps[run->step_count++]);
    }
}

static void take_reply(struct recorded_call *call, const cJSON *line, const char *text)
{
    struct reply *reply = &call->reply;
    const char *failure = json_text(line, "failure");
    const cJSON *headers = json_member(line, "response_headers");
    _cleanup_free_ char *raw = raw_member(text, "response");
    reply_init(reply);
    call->answered = !text_equal(failure, "no answer yet");
    reply->kind = !failure ? REPLY_HTTP : text_equal(failure, "not sent") ? REPLY_NOT_SENT : REPLY_LOST;
    reply->status = (int)number_of(line, "status", 0);
    reply->json = json_bool(line, "json", false);
    reply->html = json_bool(line, "html", false);
    reply->problem = xstrdup(json_text(line, "problem"));
    reply->location = xstrdup(json_text(headers, "Location"));
    reply->retry_after = xstrdup(json_text(headers, "Retry-After"));
    reply->minute_left = number_of(headers, "x-ratelimit-remaining-minute", -1);
    reply->month_left = number_of(headers, "x-ratelimit-remaining-month", -1);
    reply->server_date_ms = number_of(headers, "Date", TIME_NONE);
    if (raw && *raw == '"')
        buf_puts(&reply->body, json_text(line, "response"));
    else if (raw && strcmp(raw, "null") != 0)
        buf_puts(&reply->body, raw);
}

static void take_call(struct recorded_run *run, const cJSON *line, const char *text)
{
    if (run->call_count == run->call_capacity) {
        run->call_capacity = run->call_capacity * 2 + 64;
        run->calls = xreallocarray(run->calls, run->call_capacity, sizeof *run->calls);
    }
    struct recorded_call *call = &run->calls[run->call_count++];
    *call = (struct recorded_call){.method = xstrdup(json_text(line, "method")),
                                   .path = xstrdup(json_text(line, "target")),
                                   .request = raw_member(text, "request"),
                                   .id = number_of(line, "call", 0),
                                   .sent_step = number_of(line, "sent_step", 0),
                                   .answered_step = number_of(line, "answered_step", 0),
                                   .answered_ms = number_of(line, "answered_ms", 0)};
    take_reply(call, line, text);
}

/* The line is the run's where it keeps it. Returns true when the run ends with it. */
static bool take_line(struct trace_reader *reader, struct recorded_run *run, cJSON *line)
{
    take_steps(run, line);
    if (json_member(line, "end")) {
        run->end = line;
        return true;
    }
    if (json_member(line, "report")) {
        take_report(run, line);
        return false;
    }
    if (json_member(line, "result"))
        take_result(reader, run, line);
    else if (json_member(line, "method"))
        take_call(run, line, reader->line);
    cJSON_Delete(line);
    return false;
}

/* NULL: the file ends. */
static cJSON *next_line(struct trace_reader *reader)
{
    ssize_t length = reader->waiting ? (ssize_t)strlen(reader->line)
                                     : getline(&reader->line, &reader->line_size, reader->file);
    if (length < 0)
        return NULL;
    reader->number += !reader->waiting;
    reader->waiting = false;
    cJSON *line = json_parse(reader->line, (size_t)length);
    if (!line)
        give_up(reader, "this is no JSON");
    return line;
}

bool trace_read_run(struct trace_reader *reader, struct recorded_run *run)
{
    cJSON *line = next_line(reader);
    if (!line)
        return false;
    if (number_of(line, "trace", 0) != FORMAT)
        give_up(reader,
                "no run of the engine begins here; a trace is what --trace has written, by this version");
    take_head(run, line);
    while ((line = next_line(reader))) {
        if (json_member(line, "trace")) { /* the run before it was cut short */
            reader->waiting = true;
            cJSON_Delete(line);
            return true;
        }
        if (take_line(reader, run, line))
            return true;
    }
    return true;
}

void trace_run_release(struct recorded_run *run)
{
    for (size_t i = 0; i < run->call_count; i++) {
        free(run->calls[i].method);
        free(run->calls[i].path);
        free(run->calls[i].request);
        reply_release(&run->calls[i].reply);
    }
    for (size_t i = 0; i < run->report_count; i++)
        cJSON_Delete(run->report_lines[i]);
    free(run->calls);
    free(run->steps);
    free(run->report_lines);
    free(run->metas);
    free(run->reports);
    free(run->memory.owners);
    free(run->memory.jobs);
    store_release(&run->store);
    cJSON_Delete(run->head);
    cJSON_Delete(run->end);
}
