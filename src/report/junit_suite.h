/* The suites around a test: names, targets, times, and failures of a suite as a whole. Suites nest to
 * any depth; the frames of closed ones are used again, so 100,000 suites one after another cost nothing.
 */
#ifndef REPORT_JUNIT_SUITE_H
#define REPORT_JUNIT_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "report/junit_case.h"
#include "report/junit_names.h"
#include "report/junit_notes.h"
#include "report/junit_target.h"
#include "report/junit_verdict.h"

#define JUNIT_NO_SUITE SIZE_MAX

/* What the attributes of a suite say of the tests in it; 0: nothing. */
struct junit_claims {
    int64_t tests;
    int64_t failures;
};

struct junit_suite {
    bool is_list; /* testsuites: its name is the job's, never a suite's */
    bool has_id;
    bool ended_late; /* holds tests already, so that a property comes too late */
    int64_t line;
    struct arena arena;
    const char *name;
    const char *hostname;
    const char *package;
    bool name_is_target; /* the name stands for a browser or device, not for tests */
    bool testproject;    /* the target is written as only TestProject does */
    struct junit_target target;
    size_t nearest_named;  /* index of the nearest frame whose name stands for tests, itself included */
    size_t nearest_target; /* likewise with a target */

    struct report_instant start; /* own, or of the nearest suite around that states one */
    struct junit_passed before;  /* since then, when this suite began */
    struct junit_passed inside;  /* of the tests and suites in it so far */

    struct junit_claims claims; /* its own */
    struct junit_claims below;  /* of the suites in it */
    bool said_failed;           /* by a status word of its own */
    struct junit_verdict verdict;
};

struct junit_suites {
    struct junit_suite *frames;
    size_t depth;
    size_t initialised; /* frames beyond depth keep their memory */
    size_t capacity;
};

void junit_suites_release(struct junit_suites *s);
struct junit_suite *junit_suite_open(struct junit_suites *s, bool is_list, int64_t line);
/* The innermost; NULL outside all suites. */
struct junit_suite *junit_suite_top(struct junit_suites *s);
void junit_suite_attribute(struct junit_suite *suite, struct junit_notes *notes, struct report_times *times,
                           enum junit_attribute attribute, const char *value, size_t size);
/* A suite claims as many as it says, or as those in it do when these are more. */
struct junit_claims junit_suite_claims(const struct junit_suite *suite);
/* After the attributes, and again when a child element gave one: works out names and targets. */
void junit_suite_resolve(struct junit_suites *s);
void junit_suite_property(struct junit_suites *s, struct junit_notes *notes, int64_t line, const char *name,
                          const char *value);
/* What a test at this place inherits; given_target is left to the caller. */
void junit_suite_place(const struct junit_suites *s, struct junit_place *ret);
/* A test in it took so long. */
void junit_suite_passed(struct junit_suites *s, struct junit_passed took);
/* Before the close: the failure of the suite itself, when there is one. Valid until the close. */
bool junit_suite_error(struct junit_suites *s, const struct report_times *times, struct test_result *ret);
void junit_suite_close(struct junit_suites *s);

#endif
