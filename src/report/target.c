#include "report/target.h"

#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct browser {
    const char *prefix;
    const char *name;
};

/* Longer names before those they begin with. */
static const struct browser browsers[] = {
    {"Microsoft Edge", "Microsoft Edge"},
    {"Internet Explorer", "Internet Explorer"},
    {"InternetExplorer", "Internet Explorer"},
    {"Google Chrome", "Google Chrome"},
    {"Chromium", "Chromium"},
    {"Chrome", "Chrome"},
    {"Firefox", "Firefox"},
    {"Edge", "Edge"},
    {"Safari", "Safari"},
    {"WebKit", "WebKit"},
    {"Opera", "Opera"},
    {"IE", "IE"},
};

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

/* The bytes of "(Headless)", "Headless" or "_HEADLESS" at text, the blanks before it included; 0: none. */
static size_t headless_length(const char *text)
{
    const char *at = skip_blanks(text);
    bool bracket = *at == '(';
    if (bracket || *at == '_' || *at == '-')
        at++;
    if (!text_starts_nocase(at, "headless"))
        return 0;
    at += strlen("headless");
    if (bracket && *at++ != ')')
        return 0;
    return ascii_alnum(*at) ? 0 : (size_t)(at - text);
}

static const struct browser *browser_of(const char *target, size_t *ret_length)
{
    for (size_t i = 0; i < ARRAY_SIZE(browsers); i++) {
        size_t length = strlen(browsers[i].prefix);
        if (!text_starts_nocase(target, browsers[i].prefix))
            continue;
        if (ascii_alnum(target[length]) && !headless_length(target + length))
            continue;
        *ret_length = length;
        return &browsers[i];
    }
    return NULL;
}

/* True when text is nothing, or a version: "103.0.5060.66", "(92.0.4515.159)", blanks around it. */
static bool only_version(const char *text)
{
    const char *at = skip_blanks(text);
    bool bracket = *at == '(';
    at += bracket;
    if (!*at)
        return !bracket;
    if (!ascii_digit(*at))
        return false;
    while (ascii_digit(*at) || *at == '.')
        at++;
    if (bracket && *at++ != ')')
        return false;
    return *skip_blanks(at) == '\0';
}

bool target_is_browser(const char *target)
{
    size_t length;
    return target && browser_of(target, &length);
}

/* The browser when the text is nothing but browser, headless mark and version. */
static const struct browser *whole_browser(const char *target, bool *ret_headless)
{
    size_t length;
    const struct browser *browser = browser_of(target, &length);
    if (!browser)
        return NULL;
    size_t headless = headless_length(target + length);
    *ret_headless = headless > 0;
    return only_version(target + length + headless) ? browser : NULL;
}

bool target_is_only_browser(const char *target)
{
    bool headless;
    return target && whole_browser(target, &headless);
}

char *target_suite_name(const char *target)
{
    bool headless;
    if (text_empty(target))
        return xstrdup(TARGET_UNSPECIFIED);
    const struct browser *browser = whole_browser(target, &headless);
    if (!browser)
        return xstrdup(target);
    return xasprintf("%s%s", browser->name, headless ? " Headless" : "");
}
