#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/entry.h"
#include "sandbox/html.h"

bool call_fail(struct call *c, int status, const char *format, ...)
{
    if (call_failed(c))
        return false;
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *message = xvasprintf(format, args);
    va_end(args);
    answer_error(c->answer, status, "%s", message);
    return false;
}

bool call_failed(const struct call *c)
{
    return c->answer->status >= 400;
}

int64_t call_list_time(const struct call *c)
{
    return c->now_ms - call_switch(c, SWITCH_LIST_LAG_MS);
}

int64_t call_search_time(const struct call *c)
{
    return c->now_ms - call_switch(c, SWITCH_SEARCH_LAG_MS);
}

bool call_arg_id(struct call *c, int i, int64_t *ret)
{
    if (text_to_int64(c->args[i], 0, INT64_MAX, ret))
        return true;
    return call_fail(c, 404, "'%s' does not exist", c->args[i]);
}

bool call_may_delete(struct call *c)
{
    if (call_switch(c, SWITCH_RIGHTS) & RIGHTS_NO_DELETE)
        return call_fail(c, 403, "You do not have permission to delete this object");
    return true;
}

bool call_check_properties(struct call *c, enum object_kind kind, const cJSON *object)
{
    _cleanup_free_ char *problem = NULL;
    if (properties_check(call_fields(c, kind), json_member(object, "properties"), &problem) == PROPERTIES_OK)
        return true;
    return call_fail(c, 400, "%s", problem);
}

bool call_check_new(struct call *c, enum object_kind kind, const cJSON *object)
{
    if (!call_check_properties(c, kind, object))
        return false;
    const char *missing = properties_missing(call_fields(c, kind), json_member(object, "properties"));
    return !missing || call_fail(c, 400, "Field '%s' is required", missing);
}

void call_message(struct call *c, const char *message)
{
    json_object(&c->json, NULL);
    json_string(&c->json, "message", message);
    json_end(&c->json);
}

static bool host_character(char c)
{
    return ascii_alnum(c) || strchr(".-:[]_", c);
}

static char *site_of(const struct request *rq)
{
    const char *host = request_header(rq, "Host");
    bool good = host && *host && strlen(host) < 256;
    for (const char *at = host; good && *at; at++)
        good = host_character(*at);
    return xasprintf("%s://%s", rq->secure ? "https" : "http", good ? host : "localhost");
}

void call_init(struct call *c, struct sandbox *sb, const struct request *rq, struct answer *an)
{
    *c = (struct call){.sandbox = sb, .store = sb->store, .request = rq, .answer = an, .site = site_of(rq)};
    json_writer_init(&c->json, &an->body);
}

void call_release(struct call *c)
{
    for (int i = 0; i < OBJECT_KINDS; i++)
        field_set_free(c->fields[i]);
    free(c->site);
}

const struct field_set *call_fields(struct call *c, enum object_kind kind)
{
    if (!c->fields[kind])
        c->fields[kind] = field_set_load(c->store, c->project, kind);
    return c->fields[kind];
}

struct page call_page(const struct call *c, const char *size_name, int64_t default_size)
{
    struct page page = {.number = 1, .size = default_size};
    request_param_int(c->request, "page", &page.number);
    request_param_int(c->request, size_name, &page.size);
    if (page.size < 1)
        page.size = default_size;
    if (page.size > call_switch(c, SWITCH_PAGE_MAX))
        page.size = call_switch(c, SWITCH_PAGE_MAX);
    if (page.number < 1)
        page.number = 1;
    if (page.number > INT64_MAX / 2 / PAGE_MAX)
        page.number = INT64_MAX / 2 / PAGE_MAX;
    return page;
}

/* The target with another page number. The caller frees. */
static char *page_address(const struct call *c, int64_t number)
{
    struct buf out = BUF_UNBOUNDED;
    const char *target = c->request->target;
    size_t path = strcspn(target, "?#");
    buf_puts(&out, c->site);
    buf_put(&out, target, path);
    buf_printf(&out, "?page=%" PRId64, number);
    for (const char *at = target[path] == '?' ? target + path + 1 : ""; *at;) {
        size_t length = strcspn(at, "&");
        if (length > 0 && strncmp(at, "page=", 5) != 0) {
            buf_putc(&out, '&');
            buf_put(&out, at, length);
        }
        at += length + (at[length] ? 1 : 0);
    }
    return buf_take(&out);
}

void call_page_headers(struct call *c, struct page page, int64_t total)
{
    _cleanup_free_ char *count = xasprintf("%" PRId64, total);
    answer_set_header(c->answer, "X-Item-Total", count);
    if (page.all)
        return;
    _cleanup_(buf_release) struct buf links = BUF_UNBOUNDED;
    if (page.number * page.size < total) {
        _cleanup_free_ char *next = page_address(c, page.number + 1);
        buf_printf(&links, "<%s>; rel=\"next\"", next);
    }
    if (page.number > 1) {
        _cleanup_free_ char *before = page_address(c, page.number - 1);
        buf_printf(&links, "%s<%s>; rel=\"prev\"", links.length ? ", " : "", before);
    }
    if (links.length)
        answer_set_header(c->answer, "Link", buf_text(&links));
}

