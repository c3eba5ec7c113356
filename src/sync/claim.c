#include "sync/claim.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define OWNER_BITS_OF_ATTEMPT 8

static uint64_t hash_of(const char *domain, const char *text, uint64_t number)
{
    struct hasher h;
    hasher_init(&h, domain);
    hasher_text(&h, text);
    hasher_number(&h, (int64_t)number);
    struct hash128 hash = hasher_done(&h);
    return hash128_low(&hash);
}

uint64_t claim_content(const struct desired *desired)
{
    return hash_of("claim", NULL, desired->sum_of_marks);
}

static void put_tag(struct claim_key *key, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash & UINT32_MAX);
    for (size_t i = 0; i < key->tag_count; i++)
        if (key->tags[i] == tag)
            return;
    if (key->tag_count < CLAIM_TAGS_MAX)
        key->tags[key->tag_count++] = tag;
    else
        key->anything = true;
}

/* Executions of which some result is known by its execution alone, or as well. */
static void put_executions(struct claim_key *key, const struct desired *desired)
{
    _cleanup_free_ bool *seen = xcalloc(desired->report_count + 1, sizeof *seen);
    for (size_t i = 0; i < desired->store->count; i++) {
        const struct store_entry *entry = store_entry(desired->store, i);
        if (seen[entry->report] || desired_by_result(desired, entry))
            continue;
        seen[entry->report] = true;
        put_tag(key, hash_of("claim execution", desired->reports[entry->report].execution_id, 0));
    }
}

void claim_set_content(struct claim_key *key, const struct desired *desired)
{
    key->tag_count = 0;
    key->anything = false;
    put_tag(key, hash_of("claim place", desired->options.job, desired->sum_of_marks));
    put_tag(key, claim_content(desired));
    put_executions(key, desired);
}

char *claim_name(const struct claim_key *key)
{
    struct buf name = BUF_UNBOUNDED;
    buf_printf(&name, CLAIM_PREFIX "%c-%016" PRIx64 "-%" PRId64, key->creates ? 'c' : 'l', key->owner,
               key->beat);
    for (size_t i = 0; i < key->tag_count && !key->anything; i++)
        buf_printf(&name, "-%08" PRIx32, key->tags[i]);
    if (key->anything)
        buf_puts(&name, "-*");
    return buf_take(&name);
}

static bool take_hex(const char **at, int digit_count, uint64_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    *ret = 0;
    for (int i = 0; i < digit_count; i++, (*at)++) {
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

static bool take_tags(const char *at, struct claim_key *ret)
{
    uint64_t tag;
    if (text_equal(at, "-*")) {
        ret->anything = true;
        return true;
    }
    while (*at) {
        if (!take(&at, '-') || !take_hex(&at, 8, &tag))
            return false;
        put_tag(ret, tag);
    }
    return true;
}

bool claim_parse(const char *name, struct claim_key *ret)
{
    *ret = (struct claim_key){0};
    if (!text_starts(name, CLAIM_PREFIX))
        return false;
    const char *at = name + sizeof CLAIM_PREFIX - 1;
    ret->creates = *at == 'c';
    if ((!take(&at, 'c') && !take(&at, 'l')) || !take(&at, '-') || !take_hex(&at, 16, &ret->owner) ||
        !take(&at, '-'))
        return false;
    size_t digits = strspn(at, "0123456789");
    _cleanup_free_ char *beat = xstrndup(at, digits);
    return text_to_int64(beat, 0, INT64_MAX, &ret->beat) && take_tags(at + digits, ret);
}

bool claim_same_owner(const struct claim_key *a, const struct claim_key *b)
{
    return a->owner >> OWNER_BITS_OF_ATTEMPT == b->owner >> OWNER_BITS_OF_ATTEMPT;
}

bool claim_same_content(const struct claim_key *a, const struct claim_key *b)
{
    return a->tag_count && b->tag_count && a->tags[0] == b->tags[0];
}

static bool shares(const struct claim_key *a, const struct claim_key *b)
{
    if (a->anything || b->anything)
        return true;
    for (size_t i = 0; i < a->tag_count; i++)
        for (size_t j = 0; j < b->tag_count; j++)
            if (a->tags[i] == b->tags[j])
                return true;
    return false;
}

bool claim_conflict(const struct claim_key *a, const struct claim_key *b)
{
    return (a->creates && b->creates) || shares(a, b);
}
