/* Batches: POSTed to endpoint A stage by stage. Their jobs: jobs.c. */
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

static void refused(struct engine *e, const struct batch *batch, const struct call *call,
                    const struct reply *reply)
{
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    take_back(e, batch);
    e->resubmit = true;
    engine_set_reason(e, batch, said, REFUSAL_AT_ONCE);
}

static void note_too_large(struct engine *e, const struct call *call)
{
    size_t bytes = call->request->body.length;
    if (!e->too_large_bytes || bytes < e->too_large_bytes)
        e->too_large_bytes = bytes;
}

static void refuse_alone(struct engine *e, const struct batch *batch, const struct call *call,
                         const struct reply *reply)
{
    size_t bytes = call->request->body.length;
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    _cleanup_free_ char *reason = xasprintf(
        "%s; a result by itself, without its attachments, makes a request of %zu bytes, and the site takes "
        "less: have the site's limit raised",
        said, bytes);
    e->too_large = engine_set_reason(e, batch, reason, REFUSAL_ALONE);
    engine_refuse(e, batch->entries[0]);
}

/* 413: the same results go out again at once in bodies of half the size, as all that follow do; a single
 * result that is too large goes without its files, and never gets in when it has none. */
static void too_large(struct engine *e, size_t number, const struct call *call, const struct reply *reply)
{
    const struct batch batch = e->batches[number];
    int64_t half_bytes = (int64_t)call->request->body.length / 2;
    take_back(e, &batch);
    if (batch.count == 1) {
        note_too_large(e, call);
        if (engine_goes_bare(e, batch.entries[0]))
            add_batch(e, batch.entries, batch.count, batch.suite, batch.module);
        else
            refuse_alone(e, &batch, call, reply);
        return;
    }
    if (half_bytes < e->body_max_bytes)
        e->body_max_bytes = half_bytes;
    add_batch(e, batch.entries, batch.count, batch.suite, batch.module);
}

static void accepted(struct engine *e, int64_t number, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_job job;
    if (job_read(reply, &job, &err) < 0) {
        error_release(&err);
        engine_lost_sight(e);
        return;
    }
    e->accepted = true;
    e->batches[number].job_id = job.id;
    if (e->options.journal)
        e->options.journal->accepted(e->options.journal->self, e->batches[number].call_id, job.id);
    qtest_job_release(&job);
    engine_poll_job(e, number);
}

/* A firewall that looks at answers has let the request through: what it says tells nothing of the work. Only
 * a proxy that wants a password asks for it before. */
static bool may_be_done_all_the_same(const struct reply *reply)
{
    return reply_is_barred(reply) && reply->status != 407;
}

static void on_submitted(struct engine *e, struct call *call, const struct reply *reply)
{
    size_t number = (size_t)call->number;
    if (may_be_done_all_the_same(reply)) {
        engine_lost_sight(e);
        engine_fail_reply(e, call, reply);
        return;
    }
    switch (reply_verdict(reply)) {
    case VERDICT_OK:
        accepted(e, call->number, reply);
        break;
    case VERDICT_UNCLEAR:
        engine_lost_sight(e);
        break;
    case VERDICT_REFUSED:
        engine_batch_ended(e, &e->batches[call->number]);
        refused(e, &e->batches[number], call, reply);
        break;
    case VERDICT_TOO_LARGE:
        engine_batch_ended(e, &e->batches[call->number]);
        too_large(e, number, call, reply);
        break;
    case VERDICT_MISSING: /* the suite or module went away: observe again */
        take_back(e, &e->batches[number]);
        engine_batch_ended(e, &e->batches[call->number]);
        if (e->batches[number].module != INTERN_NONE)
            engine_doubt_module(e, e->folders[e->batches[number].module].module_id);
        engine_unclear(e, UNCLEAR_SHORT_MS);
        break;
    default:
        engine_batch_ended(e, &e->batches[call->number]);
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

static bool known_too_large(const struct engine *e, const struct buf *body)
{
    return e->too_large_bytes && body->length >= e->too_large_bytes;
}

/* Just before it goes out, so that only what is in flight takes memory. */
static bool prepare(struct engine *e, struct call *call)
{
    struct batch *batch = &e->batches[call->number];
    struct buf *body = &call->request->body;
    size_t count = engine_batch_body(e, batch, body);
    if (count == 1 && known_too_large(e, body) && engine_goes_bare(e, batch->entries[0])) {
        buf_clear(body);
        count = engine_batch_body(e, batch, body);
    }
    if (count == 0)
        return false;
    if (count == 1 && e->too_large && known_too_large(e, body)) {
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
           (module == INTERN_NONE || e->folders[module].module_id);
}

static bool goes_together(const struct engine *e, uint32_t first, uint32_t next)
{
    const struct store_entry *a = entry_of(e, first);
    const struct store_entry *b = entry_of(e, next);
    bool suspects = a->reason || b->reason;
    if (!suspects && !engine_unanswered_alike(a, b))
        return false;
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
    if (case_missing(e, number)) {
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
