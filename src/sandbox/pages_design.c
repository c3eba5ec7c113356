/* Test Design: the tree, a module, a test case with its versions; and the plain objects. */
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/page_html.h"
#include "sandbox/pages.h"

#define CASES_SHOWN 1000

static void show_modules(struct call *c, int64_t parent, int depth)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT m.id, m.pid, m.name, (SELECT count(*) FROM cases WHERE module = m.id AND "
                  "deleted_ms > ?3) FROM modules "
                  "m WHERE project = ?1 AND parent = ?2 AND deleted_ms > ?3 ORDER BY ord, id",
                  "iii", c->project, parent, c->now_ms);
    page_raw(c, "<ul class=\"tree\">\n");
    while (rows_next(&r)) {
        _cleanup_free_ char *pid = page_pid(OBJECT_MODULE, rows_int(&r, 1));
        page_raw(c, "<li><span class=\"kind\">");
        page_raw(c, pid);
        page_raw(c, "</span>");
        page_link(c, OBJECT_MODULE, rows_int(&r, 0), rows_text(&r, 2));
        buf_printf(&c->answer->body, " (%lld)", (long long)rows_int(&r, 3));
        if (depth > 0)
            show_modules(c, rows_int(&r, 0), depth - 1);
        page_raw(c, "</li>\n");
    }
    page_raw(c, "</ul>\n");
}

void page_design_tree(struct call *c)
{
    page_begin(c, "Test Design");
    show_modules(c, 0, 30);
    page_end(c);
}

static void show_cases(struct call *c, int64_t module)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT c.id, c.pid, c.name, v.major || '.' || v.minor, c.content FROM cases "
                  "c JOIN versions v ON v.id = c.version WHERE c.module = ? AND c.deleted_ms > "
                  "? ORDER BY c.ord, c.id LIMIT ?",
                  "iid", module, c->now_ms, CASES_SHOWN);
    page_raw(
        c, "<h2>Test cases</h2>\n<table><thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Test case</th>"
           "<th scope=\"col\">Version</th><th scope=\"col\">Automation content</th></tr></thead><tbody>\n");
    while (rows_next(&r)) {
        _cleanup_free_ char *pid = page_pid(OBJECT_CASE, rows_int(&r, 1));
        page_raw(c, "<tr><td>");
        page_raw(c, pid);
        page_raw(c, "</td><td>");
        page_link(c, OBJECT_CASE, rows_int(&r, 0), rows_text(&r, 2));
        page_raw(c, "</td><td>");
        page_raw(c, rows_text(&r, 3));
        page_raw(c, "</td><td>");
        page_text(c, rows_text(&r, 4));
        page_raw(c, "</td></tr>\n");
    }
    page_raw(c, "</tbody></table>\n");
}

void page_module(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT name, pid, description FROM modules WHERE id = ?", "i", id);
    if (!rows_next(&r))
        return;
    _cleanup_free_ char *pid = page_pid(OBJECT_MODULE, rows_int(&r, 1));
    page_begin(c, rows_text(&r, 0));
    page_raw(c, "<dl>\n");
    page_fact(c, "Module", pid);
    page_fact_html(c, "Description", rows_text(&r, 2));
    page_raw(c, "</dl>\n");
    show_modules(c, id, 30);
    show_cases(c, id);
    page_end(c);
}

static void show_steps(struct call *c, int64_t version)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store, "SELECT ord, description, expected, id FROM steps WHERE version = ? ORDER BY ord, id", "i",
        version);
    page_raw(c, "<table><thead><tr><th scope=\"col\">#</th><th scope=\"col\">Step</th><th "
                "scope=\"col\">Expected</th></tr>"
                "</thead><tbody>\n");
    while (rows_next(&r)) {
        page_raw(c, "<tr><td>");
        page_number(c, rows_int(&r, 0));
        page_raw(c, "</td><td>");
        page_html_text(c, rows_text(&r, 1));
        page_attachments(c, OBJECT_STEP, rows_int(&r, 3));
        page_raw(c, "</td><td>");
        page_html_text(c, rows_text(&r, 2));
        page_raw(c, "</td></tr>\n");
    }
    page_raw(c, "</tbody></table>\n");
}

