#include "report/bad_byte.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/model.h"

#define FIRST_MARK       0x10FE00U
#define REPLACEMENT      "\xEF\xBF\xBD"
#define REPLACEMENT_SIZE (sizeof REPLACEMENT - 1)

bool bad_byte_is_mark(uint32_t code_point)
{
    return code_point >= FIRST_MARK && code_point <= FIRST_MARK + 0xFF;
}

void bad_byte_put(struct buf *out, unsigned char byte)
{
    /* U+10FE00 is F4 8F B8 80, and the byte's bits are the lowest. */
    const unsigned char mark[BAD_BYTE_MARK_BYTES] = {0xF4, 0x8F, (unsigned char)(0xB8 + (byte >> 6)),
                                                     (unsigned char)(0x80 + (byte & 0x3F))};
    buf_put(out, mark, sizeof mark);
}

void bad_bytes_put(struct buf *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bad_byte_put(out, (unsigned char)bytes[i]);
}

const char *bad_byte_find(const char *text, size_t size, unsigned char *ret_byte)
{
    const char *end = text + size;
    for (const char *at = text; (at = memchr(at, 0xF4, (size_t)(end - at))); at++) {
        if (end - at < BAD_BYTE_MARK_BYTES)
            return NULL;
        const unsigned char *mark = (const unsigned char *)at;
        if (mark[1] == 0x8F && mark[2] >= 0xB8 && mark[2] <= 0xBB) {
            *ret_byte = (unsigned char)((mark[2] - 0xB8) << 6 | (mark[3] & 0x3F));
            return at;
        }
    }
    return NULL;
}

void bad_bytes_in_name(char *name, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    char *end = name + size;
    unsigned char byte;
    for (const char *mark; (mark = bad_byte_find(name, (size_t)(end - name), &byte));) {
        name += mark - name;
        const char shown[BAD_BYTE_MARK_BYTES] = {'\\', 'x', digits[byte >> 4], digits[byte & 0xF]};
        memcpy(name, shown, sizeof shown);
        name += sizeof shown;
    }
}

size_t bad_bytes_in_text(char *text, size_t size)
{
    const char *from = text;
    const char *end = text + size;
    char *to = text;
    unsigned char byte;
    for (const char *mark; (mark = bad_byte_find(from, (size_t)(end - from), &byte));) {
        memmove(to, from, (size_t)(mark - from));
        to += mark - from;
        memcpy(to, REPLACEMENT, REPLACEMENT_SIZE);
        to += REPLACEMENT_SIZE;
        from = mark + BAD_BYTE_MARK_BYTES;
    }
    memmove(to, from, (size_t)(end - from));
    return (size_t)(to + (end - from) - text);
}

static void in_list(const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        bad_bytes_in_name(list->items[i], strlen(list->items[i]));
}

void bad_bytes_in_sentences(struct report_meta *meta, struct error *err)
{
    in_list(&meta->warnings);
    in_list(&meta->unknown);
    if (err && err->text)
        bad_bytes_in_name(err->text, strlen(err->text));
}
