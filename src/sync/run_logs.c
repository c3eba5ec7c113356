/* All logs of one run: the last proof of what stands in it, where neither the search nor the
 * run's newest log tells. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "engine_private.h"

/* A log without a note stands for one result of its run that begins in its second: first for those that
 * are settled already. used: by position in the case's entries. */
static void use_run_log(struct engine *e, const struct qtest_log *log, uint32_t suite, uint32_t case_number,
                        bool *used)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (int open = 0; open < 2; open++) {
        for (size_t i = 0; i < count; i++) {
            const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
            if (used[i] || entry->merged || engine_entry_open(e, numbers[i]) != open ||
                desired_suite_of(e->desired, entry) != suite ||
                engine_sent_second_of(e, entry) != engine_second_of(log->start_ms))
                continue;
            used[i] = true;
            if (open)
                engine_mark_found(e, numbers[i]);
            return;
        }
    }
}

static void take_run_log(struct engine *e, const struct qtest_log *log, uint32_t suite, uint32_t case_number,
                         bool *used)
{
    if (!log->note) {
        bool another = log->build_number && !engine_known_execution(e, log->build_number);
        if (log->start_ms != TIME_NONE && !another)
            use_run_log(e, log, suite, case_number, used);
        return;
    }
    uint32_t bearer = engine_bearer_of(e, log);
    if (bearer == INTERN_NONE)
        return;
    uint32_t found = desired_leader(e->desired, bearer);
    if (engine_entry_open(e, found) && !store_entry(e->desired->store, found)->sent)
        engine_search_lags(e);
    engine_take_marked(e, bearer, log);
}

struct run_look {
    struct run_logs logs; /* first: the look is what the walk frees */
    uint32_t suite;
    uint32_t case_number;
    bool used[]; /* by position in the case's entries: a log without a note stands for it */
};

static bool on_log(struct engine *e, struct run_logs *logs, const struct qtest_log *log)
{
    struct run_look *look = (struct run_look *)logs;
    take_run_log(e, log, look->suite, look->case_number, look->used);
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
