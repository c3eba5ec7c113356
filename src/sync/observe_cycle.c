/* The test cycle of the job, wherever it is now, and its suites. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

/* Of several suites with one name the oldest is ours; one that surely has it before one that may. */
static bool suits_better(const struct engine *e, const struct qtest_node *found, uint32_t number)
{
    const char *name = intern_text(&e->desired->suites, number);
    const struct qtest_node *known = &e->suites[number].node;
    enum name_match how = node_is_named(found, name);
    enum name_match known_how = known->id ? node_is_named(known, name) : NAME_DIFFERS;
    return how > known_how || (how == known_how && found->id < known->id);
}

static void take_suite(struct engine *e, const struct qtest_node *found, uint32_t number)
{
    if (number == INTERN_NONE || !suits_better(e, found, number))
        return;
    struct suite_state *state = &e->suites[number];
    qtest_node_release(&state->node);
    state->node = (struct qtest_node){.id = found->id,
                                      .parent_id = found->parent_id,
                                      .name = xstrdup(found->name),
                                      .shown_name = xstrdup(found->shown_name),
                                      .pid = xstrdup(found->pid),
                                      .url = xstrdup(found->url)};
    state->was_there = true;
}

void engine_take_suites(struct engine *e, const struct qtest_nodes *suites)
{
    for (size_t i = 0; i < suites->count; i++) {
        const struct qtest_node *found = &suites->items[i];
        take_suite(e, found, intern_find(&e->desired->suites, found->name));
        if (found->shown_name)
            take_suite(e, found, intern_find(&e->desired->suites, found->shown_name));
    }
}

/* Deleted in the meantime, or named by a stale index: as if it had never been. */
static void forget_cycle(struct engine *e)
{
    qtest_node_release(&e->cycle);
    for (uint32_t i = 0; i < e->desired->suites.count; i++) {
        qtest_node_release(&e->suites[i].node);
        e->suites[i].was_there = false;
    }
}

static void cycle_option_wrong(struct engine *e)
{
    struct error err = ERROR_INIT;
    error_set(&err, ERR_ACCESS, "there is no test cycle '%s' in project '%s'; check --cycle",
              e->options.cycle, e->project.name);
    engine_fail(e, &err);
}

static void on_cycle(struct engine *e, struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) == VERDICT_MISSING) {
        forget_cycle(e);
        if (e->options.cycle)
            cycle_option_wrong(e);
        return;
    }
    if (!engine_reply_ok(e, call, reply))
        return;
    struct error err = ERROR_INIT;
    struct qtest_node node = {0};
    struct qtest_nodes suites = {0};
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (!body || node_read(body, &node, &err) < 0 || cycle_suites_read(body, &suites, &err) < 0) {
        engine_fail(e, &err);
    } else {
        engine_take_cycle(e, &node);
        engine_take_suites(e, &suites);
        for (uint32_t i = 0; e->phase == PHASE_CONFIRM && i < e->desired->suites.count; i++)
            engine_confirm_suite_runs(e, i);
    }
    qtest_node_release(&node);
    nodes_release(&suites);
}

void engine_take_cycle(struct engine *e, struct qtest_node *node)
{
    qtest_node_release(&e->cycle);
    e->cycle = *node;
    *node = (struct qtest_node){0};
}

static void ambiguous(struct engine *e)
{
    _cleanup_(buf_release) struct buf list = BUF_UNBOUNDED;
    for (size_t i = 0; i < e->candidates.count; i++)
        buf_printf(&list, "%s%s", i ? ", " : "",
                   e->candidates.items[i].pid ? e->candidates.items[i].pid : e->candidates.items[i].name);
    struct error err = ERROR_INIT;
    error_set(&err, ERR_ACCESS,
              "%zu test cycles are named '%s': %s; choose one with --cycle%s, or rename the others",
              e->candidates.count, e->desired->cycle_name, buf_text(&list),
              e->options.release ? "" : " or --release");
    engine_fail(e, &err);
}

static void get_cycle(struct engine *e, int64_t id)
{
    _cleanup_free_ char *text = xasprintf("%" PRId64, id);
    engine_call(e, call_get_cycle(e->project.id, text), on_cycle, 0);
}

