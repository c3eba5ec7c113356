/* Endpoint A and the queue as a client sees it (qtest-api.md 3.1 to 3.7). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "model_private.h"

#define BAD_NAME "Bad "

/* What the project's Automation Settings map; SKIP is left out on purpose in some schedules, where the
 * reports then use the word SKIP-UNMAPPED. */
bool status_mapped(const char *word)
{
    return text_equal_nocase(word, "PASS") || text_equal_nocase(word, "FAIL") ||
           text_equal_nocase(word, "SKIP");
}

/* A series from zero (switch 10: or from one), without gaps (3.5). */
static bool steps_in_order(const struct model *m, const cJSON *steps)
{
    int64_t expected = -1;
    const cJSON *step;
    cJSON_ArrayForEach(step, steps)
    {
        int64_t order;
        if (!json_int64(step, "order", &order))
            return false;
        if (expected < 0 && order != 0 && !(order == 1 && !m->switches.order_from_one))
            return false;
        if (expected >= 0 && order != expected)
            return false;
        expected = order + 1;
    }
    return true;
}

static bool read_entry(struct model *m, const cJSON *log, struct model_entry *entry)
{
    const char *start = json_text(log, "exe_start_date");
    const char *end = json_text(log, "exe_end_date");
    const cJSON *steps = json_member(log, "test_step_logs");
    *entry = (struct model_entry){
        .name = model_text(m, json_text(log, "name")),
        .content = model_text(m, json_text(log, "automation_content")),
        .status = model_text(m, json_text(log, "status")),
        .note = model_text(m, json_text(log, "note")),
        .build_number = model_text(m, json_text(log, "build_number")),
    };
    if (steps)
        entry->steps = read_steps(m, steps, "expected_result", &entry->step_count);
    if (!entry->name || !entry->content || !entry->status || !start || !end ||
        !time_parse_iso(start, &entry->start_ms, NULL) || !time_parse_iso(end, &entry->end_ms, NULL))
        return false;
    entry->bad = text_starts(entry->name, BAD_NAME) || !steps_in_order(m, steps);
    entry->unmapped = !status_mapped(entry->status);
    return true;
}

static bool read_entries(struct model_call *call, struct model_job *job)
{
    const cJSON *logs = json_member(call->body, "test_logs");
    if (!cJSON_IsArray(logs))
        return false;
    job->entries =
        arena_take(&call->model->texts, ((size_t)cJSON_GetArraySize(logs) + 1) * sizeof *job->entries);
    const cJSON *log;
    cJSON_ArrayForEach(log,
                       logs) if (!read_entry(call->model, log, &job->entries[job->count++])) return false;
    return job->count > 0;
}

/* Refused at once, with 400: nothing of it comes into the queue. */
static const char *refusal(const struct model *m, const struct model_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        if (job->entries[i].unmapped && m->switches.unmapped == BAD_LOG_400)
            return "Status is not mapped in Automation Settings";
        if (job->entries[i].bad && m->switches.bad_log == BAD_LOG_400)
            return "Invalid value of a field";
    }
    return NULL;
}

static bool read_place(struct model_call *call, struct model_job *job)
{
    const struct model *m = call->model;
    json_int64(call->body, "test_suite", &job->suite_id);
    json_int64(call->body, "parent_module", &job->module_id);
    return model_node_there(model_node_by_id(m, NODE_SUITE, job->suite_id)) &&
           (!job->module_id || model_node_there(model_node_by_id(m, NODE_MODULE, job->module_id)));
}

static void put_content(struct model_call *call, const struct model_job *job)
{
    _cleanup_free_ char *text = NULL;
    bool as_json = job->state == MODEL_JOB_FAILED && call->model->switches.failed_content == FAILED_JSON;
    if (job->state == MODEL_JOB_SUCCESS)
        text = xasprintf("{\"testSuiteId\":%" PRId64 ",\"totalTestCases\":%zu,\"totalTestRuns\":%zu,"
                         "\"totalTestLogs\":%" PRId64 "}",
                         job->suite_id, job->count, job->count, job->total_logs);
    else if (as_json)
        text = xasprintf("{\"message\":\"%s\"}", job->message);
    else if (job->state == MODEL_JOB_FAILED && call->model->switches.failed_content == FAILED_PLAIN)
        text = xstrdup(job->message);
    json_string(&call->out, "contentType",
                job->state == MODEL_JOB_SUCCESS || as_json ? "application/json" : NULL);
    json_string(&call->out, "content", text);
}

static void put_job(struct model_call *call, const struct model_job *job)
{
    static const char *const states[] = {"IN_WAITING", "IN_PROCESSING", "SUCCESS", "FAILED"};
    json_object(&call->out, NULL);
    json_integer(&call->out, "id", job->id);
    json_string(&call->out, "type", "AUTOMATION_TEST_LOG");
    json_string(&call->out, "state", states[job->state]);
    put_content(call, job);
    json_end(&call->out);
}

void submit_answer(struct model_call *call)
{
    struct model *m = call->model;
    struct model_job job = {.id = 0};
    const char *refused;
    if (m->switches.automation_off == AUTOMATION_OFF_403)
        answer_error(call, 403, "Automation not turned on");
    else if (!text_equal(route_parameter(&call->route, "type"), "automation") ||
             !text_equal(call->route.segments[5], "0") || !read_entries(call, &job))
        answer_error(call, 400, "Bad request");
    else if (!read_place(call, &job))
        answer_error(call, 404, "Test suite or module does not exist");
    else if ((refused = refusal(m, &job)))
        answer_error(call, 400, refused);
    else {
        job_add(m, &job);
        answer_status(call, 201);
        put_job(call, &m->jobs[m->job_count - 1]);
    }
}

void job_answer(struct model_call *call)
{
    const struct model *m = call->model;
    int64_t id = route_id(&call->route, 4);
    for (size_t i = 0; i < m->job_count; i++) {
        const struct model_job *job = &m->jobs[i];
        bool ended = job->state == MODEL_JOB_SUCCESS || job->state == MODEL_JOB_FAILED;
        if (job->id != id || m->now_ms >= job->gone_ms ||
            (ended && m->switches.job_lost_ms && m->now_ms >= job->end_ms + m->switches.job_lost_ms))
            continue;
        answer_status(call, 200);
        put_job(call, job);
        return;
    }
    answer_error(call, 404, "Job does not exist");
}
