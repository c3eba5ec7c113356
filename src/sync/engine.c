#include "engine_private.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"

#define CLOSING_MS 5000 /* for giving a claim back after a signal */
/* And before that for the answer to what is under way: without it the claim has to stay. */
#define PATIENCE_MS 2000

struct engine *engine_new(struct desired *desired, const struct engine_options *options, int64_t now_ms)
{
    struct engine *e = xcalloc(1, sizeof *e);
    e->desired = desired;
    e->options = *options;
    e->started_ms = now_ms;
    e->now_ms = now_ms;
    e->deadline_ms = now_ms + options->timeout_ms;
    e->random = options->seed * 2 + 1;
    e->next_id = 1;
    e->suites = xcalloc(desired->suites.count, sizeof *e->suites);
    e->folders = xcalloc(desired->modules.count, sizeof *e->folders);
    e->outcome = (struct sync_outcome)SYNC_OUTCOME_INIT;
    e->month_left = -1;
    e->body_max_bytes = options->batch_bytes;
    e->claim.state = options->claim ? CLAIM_NONE : CLAIM_OFF;
    e->memory_open = engine_has_memory(options);
    e->bare = bare_logs_new();
    e->canary = canary_new();
    return e;
}

static void calls_free(struct call *calls)
{
    for (struct call *call = calls, *next; call; call = next) {
        next = call->next;
        call_free(call);
    }
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    calls_free(e->calls);
    calls_free(e->given_up);
    qtest_project_release(&e->project);
    nodes_release(&e->candidates);
    qtest_node_release(&e->cycle);
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        qtest_node_release(&e->suites[i].node);
    free(e->suites);
    nodes_release(&e->modules);
    nodes_release(&e->made_modules);
    for (size_t i = 0; i < e->late_module_count; i++)
        free(e->late_modules[i].name);
    free(e->late_modules);
    free(e->folders);
    free(e->doubted_modules);
    bare_logs_free(e->bare);
    canary_free(e->canary);
    engine_free_corrections(e);
    engine_free_found(e);
    for (size_t i = 0; i < e->design_change_count; i++)
        free(e->design_changes[i].name);
    free(e->design_changes);
    free(e->design_runs);
    free(e->claim.others);
    for (size_t i = 0; i < e->batch_count; i++)
        free(e->batches[i].entries);
    free(e->batches);
    free(e->queue);
    free(e->maker);
    for (size_t i = 0; i < e->reason_count; i++)
        free(e->reasons[i]);
    free(e->reasons);
    free(e->refused);
    free(e->last_trouble);
    sync_outcome_release(&e->outcome);
    free(e);
}

void engine_fail(struct engine *e, struct error *err)
{
    if (e->outcome.error.code == ERR_NONE)
        error_move(&e->outcome.error, err);
    error_release(err);
    e->stopping = true;
}

void engine_stop(struct engine *e)
{
    e->stopping = true;
    e->abandoned = true;
}

void engine_problem(struct engine *e, enum error_code code, int64_t results, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = xvasprintf(format, args);
    va_end(args);
    for (size_t i = 0; i < e->outcome.problem_count; i++)
        if (strcmp(e->outcome.problems[i].text, text) == 0)
            return;
    sync_outcome_problem(&e->outcome, code, results, text);
}

void engine_count_problem(struct engine *e, enum error_code code, int64_t results, const char *one,
                          const char *many, const char *pattern)
{
    const struct sync_count count = {.pattern = (char *)pattern, .count = results, .one = one, .many = many};
    sync_outcome_counted_problem(&e->outcome, code, results, &count);
}

static const char *stage_name(enum phase phase)
{
    static const char *const names[] = {
        [PHASE_PROJECT] = "project",   [PHASE_RELEASE] = "release", [PHASE_OBSERVE] = "observe",
        [PHASE_REMEMBER] = "remember", [PHASE_CLAIM] = "claim",     [PHASE_CONFIRM] = "confirm",
        [PHASE_PROVE] = "prove",       [PHASE_CYCLE] = "cycle",     [PHASE_SUITES] = "suites",
        [PHASE_MODULES] = "modules",   [PHASE_SUBMIT] = "submit",   [PHASE_SETTLE] = "settle",
        [PHASE_CORRECT] = "correct",   [PHASE_DESIGNS] = "designs", [PHASE_AGES] = "ages",
        [PHASE_LATER] = "later",       [PHASE_UPDATE] = "update",   [PHASE_UNCLAIM] = "unclaim",
        [PHASE_DONE] = "done",
    };
    return names[phase];
}

