/* In which cycle the logs stand that were found by their marks. A mark does not name the cycle, since a report
 * stays the same under whatever job it is uploaded.
 *
 * A log in another cycle counts only when every result is found there, and the place was not named by the user:
 * then all of it is present, and the cycle is told. Where something is open, the runs of our suites are listed
 * anyway, and what was found in none of them is open as well. Where nothing is, the runs of the first and of the
 * last log tell for all: each upload adds its logs together, so those of two uploads differ in these. Not so where
 * some were found twice, or sent by us, or where the two differ: then the lists tell. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool holds(const struct run_ids *runs, int64_t id)
{
    return runs->count && bsearch(&id, runs->items, runs->count, sizeof *runs->items, by_id);
}

static void sort(struct run_ids *runs)
{
    if (runs->count)
        qsort(runs->items, runs->count, sizeof *runs->items, by_id);
}

bool engine_run_is_elsewhere(const struct engine *e, int64_t run_id)
{
    return holds(&e->found.others, run_id);
}

void engine_forget_found(struct engine *e)
{
    e->found.count = 0;
    memset(e->found.samples, 0, sizeof e->found.samples);
}

void engine_note_found_in(struct engine *e, uint32_t number, const struct qtest_log *log)
{
    struct found_places *found = &e->found;
    if (!store_entry(e->desired->store, number)->unplaced)
        return;
    GROW(found->logs, found->count, found->capacity);
    found->logs[found->count++] = (struct found_log){.run_id = log->run_id, .entry = number};
    const struct found_sample sample = {.log_id = log->id, .run_id = log->run_id, .entry = number};
    if (!found->samples[0].log_id || log->id < found->samples[0].log_id)
        found->samples[0] = sample;
    if (log->id > found->samples[1].log_id)
        found->samples[1] = sample;
}

/* A run of a suite that was not listed before was taken for one of elsewhere. */
static void is_ours_after_all(struct run_ids *others, int64_t run_id)
{
    int64_t *at = others->count ? bsearch(&run_id, others->items, others->count, sizeof *others->items, by_id) : NULL;
    if (!at)
        return;
    others->count--;
    memmove(at, at + 1, (size_t)(others->items + others->count - at) * sizeof *at);
}

void engine_note_our_run(struct engine *e, int64_t run_id)
{
    struct run_ids *ours = &e->found.ours;
    is_ours_after_all(&e->found.others, run_id);
    GROW(ours->items, ours->count, ours->capacity);
    ours->items[ours->count++] = run_id;
}

void engine_forget_our_runs(struct engine *e)
{
    e->found.ours.count = 0;
}

bool engine_found_in_suite(const struct engine *e, uint32_t suite)
{
    for (size_t i = 0; i < e->found.count; i++)
        if (desired_suite_of(e->desired, store_entry(e->desired->store, e->found.logs[i].entry)) == suite)
            return true;
    return false;
}

static int by_entry(const void *a, const void *b)
{
    const struct found_log *x = a;
    const struct found_log *y = b;
    if (x->entry != y->entry)
        return x->entry > y->entry ? 1 : -1;
    return (x->run_id > y->run_id) - (x->run_id < y->run_id);
}

static void sort_found(struct engine *e)
{
    if (e->found.count)
        qsort(e->found.logs, e->found.count, sizeof *e->found.logs, by_entry);
}

/* All that was found is where it belongs, or where it may stay. */
static void leave_found(struct engine *e)
{
    for (size_t i = 0; i < e->desired->store->count; i++)
        store_entry(e->desired->store, i)->unplaced = 0;
    e->found.count = 0;
}

static size_t end_of_entry(const struct engine *e, size_t begin)
{
    size_t end = begin + 1;
    while (end < e->found.count && e->found.logs[end].entry == e->found.logs[begin].entry)
        end++;
    return end;
}

/* The results of one entry stand in a run of ours. */
static bool is_here(const struct engine *e, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (holds(&e->found.ours, e->found.logs[i].run_id))
            return true;
    return false;
}

/* No result of this upload was sent, or found here. */
static bool all_are_elsewhere(const struct engine *e)
{
    size_t found = 0;
    size_t wanted = 0;
    for (size_t i = 0; i < e->desired->store->count; i++)
        wanted += !store_entry(e->desired->store, i)->merged;
    for (size_t i = 0; i < e->found.count; i = end_of_entry(e, i)) {
        if (is_here(e, i, end_of_entry(e, i)))
            return false;
        found++;
    }
    return found == wanted && !e->accepted;
}

