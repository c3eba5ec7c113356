/* The release that the user named: only a cycle of it is taken, and it is made there. */
#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

static void release_unknown(struct engine *e, size_t matches)
{
    struct error err = ERROR_INIT;
    if (matches)
        error_set(&err, ERR_ACCESS, "%zu releases are named '%s'; set --release to the id of one", matches,
                  e->options.release);
    else
        error_set(&err, ERR_ACCESS, "there is no release '%s' in project '%s'; check --release",
                  e->options.release, e->project.name);
    engine_fail(e, &err);
}

static size_t match(struct engine *e, const cJSON *list, struct error *err)
{
    size_t matches = 0;
    int64_t wanted_id = 0;
    bool by_id = text_to_int64(e->options.release, 1, INT64_MAX, &wanted_id);
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        struct qtest_node node;
        if (node_read(item, &node, err) < 0)
            return 0;
        bool same = by_id ? node.id == wanted_id : node_is_named(&node, e->options.release) != NAME_DIFFERS;
        if (same)
            e->cycle_parent = (struct parent){.type = PARENT_RELEASE, .id = node.id};
        matches += same;
        qtest_node_release(&node);
    }
    return matches;
}

static void on_releases(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    size_t matches = match(e, page.items, &err);
    if (engine_end_page(e, &page, &err) && matches != 1)
        release_unknown(e, matches);
}

void engine_resolve_release(struct engine *e)
{
    if (e->options.release)
        engine_call(e, call_list_releases(e->project.id), on_releases, 0);
}