static int64_t allowed_from_ms(const struct engine *e, const struct call *call)
{
    int64_t from_ms = engine_later_of(call->not_before_ms, e->throttled_until_ms);
    return call->is_beat ? from_ms : engine_later_of(from_ms, e->settle_until_ms);
}

/* Before whatever else waits: behind some thousand reads or polls the claim would be taken for dead. */
static struct call *ready_beat(const struct engine *e)
{
    for (struct call *call = e->calls; call && e->claim.beating; call = call->next)
        if (call->is_beat && !call->in_flight && allowed_from_ms(e, call) <= e->now_ms)
            return call;
    return NULL;
}

static struct call *ready_call(struct engine *e, int64_t *ret_earliest_ms, const char **ret_why)
{
    *ret_earliest_ms = INT64_MAX;
    *ret_why = NULL;
    bool held_back = e->claim.beating;
    struct call *beat = ready_beat(e);
    if (beat)
        return beat;
    for (struct call *call = e->calls; call; call = call->next) {
        if (call->in_flight || (held_back && !call->is_beat && !call->request->read_only))
            continue;
        int64_t from_ms = allowed_from_ms(e, call);
        if (from_ms <= e->now_ms)
            return call;
        if (from_ms < *ret_earliest_ms) {
            *ret_earliest_ms = from_ms;
            *ret_why = call->why;
        }
    }
    return NULL;
}

static void send(struct engine *e, struct call *call, struct engine_step *ret)
{
    call->in_flight = true;
    call->request->timeout_ms = e->options.request_timeout_ms * (call->prepare ? 2 : 1);
    if (engine_is_journalled(e, call))
        e->options.journal->sending(e->options.journal->self, call->id, engine_wall_ms(e),
                                    engine_before_log_id(e));
    call->attempts++;
    call->sent_ms = e->now_ms;
    e->in_flight++;
    e->outcome.requests++;
    e->outcome.polls += call->poll;
    *ret = (struct engine_step){.kind = STEP_SEND,
                                .request = call->request,
                                .id = call->id,
                                .attempt = call->attempts,
                                .stage = stage_name(e->phase)};
}

/* What took the time: a job that is still waited for, else what last went wrong. The caller frees it. */
static char *what_took_the_time(const struct engine *e)
{
    for (const struct call *call = e->calls; call; call = call->next)
        if (call->poll)
            return xasprintf("%s has not ended; ", call->why ? call->why : "a job that qTest took in");
    return e->last_trouble ? xasprintf("%s; ", e->last_trouble) : xstrdup("");
}

static void out_of_time(struct engine *e)
{
    if (e->stopping)
        return;
    struct error err = ERROR_INIT;
    _cleanup_free_ char *trouble = what_took_the_time(e);
    error_set(&err, ERR_NETWORK,
              "%sthe time budget of %" PRId64 " s is spent; run it again with the same report, what is in "
              "qTest is not sent twice (--timeout raises the budget)",
              trouble, e->options.timeout_ms / 1000);
    engine_fail(e, &err);
    e->abandoned = true;
}

static const char *reason_to_wait(const struct engine *e, const char *why)
{
    if (e->throttled_until_ms > e->now_ms)
        return "the site's limit of requests a minute";
    if (e->settle_until_ms > e->now_ms)
        return "qTest to settle after an unclear answer";
    return why;
}

/* A result that went out and is neither confirmed nor refused: its job may still sit in the queue. */
bool engine_results_uncertain(const struct engine *e)
{
    for (size_t i = 0; i < e->desired->store->count; i++)
        if (engine_entry_open(e, (uint32_t)i) && store_entry(e->desired->store, i)->sent)
            return true;
    return false;
}

