#include "report/json_repair.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/bad_byte.h"
#include "report/json_scan.h"
#include "report/scrub_decode.h"

static int hex_digit(char c)
{
    if (ascii_digit(c))
        return c - '0';
    char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The number of a \uXXXX at text, or -1. */
static int unicode_escape(const char *text, size_t size)
{
    if (size < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    int code = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

static bool is_high_surrogate(int code)
{
    return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low_surrogate(int code)
{
    return code >= 0xDC00 && code <= 0xDFFF;
}

/* Control characters that are no line end, nor the beginning of a colour, which json_clean_text drops. */
static bool bad_control(int code, const char *behind, size_t size)
{
    bool colour = code == 0x1B && size > 0 && *behind == '[';
    return code >= 0 && code < ' ' && code != '\t' && code != '\n' && code != '\r' && !colour;
}

/* The size of the escape at text. *ret_code is the character that cannot stay, or -1. */
static size_t look_at_escape(const char *text, size_t size, int *ret_code)
{
    int code = unicode_escape(text, size);
    *ret_code = -1;
    if (code < 0)
        return size < 2 ? size : 2;
    if (is_high_surrogate(code) && is_low_surrogate(unicode_escape(text + 6, size - 6)))
        return 12;
    if (bad_control(code, text + 6, size - 6) || is_high_surrogate(code) || is_low_surrogate(code))
        *ret_code = code;
    return 6;
}

static bool has_bad_escape(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        const char *next = memchr(text + at, '\\', size - at);
        if (!next)
            break;
        int code;
        at = (size_t)(next - text);
        at += look_at_escape(next, size - at, &code);
        if (code >= 0)
            return true;
    }
    return false;
}

static unsigned put_bad_character(struct buf *copy, int code)
{
    if (code < ' ') {
        bad_byte_put(copy, (unsigned char)code);
        return code ? 0 : JSON_REPAIRED_NUL;
    }
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    scrub_put_character(&bytes, (uint32_t)code);
    bad_bytes_put(copy, bytes.bytes, bytes.length);
    return JSON_REPAIRED_SURROGATE;
}

static unsigned put_bad_byte(struct buf *copy, unsigned char byte)
{
    bad_byte_put(copy, byte);
    return byte >= 0x80 ? JSON_REPAIRED_UTF8 : byte ? 0 : JSON_REPAIRED_NUL;
}

/* Copies what cJSON can take, and marks for the rest. */
static unsigned copy_with_marks(struct buf *copy, const char *text, size_t size)
{
    unsigned repairs = 0;
    for (size_t at = 0; at < size;) {
        unsigned char c = (unsigned char)text[at];
        int code = -1;
        size_t length = 1;
        if (c == '\\')
            length = look_at_escape(text + at, size - at, &code);
        else if (c >= 0x80)
            length = utf8_character(text + at, size - at, NULL);
        if (code >= 0)
            repairs |= put_bad_character(copy, code);
        else if (length == 0 || bad_control(c, text + at + 1, size - at - 1))
            repairs |= put_bad_byte(copy, c);
        else
            buf_put(copy, text + at, length);
        at += length ? length : 1;
    }
    return repairs;
}

unsigned json_repair(struct json_span *span, struct buf *copy)
{
    unsigned char byte;
    const char *text = span->bytes;
    size_t size = span->size;
    if (span->flags & JSON_HAS_BAD_BYTE)
        return 0; /* it will not be parsed, and the place of that byte is to be told */
    bool high = span->flags & JSON_HAS_HIGH;
    bool bad = (span->flags & JSON_HAS_CONTROL) || (high && !utf8_valid(text, size)) ||
               ((span->flags & JSON_HAS_UNICODE_ESCAPE) && has_bad_escape(text, size));
    if (!bad)
        return high && bad_byte_find(text, size, &byte) ? JSON_HAS_MARKS : 0;
    buf_clear(copy);
    unsigned repairs = copy_with_marks(copy, text, size);
    bool marked = bad_byte_find(buf_text(copy), copy->length, &byte) != NULL;
    span->bytes = copy->bytes;
    span->size = copy->length;
    span->flags |= marked ? JSON_HAS_HIGH : 0;
    return repairs | (marked ? JSON_HAS_MARKS : 0);
}

/* The first control character between the values. */
static size_t bad_byte_at(const struct json_span *span)
{
    bool in_string = false;
    for (size_t i = 0; i < span->size; i++) {
        unsigned char c = (unsigned char)span->bytes[i];
        if (c == '\\' && in_string)
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && c < ' ' && c != '\t' && c != '\n' && c != '\r')
            return i;
    }
    return span->size;
}

cJSON *json_parse_span(const struct json_span *span, size_t *ret_bad_at)
{
    const char *end = NULL;
    if (span->flags & JSON_HAS_BAD_BYTE) {
        *ret_bad_at = bad_byte_at(span);
        return NULL;
    }
    if (span->flags & JSON_HAS_LONG_NUMBER) {
        cJSON *exact = json_parse(span->bytes, span->size);
        if (exact)
            return exact;
    }
    cJSON *value = cJSON_ParseWithLengthOpts(span->bytes, span->size, &end, false);
    *ret_bad_at = end ? (size_t)(end - span->bytes) : 0;
    if (value && end != span->bytes + span->size) {
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

/* Marks of control characters go as the characters themselves do. */
static bool is_control_mark(const char *at)
{
    unsigned char byte;
    size_t size = strnlen(at, BAD_BYTE_MARK_BYTES);
    return bad_byte_find(at, size, &byte) == at && byte > 0 && byte < ' ';
}

void json_clean_text(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\r') {
            if (from[1] != '\n')
                *to++ = '\n';
        } else if ((unsigned char)*from == 0xF4 && is_control_mark(from)) {
            from += BAD_BYTE_MARK_BYTES - 1;
        } else if ((unsigned char)*from >= ' ' || *from == '\t' || *from == '\n') {
            *to++ = *from;
        }
    }
    to = text + bad_bytes_in_text(text, (size_t)(to - text));
    *to = '\0';
}
