/* The writing half of sandbox/logs.h: manual results and corrections. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/entry.h"
#include "sandbox/html.h"
#include "sandbox/links.h"
#include "sandbox/log_store.h"
#include "sandbox/logs.h"
#include "sandbox/statuses.h"

static bool body_date(struct call *c, const char *name, bool required, int64_t *ret)
{
    _cleanup_free_ char *text = NULL;
    *ret = INT64_MIN;
    if (!body_text(c, c->body, name, &text))
        return false;
    if (text_empty(text))
        return !required || call_fail(c, 400, "Field '%s' is required", name);
    return date_read(text, ret) || call_fail(c, 400, "Field '%s' is no date and time: '%s'", name, text);
}

/* A manual log's status is an object {id, name}. */
static bool manual_status(struct call *c, const cJSON *object, bool required, int64_t *ret)
{
    const cJSON *status = json_member(object, "status");
    *ret = 0;
    if (!status || cJSON_IsNull(status))
        return !required || call_fail(c, 400, "Field 'status' is required");
    if (!cJSON_IsObject(status))
        return call_fail(c, 400, "Field 'status' must be an object with id and name");
    if (json_int64(status, "id", ret) && status_name(*ret))
        return true;
    *ret = status_by_name(json_text(status, "name"));
    return *ret || call_fail(c, 400, "Field 'status' names no execution status of this project");
}

/* The version that the log belongs to: given, else the latest approved one; a case without one has no result.
 */
static bool manual_version(struct call *c, int64_t run, int64_t *ret)
{
    int64_t case_id = store_int(c->store, 0, "SELECT case_id FROM runs WHERE id = ?", "i", run);
    if (json_int64(c->body, "test_case_version_id", ret))
        return store_int(c->store, 0, "SELECT id FROM versions WHERE id = ? AND case_id = ?", "ii", *ret,
                         case_id) ||
               call_fail(c, 400, "Test Case version does not exist");
    *ret = store_int(c->store, 0, "SELECT max(id) FROM versions WHERE case_id = ? AND approved = 1", "i",
                     case_id);
    return *ret || call_fail(c, 400, "The Test Case has no approved version");
}

static bool insert_manual_step(struct call *c, int64_t log, const cJSON *step, int64_t order)
{
    int64_t step_id = 0, status;
    _cleanup_free_ char *actual = NULL;
    _cleanup_free_ char *description = NULL;
    _cleanup_free_ char *expected = NULL;
    if (!cJSON_IsObject(step))
        return call_fail(c, 400, "A test step log must be an object");
    if (!manual_status(c, step, false, &status) || !body_text(c, step, "actual_result", &actual) ||
        !body_text(c, step, "description", &description) || !body_text(c, step, "expected_result", &expected))
        return false;
    json_int64(step, "test_step_id", &step_id);
    int64_t id = store_new_id(c->store);
    store_run(c->store,
              "INSERT INTO step_logs (id, log, step, ord, status, description, expected, actual, exe_ms) "
              "SELECT ?1, ?2, ?3, "
              "?4, nullif(?5, 0), coalesce(?6, (SELECT description FROM steps WHERE id = ?3)), coalesce(?7, "
              "(SELECT expected "
              "FROM steps WHERE id = ?3)), ?8, ?9",
              "iiiiittti", id, log, step_id, order, status, description, expected, actual, c->now_ms);
    return attachments_store_inline(c->store, c->project, OBJECT_STEP_LOG, id,
                                    json_member(step, "attachments"), c->now_ms) ||
           call_fail(c, 400, "Field 'attachments' is not valid");
}

static bool insert_manual_steps(struct call *c, int64_t log)
{
    const cJSON *steps = json_member(c->body, "test_step_logs"), *step;
    int64_t order = 0;
    if (steps && !cJSON_IsNull(steps) && !cJSON_IsArray(steps))
        return call_fail(c, 400, "Field 'test_step_logs' must be an array");
    cJSON_ArrayForEach(step, steps)
    {
        if (!insert_manual_step(c, log, step, ++order))
            return false;
    }
    return true;
}

void logs_create(struct call *c)
{
    struct new_log log = {.project = c->project};
    _cleanup_free_ char *note = NULL;
    _cleanup_free_ char *name = NULL;
    if (!call_object(c, 0, OBJECT_RUN, &log.run) || !body_is_object(c, c->body) ||
        !manual_status(c, c->body, true, &log.status) ||
        !body_date(c, "exe_start_date", true, &log.start_ms) ||
        !body_date(c, "exe_end_date", true, &log.end_ms) || !body_text(c, c->body, "note", &note) ||
        !body_text(c, c->body, "name", &name) || !manual_version(c, log.run, &log.version))
        return;
    log.note = note;
    log.name = name;
    log.note_html = true;
    int64_t id = log_insert(c->store, &c->sandbox->switches, &log, c->now_ms);
    if (!insert_manual_steps(c, id))
        return;
    if (!attachments_store_inline(c->store, c->project, OBJECT_LOG, id, json_member(c->body, "attachments"),
                                  c->now_ms)) {
        call_fail(c, 400, "Field 'attachments' is not valid");
        return;
    }
    c->answer->status = 201;
    log_write(c, &c->json, id, LOG_NOTE | LOG_BUILD | LOG_STEPS | LOG_PROPERTIES);
}

