/* Absence of logs. Lists tell the truth, but of each run only its newest log; a search tells all, but may lag
 * (qtest-api.md 10, switches 11 and 34). So a search counts for absence only when it shows what the lists
 * show as newest: the canary. In the time of this report, and wherever else a log of its execution may begin,
 * those are the newest logs of all runs that something may still go into; elsewhere the one with the highest
 * id, since ids grow. What does not show yet is asked for again, and at last the logs of its run are listed.
 *
 * No canary sings of what a newest log hides, so there the logs of the run are listed at once:
 * - lists show no newest log at all (switch 13);
 * - it starts when ours does or later, and may be shown for that (switch 24), where ours may be in: nobody
 * can tell a first upload from a repeat by another machine;
 * - it came after this run or, as the journal tells, an earlier one had sent something, and each object has a
 *   lag of its own (switch 34).
 * These looks are bounded; what is beyond waits as for a canary. Cases have none: of a run of an unknown
 * case, where cases are new, it is asked which that is when its newest log is missed or not told. */
#include "canary.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/executions.h"

#define ASK_AGAIN_MS    2000
#define ASKED_AGAIN_MAX 3
#define LOOKS_MAX       64 /* a round, at runs whose newest log is not ours */
/* Behind a newest log of somebody else may stand one of ours: of a part that ran so much earlier or later. */
#define BEHIND_MS (3600 * INT64_C(1000))

/* A run that something open may go into, as the lists show it. */
struct listed_run {
    int64_t id;
    int64_t case_id;
    int64_t newest_id; /* 0: the lists show no newest logs */
    int64_t newest_ms;
    uint32_t suite;
    bool looked;    /* its logs were listed */
    bool case_read; /* since no search had shown it */
};

struct canary {
    struct listed_run *runs;
    size_t run_count;
    size_t run_capacity;
    int64_t
        *shown; /* ids of logs that the search has shown, sorted, but for those of runs that ask no more */
    size_t shown_count;
    size_t shown_capacity;
    int64_t highest_shown_id; /* by any search */
    int64_t before_id;        /* the highest that was listed before anything was sent */
    bool searched;            /* since the claim is held */
    int asked;                /* searches since the runs were listed */
    int looks;
    struct log_span span;
    bool lags;  /* a look found what the search had not shown */
    bool ended; /* it was asked often enough: the last looks are made */
};

static struct log_span window_of(const struct desired *d)
{
    return (struct log_span){
        .first_ms = d->window_begin_ms, .last_ms = d->window_end_ms, .also_ms = TIME_NONE};
}

struct canary *canary_new(void)
{
    return xcalloc(1, sizeof(struct canary));
}

void canary_free(struct canary *c)
{
    free(c->runs);
    free(c->shown);
    free(c);
}

void canary_forget(struct canary *c)
{
    free(c->runs);
    free(c->shown);
    c->runs = NULL;
    c->shown = NULL;
    c->run_count = c->run_capacity = c->shown_count = c->shown_capacity = 0;
}

void canary_new_round(struct canary *c)
{
    c->searched = false;
    c->lags = false;
    c->looks = 0;
}

void canary_lists_begin(struct canary *c)
{
    c->run_count = 0;
    c->asked = 0;
    c->ended = false;
}

static void begin_search(struct canary *c, const struct log_span *span)
{
    c->searched = true;
    c->shown_count = 0;
    c->span = *span;
}

const struct log_span *canary_search_window(struct engine *e)
{
    struct log_span window = window_of(e->desired);
    begin_search(e->canary, &window);
    return &e->canary->span;
}

const struct log_span *canary_span(const struct canary *c)
{
    return &c->span;
}

void canary_shown(struct canary *c, int64_t log_id, bool asked_for)
{
    c->highest_shown_id = engine_later_of(c->highest_shown_id, log_id);
    if (!asked_for)
        return;
    GROW(c->shown, c->shown_count, c->shown_capacity);
    c->shown[c->shown_count++] = log_id;
}

void canary_search_lags(struct canary *c)
{
    c->lags = true;
}

/* Ids grow. */
int64_t engine_before_log_id(const struct engine *e)
{
    const struct engine_memory *memory = e->options.memory;
    return memory && memory->sent ? memory->before_log_id : e->canary->before_id;
}

static bool open_in(const struct engine *e, uint32_t number, uint32_t suite)
{
    return engine_entry_open(e, number) &&
           desired_suite_of(e->desired, store_entry(e->desired->store, number)) == suite;
}

