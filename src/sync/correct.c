/* Logs of this execution that show something else than they are to (log_join.c): they are corrected in place,
 * not added a second time (qtest-api.md 3.10).
 *
 * What a status word means is the project's affair: SKIP may well be mapped to Passed. So the first
 * correction with each word goes alone, and what its log shows then is what the word means here: others that
 * show it already need no correction, the rest go side by side. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"
#include "sync/note.h"
#include "sync/note_repeats.h"

/* A log that does not show what its result says. */
struct correction {
    uint32_t entry;
    struct seen_log log;
    struct hash128 *marks; /* of its note */
    size_t mark_count;
    struct log_join join;
    bool ended; /* corrected, refused, or not needed */
};

static struct correction *find(const struct engine *e, uint32_t number)
{
    uint32_t at = e->correction_count ? e->correction_numbers[number] : 0;
    return at ? &e->corrections[at - 1] : NULL;
}

static struct correction *add(struct engine *e, uint32_t number)
{
    if (!e->correction_numbers)
        e->correction_numbers = xcalloc(e->desired->store->count, sizeof *e->correction_numbers);
    GROW(e->corrections, e->correction_count, e->correction_capacity);
    struct correction *correction = &e->corrections[e->correction_count++];
    *correction = (struct correction){.entry = number};
    e->correction_numbers[number] = (uint32_t)e->correction_count;
    return correction;
}

/* What was seen last counts: another uploader may have corrected the log in the meantime. */
void engine_note_status(struct engine *e, uint32_t number, const struct seen_log *log)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    if (!e->desired->reports[entry->report].named || entry->own_log)
        return; /* its verdict is part of what it is, or the bytes of its file are */
    if (log->shown == SHOWN_UNKNOWN || !log->run_id || entry->sent)
        return;
    const struct log_join join = engine_join_log(e, number, log);
    struct correction *correction = find(e, number);
    if (!correction && (join.counts || join.differs))
        correction = add(e, number);
    if (!correction || correction->ended)
        return;
    free(correction->marks);
    correction->log = *log;
    correction->join = join;
    correction->marks = log->marks ? xmemdup(log->marks->items, log->marks->count * sizeof log->marks->items[0]) : NULL;
    correction->mark_count = log->marks ? log->marks->count : 0;
}

void engine_has_own_log(struct engine *e, uint32_t before, uint32_t leader)
{
    uint32_t rest = desired_find_marker(e->desired, store_entry(e->desired->store, before)->marker);
    struct correction *correction = find(e, before);
    store_entry(e->desired->store, leader)->own_log = 1;
    if (!correction)
        return;
    struct log_marks marks = {0};
    struct seen_log log = correction->log;
    note_keep_marks(&marks, correction->marks, correction->mark_count);
    log.marks = &marks;
    correction->join = (struct log_join){0};
    if (rest != INTERN_NONE)
        engine_note_status(e, desired_leader(e->desired, rest), &log);
}

void engine_drop_correction(struct engine *e, uint32_t number)
{
    struct correction *correction = find(e, number);
    if (correction)
        correction->join = (struct log_join){0};
}

void engine_free_corrections(struct engine *e)
{
    for (size_t i = 0; i < e->correction_count; i++)
        free(e->corrections[i].marks);
    free(e->corrections);
    free(e->correction_numbers);
}

/* It never will be corrected; anything else may go better at another time. */
static bool refused_for_good(const struct reply *reply)
{
    enum verdict verdict = reply_verdict(reply);
    if (reply_is_barred(reply))
        return false;
    return verdict == VERDICT_REFUSED || verdict == VERDICT_MISSING || verdict == VERDICT_TOO_LARGE ||
           (verdict == VERDICT_ACCESS && reply->status != 401);
}

static struct store_entry *entry_of(const struct engine *e, const struct correction *correction)
{
    return store_entry(e->desired->store, correction->entry);
}

static void refuse(struct engine *e, struct correction *correction, const struct call *call,
                   const struct reply *reply)
{
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    _cleanup_free_ char *reason = xasprintf("its log shows another result and cannot be corrected: %s", said);
    const struct batch alone = {.entries = &correction->entry, .count = 1};
    correction->ended = true;
    engine_set_reason(e, &alone, reason, REFUSAL_ALONE);
    engine_refuse(e, correction->entry);
}

/* Its status is right: only what comes later may be misjudged by it. */
static void leave_instants(struct engine *e, struct correction *correction, const struct call *call,
                           const struct reply *reply)
{
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    correction->ended = true;
    engine_problem(e, ERR_NONE, 0, "a test log shows the right status, but not the latest time: %s", said);
}

/* Whether the correction was made; if not, it has been refused, or the engine has failed. */
static bool made(struct engine *e, const struct call *call, const struct reply *reply)
{
    if (reply_verdict(reply) == VERDICT_OK)
        return true;
    struct correction *correction = &e->corrections[call->number];
    if (!refused_for_good(reply))
        engine_fail_reply(e, call, reply);
    else if (engine_shows_verdict(entry_of(e, correction)->status, correction->log.shown))
        leave_instants(e, correction, call, reply);
    else
        refuse(e, correction, call, reply);
    return false;
}

static void on_corrected(struct engine *e, struct call *call, const struct reply *reply)
{
    struct correction *correction = &e->corrections[call->number];
    if (!made(e, call, reply))
        return;
    entry_of(e, correction)->outcome = OUTCOME_CONFIRMED;
    correction->ended = true;
}

