#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/bulk.h"
#include "sandbox/job_run.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"
#include "sandbox/submit.h"

struct job {
    int64_t id, project, started_ms;
    bool by_modules, escape_xml;
    cJSON *body;
};

static bool load_job(struct sandbox *sb, int64_t id, struct job *ret)
{
    size_t size;
    _cleanup_(rows_close) struct rows r = rows_open(
        sb->store, "SELECT project, form, escape_xml, started_ms, body FROM jobs WHERE id = ?", "i", id);
    if (!rows_next(&r))
        return false;
    const char *body = rows_blob(&r, 4, &size);
    *ret = (struct job){
        .id = id,
        .project = rows_int(&r, 0),
        .by_modules = text_equal(rows_text(&r, 1), "B"),
        .escape_xml = rows_int(&r, 2) != 0,
        .started_ms = rows_int(&r, 3),
        .body = json_parse(body, size),
    };
    return true;
}

/* Which entries of a body count when one automation content comes twice: switch 9. */
struct occurrence {
    const char *content;
    int64_t index;
};

static int by_content(const void *a, const void *b)
{
    const struct occurrence *x = a, *y = b;
    int order = strcmp(x->content, y->content);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static bool *entries_to_skip(const struct sandbox *sb, const cJSON *logs)
{
    size_t count = (size_t)cJSON_GetArraySize(logs), known = 0;
    bool *skip = xcalloc(count + 1, sizeof *skip);
    int64_t rule = sb->switches.value[SWITCH_REPEATED_CONTENT], index = 0;
    if (rule == REPEATED_TWO_LOGS)
        return skip;
    struct occurrence *list = xcalloc(count + 1, sizeof *list);
    const cJSON *item;
    cJSON_ArrayForEach(item, logs)
    {
        const char *content = json_text(item, "automation_content");
        if (content)
            list[known++] = (struct occurrence){.content = content, .index = index};
        index++;
    }
    qsort(list, known, sizeof *list, by_content);
    for (size_t i = 0; i + 1 < known; i++)
        if (strcmp(list[i].content, list[i + 1].content) == 0)
            skip[list[rule == REPEATED_LAST_WINS ? i : i + 1].index] = true;
    free(list);
    return skip;
}

/* True: the job goes on (the log is in, or was dropped). False: the job fails with *ret_message. */
static bool add_entry(struct sandbox *sb, struct bulk *b, const cJSON *item, int64_t index,
                      char **ret_message)
{
    struct automation_log log;
    _cleanup_free_ char *message = NULL;
    const int64_t *value = sb->switches.value;
    enum entry_problem bad = automation_log_read(&sb->switches, item, &log, &message);
    bool dropped = false;
    if (bad == ENTRY_GOOD && b->by_modules && log.module_count == 0) {
        bad = ENTRY_BAD;
        message = xstrdup("Field 'module_names' is required");
    }
    if (bad == ENTRY_GOOD)
        bad = bulk_add(b, &log, &message) ? ENTRY_GOOD : ENTRY_MALFORMED;
    if (bad == ENTRY_MALFORMED)
        dropped = true; /* an invalid property value: that log is left out (docs/qtest-api.md 3.3) */
    else if (bad == ENTRY_UNMAPPED)
        dropped = value[SWITCH_UNMAPPED_STATUS] == UNMAPPED_LOG_DROPPED;
    else if (bad != ENTRY_GOOD)
        dropped = value[SWITCH_BAD_LOG] == BAD_LOG_DROPPED;
    if (bad != ENTRY_GOOD && !dropped)
        *ret_message =
            xasprintf("Test log %lld ('%s'): %s", (long long)index + 1, log.name ? log.name : "", message);
    automation_log_release(&log);
    return bad == ENTRY_GOOD || dropped;
}

static bool add_all(struct sandbox *sb, struct bulk *b, const cJSON *body, char **ret_message)
{
    const cJSON *logs = json_member(body, "test_logs"), *item;
    _cleanup_free_ bool *skip = entries_to_skip(sb, logs);
    int64_t index = 0;
    cJSON_ArrayForEach(item, logs)
    {
        if (!skip[index] && !add_entry(sb, b, item, index, ret_message))
            return false;
        index++;
    }
    return true;
}

static void write_totals(struct sandbox *sb, struct bulk *b, struct buf *out)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, NULL);
    if (!b->by_modules) {
        _cleanup_free_ char *name =
            store_text(sb->store, "SELECT name FROM suites WHERE id = ?", "i", b->place.id);
        json_integer(&w, "testSuiteId", b->place.id);
        json_string(&w, "testSuiteName", name);
    }
    json_integer(&w, "totalTestCases", id_list_distinct(&b->cases));
    json_integer(&w, "totalTestRuns", id_list_distinct(&b->runs));
    json_integer(&w, "totalTestLogs", b->logs);
    json_end(&w);
}