/* Something that got no answer, or an unclear one, may still be made. */
static bool left_in_doubt(const struct engine *e)
{
    return engine_makes_something(e->calls) || engine_makes_something(e->given_up) ||
           e->now_ms < e->quiet_from_ms;
}

bool engine_leaves_doubt(const struct engine *e)
{
    return engine_results_uncertain(e) || engine_place_may_come(e) || (e->stopping && left_in_doubt(e));
}

/* A run that ended early leaves what it was told to the next one, which need not wait for a claim that stayed
 * either. */
bool engine_uncertain(const struct engine *e)
{
    return engine_leaves_doubt(e) || e->memory_open || engine_claim_stays(e);
}

static bool is_patient(const struct engine *e)
{
    return e->now_ms < e->patience_until_ms && engine_makes_something(e->calls);
}

/* The creation of a claim that is given up is looked for in the list. */
static bool may_give_back(const struct engine *e)
{
    if (e->claim.state != CLAIM_HELD && e->claim.state != CLAIM_WANTED && !e->claim.leaving_id)
        return false;
    if (e->now_ms < e->quiet_from_ms || engine_place_may_come(e))
        return false; /* an unclear answer: it may still be done */
    return !engine_results_uncertain(e) && !(e->claim.id && engine_makes_something(e->calls));
}

/* Stopped early: the claim is given back, unless something may still come of what was sent. Then it is
 * left: others wait for it to run out. */
static void close_down(struct engine *e)
{
    if (e->abandoned && !e->patience_until_ms)
        e->patience_until_ms = e->now_ms + PATIENCE_MS;
    if (e->closing || is_patient(e) || (e->in_flight && !e->abandoned) || !may_give_back(e))
        return;
    engine_drop_calls(e, true);
    e->closing = true;
    e->closing_until_ms = e->now_ms + CLOSING_MS;
    e->throttled_until_ms = 0;
    e->settle_until_ms = 0;
    e->claim.beating = false; /* a sign of life that was due is not needed now */
    e->claim.uncertain |= !e->claim.id && !e->claim.leaving_id; /* its creation may be under way */
    engine_unclaim(e);
}

static bool is_done(const struct engine *e)
{
    if (!e->calls)
        return true;
    return e->closing ? e->now_ms >= e->closing_until_ms : e->abandoned && !is_patient(e);
}

static void wait_step(struct engine *e, int64_t earliest_ms, const char *why, struct engine_step *ret)
{
    int64_t end_ms = e->deadline_ms;
    if (e->closing)
        end_ms = e->closing_until_ms;
    else if (e->abandoned)
        end_ms = e->patience_until_ms;
    if (e->in_flight >= e->options.parallel)
        earliest_ms = INT64_MAX;
    if (engine_beat_due_ms(e) < earliest_ms)
        earliest_ms = engine_beat_due_ms(e);
    *ret = (struct engine_step){.kind = STEP_WAIT,
                                .stage = stage_name(e->phase),
                                .until_ms = end_ms < earliest_ms && end_ms > e->now_ms ? end_ms : earliest_ms,
                                .why = reason_to_wait(e, why)};
}

void engine_next(struct engine *e, int64_t now_ms, struct engine_step *ret)
{
    e->now_ms = now_ms;
    if (now_ms >= e->deadline_ms && e->phase != PHASE_DONE)
        out_of_time(e);
    if (e->stopping && !e->closing) {
        engine_drop_calls(e, false);
        close_down(e);
    }
    engine_advance(e);
    if (is_done(e)) {
        *ret = (struct engine_step){.kind = STEP_DONE};
        return;
    }
    int64_t earliest_ms = INT64_MAX;
    const char *why = NULL;
    if (engine_beat_due_ms(e) <= now_ms)
        engine_beat(e);
    struct call *call = e->in_flight < e->options.parallel ? ready_call(e, &earliest_ms, &why) : NULL;
    if (call && call->prepare && call->attempts == 0 && !call->prepare(e, call)) {
        *ret = (struct engine_step){
            .kind = STEP_WAIT, .stage = stage_name(e->phase), .until_ms = now_ms, .why = "what is under way"};
        return;
    }
    if (call)
        send(e, call, ret);
    else
        wait_step(e, earliest_ms, why, ret);
}
