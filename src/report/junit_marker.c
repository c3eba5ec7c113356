#include "report/junit_marker.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define ATTACHMENT_BEGIN "[[ATTACHMENT|"
#define PROPERTY_BEGIN   "[[PROPERTY|"
#define PROPERTY_END     "[[/PROPERTY]]"

void junit_marker_init(struct junit_marker *m, junit_marker_found *found, void *self)
{
    *m = (struct junit_marker){.text = BUF_UNBOUNDED, .value = BUF_UNBOUNDED, .found = found, .self = self};
}

static void forget_property(struct junit_marker *m)
{
    buf_clear(&m->value);
    free(m->name);
    m->name = NULL;
}

void junit_marker_end(struct junit_marker *m)
{
    buf_clear(&m->text);
    forget_property(m);
}

void junit_marker_release(struct junit_marker *m)
{
    junit_marker_end(m);
    buf_release(&m->text);
    buf_release(&m->value);
}

static char *trimmed(const char *text, size_t size)
{
    while (size && ascii_space(*text)) {
        text++;
        size--;
    }
    while (size && ascii_space(text[size - 1]))
        size--;
    return xstrndup(text, size);
}

static bool begins(const struct buf *text, const char *mark)
{
    return text->length >= strlen(mark) && memcmp(text->bytes, mark, strlen(mark)) == 0;
}

/* The text so far is the beginning of mark, or begins with it. */
static bool may_be(const struct buf *text, const char *mark)
{
    size_t size = text->length < strlen(mark) ? text->length : strlen(mark);
    return memcmp(text->bytes, mark, size) == 0;
}

static void tell_property(struct junit_marker *m, const char *inside, size_t size)
{
    const char *equals = memchr(inside, '=', size);
    if (!equals) {
        m->name = trimmed(inside, size);
        return;
    }
    _cleanup_free_ char *name = trimmed(inside, (size_t)(equals - inside));
    _cleanup_free_ char *value = trimmed(equals + 1, size - (size_t)(equals + 1 - inside));
    m->found(m->self, name, value);
}

/* The text is a whole "[[…]]". */
static void finish_marker(struct junit_marker *m)
{
    size_t size = m->text.length;
    if (begins(&m->text, PROPERTY_END)) {
        _cleanup_free_ char *value = trimmed(buf_text(&m->value), m->value.length);
        if (m->name)
            m->found(m->self, m->name, value);
        forget_property(m);
    } else if (begins(&m->text, ATTACHMENT_BEGIN)) {
        size_t begin = strlen(ATTACHMENT_BEGIN);
        _cleanup_free_ char *path = trimmed(m->text.bytes + begin, size - begin - 2);
        if (*path)
            m->found(m->self, NULL, path);
    } else if (begins(&m->text, PROPERTY_BEGIN)) {
        size_t begin = strlen(PROPERTY_BEGIN);
        forget_property(m);
        tell_property(m, m->text.bytes + begin, size - begin - 2);
    }
    buf_clear(&m->text);
}

/* What turned out to be no marker is part of the value around it. */
static void give_up(struct junit_marker *m)
{
    if (m->name)
        buf_put(&m->value, m->text.bytes, m->text.length);
    buf_clear(&m->text);
}

static void take_character(struct junit_marker *m, char c)
{
    bool third_bracket = c == '[' && m->text.length == 2 && m->text.bytes[1] == '[';
    if (third_bracket) {
        if (m->name)
            buf_putc(&m->value, '[');
        return;
    }
    buf_putc(&m->text, c);
    bool possible = may_be(&m->text, ATTACHMENT_BEGIN) || may_be(&m->text, PROPERTY_BEGIN) ||
                    may_be(&m->text, PROPERTY_END);
    bool line_end = c == '\n' && begins(&m->text, ATTACHMENT_BEGIN);
    if (!possible || line_end || m->text.length > MARKER_NAME_MAX_BYTES) {
        bool again = c == '[';
        buf_truncate(&m->text, m->text.length - again);
        give_up(m);
        if (again)
            buf_putc(&m->text, c);
        return;
    }
    if (c == ']' && m->text.length > 2 && m->text.bytes[m->text.length - 2] == ']')
        finish_marker(m);
}

static void keep_value(struct junit_marker *m, const char *text, size_t size)
{
    if (!m->name)
        return;
    if (m->value.length + size <= MARKER_VALUE_MAX_BYTES) {
        buf_put(&m->value, text, size);
        return;
    }
    m->too_long = true;
    junit_marker_end(m);
}

void junit_marker_feed(struct junit_marker *m, const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        if (m->text.length) {
            take_character(m, *text++);
            continue;
        }
        const char *bracket = memchr(text, '[', (size_t)(end - text));
        const char *plain_end = bracket ? bracket : end;
        keep_value(m, text, (size_t)(plain_end - text));
        if (bracket)
            buf_putc(&m->text, '[');
        text = plain_end + (bracket != NULL);
    }
}
