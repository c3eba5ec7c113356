/* Parents in the Test Execution tree: root, release, test cycle, test suite (docs/qtest-api.md 4.2
 * to 4.4). */
#ifndef SANDBOX_EXECUTION_H
#define SANDBOX_EXECUTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

struct call;

enum parent_type { PARENT_ROOT = 0, PARENT_RELEASE = 1, PARENT_CYCLE = 2, PARENT_SUITE = 3 };

struct parent {
    enum parent_type type;
    int64_t id; /* 0 for the root */
};

const char *execution_parent_name(enum parent_type type); /* "test-cycle" */

/* The query's parentId and parentType; the root when neither is given (*ret_given then says false). Without a
 * type an id means a test cycle, id 0 the root. 400 for a type that the object cannot lie in, 404 for a
 * parent that is not there. */
bool parent_from_query(struct call *c, enum parent_type deepest, struct parent *ret, bool *ret_given);
/* The same from a body that carries parentId and parentType, as some clients send it. */
bool parent_from_body(struct call *c, enum parent_type deepest, struct parent *ret, bool *ret_given);

/* True when cycle is, or lies below, the cycle `under`. */
bool cycle_is_below(struct call *c, int64_t cycle, int64_t under);

#endif
