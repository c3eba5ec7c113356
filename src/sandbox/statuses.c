#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/statuses.h"

static const struct {
    int64_t id;
    const char *name, *color;
} statuses[] = {
    {STATUS_PASSED, "Passed", "#30a46c"},         {STATUS_FAILED, "Failed", "#e5484d"},
    {STATUS_INCOMPLETE, "Incomplete", "#f5a524"}, {STATUS_BLOCKED, "Blocked", "#8e4ec6"},
    {STATUS_UNEXECUTED, "Unexecuted", "#8b8d98"},
};

const char *status_name(int64_t status)
{
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
        if (statuses[i].id == status)
            return statuses[i].name;
    return NULL;
}

int64_t status_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
        if (text_equal_nocase(statuses[i].name, name))
            return statuses[i].id;
    return 0;
}

int64_t status_of_word(const struct switches *s, const char *word)
{
    size_t length = word ? strlen(word) : 0;
    const char *at = s->status_words;
    while (length && *at) {
        size_t size = strcspn(at, ","), name = strcspn(at, "=");
        if (name == length && strncasecmp(at, word, length) == 0) {
            _cleanup_free_ char *status = name < size ? xstrndup(at + name + 1, size - name - 1) : NULL;
            return status_by_name(status);
        }
        at += size + (at[size] ? 1 : 0);
    }
    return 0;
}

static void write_status(struct json_writer *w, const char *key, size_t i)
{
    json_object(w, key);
    json_array(w, "links");
    json_end(w);
    json_integer(w, "id", statuses[i].id);
    json_string(w, "name", statuses[i].name);
    json_boolean(w, "is_default", statuses[i].id == STATUS_UNEXECUTED);
    json_string(w, "color", statuses[i].color);
    json_boolean(w, "active", true);
    json_end(w);
}

void status_write(struct json_writer *w, const char *key, int64_t status)
{
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
        if (statuses[i].id == status)
            write_status(w, key, i);
}

void statuses_list(struct call *c)
{
    json_array(&c->json, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
        write_status(&c->json, NULL, i);
    json_end(&c->json);
}
