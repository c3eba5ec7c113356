#include "report/target.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct browser {
    const char *prefix; /* in small letters */
    size_t length;
    const char *name;
};

#define BROWSER(prefix, name)                                                                                \
    {                                                                                                        \
        prefix, sizeof prefix - 1, name                                                                      \
    }

/* Longer names before those they begin with. */
static const struct browser browsers[] = {
    BROWSER("microsoft edge", "Microsoft Edge"),
    BROWSER("internet explorer", "Internet Explorer"),
    BROWSER("internetexplorer", "Internet Explorer"),
    BROWSER("google chrome", "Google Chrome"),
    BROWSER("chromium", "Chromium"),
    BROWSER("chrome", "Chrome"),
    BROWSER("firefox", "Firefox"),
    BROWSER("edge", "Edge"),
    BROWSER("safari", "Safari"),
    BROWSER("webkit", "WebKit"),
    BROWSER("opera", "Opera"),
    BROWSER("ie", "IE"),
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

#define LETTER(c) (1u << ((c) - 'a'))

/* Asked for each test of a report, whose class names hardly ever begin so: two letters mostly decide. */
static bool may_begin_with_browser(const char *target)
{
    static const uint32_t second_letters[26] = {
        ['c' - 'a'] = LETTER('h'),
        ['e' - 'a'] = LETTER('d'),
        ['f' - 'a'] = LETTER('i'),
        ['g' - 'a'] = LETTER('o'),
        ['i' - 'a'] = LETTER('n') | LETTER('e'),
        ['m' - 'a'] = LETTER('i'),
        ['o' - 'a'] = LETTER('p'),
        ['s' - 'a'] = LETTER('a'),
        ['w' - 'a'] = LETTER('e'),
    };
    unsigned first = (unsigned char)target[0] | 0x20U;
    unsigned second = first >= 'a' && first <= 'z' ? (unsigned char)target[1] | 0x20U : 0;
    return second >= 'a' && second <= 'z' && (second_letters[first - 'a'] >> (second - 'a') & 1U);
}

static const struct browser *browser_of(const char *target, size_t *ret_length)
{
    if (!may_begin_with_browser(target))
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(browsers); i++) {
        const struct browser *browser = &browsers[i];
        if (!text_starts_nocase(target, browser->prefix))
            continue;
        if (ascii_alnum(target[browser->length]) && !headless_length(target + browser->length))
            continue;
        *ret_length = browser->length;
        return browser;
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
