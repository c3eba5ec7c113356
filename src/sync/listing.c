/* The last page of a list, with a total and without. */
#include "engine_private.h"

/* A shorter first page is whole, unless it holds a round number: a site may give fewer than are asked for. */
#define MAY_BE_CUT_FROM 100 /* the default page (qtest-api.md 4.1) */

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
static bool goes_on(struct listing *listing, int64_t number, const struct qtest_page *page)
{
    int64_t first_id = first_id_of(page);
    bool again = number > 1 && first_id == listing->first_id;
    if (number == 1)
        listing->page_size = page->count;
    listing->first_id = first_id;
    return number == 1 ? may_be_cut(page->count) : page->count >= listing->page_size && !again;
}

int64_t listing_last_page(struct listing *listing, int64_t number, const struct qtest_page *page)
{
    if (page->total >= 0)
        return engine_last_page(number, page_facts_of(page));
    return goes_on(listing, number, page) ? number + 1 : number;
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
    int64_t last = listing_last_page(&e->listing, call->number, page);
    for (int64_t next = call->number + 1; next <= last; next++)
        request(e, next);
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
