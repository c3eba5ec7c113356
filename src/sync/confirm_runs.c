/* Absence of logs, by lists: what the runs of a suite that was there before us show as their newest log. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

#define CLOSER_LOOKS_MAX 64 /* a round, without having searched again first */
#define DOUBTS_MAX       16

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

static bool latest_known(const struct qtest_run *run)
{
    return run->has_latest_log && run->latest_log.start_ms != TIME_NONE;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Or when one begins that is merged into it: when the report was saved earlier, that one may have led. */
static bool begins_with(const struct engine *e, const struct qtest_run *run, uint32_t number,
                        const uint32_t *numbers, size_t count)
{
    const struct desired *d = e->desired;
    int64_t second = engine_second_of(run->latest_log.start_ms);
    bool begins = engine_sent_second_of(e, store_entry(d->store, number)) == second;
    for (size_t i = 0; d->merged && !begins && i < count; i++)
        begins = desired_leader(d, numbers[i]) == number &&
                 engine_sent_second_of(e, store_entry(d->store, numbers[i])) == second;
    return begins;
}

/* The newest log begins when ours does, and its marker has not been read: it may be ours. */
static bool may_be_shown(const struct engine *e, const struct qtest_run *run, uint32_t number,
                         const uint32_t *numbers, size_t count)
{
    if (!latest_known(run) || !begins_with(e, run, number, numbers, count))
        return false;
    return !engine_log_known(e, run->latest_log.id);
}

/* It stands in the run that this open one goes into. */
static bool is_in_beside(const struct engine *e, const struct store_entry *entry,
                         const struct store_entry *open)
{
    return (entry->outcome == OUTCOME_CONFIRMED || entry->outcome == OUTCOME_PRESENT) && !entry->merged &&
           desired_suite_of(e->desired, entry) == desired_suite_of(e->desired, open);
}

/* The newest log is one of the same execution: what it hides is not older. */
static bool newest_is_of_it(const struct engine *e, const struct store_entry *open,
                            const struct qtest_run *run, const uint32_t *numbers, size_t count)
{
    const struct desired *d = e->desired;
    for (size_t i = 0; latest_known(run) && i < count; i++) {
        const struct store_entry *entry = store_entry(d->store, numbers[i]);
        if (is_in_beside(e, entry, open) &&
            engine_sent_second_of(e, entry) == engine_second_of(run->latest_log.start_ms))
            return true;
    }
    return false;
}

/* Older than what the run shows: sent all the same, but told, since it may turn the shown status back
 * (switch 24). */
static void judge_age(struct engine *e, const struct qtest_run *run, struct store_entry *entry)
{
    if (entry->start_ms == TIME_NONE || !latest_known(run) ||
        engine_second_of(run->latest_log.start_ms) <= engine_second_of(entry->start_ms))
        return;
    if (e->options.older == ENGINE_OLDER_SKIP)
        entry->outcome = OUTCOME_SKIPPED;
    else if (entry->sent == 0)
        entry->older = 1;
}

/* The newest log begins later, or within the same second, where it is anybody's guess which one a server
 * shows (switch 24). A result without an instant begins with the pipeline, as far as is known; else the run
 * shows one of this execution then. */
static bool may_stand_behind(const struct engine *e, const struct qtest_run *run,
                             const struct store_entry *entry, const uint32_t *numbers, size_t count)
{
    if (!latest_known(run) || entry->outcome != OUTCOME_OPEN)
        return false;
    if (engine_second_of(run->latest_log.start_ms) >= engine_sent_second_of(e, entry))
        return true;
    for (size_t i = 0; entry->start_ms == TIME_NONE && i < count; i++)
        if (is_in_beside(e, store_entry(e->desired->store, numbers[i]), entry))
            return true;
    return false;
}

/* Ids grow. */
int64_t engine_before_log_id(const struct engine *e)
{
    const struct engine_memory *memory = e->options.memory;
    return memory && memory->sent ? memory->before_log_id : e->newest_log_id;
}

/* The newest log does not tell whether ours stands behind it: a server shows the latest start, or what was
 * submitted last (switch 24), and that may be a log of somebody else that came after ours. */
static bool hides_others(const struct engine *e, const struct qtest_run *run, const struct store_entry *entry)
{
    return entry->start_ms == TIME_NONE || !latest_known(run) ||
           engine_second_of(run->latest_log.start_ms) >= engine_second_of(entry->start_ms) ||
           run->latest_log.id > engine_before_log_id(e);
}

/* Ids grow: what comes later is newer than all that was seen at the first look, before a log was sent. */
static void note_newest_log(struct engine *e, const struct qtest_run *run)
{
    if (e->round == 0 && e->rechecks == 0 && run->has_latest_log && run->latest_log.id > e->newest_log_id)
        e->newest_log_id = run->latest_log.id;
}

/* One call a run. Where a search that lags may still show the log by itself, and where there are many, only
 * when searching again has not helped. */
static void look_closer(struct engine *e, uint32_t suite, int64_t run_id, uint32_t case_number,
                        bool search_may_help)
{
    bool at_once = !search_may_help && e->claim.state == CLAIM_HELD && e->closer_looks < CLOSER_LOOKS_MAX;
    if (!at_once) {
        e->closer_wanted = true;
        if (e->rechecks < RECHECKS_MAX)
            return;
    }
    e->closer_looks++;
    engine_look_at_run(e, suite, run_id, case_number);
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

void engine_search_lags(struct engine *e)
{
    e->search_lags = true;
    e->closer_wanted = true;
}

/* For results without an instant it was asked for all logs. */
void engine_judge_search(struct engine *e)
{
    if (!e->desired->some_without_start || e->round > 0)
        return;
    e->search_lags = false;
    if (e->newest_log_id > e->searched_log_id)
        engine_search_lags(e);
}

/* In a run of a server that tells no newest log (switch 13), or where the search is known to lag. */
static bool tells_nothing(const struct engine *e, const struct qtest_run *run)
{
    bool look = e->claim.state == CLAIM_HELD && e->closer_looks < CLOSER_LOOKS_MAX;
    return (!latest_known(run) && look) || (e->search_lags && e->rechecks >= RECHECKS_MAX);
}

/* A newer log stands before this result, or one of the same second: one that the search is slow to show may
 * stand behind it. Searched for again, and looked for as far as a bounded number of requests goes. */
static void look_behind(struct engine *e, uint32_t suite, int64_t run_id, uint32_t case_number)
{
    if (e->claim.state == CLAIM_HELD && e->closer_looks < CLOSER_LOOKS_MAX) {
        e->closer_looks++;
        engine_look_at_run(e, suite, run_id, case_number);
    } else {
        e->closer_wanted = true;
    }
}

/* The newest log may be of another part of this execution. */
static bool may_be_far(const struct engine *e, const struct qtest_run *run)
{
    return latest_known(run) && engine_is_far(e, run->latest_log.start_ms) &&
           !engine_log_known(e, run->latest_log.id);
}

static void match_run(struct engine *e, uint32_t suite, const struct qtest_run *run, uint32_t case_number)
{
    size_t count;
    bool shown = false;
    bool hidden = false;
    bool behind = false;
    bool far = false;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    engine_use_bare_logs(e, suite, run->id, case_number);
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (!engine_entry_open(e, numbers[i]) || desired_suite_of(e->desired, entry) != suite)
            continue;
        shown |= may_be_shown(e, run, numbers[i], numbers, count);
        hidden |= tells_nothing(e, run) || (e->thorough && hides_others(e, run, entry));
        if (!newest_is_of_it(e, entry, run, numbers, count))
            judge_age(e, run, entry);
        behind |= may_stand_behind(e, run, entry, numbers, count);
        far |= may_be_far(e, run);
    }
    if (far)
        engine_note_far_log(e, suite, case_number, run);
    e->thorough |= shown; /* at the next look another upload may have put a newer log before it */
    if (shown || hidden)
        look_closer(e, suite, run->id, case_number, shown);
    else if (behind)
        look_behind(e, suite, run->id, case_number);
}

/* A run of a case that the search has not shown, with a newest log from the time of this execution or later:
 * the case may be one of ours that was made just now, where cases are to be made at all. */
static bool may_be_of_new_case(const struct engine *e, const struct qtest_run *run, bool tells_logs)
{
    if (tells_logs && !run->has_latest_log && !e->thorough)
        return false; /* it has none */
    if (!run->case_id || (e->seen_case_count && bsearch(&run->case_id, e->seen_cases, e->seen_case_count,
                                                        sizeof *e->seen_cases, by_id)))
        return false;
    if (e->thorough || !latest_known(run) || e->desired->some_without_start)
        return true;
    return run->latest_log.start_ms >= e->desired->window_begin_ms - WINDOW_SLACK_MS ||
           engine_is_far(e, run->latest_log.start_ms);
}

/* Searched for again first, many by listing all cases; at last it is read, and the runs are looked at once
 * more. */
static void doubt_case(struct engine *e, int64_t case_id)
{
    e->closer_wanted = true;
    e->all_cases_wanted |= ++e->doubts > DOUBTS_MAX;
    if (e->rechecks >= RECHECKS_MAX - 1)
        engine_read_case(e, case_id);
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
        note_newest_log(e, &run);
        uint32_t found = engine_indexed_case(e, cases, case_count, run.case_id);
        if (found != INTERN_NONE)
            match_run(e, suite, &run, found);
        else if (new_cases && may_be_of_new_case(e, &run, tells_logs))
            doubt_case(e, run.case_id);
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
    if (!state->node.id || !state->was_there || state->runs_listed || !engine_suite_needed(e, suite))
        return;
    state->runs_listed = true;
    engine_list_runs(e, suite, on_runs);
}

void engine_confirm_runs(struct engine *e)
{
    e->closer_wanted = e->search_lags;
    e->doubts = 0;
    if (e->seen_case_count)
        qsort(e->seen_cases, e->seen_case_count, sizeof *e->seen_cases, by_id);
    engine_sort_known_logs(e);
    e->far_log_count = 0;
    engine_sort_bare_logs(e);
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        engine_confirm_suite_runs(e, i);
}
