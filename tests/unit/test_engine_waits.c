/* What the engine does side by side, and how late it sees the end of a job: against a qTest that is empty,
 * answers each call after the same time, and runs its jobs one after another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "report/store.h"
#include "sync/desired.h"
#include "sync/engine.h"

#define LATENCY_MS 100
#define JOB_MS     1000
#define CALLS_MAX  800
#define PROJECT    "/api/v3/projects/77"

struct sent {
    const struct request *request;
    int64_t id;
    int64_t sent_ms;
    int64_t due_ms;
    char *path;
    char *answer; /* NULL: heard */
};

struct site {
    int64_t now_ms;
    int64_t last_id;
    char *claim; /* the suite at the root, NULL: none */
    int64_t job_end_ms[CALLS_MAX];
    int64_t last_job_end_ms;
    struct sent sent[CALLS_MAX];
    size_t count;
};

static char *job_answer(struct site *site, int64_t id)
{
    return xasprintf("{\"id\":%" PRId64 ",\"state\":\"%s\"}", id,
                     site->now_ms < site->job_end_ms[id] ? "IN_PROCESSING" : "SUCCESS");
}

/* A cycle, suite or module that was made; the name stands first in every body. */
static char *made(struct site *site, const struct request *request)
{
    int64_t id = ++site->last_id;
    char *node = xasprintf("{\"id\":%" PRId64 ",%s", id, buf_text(&request->body) + 1);
    if (!site->claim)
        site->claim = xstrdup(node); /* nothing is created before it */
    return node;
}

static char *submitted(struct site *site)
{
    int64_t id = ++site->last_id;
    int64_t begin_ms = site->last_job_end_ms > site->now_ms ? site->last_job_end_ms : site->now_ms;
    site->job_end_ms[id] = site->last_job_end_ms = begin_ms + JOB_MS;
    return job_answer(site, id);
}

static char *answer(struct site *site, const struct request *request)
{
    const char *job = strstr(request->path, "/queue-processing/");
    if (job)
        return job_answer(site, strtoll(job + strlen("/queue-processing/"), NULL, 10));
    if (strstr(request->path, "/auto-test-logs"))
        return submitted(site);
    if (strstr(request->path, "/search"))
        return xstrdup("{\"total\":0,\"items\":[]}");
    if (request->method == HTTP_POST)
        return made(site, request);
    if (strstr(request->path, "/test-suites") && request->method == HTTP_GET)
        return xasprintf("[%s]", site->claim);
    if (strstr(request->path, "/test-cycles") || strstr(request->path, "/modules"))
        return xstrdup("[]");
    return xstrdup("{\"id\":77,\"name\":\"P\",\"automation\":true}");
}

static void take(struct site *site, const struct engine_step *step)
{
    assert_true(site->count < CALLS_MAX);
    site->sent[site->count++] = (struct sent){.request = step->request,
                                              .id = step->id,
                                              .sent_ms = site->now_ms,
                                              .due_ms = site->now_ms + LATENCY_MS,
                                              .path = xstrdup(step->request->path),
                                              .answer = answer(site, step->request)};
}

static struct sent *next_answer(struct site *site)
{
    for (size_t i = 0; i < site->count; i++)
        if (site->sent[i].answer)
            return &site->sent[i]; /* all take the same time: in the order in which they went out */
    return NULL;
}

static void hear(struct site *site, struct engine *engine, struct sent *sent)
{
    struct reply reply;
    reply_init(&reply);
    reply.kind = REPLY_HTTP;
    reply.status = 200;
    reply.json = true;
    buf_puts(&reply.body, sent->answer);
    free(sent->answer);
    sent->answer = NULL;
    engine_answer(engine, sent->id, &reply, site->now_ms);
    reply_release(&reply);
}

static void drive_to_the_end(struct site *site, struct engine *engine)
{
    for (;;) {
        struct engine_step step;
        engine_next(engine, site->now_ms, &step);
        if (step.kind == STEP_DONE)
            return;
        if (step.kind == STEP_SEND) {
            take(site, &step);
            continue;
        }
        struct sent *sent = next_answer(site);
        bool heard = sent && sent->due_ms <= step.until_ms;
        int64_t until_ms = heard ? sent->due_ms : step.until_ms;
        site->now_ms = until_ms > site->now_ms ? until_ms : site->now_ms;
        if (heard)
            hear(site, engine, sent);
    }
}

