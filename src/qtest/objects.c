#include "qtest/objects.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"
#include "base/time.h"

#define JOB_MESSAGE_MAX_BYTES 300

static int not_expected(struct error *err, const char *what)
{
    return error_set(err, ERR_PROTOCOL,
                     "qTest's answer is not %s; check that --url is the address of a qTest site", what);
}

cJSON *reply_object(const struct reply *reply, struct error *err)
{
    cJSON *body = reply->json ? json_parse(buf_text(&reply->body), reply->body.length) : NULL;
    if (!cJSON_IsObject(body)) {
        cJSON_Delete(body);
        not_expected(err, "a JSON object");
        return NULL;
    }
    return body;
}

int page_read(const struct reply *reply, struct qtest_page *ret_page, struct error *err)
{
    *ret_page = (struct qtest_page){.total = -1};
    cJSON *body = reply->json ? json_parse(buf_text(&reply->body), reply->body.length) : NULL;
    const cJSON *items = cJSON_IsArray(body) ? body : json_member(body, "items");
    if (!cJSON_IsArray(items)) {
        cJSON_Delete(body);
        return not_expected(err, "a list");
    }
    ret_page->body = body;
    ret_page->items = items;
    ret_page->count = (size_t)cJSON_GetArraySize(items);
    json_int64(body, "total", &ret_page->total);
    return 0;
}

void page_release(struct qtest_page *page)
{
    cJSON_Delete(page->body);
    *page = (struct qtest_page){.total = -1};
}

/* A required id; every object has one. */
static int take_id(const cJSON *object, int64_t *ret, const char *what, struct error *err)
{
    return json_int64(object, "id", ret) && *ret > 0 ? 0 : not_expected(err, what);
}

static char *take_name(const cJSON *object)
{
    char *name = html_unescape(json_text(object, "name"));
    return name ? name : xstrdup("");
}

static int64_t take_instant(const cJSON *object, const char *name)
{
    int64_t instant_ms;
    const char *text = json_text(object, name);
    return text && time_parse_iso(text, &instant_ms, NULL) ? instant_ms : TIME_NONE;
}

int project_read(const cJSON *object, struct qtest_project *ret, struct error *err)
{
    *ret = (struct qtest_project){.automation = AUTOMATION_UNKNOWN};
    int r = take_id(object, &ret->id, "a project", err);
    if (r < 0)
        return r;
    ret->name = take_name(object);
    const cJSON *flag = json_member(object, "automation");
    if (cJSON_IsBool(flag))
        ret->automation = cJSON_IsTrue(flag) ? AUTOMATION_ON : AUTOMATION_OFF;
    return 0;
}

void qtest_project_release(struct qtest_project *project)
{
    free(project->name);
    *project = (struct qtest_project){0};
}

int node_read(const cJSON *object, struct qtest_node *ret, struct error *err)
{
    *ret = (struct qtest_node){0};
    int r = take_id(object, &ret->id, "a cycle, suite or module", err);
    if (r < 0)
        return r;
    if (!json_int64(object, "parent_id", &ret->parent_id))
        json_int64(object, "parentId", &ret->parent_id);
    ret->name = take_name(object);
    const char *shown = json_text(object, "name");
    ret->shown_name = text_equal(shown, ret->name) ? NULL : xstrdup(shown);
    ret->pid = xstrdup(json_text(object, "pid"));
    ret->url = xstrdup(json_text(object, "web_url"));
    url_cut_user(ret->url);
    int64_t created_ms = take_instant(object, "created_date");
    ret->modified_ms = take_instant(object, "last_modified_date");
    ret->modified_ms = ret->modified_ms > created_ms ? ret->modified_ms : created_ms;
    return 0;
}

void qtest_node_release(struct qtest_node *node)
{
    free(node->name);
    free(node->shown_name);
    free(node->pid);
    free(node->url);
    *node = (struct qtest_node){0};
}

