#include "report/junit_target.h"

#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/target.h"

#define TESTS_SUFFIX ".Tests"

static bool begins_with_device(const char *text)
{
    static const char *const words[] = {"iPhone", "iPad",   "iPod",  "Android",
                                        "Pixel",  "Galaxy", "Nexus", "emulator"};
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (text_starts(text, words[i]) && !ascii_alnum(text[strlen(words[i])]))
            return true;
    return false;
}

static bool like_target(const char *text)
{
    if (text_empty(text))
        return false;
    return target_is_browser(text) || begins_with_device(text) || strpbrk(text, " ()-+") != NULL;
}

/* The length of a browser's name, headless mark and version at the beginning of text, and of a platform
 * in brackets behind it; 0 when there is no browser or no version. */
static size_t versioned_browser(const char *text)
{
    if (!target_is_browser(text))
        return 0;
    size_t at = strcspn(text, "0123456789.");
    if (!ascii_digit(text[at]) || at == 0 || (text[at - 1] != ' ' && text[at - 1] != '('))
        return 0;
    size_t end = at + strspn(text + at, "0123456789.");
    while (text[end - 1] == '.')
        end--;
    end += text[at - 1] == '(' && text[end] == ')';
    const char *close = text_starts(text + end, " (") ? strchr(text + end, ')') : NULL;
    if (close)
        end = (size_t)(close + 1 - text);
    _cleanup_free_ char *name = xstrndup(text, at - (text[at - 1] == '('));
    return target_is_only_browser(name) ? end : 0;
}

static const char *before_tests_suffix(struct arena *a, const char *text)
{
    size_t length = strlen(text);
    size_t suffix = sizeof TESTS_SUFFIX - 1;
    if (length <= suffix || memcmp(text + length - suffix, TESTS_SUFFIX, suffix) != 0)
        return NULL;
    const char *before = arena_text(a, text, length - suffix);
    return like_target(before) ? before : NULL;
}

const char *junit_target_in_class(struct arena *a, const char *class_name, const char **ret_class)
{
    *ret_class = class_name;
    if (!class_name || !*class_name)
        return NULL;
    const char *target = before_tests_suffix(a, class_name);
    if (!target && !target_is_browser(class_name))
        return NULL;
    if (target || target_is_only_browser(class_name)) {
        *ret_class = NULL;
        return target ? target : class_name;
    }
    size_t length = versioned_browser(class_name);
    if (length == 0 || (class_name[length] && class_name[length] != '.'))
        return NULL;
    *ret_class = class_name[length] == '.' && class_name[length + 1] ? class_name + length + 1 : NULL;
    return arena_text(a, class_name, length);
}

const char *junit_target_in_suite(struct arena *a, const char *suite_name)
{
    if (text_empty(suite_name))
        return NULL;
    const char *target = before_tests_suffix(a, suite_name);
    if (target)
        return target;
    size_t length = versioned_browser(suite_name);
    return target_is_only_browser(suite_name) || (length && !suite_name[length]) ? suite_name : NULL;
}

const char *junit_class_behind_target(const char *class_name, const char *target)
{
    const char *at = class_name;
    for (; *target; target++, at++) {
        char written = *target == ' ' || *target == '.' ? '_' : *target;
        if (*at != written)
            return NULL;
    }
    return at[0] == '.' && at[1] ? at + 1 : NULL;
}

bool junit_target_property(const char *name)
{
    static const char *const names[] = {"browser",    "browserName", "browser.name", "device",
                                        "deviceName", "target",      "targetName"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (text_equal_nocase(name, names[i]))
            return true;
    return false;
}

static bool script_file(const char *name)
{
    static const char *const endings[] = {".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"};
    for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
        if (text_ends(name, endings[i]))
            return true;
    return false;
}

bool junit_target_hostname(const char *hostname, const char *suite_name, bool root_has_id)
{
    if (text_empty(hostname))
        return false;
    return target_is_only_browser(hostname) ||
           (root_has_id && !text_empty(suite_name) && script_file(suite_name));
}
