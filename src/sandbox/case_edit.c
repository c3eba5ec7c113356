#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/call.h"
#include "sandbox/case_edit.h"
#include "sandbox/cases.h"
#include "sandbox/modules.h"
#include "sandbox/versions.h"

struct case_texts {
    char *name, *description, *precondition;
};

static void case_texts_release(struct case_texts *t)
{
    free(t->name);
    free(t->description);
    free(t->precondition);
}

static bool read_texts(struct call *c, const cJSON *body, bool required, struct case_texts *ret)
{
    return body_is_object(c, body) && body_name(c, body, required, &ret->name) &&
           body_text(c, body, "description", &ret->description) &&
           body_text(c, body, "precondition", &ret->precondition) &&
           call_check_properties(c, OBJECT_CASE, body);
}

static int by_order(const void *a, const void *b)
{
    int64_t x = ((const int64_t *)a)[0], y = ((const int64_t *)b)[0];
    return (x > y) - (x < y);
}

/* Steps in the order that they state, those without one behind the others as they come. */
static void sorted_steps(const cJSON *steps, const cJSON **ret_items, size_t count)
{
    int64_t(*keys)[2] = xcalloc(count ? count : 1, sizeof *keys);
    const cJSON **given = xcalloc(count ? count : 1, sizeof *given);
    const cJSON *step;
    size_t i = 0;
    cJSON_ArrayForEach(step, steps)
    {
        int64_t order = 0;
        bool stated = json_int64(step, "order", &order) && order < 1000000 && order > -1000000;
        keys[i][0] = (stated ? order : 1000000) * 1000000 + (int64_t)i;
        keys[i][1] = (int64_t)i;
        given[i++] = step;
    }
    qsort(keys, count, sizeof *keys, by_order);
    for (i = 0; i < count; i++)
        ret_items[i] = given[keys[i][1]];
    free(keys);
    free(given);
}

static bool read_step(struct call *c, const cJSON *step, struct step_list *ret)
{
    _cleanup_free_ char *description = NULL;
    _cleanup_free_ char *expected = NULL;
    if (!cJSON_IsObject(step))
        return call_fail(c, 400, "A test step must be an object");
    if (!body_text(c, step, "description", &description) || !body_text(c, step, "expected", &expected))
        return false;
    step_list_add(ret, description, expected);
    return true;
}

/* *ret_given is false without the member test_steps. */
static bool read_steps(struct call *c, const cJSON *body, struct step_list *ret, bool *ret_given)
{
    const cJSON *steps = json_member(body, "test_steps");
    *ret_given = steps && !cJSON_IsNull(steps);
    if (!*ret_given)
        return true;
    if (!cJSON_IsArray(steps))
        return call_fail(c, 400, "Field 'test_steps' must be an array");
    size_t count = (size_t)cJSON_GetArraySize(steps);
    _cleanup_free_ const cJSON **items = xcalloc(count ? count : 1, sizeof *items);
    sorted_steps(steps, items, count);
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = read_step(c, items[i], ret);
    return good;
}

static void store_details(struct call *c, int64_t id, const cJSON *body, const struct case_texts *texts)
{
    char *content = NULL;
    properties_store(call_fields(c, OBJECT_CASE), id, json_member(body, "properties"), &content);
    if (content)
        store_run(c->store, "UPDATE cases SET content = nullif(?, '') WHERE id = ?", "ti", content, id);
    if (texts->precondition)
        store_run(c->store, "UPDATE cases SET precondition = ? WHERE id = ?", "ti", texts->precondition, id);
    free(content);
}

static bool parent_module(struct call *c, const cJSON *body, int64_t *ret)
{
    _cleanup_free_ char *parent = NULL;
    if (!body_text(c, body, "parent_id", &parent))
        return false;
    if (!parent) {
        *ret = module_find_or_create(c->store, c->project, 0, "Created via API", c->now_ms);
        return true;
    }
    *ret = object_find(c->store, OBJECT_MODULE, c->project, parent, c->now_ms);
    return *ret || call_fail(c, 404, "Module does not exist");
}

