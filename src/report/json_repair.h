/* Makes one value's bytes safe for cJSON, which takes bad UTF-8 as it is, ends a text at a NUL without a
 * word and refuses half of a surrogate pair: what is no character becomes a mark (report/bad_byte.h), in keys
 * too.
 *
 *     unsigned repairs = json_repair(&span, &copy);   // span.bytes may point into copy afterwards
 *     cJSON *value = json_parse_span(&span, &bad_at);
 */
#ifndef REPORT_JSON_REPAIR_H
#define REPORT_JSON_REPAIR_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "report/json_window.h"

enum json_repairs {
    JSON_REPAIRED_UTF8 = 1,
    JSON_REPAIRED_NUL = 2,       /* \u0000 */
    JSON_REPAIRED_SURROGATE = 4, /* half a pair */
    JSON_HAS_MARKS = 8, /* of these, of other control characters, or from an earlier repair or decoding */
};

unsigned json_repair(struct json_span *span, struct buf *copy);
/* NULL when it is no JSON; *ret_bad_at is then the place of the error in the span's bytes. Long integers
 * come as strings (base/json.h). The caller frees with cJSON_Delete. */
cJSON *json_parse_span(const struct json_span *span, size_t *ret_bad_at);
/* In place, for a text: CRLF and CR become LF, all other control characters but tab go, marks become U+FFFD.
 * A name that is to keep them apart has lost its marks before (bad_bytes_in_name). */
void json_clean_text(char *text);

#endif
