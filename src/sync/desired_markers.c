/* Log markers: which log in qTest stands for which results. A marker needs the content of the case and the
 * name of the suite, so it is made in a second pass, for what leads a log alone; what is merged shares it. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "desired_private.h"
#include "sync/identity.h"

/* A reader may leave a duration of this length out as doubtful, and whether it does depends on when and in
 * which zone it reads. */
#define DURATION_MAX_MS (12 * 3600 * INT64_C(1000))

static int64_t duration_of(const struct test_result *result)
{
    int64_t duration_ms = result->duration_ms;
    if (duration_ms == TIME_NONE && result->end_ms != TIME_NONE)
        duration_ms = result->end_ms - result->start_ms;
    return duration_ms == TIME_NONE || duration_ms > DURATION_MAX_MS ? -1 : duration_ms;
}

struct hash128 desired_marker(const struct desired *d, const struct test_result *result, uint32_t number)
{
    const struct store_entry *entry = store_entry(d->store, number);
    const char *suite = intern_text(&d->suites, desired_suite_of(d, entry));
    _cleanup_free_ char *content = identity_automation_content(result, d->options.content_template);
    if (desired_by_result(d, entry)) {
        const struct result_identity own = {.job = d->options.job,
                                            .automation_content = content,
                                            .suite = suite,
                                            .start_ms = store_written_start(d->store, number),
                                            .duration_ms = duration_of(result),
                                            .status = result->status};
        return identity_result_mark(&own);
    }
    const struct log_identity log = {.execution_id = d->reports[entry->report].execution_id,
                                     .job = d->options.job,
                                     .automation_content = content,
                                     .suite = suite};
    return identity_log_marker(&log);
}

static uint32_t *marker_slot(const struct desired *d, uint64_t marker)
{
    uint32_t mask = d->marker_slot_count - 1;
    uint32_t at = (uint32_t)marker & mask;
    while (d->marker_slots[at] && store_entry(d->store, d->marker_slots[at] - 1)->marker != marker)
        at = (at + 1) & mask;
    return &d->marker_slots[at];
}

uint32_t desired_find_marker(const struct desired *d, uint64_t marker)
{
    uint32_t held = *marker_slot(d, marker);
    return held ? held - 1 : INTERN_NONE;
}

int desired_mark_entries(struct desired *d, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    d->marker_slot_count = 64;
    while (d->marker_slot_count < d->store->count * 3 / 2)
        d->marker_slot_count *= 2;
    d->marker_slots = xcalloc(d->marker_slot_count, sizeof *d->marker_slots);
    for (size_t i = 0; i < d->store->count; i++) {
        struct store_entry *entry = store_entry(d->store, i);
        if (entry->merged && !desired_has_own_mark(d, entry))
            continue;
        int r = store_read(d->store, i, &record, err);
        if (r < 0)
            return r;
        struct hash128 marker = desired_marker(d, &record.result, (uint32_t)i);
        entry->marker = hash128_low(&marker);
        uint32_t *slot = marker_slot(d, entry->marker);
        *slot = *slot ? *slot : (uint32_t)i + 1; /* the same result again, or a row that is equal */
    }
    for (size_t i = 0; d->merged && i < d->store->count; i++) {
        struct store_entry *entry = store_entry(d->store, i);
        if (!desired_has_own_mark(d, entry))
            entry->marker = store_entry(d->store, desired_leader(d, (uint32_t)i))->marker;
    }
    return 0;
}
