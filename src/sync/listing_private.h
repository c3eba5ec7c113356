/* Lists and searches from which one object is chosen: only when their last page is in (listing.c). */
#ifndef SYNC_LISTING_PRIVATE_H
#define SYNC_LISTING_PRIVATE_H

#include "paging_private.h"

/* A list without a total that is being gone through. */
struct listing {
    size_t page_size; /* as the first page had it */
    int64_t first_id; /* on the page before */
};

/* Asks for what follows this page of a list; call->number is its number, and all its pages have the same
 * handler. True: nothing follows, and all pages are in. */
bool engine_list_ends(struct engine *engine, const struct call *call, const struct qtest_page *page,
                      page_request request);
/* Adds what is not there yet: two pages may show the same. Takes the node. */
void engine_keep_candidate(struct engine *engine, struct qtest_node *node);

#endif
