#include "report/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FIRST_SLOTS 64

/* Quicker than SipHash, for every test of a report takes it: nothing but a mark depends on it. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL;
    return hash ^ hash >> 32;
}

/* With the length, so that "ab" "c" is not "a" "bc". */
static uint64_t mix_text(uint64_t hash, const char *text)
{
    size_t size = text ? strlen(text) : SIZE_MAX;
    hash = mix(hash, size);
    if (!text)
        return hash;
    uint64_t word = 0;
    for (; size >= sizeof word; size -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, text, size);
    return mix(hash, word);
}

/* The same fields as the case key, in the same order of strength (sync/identity.h), and the target. */
static uint64_t hash_of(const struct test_result *r)
{
    uint64_t hash = mix_text(mix_text(1, r->target), r->test_id);
    for (size_t i = 0; i < r->folder_count && !r->test_id; i++)
        hash = mix_text(hash, r->folders[i]);
    if (r->folder_count == 0 && !r->test_id)
        hash = mix_text(hash, r->class_name ? r->class_name : r->suite_name);
    if (!r->test_id)
        hash = mix_text(hash, r->name);
    return hash ? hash : 1; /* 0 is the free slot */
}

/* The slot that holds hash, or the free one where it belongs. The table is never full. */
static uint64_t *find_slot(const struct repeats_seen *seen, uint64_t hash)
{
    uint32_t mask = seen->slot_count - 1;
    uint32_t at = (uint32_t)hash & mask;
    while (seen->slots[at] && seen->slots[at] != hash)
        at = (at + 1) & mask;
    return &seen->slots[at];
}

static void grow(struct repeats_seen *seen)
{
    struct repeats_seen old = *seen;
    seen->slot_count = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
    seen->slots = xcalloc(seen->slot_count, sizeof *seen->slots);
    for (uint32_t i = 0; i < old.slot_count; i++)
        if (old.slots[i])
            *find_slot(seen, old.slots[i]) = old.slots[i];
    free(old.slots);
}

bool repeats_look(struct repeats_seen *seen, const struct test_result *result)
{
    if (seen->count == REPEATS_TESTS_MAX || result->iteration > 0)
        return false;
    if (seen->slot_count < (seen->count + 1) * 2)
        grow(seen);
    uint64_t hash = hash_of(result);
    uint64_t *slot = find_slot(seen, hash);
    if (*slot)
        return true;
    *slot = hash;
    seen->count++;
    return false;
}

void repeats_seen_release(struct repeats_seen *seen)
{
    free(seen->slots);
    *seen = (struct repeats_seen)REPEATS_SEEN_INIT;
}
