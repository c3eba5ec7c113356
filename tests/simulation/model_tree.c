/* Releases, cycles, suites and modules (qtest-api.md 4.2, 4.3, 4.5). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model_private.h"

#define NAME_MAX 500

static const char *const pid_prefix[NODE_KINDS] = {"RL", "CL", "TS", "MD"};

static int64_t lagging_ms(const struct model *m)
{
    return m->now_ms - m->switches.list_lag_ms;
}

/* A deletion too shows in lists only after their lag. */
bool node_listed(const struct model *m, const struct model_node *node)
{
    bool gone = node->deleted_ms != MODEL_NEVER && node->deleted_ms <= lagging_ms(m);
    return node->listed_ms <= m->now_ms && !gone;
}

static bool below(const struct model_node *node, enum node_kind kind, enum place place, int64_t parent_id)
{
    return node->kind == kind && node->place == place && node->parent_id == parent_id;
}

static void put_suites(struct model_call *call, int64_t cycle_id)
{
    const struct model *m = call->model;
    json_array(&call->out, m->switches.underscore_keys ? "test_suites" : "test-suites");
    for (size_t i = 0; i < m->node_count; i++)
        if (below(&m->nodes[i], NODE_SUITE, PLACE_CYCLE, cycle_id) && node_listed(m, &m->nodes[i]))
            put_node(call, &m->nodes[i], NULL);
    json_end(&call->out);
}

static void put_cycles(struct model_call *call, int64_t cycle_id)
{
    const struct model *m = call->model;
    json_array(&call->out, m->switches.underscore_keys ? "test_cycles" : "test-cycles");
    for (size_t i = 0; i < m->node_count; i++)
        if (below(&m->nodes[i], NODE_CYCLE, PLACE_CYCLE, cycle_id) && node_listed(m, &m->nodes[i]))
            put_node(call, &m->nodes[i], NULL);
    json_end(&call->out);
}

static void put_children(struct model_call *call, int64_t module_id)
{
    const struct model *m = call->model;
    json_array(&call->out, "children");
    for (size_t i = 0; i < m->node_count; i++)
        if (below(&m->nodes[i], NODE_MODULE, PLACE_ROOT, module_id) && node_listed(m, &m->nodes[i]))
            put_node(call, &m->nodes[i], "descendants");
    json_end(&call->out);
}

static const char *parent_type_text(const struct model_node *node)
{
    static const char *const names[] = {"root", "release", "test-cycle"};
    return names[node->place];
}

/* expand: NULL, or what to show below it. */
void put_node(struct model_call *call, const struct model_node *node, const char *expand)
{
    char pid[32];
    int length = snprintf(pid, sizeof pid, "%s-%" PRId64, pid_prefix[node->kind], node->id);
    bool stale = lagging_ms(call->model) < node->modified_ms;
    json_object(&call->out, NULL);
    json_integer(&call->out, "id", node->id);
    answer_name(call, "name", node->name);
    json_string_n(&call->out, "pid", pid, (size_t)length);
    if (node->kind == NODE_MODULE) {
        json_integer(&call->out, "parent_id", node->parent_id);
    } else {
        json_integer(&call->out, "parentId", node->parent_id);
        json_string(&call->out, "parentType", parent_type_text(node));
    }
    answer_instant(call, "created_date", MODEL_EPOCH_MS + node->created_ms);
    answer_instant(call, "last_modified_date",
                   MODEL_EPOCH_MS + (stale ? node->modified_before_ms : node->modified_ms));
    if (expand && node->kind == NODE_CYCLE) {
        put_suites(call, node->id);
        put_cycles(call, node->id);
    }
    if (expand && node->kind == NODE_MODULE)
        put_children(call, node->id);
    json_end(&call->out);
}

static bool parent_asked_for(const struct model_call *call, enum place *place, int64_t *parent_id)
{
    const char *type = route_parameter(&call->route, "parentType");
    *parent_id = route_integer(&call->route, "parentId", 0);
    *place = text_equal(type, "release")      ? PLACE_RELEASE
             : text_equal(type, "test-cycle") ? PLACE_CYCLE
                                              : PLACE_ROOT;
    if (*place == PLACE_ROOT)
        return *parent_id == 0;
    enum node_kind kind = *place == PLACE_RELEASE ? NODE_RELEASE : NODE_CYCLE;
    return model_node_there(model_node_by_id(call->model, kind, *parent_id));
}

