/* The whole model that a reader hands on, as text: what the tests compare. */
#ifndef TEST_REPORT_DUMP_H
#define TEST_REPORT_DUMP_H

#include <fcntl.h>
#include <signal.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/input.h"
#include "report/reader.h"

struct report_dump {
    struct buf text;
    bool with_lines;
};

static inline void dump_text(struct buf *out, const char *name, const char *value)
{
    if (value)
        buf_printf(out, " %s='%s'", name, value);
}

static inline void dump_instant(struct buf *out, const char *name, int64_t instant)
{
    char text[TIME_TEXT_SIZE];
    if (instant == TIME_NONE)
        return;
    time_format_iso(instant, text);
    dump_text(out, name, text);
}

static inline void dump_pairs(struct buf *out, const char *name, const struct name_value *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out, " %s(%s=%s)", name, pairs[i].name, pairs[i].value);
}

static inline void dump_attachments(struct buf *out, const struct attachment *attachments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, " attachment(%s", attachments[i].name);
        dump_text(out, "type", attachments[i].content_type);
        dump_text(out, "path", attachments[i].path);
        dump_text(out, "base64", attachments[i].base64);
        buf_puts(out, ")");
    }
}

static inline void dump_step(struct buf *out, const struct test_step *step)
{
    buf_printf(out, "  step %" PRId64 " %s '%s'", step->number, result_status_name(step->status),
               step->description);
    dump_text(out, "path", step->nested_path);
    dump_text(out, "design", step->design_description);
    dump_text(out, "element", step->element);
    dump_text(out, "comment", step->comment);
    dump_text(out, "expected", step->expected);
    dump_text(out, "message", step->message);
    dump_text(out, "behavior", step->failure_behavior);
    dump_text(out, "screenshot", step->screenshot_setting);
    if (step->timeout_ms >= 0)
        buf_printf(out, " timeout=%" PRId64, step->timeout_ms);
    buf_puts(out, step->inverted ? " inverted" : "");
    buf_puts(out, step->healed ? " healed" : "");
    dump_pairs(out, "in", step->inputs, step->input_count);
    dump_pairs(out, "out", step->outputs, step->output_count);
    dump_attachments(out, step->attachments, step->attachment_count);
    buf_puts(out, "\n");
}

static inline void dump_result(struct report_dump *dump, const struct test_result *result)
{
    struct buf *out = &dump->text;
    buf_printf(out, "%s '%s'", result_status_name(result->status), result->name);
    dump_text(out, "on", result->target);
    dump_text(out, "id", result->test_id);
    for (size_t i = 0; i < result->folder_count; i++)
        dump_text(out, "folder", result->folders[i]);
    buf_puts(out, result->flaky ? " flaky" : "");
    buf_puts(out, result->final_stated ? " final" : "");
    if (result->rerun_count)
        buf_printf(out, " reruns=%" PRId64, result->rerun_count);
    if (result->iteration)
        buf_printf(out, " iteration=%" PRId64, result->iteration);
    dump_text(out, "row", result->iteration_label);
    dump_instant(out, "start", result->start_ms);
    dump_instant(out, "end", result->end_ms);
    if (result->duration_ms != TIME_NONE)
        buf_printf(out, " ms=%" PRId64, result->duration_ms);
    dump_text(out, "message", result->message);
    dump_text(out, "details", result->details);
    dump_text(out, "failed", result->failed_steps);
    dump_text(out, "description", result->description);
    dump_text(out, "application", result->application);
    dump_attachments(out, result->attachments, result->attachment_count);
    if (dump->with_lines)
        buf_printf(out, " line=%" PRId64, result->line);
    buf_puts(out, "\n");
    for (size_t i = 0; i < result->step_count; i++)
        dump_step(out, &result->steps[i]);
}

static inline int dump_sink(void *self, const struct test_result *result, struct error *err)
{
    (void)err;
    dump_result(self, result);
    return 0;
}

static inline void dump_list(struct buf *out, const char *name, const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        buf_printf(out, "%s: %s\n", name, list->items[i]);
}

static inline void dump_meta(struct report_dump *dump, const struct report_meta *meta)
{
    struct buf *out = &dump->text;
    buf_puts(out, "report:");
    dump_text(out, "job", meta->job_name);
    dump_text(out, "job-id", meta->job_id);
    dump_text(out, "project", meta->project_name);
    dump_text(out, "execution", meta->execution_id);
    dump_text(out, "url", meta->report_url);
    dump_text(out, "agent", meta->agent);
    dump_text(out, "trigger", meta->trigger);
    dump_text(out, "platform", meta->platform);
    dump_instant(out, "start", meta->start_ms);
    dump_instant(out, "end", meta->end_ms);
    buf_puts(out, meta->has_time_stamps ? " timed" : "");
    buf_puts(out, meta->incomplete ? " incomplete" : "");
    const struct report_counts *counts = &meta->counts;
    buf_printf(out, " %" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64 "\n", counts->results,
               counts->passed, counts->failed, counts->error, counts->skipped);
    dump_list(out, "tag", &meta->tags);
    dump_list(out, "target", &meta->targets);
    dump_list(out, "warning", &meta->warnings);
    dump_list(out, "unknown", &meta->unknown);
}

/* Bytes for a pipe, written by a thread in pieces. */
struct dump_source {
    int fd;
    const char *bytes;
    size_t size;
    size_t piece;
};

static inline void *dump_feed(void *self)
{
    struct dump_source *source = self;
    for (size_t at = 0; at < source->size;) {
        size_t rest = source->size - at;
        ssize_t put = write(source->fd, source->bytes + at, rest < source->piece ? rest : source->piece);
        if (put <= 0)
            break;
        at += (size_t)put;
    }
    close(source->fd);
    return NULL;
}

typedef int report_reader(struct report_input *in, const struct read_options *options,
                          const struct report_sink *sink, struct report_meta *meta, struct error *err);

/* Reads the bytes through a pipe in pieces, or from a memory file when piece is 0. Returns the reader's
 * code; the text is the model, and with an error the line "error: ...". The caller frees. */
static inline char *dump_report(report_reader *reader, const char *bytes, size_t size, size_t piece,
                                const struct read_options *options, int *ret_code)
{
    struct report_dump dump = {.text = BUF_UNBOUNDED};
    struct report_sink sink = {.self = &dump, .result = dump_sink};
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    struct report_input in;
    struct dump_source source = {.bytes = bytes, .size = size, .piece = piece};
    pthread_t thread;
    int ends[2] = {-1, -1};
    if (piece) {
        signal(SIGPIPE, SIG_IGN);
        if (pipe2(ends, O_DIRECT | O_CLOEXEC) != 0) /* every write is a read of its own */
            abort();
        source.fd = ends[1];
        pthread_create(&thread, NULL, dump_feed, &source);
    } else {
        ends[0] = memfd_create("report", MFD_CLOEXEC);
        source.fd = dup(ends[0]);
        source.piece = size;
        dump_feed(&source);
        lseek(ends[0], 0, SEEK_SET);
    }
    report_input_from_fd(&in, ends[0], "report.json");
    int rc = reader(&in, options, &sink, &meta, &err);
    report_input_close(&in);
    close(ends[0]);
    if (piece)
        pthread_join(thread, NULL);
    dump_meta(&dump, &meta);
    if (rc < 0)
        buf_printf(&dump.text, "error: %s\n", err.text);
    if (ret_code)
        *ret_code = rc;
    error_release(&err);
    report_meta_release(&meta);
    return buf_take(&dump.text);
}

#endif
