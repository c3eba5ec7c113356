#include "report/testproject_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/bad_byte.h"
#include "report/json_kind.h"
#include "report/json_repair.h"
#include "report/testproject_words.h"

#define NAME_SHOWN_BYTES 100

static const char *number_text(struct testproject_reader *reader, const cJSON *value)
{
    int64_t whole;
    if (json_value_int64(value, &whole))
        return arena_printf(&reader->scratch, "%" PRId64, whole);
    /* The shortest of the two that reads back as the same number. */
    char *text = arena_printf(&reader->scratch, "%.15g", value->valuedouble);
    double again;
    bool exact =
        testproject_decimal(text, &again) && again <= value->valuedouble && again >= value->valuedouble;
    if (exact || strchr(text, 'e'))
        return text;
    return arena_printf(&reader->scratch, "%.17g", value->valuedouble);
}

static int keep_text_apart(struct testproject_reader *reader, char *name)
{
    unsigned char byte;
    size_t size = strlen(name);
    if (!bad_byte_find(name, size, &byte))
        return 0;
    bad_bytes_in_name(name, size);
    if (reader->bad_name_told)
        return 0;
    reader->bad_name_told = true;
    _cleanup_free_ char *shown = text_excerpt(name, NAME_SHOWN_BYTES);
    return reader_warn(
        reader, WARN_BAD_NAME,
        "the name '%s' holds bytes that are no characters, shown as \\xNN so that names stay apart; "
        "let the program that writes the report use UTF-8 without control characters",
        shown);
}

int value_keep_apart(struct testproject_reader *reader, cJSON *value)
{
    if (json_is_string(value))
        return keep_text_apart(reader, value->valuestring);
    int rc = 0;
    bool holder = json_is_object(value) || json_is_list(value);
    for (cJSON *item = holder ? value->child : NULL; item && rc == 0; item = item->next)
        if (json_is_string(item))
            rc = keep_text_apart(reader, item->valuestring);
    return rc;
}

const char *value_text(struct testproject_reader *reader, cJSON *value)
{
    if (!value)
        return NULL;
    if (json_is_string(value)) {
        if (reader->may_be_dirty)
            json_clean_text(value->valuestring);
        return *value->valuestring ? value->valuestring : NULL;
    }
    if (json_is_number(value))
        return number_text(reader, value);
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    const char *name = value_reference(reader, value, REFERENCE_NAME);
    return name ? name : value_reference(reader, value, REFERENCE_URL);
}

/* In place: a text may be long, and asked for again by each target. */
const char *value_trimmed(struct testproject_reader *reader, cJSON *value)
{
    const char *text = value_text(reader, value);
    if (!text || !json_is_string(value))
        return text;
    size_t length = strlen(text);
    while (length > 0 && ascii_space(text[length - 1]))
        length--;
    value->valuestring[length] = '\0';
    while (ascii_space(*text))
        text++;
    return *text ? text : NULL;
}

/* Duplicates inside such an object do not matter enough for a warning. */
const char *value_reference(struct testproject_reader *reader, cJSON *value, enum reference_field which)
{
    if (!json_is_object(value))
        return NULL;
    struct fields fields = {0};
    size_t place = 0;
    for (cJSON *member = value->child; member; member = member->next) {
        int row = field_row(&reader->index, IN_REFERENCE, member->string, place++);
        if (row != FIELD_UNKNOWN)
            fields_put(&fields, row, member);
    }
    cJSON *found = fields.at[which];
    return json_is_object(found) ? NULL : value_text(reader, found);
}

bool value_int64(const cJSON *value, int64_t *ret)
{
    if (!value || cJSON_IsBool(value))
        return false;
    double number;
    if (json_value_int64(value, ret))
        return true;
    /* "3.0", as a re-printing tool may write a number */
    if (!json_is_string(value) || !testproject_decimal(value->valuestring, &number))
        return false;
    if (!(number > -9e15 && number < 9e15) || (double)(int64_t)number < number ||
        (double)(int64_t)number > number)
        return false;
    *ret = (int64_t)number;
    return true;
}

bool value_number(const cJSON *value, double *ret)
{
    if (json_is_string(value))
        return testproject_decimal(value->valuestring, ret);
    if (!json_is_number(value))
        return false;
    *ret = value->valuedouble;
    return true;
}

bool value_bool(const cJSON *value, bool fallback)
{
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value);
    if (json_is_string(value) && text_equal_nocase(value->valuestring, "true"))
        return true;
    if (json_is_string(value) && text_equal_nocase(value->valuestring, "false"))
        return false;
    int64_t number;
    return value_int64(value, &number) ? number != 0 : fallback;
}

