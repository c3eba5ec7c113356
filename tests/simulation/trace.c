#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define BODY_SHOWN 400

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

char *trace_request(const struct request *request)
{
    struct buf out = BUF_UNBOUNDED;
    const char *body = buf_text(&request->body);
    const char *path = strstr(request->path, "/projects/");
    buf_printf(&out, "%s %s", http_method_name(request->method), path ? path : request->path);
    if (strstr(body, "\"test_logs\"")) {
        buf_printf(&out, " %.*s", (int)strcspn(body, "["), body);
        put_markers(&out, body);
    } else if (request->body.length) {
        buf_printf(&out, " %.*s", BODY_SHOWN, body);
    }
    return buf_take(&out);
}

char *trace_reply(const struct reply *reply)
{
    if (reply->kind != REPLY_HTTP)
        return xstrdup(reply->kind == REPLY_LOST ? "no answer (REPLY_LOST)" : "not sent");
    return xasprintf("%d %.*s", reply->status, BODY_SHOWN, buf_text(&reply->body));
}
