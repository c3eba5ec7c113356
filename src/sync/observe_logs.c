/* The logs of this execution, by a search over the report's time window. A search proves
 * presence only; absence is confirm_runs.c's. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/executions.h"
#include "sync/note.h"

void engine_mark_found(struct engine *e, uint32_t number)
{
    struct store_entry *entry = store_entry(e->desired->store, number);
    if (entry->sent)
        engine_word_proved(e, entry->status);
    if (entry->outcome == OUTCOME_OPEN)
        entry->outcome = entry->sent ? OUTCOME_CONFIRMED : OUTCOME_PRESENT;
}

/* The report whose execution the build number of a log names, the first of them; INTERN_NONE: none. */
static uint32_t execution_of(const struct engine *e, const char *build_number)
{
    for (size_t i = 0; build_number && i < e->desired->report_count; i++)
        if (identity_is_build_of(build_number, e->desired->reports[i].execution_id))
            return (uint32_t)i;
    return INTERN_NONE;
}

struct seen_log engine_seen_log(const struct qtest_log *log)
{
    return (struct seen_log){
        .run_id = log->run_id,
        .start_s = log->start_ms == TIME_NONE ? TIME_NONE : engine_second_of(log->start_ms),
        .start_ms = log->start_ms,
        .end_ms = log->end_ms,
        .log_id = log->id,
        .execution = INTERN_NONE,
        .shown = engine_shown_status(log->status),
    };
}

bool engine_may_be_ours(const struct engine *e, const struct qtest_log *log, struct seen_log *seen)
{
    seen->execution = execution_of(e, log->build_number);
    seen->anothers = log->build_number && seen->execution == INTERN_NONE;
    return log->start_ms != TIME_NONE && (!seen->anothers || e->desired->some_by_result);
}

/* Of the results that share the log of this one: does one begin less than a night before or after it? */
bool engine_is_of_this_time(const struct engine *e, uint32_t leader, int64_t log_start_ms)
{
    size_t count;
    const struct store_entry *lead = store_entry(e->desired->store, leader);
    const uint32_t *numbers = desired_entries_of_case(e->desired, lead->case_number, &count);
    if (log_start_ms == TIME_NONE || !e->desired->reports[lead->report].named)
        return true; /* the same bytes have the same times, whatever zone they are read in */
    for (size_t i = 0; i < count; i++) {
        int64_t start_ms = store_entry(e->desired->store, numbers[i])->start_ms;
        if (desired_leader(e->desired, numbers[i]) == leader &&
            (start_ms == TIME_NONE ||
             (log_start_ms > start_ms - EXECUTION_APART_MS && log_start_ms < start_ms + EXECUTION_APART_MS)))
            return true;
    }
    return false;
}

uint32_t engine_take_marks(struct engine *e, const struct qtest_log *log, bool in_our_run, bool *ret_new)
{
    struct log_marks whole;
    uint64_t marks[NOTE_MARKS_MAX];
    size_t count = note_marks(log->note, marks);
    struct seen_log seen = engine_seen_log(log);
    note_read_marks(log->note, &whole);
    seen.marks = &whole;
    if (!in_our_run && engine_run_is_elsewhere(e, log->run_id))
        return INTERN_NONE;
    uint32_t ours = INTERN_NONE;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = desired_find_mark(e->desired, marks, count, i);
        if (number == INTERN_NONE ||
            !engine_is_of_this_time(e, desired_leader(e->desired, number), log->start_ms))
            continue;
        uint32_t before = desired_leader(e->desired, number);
        uint32_t leader = desired_part(e->desired, number, marks, count);
        *ret_new |= engine_entry_open(e, leader) && !store_entry(e->desired->store, leader)->sent;
        if (engine_entry_open(e, leader))
            store_entry(e->desired->store, leader)->unplaced = !in_our_run && log->run_id;
        engine_mark_found(e, leader);
        engine_note_found_in(e, leader, log);
        if (desired_is_execution_mark(e->desired, leader, marks[i]))
            engine_note_status(e, leader, &seen);
        else
            engine_has_own_log(e, before, leader);
        ours = leader;
    }
    return ours;
}

static void take_log(struct engine *e, const struct qtest_log *log)
{
    if (!log->note) {
        canary_shown(e->canary, log->id, true);
        engine_keep_bare_log(e, log, log->run_id);
        return;
    }
    bool found_anew = false;
    uint32_t ours = engine_take_marks(e, log, false, &found_anew);
    canary_shown(e->canary, log->id, ours == INTERN_NONE || !engine_alone_in_run(e, ours));
}

void engine_take_run_log(struct engine *e, const struct qtest_log *log)
{
    bool found_anew = false;
    if (engine_take_marks(e, log, true, &found_anew) != INTERN_NONE)
        canary_learn(e, log->start_ms);
    if (found_anew)
        canary_search_lags(e->canary);
}

static void take_page(struct engine *e, const struct qtest_page *page, struct error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, page->items)
    {
        struct qtest_log log;
        if (log_read(item, &log, err) < 0)
            return;
        take_log(e, &log);
        qtest_log_release(&log);
    }
}

static void search_page(struct engine *e, int64_t page);

static void on_logs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    take_page(e, &page, &err);
    struct page_facts facts = page_facts_of(&page);
    if (engine_end_page(e, &page, &err))
        engine_follow_pages(e, call, facts, search_page);
}

/* Those that begin from the first to the last instant. */
static char *condition(int64_t first_ms, int64_t last_ms)
{
    char from[TIME_TEXT_SIZE];
    char to[TIME_TEXT_SIZE];
    time_format_iso(first_ms - WINDOW_SLACK_MS, from);
    time_format_iso(last_ms + WINDOW_SLACK_MS, to);
    return xasprintf("'Execution Start Date' >= '%s' and 'Execution Start Date' <= '%s'", from, to);
}

static char *query_of(const struct log_span *span)
{
    char *query = condition(span->first_ms, span->last_ms);
    for (size_t i = 0; i < span->also_count; i++) {
        _cleanup_free_ char *before = query;
        _cleanup_free_ char *also = condition(span->also_ms[i], span->also_ms[i]);
        query = xasprintf(i ? "%s or (%s)" : "(%s) or (%s)", before, also);
    }
    return query;
}

static void search_page(struct engine *e, int64_t page)
{
    _cleanup_free_ char *query = query_of(canary_span(e->canary));
    struct search search = {.object_type = "test-logs", .query = query, .page = page, .log_properties = true};
    engine_call(e, call_search(e->project.id, &search), on_logs, page);
}

void engine_search_logs(struct engine *e)
{
    bare_logs_forget(e->bare);
    engine_forget_found(e);
    search_page(e, 1);
}

void engine_observe_logs(struct engine *e)
{
    canary_search_window(e);
    engine_search_logs(e);
}
