/* Logs of this execution that show another word than its results now come to: they are corrected in place,
 * not added a second time (qtest-api.md 3.10).
 *
 * A log stands for what other uploads of the execution have sent as well, so a correction is a join, and any
 * order of uploads ends the same. The log and a result that start in one second are one result: the later end
 * counts (a report that was saved while it ran, and again), on a tie the worse. With another start they are
 * two attempts: the worse of them counts, with --repeats=last the one that starts last.
 *
 * What a status word means is the project's affair: SKIP may well be mapped to Passed. So the first
 * correction with each word goes alone, and what its log shows then is what the word means here: others that
 * show it already need no correction, the rest go side by side. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/note.h"

struct correction {
    uint32_t entry;
    struct seen_log log;
    struct hash128 *marks; /* of its note */
    size_t mark_count;
    bool later; /* the log is to show a later start or end, whatever its status */
    bool ended; /* corrected, refused, or not needed */
};

/* The project's own names for its statuses: only what plainly says passed, failed or neither is read. */
enum shown_status engine_shown_status(const char *name)
{
    static const struct {
        const char *name;
        enum shown_status shown;
    } undecided[] = {{"Incomplete", SHOWN_INCOMPLETE},
                     {"Skipped", SHOWN_SKIPPED},
                     {"Blocked", SHOWN_BLOCKED},
                     {"Unexecuted", SHOWN_UNEXECUTED}};
    if (!name)
        return SHOWN_UNKNOWN;
    if (text_starts_nocase(name, "pass"))
        return SHOWN_PASSED;
    if (text_starts_nocase(name, "fail"))
        return SHOWN_FAILED;
    for (size_t i = 0; i < ARRAY_SIZE(undecided); i++)
        if (text_equal_nocase(name, undecided[i].name))
            return undecided[i].shown;
    return SHOWN_UNKNOWN;
}

/* As far as it can be told without knowing the project's mapping. */
bool engine_shows_verdict(uint8_t status, enum shown_status shown)
{
    if (status == RESULT_SKIPPED)
        return shown != SHOWN_PASSED && shown != SHOWN_FAILED;
    return shown == (status == RESULT_PASSED ? SHOWN_PASSED : SHOWN_FAILED);
}

static int badness_shown(enum shown_status shown)
{
    return shown == SHOWN_PASSED ? 0 : shown == SHOWN_FAILED ? 2 : 1;
}

static bool is_worse(uint8_t status, enum shown_status shown)
{
    int badness = status == RESULT_PASSED ? 0 : status == RESULT_SKIPPED ? 1 : 2;
    return badness > badness_shown(shown);
}

/* Servers may drop the milliseconds: then whole seconds are compared. */
static int compare_to_shown(const struct seen_log *log, int64_t instant_ms, int64_t shown_ms)
{
    if (log->start_ms % 1000 == 0 && log->end_ms % 1000 == 0)
        instant_ms = engine_second_of(instant_ms) * 1000;
    return (instant_ms > shown_ms) - (instant_ms < shown_ms);
}

/* When this result ends, as it goes to qTest. */
static int64_t end_of(struct engine *e, uint32_t number)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    int64_t start_ms;
    int64_t end_ms;
    if (store_read(e->desired->store, number, &record, &err) < 0) {
        engine_fail(e, &err);
        return TIME_NONE;
    }
    desired_instants(e->desired, &record.result, &start_ms, &end_ms);
    return end_ms;
}

/* Of the results that this one leads, the one that ends last of those that start when the log does;
 * INTERN_NONE: none does. */
static uint32_t saved_again(struct engine *e, uint32_t leader, const struct seen_log *log,
                            int64_t *ret_end_ms)
{
    size_t count;
    uint32_t found = INTERN_NONE;
    const uint32_t *numbers =
        desired_entries_of_case(e->desired, store_entry(e->desired->store, leader)->case_number, &count);
    *ret_end_ms = TIME_NONE;
    for (size_t i = 0; log->start_ms != TIME_NONE && i < count; i++) {
        const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (entry->leader != leader || entry->start_ms == TIME_NONE ||
            compare_to_shown(log, entry->start_ms, log->start_ms) != 0)
            continue;
        int64_t end_ms = end_of(e, numbers[i]);
        if (found == INTERN_NONE || end_ms > *ret_end_ms) {
            found = numbers[i];
            *ret_end_ms = end_ms;
        }
    }
    return found;
}

/* With --repeats=last: whether this result starts later than the log shows (1), or earlier (-1). The log has
 * to show the start of the last one whatever its status, or the next upload would not know. */
