#include "report/target.h"

#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/browser.h"
#include "report/device.h"
#include "report/platform.h"

bool target_is_browser(const char *text)
{
    struct browser browser;
    return text && browser_read(text, &browser);
}

bool target_is_name(const char *text)
{
    struct browser browser;
    if (!text)
        return false;
    return browser_read(text, &browser) ? !browser.vague : device_is(text, strlen(text));
}

bool target_says_nothing(const char *text)
{
    static const char *const words[] = {"unknown", "none",      "null",     "undefined",  "n/a",
                                        "any",     "all",       "default",  "true",       "false",
                                        "yes",     "no",        "0",        "1",          "local",
                                        "remote",  "localhost", "redacted", "unspecified"};
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (text_equal_nocase(text, words[i]))
            return true;
    bool has_word = false;
    for (const char *at = text; *at && !has_word; at++)
        has_word = word_char(*at);
    return !has_word || (strlen(text) <= TARGET_MAX_BYTES && platform_only(text));
}

char *target_suite_name(const char *target)
{
    struct browser browser;
    if (!browser_read(target, &browser))
        return xstrndup(target, device_without_system(target));
    return xasprintf("%s%s%s%s%s%.*s", browser.name, browser.channel ? " " : "",
                     browser.channel ? browser.channel : "", browser.headless ? " Headless" : "",
                     browser.device ? " on " : "", (int)browser.device_size,
                     browser.device ? browser.device : "");
}
