/* The proof of absence, step by step: searches until the canary sings, and looks at runs (canary.c). */
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "canary_private.h"
#include "engine_private.h"

#define ASK_AGAIN_MS    2000
#define ASKED_AGAIN_MAX 3
#define LOOKS_MAX       64 /* a round, at runs whose newest log is not ours */
/* Behind a newest log of somebody else may stand one of ours: of a part that ran so much earlier or later. */
#define BEHIND_MS (3600 * INT64_C(1000))

/* Of LEARN_LOOKS_MAX, before there is a claim. */
#define LEARN_LOOKS_SOON 2
#define LEARN_CASES_MAX  2

/* What the lists show, against what the search has shown. */
struct stock {
    uint32_t *cases; /* engine_index_cases */
    size_t case_count;
    bool new_cases;
    size_t wanted;
    size_t missed;
    size_t hidden;
    size_t teaching;
    size_t unknown; /* of the missed: of unknown cases */
    struct log_span span;
    int64_t also_id; /* the highest that was missed outside of it; 0: none */
};

/* False: nobody asks for it any more. */
static bool look_up(const struct engine *e, const struct stock *stock, const struct listed_run *run,
                    uint32_t *ret_case)
{
    *ret_case = engine_indexed_case(e, stock->cases, stock->case_count, run->case_id);
    return canary_is_wanted(e, run->suite, *ret_case, stock->new_cases);
}

/* Where something of the same time stands before what is wanted, ours may have begun earlier or later. */
static void widen(const struct engine *e, struct log_span *span, const struct listed_run *run)
{
    int64_t first_ms = e->desired->window_begin_ms - BEHIND_MS;
    int64_t last_ms = engine_later_of(e->desired->window_end_ms + BEHIND_MS, run->newest_ms);
    first_ms = run->newest_ms < first_ms ? run->newest_ms : first_ms;
    span->first_ms = first_ms < span->first_ms ? first_ms : span->first_ms;
    span->last_ms = engine_later_of(span->last_ms, last_ms);
}

/* The span of the next search is to hold its newest log. */
static void span_run(const struct engine *e, struct stock *stock, const struct listed_run *run,
                     uint32_t case_number, bool missed)
{
    struct log_span *span = &stock->span;
    if (!run->newest_id)
        return;
    if (canary_may_show_ours(e, run, case_number)) {
        if (!canary_must_learn(e))
            widen(e, span, run);
    } else if (missed && run->newest_id > stock->also_id) {
        stock->also_id = run->newest_id;
        span->also_count = e->canary->learnt_count + 1;
        span->also_ms[span->also_count - 1] = run->newest_ms;
    }
}

static void use_bare_logs(struct engine *e, const struct stock *stock)
{
    engine_sort_bare_logs(e);
    for (size_t i = 0; i < e->canary->run_count; i++) {
        const struct listed_run *run = &e->canary->runs[i];
        uint32_t case_number = engine_indexed_case(e, stock->cases, stock->case_count, run->case_id);
        if (case_number != INTERN_NONE)
            engine_use_bare_logs(e, run->suite, run->id, case_number);
    }
}

/* What logs without notes teach comes first: all that is judged here, and the next search, go by it. */
static void take_stock(struct engine *e, struct stock *ret)
{
    struct canary *c = e->canary;
    *ret = (struct stock){.new_cases = engine_has_new_cases(e)};
    ret->cases = engine_index_cases(e, &ret->case_count);
    canary_sort_shown(c);
    use_bare_logs(e, ret);
    ret->span = canary_window(e);
    for (size_t i = 0; i < c->run_count; i++) {
        const struct listed_run *run = &c->runs[i];
        uint32_t case_number;
        if (!look_up(e, ret, run, &case_number))
            continue;
        ret->wanted++;
        ret->teaching += canary_may_teach(e, run, case_number);
        ret->hidden += canary_hides_others(e, run, case_number);
        bool missed = canary_is_missed(e, run, case_number);
        ret->missed += missed;
        ret->unknown += missed && case_number == INTERN_NONE;
        span_run(e, ret, run, case_number, missed);
    }
}

/* Lists its logs; of an unknown case it is first asked which that is. */
static void look(struct engine *e, struct listed_run *run, uint32_t case_number)
{
    e->canary->looks++;
    if (case_number == INTERN_NONE) {
        run->case_read = true;
        engine_read_case(e, run->case_id);
    } else {
        run->looked = true;
        engine_look_at_run(e, run->id);
    }
}

