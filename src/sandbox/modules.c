#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/modules.h"
#include "sandbox/tree.h"

static void module_write(struct call *c, struct json_writer *w, int64_t id, bool children, int64_t as_of_ms);

static void write_children(struct call *c, struct json_writer *w, int64_t id, int64_t as_of_ms)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT id FROM modules WHERE project = ? AND parent = ? "
                                                    "AND visible_ms <= ? AND deleted_ms > ? ORDER BY ord, id",
                                                    "iiii", c->project, id, as_of_ms, as_of_ms);
    json_array(w, "children");
    while (rows_next(&r)) {
        struct json_writer child;
        json_raw(w, NULL, "", 0); /* the comma; a writer of its own has no limit of depth */
        json_writer_init(&child, w->out);
        module_write(c, &child, rows_int(&r, 0), true, as_of_ms);
    }
    json_end(w);
}

/* The id of the invisible root: a top-level module has a parent_id that itself answers 404
 * (docs/qtest-api.md 4.5). */
static int64_t root_id(const struct call *c)
{
    return c->project;
}

static void module_write(struct call *c, struct json_writer *w, int64_t id, bool children, int64_t as_of_ms)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT name, ord, pid, created_ms, modified_ms, parent, description FROM modules WHERE id = ?", "i",
        id);
    if (!rows_next(&r))
        return;
    json_object(w, NULL);
    write_node_head(c, w, "modules", "MD", id, &r);
    json_integer(w, "parent_id", rows_int(&r, 5) ? rows_int(&r, 5) : root_id(c));
    json_string(w, "description", rows_text(&r, 6) ? rows_text(&r, 6) : "");
    json_boolean(w, "shared", false);
    json_boolean(w, "recursive", false);
    if (children)
        write_children(c, w, id, as_of_ms);
    json_end(w);
}

static bool wants_descendants(struct call *c)
{
    return text_equal(request_param(c->request, "expand"), "descendants");
}

/* The query's parentId; 0 is the root, and so is the root's id. */
static bool parent_param(struct call *c, const char *text, int64_t *ret)
{
    *ret = 0;
    if (!text || text_equal(text, "0"))
        return true;
    int64_t number;
    if (text_to_int64(text, 1, INT64_MAX, &number) && number == root_id(c))
        return true;
    *ret = object_find(c->store, OBJECT_MODULE, c->project, text, c->now_ms);
    return *ret || call_fail(c, 404, "Module does not exist");
}

/* search= looks at all levels below the parent */
#define BELOW                                                                                                \
    "WITH RECURSIVE below (id) AS (SELECT id FROM modules WHERE project = ?1 AND parent = ?2 UNION "         \
    "SELECT m.id FROM modules m JOIN below b ON m.project = ?1 AND m.parent = b.id) "

static struct rows matching_modules(struct call *c, int64_t parent, int64_t as_of_ms)
{
    const char *search = request_param(c->request, "search");
    if (search && *search)
        return rows_open(c->store,
                         BELOW
                         "SELECT id FROM modules WHERE id IN below AND instr(lower(name), lower(?3)) > 0 AND "
                         "visible_ms <= ?4 AND deleted_ms > ?4 ORDER BY ord, id",
                         "iiti", c->project, parent, search, as_of_ms);
    return rows_open(
        c->store,
        "SELECT id FROM modules WHERE project = ?1 AND parent = ?2 AND visible_ms <= ?3 AND deleted_ms > ?3 "
        "ORDER BY ord, id",
        "iii", c->project, parent, as_of_ms);
}

/* getSubModulesOf: no paging */
void modules_list(struct call *c)
{
    int64_t parent, as_of_ms = call_list_time(c);
    if (!parent_param(c, request_param(c->request, "parentId"), &parent))
        return;
    _cleanup_(rows_close) struct rows r = matching_modules(c, parent, as_of_ms);
    json_array(&c->json, NULL);
    while (rows_next(&r))
        module_write(c, &c->json, rows_int(&r, 0), wants_descendants(c), as_of_ms);
    json_end(&c->json);
}