/* Something open may go into it: also into one of an unknown case, where cases are new. */
static bool is_wanted(const struct engine *e, uint32_t suite, uint32_t case_number, bool new_cases)
{
    size_t count;
    if (case_number == INTERN_NONE)
        return new_cases;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++)
        if (open_in(e, numbers[i], suite))
            return true;
    return false;
}

void canary_note_run(struct engine *e, uint32_t suite, const struct qtest_run *run, uint32_t case_number,
                     bool lists_tell, bool new_cases)
{
    struct canary *c = e->canary;
    bool told = run->has_latest_log && run->latest_log.start_ms != TIME_NONE;
    if (e->round == 0 && run->has_latest_log)
        c->before_id = engine_later_of(c->before_id, run->latest_log.id);
    if ((lists_tell && !run->has_latest_log) || !is_wanted(e, suite, case_number, new_cases))
        return; /* it has none, or nobody asks */
    GROW(c->runs, c->run_count, c->run_capacity);
    c->runs[c->run_count++] = (struct listed_run){.id = run->id,
                                                  .case_id = run->case_id,
                                                  .newest_id = told ? run->latest_log.id : 0,
                                                  .newest_ms = told ? run->latest_log.start_ms : TIME_NONE,
                                                  .suite = suite};
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool was_shown(const struct canary *c, int64_t id)
{
    return c->shown_count && bsearch(&id, c->shown, c->shown_count, sizeof *c->shown, by_id);
}

static bool in_window(const struct engine *e, int64_t start_ms)
{
    const struct desired *d = e->desired;
    return d->some_without_start || (start_ms >= d->window_begin_ms - WINDOW_SLACK_MS &&
                                     start_ms <= d->window_end_ms + WINDOW_SLACK_MS);
}

static bool within(int64_t ms, int64_t first_ms, int64_t last_ms)
{
    return ms > first_ms - EXECUTION_APART_MS && ms < last_ms + EXECUTION_APART_MS;
}

/* Outside of the window, and less than a night from what may go into the run: perhaps of another part of this
 * execution. */
static bool is_of_another_part(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    const struct desired *d = e->desired;
    size_t count = 0;
    if (in_window(e, run->newest_ms) || !within(run->newest_ms, d->window_begin_ms, d->window_end_ms))
        return false;
    if (case_number == INTERN_NONE || d->window_begin_ms < d->first_start_ms)
        return true; /* it may have any of these times, or one of another zone */
    const uint32_t *numbers = desired_entries_of_case(d, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(d->store, numbers[i]);
        if (desired_suite_of(d, entry) == run->suite &&
            within(run->newest_ms, entry->start_ms, entry->start_ms))
            return true;
    }
    return false;
}

/* Its newest log begins where one of this execution may. */
static bool may_show_ours(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    return in_window(e, run->newest_ms) || is_of_another_part(e, run, case_number);
}

/* The canary does not sing yet. Without a note it says nothing, as long as its case is not known. */
static bool is_missed(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    const struct canary *c = e->canary;
    bool unknown = case_number == INTERN_NONE;
    if (!run->newest_id || run->looked || (unknown && run->case_read))
        return false;
    if (was_shown(c, run->newest_id))
        return unknown && engine_has_bare_log(e, run->id);
    return run->newest_id > c->highest_shown_id || may_show_ours(e, run, case_number);
}

/* The newest log does not tell whether ours stands behind it. */
static bool hides_others(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    size_t count = 0;
    if (run->looked || (run->case_read && case_number == INTERN_NONE))
        return false;
    if (!run->newest_id || case_number == INTERN_NONE)
        return !run->newest_id;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        bool may_be_in = entry->sent || engine_has_memory(&e->options);
        if (open_in(e, numbers[i], run->suite) &&
            (engine_second_of(run->newest_ms) >= engine_sent_second_of(e, entry) ||
             (may_be_in && run->newest_id > engine_before_log_id(e))))
            return true;
    }
    return false;
}

/* What the lists show, against what the search has shown. */
struct stock {
    uint32_t *cases; /* engine_index_cases */
    size_t case_count;
    bool new_cases;
    size_t wanted;
    size_t missed;
    size_t hidden;
    size_t unknown; /* of the missed: of unknown cases */
    struct log_span span;
    int64_t also_id; /* the highest that was missed outside of it; 0: none */
};

