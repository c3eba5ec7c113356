#include "sync/executions.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/memory.h"
#include "base/time.h"

#define GAP_MAX_MS (6 * 3600 * INT64_C(1000)) /* within an execution that nobody names */

/* A result among those that it may share an execution with. */
struct placed {
    uint32_t group;
    uint32_t number;
    int64_t at_ms; /* its start; without one the last start of its report, else after all others */
    int64_t end_ms;
    uint32_t execution; /* in the order in which they are found */
};

struct found {
    int64_t begin_ms; /* LAST_MS: no result of it has a start */
    size_t results;
};

#define LAST_MS INT64_MAX

struct divider {
    struct store *store;
    const struct desired_report *reports;
    size_t report_count;
    uint32_t *group_of; /* by report: the first one with the same name; report_count: it has none */
    struct placed *results;
    struct found *found;
    uint32_t found_count;
    size_t found_capacity;
};

static void group_reports(struct divider *d)
{
    struct intern names = INTERN_INIT;
    d->group_of = xcalloc(d->report_count, sizeof *d->group_of);
    _cleanup_free_ uint32_t *first = xcalloc(d->report_count, sizeof *first);
    for (size_t i = 0; i < d->report_count; i++) {
        uint32_t before = names.count;
        uint32_t name = d->reports[i].named ? intern_put(&names, d->reports[i].execution_id) : 0;
        if (names.count > before)
            first[name] = (uint32_t)i;
        d->group_of[i] = d->reports[i].named ? first[name] : (uint32_t)d->report_count;
    }
    intern_release(&names);
}

static bool is_named(const struct divider *d, uint32_t group)
{
    return group < d->report_count;
}

static bool begins_another(const struct divider *d, uint32_t group, int64_t begin_ms, int64_t ended_ms,
                           int64_t start_ms)
{
    return is_named(d, group) ? start_ms - begin_ms >= EXECUTION_APART_MS : start_ms - ended_ms > GAP_MAX_MS;
}

/* Without a look at the ends, so it may be one all the same when this says no. */
static bool is_surely_one(const struct divider *d)
{
    int64_t first_ms = TIME_NONE;
    int64_t last_ms = TIME_NONE;
    uint32_t group = 0;
    for (size_t i = 0; i < d->store->count; i++) {
        const struct store_entry *entry = store_entry(d->store, i);
        if (i > 0 && d->group_of[entry->report] != group)
            return false;
        group = d->group_of[entry->report];
        if (entry->start_ms == TIME_NONE)
            continue;
        first_ms = first_ms == TIME_NONE || entry->start_ms < first_ms ? entry->start_ms : first_ms;
        last_ms = entry->start_ms > last_ms ? entry->start_ms : last_ms;
    }
    return first_ms == TIME_NONE || !begins_another(d, group, first_ms, first_ms, last_ms);
}

static int place_results(struct divider *d, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_free_ int64_t *latest_ms = xreallocarray(NULL, d->report_count, sizeof *latest_ms);
    for (size_t i = 0; i < d->report_count; i++)
        latest_ms[i] = TIME_NONE;
    for (size_t i = 0; i < d->store->count; i++) {
        const struct store_entry *entry = store_entry(d->store, i);
        if (entry->start_ms != TIME_NONE && entry->start_ms > latest_ms[entry->report])
            latest_ms[entry->report] = entry->start_ms;
    }
    for (size_t i = 0; i < d->store->count; i++) {
        const struct store_entry *entry = store_entry(d->store, i);
        struct placed *placed = &d->results[i];
        int64_t at_ms = entry->start_ms != TIME_NONE ? entry->start_ms : latest_ms[entry->report];
        at_ms = at_ms != TIME_NONE ? at_ms : LAST_MS;
        *placed = (struct placed){
            .group = d->group_of[entry->report], .number = (uint32_t)i, .at_ms = at_ms, .end_ms = at_ms};
        if (is_named(d, placed->group) || entry->start_ms == TIME_NONE)
            continue;
        int r = store_read(d->store, i, &record, err);
        if (r < 0)
            return r;
        placed->end_ms = desired_end_ms(&record.result, entry->start_ms);
    }
    return 0;
}

