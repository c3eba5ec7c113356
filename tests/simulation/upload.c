/* What one uploader of a schedule wants: its results in a store, and the executions that they are of. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "random.h"
#include "scenario.h"

/* As a hash of the file's bytes would be. */
static uint64_t bytes_of(const struct sim_report *report, int night)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct sim_result *result = &report->results[i];
        const char *target = result->target ? result->target : "";
        uint64_t number = (uint64_t)result->test << 8 | (uint64_t)result->status << 4 | result->longer;
        if (result->night != night)
            continue;
        hash = mix64(hash ^ hash_for_table(target, strlen(target)));
        hash = mix64(hash ^ number);
        hash = mix64(hash ^ (uint64_t)result->start_ms);
    }
    return hash;
}

/* Beside the upload's name: which of its files, or what stands in it where the execution has no name. */
static char *night_id(const struct sim_report *report, int night)
{
    return report->by_result
               ? xasprintf("%s %" PRIx64, report->execution_id, bytes_of(report, night))
               : xasprintf("%s/%d", report->execution_id, night);
}

bool scenario_by_hand(const struct scenario *s)
{
    struct rng rng = rng_keyed(s->seed, 0x62792068616e64);
    return rng_once_in(&rng, 2);
}

static void want_executions(struct upload *u, const struct scenario *s, int number, int64_t wall_ms)
{
    struct error err = ERROR_INIT;
    const struct sim_report *from = &s->reports[number];
    const struct desired_options options = {
        .job = scenario_job(s, number),
        .suite = s->suite,
        .repeats = s->last_counts ? REPEATS_SEND_LAST : REPEATS_SEND_WORST,
        .fallback_start_ms = scenario_by_hand(s) ? wall_ms : from->pipeline_ms};
    if (executions_divide(&u->executions, &u->store, u->reports, (size_t)s->nights, &err) < 0)
        abort();
    for (size_t i = 0; i < u->executions.count; i++) {
        const struct execution *execution = &u->executions.items[i];
        if (desired_build(&u->desired[i], execution->store, execution->reports, execution->report_count,
                          &options, &err) < 0)
            abort();
    }
}

void upload_init(struct upload *u, const struct scenario *s, int number, int64_t wall_ms)
{
    const struct sim_report *from = &s->reports[number];
    struct error err = ERROR_INIT;
    *u = (struct upload){.meta = REPORT_META_INIT};
    store_init(&u->store, STORE_MEMORY_MAX_BYTES);
    u->meta.format = FORMAT_JUNIT;
    for (int i = 0; i < s->nights; i++)
        u->reports[i] = (struct desired_report){
            .meta = &u->meta, .execution_id = night_id(from, i), .named = !from->by_result};
    for (size_t i = 0; i < from->count; i++) {
        struct test_result result;
        scenario_test_result(s, &from->results[i], &result);
        if (from->ids)
            result.test_id = scenario_test_id(&from->results[i]);
        if (store_add(&u->store, (uint32_t)from->results[i].night, &result, &err) < 0)
            abort();
    }
    want_executions(u, s, number, wall_ms);
}

void upload_release(struct upload *u)
{
    for (size_t i = 0; i < u->executions.count; i++)
        desired_release(&u->desired[i]);
    executions_release(&u->executions);
    store_release(&u->store);
    for (int i = 0; i < NIGHTS_MAX; i++)
        free(u->reports[i].execution_id);
}

static size_t in_upload(const struct store *store, size_t number)
{
    return store->numbers ? store->numbers[number] : number;
}

/* Where it stands in the store of its execution. */
static void find(const struct upload *u, size_t result, size_t *ret_execution, size_t *ret_number)
{
    for (*ret_execution = 0; *ret_execution < u->executions.count; ++*ret_execution) {
        const struct store *store = u->executions.items[*ret_execution].store;
        for (*ret_number = 0; *ret_number < store->count; ++*ret_number)
            if (in_upload(store, *ret_number) == result)
                return;
    }
    abort(); /* every result is of some execution */
}

size_t upload_execution_of(const struct upload *u, size_t result)
{
    size_t execution;
    size_t number;
    find(u, result, &execution, &number);
    return execution;
}

size_t upload_leader(const struct upload *u, size_t result)
{
    size_t execution;
    size_t number;
    find(u, result, &execution, &number);
    return in_upload(u->executions.items[execution].store,
                     desired_leader(&u->desired[execution], (uint32_t)number));
}
