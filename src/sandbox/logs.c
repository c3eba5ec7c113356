#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/call.h"
#include "sandbox/cases.h"
#include "sandbox/links.h"
#include "sandbox/logs.h"
#include "sandbox/statuses.h"
#include "sandbox/versions.h"

static void write_step_log(struct call *c, struct json_writer *w, const struct rows *r, bool texts)
{
    json_object(w, NULL);
    json_array(w, "links");
    json_end(w);
    write_id(w, "test_step_id", rows_int(r, 1));
    json_integer(w, "test_step_log_id", rows_int(r, 0));
    json_integer(w, "user_id", USER_ID);
    if (rows_int(r, 3))
        status_write(w, "status", rows_int(r, 3));
    write_text(w, "description", rows_text(r, 4));
    write_text(w, "expected_result", rows_text(r, 5));
    write_text(w, "actual_result", rows_text(r, 6));
    json_integer(w, "order", rows_int(r, 2));
    if (!rows_null(r, 7))
        write_log_date(c, w, "exe_date", rows_int(r, 7));
    attachments_write(c, w, "attachments", OBJECT_STEP_LOG, rows_int(r, 0));
    links_write_defects(c, w, "defects", rows_int(r, 0));
    if (texts && store_int(c->store, 0, "SELECT id FROM steps WHERE id = ?", "i", rows_int(r, 1))) {
        json_raw(w, "test_step", "", 0);
        struct json_writer inner;
        json_writer_init(&inner, w->out);
        step_write(c, &inner, rows_int(r, 1));
    }
    json_end(w);
}

static void write_step_logs(struct call *c, struct json_writer *w, int64_t log, bool texts)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT id, step, ord, status, description, expected, actual, exe_ms FROM step_logs WHERE log = ? "
        "ORDER BY ord, id",
        "i", log);
    json_array(w, "test_step_logs");
    while (rows_next(&r))
        write_step_log(c, w, &r, texts);
    json_end(w);
}

static void write_properties(struct call *c, struct json_writer *w, int64_t run, const struct rows *r)
{
    _cleanup_free_ char *status = xasprintf("%lld", (long long)rows_int(r, 5));
    struct computed_value computed[] = {
        {FIELD_RUN_STATUS, status},
        {FIELD_BUILD_NUMBER, rows_text(r, 8)},
        {FIELD_BUILD_URL, rows_text(r, 9)},
    };
    properties_write(w, "properties", call_fields(c, OBJECT_RUN), run, computed, ARRAY_SIZE(computed));
}

static void write_note(struct call *c, struct json_writer *w, const struct rows *r)
{
    bool html = rows_int(r, 7) != 0;
    if (html)
        json_string(w, "note", rows_text(r, 6) ? rows_text(r, 6) : "");
    else
        write_name(c, w, "note", rows_text(r, 6) ? rows_text(r, 6) : "");
}

#define LOG_SELECT                                                                                           \
    "SELECT l.run, l.version, l.start_ms, l.end_ms, l.name, l.status, l.note, l.note_html, l.build_number, " \
    "l.build_url, l.number, l.planned, l.actual, r.case_id FROM logs l JOIN runs r ON r.id = l.run WHERE "   \
    "l.id = ?"

