/* Percent-encoding, declared in base/text.h. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

void url_encode(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (ascii_alnum(*text) || strchr("-._~", *text))
            buf_putc(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}
