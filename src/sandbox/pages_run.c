/* A test run with its logs, their steps and attachments. */
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/execution.h"
#include "sandbox/page_html.h"
#include "sandbox/pages.h"

#define LOGS_SHOWN 200

static void show_step(struct call *c, const struct rows *r)
{
    page_raw(c, "<tr><td>");
    page_number(c, rows_int(r, 1));
    page_raw(c, "</td><td>");
    page_html_text(c, rows_text(r, 3));
    page_raw(c, "</td><td>");
    page_html_text(c, rows_text(r, 4));
    page_raw(c, "</td><td>");
    page_html_text(c, rows_text(r, 5));
    page_attachments(c, OBJECT_STEP_LOG, rows_int(r, 0));
    page_raw(c, "</td><td>");
    if (rows_int(r, 2))
        page_status(c, rows_int(r, 2));
    page_raw(c, "</td></tr>\n");
}

static void show_steps(struct call *c, int64_t log)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT id, ord, status, description, expected, actual FROM step_logs WHERE log = ? ORDER BY ord, id",
        "i", log);
    bool any = false;
    while (rows_next(&r)) {
        if (!any)
            page_raw(c, "<table><thead><tr><th scope=\"col\">#</th><th scope=\"col\">Step</th><th "
                        "scope=\"col\">Expected</th>"
                        "<th scope=\"col\">Actual</th><th scope=\"col\">Status</th></tr></thead><tbody>\n");
        any = true;
        show_step(c, &r);
    }
    page_raw(c, any ? "</tbody></table>\n" : "");
}

static void show_note(struct call *c, const struct rows *r)
{
    if (rows_int(r, 5))
        page_fact_html(c, "Note", rows_text(r, 4));
    else
        page_fact(c, "Note", rows_text(r, 4));
}

static void show_log(struct call *c, const struct rows *r)
{
    buf_printf(&c->answer->body, "<article id=\"log-%lld\">\n<h2>Log %lld ", (long long)rows_int(r, 0),
               (long long)rows_int(r, 8));
    page_status(c, rows_int(r, 1));
    page_raw(c, "</h2>\n<dl>\n<dt>Start</dt><dd>");
    page_instant(c, rows_int(r, 2));
    page_raw(c, "</dd>\n<dt>End</dt><dd>");
    page_instant(c, rows_int(r, 3));
    page_raw(c, "</dd>\n");
    page_fact(c, "Build", rows_text(r, 6));
    page_fact(c, "Build URL", rows_text(r, 7));
    show_note(c, r);
    page_raw(c, "</dl>\n");
    page_attachments(c, OBJECT_LOG, rows_int(r, 0));
    show_steps(c, rows_int(r, 0));
    page_raw(c, "</article>\n");
}

static void show_logs(struct call *c, int64_t run, int64_t total)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT id, status, start_ms, end_ms, note, note_html, "
                                                    "build_number, build_url, number FROM logs WHERE run = "
                                                    "? ORDER BY id DESC LIMIT ?",
                                                    "id", run, LOGS_SHOWN);
    while (rows_next(&r))
        show_log(c, &r);
    if (total > LOGS_SHOWN)
        buf_printf(&c->answer->body, "<p>The newest %d of %lld logs are shown.</p>\n", LOGS_SHOWN,
                   (long long)total);
}

static void show_place(struct call *c, int64_t type, int64_t parent)
{
    static const enum object_kind kinds[] = {OBJECT_NONE, OBJECT_RELEASE, OBJECT_CYCLE, OBJECT_SUITE};
    static const char *const sql[] = {NULL, "SELECT name FROM releases WHERE id = ?",
                                      "SELECT name FROM cycles WHERE id = ?",
                                      "SELECT name FROM suites WHERE id = ?"};
    if (type < PARENT_RELEASE || type > PARENT_SUITE)
        return;
    _cleanup_free_ char *name = store_text(c->store, sql[type], "i", parent);
    page_raw(c, "<dt>In</dt><dd>");
    page_link(c, kinds[type], parent, name);
    page_raw(c, "</dd>\n");
}

void page_run(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT r.name, r.pid, r.case_id, t.name, r.parent_type, "
                                                    "r.parent, r.logs, r.automation FROM runs r LEFT JOIN "
                                                    "cases t ON t.id = r.case_id WHERE r.id = ?",
                                                    "i", id);
    if (!rows_next(&r))
        return;
    _cleanup_free_ char *pid = page_pid(OBJECT_RUN, rows_int(&r, 1));
    page_begin(c, rows_text(&r, 0));
    page_raw(c, "<dl>\n");
    page_fact(c, "Test Run", pid);
    page_raw(c, "<dt>Test Case</dt><dd>");
    page_link(c, OBJECT_CASE, rows_int(&r, 2), rows_text(&r, 3));
    page_raw(c, "</dd>\n");
    show_place(c, rows_int(&r, 4), rows_int(&r, 5));
    page_fact(c, "Automation", rows_int(&r, 7) ? "Yes" : "No");
    page_raw(c, "</dl>\n");
    show_logs(c, id, rows_int(&r, 6));
    page_end(c);
}
