/* The design of test cases: description and steps as the report has them, compared with what qTest shows;
 * a case that really differs gets a new version, approved (qtest-api.md 4.6).
 *
 * Only for reports that carry a design (full step lists, descriptions, application), and after the
 * results are in: new cases exist then, and a submission may have rewritten the steps itself (switch 8).
 * Writing the same design twice does no harm, so nothing of this needs a claim.
 *
 * As in observe_cases.c the cases are read page by page, or asked for by their contents where that takes no
 * more calls: a report of one test does not read the designs of a whole project. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "case_queries_private.h"
#include "engine_private.h"
#include "sync/design.h"

/* So many designs tell how long they are. */
#define MEASURED_MAX 1000
/* Of a page, by what the report says; qTest adds fields, and writes some characters longer. */
#define PAGE_MAX_BYTES (REPLY_MAX_BYTES / 4)

static void note_change(struct engine *e, uint32_t case_number, int64_t case_id, const char *name)
{
    GROW(e->design_changes, e->design_change_count, e->design_change_capacity);
    e->design_changes[e->design_change_count++] =
        (struct design_change){.case_number = case_number, .case_id = case_id, .name = xstrdup(name)};
}

static void compare(struct engine *e, const cJSON *item, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct qtest_case found;
    if (case_read(item, &found, err) < 0)
        return;
    uint32_t number = found.automation_content
                          ? desired_case_of(e->desired, found.automation_content, found.id)
                          : INTERN_NONE;
    if (number != INTERN_NONE &&
        store_read(e->desired->store, desired_first_entry(e->desired, number), &record, err) == 0 &&
        design_known(&record.result) && !design_equals(&record.result, item))
        note_change(e, number, found.id, found.name);
    qtest_case_release(&found);
}

static bool compare_page(struct engine *e, struct qtest_page *page)
{
    struct error err = ERROR_INIT;
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        if (err.code == ERR_NONE)
            compare(e, item, &err);
    }
    return engine_end_page(e, page, &err);
}

static void on_contents(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    struct page_facts facts = page_facts_of(&page);
    if (compare_page(e, &page))
        content_query_follow(e, call, facts, true);
}

/* The cases of the report that have a design, found by the contents that they have in qTest. */
static void ask_for_contents(struct engine *e)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(content_query_release) struct content_query query = {
        .text = BUF_UNBOUNDED, .steps = true, .on_reply = on_contents};
    struct error err = ERROR_INIT;
    for (uint32_t i = 0; i < e->desired->case_count; i++) {
        _cleanup_free_ char *content = NULL;
        uint32_t first = desired_first_entry(e->desired, i);
        if (store_read(e->desired->store, first, &record, &err) < 0 ||
            (design_known(&record.result) &&
             desired_sent_content(e->desired, first, &record, &content, &err) < 0)) {
            engine_fail(e, &err);
            return;
        }
        if (content)
            content_query_add(e, &query, content);
    }
    content_query_send(e, &query);
}

/* What the report says of designs. */
struct extent {
    size_t designs;
    size_t measured;
    size_t bytes; /* of the measured ones, as they would be sent */
};

static void measure(struct extent *extent, const struct test_result *result)
{
    _cleanup_(buf_release) struct buf body = BUF_UNBOUNDED;
    extent->designs++;
    if (extent->measured == MEASURED_MAX)
        return;
    design_body(result, "", &body);
    extent->measured++;
    extent->bytes += body.length;
}

static int measure_all(const struct engine *e, struct extent *ret, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    *ret = (struct extent){0};
    for (uint32_t i = 0; i < e->desired->case_count; i++) {
        int r = store_read(e->desired->store, desired_first_entry(e->desired, i), &record, err);
        if (r < 0)
            return r;
        if (design_known(&record.result))
            measure(ret, &record.result);
    }
    return 0;
}

/* Asking for the contents takes no more calls than paging, or a page would be larger than what can be read:
 * the cases of a project are mostly alike. */
static bool contents_are_better(const struct engine *e, const struct extent *extent)
{
    size_t total = e->desired->case_count; /* they all are in qTest by now */
    if (e->prefix_total > (int64_t)total)
        total = (size_t)e->prefix_total;
    size_t pages = (total + QTEST_PAGE_SIZE - 1) / QTEST_PAGE_SIZE;
    size_t a_page = total < QTEST_PAGE_SIZE ? total : QTEST_PAGE_SIZE;
    return content_queries_for(extent->designs) <= (int64_t)pages ||
           extent->bytes / extent->measured * a_page > PAGE_MAX_BYTES;
}

static void search_designs(struct engine *e, int64_t page);

/* Pages may be smaller than was asked for, and so more. The first is not compared then: its cases come again.
 */
static bool too_many(const struct engine *e, const struct call *call, struct page_facts facts)
{
    return call->number == 1 && facts.pages - 1 > content_queries_for(e->design_count);
}

static void on_designs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    struct page_facts facts = page_facts_of(&page);
    if (too_many(e, call, facts)) {
        page_release(&page);
        ask_for_contents(e);
    } else if (compare_page(e, &page)) {
        engine_follow_pages(e, call, facts, search_designs);
    }
}

static void search_designs(struct engine *e, int64_t page)
{
    engine_search_prefix(e, page, true, on_designs);
}

/* Own automation contents (--automation-content) belong to cases that the user designed: left alone. */
void engine_observe_designs(struct engine *e)
{
    struct extent extent;
    struct error err = ERROR_INIT;
    if (!text_empty(e->desired->options.content_template) || e->options.plan_only)
        return;
    if (measure_all(e, &extent, &err) < 0) {
        engine_fail(e, &err);
        return;
    }
    e->design_count = extent.designs;
    if (extent.designs && contents_are_better(e, &extent))
        ask_for_contents(e);
    else if (extent.designs)
        search_designs(e, 1);
}

static void not_updated(struct engine *e, const struct call *call, const struct reply *reply,
                        const char *what)
{
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    if (reply->status == 401)
        engine_fail_reply(e, call, reply);
    else
        engine_problem(e, ERR_NONE, 0, "a changed test case could not be %s; its results are in: %s", what,
                       said);
}

static void on_approved(struct engine *e, struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) != VERDICT_OK)
        not_updated(e, call, reply, "approved");
}

static void on_updated(struct engine *e, struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) != VERDICT_OK) {
        not_updated(e, call, reply, "updated");
        return;
    }
    struct call *approve =
        engine_call(e, call_approve_case(e->project.id, call->number), on_approved, call->number);
    approve->repeatable = true;
}

void engine_update_designs(struct engine *e)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < e->design_change_count; i++) {
        const struct design_change *change = &e->design_changes[i];
        struct buf body = BUF_UNBOUNDED;
        if (store_read(e->desired->store, desired_first_entry(e->desired, change->case_number), &record,
                       &err) < 0) {
            engine_fail(e, &err);
            return;
        }
        design_body(&record.result, change->name, &body);
        struct call *call = engine_call(e, call_update_case(e->project.id, change->case_id, &body),
                                        on_updated, change->case_id);
        call->repeatable = true; /* the same design again changes nothing */
        buf_release(&body);
    }
}
