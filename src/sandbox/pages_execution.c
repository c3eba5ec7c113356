/* Test Execution: the tree, a cycle, a suite. */
#include "base/memory.h"
#include "sandbox/call.h"
#include "sandbox/cycles.h"
#include "sandbox/execution.h"
#include "sandbox/page_html.h"
#include "sandbox/pages.h"
#include "sandbox/statuses.h"
#include "sandbox/svg.h"

#define RUNS_SHOWN 1000

/* Runs in a place and in everything below it, by the status that they show. */
#define COUNT_BELOW                                                                                          \
    "WITH RECURSIVE cycle_below (id) AS (SELECT id FROM cycles WHERE project = ?1 AND parent_type = ?2 AND " \
    "parent = ?3 AND deleted_ms > ?4 UNION SELECT y.id FROM cycles y JOIN cycle_below b ON y.project = ?1 "  \
    "AND y.parent_type = 2 AND y.parent = b.id AND y.deleted_ms > ?4), place (type, id) AS (SELECT ?2, ?3 "  \
    "UNION SELECT 2, id FROM cycle_below), all_places (type, id) AS (SELECT type, id FROM place UNION "      \
    "SELECT 3, s.id FROM suites s JOIN place p ON s.project = ?1 AND s.parent_type = p.type AND s.parent = " \
    "p.id AND s.deleted_ms > ?4) SELECT coalesce(l.status, 605), count(*) FROM all_places a JOIN runs r ON " \
    "r.parent = a.id AND r.parent_type = a.type AND r.project = ?1 AND r.deleted_ms > ?4 LEFT JOIN logs l "  \
    "ON l.id = r.log GROUP BY 1"

static void show_summary(struct call *c, struct parent place)
{
    struct svg_part parts[] = {{"Passed", "#18794e", 0},
                               {"Failed", "#ce2c31", 0},
                               {"Incomplete", "#ab6400", 0},
                               {"Blocked", "#793aaf", 0},
                               {"Unexecuted", "#60646c", 0}};
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, COUNT_BELOW, "idii", c->project, (int)place.type, place.id, c->now_ms);
    while (rows_next(&r)) {
        int64_t index = rows_int(&r, 0) - STATUS_PASSED;
        if (index >= 0 && index < (int64_t)ARRAY_SIZE(parts))
            parts[index].count = rows_int(&r, 1);
    }
    svg_summary(&c->answer->body, parts, ARRAY_SIZE(parts));
}

static void tree_item(struct call *c, enum object_kind kind, const struct rows *r)
{
    _cleanup_free_ char *pid = page_pid(kind, rows_int(r, 1));
    page_raw(c, "<li><span class=\"kind\">");
    page_raw(c, pid);
    page_raw(c, "</span>");
    page_link(c, kind, rows_int(r, 0), rows_text(r, 2));
}

static void show_suites(struct call *c, struct parent place)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT s.id, s.pid, s.name, (SELECT count(*) FROM runs WHERE parent = s.id AND parent_type = 3 AND "
        "deleted_ms > ?4) FROM suites s WHERE project = ?1 AND parent_type = ?2 AND parent = ?3 AND "
        "deleted_ms > ?4 "
        "ORDER BY ord, id",
        "idii", c->project, (int)place.type, place.id, c->now_ms);
    while (rows_next(&r)) {
        tree_item(c, OBJECT_SUITE, &r);
        buf_printf(&c->answer->body, " (%lld)</li>\n", (long long)rows_int(&r, 3));
    }
}

/* Nested lists; deep trees are cut with a hint, the cycle's own page shows the rest. */
static void show_tree(struct call *c, struct parent place, int depth)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT id, pid, name FROM cycles WHERE project = ? AND parent_type = ? AND parent = ? AND "
                  "deleted_ms > ? ORDER BY "
                  "ord, id",
                  "idii", c->project, (int)place.type, place.id, c->now_ms);
    page_raw(c, "<ul class=\"tree\">\n");
    while (rows_next(&r)) {
        tree_item(c, OBJECT_CYCLE, &r);
        if (depth > 0)
            show_tree(c, (struct parent){PARENT_CYCLE, rows_int(&r, 0)}, depth - 1);
        else
            page_raw(c, " &hellip;");
        page_raw(c, "</li>\n");
    }
    show_suites(c, place);
    page_raw(c, "</ul>\n");
}

