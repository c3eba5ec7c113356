/* Results that meet in one place: merging repeats, numbering equals, and layers.
 *
 * All of it works on a list of entry numbers sorted so that what belongs together stands together; that
 * takes 4 bytes a result where tables would take 20.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "desired_private.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_starts(const struct store_entry *x, const struct store_entry *y)
{
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static int compare_written_starts(const struct desired *d, uint32_t i, uint32_t j)
{
    int64_t x_ms = store_written_start(d->store, i);
    int64_t y_ms = store_written_start(d->store, j);
    return (x_ms > y_ms) - (x_ms < y_ms);
}

static int compare_repeats(const struct store_entry *x, const struct store_entry *y)
{
    int r = compare_numbers(x->case_number, y->case_number);
    r = r ? r : compare_numbers(x->target, y->target);
    return r ? r : compare_numbers(x->report, y->report);
}

/* The three orders; equals stay in the order in which they were read. */

static int by_repeat(const void *a, const void *b, void *context)
{
    const struct desired *d = context;
    uint32_t i = *(const uint32_t *)a;
    uint32_t j = *(const uint32_t *)b;
    int r = compare_repeats(store_entry(d->store, i), store_entry(d->store, j));
    return r ? r : compare_numbers(i, j);
}

static int by_repeat_and_start(const void *a, const void *b, void *context)
{
    const struct desired *d = context;
    const struct store_entry *x = store_entry(d->store, *(const uint32_t *)a);
    const struct store_entry *y = store_entry(d->store, *(const uint32_t *)b);
    int r = compare_repeats(x, y);
    r = r ? r : compare_written_starts(d, *(const uint32_t *)a, *(const uint32_t *)b);
    return r ? r : compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

static int by_case_suite_start(const void *a, const void *b, void *context)
{
    const struct desired *d = context;
    const struct store_entry *x = store_entry(d->store, *(const uint32_t *)a);
    const struct store_entry *y = store_entry(d->store, *(const uint32_t *)b);
    int r = compare_numbers(x->case_number, y->case_number);
    r = r ? r : compare_numbers(desired_suite_of(d, x), desired_suite_of(d, y));
    r = r ? r : compare_starts(x, y);
    return r ? r : compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

static enum repeats rule_of(const struct desired *d, const struct store_entry *entry)
{
    if (d->options.repeats != REPEATS_DEFAULT)
        return d->options.repeats;
    return d->reports[entry->report].meta->format == FORMAT_TESTPROJECT_JSON ? REPEATS_SEND_WORST
                                                                             : REPEATS_SEND_EACH;
}

int desired_badness(const struct store_entry *entry)
{
    static const int of_status[] = {
        [RESULT_PASSED] = 0, [RESULT_SKIPPED] = 1, [RESULT_FAILED] = 2, [RESULT_ERROR] = 3};
    return of_status[entry->status];
}

static void merge_group(struct desired *d, const uint32_t *group, size_t count)
{
    enum repeats rule = rule_of(d, store_entry(d->store, group[0]));
    if (count < 2 || rule == REPEATS_SEND_EACH)
        return;
    uint32_t leader = group[rule == REPEATS_SEND_LAST ? count - 1 : 0];
    for (size_t i = 1; rule == REPEATS_SEND_WORST && i < count; i++)
        if (desired_badness(store_entry(d->store, group[i])) > desired_badness(store_entry(d->store, leader)))
            leader = group[i];
    for (size_t i = 0; i < count; i++) {
        if (group[i] == leader)
            continue;
        struct store_entry *entry = store_entry(d->store, group[i]);
        entry->merged = 1;
        entry->ordinal = leader;
        d->merged++;
    }
}

static bool same_repeat(const struct store_entry *x, const struct store_entry *y)
{
    return compare_repeats(x, y) == 0;
}

static void merge_repeats(struct desired *d, uint32_t *order, size_t count)
{
    qsort_r(order, count, sizeof *order, by_repeat, d);
    for (size_t begin = 0, end; begin < count; begin = end) {
        const struct store_entry *first = store_entry(d->store, order[begin]);
        for (end = begin + 1; end < count && same_repeat(first, store_entry(d->store, order[end])); end++)
            ;
        merge_group(d, order + begin, end - begin);
    }
}

/* Counted within each report: where two reports of one execution overlap, the same result gets the same
 * number in both, and so the same marker. */
static void number_equals(struct desired *d, uint32_t *order, size_t count)
{
    qsort_r(order, count, sizeof *order, by_repeat_and_start, d);
    const struct store_entry *previous = NULL;
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = store_entry(d->store, order[i]);
        bool equal = previous && same_repeat(previous, entry) &&
                     compare_written_starts(d, order[i - 1], order[i]) == 0;
        entry->ordinal = equal ? previous->ordinal + 1 : 0;
        previous = entry;
    }
}

static void number_layers(struct desired *d, uint32_t *order, size_t count)
{
    qsort_r(order, count, sizeof *order, by_case_suite_start, d);
    const struct store_entry *previous = NULL;
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = store_entry(d->store, order[i]);
        bool together = previous && previous->case_number == entry->case_number &&
                        desired_suite_of(d, previous) == desired_suite_of(d, entry);
        entry->layer = together ? previous->layer + 1 : 0;
        previous = entry;
    }
}

/* Everything but merged results: they have no log of their own. */
static size_t list_unmerged(const struct desired *d, uint32_t *order)
{
    size_t count = 0;
    for (size_t i = 0; i < d->store->count; i++)
        if (!store_entry(d->store, i)->merged)
            order[count++] = (uint32_t)i;
    return count;
}

void desired_order(struct desired *d)
{
    _cleanup_free_ uint32_t *order = xreallocarray(NULL, d->store->count, sizeof *order);
    size_t count = list_unmerged(d, order);
    merge_repeats(d, order, count);
    count = list_unmerged(d, order);
    number_equals(d, order, count);
    number_layers(d, order, count);
}
