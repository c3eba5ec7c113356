/* base64 and percent-encoding, declared in base/text.h. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct buf *out, const void *bytes, size_t size)
{
    const unsigned char *in = bytes;
    for (size_t i = 0; i < size; i += 3) {
        size_t have = size - i < 3 ? size - i : 3;
        unsigned group = (unsigned)in[i] << 16;
        group |= have > 1 ? (unsigned)in[i + 1] << 8 : 0;
        group |= have > 2 ? (unsigned)in[i + 2] : 0;
        char quad[4] = {base64_alphabet[group >> 18 & 63], base64_alphabet[group >> 12 & 63],
                        have > 1 ? base64_alphabet[group >> 6 & 63] : '=',
                        have > 2 ? base64_alphabet[group & 63] : '='};
        buf_put(out, quad, sizeof quad);
    }
}

static int base64_value(char c)
{
    const char *at = c ? strchr(base64_alphabet, c) : NULL;
    return at ? (int)(at - base64_alphabet) : -1;
}

bool base64_decode(struct buf *out, const char *text, size_t size)
{
    unsigned group = 0;
    unsigned bits = 0;
    size_t padding = 0;
    for (size_t i = 0; i < size; i++) {
        if (ascii_space(text[i]))
            continue;
        if (text[i] == '=') {
            padding++;
            continue;
        }
        int value = base64_value(text[i]);
        if (value < 0 || padding)
            return false;
        group = (group << 6 | (unsigned)value) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            buf_putc(out, (char)(unsigned char)(group >> bits & 0xFFU));
        }
    }
    return padding <= 2 && bits != 6;
}

void url_encode(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (ascii_alnum(*text) || strchr("-._~", *text))
            buf_putc(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}
