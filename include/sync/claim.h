/* Claims: which of two uploaders goes first.
 *
 * qTest has no compare-and-set; creating is the one atomic thing that it offers. A claim is an empty
 * suite at the root of Test Execution named
 *
 *     qtest-sync claim <content, 16 hex>-<c|l>-<owner, 16 hex>-<beat>
 *
 * content: 8 digits of a hash over job and execution ids, 8 over all log markers. c: its owner creates
 * objects or cases, l: only logs. owner: random, 14 digits for the uploader and 2 for the attempt. beat:
 * counts the signs of life, each of which renames the suite. Two claims conflict when both create, when they
 * name the same content, or when they are of one execution and one of them creates; of those that conflict
 * the lowest id goes first. So shards of one execution that create nothing never wait for each other; where
 * two of them hold the same result and run at the very same time, nothing keeps them apart.
 *
 * Pure functions of values; the calls are the engine's (src/sync/claim_phase.c).
 */
#ifndef SYNC_CLAIM_H
#define SYNC_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/desired.h"

#define CLAIM_PREFIX "qtest-sync claim "

struct claim_key {
    uint64_t content;
    bool creates;
    uint64_t owner; /* of it the low byte is the attempt */
    int64_t beat;
};

uint64_t claim_content(const struct desired *desired);
/* The caller frees. */
char *claim_name(const struct claim_key *key);
/* False when the name is no claim's. */
bool claim_parse(const char *name, struct claim_key *ret);
bool claim_same_owner(const struct claim_key *a, const struct claim_key *b);
bool claim_conflict(const struct claim_key *a, const struct claim_key *b);

#endif
