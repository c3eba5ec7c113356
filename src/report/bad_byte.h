/* Bytes of a report that are no character, on their way from the bytes to what is read.
 *
 * Two names that differ only in such bytes must stay two, and a text must stay readable. Which of the two
 * a byte stands in is not known before the markup is understood, so the scrub stage (and json_repair.h)
 * writes each one as a private code point, U+10FE00 plus the byte, that any parser takes for a letter. The
 * reader turns it into "\xE4" in a name and into U+FFFD in a text. A report that holds such a code point
 * itself means nothing by it: it counts as four bad bytes.
 */
#ifndef REPORT_BAD_BYTE_H
#define REPORT_BAD_BYTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct error;
struct report_meta;

/* The size of a mark, and of the "\xE4" that it becomes in a name. */
#define BAD_BYTE_MARK_BYTES 4

bool bad_byte_is_mark(uint32_t code_point);
void bad_byte_put(struct buf *out, unsigned char byte);
/* One mark for each of them. */
void bad_bytes_put(struct buf *out, const char *bytes, size_t size);
/* The first mark in UTF-8 text and the byte that it stands for, or NULL. */
const char *bad_byte_find(const char *text, size_t size, unsigned char *ret_byte);
/* Both in place. The first keeps the size, the second returns the new one, which is not more. */
void bad_bytes_in_name(char *name, size_t size);
size_t bad_bytes_in_text(char *text, size_t size);
/* What the reader of a report says of it, when it is done: names of elements, members and the like. err may
 * be NULL. */
void bad_bytes_in_sentences(struct report_meta *meta, struct error *err);

#endif
