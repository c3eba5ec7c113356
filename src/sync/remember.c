/* What an earlier run on this machine left behind, as its journal tells (sync/journal.h): its jobs are
 * waited for by their ids, and its claims need not run out. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "engine_private.h"

#define JOB_LOST_MS       (24 * 3600 * INT64_C(1000))
#define REMEMBER_FIRST_MS 500

int64_t engine_wall_ms(const struct engine *e)
{
    return e->options.wall_ms + (e->now_ms - e->started_ms);
}

bool engine_owner_remembered(const struct engine *e, uint64_t owner)
{
    for (size_t i = 0; e->options.memory && i < e->options.memory->owner_count; i++)
        if (e->options.memory->owners[i] >> 8 == owner >> 8) /* the low byte is the attempt */
            return true;
    return false;
}

static void ask(struct engine *e, int64_t number, int64_t delay_ms);

/* As long as qTest says that it will do it, it is waited for. But not for ever: a queue that lost it would
 * say so each day. */
static bool given_up(struct engine *e, const struct remembered_job *job)
{
    if (engine_wall_ms(e) - job->sent_wall_ms < JOB_LOST_MS)
        return false;
    engine_problem(e, ERR_NONE, 0,
                   "qTest's job %" PRId64
                   " of an earlier upload has not ended for more than a day: it is taken "
                   "for lost; should it still be done, its results come twice",
                   job->id);
    return true;
}

static void on_old_job(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_job job = {.total_logs = -1};
    const struct remembered_job *sent = &e->options.memory->jobs[call->number];
    if (reply_verdict(reply) == VERDICT_ACCESS) {
        engine_fail_reply(e, call, reply);
        return;
    }
    bool known = reply_verdict(reply) == VERDICT_OK && job_read(reply, &job, &err) == 0;
    if (known && job.state == JOB_WAITING && !given_up(e, sent)) {
        e->remember_delay_ms += e->remember_delay_ms < POLL_MAX_MS ? e->remember_delay_ms / 4 : 0;
        ask(e, call->number, e->remember_delay_ms);
    } else if ((!known || job.state == JOB_UNKNOWN) && reply_verdict(reply) != VERDICT_MISSING)
        e->settle_until_ms = e->now_ms + e->options.settle_ms; /* it may still be running */
    qtest_job_release(&job);
    error_release(&err);
}

static void ask(struct engine *e, int64_t number, int64_t delay_ms)
{
    int64_t job_id = e->options.memory->jobs[number].id;
    struct call *call = engine_call(e, call_get_job(job_id), on_old_job, number);
    call->poll = true;
    call->why = "a job of an earlier upload";
    engine_call_later(e, call, delay_ms);
}

bool engine_has_memory(const struct engine_options *options)
{
    const struct engine_memory *memory = options->memory;
    return memory && (memory->owner_count || memory->job_count || memory->sending_wall_ms != TIME_NONE);
}

bool engine_must_remember(struct engine *e)
{
    const struct engine_memory *memory = e->options.memory;
    bool must = memory && !e->remembered && (memory->job_count || memory->sending_wall_ms != TIME_NONE);
    e->remembered = true;
    return must;
}

void engine_remember(struct engine *e)
{
    const struct engine_memory *memory = e->options.memory;
    e->remember_delay_ms = REMEMBER_FIRST_MS;
    for (size_t i = 0; i < memory->job_count; i++)
        ask(e, (int64_t)i, 0);
    if (memory->sending_wall_ms == TIME_NONE)
        return;
    int64_t left_ms = memory->sending_wall_ms + e->options.settle_ms - engine_wall_ms(e);
    if (left_ms > e->options.settle_ms) /* the clock was set back meanwhile */
        left_ms = e->options.settle_ms;
    if (left_ms > 0)
        e->settle_until_ms = e->now_ms + left_ms;
}
