#include "report/reader.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/foreign.h"
#include "report/input.h"
#include "report/packed.h"
#include "report/repeats.h"
#include "report/scrub_decode.h"

#define SHOWN_BYTES 24

/* The beginning of the report as UTF-8, without blanks: enough to tell what it is. */
static void look(const char *bytes, size_t size, struct buf *ret)
{
    struct scrub_decoder d;
    scrub_decoder_init(&d, bytes, size);
    if (d.refusal)
        buf_put(ret, bytes, size);
    else
        scrub_decode(&d, ret, bytes + d.mark_bytes, size > d.mark_bytes ? size - d.mark_bytes : 0);
    scrub_decoder_release(&d);
    size_t blanks = 0;
    while (blanks < ret->length && ascii_space(ret->bytes[blanks]))
        blanks++;
    buf_consume(ret, blanks);
}

static int refuse(const struct report_input *in, const struct buf *beginning, struct report_meta *meta,
                  struct error *err)
{
    const char *label = report_input_label(in);
    const char *text = buf_text(beginning);
    if (beginning->length && !*text)
        return error_set(
            err, ERR_REPORT,
            "'%s' is damaged: it begins with zero bytes, as after a crash or on a full disk; let it "
            "be written again",
            label);
    if (!*text)
        return error_set(err, ERR_EMPTY,
                         "'%s' is empty: nothing was written, see whether the tests ran at all", label);
    if (strstr(text, "<testsuite"))
        return error_set(
            err, ERR_REPORT,
            "'%s' begins with text that is no report (console output in the same file?): separate "
            "them, or take the report alone with --salvage",
            label);
    const struct foreign *foreign = foreign_of_text(text);
    if (foreign)
        return foreign_refuse(meta, label, foreign->what, foreign->how, err);
    _cleanup_free_ char *first = xstrndup(text, utf8_cut(text, strlen(text), SHOWN_BYTES));
    _cleanup_free_ char *what = xasprintf("neither XML nor JSON, it begins with '%s'", first);
    return foreign_refuse(meta, label, what, NULL, err);
}

/* "[" begins console output as well ("[doctest] …"): a JSON array goes on with a value or ends. */
static bool is_json(const char *text)
{
    if (*text == '{')
        return true;
    if (*text != '[')
        return false;
    const char *next = text + 1 + strspn(text + 1, " \t\r\n");
    return !*next || strchr("{[]\"-0123456789", *next) || text_starts(next, "true") ||
           text_starts(next, "false") || text_starts(next, "null");
}

static enum report_format format_of(const char *text, size_t peeked_bytes, bool salvage)
{
    if (!*text && peeked_bytes == REPORT_PEEK_BYTES)
        return FORMAT_JUNIT; /* nothing but blanks so far, which XML allows */
    if (text_is_html(text))
        return FORMAT_UNKNOWN;
    if (is_json(text))
        return FORMAT_TESTPROJECT_JSON;
    bool xml = *text == '<' || (salvage && strchr(text, '<'));
    return xml ? FORMAT_JUNIT : FORMAT_UNKNOWN;
}

static int check(const struct report_input *in, const struct read_options *options,
                 const struct report_meta *meta, struct error *err)
{
    const char *label = report_input_label(in);
    if (options->strict && meta->warnings.count)
        return error_set(err, ERR_REPORT, "'%s': %s (an error because of --strict)", label,
                         meta->warnings.items[0]);
    if (meta->counts.results + meta->counts.suite_errors == 0)
        return error_set(err, ERR_EMPTY, "'%s' holds no test", label);
    return 0;
}

int report_read(struct report_input *in, const struct read_options *options, const struct report_sink *sink,
                struct report_meta *meta, struct error *err)
{
    _cleanup_(buf_release) struct buf beginning = BUF_UNBOUNDED;
    size_t size;
    const char *bytes = report_input_peek(in, &size, err);
    if (!bytes)
        return -ERR_IO;
    meta->file = xstrdup(in->name);
    meta->start_ms = meta->end_ms = TIME_NONE;
    if (report_refuse_packed(in, bytes, size, err) < 0)
        return -ERR_REPORT;
    look(bytes, size, &beginning);
    meta->format = format_of(buf_text(&beginning), size, options->salvage);
    if (meta->format == FORMAT_UNKNOWN)
        return refuse(in, &beginning, meta, err);
    int failed = meta->format == FORMAT_JUNIT ? junit_read(in, options, sink, meta, err)
                                              : testproject_read(in, options, sink, meta, err);
    meta->file_hash = report_input_hash(in);
    repeats_seen_release(&meta->repeats); /* of 10,000 files only one at a time */
    return failed ? failed : check(in, options, meta, err);
}
