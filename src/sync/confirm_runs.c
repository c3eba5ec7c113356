/* The runs of suites that were there before us: what they show as their newest log is the canary by which the
 * search is judged (canary.c), and may be newer than what is to be sent. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

/* Whole seconds, since servers drop the rest. */
int64_t engine_second_of(int64_t instant_ms)
{
    return instant_ms / 1000 - (instant_ms % 1000 < 0);
}

int64_t engine_sent_second_of(const struct engine *e, const struct store_entry *entry)
{
    return engine_second_of(entry->start_ms != TIME_NONE ? entry->start_ms
                                                         : e->desired->options.fallback_start_ms);
}

/* It stands in the run that this open one goes into. */
static bool is_in_beside(const struct engine *e, const struct store_entry *entry,
                         const struct store_entry *open)
{
    return (entry->outcome == OUTCOME_CONFIRMED || entry->outcome == OUTCOME_PRESENT) && !entry->merged &&
           desired_suite_of(e->desired, entry) == desired_suite_of(e->desired, open);
}

/* The newest log is one of the same execution: what it hides is not older. */
static bool newest_is_of_it(const struct engine *e, const struct store_entry *open, int64_t newest_ms,
                            const uint32_t *numbers, size_t count)
{
    const struct desired *d = e->desired;
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(d->store, numbers[i]);
        if (is_in_beside(e, entry, open) && engine_sent_second_of(e, entry) == engine_second_of(newest_ms))
            return true;
    }
    return false;
}

/* Older than what the run shows: sent all the same, but told, since it may turn the shown status back
 * (switch 24). */
static void judge_age(struct engine *e, uint32_t suite, uint32_t case_number, int64_t newest_ms)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (!engine_entry_open(e, numbers[i]) || desired_suite_of(e->desired, entry) != suite ||
            entry->start_ms == TIME_NONE ||
            engine_second_of(newest_ms) <= engine_second_of(entry->start_ms) ||
            newest_is_of_it(e, entry, newest_ms, numbers, count))
            continue;
        if (e->options.older == ENGINE_OLDER_SKIP)
            entry->outcome = OUTCOME_SKIPPED;
        else if (entry->sent == 0)
            entry->older = 1;
    }
}

void engine_judge_ages(struct engine *e)
{
    canary_each_newest(e, judge_age);
}

bool engine_alone_in_run(const struct engine *e, uint32_t number)
{
    const struct desired *d = e->desired;
    const struct store_entry *entry = store_entry(d->store, number);
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(d, entry->case_number, &count);
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *other = store_entry(d->store, numbers[i]);
        if (other != entry && !other->merged && desired_suite_of(d, other) == desired_suite_of(d, entry))
            return false;
    }
    return true;
}

/* Of other runs at least. */
static bool tells_newest_logs(const struct qtest_page *page)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        if (cJSON_IsObject(json_member(item, "latest_test_log")))
            return true;
    }
    return false;
}

static void take_runs(struct engine *e, uint32_t suite, const struct qtest_page *page, struct error *err)
{
    size_t case_count;
    _cleanup_free_ uint32_t *cases = engine_index_cases(e, &case_count);
    bool new_cases = engine_has_new_cases(e);
    bool tells_logs = tells_newest_logs(page);
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_run run;
        if (run_read(item, &run, err) < 0)
            return;
        engine_note_our_run(e, run.id);
        uint32_t found = engine_indexed_case(e, cases, case_count, run.case_id);
        canary_note_run(e, suite, &run, found, tells_logs, new_cases);
        qtest_run_release(&run);
    }
}

static void on_runs(struct engine *e, struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) == VERDICT_MISSING)
        qtest_node_release(&e->suites[engine_suite_of_runs(call)].node); /* deleted meanwhile: made again */
    else
        engine_take_runs(e, call, reply, take_runs);
}

void engine_confirm_suite_runs(struct engine *e, uint32_t suite)
{
    struct suite_state *state = &e->suites[suite];
    if (!state->node.id || !state->was_there || state->runs_listed ||
        !(engine_suite_needed(e, suite) || engine_found_in_suite(e, suite)))
        return;
    state->runs_listed = true;
    engine_list_runs(e, suite, on_runs);
}

void engine_confirm_runs(struct engine *e)
{
    bool sample = canary_must_learn(e) && e->claim.state == CLAIM_NONE && !e->options.plan_only &&
                  engine_open_count(e) > 0;
    canary_lists_begin(e->canary, sample);
    engine_forget_our_runs(e);
    for (uint32_t i = 0; i < e->desired->suites.count; i++) {
        engine_confirm_suite_runs(e, i);
        if (sample && e->suites[i].runs_listed)
            break; /* it is enough to learn from, and all are listed under the claim */
    }
}
