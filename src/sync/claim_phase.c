/* The claim of this uploader: made, waited for, kept alive, given back (design 4.4; sync/claim.h). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"

/* An object with a lower id may become visible that much later than one with a higher (switch 23). */
#define DISORDER_MS   250
#define DEAD_AGAIN_MS 1000
/* Own claim not in the list yet: lists lag (switch 26). */
#define INVISIBLE_RETRY_MS 300
#define INVISIBLE_MAX_MS   20000
#define WAIT_FIRST_MS      500
#define WAIT_MAX_MS        3000
#define CREATES_MAX        3
/* A look at the list may be that old when a claim that it showed dead is deleted. */
#define SILENT_MS 3000

static const struct parent root = {.type = PARENT_ROOT};

static void list_claims(struct engine *e, int64_t delay_ms);
static void create_claim(struct engine *e);

static void go_without(struct engine *e, const char *why)
{
    e->claim.state = CLAIM_OFF;
    engine_problem(e, ERR_NONE, 0,
                   "no claim can be set in qTest (%s): uploads that run at the same time may double results",
                   why);
}

/* How long a claim counts after its last sign of life. A sign is given when the last one is older than
 * half of settle, and whatever its owner sent then has all of settle to leave the queue. */
static int64_t claim_lifetime_ms(const struct engine *e)
{
    return e->options.settle_ms + e->options.settle_ms / 2;
}

struct seen_claim {
    int64_t id;
    struct claim_key key;
    int64_t sign_ms; /* the server's clock, TIME_NONE: not said */
};

/* By the server's clock where it tells both times, else by how long this uploader has seen it unchanged. */
static bool is_dead(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms)
{
    struct claim *claim = &e->claim;
    if (engine_owner_remembered(e, seen->key.owner))
        return true; /* of a run on this machine that has ended: we hold its lock */
    if (server_now_ms != TIME_NONE && seen->sign_ms != TIME_NONE)
        return server_now_ms - seen->sign_ms > claim_lifetime_ms(e);
    if (claim->watched_id != seen->id || claim->watched_beat != seen->key.beat) {
        claim->watched_id = seen->id;
        claim->watched_beat = seen->key.beat;
        claim->watched_since_ms = e->now_ms;
    }
    return e->now_ms - claim->watched_since_ms > claim_lifetime_ms(e);
}

static void on_deleted_other(struct engine *e, struct call *call, const struct reply *reply)
{
    (void)call;
    enum verdict verdict = reply_verdict(reply);
    if (verdict == VERDICT_ACCESS || verdict == VERDICT_REFUSED)
        e->claim.cannot_delete = true;
}

/* So long silent that no crossing sign of life can explain it. */
static bool long_dead(const struct engine *e, const struct seen_claim *seen, int64_t server_now_ms)
{
    return server_now_ms != TIME_NONE && seen->sign_ms != TIME_NONE &&
           server_now_ms - seen->sign_ms > 2 * claim_lifetime_ms(e);
}

static struct dead_claim *find_dead(struct claim *claim, const struct seen_claim *seen)
{
    for (size_t i = 0; i < claim->dead_count; i++)
        if (claim->dead[i].id == seen->id)
            return &claim->dead[i];
    return NULL;
}

/* Dead in two looks, and silent between them: a sign of life may have crossed the first. */
static bool surely_dead(struct engine *e, const struct seen_claim *seen)
{
    struct claim *claim = &e->claim;
    struct dead_claim *dead = find_dead(claim, seen);
    if (engine_owner_remembered(e, seen->key.owner))
        return true;
    if (dead && dead->beat == seen->key.beat)
        return e->now_ms - dead->since_ms >= DEAD_AGAIN_MS;
    if (!dead) {
        GROW(claim->dead, claim->dead_count, claim->dead_capacity);
        dead = &claim->dead[claim->dead_count++];
    }
    *dead = (struct dead_claim){.id = seen->id, .beat = seen->key.beat, .since_ms = e->now_ms};
    return false;
}

