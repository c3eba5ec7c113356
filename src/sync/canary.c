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
#include "canary_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/executions.h"

struct log_span canary_window(const struct engine *e)
{
    const struct canary *c = e->canary;
    struct log_span span = {.first_ms = e->desired->window_begin_ms,
                            .last_ms = e->desired->window_end_ms,
                            .also_count = c->learnt_count};
    memcpy(span.also_ms, c->learnt_ms, sizeof c->learnt_ms);
    return span;
}

void canary_begin_search(struct canary *c, const struct log_span *span)
{
    c->searched = true;
    c->learnt_anew = false;
    c->shown_count = 0;
    c->span = *span;
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

void canary_lists_begin(struct canary *c, bool sample)
{
    c->sampled = sample;
    c->run_count = 0;
    c->asked = 0;
    c->ended = false;
}

const struct log_span *canary_search_window(struct engine *e)
{
    struct log_span window = canary_window(e);
    canary_begin_search(e->canary, &window);
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

bool canary_sampled(const struct canary *c)
{
    return c->sampled;
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
bool canary_is_wanted(const struct engine *e, uint32_t suite, uint32_t case_number, bool new_cases)
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

/* The first result of its report. Reports of one upload may have come in with different ones before. */
static bool begins_report(const struct engine *e, uint32_t case_number)
{
    size_t count;
    const struct store *store = e->desired->store;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == 0 ||
            store_entry(store, numbers[i] - 1)->report != store_entry(store, numbers[i])->report)
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
    if ((lists_tell && !run->has_latest_log) || !canary_is_wanted(e, suite, case_number, new_cases))
        return; /* it has none, or nobody asks */
    if (c->run_count == 0 || c->runs[c->run_count - 1].suite != suite)
        c->known_in_suite = 0;
    bool leads = case_number != INTERN_NONE &&
                 (c->known_in_suite++ % e->options.batch_logs == 0 || begins_report(e, case_number));
    GROW(c->runs, c->run_count, c->run_capacity);
    c->runs[c->run_count++] = (struct listed_run){.id = run->id,
                                                  .case_id = run->case_id,
                                                  .newest_id = told ? run->latest_log.id : 0,
                                                  .newest_ms = told ? run->latest_log.start_ms : TIME_NONE,
                                                  .suite = suite,
                                                  .leads = leads};
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void canary_sort_shown(struct canary *c)
{
    if (c->shown_count)
        qsort(c->shown, c->shown_count, sizeof *c->shown, by_id);
}

bool canary_has_shown(const struct canary *c, int64_t id)
{
    return c->shown_count && bsearch(&id, c->shown, c->shown_count, sizeof *c->shown, by_id);
}

static bool near(int64_t ms, int64_t first_ms, int64_t last_ms)
{
    return ms >= first_ms - WINDOW_SLACK_MS && ms <= last_ms + WINDOW_SLACK_MS;
}

static bool is_learnt(const struct canary *c, int64_t start_ms)
{
    for (size_t i = 0; i < c->learnt_count; i++)
        if (near(start_ms, c->learnt_ms[i], c->learnt_ms[i]))
            return true;
    return false;
}

static bool in_reports_window(const struct engine *e, int64_t start_ms)
{
    return near(start_ms, e->desired->window_begin_ms, e->desired->window_end_ms);
}

static bool in_window(const struct engine *e, int64_t start_ms)
{
    return is_learnt(e->canary, start_ms) || in_reports_window(e, start_ms);
}

bool canary_must_learn(const struct engine *e)
{
    return e->desired->first_start_ms == TIME_NONE;
}

void canary_learn(struct engine *e, int64_t start_ms)
{
    struct canary *c = e->canary;
    if (!canary_must_learn(e) || start_ms == TIME_NONE || in_window(e, start_ms) ||
        c->learnt_count == LEARNT_MAX)
        return;
    c->learnt_ms[c->learnt_count++] = start_ms;
    c->learnt_anew = true;
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
    if (canary_must_learn(e) || in_window(e, run->newest_ms) ||
        !within(run->newest_ms, d->window_begin_ms, d->window_end_ms))
        return false;
    if (case_number == INTERN_NONE || d->window_begin_ms < d->first_start_ms)
        return true; /* it may have any of these times, or one of another zone */
    const uint32_t *numbers = desired_entries_of_case(d, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(d->store, numbers[i]);
        bool any_time = entry->start_ms == TIME_NONE;
        if (desired_suite_of(d, entry) == run->suite &&
            (any_time || within(run->newest_ms, entry->start_ms, entry->start_ms)))
            return true;
    }
    return false;
}

/* Its newest log begins where one of this execution may. */
bool canary_may_show_ours(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    return in_window(e, run->newest_ms) || is_of_another_part(e, run, case_number);
}

/* The canary does not sing yet. Without a note it says nothing, as long as its case is not known. */
bool canary_is_missed(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    const struct canary *c = e->canary;
    bool unknown = case_number == INTERN_NONE;
    if (!run->newest_id || run->looked || (unknown && run->case_read))
        return false;
    if (canary_has_shown(c, run->newest_id))
        return unknown && engine_has_bare_log(e, run->id);
    if (canary_may_show_ours(e, run, case_number))
        return true;
    /* Logs of a report without times begin together, all of them: too many to search for a canary. */
    return run->newest_id > c->highest_shown_id && !canary_must_learn(e);
}

/* Without a start in the report parts of one run may have begun at any time: when one is in, what it stands
 * before may be another. */
static bool is_in_beside(const struct engine *e, const struct store_entry *entry, const uint32_t *numbers,
                         size_t count)
{
    for (size_t i = 0; entry->start_ms == TIME_NONE && i < count; i++) {
        const struct store_entry *other = store_entry(e->desired->store, numbers[i]);
        if ((other->outcome == OUTCOME_CONFIRMED || other->outcome == OUTCOME_PRESENT) && !other->merged &&
            desired_suite_of(e->desired, other) == desired_suite_of(e->desired, entry))
            return true;
    }
    return false;
}

/* The newest log does not tell whether ours stands behind it. */
bool canary_hides_others(const struct engine *e, const struct listed_run *run, uint32_t case_number)
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
             is_in_beside(e, entry, numbers, count) ||
             (may_be_in && run->newest_id > engine_before_log_id(e))))
            return true;
    }
    return false;
}

