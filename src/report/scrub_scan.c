#include "report/scrub_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef int8_t block __attribute__((vector_size(16)));

/* All ones where one of the 16 bytes is a control character (but tab and line feed), beyond ASCII
 * (negative as int8_t), or a, b or c. */
static inline block stops_of(const char *at, char a, char b, char c)
{
    block bytes;
    memcpy(&bytes, at, sizeof bytes);
    block control = (bytes < 0x20) & (bytes != '\n') & (bytes != '\t');
    return control | (bytes == a) | (bytes == b) | (bytes == c);
}

/* The first of them; 16 when there is none. */
static inline unsigned first_stop(block stops)
{
#ifdef __SSE2__
    return (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8((__m128i)stops) | 0x10000U);
#else
    int8_t bytes[16];
    unsigned at = 0;
    memcpy(bytes, &stops, sizeof bytes);
    while (at < 16 && !bytes[at])
        at++;
    return at;
#endif
}

static inline bool odd_byte(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || (byte < 0x20 && byte != '\n' && byte != '\t');
}

/* The next of those bytes; end when there is none. */
static inline const char *next_stop(const char *at, const char *end, char a, char b, char c)
{
    for (; end - at >= 32; at += 32) {
        block low = stops_of(at, a, b, c);
        block high = stops_of(at + 16, a, b, c);
        if (first_stop(low | high) < 16) {
            unsigned stop = first_stop(low);
            return at + (stop < 16 ? stop : 16 + first_stop(high));
        }
    }
    for (; at < end; at++)
        if (odd_byte(*at) || *at == a || *at == b || *at == c)
            return at;
    return end;
}

/* "!" and "?" are rarer than "<", so they are what is searched for. */
const char *scrub_scan_markup(const char *at, const char *end)
{
    const char *begin = at;
    while ((at = next_stop(at, end, '&', '!', '?')) < end) {
        if (odd_byte(*at))
            return at;
        if (*at == '&' && (at + 1 == end || at[1] == '#'))
            return at;
        if (*at != '&' && at > begin && at[-1] == '<')
            return at - 1;
        at++;
    }
    return end > begin && end[-1] == '<' ? end - 1 : end;
}

const char *scrub_scan_cdata(const char *at, const char *end)
{
    return next_stop(at, end, ']', ']', ']');
}