static void show_releases(struct call *c)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store, "SELECT id, pid, name FROM releases WHERE project = ? AND deleted_ms > ? ORDER BY id", "ii",
        c->project, c->now_ms);
    while (rows_next(&r)) {
        page_raw(c, "<h2>Release ");
        page_link(c, OBJECT_RELEASE, rows_int(&r, 0), rows_text(&r, 2));
        page_raw(c, "</h2>\n");
        show_tree(c, (struct parent){PARENT_RELEASE, rows_int(&r, 0)}, 30);
    }
}

void page_execution_tree(struct call *c)
{
    page_begin(c, "Test Execution");
    show_summary(c, (struct parent){PARENT_ROOT, 0});
    show_tree(c, (struct parent){PARENT_ROOT, 0}, 30);
    show_releases(c);
    page_end(c);
}

static void show_run_row(struct call *c, const struct rows *r)
{
    _cleanup_free_ char *pid = page_pid(OBJECT_RUN, rows_int(r, 1));
    page_raw(c, "<tr><td>");
    page_raw(c, pid);
    page_raw(c, "</td><td>");
    page_link(c, OBJECT_RUN, rows_int(r, 0), rows_text(r, 2));
    page_raw(c, "</td><td>");
    page_status(c, rows_int(r, 3));
    page_raw(c, "</td><td>");
    if (!rows_null(r, 4))
        page_instant(c, rows_int(r, 4));
    page_raw(c, "</td><td>");
    page_number(c, rows_int(r, 5));
    page_raw(c, "</td></tr>\n");
}

static void show_runs(struct call *c, struct parent place)
{
    int64_t total = store_int(
        c->store, 0, "SELECT count(*) FROM runs WHERE parent = ? AND parent_type = ? AND deleted_ms > ?",
        "idi", place.id, (int)place.type, c->now_ms);
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT r.id, r.pid, r.name, coalesce(l.status, 605), l.start_ms, r.logs FROM runs r LEFT JOIN logs "
        "l ON l.id "
        "= r.log WHERE r.parent = ? AND r.parent_type = ? AND r.deleted_ms > ? ORDER BY r.ord, r.id LIMIT ?",
        "idid", place.id, (int)place.type, c->now_ms, RUNS_SHOWN);
    if (total == 0)
        return;
    page_raw(c,
             "<h2>Test runs</h2>\n<table><thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Test run</th>"
             "<th scope=\"col\">Status</th><th scope=\"col\">Last start</th><th "
             "scope=\"col\">Logs</th></tr></thead><tbody>\n");
    while (rows_next(&r))
        show_run_row(c, &r);
    page_raw(c, "</tbody></table>\n");
    if (total > RUNS_SHOWN)
        buf_printf(&c->answer->body, "<p>%d of %lld are shown.</p>\n", RUNS_SHOWN, (long long)total);
}

static void show_place(struct call *c, enum object_kind kind, struct parent place, const struct rows *r)
{
    _cleanup_free_ char *pid = page_pid(kind, rows_int(r, 1));
    page_begin(c, rows_text(r, 0));
    page_raw(c, "<dl>\n");
    page_fact(c, object_kind_info(kind)->title, pid);
    page_fact_html(c, "Description", rows_text(r, 2));
    page_raw(c, "</dl>\n");
    show_summary(c, place);
    if (kind == OBJECT_CYCLE)
        show_tree(c, place, 30);
    show_runs(c, place);
    page_end(c);
}

void page_cycle(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT name, pid, description FROM cycles WHERE id = ?", "i", id);
    if (rows_next(&r))
        show_place(c, OBJECT_CYCLE, (struct parent){PARENT_CYCLE, id}, &r);
}

void page_suite(struct call *c, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT name, pid, description FROM suites WHERE id = ?", "i", id);
    if (rows_next(&r))
        show_place(c, OBJECT_SUITE, (struct parent){PARENT_SUITE, id}, &r);
}
