/* The encoding of an XML report: found from its first bytes, decoded to UTF-8 piece by piece. */
#ifndef REPORT_SCRUB_DECODE_H
#define REPORT_SCRUB_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum scrub_encoding {
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_1252,   /* also for ISO-8859-1, whose C1 controls nobody means */
    ENCODING_LATIN9, /* ISO-8859-15 */
    ENCODING_UTF32,  /* not decoded: refuse it */
};

#define SCRUB_ENCODING_NAME_SIZE 40

struct scrub_decoder {
    enum scrub_encoding encoding;
    size_t mark_bytes;                           /* size of the byte order mark, to be skipped */
    char unknown_name[SCRUB_ENCODING_NAME_SIZE]; /* a declared encoding that is read as UTF-8, or "" */
    unsigned char pending[4];                    /* UTF-16: a beginning without its end */
    size_t pending_size;
    int64_t bad_units; /* replaced by U+FFFD */
};

/* The mark wins over the declaration, and 8-bit text over a declared UTF-16. */
void scrub_decoder_init(struct scrub_decoder *d, const char *first_bytes, size_t size);
/* Appends the UTF-8 of bytes. UTF-8 itself is appended as it is, checked later. */
void scrub_decode(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size);
/* What was left pending at the end of the input. */
void scrub_decode_end(struct scrub_decoder *d, struct buf *out);
/* Appends one code point (must be valid) as UTF-8. */
void scrub_put_character(struct buf *out, uint32_t code_point);

#endif