/* there: so many of the candidates, the first ones, were read. A search may name cycles that are gone, so
 * that several have the name is known when two of them were read. */
static void choose_cycle(struct engine *e, size_t there);

static void on_candidate(struct engine *e, struct call *call, const struct reply *reply)
{
    size_t number = (size_t)call->number;
    if (reply_verdict(reply) == VERDICT_MISSING)
        nodes_remove(&e->candidates, number);
    else if (engine_reply_ok(e, call, reply))
        number++;
    else
        return;
    choose_cycle(e, number);
}

static void choose_cycle(struct engine *e, size_t there)
{
    if (e->candidates.count > 1 && there < 2) {
        _cleanup_free_ char *id = xasprintf("%" PRId64, e->candidates.items[there].id);
        engine_call(e, call_get_cycle(e->project.id, id), on_candidate, (int64_t)there);
    } else if (e->candidates.count > 1) {
        ambiguous(e);
    } else if (e->candidates.count == 1) {
        get_cycle(e, e->candidates.items[0].id);
    }
}

/* Where some surely have the name, those that only may have it are others. */
static void keep_named(struct engine *e, struct qtest_node *node)
{
    const char *name = e->desired->cycle_name;
    enum name_match how = node_is_named(node, name);
    enum name_match kept = e->candidates.count ? node_is_named(&e->candidates.items[0], name) : NAME_AS_SHOWN;
    if (how < kept) {
        qtest_node_release(node);
        return;
    }
    if (how > kept)
        nodes_release(&e->candidates);
    engine_keep_candidate(e, node);
}

static void keep_exact_names(struct engine *e, const struct qtest_page *page, struct error *err)
{
    struct qtest_nodes cycles = {0};
    if (cycles_read(page->items, &cycles, err) == 0)
        for (size_t i = 0; i < cycles.count; i++)
            keep_named(e, &cycles.items[i]);
    nodes_release(&cycles);
}

/* A page of cycles: keeps those of the job's name, and chooses when all pages are in. */
static void take_cycles(struct engine *e, struct call *call, const struct reply *reply, page_request next)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    keep_exact_names(e, &page, &err);
    bool ended = engine_list_ends(e, call, &page, next);
    if (engine_end_page(e, &page, &err) && ended)
        choose_cycle(e, 0);
}

static void search_cycle(struct engine *e, int64_t page);

static void on_cycles_found(struct engine *e, struct call *call, const struct reply *reply)
{
    take_cycles(e, call, reply, search_cycle);
}

static void search_cycle(struct engine *e, int64_t page)
{
    bool partial;
    _cleanup_(buf_release) struct buf value = BUF_UNBOUNDED;
    call_quote_value(&value, e->desired->cycle_name, &partial);
    _cleanup_free_ char *query = xasprintf("'Name' %s %s", partial ? "~" : "=", buf_text(&value));
    struct search search = {.object_type = "test-cycles", .query = query, .page = page};
    engine_call(e, call_search(e->project.id, &search), on_cycles_found, page);
}

static void list_cycles(struct engine *e, int64_t page);

static void on_cycles_listed(struct engine *e, struct call *call, const struct reply *reply)
{
    take_cycles(e, call, reply, list_cycles);
}

/* Below a release at any depth: a cycle of it may have been moved into another one there. */
static void list_cycles(struct engine *e, int64_t page)
{
    struct request *request =
        call_list_cycles(e->project.id, e->cycle_parent, e->options.release != NULL, page);
    engine_call(e, request, on_cycles_listed, page);
}

void engine_list_cycles(struct engine *e)
{
    nodes_release(&e->candidates);
    list_cycles(e, 1);
}

/* By name wherever it is, but for a release: a search does not tell of which one a cycle is
 * (qtest-api.md 4.2).
 */
void engine_observe_cycle(struct engine *e)
{
    nodes_release(&e->candidates);
    if (e->cycle.id)
        get_cycle(e, e->cycle.id);
    else if (e->options.cycle)
        engine_call(e, call_get_cycle(e->project.id, e->options.cycle), on_cycle, 0);
    else if (e->options.release)
        engine_list_cycles(e);
    else
        search_cycle(e, 1);
}
