/* Many results of one test in one suite (repeats that are all sent). A server may keep one log only of equal
 * contents within a body (qtest-api.md 10, switch 9), so they go one after another, a layer at a time
 * (difference.c). That is a request for each: where there are many, the rest goes out together, and what
 * counts at first is not what the job says of them but which of their logs show. Do all of them, the server
 * keeps equals, and what is left goes out together as well; else one after another, as before. */
#include <stdlib.h>

#include "base/memory.h"
#include "engine_private.h"

#define APART_LAYERS 8
#define FAILURES_MAX 2

static struct store_entry *entry_of(const struct engine *e, uint32_t number)
{
    return store_entry(e->desired->store, number);
}

static uint32_t apart_layers(const struct engine *e)
{
    return e->options.apart_layers ? (uint32_t)e->options.apart_layers : APART_LAYERS;
}

static size_t count_shown(const struct engine *e, const struct batch *batch)
{
    size_t shown = 0;
    for (size_t i = 0; i < batch->count; i++)
        shown += !engine_entry_open(e, batch->entries[i]);
    return shown;
}

/* What went out together has been looked for by now. Where nothing of it shows, it has told nothing. */
static void judge(struct engine *e)
{
    for (size_t i = 0; i < e->batch_count; i++) {
        struct batch *batch = &e->batches[i];
        size_t shown = batch->equals_out ? count_shown(e, batch) : 0;
        batch->equals_out = false;
        if (shown > 0 && shown < batch->count)
            e->equals = EQUALS_NOT_KEPT;
        else if (shown > 0 && e->equals == EQUALS_UNKNOWN)
            e->equals = EQUALS_KEPT;
    }
}

/* How many open results are in each layer. The caller frees it. */
static uint32_t *count_layers(const struct engine *e, uint32_t *ret_deepest)
{
    *ret_deepest = 0;
    for (size_t i = 0; i < e->desired->store->count; i++)
        if (engine_entry_open(e, (uint32_t)i) && entry_of(e, (uint32_t)i)->layer > *ret_deepest)
            *ret_deepest = entry_of(e, (uint32_t)i)->layer;
    uint32_t *counts = xcalloc((size_t)*ret_deepest + 1, sizeof *counts);
    for (size_t i = 0; i < e->desired->store->count; i++)
        if (engine_entry_open(e, (uint32_t)i))
            counts[entry_of(e, (uint32_t)i)->layer]++;
    return counts;
}

/* From which layer on they go together, 0: from none. Layers cost a request each, at least; logs that a
 * search is slow to show cost one for each of their runs. Where jobs are forgotten, results that were merged
 * away would be waited for as long as --settle. */
static uint32_t first_together(const struct engine *e)
{
    uint32_t deepest;
    if (e->jobs_vanish && e->equals == EQUALS_UNKNOWN)
        return 0;
    _cleanup_free_ uint32_t *counts = count_layers(e, &deepest);
    for (uint32_t layer = apart_layers(e); layer < deepest; layer++)
        if (counts[layer] <= deepest || e->equals == EQUALS_KEPT)
            return layer;
    return 0;
}

void engine_plan_equals(struct engine *e)
{
    judge(e);
    e->together_from = e->equals == EQUALS_NOT_KEPT ? 0 : first_together(e);
}

/* No more layers at once than fit into one batch, so that one body holds a test's results in their order. */
uint32_t engine_layer_stage(const struct engine *e, uint32_t layer)
{
    if (!e->together_from || layer < e->together_from)
        return layer;
    return e->together_from + (layer - e->together_from) / (uint32_t)e->options.batch_logs;
}

bool engine_equals_wait(const struct engine *e, const struct store_entry *entry)
{
    return e->together_from && e->equals == EQUALS_NOT_KEPT && entry->layer >= e->together_from;
}

static bool same_test(const struct engine *e, const struct batch *batch, size_t at)
{
    return entry_of(e, batch->entries[at - 1])->case_number == entry_of(e, batch->entries[at])->case_number;
}

bool engine_equals_unproved(const struct engine *e, const struct batch *batch)
{
    bool equals = false;
    for (size_t i = 1; !equals && i < batch->count; i++)
        equals = same_test(e, batch, i);
    return equals && e->equals != EQUALS_KEPT;
}

void engine_equals_go(struct engine *e, struct batch *batch)
{
    batch->equals_out = engine_equals_unproved(e, batch);
}

void engine_equals_taken(struct engine *e, const struct batch *batch, int64_t total_logs)
{
    if (total_logs >= 0 && total_logs != (int64_t)batch->count)
        e->equals = EQUALS_NOT_KEPT;
    e->unclear = true;
}

/* For a passing reason, or since it takes no equals. */
void engine_equals_failed(struct engine *e)
{
    if (++e->equals_failures == FAILURES_MAX)
        e->equals = EQUALS_NOT_KEPT;
    e->unclear = true;
}

void engine_equals_refused(struct engine *e)
{
    e->equals = EQUALS_NOT_KEPT;
}

size_t engine_whole_tests(const struct engine *e, const uint32_t *entries, size_t count)
{
    size_t whole = e->together_from ? count : 0;
    while (whole > 0 &&
           entry_of(e, entries[whole - 1])->case_number == entry_of(e, entries[whole])->case_number)
        whole--;
    return whole ? whole : count;
}
