/* Batches: POSTed to endpoint A stage by stage, their jobs polled, their totals compared (design 5.4, 5.5).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

static struct store_entry *entry_of(const struct engine *e, uint32_t number)
{
    return store_entry(e->desired->store, number);
}

static void add_batch(struct engine *e, const uint32_t *entries, size_t count, uint32_t suite,
                      uint32_t module);

/* It certainly was not taken: as if it had never been sent. */
static void take_back(struct engine *e, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        entry_of(e, batch->entries[i])->sent--;
}

/* Nothing will come of it any more, or all that can has come. */
static void journal_ended(struct engine *e, const struct batch *batch)
{
    if (e->options.journal)
        e->options.journal->ended(e->options.journal->self, batch->call_id);
}

static void refused(struct engine *e, const struct batch *batch, const struct call *call,
                    const struct reply *reply)
{
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    take_back(e, batch);
    e->resubmit = true;
    if (engine_equals_unproved(e, batch))
        engine_equals_refused(e);
    else
        engine_set_reason(e, batch, said, REFUSAL_AT_ONCE);
}

static void refuse_alone(struct engine *e, const struct batch *batch, const struct call *call,
                         const struct reply *reply)
{
    size_t bytes = call->request->body.length;
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    _cleanup_free_ char *reason = xasprintf(
        "%s; a result by itself makes a request of %zu bytes, and the site takes less: leave out its "
        "attachments, or have the site's limit raised",
        said, bytes);
    e->too_large = engine_set_reason(e, batch, reason, REFUSAL_ALONE);
    if (!e->too_large_bytes || bytes < e->too_large_bytes)
        e->too_large_bytes = bytes;
    engine_refuse(e, batch->entries[0]);
}

/* 413: the same results go out again at once in bodies of half the size, as all that follow do; a single
 * result that is too large never gets in. */
static void too_large(struct engine *e, size_t number, const struct call *call, const struct reply *reply)
{
    const struct batch batch = e->batches[number];
    int64_t half_bytes = (int64_t)call->request->body.length / 2;
    take_back(e, &batch);
    if (batch.count == 1) {
        refuse_alone(e, &batch, call, reply);
        return;
    }
    if (half_bytes < e->body_max_bytes)
        e->body_max_bytes = half_bytes;
    add_batch(e, batch.entries, batch.count, batch.suite, batch.module);
}

static void confirm(struct engine *e, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct store_entry *entry = entry_of(e, batch->entries[i]);
        if (entry->outcome == OUTCOME_OPEN)
            entry->outcome = OUTCOME_CONFIRMED;
        engine_word_proved(e, entry->status);
    }
}

static void poll(struct engine *e, int64_t number);

static void job_failed(struct engine *e, const struct batch *batch, const struct qtest_job *job)
{
    if (engine_equals_unproved(e, batch)) {
        engine_equals_failed(e);
        return;
    }
    _cleanup_free_ char *said =
        xasprintf("qTest's job %" PRId64 " failed%s%s", batch->job_id,
                  job->message ? ": " : " without a reason", job->message ? job->message : "");
    engine_set_reason(e, batch, said, REFUSAL_JOB);
    e->unclear = true;
}

static void job_succeeded(struct engine *e, const struct batch *batch, const struct qtest_job *job)
{
    if (engine_equals_unproved(e, batch)) {
        engine_equals_taken(e, batch, job->total_logs);
        return;
    }
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
    if (!engine_equals_unproved(e, batch)) /* which tell by what shows of them */
        engine_set_reason(e, batch, said, REFUSAL_VANISHED);
    engine_unclear(e, UNCLEAR_SHORT_MS);
    e->job_vanished = true;
    e->jobs_vanish = true;
    e->vanished_ms = e->now_ms;
}

static void lost_sight(struct engine *e)
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
        lost_sight(e);
        return;
    }
    if (job.state == JOB_SUCCESS || job.state == JOB_FAILED) {
        journal_ended(e, &e->batches[call->number]);
        ask_next(e, call);
    }
    if (job.state == JOB_SUCCESS)
        job_succeeded(e, batch, &job);
    else if (job.state == JOB_FAILED)
        job_failed(e, batch, &job);
    else if (job.state == JOB_WAITING)
        poll(e, call->number);
    else
        lost_sight(e);
    qtest_job_release(&job);
}