/* False when the store failed. */
static bool correct(struct engine *e, size_t number, reply_handler on_reply)
{
    struct buf body = BUF_UNBOUNDED;
    const struct correction *correction = &e->corrections[number];
    const struct note_attempt attempt = {.failed = correction->log.shown == SHOWN_FAILED,
                                         .word = engine_shown_word(correction->log.shown),
                                         .start_ms = correction->log.start_ms};
    const struct corrected_log log = {.marks = correction->marks,
                                      .mark_count = correction->mark_count,
                                      .attempt = correction->join.attempts ? &attempt : NULL,
                                      .start_ms = correction->log.start_ms,
                                      .end_ms = correction->log.end_ms};
    bool ok = engine_correction_body(e, correction->entry, &log, &body);
    if (ok) {
        struct call *call =
            engine_call(e, call_correct_log(e->project.id, correction->log.run_id, correction->log.log_id, &body),
                        on_reply, (int64_t)number);
        call->repeatable = true; /* it says what is to be, however often */
    }
    buf_release(&body);
    return ok;
}

/* The other corrections with the probe's word. means: what the word is known to show, SHOWN_UNKNOWN if it is
 * not known. A log that shows it is as it should be. */
static void correct_others(struct engine *e, size_t probe, enum shown_status means)
{
    uint8_t word = engine_word_of(e, entry_of(e, &e->corrections[probe])->status);
    for (size_t i = 0; i < e->correction_count; i++) {
        struct correction *correction = &e->corrections[i];
        if (i == probe || !correction->join.counts || engine_word_of(e, entry_of(e, correction)->status) != word)
            continue;
        if (correction->log.shown == means && !correction->join.later)
            correction->ended = true;
        else if (!correct(e, i, on_corrected))
            return;
    }
}

static void end_probe(struct engine *e, size_t probe, enum shown_status means)
{
    struct correction *correction = &e->corrections[probe];
    correction->ended = true;
    if (correction->log.shown != means || correction->join.later)
        entry_of(e, correction)->outcome = OUTCOME_CONFIRMED;
    correct_others(e, probe, means);
}

/* The status of the log that was answered; false when it does not tell. A text may be the word that was
 * sent. */
static bool log_status(const struct reply *reply, enum shown_status *ret)
{
    struct error err = ERROR_INIT;
    _cleanup_(json_delete) cJSON *log = reply_object(reply, &err);
    const char *name = json_text(json_member(log, "status"), "name");
    *ret = engine_shown_status(name);
    error_release(&err);
    return name != NULL;
}

static void on_probed_log(struct engine *e, struct call *call, const struct reply *reply)
{
    enum shown_status means = SHOWN_UNKNOWN;
    if (reply_verdict(reply) == VERDICT_OK)
        log_status(reply, &means);
    else if (!refused_for_good(reply)) {
        engine_fail_reply(e, call, reply);
        return;
    }
    end_probe(e, (size_t)call->number, means);
}

static void on_probed(struct engine *e, struct call *call, const struct reply *reply)
{
    size_t probe = (size_t)call->number;
    const struct correction *correction = &e->corrections[probe];
    enum shown_status means;
    if (!made(e, call, reply)) {
        if (correction->ended)
            correct_others(e, probe, SHOWN_UNKNOWN);
        return;
    }
    if (log_status(reply, &means))
        end_probe(e, probe, means);
    else
        engine_call(e, call_get_log(e->project.id, correction->log.run_id, correction->log.log_id), on_probed_log,
                    call->number);
}

/* The first of them, by name. */
static char *sentence(const struct engine *e, int64_t count, const struct correction *first, const char *name)
{
    const char *shown = engine_shown_word(first->log.shown);
    uint8_t status = entry_of(e, first)->status;
    const char *ours = engine_shown_word(status == RESULT_PASSED    ? SHOWN_PASSED
                                         : status == RESULT_SKIPPED ? SHOWN_SKIPPED
                                                                    : SHOWN_FAILED);
    const char *rule = desired_repeats_rule(e->desired);
    if (count == 1)
        return xasprintf("'%s' came out otherwise in another attempt (%s there, %s here): %s", name, shown, ours,
                         rule);
    return xasprintf("%" PRId64 " tests came out otherwise in another attempt, '%s' (%s there, %s here) among them: %s",
                     count, name, shown, ours, rule);
}

/* As for results of one upload that differ: which of them counts is the user's to say. */
void engine_tell_attempts(struct engine *e)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    const struct correction *first = NULL;
    int64_t count = 0;
    for (size_t i = 0; i < e->correction_count; i++) {
        if (!e->corrections[i].join.differs)
            continue;
        count++;
        if (!first || e->corrections[i].entry < first->entry)
            first = &e->corrections[i];
    }
    if (!first)
        return;
    if (store_read(e->desired->store, first->entry, &record, &err) < 0) {
        error_release(&err); /* what came of each result does not depend on it */
        return;
    }
    _cleanup_free_ char *name = text_printable(record.result.name);
    _cleanup_free_ char *text = sentence(e, count, first, name);
    engine_problem(e, ERR_NONE, 0, "%s", text);
}

void engine_reopen_uncorrected(struct engine *e)
{
    int64_t open = 0;
    for (size_t i = 0; i < e->correction_count; i++) {
        if (e->corrections[i].ended || !e->corrections[i].join.counts)
            continue;
        store_entry(e->desired->store, e->corrections[i].entry)->outcome = OUTCOME_OPEN;
        open++;
    }
    if (e->options.plan_only)
        engine_count_action(e, open, "test log", "test logs", "correct {}");
}

void engine_correct(struct engine *e)
{
    bool probed[RESULT_STATUS_COUNT] = {false};
    for (size_t i = 0; i < e->correction_count; i++) {
        uint8_t word = engine_word_of(e, entry_of(e, &e->corrections[i])->status);
        if (!e->corrections[i].join.counts || probed[word])
            continue;
        probed[word] = true;
        if (!correct(e, i, on_probed))
            return;
    }
}
