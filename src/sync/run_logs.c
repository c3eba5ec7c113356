/* All logs of one run: the last proof of what stands in it, where neither the search nor the
 * run's newest log tells. */
#include "base/memory.h"
#include "engine_private.h"

static bool on_log(struct engine *e, struct run_logs *logs, const struct qtest_log *log)
{
    canary_note_log(e->canary, logs->run_id, log->start_ms);
    if (log->note)
        engine_take_run_log(e, log);
    else
        engine_keep_bare_log(e, log, logs->run_id);
    return true;
}

void engine_look_at_run(struct engine *e, int64_t run_id)
{
    struct run_logs *logs = xcalloc(1, sizeof *logs);
    logs->run_id = run_id;
    logs->take = on_log;
    engine_list_run_logs(e, logs);
}
