/* The reading half of base/json.h. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

/* 15 digits always fit a double. */
#define SAFE_DIGITS 15

static size_t string_length(const char *text, size_t size)
{
    size_t at = 1;
    while (at < size && text[at] != '"')
        at += text[at] == '\\' ? 2 : 1;
    return at < size ? at + 1 : size;
}

static size_t number_length(const char *text, size_t size, bool *ret_integer)
{
    size_t at = 0;
    *ret_integer = true;
    while (at < size && (ascii_alnum(text[at]) || strchr("+-.", text[at]))) {
        if (!ascii_digit(text[at]) && !(at == 0 && text[at] == '-'))
            *ret_integer = false;
        at++;
    }
    return at;
}

static bool number_begins(char c)
{
    return ascii_digit(c) || c == '-';
}

/* Copies the text with long integers put in quotes. */
static void quote_long_integers(struct buf *out, const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        size_t length = 1;
        bool integer = false;
        if (text[at] == '"')
            length = string_length(text + at, size - at);
        else if (number_begins(text[at]))
            length = number_length(text + at, size - at, &integer);
        bool quoted = integer && length > SAFE_DIGITS;
        if (quoted)
            buf_putc(out, '"');
        buf_put(out, text + at, length);
        if (quoted)
            buf_putc(out, '"');
        at += length;
    }
}

static bool only_space(const char *text, const char *end)
{
    while (text < end && ascii_space(*text))
        text++;
    return text == end;
}

/* A run of more than SAFE_DIGITS digits covers every place that is a multiple of its shortest length. */
static bool has_long_digits(const char *text, size_t size)
{
    const size_t run = SAFE_DIGITS + 1;
    for (size_t at = run - 1; at < size; at += run) {
        size_t begin = at;
        size_t end = at;
        while (begin > 0 && ascii_digit(text[begin - 1]) && at - begin < run)
            begin--;
        while (end < size && ascii_digit(text[end]) && end - begin < run)
            end++;
        if (end - begin >= run)
            return true;
    }
    return false;
}

static cJSON *parse_whole(const char *text, size_t size)
{
    const char *end = text;
    cJSON *value = cJSON_ParseWithLengthOpts(text, size, &end, false);
    if (value && !only_space(end, text + size)) {
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

cJSON *json_parse(const char *text, size_t size)
{
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (!has_long_digits(text, size))
        return parse_whole(text, size);
    _cleanup_(buf_release) struct buf safe = BUF_UNBOUNDED;
    quote_long_integers(&safe, text, size);
    return parse_whole(buf_text(&safe), safe.length);
}

void json_delete(cJSON **value)
{
    cJSON_Delete(*value);
}

const cJSON *json_member(const cJSON *object, const char *name)
{
    return object ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const char *json_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(json_member(object, name));
}

bool json_bool(const cJSON *object, const char *name, bool fallback)
{
    const cJSON *value = json_member(object, name);
    return cJSON_IsBool(value) ? cJSON_IsTrue(value) : fallback;
}

bool json_value_int64(const cJSON *value, int64_t *ret)
{
    if (cJSON_IsString(value))
        return text_to_int64(value->valuestring, INT64_MIN, INT64_MAX, ret);
    if (!cJSON_IsNumber(value))
        return false;
    double number = value->valuedouble;
    if (!(number > -9007199254740992.0 && number < 9007199254740992.0))
        return false;
    int64_t whole = (int64_t)number;
    if ((double)whole < number || (double)whole > number)
        return false;
    *ret = whole;
    return true;
}

bool json_int64(const cJSON *object, const char *name, int64_t *ret)
{
    return json_value_int64(json_member(object, name), ret);
}
