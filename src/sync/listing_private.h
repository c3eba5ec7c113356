/* Lists: old servers give them without a total, some heed no page size, some do not page at all (qtest-api.md
 * 4.1). */
#ifndef SYNC_LISTING_PRIVATE_H
#define SYNC_LISTING_PRIVATE_H

#include "paging_private.h"

/* A list without a total that is being gone through; zeros at first. */
struct listing {
    size_t page_size; /* as the first page had it */
    int64_t first_id; /* on the page before */
};

/* Up to which page is to be asked for, now that this one, which is the number-th, has come; its own number:
 * no further one. */
int64_t listing_last_page(struct listing *listing, int64_t number, const struct qtest_page *page);
/* For one object that is chosen only when all pages are in: asks for what follows this page of a list;
 * call->number is its number, and all its pages have the same handler. True: nothing follows, and all pages
 * are in. */
bool engine_list_ends(struct engine *engine, const struct call *call, const struct qtest_page *page,
                      page_request request);
/* Adds what is not there yet: two pages may show the same. Takes the node. */
void engine_keep_candidate(struct engine *engine, struct qtest_node *node);

#endif
