#include "engine_private.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"

#define RECHECK_MS 2000
#define CLOSING_MS 5000 /* for giving a claim back after a signal */

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
    e->module_ids = xcalloc(desired->modules.count, sizeof *e->module_ids);
    e->outcome = (struct sync_outcome)SYNC_OUTCOME_INIT;
    e->month_left = -1;
    e->body_max_bytes = options->batch_bytes;
    e->claim.state = options->claim ? CLAIM_NONE : CLAIM_OFF;
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
    free(e->module_ids);
    free(e->bare_logs);
    free(e->known_logs);
    free(e->corrections);
    for (size_t i = 0; i < e->design_change_count; i++)
        free(e->design_changes[i].name);
    free(e->design_changes);
    free(e->claim.dead);
    free(e->seen_cases);
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

static bool claim_settled(const struct engine *e)
{
    return e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_OFF;
}

static size_t known_objects(const struct engine *e)
{
    size_t known = (e->cycle.id != 0) + e->desired->store->count - engine_open_count(e);
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        known += e->suites[i].node.id != 0;
    for (uint32_t i = 0; i < e->desired->case_count; i++)
        known += e->desired->cases[i].case_id != 0;
    return known;
}

static enum phase after_observe(struct engine *e)
{
    size_t known = known_objects(e);
    if (e->again && e->claim.state == CLAIM_HELD && known > e->known_before)
        e->thorough = true; /* somebody else was at work just now */
    e->known_before = known;
    e->again = true;
    if (engine_open_count(e) == 0)
        return PHASE_CORRECT;
    if (e->last_look)
        return claim_settled(e) ? PHASE_CONFIRM : PHASE_CORRECT;
    /* Where notes are not to be had, only the runs tell whose logs those are. */
    bool look_first = e->bare_log_count && e->claim.state == CLAIM_NONE;
    return e->options.plan_only || claim_settled(e) || look_first ? PHASE_CONFIRM : PHASE_CLAIM;
}

/* Something may stand in qTest that the search does not show yet: asked again a little later, and at the
 * last time the runs themselves are looked at. */
static bool recheck(struct engine *e)
{
    if (!e->closer_wanted || e->rechecks >= RECHECKS_MAX)
        return false;
    e->rechecks++;
    e->settle_until_ms = e->now_ms + RECHECK_MS;
    return true;
}

/* Jobs that vanished have mostly ended. What still does not show may sit in the queue all the same. */
static bool wait_for_vanished(struct engine *e)
{
    if (!e->job_vanished)
        return false;
    e->job_vanished = false;
    if (!engine_uncertain(e))
        return false;
    engine_unclear(e, e->vanished_ms + e->options.settle_ms - e->now_ms);
    return true;
}

/* Everything is as settled as it will be: what was sent and did not show is not in. Without a claim somebody
 * else may be sending the same. */
static enum phase judge_absent(struct engine *e)
{
    if (claim_settled(e))
        engine_judge_absent(e);
    return PHASE_CORRECT;
}

static enum phase after_confirm(struct engine *e)
{
    if (engine_open_count(e) == 0)
        return PHASE_CORRECT;
    if (recheck(e))
        return PHASE_OBSERVE;
    if (wait_for_vanished(e))
        return PHASE_SETTLE;
    e->unseen = false;
    if (e->last_look)
        return judge_absent(e);
    if (e->options.plan_only) {
        engine_describe_plan(e);
        return PHASE_DONE;
    }
    if (!claim_settled(e))
        return PHASE_CLAIM;
    if (e->claim.state == CLAIM_HELD && !e->claim.key.creates && engine_creates(e)) {
        engine_unclaim(e); /* something went away: this takes the stronger claim */
        return PHASE_CLAIM;
    }
    return PHASE_CYCLE;
}

static bool rounds_left(struct engine *e)
{
    size_t open = engine_open_count(e);
    bool idle = open == e->open_before && e->refusals == e->refusals_before;
    e->idle_rounds = idle ? e->idle_rounds + 1 : 0;
    e->open_before = open;
    e->refusals_before = e->refusals;
    return open > 0 && e->idle_rounds < IDLE_ROUNDS_MAX && e->round + 1 < ROUNDS_MAX;
}

