/* All logs of one run, page after page: the last proof of what stands in it, where neither the search nor the
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

/* A look at all logs of one run, page after page. */
struct run_look {
    int64_t run_id;
    int64_t last_page; /* as far as is known */
    struct listing listing;
    uint32_t suite;
    uint32_t case_number;
    bool used[]; /* by position in the case's entries: a log without a note stands for it */
};

static void list_run_logs(struct engine *e, struct run_look *look, int64_t page);

static void on_run_logs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    struct run_look *look = call->context;
    if (reply_verdict(reply) == VERDICT_MISSING)
        return;
    if (!engine_read_page(e, call, reply, &page))
        return;
    const cJSON *item;
    cJSON_ArrayForEach(item, page.items)
    {
        struct qtest_log log;
        if (log_read(item, &log, &err) < 0)
            break;
        take_run_log(e, &log, look->suite, look->case_number, look->used);
        qtest_log_release(&log);
    }
    if (call->number >= look->last_page)
        look->last_page = listing_last_page(&look->listing, call->number, &page);
    if (engine_end_page(e, &page, &err) && call->number < look->last_page)
        list_run_logs(e, TAKE(call->context), call->number + 1);
}

/* Takes the look. */
static void list_run_logs(struct engine *e, struct run_look *look, int64_t page)
{
    struct call *call =
        engine_call(e, call_list_run_logs(e->project.id, look->run_id, page), on_run_logs, page);
    call->context = look;
}

void engine_look_at_run(struct engine *e, uint32_t suite, int64_t run_id, uint32_t case_number)
{
    size_t count;
    desired_entries_of_case(e->desired, case_number, &count);
    struct run_look *look = xcalloc(1, sizeof *look + count * sizeof look->used[0]);
    look->run_id = run_id;
    look->suite = suite;
    look->case_number = case_number;
    list_run_logs(e, look, 1);
}
