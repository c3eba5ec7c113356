/* Runs the sync engine against a model of qTest, schedule after schedule, and says which seed breaks it.
 *
 *   simulate [--seed N] [--count N] [--uploaders N] [--switch name=value]... [--switches default]
 *            [--keep-going] [--no-kills] [--overlap-at-once] [--trace] [--self-test]
 *   simulate --replay SEED ...     one schedule, with its trace; the options come from a failing run
 *
 * Schedules have the seeds N, N+1, ... A failing one is shrunk and told, with the command that replays
 * it. Exit code 0: no violation; 1: one; 2: usage. The output is TAP.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "quick_memory.h"
#include "self_test.h"
#include "shrink.h"

#define PROGRESS_EVERY 100000

struct options {
    struct sim_config config;
    int64_t seed;
    int64_t count;
    bool keep_going;
    bool trace;
    bool replay;
    bool self_test;
};

static int usage(const char *problem, const char *value)
{
    fprintf(stderr, "simulate: %s '%s'\n", problem, value);
    fprintf(stderr, "usage: simulate [--seed N] [--count N] [--uploaders 1-4] [--switch name=value]... "
                    "[--switches default] [--keep-going] [--no-kills] [--overlap-at-once] [--trace] "
                    "[--self-test] [--replay "
                    "SEED]\nswitches:");
    for (size_t i = 0; i < switch_count; i++)
        fprintf(stderr, " %s", switch_table[i].name);
    fputc('\n', stderr);
    return 2;
}

/* "1,2,3" */
static size_t read_list(char *text, uint64_t *list, size_t maximum)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *at = strtok_r(text, ",", &rest); at && count < maximum; at = strtok_r(NULL, ",", &rest)) {
        int64_t value;
        if (text_to_int64(at, 0, INT64_MAX, &value))
            list[count++] = (uint64_t)value;
    }
    return count;
}

static void keep_results(struct sim_config *config, char *value)
{
    uint64_t list[UPLOADERS_MAX] = {0};
    size_t count = read_list(value, list, UPLOADERS_MAX);
    for (size_t i = 0; i < count; i++)
        config->keep_results[i] = (uint32_t)list[i];
}

static void keep_faults(struct sim_config *config, char *value)
{
    config->choose_faults = true;
    config->fault_count = read_list(value, config->faults, FAULTS_MAX);
}

static bool read_flag(struct options *o, const char *name)
{
    if (text_equal(name, "--keep-going"))
        o->keep_going = true;
    else if (text_equal(name, "--trace"))
        o->trace = true;
    else if (text_equal(name, "--self-test"))
        o->self_test = true;
    else if (text_equal(name, "--no-kills"))
        o->config.no_kills = true;
    else if (text_equal(name, "--overlap-at-once"))
        o->config.overlap_at_once = true;
    else if (text_equal(name, "--broken-engine"))
        o->config.broken_engine = REPEATS_BLINDLY;
    else
        return false;
    return true;
}

static bool read_value(struct options *o, const char *name, char *value)
{
    int64_t number = 0;
    bool whole = text_to_int64(value, 0, INT64_MAX, &number);
    if (text_equal(name, "--switch"))
        return switch_parse(&o->config.switches, &o->config.switches_fixed, value);
    if (text_equal(name, "--switches"))
        return o->config.switches_default = text_equal(value, "default");
    if (text_equal(name, "--keep-results"))
        keep_results(&o->config, value);
    else if (text_equal(name, "--keep-faults"))
        keep_faults(&o->config, value);
    else if (!whole)
        return false;
    else if (text_equal(name, "--seed") || text_equal(name, "--replay"))
        o->seed = number;
    else if (text_equal(name, "--count"))
        o->count = number;
    else if (text_equal(name, "--keep-uploaders"))
        o->config.keep_uploaders = (uint32_t)number;
    else if (text_equal(name, "--uploaders") && number >= 1 && number <= AT_ONCE_MAX)
        o->config.uploaders = (int)number;
    else
        return false;
    o->replay |= text_equal(name, "--replay");
    return true;
}

