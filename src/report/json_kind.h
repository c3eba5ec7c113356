/* What kind of value cJSON holds. As cJSON_IsString and its like, but inline: the readers ask several times
 * for every value of a report. NULL is of no kind. */
#ifndef REPORT_JSON_KIND_H
#define REPORT_JSON_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

static inline bool json_is_kind(const cJSON *value, int kind)
{
    return value != NULL && (value->type & 0xFF) == kind;
}

static inline bool json_is_string(const cJSON *value)
{
    return json_is_kind(value, cJSON_String);
}

static inline bool json_is_number(const cJSON *value)
{
    return json_is_kind(value, cJSON_Number);
}

static inline bool json_is_object(const cJSON *value)
{
    return json_is_kind(value, cJSON_Object);
}

static inline bool json_is_list(const cJSON *value)
{
    return json_is_kind(value, cJSON_Array);
}

static inline bool json_is_null(const cJSON *value)
{
    return json_is_kind(value, cJSON_NULL);
}

#endif
