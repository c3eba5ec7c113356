/* The design of test cases: description and steps as the report has them, compared with what qTest shows;
 * a case that really differs gets a new version, approved (design, section 2; qtest-api.md 4.6).
 *
 * Only for reports that carry a design (full step lists, descriptions, application), and after the
 * results are in: new cases exist then, and a submission may have rewritten the steps itself (switch 8).
 * Writing the same design twice does no harm, so nothing of this needs a claim. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"
#include "sync/design.h"
#include "sync/identity.h"

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
        store_read(e->desired->store, e->desired->cases[number].first_entry, &record, err) == 0 &&
        design_known(&record.result) && !design_equals(&record.result, item))
        note_change(e, number, found.id, found.name);
    qtest_case_release(&found);
}

static void search_designs(struct engine *e, int64_t page);

static void on_designs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    const cJSON *item;
    cJSON_ArrayForEach(item, page.items)
    {
        if (err.code == ERR_NONE)
            compare(e, item, &err);
    }
    struct page_facts facts = page_facts_of(&page);
    if (engine_end_page(e, &page, &err))
        engine_follow_pages(e, call, facts, search_designs);
}

static void search_designs(struct engine *e, int64_t page)
{
    struct search search = {.object_type = "test-cases",
                            .query = "'Automation Content' ~ '" CASE_KEY_PREFIX "'",
                            .page = page,
                            .steps = true};
    engine_call(e, call_search(e->project.id, &search), on_designs, page);
}

static bool any_design(struct engine *e, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    for (uint32_t i = 0; i < e->desired->case_count; i++) {
        if (store_read(e->desired->store, e->desired->cases[i].first_entry, &record, err) < 0)
            return false;
        if (design_known(&record.result))
            return true;
    }
    return false;
}

/* Own automation contents (--automation-content) belong to cases that the user designed: left alone. */
void engine_observe_designs(struct engine *e)
{
    struct error err = ERROR_INIT;
    if (!text_empty(e->desired->options.content_template) || e->options.plan_only)
        return;
    if (any_design(e, &err))
        search_designs(e, 1);
    else if (err.code != ERR_NONE)
        engine_fail(e, &err);
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
        if (store_read(e->desired->store, e->desired->cases[change->case_number].first_entry, &record, &err) <
            0) {
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