/* Cycles are paged, suites and modules are not (4.1). */
static void list_nodes(struct model_call *call, enum node_kind kind)
{
    const struct model *m = call->model;
    enum place place = PLACE_ROOT;
    int64_t parent_id = 0;
    int64_t shown = 0;
    struct page_range range = {0, INT64_MAX};
    if (kind != NODE_RELEASE && kind != NODE_MODULE && !parent_asked_for(call, &place, &parent_id)) {
        answer_error(call, 404, "Parent does not exist");
        return;
    }
    if (kind == NODE_CYCLE)
        range = page_of(call, "pageSize", 100);
    answer_status(call, 200);
    json_array(&call->out, NULL);
    for (size_t i = 0; i < m->node_count; i++) {
        if (!below(&m->nodes[i], kind, place, parent_id) || !node_listed(m, &m->nodes[i]))
            continue;
        if (shown >= range.begin && shown < range.end)
            put_node(call, &m->nodes[i], route_parameter(&call->route, "expand"));
        shown++;
    }
    json_end(&call->out);
}

static void create_node(struct model_call *call, enum node_kind kind)
{
    enum place place = PLACE_ROOT;
    int64_t parent_id = route_integer(&call->route, "parentId", 0);
    const char *name = json_text(call->body, "name");
    bool parent_there = kind == NODE_MODULE
                            ? parent_id == 0 || model_node_by_id(call->model, NODE_MODULE, parent_id)
                            : parent_asked_for(call, &place, &parent_id);
    if (text_empty(name) || strlen(name) > NAME_MAX) {
        answer_error(call, 400, "Name is required and has at most 500 characters");
        return;
    }
    if (!parent_there) {
        answer_error(call, 404, "Parent does not exist");
        return;
    }
    struct model_node *node = model_add_node(call->model, kind, place, parent_id, name);
    answer_status(call, kind == NODE_SUITE ? 200 : 201);
    put_node(call, node, NULL);
}

static struct model_node *node_named(struct model_call *call, enum node_kind kind)
{
    struct model_node *node = model_node_by_id(call->model, kind, route_id(&call->route, 5));
    if (model_node_there(node))
        return node;
    answer_error(call, 404, "Object does not exist");
    return NULL;
}

static void get_node(struct model_call *call, enum node_kind kind)
{
    const struct model_node *node = node_named(call, kind);
    if (!node)
        return;
    answer_status(call, 200);
    put_node(call, node, route_parameter(&call->route, "expand"));
}

/* With a parent in the query it moves and the body is ignored (4.3). */
static void update_suite(struct model_call *call)
{
    struct model *m = call->model;
    struct model_node *node = node_named(call, NODE_SUITE);
    const char *name = json_text(call->body, "name");
    if (!node)
        return;
    if (route_parameter(&call->route, "parentId") &&
        !parent_asked_for(call, &node->place, &node->parent_id)) {
        answer_error(call, 404, "Parent does not exist");
        return;
    }
    if (name && !route_parameter(&call->route, "parentId"))
        node->name = model_text(m, name);
    node->modified_before_ms = node->modified_ms;
    node->modified_ms = m->now_ms;
    answer_status(call, 200);
    put_node(call, node, NULL);
}

static bool may_delete(const struct model *m, const struct model_node *node)
{
    if (m->switches.deletes == DELETES_ALL)
        return true;
    return m->switches.deletes != DELETES_NONE && node->by == m->plan.by;
}

static void delete_suite(struct model_call *call)
{
    struct model_node *node = node_named(call, NODE_SUITE);
    if (!node)
        return;
    if (!may_delete(call->model, node)) {
        bool broken = call->model->switches.deletes == DELETES_OWN_ELSE_500;
        answer_error(call, broken ? 500 : 403,
                     broken ? "Internal error" : "You do not have permission to delete");
        return;
    }
    node->deleted_ms = call->model->now_ms;
    answer_status(call, 200);
}

static bool answer_suites(struct model_call *call)
{
    enum http_method method = call->request->method;
    if (route_matches(&call->route, "test-suites")) {
        if (method == HTTP_POST)
            create_node(call, NODE_SUITE);
        else if (method == HTTP_GET)
            list_nodes(call, NODE_SUITE);
        return method == HTTP_POST || method == HTTP_GET;
    }
    if (!route_matches(&call->route, "test-suites/#"))
        return false;
    if (method == HTTP_GET)
        get_node(call, NODE_SUITE);
    else if (method == HTTP_PUT)
        update_suite(call);
    else if (method == HTTP_DELETE)
        delete_suite(call);
    return method != HTTP_POST;
}

static bool answer_plain(struct model_call *call, const char *pattern, enum node_kind kind)
{
    enum http_method method = call->request->method;
    if (!route_matches(&call->route, pattern))
        return false;
    if (method == HTTP_GET)
        list_nodes(call, kind);
    else if (method == HTTP_POST && kind != NODE_RELEASE)
        create_node(call, kind);
    else
        return false;
    return true;
}

bool tree_answer(struct model_call *call)
{
    if (call->request->method == HTTP_GET && route_matches(&call->route, "test-cycles/#")) {
        get_node(call, NODE_CYCLE);
        return true;
    }
    return answer_suites(call) || answer_plain(call, "test-cycles", NODE_CYCLE) ||
           answer_plain(call, "modules", NODE_MODULE) || answer_plain(call, "releases", NODE_RELEASE);
}
