/* Modules for new test cases. A folder's module is the one of its name below the root module; else, since a user
 * may have moved it, the one that most of the folder's known cases are in; else it is made, level by level. One
 * case that was moved so moves no folder. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"
#include "sync/fitting_name.h"

/* Of several modules of one name in one place the oldest; one that surely has it before one that may. */
static void look_for_child(const struct qtest_nodes *nodes, int64_t parent_id, const char *name,
                           enum name_match *match, int64_t *id)
{
    for (size_t i = 0; i < nodes->count; i++) {
        const struct qtest_node *node = &nodes->items[i];
        enum name_match how = node->parent_id == parent_id ? node_is_named(node, name) : NAME_DIFFERS;
        if (how < *match || how == NAME_DIFFERS || (how == *match && node->id > *id))
            continue;
        *match = how;
        *id = node->id;
    }
}

/* Also what this run has made: a list may lag behind it, and may show it with another name or elsewhere. It
 * is never made again. */
static int64_t child_named(const struct engine *e, int64_t parent_id, const char *name)
{
    int64_t id = 0;
    enum name_match match = NAME_DIFFERS;
    look_for_child(&e->modules, parent_id, name, &match, &id);
    look_for_child(&e->made_modules, parent_id, name, &match, &id);
    return id;
}

static bool is_listed(const struct engine *e, int64_t id)
{
    for (size_t i = 0; i < e->modules.count; i++)
        if (e->modules.items[i].id == id)
            return true;
    return false;
}

void engine_doubt_module(struct engine *e, int64_t id)
{
    for (size_t i = 0; i < e->doubted_module_count; i++) {
        const struct doubted_module *doubted = &e->doubted_modules[i];
        if (doubted->id != id)
            continue;
        engine_unclear(e, doubted->since_ms + e->options.settle_ms - e->now_ms);
        return;
    }
    GROW(e->doubted_modules, e->doubted_module_count, e->doubted_module_capacity);
    e->doubted_modules[e->doubted_module_count++] = (struct doubted_module){.id = id, .since_ms = e->now_ms};
}

static void forget_module(struct engine *e, int64_t id)
{
    size_t kept = 0;
    for (uint32_t i = 0; i < e->desired->modules.count; i++)
        if (e->folders[i].module_id == id || e->folders[i].cases_in == id)
            e->folders[i] = (struct folder_state){0};
    for (size_t i = 0; i < e->made_modules.count; i++) {
        struct qtest_node *node = &e->made_modules.items[i];
        if (node->id == id)
            qtest_node_release(node);
        else
            e->made_modules.items[kept++] = *node;
    }
    e->made_modules.count = kept;
}

/* Only after --settle: lists may lag behind what was made. */
static void forget_gone_modules(struct engine *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->doubted_module_count; i++) {
        const struct doubted_module doubted = e->doubted_modules[i];
        bool gone = e->now_ms - doubted.since_ms >= e->options.settle_ms && !is_listed(e, doubted.id);
        if (gone)
            forget_module(e, doubted.id);
        else
            e->doubted_modules[kept++] = doubted;
    }
    e->doubted_module_count = kept;
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
    if (err.code != ERR_NONE)
        engine_fail(e, &err);
    else
        forget_gone_modules(e);
    e->modules_known = true;
}

void engine_observe_modules(struct engine *e)
{
    e->modules_known = false;
    engine_call(e, call_list_modules(e->project.id), on_modules, 0);
}

/* Where most known cases of the first length bytes of a path are; 0: none is known. */
static int64_t known_place(const struct engine *e, const char *path, size_t length)
{
    _cleanup_free_ char *prefix = xstrndup(path, length);
    uint32_t folder = intern_find(&e->desired->modules, prefix);
    return folder == INTERN_NONE ? 0 : e->folders[folder].cases_in;
}

/* The name behind the first *length bytes of a path, which it is added to; NULL: that was all. */
static char *next_name(const char *path, size_t *length)
{
    const char *begin = path + *length + (path[*length] == MODULE_SEPARATOR[0]);
    size_t size = strcspn(begin, MODULE_SEPARATOR);
    *length = (size_t)(begin - path) + size;
    return size ? xstrndup(begin, size) : NULL;
}

/* The names of a path, the root module's first, are looked for one below the other. Below a module that is
 * not there only its cases tell where a folder is. Returns its module; or, where *ret_missing is set, the
 * module (0: none) in which that one is to be made next. */
