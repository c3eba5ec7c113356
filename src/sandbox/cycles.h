/* Test cycles: docs/qtest-api.md 4.2. */
#ifndef SANDBOX_CYCLES_H
#define SANDBOX_CYCLES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/execution.h"

struct call;

void cycles_list(struct call *c);
void cycles_create(struct call *c);
void cycles_get(struct call *c);
void cycles_update(struct call *c);
void cycles_delete(struct call *c);

/* The resource; descendants adds `test-cycles` and `test-suites` (switch 16 says how they are spelt) as of
 * the instant. */
void cycle_write(struct call *c, struct json_writer *w, int64_t id, bool descendants, int64_t as_of_ms);

#endif
