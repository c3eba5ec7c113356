#include "base/text.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

/* What an excerpt is made from, in times its size: what cannot be shown goes. The rest, of perhaps megabytes,
 * is not looked at. */
#define EXCERPT_LOOK 16

/* What the first byte promises: sequence length and the smallest code point that needs it. */
static size_t utf8_expected(unsigned char first, uint32_t *bits, uint32_t *minimum)
{
    if (first < 0x80) {
        *bits = first;
        *minimum = 0;
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        *bits = first & 0x1FU;
        *minimum = 0x80;
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        *bits = first & 0x0FU;
        *minimum = 0x800;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *bits = first & 0x07U;
        *minimum = 0x10000;
        return 4;
    }
    return 0;
}

size_t utf8_character(const char *text, size_t size, uint32_t *ret_code_point)
{
    uint32_t code;
    uint32_t minimum;
    size_t length = utf8_expected((unsigned char)text[0], &code, &minimum);
    if (length == 0 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xC0U) != 0x80U)
            return 0;
        code = (code << 6) | (next & 0x3FU);
    }
    if (code < minimum || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    if (ret_code_point)
        *ret_code_point = code;
    return length;
}

bool utf8_valid(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        if ((unsigned char)text[at] < 0x80) {
            at++;
            continue;
        }
        size_t length = utf8_character(text + at, size - at, NULL);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t utf8_cut(const char *text, size_t size, size_t max_bytes)
{
    if (size <= max_bytes)
        return size;
    size_t at = max_bytes;
    while (at > 0 && ((unsigned char)text[at] & 0xC0U) == 0x80U)
        at--;
    return at;
}

size_t utf8_cut_characters(const char *text, size_t size, size_t max_characters)
{
    size_t at = 0;
    for (size_t count = 0; at < size && count < max_characters; count++) {
        size_t length = utf8_character(text + at, size - at, NULL);
        at += length ? length : 1;
    }
    return at;
}

/* The bytes of an ANSI escape sequence at text, which begins with ESC: CSI to its final byte, OSC to BEL
 * or ESC \, otherwise the ESC alone. */
static size_t ansi_length(const char *text, size_t size)
{
    if (size < 2 || (text[1] != '[' && text[1] != ']'))
        return 1;
    for (size_t i = 2; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (text[1] == '[' && c >= 0x40 && c <= 0x7E)
            return i + 1;
        if (text[1] == ']' && (c == 0x07 || c == 0x1B))
            return c == 0x1B && i + 1 < size && text[i + 1] == '\\' ? i + 2 : i + 1;
        if (c < 0x20)
            return i;
    }
    return size;
}

static bool shown(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    bool overrides = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return !control && !overrides;
}

static char *printable(const char *text, size_t size, bool keep_lines)
{
    struct buf out = BUF_UNBOUNDED;
    size_t at = 0;
    while (at < size) {
        char c = text[at];
        uint32_t code;
        size_t length = utf8_character(text + at, size - at, &code);
        if (c == '\x1b') {
            length = ansi_length(text + at, size - at);
        } else if (length == 0) {
            buf_puts(&out, "\xEF\xBF\xBD");
            length = 1;
        } else if (c == '\r' && at + 1 < size && text[at + 1] == '\n') {
            ; /* CRLF: the LF follows */
        } else if (c == '\n' || c == '\t' || c == '\r') {
            buf_putc(&out, !keep_lines ? ' ' : (c == '\r' ? '\n' : c));
        } else if (shown(code)) {
            buf_put(&out, text + at, length);
        }
        at += length;
    }
    return buf_take(&out);
}

char *text_printable(const char *text)
{
    return printable(text ? text : "", text ? strlen(text) : 0, false);
}

char *text_excerpt(const char *text, size_t max_bytes)
{
    if (!text)
        text = "";
    size_t size = strlen(text);
    size_t looked_at = utf8_cut(text, size, max_bytes * EXCERPT_LOOK);
    _cleanup_free_ char *shown = printable(text, looked_at, false);
    size_t length = strlen(shown);
    size_t cut = utf8_cut(shown, length, max_bytes);
    return cut == length && looked_at == size ? xstrndup(shown, cut)
                                              : xasprintf("%.*s\xE2\x80\xA6", (int)cut, shown);
}

char *text_printable_lines(const char *text, size_t size)
{
    return printable(text, size, true);
}

bool text_empty(const char *text)
{
    return !text || !*text;
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void text_trim(const char **text, size_t *size)
{
    while (*size && ascii_space(**text)) {
        (*text)++;
        (*size)--;
    }
    while (*size && ascii_space((*text)[*size - 1]))
        (*size)--;
}

bool ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ascii_alnum(char c)
{
    char lower = ascii_lower(c);
    return ascii_digit(c) || (lower >= 'a' && lower <= 'z');
}

bool text_equal_nocase(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    for (; *a && ascii_lower(*a) == ascii_lower(*b); a++, b++)
        ;
    return ascii_lower(*a) == ascii_lower(*b);
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_starts_nocase(const char *text, const char *prefix)
{
    for (; *prefix; text++, prefix++)
        if (ascii_lower(*text) != ascii_lower(*prefix))
            return false;
    return true;
}

bool text_ends(const char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t wanted = strlen(suffix);
    return length >= wanted && strcmp(text + length - wanted, suffix) == 0;
}

bool text_to_int64(const char *text, int64_t low, int64_t high, int64_t *ret)
{
    if (!text)
        return false;
    bool negative = *text == '-';
    const char *digits = negative ? text + 1 : text;
    if (!*digits)
        return false;
    int64_t value = 0; /* kept negative, whose range is the larger one */
    for (; *digits; digits++) {
        if (!ascii_digit(*digits) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, *digits - '0', &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    value = negative ? value : -value;
    if (value < low || value > high)
        return false;
    *ret = value;
    return true;
}

char *text_counted(int64_t count, const char *one, const char *many)
{
    return xasprintf("%" PRId64 " %s", count, count == 1 ? one : many);
}
