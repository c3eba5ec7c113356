/* Turns the bytes of any report into clean UTF-8 XML, so that the parser behind it sees no surprise.
 *
 *     struct scrub s;
 *     scrub_init(&s, in);                                       // report/input.h, before the first byte
 *     while ((n = scrub_next(&s, wanted, &bytes, &err)) > 0)    // about wanted bytes a piece
 *         parse(bytes, n);
 *     scrub_release(&s);
 *
 * What it does (docs/formats.md 3.2):
 * - decodes what the report declares (scrub_decode.h); bytes that are no character become marks
 *   (bad_byte.h);
 * - drops the byte order mark, and the XML declaration wherever it stands: encoding names that no parser
 *   knows and XML 1.1 do no harm, blanks or comments may precede it;
 * - control characters and references to characters that XML forbids become marks as well; ANSI sequences
 *   (ESC raw or as a reference) go; surrogate pairs written as two references become the character;
 * - CRLF and CR become LF, also where they are written as references;
 * - comments and processing instructions are blanked, and long CDATA sections are divided at the ends of
 *   pieces, because libxml2's push parser is quadratic in the size of each of them.
 * Lines keep their numbers. Columns too, but for lines with a replacement or a divided CDATA section.
 * It never repairs structure: what is not well-formed stays so.
 */
#ifndef REPORT_SCRUB_H
#define REPORT_SCRUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/scrub_decode.h"

struct report_input;

enum scrub_mode { SCRUB_MARKUP, SCRUB_CDATA, SCRUB_COMMENT, SCRUB_INSTRUCTION };

struct scrub {
    struct report_input *in;
    struct scrub_decoder decoder;
    bool started;
    bool input_ended;
    bool undivided; /* may be set after scrub_init: sections are not divided at the ends of pieces */
    bool reopen;    /* the last piece closed a section that goes on */
    enum scrub_mode mode;
    unsigned surplus; /* blanks to leave out, so that a replaced instruction keeps its width */
    struct buf raw;   /* decoded, not yet cleaned from raw_used on */
    size_t raw_used;
    struct buf out; /* a piece that differs from raw */
    /* What was changed, for warnings. */
    int64_t bad_bytes;      /* and decoder.bad_bytes */
    int64_t bad_characters; /* control characters and forbidden references, ANSI sequences apart */
};

void scrub_init(struct scrub *s, struct report_input *in);
void scrub_release(struct scrub *s);
/* Gives the next piece, valid until the next call: its size, 0 at the end, or a negative code (ERR_IO,
 * ERR_REPORT for an encoding that cannot be decoded). */
ssize_t scrub_next(struct scrub *s, size_t wanted, const char **ret_bytes, struct error *err);
/* Whether there may be marks in what was given so far. */
static inline bool scrub_met_bad(const struct scrub *s)
{
    return s->bad_bytes || s->bad_characters || s->decoder.bad_bytes;
}

#endif