static int read_options(struct options *o, int argc, char **argv)
{
    *o = (struct options){.count = 1000,
                          .config = {.uploaders = UPLOADERS_DEFAULT, .keep_uploaders = UINT32_MAX}};
    for (int i = 0; i < UPLOADERS_MAX; i++)
        o->config.keep_results[i] = UINT32_MAX;
    for (size_t i = 0; i < switch_count; i++)
        switch_set(&o->config.switches, i, switch_table[i].values[0]);
    for (int i = 1; i < argc; i++) {
        if (read_flag(o, argv[i]))
            continue;
        if (i + 1 == argc)
            return usage("unknown option, or its value is missing:", argv[i]);
        if (!read_value(o, argv[i], argv[i + 1]))
            return usage("bad option or value:", argv[i + 1]);
        i++;
    }
    o->trace |= o->replay;
    o->count = o->replay ? 1 : o->count;
    return 0;
}

static void replay(struct simulation *sim, const struct sim_config *config)
{
    struct sim_outcome outcome;
    sim->trace = (struct trace){.on = true};
    simulation_run(sim, config, &outcome);
    sim->trace.on = false;
    free(outcome.violation);
}

/* The whole story of a failing schedule, made small. */
static void explain(struct simulation *sim, struct sim_config *config)
{
    struct simulation_counts counts = sim->counts;
    int64_t tried = shrink(sim, config);
    _cleanup_free_ char *command = shrink_command(config);
    printf("the smallest schedule that fails, of %" PRId64 " tried:\n", tried);
    replay(sim, config);
    printf("replay with: simulate %s\n\n", command);
    sim->counts = counts; /* of the schedules that were asked for */
}

static int64_t cpu_ms(void)
{
    return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

static void tell_coverage(const struct simulation *sim, int64_t count, int64_t ms)
{
    printf("# %" PRId64 " schedules in %" PRId64 ".%03" PRId64 " s of CPU time, %" PRId64
           " a second; %" PRId64 " uploads, %" PRId64 " requests\n# faults:",
           count, ms / 1000, ms % 1000, count * 1000 / (ms ? ms : 1), sim->counts.runs, sim->counts.requests);
    for (int i = FAULT_NONE + 1; i < FAULT_KINDS; i++)
        printf(" %s %" PRId64 "%s", fault_name((enum fault_kind)i), sim->counts.faults[i],
               i + 1 < FAULT_KINDS ? "," : "\n");
}

static int64_t run_all(struct simulation *sim, const struct options *o, int64_t *ret_run)
{
    int64_t violations = 0;
    for (*ret_run = 0; *ret_run < o->count && (!violations || o->keep_going); ++*ret_run) {
        struct sim_config config = o->config;
        struct sim_outcome outcome;
        config.seed = (uint64_t)(o->seed + *ret_run);
        simulation_run(sim, &config, &outcome);
        if (outcome.violation) {
            printf("%sseed %" PRIu64 ": %s\n", o->keep_going ? "# " : "", config.seed, outcome.violation);
            if (violations++ == 0 && !o->trace)
                explain(sim, &config);
        }
        free(outcome.violation);
        if (*ret_run && *ret_run % PROGRESS_EVERY == 0)
            fprintf(stderr, "%" PRId64 " schedules\n", *ret_run);
    }
    return violations;
}

int main(int argc, char **argv)
{
    struct options o;
    struct simulation sim;
    int64_t run;
    use_quick_memory();
    if (read_options(&o, argc, argv))
        return 2;
    simulation_init(&sim);
    if (o.self_test) {
        int failed = self_test(&sim, &o.config);
        simulation_release(&sim);
        return failed;
    }
    sim.trace.on = o.trace;
    int64_t begin_ms = cpu_ms();
    int64_t violations = run_all(&sim, &o, &run);
    tell_coverage(&sim, run, cpu_ms() - begin_ms);
    printf("%s 1 - %" PRId64 " schedules from seed %" PRId64 ": %" PRId64 " violations\n1..1\n",
           violations ? "not ok" : "ok", run, o.seed, violations);
    simulation_release(&sim);
    return violations ? 1 : 0;
}
