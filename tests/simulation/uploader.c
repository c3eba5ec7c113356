/* An uploader: an engine with its own desired state, started again after it died or did not finish. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check.h"
#include "qtest/calls.h"
#include "schedule.h"

#define TIMEOUT_MS   600000
#define PATIENT_RUNS 4
#define BATCH_BYTES  (4LL * 1024 * 1024)
#define AGAIN_MAX_MS 20000

/* Who is told again and again that the time is spent raises --timeout, as the message says. */
static int64_t timeout_ms(int run)
{
    return run <= PATIENT_RUNS ? TIMEOUT_MS : TIMEOUT_MS * (run - PATIENT_RUNS + 1);
}

static struct engine_options options_of(const struct simulation *sim, int number)
{
    const struct sim_report *report = &sim->scenario.reports[number];
    const struct uploader *uploader = &sim->uploaders[number];
    struct engine_options options = {
        .project = report->project_by_name ? MODEL_PROJECT_NAME : "77",
        .root_module = "TestProject",
        .build_number = report->build_number,
        .place_named = sim->scenario.place_named,
        .claim = true,
        .timeout_ms = timeout_ms(uploader->run),
        .request_timeout_ms = QTEST_TIMEOUT_MS,
        .settle_ms = SETTLE_MS,
        .batch_logs = report->batch_logs,
        .batch_bytes = BATCH_BYTES,
        .parallel = report->parallel,
        .wall_ms = MODEL_EPOCH_MS + uploader->began_ms + report->skew_ms,
        .memory = &sim->machines[number][uploader->execution].memory,
        .journal = &sim->machines[number][uploader->execution].hooks,
        .seed = mix64(sim->config.seed ^ fault_key(number, uploader->run, 0) ^ uploader->execution << 32),
    };
    for (int i = 0; i < RESULT_STATUS_COUNT; i++)
        options.status_word[i] = scenario_status_word(&sim->scenario, (enum result_status)i);
    return options;
}

static uint64_t test_of(const struct simulation *sim, const struct sim_result *result)
{
    struct test_result without_id;
    scenario_test_result(&sim->scenario, result, &without_id);
    _cleanup_free_ char *key = identity_case_key(&without_id);
    return desired_content_hash(key);
}

/* Of those that share a log in this upload. */
static bool some_unwanted(const struct simulation *sim, int number, size_t leader)
{
    const struct sim_report *report = &sim->scenario.reports[number];
    for (size_t i = 0; i < report->count; i++)
        if (upload_leader(&sim->uploaders[number].upload, i) == leader &&
            scenario_unwanted(&sim->scenario, &report->results[i]))
            return true;
    return false;
}

static int design_of(const struct sim_result *first)
{
    return first->steps ? first->design : NO_DESIGN;
}

/* By its own key and by those that a report has which says less of the test. */
static void note_marks_of(const struct simulation *sim, int number, const struct sim_result *from,
                          struct expected *ret)
{
    static const enum identity_strength strengths[] = {IDENTITY_OWN, IDENTITY_WITHOUT_ID, IDENTITY_BARE_NAME};
    const struct sim_report *report = &sim->scenario.reports[number];
    struct test_result result;
    scenario_test_result(&sim->scenario, from, &result);
    result.test_id = report->ids ? scenario_test_id(from) : NULL;
    for (size_t i = 0; i < ARRAY_SIZE(strengths); i++) {
        _cleanup_free_ char *key =
            i == 0 ? identity_case_key(&result) : identity_weaker_key(&result, strengths[i]);
        const struct mark_place place = {.automation_content = key,
                                         .suite = from->target
                                                      ? scenario_suite(&sim->scenario, number, from->target)
                                                      : sim->scenario.suite};
        const struct result_identity own = {.start_ms = result.start_ms,
                                            .duration_ms = result.duration_ms,
                                            .status = result.status};
        struct hash128 of_result = identity_result_mark(&place, &own);
        struct hash128 of_all = identity_execution_mark(
            &place, sim->uploaders[number].upload.reports[from->night].execution_id, ret->named);
        if (key && result.start_ms != TIME_NONE)
            ret->own[i] = hash128_low(&of_result);
        if (key && (ret->named || result.start_ms == TIME_NONE))
            ret->execution[i] = hash128_low(&of_all);
    }
}