/* createModule: the parent in the query, or as parent_id in the body as very old servers had it. */
void modules_create(struct call *c)
{
    int64_t parent;
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    _cleanup_free_ char *body_parent = NULL;
    const char *query_parent = request_param(c->request, "parentId");
    if (!body_is_object(c, c->body) || !body_text(c, c->body, "parent_id", &body_parent) ||
        !parent_param(c, query_parent ? query_parent : body_parent, &parent) ||
        !body_name(c, c->body, true, &name) || !body_text(c, c->body, "description", &description))
        return;
    if (!tree_check_depth(c, OBJECT_MODULE, parent, 0))
        return;
    int64_t id = call_create(c, OBJECT_MODULE, name, description);
    store_run(c->store, "UPDATE modules SET parent = ? WHERE id = ?", "ii", parent, id);
    c->answer->status = 201;
    module_write(c, &c->json, id, false, c->now_ms);
}

/* getModule */
void modules_get(struct call *c)
{
    int64_t id;
    if (call_object(c, 0, OBJECT_MODULE, &id))
        module_write(c, &c->json, id, wants_descendants(c),
                     wants_descendants(c) ? call_list_time(c) : c->now_ms);
}

static bool module_is_below(struct call *c, int64_t module, int64_t under)
{
    while (module && module != under)
        module = store_int(c->store, 0, "SELECT parent FROM modules WHERE id = ?", "i", module);
    return module == under;
}

/* updateModule: with a parent in the query it moves and ignores the body. */
void modules_update(struct call *c)
{
    int64_t id, parent;
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    const char *query_parent = request_param(c->request, "parentId");
    if (!call_object(c, 0, OBJECT_MODULE, &id))
        return;
    if (query_parent) {
        if (!parent_param(c, query_parent, &parent))
            return;
        if (parent && module_is_below(c, parent, id)) {
            call_fail(c, 400, "A Module cannot be moved below itself");
            return;
        }
        if (!tree_check_depth(c, OBJECT_MODULE, parent, id))
            return;
        store_run(c->store, "UPDATE modules SET parent = ?, modified_ms = ? WHERE id = ?", "iii", parent,
                  c->now_ms, id);
    } else {
        if (!body_is_object(c, c->body) || !body_name(c, c->body, false, &name) ||
            !body_text(c, c->body, "description", &description))
            return;
        object_update(c->store, OBJECT_MODULE, id, name, description, c->now_ms);
    }
    module_write(c, &c->json, id, false, c->now_ms);
}

static bool has_children(struct call *c, int64_t id)
{
    return store_int(c->store, 0,
                     "SELECT EXISTS (SELECT 1 FROM modules WHERE project = ?1 AND parent = ?2 AND deleted_ms "
                     "> ?3) OR "
                     "EXISTS (SELECT 1 FROM cases WHERE module = ?2 AND deleted_ms > ?3)",
                     "iii", c->project, id, c->now_ms) != 0;
}

static void delete_tree(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT id FROM modules WHERE project = ? AND parent = ? AND deleted_ms > ?",
                  "iii", c->project, id, c->now_ms);
    while (rows_next(&r))
        delete_tree(c, rows_int(&r, 0));
    store_run(c->store, "UPDATE cases SET deleted_ms = ?1 WHERE module = ?2 AND deleted_ms > ?1", "ii",
              c->now_ms, id);
    object_delete(c->store, OBJECT_MODULE, id, c->now_ms);
}

/* deleteModule: with children only by force=true */
void modules_delete(struct call *c)
{
    int64_t id;
    if (!call_may_delete(c) || !call_object(c, 0, OBJECT_MODULE, &id))
        return;
    if (!request_param_true(c->request, "force") && has_children(c, id)) {
        call_fail(c, 400, "The Module contains children, specify force=true to delete it");
        return;
    }
    delete_tree(c, id);
    call_message(c, "The Module has been deleted");
}

int64_t module_find_or_create(struct store *s, int64_t project, int64_t parent, const char *name,
                              int64_t now_ms)
{
    int64_t id =
        store_int(s, 0,
                  "SELECT id FROM modules WHERE project = ? AND parent = ? AND name = ? AND deleted_ms > ? "
                  "ORDER BY id LIMIT 1",
                  "iiti", project, parent, name, now_ms);
    if (id)
        return id;
    id = object_insert(s, OBJECT_MODULE, project, name, NULL, now_ms, now_ms);
    store_run(s, "UPDATE modules SET parent = ? WHERE id = ?", "ii", parent, id);
    return id;
}
