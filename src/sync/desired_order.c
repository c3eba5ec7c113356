/* Results that meet in one place: which of them share a log, and which of these leads it.
 *
 * It works on a list of entry numbers sorted so that what belongs together stands together; that takes 4
 * bytes a result where tables would take 20.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "desired_private.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_starts(const struct store_entry *x, const struct store_entry *y)
{
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static int compare_runs(const struct desired *d, const struct store_entry *x, const struct store_entry *y)
{
    int r = compare_numbers(x->case_number, y->case_number);
    return r ? r : compare_numbers(desired_suite_of(d, x), desired_suite_of(d, y));
}

/* Those of one log together, in the order of their starts; equals in the order in which they were read. */
static int by_log_and_start(const void *a, const void *b, void *context)
{
    const struct desired *d = context;
    const struct store_entry *x = store_entry(d->store, *(const uint32_t *)a);
    const struct store_entry *y = store_entry(d->store, *(const uint32_t *)b);
    int r = compare_runs(d, x, y);
    r = r ? r : compare_starts(x, y);
    return r ? r : compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

static int badness(uint8_t status)
{
    static const int of_status[] = {
        [RESULT_PASSED] = 0, [RESULT_SKIPPED] = 1, [RESULT_FAILED] = 2, [RESULT_ERROR] = 3};
    return of_status[status];
}

/* An error counts as a failure. */
static bool same_verdict(uint8_t status, uint8_t other)
{
    return status == other ||
           (badness(status) >= badness(RESULT_FAILED) && badness(other) >= badness(RESULT_FAILED));
}

/* The first of the worst. */
static uint32_t worst_of(const struct desired *d, const uint32_t *group, size_t count, uint32_t report)
{
    uint32_t worst = INTERN_NONE;
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(d->store, group[i]);
        if (report != INTERN_NONE && entry->report != report)
            continue;
        if (worst == INTERN_NONE || badness(entry->status) > badness(store_entry(d->store, worst)->status))
            worst = group[i];
    }
    return worst;
}

/* The report in which these results, which start together, end last; INTERN_NONE: there is no such one. */
static int last_report(const struct desired *d, const uint32_t *group, size_t count, uint32_t *ret,
                       struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    int64_t last_ms = TIME_NONE;
    *ret = INTERN_NONE;
    for (size_t i = 0; i < count; i++) {
        int r = store_read(d->store, group[i], &record, err);
        if (r < 0)
            return r;
        uint32_t report = store_entry(d->store, group[i])->report;
        int64_t end_ms = record.result.end_ms;
        if (end_ms == TIME_NONE) {
            *ret = INTERN_NONE;
            return 0;
        }
        if (last_ms == TIME_NONE || end_ms > last_ms)
            *ret = report;
        else if (end_ms == last_ms && report != *ret)
            *ret = INTERN_NONE; /* a tie, as long as nothing ends later */
        last_ms = last_ms == TIME_NONE || end_ms > last_ms ? end_ms : last_ms;
    }
    return 0;
}

static bool of_several_words(const struct desired *d, const uint32_t *group, size_t count)
{
    bool reports = false;
    bool statuses = false;
    const struct store_entry *first = store_entry(d->store, group[0]);
    for (size_t i = 1; i < count; i++) {
        reports |= store_entry(d->store, group[i])->report != first->report;
        statuses |= store_entry(d->store, group[i])->status != first->status;
    }
    return reports && statuses;
}

/* Of results that start together: rows of one report, or one result that was saved twice. */
static int word_of_start(const struct desired *d, const uint32_t *group, size_t count, uint32_t *ret,
                         struct error *err)
{
    uint32_t report = INTERN_NONE;
    int r = 0;
    if (store_entry(d->store, group[0])->start_ms != TIME_NONE && of_several_words(d, group, count))
        r = last_report(d, group, count, &report, err);
    *ret = worst_of(d, group, count, report);
    return r;
}

/* They come in the order of their starts: of equals the later one counts. */
static bool leads(const struct desired *d, uint32_t number, uint32_t before)
{
    uint8_t status = store_entry(d->store, number)->status;
    uint8_t status_before = store_entry(d->store, before)->status;
    return d->options.repeats == REPEATS_SEND_LAST || same_verdict(status, status_before) ||
           badness(status) > badness(status_before);
}

static void note_disagreement(struct desired *d, const uint32_t *group, size_t count, uint32_t leader)
{
    for (size_t i = 0; i < count; i++) {
        if (same_verdict(store_entry(d->store, group[i])->status, store_entry(d->store, leader)->status))
            continue;
        if (d->disagreements++ == 0 || leader < d->disagreeing)
            d->disagreeing = leader;
        return;
    }
}

int desired_lead(struct desired *d, const uint32_t *group, size_t count, struct error *err)
{
    uint32_t leader = INTERN_NONE;
    for (size_t begin = 0, end; begin < count; begin = end) {
        uint32_t word;
        for (end = begin + 1; end < count && compare_starts(store_entry(d->store, group[begin]),
                                                            store_entry(d->store, group[end])) == 0;
             end++)
            ;
        int r = word_of_start(d, group + begin, end - begin, &word, err);
        if (r < 0)
            return r;
        if (leader == INTERN_NONE || leads(d, word, leader))
            leader = word;
    }
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = store_entry(d->store, group[i]);
        entry->leader = leader;
        entry->merged = group[i] != leader;
    }
    return 0;
}

static bool share_log(const struct desired *d, uint32_t first, uint32_t second)
{
    return compare_runs(d, store_entry(d->store, first), store_entry(d->store, second)) == 0;
}

static int merge_logs(struct desired *d, uint32_t *order, size_t count, struct error *err)
{
    int r = 0;
    qsort_r(order, count, sizeof *order, by_log_and_start, d);
    for (size_t begin = 0, end; r == 0 && begin < count; begin = end) {
        for (end = begin + 1; end < count && share_log(d, order[begin], order[end]); end++)
            ;
        r = desired_lead(d, order + begin, end - begin, err);
        d->merged += (uint32_t)(end - begin) - 1;
        if (r == 0)
            note_disagreement(d, order + begin, end - begin, desired_leader(d, order[begin]));
    }
    return r;
}

int desired_order(struct desired *d, struct error *err)
{
    _cleanup_free_ uint32_t *order = xreallocarray(NULL, d->store->count, sizeof *order);
    size_t count = d->store->count;
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    return merge_logs(d, order, count, err);
}
