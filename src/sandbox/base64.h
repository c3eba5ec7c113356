/* Base64, read by the sandbox's own code, so that a mistake in the agent's does not look right from both
 * sides. */
#ifndef SANDBOX_BASE64_H
#define SANDBOX_BASE64_H

#include <stdbool.h>

struct buf;

/* Standard alphabet; line ends and missing padding are tolerated. False when the text is not base64. */
bool sandbox_base64_decode(struct buf *out, const char *text);

#endif
