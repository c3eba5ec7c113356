/* Test logs: docs/qtest-api.md 6.1, correction by PUT (3.10), manual results (4.4). */
#ifndef SANDBOX_LOGS_H
#define SANDBOX_LOGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

struct call;

void logs_list(struct call *c);
void logs_get(struct call *c);
void logs_last(struct call *c);
void logs_create(struct call *c);      /* submitTestLog: a manual result */
void logs_update(struct call *c);      /* modifyTestLog */
void logs_update_auto(struct call *c); /* modifyAutomationLog */

enum log_parts {
    LOG_NOTE = 1,
    LOG_STEPS = 2,
    LOG_PROPERTIES = 4,
    LOG_CASE = 8,
    LOG_STEP_TEXTS = 16,
    LOG_BUILD = 32
};
void log_write(struct call *c, struct json_writer *w, int64_t id, int parts);
/* Note and build as lists show them: switches 20 and 33. */
int log_list_parts(const struct call *c);

#endif