static void poll(struct engine *e, int64_t number)
{
    struct batch *batch = &e->batches[number];
    struct call *call = engine_call(e, call_get_job(batch->job_id), on_job, number);
    call->poll = true;
    engine_call_later(e, call, batch->poll_delay_ms);
    batch->poll_delay_ms += batch->poll_delay_ms / 2;
    if (batch->poll_delay_ms > POLL_MAX_MS)
        batch->poll_delay_ms = POLL_MAX_MS;
}

static void accepted(struct engine *e, int64_t number, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_job job;
    if (job_read(reply, &job, &err) < 0) {
        error_release(&err);
        lost_sight(e);
        return;
    }
    e->accepted = true;
    e->batches[number].job_id = job.id;
    if (e->options.journal)
        e->options.journal->accepted(e->options.journal->self, e->batches[number].call_id, job.id);
    qtest_job_release(&job);
    poll(e, number);
}

static void on_submitted(struct engine *e, struct call *call, const struct reply *reply)
{
    size_t number = (size_t)call->number;
    switch (reply_verdict(reply)) {
    case VERDICT_OK:
        accepted(e, call->number, reply);
        break;
    case VERDICT_UNCLEAR:
        lost_sight(e);
        break;
    case VERDICT_REFUSED:
        journal_ended(e, &e->batches[call->number]);
        refused(e, &e->batches[number], call, reply);
        break;
    case VERDICT_TOO_LARGE:
        journal_ended(e, &e->batches[call->number]);
        too_large(e, number, call, reply);
        break;
    case VERDICT_MISSING: /* the suite or module went away: observe again */
        take_back(e, &e->batches[number]);
        journal_ended(e, &e->batches[call->number]);
        engine_unclear(e, UNCLEAR_SHORT_MS);
        break;
    default:
        journal_ended(e, &e->batches[call->number]);
        take_back(e, &e->batches[number]);
        engine_fail_reply(e, call, reply);
    }
}

/* A smaller one was too large for the site: refused without asking. */
static void drop_too_large(struct engine *e, struct call *call)
{
    struct batch *batch = &e->batches[call->number];
    entry_of(e, batch->entries[0])->reason = e->too_large;
    engine_refuse(e, batch->entries[0]);
    if (batch->count > 1)
        add_batch(e, batch->entries + 1, batch->count - 1, batch->suite, batch->module);
    engine_remove_call(e, call);
}

/* Just before it goes out, so that only what is in flight takes memory. */
static bool prepare(struct engine *e, struct call *call)
{
    struct batch *batch = &e->batches[call->number];
    size_t count = engine_batch_body(e, batch, &call->request->body);
    if (count == 0)
        return false;
    if (count == 1 && e->too_large_bytes && call->request->body.length >= e->too_large_bytes) {
        drop_too_large(e, call);
        return false;
    }
    if (count < batch->count) {
        size_t rest = batch->count - count;
        batch->count = count;
        add_batch(e, batch->entries + count, rest, batch->suite, batch->module);
        batch = &e->batches[call->number];
    }
    for (size_t i = 0; i < batch->count; i++)
        entry_of(e, batch->entries[i])->sent++;
    e->suites[batch->suite].was_there = true;
    e->unseen = true;
    batch->call_id = call->id;
    engine_equals_go(e, batch);
    return true;
}

static void add_batch(struct engine *e, const uint32_t *entries, size_t count, uint32_t suite,
                      uint32_t module)
{
    GROW(e->batches, e->batch_count, e->batch_capacity);
    e->batches[e->batch_count] = (struct batch){
        .entries = xmemdup(entries, count * sizeof *entries),
        .count = count,
        .suite = suite,
        .module = module,
        .poll_delay_ms = POLL_FIRST_MS,
    };
    struct buf none = BUF_UNBOUNDED;
    struct call *call =
        engine_call(e, call_submit_logs(e->project.id, &none), on_submitted, (int64_t)e->batch_count);
    call->prepare = prepare;
    e->batch_count++;
}

