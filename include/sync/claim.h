/* Claims: which of two uploaders goes first.
 *
 * qTest has no compare-and-set; creating is the one atomic thing that it offers. A claim is an empty
 * suite at the root of Test Execution named
 *
 *     qtest-sync claim <c|l>-<owner, 16 hex>-<beat>-<tag, 8 hex>-<tag>...
 *
 * c: its owner creates objects, cases or versions, l: only logs. owner: random, 14 digits for the uploader and 2
 * for the attempt. beat: counts the signs of life, each of which renames the suite. tags: a hash of the
 * whole content and the cycle's name, then of the content alone (of each result's own mark where it has a start,
 * so that it is the same whether the execution is named or not), then of each execution that is named, or known by
 * the bytes of its report; "*" where a name holds no more of them. Two claims conflict when both create, or when
 * they share a tag; of those that conflict the lowest id goes first. So shards that create nothing and name no
 * execution never wait for each other; where two such files are not equal, hold the same result and run at the very
 * same time, nothing keeps them apart.
 *
 * Pure functions of values; the calls are the engine's (src/sync/claim_phase.c).
 */
#ifndef SYNC_CLAIM_H
#define SYNC_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/desired.h"

#define CLAIM_PREFIX "qtest-sync claim "

/* Of 500 characters that a name may have. */
#define CLAIM_TAGS_MAX 45

struct claim_key {
    bool creates;
    uint64_t owner; /* of it the low byte is the attempt */
    int64_t beat;
    uint32_t tags[CLAIM_TAGS_MAX];
    size_t tag_count;
    bool anything; /* more than a name holds: it conflicts with every other one */
};

/* The tags of what is to be uploaded. */
void claim_set_content(struct claim_key *key, const struct desired *desired);
/* A hash of the whole of it. */
uint64_t claim_content(const struct desired *desired);
/* The caller frees. */
char *claim_name(const struct claim_key *key);
/* False when the name is no claim's. */
bool claim_parse(const char *name, struct claim_key *ret);
bool claim_same_owner(const struct claim_key *a, const struct claim_key *b);
/* The very same is to be uploaded, into a cycle of the same name. */
bool claim_same_content(const struct claim_key *a, const struct claim_key *b);
bool claim_conflict(const struct claim_key *a, const struct claim_key *b);

#endif
