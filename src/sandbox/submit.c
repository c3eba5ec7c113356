#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/entry.h"
#include "sandbox/jobs.h"
#include "sandbox/submit.h"

void submit_target_release(struct submit_target *t)
{
    free(t->message);
    free(t->daily_suite);
}

static void target_fail(struct submit_target *t, int status, const char *format, const char *what)
{
    if (!t->ok)
        return;
    t->ok = false;
    t->status = status;
    t->message = xasprintf(format, what);
}

/* A member that names an object by id or PID, as text or number. */
static int64_t named_object(struct submit_target *t, struct store *s, int64_t project, enum object_kind kind,
                            const cJSON *body, const char *member, int64_t now_ms)
{
    _cleanup_free_ char *text = NULL;
    if (!json_scalar(body, member, &text))
        target_fail(t, 400, "Field '%s' must be an id or a PID", member);
    if (text_empty(text) || text_equal(text, "0"))
        return 0;
    int64_t id = object_find(s, kind, project, text, now_ms);
    if (!id)
        target_fail(t, 404, kind == OBJECT_MODULE ? "Module does not exist: %s" : "'%s' does not exist",
                    text);
    return id;
}

/* The day of execution_date, today without one. */
static char *daily_suite_name(struct submit_target *t, const cJSON *body, int64_t now_ms)
{
    _cleanup_free_ char *text = NULL;
    char day[DATE_TEXT_SIZE];
    int64_t instant_ms = now_ms;
    if (!json_scalar(body, "execution_date", &text) || (!text_empty(text) && !date_read(text, &instant_ms)))
        target_fail(t, 400, "Field '%s' must be a date", "execution_date");
    date_write_day(instant_ms, day);
    return xasprintf("Automation %s", day);
}

struct submit_target submit_find_target(struct store *s, int64_t project, bool by_modules, const cJSON *body,
                                        int64_t now_ms)
{
    struct submit_target t = {.ok = true, .place = {.type = by_modules ? PARENT_CYCLE : PARENT_SUITE}};
    if (by_modules) {
        t.place.id = named_object(&t, s, project, OBJECT_CYCLE, body, "test_cycle", now_ms);
        if (!t.place.id)
            target_fail(&t, 400, "Field '%s' is required", "test_cycle");
        return t;
    }
    t.place.id = named_object(&t, s, project, OBJECT_SUITE, body, "test_suite", now_ms);
    t.daily_suite = daily_suite_name(&t, body, now_ms);
    t.parent_module = named_object(&t, s, project, OBJECT_MODULE, body, "parent_module", now_ms);
    t.skip_automation_module = json_bool(body, "skipCreatingAutomationModule", false);
    return t;
}

/* What makes the server refuse the whole request at once. */
static bool check_logs(struct call *c)
{
    const cJSON *logs = json_member(c->body, "test_logs"), *item;
    if (!cJSON_IsArray(logs))
        return call_fail(c, 400, "Field 'test_logs' is required and must be an array");
    cJSON_ArrayForEach(item, logs)
    {
        struct automation_log log;
        _cleanup_free_ char *message = NULL;
        enum entry_problem bad = automation_log_read(&c->sandbox->switches, item, &log, &message);
        automation_log_release(&log);
        bool at_once = bad == ENTRY_MALFORMED || bad == ENTRY_LONG_NAME ||
                       (bad == ENTRY_UNMAPPED && call_switch(c, SWITCH_UNMAPPED_STATUS) == UNMAPPED_400);
        if (at_once)
            return call_fail(c, 400, "%s", message);
    }
    return true;
}

static bool check_target(struct call *c, bool by_modules)
{
    _cleanup_(submit_target_release) struct submit_target t =
        submit_find_target(c->store, c->project, by_modules, c->body, c->now_ms);
    return t.ok || call_fail(c, t.status, "%s", t.message);
}

static bool check_automation(struct call *c)
{
    bool off = !store_int(c->store, 0, "SELECT automation FROM projects WHERE id = ?", "i", c->project);
    if (off && call_switch(c, SWITCH_AUTOMATION_OFF) == AUTOMATION_OFF_403)
        return call_fail(c, 403, "Automation not turned on");
    return true;
}

static void write_job(struct json_writer *w, int64_t id, const char *state, const char *content_type,
                      const char *content)
{
    json_object(w, NULL);
    json_integer(w, "id", id);
    json_string(w, "type", "AUTOMATION_TEST_LOG");
    json_string(w, "state", state);
    json_string(w, "contentType", content_type);
    json_string(w, "content", content);
    json_end(w);
}

/* Switch 14: the job is queued, its reply goes astray. */
static void lose_reply(struct call *c)
{
    struct answer *a = c->answer;
    int64_t how = call_switch(c, SWITCH_LOST_REPLY);
    bool turn = c->sandbox->submissions++ % call_switch(c, SWITCH_LOST_REPLY_EVERY) == 0;
    if (how == LOST_REPLY_NEVER || !turn)
        return;
    a->fault = "lost-reply";
    if (how == LOST_REPLY_TIMEOUT) {
        a->delay_ms = call_switch(c, SWITCH_HOLD_MS);
        a->delivery = DELIVER_CLOSE;
    } else if (how == LOST_REPLY_RESET) {
        a->delivery = DELIVER_RESET;
    } else {
        a->status = how == LOST_REPLY_502 ? 502 : 504;
        a->content_type = "text/html";
        buf_clear(&a->body);
        buf_printf(&a->body, "<html><body><h1>%s</h1></body></html>\n",
                   how == LOST_REPLY_502 ? "502 Bad Gateway" : "504 Gateway Time-out");
    }
}

static void submit(struct call *c, bool by_modules)
{
    const char *type = request_param(c->request, "type");
    if (!text_equal_nocase(type, "automation") && !(text_equal(type, "jenkins") && !by_modules)) {
        call_fail(c, 400, "Parameter 'type' must be 'automation'");
        return;
    }
    if (!check_automation(c) || !body_is_object(c, c->body) || !check_logs(c) || !check_target(c, by_modules))
        return;
    int64_t id = jobs_queue(c->sandbox, c->project, by_modules, request_param_true(c->request, "escapeXml"),
                            &c->request->body, c->now_ms);
    c->answer->status = 201;
    write_job(&c->json, id, "IN_WAITING", NULL, NULL);
    lose_reply(c);
}

/* The run id of the path must be 0; an unknown project is a bad request here, not a 404. */
void submit_to_suite(struct call *c)
{
    int64_t project, run = -1;
    text_to_int64(c->args[1], 0, INT64_MAX, &run);
    bool known = text_to_int64(c->args[0], 1, INT64_MAX, &project) &&
                 store_int(c->store, 0, "SELECT id FROM projects WHERE id = ?", "i", project) == project;
    if (!known) {
        call_fail(c, 400, "Invalid project id '%s'", c->args[0]);
        return;
    }
    if (run != 0) {
        call_fail(c, 400, "Test Run id must be 0");
        return;
    }
    c->project = project;
    submit(c, false);
}

void submit_to_cycle(struct call *c)
{
    submit(c, true);
}

void submit_track(struct call *c)
{
    int64_t id;
    if (!call_arg_id(c, 0, &id))
        return;
    struct job_view job = jobs_view(c->sandbox, id, c->now_ms);
    if (job.state)
        write_job(&c->json, id, job.state, job.content_type, job.content);
    else
        call_fail(c, 404, "Job does not exist");
    job_view_release(&job);
}
