#include "report/scrub_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef int8_t block __attribute__((vector_size(16)));

/* True when one of the 16 bytes is a control character (but tab and line feed), not ASCII (negative as
 * int8_t), or one of a, b, c. */
static inline bool block_stops(const char *at, char a, char b, char c)
{
    block bytes;
    memcpy(&bytes, at, sizeof bytes);
    block stops = (bytes < 0x20) & (bytes != '\n') & (bytes != '\t');
    stops |= (bytes == a) | (bytes == b) | (bytes == c);
    uint64_t halves[2];
    memcpy(halves, &stops, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline bool odd_byte(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || (byte < 0x20 && byte != '\n' && byte != '\t');
}

/* The "<" or "&" that at belongs to, when it is one to look at. "!" and "?" are rarer than "<", so they
 * are what is searched for. */
static inline const char *markup_stop(const char *at, const char *begin, const char *end)
{
    if (odd_byte(*at))
        return at;
    if (*at == '&')
        return at + 1 == end || at[1] == '#' ? at : NULL;
    if ((*at == '!' || *at == '?') && at > begin && at[-1] == '<')
        return at - 1;
    return *at == '<' && at + 1 == end ? at : NULL;
}

const char *scrub_scan_markup(const char *at, const char *end)
{
    const char *begin = at;
    while (at < end) {
        while (end - at > 16 && !block_stops(at, '&', '!', '?'))
            at += 16;
        const char *block_end = end - at > 16 ? at + 16 : end;
        for (; at < block_end; at++) {
            const char *stop = markup_stop(at, begin, end);
            if (stop)
                return stop;
        }
    }
    return end;
}

const char *scrub_scan_cdata(const char *at, const char *end)
{
    while (at < end) {
        while (end - at > 16 && !block_stops(at, ']', ']', ']'))
            at += 16;
        const char *block_end = end - at > 16 ? at + 16 : end;
        for (; at < block_end; at++)
            if (*at == ']' || odd_byte(*at))
                return at;
    }
    return end;
}
