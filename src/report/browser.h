/* Reads a browser out of a text: its name, a headless mark, a channel, a version and the platform, as
 * Karma, Intern, TestCafe, WebdriverIO, Playwright, Sauce Labs and BrowserStack write them:
 *
 *     Chrome (Headless) 103.0.5060.66            HeadlessChrome 120.0.0 (Linux 0.0.0)
 *     chrome 37.0.2062.102 on XP                 Mobile Safari 16.0 (iOS 16.0)
 *     TestCafe Tests: Firefox 121.0 / Linux 0.0  chrome@120:Windows 10
 *     chrome.123_0_6312_59.windows               Windows 10 Chrome latest
 *
 * One rule decides: the text must be used up by these. What begins with such a word and then says anything
 * else ("Edge cases", "Chrome extension suite", "Firefox 3 tabs restored") is no browser. Only in brackets
 * behind a version or platform may anything stand, since every platform and its remarks come there.
 */
#ifndef REPORT_BROWSER_H
#define REPORT_BROWSER_H

#include <stdbool.h>
#include <stddef.h>

struct browser {
    const char *name;    /* written one way, whatever its case in the text: "Internet Explorer" */
    const char *channel; /* "Beta", "Canary", …; NULL: none */
    bool headless;
    bool versioned;
    bool platform;      /* names an operating system or architecture */
    bool vague;         /* the name is a plain word too ("Electron", "Brave"), and nothing else is said */
    const char *device; /* in the text: the device that the browser ran on, else NULL */
    size_t device_size;
};

/* The whole text. False: no browser, *ret is then not to be used. */
bool browser_read(const char *text, struct browser *ret);
/* The browser that a class name begins with, up to its end or to the dot before what follows; how many bytes
 * that is, 0: none. With something behind it, it must have a version: "chrome.LoginTest" is a package. */
size_t browser_in_class(const char *class_name, struct browser *ret);

#endif
