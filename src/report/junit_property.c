/* Properties of a test that mean something: steps, attachments, requirement keys, the target. */
#include "report/junit_case.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"
#include "report/inline_file.h"

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

static void note_case(const struct junit_case *c, struct junit_notes *notes, enum junit_note note)
{
    const char *name = text_empty(c->name) ? JUNIT_UNNAMED : c->name;
    junit_note(notes, note, c->line, name, strlen(name));
}

/* False where the word says nothing of how the step ended. */
static bool status_of_word(const char *word, size_t size, enum result_status *ret)
{
    const struct verdict_word *known = status_word_find(word, size);
    if (!known || known->meaning == SAYS_NOTHING)
        return false;
    *ret = status_of_meaning(known->meaning);
    return true;
}

/* A negative number marks a step whose own status is known, until junit_case_finish numbers them. */
static void add_step(struct junit_case *c, struct junit_notes *notes, const char *text, bool stated,
                     enum result_status status)
{
    if (c->step_count == CASE_LIST_MAX) {
        note_case(c, notes, NOTE_TOO_MANY);
        return;
    }
    GROW(c->steps, c->step_count, c->step_capacity);
    c->steps[c->step_count++] = (struct test_step){.number = stated ? -1 : 0,
                                                   .description = arena_text(&c->arena, text, strlen(text)),
                                                   .timeout_ms = -1,
                                                   .status = status};
}

/* "step", "step7", "step[failed]" (testmo). */
static bool step_property(struct junit_case *c, struct junit_notes *notes, const char *name,
                          const char *value)
{
    enum result_status status = RESULT_PASSED;
    if (numbered(name, "step")) {
        add_step(c, notes, value, false, status);
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
    if (!stated)
        junit_note(notes, NOTE_STEP_WORD, c->line, bracket + 1, length - 2);
    add_step(c, notes, value, stated, status);
    return true;
}

/* "status:text" (TestRail CLI). */
static void testrail_step(struct junit_case *c, struct junit_notes *notes, const char *value)
{
    enum result_status status = RESULT_PASSED;
    const char *colon = strchr(value, ':');
    bool stated = colon && status_of_word(value, (size_t)(colon - value), &status);
    const char *text = stated ? colon + 1 : value;
    while (ascii_space(*text))
        text++;
    add_step(c, notes, text, stated, status);
}

static void add_requirement(struct junit_case *c, struct junit_notes *notes, const char *key, size_t size)
{
    for (size_t i = window_begin(c->requirement_count); i < c->requirement_count; i++)
        if (strlen(c->requirements[i]) == size && memcmp(c->requirements[i], key, size) == 0)
            return;
    if (c->requirement_count == CASE_LIST_MAX) {
        note_case(c, notes, NOTE_TOO_MANY);
        return;
    }
    GROW(c->requirements, c->requirement_count, c->requirement_capacity);
    c->requirements[c->requirement_count++] = arena_text(&c->arena, key, size);
}

static void add_requirements(struct junit_case *c, struct junit_notes *notes, const char *value)
{
    static const char between[] = " ,;\t\n\r";
    for (const char *at = value + strspn(value, between); *at; at += strspn(at, between)) {
        size_t size = strcspn(at, between);
        add_requirement(c, notes, at, size);
        at += size;
    }
}

void junit_case_property(struct junit_case *c, struct junit_notes *notes, const char *name, const char *value)
{
    static const char *const requirement_names[] = {"requirement", "requirements", "jira", "test_key"};
    static const char *const attachment_names[] = {"testrail_attachment", "screenshot"};
    enum junit_target_kind kind;
    if (text_empty(value))
        return;
    if (one_of(name, requirement_names, ARRAY_SIZE(requirement_names)))
        add_requirements(c, notes, value);
    else if (numbered(name, "attachment") || one_of(name, attachment_names, ARRAY_SIZE(attachment_names)))
        junit_case_attachment(c, notes, value);
    else if (text_equal(name, "testrail_result_step"))
        testrail_step(c, notes, value);
    else if ((kind = junit_target_property(name)) != TARGET_NONE)
        junit_target_take(&c->target, TARGET_OF_PROPERTY, junit_target_worth(kind, value),
                          arena_text(&c->arena, value, strlen(value)));
    else
        step_property(c, notes, name, value);
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

static bool attached_already(const struct junit_case *c, const char *path)
{
    for (size_t i = window_begin(c->attachment_count); i < c->attachment_count; i++)
        if (text_equal(c->attachments[i].path, path))
            return true;
    return false;
}

static void add_attachment(struct junit_case *c, struct junit_notes *notes, const struct attachment *added)
{
    if (c->attachment_count == CASE_LIST_MAX) {
        note_case(c, notes, NOTE_TOO_MANY);
        return;
    }
    GROW(c->attachments, c->attachment_count, c->attachment_capacity);
    c->attachments[c->attachment_count++] = *added;
}

/* "data:image/png;base64,…" */
static void attach_data(struct junit_case *c, struct junit_notes *notes, const char *uri)
{
    const char *type;
    size_t type_size;
    const char *data = inline_data(uri, &type, &type_size);
    const char *kept = data ? arena_text(&c->arena, data, strlen(data)) : NULL;
    struct attachment added = {.name = "attachment", .base64 = kept ? inline_base64(&c->arena, kept) : NULL};
    if (!added.base64) {
        note_case(c, notes, NOTE_BAD_DATA);
        return;
    }
    if (inline_type_valid(type, type_size))
        added.content_type = arena_text(&c->arena, type, type_size);
    else if (type_size)
        note_case(c, notes, NOTE_BAD_TYPE);
    if (text_starts_nocase(type, "image/"))
        added.name = "screenshot";
    add_attachment(c, notes, &added);
}

void junit_case_attachment(struct junit_case *c, struct junit_notes *notes, const char *path)
{
    while (ascii_space(*path))
        path++;
    if (!*path)
        return;
    if (text_starts_nocase(path, "data:")) {
        attach_data(c, notes, path);
    } else if (text_starts_nocase(path, "http://") || text_starts_nocase(path, "https://")) {
        /* Never fetched; the query may hold a signature that opens the file. */
        char *shown = arena_text(&c->arena, path, strlen(path));
        url_cut_user(shown);
        shown[strcspn(shown, "?# \n")] = '\0';
        junit_verdict_add_detail(&c->verdict, "Attachment: ", shown);
    } else {
        if (text_starts_nocase(path, "file://"))
            path += strlen("file://");
        if (attached_already(c, path))
            return;
        const char *kept = arena_text(&c->arena, path, strlen(path));
        add_attachment(c, notes,
                       &(struct attachment){
                           .name = file_name_of(kept), .content_type = content_type_of(kept), .path = kept});
    }
}
