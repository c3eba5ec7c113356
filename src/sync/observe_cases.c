/* The known test cases: by the prefix that all our automation contents share, or by asking for the
 * report's own contents, whichever takes fewer calls. The prefix brings the contents
 * of reports that said less as well; else they are asked for where the own ones were not found (4.2). */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "case_queries_private.h"
#include "engine_private.h"
#include "sync/identity.h"

static bool by_prefix(const struct engine *e)
{
    return text_empty(e->desired->options.content_template);
}

/* The case that has been taken for this content so far, 0: none. */
static int64_t taken_before(const struct engine *e, const char *automation_content)
{
    uint32_t number = desired_find_case(e->desired, automation_content);
    return number == INTERN_NONE ? 0 : e->desired->cases[number].case_id;
}

/* A majority vote in two numbers a folder: where more than half of its cases are in one module, that one is
 * left, in whatever order they come. */
static void count_place(struct folder_state *folder, int64_t module_id)
{
    if (folder->ahead == 0)
        folder->cases_in = module_id;
    if (folder->cases_in == module_id)
        folder->ahead++;
    else
        folder->ahead--;
}

static int take_case(struct engine *e, const struct qtest_case *found, struct error *err)
{
    int r = desired_read_weaker(e->desired, err);
    if (r < 0 || !found->automation_content)
        return r;
    int64_t before = taken_before(e, found->automation_content);
    uint32_t number = desired_take_case(e->desired, found->automation_content, found->id);
    if (number == INTERN_NONE)
        return 0;
    const struct desired_case *wanted = &e->desired->cases[number];
    bool tells_place = wanted->known_by > IDENTITY_BARE_NAME; /* without folders it stands anywhere */
    if (tells_place && found->module_id && before != found->id)
        count_place(&e->folders[wanted->module], found->module_id);
    return 0;
}

static void take_page(struct engine *e, const struct qtest_page *page, struct error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_case found;
        if (case_read(item, &found, err) < 0)
            return;
        int r = take_case(e, &found, err);
        qtest_case_release(&found);
        if (r < 0)
            return;
    }
}

static void on_contents(struct engine *e, struct call *call, const struct reply *reply);

static void ask_for_weaker(struct engine *e, struct content_query *query, const struct test_result *result)
{
    for (enum identity_strength by = IDENTITY_WITHOUT_ID; by > IDENTITY_NONE; by--) {
        _cleanup_free_ char *content = identity_weaker_key(result, by);
        if (content)
            content_query_add(e, query, content);
    }
}

static void ask_for_contents(struct engine *e, bool weaker)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(content_query_release) struct content_query query = {.text = BUF_UNBOUNDED,
                                                                   .on_reply = on_contents};
    struct error err = ERROR_INIT;
    e->weaker_asked = weaker;
    for (uint32_t i = 0; i < e->desired->case_count; i++) {
        const struct desired_case *wanted = &e->desired->cases[i];
        if (weaker && wanted->known_by == IDENTITY_OWN)
            continue;
        if (store_read(e->desired->store, desired_first_entry(e->desired, i), &record, &err) < 0) {
            engine_fail(e, &err);
            return;
        }
        if (weaker) {
            ask_for_weaker(e, &query, &record.result);
            continue;
        }
        _cleanup_free_ char *content =
            identity_automation_content(&record.result, e->desired->options.content_template);
        content_query_add(e, &query, content);
    }
    content_query_send(e, &query);
}

/* When all own contents were looked for, the weaker ones of those that were not found are. */
static void on_contents(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    take_page(e, &page, &err);
    struct page_facts facts = page_facts_of(&page);
    if (!engine_end_page(e, &page, &err))
        return;
    content_query_follow(e, call, facts, false);
    e->content_queries--;
    if (e->content_queries == 0 && by_prefix(e) && !e->weaker_asked)
        ask_for_contents(e, true);
}

static void search_prefix(struct engine *e, int64_t page);

static void on_prefix_page(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    take_page(e, &page, &err);
    struct page_facts facts = page_facts_of(&page);
    /* Asked again after a claim was won: as many as before are the same as before. */
    bool nothing_new = e->again && page.total >= 0 && page.total == e->prefix_total;
    e->prefix_total = page.total;
    if (!engine_end_page(e, &page, &err))
        return;
    bool far_larger = call->number == 1 && facts.pages - 1 > content_queries_for(e->desired->case_count);
    if (nothing_new)
        return;
    if (!far_larger)
        engine_follow_pages(e, call, facts, search_prefix);
    else
        ask_for_contents(e, false);
}

static void search_prefix(struct engine *e, int64_t page)
{
    engine_search_prefix(e, page, false, on_prefix_page);
}

static void on_case(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_case found = {0};
    if (reply_verdict(reply) == VERDICT_MISSING || !engine_reply_ok(e, call, reply))
        return;
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (!body || case_read(body, &found, &err) < 0 || take_case(e, &found, &err) < 0)
        engine_fail(e, &err);
    qtest_case_release(&found);
}

void engine_read_case(struct engine *e, int64_t case_id)
{
    engine_call(e, call_get_case(e->project.id, case_id), on_case, case_id);
}

void engine_observe_cases(struct engine *e)
{
    e->content_queries = 0;
    if (by_prefix(e))
        search_prefix(e, 1);
    else
        ask_for_contents(e, false);
}
