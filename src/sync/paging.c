/* Pages of lists and searches: read alike everywhere, and followed to the end. */
#include "engine_private.h"

bool engine_read_page(struct engine *e, struct call *call, const struct reply *reply, struct qtest_page *ret)
{
    struct error err = ERROR_INIT;
    if (!engine_reply_ok(e, call, reply))
        return false;
    if (page_read(reply, ret, &err) == 0)
        return true;
    engine_fail(e, &err);
    return false;
}

bool engine_end_page(struct engine *e, struct qtest_page *page, struct error *err)
{
    page_release(page);
    if (err->code == ERR_NONE)
        return true;
    engine_fail(e, err);
    return false;
}

struct page_facts page_facts_of(const struct qtest_page *page)
{
    bool cut_to_default = page->total < 0 && page->count == QTEST_DEFAULT_PAGE_SIZE;
    struct page_facts facts = {.full = page->count >= QTEST_PAGE_SIZE || cut_to_default, .pages = -1};
    if (page->total >= 0) /* by the size that the server really gave, should it be less than was asked for */
        facts.pages = page->count ? (page->total + (int64_t)page->count - 1) / (int64_t)page->count : 1;
    return facts;
}

/* With a total all other pages are asked for at once; without one by one, until one is not full. */
int64_t engine_last_page(int64_t page, struct page_facts facts)
{
    if (facts.pages < 0)
        return facts.full ? page + 1 : page;
    return page == 1 ? facts.pages : page;
}

void engine_follow_pages(struct engine *e, const struct call *call, struct page_facts facts,
                         page_request request)
{
    for (int64_t next = call->number + 1; next <= engine_last_page(call->number, facts); next++)
        request(e, next);
}