/* All writes of the job. False: it failed, *ret_message says why. */
static bool write_results(struct sandbox *sb, const struct job *job, int64_t now_ms, struct buf *totals,
                          char **ret_message)
{
    if (!store_int(sb->store, 0, "SELECT automation FROM projects WHERE id = ?", "i", job->project)) {
        *ret_message = xstrdup("Automation not turned on");
        return false;
    }
    _cleanup_(submit_target_release) struct submit_target t =
        submit_find_target(sb->store, job->project, job->by_modules, job->body, now_ms);
    if (!t.ok) {
        *ret_message = TAKE(t.message);
        return false;
    }
    struct bulk b;
    bulk_init(&b, sb->store, &sb->switches, job->project, now_ms);
    b.by_modules = job->by_modules;
    b.escape_xml = job->escape_xml;
    b.skip_automation_module = t.skip_automation_module;
    b.parent_module = t.parent_module;
    b.place = t.place;
    if (!b.place.id)
        b.place.id = bulk_daily_suite(sb->store, job->project, t.daily_suite, now_ms);
    if (sb->switches.value[SWITCH_JOBS] == JOBS_OVERLAPPING &&
        sb->switches.value[SWITCH_OVERLAP_CASES] == OVERLAP_TWO_CASES)
        b.known_before_ms = job->started_ms;
    bool good = add_all(sb, &b, job->body, ret_message);
    write_totals(sb, &b, totals);
    bulk_release(&b);
    return good;
}

static void end_job(struct sandbox *sb, int64_t id, enum job_state state, const char *type,
                    const char *content, int64_t now_ms)
{
    store_run(
        sb->store,
        "UPDATE jobs SET state = ?, content_type = ?, content = ?, ended_ms = ?, body = x'' WHERE id = ?",
        "dttii", (int)state, type, content, now_ms, id);
}

/* Switch 5: how a failure is told. */
static void end_failed(struct sandbox *sb, int64_t id, const char *message, int64_t now_ms)
{
    int64_t form = sb->switches.value[SWITCH_FAILED_CONTENT];
    if (form == FAILED_CONTENT_EMPTY) {
        end_job(sb, id, JOB_FAILED, NULL, "", now_ms);
    } else if (form == FAILED_CONTENT_TEXT) {
        end_job(sb, id, JOB_FAILED, "text/plain", message, now_ms);
    } else {
        _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
        struct json_writer w;
        json_writer_init(&w, &out);
        json_object(&w, NULL);
        json_string(&w, "message", message);
        json_end(&w);
        end_job(sb, id, JOB_FAILED, "application/json", buf_text(&out), now_ms);
    }
}

void job_run(struct sandbox *sb, int64_t id)
{
    struct job job = {.id = id};
    _cleanup_(buf_release) struct buf totals = BUF_UNBOUNDED;
    _cleanup_free_ char *message = NULL;
    int64_t now_ms = sandbox_now_ms(sb);
    bool keep_prefix = sb->switches.value[SWITCH_FAILED_JOB] == FAILED_JOB_PREFIX_WRITTEN;
    store_begin(sb->store);
    bool good = load_job(sb, id, &job) && write_results(sb, &job, now_ms, &totals, &message);
    if (!good && !keep_prefix) {
        store_rollback(sb->store);
        store_begin(sb->store);
    }
    if (good)
        end_job(sb, id, JOB_SUCCESS, "application/json", buf_text(&totals), now_ms);
    else
        end_failed(sb, id, message ? message : "Unexpected error", now_ms);
    if (!store_commit(sb->store)) {
        store_begin(sb->store);
        end_failed(sb, id, "Unexpected error of the database", now_ms);
        store_commit(sb->store);
    }
    cJSON_Delete(job.body);
}
