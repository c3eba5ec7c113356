/* The runs of a suite, and the logs of a run, page after page (qtest-api.md 4.4, 6). */
#include "base/memory.h"
#include "engine_private.h"

/* A call's number holds the suite and the page. */
#define NUMBER_SHIFT 32

static void list_page(struct engine *e, uint32_t suite, int64_t page, reply_handler on_reply)
{
    engine_call(e, call_list_runs(e->project.id, e->suites[suite].node.id, page), on_reply,
                page << NUMBER_SHIFT | suite);
}

void engine_list_runs(struct engine *e, uint32_t suite, reply_handler on_reply)
{
    e->suites[suite].listing = (struct listing){0};
    list_page(e, suite, 1, on_reply);
}

uint32_t engine_suite_of_runs(const struct call *call)
{
    return (uint32_t)(call->number & UINT32_MAX);
}

void engine_take_runs(struct engine *e, struct call *call, const struct reply *reply, runs_taker take)
{
    uint32_t suite = engine_suite_of_runs(call);
    int64_t number = call->number >> NUMBER_SHIFT;
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page) || engine_too_many_pages(e, call, number, &page))
        return;
    take(e, suite, &page, &err);
    int64_t last = listing_last_page(&e->suites[suite].listing, number, &page);
    reply_handler on_reply = call->on_reply;
    if (!engine_end_page(e, &page, &err))
        return;
    while (++number <= last)
        list_page(e, suite, number, on_reply);
}

static void list_logs_page(struct engine *e, struct run_logs *logs, int64_t page);

/* False: the rest is not wanted, or one cannot be read. */
static bool take_logs(struct engine *e, struct run_logs *logs, const struct qtest_page *page,
                      struct error *err)
{
    bool go_on = true;
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_log log;
        if (log_read(item, &log, err) < 0)
            return false;
        go_on = logs->take(e, logs, &log);
        qtest_log_release(&log);
        if (!go_on)
            break;
    }
    return go_on;
}

static void on_run_logs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    struct run_logs *logs = call->context;
    if (reply_verdict(reply) == VERDICT_MISSING) /* deleted meanwhile */
        return;
    if (!engine_read_page(e, call, reply, &page))
        return;
    bool go_on = take_logs(e, logs, &page, &err);
    if (call->number >= logs->last_page)
        logs->last_page = listing_last_page(&logs->listing, call->number, &page);
    if (engine_end_page(e, &page, &err) && go_on && call->number < logs->last_page)
        list_logs_page(e, TAKE(call->context), call->number + 1);
}

static void list_logs_page(struct engine *e, struct run_logs *logs, int64_t page)
{
    struct call *call =
        engine_call(e, call_list_run_logs(e->project.id, logs->run_id, page), on_run_logs, page);
    call->context = logs;
}

void engine_list_run_logs(struct engine *e, struct run_logs *logs)
{
    list_logs_page(e, logs, 1);
}
