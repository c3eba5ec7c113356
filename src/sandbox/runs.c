#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/cases.h"
#include "sandbox/runs.h"
#include "sandbox/statuses.h"

/* Columns of a run's row, in the order of RUN_SELECT. */
enum {
    R_PARENT_TYPE,
    R_PARENT,
    R_AUTOMATION,
    R_CASE,
    R_NAME,
    R_ORDER,
    R_PID,
    R_CREATED,
    R_MODIFIED,
    R_VERSION,
    R_VERSION_NUMBER,
    R_LOG,
    R_STATUS,
    R_START,
    R_END,
    R_BUILD_NUMBER,
    R_BUILD_URL
};
#define RUN_SELECT                                                                                           \
    "SELECT r.parent_type, r.parent, r.automation, r.case_id, r.name, r.ord, r.pid, r.created_ms, "          \
    "r.modified_ms, r.version, v.major || '.' || v.minor, r.log, l.status, l.start_ms, l.end_ms, "           \
    "l.build_number, l.build_url FROM runs r LEFT JOIN versions v ON v.id = r.version LEFT JOIN logs l ON "  \
    "l.id = r.log WHERE r.id = ?"

static void write_run_links(struct call *c, struct json_writer *w, int64_t id, const struct rows *r)
{
    long long project = c->project, parent = rows_int(r, R_PARENT);
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld/test-runs/%lld", project, (long long)id);
    write_link(c, w, "test-case", "/api/v3/projects/%lld/test-cases/%lld?versionId=%lld", project,
               (long long)rows_int(r, R_CASE), (long long)rows_int(r, R_VERSION));
    if (rows_int(r, R_PARENT_TYPE) == PARENT_SUITE)
        write_link(c, w, "test-suite", "/api/v3/projects/%lld/test-suites/%lld", project, parent);
    else if (rows_int(r, R_PARENT_TYPE) == PARENT_CYCLE)
        write_link(c, w, "test-cycle", "/api/v3/projects/%lld/test-cycles/%lld", project, parent);
    else if (rows_int(r, R_PARENT_TYPE) == PARENT_RELEASE)
        write_link(c, w, "release", "/api/v3/projects/%lld/releases/%lld", project, parent);
    json_end(w);
}

static void write_run_properties(struct call *c, struct json_writer *w, const char *key, int64_t id,
                                 const struct rows *r)
{
    int64_t status = rows_null(r, R_STATUS) ? STATUS_UNEXECUTED : rows_int(r, R_STATUS);
    _cleanup_free_ char *status_text = xasprintf("%lld", (long long)status);
    struct computed_value computed[] = {
        {FIELD_RUN_STATUS, status_text},
        {FIELD_BUILD_NUMBER, rows_text(r, R_BUILD_NUMBER)},
        {FIELD_BUILD_URL, rows_text(r, R_BUILD_URL)},
    };
    properties_write(w, key, call_fields(c, OBJECT_RUN), id, computed, ARRAY_SIZE(computed));
}

static void write_latest_log(struct call *c, struct json_writer *w, const struct rows *r)
{
    if (rows_null(r, R_LOG))
        return;
    json_object(w, "latest_test_log");
    json_integer(w, "id", rows_int(r, R_LOG));
    json_string(w, "status", status_name(rows_int(r, R_STATUS)));
    write_log_date(c, w, "exe_start_date", rows_int(r, R_START));
    write_log_date(c, w, "exe_end_date", rows_int(r, R_END));
    json_end(w);
}

