/* Log markers: which result a log in qTest stands for.
 *
 * A marker needs the ordinal, which needs all cases: until then the content's hash of the case is enough, and
 * the markers are made in a second pass. Merged results get theirs too: when the report was saved earlier
 * another one of them may have led, and the log bears its marker. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "desired_private.h"
#include "sync/identity.h"

/* One log for all that are merged, so that whichever leads is the first of its kind. */
uint32_t desired_ordinal(const struct store_entry *entry)
{
    return entry->merged ? 0 : entry->ordinal;
}

static uint64_t marker_of(const struct desired *d, const struct test_result *result, size_t number)
{
    const struct store_entry *entry = store_entry(d->store, number);
    _cleanup_free_ char *content = identity_automation_content(result, d->options.content_template);
    struct log_identity identity = {
        .execution_id = d->reports[entry->report].execution_id,
        .job = d->options.job,
        .automation_content = content,
        .target = result->target,
        .start_ms = store_written_start(d->store, number),
        .ordinal = desired_ordinal(entry),
    };
    struct hash128 marker = identity_log_marker(&identity);
    return hash128_low(&marker);
}

static uint32_t *marker_slot(const struct desired *d, uint64_t marker)
{
    uint32_t mask = d->marker_slot_count - 1;
    uint32_t at = (uint32_t)marker & mask;
    while (d->marker_slots[at] && store_entry(d->store, d->marker_slots[at] - 1)->marker != marker)
        at = (at + 1) & mask;
    return &d->marker_slots[at];
}

uint32_t desired_find_bearer(const struct desired *d, uint64_t marker)
{
    uint32_t held = *marker_slot(d, marker);
    return held ? held - 1 : INTERN_NONE;
}

uint32_t desired_find_marker(const struct desired *d, uint64_t marker)
{
    uint32_t bearer = desired_find_bearer(d, marker);
    return bearer == INTERN_NONE ? INTERN_NONE : desired_leader(d, bearer);
}

/* Two reports of one execution say something different of one result: what ended later is the later word,
 * else what was read later, as if they had been uploaded one after the other. */
static int later_word(const struct desired *d, uint32_t first, uint32_t second, int64_t second_end_ms,
                      uint32_t *ret, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    const struct store_entry *a = store_entry(d->store, first);
    const struct store_entry *b = store_entry(d->store, second);
    *ret = first;
    if (a->status == b->status)
        return 0;
    if (d->options.repeats == REPEATS_SEND_WORST) {
        *ret = desired_badness(b) > desired_badness(a) ? second : first;
        return 0;
    }
    int r = store_read(d->store, first, &record, err);
    if (r < 0)
        return r;
    bool first_is_later = record.result.end_ms != TIME_NONE && second_end_ms != TIME_NONE &&
                          second_end_ms < record.result.end_ms;
    *ret = first_is_later ? first : second;
    return 0;
}

static void merge_into(struct desired *d, uint32_t leader, uint32_t number)
{
    struct store_entry *entry = store_entry(d->store, number);
    entry->merged = 1;
    entry->ordinal = leader;
    d->merged++;
}

/* Two entries with one marker are the same result read twice, from overlapping reports of one execution: they
 * share a log. */
static int put_marker(struct desired *d, uint32_t number, int64_t end_ms, struct error *err)
{
    uint32_t *slot = marker_slot(d, store_entry(d->store, number)->marker);
    if (!*slot) {
        *slot = number + 1;
        return 0;
    }
    uint32_t first = *slot - 1;
    uint32_t leader;
    int r = later_word(d, first, number, end_ms, &leader, err);
    if (r < 0)
        return r;
    merge_into(d, leader, leader == first ? number : first);
    *slot = leader + 1;
    return 0;
}

/* Of what leads; what shares a marker is merged on the way. */
static int mark_leaders(struct desired *d, struct record *record, struct error *err)
{
    for (size_t i = 0; i < d->store->count; i++) {
        struct store_entry *entry = store_entry(d->store, i);
        if (entry->merged)
            continue;
        int r = store_read(d->store, i, record, err);
        if (r < 0)
            return r;
        entry->marker = marker_of(d, &record->result, i);
        r = put_marker(d, (uint32_t)i, record->result.end_ms, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Two reports have merged the same results, and each another one leads: one log stands for them all. */
static int join(struct desired *d, uint32_t first, uint32_t second, struct error *err)
{
    uint32_t leader;
    if (first == second)
        return 0;
    int r = later_word(d, first, second, TIME_NONE, &leader, err);
    if (r == 0)
        merge_into(d, leader, leader == first ? second : first);
    return r;
}

/* A marker that leads stays what it is. */
static int mark_merged(struct desired *d, struct record *record, struct error *err)
{
    for (size_t i = 0; i < d->store->count; i++) {
        struct store_entry *entry = store_entry(d->store, i);
        if (!entry->merged || entry->marker)
            continue;
        int r = store_read(d->store, i, record, err);
        if (r < 0)
            return r;
        entry->marker = marker_of(d, &record->result, i);
        uint32_t *slot = marker_slot(d, entry->marker);
        if (!*slot)
            *slot = (uint32_t)i + 1;
        else if ((r = join(d, desired_leader(d, *slot - 1), desired_leader(d, (uint32_t)i), err)) < 0)
            return r;
    }
    return 0;
}

int desired_mark_entries(struct desired *d, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    bool groups = d->merged > 0;
    d->marker_slot_count = 64;
    while (d->marker_slot_count < d->store->count * 3 / 2)
        d->marker_slot_count *= 2;
    d->marker_slots = xcalloc(d->marker_slot_count, sizeof *d->marker_slots);
    int r = mark_leaders(d, &record, err);
    return r == 0 && groups ? mark_merged(d, &record, err) : r;
}
