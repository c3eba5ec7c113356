/* Cases that qTest knows by a weaker key, from reports that said less of a test's identity.
 *
 * The weaker keys of all cases stand in one array, sorted by hash: 12 bytes a key, where a table would
 * take twice that for a million. There is none when no result has a weaker key. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "desired_private.h"

static const enum identity_strength weaker_strengths[] = {IDENTITY_WITHOUT_ID, IDENTITY_BARE_NAME};

static uint64_t hash_of(const struct weaker_key *key)
{
    return (uint64_t)key->hash_high << 32 | key->hash_low;
}

static uint32_t case_of(const struct weaker_key *key)
{
    return key->owner >> 1;
}

static enum identity_strength strength_of(const struct weaker_key *key)
{
    return weaker_strengths[key->owner & 1];
}

static void add_weaker(struct desired *d, const struct test_result *result, uint32_t case_number)
{
    for (uint32_t i = 0; i < ARRAY_SIZE(weaker_strengths); i++) {
        _cleanup_free_ char *content = identity_weaker_key(result, weaker_strengths[i]);
        if (!content)
            continue;
        uint64_t hash = desired_content_hash(content);
        GROW(d->weaker, d->weaker_count, d->weaker_capacity);
        d->weaker[d->weaker_count++] = (struct weaker_key){.hash_high = (uint32_t)(hash >> 32),
                                                           .hash_low = (uint32_t)(hash & UINT32_MAX),
                                                           .owner = case_number << 1 | i};
    }
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = hash_of(a);
    uint64_t y = hash_of(b);
    return (x > y) - (x < y);
}

int desired_read_weaker(struct desired *d, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    bool wanted = !d->weaker_read && text_empty(d->options.content_template);
    d->weaker_read = true;
    for (uint32_t i = 0; wanted && i < d->case_count; i++) {
        int r = store_read(d->store, desired_first_entry(d, i), &record, err);
        if (r < 0)
            return r;
        add_weaker(d, &record.result, i);
    }
    if (wanted && d->weaker_count) {
        d->weaker = xreallocarray(d->weaker, d->weaker_count, sizeof *d->weaker);
        d->weaker_capacity = d->weaker_count;
        qsort(d->weaker, d->weaker_count, sizeof *d->weaker, by_hash);
    }
    return 0;
}

/* All keys that are this content. */
static const struct weaker_key *find_weaker(const struct desired *d, const char *content, size_t *ret_count)
{
    uint64_t hash = desired_content_hash(content);
    size_t low = 0;
    size_t high = d->weaker_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hash_of(&d->weaker[middle]) < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < d->weaker_count && hash_of(&d->weaker[high]) == hash; high++)
        ;
    *ret_count = high - low;
    return d->weaker + low;
}

static void set_known(struct desired_case *wanted, enum identity_strength by, int64_t case_id, bool doubtful)
{
    wanted->known_by = by & 7u;
    wanted->case_id = case_id;
    wanted->doubtful = doubtful & 1u;
}

/* What went out stays with the case that it went to: else the log of a lost answer would be looked for at
 * another case. */
static bool was_sent(const struct desired *d, uint32_t case_number)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(d, case_number, &count);
    for (size_t i = 0; i < count; i++)
        if (store_entry(d->store, numbers[i])->sent)
            return true;
    return false;
}

static void take_own(struct desired *d, uint32_t number, int64_t case_id)
{
    struct desired_case *wanted = &d->cases[number];
    bool sent = was_sent(d, number);
    if (desired_is_adopted(wanted) && sent)
        return;
    if (wanted->known_by != IDENTITY_OWN || case_id < wanted->case_id) /* of several the oldest */
        set_known(wanted, IDENTITY_OWN, case_id, sent && wanted->doubtful);
}

static void take_weaker(struct desired *d, const struct weaker_key *key, int64_t case_id, bool shared)
{
    struct desired_case *wanted = &d->cases[case_of(key)];
    enum identity_strength by = strength_of(key);
    if (by < wanted->known_by || was_sent(d, case_of(key)))
        return;
    if (by > wanted->known_by)
        set_known(wanted, by, shared ? 0 : case_id, shared);
    else if (case_id != wanted->case_id)
        set_known(wanted, by, 0, true);
}

uint32_t desired_take_case(struct desired *d, const char *automation_content, int64_t case_id)
{
    size_t count;
    uint32_t number = desired_find_case(d, automation_content);
    const struct weaker_key *keys = find_weaker(d, automation_content, &count);
    if (number != INTERN_NONE)
        take_own(d, number, case_id);
    for (size_t i = 0; i < count; i++)
        take_weaker(d, &keys[i], case_id, count > 1 || number != INTERN_NONE);
    number = desired_case_of(d, automation_content, case_id);
    return number != INTERN_NONE && d->cases[number].case_id == case_id ? number : INTERN_NONE;
}

static bool is_adopted_as(const struct desired *d, const struct weaker_key *key, int64_t case_id)
{
    const struct desired_case *wanted = &d->cases[case_of(key)];
    return wanted->case_id == case_id && wanted->known_by == strength_of(key);
}

uint32_t desired_case_of(const struct desired *d, const char *automation_content, int64_t case_id)
{
    size_t count;
    uint32_t number = desired_find_case(d, automation_content);
    const struct weaker_key *keys = find_weaker(d, automation_content, &count);
    if (number != INTERN_NONE)
        return desired_is_adopted(&d->cases[number]) ? INTERN_NONE : number;
    return count == 1 && is_adopted_as(d, keys, case_id) ? case_of(keys) : INTERN_NONE;
}

bool desired_is_adopted(const struct desired_case *wanted)
{
    return wanted->case_id && wanted->known_by != IDENTITY_OWN;
}

/* Results of one case mostly agree in what the weaker key is made of, but for a test with an id that was
 * renamed within one upload: then the case's first result tells. */
int desired_sent_content(const struct desired *d, uint32_t entry_number, struct record *record, char **ret,
                         struct error *err)
{
    size_t count;
    uint32_t case_number = store_entry(d->store, entry_number)->case_number;
    const struct desired_case *wanted = &d->cases[case_number];
    enum identity_strength by = wanted->known_by;
    if (!desired_is_adopted(wanted)) {
        *ret = identity_automation_content(&record->result, d->options.content_template);
        return 0;
    }
    *ret = identity_weaker_key(&record->result, by);
    const struct weaker_key *keys = *ret ? find_weaker(d, *ret, &count) : NULL;
    if (keys && count == 1 && case_of(keys) == case_number && strength_of(keys) == by)
        return 0;
    free(TAKE(*ret));
    int r = store_read(d->store, desired_first_entry(d, case_number), record, err);
    if (r < 0)
        return r;
    *ret = identity_weaker_key(&record->result, by);
    return store_read(d->store, entry_number, record, err);
}

uint32_t desired_count_doubtful(const struct desired *d)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < d->case_count; i++)
        count += d->cases[i].doubtful;
    return count;
}