static enum phase after_submit(struct engine *e)
{
    bool resubmit = e->resubmit && !e->unclear && e->batch_count > e->batches_before;
    e->resubmit = false;
    if (resubmit && engine_open_count(e) > 0)
        return PHASE_MODULES; /* refused before anything was done: no need to observe */
    if (e->unclear && rounds_left(e))
        return PHASE_SETTLE;
    if (!engine_uncertain(e))
        return PHASE_CORRECT;
    if (!e->unseen)
        return judge_absent(e);
    e->last_look = true;
    return PHASE_SETTLE;
}

static enum phase phase_after(struct engine *e)
{
    switch (e->phase) {
    case PHASE_OBSERVE:
        return after_observe(e);
    case PHASE_CLAIM:
        return PHASE_OBSERVE;
    case PHASE_CONFIRM:
        return after_confirm(e);
    case PHASE_SUBMIT:
        return after_submit(e);
    case PHASE_DONE:
        return PHASE_DONE;
    default:
        return e->phase + 1;
    }
}

/* After a claim was won: only what others may have changed while it was waited for. */
static void observe(struct engine *e)
{
    bool after_claim = e->again && !e->unclear_round;
    if (!after_claim || !e->cycle.id)
        engine_observe_cycle(e);
    if (!after_claim || e->claim.key.creates)
        engine_observe_cases(e);
    engine_observe_logs(e);
    e->unclear_round = false;
}

/* On its strength nothing more may be made or sent in this round; the next begins with a new one. */
static bool needs_lost_claim(const struct engine *e)
{
    return e->claim.state == CLAIM_LOST && e->phase >= PHASE_CYCLE && e->phase <= PHASE_SUBMIT;
}

/* True when the phase queued something; a phase that repeats is asked again when its calls are done. */
static bool begin_phase(struct engine *e)
{
    bool first = !e->phase_begun;
    if (needs_lost_claim(e))
        return false;
    e->phase_begun = true;
    switch (e->phase) {
    case PHASE_MODULES:
        return engine_create_modules(e);
    case PHASE_SUBMIT:
        if (first)
            engine_plan_stages(e);
        return engine_submit_stage(e);
    default:
        break;
    }
    if (!first)
        return false;
    switch (e->phase) {
    case PHASE_PROJECT:
        engine_resolve_project(e);
        break;
    case PHASE_RELEASE:
        engine_resolve_release(e);
        break;
    case PHASE_REMEMBER:
        engine_remember(e);
        break;
    case PHASE_OBSERVE:
        observe(e);
        break;
    case PHASE_CLAIM:
        engine_claim(e);
        break;
    case PHASE_CONFIRM:
        engine_confirm_places(e);
        engine_confirm_runs(e);
        break;
    case PHASE_CYCLE:
        engine_create_cycle(e);
        engine_create_modules(e); /* they do not depend on the cycle, nor the next level on its suites */
        break;
    case PHASE_SUITES:
        engine_create_suites(e);
        engine_create_modules(e);
        break;
    case PHASE_CORRECT:
        if (!e->options.plan_only)
            engine_correct(e);
        break;
    case PHASE_DESIGNS:
        engine_observe_designs(e);
        break;
    case PHASE_UPDATE:
        engine_update_designs(e);
        break;
    case PHASE_UNCLAIM:
        if (!engine_uncertain(e) && !e->options.plan_only)
            engine_unclaim(e);
        break;
    default:
        break;
    }
    return e->calls != NULL;
}