static void tell_elsewhere(struct engine *e, const char *cycle)
{
    _cleanup_free_ char *results = text_counted((int64_t)e->desired->store->count, "result is", "results are");
    _cleanup_free_ char *name = cycle ? text_printable(cycle) : NULL;
    engine_problem(e, ERR_NONE, 0,
                   "%s in qTest already, in test cycle %s%s%s, and nothing was added to '%s'; --job or --cycle "
                   "names the test cycle where they are to be as well",
                   results, cycle ? "'" : "", cycle ? name : "of another name", cycle ? "'" : "",
                   e->desired->cycle_name);
}

/* By lists under a claim, or where nothing is written; else the list of a moment ago may not show all. */
static bool lists_count(const struct engine *e)
{
    return e->options.plan_only || e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_OFF;
}

static void reopen(struct engine *e, size_t begin, size_t end)
{
    struct store_entry *entry = store_entry(e->desired->store, e->found.logs[begin].entry);
    struct run_ids *others = &e->found.others;
    entry->outcome = OUTCOME_OPEN;
    entry->own_log = 0;
    engine_drop_correction(e, e->found.logs[begin].entry);
    for (size_t i = begin; i < end && lists_count(e); i++) {
        GROW(others->items, others->count, others->capacity);
        others->items[others->count++] = e->found.logs[i].run_id;
    }
}

bool engine_reopen_found_elsewhere(struct engine *e)
{
    size_t reopened = 0;
    sort(&e->found.ours);
    sort_found(e);
    if (e->found.count && !e->options.place_named && all_are_elsewhere(e)) {
        tell_elsewhere(e, NULL);
        leave_found(e);
        return false;
    }
    for (size_t i = 0; i < e->found.count; i = end_of_entry(e, i)) {
        size_t end = end_of_entry(e, i);
        if (is_here(e, i, end))
            continue;
        reopen(e, i, end);
        reopened++;
    }
    sort(&e->found.others);
    leave_found(e);
    return reopened > 0;
}

/* The lists are to tell: two runs do not speak for all. */
static bool needs_lists(const struct engine *e)
{
    for (size_t i = 0; i < e->found.count; i++) {
        bool again = i > 0 && e->found.logs[i].entry == e->found.logs[i - 1].entry;
        if ((again && e->found.logs[i].run_id != e->found.logs[i - 1].run_id) ||
            store_entry(e->desired->store, e->found.logs[i].entry)->sent)
            return true;
    }
    return false;
}

static void found_elsewhere(struct engine *e, const char *cycle)
{
    if (e->options.place_named || !all_are_elsewhere(e)) { /* an earlier look found the others here */
        e->found.lists_tell = true;
        return;
    }
    tell_elsewhere(e, cycle);
    leave_found(e);
}

/* The node of an answer; false: it is gone, or the engine has failed. */
static bool take_node(struct engine *e, struct call *call, const struct reply *reply, struct qtest_node *ret)
{
    struct error err = ERROR_INIT;
    *ret = (struct qtest_node){0};
    if (reply_verdict(reply) == VERDICT_MISSING) {
        e->found.lists_tell = true;
        return false;
    }
    if (!engine_reply_ok(e, call, reply))
        return false;
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (!body || node_read(body, ret, &err) < 0) {
        engine_fail(e, &err);
        return false;
    }
    return true;
}

static void on_found_cycle(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_node cycle;
    if (!take_node(e, call, reply, &cycle))
        return;
    if (node_is_named(&cycle, e->desired->cycle_name) == NAME_DIFFERS)
        found_elsewhere(e, cycle.name);
    else
        leave_found(e); /* ours, which the search does not show yet */
    qtest_node_release(&cycle);
}

/* Both are in this one, or at the root. */
static void judge_cycle(struct engine *e, int64_t cycle_id)
{
    if (e->cycle.id && cycle_id == e->cycle.id)
        leave_found(e);
    else if (!cycle_id)
        found_elsewhere(e, NULL);
    else {
        _cleanup_free_ char *id = xasprintf("%" PRId64, cycle_id);
        engine_call(e, call_get_cycle(e->project.id, id), on_found_cycle, 0);
    }
}

/* Of the last sample, then of the first one where that is in another suite: of a cycle that the search does not show
 * yet the suites are not known either. */
