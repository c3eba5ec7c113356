#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void buf_init(struct buf *b, size_t maximum)
{
    *b = (struct buf)BUF_INIT(maximum);
}

void buf_release(struct buf *b)
{
    free(b->bytes);
    buf_init(b, b->maximum);
}

void buf_clear(struct buf *b)
{
    b->length = 0;
    b->failed = false;
    if (b->bytes)
        b->bytes[0] = '\0';
}

static void fail(struct buf *b)
{
    buf_release(b);
    b->failed = true;
}

char *buf_reserve(struct buf *b, size_t size)
{
    if (b->failed)
        return NULL;
    if (size > (size_t)-1 / 4 - b->length || (b->maximum && b->length + size > b->maximum)) {
        fail(b);
        return NULL;
    }
    size_t needed = b->length + size + 1;
    if (needed > b->capacity) {
        size_t doubled = b->capacity ? b->capacity * 2 : 64;
        b->capacity = doubled > needed ? doubled : needed;
        b->bytes = xreallocarray(b->bytes, b->capacity, 1);
    }
    return b->bytes + b->length;
}

void buf_advance(struct buf *b, size_t size)
{
    b->length += size;
    b->bytes[b->length] = '\0';
}

void buf_put(struct buf *b, const void *bytes, size_t size)
{
    char *room = buf_reserve(b, size);
    if (!room)
        return;
    if (size)
        memcpy(room, bytes, size);
    buf_advance(b, size);
}

void buf_puts(struct buf *b, const char *text)
{
    if (text)
        buf_put(b, text, strlen(text));
}

void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = xvasprintf(format, args);
    va_end(args);
    buf_puts(b, text);
}

void buf_truncate(struct buf *b, size_t length)
{
    if (length >= b->length)
        return;
    b->length = length;
    b->bytes[length] = '\0';
}

void buf_consume(struct buf *b, size_t size)
{
    if (size >= b->length) {
        buf_truncate(b, 0);
        return;
    }
    memmove(b->bytes, b->bytes + size, b->length - size);
    buf_truncate(b, b->length - size);
}

bool buf_failed(const struct buf *b)
{
    return b->failed;
}

const char *buf_text(const struct buf *b)
{
    return b->bytes ? b->bytes : "";
}

char *buf_take(struct buf *b)
{
    char *text = b->bytes ? b->bytes : xstrdup("");
    b->bytes = NULL;
    buf_release(b);
    return text;
}
