#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/execution.h"

static const char *const names[] = {"root", "release", "test-cycle", "test-suite"};

const char *execution_parent_name(enum parent_type type)
{
    return names[type];
}

static bool find_type(struct call *c, const char *name, enum parent_type deepest, enum parent_type *ret)
{
    for (int i = 0; i <= (int)deepest; i++)
        if (text_equal(name, names[i])) {
            *ret = (enum parent_type)i;
            return true;
        }
    return call_fail(c, 400, "parentType '%s' is not valid here", name);
}

static bool resolve(struct call *c, const char *type, const char *id, enum parent_type deepest,
                    struct parent *ret)
{
    static const enum object_kind kinds[] = {OBJECT_NONE, OBJECT_RELEASE, OBJECT_CYCLE, OBJECT_SUITE};
    *ret = (struct parent){.type = PARENT_ROOT};
    if (type && !find_type(c, type, deepest, &ret->type))
        return false;
    if (!id || text_equal(id, "0") || (type && ret->type == PARENT_ROOT)) {
        if (type && ret->type != PARENT_ROOT)
            return call_fail(c, 400, "parentType '%s' needs a parentId", type);
        return true;
    }
    if (!type)
        ret->type = PARENT_CYCLE;
    ret->id = object_find(c->store, kinds[ret->type], c->project, id, c->now_ms);
    return ret->id ||
           call_fail(c, 404, "%s '%s' does not exist", object_kind_info(kinds[ret->type])->title, id);
}

bool parent_from_query(struct call *c, enum parent_type deepest, struct parent *ret, bool *ret_given)
{
    const char *type = request_param(c->request, "parentType");
    const char *id = request_param(c->request, "parentId");
    *ret_given = type || id;
    return resolve(c, type, id, deepest, ret);
}

bool parent_from_body(struct call *c, enum parent_type deepest, struct parent *ret, bool *ret_given)
{
    _cleanup_free_ char *type = NULL;
    _cleanup_free_ char *id = NULL;
    if (!body_text(c, c->body, "parentType", &type) || !body_text(c, c->body, "parentId", &id))
        return false;
    *ret_given = type || id;
    return resolve(c, type, id, deepest, ret);
}

bool cycle_is_below(struct call *c, int64_t cycle, int64_t under)
{
    while (cycle && cycle != under)
        cycle =
            store_int(c->store, 0, "SELECT parent FROM cycles WHERE id = ? AND parent_type = 2", "i", cycle);
    return cycle == under;
}
