/* Writing a submission into the database: what the queue does for endpoints A and B, and endpoint C for one
 * log (docs/qtest-api.md 3.1 to 3.7).
 *
 * Test cases are found by their automation content over the project, runs by test case and place; neither is
 * ever moved or renamed. New test cases come into a module "Automation" (A, C) or below module_names (B),
 * approved as 1.0.
 */
#ifndef SANDBOX_BULK_H
#define SANDBOX_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/entry.h"
#include "sandbox/execution.h"
#include "sandbox/fields.h"
#include "sandbox/switches.h"

struct store;

struct id_list {
    int64_t *items;
    size_t count, capacity;
};

struct bulk {
    struct store *store;
    const struct switches *switches;
    int64_t project, now_ms;
    bool by_modules; /* B: runs in sub-cycles that mirror module_names */
    bool escape_xml;
    bool skip_automation_module;
    int64_t parent_module; /* 0: the root */
    struct parent place;   /* where runs go */
    struct field_set *case_fields, *run_fields;
    int64_t known_before_ms; /* test cases made later by other jobs are not seen: switch 19 */
    int64_t first_own_id;
    int64_t last_log;
    int64_t run_given; /* endpoint C: this run, 0: by place */
    bool note_html;
    bool update_version;       /* endpoint C: forceUpdateVersion */
    int64_t automation_module; /* found so far, 0: not yet */
    struct id_list cases, runs;
    int64_t logs;
};

void bulk_init(struct bulk *b, struct store *s, const struct switches *sw, int64_t project, int64_t now_ms);
void bulk_release(struct bulk *b);

/* Adds one log that was read without a problem. False: a property has an invalid value, or the version is not
 * the run's; nothing was written, *ret_message (caller frees) says why. */
bool bulk_add(struct bulk *b, const struct automation_log *entry, char **ret_message);

int64_t id_list_distinct(struct id_list *list);
/* "Automation 2026-01-31" at the root of Test Execution, made when it is missing. */
int64_t bulk_daily_suite(struct store *s, int64_t project, const char *name, int64_t now_ms);

#endif
