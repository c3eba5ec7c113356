#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define BODY_SHOWN  90
#define REPLY_SHOWN 150

void trace_line(const struct trace *trace, int uploader, int run, const char *format, ...)
{
    if (!trace->on)
        return;
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = xvasprintf(format, args);
    va_end(args);
    printf("%6" PRId64 ".%03" PRId64 "  ", trace->now_ms / 1000, trace->now_ms % 1000);
    if (uploader >= 0)
        printf("%d.%d  %s\n", uploader, run, text);
    else
        printf("qTest %s\n", text);
}

/* Only what tells one submission from another: which tests, which markers. */
static void put_markers(struct buf *out, const char *body)
{
    for (const char *at = body; (at = strstr(at, "\"automation_content\":\"")); at++) {
        const char *content = at + strlen("\"automation_content\":\"");
        const char *marker = strstr(at, "qtest-sync ");
        buf_printf(out, " [%.*s", (int)strcspn(content, "\""), content);
        if (marker)
            buf_printf(out, " marker %.6s", marker + strlen("qtest-sync "));
        buf_puts(out, "]");
    }
}

static void put_search(struct buf *out, const char *body)
{
    static const char *const names[] = {"\"object_type\":\"", "\"query\":\""};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const char *at = strstr(body, names[i]);
        at = at ? at + strlen(names[i]) : "";
        buf_printf(out, " %.*s", (int)strcspn(at, "\""), at);
    }
}

/* The path below the project, without the paging that every list asks for. */
static void put_path(struct buf *out, const char *path)
{
    const char *project = strstr(path, "/projects/");
    const char *shown = project ? project + strlen("/projects/") : path;
    size_t id = strspn(shown, "0123456789");
    shown += id && shown[id] == '/' ? id + 1 : 0;
    const char *paging = strstr(shown, "page=");
    buf_put(out, shown, paging ? (size_t)(paging - shown) - 1 : strlen(shown));
}

char *trace_request(const struct request *request)
{
    struct buf out = BUF_UNBOUNDED;
    const char *body = buf_text(&request->body);
    if (request->read_only && request->method == HTTP_POST) {
        buf_puts(&out, "search");
        put_search(&out, body);
        return buf_take(&out);
    }
    buf_printf(&out, "%s ", http_method_name(request->method));
    put_path(&out, request->path);
    if (strstr(body, "\"test_logs\"")) {
        buf_printf(&out, " %.*s", (int)strcspn(body, "["), body);
        put_markers(&out, body);
    } else if (request->body.length) {
        buf_printf(&out, " %.*s", BODY_SHOWN, body);
    }
    return buf_take(&out);
}

/* Lists as ids and names, or notes by their markers. */
static void put_items(struct buf *out, const char *body)
{
    for (const char *at = body; (at = strstr(at, "{\"id\":")); at++) {
        const char *name = strstr(at, "\"name\":\"");
        size_t digits = strspn(at + 6, "0123456789");
        buf_printf(out, " %.*s", (int)digits, at + 6);
        if (name && name - at < 40)
            buf_printf(out, " '%.*s'", (int)strcspn(name + 8, "\""), name + 8);
    }
    for (const char *at = body; (at = strstr(at, "qtest-sync ")) && !strstr(at, "claim"); at++)
        buf_printf(out, " marker %.6s", at + strlen("qtest-sync "));
}

char *trace_reply(const struct reply *reply)
{
    const char *body = buf_text(&reply->body);
    struct buf out = BUF_UNBOUNDED;
    if (reply->kind != REPLY_HTTP)
        return xstrdup(reply->kind == REPLY_LOST ? "no answer (REPLY_LOST)" : "not sent");
    buf_printf(&out, "%d", reply->status);
    const char *items = strstr(body, "\"items\":");
    if (items || *body == '[') {
        buf_printf(&out, " list:");
        put_items(&out, items ? items : body);
    } else {
        buf_printf(&out, " %.*s", REPLY_SHOWN, body);
    }
    return buf_take(&out);
}
