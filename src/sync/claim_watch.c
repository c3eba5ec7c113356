/* The claims of others: which count, which are dead, which stand before ours (design 4.4). */
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "claim_private.h"

/* How long a claim counts after its last sign of life. A sign is given when the last one is older than
 * half of settle, and whatever its owner sent then has all of settle to leave the queue. */
static int64_t claim_lifetime_ms(const struct engine *e)
{
    return e->options.settle_ms + e->options.settle_ms / 2;
}

/* By the server's clock where it tells both times, else by how long this uploader has seen it unchanged. */
bool claim_is_dead(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms)
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
bool claim_long_dead(const struct engine *e, const struct seen_claim *seen, int64_t server_now_ms)
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
bool claim_surely_dead(struct engine *e, const struct seen_claim *seen)
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

void claim_delete_other(struct engine *e, int64_t id)
{
    struct call *call = engine_call(e, call_delete_suite(e->project.id, id), on_deleted_other, id);
    call->repeatable = true;
}

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
            claim_delete_other(e, seen->id); /* an attempt of ours that got no answer */
        return;
    }
    bool lower = !claim->id || seen->id < claim->id;
    bool conflict = lower && claim_conflict(&seen->key, &claim->key);
    if (!claim_is_dead(e, seen, server_now_ms)) {
        survey->blocked |= conflict;
    } else if (!claim_long_dead(e, seen, server_now_ms) && !claim_surely_dead(e, seen)) {
        survey->blocked |= conflict;
        claim->wait_ms = DEAD_AGAIN_MS;
    } else {
        e->thorough = true;
        if (!claim->cannot_delete)
            claim_delete_other(e, seen->id);
    }
}

int claims_read(const struct reply *reply, struct seen_claim **ret, size_t *ret_count, struct error *err)
{
    struct qtest_page page;
    size_t capacity = 0;
    *ret = NULL;
    *ret_count = 0;
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
        if (claim_parse(node.name, &seen.key)) {
            GROW(*ret, *ret_count, capacity);
            (*ret)[(*ret_count)++] = seen;
        }
        qtest_node_release(&node);
    }
    page_release(&page);
    return r;
}

int claim_survey(struct engine *e, const struct reply *reply, struct survey *survey, struct error *err)
{
    _cleanup_free_ struct seen_claim *claims = NULL;
    size_t count;
    int r = claims_read(reply, &claims, &count, err);
    for (size_t i = 0; i < count; i++)
        survey_one(e, &claims[i], reply->server_date_ms, survey);
    return r;
}