static void delete_other(struct engine *e, int64_t id)
{
    struct call *call = engine_call(e, call_delete_suite(e->project.id, id), on_deleted_other, id);
    call->repeatable = true;
}

struct survey {
    bool own_seen;
    bool blocked;
};

static void survey_one(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms,
                       struct survey *survey)
{
    struct claim *claim = &e->claim;
    if (claim_same_owner(&seen->key, &claim->key)) {
        bool adopted = !claim->id && seen->key.owner == claim->key.owner;
        if (adopted) {
            claim->id = seen->id;
            claim->beat_ms = e->now_ms;
        }
        survey->own_seen |= seen->id == claim->id;
        if (seen->id != claim->id)
            delete_other(e, seen->id); /* an attempt of ours that got no answer */
        return;
    }
    bool lower = !claim->id || seen->id < claim->id;
    bool conflict = lower && claim_conflict(&seen->key, &claim->key);
    if (!is_dead(e, seen, server_now_ms)) {
        survey->blocked |= conflict;
    } else if (!long_dead(e, seen, server_now_ms) && !surely_dead(e, seen)) {
        survey->blocked |= conflict;
        claim->wait_ms = DEAD_AGAIN_MS;
    } else {
        e->thorough = true;
        if (!claim->cannot_delete)
            delete_other(e, seen->id);
    }
}

static int survey_all(struct engine *e, const struct reply *reply, struct survey *survey, struct error *err)
{
    struct qtest_page page;
    int r = page_read(reply, &page, err);
    if (r < 0)
        return r;
    const cJSON *item;
    cJSON_ArrayForEach(item, page.items)
    {
        struct qtest_node node;
        r = node_read(item, &node, err);
        if (r < 0)
            break;
        struct seen_claim seen = {.id = node.id, .sign_ms = node.modified_ms};
        if (claim_parse(node.name, &seen.key))
            survey_one(e, &seen, reply->server_date_ms, survey);
        qtest_node_release(&node);
    }
    page_release(&page);
    return r;
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
    if (claim->seen_late) {
        claim->seen_late = false;
        claim->lag_ms = e->now_ms - claim->created_ms;
        list_claims(e, DISORDER_MS);
    } else if (blocked) {
        claim->waited = true;
        e->thorough = true;
        list_claims(e, claim->wait_ms);
        claim->wait_ms = claim->wait_ms * 3 / 2 > WAIT_MAX_MS ? WAIT_MAX_MS : claim->wait_ms * 3 / 2;
    } else if (claim->waited && claim->lag_ms) {
        claim->waited = false; /* what the other one made last must have become visible */
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
    if (survey_all(e, reply, &survey, &err) < 0)
        engine_fail(e, &err);
    else if (survey.own_seen)
        own_seen(e, survey.blocked);
    else
        own_not_seen(e);
}

static void list_claims(struct engine *e, int64_t delay_ms)
{
    struct call *call = engine_call(e, call_list_suites(e->project.id, root), on_claims, 0);
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
        if (body && node_read(body, &node, &err) == 0)
            claim->id = node.id;
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
        if (reply->status != 401) {
            go_without(e, "the token's user may not create suites at the root");
            return;
        }
        engine_fail_reply(e, call, reply);
        return;
    default:
        engine_fail_reply(e, call, reply);
        return;
    }
    claim->beat_ms = e->now_ms;
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
    engine_call(e, call_create_suite(e->project.id, root, name), on_claim_created, 0);
}

void engine_claim(struct engine *e)
{
    struct claim *claim = &e->claim;
    claim->state = CLAIM_WANTED;
    claim->key.content = claim_content(e->desired);
    claim->key.creates = engine_creates(e);
    if (!claim->key.owner)
        claim->key.owner = engine_random(e) & ~UINT64_C(0xFF);
    claim->creates = 0;
    create_claim(e);
}

/* Signs of life. */

static void send_beat(struct engine *e, int64_t delay_ms);