static int64_t walk(const struct engine *e, const char *path, char **ret_missing)
{
    int64_t at = 0;
    int64_t make_in = 0;
    size_t length = 0;
    *ret_missing = NULL;
    for (char *name = fitting_name(e->options.root_module); name; name = next_name(path, &length)) {
        int64_t next = *ret_missing ? 0 : child_named(e, at, name);
        next = next ? next : known_place(e, path, length);
        if (next) {
            free(*ret_missing);
            *ret_missing = NULL;
        } else if (!*ret_missing) {
            *ret_missing = TAKE(name);
            make_in = at;
        }
        free(name);
        at = next;
    }
    return *ret_missing ? make_in : at;
}

static void note_late(struct engine *e, const struct call *call, int64_t until_ms)
{
    GROW(e->late_modules, e->late_module_count, e->late_module_capacity);
    e->late_modules[e->late_module_count++] = (struct late_module){
        .name = engine_name_asked_for(call), .parent_id = call->number, .until_ms = until_ms};
}

/* 0: nothing of that name may come there. */
static int64_t late_until_ms(const struct engine *e, int64_t parent_id, const char *name)
{
    int64_t until_ms = 0;
    for (size_t i = 0; i < e->late_module_count; i++) {
        const struct late_module *late = &e->late_modules[i];
        if (late->parent_id == parent_id && late->until_ms > until_ms && text_equal(late->name, name))
            until_ms = late->until_ms;
    }
    return until_ms;
}

bool engine_module_may_come(const struct engine *e)
{
    for (size_t i = 0; i < e->late_module_count; i++) {
        const struct late_module *late = &e->late_modules[i];
        if (e->now_ms < late->until_ms && !child_named(e, late->parent_id, late->name))
            return true;
    }
    return false;
}

/* All modules that wait for this one. */
static void refuse_below(struct engine *e, const struct call *call, const struct reply *reply)
{
    _cleanup_free_ bool *refused = xcalloc(e->desired->modules.count, sizeof *refused);
    _cleanup_free_ char *name = engine_name_asked_for(call);
    for (uint32_t i = 0; i < e->desired->modules.count; i++) {
        _cleanup_free_ char *missing = NULL;
        int64_t parent_id = walk(e, intern_text(&e->desired->modules, i), &missing);
        refused[i] = missing && parent_id == call->number && text_equal(missing, name);
    }
    engine_refuse_modules(e, refused, call, reply);
}

static void on_module_created(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_node node = {0};
    int64_t until_ms = 0;
    if (engine_refuses_place(reply)) {
        refuse_below(e, call, reply);
        return;
    }
    if (call->number && engine_place_is_gone(e, call, reply)) {
        engine_doubt_module(e, call->number);
        e->modules_known = false;
        return;
    }
    if (!engine_created(e, call, reply, &node, &until_ms)) {
        if (until_ms)
            note_late(e, call, until_ms);
        e->modules_known = false;
        return;
    }
    node.parent_id = call->number;
    nodes_add(&e->made_modules, &node);
}

static bool already_queued(const struct engine *e, int64_t parent_id, const char *name)
{
    for (const struct call *call = e->calls; call; call = call->next) {
        if (call->on_reply != on_module_created || call->number != parent_id)
            continue;
        _cleanup_free_ char *asked_for = engine_name_asked_for(call);
        if (text_equal(asked_for, name))
            return true;
    }
    return false;
}

static void create_next_level(struct engine *e, uint32_t module)
{
    _cleanup_free_ char *missing = NULL;
    int64_t parent_id = walk(e, intern_text(&e->desired->modules, module), &missing);
    if (!missing)
        e->folders[module].module_id = parent_id;
    else if (!already_queued(e, parent_id, missing) &&
             !engine_wait_for_late(e, late_until_ms(e, parent_id, missing)))
        engine_call(e, call_create_module(e->project.id, parent_id, missing, NULL), on_module_created,
                    parent_id);
}

bool engine_create_modules(struct engine *e)
{
    _cleanup_free_ bool *needed = engine_needed_modules(e);
    for (uint32_t i = 0; e->modules_known && i < e->desired->modules.count; i++)
        if (!e->folders[i].module_id && needed[i])
            create_next_level(e, i);
    return e->calls != NULL;
}

void engine_describe_modules(struct engine *e)
{
    _cleanup_free_ bool *needed = engine_needed_modules(e);
    for (uint32_t i = 0; i < e->desired->modules.count; i++) {
        _cleanup_free_ char *missing = NULL;
        if (e->folders[i].module_id || !needed[i])
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
