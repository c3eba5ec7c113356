#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/faults.h"
#include "sandbox/jobs.h"
#include "sandbox/oauth.h"
#include "sandbox/projects.h"
#include "sandbox/rate_limit.h"
#include "sandbox/router.h"

int64_t sandbox_now_ms(struct sandbox *sb)
{
    int64_t now_ms = date_now_ms();
    if (now_ms > sb->last_now_ms)
        sb->last_now_ms = now_ms;
    return sb->last_now_ms;
}

static int make_projects(struct sandbox *sb, const struct sandbox_settings *settings, struct error *err)
{
    store_begin(sb->store);
    store_first_id(sb->store, settings->switches.value[SWITCH_FIRST_ID]);
    for (int i = 0; i < settings->project_count; i++)
        project_ensure(sb->store, settings->projects[i], sandbox_now_ms(sb));
    if (store_commit(sb->store))
        return 0;
    return error_set(err, ERR_IO, "cannot write database '%s': %s", settings->db, store_problem(sb->store));
}

int sandbox_new(struct sandbox **ret_sandbox, struct sandbox_settings *settings, struct error *err)
{
    struct sandbox *sb = xcalloc(1, sizeof *sb);
    sb->token = xstrdup(settings->token);
    sb->latency_ms = settings->latency_ms;
    sb->job_ms = settings->job_ms;
    sb->switches = settings->switches;
    settings->switches.status_words = NULL;
    pthread_mutex_init(&sb->lock, NULL);
    pthread_cond_init(&sb->wake, NULL);
    int result = settings->faults_file ? faults_load(&sb->faults, settings->faults_file, err) : 0;
    if (result == 0)
        result = store_open(&sb->store, settings->db, err);
    if (result == 0)
        result = make_projects(sb, settings, err);
    if (result < 0)
        sandbox_free(sb);
    else
        *ret_sandbox = sb;
    return result;
}

void sandbox_start_jobs(struct sandbox *sb)
{
    sb->worker_runs = pthread_create(&sb->worker, NULL, jobs_work, sb) == 0;
}

void sandbox_end(struct sandbox *sb)
{
    pthread_mutex_lock(&sb->lock);
    sb->ending = true;
    pthread_cond_broadcast(&sb->wake);
    pthread_mutex_unlock(&sb->lock);
    if (sb->worker_runs)
        pthread_join(sb->worker, NULL);
    sb->worker_runs = false;
}

void sandbox_free(struct sandbox *sb)
{
    if (!sb)
        return;
    sandbox_end(sb);
    if (sb->store && sb->month[0])
        rate_limit_save(sb);
    store_close(sb->store);
    faults_free(sb->faults);
    switches_release(&sb->switches);
    pthread_cond_destroy(&sb->wake);
    pthread_mutex_destroy(&sb->lock);
    free(sb->token);
    free(sb);
}

void sandbox_pause(struct sandbox *sb, int64_t ms)
{
    if (ms <= 0)
        return;
    int64_t until_ms = date_now_ms() + ms + 1; /* of the millisecond that it is, most may have passed */
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = (until_ms % 1000) * 1000000};
    pthread_mutex_lock(&sb->lock);
    while (!sb->ending && date_now_ms() < until_ms)
        pthread_cond_timedwait(&sb->wake, &sb->lock, &until);
    pthread_mutex_unlock(&sb->lock);
}

const struct fault_rule *sandbox_match_fault(struct sandbox *sb, const char *method, const char *target)
{
    pthread_mutex_lock(&sb->lock);
    const struct fault_rule *rule = faults_match(sb->faults, method, target);
    pthread_mutex_unlock(&sb->lock);
    return rule;
}

/* Puts the path's words into the call; the project is looked up here for all. */
static bool take_arguments(struct call *c, const struct route *route)
{
    int first = 0, segment;
    if (route->flags & ROUTE_PROJECT) {
        const char *text = c->request->segments[route_argument(route, 0)];
        if (!text_to_int64(text, 1, INT64_MAX, &c->project) ||
            !store_int(c->store, 0, "SELECT id FROM projects WHERE id = ?", "i", c->project))
            return call_fail(c, 404, "Project '%s' does not exist", text);
        first = 1;
    }
    for (int i = 0; i < CALL_ARGS && (segment = route_argument(route, first + i)) >= 0; i++)
        c->args[i] = c->request->segments[segment];
    return true;
}

/* Auth, limits, body and arguments, then the handler. */
static void run_route(struct call *c, const struct route *route, bool other_method, bool body_broken)
{
    if ((!route || !(route->flags & ROUTE_PUBLIC)) && (!rate_limit_check(c) || !oauth_check(c)))
        return;
    if (!route)
        call_fail(c, other_method ? 405 : 404, other_method ? "Method not allowed" : "Not Found");
    else if (body_broken)
        call_fail(c, 400, "The request body is not valid JSON");
    else if (take_arguments(c, route))
        route->handle(c);
}

static void finish(struct call *c)
{
    struct sandbox *sb = c->sandbox;
    bool writes = !text_equal(c->request->method, "GET");
    if (call_failed(c) && !c->answer->fault) {
        store_rollback(c->store);
        return;
    }
    if (writes && sb->month[0])
        rate_limit_save(sb);
    const char *problem = store_problem(c->store);
    if (!store_commit(c->store))
        answer_error(c->answer, 500, "The database failed: %s", problem ? problem : "cannot commit");
}

static void do_work(struct sandbox *sb, const struct request *rq, struct answer *an)
{
    struct call c;
    bool other_method;
    const struct route *route = route_find(rq, &other_method);
    bool json = route && !(route->flags & ROUTE_RAW_BODY) && rq->body.length > 0;
    _cleanup_(json_delete) cJSON *body = json ? json_parse(buf_text(&rq->body), rq->body.length) : NULL;
    pthread_mutex_lock(&sb->lock);
    call_init(&c, sb, rq, an);
    c.now_ms = sandbox_now_ms(sb);
    c.body = body;
    store_begin(sb->store);
    run_route(&c, route, other_method, json && !body);
    finish(&c);
    call_release(&c);
    pthread_mutex_unlock(&sb->lock);
}

void sandbox_handle(struct sandbox *sb, const struct request *rq, struct answer *an)
{
    if (!rq->fault || !fault_replaces_work(rq->fault))
        do_work(sb, rq, an);
    if (rq->fault)
        fault_apply(rq->fault, an);
}
