/* What comes after what: the phases of a run (engine_private.h), and its rounds of observing and applying. */
#include "engine_private.h"

static bool claim_settled(const struct engine *e)
{
    return e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_OFF;
}

/* Cases that are known by a weaker key: this execution may have been sent when reports said no more. */
static bool look_for_adopted(struct engine *e)
{
    bool more = false;
    struct error err = ERROR_INIT;
    if (engine_open_count(e) && desired_mark_adopted(e->desired, &more, &err) < 0)
        engine_fail(e, &err);
    return more;
}

static enum phase after_observe(struct engine *e)
{
    if (look_for_adopted(e))
        return PHASE_ADOPTED;
    e->again = true;
    if (engine_open_count(e) == 0)
        return engine_found_needs_lists(e) ? PHASE_CONFIRM : PHASE_PLACE;
    if (engine_must_remember(e))
        return PHASE_REMEMBER;
    if (e->last_look)
        return claim_settled(e) ? PHASE_CONFIRM : PHASE_CORRECT;
    /* Where notes are not to be had, only the runs tell whose logs those are; and when they begin, where the
     * report does not. */
    bool look_first =
        e->cycle.id && e->claim.state == CLAIM_NONE && (bare_logs_any(e->bare) || canary_must_learn(e));
    return e->options.plan_only || claim_settled(e) || look_first ? PHASE_CONFIRM : PHASE_CLAIM;
}

/* Jobs that vanished have mostly ended. What still does not show may sit in the queue all the same. */
static bool wait_for_vanished(struct engine *e)
{
    if (!e->job_vanished)
        return false;
    e->job_vanished = false;
    if (!engine_results_uncertain(e))
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
    if (canary_sampled(e->canary)) /* one suite does not tell what is missing, nor where the others stand */
        return engine_open_count(e) || engine_found_needs_lists(e) ? PHASE_CLAIM : PHASE_PLACE;
    if (engine_reopen_found_elsewhere(e)) /* looked for anew, where they belong */
        return claim_settled(e) || e->options.plan_only ? PHASE_OBSERVE : PHASE_CLAIM;
    engine_judge_ages(e);
    if (engine_open_count(e) == 0)
        return PHASE_CORRECT;
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
    if (!engine_results_uncertain(e))
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
    case PHASE_ADOPTED:
        return after_observe(e);
    case PHASE_PLACE:
        return engine_found_needs_lists(e) ? PHASE_CONFIRM : PHASE_CORRECT;
    case PHASE_REMEMBER:
        e->unclear_round = true; /* all of it, since its jobs may have made anything */
        return PHASE_OBSERVE;
    case PHASE_CLAIM:
        return PHASE_OBSERVE;
    case PHASE_PROVE:
        return after_confirm(e);
    case PHASE_SUBMIT:
        return after_submit(e);
    case PHASE_UNCLAIM:
        e->memory_open = false;
        return PHASE_DONE;
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
    e->observed_from_ms = engine_later_of(e->now_ms, e->settle_until_ms);
    if (!after_claim || !e->cycle.id)
        engine_observe_cycle(e);
    if (!after_claim || e->claim.key.creates)
        engine_observe_cases(e);
    if (!after_claim || e->claim.stood_behind)
        engine_observe_logs(e); /* else after the lists */
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
    case PHASE_PROVE:
        engine_prove_absence(e);
        return e->calls != NULL;
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
    case PHASE_ADOPTED:
        engine_observe_logs(e);
        break;
    case PHASE_PLACE:
        engine_place_found(e);
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
    case PHASE_AGES:
        engine_search_design_runs(e);
        break;
    case PHASE_LATER:
        engine_search_later_logs(e);
        break;
    case PHASE_UPDATE:
        engine_drop_older_designs(e);
        engine_update_designs(e);
        break;
    case PHASE_UNCLAIM:
        if (!engine_leaves_doubt(e) && !e->options.plan_only)
            engine_unclaim(e);
        break;
    default:
        break;
    }
    return e->calls != NULL;
}

void engine_unclear(struct engine *e, int64_t wait_ms)
{
    e->unclear = true;
    e->quiet_from_ms = engine_later_of(e->quiet_from_ms, e->now_ms + wait_ms);
}

/* Jobs whose end is known leave nothing behind in the queue: only the lists must have come to show it. */
static void settle(struct engine *e)
{
    e->settle_until_ms = engine_later_of(e->now_ms + engine_list_lag_ms(e), e->quiet_from_ms);
    e->unclear = false;
    e->unclear_round = true;
    canary_new_round(e->canary);
    bare_logs_new_round(e->bare);
    e->round++;
    e->phase = PHASE_OBSERVE;
    e->phase_begun = false;
}

void engine_advance(struct engine *e)
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
