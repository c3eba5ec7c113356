/* The claim while it is held, and its end: signs of life, sweeping up after others, giving back. */
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "claim_private.h"

/* A look at the list may be that old when a claim that it showed dead is deleted. */
#define SILENT_MS 3000
/* Whatever the zone or the clock of a gateway. */
#define DEAD_BEYOND_DOUBT_MS (24 * 3600 * INT64_C(1000))

static void send_beat(struct engine *e, int64_t delay_ms);
static void on_unclaimed(struct engine *e, struct call *call, const struct reply *reply);

/* Taken for dead and taken away: nothing more may be sent on its strength. */
static void claim_lost(struct engine *e)
{
    struct claim *claim = &e->claim;
    claim->id = 0;
    if (claim->state == CLAIM_WANTED)
        return; /* the next look at the list makes a new one */
    claim->state = CLAIM_LOST;
    engine_unclear(e, UNCLEAR_SHORT_MS);
    engine_drop_writes(e);
}

/* So long silent that others have gone ahead, perhaps, and could not take it away: it begins anew. */
static void renounce(struct engine *e)
{
    struct claim *claim = &e->claim;
    struct call *call = engine_call(e, call_delete_suite(e->project.id, claim->id), on_unclaimed, claim->id);
    call->repeatable = true;
    claim->key.owner++; /* what the list still shows of it is an earlier attempt */
    claim_lost(e);
}

static void note_clocks(struct engine *e, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_node node = {0};
    _cleanup_(json_delete) cJSON *body =
        reply_verdict(reply) == VERDICT_OK ? reply_object(reply, &err) : NULL;
    if (body && node_read(body, &node, &err) == 0)
        claim_note_clocks(e, &node, reply);
    qtest_node_release(&node);
    error_release(&err);
}

static void on_beat(struct engine *e, struct call *call, const struct reply *reply)
{
    struct claim *claim = &e->claim;
    int64_t silence_ms = e->now_ms - claim->beat_ms;
    bool silent = !claim->rechecked && silence_ms > e->options.settle_ms;
    bool passed_over = silence_ms > e->options.settle_ms + e->options.settle_ms / 4;
    note_clocks(e, reply);
    claim->rechecked = silent;
    claim->beating = false;
    claim->beat_ms = call->sent_ms;
    if (reply_verdict(reply) == VERDICT_MISSING)
        claim_lost(e);
    else if (passed_over)
        renounce(e);
    else if (silent)
        send_beat(e, SILENT_MS); /* somebody may just be deleting it on the strength of an older list */
    /* Done, or not to be had: whoever may not rename must be quicker than settle. */
}

int64_t engine_beat_due_ms(const struct engine *e)
{
    bool mine = (e->claim.state == CLAIM_HELD || e->claim.state == CLAIM_WANTED) && e->claim.id;
    bool alive = mine && !e->claim.beating && !e->closing;
    return alive ? e->claim.beat_ms + e->options.settle_ms / 2 : INT64_MAX;
}

static void send_beat(struct engine *e, int64_t delay_ms)
{
    struct claim *claim = &e->claim;
    claim->beating = true;
    claim->key.beat++;
    _cleanup_free_ char *name = claim_name(&claim->key);
    struct call *call = engine_call(e, call_rename_suite(e->project.id, claim->id, name), on_beat, 0);
    call->is_beat = true;
    call->repeatable = true; /* the same name again */
    engine_call_later(e, call, delay_ms);
}

void engine_beat(struct engine *e)
{
    send_beat(e, 0);
}

/* Sweeping up. Everything is there: a claim for just that is of a run that was cut short, or about to go
 * anyway. */

/* Ours by content or by the journal; or anybody's who is dead beyond all doubt, though without a claim of our
 * own nobody knows how far the two clocks of a site are apart. */
static bool to_be_swept(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms)
{
    bool told = server_now_ms != TIME_NONE && seen->sign_ms != TIME_NONE;
    struct claim_key ours;
    claim_set_content(&ours, e->desired);
    return claim_same_content(&seen->key, &ours) || engine_owner_remembered(e, seen->key.owner) ||
           (told && server_now_ms - seen->sign_ms > DEAD_BEYOND_DOUBT_MS);
}

