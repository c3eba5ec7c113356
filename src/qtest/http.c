#include "qtest/http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

#define RETRY_AFTER_MAX_MS (24LL * 3600 * 1000)
#define MESSAGE_MAX_BYTES  300
#define LOCATION_MAX_BYTES 200
#define TITLE_MAX_BYTES    100

const char *http_method_name(enum http_method method)
{
    static const char *const names[] = {"GET", "POST", "PUT", "DELETE"};
    return names[method];
}

struct request *request_new(enum http_method method, const char *operation, int64_t timeout_ms)
{
    struct request *request = xcalloc(1, sizeof *request);
    request->method = method;
    request->operation = operation;
    request->timeout_ms = timeout_ms;
    request->read_only = method == HTTP_GET;
    return request;
}

void request_free(struct request *request)
{
    if (!request)
        return;
    free(request->path);
    buf_release(&request->body);
    free(request);
}

void reply_init(struct reply *reply)
{
    *reply = (struct reply){.kind = REPLY_LOST,
                            .body = BUF_INIT(REPLY_MAX_BYTES),
                            .minute_left = -1,
                            .month_left = -1,
                            .server_date_ms = TIME_NONE};
}

void reply_release(struct reply *reply)
{
    buf_release(&reply->body);
    free(reply->problem);
    free(reply->location);
    free(reply->retry_after);
    reply_init(reply);
}

static enum verdict verdict_of_status(int status)
{
    if (status >= 200 && status < 300)
        return VERDICT_OK;
    if (status >= 300 && status < 400)
        return VERDICT_REDIRECT;
    switch (status) {
    case 401:
    case 403:
        return VERDICT_ACCESS;
    case 404:
        return VERDICT_MISSING;
    case 407: /* the proxy wants a password */
    case 425:
    case 426:
    case 451:
        return VERDICT_BARRED;
    case 408:
        return VERDICT_UNCLEAR;
    case 413:
        return VERDICT_TOO_LARGE;
    case 429:
        return VERDICT_THROTTLED;
    default:
        return status >= 400 && status < 500 ? VERDICT_REFUSED : VERDICT_UNCLEAR;
    }
}

static bool is_page(const struct reply *reply)
{
    const char *body = buf_text(&reply->body);
    while (ascii_space(*body))
        body++;
    return reply->kind == REPLY_HTTP && !reply->json && (reply->html || *body == '<');
}

enum verdict reply_verdict(const struct reply *reply)
{
    if (reply->kind == REPLY_NOT_SENT)
        return VERDICT_UNSENT;
    if (reply->kind == REPLY_LOST)
        return VERDICT_UNCLEAR;
    enum verdict verdict = verdict_of_status(reply->status);
    return verdict == VERDICT_REFUSED && is_page(reply) ? VERDICT_BARRED : verdict;
}

bool reply_is_barred(const struct reply *reply)
{
    return reply_verdict(reply) == VERDICT_BARRED || (reply->status == 403 && is_page(reply));
}

/* {"message"}, {"error","error_description"}, and a bare string. */
static const char *message_in(const cJSON *body)
{
    if (cJSON_IsString(body))
        return body->valuestring;
    static const char *const names[] = {"message", "error_description", "error"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const char *text = json_text(body, names[i]);
        if (!text_empty(text))
            return text;
    }
    return NULL;
}

/* Proxies and login pages answer HTML: its title says more than its beginning. */
static char *html_title(const char *body)
{
    const char *open = strcasestr(body, "<title");
    const char *begin = open ? strchr(open, '>') : NULL;
    const char *end = begin ? strchr(begin, '<') : NULL;
    if (!end)
        return xstrdup("an HTML page");
    _cleanup_free_ char *whole = xstrndup(begin + 1, (size_t)(end - begin - 1));
    _cleanup_free_ char *title = text_excerpt(whole, TITLE_MAX_BYTES);
    return xasprintf("an HTML page '%s'", title);
}

char *reply_message(const struct reply *reply)
{
    const char *body = buf_text(&reply->body);
    if (text_empty(body))
        return NULL;
    _cleanup_(json_delete) cJSON *parsed = json_parse(body, reply->body.length);
    const char *message = parsed ? message_in(parsed) : NULL;
    if (message)
        return text_excerpt(message, MESSAGE_MAX_BYTES);
    if (parsed)
        return NULL;
    if (strcasestr(body, "<html") || text_starts_nocase(body, "<!doctype"))
        return html_title(body);
    return text_excerpt(body, MESSAGE_MAX_BYTES);
}

char *reply_describe(const struct reply *reply, const struct request *request)
{
    if (reply->kind != REPLY_HTTP)
        return xasprintf("no answer to %s: %s", request->operation,
                         reply->problem ? reply->problem : "connection lost");
    _cleanup_free_ char *message = reply_message(reply);
    if (reply->location) {
        _cleanup_free_ char *location = text_excerpt(reply->location, LOCATION_MAX_BYTES);
        return xasprintf("qTest answered %d to %s and points to '%s', which is not followed", reply->status,
                         request->operation, location);
    }
    return xasprintf("%s answered %d to %s%s%s",
                     reply_is_barred(reply) ? "a proxy or firewall before qTest" : "qTest", reply->status,
                     request->operation, message ? ": " : "", message ? message : "");
}

/* libcurl's parser reads eight digits as a day, which no date of HTTP is; its dates have a month's name. */
int64_t http_date_ms(const char *text)
{
    bool has_name = text[strspn(text, "0123456789 ")] != '\0';
    time_t seconds = has_name ? curl_getdate(text, NULL) : -1;
    return seconds < 0 ? TIME_NONE : (int64_t)seconds * 1000;
}

int64_t retry_after_ms(const struct reply *reply, int64_t now_wall_ms)
{
    int64_t seconds;
    int64_t delay_ms;
    if (!reply->retry_after)
        return -1;
    if (text_to_int64(reply->retry_after, 0, RETRY_AFTER_MAX_MS / 1000, &seconds))
        delay_ms = seconds * 1000;
    else if (http_date_ms(reply->retry_after) != TIME_NONE)
        delay_ms = http_date_ms(reply->retry_after) -
                   (reply->server_date_ms != TIME_NONE ? reply->server_date_ms : now_wall_ms);
    else
        return -1;
    return delay_ms < 0 || delay_ms > RETRY_AFTER_MAX_MS ? -1 : delay_ms;
}
