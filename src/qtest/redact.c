#include "qtest/redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

static bool is_hex(const char *digits, unsigned char wanted)
{
    static const char hex[] = "0123456789abcdef";
    return ascii_lower(digits[0]) == hex[wanted >> 4] && ascii_lower(digits[1]) == hex[wanted & 15];
}

/* The bytes at text that stand for this character, 0: they do not. */
static size_t character(const char *text, size_t size, char wanted)
{
    if (size >= 1 && *text == wanted)
        return 1;
    if (size >= 3 && *text == '%' && is_hex(text + 1, (unsigned char)wanted))
        return 3;
    if (size >= 2 && text[0] == '\\' && text[1] == wanted)
        return 2;
    if (size >= 6 && memcmp(text, "\\u00", 4) == 0 && is_hex(text + 4, (unsigned char)wanted))
        return 6;
    return 0;
}

static size_t occurrence(const char *text, size_t size, const char *secret)
{
    size_t length = 0;
    for (; *secret; secret++) {
        size_t step = character(text + length, size - length, *secret);
        if (step == 0)
            return 0;
        length += step;
    }
    return length;
}

void redact(struct buf *text, const char *secret)
{
    const char *bytes = buf_text(text);
    size_t kept = 0; /* up to here it has been copied */
    struct buf out = BUF_INIT(text->maximum);
    if (strlen(secret) < SECRET_MIN_BYTES)
        return;
    for (size_t at = 0; at < text->length;) {
        size_t length = occurrence(bytes + at, text->length - at, secret);
        if (length) {
            buf_put(&out, bytes + kept, at - kept);
            buf_puts(&out, "***");
            kept = at + length;
        }
        at += length ? length : 1;
    }
    if (kept == 0)
        return;
    buf_put(&out, bytes + kept, text->length - kept);
    buf_release(text);
    *text = out;
}

void redact_text(char **text, const char *secret)
{
    struct buf out = BUF_UNBOUNDED;
    if (!*text)
        return;
    buf_puts(&out, *text);
    redact(&out, secret);
    free(*text);
    *text = buf_take(&out);
}

void redact_bytes(char *bytes, size_t size, const char *secret)
{
    if (strlen(secret) < SECRET_MIN_BYTES)
        return;
    for (size_t at = 0; at < size;) {
        size_t length = occurrence(bytes + at, size - at, secret);
        memset(bytes + at, '*', length);
        at += length ? length : 1;
    }
}
