/* Test suites: docs/qtest-api.md 4.3. */
#ifndef SANDBOX_SUITES_H
#define SANDBOX_SUITES_H

#include <stdint.h>

#include "base/json.h"
#include "sandbox/execution.h"

struct call;

void suites_list(struct call *c);
void suites_create(struct call *c);
void suites_get(struct call *c);
void suites_update(struct call *c);
void suites_delete(struct call *c);

void suite_write(struct call *c, struct json_writer *w, int64_t id);
/* The suites right under a parent, as elements of the open array. */
void suites_write_below(struct call *c, struct json_writer *w, struct parent parent, int64_t as_of_ms);
void suite_delete_tree(struct call *c, int64_t id);

#endif
