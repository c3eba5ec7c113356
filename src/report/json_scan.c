#include "report/json_scan.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define LONG_NUMBER_DIGITS 16

/* Eight bytes at once; every test leaves the high bit of the bytes that fit it. A borrow can spoil the
 * bytes above the lowest hit only, and those are looked at again. */
#define ONES                0x0101010101010101ULL
#define HIGHS               0x8080808080808080ULL
#define ZERO_BYTES(word)    (((word)-ONES) & ~(word)&HIGHS)
#define BYTES_OF(c)         (ONES * (uint8_t)(c))
#define CONTROL_BYTES(word) (((word)-BYTES_OF(' ')) & ~(word)&HIGHS)

static void note_bytes(struct json_scan *scan, uint64_t control, uint64_t high)
{
    if (control | high)
        scan->flags |= (control ? JSON_HAS_CONTROL : 0) | (high ? JSON_HAS_HIGH : 0);
}

/* From scan->at to the next quote or backslash, or to the last few bytes. */
static void skip_plain_words(struct json_scan *scan, const char *bytes, size_t size)
{
    size_t at = scan->at;
    while (size - at >= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + at, sizeof word);
        word = le64toh(word);
        uint64_t hits = ZERO_BYTES(word ^ BYTES_OF('"')) | ZERO_BYTES(word ^ BYTES_OF('\\'));
        uint64_t control = CONTROL_BYTES(word);
        uint64_t high = word & HIGHS;
        if (hits) {
            uint64_t below = (hits & (~hits + 1)) - 1;
            note_bytes(scan, control & below, high & below);
            at += (size_t)__builtin_ctzll(hits) / 8;
            break;
        }
        note_bytes(scan, control, high);
        at += sizeof word;
    }
    scan->at = at;
}

/* Inside a string, behind its opening quote; ends behind the closing one or at the end of the bytes. */
static void scan_string(struct json_scan *scan, const char *bytes, size_t size)
{
    while (scan->at < size) {
        if (!scan->escaped)
            skip_plain_words(scan, bytes, size);
        if (scan->at == size)
            return;
        unsigned char c = (unsigned char)bytes[scan->at++];
        if (scan->escaped) {
            scan->escaped = false;
            if (c == 'u')
                scan->flags |= JSON_HAS_UNICODE_ESCAPE;
        } else if (c == '"') {
            scan->in_string = false;
            return;
        } else if (c == '\\') {
            scan->escaped = true;
            scan->flags |= JSON_HAS_ESCAPE;
        }
        note_bytes(scan, c < ' ', c & 0x80U);
    }
}

/* Digits behind a point make no long integer. */
#define FRACTION_DIGITS (-1000000)

/* Between strings. */
enum byte_class { OTHER, QUOTE, OPEN, CLOSE, DIGIT, POINT, BAD };

#define EIGHT(class) class, class, class, class, class, class, class, class

static const uint8_t classes[256] = {
    EIGHT(BAD),    BAD,           OTHER,         OTHER,         BAD,           BAD,           OTHER,
    BAD,           BAD,           EIGHT(BAD),    EIGHT(BAD),    ['"'] = QUOTE, ['{'] = OPEN,  ['['] = OPEN,
    ['}'] = CLOSE, [']'] = CLOSE, ['.'] = POINT, ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
    ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
};

static enum byte_class class_of(unsigned char c)
{
    return classes[c];
}

/* A number or word of its own: up to the byte that cannot belong to it. */
static enum json_scan_state scan_word(struct json_scan *scan, const char *bytes, size_t size)
{
    for (; scan->at < size; scan->at++) {
        unsigned char c = (unsigned char)bytes[scan->at];
        if (c <= ' ' || strchr(",]}[{\":", c))
            return JSON_SCAN_DONE;
        scan->digits = c >= '0' && c <= '9' ? scan->digits + 1 : (c == '.' ? FRACTION_DIGITS : 0);
        if (scan->digits >= LONG_NUMBER_DIGITS)
            scan->flags |= JSON_HAS_LONG_NUMBER;
    }
    return JSON_SCAN_MORE;
}

/* From scan->at, between strings, up to the next string, the value's end or the end of the bytes. */
static enum json_scan_state scan_structure(struct json_scan *scan, const char *bytes, size_t size)
{
    enum json_scan_state state = JSON_SCAN_MORE;
    size_t at = scan->at;
    int digits = scan->digits;
    while (at < size && state == JSON_SCAN_MORE && !scan->in_string) {
        enum byte_class class = class_of((unsigned char)bytes[at++]);
        digits = class == DIGIT ? digits + 1 : 0;
        switch (class) {
        case OTHER:
            break;
        case QUOTE:
            scan->in_string = true;
            break;
        case OPEN:
            state = ++scan->depth > JSON_SCAN_DEPTH_MAX ? JSON_SCAN_TOO_DEEP : JSON_SCAN_MORE;
            break;
        case CLOSE:
            state = --scan->depth ? JSON_SCAN_MORE : JSON_SCAN_DONE;
            break;
        case DIGIT:
            scan->flags |= digits >= LONG_NUMBER_DIGITS ? JSON_HAS_LONG_NUMBER : 0;
            break;
        case POINT:
            digits = FRACTION_DIGITS;
            break;
        case BAD:
            scan->flags |= JSON_HAS_BAD_BYTE;
            break;
        }
    }
    scan->at = at;
    scan->digits = digits;
    return state;
}

enum json_scan_state json_scan(struct json_scan *scan, const char *bytes, size_t size)
{
    enum json_scan_state state = JSON_SCAN_MORE;
    if (size > 0 && class_of((unsigned char)bytes[0]) != QUOTE && class_of((unsigned char)bytes[0]) != OPEN)
        return scan_word(scan, bytes, size);
    while (scan->at < size && state == JSON_SCAN_MORE) {
        if (!scan->in_string) {
            state = scan_structure(scan, bytes, size);
            continue;
        }
        scan_string(scan, bytes, size);
        if (!scan->in_string && scan->depth == 0)
            state = JSON_SCAN_DONE;
    }
    return state;
}
