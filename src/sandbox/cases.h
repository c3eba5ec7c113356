/* Test cases, their versions and steps: docs/qtest-api.md 4.6. */
#ifndef SANDBOX_CASES_H
#define SANDBOX_CASES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

struct call;
struct rows;
struct store;

void cases_list(struct call *c);
void cases_create(struct call *c);
void cases_get(struct call *c);
void cases_update(struct call *c);
void cases_update_many(struct call *c);
void cases_delete(struct call *c);
void cases_approve(struct call *c);
void cases_versions(struct call *c);
void cases_version(struct call *c);
void cases_steps(struct call *c);
void cases_step(struct call *c);
void cases_step_add(struct call *c);
void cases_step_update(struct call *c);
void cases_step_delete(struct call *c);
void cases_version_steps(struct call *c);
void cases_version_steps_v4(struct call *c);
void cases_properties_info(struct call *c);

/* The resource. version 0: the current one. */
void case_write(struct call *c, struct json_writer *w, int64_t id, int64_t version, bool properties,
                bool steps);

#endif
