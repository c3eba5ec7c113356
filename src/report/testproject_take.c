#include "report/testproject_take.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/json_kind.h"
#include "report/json_repair.h"
#include "report/json_scan.h"
#include "report/testproject_test.h"

static int64_t line_of(const struct json_span *span, size_t at)
{
    int64_t line = span->line;
    for (size_t i = 0; i < at && i < span->size; i++)
        line += span->bytes[i] == '\n';
    return line;
}

static int warn_repairs(struct testproject_reader *reader, unsigned repairs)
{
    int rc = 0;
    if (repairs & JSON_REPAIRED_UTF8)
        rc = reader_warn(reader, WARN_ENCODING,
                         "some bytes are no characters of UTF-8: they are shown as U+FFFD in texts, as \\xNN "
                         "in names; save the report as UTF-8");
    if (rc == 0 && (repairs & JSON_REPAIRED_NUL))
        rc = reader_warn(reader, WARN_ENCODING,
                         "the character \\u0000 is none: it is shown as U+FFFD in texts, as \\x00 in names");
    if (rc == 0 && (repairs & JSON_REPAIRED_SURROGATE))
        rc = reader_warn(reader, WARN_ENCODING,
                         "there is half a character (a lone surrogate): it is shown as U+FFFD in texts, as "
                         "\\xNN in names");
    return rc;
}

int take_value(struct testproject_reader *reader, struct json_span *span, cJSON **ret_value)
{
    size_t bad_at;
    unsigned repairs = json_repair(span, &reader->repaired);
    reader->has_marks = repairs & JSON_HAS_MARKS;
    *ret_value = json_parse_span(span, &bad_at);
    if (*ret_value) {
        int rc = warn_repairs(reader, repairs);
        if (rc < 0)
            cJSON_Delete(TAKE(*ret_value));
        return rc;
    }
    reader->damaged = true;
    reader->is_no_json = true;
    return reader_fail(reader, ERR_REPORT,
                       "this is no JSON at line %" PRId64 ", offset %" PRId64 "; save the "
                       "report again as the service sends it, or leave this out with --salvage",
                       line_of(span, bad_at), span->offset + (int64_t)bad_at);
}

/* What a test that waits must not leave behind, since it will be read again. */
struct traces {
    size_t warnings;
    int64_t warned[WARN_KINDS];
    int64_t unknown_counts[UNKNOWN_MAXIMUM];
    int64_t unknown_more;
    int64_t other_skips;
    int64_t time_doubts[TIMES_DOUBT_COUNT];
    bool bad_name_told;
};

static void save_traces(const struct testproject_reader *reader, struct traces *traces)
{
    traces->warnings = reader->meta->warnings.count;
    traces->unknown_more = reader->unknown_more;
    traces->other_skips = reader->other_skips;
    traces->bad_name_told = reader->bad_name_told;
    memcpy(traces->warned, reader->warned, sizeof traces->warned);
    memcpy(traces->unknown_counts, reader->unknown_counts, sizeof traces->unknown_counts);
    memcpy(traces->time_doubts, reader->times.counts, sizeof traces->time_doubts);
}

static void restore_traces(struct testproject_reader *reader, const struct traces *traces)
{
    struct text_list *warnings = &reader->meta->warnings;
    while (warnings->count > traces->warnings)
        free(warnings->items[--warnings->count]);
    reader->unknown_more = traces->unknown_more;
    reader->other_skips = traces->other_skips;
    reader->bad_name_told = traces->bad_name_told;
    memcpy(reader->warned, traces->warned, sizeof traces->warned);
    memcpy(reader->unknown_counts, traces->unknown_counts, sizeof traces->unknown_counts);
    report_times_forget(&reader->times, traces->time_doubts);
}

