#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/cycles.h"
#include "sandbox/suites.h"
#include "sandbox/tree.h"

static void write_tree(struct call *c, struct json_writer *w, int64_t id, int64_t as_of_ms)
{
    bool hyphen = call_switch(c, SWITCH_TREE_KEYS) == TREE_KEYS_HYPHEN;
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT id FROM cycles WHERE project = ? AND parent_type = 2 AND parent = ? AND visible_ms "
                  "<= ? AND deleted_ms > ? "
                  "ORDER BY ord, id",
                  "iiii", c->project, id, as_of_ms, as_of_ms);
    json_array(w, hyphen ? "test-cycles" : "test_cycles");
    while (rows_next(&r)) {
        struct json_writer child;
        json_raw(w, NULL, "", 0); /* the comma; a writer of its own has no limit of depth */
        json_writer_init(&child, w->out);
        cycle_write(c, &child, rows_int(&r, 0), true, as_of_ms);
    }
    json_end(w);
    json_array(w, hyphen ? "test-suites" : "test_suites");
    suites_write_below(c, w, (struct parent){PARENT_CYCLE, id}, as_of_ms);
    json_end(w);
}

void cycle_write(struct call *c, struct json_writer *w, int64_t id, bool descendants, int64_t as_of_ms)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT name, ord, pid, created_ms, modified_ms, description, target_release, target_build, "
        "parent_type, parent FROM cycles WHERE id = ?",
        "i", id);
    if (!rows_next(&r))
        return;
    json_object(w, NULL);
    write_node_head(c, w, "test-cycles", "CL", id, &r);
    write_web_url(c, w, OBJECT_CYCLE, id);
    json_string(w, "description", rows_text(&r, 5) ? rows_text(&r, 5) : "");
    write_id(w, "target_release_id", rows_int(&r, 6));
    write_id(w, "target_build_id", rows_int(&r, 7));
    if (descendants)
        write_tree(c, w, id, as_of_ms);
    json_end(w);
}

static bool wants_descendants(struct call *c)
{
    return text_equal(request_param(c->request, "expand"), "descendants");
}

/* getTestCycles */
void cycles_list(struct call *c)
{
    struct parent parent;
    bool given;
    int64_t size, as_of_ms = call_list_time(c);
    struct page page = call_page(c, "pageSize", 100);
    if (!parent_from_query(c, PARENT_CYCLE, &parent, &given))
        return;
    page.all =
        request_param_int(c->request, "pageSize", &size) && size < 0 && !request_param(c->request, "page");
    int64_t total =
        store_int(c->store, 0,
                  "SELECT count(*) FROM cycles WHERE project = ? AND parent_type = ? AND parent = ? AND "
                  "visible_ms <= ? AND deleted_ms > ?",
                  "idiii", c->project, (int)parent.type, parent.id, as_of_ms, as_of_ms);
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT id FROM cycles WHERE project = ? AND parent_type = ? AND parent = ? AND visible_ms <= ? AND "
        "deleted_ms > ? ORDER BY ord, id LIMIT ? OFFSET ?",
        "idiiiii", c->project, (int)parent.type, parent.id, as_of_ms, as_of_ms,
        page.all ? INT64_MAX : page.size, page.all ? (int64_t)0 : (page.number - 1) * page.size);
    json_array(&c->json, NULL);
    while (rows_next(&r))
        cycle_write(c, &c->json, rows_int(&r, 0), wants_descendants(c), as_of_ms);
    json_end(&c->json);
    call_page_headers(c, page, total);
}

/* Target release and build of a create or update; other columns are object_update's. */
static void store_targets(struct call *c, int64_t id)
{
    int64_t release, build;
    if (json_int64(c->body, "target_release_id", &release))
        store_run(c->store, "UPDATE cycles SET target_release = ? WHERE id = ?", "ii", release, id);
    if (json_int64(c->body, "target_build_id", &build))
        store_run(c->store, "UPDATE cycles SET target_build = ? WHERE id = ?", "ii", build, id);
}

/* createCycle */
void cycles_create(struct call *c)
{
    struct parent parent;
    bool given;
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    if (!body_is_object(c, c->body) || !parent_from_query(c, PARENT_CYCLE, &parent, &given) ||
        !body_name(c, c->body, true, &name) || !body_text(c, c->body, "description", &description))
        return;
    if (!tree_check_depth(c, OBJECT_CYCLE, parent.type == PARENT_CYCLE ? parent.id : 0, 0))
        return;
    int64_t id = call_create(c, OBJECT_CYCLE, name, description);
    store_run(c->store, "UPDATE cycles SET parent_type = ?, parent = ? WHERE id = ?", "dii", (int)parent.type,
              parent.id, id);
    store_targets(c, id);
    c->answer->status = 201;
    cycle_write(c, &c->json, id, false, c->now_ms);
}

