/* Logs that a server gave without notes: known by their run and build number, and where it gives none of
 * these either, by their run and instant. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

static int by_run_and_start(const void *a, const void *b)
{
    const struct seen_log *x = a;
    const struct seen_log *y = b;
    if (x->run_id != y->run_id)
        return x->run_id > y->run_id ? 1 : -1;
    return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

/* The first log of the run, NULL when there is none. */
static struct seen_log *find_bare_logs(const struct engine *e, const struct seen_log *key)
{
    size_t low = 0;
    size_t high = e->bare_log_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_run_and_start(&e->bare_logs[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < e->bare_log_count ? &e->bare_logs[low] : NULL;
}

bool engine_has_bare_log(const struct engine *e, int64_t run_id)
{
    struct seen_log key = {.run_id = run_id, .start_s = INT64_MIN};
    const struct seen_log *log = e->bare_log_count ? find_bare_logs(e, &key) : NULL;
    return log && log->run_id == run_id;
}

void engine_sort_bare_logs(struct engine *e)
{
    if (e->bare_log_count)
        qsort(e->bare_logs, e->bare_log_count, sizeof *e->bare_logs, by_run_and_start);
}

/* Its build number names the execution of this result; where it has none, it begins when one of the results
 * does that share the log. */
bool engine_is_log_of(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    const struct desired *d = e->desired;
    const struct store_entry *entry = store_entry(d->store, number);
    if (desired_by_result(d, entry))
        return log->start_s == engine_sent_second_of(e, entry) &&
               engine_shows_verdict(entry->status, log->shown);
    if (log->anothers)
        return false;
    if (log->execution != INTERN_NONE)
        return text_equal(d->reports[log->execution].execution_id, d->reports[entry->report].execution_id) &&
               engine_is_of_this_time(e, number, log->start_ms);
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(d, entry->case_number, &count);
    for (size_t i = 0; i < count; i++)
        if (desired_leader(d, numbers[i]) == number &&
            log->start_s == engine_sent_second_of(e, store_entry(d->store, numbers[i])))
            return true;
    return false;
}

/* Each log stands for the results of one execution only. */
static const struct seen_log *use_bare_log(struct engine *e, int64_t run_id, uint32_t number)
{
    struct seen_log key = {.run_id = run_id, .start_s = INT64_MIN};
    const struct seen_log *end = e->bare_logs + e->bare_log_count;
    for (struct seen_log *log = find_bare_logs(e, &key); log && log < end && log->run_id == run_id; log++) {
        if (log->used || !engine_is_log_of(e, log, number))
            continue;
        log->used = true;
        return log;
    }
    return NULL;
}

/* Results that are settled already use their logs up before open ones are matched. */
static void use_settled_logs(struct engine *e, uint32_t suite, int64_t run_id, const uint32_t *numbers,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (!entry->merged && desired_suite_of(e->desired, entry) == suite &&
            (entry->outcome == OUTCOME_CONFIRMED || entry->outcome == OUTCOME_PRESENT))
            use_bare_log(e, run_id, numbers[i]);
    }
}

void engine_use_bare_logs(struct engine *e, uint32_t suite, int64_t run_id, uint32_t case_number)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    if (!e->bare_log_count)
        return;
    use_settled_logs(e, suite, run_id, numbers, count);
    for (size_t i = 0; i < count; i++) {
        if (!engine_entry_open(e, numbers[i]) ||
            desired_suite_of(e->desired, store_entry(e->desired->store, numbers[i])) != suite)
            continue;
        const struct seen_log *log = use_bare_log(e, run_id, numbers[i]);
        if (!log)
            continue;
        engine_mark_found(e, numbers[i]);
        if (log->execution != INTERN_NONE || engine_alone_in_run(e, numbers[i])) /* no doubt which is whose */
            engine_note_status(e, numbers[i], log);
    }
}
