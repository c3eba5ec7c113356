/* Test cases, test runs and test logs (qtest-api.md 4.4, 4.6, 6.1, 3.10). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "model_private.h"

static void put_content_property(struct model_call *call, const char *content)
{
    json_array(&call->out, "properties");
    json_object(&call->out, NULL);
    json_integer(&call->out, "field_id", 41);
    json_string(&call->out, "field_name", "Automation Content");
    answer_name(call, "field_value", content);
    json_end(&call->out);
    json_end(&call->out);
}

/* HTML as it was written: entities are part of it (4.6), switch 17 is about names and notes. */
static void put_steps(struct model_call *call, const struct model_case *test_case)
{
    json_array(&call->out, "test_steps");
    for (size_t i = 0; i < test_case->step_count; i++) {
        json_object(&call->out, NULL);
        json_integer(&call->out, "order", (int64_t)i + 1);
        json_string(&call->out, "description", test_case->steps[i].description);
        json_string(&call->out, "expected", test_case->steps[i].expected);
        json_end(&call->out);
    }
    json_end(&call->out);
}

const struct model_step *read_steps(struct model *m, const cJSON *steps, const char *expected,
                                    size_t *ret_count)
{
    size_t count = (size_t)cJSON_GetArraySize(steps);
    struct model_step *list = arena_take(&m->texts, (count + 1) * sizeof *list);
    const cJSON *step;
    *ret_count = 0;
    cJSON_ArrayForEach(step, steps)
    {
        const char *description = json_text(step, "description");
        const char *result = json_text(step, expected);
        list[(*ret_count)++] =
            (struct model_step){.description = model_text(m, description ? description : ""),
                                .expected = model_text(m, result ? result : "")};
    }
    return list;
}

void put_case(struct model_call *call, const struct model_case *test_case, bool with_steps)
{
    char text[32];
    int length =
        snprintf(text, sizeof text, "%" PRId64 ".%" PRId64, test_case->version / 10, test_case->version % 10);
    json_object(&call->out, NULL);
    json_integer(&call->out, "id", test_case->id);
    answer_name(call, "name", test_case->name);
    json_integer(&call->out, "parent_id", test_case->module_id);
    json_string_n(&call->out, "version", text, (size_t)length);
    json_string(&call->out, "description", test_case->description ? test_case->description : "");
    put_content_property(call, test_case->content);
    if (with_steps)
        put_steps(call, test_case);
    json_end(&call->out);
}

static const char *shown_status(const char *word)
{
    if (text_starts_nocase(word, "pass"))
        return "Passed";
    return text_starts_nocase(word, "fail") ? "Failed" : "Incomplete";
}

static void put_log_facts(struct model_call *call, const struct model_log *log)
{
    json_integer(&call->out, "id", log->id);
    json_object(&call->out, "status");
    json_integer(&call->out, "id", 601);
    json_string(&call->out, "name", shown_status(log->status));
    json_end(&call->out);
    answer_log_instant(call, "exe_start_date", log->start_ms);
    answer_log_instant(call, "exe_end_date", log->end_ms);
}

void put_log(struct model_call *call, const struct model_log *log, bool as_item)
{
    const struct model_switches *switches = &call->model->switches;
    json_object(&call->out, NULL);
    put_log_facts(call, log);
    json_integer(&call->out, "test_run_id", log->run_id);
    if (!as_item || !switches->no_notes)
        answer_name(call, "note", log->note);
    if (!as_item || !switches->no_builds)
        json_string(&call->out, "build_number", log->build_number);
    json_end(&call->out);
}

static const struct model_log *latest_log(const struct model *m, const struct model_run *run)
{
    const struct model_log *latest = NULL;
    for (size_t i = 0; i < m->log_count; i++) {
        const struct model_log *log = &m->logs[i];
        if (log->run_id != run->id || log->listed_ms > m->now_ms)
            continue;
        if (!latest || m->switches.latest == LATEST_SUBMITTED || log->start_ms >= latest->start_ms)
            latest = log;
    }
    return latest;
}

void put_run(struct model_call *call, const struct model_run *run)
{
    const struct model_log *latest =
        call->model->switches.no_latest_log ? NULL : latest_log(call->model, run);
    json_object(&call->out, NULL);
    json_integer(&call->out, "id", run->id);
    answer_name(call, "name", run->name);
    json_integer(&call->out, "testCaseId", run->case_id);
    json_integer(&call->out, "parentId", run->suite_id);
    json_string(&call->out, "parentType", "test-suite");
    if (latest) {
        json_object(&call->out, "latest_test_log");
        put_log_facts(call, latest);
        json_end(&call->out);
    }
    json_end(&call->out);
}

static bool run_listed(const struct model *m, const struct model_run *run, int64_t suite_id)
{
    return run->suite_id == suite_id && run->listed_ms <= m->now_ms;
}

static void list_runs(struct model_call *call)
{
    const struct model *m = call->model;
    int64_t suite_id = route_integer(&call->route, "parentId", 0);
    int64_t total = 0;
    if (!model_node_there(model_node_by_id(m, NODE_SUITE, suite_id))) {
        answer_error(call, 404, "Test suite does not exist");
        return;
    }
    for (size_t i = 0; i < m->run_count; i++)
        total += run_listed(m, &m->runs[i], suite_id);
    struct page_range range = answer_envelope(call, total);
    int64_t at = 0;
    for (size_t i = 0; i < m->run_count; i++)
        if (run_listed(m, &m->runs[i], suite_id) && at++ >= range.begin && at <= range.end)
            put_run(call, &m->runs[i]);
    json_end(&call->out);
    json_end(&call->out);
}

