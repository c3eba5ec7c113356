#include "case_queries_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "sync/identity.h"

#define CONTENT_FIELD "'Automation Content'"
/* A query of QTEST_QUERY_MAX_BYTES holds some more case keys. */
#define CONTENTS_A_QUERY     40
#define CONDITION_MORE_BYTES 40 /* of a condition beside its content */

int64_t content_queries_for(size_t contents)
{
    return (int64_t)(contents / CONTENTS_A_QUERY) + 1;
}

static void search(struct engine *e, const char *query, int64_t page, bool steps, reply_handler on_reply)
{
    struct search search = {.object_type = "test-cases", .query = query, .page = page, .steps = steps};
    engine_call(e, call_search(e->project.id, &search), on_reply, page);
}

void engine_search_prefix(struct engine *e, int64_t page, bool steps, reply_handler on_reply)
{
    search(e, CONTENT_FIELD " ~ '" CASE_KEY_PREFIX "'", page, steps, on_reply);
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

void content_query_send(struct engine *e, struct content_query *query)
{
    if (!query->text.length)
        return;
    e->content_queries++;
    search(e, buf_text(&query->text), 1, query->steps, query->on_reply);
    buf_clear(&query->text);
}

void content_query_add(struct engine *e, struct content_query *query, const char *content)
{
    if (query->text.length + strlen(content) + CONDITION_MORE_BYTES > QTEST_QUERY_MAX_BYTES)
        content_query_send(e, query);
    put_condition(&query->text, content);
}

void content_query_release(struct content_query *query)
{
    buf_release(&query->text);
}

void content_query_follow(struct engine *e, const struct call *call, struct page_facts facts, bool steps)
{
    _cleanup_free_ char *query = call_searched(call->request);
    for (int64_t next = call->number + 1; next <= engine_last_page(call->number, facts); next++) {
        e->content_queries++;
        search(e, query, next, steps, call->on_reply);
    }
}