/* At all runs whose newest log is missed and may be ours, but for those of unknown cases, which may be many
 * and of others. */
static void look_at(struct engine *e, const struct stock *stock, bool missed, bool hidden)
{
    struct canary *c = e->canary;
    for (size_t i = 0; i < c->run_count; i++) {
        struct listed_run *run = &c->runs[i];
        uint32_t case_number;
        if (run->looked || !look_up(e, stock, run, &case_number))
            continue;
        bool is_due = missed && canary_is_missed(e, run, case_number);
        bool is_sure = is_due && case_number != INTERN_NONE && canary_may_show_ours(e, run, case_number);
        bool in_doubt = is_due || (hidden && canary_hides_others(e, run, case_number));
        if (!is_sure && !(in_doubt && (c->looks < LOOKS_MAX || (c->ended && c->lags))))
            continue;
        look(e, run, case_number);
    }
}

static bool teaches(const struct engine *e, const struct stock *stock, const struct listed_run *run,
                    uint32_t *ret_case)
{
    return look_up(e, stock, run, ret_case) && canary_may_teach(e, run, *ret_case);
}

/* True: some run is looked at, or its case asked for, the last ones first: where executions begin together, the first
 * runs show the one that came first. A case that the search does not show may be anybody's: that is bounded by itself,
 * and comes under the claim, when nobody makes more. */
static bool learn(struct engine *e, const struct stock *stock, bool patient)
{
    struct canary *c = e->canary;
    bool any = false;
    uint32_t case_number;
    int looks = patient ? LEARN_LOOKS_MAX : LEARN_LOOKS_SOON;
    for (size_t i = c->run_count; i > 0 && c->read_count < looks; i--) {
        struct listed_run *run = &c->runs[i - 1];
        if (!teaches(e, stock, run, &case_number) || case_number == INTERN_NONE)
            continue;
        c->read_s[c->read_count++] = engine_second_of(run->newest_ms);
        look(e, run, case_number);
        any = true;
    }
    for (size_t i = c->run_count; patient && i > 0 && c->cases_read < LEARN_CASES_MAX; i--) {
        struct listed_run *run = &c->runs[i - 1];
        if (!teaches(e, stock, run, &case_number) || case_number != INTERN_NONE)
            continue;
        c->cases_read++;
        look(e, run, case_number);
        any = true;
    }
    return any;
}

static void ask(struct engine *e, const struct stock *stock)
{
    struct canary *c = e->canary;
    if (c->asked > 0)
        e->settle_until_ms = e->now_ms + ASK_AGAIN_MS;
    if (c->asked > 0 && stock->unknown)
        engine_observe_cases(e); /* they may have been made just now, as the logs were */
    c->asked++;
    canary_begin_search(c, &stock->span);
    engine_search_logs(e);
}

static bool is_settled(const struct engine *e)
{
    return e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_OFF;
}

/* A search, then looks at what newest logs hide, then more searches, and at last looks at what they miss.
 * Without a claim one search is enough: all is proved anew under it. */
static void prove(struct engine *e, const struct stock *stock)
{
    struct canary *c = e->canary;
    bool settled = is_settled(e);
    bool patient = settled || e->options.plan_only;
    bool hidden = settled && stock->hidden;
    bool ask_first = c->asked == 0 && (!c->searched || stock->missed);
    bool ask_again = patient && c->asked <= ASKED_AGAIN_MAX && (stock->missed || hidden);
    if (!stock->wanted && !(c->learnt_anew && engine_open_count(e)))
        return;
    if (stock->teaching && learn(e, stock, patient))
        return;
    if (c->learnt_anew) {
        c->asked = 0;
        ask(e, stock);
    } else if (!c->ended && !ask_first && hidden && c->looks < LOOKS_MAX) {
        look_at(e, stock, false, true);
    } else if (!c->ended && (ask_first || ask_again)) {
        ask(e, stock);
    } else {
        c->ended = true;
        if (patient)
            look_at(e, stock, true, hidden && c->lags);
    }
}

void engine_prove_absence(struct engine *e)
{
    struct stock stock;
    take_stock(e, &stock);
    if (!engine_read_bare_logs(e, is_settled(e) || e->options.plan_only))
        prove(e, &stock);
    free(stock.cases);
}
