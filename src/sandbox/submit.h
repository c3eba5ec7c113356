/* Endpoints A and B: a submission is checked, queued and answered with the job
 * (docs/qtest-api.md 3.1, 3.2, 3.7). */
#ifndef SANDBOX_SUBMIT_H
#define SANDBOX_SUBMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/execution.h"
#include "sandbox/switches.h"

struct call;
struct store;

void submit_to_suite(struct call *c); /* A: submitAutomationTestLogs */
void submit_to_cycle(struct call *c); /* B: submitAutomationTestLogsWithTreeStructure */
void submit_track(struct call *c);    /* track: the state of a job */

/* What a submission aims at, found in its body. ok is false with an HTTP status and a message otherwise. */
struct submit_target {
    bool ok;
    int status;
    char *message;       /* caller frees */
    struct parent place; /* id 0: the suite "Automation <date>" is to be made */
    char *daily_suite;   /* its name; caller frees */
    int64_t parent_module;
    bool skip_automation_module;
};
struct submit_target submit_find_target(struct store *s, int64_t project, bool by_modules, const cJSON *body,
                                        int64_t now_ms);
void submit_target_release(struct submit_target *t);

#endif