void run_write(struct call *c, struct json_writer *w, int64_t id, int parts)
{
    _cleanup_(rows_close) struct rows row = rows_open(c->store, RUN_SELECT, "i", id);
    const struct rows *r = &row;
    if (!rows_next(&row))
        return;
    _cleanup_free_ char *pid = xasprintf("TR-%lld", (long long)rows_int(r, R_PID));
    json_object(w, NULL);
    json_integer(w, "parentId", rows_int(r, R_PARENT));
    json_string(w, "parentType", execution_parent_name((enum parent_type)rows_int(r, R_PARENT_TYPE)));
    json_string(w, "automation", rows_int(r, R_AUTOMATION) ? "Yes" : "No");
    json_integer(w, "testCaseId", rows_int(r, R_CASE));
    write_run_links(c, w, id, r);
    json_integer(w, "id", id);
    write_name(c, w, "name", rows_text(r, R_NAME));
    json_integer(w, "order", rows_int(r, R_ORDER));
    json_string(w, "pid", pid);
    write_date(c, w, "created_date", rows_int(r, R_CREATED));
    write_date(c, w, "last_modified_date", rows_int(r, R_MODIFIED));
    write_run_properties(c, w, "properties", id, r);
    if (parts & RUN_CASE) {
        json_raw(w, "test_case", "", 0);
        struct json_writer inner;
        json_writer_init(&inner, w->out);
        case_write(c, &inner, rows_int(r, R_CASE), rows_int(r, R_VERSION), true, parts & RUN_CASE_STEPS);
    }
    if (parts & RUN_LATEST_LOG)
        write_latest_log(c, w, r);
    json_integer(w, "test_case_version_id", rows_int(r, R_VERSION));
    write_text(w, "test_case_version", rows_text(r, R_VERSION_NUMBER));
    json_integer(w, "creator_id", USER_ID);
    json_end(w);
}

int run_list_parts(const struct call *c)
{
    return call_switch(c, SWITCH_LATEST_TEST_LOG) == LATEST_TEST_LOG_PRESENT ? RUN_LATEST_LOG : 0;
}

#define HERE                                                                                                 \
    "FROM runs WHERE project = ?1 AND parent_type = ?2 AND parent = ?3 AND visible_ms <= ?4 AND deleted_ms " \
    "> ?4 "
/* All runs below a parent: in it, in its suites, in its cycles and in theirs. */
#define BELOW                                                                                                \
    "FROM runs WHERE project = ?1 AND visible_ms <= ?4 AND deleted_ms > ?4 AND (parent_type, parent) IN ("   \
    "WITH RECURSIVE cycle_below (id) AS (SELECT id FROM cycles WHERE project = ?1 AND parent_type = ?2 AND " \
    "parent = ?3 UNION SELECT y.id FROM cycles y JOIN cycle_below b ON y.project = ?1 AND y.parent_type = "  \
    "2 AND y.parent = b.id), place (type, id) AS (SELECT ?2, ?3 UNION SELECT 2, id FROM cycle_below) "       \
    "SELECT type, id FROM place UNION SELECT 3, s.id FROM suites s JOIN place p ON s.project = ?1 AND "      \
    "s.parent_type = p.type AND s.parent = p.id) "
#define PAGED "ORDER BY ord, id LIMIT ?5 OFFSET ?6"

/* getOf */
void runs_list(struct call *c)
{
    struct parent parent;
    bool given, below = text_equal(request_param(c->request, "expand"), "descendants");
    int64_t as_of_ms = call_list_time(c);
    struct page page = call_page(c, "pageSize", 100);
    if (!parent_from_query(c, PARENT_SUITE, &parent, &given))
        return;
    int64_t total = store_int(c->store, 0, below ? "SELECT count(*) " BELOW : "SELECT count(*) " HERE, "idii",
                              c->project, (int)parent.type, parent.id, as_of_ms);
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, below ? "SELECT id " BELOW PAGED : "SELECT id " HERE PAGED, "idiiii", c->project,
                  (int)parent.type, parent.id, as_of_ms, page.size, (page.number - 1) * page.size);
    call_envelope(c, page, total);
    while (rows_next(&r))
        run_write(c, &c->json, rows_int(&r, 0), run_list_parts(c));
    json_end(&c->json);
    json_end(&c->json);
}

int64_t run_insert(struct store *s, int64_t project, struct parent parent, int64_t case_id, const char *name,
                   bool automation, int64_t now_ms)
{
    int64_t id = object_insert(s, OBJECT_RUN, project, name, NULL, now_ms, now_ms);
    store_run(s,
              "UPDATE runs SET parent_type = ?, parent = ?, case_id = ?3, automation = ?, version = (SELECT "
              "version FROM "
              "cases WHERE id = ?3) WHERE id = ?",
              "diidi", (int)parent.type, parent.id, case_id, (int)automation, id);
    return id;
}

