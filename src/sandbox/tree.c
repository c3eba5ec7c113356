#include "sandbox/call.h"
#include "sandbox/tree.h"

/* Levels above and with an object, and levels of the tree below it; counting ends where it is too many
 * anyway. */
#define LEVELS(table, step, next)                                                                            \
    "WITH RECURSIVE line (id, level) AS (SELECT ?1, 1 UNION ALL SELECT " next ", level + 1 FROM " table      \
    " t JOIN line l ON " step " WHERE level <= 1000) SELECT max(level) FROM line WHERE id <> 0"

bool tree_check_depth(struct call *c, enum object_kind kind, int64_t parent, int64_t moved)
{
    static const char *const above[OBJECT_KINDS] = {
        [OBJECT_CYCLE] = LEVELS("cycles", "t.id = l.id AND t.parent_type = 2", "t.parent"),
        [OBJECT_MODULE] = LEVELS("modules", "t.id = l.id", "t.parent"),
    };
    static const char *const below[OBJECT_KINDS] = {
        [OBJECT_CYCLE] = LEVELS("cycles", "t.project = ?2 AND t.parent_type = 2 AND t.parent = l.id", "t.id"),
        [OBJECT_MODULE] = LEVELS("modules", "t.project = ?2 AND t.parent = l.id", "t.id"),
    };
    int64_t levels = parent ? store_int(c->store, 0, above[kind], "i", parent) : 0;
    levels += moved ? store_int(c->store, 0, below[kind], "ii", moved, c->project) : 1;
    return levels <= TREE_DEPTH_MAX ||
           call_fail(c, 400, "The tree would be more than %d levels deep", TREE_DEPTH_MAX);
}
