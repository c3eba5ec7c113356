/* Searches for test cases: all with our prefix, page by page, or those with certain automation contents.
 * Which takes fewer calls is the caller's to decide, by content_queries_for. */
#ifndef SYNC_CASE_QUERIES_PRIVATE_H
#define SYNC_CASE_QUERIES_PRIVATE_H

#include "engine_private.h"

/* At most how many queries so many contents take. */
int64_t content_queries_for(size_t contents);

/* One page of all cases with our prefix; call->number is its number. */
void engine_search_prefix(struct engine *engine, int64_t page, bool steps, reply_handler on_reply);

/* Contents that are asked for together, as many as a query holds. */
struct content_query {
    struct buf text; /* BUF_UNBOUNDED at first */
    bool steps;      /* the cases are wanted with theirs */
    reply_handler on_reply;
};
/* Takes one more content; sends the query first when it is full. */
void content_query_add(struct engine *engine, struct content_query *query, const char *content);
/* Sends what it holds; engine->content_queries counts what was sent. */
void content_query_send(struct engine *engine, struct content_query *query);
void content_query_release(struct content_query *query);
/* The further pages of a query: a part of a content may stand in more cases than a page holds. */
void content_query_follow(struct engine *engine, const struct call *call, struct page_facts facts,
                          bool steps);

#endif
