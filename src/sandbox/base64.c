#include "base/buf.h"
#include "sandbox/base64.h"

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool sandbox_base64_decode(struct buf *out, const char *text)
{
    unsigned bits = 0;
    int held = 0, padding = 0;
    for (; *text; text++) {
        int digit = digit_of(*text);
        if (*text == '\r' || *text == '\n')
            continue;
        if (*text == '=') {
            padding++;
            continue;
        }
        if (digit < 0 || padding)
            return false;
        bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            buf_putc(out, (char)(unsigned char)(bits >> held));
        }
    }
    return padding <= 2 && held != 6; /* a single character holds no byte */
}
