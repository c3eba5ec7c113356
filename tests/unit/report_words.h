/* Reads a report and tells of each result its status and the report's own word, then the warnings: one line
 * that a test compares. Not a test itself. */
#ifndef TESTS_REPORT_WORDS_H
#define TESTS_REPORT_WORDS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/input.h"
#include "report/reader.h"

struct words_read {
    int rc;
    const char *error; /* "" when there is none */
    const char *told;  /* "failed, skipped (untested) | warning | warning" */
    struct buf text;
    struct error err;
    struct report_meta meta;
    bool with_texts; /* message and details too */
    size_t attachments;
    struct buf base64; /* of all attachments, a blank behind each */
};

static inline int words_take(void *self, const struct test_result *r, struct error *err)
{
    struct words_read *read = self;
    (void)err;
    buf_printf(&read->text, "%s%s", read->text.length ? ", " : "",
               r->suite_error ? "suite-error" : result_status_name(r->status));
    if (r->flaky)
        buf_puts(&read->text, " flaky");
    if (r->status_word)
        buf_printf(&read->text, " (%s)", r->status_word);
    if (read->with_texts && r->message)
        buf_printf(&read->text, " \"%s\"", r->message);
    if (read->with_texts && r->details)
        buf_printf(&read->text, " \"%s\"", r->details);
    read->attachments += r->attachment_count;
    for (size_t i = 0; i < r->attachment_count; i++)
        buf_printf(&read->base64, "%s ", r->attachments[i].base64 ? r->attachments[i].base64 : "?");
    return 0;
}

static inline void words_begin(struct words_read *read)
{
    *read = (struct words_read){.text = BUF_UNBOUNDED, .base64 = BUF_UNBOUNDED};
}

/* After words_begin(), where texts are wanted too. */
static inline void words_read_on(struct words_read *read, const char *report,
                                 const struct read_options *options)
{
    const struct read_options none = {0};
    const struct report_sink sink = {.self = read, .result = words_take};
    struct report_input in;
    FILE *file = tmpfile();
    if (!file || fputs(report, file) < 0 || fflush(file) != 0)
        abort();
    lseek(fileno(file), 0, SEEK_SET);
    report_input_from_fd(&in, fileno(file), "report");
    read->rc = report_read(&in, options ? options : &none, &sink, &read->meta, &read->err);
    report_input_close(&in);
    fclose(file);
    for (size_t i = 0; i < read->meta.warnings.count; i++)
        buf_printf(&read->text, " | %s", read->meta.warnings.items[i]);
    read->told = buf_text(&read->text);
    read->error = read->err.text ? read->err.text : "";
}

static inline void words_read(struct words_read *read, const char *report, const struct read_options *options)
{
    words_begin(read);
    words_read_on(read, report, options);
}

static inline void words_release(struct words_read *read)
{
    error_release(&read->err);
    report_meta_release(&read->meta);
    buf_release(&read->text);
    buf_release(&read->base64);
}

#endif
