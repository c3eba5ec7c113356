/* Leaves only some members of a JSON object that was written at the end of a buffer: the `fields` of a
 * search. */
#ifndef SANDBOX_JSON_PICK_H
#define SANDBOX_JSON_PICK_H

#include <stddef.h>

#include "base/json.h"

struct buf;

/* out holds a JSON object from begin (a comma before it is fine) to its end. fields NULL, empty, or with "*"
 * keeps all. */
void json_pick_members(struct buf *out, size_t begin, const cJSON *fields);

#endif
