#include "shrink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define KIND_LENGTH 100

struct shrinker {
    struct simulation *sim;
    char kind[KIND_LENGTH]; /* of the violation: it stays the same */
    struct sim_config *best;
    int64_t tried;
};

/* The violation's text without numbers and names. */
static void kind_of(const char *text, char ret_kind[KIND_LENGTH])
{
    size_t length = 0;
    bool quoted = false;
    for (; *text && length + 1 < KIND_LENGTH; text++) {
        quoted ^= *text == '\'';
        if (!quoted && !(*text >= '0' && *text <= '9'))
            ret_kind[length++] = *text;
    }
    ret_kind[length] = '\0';
}

static bool fails(struct shrinker *s, const struct sim_config *config, struct sim_outcome *ret)
{
    char kind[KIND_LENGTH];
    simulation_run(s->sim, config, ret);
    s->tried++;
    kind_of(ret->violation ? ret->violation : "", kind);
    bool failed = ret->violation && (!s->kind[0] || strcmp(kind, s->kind) == 0);
    if (failed)
        memcpy(s->kind, kind, sizeof kind);
    free(ret->violation);
    ret->violation = NULL;
    return failed;
}

/* Takes the smaller one if it still fails. */
static bool take(struct shrinker *s, const struct sim_config *smaller)
{
    struct sim_outcome outcome;
    if (!fails(s, smaller, &outcome))
        return false;
    *s->best = *smaller;
    return true;
}

/* From "as drawn" to a list of those that happened. */
static void name_faults(struct shrinker *s)
{
    struct sim_config config = *s->best;
    struct sim_outcome outcome;
    if (config.choose_faults || !fails(s, &config, &outcome))
        return;
    config.choose_faults = true;
    config.fault_count = outcome.fault_count;
    for (size_t i = 0; i < outcome.fault_count; i++)
        config.faults[i] = outcome.faults[i];
    take(s, &config);
}

static void name_switches(struct shrinker *s)
{
    struct scenario scenario;
    struct sim_config config = *s->best;
    scenario_draw(&scenario, &config);
    config.switches = scenario.switches;
    config.switches_default = true;
    take(s, &config);
}

static bool drop_faults(struct shrinker *s)
{
    bool any = false;
    for (size_t i = s->best->choose_faults ? s->best->fault_count : 0; i-- > 0;) {
        struct sim_config config = *s->best;
        for (size_t j = i + 1; j < config.fault_count; j++)
            config.faults[j - 1] = config.faults[j];
        config.fault_count--;
        any |= take(s, &config);
    }
    return any;
}

static bool drop_uploaders(struct shrinker *s)
{
    bool any = false;
    for (int i = UPLOADERS_MAX; i-- > 0;) {
        struct sim_config config = *s->best;
        config.keep_uploaders &= ~(1u << i);
        any |= config.keep_uploaders != s->best->keep_uploaders && take(s, &config);
    }
    return any;
}

static bool drop_results(struct shrinker *s)
{
    bool any = false;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (int j = RESULTS_MAX; j-- > 0;) {
            struct sim_config config = *s->best;
            config.keep_results[i] &= ~(1u << j);
            any |= config.keep_results[i] != s->best->keep_results[i] && take(s, &config);
        }
    return any;
}

static bool drop_switches(struct shrinker *s)
{
    bool any = false;
    for (size_t i = 0; s->best->switches_default && i < switch_count; i++) {
        struct sim_config config = *s->best;
        if (switch_get(&config.switches, i) == switch_table[i].values[0])
            continue;
        switch_set(&config.switches, i, switch_table[i].values[0]);
        any |= take(s, &config);
    }
    return any;
}

int64_t shrink(struct simulation *sim, struct sim_config *config)
{
    struct shrinker s = {.sim = sim, .best = config};
    struct sim_outcome outcome;
    bool on = sim->trace.on;
    sim->trace.on = false;
    fails(&s, config, &outcome);
    name_switches(&s);
    name_faults(&s);
    bool any = true;
    while (any) {
        any = drop_uploaders(&s);
        any |= drop_faults(&s);
        any |= drop_results(&s);
        any |= drop_switches(&s);
    }
    sim->trace.on = on;
    return s.tried;
}

char *shrink_command(const struct sim_config *config)
{
    struct buf out = BUF_UNBOUNDED;
    buf_printf(&out, "--replay %" PRIu64 " --uploaders %d", config->seed, config->uploaders);
    if (config->switches_default)
        buf_puts(&out, " --switches default");
    for (size_t i = 0; i < switch_count; i++)
        if ((config->switches_default || config->switches_fixed & 1u << i) &&
            switch_get(&config->switches, i) != switch_table[i].values[0])
            buf_printf(&out, " --switch %s=%d", switch_table[i].name, switch_get(&config->switches, i));
    buf_printf(&out, " --keep-uploaders %" PRIu32 " --keep-results ", config->keep_uploaders & 31);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        buf_printf(&out, "%s%" PRIu32, i ? "," : "", config->keep_results[i] & 63);
    if (config->choose_faults)
        buf_puts(&out, config->fault_count ? " --keep-faults " : " --keep-faults none");
    for (size_t i = 0; i < config->fault_count; i++)
        buf_printf(&out, "%s%" PRIu64, i ? "," : "", config->faults[i]);
    if (config->overlap_at_once)
        buf_puts(&out, " --overlap-at-once");
    if (config->no_kills)
        buf_puts(&out, " --no-kills");
    if (config->broken_engine == REPEATS_BLINDLY)
        buf_puts(&out, " --broken-engine");
    return buf_take(&out);
}