static void build(struct store *store, struct desired_report *report, struct desired *desired, int folders)
{
    struct error err = ERROR_INIT;
    store_init(store, 1u << 20);
    for (int i = 0; i < folders; i++) {
        _cleanup_free_ char *name = xasprintf("Folder %d", i);
        const char *const path[] = {name};
        const struct test_result result = {.name = "t",
                                           .folders = path,
                                           .folder_count = 1,
                                           .target = "Chrome",
                                           .start_ms = 1000,
                                           .end_ms = 2000,
                                           .duration_ms = TIME_NONE};
        assert_int_equal(store_add(store, 0, &result, &err), 0);
    }
    const struct desired_options options = {.job = "job", .fallback_start_ms = 5000};
    assert_int_equal(desired_build(desired, store, report, 1, &options, &err), 0);
}

/* Uploads one test in each of some folders; the caller releases the site. */
static void upload(struct site *site, int folders)
{
    struct report_meta meta = {.format = FORMAT_TESTPROJECT_JSON};
    struct desired_report report = {.meta = &meta, .execution_id = "e"};
    const struct engine_options options = {.project = "77",
                                           .root_module = "TestProject",
                                           .status_word = {"PASS", "FAIL", "FAIL", "SKIP"},
                                           .claim = true,
                                           .timeout_ms = 600000,
                                           .request_timeout_ms = 30000,
                                           .settle_ms = 120000,
                                           .batch_logs = 500,
                                           .batch_bytes = 1 << 20,
                                           .parallel = 4};
    struct store store;
    struct desired desired;
    struct sync_outcome outcome;
    build(&store, &report, &desired, folders);
    struct engine *engine = engine_new(&desired, &options, 0);
    drive_to_the_end(site, engine);
    engine_outcome(engine, &outcome);
    assert_int_equal(outcome.status, SYNC_STATUS_DONE);
    assert_int_equal(outcome.counts.confirmed, folders);
    sync_outcome_release(&outcome);
    engine_free(engine);
    desired_release(&desired);
    store_release(&store);
}

static void release(struct site *site)
{
    for (size_t i = 0; i < site->count; i++)
        free(site->sent[i].path);
    free(site->claim);
}

/* When the number-th call whose path begins so went out, -1: never. */
static int64_t sent_at(const struct site *site, const char *path, size_t number)
{
    for (size_t i = 0; i < site->count; i++)
        if (strncmp(site->sent[i].path, path, strlen(path)) == 0 && number-- == 0)
            return site->sent[i].sent_ms;
    return -1;
}

static void test_modules_are_made_beside_cycle_and_suites(void **state)
{
    (void)state;
    struct site site = {.last_id = 100};
    upload(&site, 3);
    int64_t cycle_ms = sent_at(&site, PROJECT "/test-cycles", 1); /* the first is the list */
    assert_true(cycle_ms > 0);
    assert_int_equal(sent_at(&site, PROJECT "/modules", 0), cycle_ms - LATENCY_MS);
    assert_int_equal(sent_at(&site, PROJECT "/modules", 1), cycle_ms);
    assert_int_equal(sent_at(&site, PROJECT "/test-suites?parentId=0", 0), 2 * LATENCY_MS); /* the claim */
    for (size_t i = 2; i < 5; i++)
        assert_int_equal(sent_at(&site, PROJECT "/modules", i), cycle_ms + LATENCY_MS);
    assert_int_equal(sent_at(&site, "/api/v3.1/projects/77/test-runs", 0), cycle_ms + 2 * LATENCY_MS);
    release(&site);
}

static void test_end_of_a_long_line_of_jobs_is_seen_soon(void **state)
{
    (void)state;
    enum { JOBS = 30 };
    struct site site = {.last_id = 100};
    upload(&site, JOBS);
    int64_t seen_ms = site.now_ms - LATENCY_MS; /* then the claim was given back */
    assert_true(site.last_job_end_ms >= JOBS * JOB_MS);
    assert_true(seen_ms - site.last_job_end_ms <= JOB_MS / 2);
    assert_true(site.count < 20 * JOBS); /* polls and all */
    release(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules_are_made_beside_cycle_and_suites),
        cmocka_unit_test(test_end_of_a_long_line_of_jobs_is_seen_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