/* Without any time in the report all its logs begin when it was uploaded, earlier perhaps. So one log of each
 * start that runs show is read, and behind those, where they are of other executions, the run that leads each
 * batch, and that of the first result of each report. What begins just now, the search reads. */
bool canary_may_teach(const struct engine *e, const struct listed_run *run, uint32_t case_number)
{
    const struct canary *c = e->canary;
    bool unknown = case_number == INTERN_NONE;
    if (!canary_must_learn(e) || !run->newest_id || run->looked || (unknown && run->case_read) ||
        is_learnt(c, run->newest_ms))
        return false;
    if (in_reports_window(e, run->newest_ms))
        return run->leads;
    for (int i = 0; i < c->read_count; i++)
        if (c->read_s[i] == engine_second_of(run->newest_ms))
            return run->leads;
    return true;
}

void canary_note_log(struct canary *c, int64_t run_id, int64_t start_ms)
{
    for (size_t i = 0; i < c->run_count; i++) {
        struct listed_run *run = &c->runs[i];
        if (run->id == run_id && !run->newest_id && start_ms > run->newest_ms)
            run->newest_ms = start_ms;
    }
}

void canary_each_newest(struct engine *e, newest_taker take)
{
    size_t case_count;
    _cleanup_free_ uint32_t *cases = engine_index_cases(e, &case_count);
    for (size_t i = 0; i < e->canary->run_count; i++) {
        const struct listed_run *run = &e->canary->runs[i];
        uint32_t case_number = engine_indexed_case(e, cases, case_count, run->case_id);
        if (case_number != INTERN_NONE && run->newest_ms != TIME_NONE)
            take(e, run->suite, case_number, run->newest_ms);
    }
}
