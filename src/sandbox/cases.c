#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/call.h"
#include "sandbox/case_edit.h"
#include "sandbox/cases.h"
#include "sandbox/dates.h"
#include "sandbox/versions.h"

static void write_case_row(struct call *c, struct json_writer *w, int64_t id, const struct rows *r,
                           bool properties, bool steps)
{
    struct computed_value content = {FIELD_CONTENT, rows_text(r, 9)};
    json_object(w, NULL);
    write_node_head(c, w, "test-cases", "TC", id, r);
    if (properties)
        properties_write(w, "properties", call_fields(c, OBJECT_CASE), id, &content, 1);
    else {
        json_array(w, "properties");
        json_end(w);
    }
    write_web_url(c, w, OBJECT_CASE, id);
    attachments_write(c, w, "attachments", OBJECT_CASE, id);
    write_id(w, "parent_id", rows_int(r, 5));
    json_integer(w, "test_case_version_id", rows_int(r, 6));
    json_string(w, "version", rows_text(r, 10));
    json_string(w, "description", rows_text(r, 7) ? rows_text(r, 7) : "");
    json_string(w, "precondition", rows_text(r, 8) ? rows_text(r, 8) : "");
    json_integer(w, "creator_id", USER_ID);
    json_array(w, "agent_ids");
    json_end(w);
    if (steps)
        version_write_steps(c, w, "test_steps", rows_int(r, 6));
    json_end(w);
}

void case_write(struct call *c, struct json_writer *w, int64_t id, int64_t version, bool properties,
                bool steps)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT v.name, c.ord, c.pid, c.created_ms, c.modified_ms, c.module, v.id, v.description, "
                  "v.precondition, "
                  "c.content, v.major || '.' || v.minor FROM cases c JOIN versions v ON v.id = "
                  "coalesce(nullif(?2, 0), c.version) WHERE c.id = ?1",
                  "ii", id, version);
    if (rows_next(&r))
        write_case_row(c, w, id, &r, properties, steps);
}

static bool param_false(struct call *c, const char *name)
{
    const char *text = request_param(c->request, name);
    return text && text_equal_nocase(text, "false");
}

static bool list_filter(struct call *c, int64_t *ret_module, int64_t *ret_after_ms)
{
    const char *parent = request_param(c->request, "parentId");
    const char *after = request_param(c->request, "modifiedAfter");
    *ret_module = 0;
    *ret_after_ms = INT64_MIN;
    if (after && !date_read(after, ret_after_ms))
        return call_fail(c, 400, "modifiedAfter '%s' is no date", after);
    if (!parent || text_equal(parent, "0"))
        return true;
    *ret_module = object_find(c->store, OBJECT_MODULE, c->project, parent, c->now_ms);
    return *ret_module || call_fail(c, 404, "Module does not exist");
}

#define LIST_FILTER                                                                                          \
    " AND (?2 = 0 OR module = ?2) AND modified_ms > ?3 AND visible_ms <= ?4 AND deleted_ms > ?4"
#define LIST_COUNT "SELECT count(*) FROM cases WHERE project = ?1" LIST_FILTER
/* +: not by the index of the project, but in the order of the ids until the page is full */
#define LIST_PAGE "SELECT id FROM cases WHERE +project = ?1" LIST_FILTER " ORDER BY id LIMIT ?5 OFFSET ?6"

/* getTestCases: `size`, not `pageSize`, 20 by default */
void cases_list(struct call *c)
{
    int64_t module, after_ms, as_of_ms = call_list_time(c);
    struct page page = call_page(c, "size", 20);
    if (!list_filter(c, &module, &after_ms))
        return;
    int64_t total = store_int(c->store, 0, LIST_COUNT, "iiii", c->project, module, after_ms, as_of_ms);
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, LIST_PAGE, "iiiiii", c->project, module, after_ms, as_of_ms, page.size,
                  (page.number - 1) * page.size);
    bool properties = !param_false(c, "expandProps"), steps = request_param_true(c->request, "expandSteps");
    json_array(&c->json, NULL);
    while (rows_next(&r))
        case_write(c, &c->json, rows_int(&r, 0), 0, properties, steps);
    json_end(&c->json);
    call_page_headers(c, page, total);
}

/* createTestCase: 200, not 201 */
void cases_create(struct call *c)
{
    int64_t id;
    if (case_create_from_body(c, c->body, &id))
        case_write(c, &c->json, id, 0, true, true);
}

static bool version_of_case(struct call *c, int64_t case_id, int64_t version)
{
    if (store_int(c->store, 0, "SELECT id FROM versions WHERE id = ? AND case_id = ?", "ii", version,
                  case_id))
        return true;
    return call_fail(c, 404, "Test Case version does not exist");
}

