/* Properties of a test that mean something: steps, attachments, requirement keys, the target. */
#include "report/junit_case.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"

/* No report that somebody reads has more; what outside input sizes has a maximum. */
#define CASE_LIST_MAX 10000
/* The same file or key is named twice close together (a property and the output), not far apart. */
#define SAME_WINDOW 64

static size_t window_begin(size_t count)
{
    return count > SAME_WINDOW ? count - SAME_WINDOW : 0;
}

static bool numbered(const char *name, const char *word)
{
    if (!text_starts(name, word))
        return false;
    name += strlen(word);
    return name[strspn(name, "0123456789")] == '\0';
}

static bool one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal_nocase(name, names[i]))
            return true;
    return false;
}

static bool status_of_word(const char *word, size_t size, enum result_status *ret)
{
    static const struct {
        const char *word;
        enum result_status status;
    } words[] = {{"passed", RESULT_PASSED},   {"failure", RESULT_FAILED}, {"failed", RESULT_FAILED},
                 {"skipped", RESULT_SKIPPED}, {"error", RESULT_ERROR},    {"untested", RESULT_SKIPPED},
                 {"blocked", RESULT_SKIPPED}, {"retest", RESULT_SKIPPED}};
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (strlen(words[i].word) == size && text_starts_nocase(word, words[i].word)) {
            *ret = words[i].status;
            return true;
        }
    }
    return false;
}

/* A negative number marks a step whose own status is known, until junit_case_finish numbers them. */
static void add_step(struct junit_case *c, const char *text, bool stated, enum result_status status)
{
    if (c->step_count == CASE_LIST_MAX)
        return;
    GROW(c->steps, c->step_count, c->step_capacity);
    c->steps[c->step_count++] = (struct test_step){.number = stated ? -1 : 0,
                                                   .description = arena_text(&c->arena, text, strlen(text)),
                                                   .timeout_ms = -1,
                                                   .status = status};
}

/* "step", "step7", "step[failed]" (testmo). */
static bool step_property(struct junit_case *c, const char *name, const char *value)
{
    enum result_status status = RESULT_PASSED;
    if (numbered(name, "step")) {
        add_step(c, value, false, status);
        return true;
    }
    const char *bracket = strchr(name, '[');
    size_t length = bracket ? strlen(bracket) : 0;
    if (length < 3 || bracket[length - 1] != ']')
        return false;
    _cleanup_free_ char *word = xstrndup(name, (size_t)(bracket - name));
    if (!numbered(word, "step"))
        return false;
    bool stated = status_of_word(bracket + 1, length - 2, &status);
    add_step(c, value, stated, status);
    return true;
}

/* "status:text" (TestRail CLI). */
static void testrail_step(struct junit_case *c, const char *value)
{
    enum result_status status = RESULT_PASSED;
    const char *colon = strchr(value, ':');
    bool stated = colon && status_of_word(value, (size_t)(colon - value), &status);
    const char *text = stated ? colon + 1 : value;
    while (ascii_space(*text))
        text++;
    add_step(c, text, stated, status);
}

static void add_requirement(struct junit_case *c, const char *key, size_t size)
{
    for (size_t i = window_begin(c->requirement_count); i < c->requirement_count; i++)
        if (strlen(c->requirements[i]) == size && memcmp(c->requirements[i], key, size) == 0)
            return;
    if (c->requirement_count == CASE_LIST_MAX)
        return;
    GROW(c->requirements, c->requirement_count, c->requirement_capacity);
    c->requirements[c->requirement_count++] = arena_text(&c->arena, key, size);
}

static void add_requirements(struct junit_case *c, const char *value)
{
    static const char between[] = " ,;\t\n\r";
    for (const char *at = value + strspn(value, between); *at; at += strspn(at, between)) {
        size_t size = strcspn(at, between);
        add_requirement(c, at, size);
        at += size;
    }
}

