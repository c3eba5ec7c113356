/* What the engine knows of its own claim and of those of others (sync/claim.h). */
#ifndef SYNC_CLAIM_STATE_H
#define SYNC_CLAIM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/claim.h"

enum claim_state {
    CLAIM_NONE,
    CLAIM_WANTED, /* made, others may stand before it */
    CLAIM_HELD,
    CLAIM_LOST, /* somebody took it for dead */
    CLAIM_OFF,  /* by the user's choice, or for want of rights */
};

/* Another one's claim, and since when its sign of life is what it is. */
struct other_claim {
    int64_t id;
    int64_t beat;
    int64_t since_ms;
    bool looked_dead; /* with this sign of life, first at dead_ms */
    int64_t dead_ms;
    bool remembered; /* the journal knows its owner to have ended */
};

struct claim {
    enum claim_state state;
    struct claim_key key;
    int64_t id;  /* of the suite, 0: not known */
    int creates; /* attempts */
    int64_t created_ms;
    int64_t beat_ms;  /* the last sign of life */
    int64_t lag_ms;   /* how late lists show what was made; 0: at once */
    int64_t shown_ms; /* how long after its creation the claim was first seen: no list lags for longer */
    int64_t wait_ms;  /* until the next look at the others */
    int64_t ahead_ms; /* of the dates of objects, that of answers: a gateway may have a clock of its own */
    bool ahead_known;
    struct other_claim *others;
    size_t other_count;
    size_t other_capacity;
    bool seen_late;
    bool waited;
    bool stood_behind; /* another one: what that has made is looked for first */
    bool beating;
    bool rechecked; /* the last sign of life was a second one, after a silence */
    bool uncertain; /* a creation got no answer: there may be another suite of ours */
    bool cannot_delete;
    bool stays;         /* its deletion failed */
    int64_t leaving_id; /* of the suite, when it is being given back; 0: it is not, or is gone */
};

#endif
