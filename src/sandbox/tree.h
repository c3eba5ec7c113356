/* How deep cycles and modules may nest. */
#ifndef SANDBOX_TREE_H
#define SANDBOX_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/objects.h"

struct call;

#define TREE_DEPTH_MAX 300 /* what shows and deletes trees calls itself once a level */

/* 400 when a new object below parent (0: the root), or moved with all that is below it (0: a new one), would
 * lie too deep. kind: OBJECT_CYCLE or OBJECT_MODULE. */
bool tree_check_depth(struct call *c, enum object_kind kind, int64_t parent, int64_t moved);

#endif
