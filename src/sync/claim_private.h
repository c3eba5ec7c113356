/* What the files of the claim share: how the claims of others are judged, and looked at. */
#ifndef SYNC_CLAIM_PRIVATE_H
#define SYNC_CLAIM_PRIVATE_H

#include "engine_private.h"

/* An object with a lower id may become visible that much later than one with a higher (switch 23). */
#define DISORDER_MS 250
/* Two looks at a claim that seems dead lie that far apart. */
#define DEAD_AGAIN_MS 1000

static const struct parent claim_place = {.type = PARENT_ROOT};

struct seen_claim {
    int64_t id;
    struct claim_key key;
    int64_t sign_ms; /* the server's clock, TIME_NONE: not said */
};

/* claim_watch.c */
/* An answer to what changed this object just now: how far its Date is from the dates of objects. */
void claim_note_clocks(struct engine *engine, const struct qtest_node *changed_now,
                       const struct reply *reply);
void claim_delete_other(struct engine *engine, int64_t id);
/* When it is known what came of all that was sent: the claims of runs on this machine that the journal tells of. */
void claim_delete_remembered(struct engine *engine);

/* The claims in a list of suites, those before an unreadable one after an error. The caller frees *ret.
 * Errors: ERR_PROTOCOL. */
int claims_read(const struct reply *reply, struct seen_claim **ret, size_t *ret_count, struct error *err);

/* What one look at the list of claims shows. */
struct survey {
    bool own_seen;
    bool blocked;
};

/* Judges all claims in a list of suites: finds the own one, removes own attempts and the long silent.
 * Errors: ERR_PROTOCOL. */
int claim_survey(struct engine *engine, const struct reply *reply, struct survey *survey, struct error *err);

#endif