static void on_sweep(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    _cleanup_free_ struct seen_claim *claims = NULL;
    size_t count = 0;
    (void)call;
    if (reply_verdict(reply) == VERDICT_OK)
        claims_read(reply, &claims, &count, &err);
    error_release(&err); /* sweeping is a courtesy */
    for (size_t i = 0; i < count; i++)
        if (to_be_swept(e, &claims[i], reply->server_date_ms))
            claim_delete_other(e, claims[i].id);
}

static void sweep(struct engine *e)
{
    engine_call(e, call_list_suites(e->project.id, claim_place), on_sweep, 0);
}

/* Giving back. */

/* What was created without an answer is seen here for the first time. Claims of others stay, dead ones too: what
 * they protect is nobody's to judge on the way out. */
static void on_own_list(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    _cleanup_free_ struct seen_claim *claims = NULL;
    size_t count = 0;
    (void)call;
    if (reply_verdict(reply) == VERDICT_OK)
        claims_read(reply, &claims, &count, &err);
    error_release(&err);
    for (size_t i = 0; i < count; i++)
        if (claim_same_owner(&claims[i].key, &e->claim.key))
            claim_delete_other(e, claims[i].id);
    e->claim.id = 0;
}

static void on_renamed(struct engine *e, struct call *call, const struct reply *reply)
{
    (void)e;
    (void)call;
    (void)reply;
}

static void cannot_delete(struct engine *e, int64_t id)
{
    e->claim.cannot_delete = true;
    engine_problem(
        e, ERR_NONE, 0,
        "the token's user may not delete test suites: an empty suite named 'qtest-sync finished' stays at "
        "the root of Test Execution after each upload (--claim=off makes none)");
    struct call *call =
        engine_call(e, call_rename_suite(e->project.id, id, "qtest-sync finished"), on_renamed, 0);
    call->repeatable = true; /* the same name again */
}

static void on_unclaimed(struct engine *e, struct call *call, const struct reply *reply)
{
    enum verdict verdict = reply_verdict(reply);
    e->claim.leaving_id = 0;
    if (reply->status != 401 && !reply_is_barred(reply) &&
        (verdict == VERDICT_ACCESS || verdict == VERDICT_REFUSED))
        cannot_delete(e, call->number);
    else
        e->claim.stays |= verdict != VERDICT_OK && verdict != VERDICT_MISSING;
    if (e->claim.uncertain)
        engine_call(e, call_list_suites(e->project.id, claim_place), on_own_list, 0);
}

bool engine_claim_stays(const struct engine *e)
{
    return e->claim.id || e->claim.leaving_id || e->claim.stays;
}

/* The next one must see what we made. */
static int64_t unclaim_delay_ms(const struct engine *e)
{
    bool made_nothing = !e->made_ms && !e->accepted;
    int64_t after_lag_ms = e->claim.lag_ms && !made_nothing ? e->claim.lag_ms + DISORDER_MS : 0;
    int64_t after_made_ms = e->made_ms ? e->made_ms + DISORDER_MS - e->now_ms : 0;
    int64_t delay_ms = after_lag_ms > after_made_ms ? after_lag_ms : after_made_ms;
    return delay_ms > 0 ? delay_ms : 0;
}

static void leave(struct engine *e, int64_t id)
{
    struct call *call = engine_call(e, call_delete_suite(e->project.id, id), on_unclaimed, id);
    call->repeatable = true;
    engine_call_later(e, call, unclaim_delay_ms(e));
    e->claim.leaving_id = id;
}

void engine_unclaim(struct engine *e)
{
    struct claim *claim = &e->claim;
    if (claim->state == CLAIM_NONE && !e->closing)
        sweep(e);
    if (claim->state == CLAIM_HELD && !e->closing)
        claim_delete_remembered(e);
    if (claim->leaving_id)
        leave(e, claim->leaving_id); /* the deletion that had begun was dropped */
    if (claim->state != CLAIM_HELD && claim->state != CLAIM_WANTED)
        return;
    if (claim->id) {
        leave(e, claim->id);
    } else if (claim->uncertain) {
        engine_call(e, call_list_suites(e->project.id, claim_place), on_own_list, 0);
    }
    claim->state = CLAIM_NONE;
    claim->id = 0;
}
