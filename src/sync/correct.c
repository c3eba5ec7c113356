/* Logs whose result has changed since they were written, a report saved while it ran and then again: they
 * are corrected in place, not added a second time (design 4.3; qtest-api.md 3.10). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

/* The project's own names for its statuses: only what plainly says passed, failed or neither is read. */
enum shown_status engine_shown_status(const char *name)
{
    static const char *const undecided[] = {"Incomplete", "Skipped", "Blocked", "Unexecuted"};
    if (!name)
        return SHOWN_UNKNOWN;
    if (text_starts_nocase(name, "pass"))
        return SHOWN_PASSED;
    if (text_starts_nocase(name, "fail"))
        return SHOWN_FAILED;
    for (size_t i = 0; i < ARRAY_SIZE(undecided); i++)
        if (text_equal_nocase(name, undecided[i]))
            return SHOWN_UNDECIDED;
    return SHOWN_UNKNOWN;
}

static enum shown_status wanted_status_of(uint8_t status)
{
    static const enum shown_status of[] = {[RESULT_PASSED] = SHOWN_PASSED,
                                           [RESULT_FAILED] = SHOWN_FAILED,
                                           [RESULT_ERROR] = SHOWN_FAILED,
                                           [RESULT_SKIPPED] = SHOWN_UNDECIDED};
    return of[status];
}

void engine_note_status(struct engine *e, uint32_t number, int64_t run_id, int64_t log_id,
                        enum shown_status shown)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    if (shown == SHOWN_UNKNOWN || shown == wanted_status_of(entry->status) || !run_id || entry->sent)
        return;
    for (size_t i = 0; i < e->correction_count; i++)
        if (e->corrections[i].entry == number)
            return;
    GROW(e->corrections, e->correction_count, e->correction_capacity);
    e->corrections[e->correction_count++] =
        (struct correction){.entry = number, .run_id = run_id, .log_id = log_id};
}

/* It never will be corrected; anything else may go better at another time. */
static bool refused_for_good(const struct reply *reply)
{
    enum verdict verdict = reply_verdict(reply);
    return verdict == VERDICT_REFUSED || verdict == VERDICT_MISSING || verdict == VERDICT_TOO_LARGE ||
           (verdict == VERDICT_ACCESS && reply->status != 401);
}

static void on_corrected(struct engine *e, struct call *call, const struct reply *reply)
{
    struct correction *correction = &e->corrections[call->number];
    struct store_entry *entry = store_entry(e->desired->store, correction->entry);
    if (reply_verdict(reply) == VERDICT_OK) {
        entry->outcome = OUTCOME_CONFIRMED;
        correction->ended = true;
        return;
    }
    if (!refused_for_good(reply)) {
        engine_fail_reply(e, call, reply);
        return;
    }
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    _cleanup_free_ char *reason = xasprintf("its log shows another result and cannot be corrected: %s", said);
    uint32_t number = correction->entry;
    const struct batch alone = {.entries = &number, .count = 1};
    correction->ended = true;
    engine_set_reason(e, &alone, reason, REFUSAL_ALONE);
    engine_refuse(e, number);
}

void engine_reopen_uncorrected(struct engine *e)
{
    size_t open = 0;
    for (size_t i = 0; i < e->correction_count; i++) {
        if (e->corrections[i].ended)
            continue;
        store_entry(e->desired->store, e->corrections[i].entry)->outcome = OUTCOME_OPEN;
        open++;
    }
    if (open && e->options.plan_only) {
        _cleanup_free_ char *text =
            xasprintf("correct the status of %zu test log%s", open, open == 1 ? "" : "s");
        sync_outcome_action(&e->outcome, text);
    }
}

void engine_correct(struct engine *e)
{
    for (size_t i = 0; i < e->correction_count; i++) {
        struct buf body = BUF_UNBOUNDED;
        const struct correction *correction = &e->corrections[i];
        if (!engine_correction_body(e, correction->entry, &body)) {
            buf_release(&body);
            return;
        }
        struct call *call =
            engine_call(e, call_correct_log(e->project.id, correction->run_id, correction->log_id, &body),
                        on_corrected, (int64_t)i);
        call->repeatable = true; /* it says what is to be, however often */
        buf_release(&body);
    }
}
