/* What all answers have in common: status, errors, pages, texts and dates as a server writes them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "model_private.h"

#define PAGE_SIZE_MAX 999
/* Dates come back in the site's own offset, not in the one they were sent with (qtest-api.md 3.4). */
#define SITE_OFFSET    "+07:00"
#define SITE_OFFSET_MS (7 * 3600000LL)
#define INSTANT_LENGTH 23 /* without the zone */

void answer_status(struct model_call *call, int status)
{
    call->reply->status = status;
}

void answer_error(struct model_call *call, int status, const char *message)
{
    answer_status(call, status);
    json_object(&call->out, NULL);
    json_string(&call->out, "message", message);
    json_end(&call->out);
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void answer_name(struct model_call *call, const char *key, const char *text)
{
    if (!call->model->switches.escaped || !text || !strpbrk(text, "&<>\"'")) {
        json_string(&call->out, key, text);
        return;
    }
    _cleanup_(buf_release) struct buf escaped = BUF_UNBOUNDED;
    for (; *text; text++) {
        const char *entity = entity_of(*text);
        if (entity)
            buf_puts(&escaped, entity);
        else
            buf_putc(&escaped, *text);
    }
    json_string(&call->out, key, buf_text(&escaped));
}

void answer_instant(struct model_call *call, const char *key, int64_t wall_ms)
{
    char text[TIME_TEXT_SIZE];
    time_format_iso(wall_ms + SITE_OFFSET_MS, text);
    memcpy(text + INSTANT_LENGTH, SITE_OFFSET, sizeof SITE_OFFSET);
    json_string(&call->out, key, text);
}

void answer_log_instant(struct model_call *call, const char *key, int64_t wall_ms)
{
    answer_instant(call, key, call->model->switches.no_ms ? wall_ms / 1000 * 1000 : wall_ms);
}

struct page_range page_of(const struct model_call *call, const char *size_name, int64_t default_size)
{
    int64_t size = route_integer(&call->route, size_name, default_size);
    int64_t page = route_integer(&call->route, "page", 1);
    size = size < 1 || size > PAGE_SIZE_MAX ? PAGE_SIZE_MAX : size;
    page = page < 1 ? 1 : page;
    return (struct page_range){.begin = (page - 1) * size, .end = page * size};
}

struct page_range answer_envelope(struct model_call *call, int64_t total)
{
    struct page_range range = page_of(call, "pageSize", 100);
    answer_status(call, 200);
    json_object(&call->out, NULL);
    json_integer(&call->out, "page", range.begin / (range.end - range.begin) + 1);
    json_integer(&call->out, "page_size", range.end - range.begin);
    json_integer(&call->out, "total", total);
    json_array(&call->out, "items");
    return range;
}
