#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "model_private.h"

#define MINUTE_MS 60000
#define FIRST_ID  1000
/* Every sixteenth schedule has ids beyond what a double can hold (qtest-api.md 7.3). */
#define LARGE_ID 9007199254740993LL

void model_init(struct model *m)
{
    *m = (struct model){0};
}

void model_release(struct model *m)
{
    free(m->nodes);
    free(m->cases);
    free(m->runs);
    free(m->logs);
    free(m->jobs);
    arena_release(&m->texts);
    *m = (struct model){0};
}

void model_reset(struct model *m, const struct model_switches *switches, uint64_t seed)
{
    arena_reset(&m->texts);
    m->switches = *switches;
    m->random = rng_keyed(seed, 0x6d6f64656c);
    m->now_ms = 0;
    m->next_id = rng_once_in(&m->random, 16) ? LARGE_ID : FIRST_ID;
    m->node_count = m->case_count = m->run_count = m->log_count = m->job_count = 0;
    m->plan = (struct model_job_plan){0};
    m->alien = NULL;
    m->writes = m->claims = m->updates = 0;
    m->minute = m->minute_used = m->throttled = 0;
}

int64_t model_take_id(struct model *m)
{
    return m->next_id++;
}

const char *model_text(struct model *m, const char *text)
{
    return text ? arena_text(&m->texts, text, strlen(text)) : NULL;
}

/* Switch 23: an id is given out first and shows up within a moment that differs from one to the next. */
int64_t model_visible_ms(struct model *m, int64_t lag_ms)
{
    int64_t disorder_ms = m->switches.disorder_ms ? rng_below(&m->random, m->switches.disorder_ms + 1) : 0;
    return m->now_ms + lag_ms + disorder_ms;
}

int64_t model_searched_ms(struct model *m)
{
    int64_t lag_ms = m->switches.search_lag_ms;
    return model_visible_ms(m, m->switches.uneven_lag ? rng_below(&m->random, lag_ms + 1) : lag_ms);
}

struct model_node *model_add_node(struct model *m, enum node_kind kind, enum place place, int64_t parent_id,
                                  const char *name)
{
    GROW(m->nodes, m->node_count, m->node_capacity);
    struct model_node *node = &m->nodes[m->node_count++];
    *node = (struct model_node){
        .id = model_take_id(m),
        .by = m->plan.by,
        .kind = kind,
        .place = place,
        .parent_id = parent_id,
        .name = model_text(m, name),
        .created_ms = m->now_ms,
        .modified_ms = m->now_ms,
        .modified_before_ms = m->now_ms,
        .listed_ms = model_visible_ms(m, m->switches.list_lag_ms),
        .searched_ms = model_searched_ms(m),
        .deleted_ms = MODEL_NEVER,
    };
    return node;
}

struct model_case *model_add_case(struct model *m, int64_t module_id, const char *name, const char *content)
{
    GROW(m->cases, m->case_count, m->case_capacity);
    struct model_case *test_case = &m->cases[m->case_count++];
    *test_case = (struct model_case){
        .id = model_take_id(m),
        .module_id = module_id,
        .name = model_text(m, name),
        .content = model_text(m, content),
        .version = 10,
        .listed_ms = model_visible_ms(m, m->switches.list_lag_ms),
        .searched_ms = model_searched_ms(m),
    };
    return test_case;
}

struct model_node *model_node_by_id(const struct model *m, enum node_kind kind, int64_t id)
{
    for (size_t i = 0; i < m->node_count; i++)
        if (m->nodes[i].id == id && m->nodes[i].kind == kind)
            return &m->nodes[i];
    return NULL;
}

struct model_run *model_run_by_id(const struct model *m, int64_t id)
{
    for (size_t i = 0; i < m->run_count; i++)
        if (m->runs[i].id == id)
            return &m->runs[i];
    return NULL;
}

struct model_case *model_case_by_id(const struct model *m, int64_t id)
{
    for (size_t i = 0; i < m->case_count; i++)
        if (m->cases[i].id == id)
            return &m->cases[i];
    return NULL;
}

bool model_node_there(const struct model_node *node)
{
    return node && node->deleted_ms == MODEL_NEVER;
}

static void note_alien(struct model_call *call)
{
    if (!call->model->alien)
        call->model->alien = model_text(call->model, call->request->path);
    answer_error(call, 404, "No such endpoint");
}