/* getTestCycle */
void cycles_get(struct call *c)
{
    int64_t id;
    if (call_object(c, 0, OBJECT_CYCLE, &id))
        cycle_write(c, &c->json, id, wants_descendants(c),
                    wants_descendants(c) ? call_list_time(c) : c->now_ms);
}

static bool move_cycle(struct call *c, int64_t id, struct parent parent)
{
    if (parent.type == PARENT_CYCLE && cycle_is_below(c, parent.id, id))
        return call_fail(c, 400, "A Test Cycle cannot be moved below itself");
    if (!tree_check_depth(c, OBJECT_CYCLE, parent.type == PARENT_CYCLE ? parent.id : 0, id))
        return false;
    store_run(c->store, "UPDATE cycles SET parent_type = ?, parent = ?, modified_ms = ? WHERE id = ?", "diii",
              (int)parent.type, parent.id, c->now_ms, id);
    return true;
}

/* updateCycle: with a parent in the query it moves and ignores the body (docs/qtest-api.md 7.3, 3). */
void cycles_update(struct call *c)
{
    struct parent parent;
    bool given;
    int64_t id;
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    if (!call_object(c, 0, OBJECT_CYCLE, &id) || !parent_from_query(c, PARENT_CYCLE, &parent, &given))
        return;
    if (given) {
        if (!move_cycle(c, id, parent))
            return;
    } else {
        if (!body_is_object(c, c->body) || !body_name(c, c->body, false, &name) ||
            !body_text(c, c->body, "description", &description))
            return;
        object_update(c->store, OBJECT_CYCLE, id, name, description, c->now_ms);
        store_targets(c, id);
    }
    cycle_write(c, &c->json, id, false, c->now_ms);
}

static bool has_children(struct call *c, struct parent parent)
{
    return store_int(c->store, 0,
                     "SELECT EXISTS (SELECT 1 FROM cycles WHERE project = ?1 AND parent_type = ?2 AND parent "
                     "= ?3 AND "
                     "deleted_ms > ?4) OR EXISTS (SELECT 1 FROM suites WHERE project = ?1 AND parent_type = "
                     "?2 AND parent = "
                     "?3 AND deleted_ms > ?4) OR EXISTS (SELECT 1 FROM runs WHERE project = ?1 AND "
                     "parent_type = ?2 AND "
                     "parent = ?3 AND deleted_ms > ?4)",
                     "idii", c->project, (int)parent.type, parent.id, c->now_ms) != 0;
}

static void delete_tree(struct call *c, int64_t id);

static void delete_children(struct call *c, struct parent parent)
{
    _cleanup_(rows_close) struct rows cycles = rows_open(
        c->store,
        "SELECT id FROM cycles WHERE project = ? AND parent_type = ? AND parent = ? AND deleted_ms > ?",
        "idii", c->project, (int)parent.type, parent.id, c->now_ms);
    while (rows_next(&cycles))
        delete_tree(c, rows_int(&cycles, 0));
    _cleanup_(rows_close) struct rows suites = rows_open(
        c->store,
        "SELECT id FROM suites WHERE project = ? AND parent_type = ? AND parent = ? AND deleted_ms > ?",
        "idii", c->project, (int)parent.type, parent.id, c->now_ms);
    while (rows_next(&suites))
        suite_delete_tree(c, rows_int(&suites, 0));
    store_run(c->store,
              "UPDATE runs SET deleted_ms = ?1 WHERE parent = ?2 AND parent_type = ?3 AND deleted_ms > ?1",
              "iid", c->now_ms, parent.id, (int)parent.type);
}

static void delete_tree(struct call *c, int64_t id)
{
    delete_children(c, (struct parent){PARENT_CYCLE, id});
    object_delete(c->store, OBJECT_CYCLE, id, c->now_ms);
}

/* deleteCycle: with children only by force=true */
void cycles_delete(struct call *c)
{
    int64_t id;
    if (!call_may_delete(c) || !call_object(c, 0, OBJECT_CYCLE, &id))
        return;
    if (!request_param_true(c->request, "force") && has_children(c, (struct parent){PARENT_CYCLE, id})) {
        call_fail(c, 400, "The Test Cycle contains children, specify force=true to delete it");
        return;
    }
    delete_tree(c, id);
    call_message(c, "The Test Cycle has been deleted");
}