static void get_run(struct model_call *call)
{
    const struct model_run *run = model_run_by_id(call->model, route_id(&call->route, 5));
    if (!run) {
        answer_error(call, 404, "Test run does not exist");
        return;
    }
    answer_status(call, 200);
    put_run(call, run);
}

static bool log_listed(const struct model *m, const struct model_log *log, int64_t run_id)
{
    return log->run_id == run_id && log->listed_ms <= m->now_ms;
}

static void list_logs(struct model_call *call)
{
    const struct model *m = call->model;
    int64_t run_id = route_id(&call->route, 5);
    int64_t total = 0;
    if (!model_run_by_id(m, run_id)) {
        answer_error(call, 404, "Test run does not exist");
        return;
    }
    for (size_t i = 0; i < m->log_count; i++)
        total += log_listed(m, &m->logs[i], run_id);
    struct page_range range = answer_envelope(call, total);
    int64_t at = 0;
    for (size_t i = 0; i < m->log_count; i++)
        if (log_listed(m, &m->logs[i], run_id) && at++ >= range.begin && at <= range.end)
            put_log(call, &m->logs[i], true);
    json_end(&call->out);
    json_end(&call->out);
}

static struct model_log *log_named(struct model_call *call)
{
    struct model *m = call->model;
    for (size_t i = 0; i < m->log_count; i++)
        if (m->logs[i].run_id == route_id(&call->route, 5) && m->logs[i].id == route_id(&call->route, 7))
            return &m->logs[i];
    answer_error(call, 404, "Test log does not exist");
    return NULL;
}

static void correct_log(struct model_call *call)
{
    struct model *m = call->model;
    struct model_log *log = log_named(call);
    const char *status = json_text(call->body, "status");
    const char *note = json_text(call->body, "note");
    if (!log)
        return;
    if (status && !status_mapped(status)) {
        answer_error(call, 400, "Status is not mapped");
        return;
    }
    log->status = status ? model_text(m, status) : log->status;
    log->note = note ? model_text(m, note) : log->note;
    const char *start = json_text(call->body, "exe_start_date");
    const char *end = json_text(call->body, "exe_end_date");
    if (start)
        time_parse_iso(start, &log->start_ms, NULL);
    if (end)
        time_parse_iso(end, &log->end_ms, NULL);
    answer_status(call, 200);
    put_log(call, log, false);
}

static void get_log(struct model_call *call)
{
    const struct model_log *log = log_named(call);
    if (!log)
        return;
    answer_status(call, 200);
    put_log(call, log, false);
}

static struct model_case *case_named(struct model_call *call)
{
    struct model_case *test_case = model_case_by_id(call->model, route_id(&call->route, 5));
    if (!test_case)
        answer_error(call, 404, "Test case does not exist");
    return test_case;
}

/* A change makes a version 0.1 further, which is not approved yet (4.6). */
static void update_case(struct model_call *call)
{
    struct model_case *test_case = case_named(call);
    const char *name = json_text(call->body, "name");
    const char *description = json_text(call->body, "description");
    const cJSON *steps = json_member(call->body, "test_steps");
    if (!test_case)
        return;
    test_case->name = name ? model_text(call->model, name) : test_case->name;
    test_case->description = description ? model_text(call->model, description) : test_case->description;
    if (steps)
        test_case->steps = read_steps(call->model, steps, "expected", &test_case->step_count);
    test_case->version++;
    call->model->updated = test_case->id;
    answer_status(call, 200);
    put_case(call, test_case, true);
}

static void approve_case(struct model_call *call)
{
    struct model_case *test_case = case_named(call);
    if (!test_case)
        return;
    if (call->model->switches.no_approve) {
        answer_error(call, 403, "You do not have permission to approve");
        return;
    }
    test_case->version = (test_case->version + 9) / 10 * 10;
    answer_status(call, 200);
    put_case(call, test_case, true);
}

static void get_case(struct model_call *call)
{
    const struct model_case *test_case = case_named(call);
    if (!test_case)
        return;
    answer_status(call, 200);
    put_case(call, test_case, true);
}

bool content_answer(struct model_call *call)
{
    static const struct {
        enum http_method method;
        const char *pattern;
        void (*answer)(struct model_call *call);
    } table[] = {
        {HTTP_GET, "test-runs", list_runs},
        {HTTP_GET, "test-runs/#", get_run},
        {HTTP_GET, "test-runs/#/test-logs", list_logs},
        {HTTP_GET, "test-runs/#/test-logs/#", get_log},
        {HTTP_PUT, "test-runs/#/auto-test-logs/#", correct_log},
        {HTTP_GET, "test-cases/#", get_case},
        {HTTP_PUT, "test-cases/#", update_case},
        {HTTP_PUT, "test-cases/#/approve", approve_case},
    };
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        if (call->request->method != table[i].method || !route_matches(&call->route, table[i].pattern))
            continue;
        table[i].answer(call);
        return true;
    }
    return false;
}
