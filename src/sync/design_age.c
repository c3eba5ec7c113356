/* Whose design counts: that of an execution which is not older than any log of the test case, in whatever
 * cycle. So neither a late report nor one that is flushed late turns a design back, executions that are
 * uploaded in order make their versions in order, and a repeat can finish what was left.
 *
 * The runs of the cases that differ are looked up, many cases a search. A newest log that is later decides at
 * once. Any other one may hide a later log: a server shows what was submitted last, or nothing (switches 13
 * and 24). So where some case is left, the later logs of the project are searched: in the upload of what has
 * just ended there are none but its own and those of its neighbours. Where they fill more pages than the
 * cases that are left have runs, the logs of these runs are listed instead. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

/* A query of them stays well below QTEST_QUERY_MAX_BYTES. */
#define CASES_A_SEARCH 45

/* TIME_NONE: some result of the case has no instant, so nothing is older. */
static int64_t last_start_of(const struct engine *e, uint32_t case_number)
{
    size_t count;
    int64_t last_ms = INT64_MIN;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; i < count; i++) {
        int64_t start_ms = store_entry(e->desired->store, numbers[i])->start_ms;
        if (start_ms == TIME_NONE)
            return TIME_NONE;
        last_ms = engine_later_of(last_ms, start_ms);
    }
    return last_ms;
}

/* change: NULL: none is wanted. */
static void judge_log(const struct engine *e, struct design_change *change, int64_t start_ms)
{
    int64_t last_ms = change ? last_start_of(e, change->case_number) : TIME_NONE;
    if (start_ms != TIME_NONE && last_ms != TIME_NONE)
        change->older |= engine_second_of(start_ms) > engine_second_of(last_ms);
}

static int by_case_id(const void *a, const void *b)
{
    const struct design_change *x = a;
    const struct design_change *y = b;
    return (x->case_id > y->case_id) - (x->case_id < y->case_id);
}

static struct design_change *change_of(const struct engine *e, int64_t case_id)
{
    const struct design_change key = {.case_id = case_id};
    return e->design_change_count
               ? bsearch(&key, e->design_changes, e->design_change_count, sizeof key, by_case_id)
               : NULL;
}

static void judge_run(struct engine *e, const struct qtest_run *run)
{
    struct design_change *change = change_of(e, run->case_id);
    if (!change)
        return;
    if (run->has_latest_log)
        judge_log(e, change, run->latest_log.start_ms);
    GROW(e->design_runs, e->design_run_count, e->design_run_capacity);
    e->design_runs[e->design_run_count++] = (struct design_run){.run_id = run->id, .case_id = run->case_id};
}

static int by_run_id(const void *a, const void *b)
{
    const struct design_run *x = a;
    const struct design_run *y = b;
    return (x->run_id > y->run_id) - (x->run_id < y->run_id);
}

static void judge_later_log(struct engine *e, const struct qtest_log *log)
{
    const struct design_run key = {.run_id = log->run_id};
    const struct design_run *run = bsearch(&key, e->design_runs, e->design_run_count, sizeof key, by_run_id);
    if (run)
        judge_log(e, change_of(e, run->case_id), log->start_ms);
}

static void drop_changes(struct engine *e, bool all)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->design_change_count; i++) {
        if (all || e->design_changes[i].older)
            free(e->design_changes[i].name);
        else
            e->design_changes[kept++] = e->design_changes[i];
    }
    e->design_change_count = kept;
}

/* The results are in, so this is no reason to fail: the cases stay as they are. */
static void keep_all(struct engine *e, const struct call *call, const struct reply *reply)
{
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    if (e->design_change_count == 0)
        return; /* told already */
    drop_changes(e, true);
    engine_problem(e, ERR_NONE, 0,
                   "changed test cases keep description and steps for now: whether a later execution has "
                   "written them cannot be looked up: %s; run the same command again later",
                   said);
}

static bool is_open(const struct engine *e, int64_t case_id)
{
    const struct design_change *change = change_of(e, case_id);
    return change && !change->older;
}

struct age_look {
    struct run_logs logs; /* first: the look is what the walk frees */
    int64_t case_id;
};

static bool on_log(struct engine *e, struct run_logs *logs, const struct qtest_log *log)
{
    int64_t case_id = ((struct age_look *)logs)->case_id;
    judge_log(e, change_of(e, case_id), log->start_ms);
    return is_open(e, case_id);
}