void junit_case_property(struct junit_case *c, const char *name, const char *value)
{
    static const char *const requirement_names[] = {"requirement", "requirements", "jira", "test_key"};
    static const char *const attachment_names[] = {"testrail_attachment", "screenshot"};
    enum junit_target_kind kind;
    if (text_empty(value))
        return;
    if (one_of(name, requirement_names, ARRAY_SIZE(requirement_names)))
        add_requirements(c, value);
    else if (numbered(name, "attachment") || one_of(name, attachment_names, ARRAY_SIZE(attachment_names)))
        junit_case_attachment(c, value);
    else if (text_equal(name, "testrail_result_step"))
        testrail_step(c, value);
    else if ((kind = junit_target_property(name)) != TARGET_NONE)
        junit_target_take(&c->target, TARGET_OF_PROPERTY, junit_target_worth(kind, value),
                          arena_text(&c->arena, value, strlen(value)));
    else
        step_property(c, name, value);
}

static const char *content_type_of(const char *path)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {{".png", "image/png"},       {".jpg", "image/jpeg"},      {".jpeg", "image/jpeg"},
                 {".gif", "image/gif"},       {".webp", "image/webp"},     {".svg", "image/svg+xml"},
                 {".txt", "text/plain"},      {".log", "text/plain"},      {".html", "text/html"},
                 {".htm", "text/html"},       {".xml", "application/xml"}, {".json", "application/json"},
                 {".zip", "application/zip"}, {".pdf", "application/pdf"}, {".mp4", "video/mp4"},
                 {".webm", "video/webm"},     {".csv", "text/csv"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < ARRAY_SIZE(types); i++)
        if (text_equal_nocase(dot, types[i].ending))
            return types[i].type;
    return NULL;
}

static const char *file_name_of(const char *path)
{
    const char *name = path;
    for (const char *at = path; *at; at++)
        if ((*at == '/' || *at == '\\') && at[1])
            name = at + 1;
    return name;
}

static bool room_for_attachment(const struct junit_case *c, const char *path)
{
    for (size_t i = window_begin(c->attachment_count); i < c->attachment_count; i++)
        if (text_equal(c->attachments[i].path, path))
            return false;
    return c->attachment_count < CASE_LIST_MAX;
}

static void add_attachment(struct junit_case *c, const struct attachment *added)
{
    GROW(c->attachments, c->attachment_count, c->attachment_capacity);
    c->attachments[c->attachment_count++] = *added;
}

/* "data:image/png;base64,…"; any other "data:" holds no file worth sending. */
static void attach_data(struct junit_case *c, const char *uri)
{
    const char *type = uri + strlen("data:");
    const char *comma = strchr(type, ',');
    const char *mark = strstr(type, ";base64,");
    if (!mark || !comma || comma < mark || c->attachment_count == CASE_LIST_MAX)
        return;
    size_t type_size = strcspn(type, ";,");
    struct attachment added = {.name = "attachment",
                               .base64 = arena_text(&c->arena, comma + 1, strlen(comma + 1))};
    if (type_size)
        added.content_type = arena_text(&c->arena, type, type_size);
    if (text_starts(type, "image/"))
        added.name = "screenshot";
    add_attachment(c, &added);
}

void junit_case_attachment(struct junit_case *c, const char *path)
{
    while (ascii_space(*path))
        path++;
    if (!*path)
        return;
    if (text_starts_nocase(path, "data:")) {
        attach_data(c, path);
    } else if (text_starts_nocase(path, "http://") || text_starts_nocase(path, "https://")) {
        /* Never fetched; the query may hold a signature that opens the file. */
        char *shown = arena_text(&c->arena, path, strlen(path));
        url_cut_user(shown);
        shown[strcspn(shown, "?# \n")] = '\0';
        junit_verdict_add_detail(&c->verdict, "Attachment: ", shown);
    } else {
        if (text_starts_nocase(path, "file://"))
            path += strlen("file://");
        if (!room_for_attachment(c, path))
            return;
        const char *kept = arena_text(&c->arena, path, strlen(path));
        add_attachment(c, &(struct attachment){.name = file_name_of(kept),
                                               .content_type = content_type_of(kept),
                                               .path = kept});
    }
}
