/* One JSON value, read tolerantly (docs/formats.md 2.3, "Types"): a number given as a string and the
 * reverse, null as missing, a scalar where a list is expected as a list of one.
 *
 * Texts live as long as the test they belong to.
 */
#ifndef REPORT_TESTPROJECT_VALUE_H
#define REPORT_TESTPROJECT_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "report/model.h"
#include "report/testproject_reader.h"

/* A string, cleaned; a number or bool in JSON's words; the name of an object that has one (name, alias,
 * title), else its URL. NULL when value is NULL, an empty text, a list, or an object without a name. */
const char *value_text(struct testproject_reader *reader, cJSON *value);
/* The text with blanks at its ends cut; NULL when nothing is left. */
const char *value_trimmed(struct testproject_reader *reader, cJSON *value);
/* A member of an object that names something; NULL when value is none or lacks it. */
const char *value_reference(struct testproject_reader *reader, cJSON *value, enum reference_field which);

/* A name, or a list or object of names: marks of bad bytes (report/bad_byte.h) become "\xE4", before the
 * functions above make U+FFFD of them; told once a report. */
int value_keep_apart(struct testproject_reader *reader, cJSON *value);

bool value_int64(const cJSON *value, int64_t *ret);
bool value_number(const cJSON *value, double *ret);
bool value_bool(const cJSON *value, bool fallback);

/* The first of a list's values, or the value itself; walk on with value_next(). NULL: none. */
cJSON *value_first(cJSON *list);
cJSON *value_next(const cJSON *list, const cJSON *item);
size_t value_count(cJSON *list);

/* {name: value, ...} or [{name, value}, ...]. */
const struct name_value *value_pairs(struct testproject_reader *reader, cJSON *value, size_t *ret_count);

/* Instants and durations of a member; TIME_NONE with a warning when it is none. */
int value_instant(struct testproject_reader *reader, cJSON *value, enum times_of what,
                  struct report_instant *ret);
int value_duration(struct testproject_reader *reader, cJSON *value, int64_t unit_ms, int64_t *ret_ms);

#endif
