#include "sync/note_repeats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

static void put_part(struct buf *out, const char *label, const char *text)
{
    if (text_empty(text))
        return;
    _cleanup_free_ char *clean = text_printable(text);
    buf_printf(out, "%s%s", label, clean);
}

static char *first_line(const char *text)
{
    _cleanup_free_ char *line = text ? xstrndup(text, strcspn(text, "\r\n")) : NULL;
    return line ? text_excerpt(line, NOTE_REPEAT_MAX_BYTES) : NULL;
}

static char *line_of(const struct test_result *result, const char *file)
{
    static const char *const words[] = {"Passed", "Failed", "Error", "Skipped"};
    struct buf line = BUF_UNBOUNDED;
    char start[TIME_TEXT_SIZE];
    _cleanup_free_ char *message = first_line(result->message);
    buf_puts(&line, words[result->status]);
    if (result->start_ms != TIME_NONE) {
        time_format_iso(result->start_ms, start);
        buf_printf(&line, " %s", start);
    }
    put_part(&line, ", ", result->target);
    if (result->iteration > 0) {
        buf_printf(&line, ", data row %" PRId64, result->iteration);
        put_part(&line, ": ", result->iteration_label);
    }
    put_part(&line, ", ", file);
    put_part(&line, ": ", message);
    return buf_take(&line);
}

static bool is_failure(const struct store_entry *entry)
{
    return entry->status == RESULT_FAILED || entry->status == RESULT_ERROR;
}

static int add_lines(struct note_repeats *ret, const struct desired *d, uint32_t leader, bool failures,
                     struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    size_t count;
    int r = 0;
    const uint32_t *numbers = desired_entries_of_case(d, store_entry(d->store, leader)->case_number, &count);
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct store_entry *entry = store_entry(d->store, numbers[i]);
        if (entry->leader != leader || is_failure(entry) != failures)
            continue;
        ret->count++;
        if (ret->lines.count == NOTE_REPEATS_MAX)
            continue;
        r = store_read(d->store, numbers[i], &record, err);
        if (r < 0)
            break;
        _cleanup_free_ char *line = line_of(&record.result, d->reports[entry->report].meta->file);
        text_list_add(&ret->lines, line);
    }
    return r;
}

static bool shares_its_log(const struct desired *d, uint32_t leader)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(d, store_entry(d->store, leader)->case_number, &count);
    for (size_t i = 0; d->merged && i < count; i++)
        if (numbers[i] != leader && desired_leader(d, numbers[i]) == leader)
            return true;
    return false;
}

/* Its other results are not at hand: what was written of them before is not read back. */
static void add_attempt(struct note_repeats *ret, const struct note_attempt *attempt)
{
    char start[TIME_TEXT_SIZE];
    time_format_iso(attempt->start_ms, start);
    _cleanup_free_ char *line = xasprintf("%s %s, an attempt before", attempt->word, start);
    text_list_add(&ret->lines, line);
    ret->count++;
}

int note_repeats_read(struct note_repeats *ret, const struct desired *d, uint32_t leader,
                      const struct note_attempt *attempt, struct error *err)
{
    if (!attempt && !shares_its_log(d, leader))
        return 0;
    int r = add_lines(ret, d, leader, true, err);
    if (attempt && attempt->failed)
        add_attempt(ret, attempt);
    if (r == 0)
        r = add_lines(ret, d, leader, false, err);
    if (attempt && !attempt->failed)
        add_attempt(ret, attempt);
    return r;
}

void note_repeats_release(struct note_repeats *repeats)
{
    text_list_release(&repeats->lines);
}
