/* The project: by id with one call, by name through the list (qtest-api.md 2.1), and its automation
 * switch, without which nothing may be written (2.2). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

#define CANDIDATES_SHOWN 10

static void automation_off(struct engine *e)
{
    struct error err = ERROR_INIT;
    error_set(
        &err, ERR_ACCESS,
        "automation is turned off in project '%s', so qTest would refuse every result; turn it on in the "
        "project's Settings, Automation Settings",
        e->project.name);
    engine_fail(e, &err);
}

static void take_project(struct engine *e, const cJSON *object)
{
    struct error err = ERROR_INIT;
    if (project_read(object, &e->project, &err) < 0)
        engine_fail(e, &err);
    else if (e->project.automation == AUTOMATION_OFF)
        automation_off(e);
}

static void unknown_id(struct engine *e)
{
    struct error err = ERROR_INIT;
    error_set(&err, ERR_ACCESS,
              "there is no project with the id '%s', or the token's user cannot see it; check --project",
              e->options.project);
    engine_fail(e, &err);
}

static void on_project(struct engine *e, struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) == VERDICT_MISSING) {
        unknown_id(e);
        return;
    }
    if (!engine_reply_ok(e, call, reply))
        return;
    struct error err = ERROR_INIT;
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (body)
        take_project(e, body);
    else
        engine_fail(e, &err);
}

static void put_candidates(const struct engine *e, struct buf *out)
{
    for (size_t i = 0; i < e->candidates.count && i < CANDIDATES_SHOWN; i++)
        buf_printf(out, "%s%" PRId64 " '%s'", i ? ", " : "", e->candidates.items[i].id,
                   e->candidates.items[i].name);
    if (e->candidates.count > CANDIDATES_SHOWN)
        buf_printf(out, " and %zu more", e->candidates.count - CANDIDATES_SHOWN);
    if (e->candidates.count == 0)
        buf_puts(out, "none");
}

static void no_project(struct engine *e, size_t matches)
{
    _cleanup_(buf_release) struct buf list = BUF_UNBOUNDED;
    put_candidates(e, &list);
    struct error err = ERROR_INIT;
    if (!e->options.project)
        error_set(&err, ERR_ACCESS, "no project is named; set --project to one of: %s", buf_text(&list));
    else if (matches)
        error_set(&err, ERR_ACCESS, "%zu projects are named '%s'; set --project to the id of one of: %s",
                  matches, e->options.project, buf_text(&list));
    else
        error_set(&err, ERR_ACCESS,
                  "there is no project named '%s' (names must match exactly); the token's user sees: %s",
                  e->options.project, buf_text(&list));
    engine_fail(e, &err);
}

static size_t count_matches(const struct engine *e)
{
    size_t matches = 0;
    for (size_t i = 0; i < e->candidates.count; i++)
        matches += node_is_named(&e->candidates.items[i], e->options.project) != NAME_DIFFERS;
    return matches;
}

static void list_projects(struct engine *e, int64_t page);

static void on_projects(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    const cJSON *item;
    cJSON_ArrayForEach(item, page.items)
    {
        struct qtest_node node;
        if (node_read(item, &node, &err) < 0)
            break;
        bool wanted = node_is_named(&node, e->options.project) != NAME_DIFFERS;
        engine_keep_candidate(e, &node);
        if (wanted && e->project.id == 0)
            take_project(e, item);
    }
    bool ended = engine_list_ends(e, call, &page, list_projects);
    if (engine_end_page(e, &page, &err) && ended && count_matches(e) != 1)
        no_project(e, count_matches(e));
}

static void list_projects(struct engine *e, int64_t page)
{
    engine_call(e, call_list_projects(page), on_projects, page);
}

void engine_resolve_project(struct engine *e)
{
    int64_t id;
    if (text_to_int64(e->options.project, 1, INT64_MAX, &id))
        engine_call(e, call_get_project(id), on_project, 0);
    else
        list_projects(e, 1);
}
