/* Targets: the browsers and devices that tests run on. A target is kept as its full text ("Executed on
 * Chrome (Headless) 103.0.5060.66"); its test suite has a shorter name, without version and operating
 * system, so that two versions of a browser share one suite:
 *
 *     "Chrome (Headless) 103.0.5060.66"  ->  "Chrome Headless"     (report/browser.h)
 *     "chrome 37.0.2062.102 on XP"       ->  "Chrome"
 *     "iPhone 15 (iOS 17.2)"             ->  "iPhone 15"           (report/device.h)
 *     "Pixel_3_API_30_Google_Play_"      ->  the same: numbers of devices are no versions
 *
 * Browsers are written one way whatever their case, so that "CHROME_HEADLESS" and "ChromeHeadless 103"
 * meet; any other text keeps its spelling.
 */
#ifndef REPORT_TARGET_H
#define REPORT_TARGET_H

#include <stdbool.h>

/* Of a text that names something. The caller frees. */
char *target_suite_name(const char *target);
/* The text is used up by a browser (report/browser.h). NULL: false. */
bool target_is_browser(const char *text);
/* A suite or class of this name stands for a browser or device: the text is used up by one, and is no
 * plain word besides ("Brave", "Electron"). NULL: false. */
bool target_is_name(const char *text);
/* Names no browser and no device, wherever it stands: only an operating system, an architecture or their
 * versions ("Linux", "x64", "Android 13"), or a word for nothing ("unknown", "none", "true"). */
bool target_says_nothing(const char *text);

#endif
