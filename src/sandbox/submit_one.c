#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/bulk.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/entry.h"
#include "sandbox/html.h"
#include "sandbox/submit_one.h"

/* "Automation Test Suite", or "Automation yyyy-mm-dd" with suitePerDay=true and suiteDate=yyyymmdd. */
static bool suite_name(struct call *c, char **ret)
{
    const char *date = request_param(c->request, "suiteDate");
    int64_t number;
    if (!request_param_true(c->request, "suitePerDay")) {
        *ret = xstrdup("Automation Test Suite");
        return true;
    }
    if (!date || strlen(date) != 8 || !text_to_int64(date, 10101, 99991231, &number))
        return call_fail(c, 400, "Parameter 'suiteDate' must be yyyymmdd");
    *ret = xasprintf("Automation %.4s-%.2s-%.2s", date, date + 4, date + 6);
    return true;
}

static void write_defects(struct json_writer *w, const cJSON *pids)
{
    const cJSON *item;
    json_object(w, "linkedDefects");
    json_array(w, "success");
    cJSON_ArrayForEach(item, pids) json_string(w, NULL, cJSON_IsString(item) ? item->valuestring : "");
    json_end(w);
    json_array(w, "fail");
    json_end(w);
    json_end(w);
}

static void write_reply(struct call *c, const struct automation_log *log, int64_t id)
{
    struct json_writer *w = &c->json;
    c->answer->status = 201;
    json_object(w, NULL);
    json_array(w, "links");
    json_end(w);
    json_integer(w, "id", id);
    write_id(w, "test_case_version_id",
             store_int(c->store, 0, "SELECT version FROM logs WHERE id = ?", "i", id));
    write_log_date(c, w, "exe_start_date", log->start_ms);
    write_log_date(c, w, "exe_end_date", log->end_ms);
    write_name(c, w, "name", log->name);
    json_string(w, "automation_content", log->content);
    json_string(w, "status", json_text(log->source, "status"));
    write_text(w, "note", log->note);
    write_text(w, "build_number", log->build_number);
    write_text(w, "build_url", log->build_url);
    write_defects(w, json_member(log->source, "defect_pids"));
    json_end(w);
}

/* Notes are plain text and are escaped, unless encodeNote=false says that they are HTML. */
static void encode_note(struct call *c, struct automation_log *log)
{
    const char *encode = request_param(c->request, "encodeNote");
    struct buf out = BUF_UNBOUNDED;
    if (!log->note || text_equal(encode, "false"))
        return;
    html_escape(&out, log->note);
    free(log->note);
    log->note = buf_take(&out);
}

static bool add(struct call *c, int64_t run, struct automation_log *log, int64_t *ret_id)
{
    _cleanup_free_ char *suite = NULL;
    _cleanup_free_ char *message = NULL;
    struct bulk b;
    if (!suite_name(c, &suite))
        return false;
    encode_note(c, log);
    bulk_init(&b, c->store, &c->sandbox->switches, c->project, c->now_ms);
    b.run_given = run;
    b.note_html = true;
    b.update_version = request_param_true(c->request, "forceUpdateVersion");
    b.place.type = PARENT_SUITE;
    if (!run)
        b.place.id = bulk_daily_suite(c->store, c->project, suite, c->now_ms);
    bool good = bulk_add(&b, log, &message) || call_fail(c, 400, "%s", message);
    *ret_id = b.last_log;
    bulk_release(&b);
    return good;
}

void submit_one(struct call *c)
{
    int64_t run = 0, id = 0;
    struct automation_log log;
    _cleanup_free_ char *message = NULL;
    if (!store_int(c->store, 0, "SELECT automation FROM projects WHERE id = ?", "i", c->project)) {
        call_fail(c, 403, "Automation not turned on");
        return;
    }
    if (!text_equal(c->args[0], "0") && !call_object(c, 0, OBJECT_RUN, &run))
        return;
    enum entry_problem bad = automation_log_read(&c->sandbox->switches, c->body, &log, &message);
    if (bad != ENTRY_GOOD)
        call_fail(c, 400, "%s", message);
    else if (add(c, run, &log, &id))
        write_reply(c, &log, id);
    automation_log_release(&log);
}
