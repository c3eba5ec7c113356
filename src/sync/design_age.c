/* Whose design is newer: a report that is uploaded after a later execution of the same tests must not turn
 * their cases back.
 *
 * Where results were sent, and none was older than its run's newest log, they are the last word. Else the
 * runs are listed for that: a repeat of the last report, whose cases could not be updated then, goes on; a
 * repeat of an older one changes nothing. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

/* Runs, in an upload; the cases beyond stay as they are. */
#define AGE_LOOKS_MAX 64

static bool is_current(const struct engine *e, uint32_t case_number)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (!entry->merged && (!entry->sent || entry->older))
            return false; /* than a log that may be another one's of this report */
    }
    return true;
}

/* TIME_NONE: some result of the case has no instant, so nothing is older. */
static int64_t last_start_of(const struct engine *e, uint32_t case_number)
{
    size_t count;
    int64_t last_ms = INT64_MIN;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        int64_t start_ms = store_entry(e->desired->store, numbers[i])->start_ms;
        if (start_ms == TIME_NONE)
            return TIME_NONE;
        last_ms = engine_later_of(last_ms, start_ms);
    }
    return last_ms;
}

static int by_case_id(const void *a, const void *b)
{
    const struct design_change *x = a;
    const struct design_change *y = b;
    return (x->case_id > y->case_id) - (x->case_id < y->case_id);
}

static void judge_log(struct design_change *change, int64_t start_ms)
{
    if (start_ms != TIME_NONE && change->last_start_ms != TIME_NONE)
        change->older |= engine_second_of(start_ms) > engine_second_of(change->last_start_ms);
}

/* A look at the logs of a run: what it shows as its newest may be what was submitted last (switch 24), or
 * nothing. */
struct age_look {
    struct run_logs logs; /* first: the look is what the walk frees */
    size_t change;
};

static bool on_log(struct engine *e, struct run_logs *logs, const struct qtest_log *log)
{
    struct design_change *change = &e->design_changes[((struct age_look *)logs)->change];
    judge_log(change, log->start_ms);
    return !change->older;
}

static void judge_run(struct engine *e, const struct qtest_run *run)
{
    const struct design_change key = {.case_id = run->case_id};
    struct design_change *change =
        bsearch(&key, e->design_changes, e->design_change_count, sizeof key, by_case_id);
    if (!change || change->older || !change->age_unknown)
        return;
    if (run->has_latest_log)
        judge_log(change, run->latest_log.start_ms);
    if (change->older || change->put_off)
        return;
    struct age_look *look = xcalloc(1, sizeof *look);
    look->change = (size_t)(change - e->design_changes);
    look->logs.run_id = run->id;
    look->logs.take = on_log;
    engine_list_run_logs(e, &look->logs);
}

static void take_runs(struct engine *e, uint32_t suite, const struct qtest_page *page, struct error *err)
{
    (void)suite;
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_run run;
        if (run_read(item, &run, err) < 0)
            return;
        judge_run(e, &run);
        qtest_run_release(&run);
    }
}

static void on_runs(struct engine *e, struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) != VERDICT_MISSING) /* deleted meanwhile */
        engine_take_runs(e, call, reply, take_runs);
}

/* Whole cases, with a run in each suite: of one whose runs were not all looked at nothing would be known.
 * Each upload begins anywhere, so that repeats come to all of them. */
static void put_off_too_many(struct engine *e)
{
    size_t looks = AGE_LOOKS_MAX / e->desired->suites.count;
    looks = looks ? looks : 1;
    size_t first = (size_t)(engine_random(e) % e->design_change_count);
    for (size_t i = 0; i < e->design_change_count; i++) {
        struct design_change *change = &e->design_changes[(first + i) % e->design_change_count];
        change->put_off = change->age_unknown && looks == 0;
        looks -= change->age_unknown && looks > 0;
    }
}

void engine_compare_ages(struct engine *e)
{
    bool unknown = false;
    for (size_t i = 0; i < e->design_change_count; i++) {
        struct design_change *change = &e->design_changes[i];
        change->last_start_ms = last_start_of(e, change->case_number);
        change->age_unknown = !is_current(e, change->case_number) && change->last_start_ms != TIME_NONE;
        unknown |= change->age_unknown;
    }
    if (!unknown)
        return;
    qsort(e->design_changes, e->design_change_count, sizeof *e->design_changes, by_case_id);
    put_off_too_many(e);
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        if (e->suites[i].node.id)
            engine_list_runs(e, i, on_runs);
}

static void tell_older(struct engine *e, int64_t count)
{
    _cleanup_free_ char *cases = text_counted(count, "test case keeps", "test cases keep");
    engine_problem(e, ERR_NONE, 0,
                   "%s description and steps: a later execution than this report's has written them", cases);
}

static void tell_put_off(struct engine *e, int64_t count)
{
    _cleanup_free_ char *cases = text_counted(count, "test case keeps", "test cases keep");
    engine_problem(
        e, ERR_NONE, 0,
        "%s description and steps for now: whether a later execution has written them takes too many "
        "requests to find out at once; run the same command again for others of them",
        cases);
}

void engine_drop_older_designs(struct engine *e)
{
    size_t kept = 0;
    int64_t older = 0;
    int64_t put_off = 0;
    for (size_t i = 0; i < e->design_change_count; i++) {
        struct design_change *change = &e->design_changes[i];
        older += change->older;
        put_off += change->put_off && !change->older;
        if (change->older || change->put_off)
            free(change->name);
        else
            e->design_changes[kept++] = *change;
    }
    e->design_change_count = kept;
    if (older)
        tell_older(e, older);
    if (put_off)
        tell_put_off(e, put_off);
}
