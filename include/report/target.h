/* From a target's full text to the name of its suite: browser names lose their version, devices keep
 * their whole name (testproject-formats.md 6.4; also Playwright's Chromium and WebKit). Browsers are
 * written one way whatever their case, so that "CHROME_HEADLESS" and "ChromeHeadless 103" meet. A
 * version is cut only when nothing follows it; text with anything else in it is kept whole.
 *
 *     "Chrome (Headless) 103.0.5060.66"  ->  "Chrome Headless"
 *     "iPhone 8"                         ->  "iPhone 8"
 */
#ifndef REPORT_TARGET_H
#define REPORT_TARGET_H

#include <stdbool.h>

#define TARGET_UNSPECIFIED "Unspecified target"

/* NULL or empty gives TARGET_UNSPECIFIED. The caller frees. */
char *target_suite_name(const char *target);
/* Begins (any case) with a known browser's name, as a word of its own ("Chrome on Mac", "chrome.login",
 * not "ChromeDriver"). NULL: false. */
bool target_is_browser(const char *target);
/* Nothing but a browser's name, a headless mark and a version, each but the name optional. */
bool target_is_only_browser(const char *target);

#endif
