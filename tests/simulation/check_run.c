/* What one run of an uploader says of its results, against what stands in the model. */
#include <inttypes.h>

#include "base/text.h"
#include "check.h"

static bool says_it_is_in(enum result_outcome outcome)
{
    return outcome == OUTCOME_CONFIRMED || outcome == OUTCOME_PRESENT;
}

/* As its log does. */
static enum result_outcome outcome_of(const struct uploader *uploader, size_t i)
{
    size_t leader = upload_leader(&uploader->upload, i);
    return (enum result_outcome)store_entry(&uploader->upload.store, leader)->outcome;
}

/* By this uploader, or before it began: what another one brought in after it was refused it cannot know. */
static bool was_in(const struct simulation *sim, const struct uploader *uploader,
                   const struct expected *expected)
{
    const struct model *m = &sim->model;
    bool in = false;
    for (size_t i = 0; i < m->log_count; i++) {
        bool known =
            m->logs[i].by == (int)(uploader - sim->uploaders) || m->logs[i].written_ms < uploader->began_ms;
        in |= known && check_stands_for(&m->logs[i], expected);
    }
    return in;
}

/* The log that is in may be another part's, which this result could not correct. */
static bool others_want(const struct simulation *sim, const struct uploader *uploader,
                        const struct expected *expected)
{
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (&sim->uploaders[i] != uploader && check_same(&sim->uploaders[i].expected[j], expected) &&
                !sim->uploaders[i].expected[j].unwanted)
                return true;
    return false;
}

static void check_entry(struct simulation *sim, int number, size_t i)
{
    const struct uploader *uploader = &sim->uploaders[number];
    const struct expected *expected = &uploader->expected[i];
    enum result_outcome outcome = outcome_of(uploader, i);
    if (says_it_is_in(outcome) && check_logs_of(&sim->model, expected) == 0)
        simulation_violation(sim, "uploader %d calls result %zu confirmed or present, but it is not in qTest",
                             number, i);
    if (outcome == OUTCOME_REFUSED && !others_want(sim, uploader, expected) &&
        was_in(sim, uploader, expected))
        simulation_violation(sim, "uploader %d calls result %zu refused, but it is in qTest", number, i);
    if (outcome == OUTCOME_REFUSED && !expected->unwanted && !expected->doubtful && !sim->fault_count &&
        !sim->scenario.switches.automation_off)
        simulation_violation(sim, "uploader %d calls result %zu refused, and nothing is wrong with it",
                             number, i);
}

static bool wants_unwanted(const struct uploader *uploader)
{
    for (size_t i = 0; i < uploader->expected_count; i++)
        if (uploader->expected[i].unwanted || uploader->expected[i].doubtful)
            return true;
    return false;
}

/* The log of a part of an execution may begin outside of the part's own time. */
static bool parts_share_logs(const struct scenario *s)
{
    return s->kind == ONE_TARGET_EACH || s->kind == OVERLAPPING || s->kind == ATTEMPTS;
}

/* Its logs begin when they were uploaded, by whoever did, and perhaps in several goes: one suite is looked at
 * for that before there is a claim. */
static bool begins_at_many_times(const struct simulation *sim, int number)
{
    const struct sim_report *report = &sim->scenario.reports[number];
    bool several = sim->scenario.switches.no_latest_log || sim->scenario.uploaders > 1 ||
                   sim->fault_count > 0 || number == TOMORROW || sim->uploaders[number].run > 2;
    bool untimed = false;
    for (size_t i = 0; i < report->count; i++)
        untimed |= report->results[i].start_ms == TIME_NONE;
    return scenario_by_hand(&sim->scenario) && untimed && several;
}

/* Where the server gives no notes, or a search may not show all yet, presence takes lists, and those are made
 * under a claim. */
static void check_repeat(struct simulation *sim, int number, const struct sync_outcome *outcome)
{
    const struct uploader *uploader = &sim->uploaders[number];
    bool claimed = sim->model.claims != uploader->claims_before;
    if (wants_unwanted(uploader))
        return;
    if (outcome->counts.present != outcome->counts.read)
        simulation_violation(sim, "repeating upload %d finds %" PRId64 " of %" PRId64 " results present",
                             number, outcome->counts.present, outcome->counts.read);
    int64_t updates = sim->model.updates - uploader->updates_before;
    /* Executions that are uploaded at once may not know of each other, and the newest one mends that. */
    bool may_update = sim->scenario.kind == EXECUTIONS;
    if (sim->model.writes - uploader->writes_before != (may_update ? updates : 0) && !uploader->case_left)
        simulation_violation(sim, "repeating upload %d changes something", number);
    bool lists =
        sim->scenario.switches.no_notes || parts_share_logs(&sim->scenario) ||
        begins_at_many_times(sim, number) ||
        (sim->repeat_soon && (sim->scenario.switches.search_lag_ms || sim->scenario.switches.disorder_ms));
    if (claimed && !lists)
        simulation_violation(sim, "repeating upload %d makes a claim", number);
}

/* A result that the server takes in no form, and no word of it: the others wait for that one's claim. Or all
 * share the few requests of a minute. */
static bool may_take_long(const struct simulation *sim)
{
    bool any = false;
    if (sim->scenario.switches.minute_limit && sim->scenario.uploaders > 1)
        return true;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        any |= wants_unwanted(&sim->uploaders[i]);
    return any && sim->scenario.switches.job_lost_ms;
}

/* Without any fault a run ends as it should at once. */
static void check_calm_run(struct simulation *sim, int number, enum sync_status status)
{
    const struct uploader *uploader = &sim->uploaders[number];
    bool may_refuse = wants_unwanted(uploader);
    if (status == SYNC_STATUS_DONE || may_take_long(sim) ||
        (may_refuse && (status == SYNC_STATUS_REFUSED || status == SYNC_STATUS_UNCERTAIN)))
        return;
    simulation_violation(sim, "uploader %d ends as %s, and nothing went wrong", number,
                         sync_status_name(status));
}

void check_run(struct simulation *sim, int number, const struct sync_outcome *outcome)
{
    const struct uploader *uploader = &sim->uploaders[number];
    bool off = sim->scenario.switches.automation_off;
    if (!sync_counts_add_up(&outcome->counts))
        simulation_violation(sim, "the sum of uploader %d does not add up", number);
    for (size_t i = 0; i < uploader->expected_count; i++)
        if (upload_execution_of(&uploader->upload, i) == uploader->execution)
            check_entry(sim, number, i);
    if (off && outcome->status == SYNC_STATUS_DONE)
        simulation_violation(sim, "uploader %d calls it done, and automation is off", number);
    if (!sim->fault_count && !off)
        check_calm_run(sim, number, outcome->status);
    if (uploader->repeat)
        check_repeat(sim, number, outcome);
}
