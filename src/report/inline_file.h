/* Files that a report carries in itself, as base64: bare, or behind "data:image/png;base64,".
 *
 * What goes to qTest must be base64 as every server takes it (RFC 4648, section 4, with padding and without
 * white space), since one that refuses it refuses the result with it.
 */
#ifndef REPORT_INLINE_FILE_H
#define REPORT_INLINE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* What stands behind the comma of a "data:" address, and the content type before it, which is no text of its
 * own; *ret_type_size is 0 where there is none. NULL when it is not base64 by its own word. */
const char *inline_data(const char *uri, const char **ret_type, size_t *ret_type_size);
/* type/subtype in the letters of RFC 6838. */
bool inline_type_valid(const char *type, size_t size);
/* Read as writers write it: white space anywhere, the alphabet of addresses (RFC 4648, section 5), no padding
 * at all, percent-encoded '+', '/', '=' and line ends. Returns text itself when it is as servers take it,
 * else a copy; NULL when it is damaged or empty. */
const char *inline_base64(struct arena *arena, const char *text);

#endif
