/* Reads a report and keeps everything as text, one line a result, so that tests compare models by
 * comparing texts. Not a test itself. */
#ifndef TESTS_REPORT_COLLECT_H
#define TESTS_REPORT_COLLECT_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "report/input.h"
#include "report/model.h"
#include "report/reader.h"

struct collected {
    int rc;
    struct error err;
    struct report_meta meta;
    struct buf lines; /* a line for each result */
    int64_t flaky;
    int64_t rerun; /* results with re-runs, not their number */
    int64_t time_sum_ms;
    bool any_time;
};

static inline void collect_text(struct buf *out, const char *key, const char *text)
{
    if (!text)
        return;
    buf_printf(out, " %s=\"", key);
    for (; *text; text++) {
        if (*text == '\n')
            buf_puts(out, "\\n");
        else if (*text == '\t')
            buf_puts(out, "\\t");
        else if (*text == '"' || *text == '\\')
            buf_printf(out, "\\%c", *text);
        else
            buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static inline void collect_number(struct buf *out, const char *key, int64_t value, int64_t none)
{
    if (value != none)
        buf_printf(out, " %s=%" PRId64, key, value);
}

static inline void collect_instant(struct buf *out, const char *key, int64_t ms)
{
    char iso[TIME_TEXT_SIZE];
    if (ms == TIME_NONE)
        return;
    time_format_iso(ms, iso);
    collect_text(out, key, iso);
}

static inline void collect_lists(struct buf *out, const struct test_result *r)
{
    for (size_t i = 0; i < r->step_count; i++) {
        buf_printf(out, " step%" PRId64 "=%s", r->steps[i].number, result_status_name(r->steps[i].status));
        collect_text(out, "text", r->steps[i].description);
    }
    for (size_t i = 0; i < r->attachment_count; i++) {
        collect_text(out, "file", r->attachments[i].name);
        collect_text(out, "type", r->attachments[i].content_type);
        collect_text(out, "path", r->attachments[i].path);
        collect_text(out, "base64", r->attachments[i].base64);
    }
    for (size_t i = 0; i < r->requirement_count; i++)
        collect_text(out, "requirement", r->requirements[i]);
}

static inline int collect_result(void *self, const struct test_result *r, struct error *err)
{
    struct collected *c = self;
    struct buf *out = &c->lines;
    (void)err;
    buf_puts(out, r->suite_error ? "suite-error" : result_status_name(r->status));
    collect_text(out, "class", r->class_name);
    collect_text(out, "suite", r->suite_name);
    collect_text(out, "name", r->name);
    collect_text(out, "target", r->target);
    if (r->flaky)
        buf_puts(out, " flaky");
    collect_number(out, "reruns", r->rerun_count, 0);
    collect_number(out, "ms", r->duration_ms, TIME_NONE);
    collect_instant(out, "start", r->start_ms);
    collect_instant(out, "end", r->end_ms);
    collect_text(out, "message", r->message);
    collect_text(out, "details", r->details);
    collect_lists(out, r);
    buf_putc(out, '\n');
    c->flaky += r->flaky;
    c->rerun += r->rerun_count > 0;
    c->any_time |= r->duration_ms != TIME_NONE;
    c->time_sum_ms += r->duration_ms != TIME_NONE ? r->duration_ms : 0;
    return 0;
}

static inline void collect_release(struct collected *c)
{
    error_release(&c->err);
    report_meta_release(&c->meta);
    buf_release(&c->lines);
}

/* The input is closed at the end. */
static inline void collect_input(struct collected *ret, struct report_input *in,
                                 const struct read_options *options)
{
    struct report_sink sink = {.self = ret, .result = collect_result};
    ret->rc = report_read(in, options, &sink, &ret->meta, &ret->err);
    report_input_close(in);
}

static inline void collect_file(struct collected *ret, const char *path, const struct read_options *options)
{
    struct report_input in;
    *ret = (struct collected){.lines = BUF_UNBOUNDED};
    ret->rc = report_input_open(&in, path, &ret->err);
    if (!ret->rc)
        collect_input(ret, &in, options);
}

static inline void collect_bytes(struct collected *ret, const void *bytes, size_t size,
                                 const struct read_options *options)
{
    struct report_input in;
    *ret = (struct collected){.lines = BUF_UNBOUNDED};
    int fd = memfd_create("report", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    report_input_from_fd(&in, fd, "report.xml");
    collect_input(ret, &in, options);
    close(fd);
}

#endif