/* The test case that the body names by test_case.id or testCaseId */
static bool case_of_body(struct call *c, int64_t *ret)
{
    int64_t id;
    if (!json_int64(json_member(c->body, "test_case"), "id", &id) && !json_int64(c->body, "testCaseId", &id))
        return call_fail(c, 400, "Field 'test_case' with the id of a Test Case is required");
    *ret = id;
    return object_exists(c->store, OBJECT_CASE, c->project, id, c->now_ms) ||
           call_fail(c, 404, "Test Case does not exist");
}

static bool store_version(struct call *c, int64_t run, int64_t case_id)
{
    int64_t version;
    if (!json_int64(c->body, "test_case_version_id", &version))
        return true;
    if (!store_int(c->store, 0, "SELECT id FROM versions WHERE id = ? AND case_id = ?", "ii", version,
                   case_id))
        return call_fail(c, 400, "Test Case version does not exist");
    store_run(c->store, "UPDATE runs SET version = ? WHERE id = ?", "ii", version, run);
    return true;
}

static void store_properties(struct call *c, int64_t id)
{
    char *content = NULL;
    properties_store(call_fields(c, OBJECT_RUN), id, json_member(c->body, "properties"), &content);
    free(content);
}

/* createTestRun */
void runs_create(struct call *c)
{
    struct parent parent;
    bool given;
    int64_t case_id = 0;
    _cleanup_free_ char *name = NULL;
    if (!body_is_object(c, c->body) || !parent_from_query(c, PARENT_SUITE, &parent, &given) ||
        (!given && !parent_from_body(c, PARENT_SUITE, &parent, &given)) ||
        !body_name(c, c->body, true, &name) || !case_of_body(c, &case_id) ||
        !call_check_new(c, OBJECT_RUN, c->body))
        return;
    int64_t id = run_insert(c->store, c->project, parent, case_id, name, false, c->now_ms);
    if (!store_version(c, id, case_id))
        return;
    store_properties(c, id);
    c->answer->status = 201;
    run_write(c, &c->json, id, RUN_CASE | RUN_LATEST_LOG);
}

/* getTestRunById */
void runs_get(struct call *c)
{
    int64_t id;
    const char *expand = request_param(c->request, "expand");
    int parts = RUN_LATEST_LOG;
    if (text_starts(expand ? expand : "", "testcase"))
        parts |= RUN_CASE;
    if (text_equal(expand, "testcase.teststep"))
        parts |= RUN_CASE_STEPS;
    if (call_object(c, 0, OBJECT_RUN, &id))
        run_write(c, &c->json, id, parts);
}

/* updateTestRunById: with a parent in the query it moves and ignores the body. */
void runs_update(struct call *c)
{
    struct parent parent;
    bool given;
    int64_t id;
    _cleanup_free_ char *name = NULL;
    if (!call_object(c, 0, OBJECT_RUN, &id) || !parent_from_query(c, PARENT_SUITE, &parent, &given))
        return;
    if (given) {
        store_run(c->store, "UPDATE runs SET parent_type = ?, parent = ?, modified_ms = ? WHERE id = ?",
                  "diii", (int)parent.type, parent.id, c->now_ms, id);
    } else {
        int64_t case_id = store_int(c->store, 0, "SELECT case_id FROM runs WHERE id = ?", "i", id);
        if (!body_is_object(c, c->body) || !body_name(c, c->body, false, &name) ||
            !call_check_properties(c, OBJECT_RUN, c->body) || !store_version(c, id, case_id))
            return;
        object_update(c->store, OBJECT_RUN, id, name, NULL, c->now_ms);
        store_properties(c, id);
    }
    run_write(c, &c->json, id, RUN_CASE | RUN_LATEST_LOG);
}

/* deleteTestRunById */
void runs_delete(struct call *c)
{
    int64_t id;
    if (!call_may_delete(c) || !call_object(c, 0, OBJECT_RUN, &id))
        return;
    object_delete(c->store, OBJECT_RUN, id, c->now_ms);
    call_message(c, "The Test Run has been deleted");
}

/* Undocumented: the properties of one run, for users who may not read the field settings
 * (docs/qtest-api.md 4.7). */
void runs_properties_info(struct call *c)
{
    int64_t id;
    if (!call_object(c, 0, OBJECT_RUN, &id))
        return;
    _cleanup_(rows_close) struct rows r = rows_open(c->store, RUN_SELECT, "i", id);
    if (rows_next(&r))
        write_run_properties(c, &c->json, NULL, id, &r);
}