static cJSON *skip_nulls(cJSON *item)
{
    while (item && json_is_null(item))
        item = item->next;
    return item;
}

cJSON *value_first(cJSON *list)
{
    return json_is_list(list) ? skip_nulls(list->child) : list;
}

cJSON *value_next(const cJSON *list, const cJSON *item)
{
    return json_is_list(list) ? skip_nulls(item->next) : NULL;
}

size_t value_count(cJSON *list)
{
    size_t count = 0;
    for (cJSON *item = value_first(list); item; item = value_next(list, item))
        count++;
    return count;
}

/* What stands on the right side: never NULL, also for lists and objects. */
static const char *pair_value(struct testproject_reader *reader, cJSON *value)
{
    if (!json_is_list(value) && !json_is_object(value)) {
        const char *text = value_text(reader, value);
        return text ? text : "";
    }
    char *printed = cJSON_PrintUnformatted(value);
    char *copy = arena_text(&reader->scratch, printed ? printed : "", printed ? strlen(printed) : 0);
    cJSON_free(printed);
    if (reader->may_be_dirty)
        json_clean_text(copy);
    return copy;
}

static bool pair_of_object(struct testproject_reader *reader, cJSON *member, struct name_value *ret)
{
    if (reader->may_be_dirty)
        json_clean_text(member->string);
    *ret = (struct name_value){.name = member->string, .value = pair_value(reader, member)};
    return *member->string != '\0';
}

static bool pair_of_item(struct testproject_reader *reader, cJSON *item, struct name_value *ret)
{
    const char *name = value_reference(reader, item, REFERENCE_NAME);
    if (!name)
        return false;
    const char *value = value_reference(reader, item, REFERENCE_VALUE);
    *ret = (struct name_value){.name = name, .value = value ? value : ""};
    return true;
}

const struct name_value *value_pairs(struct testproject_reader *reader, cJSON *value, size_t *ret_count)
{
    *ret_count = 0;
    if (!json_is_object(value) && !json_is_list(value))
        return NULL;
    size_t most = (size_t)cJSON_GetArraySize(value);
    struct name_value *pairs = arena_array(&reader->scratch, most, sizeof *pairs);
    size_t count = 0;
    for (cJSON *item = value->child; item; item = item->next) {
        bool good = json_is_object(value) ? pair_of_object(reader, item, &pairs[count])
                                          : pair_of_item(reader, item, &pairs[count]);
        count += good;
    }
    *ret_count = count;
    return pairs;
}

/* Members of the root have lost their name; their values say enough. */
static int warn_member(struct testproject_reader *reader, const cJSON *value, const char *text)
{
    if (!value->string)
        return reader_warn(reader, WARN_TIME, "%s", text);
    reader_enter(reader, value->string);
    int rc = reader_warn(reader, WARN_TIME, "%s", text);
    reader_leave(reader, 1);
    return rc;
}

static bool read_stamp(const cJSON *value, struct time_stamp *ret)
{
    int64_t number;
    if (json_is_string(value))
        return testproject_instant(value->valuestring, ret);
    return json_is_number(value) && json_value_int64(value, &number) &&
           testproject_instant_number(number, ret);
}

int value_instant(struct testproject_reader *reader, cJSON *value, enum times_of what,
                  struct report_instant *ret)
{
    struct time_stamp stamp;
    *ret = REPORT_INSTANT_NONE;
    if (!value)
        return 0;
    if (read_stamp(value, &stamp)) {
        *ret = report_times_instant(&reader->times, stamp, what);
        return 0;
    }
    const char *shown = value_text(reader, value);
    return warn_member(reader, value,
                       arena_printf(&reader->scratch,
                                    "'%s' is no time stamp such as '2022-07-01T10:20:30.5Z'; it is left out",
                                    shown ? reader_excerpt(reader, shown) : "a list or object"));
}

int value_duration(struct testproject_reader *reader, cJSON *value, int64_t unit_ms, int64_t *ret_ms)
{
    *ret_ms = TIME_NONE;
    const char *text = value_text(reader, value);
    if (!text || testproject_duration(text, unit_ms, ret_ms))
        return 0;
    return warn_member(reader, value,
                       arena_printf(&reader->scratch,
                                    "'%s' is no duration such as '00:01:02.345'; it is left out",
                                    reader_excerpt(reader, text)));
}
