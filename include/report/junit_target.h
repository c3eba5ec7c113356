/* Where a JUnit report names the browser or device that a test ran on (testproject-formats.md 2 and 6.5,
 * junit-dialects.md 4).
 *
 * TestProject's own reports have it in the class name, "<target>.Tests". Since ".Tests" also ends many a
 * .NET namespace, what stands before it counts as a target only when it begins with a browser or a
 * device word, or holds a character that no dotted class name has (blank, bracket, hyphen, plus).
 */
#ifndef REPORT_JUNIT_TARGET_H
#define REPORT_JUNIT_TARGET_H

#include <stdbool.h>

struct arena;

/* The target that a class name begins with, copied into the arena, or NULL. *ret_class is then what
 * remains of the class name, NULL when nothing does; otherwise class_name itself.
 *     "Chrome 81.0.4044.122.Tests"   -> "Chrome 81.0.4044.122", no class
 *     "Firefox 89.0.LoginTest"       -> "Firefox 89.0", "LoginTest"
 *     "Acme.Billing.Tests"           -> no target */
const char *junit_target_in_class(struct arena *a, const char *class_name, const char **ret_class);
/* The target that a suite is named after, or NULL: "<target>.Tests", a browser alone, or a browser with
 * its version and perhaps a platform in brackets (Karma). */
const char *junit_target_in_suite(struct arena *a, const char *suite_name);
/* Karma writes "Chrome_103_0_0_0_(Linux_x86_64).Login" beside the suite "Chrome 103.0.0.0 (Linux x86_64)":
 * what follows the target so written, or NULL. */
const char *junit_class_behind_target(const char *class_name, const char *target);
/* browser, browserName, browser.name, device, deviceName, target, targetName (any case). */
bool junit_target_property(const char *name);
/* A suite's hostname is mostly a machine. It is a target only when it is a browser's name, or when the
 * report looks like Playwright's, which writes its project there: "testsuites" with an id, and a suite
 * named after a JavaScript or TypeScript file. */
bool junit_target_hostname(const char *hostname, const char *suite_name, bool root_has_id);

#endif
