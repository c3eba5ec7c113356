/* Pages of lists and searches: read alike everywhere, and followed to the end. */
#include <inttypes.h>

#include "engine_private.h"

#define PAGES_MAX 10000 /* ten million objects */

static int64_t count_pages(const struct qtest_page *page)
{
    int64_t count = (int64_t)page->count;
    return count ? page->total / count + (page->total % count != 0) : 1;
}

bool engine_too_many_pages(struct engine *e, const struct call *call, int64_t number, struct qtest_page *page)
{
    struct error err = ERROR_INIT;
    int64_t total = page->total;
    if (number > 1 || total < 0 || count_pages(page) <= PAGES_MAX)
        return false;
    error_set(&err, ERR_PROTOCOL,
              "the site answered %s with %zu items and says there are %" PRId64
              ", which is more than can be read; try again, and tell the site's administrator",
              call->request->operation, page->count, total);
    page_release(page);
    engine_fail(e, &err);
    return true;
}

bool engine_read_page(struct engine *e, struct call *call, const struct reply *reply, struct qtest_page *ret)
{
    struct error err = ERROR_INIT;
    if (!engine_reply_ok(e, call, reply))
        return false;
    if (page_read(reply, ret, &err) == 0)
        return !engine_too_many_pages(e, call, call->number, ret);
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
    struct page_facts facts = {.full = page->count >= QTEST_PAGE_SIZE, .pages = -1};
    if (page->total >= 0) /* by the size that the server really gave, should it be less than was asked for */
        facts.pages = count_pages(page);
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
