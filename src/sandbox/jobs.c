#include <stdlib.h>

#include "base/memory.h"
#include "sandbox/bulk.h"
#include "sandbox/dates.h"
#include "sandbox/job_run.h"
#include "sandbox/jobs.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"

int64_t jobs_queue(struct sandbox *sb, int64_t project, bool by_modules, bool escape_xml,
                   const struct buf *body, int64_t now_ms)
{
    int64_t id = store_new_id(sb->store);
    store_run(sb->store,
              "INSERT INTO jobs (id, project, form, escape_xml, body, created_ms) VALUES (?, ?, ?, ?, ?, ?)",
              "iitdbi", id, project, by_modules ? "B" : "A", (int)escape_xml, buf_text(body), body->length,
              now_ms);
    pthread_cond_broadcast(&sb->wake);
    return id;
}

static const char *open_state(const struct sandbox *sb, int64_t started_ms, int64_t now_ms)
{
    if (started_ms == 0)
        return "IN_WAITING";
    return now_ms - started_ms < sb->job_ms / 2 ? "PENDING" : "IN_PROCESSING";
}

struct job_view jobs_view(struct sandbox *sb, int64_t id, int64_t now_ms)
{
    struct job_view view = {.state = NULL};
    int64_t lifetime_ms = sb->switches.value[SWITCH_JOB_LIFETIME_MS];
    _cleanup_(rows_close) struct rows r = rows_open(
        sb->store, "SELECT state, content_type, content, started_ms, ended_ms FROM jobs WHERE id = ?", "i",
        id);
    if (!rows_next(&r))
        return view;
    int64_t state = rows_int(&r, 0);
    if (state == JOB_OPEN) {
        view.state = open_state(sb, rows_int(&r, 3), now_ms);
    } else if (lifetime_ms == 0 || now_ms < rows_int(&r, 4) + lifetime_ms) {
        view.state = state == JOB_SUCCESS ? "SUCCESS" : "FAILED";
        view.content_type = xstrdup(rows_text(&r, 1));
        view.content = xstrdup(rows_text(&r, 2));
    }
    return view;
}

void job_view_release(struct job_view *view)
{
    free(view->content_type);
    free(view->content);
}

/* Gives every job that may run now its start: all of them, or the oldest of each project. */
static void start_jobs(struct sandbox *sb, int64_t now_ms)
{
    if (sb->switches.value[SWITCH_JOBS] == JOBS_OVERLAPPING)
        store_run(sb->store, "UPDATE jobs SET started_ms = created_ms WHERE state = 0 AND started_ms IS NULL",
                  "");
    else
        store_run(sb->store,
                  "UPDATE jobs SET started_ms = ? WHERE started_ms IS NULL AND id IN (SELECT min(id) FROM "
                  "jobs WHERE "
                  "state = 0 GROUP BY project)",
                  "i", now_ms);
}

/* The job that is due first and when; 0 when there is none. */
static int64_t next_job(struct sandbox *sb, int64_t *ret_due_ms)
{
    _cleanup_(rows_close) struct rows r = rows_open(sb->store,
                                                    "SELECT id, started_ms FROM jobs WHERE state = 0 AND "
                                                    "started_ms IS NOT NULL ORDER BY started_ms, id LIMIT 1",
                                                    "");
    if (!rows_next(&r))
        return 0;
    *ret_due_ms = rows_int(&r, 1) + sb->job_ms;
    return rows_int(&r, 0);
}

static void wait_until(struct sandbox *sb, int64_t due_ms)
{
    struct timespec until = {.tv_sec = due_ms / 1000, .tv_nsec = (due_ms % 1000) * 1000000};
    pthread_cond_timedwait(&sb->wake, &sb->lock, &until);
}

void *jobs_work(void *sandbox)
{
    struct sandbox *sb = sandbox;
    pthread_mutex_lock(&sb->lock);
    while (!sb->ending) {
        int64_t due_ms = 0;
        store_begin(sb->store);
        start_jobs(sb, sandbox_now_ms(sb));
        store_commit(sb->store);
        int64_t id = next_job(sb, &due_ms);
        if (!id)
            pthread_cond_wait(&sb->wake, &sb->lock);
        else if (due_ms > sandbox_now_ms(sb))
            wait_until(sb, due_ms);
        else
            job_run(sb, id);
    }
    pthread_mutex_unlock(&sb->lock);
    return NULL;
}