enum name_match node_is_named(const struct qtest_node *node, const char *name)
{
    if (text_equal(node->name, name))
        return node->shown_name ? NAME_UNESCAPED : NAME_EXACT;
    return node->shown_name && text_equal(node->shown_name, name) ? NAME_AS_SHOWN : NAME_DIFFERS;
}

void nodes_add(struct qtest_nodes *nodes, struct qtest_node *node)
{
    GROW(nodes->items, nodes->count, nodes->capacity);
    nodes->items[nodes->count++] = *node;
    *node = (struct qtest_node){0};
}

void nodes_remove(struct qtest_nodes *nodes, size_t number)
{
    qtest_node_release(&nodes->items[number]);
    memmove(nodes->items + number, nodes->items + number + 1,
            (--nodes->count - number) * sizeof *nodes->items);
}

void nodes_release(struct qtest_nodes *nodes)
{
    for (size_t i = 0; i < nodes->count; i++)
        qtest_node_release(&nodes->items[i]);
    free(nodes->items);
    *nodes = (struct qtest_nodes){0};
}

/* Servers write it with hyphens or with underscores (qtest-api.md 10, switch 16). */
static const cJSON *children(const cJSON *node, const char *hyphened, const char *underscored)
{
    const cJSON *list = json_member(node, hyphened);
    return list ? list : json_member(node, underscored);
}

int cycles_read(const cJSON *array, struct qtest_nodes *cycles, struct error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct qtest_node node;
        int r = node_read(item, &node, err);
        if (r < 0)
            return r;
        nodes_add(cycles, &node);
        r = cycles_read(children(item, "test-cycles", "test_cycles"), cycles, err);
        if (r < 0) /* cJSON bounds the depth */
            return r;
    }
    return 0;
}

int cycle_suites_read(const cJSON *cycle, struct qtest_nodes *suites, struct error *err)
{
    const cJSON *list = children(cycle, "test-suites", "test_suites");
    int64_t cycle_id = 0;
    json_int64(cycle, "id", &cycle_id);
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        struct qtest_node node;
        int r = node_read(item, &node, err);
        if (r < 0)
            return r;
        node.parent_id = cycle_id;
        nodes_add(suites, &node);
    }
    return 0;
}

static int read_module_level(const cJSON *array, int64_t parent_id, struct qtest_nodes *modules,
                             struct error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct qtest_node node;
        int r = node_read(item, &node, err);
        if (r < 0)
            return r;
        int64_t id = node.id;
        node.parent_id = parent_id;
        nodes_add(modules, &node);
        r = read_module_level(json_member(item, "children"), id, modules, err); /* cJSON bounds the depth */
        if (r < 0)
            return r;
    }
    return 0;
}

int modules_read(const cJSON *array, struct qtest_nodes *modules, struct error *err)
{
    return read_module_level(array, 0, modules, err);
}

/* The value of a field by its label, in the properties of an object. */
static const char *property(const cJSON *object, const char *label)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(object, "properties"))
    {
        const char *name = json_text(item, "field_name");
        if (text_equal_nocase(name, label))
            return json_text(item, "field_value");
    }
    return NULL;
}

int case_read(const cJSON *object, struct qtest_case *ret, struct error *err)
{
    *ret = (struct qtest_case){0};
    int r = take_id(object, &ret->id, "a test case", err);
    if (r < 0)
        return r;
    json_int64(object, "parent_id", &ret->module_id);
    ret->name = take_name(object);
    ret->description = html_unescape(json_text(object, "description"));
    ret->automation_content = html_unescape(property(object, "Automation Content"));
    return 0;
}

void qtest_case_release(struct qtest_case *test_case)
{
    free(test_case->name);
    free(test_case->description);
    free(test_case->automation_content);
    *test_case = (struct qtest_case){0};
}

int log_read(const cJSON *object, struct qtest_log *ret, struct error *err)
{
    *ret = (struct qtest_log){0};
    int r = take_id(object, &ret->id, "a test log", err);
    if (r < 0)
        return r;
    json_int64(object, "test_run_id", &ret->run_id);
    ret->start_ms = take_instant(object, "exe_start_date");
    ret->end_ms = take_instant(object, "exe_end_date");
    ret->note = html_unescape(json_text(object, "note"));
    ret->build_number = html_unescape(json_text(object, "build_number"));
    const char *status = json_text(json_member(object, "status"), "name");
    ret->status = html_unescape(status ? status : json_text(object, "status"));
    return 0;
}

