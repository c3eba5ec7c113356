/* What a user does in qTest between two uploads: what was moved is found where it is, what was deleted is
 * made again. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "schedule.h"
#include "sync/identity.h"

static struct model_node *our_node(struct model *m, enum node_kind kind, const char *name)
{
    for (size_t i = 0; i < m->node_count; i++) {
        struct model_node *node = &m->nodes[i];
        bool in_tree = kind != NODE_SUITE || node->place == PLACE_CYCLE;
        if (node->kind == kind && !node->users && in_tree && model_node_there(node) &&
            (!name || text_equal(node->name, name)))
            return node;
    }
    return NULL;
}

/* Runs go with their logs. */
static void delete_run(struct model *m, size_t at)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->log_count; i++)
        if (m->logs[i].run_id != m->runs[at].id)
            m->logs[kept++] = m->logs[i];
    m->log_count = kept;
    m->runs[at] = m->runs[--m->run_count];
}

static void delete_suite(struct simulation *sim, struct model_node *suite)
{
    struct model *m = &sim->model;
    suite->deleted_ms = sim->now_ms;
    for (size_t i = m->run_count; i-- > 0;)
        if (m->runs[i].suite_id == suite->id)
            delete_run(m, i);
    for (int i = 0; i < TOMORROW; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            sim->uploaders[i].expected[j].gone |=
                text_equal(sim->uploaders[i].expected[j].suite, suite->name);
}

static void delete_cycle(struct simulation *sim)
{
    struct model *m = &sim->model;
    struct model_node *cycle = our_node(m, NODE_CYCLE, NULL);
    if (!cycle)
        return;
    cycle->deleted_ms = sim->now_ms;
    for (struct model_node *suite; (suite = our_node(m, NODE_SUITE, NULL));)
        delete_suite(sim, suite);
}

static void delete_case(struct simulation *sim, size_t at)
{
    struct model *m = &sim->model;
    uint64_t content = desired_content_hash(m->cases[at].content);
    for (size_t i = m->run_count; i-- > 0;)
        if (m->runs[i].case_id == m->cases[at].id)
            delete_run(m, i);
    m->cases[at] = m->cases[--m->case_count];
    for (int i = 0; i < TOMORROW; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            sim->uploaders[i].expected[j].gone |= sim->uploaders[i].expected[j].content == content;
}

static void delete_last_case(struct simulation *sim)
{
    size_t count = sim->model.case_count;
    if (count > 0 && !sim->model.cases[count - 1].users)
        delete_case(sim, count - 1);
}

/* Cases go with their module. */
static void delete_module(struct simulation *sim)
{
    struct model *m = &sim->model;
    struct model_node *module = our_node(m, NODE_MODULE, "Shop");
    if (!module)
        return;
    module->deleted_ms = sim->now_ms;
    for (size_t i = m->case_count; i-- > 0;)
        if (m->cases[i].module_id == module->id)
            delete_case(sim, i);
}

static void move_cycle(struct model *m)
{
    int64_t archive_id = model_add_node(m, NODE_CYCLE, PLACE_ROOT, 0, "Archive")->id;
    struct model_node *archive = model_node_by_id(m, NODE_CYCLE, archive_id);
    struct model_node *cycle = our_node(m, NODE_CYCLE, NULL);
    archive->users = true;
    archive->listed_ms = 0;
    if (!cycle)
        return;
    cycle->place = PLACE_CYCLE;
    cycle->parent_id = archive_id;
}

/* By the test cases of the execution that are there already tomorrow's upload knows where a folder is now. */
static bool known_in_night(const struct simulation *sim, const struct model_case *test_case, int night)
{
    const struct sim_report *report = &sim->scenario.reports[TOMORROW];
    bool any = false;
    for (size_t i = 0; i < report->count; i++) {
        struct test_result result;
        if (report->results[i].night != night)
            continue;
        any = true;
        scenario_test_result(&sim->scenario, &report->results[i], &result);
        _cleanup_free_ char *key = identity_case_key(&result);
        if (text_equal(key, test_case->content))
            return true;
    }
    return !any;
}

static bool known_tomorrow(const struct simulation *sim, const struct model_case *test_case)
{
    for (int night = 0; night < sim->scenario.nights; night++)
        if (!known_in_night(sim, test_case, night))
            return false;
    return true;
}

static int64_t add_archive(struct model *m)
{
    int64_t archive_id = model_add_node(m, NODE_MODULE, PLACE_ROOT, 0, "Archive")->id;
    model_node_by_id(m, NODE_MODULE, archive_id)->users = true;
    return archive_id;
}

/* One out of its folder. */
static void move_case(struct simulation *sim)
{
    struct model *m = &sim->model;
    int64_t archive_id = add_archive(m);
    for (size_t i = 0; i < m->case_count && !sim->moved_case_id; i++) {
        if (m->cases[i].users || !known_tomorrow(sim, &m->cases[i]))
            continue;
        m->cases[i].module_id = archive_id;
        sim->moved_case_id = m->cases[i].id;
    }
}

static void move_module(struct simulation *sim)
{
    struct model *m = &sim->model;
    int64_t archive_id = add_archive(m);
    for (size_t i = 0; i < m->case_count; i++) {
        struct model_node *module = model_node_by_id(m, NODE_MODULE, m->cases[i].module_id);
        if (m->cases[i].users || module->users || module->parent_id == 0 ||
            !known_tomorrow(sim, &m->cases[i]))
            continue;
        module->parent_id = archive_id;
        sim->module_moved = true;
        return;
    }
}

void user_act(struct simulation *sim)
{
    static const char *const names[USER_ACTS] = {
        "does nothing",    "moves the cycle",   "moves a module",      "moves a test case",
        "deletes a suite", "deletes the cycle", "deletes a test case", "deletes a module"};
    struct model_node *suite = our_node(&sim->model, NODE_SUITE, NULL);
    trace_line(&sim->trace, -1, 0, "the user %s", names[sim->scenario.act]);
    switch (sim->scenario.act) {
    case ACT_MOVE_CYCLE:
        move_cycle(&sim->model);
        break;
    case ACT_MOVE_MODULE:
        move_module(sim);
        break;
    case ACT_DELETE_SUITE:
        if (suite)
            delete_suite(sim, suite);
        break;
    case ACT_DELETE_CYCLE:
        delete_cycle(sim);
        break;
    case ACT_DELETE_CASE:
        delete_last_case(sim);
        break;
    case ACT_MOVE_CASE:
        move_case(sim);
        break;
    case ACT_DELETE_MODULE:
        delete_module(sim);
        break;
    default:
        break;
    }
}
