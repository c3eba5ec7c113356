#include "sync/content_template.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#define PLACEHOLDERS "{classname}, {name}, {id}, {folder}, {suite}"

static void put_classname(struct buf *out, const struct test_result *r)
{
    buf_puts(out, r->class_name ? r->class_name : r->suite_name);
}

static void put_name(struct buf *out, const struct test_result *r)
{
    buf_puts(out, r->name);
}

static void put_id(struct buf *out, const struct test_result *r)
{
    buf_puts(out, r->test_id);
}

static void put_folder(struct buf *out, const struct test_result *r)
{
    for (size_t i = 0; i < r->folder_count; i++) {
        buf_puts(out, i ? "/" : "");
        buf_puts(out, r->folders[i]);
    }
}

static void put_suite(struct buf *out, const struct test_result *r)
{
    buf_puts(out, r->suite_name);
}

/* In the order in which they are proposed. */
static const struct placeholder {
    const char *text;
    void (*put)(struct buf *out, const struct test_result *result);
} placeholders[] = {
    {"{classname}", put_classname}, {"{folder}", put_folder}, {"{id}", put_id},
    {"{suite}", put_suite},         {"{name}", put_name},
};

static const struct placeholder *placeholder_at(const char *text)
{
    for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++)
        if (text_starts(text, placeholders[i].text))
            return &placeholders[i];
    return NULL;
}

static int refuse_brace(const char *at, const char *content_template, const char *where, struct error *err)
{
    const char *close = *at == '{' ? strchr(at, '}') : NULL;
    if (close)
        return error_set(
            err, ERR_USAGE,
            "the value '%s' of %s holds '%.*s', which is no placeholder; there are " PLACEHOLDERS,
            content_template, where, (int)(close + 1 - at), at);
    return error_set(err, ERR_USAGE,
                     "the value '%s' of %s has a '%c' without its '%c'; they stand around placeholders, and "
                     "there are " PLACEHOLDERS,
                     content_template, where, *at, *at == '{' ? '}' : '{');
}

int content_template_check(const char *content_template, const char *where, struct error *err)
{
    bool any = false;
    for (const char *at = content_template; *at;) {
        const struct placeholder *found = placeholder_at(at);
        if (!found && (*at == '{' || *at == '}'))
            return refuse_brace(at, content_template, where, err);
        any |= found != NULL;
        at += found ? strlen(found->text) : 1;
    }
    if (any)
        return 0;
    return error_set(
        err, ERR_USAGE,
        "the value '%s' of %s has no placeholder, so that all tests would be one test case; there "
        "are " PLACEHOLDERS,
        content_template, where);
}

char *content_template_fill(const char *content_template, const struct test_result *result, bool *ret_empty)
{
    struct buf out = BUF_UNBOUNDED;
    *ret_empty = true;
    for (const char *at = content_template; *at;) {
        const struct placeholder *found = placeholder_at(at);
        size_t before = out.length;
        if (found)
            found->put(&out, result);
        else
            buf_putc(&out, *at);
        *ret_empty &= !found || out.length == before;
        at += found ? strlen(found->text) : 1;
    }
    return buf_take(&out);
}

const char *content_template_lacks(const char *content_template, const struct test_result *one,
                                   const struct test_result *other)
{
    for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
        _cleanup_(buf_release) struct buf first = BUF_UNBOUNDED;
        _cleanup_(buf_release) struct buf second = BUF_UNBOUNDED;
        placeholders[i].put(&first, one);
        placeholders[i].put(&second, other);
        if (!strstr(content_template, placeholders[i].text) &&
            !text_equal(buf_text(&first), buf_text(&second)))
            return placeholders[i].text;
    }
    return NULL;
}
