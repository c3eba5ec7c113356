#include "sync/executions.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/memory.h"
#include "base/time.h"

#define GAP_MAX_MS (6 * 3600 * INT64_C(1000)) /* within an execution that nobody names */

/* A result with a start. */
struct span {
    int64_t start_ms;
    int64_t end_ms; /* of one that is in the group without a name */
    uint32_t group;
};

/* An execution while its results are still being found. */
struct cluster {
    int64_t begin_ms;
    uint32_t group;
    uint32_t rank; /* among all, in the order of items */
    size_t results;
};

struct divider {
    struct store *store;
    const struct desired_report *reports;
    size_t report_count;
    uint32_t *group_of;       /* by report: the first one with the same name; report_count: it has none */
    int64_t *latest_ms;       /* by report: the last start in it */
    bool *is_begun;           /* by group: it has a cluster */
    struct cluster *clusters; /* by group and begin */
    size_t cluster_count;
    size_t cluster_capacity;
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

static int read_spans(struct divider *d, struct span *spans, size_t *ret_count, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    *ret_count = 0;
    for (size_t i = 0; i < d->store->count; i++) {
        const struct store_entry *entry = store_entry(d->store, i);
        struct span span = {.start_ms = entry->start_ms, .group = d->group_of[entry->report]};
        if (entry->start_ms == TIME_NONE)
            continue;
        if (entry->start_ms > d->latest_ms[entry->report])
            d->latest_ms[entry->report] = entry->start_ms;
        int r = is_named(d, span.group) ? 0 : store_read(d->store, i, &record, err);
        if (r < 0)
            return r;
        span.end_ms = is_named(d, span.group) ? span.start_ms : desired_end_ms(&record.result, span.start_ms);
        spans[(*ret_count)++] = span;
    }
    return 0;
}

static int by_group_and_start(const void *a, const void *b)
{
    const struct span *x = a;
    const struct span *y = b;
    if (x->group != y->group)
        return x->group > y->group ? 1 : -1;
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static void begin_cluster(struct divider *d, uint32_t group, int64_t begin_ms)
{
    GROW(d->clusters, d->cluster_count, d->cluster_capacity);
    d->clusters[d->cluster_count++] = (struct cluster){.begin_ms = begin_ms, .group = group};
    d->is_begun[group] = true;
}

static int by_group_and_begin(const void *a, const void *b)
{
    const struct cluster *x = a;
    const struct cluster *y = b;
    if (x->group != y->group)
        return x->group > y->group ? 1 : -1;
    return (x->begin_ms > y->begin_ms) - (x->begin_ms < y->begin_ms);
}

static int find_clusters(struct divider *d, struct error *err)
{
    size_t count;
    int64_t ended_ms = TIME_NONE;
    _cleanup_free_ struct span *spans = xreallocarray(NULL, d->store->count, sizeof *spans);
    int r = read_spans(d, spans, &count, err);
    if (r < 0)
        return r;
    if (count)
        qsort(spans, count, sizeof *spans, by_group_and_start);
    for (size_t i = 0; i < count; i++) {
        const struct span *span = &spans[i];
        const struct cluster *now = d->cluster_count ? &d->clusters[d->cluster_count - 1] : NULL;
        bool another = !now || now->group != span->group ||
                       begins_another(d, span->group, now->begin_ms, ended_ms, span->start_ms);
        if (another)
            begin_cluster(d, span->group, span->start_ms);
        ended_ms = another || span->end_ms > ended_ms ? span->end_ms : ended_ms;
    }
    for (size_t i = 0; i < d->store->count; i++) {
        uint32_t group = d->group_of[store_entry(d->store, i)->report];
        if (!d->is_begun[group])
            begin_cluster(d, group, TIME_NONE);
    }
    qsort(d->clusters, d->cluster_count, sizeof *d->clusters, by_group_and_begin);
    return 0;
}

static int by_begin(const void *a, const void *b, void *context)
{
    const struct cluster *clusters = context;
    const struct cluster *x = &clusters[*(const uint32_t *)a];
    const struct cluster *y = &clusters[*(const uint32_t *)b];
    if ((x->begin_ms == TIME_NONE) != (y->begin_ms == TIME_NONE))
        return x->begin_ms == TIME_NONE ? 1 : -1;
    int r = (x->begin_ms > y->begin_ms) - (x->begin_ms < y->begin_ms);
    return r ? r : (x > y) - (x < y);
}

static void rank_clusters(struct divider *d)
{
    _cleanup_free_ uint32_t *order = xreallocarray(NULL, d->cluster_count, sizeof *order);
    for (size_t i = 0; i < d->cluster_count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, d->cluster_count, sizeof *order, by_begin, d->clusters);
    for (size_t i = 0; i < d->cluster_count; i++)
        d->clusters[order[i]].rank = (uint32_t)i;
}

/* The last one of its group that begins no later than the result; without a start, than the last of its
 * report. */
static struct cluster *cluster_of(const struct divider *d, const struct store_entry *entry)
{
    struct cluster key = {.group = d->group_of[entry->report], .begin_ms = entry->start_ms};
    size_t low = 0;
    size_t high = d->cluster_count;
    if (key.begin_ms == TIME_NONE)
        key.begin_ms = d->latest_ms[entry->report];
    if (key.begin_ms == TIME_NONE)
        key.begin_ms = INT64_MAX;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_group_and_begin(&d->clusters[middle], &key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return &d->clusters[low - 1];
}

/* A counting sort, in the order of the store within each. */
static void number_results(struct divider *d, struct executions *ret)
{
    size_t at = 0;
    _cleanup_free_ size_t *next = xcalloc(d->cluster_count, sizeof *next);
    ret->numbers = xreallocarray(NULL, d->store->count, sizeof *ret->numbers);
    ret->parts = xcalloc(d->cluster_count, sizeof *ret->parts);
    for (size_t i = 0; i < d->store->count; i++)
        cluster_of(d, store_entry(d->store, i))->results++;
    for (size_t i = 0; i < d->cluster_count; i++)
        next[d->clusters[i].rank] = d->clusters[i].results;
    for (size_t i = 0; i < d->cluster_count; i++) {
        ret->parts[i] = store_part(d->store, ret->numbers + at, next[i]);
        at += next[i];
        next[i] = at - next[i];
    }
    for (size_t i = 0; i < d->store->count; i++)
        ret->numbers[next[cluster_of(d, store_entry(d->store, i))->rank]++] = (uint32_t)i;
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
    rank_clusters(d);
    number_results(d, ret);
    ret->items = xcalloc(d->cluster_count, sizeof *ret->items);
    ret->count = d->cluster_count;
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
    d.is_begun = xcalloc(report_count + 1, sizeof *d.is_begun);
    d.latest_ms = xreallocarray(NULL, report_count + 1, sizeof *d.latest_ms);
    for (size_t i = 0; i < report_count; i++)
        d.latest_ms[i] = TIME_NONE;
    if (!is_surely_one(&d))
        r = find_clusters(&d, err);
    if (r == 0 && d.cluster_count > 1)
        take_apart(&d, ret);
    else if (r == 0)
        keep_whole(&d, ret);
    free(d.group_of);
    free(d.is_begun);
    free(d.latest_ms);
    free(d.clusters);
    return r;
}

void executions_release(struct executions *executions)
{
    free(executions->items);
    free(executions->numbers);
    free(executions->parts);
    free(executions->reports);
    *executions = (struct executions){0};
}
