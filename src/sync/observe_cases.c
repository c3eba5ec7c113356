/* The known test cases: by the prefix that all our automation contents share, or by asking for the
 * report's own contents, whichever takes fewer calls (design, section 5.2). The prefix brings the contents
 * of reports that said less as well; else they are asked for where the own ones were not found (4.2). */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"
#include "sync/identity.h"

#define CONTENT_FIELD "'Automation Content'"

static bool by_prefix(const struct engine *e)
{
    return text_empty(e->desired->options.content_template);
}

static void keep_seen(struct engine *e, int64_t id)
{
    GROW(e->seen_cases, e->seen_case_count, e->seen_case_capacity);
    e->seen_cases[e->seen_case_count++] = id;
}

/* The case that has been taken for this content so far, 0: none. */
static int64_t taken_before(const struct engine *e, const char *automation_content)
{
    uint32_t number = desired_find_case(e->desired, automation_content);
    return number == INTERN_NONE ? 0 : e->desired->cases[number].case_id;
}

static void take_case(struct engine *e, const struct qtest_case *found)
{
    int64_t before = found->automation_content ? taken_before(e, found->automation_content) : 0;
    uint32_t number = found->automation_content
                          ? desired_take_case(e->desired, found->automation_content, found->id)
                          : INTERN_NONE;
    if (number == INTERN_NONE) {
        keep_seen(e, found->id);
        return;
    }
    if (before && before != found->id)
        keep_seen(e, before); /* it is not ours after all */
    const struct desired_case *wanted = &e->desired->cases[number];
    bool tells_place = wanted->known_by > IDENTITY_BARE_NAME; /* without folders it stands anywhere */
    if (tells_place && found->module_id && !e->module_ids[wanted->module])
        e->module_ids[wanted->module] = found->module_id;
}

static void take_page(struct engine *e, const struct qtest_page *page, struct error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_case found;
        if (case_read(item, &found, err) < 0)
            return;
        take_case(e, &found);
        qtest_case_release(&found);
    }
}

static void search(struct engine *e, const char *query, int64_t page, reply_handler on_reply)
{
    struct search search = {.object_type = "test-cases", .query = query, .page = page};
    engine_call(e, call_search(e->project.id, &search), on_reply, page);
}

/* A content with a quote cannot be asked for exactly: its longest safe part is, and the answer compared. Many
 * may have the same: it is asked for once. */
static void put_condition(struct buf *query, const char *content)
{
    bool partial;
    _cleanup_(buf_release) struct buf value = BUF_UNBOUNDED;
    call_quote_value(&value, content, &partial);
    _cleanup_free_ char *condition = xasprintf(CONTENT_FIELD " %s %s", partial ? "~" : "=", buf_text(&value));
    if (query->length && text_ends(buf_text(query), condition))
        return;
    buf_puts(query, query->length ? " or " : "");
    buf_puts(query, condition);
}

static void on_contents(struct engine *e, struct call *call, const struct reply *reply);

/* Asks for what the query holds, as soon as it is full or, with no further content, at the end. */
static void ask_for_content(struct engine *e, struct buf *query, const char *content)
{
    bool full = content && query->length + strlen(content) + 40 > QTEST_QUERY_MAX_BYTES;
    if (query->length && (full || !content)) {
        e->content_queries++;
        search(e, buf_text(query), 1, on_contents);
        buf_clear(query);
    }
    if (content)
        put_condition(query, content);
}

static void ask_for_weaker(struct engine *e, struct buf *query, const struct test_result *result)
{
    for (enum identity_strength by = IDENTITY_WITHOUT_ID; by > IDENTITY_NONE; by--) {
        _cleanup_free_ char *content = identity_weaker_key(result, by);
        if (content)
            ask_for_content(e, query, content);
    }
}

static void ask_for_contents(struct engine *e, bool weaker)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(buf_release) struct buf query = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    e->weaker_asked = weaker;
    for (uint32_t i = 0; i < e->desired->case_count; i++) {
        const struct desired_case *wanted = &e->desired->cases[i];
        if (weaker && wanted->known_by == IDENTITY_OWN)
            continue;
        if (store_read(e->desired->store, wanted->first_entry, &record, &err) < 0) {
            engine_fail(e, &err);
            return;
        }
        if (weaker) {
            ask_for_weaker(e, &query, &record.result);
            continue;
        }
        _cleanup_free_ char *content =
            identity_automation_content(&record.result, e->desired->options.content_template);
        ask_for_content(e, &query, content);
    }
    ask_for_content(e, &query, NULL);
}

/* As engine_follow_pages, with the same query: a part of a content may stand in more cases than a page holds.
 */
static void follow_contents(struct engine *e, const struct call *call, struct page_facts facts)
{
    _cleanup_(json_delete) cJSON *body =
        json_parse(buf_text(&call->request->body), call->request->body.length);
    for (int64_t next = call->number + 1; next <= engine_last_page(call->number, facts); next++) {
        e->content_queries++;
        search(e, json_text(body, "query"), next, on_contents);
    }
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
    follow_contents(e, call, facts);
    e->content_queries--;
    if (e->content_queries == 0 && e->desired->weaker_count && !e->weaker_asked)
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
    bool nothing_new =
        e->again && !e->thorough && !e->all_cases_wanted && page.total >= 0 && page.total == e->prefix_total;
    e->prefix_total = page.total;
    if (!engine_end_page(e, &page, &err))
        return;
    bool far_larger = call->number == 1 && !e->all_cases_wanted &&
                      facts.pages - 1 > (int64_t)e->desired->case_count / 40 + 1;
    if (nothing_new)
        return;
    if (!far_larger)
        engine_follow_pages(e, call, facts, search_prefix);
    else
        ask_for_contents(e, false);
}

static void search_prefix(struct engine *e, int64_t page)
{
    search(e, CONTENT_FIELD " ~ '" CASE_KEY_PREFIX "'", page, on_prefix_page);
}

static void on_case(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_case found = {0};
    if (reply_verdict(reply) == VERDICT_MISSING || !engine_reply_ok(e, call, reply))
        return;
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (!body || case_read(body, &found, &err) < 0)
        engine_fail(e, &err);
    else
        take_case(e, &found);
    qtest_case_release(&found);
}

void engine_read_case(struct engine *e, int64_t case_id)
{
    engine_call(e, call_get_case(e->project.id, case_id), on_case, case_id);
}

void engine_observe_cases(struct engine *e)
{
    if (!e->again || e->thorough) /* else they are as many as before, or all come again */
        e->seen_case_count = 0;
    e->content_queries = 0;
    if (by_prefix(e))
        search_prefix(e, 1);
    else
        ask_for_contents(e, false);
}