static int by_group_and_start(const void *a, const void *b)
{
    const struct placed *x = a;
    const struct placed *y = b;
    if (x->group != y->group)
        return x->group > y->group ? 1 : -1;
    if (x->at_ms != y->at_ms)
        return x->at_ms > y->at_ms ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

static void find_executions(struct divider *d)
{
    int64_t ended_ms = LAST_MS;
    qsort(d->results, d->store->count, sizeof *d->results, by_group_and_start);
    for (size_t i = 0; i < d->store->count; i++) {
        struct placed *placed = &d->results[i];
        bool another = i == 0 || placed->group != placed[-1].group ||
                       (placed->at_ms != LAST_MS &&
                        begins_another(d, placed->group, d->found[d->found_count - 1].begin_ms, ended_ms,
                                       placed->at_ms));
        if (another) {
            GROW(d->found, d->found_count, d->found_capacity);
            d->found[d->found_count++] = (struct found){.begin_ms = placed->at_ms};
        }
        ended_ms = another || placed->end_ms > ended_ms ? placed->end_ms : ended_ms;
        placed->execution = d->found_count - 1;
        d->found[placed->execution].results++;
    }
}

static int by_begin(const void *a, const void *b, void *context)
{
    const struct divider *d = context;
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    if (d->found[x].begin_ms != d->found[y].begin_ms)
        return d->found[x].begin_ms > d->found[y].begin_ms ? 1 : -1;
    return (x > y) - (x < y);
}

static int by_store(const void *a, const void *b)
{
    const struct placed *x = a;
    const struct placed *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* A counting sort: oldest execution first, in the order of the store within each. */
static void number_results(struct divider *d, struct executions *ret)
{
    size_t at = 0;
    _cleanup_free_ uint32_t *order = xreallocarray(NULL, d->found_count, sizeof *order);
    _cleanup_free_ size_t *next = xcalloc(d->found_count, sizeof *next);
    ret->numbers = xreallocarray(NULL, d->store->count, sizeof *ret->numbers);
    ret->parts = xcalloc(d->found_count, sizeof *ret->parts);
    for (uint32_t i = 0; i < d->found_count; i++)
        order[i] = i;
    qsort_r(order, d->found_count, sizeof *order, by_begin, d);
    for (uint32_t i = 0; i < d->found_count; i++) {
        next[order[i]] = at;
        ret->parts[i] = store_part(d->store, ret->numbers + at, d->found[order[i]].results);
        at += d->found[order[i]].results;
    }
    qsort(d->results, d->store->count, sizeof *d->results, by_store);
    for (size_t i = 0; i < d->store->count; i++)
        ret->numbers[next[d->results[i].execution]++] = (uint32_t)i;
}

/* Each has those reports alone that it has results of. */
static void number_reports(struct divider *d, struct executions *ret)
{
    size_t count = 0;
    size_t capacity = 0;
    _cleanup_free_ size_t *seen_in =
        xcalloc(d->report_count, sizeof *seen_in); /* number of the execution + 1 */
    _cleanup_free_ uint16_t *number = xcalloc(d->report_count, sizeof *number);
    for (size_t i = 0; i < ret->count; i++) {
        struct execution *item = &ret->items[i];
        for (size_t k = 0; k < item->store->count; k++) {
            struct store_entry *entry = store_entry(item->store, k);
            if (seen_in[entry->report] != i + 1) {
                GROW(ret->reports, count, capacity);
                ret->reports[count++] = d->reports[entry->report];
                seen_in[entry->report] = i + 1;
                number[entry->report] = (uint16_t)item->report_count++;
            }
            entry->report = number[entry->report];
        }
    }
    for (size_t i = 0, at = 0; i < ret->count; at += ret->items[i++].report_count)
        ret->items[i].reports = ret->reports + at;
}

static void keep_whole(const struct divider *d, struct executions *ret)
{
    ret->items = xcalloc(1, sizeof *ret->items);
    ret->count = 1;
    ret->items[0] =
        (struct execution){.store = d->store, .reports = d->reports, .report_count = d->report_count};
}

static void take_apart(struct divider *d, struct executions *ret)
{
    number_results(d, ret);
    ret->items = xcalloc(d->found_count, sizeof *ret->items);
    ret->count = d->found_count;
    for (size_t i = 0; i < ret->count; i++)
        ret->items[i].store = &ret->parts[i];
    number_reports(d, ret);
}

int executions_divide(struct executions *ret, struct store *store, const struct desired_report *reports,
                      size_t report_count, struct error *err)
{
    struct divider d = {.store = store, .reports = reports, .report_count = report_count};
    int r = 0;
    *ret = (struct executions){0};
    group_reports(&d);
    if (!is_surely_one(&d)) {
        d.results = xreallocarray(NULL, store->count, sizeof *d.results);
        r = place_results(&d, err);
        if (r == 0)
            find_executions(&d);
    }
    if (r == 0 && d.found_count > 1)
        take_apart(&d, ret);
    else if (r == 0)
        keep_whole(&d, ret);
    free(d.group_of);
    free(d.results);
    free(d.found);
    return r;
}

/* From its first start to its last; false: none of it has one. */
static bool span_of(const struct execution *item, int64_t *ret_first_ms, int64_t *ret_last_ms)
{
    *ret_first_ms = *ret_last_ms = TIME_NONE;
    for (size_t i = 0; i < item->store->count; i++) {
        int64_t start_ms = store_entry(item->store, i)->start_ms;
        if (start_ms != TIME_NONE && (*ret_first_ms == TIME_NONE || start_ms < *ret_first_ms))
            *ret_first_ms = start_ms;
        *ret_last_ms = start_ms > *ret_last_ms ? start_ms : *ret_last_ms;
    }
    return *ret_first_ms != TIME_NONE;
}

bool execution_is_earlier(const struct execution *item, const struct execution *than, int64_t *ret_began_ms)
{
    int64_t last_ms;
    int64_t than_first_ms;
    int64_t than_last_ms;
    return span_of(item, ret_began_ms, &last_ms) && span_of(than, &than_first_ms, &than_last_ms) &&
           than_first_ms - last_ms > GAP_MAX_MS;
}

void executions_release(struct executions *executions)
{
    free(executions->items);
    free(executions->numbers);
    free(executions->parts);
    free(executions->reports);
    *executions = (struct executions){0};
}
