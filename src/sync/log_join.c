/* What a log and the results at hand come to, when both are of one named execution.
 *
 * A log stands for what other uploads of the execution have sent as well, so this is a join, and any order of
 * uploads ends the same. The log and a result that start in one second are one result: the later end counts (a
 * report that was saved while it ran, and again), on a tie the worse. With another start they are two attempts:
 * the worse of them counts, on a tie the later, with --repeats=last the later in any case. A time that we altered
 * (report/model.h) is no later one: it may be other when the same report is read again. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

/* Of the project's own names for its statuses only what plainly says passed, failed or neither is read. */
enum shown_status engine_shown_status(const char *name)
{
    static const struct {
        const char *name;
        enum shown_status shown;
    } undecided[] = {{"Incomplete", SHOWN_INCOMPLETE},
                     {"Skipped", SHOWN_SKIPPED},
                     {"Blocked", SHOWN_BLOCKED},
                     {"Unexecuted", SHOWN_UNEXECUTED}};
    if (!name)
        return SHOWN_UNKNOWN;
    if (text_starts_nocase(name, "pass"))
        return SHOWN_PASSED;
    if (text_starts_nocase(name, "fail"))
        return SHOWN_FAILED;
    for (size_t i = 0; i < ARRAY_SIZE(undecided); i++)
        if (text_equal_nocase(name, undecided[i].name))
            return undecided[i].shown;
    return SHOWN_UNKNOWN;
}

/* As far as it can be told without knowing the project's mapping. */
bool engine_shows_verdict(uint8_t status, enum shown_status shown)
{
    if (status == RESULT_SKIPPED)
        return shown != SHOWN_PASSED && shown != SHOWN_FAILED;
    return shown == (status == RESULT_PASSED ? SHOWN_PASSED : SHOWN_FAILED);
}

const char *engine_shown_word(enum shown_status shown)
{
    static const char *const words[] = {
        [SHOWN_PASSED] = "Passed",   [SHOWN_FAILED] = "Failed",         [SHOWN_INCOMPLETE] = "Incomplete",
        [SHOWN_SKIPPED] = "Skipped", [SHOWN_BLOCKED] = "Blocked",       [SHOWN_UNEXECUTED] = "Unexecuted",
        [SHOWN_UNKNOWN] = "Unknown",
    };
    return words[shown];
}

static int badness_shown(enum shown_status shown)
{
    return shown == SHOWN_PASSED ? 0 : shown == SHOWN_FAILED ? 2 : 1;
}

static bool is_worse(uint8_t status, enum shown_status shown)
{
    int badness = status == RESULT_PASSED ? 0 : status == RESULT_SKIPPED ? 1 : 2;
    return badness > badness_shown(shown);
}

/* Servers may drop the milliseconds: then whole seconds are compared. */
static int compare_to_shown(const struct seen_log *log, int64_t instant_ms, int64_t shown_ms)
{
    if (log->start_ms % 1000 == 0 && log->end_ms % 1000 == 0)
        instant_ms = engine_second_of(instant_ms) * 1000;
    return (instant_ms > shown_ms) - (instant_ms < shown_ms);
}

/* Whether the times of this result are those of its report; ret_end_ms: when it ends, as it goes to qTest. */
static bool is_exact(struct engine *e, uint32_t number, int64_t *ret_end_ms)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    int64_t start_ms;
    *ret_end_ms = TIME_NONE;
    if (store_read(e->desired->store, number, &record, &err) < 0) {
        engine_fail(e, &err);
        return false;
    }
    desired_instants(e->desired, &record.result, &start_ms, ret_end_ms);
    return !record.result.times_altered;
}

/* Of the results that this one leads, the one that ends last of those that start when the log does;
 * INTERN_NONE: none does. */
static uint32_t saved_again(struct engine *e, uint32_t leader, const struct seen_log *log, int64_t *ret_end_ms)
{
    size_t count;
    uint32_t found = INTERN_NONE;
    const uint32_t *numbers =
        desired_entries_of_case(e->desired, store_entry(e->desired->store, leader)->case_number, &count);
    *ret_end_ms = TIME_NONE;
    for (size_t i = 0; log->start_ms != TIME_NONE && i < count; i++) {
        const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (entry->leader != leader || entry->start_ms == TIME_NONE ||
            compare_to_shown(log, entry->start_ms, log->start_ms) != 0)
            continue;
        int64_t end_ms;
        if (!is_exact(e, numbers[i], &end_ms))
            end_ms = log->end_ms;
        if (found == INTERN_NONE || end_ms > *ret_end_ms) {
            found = numbers[i];
            *ret_end_ms = end_ms;
        }
    }
    return found;
}

/* Whether this result is a later attempt than the one that the log shows (1), or an earlier one (-1); 0: neither, or
 * nobody knows. */
static int compare_attempts(const struct engine *e, uint32_t number, const struct seen_log *log)
{
    int64_t start_ms = store_entry(e->desired->store, number)->start_ms;
    if (start_ms == TIME_NONE || log->start_ms == TIME_NONE)
        return 0;
    return compare_to_shown(log, start_ms, log->start_ms);
}

/* The note names this very result: a start that differs now is the same one, read in another zone. */
static bool names_result(const struct engine *e, uint32_t number, const struct seen_log *log)
{
    for (size_t i = 0; log->marks && i < log->marks->count; i++) {
        uint64_t mark = hash128_low(&log->marks->items[i]);
        if (desired_has_mark(e->desired, number, mark) && !desired_is_execution_mark(e->desired, number, mark))
            return true;
    }
    return false;
}

/* What counts has to stand in the log with its instants: what comes later is compared with them. */
struct log_join engine_join_log(struct engine *e, uint32_t number, const struct seen_log *log)
{
    uint8_t status = store_entry(e->desired->store, number)->status;
    bool last = e->desired->options.repeats == REPEATS_SEND_LAST;
    bool shows = engine_shows_verdict(status, log->shown);
    int64_t end_ms;
    int64_t own_end_ms;
    uint32_t same = saved_again(e, number, log, &end_ms);
    int end = same == INTERN_NONE || log->end_ms == TIME_NONE ? 0 : compare_to_shown(log, end_ms, log->end_ms);
    int start = compare_attempts(e, number, log);
    struct log_join join = {.attempts = start != 0 && same == INTERN_NONE};
    join.differs = join.attempts && !shows;
    if (start > 0 && !is_exact(e, number, &own_end_ms))
        start = -1; /* no later one */
    if (shows && start > 0 && names_result(e, number, log))
        start = 0;
    bool outdated = end < 0 && same == number; /* ours: the log shows what was saved later */
    join.later = end > 0 || (start > 0 && (last || shows));
    join.counts = join.later || (!shows && !outdated && (start == 0 || !last) && is_worse(status, log->shown));
    return join;
}
