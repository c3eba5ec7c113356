/* All logs of one run: the last proof of what stands in it, where neither the search nor the
 * run's newest log tells. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "engine_private.h"

struct run_look {
    struct run_logs logs; /* first: the look is what the walk frees */
    uint32_t suite;
    uint32_t case_number;
    bool used[]; /* by position in the case's entries: a log without a note stands for it */
};

static void found(struct engine *e, uint32_t number, const struct seen_log *log)
{
    canary_learn(e, log->start_ms);
    canary_search_lags(e->canary);
    engine_mark_found(e, number);
    engine_note_status(e, number, log);
}

/* A log without a note stands for the results of one execution: first for those that are settled already.
 * used: by position in the case's entries. */
static void use_run_log(struct engine *e, const struct seen_log *log, const struct run_look *look, bool *used)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, look->case_number, &count);
    for (int open = 0; open < 2; open++) {
        for (size_t i = 0; i < count; i++) {
            const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
            if (used[i] || entry->merged || engine_entry_open(e, numbers[i]) != open ||
                desired_suite_of(e->desired, entry) != look->suite || !engine_is_log_of(e, log, numbers[i]))
                continue;
            used[i] = true;
            if (open)
                found(e, numbers[i], log);
            return;
        }
    }
}

static bool on_log(struct engine *e, struct run_logs *logs, const struct qtest_log *log)
{
    struct run_look *look = (struct run_look *)logs;
    struct seen_log seen = engine_seen_log(log);
    canary_note_log(e->canary, logs->run_id, log->start_ms);
    if (!log->note) {
        if (engine_may_be_ours(e, log, &seen))
            use_run_log(e, &seen, look, look->used);
        return true;
    }
    engine_take_run_log(e, log);
    return true;
}

void engine_look_at_run(struct engine *e, uint32_t suite, int64_t run_id, uint32_t case_number)
{
    size_t count;
    desired_entries_of_case(e->desired, case_number, &count);
    struct run_look *look = xcalloc(1, sizeof *look + count * sizeof look->used[0]);
    look->logs.run_id = run_id;
    look->logs.take = on_log;
    look->suite = suite;
    look->case_number = case_number;
    engine_list_run_logs(e, &look->logs);
}