static void count_write(struct model_call *call)
{
    const struct route *route = &call->route;
    if (call->request->method == HTTP_GET || call->request->read_only)
        return;
    bool makes = route_matches(route, "test-suites") && route_integer(route, "parentId", 0) == 0;
    call->model->claims += makes;
    call->model->updates +=
        route_matches(route, "test-cases/#") || route_matches(route, "test-cases/#/approve");
    call->model->writes += !makes && !route_matches(route, "test-suites/#");
}

static void put_project(struct model_call *call)
{
    json_object(&call->out, NULL);
    json_integer(&call->out, "id", MODEL_PROJECT_ID);
    json_string(&call->out, "name", MODEL_PROJECT_NAME);
    if (call->model->switches.automation_off != AUTOMATION_OFF_FAILED)
        json_boolean(&call->out, "automation", call->model->switches.automation_off == AUTOMATION_OFF_NO);
    json_end(&call->out);
}

static void answer_project(struct model_call *call)
{
    answer_status(call, 200);
    put_project(call);
}

static void answer_projects(struct model_call *call)
{
    answer_status(call, 200);
    json_array(&call->out, NULL);
    put_project(call);
    json_end(&call->out);
}

static void answer_any(struct model_call *call)
{
    const struct route *route = &call->route;
    enum http_method method = call->request->method;
    if (!text_starts(call->request->path, "/api/"))
        note_alien(call);
    else if (method == HTTP_GET && route->segment_count == 5 &&
             text_equal(route->segments[3], "queue-processing"))
        job_answer(call);
    else if (method == HTTP_GET && route->segment_count == 3 && text_equal(route->segments[2], "projects"))
        answer_projects(call);
    else if (route->segment_count < 4 || route_id(route, 3) != MODEL_PROJECT_ID)
        answer_error(call, 404, "Project does not exist");
    else if (method == HTTP_GET && route->segment_count == 4)
        answer_project(call);
    else if (method == HTTP_POST && route_matches(route, "search"))
        search_answer(call);
    else if (method == HTTP_POST && route_matches(route, "test-runs/#/auto-test-logs"))
        submit_answer(call);
    else if (!tree_answer(call) && !content_answer(call))
        note_alien(call);
}

/* Counted by minutes of the server's clock; the remainder is told with each reply (qtest-api.md 7.1). */
static bool within_minute(struct model_call *call)
{
    struct model *m = call->model;
    int64_t minute = (MODEL_EPOCH_MS + m->now_ms) / MINUTE_MS;
    int64_t left_ms = MINUTE_MS - (MODEL_EPOCH_MS + m->now_ms) % MINUTE_MS;
    if (!m->switches.minute_limit)
        return true;
    m->minute_used = minute == m->minute ? m->minute_used + 1 : 1;
    m->minute = minute;
    int64_t left = m->switches.minute_limit - m->minute_used;
    call->reply->minute_left = left > 0 ? left : 0;
    if (left >= 0)
        return true;
    m->throttled++;
    if (m->switches.retry_after == THROTTLE_SECONDS)
        call->reply->retry_after = xasprintf("%d", (int)(left_ms / 1000 + 1));
    answer_error(call, 429, "Too many requests");
    return false;
}

static bool small_enough(struct model_call *call)
{
    const struct model *m = call->model;
    if (!m->switches.body_limit || !route_matches(&call->route, "test-runs/#/auto-test-logs") ||
        call->request->body.length <= (size_t)m->switches.body_limit)
        return true;
    answer_error(call, 413, "Request Entity Too Large");
    return false;
}

void model_answer(struct model *m, const struct request *request, struct reply *reply, int64_t now_ms)
{
    struct model_call call = {.model = m, .request = request, .reply = reply};
    model_advance(m, now_ms);
    reply_init(reply);
    reply->kind = REPLY_HTTP;
    reply->json = true;
    reply->server_date_ms = (MODEL_EPOCH_MS + now_ms + m->switches.date_skew_ms) / 1000 * 1000;
    json_writer_init(&call.out, &reply->body);
    route_parse(&call.route, &m->texts, request->path);
    if (request->body.length)
        call.body = json_parse(buf_text(&request->body), request->body.length);
    if (within_minute(&call) && small_enough(&call)) {
        count_write(&call);
        answer_any(&call);
    }
    m->plan = (struct model_job_plan){0};
    json_delete(&call.body);
}
