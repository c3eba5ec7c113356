/* A growing byte buffer with a maximum.
 *
 * Sticky: when an append would pass the maximum the buffer fails, frees its bytes and stays failed;
 * check once at the end with buf_failed(). Nothing is ever cut silently.
 *
 *     _cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);
 *     buf_puts(&b, "name=");
 *     buf_printf(&b, "%d", 5);
 *     if (buf_failed(&b)) ...
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *bytes; /* NUL after bytes[length - 1] whenever bytes is not NULL */
    size_t length;
    size_t capacity;
    size_t maximum; /* 0: no maximum but memory */
    bool failed;
};

#define BUF_INIT(max_bytes)                                                                                  \
    {                                                                                                        \
        .maximum = (max_bytes)                                                                               \
    }
#define BUF_UNBOUNDED                                                                                        \
    {                                                                                                        \
        .maximum = 0                                                                                         \
    }

void buf_init(struct buf *b, size_t maximum);
void buf_release(struct buf *b); /* back to the empty state, maximum kept */
void buf_clear(struct buf *b);   /* length 0, memory kept, not failed any more */

void buf_put(struct buf *b, const void *bytes, size_t size);
void buf_puts(struct buf *b, const char *text); /* NULL appends nothing */
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for size more bytes at the end, for writing directly; NULL when failed. buf_advance() then says
 * how many were written. */
char *buf_reserve(struct buf *b, size_t size);
void buf_advance(struct buf *b, size_t size);
void buf_truncate(struct buf *b, size_t length); /* no effect when already shorter */
void buf_consume(struct buf *b, size_t size);    /* drops bytes from the front */

bool buf_failed(const struct buf *b);
const char *buf_text(const struct buf *b); /* terminated, never NULL; "" when empty or failed */
char *buf_take(struct buf *b);             /* the terminated text is the caller's; the buffer is empty */

#endif