static bool log_of_path(struct call *c, int64_t *ret_run, int64_t *ret_log)
{
    if (!call_object(c, 0, OBJECT_RUN, ret_run) || !call_arg_id(c, 1, ret_log))
        return false;
    if (store_int(c->store, 0, "SELECT id FROM logs WHERE id = ? AND run = ?", "ii", *ret_log, *ret_run))
        return true;
    return call_fail(c, 404, "Test Log does not exist");
}

static bool update_step(struct call *c, int64_t log, const cJSON *step, int64_t order, bool automation)
{
    int64_t status = 0, id = 0;
    _cleanup_free_ char *word = NULL;
    _cleanup_free_ char *actual = NULL;
    if (!cJSON_IsObject(step) || !body_text(c, step, "actual_result", &actual))
        return call_fail(c, 400, "A test step log must be an object");
    if (automation) {
        if (!body_text(c, step, "status", &word))
            return false;
        status = status_of_word(&c->sandbox->switches, word);
        if (word && !status)
            return call_fail(c, 400, "Status '%s' is not mapped in Automation Settings", word);
    } else if (!manual_status(c, step, false, &status)) {
        return false;
    }
    if (!json_int64(step, "test_step_log_id", &id))
        id =
            store_int(c->store, 0, "SELECT id FROM step_logs WHERE log = ? ORDER BY ord, id LIMIT 1 OFFSET ?",
                      "ii", log, order);
    if (!store_int(c->store, 0, "SELECT id FROM step_logs WHERE id = ? AND log = ?", "ii", id, log))
        return call_fail(c, 400, "Test Step Log does not exist");
    store_run(c->store,
              "UPDATE step_logs SET status = coalesce(nullif(?, 0), status), actual = coalesce(?, actual) "
              "WHERE id = ?",
              "iti", status, actual, id);
    return true;
}

static bool update_steps(struct call *c, int64_t log, bool automation)
{
    const cJSON *steps = json_member(c->body, "test_step_logs"), *step;
    int64_t order = 0;
    cJSON_ArrayForEach(step, steps)
    {
        if (!update_step(c, log, step, order++, automation))
            return false;
    }
    return true;
}

static bool store_properties(struct call *c, int64_t run)
{
    char *content = NULL;
    if (!call_check_properties(c, OBJECT_RUN, c->body))
        return false;
    properties_store(call_fields(c, OBJECT_RUN), run, json_member(c->body, "properties"), &content);
    free(content);
    return true;
}

static bool update_log(struct call *c, int64_t run, int64_t log, int64_t status, bool automation)
{
    int64_t start_ms, end_ms;
    const struct switches *sw = &c->sandbox->switches;
    _cleanup_free_ char *note = NULL;
    if (!body_date(c, "exe_start_date", automation, &start_ms) ||
        !body_date(c, "exe_end_date", automation, &end_ms) || !body_text(c, c->body, "note", &note) ||
        !update_steps(c, log, automation) || !store_properties(c, run))
        return false;
    _cleanup_(buf_release) struct buf escaped = BUF_UNBOUNDED;
    const char *encode = request_param(c->request, "encodeNote");
    if (note && automation && !text_equal(encode, "false"))
        html_escape(&escaped, note);
    else
        buf_puts(&escaped, note);
    _cleanup_free_ char *kept = note ? log_note(sw, buf_text(&escaped)) : NULL;
    store_run(c->store,
              "UPDATE logs SET status = coalesce(nullif(?1, 0), status), start_ms = iif(?2 = ?4, start_ms, "
              "?2), end_ms = "
              "iif(?3 = ?4, end_ms, ?3), note_html = iif(?5 IS NULL, note_html, 1), note = coalesce(?5, "
              "note) WHERE id = ?6",
              "iiiiti", status, start_ms == INT64_MIN ? INT64_MIN : log_instant(sw, start_ms),
              end_ms == INT64_MIN ? INT64_MIN : log_instant(sw, end_ms), INT64_MIN, kept, log);
    run_choose_log(c->store, sw, run,
                   store_int(c->store, log, "SELECT log FROM runs WHERE id = ?", "i", run));
    return true;
}

/* modifyTestLog: 200 with the log */
void logs_update(struct call *c)
{
    int64_t run, log, status;
    if (log_of_path(c, &run, &log) && body_is_object(c, c->body) &&
        manual_status(c, c->body, false, &status) && update_log(c, run, log, status, false))
        log_write(c, &c->json, log, LOG_NOTE | LOG_BUILD | LOG_STEPS | LOG_PROPERTIES);
}

/* modifyAutomationLog: not the version, content, build number or URL (docs/qtest-api.md 3.10) */
void logs_update_auto(struct call *c)
{
    int64_t run, log;
    _cleanup_free_ char *word = NULL;
    if (!log_of_path(c, &run, &log) || !body_is_object(c, c->body) || !body_text(c, c->body, "status", &word))
        return;
    if (text_empty(word)) {
        call_fail(c, 400, "Field 'status' is required");
        return;
    }
    int64_t status = status_of_word(&c->sandbox->switches, word);
    if (!status) {
        call_fail(c, 400, "Status '%s' is not mapped in Automation Settings", word);
        return;
    }
    if (update_log(c, run, log, status, true))
        log_write(c, &c->json, log, LOG_NOTE | LOG_BUILD | LOG_STEPS | LOG_PROPERTIES);
}
