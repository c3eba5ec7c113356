/* The runs of a suite, page after page (qtest-api.md 4.4). */
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
