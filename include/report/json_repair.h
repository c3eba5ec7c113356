/* Makes one value's bytes safe for cJSON, which takes bad UTF-8 as it is, ends a text at a NUL without a
 * word and refuses half of a surrogate pair.
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
    JSON_REPAIRED_UTF8 = 1,      /* bad bytes became U+FFFD */
    JSON_REPAIRED_NUL = 2,       /* \u0000 became U+FFFD; a NUL byte goes with the control characters */
    JSON_REPAIRED_SURROGATE = 4, /* half a pair became U+FFFD */
};

unsigned json_repair(struct json_span *span, struct buf *copy);
/* NULL when it is no JSON; *ret_bad_at is then the place of the error in the span's bytes. Long integers
 * come as strings (base/json.h). The caller frees with cJSON_Delete. */
cJSON *json_parse_span(const struct json_span *span, size_t *ret_bad_at);
/* In place: CRLF and CR become LF, all other control characters but tab go. */
void json_clean_text(char *text);

#endif
