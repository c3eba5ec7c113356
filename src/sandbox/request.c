#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/request.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %00 would end the text early; it is kept as it stands. */
static char *percent_decode(const char *text, size_t length, bool plus_is_blank)
{
    char *out = xmalloc(length + 1);
    size_t size = 0;
    for (size_t at = 0; at < length; at++) {
        int high = at + 2 < length ? hex_digit(text[at + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
        if (text[at] == '%' && low >= 0 && high * 16 + low > 0) {
            out[size++] = (char)(high * 16 + low);
            at += 2;
        } else {
            out[size++] = text[at] == '+' && plus_is_blank ? ' ' : text[at];
        }
    }
    out[size] = '\0';
    return out;
}

void form_parse(const char *text, struct name_value **ret_list, size_t *ret_count, size_t *ret_capacity)
{
    while (*text) {
        size_t length = strcspn(text, "&");
        size_t name = strcspn(text, "=&");
        size_t value = name < length ? name + 1 : length;
        if (length > 0) {
            GROW(*ret_list, *ret_count, *ret_capacity);
            (*ret_list)[(*ret_count)++] = (struct name_value){
                .name = percent_decode(text, name, true),
                .value = percent_decode(text + value, length - value, true),
            };
        }
        text += length + (text[length] ? 1 : 0);
    }
}

void form_release(struct name_value *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].name);
        free(list[i].value);
    }
    free(list);
}

const char *form_value(const struct name_value *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return list[i].value;
    return NULL;
}

static void split_path(struct request *r, const char *path, size_t length)
{
    size_t capacity = 0;
    for (size_t at = 0; at < length;) {
        at++; /* the '/' */
        size_t size = 0;
        while (at + size < length && path[at + size] != '/')
            size++;
        GROW(r->segments, r->segment_count, capacity);
        r->segments[r->segment_count++] = percent_decode(path + at, size, false);
        at += size;
    }
}

void request_init(struct request *r, const char *method, const char *target)
{
    *r = (struct request){.method = xstrdup(method), .target = xstrdup(target), .body = BUF_UNBOUNDED};
    size_t path = strcspn(target, "?#");
    if (target[0] == '/')
        split_path(r, target, path);
    if (target[path] == '?')
        form_parse(target + path + 1, &r->params, &r->param_count, &r->param_capacity);
}

void request_release(struct request *r)
{
    free(r->method);
    free(r->target);
    for (size_t i = 0; i < r->segment_count; i++)
        free(r->segments[i]);
    free(r->segments);
    form_release(r->params, r->param_count);
    form_release(r->headers, r->header_count);
    buf_release(&r->body);
    *r = (struct request){.method = NULL};
}

void request_add_header(struct request *r, const char *name, const char *value)
{
    GROW(r->headers, r->header_count, r->header_capacity);
    r->headers[r->header_count++] =
        (struct name_value){.name = xstrdup(name), .value = xstrdup(value ? value : "")};
}

const char *request_header(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (text_equal_nocase(r->headers[i].name, name))
            return r->headers[i].value;
    return NULL;
}

const char *request_param(const struct request *r, const char *name)
{
    return form_value(r->params, r->param_count, name);
}

bool request_param_int(const struct request *r, const char *name, int64_t *ret)
{
    const char *text = request_param(r, name);
    return text && text_to_int64(text, INT64_MIN, INT64_MAX, ret);
}

bool request_param_true(const struct request *r, const char *name)
{
    const char *text = request_param(r, name);
    return text && text_equal_nocase(text, "true");
}
