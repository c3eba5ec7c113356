/* A qTest for tests of the engine: it is empty, answers each call after the same time, and runs its jobs one
 * after another. A test may answer in its place, and stop the engine. Included by one file a program, after
 * cmocka.h. */
#ifndef TESTS_UNIT_ENGINE_SITE_H
#define TESTS_UNIT_ENGINE_SITE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/store.h"
#include "sync/desired.h"
#include "sync/engine.h"

#define LATENCY_MS 100
#define JOB_MS     1000
#define CALLS_MAX  4000
/* Of an answer 429: longer than a claim counts without a sign of life. */
#define RETRY_AFTER_S "400"
#define PROJECT       "/api/v3/projects/77"

struct sent {
    enum http_method method;
    bool read_only;
    int64_t id;
    int64_t sent_ms;
    int64_t due_ms;
    char *path;
    char *answer; /* NULL: heard */
    int status;
};

struct site;
/* The status that answers this request, 0: 200. But for 5xx nothing is done then. */
typedef int (*site_trouble)(struct site *site, const struct request *request);

struct site {
    int64_t now_ms;
    int64_t last_id;
    char *claim; /* the suite at the root, NULL: none */
    const char *others; /* another one there, which nothing takes away; NULL: none */
    int64_t job_end_ms[CALLS_MAX];
    int64_t last_job_end_ms;
    struct sent sent[CALLS_MAX];
    size_t count;
    site_trouble trouble;    /* NULL: none */
    int troubles;            /* for its own count */
    bool stop;               /* the engine is to be stopped now */
    const char *retry_after; /* of an answer 429, NULL: RETRY_AFTER_S */
    const char *runs;        /* the list of runs, whichever page is asked for; NULL: it is empty */
    bool renames_modules;    /* shows them with a name of its own */
    int64_t latency_ms;      /* 0: LATENCY_MS */
    const char *slow;        /* what is posted to such a path is answered after slow_ms; NULL: none */
    int64_t slow_ms;
    const struct engine_memory *memory; /* of an earlier run; NULL: none */
    int64_t wall_ms;                    /* when the upload begins */
    bool uncertain;                     /* what the upload left */
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
    bool renamed = site->renames_modules && strstr(request->path, "/modules");
    char *node = renamed ? xasprintf("{\"id\":%" PRId64 ",\"name\":\"other\"}", id)
                         : xasprintf("{\"id\":%" PRId64 ",%s", id, buf_text(&request->body) + 1);
    if (!site->claim && strstr(request->path, "/test-suites?parentId=0"))
        site->claim = xstrdup(node);
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
    if (request->method == HTTP_DELETE) { /* nothing but a claim */
        free(site->claim);
        site->claim = NULL;
    }
    if (request->method == HTTP_PUT || request->method == HTTP_DELETE)
        return xstrdup("{}");
    if (strstr(request->path, "/test-suites") && request->method == HTTP_GET)
        return xasprintf("[%s%s%s]", site->others ? site->others : "", site->others && site->claim ? "," : "",
                         site->claim ? site->claim : "");
    const char *cycle = strstr(request->path, "/test-cycles/");
    if (cycle)
        return xasprintf("{\"id\":%lld,\"name\":\"job\"}",
                         strtoll(cycle + strlen("/test-cycles/"), NULL, 10));
    if (site->runs && strstr(request->path, "/test-runs"))
        return xstrdup(site->runs);
    if (strstr(request->path, "/test-cycles") || strstr(request->path, "/test-runs") ||
        strstr(request->path, "/modules"))
        return xstrdup("[]");
    return xstrdup("{\"id\":77,\"name\":\"P\",\"automation\":true}");
}

static void take(struct site *site, const struct engine_step *step)
{
    assert_true(site->count < CALLS_MAX);
    int status = site->trouble ? site->trouble(site, step->request) : 0;
    bool done = status == 0 || status >= 500;
    int64_t latency_ms = site->latency_ms ? site->latency_ms : LATENCY_MS;
    bool slow = site->slow && step->request->method == HTTP_POST && strstr(step->request->path, site->slow);
    site->sent[site->count++] = (struct sent){.method = step->request->method,
                                              .read_only = step->request->read_only,
                                              .id = step->id,
                                              .sent_ms = site->now_ms,
                                              .due_ms = site->now_ms + (slow ? site->slow_ms : latency_ms),
                                              .path = xstrdup(step->request->path),
                                              .answer = done ? answer(site, step->request) : xstrdup("{}"),
                                              .status = status ? status : 200};
}

static struct sent *next_answer(struct site *site)
{
    struct sent *next = NULL;
    for (size_t i = 0; i < site->count; i++)
        if (site->sent[i].answer && (!next || site->sent[i].due_ms < next->due_ms))
            next = &site->sent[i];
    return next;
}

static void hear(struct site *site, struct engine *engine, struct sent *sent)
{
    struct reply reply;
    reply_init(&reply);
    reply.kind = REPLY_HTTP;
    reply.status = sent->status;
    if (sent->status == 429)
        reply.retry_after = xstrdup(site->retry_after ? site->retry_after : RETRY_AFTER_S);
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
        if (site->stop)
            engine_stop(engine);
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

/* Uploads one test in each of some folders; the caller releases site and *ret. */
static void upload_to_within(struct site *site, int folders, int64_t timeout_ms, struct sync_outcome *ret)
{
    struct report_meta meta = {.format = FORMAT_TESTPROJECT_JSON};
    struct desired_report report = {.meta = &meta, .execution_id = "e"};
    const struct engine_options options = {.project = "77",
                                           .root_module = "TestProject",
                                           .status_word = {"PASS", "FAIL", "FAIL", "SKIP"},
                                           .claim = true,
                                           .timeout_ms = timeout_ms,
                                           .request_timeout_ms = 30000,
                                           .settle_ms = 120000,
                                           .batch_logs = 500,
                                           .batch_bytes = 1 << 20,
                                           .parallel = 4,
                                           .wall_ms = site->wall_ms,
                                           .memory = site->memory};
    struct store store;
    struct desired desired;
    build(&store, &report, &desired, folders);
    struct engine *engine = engine_new(&desired, &options, 0);
    drive_to_the_end(site, engine);
    site->uncertain = engine_uncertain(engine);
    engine_outcome(engine, ret);
    engine_free(engine);
    desired_release(&desired);
    store_release(&store);
}

static inline void upload_to(struct site *site, int folders, struct sync_outcome *ret)
{
    upload_to_within(site, folders, 600000, ret);
}

static void release(struct site *site)
{
    for (size_t i = 0; i < site->count; i++) {
        free(site->sent[i].path);
        free(site->sent[i].answer);
    }
    free(site->claim);
}

#endif