static void note_expected(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    const struct sim_report *report = &sim->scenario.reports[number];
    const struct upload *upload = &uploader->upload;
    uploader->expected_count = report->count;
    for (size_t i = 0; i < report->count; i++) {
        const struct sim_result *result = &report->results[i];
        const struct store_entry *entry = store_entry(&upload->store, i);
        const struct desired *desired = &upload->desired[upload_execution_of(upload, i)];
        const struct sim_result *leader = &report->results[upload_leader(upload, i)];
        uploader->expected[i] = (struct expected){
            .named = !report->by_result,
            .place_named = sim->scenario.place_named,
            .job = scenario_job(&sim->scenario, number),
            .content = desired->cases[entry->case_number].content_hash,
            .test = test_of(sim, result),
            .suite = scenario_suite(&sim->scenario, number, result->target),
            .start_ms = result->start_ms,
            .longer = result->longer && !sim->scenario.altered,
            .altered = result->longer && sim->scenario.altered,
            .status = result->status,
            .folder = scenario_folder(result->test),
            .design = design_of(&report->results[desired_first_entry(desired, entry->case_number)]),
            .word = scenario_status_word(&sim->scenario, leader->status),
            .unwanted = scenario_unwanted(&sim->scenario, leader),
            .doubtful = report->by_result && some_unwanted(sim, number, upload_leader(upload, i)),
        };
        note_marks_of(sim, number, result, &uploader->expected[i]);
    }
}

/* In one time budget with those before it. */
static void begin_execution(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    machine_begin(&sim->machines[number][uploader->execution]);
    struct engine_options options = options_of(sim, number);
    uploader->engine = engine_new(&uploader->upload.desired[uploader->execution], &options, 0);
    uploader->engines++;
}

void uploader_forget(struct simulation *sim, int number)
{
    for (int i = 0; i < NIGHTS_MAX; i++)
        machine_forget(&sim->machines[number][i]);
}

void uploader_start(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    uploader->run++;
    uploader->requests = 0;
    uploader->start_ms = MODEL_NEVER;
    uploader->kill_ms = MODEL_NEVER;
    uploader->began_ms = sim->now_ms;
    uploader->faulty_run = false;
    uploader->stopped = false;
    uploader->writes_before = sim->model.writes;
    uploader->updates_before = sim->model.updates;
    uploader->claims_before = sim->model.claims;
    uploader->execution = 0;
    uploader->end = (struct run_end){.well = true};
    upload_init(&uploader->upload, &sim->scenario, number,
                MODEL_EPOCH_MS + sim->now_ms + sim->scenario.reports[number].skew_ms);
    if (uploader->run == 1)
        note_expected(sim, number);
    begin_execution(sim, number);
    sim->counts.runs++;
    trace_line(&sim->trace, number, uploader->run, "starts%s", uploader->repeat ? " once more" : "");
    uploader_step(sim, number);
}

void uploader_drop(struct uploader *uploader)
{
    if (!uploader->engine)
        return;
    engine_free(uploader->engine);
    upload_release(&uploader->upload);
    uploader->engine = NULL;
    uploader->wake_ms = MODEL_NEVER;
    uploader->kill_ms = MODEL_NEVER;
}

static void stop(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    trace_line(&sim->trace, number, uploader->run, "is told to stop");
    uploader->kill_ms = MODEL_NEVER;
    uploader->stopped = true;
    engine_stop(uploader->engine);
    uploader_step(sim, number);
}

void uploader_kill(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    if (uploader->kill_softly) {
        stop(sim, number);
        return;
    }
    trace_line(&sim->trace, number, uploader->run, "dies");
    flights_orphan(sim, number);
    uploader_drop(uploader);
    if (uploader->kill_fresh)
        uploader_forget(sim, number);
    uploader->start_ms = sim->now_ms + uploader->restart_ms;
}

/* Everything is in, but for what the server takes in no form: of that the uploader may stay uncertain,
 * where it never learns how a job ended (switch 18). */
static bool ended_well(const struct uploader *uploader, const struct sync_outcome *outcome)
{
    if (outcome->status != SYNC_STATUS_DONE && outcome->status != SYNC_STATUS_REFUSED &&
        outcome->status != SYNC_STATUS_UNCERTAIN)
        return false;
    for (size_t i = 0; i < uploader->expected_count; i++) {
        uint8_t in = store_entry(&uploader->upload.store, upload_leader(&uploader->upload, i))->outcome;
        if (upload_execution_of(&uploader->upload, i) != uploader->execution)
            continue;
        if (in != OUTCOME_CONFIRMED && in != OUTCOME_PRESENT && !uploader->expected[i].unwanted &&
            !uploader->expected[i].doubtful)
            return false;
    }
    return true;
}

