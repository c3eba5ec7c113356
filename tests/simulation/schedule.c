#include "schedule.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check.h"
#include "quick_memory.h"

#define EVENTS_MAX        40000
#define CLEAN_UP_AFTER_MS (25 * 3600 * 1000)
/* A claim that stands in nobody's way is seen dead by the first, and long dead by the second. */
#define CLEAN_UPS_MAX     2
#define REPEAT_SOON_MS    6000 /* while searches may still lag */
#define REPEAT_AFTER_MS   10000
#define TOMORROW_AFTER_MS 3600000

void simulation_init(struct simulation *sim)
{
    *sim = (struct simulation){0};
    model_init(&sim->model);
}

static void clear(struct simulation *sim)
{
    for (int i = 0; i < UPLOADERS_MAX; i++)
        uploader_drop(&sim->uploaders[i]);
    for (size_t i = 0; i < sim->flight_count; i++)
        flight_release(&sim->flights[i]);
    sim->flight_count = 0;
    free(sim->violation);
    sim->violation = NULL;
}

void simulation_release(struct simulation *sim)
{
    clear(sim);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (int k = 0; k < NIGHTS_MAX; k++)
            machine_release(&sim->machines[i][k]);
    free(sim->flights);
    model_release(&sim->model);
}

void simulation_violation(struct simulation *sim, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = xvasprintf(format, args);
    va_end(args);
    trace_line(&sim->trace, -1, 0, "VIOLATION: %s", text);
    if (sim->violation)
        free(text);
    else
        sim->violation = text;
}

enum event_kind { EVENT_NONE, EVENT_WORK, EVENT_ANSWER, EVENT_START, EVENT_KILL, EVENT_WAKE };

struct event {
    enum event_kind kind;
    int64_t at_ms;
    size_t number; /* of the flight or uploader */
};

static void earlier(struct event *event, enum event_kind kind, int64_t at_ms, size_t number)
{
    if (at_ms < event->at_ms)
        *event = (struct event){kind, at_ms, number};
}

static struct event next_event(const struct simulation *sim)
{
    struct event event = {EVENT_NONE, MODEL_NEVER, 0};
    for (size_t i = 0; i < sim->flight_count; i++) {
        earlier(&event, EVENT_WORK, sim->flights[i].work_ms, i);
        if (sim->flights[i].work_ms > sim->flights[i].answer_ms || sim->flights[i].work_ms == MODEL_NEVER)
            earlier(&event, EVENT_ANSWER, sim->flights[i].answer_ms, i);
    }
    for (size_t i = 0; i < UPLOADERS_MAX; i++) {
        const struct uploader *uploader = &sim->uploaders[i];
        earlier(&event, EVENT_KILL, uploader->kill_ms, i);
        earlier(&event, EVENT_START, uploader->start_ms, i);
        earlier(&event, EVENT_WAKE, uploader->wake_ms, i);
    }
    return event;
}

static void happen(struct simulation *sim, const struct event *event)
{
    quick_memory_reset();
    sim->now_ms = event->at_ms;
    sim->trace.now_ms = event->at_ms;
    switch (event->kind) {
    case EVENT_WORK:
        flight_work(sim, event->number);
        break;
    case EVENT_ANSWER:
        flight_answer(sim, event->number);
        break;
    case EVENT_START:
        uploader_start(sim, (int)event->number);
        break;
    case EVENT_KILL:
        uploader_kill(sim, (int)event->number);
        break;
    case EVENT_WAKE:
        uploader_step(sim, (int)event->number);
        break;
    case EVENT_NONE:
        break;
    }
}

static void run_events(struct simulation *sim)
{
    for (int events = 0; !sim->violation; events++) {
        struct event event = next_event(sim);
        if (event.kind == EVENT_NONE)
            return;
        if (events > EVENTS_MAX || event.at_ms > SIMULATION_END)
            simulation_violation(sim, "the schedule does not come to an end");
        else
            happen(sim, &event);
    }
}