static void on_found_suite(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_node suite;
    struct found_sample *samples = e->found.samples;
    bool last = call->number == 1;
    if (!take_node(e, call, reply, &suite))
        return;
    samples[call->number].cycle_id = suite.parent_id;
    qtest_node_release(&suite);
    if (last && samples[0].suite_id != samples[1].suite_id)
        engine_call(e, call_get_suite(e->project.id, samples[0].suite_id), on_found_suite, 0);
    else if (last || samples[0].cycle_id == samples[1].cycle_id)
        judge_cycle(e, samples[1].cycle_id);
    else
        e->found.lists_tell = true;
}

static bool is_our_suite(const struct engine *e, int64_t id)
{
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        if (e->suites[i].node.id == id)
            return true;
    return false;
}

/* Both samples are seen: are they here, or where? */
static void judge_samples(struct engine *e)
{
    const struct found_sample *samples = e->found.samples;
    bool last_here = is_our_suite(e, samples[1].suite_id);
    if (is_our_suite(e, samples[0].suite_id) != last_here)
        e->found.lists_tell = true;
    else if (last_here)
        leave_found(e);
    else
        engine_call(e, call_get_suite(e->project.id, samples[1].suite_id), on_found_suite, 1);
}

static void put_sample(struct engine *e, int64_t run_id, int64_t suite_id)
{
    for (size_t i = 0; i < ARRAY_SIZE(e->found.samples); i++)
        if (e->found.samples[i].run_id == run_id)
            e->found.samples[i].suite_id = suite_id;
}

static void ask_for_samples(struct engine *e);

static void on_sample_run(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_node run;
    if (!take_node(e, call, reply, &run))
        return;
    e->found.lists_tell = !run.parent_id;
    put_sample(e, call->number, run.parent_id);
    qtest_node_release(&run);
    if (!e->found.lists_tell)
        ask_for_samples(e);
}

/* A run that the search does not show may be too new for it: it is asked for itself. */
static void ask_for_samples(struct engine *e)
{
    for (size_t i = 0; i < ARRAY_SIZE(e->found.samples); i++) {
        int64_t run = e->found.samples[i].run_id;
        if (e->found.samples[i].suite_id)
            continue;
        engine_call(e, call_get_run(e->project.id, run), on_sample_run, run);
        return;
    }
    judge_samples(e);
}

static int take_sample_runs(struct engine *e, const struct qtest_page *page, struct error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_run run;
        int r = run_read(item, &run, err);
        if (r < 0)
            return r;
        put_sample(e, run.id, run.suite_id);
        qtest_run_release(&run);
    }
    return 0;
}

static void on_sample_runs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    take_sample_runs(e, &page, &err);
    if (engine_end_page(e, &page, &err))
        ask_for_samples(e);
}

static int64_t case_of_sample(const struct engine *e, const struct found_sample *sample)
{
    return e->desired->cases[store_entry(e->desired->store, sample->entry)->case_number].case_id;
}

/* Of both in one search, where their cases are known; its first page is enough. */
static void search_samples(struct engine *e)
{
    const struct found_sample *samples = e->found.samples;
    int64_t first = case_of_sample(e, &samples[0]);
    int64_t last = case_of_sample(e, &samples[1]);
    if (!first || !last) {
        ask_for_samples(e);
        return;
    }
    _cleanup_free_ char *query = xasprintf("'Test Case Id' = %" PRId64 " or 'Test Case Id' = %" PRId64, first, last);
    const struct search search = {.object_type = "test-runs", .query = query, .page = 1};
    engine_call(e, call_search(e->project.id, &search), on_sample_runs, 1);
}

void engine_place_found(struct engine *e)
{
    sort_found(e);
    if (!e->found.count || e->found.lists_tell)
        return;
    e->found.lists_tell = e->cycle.id ? needs_lists(e) : e->options.place_named;
    if (!e->found.lists_tell)
        search_samples(e);
}

bool engine_found_needs_lists(const struct engine *e)
{
    return e->found.count > 0 && e->found.lists_tell;
}

void engine_reopen_unplaced(struct engine *e)
{
    for (size_t i = 0; i < e->desired->store->count; i++) {
        struct store_entry *entry = store_entry(e->desired->store, i);
        if (entry->unplaced && (entry->outcome == OUTCOME_PRESENT || entry->outcome == OUTCOME_CONFIRMED))
            entry->outcome = OUTCOME_OPEN;
    }
}

void engine_free_found(struct engine *e)
{
    free(e->found.logs);
    free(e->found.ours.items);
    free(e->found.others.items);
}
