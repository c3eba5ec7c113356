#include "sync/claim.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define OWNER_BITS_OF_ATTEMPT 8

/* Of the executions alone, whatever part of their results this upload holds. */
static uint64_t executions_hash(const struct desired *desired)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < desired->report_count; i++) {
        const char *id = desired->reports[i].execution_id;
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first = first && !text_equal(desired->reports[j].execution_id, id);
        struct hasher h;
        hasher_init(&h, "claim execution");
        hasher_text(&h, desired->options.job);
        hasher_text(&h, id);
        struct hash128 hash = hasher_done(&h);
        sum += first ? hash128_low(&hash) : 0;
    }
    return sum;
}

uint64_t claim_content(const struct desired *desired)
{
    uint64_t sum = 0; /* of the markers: the order of the files does not matter */
    for (size_t i = 0; i < desired->store->count; i++)
        sum += store_entry(desired->store, i)->merged ? 0 : store_entry(desired->store, i)->marker;
    struct hasher h;
    hasher_init(&h, "claim");
    hasher_text(&h, desired->options.job);
    hasher_number(&h, (int64_t)(desired->store->count - desired->merged));
    hasher_number(&h, (int64_t)sum);
    struct hash128 hash = hasher_done(&h);
    return executions_hash(desired) << 32 | hash128_low(&hash) >> 32;
}

char *claim_name(const struct claim_key *key)
{
    return xasprintf(CLAIM_PREFIX "%016" PRIx64 "-%c-%016" PRIx64 "-%" PRId64, key->content,
                     key->creates ? 'c' : 'l', key->owner, key->beat);
}

static bool take_hex16(const char **at, uint64_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    *ret = 0;
    for (int i = 0; i < 16; i++, (*at)++) {
        const char *found = **at ? strchr(digits, **at) : NULL;
        if (!found)
            return false;
        *ret = *ret << 4 | (uint64_t)(found - digits);
    }
    return true;
}

static bool take(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

bool claim_parse(const char *name, struct claim_key *ret)
{
    if (!text_starts(name, CLAIM_PREFIX))
        return false;
    const char *at = name + sizeof CLAIM_PREFIX - 1;
    if (!take_hex16(&at, &ret->content) || !take(&at, '-'))
        return false;
    ret->creates = *at == 'c';
    if (!take(&at, 'c') && !take(&at, 'l'))
        return false;
    return take(&at, '-') && take_hex16(&at, &ret->owner) && take(&at, '-') &&
           text_to_int64(at, 0, INT64_MAX, &ret->beat);
}

bool claim_same_owner(const struct claim_key *a, const struct claim_key *b)
{
    return a->owner >> OWNER_BITS_OF_ATTEMPT == b->owner >> OWNER_BITS_OF_ATTEMPT;
}

bool claim_conflict(const struct claim_key *a, const struct claim_key *b)
{
    bool same_executions = a->content >> 32 == b->content >> 32;
    return a->content == b->content || (a->creates && b->creates) ||
           (same_executions && (a->creates || b->creates));
}
