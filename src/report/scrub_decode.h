/* The encoding of a report: found from its first bytes, decoded to UTF-8 piece by piece.
 *
 *     scrub_decoder_init(&d, first_bytes, size);     // d.refusal: do not decode, but scrub_decoder_refuse
 *     scrub_decode(&d, &out, bytes, size);           // any number of times; the bytes of the mark left out
 *     scrub_decode_end(&d, &out);
 *     scrub_decoder_release(&d);
 *
 * The byte order mark wins; then the look of UTF-16 and UTF-32, whose first character is ASCII with NULs
 * beside it; then what the XML declaration names (report/encoding.h); else it is UTF-8.
 */
#ifndef REPORT_SCRUB_DECODE_H
#define REPORT_SCRUB_DECODE_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define SCRUB_ENCODING_NAME_SIZE 48

struct scrub_decoder {
    bool is_utf8;                        /* the bytes are handed on as they are, not checked */
    size_t mark_bytes;                   /* size of the byte order mark, to be skipped */
    char name[SCRUB_ENCODING_NAME_SIZE]; /* of the encoding, for messages; a very long one is shortened */
    const char *refusal;                 /* what is wrong with that encoding, or NULL */
    iconv_t converter;
    size_t unit_bytes;  /* what is skipped where no character begins */
    struct buf pending; /* the beginning of a character */
    int64_t bad_bytes;  /* written as marks (report/bad_byte.h) */
};

void scrub_decoder_init(struct scrub_decoder *d, const char *first_bytes, size_t size);
/* The sentence about a decoder with a refusal, of the report so labelled. Returns -ERR_REPORT. */
int scrub_decoder_refuse(const struct scrub_decoder *d, const char *label, struct error *err);
void scrub_decoder_release(struct scrub_decoder *d);
/* Appends the UTF-8 of bytes. */
void scrub_decode(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size);
/* What was left pending at the end of the input. */
void scrub_decode_end(struct scrub_decoder *d, struct buf *out);
/* Appends one code point (must be valid) as UTF-8. */
void scrub_put_character(struct buf *out, uint32_t code_point);

#endif