static void write_page_link(struct call *c, const char *rel, int64_t number)
{
    _cleanup_free_ char *href = page_address(c, number);
    json_object(&c->json, NULL);
    json_string(&c->json, "rel", rel);
    json_string(&c->json, "href", href);
    json_end(&c->json);
}

void call_envelope(struct call *c, struct page page, int64_t total)
{
    struct json_writer *w = &c->json;
    json_object(w, NULL);
    json_array(w, "links");
    if (page.number * page.size < total)
        write_page_link(c, "next", page.number + 1);
    if (page.number > 1)
        write_page_link(c, "prev", page.number - 1);
    json_end(w);
    json_integer(w, "page", page.number);
    json_integer(w, "page_size", page.size);
    json_integer(w, "total", total);
    json_array(w, "items");
}

void write_date(struct call *c, struct json_writer *w, const char *key, int64_t instant_ms)
{
    char text[DATE_TEXT_SIZE];
    date_write(instant_ms, (int)call_switch(c, SWITCH_ZONE), false, text);
    json_string(w, key, text);
}

void write_log_date(struct call *c, struct json_writer *w, const char *key, int64_t instant_ms)
{
    char text[DATE_TEXT_SIZE];
    bool milliseconds = call_switch(c, SWITCH_MILLISECONDS) == MILLISECONDS_KEPT;
    date_write(instant_ms, (int)call_switch(c, SWITCH_ZONE), milliseconds, text);
    json_string(w, key, text);
}

void write_name(struct call *c, struct json_writer *w, const char *key, const char *name)
{
    if (!name || call_switch(c, SWITCH_ESCAPING) == ESCAPING_RAW) {
        json_string(w, key, name);
        return;
    }
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    html_escape(&out, name);
    json_string(w, key, buf_text(&out));
}

void write_id(struct json_writer *w, const char *key, int64_t id)
{
    if (id)
        json_integer(w, key, id);
}

void write_text(struct json_writer *w, const char *key, const char *text)
{
    if (text)
        json_string(w, key, text);
}

void write_link(struct call *c, struct json_writer *w, const char *rel, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *path = xvasprintf(format, args);
    va_end(args);
    _cleanup_free_ char *href = xasprintf("%s%s", c->site, path);
    json_object(w, NULL);
    json_string(w, "rel", rel);
    json_string(w, "href", href);
    json_end(w);
}

void write_node_head(struct call *c, struct json_writer *w, const char *path, const char *pid_letters,
                     int64_t id, const struct rows *r)
{
    _cleanup_free_ char *pid = xasprintf("%s-%lld", pid_letters, (long long)rows_int(r, 2));
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld/%s/%lld", (long long)c->project, path, (long long)id);
    json_end(w);
    json_integer(w, "id", id);
    write_name(c, w, "name", rows_text(r, 0));
    json_integer(w, "order", rows_int(r, 1));
    json_string(w, "pid", pid);
    write_date(c, w, "created_date", rows_int(r, 3));
    write_date(c, w, "last_modified_date", rows_int(r, 4));
}

void write_web_url(struct call *c, struct json_writer *w, enum object_kind kind, int64_t id)
{
    const struct object_kind_info *info = object_kind_info(kind);
    _cleanup_free_ char *url = xasprintf("%s/p/%" PRId64 "/portal/project?tab=%s&object=%d&id=%" PRId64,
                                         c->site, c->project, info->tab, info->page_object, id);
    json_string(w, "web_url", url);
}

bool body_is_object(struct call *c, const cJSON *body)
{
    return cJSON_IsObject(body) || call_fail(c, 400, "The request body must be a JSON object");
}

bool body_text(struct call *c, const cJSON *object, const char *name, char **ret)
{
    return json_scalar(object, name, ret) || call_fail(c, 400, "Field '%s' must be a string", name);
}

bool body_name(struct call *c, const cJSON *object, bool required, char **ret)
{
    if (!body_text(c, object, "name", ret))
        return false;
    if (!*ret)
        return !required || call_fail(c, 400, "Field 'name' is required");
    size_t size = strlen(*ret);
    size_t cut = utf8_cut_characters(*ret, size, NAME_MAX_CHARACTERS);
    if (size == 0)
        return call_fail(c, 400, "Field 'name' must not be empty");
    if (cut < size && call_switch(c, SWITCH_LONG_NAMES) == LONG_NAMES_400)
        return call_fail(c, 400, "Field 'name' is longer than %d characters", NAME_MAX_CHARACTERS);
    (*ret)[cut] = '\0';
    return true;
}
