#include "report/scrub_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef int8_t block __attribute__((vector_size(16)));

/* Where in the 16 bytes the first control character (but tab and line feed), byte beyond ASCII (negative
 * as int8_t), or a, b or c stands; 16 when there is none. */
static inline unsigned first_stop(const char *at, char a, char b, char c)
{
    block bytes;
    memcpy(&bytes, at, sizeof bytes);
    block stops = (bytes < 0x20) & (bytes != '\n') & (bytes != '\t');
    stops |= (bytes == a) | (bytes == b) | (bytes == c);
    uint64_t halves[2];
    memcpy(halves, &stops, sizeof halves);
    if ((halves[0] | halves[1]) == 0)
        return 16;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    halves[0] = __builtin_bswap64(halves[0]);
    halves[1] = __builtin_bswap64(halves[1]);
#endif
    return halves[0] ? (unsigned)__builtin_ctzll(halves[0]) / 8
                     : 8 + (unsigned)__builtin_ctzll(halves[1]) / 8;
}

static inline bool odd_byte(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || (byte < 0x20 && byte != '\n' && byte != '\t');
}

/* The next of those bytes; end when there is none. */
static inline const char *next_stop(const char *at, const char *end, char a, char b, char c)
{
    for (; end - at >= 16; at += 16) {
        unsigned stop = first_stop(at, a, b, c);
        if (stop < 16)
            return at + stop;
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
