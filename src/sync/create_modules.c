/* Modules for new test cases: where their known neighbours are, else by name below the root module, else
 * created, level by level (design, section 2). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

/* Of several modules of one name in one place the oldest. */
static int64_t child_named(const struct engine *e, int64_t parent_id, const char *name)
{
    int64_t id = 0;
    for (size_t i = 0; i < e->modules.count; i++) {
        const struct qtest_node *node = &e->modules.items[i];
        if (node->parent_id == parent_id && text_equal(node->name, name) && (!id || node->id < id))
            id = node->id;
    }
    return id;
}

/* A list may lag behind what this run has made and heard of. */
static void keep_made_modules(struct engine *e)
{
    for (size_t i = 0; i < e->made_modules.count; i++) {
        const struct qtest_node *made = &e->made_modules.items[i];
        bool listed = false;
        for (size_t j = 0; j < e->modules.count; j++)
            listed |= e->modules.items[j].id == made->id;
        struct qtest_node copy = {.id = made->id, .parent_id = made->parent_id, .name = xstrdup(made->name)};
        if (listed)
            qtest_node_release(&copy);
        else
            nodes_add(&e->modules, &copy);
    }
}

static void on_modules(struct engine *e, struct call *call, const struct reply *reply)
{
    if (!engine_reply_ok(e, call, reply))
        return;
    struct error err = ERROR_INIT;
    struct qtest_page page;
    nodes_release(&e->modules);
    if (page_read(reply, &page, &err) == 0)
        modules_read(page.items, &e->modules, &err);
    page_release(&page);
    keep_made_modules(e);
    if (err.code != ERR_NONE)
        engine_fail(e, &err);
    e->modules_known = true;
}

void engine_observe_modules(struct engine *e)
{
    e->modules_known = false;
    engine_call(e, call_list_modules(e->project.id), on_modules, 0);
}

/* The module of the first length bytes of a path, when its known cases tell where it is now. */
static int64_t known_place(const struct engine *e, const char *path, size_t length)
{
    _cleanup_free_ char *prefix = xstrndup(path, length);
    uint32_t module = intern_find(&e->desired->modules, prefix);
    return module == INTERN_NONE ? 0 : e->module_ids[module];
}

/* The names of a path, outermost first, are walked as far as modules exist. Returns the deepest that
 * does (0: not even the root module); *ret_missing: the name that is missing next, NULL when all exist. */
static int64_t walk(const struct engine *e, const char *path, char **ret_missing)
{
    *ret_missing = NULL;
    int64_t at = known_place(e, path, 0);
    at = at ? at : child_named(e, 0, e->options.root_module);
    if (!at) {
        *ret_missing = xstrdup(e->options.root_module);
        return 0;
    }
    for (size_t begin = 0; path[begin];) {
        size_t length = strcspn(path + begin, MODULE_SEPARATOR);
        _cleanup_free_ char *name = xstrndup(path + begin, length);
        int64_t next = known_place(e, path, begin + length);
        next = next ? next : child_named(e, at, name);
        if (!next) {
            *ret_missing = TAKE(name);
            return at;
        }
        at = next;
        begin += length;
        begin += path[begin] == MODULE_SEPARATOR[0];
    }
    return at;
}

static void on_module_created(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_node node = {0};
    if (!engine_created(e, call, reply, &node)) {
        e->modules_known = false;
        return;
    }
    node.parent_id = call->number;
    struct qtest_node made = {.id = node.id, .parent_id = node.parent_id, .name = xstrdup(node.name)};
    nodes_add(&e->made_modules, &made);
    nodes_add(&e->modules, &node);
}

static bool already_queued(const struct engine *e, int64_t parent_id, const char *name)
{
    for (const struct call *call = e->calls; call; call = call->next) {
        if (call->on_reply != on_module_created || call->number != parent_id)
            continue;
        _cleanup_(json_delete) cJSON *body =
            json_parse(buf_text(&call->request->body), call->request->body.length);
        if (text_equal(json_text(body, "name"), name))
            return true;
    }
    return false;
}

static void create_next_level(struct engine *e, uint32_t module)
{
    _cleanup_free_ char *missing = NULL;
    int64_t parent_id = walk(e, intern_text(&e->desired->modules, module), &missing);
    if (!missing)
        e->module_ids[module] = parent_id;
    else if (!already_queued(e, parent_id, missing))
        engine_call(e, call_create_module(e->project.id, parent_id, missing, NULL), on_module_created,
                    parent_id);
}

bool engine_create_modules(struct engine *e)
{
    _cleanup_free_ bool *needed = engine_needed_modules(e);
    for (uint32_t i = 0; e->modules_known && i < e->desired->modules.count; i++)
        if (!e->module_ids[i] && needed[i])
            create_next_level(e, i);
    return e->calls != NULL;
}

void engine_describe_modules(struct engine *e)
{
    _cleanup_free_ bool *needed = engine_needed_modules(e);
    for (uint32_t i = 0; i < e->desired->modules.count; i++) {
        _cleanup_free_ char *missing = NULL;
        if (e->module_ids[i] || !needed[i])
            continue;
        walk(e, intern_text(&e->desired->modules, i), &missing);
        if (!missing)
            continue;
        const char *path = intern_text(&e->desired->modules, i);
        _cleanup_free_ char *shown =
            xasprintf("create module '%s%s%s'", e->options.root_module, *path ? "/" : "", path);
        for (char *c = shown; *c; c++)
            *c = *c == MODULE_SEPARATOR[0] ? '/' : *c;
        sync_outcome_action(&e->outcome, shown);
    }
}
