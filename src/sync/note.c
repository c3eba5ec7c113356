#include "sync/note.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"
#include "report/status_words.h"
#include "sync/identity.h"
#include "sync/note_repeats.h"

static void put_line(struct buf *out, const char *label, const char *text)
{
    _cleanup_free_ char *clean = text_printable(text);
    buf_printf(out, "%s%s\n", label, clean);
}

/* Two lines, whatever is known, so that the marker stands in the third. */
static void put_head(struct buf *out, const struct test_result *result, const struct note_facts *facts)
{
    if (facts->report_url)
        put_line(out, "TestProject report: ", facts->report_url);
    else if (facts->build_url)
        put_line(out, "Build: ", facts->build_url);
    else
        put_line(out, "Job: ", facts->cycle);
    put_line(out, text_empty(result->target) ? "Executed" : "Executed on ", result->target);
}

static void put_marker_line(struct buf *out, const struct note_facts *facts)
{
    char hex[33];
    buf_puts(out, LOG_MARKER_WORD);
    for (size_t i = 0; i < facts->marks->count; i++) {
        hash128_hex(&facts->marks->items[i], hex);
        buf_printf(out, " %s", hex);
    }
    buf_puts(out, "\n");
}

static void put_block(struct buf *out, const char *text)
{
    if (text_empty(text))
        return;
    _cleanup_free_ char *clean = text_printable_lines(text, strlen(text));
    buf_printf(out, "\n%s\n", clean);
}

static void put_details(struct buf *out, const struct test_result *result)
{
    if (text_empty(result->details) || text_equal(result->details, result->message))
        return;
    put_block(out, result->details);
}

static void put_facts(struct buf *out, const struct test_result *result)
{
    if (result->iteration > 0) {
        _cleanup_free_ char *label = text_printable(result->iteration_label);
        buf_printf(out, "\nData row %" PRId64 "%s%s\n", result->iteration, *label ? ": " : "", label);
    }
    if (result->flaky)
        buf_puts(out, "\nPassed in the end, after failed attempts (flaky)\n");
    if (result->rerun_count > 0)
        buf_printf(out, "\nRepeated %" PRId64 " times\n", result->rerun_count);
}

/* Before the details, which may be long: a note that is cut keeps the failures. */
static void put_repeats(struct buf *out, const struct note_repeats *repeats)
{
    if (!repeats || repeats->lines.count == 0)
        return;
    buf_printf(out, "\nStands for %" PRIu32 " results of this test:\n", repeats->count);
    for (size_t i = 0; i < repeats->lines.count; i++)
        buf_printf(out, "%s\n", repeats->lines.items[i]);
    if (repeats->count > repeats->lines.count)
        buf_printf(out, "and %zu more\n", repeats->count - repeats->lines.count);
}

/* As qTest calls it, and what the report called it. */
static void put_own_word(struct buf *out, const struct test_result *result)
{
    static const char *const verdicts[RESULT_STATUS_COUNT] = {[RESULT_PASSED] = "Passed",
                                                              [RESULT_FAILED] = "Failed",
                                                              [RESULT_ERROR] = "Failed",
                                                              [RESULT_SKIPPED] = "Skipped"};
    if (text_empty(result->status_word))
        return;
    _cleanup_free_ char *word = text_excerpt(result->status_word, STATUS_WORD_MAX_BYTES);
    buf_printf(out, "\n%s (%s)\n", verdicts[result->status], word);
}

static void put_failed_steps(struct buf *out, const struct test_result *result)
{
    bool first = true;
    for (size_t i = 0; i < result->step_count; i++) {
        const struct test_step *step = &result->steps[i];
        if (step->status != RESULT_FAILED && step->status != RESULT_ERROR)
            continue;
        _cleanup_free_ char *what = text_printable(step->description);
        _cleanup_free_ char *message = text_printable(step->message);
        buf_printf(out, "%sStep %zu failed: %s%s%s\n", first ? "\n" : "", i + 1, what, *message ? ": " : "",
                   message);
        first = false;
    }
}

/* Room for the sentence that says so. */
static void cut(struct buf *out)
{
    static const char said[] = "\n... (cut, the report has all of it)";
    if (out->length <= NOTE_MAX_BYTES)
        return;
    buf_truncate(out, utf8_cut(out->bytes, out->length, NOTE_MAX_BYTES - sizeof said));
    buf_puts(out, said);
}

void note_write(struct buf *out, const struct test_result *result, const struct note_facts *facts)
{
    struct buf note = BUF_UNBOUNDED;
    put_head(&note, result, facts);
    put_marker_line(&note, facts);
    put_facts(&note, result);
    put_own_word(&note, result);
    put_block(&note, result->message);
    put_block(&note, result->failed_steps);
    if (facts->steps_left_out)
        put_failed_steps(&note, result);
    put_repeats(&note, facts->repeats);
    put_details(&note, result);
    text_cut_url_users(note.bytes);
    buf_truncate(&note, strlen(note.bytes));
    cut(&note);
    while (note.length && note.bytes[note.length - 1] == '\n')
        buf_truncate(&note, note.length - 1);
    buf_put(out, note.bytes, note.length);
    buf_release(&note);
}

static const char *third_line(const char *note)
{
    for (int line = 0; note && line < 2; line++) {
        note = strchr(note, '\n');
        note = note ? note + 1 : NULL;
    }
    return note;
}

static bool hex_value(char c, unsigned *ret)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;
    *ret = found ? (unsigned)(found - digits) : 0;
    return found != NULL;
}

/* At this place, with nothing but a blank or the line's end behind it. */
static bool take_mark(const char **at, struct hash128 *ret)
{
    const char *hex = *at;
    *ret = (struct hash128){0};
    for (unsigned i = 0; i < LOG_MARKER_HEX; i++) {
        unsigned value;
        if (!hex_value(hex[i], &value))
            return false;
        ret->bytes[i / 2] = (uint8_t)((unsigned)ret->bytes[i / 2] << 4 | value);
    }
    *at = hex + LOG_MARKER_HEX;
    return **at == '\0' || **at == '\n' || **at == '\r' || **at == ' ';
}

void note_read_marks(const char *note, struct log_marks *ret)
{
    const char *at = third_line(note);
    static const char word[] = LOG_MARKER_WORD " ";
    *ret = (struct log_marks){0};
    if (!at || strncmp(at, word, sizeof word - 1) != 0)
        return;
    for (at += sizeof word - 1;; at++) {
        if (ret->count == NOTE_MARKS_MAX || !take_mark(&at, &ret->items[ret->count])) {
            ret->count = 0;
            return;
        }
        ret->count++;
        if (*at != ' ')
            return;
    }
}

size_t note_marks(const char *note, uint64_t ret_marks[NOTE_MARKS_MAX])
{
    struct log_marks marks;
    note_read_marks(note, &marks);
    for (size_t i = 0; i < marks.count; i++)
        ret_marks[i] = hash128_low(&marks.items[i]);
    return marks.count;
}

bool note_marker(const char *note, uint64_t *ret_marker)
{
    struct log_marks marks;
    note_read_marks(note, &marks);
    *ret_marker = marks.count ? hash128_low(&marks.items[0]) : 0;
    return marks.count > 0;
}

void note_keep_marks(struct log_marks *marks, const struct hash128 *before, size_t count)
{
    for (size_t i = 0; i < count && marks->count < NOTE_MARKS_NAMED; i++) {
        size_t at = 0;
        while (at < marks->count && hash128_low(&marks->items[at]) != hash128_low(&before[i]))
            at++;
        if (at == marks->count)
            marks->items[marks->count++] = before[i];
    }
}
