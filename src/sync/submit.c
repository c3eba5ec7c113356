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

static uint16_t reason_number(struct engine *e, const char *reason)
{
    for (size_t i = 0; i < e->reason_count; i++)
        if (strcmp(e->reasons[i], reason) == 0)
            return (uint16_t)(i + 1);
    if (e->reason_count == UINT16_MAX)
        return UINT16_MAX;
    GROW(e->reasons, e->reason_count, e->reason_capacity);
    e->reasons[e->reason_count++] = xstrdup(reason);
    return (uint16_t)e->reason_count;
}

static void set_reason(struct engine *e, const struct batch *batch, const char *reason)
{
    uint16_t number = reason_number(e, reason);
    for (size_t i = 0; i < batch->count; i++)
        entry_of(e, batch->entries[i])->reason = number;
}

void engine_refuse(struct engine *e, const uint32_t *entries, size_t count, const char *reason)
{
    uint16_t number = reason_number(e, reason);
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = entry_of(e, entries[i]);
        if (entry->outcome != OUTCOME_OPEN)
            continue;
        entry->outcome = OUTCOME_REFUSED;
        entry->reason = number;
    }
}

static void add_batch(struct engine *e, const uint32_t *entries, size_t count, uint32_t suite,
                      uint32_t module);

/* What qTest said, with the hint that helps most when a status word is not mapped (qtest-api.md 2.3). */
static char *reason_with_hint(const struct engine *e, const char *said)
{
    bool status = said && strcasestr(said, "status");
    return xasprintf(
        "%s%s%s%s%s%s%s%s", said ? said : "qTest refused it without a reason",
        status ? "; map the words " : "", status ? e->options.status_word[RESULT_PASSED] : "",
        status ? ", " : "", status ? e->options.status_word[RESULT_FAILED] : "", status ? " and " : "",
        status ? e->options.status_word[RESULT_SKIPPED] : "",
        status ? " in the project's Automation Settings, or set --status-words to the words it maps" : "");
}

static size_t count_status(const struct engine *e, const struct batch *batch, uint8_t status)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        count += entry_of(e, batch->entries[i])->status == status;
    return count;
}

static void split_by_status(struct engine *e, const struct batch *batch)
{
    _cleanup_free_ uint32_t *part = xreallocarray(NULL, batch->count, sizeof *part);
    for (uint8_t status = 0; status < RESULT_STATUS_COUNT; status++) {
        size_t count = 0;
        for (size_t i = 0; i < batch->count; i++)
            if (entry_of(e, batch->entries[i])->status == status)
                part[count++] = batch->entries[i];
        if (count)
            add_batch(e, part, count, batch->suite, batch->module);
    }
}

/* Smaller parts of a batch that was refused as a whole; false when there is nothing left to split. */
static bool split(struct engine *e, size_t number)
{
    struct batch batch = e->batches[number]; /* add_batch may move the array; the entries stay */
    if (batch.count < 2 || e->splits >= SPLITS_MAX)
        return false;
    size_t same = count_status(e, &batch, entry_of(e, batch.entries[0])->status);
    e->splits += 2;
    if (same < batch.count) {
        split_by_status(e, &batch);
    } else {
        size_t half = batch.count / 2;
        add_batch(e, batch.entries, half, batch.suite, batch.module);
        add_batch(e, batch.entries + half, batch.count - half, batch.suite, batch.module);
    }
    return true;
}

/* It certainly was not taken: as if it had never been sent. */
static void take_back(struct engine *e, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        entry_of(e, batch->entries[i])->sent--;
}

/* Nothing will come of it any more, or all that can has come. */
static void journal_ended(struct engine *e, int64_t number)
{
    if (e->options.journal)
        e->options.journal->ended(e->options.journal->self, number);
}

static void refused(struct engine *e, size_t number, const struct call *call, const struct reply *reply)
{
    const struct batch *batch = &e->batches[number];
    take_back(e, batch);
    if (split(e, number))
        return;
    batch = &e->batches[number];
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    _cleanup_free_ char *reason = reason_with_hint(e, said);
    engine_refuse(e, batch->entries, batch->count, reason);
}

static void confirm(struct engine *e, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct store_entry *entry = entry_of(e, batch->entries[i]);
        if (entry->outcome == OUTCOME_OPEN)
            entry->outcome = OUTCOME_CONFIRMED;
    }
}

