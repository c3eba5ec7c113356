#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/json_pick.h"

static bool keeps_all(const cJSON *fields)
{
    const cJSON *item;
    if (!cJSON_IsArray(fields) || cJSON_GetArraySize(fields) == 0)
        return true;
    cJSON_ArrayForEach(item, fields) if (text_equal(item->valuestring, "*")) return true;
    return false;
}

static bool wanted(const cJSON *fields, const char *name, size_t length)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, fields) if (strlen(item->valuestring) == length &&
                                         memcmp(item->valuestring, name, length) == 0) return true;
    return false;
}

/* Our own writer's text: no blanks between tokens. Returns the length of one string with its quotes. */
static size_t string_size(const char *at)
{
    size_t size = 1;
    while (at[size] != '"')
        size += at[size] == '\\' ? 2 : 1;
    return size + 1;
}

static size_t value_size(const char *at)
{
    int depth = 0;
    size_t size = 0;
    do {
        char c = at[size];
        if (c == '"') {
            size += string_size(at + size);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            break;
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        size++;
    } while (at[size]);
    return size;
}

void json_pick_members(struct buf *out, size_t begin, const cJSON *fields)
{
    if (keeps_all(fields))
        return;
    _cleanup_free_ char *text = xstrndup(buf_text(out) + begin, out->length - begin);
    const char *at = strchr(text, '{');
    if (!at)
        return;
    buf_truncate(out, begin + (size_t)(at - text) + 1);
    bool first = true;
    for (at++; *at && *at != '}';) {
        size_t name = string_size(at), value = value_size(at + name + 1);
        if (wanted(fields, at + 1, name - 2)) {
            buf_puts(out, first ? "" : ",");
            buf_put(out, at, name + 1 + value);
            first = false;
        }
        at += name + 1 + value;
        at += *at == ',' ? 1 : 0;
    }
    buf_putc(out, '}');
}
