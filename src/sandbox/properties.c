/* The half of sandbox/fields.h that deals with the values of objects. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/dates.h"
#include "sandbox/fields.h"
#include "sandbox/store.h"

static const char *computed_for(const struct field *f, const struct computed_value *computed, size_t count,
                                bool *ret_is)
{
    *ret_is = false;
    for (size_t i = 0; i < count; i++)
        if (text_equal(f->original_name, computed[i].original_name)) {
            *ret_is = true;
            return computed[i].value;
        }
    return NULL;
}

static void write_property(struct json_writer *w, const struct field *f, const char *value)
{
    const char *label = field_value_label(f, value);
    json_object(w, NULL);
    json_integer(w, "field_id", f->id);
    json_string(w, "field_name", f->label);
    json_string(w, "field_value", value);
    if (label)
        json_string(w, "field_value_name", label);
    json_end(w);
}

/* The stored values of one object by the index of their field; the caller frees each. */
static void load_values(const struct field_set *set, int64_t object, char **values)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(set->store, "SELECT field, value FROM properties WHERE object = ?", "i", object);
    while (rows_next(&r)) {
        const struct field *f = field_by_id(set, rows_int(&r, 0));
        if (f)
            values[f - set->items] = xstrdup(rows_text(&r, 1));
    }
}

void properties_write(struct json_writer *w, const char *key, const struct field_set *set, int64_t object,
                      const struct computed_value *computed, size_t computed_count)
{
    _cleanup_free_ char **values = xcalloc(set->count + 1, sizeof *values);
    load_values(set, object, values);
    json_array(w, key);
    for (size_t i = 0; i < set->count; i++) {
        const struct field *f = &set->items[i];
        bool is_computed;
        const char *value = computed_for(f, computed, computed_count, &is_computed);
        if (!is_computed)
            value = values[i] ? values[i] : f->default_value;
        if (value && f->active)
            write_property(w, f, value);
        free(values[i]);
    }
    json_end(w);
}

/* {"field_id": 5, …}, or by name as some clients do. */
static const struct field *field_of_property(const struct field_set *set, const cJSON *property)
{
    int64_t id;
    if (json_int64(property, "field_id", &id))
        return field_by_id(set, id);
    const char *name = json_text(property, "field_name");
    return name ? field_by_label(set, name) : NULL;
}

/* The value as text; caller frees. NULL: none given. */
static char *value_of_property(const cJSON *property)
{
    const cJSON *value = json_member(property, "field_value");
    int64_t number;
    if (cJSON_IsString(value))
        return xstrdup(value->valuestring);
    if (json_value_int64(value, &number))
        return xasprintf("%" PRId64, number);
    if (cJSON_IsBool(value))
        return xstrdup(cJSON_IsTrue(value) ? "true" : "false");
    if (cJSON_IsArray(value)) {
        char *printed = cJSON_PrintUnformatted(value);
        char *copy = xstrdup(printed);
        cJSON_free(printed);
        return copy;
    }
    return NULL;
}

static bool plain_number(const char *value)
{
    bool digits = false;
    for (value += *value == '-' ? 1 : 0; *value; value++) {
        if (!ascii_digit(*value) && *value != '.')
            return false;
        digits = digits || ascii_digit(*value);
    }
    return digits;
}

static bool every_value_allowed(const struct field *f, const char *value)
{
    _cleanup_(json_delete) cJSON *list = json_parse(value, strlen(value));
    const cJSON *item;
    if (!cJSON_IsArray(list))
        return field_value_label(f, value) != NULL;
    cJSON_ArrayForEach(item, list)
    {
        int64_t number;
        _cleanup_free_ char *text = json_value_int64(item, &number) ? xasprintf("%" PRId64, number) : NULL;
        if (!text || !field_value_label(f, text))
            return false;
    }
    return true;
}

static bool valid_value(const struct field *f, const char *value)
{
    int64_t instant;
    switch (f->data_type) {
    case DATA_LIST:
        return field_value_label(f, value) != NULL;
    case DATA_CHECK_BOX:
    case DATA_MULTIPLE_LIST:
        return every_value_allowed(f, value);
    case DATA_DATE:
    case DATA_DATE_TIME:
        return date_read(value, &instant);
    case DATA_NUMBER:
        return plain_number(value);
    case DATA_USER:
        return text_to_int64(value, 0, INT64_MAX, &instant);
    default:
        return true;
    }
}

static enum properties_result check_one(const struct field_set *set, const cJSON *property,
                                        char **ret_problem)
{
    const struct field *f = field_of_property(set, property);
    if (!cJSON_IsObject(property)) {
        *ret_problem = xstrdup("A property must be an object with field_id and field_value");
        return PROPERTIES_INVALID;
    }
    if (!f)
        return PROPERTIES_UNKNOWN_FIELD;
    _cleanup_free_ char *value = value_of_property(property);
    if (!value || valid_value(f, value))
        return PROPERTIES_OK;
    *ret_problem = xasprintf("Value '%s' is not valid for field '%s'", value, f->label);
    return PROPERTIES_INVALID;
}

enum properties_result properties_check(const struct field_set *set, const cJSON *properties,
                                        char **ret_problem)
{
    enum properties_result worst = PROPERTIES_OK;
    const cJSON *property;
    *ret_problem = NULL;
    if (!properties || cJSON_IsNull(properties))
        return PROPERTIES_OK;
    if (!cJSON_IsArray(properties)) {
        *ret_problem = xstrdup("Field 'properties' must be an array");
        return PROPERTIES_INVALID;
    }
    cJSON_ArrayForEach(property, properties)
    {
        enum properties_result result = check_one(set, property, ret_problem);
        if (result == PROPERTIES_INVALID)
            return result;
        if (result != PROPERTIES_OK)
            worst = result;
    }
    if (worst == PROPERTIES_UNKNOWN_FIELD)
        *ret_problem = xstrdup("A field of 'properties' does not exist in this project");
    return worst;
}

static bool is_given(const struct field_set *set, const struct field *f, const cJSON *properties)
{
    const cJSON *property;
    cJSON_ArrayForEach(property, properties)
    {
        _cleanup_free_ char *value = value_of_property(property);
        if (field_of_property(set, property) == f && !text_empty(value))
            return true;
    }
    return false;
}

const char *properties_missing(const struct field_set *set, const cJSON *properties)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct field *f = &set->items[i];
        if (f->required && f->active && !f->default_value && !is_given(set, f, properties))
            return f->label;
    }
    return NULL;
}

static void store_value(const struct field_set *set, int64_t object, const struct field *f, const char *value)
{
    store_run(set->store,
              "INSERT INTO properties (object, field, value) VALUES (?1, ?2, ?3) "
              "ON CONFLICT (object, field) DO UPDATE SET value = ?3",
              "iit", object, f->id, value);
}

void properties_store(const struct field_set *set, int64_t object, const cJSON *properties,
                      char **ret_content)
{
    const cJSON *property;
    *ret_content = NULL;
    cJSON_ArrayForEach(property, properties)
    {
        const struct field *f = field_of_property(set, property);
        _cleanup_free_ char *value = value_of_property(property);
        if (!f || !value)
            continue;
        if (!text_equal(f->original_name, FIELD_CONTENT)) {
            store_value(set, object, f, value);
            continue;
        }
        free(*ret_content);
        *ret_content = TAKE(value);
    }
}

void property_store(const struct field_set *set, int64_t object, const char *original_name, const char *value)
{
    const struct field *f = field_by_original_name(set, original_name);
    if (f)
        store_value(set, object, f, value);
}