/* Reads one test. Returns 0, TEST_WAITS or a negative code. */
static int read_test(struct testproject_reader *reader, struct json_span *span)
{
    struct traces traces;
    cJSON *test = NULL;
    reader->line = span->line;
    int rc = take_value(reader, span, &test);
    reader->may_be_dirty = (span->flags & (JSON_HAS_ESCAPE | JSON_HAS_CONTROL)) || reader->has_marks;
    save_traces(reader, &traces);
    if (rc == 0 && !json_is_object(test)) {
        reader->damaged = true;
        rc = reader_fail(reader, ERR_REPORT,
                         "here is no test with name and result; save the report again as the service sends "
                         "it, or leave this out with --salvage");
    } else if (rc == 0) {
        rc = testproject_test(reader, test);
    }
    cJSON_Delete(test);
    if (rc == TEST_WAITS)
        restore_traces(reader, &traces);
    arena_reset(&reader->scratch);
    return rc;
}

int take_forgive(struct testproject_reader *reader, int rc)
{
    if (rc >= 0 || !reader->damaged || !reader->options->salvage)
        return rc;
    reader->damaged = false;
    reader->meta->incomplete = true;
    reader_note(reader, WARN_DAMAGED, reader->err->text);
    error_release(reader->err);
    return 0;
}

static void hold(struct testproject_reader *reader, const struct json_span *span, int64_t item)
{
    struct held_tests *held = &reader->held;
    GROW(held->items, held->count, held->capacity);
    struct held_test *test = &held->items[held->count++];
    *test = (struct held_test){.at = held->bytes.length, .span = *span, .item = item};
    test->span.bytes = NULL;
    buf_put(&held->bytes, span->bytes, span->size);
}

/* How many of the members are there that tests may wait for. */
static int root_members(const struct testproject_root *root)
{
    return (root->fields.at[ROOT_RESULT] != NULL) + (root->fields.at[ROOT_START] != NULL) +
           (root->fields.at[ROOT_END] != NULL) + (root->fields.at[ROOT_NAME] != NULL);
}

/* The room for waiting tests is full: they and all later ones are read with what is known. */
static int give_up_waiting(struct testproject_reader *reader, int64_t item)
{
    reader->held.over = true;
    reader->held.known_members = root_members(reader->root);
    reader_leave(reader, 1);
    int rc = take_held(reader);
    reader_enter_item(reader, item);
    return rc;
}

static int warn_too_late(struct testproject_reader *reader)
{
    const struct held_tests *held = &reader->held;
    if (!held->over || !reader->root->ended || root_members(reader->root) == held->known_members)
        return 0;
    return reader_warn(reader, WARN_HELD,
                       "tests were read without the job's result and times, which stand too far behind them");
}

int take_held(struct testproject_reader *reader)
{
    struct held_tests *held = &reader->held;
    bool over = held->over;
    int rc = warn_too_late(reader);
    held->over = true; /* nothing waits any more */
    for (size_t i = 0; i < held->count && rc == 0; i++) {
        struct json_span span = held->items[i].span;
        span.bytes = held->bytes.bytes + held->items[i].at;
        reader_enter_item(reader, held->items[i].item);
        rc = take_forgive(reader, read_test(reader, &span));
        reader_leave(reader, 1);
    }
    buf_release(&held->bytes);
    held->count = 0;
    held->over = over;
    return rc;
}

int take_test(struct testproject_reader *reader, struct json_span *span, int64_t item)
{
    const struct held_tests *held = &reader->held;
    int rc = 0;
    size_t list_bytes = (held->count + 1) * sizeof *held->items;
    if (held->count && held->bytes.length + span->size + list_bytes > HELD_MAXIMUM_BYTES)
        rc = give_up_waiting(reader, item);
    if (rc == 0 && !held->count)
        rc = take_forgive(reader, read_test(reader, span));
    else if (rc == 0)
        rc = TEST_WAITS;
    if (rc != TEST_WAITS)
        return rc;
    hold(reader, span, item);
    return 0;
}