/* False: nobody asks for it any more. */
static bool look_up(const struct engine *e, const struct stock *stock, const struct listed_run *run,
                    uint32_t *ret_case)
{
    *ret_case = engine_indexed_case(e, stock->cases, stock->case_count, run->case_id);
    return is_wanted(e, run->suite, *ret_case, stock->new_cases);
}

/* The span of the next search is to hold this one. */
static void widen(const struct engine *e, struct stock *stock, const struct listed_run *run,
                  uint32_t case_number)
{
    struct log_span *span = &stock->span;
    if (is_of_another_part(e, run, case_number)) {
        int64_t first_ms = e->desired->window_begin_ms - BEHIND_MS;
        first_ms = run->newest_ms < first_ms ? run->newest_ms : first_ms;
        span->first_ms = first_ms < span->first_ms ? first_ms : span->first_ms;
        span->last_ms = engine_later_of(span->last_ms, e->desired->window_end_ms + BEHIND_MS);
        span->last_ms = engine_later_of(span->last_ms, run->newest_ms);
    } else if (!in_window(e, run->newest_ms) && run->newest_id > stock->also_id) {
        stock->also_id = run->newest_id;
        span->also_ms = run->newest_ms;
    }
}

static void take_stock(struct engine *e, struct stock *ret)
{
    struct canary *c = e->canary;
    *ret = (struct stock){.new_cases = engine_has_new_cases(e), .span = window_of(e->desired)};
    ret->cases = engine_index_cases(e, &ret->case_count);
    if (c->shown_count)
        qsort(c->shown, c->shown_count, sizeof *c->shown, by_id);
    engine_sort_bare_logs(e);
    for (size_t i = 0; i < c->run_count; i++) {
        const struct listed_run *run = &c->runs[i];
        uint32_t case_number = engine_indexed_case(e, ret->cases, ret->case_count, run->case_id);
        if (case_number != INTERN_NONE)
            engine_use_bare_logs(e, run->suite, run->id, case_number);
        if (!look_up(e, ret, run, &case_number))
            continue;
        ret->wanted++;
        ret->hidden += hides_others(e, run, case_number);
        if (!is_missed(e, run, case_number))
            continue;
        ret->missed++;
        ret->unknown += case_number == INTERN_NONE;
        widen(e, ret, run, case_number);
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
        engine_look_at_run(e, run->suite, run->id, case_number);
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
        bool is_due = missed && is_missed(e, run, case_number);
        bool is_sure = is_due && case_number != INTERN_NONE && may_show_ours(e, run, case_number);
        bool in_doubt = is_due || (hidden && hides_others(e, run, case_number));
        if (!is_sure && !(in_doubt && (c->looks < LOOKS_MAX || (c->ended && c->lags))))
            continue;
        look(e, run, case_number);
    }
}

static void ask(struct engine *e, const struct stock *stock)
{
    struct canary *c = e->canary;
    if (c->asked > 0)
        e->settle_until_ms = e->now_ms + ASK_AGAIN_MS;
    if (c->asked > 0 && stock->unknown)
        engine_observe_cases(e); /* they may have been made just now, as the logs were */
    c->asked++;
    begin_search(c, &stock->span);
    engine_search_logs(e);
}

/* A search, then looks at what newest logs hide, then more searches, and at last looks at what they miss.
 * Without a claim one search is enough: all is proved anew under it. */
static void prove(struct engine *e, const struct stock *stock)
{
    struct canary *c = e->canary;
    bool settled = e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_OFF;
    bool patient = settled || e->options.plan_only;
    bool hidden = settled && stock->hidden;
    bool ask_first = c->asked == 0 && (!c->searched || stock->missed);
    bool ask_again = patient && c->asked <= ASKED_AGAIN_MAX && (stock->missed || hidden);
    if (!stock->wanted)
        return;
    if (!c->ended && !ask_first && hidden && c->looks < LOOKS_MAX) {
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
    prove(e, &stock);
    free(stock.cases);
}

void canary_each_newest(struct engine *e, newest_taker take)
{
    size_t case_count;
    _cleanup_free_ uint32_t *cases = engine_index_cases(e, &case_count);
    for (size_t i = 0; i < e->canary->run_count; i++) {
        const struct listed_run *run = &e->canary->runs[i];
        uint32_t case_number = engine_indexed_case(e, cases, case_count, run->case_id);
        if (case_number != INTERN_NONE && run->newest_id)
            take(e, run->suite, case_number, run->newest_ms);
    }
}
