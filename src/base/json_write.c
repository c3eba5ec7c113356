/* The writing half of base/json.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"

static void put_escaped_control(struct buf *out, char c)
{
    switch (c) {
    case '\n':
        buf_puts(out, "\\n");
        break;
    case '\r':
        buf_puts(out, "\\r");
        break;
    case '\t':
        buf_puts(out, "\\t");
        break;
    default:
        buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
    }
}

static bool plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
}

void json_quote(struct buf *out, const char *value, size_t size)
{
    buf_putc(out, '"');
    size_t at = 0;
    while (at < size) {
        size_t run = 0;
        while (at + run < size && plain(value[at + run]))
            run++;
        buf_put(out, value + at, run);
        at += run;
        if (at == size)
            break;
        size_t length = utf8_character(value + at, size - at, NULL);
        if (length == 0) {
            buf_puts(out, "\xEF\xBF\xBD");
            length = 1;
        } else if (value[at] == '"' || value[at] == '\\') {
            char pair[2] = {'\\', value[at]};
            buf_put(out, pair, sizeof pair);
        } else if (length == 1) {
            put_escaped_control(out, value[at]);
        } else {
            buf_put(out, value + at, length);
        }
        at += length;
    }
    buf_putc(out, '"');
}

void json_writer_init(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out};
}

static void put_newline(struct json_writer *w, int depth)
{
    if (!w->pretty)
        return;
    buf_putc(w->out, '\n');
    for (int i = 0; i < depth; i++)
        buf_puts(w->out, "  ");
}

static void begin_value(struct json_writer *w, const char *key)
{
    if (w->depth > 0) {
        if (w->has_items[w->depth - 1])
            buf_putc(w->out, ',');
        w->has_items[w->depth - 1] = true;
        put_newline(w, w->depth);
    }
    if (key) {
        json_quote(w->out, key, strlen(key));
        buf_puts(w->out, w->pretty ? ": " : ":");
    }
}

static void open_container(struct json_writer *w, const char *key, char opener, char closer)
{
    if (w->depth == JSON_DEPTH_MAX)
        abort(); /* our own documents are shallow: a mistake in the code, not in its input */
    begin_value(w, key);
    buf_putc(w->out, opener);
    w->has_items[w->depth] = false;
    w->closer[w->depth] = closer;
    w->depth++;
}

void json_object(struct json_writer *w, const char *key)
{
    open_container(w, key, '{', '}');
}

void json_array(struct json_writer *w, const char *key)
{
    open_container(w, key, '[', ']');
}

void json_end(struct json_writer *w)
{
    w->depth--;
    if (w->has_items[w->depth])
        put_newline(w, w->depth);
    buf_putc(w->out, w->closer[w->depth]);
    if (w->depth == 0 && w->pretty)
        buf_putc(w->out, '\n');
}

void json_string_n(struct json_writer *w, const char *key, const char *value, size_t size)
{
    begin_value(w, key);
    json_quote(w->out, value, size);
}

void json_string(struct json_writer *w, const char *key, const char *value)
{
    if (value)
        json_string_n(w, key, value, strlen(value));
    else
        json_null(w, key);
}

void json_integer(struct json_writer *w, const char *key, int64_t value)
{
    begin_value(w, key);
    buf_printf(w->out, "%" PRId64, value);
}

void json_boolean(struct json_writer *w, const char *key, bool value)
{
    begin_value(w, key);
    buf_puts(w->out, value ? "true" : "false");
}

void json_null(struct json_writer *w, const char *key)
{
    begin_value(w, key);
    buf_puts(w->out, "null");
}

void json_raw(struct json_writer *w, const char *key, const char *json, size_t size)
{
    begin_value(w, key);
    buf_put(w->out, json, size);
}
