/* The claim of this uploader, until it is its turn (sync/claim.h). */
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "claim_private.h"

/* Own claim not in the list yet: lists lag (switch 26). */
#define INVISIBLE_RETRY_MS 300
#define INVISIBLE_MAX_MS   20000
#define WAIT_FIRST_MS      500
#define WAIT_MAX_MS        3000
#define CREATES_MAX        3
/* Lists show what was made at once, or late by a second (switch 26). */
#define SHOWN_AT_ONCE_MS 900

static void list_claims(struct engine *e, int64_t delay_ms);
static void create_claim(struct engine *e);

static void go_without(struct engine *e, const char *why)
{
    e->claim.state = CLAIM_OFF;
    engine_problem(e, ERR_NONE, 0,
                   "no claim can be set in qTest (%s): uploads that run at the same time may double results",
                   why);
}

static void own_not_seen(struct engine *e)
{
    struct claim *claim = &e->claim;
    claim->seen_late = true;
    if (e->now_ms - claim->created_ms < (claim->id ? INVISIBLE_MAX_MS : 5 * INVISIBLE_RETRY_MS))
        list_claims(e, INVISIBLE_RETRY_MS);
    else
        create_claim(e); /* it was taken away, or its creation never arrived */
}

static void own_seen(struct engine *e, bool blocked)
{
    struct claim *claim = &e->claim;
    if (!claim->shown_ms) {
        claim->shown_ms = e->now_ms - claim->created_ms;
        claim->seen_late |=
            claim->shown_ms >= SHOWN_AT_ONCE_MS; /* by the first look: nobody knows how late */
    }
    if (claim->seen_late) {
        claim->seen_late = false;
        claim->waited |= blocked; /* gone at the next look, perhaps, and not yet what it made */
        claim->lag_ms = e->now_ms - claim->created_ms;
        list_claims(e, DISORDER_MS);
    } else if (blocked) {
        claim->waited = true;
        claim->stood_behind = true;
        list_claims(e, claim->wait_ms);
        claim->wait_ms = claim->wait_ms * 3 / 2 > WAIT_MAX_MS ? WAIT_MAX_MS : claim->wait_ms * 3 / 2;
    } else if (claim->waited) {
        claim->waited = false; /* what the other one made last, and its jobs, must have become visible */
        list_claims(e, claim->lag_ms + DISORDER_MS);
    } else {
        claim->state = CLAIM_HELD;
    }
}

static void on_claims(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct survey survey = {0};
    if (!engine_reply_ok(e, call, reply))
        return;
    if (claim_survey(e, reply, &survey, &err) < 0)
        engine_fail(e, &err);
    else if (survey.own_seen)
        own_seen(e, survey.blocked);
    else
        own_not_seen(e);
}

static void list_claims(struct engine *e, int64_t delay_ms)
{
    struct call *call = engine_call(e, call_list_suites(e->project.id, claim_place), on_claims, 0);
    call->why = "another upload to finish";
    engine_call_later(e, call, delay_ms);
}

static void on_claim_created(struct engine *e, struct call *call, const struct reply *reply)
{
    struct claim *claim = &e->claim;
    struct error err = ERROR_INIT;
    switch (reply_verdict(reply)) {
    case VERDICT_OK: {
        struct qtest_node node = {0};
        _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
        if (body && node_read(body, &node, &err) == 0) {
            claim->id = node.id;
            claim_note_clocks(e, &node, reply);
        }
        claim->uncertain |= claim->id == 0;
        qtest_node_release(&node);
        error_release(&err);
        break;
    }
    case VERDICT_UNCLEAR:
        claim->uncertain = true;
        break;
    case VERDICT_ACCESS:
    case VERDICT_REFUSED:
        if (reply->status != 401 && !reply_is_barred(reply)) {
            go_without(e, "the token's user may not create suites at the root");
            return;
        }
        engine_fail_reply(e, call, reply);
        return;
    default:
        engine_fail_reply(e, call, reply);
        return;
    }
    claim->beat_ms = call->sent_ms;
    claim->shown_ms = 0;
    list_claims(e, claim->id ? DISORDER_MS : INVISIBLE_RETRY_MS);
}

/* Without it another upload at this moment could double everything: rather later than twice. */
static void claim_not_seen(struct engine *e)
{
    struct error err = ERROR_INIT;
    error_set(&err, ERR_NETWORK,
              "qTest does not show the test suite that was made at the root as a claim, %d times; run it "
              "again later, or "
              "with --claim=off when no other upload runs at the same time",
              CREATES_MAX);
    engine_fail(e, &err);
}

static void create_claim(struct engine *e)
{
    struct claim *claim = &e->claim;
    if (claim->creates == CREATES_MAX) {
        claim_not_seen(e);
        return;
    }
    claim->creates++;
    claim->id = 0;
    claim->key.owner++;
    claim->key.beat = 0;
    claim->created_ms = e->now_ms;
    claim->seen_late = false;
    claim->wait_ms = WAIT_FIRST_MS;
    if (e->options.journal)
        e->options.journal->claiming(e->options.journal->self, claim->key.owner);
    _cleanup_free_ char *name = claim_name(&claim->key);
    struct call *call =
        engine_call(e, call_create_suite(e->project.id, claim_place, name), on_claim_created, 0);
    call->is_claim = true;
}

/* At most as long as they took to show the claim; without one nobody knows. */
int64_t engine_list_lag_ms(const struct engine *e)
{
    int64_t lag_ms = e->claim.shown_ms + DISORDER_MS;
    return e->claim.state == CLAIM_HELD && lag_ms < UNCLEAR_SHORT_MS ? lag_ms : UNCLEAR_SHORT_MS;
}

void engine_claim(struct engine *e)
{
    struct claim *claim = &e->claim;
    canary_new_round(e->canary);
    bare_logs_new_round(e->bare);
    claim->stood_behind = false;
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        e->suites[i].was_there |= e->suites[i].node.id != 0; /* others may have used what we made before */
    claim->state = CLAIM_WANTED;
    claim_set_content(&claim->key, e->desired);
    claim->key.creates = engine_creates(e);
    if (!claim->key.owner)
        claim->key.owner = engine_random(e) & ~UINT64_C(0xFF);
    claim->creates = 0;
    create_claim(e);
}
