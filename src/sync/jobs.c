/* The jobs of submissions: asked for until they have ended, their totals compared (qtest-api.md 3.6). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "engine_private.h"

void engine_batch_ended(struct engine *e, const struct batch *batch)
{
    if (e->options.journal)
        e->options.journal->ended(e->options.journal->self, batch->call_id);
}

static void confirm(struct engine *e, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct store_entry *entry = store_entry(e->desired->store, batch->entries[i]);
        if (entry->outcome == OUTCOME_OPEN)
            entry->outcome = OUTCOME_CONFIRMED;
        engine_word_proved(e, entry->status);
    }
}

static void job_failed(struct engine *e, const struct batch *batch, const struct qtest_job *job)
{
    _cleanup_free_ char *said =
        xasprintf("qTest's job %" PRId64 " failed%s%s", batch->job_id,
                  job->message ? ": " : " without a reason", job->message ? job->message : "");
    engine_set_reason(e, batch, said, REFUSAL_JOB);
    e->unclear = true;
}

static void job_succeeded(struct engine *e, const struct batch *batch, const struct qtest_job *job)
{
    if (job->total_logs < 0 || job->total_logs == (int64_t)batch->count) {
        confirm(e, batch);
        return;
    }
    _cleanup_free_ char *reason =
        xasprintf("qTest's job took %" PRId64 " of %zu results and did not say why it left the others out",
                  job->total_logs, batch->count);
    engine_set_reason(e, batch, reason, REFUSAL_LEFT_OUT);
    e->unclear = true;
}

/* Forgotten once it had ended, most likely (switch 18): what does not show in the end was not taken. */
static void job_vanished(struct engine *e, const struct batch *batch)
{
    _cleanup_free_ char *said =
        xasprintf("qTest no longer knows its job %" PRId64 ", and its results do not show", batch->job_id);
    engine_set_reason(e, batch, said, REFUSAL_VANISHED);
    engine_unclear(e, UNCLEAR_SHORT_MS);
    e->job_vanished = true;
    e->vanished_ms = e->now_ms;
}

void engine_lost_sight(struct engine *e)
{
    engine_unclear(e, e->options.settle_ms);
}

static void on_job(struct engine *e, struct call *call, const struct reply *reply);

/* The oldest of the jobs that are still open, for a server that runs one after another: it most likely has
 * only begun now, and so does its back-off, as patient as the one before it has taught. */
static void ask_next(struct engine *e, const struct call *ended)
{
    struct call *next = NULL;
    for (struct call *call = e->calls; call; call = call->next)
        if (call != ended && call->on_reply == on_job && (!next || call->number < next->number))
            next = call;
    if (!next || next->attempts > next->in_flight) /* it waits after an answer that was none */
        return;
    int64_t delay_ms = e->batches[ended->number].poll_delay_ms / 3;
    struct batch *batch = &e->batches[next->number];
    batch->poll_delay_ms = delay_ms > POLL_FIRST_MS ? delay_ms : POLL_FIRST_MS;
    if (!next->in_flight && next->not_before_ms > e->now_ms)
        engine_call_later(e, next, 0);
}

static void on_job(struct engine *e, struct call *call, const struct reply *reply)
{
    struct batch *batch = &e->batches[call->number];
    struct error err = ERROR_INIT;
    struct qtest_job job = {.total_logs = -1};
    enum verdict verdict = reply_verdict(reply);
    if (verdict == VERDICT_ACCESS) {
        engine_fail_reply(e, call, reply);
        return;
    }
    if (verdict == VERDICT_MISSING) {
        job_vanished(e, batch);
        return;
    }
    if (verdict != VERDICT_OK || job_read(reply, &job, &err) < 0) {
        error_release(&err);
        engine_lost_sight(e);
        return;
    }
    if (job.state == JOB_SUCCESS || job.state == JOB_FAILED) {
        e->made_ms = e->now_ms;
        engine_batch_ended(e, &e->batches[call->number]);
        ask_next(e, call);
    }
    if (job.state == JOB_SUCCESS)
        job_succeeded(e, batch, &job);
    else if (job.state == JOB_FAILED)
        job_failed(e, batch, &job);
    else if (job.state == JOB_WAITING)
        engine_poll_job(e, call->number);
    else
        engine_lost_sight(e);
    qtest_job_release(&job);
}

void engine_poll_job(struct engine *e, int64_t number)
{
    struct batch *batch = &e->batches[number];
    struct call *call = engine_call(e, call_get_job(batch->job_id), on_job, number);
    call->poll = true;
    engine_call_later(e, call, batch->poll_delay_ms);
    batch->poll_delay_ms += batch->poll_delay_ms / 2;
    if (batch->poll_delay_ms > POLL_MAX_MS)
        batch->poll_delay_ms = POLL_MAX_MS;
}
