/* Field definitions of a project, and the properties of objects that follow them (docs/qtest-api.md 4.4, 4.6,
 * 4.7). Values are text on the wire: the id of an allowed value for lists, "[id,id]" for several, else as it
 * is.
 *
 * A few system fields are not stored but follow from the object; the caller gives them by their original
 * name.
 */
#ifndef SANDBOX_FIELDS_H
#define SANDBOX_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/objects.h"

struct store;

/* Original names of fields with a meaning of their own. */
#define FIELD_AUTOMATION   "AutomationTestCase"
#define FIELD_CONTENT      "ClassIdTestCase"
#define FIELD_TYPE         "TestCaseType"
#define FIELD_CASE_STATUS  "TestCaseStatus"
#define FIELD_RUN_STATUS   "TestCaseRunStatus"
#define FIELD_BUILD_NUMBER "BuildNumber"
#define FIELD_BUILD_URL    "BuildUrl"

#define VALUE_AUTOMATION_YES  "711"
#define VALUE_TYPE_AUTOMATION "702"
#define STATUS_UNEXECUTED     605

/* data_type of the vendor's Swagger file, createCustomField */
enum data_type {
    DATA_TEXT = 1,
    DATA_TEXT_AREA = 2,
    DATA_LIST = 3,
    DATA_DATE = 4,
    DATA_USER = 5,
    DATA_RICH_TEXT = 6,
    DATA_NUMBER = 7,
    DATA_CHECK_BOX = 8,
    DATA_DATE_TIME = 9,
    DATA_URL = 12,
    DATA_MULTIPLE_LIST = 17,
};

struct allowed_value {
    int64_t value;
    char *label;
    bool active, is_default;
    int64_t order;
};

struct field {
    int64_t id;
    char *label;
    char *original_name; /* NULL for custom fields */
    int64_t data_type;
    bool required, multiple, system, active;
    char *default_value; /* NULL: none */
    int64_t order;
    struct allowed_value *values;
    size_t value_count, value_capacity;
};

struct field_set {
    struct store *store;
    enum object_kind kind;
    struct field *items;
    size_t count, capacity;
};

struct field_set *field_set_load(struct store *s, int64_t project, enum object_kind kind);
void field_set_free(struct field_set *set);
const struct field *field_by_id(const struct field_set *set, int64_t id);
const struct field *field_by_original_name(const struct field_set *set, const char *original_name);
const struct field *field_by_label(const struct field_set *set, const char *label); /* ASCII case free */
const char *field_value_label(const struct field *f, const char *value); /* NULL when it is no list value */

/* Fields of a new project. */
void fields_create_defaults(struct store *s, int64_t project);

struct computed_value {
    const char *original_name;
    const char *value; /* NULL: not shown */
};
/* The array `properties` of an object. */
void properties_write(struct json_writer *w, const char *key, const struct field_set *set, int64_t object,
                      const struct computed_value *computed, size_t computed_count);

enum properties_result { PROPERTIES_OK, PROPERTIES_UNKNOWN_FIELD, PROPERTIES_INVALID };
/* Checks the array `properties` of a request; *ret_problem (caller frees, may be NULL) says which is wrong.
 * Unknown fields come only when nothing is invalid. */
enum properties_result properties_check(const struct field_set *set, const cJSON *properties,
                                        char **ret_problem);
/* The label of a required field that neither the properties of a new object nor a default fill; NULL: none is
 * missing. */
const char *properties_missing(const struct field_set *set, const cJSON *properties);
/* Stores what properties_check() let pass; unknown fields are left out. The value of Automation Content is
 * not stored but handed out (caller frees, NULL when not given). */
void properties_store(const struct field_set *set, int64_t object, const cJSON *properties,
                      char **ret_content);
void property_store(const struct field_set *set, int64_t object, const char *original_name,
                    const char *value);

#endif
