/* Which execution a result is of: the one that its report names; else, where it has a
 * start, one with all others of the upload that begin less than six hours after what was before them has
 * ended; else that of its report's bytes. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "desired_private.h"

#define EXECUTIONS_GAP_MS (6 * 3600 * INT64_C(1000))

bool desired_by_result(const struct desired *d, const struct store_entry *entry)
{
    return !d->reports[entry->report].named && entry->start_ms != TIME_NONE;
}

uint32_t desired_execution_of(const struct desired *d, const struct store_entry *entry)
{
    uint32_t cluster = 0;
    if (!desired_by_result(d, entry))
        return d->report_execution[entry->report];
    while (cluster + 1 < d->cluster_count && d->cluster_begin_ms[cluster + 1] <= entry->start_ms)
        cluster++;
    return (uint32_t)d->report_count + cluster;
}

struct span {
    int64_t start_ms;
    int64_t end_ms;
};

static int by_start(const void *a, const void *b)
{
    const struct span *x = a;
    const struct span *y = b;
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static void begin_cluster(struct desired *d, int64_t start_ms)
{
    d->cluster_begin_ms =
        xreallocarray(d->cluster_begin_ms, (size_t)d->cluster_count + 1, sizeof *d->cluster_begin_ms);
    d->cluster_begin_ms[d->cluster_count++] = start_ms;
}

static int read_spans(const struct desired *d, struct span *spans, size_t *ret_count, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    *ret_count = 0;
    for (size_t i = 0; i < d->store->count; i++) {
        const struct store_entry *entry = store_entry(d->store, i);
        if (!desired_by_result(d, entry))
            continue;
        int r = store_read(d->store, i, &record, err);
        if (r < 0)
            return r;
        struct span *span = &spans[(*ret_count)++];
        desired_instants(d, &record.result, &span->start_ms, &span->end_ms);
    }
    return 0;
}

int desired_find_executions(struct desired *d, struct error *err)
{
    size_t count;
    for (size_t i = 0; !d->some_by_result && i < d->store->count; i++)
        d->some_by_result = desired_by_result(d, store_entry(d->store, i));
    if (!d->some_by_result || d->first_start_ms == TIME_NONE ||
        d->last_start_ms - d->first_start_ms <= EXECUTIONS_GAP_MS)
        return 0; /* one, whatever is known by itself */
    _cleanup_free_ struct span *spans = xreallocarray(NULL, d->store->count, sizeof *spans);
    int r = read_spans(d, spans, &count, err);
    if (r < 0 || count == 0)
        return r;
    qsort(spans, count, sizeof *spans, by_start);
    int64_t ended_ms = spans[0].end_ms;
    begin_cluster(d, spans[0].start_ms);
    for (size_t i = 1; i < count; i++) {
        if (spans[i].start_ms - ended_ms > EXECUTIONS_GAP_MS)
            begin_cluster(d, spans[i].start_ms);
        ended_ms = spans[i].end_ms > ended_ms ? spans[i].end_ms : ended_ms;
    }
    return 0;
}
