/* Pages of lists and searches: read alike everywhere, and followed to the end. */
#ifndef SYNC_PAGING_PRIVATE_H
#define SYNC_PAGING_PRIVATE_H

#include "qtest/objects.h"
#include "sync/engine.h"

struct call;

/* All pages are asked for at once: not when the total on the first one, this number 1, is rubbish. The engine
 * has failed then, and the page is released. */
bool engine_too_many_pages(struct engine *engine, const struct call *call, int64_t number,
                           struct qtest_page *page);
/* The reply as a page; false when it is none, or the first of too many (call->number is its number): the
 * engine has failed then. */
bool engine_read_page(struct engine *engine, struct call *call, const struct reply *reply,
                      struct qtest_page *ret_page);
/* Releases the page; false when something in it could not be read: the engine has failed then. */
bool engine_end_page(struct engine *engine, struct qtest_page *page, struct error *err);
/* What must be known of a page when it is gone. */
struct page_facts {
    bool full;     /* as many as were asked for */
    int64_t pages; /* in all, -1: not said */
};
struct page_facts page_facts_of(const struct qtest_page *page);
typedef void (*page_request)(struct engine *engine, int64_t page);
/* Up to which page is to be asked for, now that this one has come; its own number: no further one. */
int64_t engine_last_page(int64_t page, struct page_facts facts);
/* call->number is the number of its page. */
void engine_follow_pages(struct engine *engine, const struct call *call, struct page_facts facts,
                         page_request request);

#endif
