/* One automation test log of a request (AutomationTestLogResource, docs/qtest-api.md 3.3 to 3.5),
 * read and checked without the database. */
#ifndef SANDBOX_ENTRY_H
#define SANDBOX_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/switches.h"

/* A member as text; numbers and booleans become text, as the real server's JSON reader makes it. NULL when
 * missing or null; false when it is an object or an array. The caller frees. */
bool json_scalar(const cJSON *object, const char *name, char **ret);

enum entry_problem {
    ENTRY_GOOD,
    ENTRY_MALFORMED, /* wrong types, dates that are none: the whole request is refused with 400 */
    ENTRY_LONG_NAME, /* over 500 characters and switch 12 says 400 */
    ENTRY_BAD,       /* something required is missing or contradicts itself: switch 4 */
    ENTRY_UNMAPPED,  /* a status word without a status: switch 3 */
};

struct automation_step {
    char *description, *expected, *actual;
    int64_t order;  /* as given; -1 without */
    int64_t status; /* 0 without */
    int64_t exe_ms; /* INT64_MIN without */
    const cJSON *source;
};

struct automation_log {
    char *name, *content, *note, *build_number, *build_url;
    int64_t status, start_ms, end_ms, planned, actual, version; /* 0: not given */
    struct automation_step *steps;                              /* in their order */
    size_t step_count;
    char **modules; /* module_names */
    size_t module_count;
    const cJSON *source; /* borrowed */
};

/* *ret_message (caller frees) says what is wrong, NULL when nothing is. Release ret in any case. */
enum entry_problem automation_log_read(const struct switches *s, const cJSON *item,
                                       struct automation_log *ret, char **ret_message);
void automation_log_release(struct automation_log *log);

#endif