/* Taken for dead and taken away: nothing more may be sent on its strength. */
static void claim_lost(struct engine *e)
{
    struct claim *claim = &e->claim;
    claim->id = 0;
    if (claim->state == CLAIM_WANTED)
        return; /* the next look at the list makes a new one */
    claim->state = CLAIM_LOST;
    e->unclear = true;
    engine_drop_submissions(e);
}

static void on_beat(struct engine *e, struct call *call, const struct reply *reply)
{
    struct claim *claim = &e->claim;
    bool silent = !claim->rechecked && e->now_ms - claim->beat_ms > e->options.settle_ms;
    (void)call;
    claim->rechecked = silent;
    claim->beating = false;
    claim->beat_ms = e->now_ms;
    if (reply_verdict(reply) == VERDICT_MISSING)
        claim_lost(e);
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
    engine_call_later(e, call, delay_ms);
}

void engine_beat(struct engine *e)
{
    send_beat(e, 0);
}

/* Everything is there: a claim for just that is of a run that was cut short, or about to go anyway. */

static void sweep(struct engine *e, int64_t look, int64_t delay_ms);

/* Ours by content or by the journal; or anybody's who is surely dead, which may take a second look. */
static bool to_be_swept(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms,
                        bool *look_again)
{
    if (seen->key.content == claim_content(e->desired) || long_dead(e, seen, server_now_ms))
        return true;
    if (!is_dead(e, seen, server_now_ms))
        return false;
    bool sure = surely_dead(e, seen);
    *look_again |= !sure;
    return sure;
}

static void on_sweep(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_page page;
    bool look_again = false;
    if (reply_verdict(reply) != VERDICT_OK || page_read(reply, &page, &err) < 0) {
        error_release(&err);
        return;
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, page.items)
    {
        struct qtest_node node;
        if (node_read(item, &node, &err) < 0)
            break;
        struct seen_claim seen = {.id = node.id, .sign_ms = node.modified_ms};
        if (claim_parse(node.name, &seen.key) && to_be_swept(e, &seen, reply->server_date_ms, &look_again))
            delete_other(e, seen.id);
        qtest_node_release(&node);
    }
    error_release(&err);
    page_release(&page);
    if (look_again && call->number == 1)
        sweep(e, 2, DEAD_AGAIN_MS);
}

static void sweep(struct engine *e, int64_t look, int64_t delay_ms)
{
    struct call *call = engine_call(e, call_list_suites(e->project.id, root), on_sweep, look);
    engine_call_later(e, call, delay_ms);
}

/* Giving back. */

static void on_own_list(struct engine *e, struct call *call, const struct reply *reply)
{
    (void)call;
    struct error err = ERROR_INIT;
    struct survey survey = {0};
    if (reply_verdict(reply) == VERDICT_OK)
        survey_all(e, reply, &survey, &err);
    error_release(&err);
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
    engine_call(e, call_rename_suite(e->project.id, id, "qtest-sync finished"), on_renamed, 0);
}

static void on_unclaimed(struct engine *e, struct call *call, const struct reply *reply)
{
    enum verdict verdict = reply_verdict(reply);
    if (reply->status != 401 && (verdict == VERDICT_ACCESS || verdict == VERDICT_REFUSED))
        cannot_delete(e, call->number);
    if (e->claim.uncertain)
        engine_call(e, call_list_suites(e->project.id, root), on_own_list, 0);
}

void engine_unclaim(struct engine *e)
{
    struct claim *claim = &e->claim;
    if (claim->state == CLAIM_NONE && !e->closing)
        sweep(e, 1, 0);
    if (claim->state != CLAIM_HELD && claim->state != CLAIM_WANTED)
        return;
    if (claim->id) {
        struct call *call =
            engine_call(e, call_delete_suite(e->project.id, claim->id), on_unclaimed, claim->id);
        call->repeatable = true;
        if (claim->lag_ms) /* the next one must see what we made */
            engine_call_later(e, call, claim->lag_ms + DISORDER_MS);
    } else if (claim->uncertain) {
        engine_call(e, call_list_suites(e->project.id, root), on_own_list, 0);
    }
    claim->state = CLAIM_NONE;
    claim->id = 0;
}
