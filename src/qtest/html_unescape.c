/* The HTML entities that servers put into names and notes on reading, declared in qtest/objects.h. */
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "qtest/objects.h"

static void put_code_point(struct buf *out, uint32_t code)
{
    char bytes[4];
    size_t length;
    if (code < 0x80) {
        bytes[0] = (char)code;
        length = 1;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xC0 | code >> 6);
        length = 2;
    } else if (code < 0x10000) {
        bytes[0] = (char)(0xE0 | code >> 12);
        length = 3;
    } else {
        bytes[0] = (char)(0xF0 | code >> 18);
        length = 4;
    }
    for (size_t i = 1; i < length; i++)
        bytes[i] = (char)(0x80 | (code >> (6 * (length - 1 - i)) & 0x3F));
    buf_put(out, bytes, length);
}

/* "#39" or "#x27"; false when it is no character. */
static bool numeric_reference(const char *name, size_t length, uint32_t *ret_code)
{
    bool hex = length > 2 && ascii_lower(name[1]) == 'x';
    uint32_t code = 0;
    size_t at = hex ? 2 : 1;
    if (at >= length || length > 9)
        return false;
    for (; at < length; at++) {
        static const char digits[] = "0123456789abcdef";
        const char *found = strchr(digits, ascii_lower(name[at]));
        if (!found || (!hex && found - digits > 9))
            return false;
        code = code * (hex ? 16 : 10) + (uint32_t)(found - digits);
    }
    *ret_code = code;
    return code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

static bool named_reference(const char *name, size_t length, uint32_t *ret_code)
{
    static const struct {
        const char *name;
        uint32_t code;
    } entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0}};
    for (size_t i = 0; i < ARRAY_SIZE(entities); i++) {
        if (strlen(entities[i].name) == length && memcmp(entities[i].name, name, length) == 0) {
            *ret_code = entities[i].code;
            return true;
        }
    }
    return false;
}

/* The bytes of the reference at text, which begins with '&'; 0 when it is none. */
static size_t reference(const char *text, uint32_t *ret_code)
{
    size_t length = strcspn(text + 1, ";& \n");
    if (text[1 + length] != ';' || length == 0)
        return 0;
    bool known = text[1] == '#' ? numeric_reference(text + 1, length, ret_code)
                                : named_reference(text + 1, length, ret_code);
    return known ? length + 2 : 0;
}

char *html_unescape(const char *text)
{
    if (!text)
        return NULL;
    struct buf out = BUF_UNBOUNDED;
    while (*text) {
        size_t run = strcspn(text, "&");
        buf_put(&out, text, run);
        text += run;
        if (!*text)
            break;
        uint32_t code;
        size_t length = reference(text, &code);
        if (length)
            put_code_point(&out, code);
        else
            buf_putc(&out, '&');
        text += length ? length : 1;
    }
    return buf_take(&out);
}
