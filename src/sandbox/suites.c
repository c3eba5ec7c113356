#include <stdlib.h>

#include "base/memory.h"
#include "sandbox/call.h"
#include "sandbox/suites.h"

static void write_parent_link(struct call *c, struct json_writer *w, enum parent_type type, int64_t parent)
{
    if (type == PARENT_CYCLE)
        write_link(c, w, "test-cycle", "/api/v3/projects/%lld/test-cycles/%lld", (long long)c->project,
                   (long long)parent);
    else if (type == PARENT_RELEASE)
        write_link(c, w, "release", "/api/v3/projects/%lld/releases/%lld", (long long)c->project,
                   (long long)parent);
}

void suite_write(struct call *c, struct json_writer *w, int64_t id)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT parent_type, parent, name, ord, pid, created_ms, modified_ms, target_release, target_build "
        "FROM suites WHERE id = ?",
        "i", id);
    if (!rows_next(&r))
        return;
    enum parent_type type = (enum parent_type)rows_int(&r, 0);
    _cleanup_free_ char *pid = xasprintf("TS-%lld", (long long)rows_int(&r, 4));
    json_object(w, NULL);
    json_integer(w, "parentId", rows_int(&r, 1));
    json_string(w, "parentType", execution_parent_name(type));
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld/test-suites/%lld", (long long)c->project, (long long)id);
    write_parent_link(c, w, type, rows_int(&r, 1));
    write_link(c, w, "test-runs", "/api/v3/projects/%lld/test-runs?parentId=%lld&parentType=test-suite",
               (long long)c->project, (long long)id);
    json_end(w);
    json_integer(w, "id", id);
    write_name(c, w, "name", rows_text(&r, 2));
    json_integer(w, "order", rows_int(&r, 3));
    json_string(w, "pid", pid);
    write_date(c, w, "created_date", rows_int(&r, 5));
    write_date(c, w, "last_modified_date", rows_int(&r, 6));
    properties_write(w, "properties", call_fields(c, OBJECT_SUITE), id, NULL, 0);
    write_web_url(c, w, OBJECT_SUITE, id);
    write_id(w, "target_release_id", rows_int(&r, 7));
    write_id(w, "target_build_id", rows_int(&r, 8));
    json_end(w);
}

void suites_write_below(struct call *c, struct json_writer *w, struct parent parent, int64_t as_of_ms)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT id FROM suites WHERE project = ? AND parent_type = ? AND parent = ? AND visible_ms <= ? AND "
        "deleted_ms > ? ORDER BY ord, id",
        "idiii", c->project, (int)parent.type, parent.id, as_of_ms, as_of_ms);
    while (rows_next(&r))
        suite_write(c, w, rows_int(&r, 0));
}

/* getListTestSuite: no paging */
void suites_list(struct call *c)
{
    struct parent parent;
    bool given;
    if (!parent_from_query(c, PARENT_CYCLE, &parent, &given))
        return;
    json_array(&c->json, NULL);
    suites_write_below(c, &c->json, parent, call_list_time(c));
    json_end(&c->json);
}

/* Properties and target of a create or update. */
static void store_details(struct call *c, int64_t id)
{
    int64_t release, build;
    char *content = NULL;
    properties_store(call_fields(c, OBJECT_SUITE), id, json_member(c->body, "properties"), &content);
    free(content);
    if (json_int64(c->body, "target_release_id", &release))
        store_run(c->store, "UPDATE suites SET target_release = ? WHERE id = ?", "ii", release, id);
    if (json_int64(c->body, "target_build_id", &build))
        store_run(c->store, "UPDATE suites SET target_build = ? WHERE id = ?", "ii", build, id);
}

/* createTestSuite: 200, not 201. The parent comes in the query or in the body. */
void suites_create(struct call *c)
{
    struct parent parent;
    bool given;
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    if (!body_is_object(c, c->body) || !parent_from_query(c, PARENT_CYCLE, &parent, &given) ||
        (!given && !parent_from_body(c, PARENT_CYCLE, &parent, &given)) ||
        !body_name(c, c->body, true, &name) || !body_text(c, c->body, "description", &description) ||
        !call_check_new(c, OBJECT_SUITE, c->body))
        return;
    int64_t id = call_create(c, OBJECT_SUITE, name, description);
    store_run(c->store, "UPDATE suites SET parent_type = ?, parent = ? WHERE id = ?", "dii", (int)parent.type,
              parent.id, id);
    store_details(c, id);
    suite_write(c, &c->json, id);
}

/* getTestSuite */
void suites_get(struct call *c)
{
    int64_t id;
    if (call_object(c, 0, OBJECT_SUITE, &id))
        suite_write(c, &c->json, id);
}

/* updateTestSuite: with a parent in the query it moves and ignores the body. */
void suites_update(struct call *c)
{
    struct parent parent;
    bool given;
    int64_t id;
    _cleanup_free_ char *name = NULL;
    if (!call_object(c, 0, OBJECT_SUITE, &id) || !parent_from_query(c, PARENT_CYCLE, &parent, &given))
        return;
    if (given) {
        store_run(c->store, "UPDATE suites SET parent_type = ?, parent = ?, modified_ms = ? WHERE id = ?",
                  "diii", (int)parent.type, parent.id, c->now_ms, id);
    } else {
        if (!body_is_object(c, c->body) || !body_name(c, c->body, false, &name) ||
            !call_check_properties(c, OBJECT_SUITE, c->body))
            return;
        object_update(c->store, OBJECT_SUITE, id, name, NULL, c->now_ms);
        store_details(c, id);
    }
    suite_write(c, &c->json, id);
}

void suite_delete_tree(struct call *c, int64_t id)
{
    store_run(c->store,
              "UPDATE runs SET deleted_ms = ?1 WHERE parent = ?2 AND parent_type = 3 AND deleted_ms > ?1",
              "ii", c->now_ms, id);
    object_delete(c->store, OBJECT_SUITE, id, c->now_ms);
}

/* deleteTestSuiteById */
void suites_delete(struct call *c)
{
    int64_t id;
    if (!call_may_delete(c) || !call_object(c, 0, OBJECT_SUITE, &id))
        return;
    suite_delete_tree(c, id);
    call_message(c, "The Test Suite has been deleted");
}
