/* JSON, reading (on cJSON) and writing.
 *
 * Reading: cJSON keeps numbers as doubles, which lose integers above 2^53; json_parse therefore turns
 * every integer literal of 16 digits and more into a string first, and json_int64() reads both. Texts
 * deeper than 1,000 are refused (cJSON's limit).
 *
 * Writing: json_writer appends to a buf, strings escaped and always valid UTF-8 (bad bytes become
 * U+FFFD), so nothing an outside text holds can break the document.
 *
 *     struct json_writer w;
 *     json_writer_init(&w, &buf);
 *     json_object(&w, NULL);                 // NULL key: root or array element
 *       json_string(&w, "name", name);
 *       json_array(&w, "ids"); json_integer(&w, NULL, 7); json_end(&w);
 *     json_end(&w);
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

struct buf;

/* The whole text must be one JSON value (white space around it allowed, and a UTF-8 mark before it).
 * NULL when it is not. The caller frees with cJSON_Delete; _cleanup_(json_delete) does it too. */
cJSON *json_parse(const char *text, size_t size);
void json_delete(cJSON **value);

/* Members by exact name; NULL object allowed. */
const cJSON *json_member(const cJSON *object, const char *name);
const char *json_text(const cJSON *object, const char *name); /* NULL when missing or no string */
bool json_bool(const cJSON *object, const char *name, bool fallback);
/* A whole number, given as number or as a string of digits. False when missing, not whole, or beyond
 * 64 bits. */
bool json_int64(const cJSON *object, const char *name, int64_t *ret);
bool json_value_int64(const cJSON *value, int64_t *ret);

#define JSON_DEPTH_MAX 64

struct json_writer {
    struct buf *out;
    int depth;
    bool pretty; /* two blanks of indent, a line a member */
    bool has_items[JSON_DEPTH_MAX];
    char closer[JSON_DEPTH_MAX];
};

void json_writer_init(struct json_writer *w, struct buf *out);
void json_object(struct json_writer *w, const char *key);
void json_array(struct json_writer *w, const char *key);
void json_end(struct json_writer *w); /* closes the innermost object or array */
void json_string(struct json_writer *w, const char *key, const char *value); /* NULL writes null */
void json_string_n(struct json_writer *w, const char *key, const char *value, size_t size);
void json_integer(struct json_writer *w, const char *key, int64_t value);
void json_boolean(struct json_writer *w, const char *key, bool value);
void json_null(struct json_writer *w, const char *key);
/* Already JSON; appended as it is. */
void json_raw(struct json_writer *w, const char *key, const char *json, size_t size);
/* A string value as JSON with its quotes, outside any document. */
void json_quote(struct buf *out, const char *value, size_t size);

#endif
