/* Lists and searches from which one object is chosen: only when their last page is in. */
#include "engine_private.h"

/* A shorter first page is whole, unless it holds a round number: a site may give fewer than are asked for. */
#define MAY_BE_CUT_FROM 100

static bool may_be_cut(size_t count)
{
    return count >= MAY_BE_CUT_FROM || (count > 0 && (count % 10 == 0 || count % 25 == 0));
}

static int64_t first_id_of(const struct qtest_page *page)
{
    int64_t id = 0;
    json_int64(cJSON_GetArrayItem(page->items, 0), "id", &id);
    return id;
}

/* Without a total only the pages tell: one that is empty, shorter than the first, or the one before once
 * more, from a site that does not page, is the last. */
static bool goes_on(struct engine *e, const struct call *call, const struct qtest_page *page)
{
    bool first = call->number == 1;
    int64_t first_id = first_id_of(page);
    bool again = !first && first_id == e->listing.first_id;
    if (first)
        e->listing.page_size = page->count;
    e->listing.first_id = first_id;
    return first ? may_be_cut(page->count) : page->count >= e->listing.page_size && !again;
}

static bool others_awaited(const struct engine *e, const struct call *call)
{
    for (const struct call *other = e->calls; other; other = other->next)
        if (other != call && other->on_reply == call->on_reply)
            return true;
    return false;
}

bool engine_list_ends(struct engine *e, const struct call *call, const struct qtest_page *page,
                      page_request request)
{
    if (page->total >= 0)
        engine_follow_pages(e, call, page_facts_of(page), request);
    else if (goes_on(e, call, page))
        request(e, call->number + 1);
    return !others_awaited(e, call);
}

void engine_keep_candidate(struct engine *e, struct qtest_node *node)
{
    for (size_t i = 0; i < e->candidates.count; i++) {
        if (e->candidates.items[i].id == node->id) {
            qtest_node_release(node);
            return;
        }
    }
    nodes_add(&e->candidates, node);
}