static int64_t count_open_runs(const struct engine *e)
{
    int64_t count = 0;
    for (size_t i = 0; i < e->design_run_count; i++)
        count += is_open(e, e->design_runs[i].case_id);
    return count;
}

static void list_open_runs(struct engine *e)
{
    for (size_t i = 0; i < e->design_run_count; i++) {
        const struct design_run *run = &e->design_runs[i];
        if (!is_open(e, run->case_id))
            continue;
        struct age_look *look = xcalloc(1, sizeof *look);
        look->case_id = run->case_id;
        look->logs.run_id = run->run_id;
        look->logs.take = on_log;
        engine_list_run_logs(e, &look->logs);
    }
}

static void search(struct engine *e, const char *type, const char *query, int64_t page);

static int take_item(struct engine *e, const cJSON *item, bool is_run, struct error *err)
{
    struct qtest_run run;
    struct qtest_log log;
    int r = is_run ? run_read(item, &run, err) : log_read(item, &log, err);
    if (r < 0)
        return r;
    if (is_run) {
        judge_run(e, &run);
        qtest_run_release(&run);
    } else {
        judge_later_log(e, &log);
        qtest_log_release(&log);
    }
    return 0;
}

static void on_found(struct engine *e, struct call *call, const struct reply *reply)
{
    struct qtest_page page;
    struct error err = ERROR_INIT;
    const cJSON *item;
    if (reply_verdict(reply) != VERDICT_OK && reply->status != 401) {
        keep_all(e, call, reply);
        return;
    }
    if (!engine_read_page(e, call, reply, &page))
        return;
    bool is_run = e->phase == PHASE_AGES;
    struct page_facts facts = page_facts_of(&page);
    cJSON_ArrayForEach(item, page.items)
    {
        if (take_item(e, item, is_run, &err) < 0)
            break;
    }
    if (!engine_end_page(e, &page, &err))
        return;
    if (!is_run && call->number == 1 && facts.pages > count_open_runs(e)) {
        list_open_runs(e);
        return;
    }
    _cleanup_free_ char *query = call_searched(call->request);
    for (int64_t next = call->number + 1; next <= engine_last_page(call->number, facts); next++)
        search(e, is_run ? "test-runs" : "test-logs", query, next);
}

static void search(struct engine *e, const char *type, const char *query, int64_t page)
{
    const struct search search = {.object_type = type, .query = query, .page = page};
    engine_call(e, call_search(e->project.id, &search), on_found, page);
}

void engine_search_design_runs(struct engine *e)
{
    size_t asked = 0;
    struct buf query = BUF_UNBOUNDED;
    if (e->design_change_count)
        qsort(e->design_changes, e->design_change_count, sizeof *e->design_changes, by_case_id);
    for (size_t i = 0; i < e->design_change_count; i++) {
        const struct design_change *change = &e->design_changes[i];
        if (last_start_of(e, change->case_number) == TIME_NONE)
            continue;
        buf_printf(&query, "%s'Test Case Id' = %" PRId64, query.length ? " or " : "", change->case_id);
        if (++asked % CASES_A_SEARCH)
            continue;
        search(e, "test-runs", buf_text(&query), 1);
        buf_clear(&query);
    }
    if (query.length)
        search(e, "test-runs", buf_text(&query), 1);
    buf_release(&query);
}

void engine_search_later_logs(struct engine *e)
{
    int64_t first_ms = INT64_MAX;
    for (size_t i = 0; i < e->design_change_count; i++) {
        int64_t last_ms = last_start_of(e, e->design_changes[i].case_number);
        if (!e->design_changes[i].older && last_ms != TIME_NONE && last_ms < first_ms)
            first_ms = last_ms;
    }
    if (first_ms == INT64_MAX || !e->design_run_count)
        return;
    char from[TIME_TEXT_SIZE];
    qsort(e->design_runs, e->design_run_count, sizeof *e->design_runs, by_run_id);
    time_format_iso((engine_second_of(first_ms) + 1) * 1000, from);
    _cleanup_free_ char *query = xasprintf("'Execution Start Date' >= '%s'", from);
    search(e, "test-logs", query, 1);
}

void engine_drop_older_designs(struct engine *e)
{
    size_t count = e->design_change_count;
    drop_changes(e, false);
    if (e->design_change_count == count)
        return;
    _cleanup_free_ char *cases =
        text_counted((int64_t)(count - e->design_change_count), "test case keeps", "test cases keep");
    engine_problem(e, ERR_NONE, 0,
                   "%s description and steps: a later execution than this report's has written them", cases);
}
