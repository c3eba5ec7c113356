#include "report/junit_target.h"

#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/browser.h"
#include "report/platform.h"
#include "report/target.h"

#define TESTS_SUFFIX ".Tests"
#define KINDS        (TARGET_DEVICE + 1)

void junit_target_take(struct junit_target *target, enum junit_target_source source,
                       enum junit_target_kind kind, const char *text)
{
    int rank = (int)source * KINDS + (int)kind;
    if (kind != TARGET_NONE && rank > target->rank)
        *target = (struct junit_target){.text = text, .rank = rank};
}

void junit_target_attribute(struct arena *a, struct junit_target *target, enum junit_attribute attribute,
                            const char *value, size_t size)
{
    enum junit_target_kind kind = attribute == ATTRIBUTE_DEVICE    ? TARGET_DEVICE
                                  : attribute == ATTRIBUTE_BROWSER ? TARGET_BROWSER
                                                                   : TARGET_PLATFORM;
    const char *text = arena_text(a, value, size);
    junit_target_take(target, TARGET_OF_ATTRIBUTE, junit_target_worth(kind, text), text);
}

bool junit_target_is_from(const struct junit_target *target, enum junit_target_source source)
{
    return target->text && target->rank / KINDS == (int)source;
}

enum junit_target_kind junit_target_worth(enum junit_target_kind kind, const char *value)
{
    if (kind == TARGET_NONE || text_empty(value) || target_says_nothing(value))
        return TARGET_NONE;
    static const char *const forms[] = {"mobile", "desktop", "tablet", "phone"};
    for (size_t i = 0; kind == TARGET_DEVICE && i < ARRAY_SIZE(forms); i++)
        if (text_equal_nocase(value, forms[i]))
            return TARGET_PLATFORM;
    bool known = kind != TARGET_PLATFORM || target_is_browser(value) || target_is_name(value);
    return known ? kind : TARGET_NONE;
}

/* The rest of name behind word, dots, hyphens, underscores and case aside; NULL: begins otherwise. */
static const char *behind_word(const char *name, const char *word)
{
    for (; *word; word++) {
        while (*name == '.' || *name == '_' || *name == '-')
            name++;
        if (ascii_lower(*name++) != *word)
            return NULL;
    }
    return name;
}

static const char *behind_tool(const char *name)
{
    static const char *const tools[] = {
        "selenium", "selenide", "webdriver",  "appium", "cypress",   "playwright",   "wdio",     "testcafe",
        "karma",    "serenity", "nightwatch", "sauce",  "saucelabs", "browserstack", "bstack",   "lambdatest",
        "test",     "caps",     "maestro",    "env",    "desired",   "capabilities", "perfecto", "geb"};
    for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
        size_t length = strlen(tools[i]);
        if (text_starts_nocase(name, tools[i]) && (name[length] == '.' || name[length] == ':'))
            return name + length + 1;
    }
    return name;
}

enum junit_target_kind junit_target_property(const char *name)
{
    static const struct {
        const char *name;
        enum junit_target_kind kind;
    } names[] = {{"browser", TARGET_BROWSER},       {"browsername", TARGET_BROWSER},
                 {"device", TARGET_DEVICE},         {"devicename", TARGET_DEVICE},
                 {"devicemodel", TARGET_DEVICE},    {"platform", TARGET_PLATFORM},
                 {"platformname", TARGET_PLATFORM}, {"target", TARGET_PLATFORM},
                 {"targetname", TARGET_DEVICE},     {"capabilities", TARGET_PLATFORM}};
    name = behind_tool(name);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const char *rest = behind_word(name, names[i].name);
        if (rest && !*rest)
            return names[i].kind;
    }
    return TARGET_NONE;
}

/* "Acme.Web-Api": in the name of a target a digit or a blank follows a dot. */
static bool is_namespace(const char *text)
{
    for (const char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.'))
        if (word_char(dot[1]) && !ascii_digit(dot[1]))
            return true;
    return false;
}

static const char *before_tests_suffix(struct arena *a, const char *text)
{
    size_t length = strlen(text);
    size_t suffix = sizeof TESTS_SUFFIX - 1;
    if (length <= suffix || memcmp(text + length - suffix, TESTS_SUFFIX, suffix) != 0)
        return NULL;
    const char *before = arena_text(a, text, length - suffix);
    bool named = target_is_browser(before) || target_is_name(before);
    return named || (strpbrk(before, " ()-+") && !is_namespace(before)) ? before : NULL;
}

const char *junit_target_in_class(struct arena *a, const char *class_name, const char **ret_class,
                                  bool *ret_testproject)
{
    struct browser browser;
    *ret_class = class_name;
    *ret_testproject = false;
    if (!class_name || !*class_name)
        return NULL;
    const char *target = before_tests_suffix(a, class_name);
    if (target) {
        *ret_class = NULL;
        *ret_testproject = true;
        return target;
    }
    size_t length = browser_in_class(class_name, &browser);
    if (length == 0)
        return NULL;
    *ret_class = class_name[length] == '.' && class_name[length + 1] ? class_name + length + 1 : NULL;
    return class_name[length] ? arena_text(a, class_name, length) : class_name;
}

const char *junit_target_in_suite(struct arena *a, const char *suite_name, bool *ret_testproject)
{
    *ret_testproject = false;
    if (text_empty(suite_name))
        return NULL;
    const char *target = before_tests_suffix(a, suite_name);
    *ret_testproject = target != NULL;
    return target || !target_is_name(suite_name) ? target : suite_name;
}

/* What follows the target at text, written as it is or as Karma writes it. */
static const char *behind_target(const char *text, const char *target, const char *between)
{
    for (; *target; target++, text++) {
        bool karma = *text == '_' && (*target == ' ' || *target == '.');
        if (*text != *target && !karma)
            return NULL;
    }
    bool more = *text && strchr(between, *text) && text[1] && !text_equal(text, TESTS_SUFFIX);
    return more ? text + 1 : NULL;
}

const char *junit_class_without_target(struct arena *a, const char *class_name, const char *target,
                                       bool suite_name)
{
    static const char between[] = ".-";
    if (text_empty(target) || strnlen(target, TARGET_MAX_BYTES + 1) > TARGET_MAX_BYTES)
        return NULL;
    bool numbered = strpbrk(target, "0123456789") != NULL;
    if (!numbered)
        return suite_name ? behind_target(class_name, target, ".") : NULL;
    const char *rest = behind_target(class_name, target, between);
    if (rest)
        return rest;
    for (const char *at = class_name + strcspn(class_name, between); *at; at += strcspn(at, between)) {
        at++;
        rest = behind_target(at, target, between);
        if (rest)
            return arena_printf(a, "%.*s.%s", (int)(at - 1 - class_name), class_name, rest);
    }
    return NULL;
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
    /* "edge-01" is a machine, "Chrome 120" none: no machine's name has a blank. */
    bool browser = target_is_browser(hostname) && (strchr(hostname, ' ') || !strpbrk(hostname, "0123456789"));
    return browser || (root_has_id && !text_empty(suite_name) && script_file(suite_name));
}