/* Places that could not be made or seen in this round: these results wait for the next. */
static bool place_known(const struct engine *e, uint32_t number)
{
    uint32_t module = engine_module_of(e, number);
    return e->suites[desired_suite_of(e->desired, entry_of(e, number))].node.id &&
           (module == INTERN_NONE || e->module_ids[module]);
}

static bool goes_together(const struct engine *e, uint32_t first, uint32_t next)
{
    const struct store_entry *a = entry_of(e, first);
    const struct store_entry *b = entry_of(e, next);
    bool suspects = a->reason || b->reason;
    return desired_suite_of(e->desired, a) == desired_suite_of(e->desired, b) &&
           engine_module_of(e, first) == engine_module_of(e, next) &&
           (!suspects ||
            (a->reason == b->reason && engine_word_of(e, a->status) == engine_word_of(e, b->status)));
}

static size_t take_batch(struct engine *e, size_t begin, size_t end)
{
    uint32_t first = e->queue[begin];
    size_t limit = engine_batch_limit(e, first);
    size_t count = 1;
    while (begin + count < end && count < limit && goes_together(e, first, e->queue[begin + count]))
        count++;
    if (begin + count < end && goes_together(e, first, e->queue[begin + count]))
        count = engine_whole_tests(e, e->queue + begin, count);
    e->splits += entry_of(e, first)->reason != 0;
    add_batch(e, e->queue + begin, count, desired_suite_of(e->desired, entry_of(e, first)),
              engine_module_of(e, first));
    return count;
}

/* A result whose case another one was to make, and did not: in the next round somebody else makes it. */
static bool case_missing(const struct engine *e, uint32_t number)
{
    const struct store_entry *entry = entry_of(e, number);
    uint32_t maker = e->maker[entry->case_number];
    if (!maker || maker == number + 1)
        return false;
    enum result_outcome outcome = (enum result_outcome)entry_of(e, maker - 1)->outcome;
    return outcome != OUTCOME_CONFIRMED && outcome != OUTCOME_PRESENT;
}

static bool sendable(struct engine *e, uint32_t number)
{
    const struct store_entry *entry = entry_of(e, number);
    if (entry->outcome != OUTCOME_OPEN || (!entry->reason && entry->sent >= SENDS_MAX))
        return false;
    if (engine_word_not_mapped(e, entry)) {
        e->resubmit = true; /* the next plan refuses it */
        return false;
    }
    if (entry->reason && !engine_suspect_goes(e, number))
        return false;
    if (case_missing(e, number) || engine_equals_wait(e, entry)) {
        e->resubmit = true;
        return false;
    }
    if (place_known(e, number))
        return true;
    e->unclear = true;
    return false;
}

/* Drops what cannot go from the stage's stretch of the queue; returns how many stay. */
static size_t keep_sendable(struct engine *e, size_t begin, size_t end)
{
    size_t kept = begin;
    for (size_t i = begin; i < end; i++)
        if (sendable(e, e->queue[i]))
            e->queue[kept++] = e->queue[i];
    return kept;
}

void engine_take_back(struct engine *e, const struct call *call)
{
    take_back(e, &e->batches[call->number]);
}

bool engine_submit_stage(struct engine *e)
{
    while (e->queue_at < e->queue_count && !e->calls) {
        uint32_t stage = engine_stage_of(e, e->queue[e->queue_at]);
        size_t begin = e->queue_at;
        while (e->queue_at < e->queue_count && engine_stage_of(e, e->queue[e->queue_at]) == stage)
            e->queue_at++;
        if (stage > 0 && e->unclear)
            continue; /* what these rest on is not certain: next round */
        size_t end = keep_sendable(e, begin, e->queue_at);
        while (begin < end)
            begin += take_batch(e, begin, end);
    }
    return e->calls != NULL;
}
