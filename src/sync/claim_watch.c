/* The claims of others: which count, which are dead, which stand before ours. */
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

enum claim_health {
    CLAIM_ALIVE,
    CLAIM_DYING, /* to be looked at again */
    CLAIM_DEAD,
};

static struct other_claim *find_other(struct claim *claim, int64_t id)
{
    for (size_t i = 0; i < claim->other_count; i++)
        if (claim->others[i].id == id)
            return &claim->others[i];
    return NULL;
}

static struct other_claim *watch(struct engine *e, const struct seen_claim *seen)
{
    struct claim *claim = &e->claim;
    struct other_claim *other = find_other(claim, seen->id);
    if (other && other->beat == seen->key.beat)
        return other;
    if (!other) {
        GROW(claim->others, claim->other_count, claim->other_capacity);
        other = &claim->others[claim->other_count++];
    }
    *other = (struct other_claim){.id = seen->id, .beat = seen->key.beat, .since_ms = e->now_ms};
    return other;
}

void claim_note_clocks(struct engine *e, const struct qtest_node *changed_now, const struct reply *reply)
{
    if (changed_now->modified_ms == TIME_NONE || reply->server_date_ms == TIME_NONE)
        return;
    e->claim.ahead_ms = reply->server_date_ms - changed_now->modified_ms;
    e->claim.ahead_known = true;
}

/* By the server's dates, where it tells both and they have been compared; else by how long this uploader has
 * seen it unchanged. */
static int64_t silent_ms(const struct engine *e, const struct seen_claim *seen,
                         const struct other_claim *other, int64_t server_now_ms)
{
    if (!e->claim.ahead_known || server_now_ms == TIME_NONE || seen->sign_ms == TIME_NONE)
        return e->now_ms - other->since_ms;
    return server_now_ms - e->claim.ahead_ms - seen->sign_ms;
}

/* Twice: a sign of life may have crossed the first look. Not where it has been silent for so long that no
 * crossing can explain it, or is of a run on this machine that has ended: we hold its lock. */
static enum claim_health health_of(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms)
{
    struct other_claim *other = watch(e, seen);
    int64_t ms = silent_ms(e, seen, other, server_now_ms);
    if (engine_owner_remembered(e, seen->key.owner) || ms > 2 * claim_lifetime_ms(e))
        return CLAIM_DEAD;
    if (ms <= claim_lifetime_ms(e))
        return CLAIM_ALIVE;
    if (!other->looked_dead) {
        other->looked_dead = true;
        other->dead_ms = e->now_ms;
    }
    return e->now_ms - other->dead_ms >= DEAD_AGAIN_MS ? CLAIM_DEAD : CLAIM_DYING;
}

static void on_deleted_other(struct engine *e, struct call *call, const struct reply *reply)
{
    (void)call;
    enum verdict verdict = reply_verdict(reply);
    if ((verdict == VERDICT_ACCESS || verdict == VERDICT_REFUSED) && !reply_is_barred(reply))
        e->claim.cannot_delete = true;
}

static bool is_being_deleted(const struct engine *e, int64_t id)
{
    for (const struct call *call = e->calls; call; call = call->next)
        if (call->on_reply == on_deleted_other && call->number == id)
            return true;
    return false;
}

/* Each look at the list may ask for it again. */
void claim_delete_other(struct engine *e, int64_t id)
{
    if (is_being_deleted(e, id))
        return;
    struct call *call = engine_call(e, call_delete_suite(e->project.id, id), on_deleted_other, id);
    call->repeatable = true;
}

/* Its creation got no answer. Its last sign of life is as old as that: a new one goes out at once. It may
 * have been made this very moment, and a lower one not be shown yet (switch 23): the list is looked at once
 * more. */
static void adopt(struct engine *e, int64_t id)
{
    struct claim *claim = &e->claim;
    int64_t due_ms = e->now_ms - e->options.settle_ms / 2;
    claim->id = id;
    claim->seen_late = true;
    claim->beat_ms = claim->beat_ms < due_ms ? claim->beat_ms : due_ms;
}

static void survey_own(struct engine *e, const struct seen_claim *seen, struct survey *survey)
{
    struct claim *claim = &e->claim;
    if (!claim->id && seen->key.owner == claim->key.owner)
        adopt(e, seen->id);
    survey->own_seen |= seen->id == claim->id;
    if (seen->id != claim->id)
        claim_delete_other(e, seen->id); /* an attempt of ours that got no answer */
}

static void survey_other(struct engine *e, const struct seen_claim *seen, int64_t server_now_ms,
                         struct survey *survey)
{
    struct claim *claim = &e->claim;
    bool lower = !claim->id || seen->id < claim->id;
    bool conflict = lower && claim_conflict(&seen->key, &claim->key);
    enum claim_health health = health_of(e, seen, server_now_ms);
    survey->blocked |= conflict && health != CLAIM_DEAD;
    if (health == CLAIM_DYING)
        claim->wait_ms = DEAD_AGAIN_MS;
    if (health != CLAIM_DEAD || claim->cannot_delete)
        return;
    if (engine_owner_remembered(e, seen->key.owner))
        find_other(claim, seen->id)->remembered = true;
    else
        claim_delete_other(e, seen->id);
}

/* They do not stand before us, but before others, who know nothing of the jobs that they protect. */
void claim_delete_remembered(struct engine *e)
{
    for (size_t i = 0; i < e->claim.other_count; i++)
        if (e->claim.others[i].remembered)
            claim_delete_other(e, e->claim.others[i].id);
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
        if (claim_same_owner(&claims[i].key, &e->claim.key))
            survey_own(e, &claims[i], survey);
        else
            survey_other(e, &claims[i], reply->server_date_ms, survey);
    return r;
}
