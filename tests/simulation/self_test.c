#include "self_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check.h"

#define SCHEDULES 3000

static int count_violations(struct simulation *sim, struct sim_config *config, const char *words)
{
    int count = 0;
    for (uint64_t seed = 0; seed < SCHEDULES; seed++) {
        struct sim_outcome outcome;
        config->seed = seed;
        simulation_run(sim, config, &outcome);
        count += outcome.violation && strstr(outcome.violation, words);
        free(outcome.violation);
    }
    return count;
}

static int report(int number, bool ok, const char *what)
{
    printf("%s %d - %s\n", ok ? "ok" : "not ok", number, what);
    return !ok;
}

/* An uploader that sends a submission again when its answer is lost. */
static int blind_repeat(struct simulation *sim, struct sim_config config)
{
    config.broken_engine = REPEATS_BLINDLY;
    config.switches_default = true;
    return report(1, count_violations(sim, &config, "logs in qTest for 1 result") > 0,
                  "a blind repeat after a lost answer is found as a double log");
}

/* Engines that take an answer for something else; where the fault is in their reading of it, no fault but
 * the site's limits is needed. */
static int misreadings(struct simulation *sim, const struct sim_config *from, int number)
{
    static const struct {
        enum mistake mistake;
        int body_limit;
        int minute_limit;
        const char *words;
        const char *what;
    } table[] = {
        {FOLLOWS_REDIRECTS, 0, 0, "no qTest understands 'https://login", "a followed redirection is found"},
        {REPEATS_TOO_LARGE, 1400, 0, "nothing went wrong",
         "an engine that makes nothing smaller after 413 is found"},
        {TAKES_429_AS_REFUSED, 0, 20, "nothing is wrong with it",
         "an engine that takes 429 for a refusal is found"},
        {IGNORES_REMAINDER, 0, 20, "beyond the minute's limit",
         "an engine that does not pace itself is found"},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        struct sim_config config = *from;
        config.broken_engine = table[i].mistake;
        config.switches_default = true;
        config.switches.body_limit = table[i].body_limit;
        config.switches.minute_limit = table[i].minute_limit;
        failed += report(number + (int)i, count_violations(sim, &config, table[i].words) > 0, table[i].what);
    }
    return failed;
}

/* A schedule that ended well, whose model is then spoiled: each must be seen. */
typedef void (*spoiler)(struct model *model);

static void lose_log(struct model *m)
{
    m->log_count--;
}

static void double_log(struct model *m)
{
    GROW(m->logs, m->log_count, m->log_capacity);
    m->logs[m->log_count] = m->logs[0];
    m->log_count++;
}

static void double_case(struct model *m)
{
    size_t last = m->case_count - 1;
    model_add_case(m, m->cases[last].module_id, m->cases[last].name, m->cases[last].content);
}

static void double_suite(struct model *m)
{
    for (size_t i = 0; i < m->node_count; i++) {
        if (m->nodes[i].kind != NODE_SUITE || m->nodes[i].users)
            continue;
        struct model_node suite = m->nodes[i];
        model_add_node(m, NODE_SUITE, suite.place, suite.parent_id, suite.name);
        return;
    }
}

static void leave_claim(struct model *m)
{
    model_add_node(m, NODE_SUITE, PLACE_ROOT, 0, "qtest-sync claim 0123456789abcdef");
}

static void wrong_status(struct model *m)
{
    m->logs[0].status = "WRONG";
}

static void double_run(struct model *m)
{
    GROW(m->runs, m->run_count, m->run_capacity);
    m->runs[m->run_count] = m->runs[0];
    m->runs[m->run_count++].id = 1;
}

static void strange_cycle(struct model *m)
{
    model_add_node(m, NODE_CYCLE, PLACE_ROOT, 0, "Nightly 3");
}

static bool found(struct simulation *sim, struct sim_config config, spoiler spoil)
{
    struct sim_outcome outcome;
    config.seed = 3;
    config.choose_faults = true; /* none */
    config.switches_default = true;
    simulation_run(sim, &config, &outcome);
    bool clean = !outcome.violation;
    free(outcome.violation);
    spoil(&sim->model);
    check_all(sim);
    bool seen = sim->violation != NULL;
    free(sim->violation);
    sim->violation = NULL;
    return clean && seen;
}

int self_test(struct simulation *sim, const struct sim_config *config)
{
    static const struct {
        spoiler spoil;
        const char *what;
    } table[] = {
        {lose_log, "a lost log is found"},
        {double_log, "a double log is found"},
        {double_case, "a double test case is found"},
        {double_suite, "a double suite is found"},
        {double_run, "a double run is found"},
        {leave_claim, "a claim that is left is found"},
        {wrong_status, "a log with the wrong status is found"},
        {strange_cycle, "a cycle that nobody wanted is found"},
    };
    int failed = blind_repeat(sim, *config);
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        failed += report((int)i + 2, found(sim, *config, table[i].spoil), table[i].what);
    failed += misreadings(sim, config, (int)ARRAY_SIZE(table) + 2);
    printf("1..%zu\n", ARRAY_SIZE(table) + MISTAKES - 1);
    return failed;
}
