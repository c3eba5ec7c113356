/* Where a JUnit report names the browser or device that a test ran on (docs/formats.md 2.7, 3.4, 4). Of
 * several places the one nearest to the test counts:
 *
 *     1. the test's own attribute, then its property
 *     2. its class name
 *     3. the suite around it, by its attribute, its name, its package, a property before its tests, its
 *        hostname; then the suite around that one, and so on out to "testsuites"
 *     4. --target, for what is then still open
 *
 * In one place a device comes before a browser, and that before a platform. A name that says outright
 * device or browser is believed whatever its value; one that may mean something else (platform, target,
 * capabilities) only when the value is a browser or device that we know. A value that is only an
 * operating system or an architecture is never a target (target_says_nothing).
 *
 * A target is no part of a test's identity: a suite of such a name is no class and no suite of the test,
 * and a class name loses it.
 */
#ifndef REPORT_JUNIT_TARGET_H
#define REPORT_JUNIT_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "report/junit_names.h"

struct arena;

enum junit_target_kind { TARGET_NONE, TARGET_PLATFORM, TARGET_BROWSER, TARGET_DEVICE };
enum junit_target_source {
    TARGET_OF_HOSTNAME,
    TARGET_OF_PROPERTY,
    TARGET_OF_PACKAGE,
    TARGET_OF_NAME,
    TARGET_OF_ATTRIBUTE,
};

/* What one element says; zeroed: nothing yet. */
struct junit_target {
    const char *text;
    int rank; /* by source, then kind */
};

/* Keeps text (borrowed) when kind is not TARGET_NONE and nothing better was said before. */
void junit_target_take(struct junit_target *target, enum junit_target_source source,
                       enum junit_target_kind kind, const char *text);
/* An attribute of a suite or test: ATTRIBUTE_DEVICE, _BROWSER or _PLATFORM. */
void junit_target_attribute(struct arena *a, struct junit_target *target, enum junit_attribute attribute,
                            const char *value, size_t size);
bool junit_target_is_from(const struct junit_target *target, enum junit_target_source source);
/* What a value under this kind of name is good for; TARGET_NONE: it names no target. A form ("mobile",
 * "tablet") says less than a browser does. */
enum junit_target_kind junit_target_worth(enum junit_target_kind kind, const char *value);
/* browser, browserName, browser.name, device, deviceName, deviceModel, platform, platformName, target,
 * targetName, capabilities; in any case, with or without dots, hyphens and underscores, and behind the name
 * of a tool ("selenium.browser", "appium:deviceName"). TARGET_NONE for other names. */
enum junit_target_kind junit_target_property(const char *name);

/* The target that a class name begins with, copied into the arena, or NULL. *ret_class is then what
 * remains of the class name, NULL when nothing does; otherwise class_name itself. *ret_testproject: it is
 * "<target>.Tests", as only TestProject writes it. Since ".Tests" also ends many a .NET namespace, what
 * stands before it counts only when it is a browser or device, or holds a character that no dotted class
 * name has (blank, bracket, hyphen, plus).
 *     "Chrome 81.0.4044.122.Tests"           -> "Chrome 81.0.4044.122", no class, TestProject
 *     "Firefox 89.0.LoginTest"               -> "Firefox 89.0", "LoginTest"
 *     "Chrome_103_0_0_0_(Linux_x86_64).Cart" -> "Chrome_103_0_0_0_(Linux_x86_64)", "Cart"
 *     "Acme.Billing.Tests"                   -> no target */
const char *junit_target_in_class(struct arena *a, const char *class_name, const char **ret_class,
                                  bool *ret_testproject);
/* The target that a suite is named after, or NULL: "<target>.Tests", a browser, a device. */
const char *junit_target_in_suite(struct arena *a, const char *suite_name, bool *ret_testproject);
/* class_name without the target (nor is it "<target>.Tests"), which may be written with underscores for
 * blanks and dots, and stand behind a package; NULL when it does not hold it. In the arena, or a part of
 * class_name. A target without a number may as well be a package ("firefox.LoginTest"): it is looked for
 * only when a suite is called so, and only at the beginning. target NULL: NULL.
 *     "Chrome_103_0_0_0_(Linux_x86_64).Login", "Chrome 103.0.0.0 (Linux x86_64)"  -> "Login"
 *     "Cucumber-chrome.123_0.windows.Cart", "chrome.123_0.windows"                -> "Cucumber.Cart" */
const char *junit_class_without_target(struct arena *a, const char *class_name, const char *target,
                                       bool suite_name);
/* A suite's hostname is mostly a machine. It is a target only when it is a browser's name, or when the
 * report looks like Playwright's, which writes its project there: "testsuites" with an id, and a suite
 * named after a JavaScript or TypeScript file. */
bool junit_target_hostname(const char *hostname, const char *suite_name, bool root_has_id);

#endif