static void run_again(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    struct rng rng = rng_keyed(sim->config.seed, fault_key(number, uploader->run, 0xffff));
    /* After some runs patience sets in: outages that follow one another must not use all runs up. */
    bool away = uploader->run >= RUNS_FAULTY && sim->outage_until_ms > sim->now_ms;
    if (uploader->run >= RUNS_MAX)
        simulation_violation(sim, "uploader %d does not come to an end in %d runs", number, RUNS_MAX);
    else
        uploader->start_ms = (away ? sim->outage_until_ms : sim->now_ms) + rng_between(&rng, 1, AGAIN_MAX_MS);
    if (rng_once_in(&rng, 2))
        uploader_forget(sim, number);
}

static void tell_end(const struct simulation *sim, int number, const struct sync_outcome *outcome)
{
    const struct sync_counts *c = &outcome->counts;
    trace_line(&sim->trace, number, sim->uploaders[number].run,
               "ends: %s; read %d, confirmed %d, present %d, refused %d, spooled %d, skipped %d%s%s",
               sync_status_name(outcome->status), (int)c->read, (int)c->confirmed, (int)c->present,
               (int)c->refused, (int)c->spooled, (int)c->skipped, outcome->error.text ? "; " : "",
               outcome->error.text ? outcome->error.text : "");
    for (size_t i = 0; i < outcome->problem_count; i++)
        trace_line(&sim->trace, number, sim->uploaders[number].run, "says: %s", outcome->problems[i].text);
}

static bool says(const struct sync_outcome *outcome, const char *words)
{
    for (size_t i = 0; i < outcome->problem_count; i++)
        if (strstr(outcome->problems[i].text, words))
            return true;
    return false;
}

/* The search does not show a new case yet, and not all of its design came with the log: the next upload
 * writes it. */
static bool may_leave_steps(const struct simulation *sim, const struct uploader *uploader)
{
    const struct desired *desired = &uploader->upload.desired[uploader->execution];
    bool late = sim->scenario.switches.search_lag_ms || sim->scenario.switches.disorder_ms;
    return late && desired->has_steps;
}

/* What has ended one execution would end the next as well. */
static bool goes_on(const struct uploader *uploader, const struct sync_outcome *outcome)
{
    return !uploader->stopped && outcome->error.code == ERR_NONE &&
           uploader->execution + 1 < uploader->upload.executions.count;
}

/* Returns whether the next execution is to be begun. */
static bool finish_execution(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    struct sync_outcome outcome;
    engine_outcome(uploader->engine, &outcome);
    tell_end(sim, number, &outcome);
    check_run(sim, number, &outcome);
    machine_end(&sim->machines[number][uploader->execution], !engine_uncertain(uploader->engine));
    uploader->end.well &= ended_well(uploader, &outcome);
    uploader->end.case_left |= uploader->stopped || outcome.error.code != ERR_NONE ||
                               outcome.status == SYNC_STATUS_UNCERTAIN || !ended_well(uploader, &outcome) ||
                               says(&outcome, "test case could not be updated") ||
                               says(&outcome, "cannot be looked up") || may_leave_steps(sim, uploader);
    uploader->end.uncertain |= outcome.status == SYNC_STATUS_UNCERTAIN;
    bool on = goes_on(uploader, &outcome);
    uploader->end.well &= on || uploader->execution + 1 == uploader->upload.executions.count;
    sync_outcome_release(&outcome);
    flights_orphan(sim, number);
    return on;
}

static void finish(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    if (finish_execution(sim, number)) {
        engine_free(uploader->engine);
        uploader->execution++;
        begin_execution(sim, number);
        uploader_step(sim, number);
        return;
    }
    uploader->done |= uploader->end.well;
    uploader->case_left = uploader->end.case_left;
    uploader->uncertain = uploader->end.uncertain && (uploader->end.well || uploader->repeat); /* for good */
    if (!uploader->end.well && !uploader->repeat && !sim->scenario.switches.automation_off)
        run_again(sim, number);
    uploader_drop(uploader);
}

void uploader_step(struct simulation *sim, int number)
{
    struct uploader *uploader = &sim->uploaders[number];
    struct engine_step step;
    for (;;) {
        engine_next(uploader->engine, sim->now_ms - uploader->began_ms, &step);
        if (step.kind != STEP_SEND)
            break;
        flight_begin(sim, number, step.request, step.id);
    }
    if (step.kind == STEP_DONE) {
        finish(sim, number);
        return;
    }
    uploader->wake_ms = step.until_ms == INT64_MAX ? MODEL_NEVER : uploader->began_ms + step.until_ms;
    if (uploader->wake_ms <= sim->now_ms)
        uploader->wake_ms = sim->now_ms + 1;
}