bool case_create_from_body(struct call *c, const cJSON *body, int64_t *ret_id)
{
    _cleanup_(case_texts_release) struct case_texts texts = {.name = NULL};
    _cleanup_(step_list_release) struct step_list steps = {.items = NULL};
    int64_t module;
    bool given;
    if (!read_texts(c, body, true, &texts) || !read_steps(c, body, &steps, &given) ||
        !parent_module(c, body, &module))
        return false;
    int64_t id = call_create(c, OBJECT_CASE, texts.name, texts.description);
    store_run(c->store, "UPDATE cases SET module = ? WHERE id = ?", "ii", module, id);
    store_details(c, id, body, &texts);
    version_add_draft(c->store, id, &steps, c->now_ms);
    *ret_id = id;
    return attachments_store_inline(c->store, c->project, OBJECT_CASE, id, json_member(body, "attachments"),
                                    c->now_ms) ||
           call_fail(c, 400, "Field 'attachments' is not valid");
}

static bool move_to_module(struct call *c, int64_t id, const cJSON *body)
{
    int64_t module;
    if (!json_member(body, "parent_id") || cJSON_IsNull(json_member(body, "parent_id")))
        return true;
    if (!parent_module(c, body, &module))
        return false;
    store_run(c->store, "UPDATE cases SET module = ? WHERE id = ?", "ii", module, id);
    return true;
}

bool case_update_from_body(struct call *c, int64_t id, const cJSON *body)
{
    _cleanup_(case_texts_release) struct case_texts texts = {.name = NULL};
    _cleanup_(step_list_release) struct step_list steps = {.items = NULL};
    bool given;
    if (!read_texts(c, body, false, &texts) || !read_steps(c, body, &steps, &given) ||
        !move_to_module(c, id, body))
        return false;
    object_update(c->store, OBJECT_CASE, id, texts.name, texts.description, c->now_ms);
    store_details(c, id, body, &texts);
    if (texts.name || texts.description || texts.precondition || given)
        version_add_draft(c->store, id, given ? &steps : NULL, c->now_ms);
    return true;
}

/* One step of a test case's current version. */
static bool step_of_case(struct call *c, int64_t *ret_case, int64_t *ret_step)
{
    if (!call_object(c, 0, OBJECT_CASE, ret_case) || !call_arg_id(c, 1, ret_step))
        return false;
    if (store_int(
            c->store, 0,
            "SELECT s.id FROM steps s JOIN cases c ON c.version = s.version WHERE s.id = ? AND c.id = ?",
            "ii", *ret_step, *ret_case))
        return true;
    return call_fail(c, 404, "Test Step does not exist");
}

/* getTestSteps, and the v4 form getTestStepsOfTestCase */
void cases_steps(struct call *c)
{
    int64_t id;
    if (call_object(c, 0, OBJECT_CASE, &id))
        version_write_steps(c, &c->json, NULL,
                            store_int(c->store, 0, "SELECT version FROM cases WHERE id = ?", "i", id));
}

/* getTestStep */
void cases_step(struct call *c)
{
    int64_t id, step;
    if (step_of_case(c, &id, &step))
        step_write(c, &c->json, step);
}

/* addTestStep: at the end, in a new draft */
void cases_step_add(struct call *c)
{
    int64_t id;
    _cleanup_(step_list_release) struct step_list steps = {.items = NULL};
    if (!call_object(c, 0, OBJECT_CASE, &id) || !read_step(c, c->body, &steps))
        return;
    int64_t version = version_add_draft(c->store, id, NULL, c->now_ms);
    int64_t step = store_new_id(c->store);
    store_run(c->store,
              "INSERT INTO steps (id, version, ord, description, expected) SELECT ?, ?2, coalesce(max(ord), "
              "0) + 1, ?, ? "
              "FROM steps WHERE version = ?2",
              "iitt", step, version, steps.items[0].description, steps.items[0].expected);
    step_write(c, &c->json, step);
}

/* updateTestStep */
void cases_step_update(struct call *c)
{
    int64_t id, step;
    _cleanup_free_ char *description = NULL;
    _cleanup_free_ char *expected = NULL;
    if (!step_of_case(c, &id, &step) || !body_is_object(c, c->body) ||
        !body_text(c, c->body, "description", &description) || !body_text(c, c->body, "expected", &expected))
        return;
    store_run(c->store,
              "UPDATE steps SET description = coalesce(?, description), expected = coalesce(?, expected) "
              "WHERE id = ?",
              "tti", description, expected, step);
    store_run(c->store, "UPDATE cases SET modified_ms = ? WHERE id = ?", "ii", c->now_ms, id);
    step_write(c, &c->json, step);
}

/* deleteTestStep */
void cases_step_delete(struct call *c)
{
    int64_t id, step;
    if (!call_may_delete(c) || !step_of_case(c, &id, &step))
        return;
    store_run(c->store, "DELETE FROM steps WHERE id = ?", "i", step);
    call_message(c, "The Test Step has been deleted");
}