void qtest_log_release(struct qtest_log *log)
{
    free(log->note);
    free(log->build_number);
    free(log->status);
    *log = (struct qtest_log){0};
}

/* Older servers give the case only as a link ".../test-cases/{id}?versionId=" (section 4.4). */
static int64_t case_id_from_links(const cJSON *object)
{
    static const char mark[] = "/test-cases/";
    const cJSON *link;
    cJSON_ArrayForEach(link, json_member(object, "links"))
    {
        const char *href = json_text(link, "href");
        const char *at = href ? strstr(href, mark) : NULL;
        if (!at)
            continue;
        at += sizeof mark - 1;
        _cleanup_free_ char *digits = xstrndup(at, strspn(at, "0123456789"));
        int64_t id;
        if (text_to_int64(digits, 1, INT64_MAX, &id))
            return id;
    }
    return 0;
}

static bool take_case_id(const cJSON *object, int64_t *ret)
{
    if (json_int64(object, "testCaseId", ret) || json_int64(object, "test_case_id", ret) ||
        json_int64(json_member(object, "test_case"), "id", ret))
        return true;
    *ret = case_id_from_links(object);
    return *ret > 0;
}

int run_read(const cJSON *object, struct qtest_run *ret, struct error *err)
{
    *ret = (struct qtest_run){0};
    int r = take_id(object, &ret->id, "a test run", err);
    if (r < 0)
        return r;
    take_case_id(object, &ret->case_id);
    if (text_equal(json_text(object, "parentType"), "test-suite"))
        json_int64(object, "parentId", &ret->suite_id);
    const cJSON *latest = json_member(object, "latest_test_log");
    if (!cJSON_IsObject(latest))
        return 0;
    ret->has_latest_log = true;
    r = log_read(latest, &ret->latest_log, err);
    ret->latest_log.run_id = ret->id;
    return r;
}

void qtest_run_release(struct qtest_run *run)
{
    qtest_log_release(&run->latest_log);
    *run = (struct qtest_run){0};
}

static enum job_state job_state_of(const char *state)
{
    static const struct {
        const char *name;
        enum job_state state;
    } states[] = {{"IN_WAITING", JOB_WAITING},
                  {"PENDING", JOB_WAITING},
                  {"IN_PROCESSING", JOB_WAITING},
                  {"SUCCESS", JOB_SUCCESS},
                  {"FAILED", JOB_FAILED}};
    for (size_t i = 0; i < ARRAY_SIZE(states); i++)
        if (text_equal(states[i].name, state))
            return states[i].state;
    return JOB_UNKNOWN;
}

/* content is JSON inside a string, or plain text, or empty (section 3.7, switch 5). */
static void read_job_content(const char *content, struct qtest_job *job)
{
    if (text_empty(content))
        return;
    _cleanup_(json_delete) cJSON *inner = json_parse(content, strlen(content));
    json_int64(inner, "totalTestLogs", &job->total_logs);
    const char *message = json_text(inner, "message");
    if (message || !inner)
        job->message = text_excerpt(message ? message : content, JOB_MESSAGE_MAX_BYTES);
}

int job_read(const struct reply *reply, struct qtest_job *ret, struct error *err)
{
    *ret = (struct qtest_job){.total_logs = -1};
    _cleanup_(json_delete) cJSON *body = reply_object(reply, err);
    if (!body)
        return -ERR_PROTOCOL;
    int r = take_id(body, &ret->id, "a job of the queue", err);
    if (r < 0)
        return r;
    ret->state = job_state_of(json_text(body, "state"));
    read_job_content(json_text(body, "content"), ret);
    return 0;
}

void qtest_job_release(struct qtest_job *job)
{
    free(job->message);
    *job = (struct qtest_job){.total_logs = -1};
}