static void begin(struct simulation *sim, const struct sim_config *config)
{
    clear(sim);
    sim->config = *config;
    scenario_draw(&sim->scenario, config);
    model_reset(&sim->model, &sim->scenario.switches, config->seed);
    scenario_set_scene(&sim->scenario, &sim->model);
    sim->now_ms = 0;
    sim->outage_until_ms = 0;
    sim->module_moved = false;
    sim->moved_case_id = 0;
    sim->repeat_soon = false;
    sim->fault_count = 0;
    for (int i = 0; i < UPLOADERS_MAX; i++) {
        bool takes_part = i < sim->scenario.uploaders && config->keep_uploaders & 1u << i &&
                          sim->scenario.reports[i].count > 0;
        uploader_forget(sim, i);
        sim->uploaders[i] = (struct uploader){
            .start_ms = takes_part ? sim->scenario.reports[i].start_at_ms : MODEL_NEVER,
            .wake_ms = MODEL_NEVER,
            .kill_ms = MODEL_NEVER,
        };
    }
}

static void repeat(struct simulation *sim, int number, int64_t after_ms)
{
    sim->uploaders[number].repeat = true;
    sim->uploaders[number].start_ms = sim->now_ms + after_ms;
    sim->outage_until_ms = 0;
    run_events(sim);
}

/* Everything is in: one more upload of any of the reports must find that and change nothing. */
static void repeat_once(struct simulation *sim)
{
    struct rng rng = rng_keyed(sim->config.seed, 0x726570656174);
    bool tomorrow = sim->uploaders[TOMORROW].done;
    int number = tomorrow ? TOMORROW : (int)rng_below(&rng, sim->scenario.uploaders);
    if (rng_once_in(&rng, 3) || !sim->uploaders[number].done)
        return;
    /* A search that lags still shows what the user deleted just before, beside what was made since. */
    bool deleted =
        tomorrow && (sim->scenario.act == ACT_DELETE_CYCLE || sim->scenario.act == ACT_DELETE_SUITE);
    sim->repeat_soon = rng_once_in(&rng, 2) && !deleted;
    if (sim->repeat_soon)
        uploader_forget(sim, number);
    repeat(sim, number, sim->repeat_soon ? rng_below(&rng, REPEAT_SOON_MS) : REPEAT_AFTER_MS);
}

/* The site was away when a claim was to be given back: whoever comes later takes it away. */
static void clean_up_later(struct simulation *sim)
{
    for (int i = UPLOADERS_MAX; i-- > 0;) {
        if (!sim->uploaders[i].done || !sim->fault_count)
            continue;
        repeat(sim, i, CLEAN_UP_AFTER_MS);
        return;
    }
}

/* Tomorrow's upload, after the user has been at work in qTest. */
static void run_tomorrow(struct simulation *sim)
{
    const struct sim_config *config = &sim->config;
    if (!sim->scenario.tomorrow || !(config->keep_uploaders & 1u << TOMORROW) ||
        sim->scenario.reports[TOMORROW].count == 0 || sim->scenario.switches.automation_off)
        return;
    sim->now_ms += TOMORROW_AFTER_MS;
    model_advance(&sim->model, sim->now_ms);
    user_act(sim);
    sim->uploaders[TOMORROW].start_ms = sim->now_ms;
    sim->outage_until_ms = 0;
    run_events(sim);
}

static void tell_scene(const struct simulation *sim)
{
    trace_line(&sim->trace, -1, 0, "%s, %d uploaders", scenario_kind_name(sim->scenario.kind),
               sim->scenario.uploaders);
    for (size_t i = 0; i < switch_count; i++)
        if (switch_get(&sim->scenario.switches, i) != switch_table[i].values[0])
            trace_line(&sim->trace, -1, 0, "%s=%d", switch_table[i].name,
                       switch_get(&sim->scenario.switches, i));
}

void simulation_run(struct simulation *sim, const struct sim_config *config, struct sim_outcome *ret)
{
    begin(sim, config);
    if (sim->trace.on)
        tell_scene(sim);
    run_events(sim);
    if (!sim->violation)
        run_tomorrow(sim);
    if (!sim->violation)
        repeat_once(sim);
    for (int times = 0; times < CLEAN_UPS_MAX && !sim->violation && check_claim_left(sim); times++)
        clean_up_later(sim);
    model_advance(&sim->model, sim->now_ms + SETTLE_MS);
    if (!sim->violation)
        check_all(sim);
    *ret = (struct sim_outcome){.violation = TAKE(sim->violation), .fault_count = sim->fault_count};
    memcpy(ret->faults, sim->faults, sizeof ret->faults);
}
