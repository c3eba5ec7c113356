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

enum byte_class { OTHER, QUOTE, OPEN, CLOSE, DIGIT, POINT, BAD };

/* Digits behind a point make no long integer. */
#define FRACTION_DIGITS (-1000000)

static enum byte_class class_of(unsigned char c)
{
    switch (c) {
    case '"':
        return QUOTE;
    case '{':
    case '[':
        return OPEN;
    case '}':
    case ']':
        return CLOSE;
    case '\t':
    case '\n':
    case '\r':
        return OTHER;
    case '.':
        return POINT;
    default:
        if (c >= '0' && c <= '9')
            return DIGIT;
        return c < ' ' ? BAD : OTHER;
    }
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

/* One byte between strings. */
static enum json_scan_state take_byte(struct json_scan *scan, unsigned char c)
{
    enum byte_class class = class_of(c);
    scan->digits = class == DIGIT ? scan->digits + 1 : 0;
    switch (class) {
    case QUOTE:
        scan->in_string = true;
        break;
    case OPEN:
        if (++scan->depth > JSON_SCAN_DEPTH_MAX)
            return JSON_SCAN_TOO_DEEP;
        break;
    case CLOSE:
        scan->depth--;
        return scan->depth ? JSON_SCAN_MORE : JSON_SCAN_DONE;
    case DIGIT:
        if (scan->digits >= LONG_NUMBER_DIGITS)
            scan->flags |= JSON_HAS_LONG_NUMBER;
        break;
    case POINT:
        scan->digits = FRACTION_DIGITS;
        break;
    case BAD:
        scan->flags |= JSON_HAS_BAD_BYTE;
        break;
    case OTHER:
        break;
    }
    return JSON_SCAN_MORE;
}

enum json_scan_state json_scan(struct json_scan *scan, const char *bytes, size_t size)
{
    if (size > 0 && class_of((unsigned char)bytes[0]) != QUOTE && class_of((unsigned char)bytes[0]) != OPEN)
        return scan_word(scan, bytes, size);
    while (scan->at < size) {
        if (scan->in_string) {
            scan_string(scan, bytes, size);
            if (!scan->in_string && scan->depth == 0)
                return JSON_SCAN_DONE;
            continue;
        }
        enum json_scan_state state = take_byte(scan, (unsigned char)bytes[scan->at++]);
        if (state != JSON_SCAN_MORE)
            return state;
    }
    return JSON_SCAN_MORE;
}