static void show_versions(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT id, major || '.' || minor, approved, created_ms, "
                                                    "name FROM versions WHERE case_id = ? ORDER BY id DESC",
                                                    "i", id);
    while (rows_next(&r)) {
        page_raw(c, "<article>\n<h2>Version ");
        page_raw(c, rows_text(&r, 1));
        page_raw(c, rows_int(&r, 2) ? " (approved)</h2>\n<p>" : " (draft)</h2>\n<p>");
        page_text(c, rows_text(&r, 4));
        page_raw(c, ", ");
        page_instant(c, rows_int(&r, 3));
        page_raw(c, "</p>\n");
        show_steps(c, rows_int(&r, 0));
        page_raw(c, "</article>\n");
    }
}

static void show_case_runs(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT r.id, r.name, coalesce(l.status, 605) FROM runs "
                                                    "r LEFT JOIN logs l ON l.id = r.log WHERE r.case_id = ? "
                                                    "AND r.deleted_ms > ? ORDER BY r.id DESC LIMIT 100",
                                                    "ii", id, c->now_ms);
    page_raw(c, "<h2>Test runs</h2>\n<ul>\n");
    while (rows_next(&r)) {
        page_raw(c, "<li>");
        page_link(c, OBJECT_RUN, rows_int(&r, 0), rows_text(&r, 1));
        page_raw(c, " ");
        page_status(c, rows_int(&r, 2));
        page_raw(c, "</li>\n");
    }
    page_raw(c, "</ul>\n");
}

void page_case(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT c.name, c.pid, c.description, c.precondition, c.content, c.module, m.name FROM "
                  "cases c LEFT JOIN modules m ON "
                  "m.id = c.module WHERE c.id = ?",
                  "i", id);
    if (!rows_next(&r))
        return;
    _cleanup_free_ char *pid = page_pid(OBJECT_CASE, rows_int(&r, 1));
    page_begin(c, rows_text(&r, 0));
    page_raw(c, "<dl>\n");
    page_fact(c, "Test Case", pid);
    page_raw(c, "<dt>Module</dt><dd>");
    page_link(c, OBJECT_MODULE, rows_int(&r, 5), rows_text(&r, 6));
    page_raw(c, "</dd>\n");
    page_fact(c, "Automation content", rows_text(&r, 4));
    page_fact_html(c, "Description", rows_text(&r, 2));
    page_fact_html(c, "Precondition", rows_text(&r, 3));
    page_raw(c, "</dl>\n");
    page_attachments(c, OBJECT_CASE, id);
    show_versions(c, id);
    show_case_runs(c, id);
    page_end(c);
}

void page_artifact(struct call *c, enum object_kind kind, int64_t id)
{
    static const char *const sql[OBJECT_KINDS] = {
        [OBJECT_RELEASE] = "SELECT name, pid, description FROM releases WHERE id = ?",
        [OBJECT_BUILD] = "SELECT name, pid, description FROM builds WHERE id = ?",
        [OBJECT_REQUIREMENT] = "SELECT name, pid, description FROM requirements WHERE id = ?",
        [OBJECT_DEFECT] = "SELECT name, pid, description FROM defects WHERE id = ?",
    };
    _cleanup_(rows_close) struct rows r = rows_open(c->store, sql[kind], "i", id);
    if (!rows_next(&r))
        return;
    _cleanup_free_ char *pid = page_pid(kind, rows_int(&r, 1));
    page_begin(c, rows_text(&r, 0));
    page_raw(c, "<dl>\n");
    page_fact(c, object_kind_info(kind)->title, pid);
    page_fact_html(c, "Description", rows_text(&r, 2));
    page_raw(c, "</dl>\n");
    page_attachments(c, kind, id);
    page_end(c);
}