void log_write(struct call *c, struct json_writer *w, int64_t id, int parts)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store, LOG_SELECT, "i", id);
    if (!rows_next(&r))
        return;
    json_object(w, NULL);
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld/test-runs/%lld/test-logs/%lld", (long long)c->project,
               (long long)rows_int(&r, 0), (long long)id);
    json_end(w);
    json_integer(w, "id", id);
    json_integer(w, "test_run_id", rows_int(&r, 0));
    json_integer(w, "test_case_version_id", rows_int(&r, 1));
    write_log_date(c, w, "exe_start_date", rows_int(&r, 2));
    write_log_date(c, w, "exe_end_date", rows_int(&r, 3));
    if (parts & LOG_NOTE)
        write_note(c, w, &r);
    attachments_write(c, w, "attachments", OBJECT_LOG, id);
    if (rows_text(&r, 4))
        write_name(c, w, "name", rows_text(&r, 4));
    write_id(w, "planned_exe_time", rows_int(&r, 11));
    write_id(w, "actual_exe_time", rows_int(&r, 12));
    if (parts & LOG_BUILD) {
        write_text(w, "build_number", rows_text(&r, 8));
        write_text(w, "build_url", rows_text(&r, 9));
    }
    if (parts & LOG_PROPERTIES)
        write_properties(c, w, rows_int(&r, 0), &r);
    status_write(w, "status", rows_int(&r, 5));
    json_integer(w, "result_number", rows_int(&r, 10));
    if (parts & LOG_STEPS)
        write_step_logs(c, w, id, parts & LOG_STEP_TEXTS);
    if (parts & LOG_CASE) {
        json_raw(w, "test_case", "", 0);
        struct json_writer inner;
        json_writer_init(&inner, w->out);
        case_write(c, &inner, rows_int(&r, 13), rows_int(&r, 1), true, false);
    }
    links_write_defects(c, w, "defects", id);
    json_end(w);
}

int log_list_parts(const struct call *c)
{
    return (call_switch(c, SWITCH_LIST_NOTES) == LIST_NOTES_PRESENT ? LOG_NOTE : 0) |
           (call_switch(c, SWITCH_LIST_BUILDS) == LIST_BUILDS_PRESENT ? LOG_BUILD : 0);
}

/* getTestLogsList: the newest first */
void logs_list(struct call *c)
{
    int64_t run, as_of_ms = call_list_time(c);
    struct page page = call_page(c, "pageSize", 100);
    if (!call_object(c, 0, OBJECT_RUN, &run))
        return;
    int64_t total = store_int(c->store, 0, "SELECT count(*) FROM logs WHERE run = ? AND visible_ms <= ?",
                              "ii", run, as_of_ms);
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store, "SELECT id FROM logs WHERE run = ? AND visible_ms <= ? ORDER BY id DESC LIMIT ? OFFSET ?",
        "iiii", run, as_of_ms, page.size, (page.number - 1) * page.size);
    call_envelope(c, page, total);
    while (rows_next(&r))
        log_write(c, &c->json, rows_int(&r, 0), log_list_parts(c) | LOG_STEPS | LOG_PROPERTIES);
    json_end(&c->json);
    json_end(&c->json);
}

static int parts_of_expand(struct call *c)
{
    const char *expand = request_param(c->request, "expand");
    int parts = LOG_NOTE | LOG_BUILD | LOG_STEPS | LOG_PROPERTIES;
    if (text_equal(expand, "testcase"))
        parts |= LOG_CASE;
    if (text_equal(expand, "teststeplog.teststep"))
        parts |= LOG_STEP_TEXTS;
    return parts;
}

static bool log_of_run(struct call *c, int64_t *ret_run, int64_t *ret_log)
{
    if (!call_object(c, 0, OBJECT_RUN, ret_run) || !call_arg_id(c, 1, ret_log))
        return false;
    if (store_int(c->store, 0, "SELECT id FROM logs WHERE id = ? AND run = ?", "ii", *ret_log, *ret_run))
        return true;
    return call_fail(c, 404, "Test Log does not exist");
}

/* getTestLog */
void logs_get(struct call *c)
{
    int64_t run, log;
    if (log_of_run(c, &run, &log))
        log_write(c, &c->json, log, parts_of_expand(c));
}

/* getLastRunLog: 404 without logs */
void logs_last(struct call *c)
{
    int64_t run;
    if (!call_object(c, 0, OBJECT_RUN, &run))
        return;
    int64_t log = store_int(c->store, 0, "SELECT log FROM runs WHERE id = ?", "i", run);
    if (log)
        log_write(c, &c->json, log, parts_of_expand(c));
    else
        call_fail(c, 404, "The Test Run has no Test Log");
}