static int compare_last(const struct engine *e, const struct store_entry *entry, const struct seen_log *log)
{
    if (e->desired->options.repeats != REPEATS_SEND_LAST || entry->start_ms == TIME_NONE ||
        log->start_ms == TIME_NONE)
        return 0;
    return compare_to_shown(log, entry->start_ms, log->start_ms);
}

/* Our word counts, and the log shows another one, or the same one at an earlier instant: what comes later
 * must find the instant of the word that counts. */
static bool is_to_be_corrected(struct engine *e, uint32_t number, const struct seen_log *log, bool *ret_later)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    int64_t end_ms;
    uint32_t same = saved_again(e, number, log, &end_ms);
    int end = same == INTERN_NONE || log->end_ms == TIME_NONE ? 0 : compare_to_shown(log, end_ms, log->end_ms);
    *ret_later = compare_last(e, entry, log) > 0 || (end > 0 && same == number);
    if (*ret_later)
        return true;
    if (engine_shows_verdict(entry->status, log->shown))
        return false;
    if (end > 0)
        return true; /* the log's word is an earlier one of ours */
    if (end < 0 && same == number)
        return false;
    return compare_last(e, entry, log) == 0 && is_worse(entry->status, log->shown);
}

void engine_note_status(struct engine *e, uint32_t number, const struct seen_log *log)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    if (!e->desired->reports[entry->report].named || entry->own_log)
        return; /* its verdict is part of what it is, or the bytes of its file are */
    bool later;
    if (log->shown == SHOWN_UNKNOWN || !log->run_id || entry->sent ||
        !is_to_be_corrected(e, number, log, &later))
        return;
    for (size_t i = 0; i < e->correction_count; i++)
        if (e->corrections[i].entry == number)
            return;
    GROW(e->corrections, e->correction_count, e->correction_capacity);
    e->corrections[e->correction_count++] = (struct correction){
        .entry = number,
        .log = *log,
        .marks = log->marks ? xmemdup(log->marks->items, log->marks->count * sizeof log->marks->items[0]) : NULL,
        .mark_count = log->marks ? log->marks->count : 0,
        .later = later,
    };
}

void engine_has_own_log(struct engine *e, uint32_t before, uint32_t leader)
{
    uint32_t rest = desired_find_marker(e->desired, store_entry(e->desired->store, before)->marker);
    store_entry(e->desired->store, leader)->own_log = 1;
    for (size_t i = 0; i < e->correction_count; i++) {
        if (e->corrections[i].entry != before)
            continue;
        struct correction before_it = e->corrections[i];
        struct log_marks marks = {0};
        note_keep_marks(&marks, before_it.marks, before_it.mark_count);
        before_it.log.marks = &marks;
        e->corrections[i] = e->corrections[--e->correction_count];
        if (rest != INTERN_NONE)
            engine_note_status(e, desired_leader(e->desired, rest), &before_it.log);
        free(before_it.marks);
        return;
    }
}

void engine_drop_correction(struct engine *e, uint32_t number)
{
    for (size_t i = 0; i < e->correction_count; i++) {
        if (e->corrections[i].entry != number)
            continue;
        free(e->corrections[i].marks);
        e->corrections[i] = e->corrections[--e->correction_count];
        return;
    }
}

void engine_free_corrections(struct engine *e)
{
    for (size_t i = 0; i < e->correction_count; i++)
        free(e->corrections[i].marks);
    free(e->corrections);
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
    bool ok = engine_correction_body(e, correction->entry, correction->marks, correction->mark_count, &body);
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
        if (i == probe || engine_word_of(e, entry_of(e, correction)->status) != word)
            continue;
        if (correction->log.shown == means && !correction->later)
            correction->ended = true;
        else if (!correct(e, i, on_corrected))
            return;
    }
}

static void end_probe(struct engine *e, size_t probe, enum shown_status means)
{
    struct correction *correction = &e->corrections[probe];
    correction->ended = true;
    if (correction->log.shown != means || correction->later)
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

void engine_reopen_uncorrected(struct engine *e)
{
    int64_t open = 0;
    for (size_t i = 0; i < e->correction_count; i++) {
        if (e->corrections[i].ended)
            continue;
        store_entry(e->desired->store, e->corrections[i].entry)->outcome = OUTCOME_OPEN;
        open++;
    }
    if (e->options.plan_only)
        engine_count_action(e, open, "test log", "test logs", "correct the status of {}");
}

void engine_correct(struct engine *e)
{
    bool probed[RESULT_STATUS_COUNT] = {false};
    for (size_t i = 0; i < e->correction_count; i++) {
        uint8_t word = engine_word_of(e, entry_of(e, &e->corrections[i])->status);
        if (probed[word])
            continue;
        probed[word] = true;
        if (!correct(e, i, on_probed))
            return;
    }
}
