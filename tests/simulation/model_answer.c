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
#define DAY_MS         86400000LL

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

/* Two digits; the values are in range. */
static void put_two(char *at, int64_t value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
}

/* A schedule stays within few days: the date is made anew only when it changes. */
void answer_instant(struct model_call *call, const char *key, int64_t wall_ms)
{
    struct model *m = call->model;
    int64_t local_ms = wall_ms + SITE_OFFSET_MS;
    int64_t of_day_ms = local_ms % DAY_MS;
    char text[] = "YYYY-MM-DDThh:mm:ss.mmm" SITE_OFFSET;
    if (local_ms - of_day_ms != m->date_of_ms) {
        m->date_of_ms = local_ms - of_day_ms;
        time_format_date(local_ms, m->date);
    }
    memcpy(text, m->date, 10);
    put_two(text + 11, of_day_ms / 3600000);
    put_two(text + 14, of_day_ms / 60000 % 60);
    put_two(text + 17, of_day_ms / 1000 % 60);
    text[20] = (char)('0' + of_day_ms / 100 % 10);
    put_two(text + 21, of_day_ms % 100);
    json_string_n(&call->out, key, text, sizeof text - 1);
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