/* getTestCase: by id or PID */
void cases_get(struct call *c)
{
    int64_t id, version = 0;
    bool steps = text_equal(request_param(c->request, "expand"), "teststep");
    if (!call_object(c, 0, OBJECT_CASE, &id))
        return;
    if (request_param_int(c->request, "versionId", &version) && !version_of_case(c, id, version))
        return;
    case_write(c, &c->json, id, version, true, steps);
}

/* updateTestCase */
void cases_update(struct call *c)
{
    int64_t id;
    if (call_object(c, 0, OBJECT_CASE, &id) && case_update_from_body(c, id, c->body))
        case_write(c, &c->json, id, 0, true, true);
}

/* updateMultipleTestCases: a map of id to test case */
void cases_update_many(struct call *c)
{
    const cJSON *item;
    if (!body_is_object(c, c->body))
        return;
    json_array(&c->json, NULL);
    cJSON_ArrayForEach(item, c->body)
    {
        int64_t id = object_find(c->store, OBJECT_CASE, c->project, item->string, c->now_ms);
        if (!id) {
            call_fail(c, 404, "Test Case '%s' does not exist", item->string);
            return;
        }
        if (!case_update_from_body(c, id, item))
            return;
        case_write(c, &c->json, id, 0, true, true);
    }
    json_end(&c->json);
}

/* deleteTestCase */
void cases_delete(struct call *c)
{
    int64_t id;
    if (!call_may_delete(c) || !call_object(c, 0, OBJECT_CASE, &id))
        return;
    object_delete(c->store, OBJECT_CASE, id, c->now_ms);
    call_message(c, "The Test Case has been deleted");
}

/* approveTestCase: needs a right of its own. An approved one stays as it is. */
void cases_approve(struct call *c)
{
    int64_t id;
    if (call_switch(c, SWITCH_RIGHTS) & RIGHTS_NO_APPROVE) {
        call_fail(c, 403, "You do not have permission to approve Test Cases");
        return;
    }
    if (!call_object(c, 0, OBJECT_CASE, &id))
        return;
    int64_t approved = store_int(
        c->store, 0, "SELECT v.approved FROM cases c JOIN versions v ON v.id = c.version WHERE c.id = ?", "i",
        id);
    if (!approved)
        version_add_approved(c->store, id, NULL, c->now_ms);
    case_write(c, &c->json, id, 0, true, true);
}

/* getVersions */
void cases_versions(struct call *c)
{
    int64_t id;
    if (!call_object(c, 0, OBJECT_CASE, &id))
        return;
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT id FROM versions WHERE case_id = ? ORDER BY id DESC", "i", id);
    json_array(&c->json, NULL);
    while (rows_next(&r))
        case_write(c, &c->json, id, rows_int(&r, 0), true, false);
    json_end(&c->json);
}

/* getTestCaseVersionById */
void cases_version(struct call *c)
{
    int64_t id, version;
    if (call_object(c, 0, OBJECT_CASE, &id) && call_arg_id(c, 1, &version) && version_of_case(c, id, version))
        case_write(c, &c->json, id, version, true, true);
}

/* getTestStepsByVersionId, v4: an object where v3 has an array */
void cases_version_steps_v4(struct call *c)
{
    int64_t id, version;
    if (!call_object(c, 0, OBJECT_CASE, &id) || !call_arg_id(c, 1, &version) ||
        !version_of_case(c, id, version))
        return;
    int64_t total = store_int(c->store, 0, "SELECT count(*) FROM steps WHERE version = ?", "i", version);
    json_object(&c->json, NULL);
    json_integer(&c->json, "total", total);
    version_write_steps(c, &c->json, "items", version);
    json_end(&c->json);
}

/* getTestStepsByVersion */
void cases_version_steps(struct call *c)
{
    int64_t id, version;
    if (call_object(c, 0, OBJECT_CASE, &id) && call_arg_id(c, 1, &version) && version_of_case(c, id, version))
        version_write_steps(c, &c->json, NULL, version);
}

/* The fields of the object type with the values of this object; undocumented, but used where ordinary users
 * may not read the field settings (docs/qtest-api.md 4.7). */
void cases_properties_info(struct call *c)
{
    int64_t id;
    if (!call_object(c, 0, OBJECT_CASE, &id))
        return;
    _cleanup_free_ char *text = store_text(c->store, "SELECT content FROM cases WHERE id = ?", "i", id);
    struct computed_value content = {FIELD_CONTENT, text};
    properties_write(&c->json, NULL, call_fields(c, OBJECT_CASE), id, &content, 1);
}
