/* Logs of this execution that begin outside of the report's time window: a part of it that ran earlier or
 * later, a job that was tried again, a second version of a browser. The runs that something is to be written
 * to show their newest log; those that the search over the window cannot have shown are searched for where
 * they lie, as one more search. One that it does not show either is waited for, and at last its run is looked
 * at. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/executions.h"

/* Behind a newest log of somebody else may stand one of ours: of a part that ran so much earlier or later. */
#define BEHIND_MS (3600 * INT64_C(1000))

void engine_note_far_log(struct engine *e, uint32_t suite, uint32_t case_number, const struct qtest_run *run)
{
    GROW(e->far_logs, e->far_log_count, e->far_log_capacity);
    e->far_logs[e->far_log_count++] = (struct far_log){.log_id = run->latest_log.id,
                                                       .run_id = run->id,
                                                       .start_ms = run->latest_log.start_ms,
                                                       .suite = suite,
                                                       .case_number = case_number};
}

bool engine_is_far(const struct engine *e, int64_t start_ms)
{
    const struct desired *d = e->desired;
    if (d->some_without_start)
        return false; /* all logs were asked for */
    bool before = start_ms < d->window_begin_ms - WINDOW_SLACK_MS;
    bool after = start_ms > d->window_end_ms + WINDOW_SLACK_MS;
    return (before && start_ms > d->window_begin_ms - EXECUTION_APART_MS) ||
           (after && start_ms < d->window_end_ms + EXECUTION_APART_MS);
}

static void search_far(struct engine *e, int64_t page);

static void on_far(struct engine *e, struct call *call, const struct reply *reply)
{
    engine_take_log_page(e, call, reply, search_far);
}

static void search_far(struct engine *e, int64_t page)
{
    int64_t first_ms = e->desired->window_begin_ms - BEHIND_MS;
    int64_t last_ms = e->desired->window_end_ms + BEHIND_MS;
    for (size_t i = 0; i < e->far_log_count; i++) {
        int64_t start_ms = e->far_logs[i].start_ms;
        first_ms = start_ms < first_ms ? start_ms : first_ms;
        last_ms = engine_later_of(last_ms, start_ms);
    }
    engine_search_logs(e, first_ms, last_ms, on_far, page);
}

void engine_search_far_logs(struct engine *e)
{
    if (e->far_log_count)
        search_far(e, 1);
}

static bool waits_for(const struct engine *e, const struct far_log *log)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, log->case_number, &count);
    for (size_t i = 0; i < count; i++)
        if (engine_entry_open(e, numbers[i]) &&
            desired_suite_of(e->desired, store_entry(e->desired->store, numbers[i])) == log->suite)
            return true;
    return false;
}

void engine_judge_far_logs(struct engine *e)
{
    engine_sort_known_logs(e);
    engine_sort_bare_logs(e);
    for (size_t i = 0; i < e->far_log_count; i++) {
        const struct far_log *log = &e->far_logs[i];
        engine_use_bare_logs(e, log->suite, log->run_id, log->case_number);
        if (engine_log_known(e, log->log_id) || !waits_for(e, log))
            continue;
        e->closer_wanted = true;
        if (e->rechecks >= RECHECKS_MAX)
            engine_look_at_run(e, log->suite, log->run_id, log->case_number);
    }
    e->far_log_count = 0;
}