static void poll(struct engine *e, int64_t number);

static void job_failed(struct engine *e, const struct batch *batch, const struct qtest_job *job)
{
    _cleanup_free_ char *said =
        xasprintf("qTest's job %" PRId64 " failed%s%s", batch->job_id,
                  job->message ? ": " : " without a reason", job->message ? job->message : "");
    _cleanup_free_ char *reason = reason_with_hint(e, said);
    set_reason(e, batch, reason);
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
    set_reason(e, batch, reason);
    e->unclear = true;
}

static void lost_sight(struct engine *e)
{
    e->unclear = true;
    e->unclear_in_queue = true;
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
    if (verdict != VERDICT_OK || job_read(reply, &job, &err) < 0) {
        error_release(&err);
        lost_sight(e);
        return;
    }
    if (job.state == JOB_SUCCESS || job.state == JOB_FAILED)
        journal_ended(e, call->number);
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
    e->batches[number].job_id = job.id;
    if (e->options.journal)
        e->options.journal->accepted(e->options.journal->self, number, job.id);
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
    case VERDICT_TOO_LARGE:
        journal_ended(e, call->number);
        refused(e, number, call, reply);
        break;
    case VERDICT_MISSING: /* the suite or module went away: observe again */
        take_back(e, &e->batches[number]);
        journal_ended(e, call->number);
        e->unclear = true;
        break;
    default:
        journal_ended(e, call->number);
        take_back(e, &e->batches[number]);
        engine_fail_reply(e, call, reply);
    }
}

/* Just before it goes out, so that only what is in flight takes memory. */
static bool prepare(struct engine *e, struct call *call)
{
    struct batch *batch = &e->batches[call->number];
    size_t count = engine_batch_body(e, batch, &call->request->body);
    if (count == 0)
        return false;
    if (count < batch->count) {
        size_t rest = batch->count - count;
        batch->count = count;
        add_batch(e, batch->entries + count, rest, batch->suite, batch->module);
        batch = &e->batches[call->number];
    }
    for (size_t i = 0; i < batch->count; i++)
        entry_of(e, batch->entries[i])->sent++;
    if (e->options.journal)
        e->options.journal->sending(e->options.journal->self, call->number, engine_wall_ms(e));
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

/* Results that failed before go in smaller company, each status word for itself. */
static size_t batch_limit(const struct engine *e, uint32_t number)
{
    const struct store_entry *entry = entry_of(e, number);
    int64_t limit = e->options.batch_logs;
    for (uint8_t i = 0; entry->reason && i < entry->sent; i++)
        limit = (limit + 3) / 4;
    return (size_t)limit;
}

static bool goes_together(const struct engine *e, uint32_t first, uint32_t next)
{
    const struct store_entry *a = entry_of(e, first);
    const struct store_entry *b = entry_of(e, next);
    bool suspects = a->reason || b->reason;
    return desired_suite_of(e->desired, a) == desired_suite_of(e->desired, b) &&
           engine_module_of(e, first) == engine_module_of(e, next) &&
           (!suspects || (a->reason == b->reason && a->status == b->status));
}

static size_t take_batch(struct engine *e, size_t begin, size_t end)
{
    uint32_t first = e->queue[begin];
    size_t limit = batch_limit(e, first);
    size_t count = 1;
    while (begin + count < end && count < limit && goes_together(e, first, e->queue[begin + count]))
        count++;
    add_batch(e, e->queue + begin, count, desired_suite_of(e->desired, entry_of(e, first)),
              engine_module_of(e, first));
    return count;
}

static bool sendable(struct engine *e, uint32_t number)
{
    const struct store_entry *entry = entry_of(e, number);
    if (entry->outcome != OUTCOME_OPEN)
        return false;
    if (entry->reason && entry->sent >= SENDS_MAX) {
        engine_refuse(e, &number, 1, e->reasons[entry->reason - 1]);
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

void engine_drop_submissions(struct engine *e)
{
    e->queue_at = e->queue_count;
    for (struct call **at = &e->calls; *at;) {
        struct call *call = *at;
        if (call->in_flight || call->attempts || call->on_reply != on_submitted) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        call_free(call);
    }
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