static int64_t later_of(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

void engine_unclear(struct engine *e, int64_t wait_ms)
{
    e->unclear = true;
    e->quiet_from_ms = later_of(e->quiet_from_ms, e->now_ms + wait_ms);
}

/* Jobs whose end is known leave nothing behind in the queue: only the lists must have come to show it. */
static void settle(struct engine *e)
{
    e->settle_until_ms = later_of(e->now_ms + engine_list_lag_ms(e), e->quiet_from_ms);
    e->unclear = false;
    e->unclear_round = true;
    e->rechecks = 0;
    e->closer_looks = 0;
    e->thorough = true;
    e->round++;
    e->phase = PHASE_OBSERVE;
    e->phase_begun = false;
}

/* Moves on until there is something to do. */
static void advance(struct engine *e)
{
    while (!e->calls && e->phase != PHASE_DONE && !e->stopping) {
        if (e->phase == PHASE_SETTLE)
            settle(e);
        if (begin_phase(e))
            continue;
        if (e->calls || e->stopping)
            continue;
        e->phase = phase_after(e);
        e->phase_begun = false;
    }
}

static int64_t allowed_from_ms(const struct engine *e, const struct call *call)
{
    int64_t from_ms = later_of(call->not_before_ms, e->throttled_until_ms);
    return call->is_beat ? from_ms : later_of(from_ms, e->settle_until_ms);
}

static struct call *ready_call(struct engine *e, int64_t *ret_earliest_ms, const char **ret_why)
{
    *ret_earliest_ms = INT64_MAX;
    *ret_why = NULL;
    bool held_back = e->claim.beating;
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
        e->options.journal->sending(e->options.journal->self, call->id, engine_wall_ms(e));
    call->attempts++;
    e->in_flight++;
    e->outcome.requests++;
    e->outcome.polls += call->poll;
    *ret = (struct engine_step){.kind = STEP_SEND, .request = call->request, .id = call->id};
}

static void out_of_time(struct engine *e)
{
    if (e->stopping)
        return;
    struct error err = ERROR_INIT;
    error_set(
        &err, ERR_NETWORK,
        "%s%sthe time budget of %" PRId64 " s is spent; run it again with the same report, what is in qTest "
        "is not sent twice (--timeout raises the budget)",
        e->last_trouble ? e->last_trouble : "", e->last_trouble ? "; " : "", e->options.timeout_ms / 1000);
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
bool engine_uncertain(const struct engine *e)
{
    for (size_t i = 0; i < e->desired->store->count; i++)
        if (engine_entry_open(e, (uint32_t)i) && store_entry(e->desired->store, i)->sent)
            return true;
    return false;
}

/* Stopped early: the claim is given back, unless something may still come of what was sent. Then it is
 * left: others wait for it to run out. */
static void close_down(struct engine *e)
{
    bool give_back = (e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_WANTED) && !engine_uncertain(e);
    if (e->closing || !give_back || (e->in_flight && !e->abandoned))
        return;
    engine_drop_calls(e, true);
    e->closing = true;
    e->closing_until_ms = e->now_ms + CLOSING_MS;
    e->throttled_until_ms = 0;
    e->settle_until_ms = 0;
    e->claim.beating = false;           /* a sign of life that was due is not needed now */
    e->claim.uncertain |= !e->claim.id; /* its creation may be under way */
    engine_unclaim(e);
}

static bool is_done(const struct engine *e)
{
    if (!e->calls)
        return true;
    return e->closing ? e->now_ms >= e->closing_until_ms : e->abandoned;
}

static void wait_step(struct engine *e, int64_t earliest_ms, const char *why, struct engine_step *ret)
{
    int64_t end_ms = e->closing ? e->closing_until_ms : e->deadline_ms;
    if (e->in_flight >= e->options.parallel)
        earliest_ms = INT64_MAX;
    if (engine_beat_due_ms(e) < earliest_ms)
        earliest_ms = engine_beat_due_ms(e);
    *ret = (struct engine_step){.kind = STEP_WAIT,
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
    advance(e);
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
        *ret = (struct engine_step){.kind = STEP_WAIT, .until_ms = now_ms, .why = "what is under way"};
        return;
    }
    if (call)
        send(e, call, ret);
    else
        wait_step(e, earliest_ms, why, ret);
}
