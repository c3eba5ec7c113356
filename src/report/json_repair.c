#include "report/json_repair.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "report/json_scan.h"

#define REPLACEMENT_ESCAPE "fffd"
#define REPLACEMENT_BYTES  "\xEF\xBF\xBD"

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

/* Looks at the escape at text and returns its length; what cJSON cannot take is written over. */
static size_t repair_escape(char *text, size_t size, unsigned *repairs)
{
    int code = unicode_escape(text, size);
    if (code < 0)
        return size < 2 ? size : 2;
    bool pair = is_high_surrogate(code) && is_low_surrogate(unicode_escape(text + 6, size - 6));
    if (pair)
        return 12;
    if (code == 0 || is_high_surrogate(code) || is_low_surrogate(code)) {
        memcpy(text + 2, REPLACEMENT_ESCAPE, 4);
        *repairs |= code == 0 ? JSON_REPAIRED_NUL : JSON_REPAIRED_SURROGATE;
    }
    return 6;
}

static unsigned repair_escapes(char *text, size_t size)
{
    unsigned repairs = 0;
    size_t at = 0;
    while (at < size) {
        char *next = memchr(text + at, '\\', size - at);
        if (!next)
            break;
        at = (size_t)(next - text);
        at += repair_escape(next, size - at, &repairs);
    }
    return repairs;
}

static void copy_with_replacements(struct buf *copy, const char *text, size_t size)
{
    size_t at = 0;
    size_t good = 0; /* bytes before at that are not copied yet */
    while (at < size) {
        size_t length = utf8_character(text + at, size - at, NULL);
        if (length == 0) {
            buf_put(copy, text + at - good, good);
            buf_puts(copy, REPLACEMENT_BYTES);
            good = 0;
            at++;
        } else {
            good += length;
            at += length;
        }
    }
    buf_put(copy, text + at - good, good);
}

unsigned json_repair(struct json_span *span, struct buf *copy)
{
    unsigned repairs = 0;
    if (span->flags & JSON_HAS_CONTROL)
        for (char *nul; (nul = memchr(span->bytes, '\0', span->size));)
            *nul = '\x01';
    if (span->flags & JSON_HAS_UNICODE_ESCAPE)
        repairs |= repair_escapes(span->bytes, span->size);
    if ((span->flags & JSON_HAS_HIGH) && !utf8_valid(span->bytes, span->size)) {
        buf_clear(copy);
        copy_with_replacements(copy, span->bytes, span->size);
        span->bytes = copy->bytes;
        span->size = copy->length;
        repairs |= JSON_REPAIRED_UTF8;
    }
    return repairs;
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

void json_clean_text(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\r') {
            if (from[1] != '\n')
                *to++ = '\n';
        } else if ((unsigned char)*from >= ' ' || *from == '\t' || *from == '\n') {
            *to++ = *from;
        }
    }
    *to = '\0';
}
