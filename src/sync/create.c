/* Places: confirming by direct lists that cycle and suites are absent, and creating them. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

char *engine_name_asked_for(const struct call *call)
{
    _cleanup_(json_delete) cJSON *body =
        json_parse(buf_text(&call->request->body), call->request->body.length);
    return xstrdup(json_text(body, "name"));
}

/* What was made is known by the name that was asked for: a site may have cut or changed it, and that name
 * would be missing for ever. */
static void keep_asked_name(struct qtest_node *node, const struct call *call)
{
    _cleanup_free_ char *asked_for = engine_name_asked_for(call);
    if (!asked_for || node_is_named(node, asked_for) != NAME_DIFFERS)
        return;
    free(node->name);
    free(node->shown_name);
    node->name = TAKE(asked_for);
    node->shown_name = NULL;
}

/* Whether it was done shows when everything is observed again. Until settle has passed it may still be done,
 * and is not made anew. */
static void note_unclear(struct engine *e, const struct call *call, int64_t *late_until_ms)
{
    *late_until_ms = call->sent_ms + e->options.settle_ms;
    engine_unclear(e, UNCLEAR_SHORT_MS);
}

bool engine_created(struct engine *e, struct call *call, const struct reply *reply, struct qtest_node *ret,
                    int64_t *late_until_ms)
{
    struct error err = ERROR_INIT;
    e->made_ms = e->now_ms;
    if (reply_verdict(reply) == VERDICT_UNCLEAR) {
        note_unclear(e, call, late_until_ms);
        return false;
    }
    if (!engine_reply_ok(e, call, reply))
        return false;
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (body && node_read(body, ret, &err) == 0) {
        keep_asked_name(ret, call);
        return true;
    }
    error_release(&err);
    note_unclear(e, call, late_until_ms);
    return false;
}

bool engine_place_is_gone(struct engine *e, const struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) != VERDICT_MISSING)
        return false;
    _cleanup_free_ char *what = reply_describe(reply, call->request);
    engine_problem(e, ERR_NONE, 0, "%s: what it was to stand in is not there, and is looked for again", what);
    engine_unclear(e, UNCLEAR_SHORT_MS);
    return true;
}

static void on_suite_list(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    struct qtest_nodes suites = {0};
    if (!engine_read_page(e, call, reply, &page))
        return;
    const cJSON *item;
    cJSON_ArrayForEach(item, page.items)
    {
        struct qtest_node node;
        if (node_read(item, &node, &err) < 0)
            break;
        nodes_add(&suites, &node);
    }
    page_release(&page);
    if (err.code != ERR_NONE) {
        engine_fail(e, &err);
    } else {
        engine_take_suites(e, &suites);
        for (uint32_t i = 0; i < e->desired->suites.count; i++)
            engine_confirm_suite_runs(e, i);
    }
    nodes_release(&suites);
}

static bool suite_missing(const struct engine *e)
{
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        if (!e->suites[i].node.id && (engine_suite_needed(e, i) || engine_found_in_suite(e, i)))
            return true;
    return false;
}

void engine_confirm_places(struct engine *e)
{
    struct parent in_cycle = {.type = PARENT_CYCLE, .id = e->cycle.id};
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        e->suites[i].runs_listed = false;
    if (!e->cycle.id)
        engine_list_cycles(e);
    else if (suite_missing(e))
        engine_call(e, call_list_suites(e->project.id, in_cycle), on_suite_list, 0);
    if (engine_has_new_cases(e))
        engine_observe_modules(e);
}

/* What was seen before that proves nothing, however late it is now. */
bool engine_wait_for_late(struct engine *e, int64_t until_ms)
{
    if (e->observed_from_ms >= until_ms)
        return false;
    engine_unclear(e, until_ms - e->now_ms);
    return true;
}

bool engine_place_may_come(const struct engine *e)
{
    bool may = !e->cycle.id && e->now_ms < e->cycle_late_until_ms;
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        may |= !e->suites[i].node.id && e->now_ms < e->suites[i].late_until_ms;
    return may || engine_module_may_come(e);
}

static void on_cycle_created(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_node node = {0};
    if (engine_created(e, call, reply, &node, &e->cycle_late_until_ms))
        engine_take_cycle(e, &node);
    qtest_node_release(&node);
}

void engine_create_cycle(struct engine *e)
{
    if (!e->cycle.id && !engine_wait_for_late(e, e->cycle_late_until_ms))
        engine_call(e, call_create_cycle(e->project.id, e->cycle_parent, e->desired->cycle_name),
                    on_cycle_created, 0);
}

static void on_suite_created(struct engine *e, struct call *call, const struct reply *reply)
{
    struct suite_state *suite = &e->suites[call->number];
    struct qtest_node node = {0};
    if (engine_refuses_place(reply)) {
        engine_refuse_suite(e, (uint32_t)call->number, call, reply);
        return;
    }
    if (engine_place_is_gone(e, call, reply))
        return;
    if (engine_created(e, call, reply, &node, &suite->late_until_ms)) {
        qtest_node_release(&suite->node);
        suite->node = node;
        node = (struct qtest_node){0};
    }
    qtest_node_release(&node);
}

void engine_create_suites(struct engine *e)
{
    struct parent in_cycle = {.type = PARENT_CYCLE, .id = e->cycle.id};
    for (uint32_t i = 0; e->cycle.id && i < e->desired->suites.count; i++)
        if (!e->suites[i].node.id && engine_suite_needed(e, i) &&
            !engine_wait_for_late(e, e->suites[i].late_until_ms))
            engine_call(e, call_create_suite(e->project.id, in_cycle, intern_text(&e->desired->suites, i)),
                        on_suite_created, i);
}
