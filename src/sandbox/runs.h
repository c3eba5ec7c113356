/* Test runs: docs/qtest-api.md 4.4. */
#ifndef SANDBOX_RUNS_H
#define SANDBOX_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/execution.h"

struct call;
struct store;

void runs_list(struct call *c);
void runs_create(struct call *c);
void runs_get(struct call *c);
void runs_update(struct call *c);
void runs_delete(struct call *c);
void runs_properties_info(struct call *c);

enum run_parts { RUN_LATEST_LOG = 1, RUN_CASE = 2, RUN_CASE_STEPS = 4 };
void run_write(struct call *c, struct json_writer *w, int64_t id, int parts);
/* What a list shows of a run: switch 13. */
int run_list_parts(const struct call *c);

int64_t run_insert(struct store *s, int64_t project, struct parent parent, int64_t case_id, const char *name,
                   bool automation, int64_t now_ms);

#endif
