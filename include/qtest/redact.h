/* A secret taken out of outside text: a gateway that echoes a request's headers in its error page would bring
 * the token into a log.
 */
#ifndef QTEST_REDACT_H
#define QTEST_REDACT_H

#include <stddef.h>

struct buf;

/* A shorter one is no secret, and would be found by chance in what has nothing to do with it. */
#define SECRET_MIN_BYTES 8

/* Puts "***" for each occurrence: as it is, with any characters percent-encoded, or escaped as in JSON. */
void redact(struct buf *text, const char *secret);
/* The same in an owned text, which is replaced; NULL stays. */
void redact_text(char **text, const char *secret);

/* With a star for each byte: a length that stands elsewhere stays true. */
void redact_bytes(char *bytes, size_t size, const char *secret);

#endif
