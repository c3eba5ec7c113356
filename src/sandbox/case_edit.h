/* Writing test cases: what create and update take from a request body, and single steps. */
#ifndef SANDBOX_CASE_EDIT_H
#define SANDBOX_CASE_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

struct call;

bool case_create_from_body(struct call *c, const cJSON *body, int64_t *ret_id);
/* Only members that are there change; a change makes the next draft version. */
bool case_update_from_body(struct call *c, int64_t id, const cJSON *body);

#endif
