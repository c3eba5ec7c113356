/* The logs of this execution, by a search over the report's time window (design 4.3). A search proves
 * presence only; absence is confirm_runs.c's. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/note.h"

void engine_mark_found(struct engine *e, uint32_t number)
{
    struct store_entry *entry = store_entry(e->desired->store, number);
    if (entry->sent)
        engine_word_proved(e, entry->status);
    if (entry->outcome == OUTCOME_OPEN)
        entry->outcome = entry->sent ? OUTCOME_CONFIRMED : OUTCOME_PRESENT;
}

bool engine_known_execution(const struct engine *e, const char *build_number)
{
    for (size_t i = 0; i < e->desired->report_count; i++)
        if (text_equal(e->desired->reports[i].execution_id, build_number))
            return true;
    return false;
}

static void keep_bare_log(struct engine *e, const struct qtest_log *log)
{
    bool ours = engine_known_execution(e, log->build_number);
    if (log->start_ms == TIME_NONE || log->run_id == 0 || (log->build_number && !ours))
        return;
    GROW(e->bare_logs, e->bare_log_count, e->bare_log_capacity);
    e->bare_logs[e->bare_log_count++] = (struct bare_log){.run_id = log->run_id,
                                                          .start_s = engine_second_of(log->start_ms),
                                                          .log_id = log->id,
                                                          .shown = engine_shown_status(log->status),
                                                          .ours = ours};
}

static void keep_known_log(struct engine *e, int64_t id)
{
    GROW(e->known_logs, e->known_log_count, e->known_log_capacity);
    e->known_logs[e->known_log_count++] = id;
}

uint32_t engine_bearer_of(const struct engine *e, const struct qtest_log *log)
{
    uint64_t marker;
    return note_marker(log->note, &marker) ? desired_find_bearer(e->desired, marker) : INTERN_NONE;
}

void engine_take_marked(struct engine *e, uint32_t bearer, const struct qtest_log *log)
{
    uint32_t number = desired_leader(e->desired, bearer);
    engine_mark_found(e, number);
    engine_note_status(e, number, bearer, log->run_id, log->id, engine_shown_status(log->status));
}

static void take_log(struct engine *e, const struct qtest_log *log)
{
    if (log->id > e->searched_log_id)
        e->searched_log_id = log->id;
    if (!log->note) {
        keep_bare_log(e, log);
        return;
    }
    uint32_t bearer = engine_bearer_of(e, log);
    if (bearer == INTERN_NONE || !engine_alone_in_run(e, desired_leader(e->desired, bearer)))
        keep_known_log(e, log->id); /* other results of its run may ask whether it is theirs */
    if (bearer != INTERN_NONE)
        engine_take_marked(e, bearer, log);
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

static void search_logs(struct engine *e, int64_t page);

static void on_logs(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    if (!engine_read_page(e, call, reply, &page))
        return;
    take_page(e, &page, &err);
    struct page_facts facts = page_facts_of(&page);
    if (engine_end_page(e, &page, &err))
        engine_follow_pages(e, call, facts, search_logs);
}

/* Where a result has no instant, nobody knows when its log was made to start: all logs are asked for. */
static char *window_query(const struct engine *e)
{
    char from[TIME_TEXT_SIZE];
    char to[TIME_TEXT_SIZE];
    if (e->desired->some_without_start)
        return xstrdup("");
    time_format_iso(e->desired->window_begin_ms - WINDOW_SLACK_MS, from);
    time_format_iso(e->desired->window_end_ms + WINDOW_SLACK_MS, to);
    return xasprintf("'Execution Start Date' >= '%s' and 'Execution Start Date' <= '%s'", from, to);
}

static void search_logs(struct engine *e, int64_t page)
{
    _cleanup_free_ char *query = window_query(e);
    struct search search = {.object_type = "test-logs", .query = query, .page = page, .log_properties = true};
    engine_call(e, call_search(e->project.id, &search), on_logs, page);
}

void engine_observe_logs(struct engine *e)
{
    e->bare_log_count = 0;
    e->known_log_count = 0;
    search_logs(e, 1);
}
