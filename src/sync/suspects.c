/* Results of batches that were refused as a whole: split by status word first, then halved;
 * what is refused alone is refused for good, as is what qTest left out of a batch that it took, but a result
 * with files is tried once more without them. A word that
 * three results could not bring in, and that was never taken, is not mapped in the project: all results with
 * it are refused together, and none goes out any more.
 *
 * A reason stands for one refused batch, so results with the same reason were in it together. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

#define PROBES       3
#define SMALL_ENOUGH 8 /* every result of so few gets its own try */
#define TRIES_ALONE  2
#define REASONS_MAX  UINT16_MAX
#define PROOF_MS     15000 /* for the job, and for looking at the lists again */

#define UNANSWERED_PARTS 8 /* of a batch, each time after the second */

static struct store_entry *entry_of(const struct engine *e, uint32_t number)
{
    return store_entry(e->desired->store, number);
}

/* What qTest said, with the hint that helps most when a status word is not mapped (qtest-api.md 2.3). */
static char *with_hint(const struct engine *e, const char *said)
{
    if (!strcasestr(said, "status"))
        return xstrdup(said);
    return xasprintf(
        "%s; map the words %s, %s and %s in the project's Automation Settings, or set --status-words to "
        "the words that it maps",
        said, e->options.status_word[RESULT_PASSED], e->options.status_word[RESULT_FAILED],
        e->options.status_word[RESULT_SKIPPED]);
}

static uint16_t add_reason(struct engine *e, const char *said, struct refused_batch refused)
{
    if (e->reason_count == REASONS_MAX)
        return REASONS_MAX;
    if (e->reason_count == e->reason_capacity) {
        e->reason_capacity = e->reason_capacity ? e->reason_capacity * 2 : 8;
        e->reasons = xreallocarray(e->reasons, e->reason_capacity, sizeof *e->reasons);
        e->refused = xreallocarray(e->refused, e->reason_capacity, sizeof *e->refused);
    }
    e->reasons[e->reason_count] = with_hint(e, said);
    e->refused[e->reason_count] = refused;
    return (uint16_t)++e->reason_count;
}

uint8_t engine_word_of(const struct engine *e, uint8_t status)
{
    uint8_t first = 0;
    while (!text_equal(e->options.status_word[first], e->options.status_word[status]))
        first++;
    return first;
}

void engine_word_proved(struct engine *e, uint8_t status)
{
    e->words[engine_word_of(e, status)].proved = true;
    e->accepted = true;
}

/* A job may fail, or be forgotten, for a passing reason: once says nothing of the word. */
static bool tells_of_the_word(const struct engine *e, const struct batch *batch, enum refusal how)
{
    if (batch->count != 1 || how == REFUSAL_ALONE)
        return false;
    bool may_pass = how == REFUSAL_JOB || how == REFUSAL_VANISHED;
    return !may_pass || entry_of(e, batch->entries[0])->sent >= TRIES_ALONE;
}

uint16_t engine_set_reason(struct engine *e, const struct batch *batch, const char *said, enum refusal how)
{
    struct refused_batch refused = {.size = batch->count, .how = how};
    uint8_t first = engine_word_of(e, entry_of(e, batch->entries[0])->status);
    for (size_t i = 0; i < batch->count; i++)
        refused.words |= 1u << engine_word_of(e, entry_of(e, batch->entries[i])->status);
    refused.mixed = refused.words != 1u << first;
    uint16_t number = add_reason(e, said, refused);
    for (size_t i = 0; i < batch->count; i++)
        entry_of(e, batch->entries[i])->reason = number;
    e->refusals += how != REFUSAL_VANISHED;
    if (tells_of_the_word(e, batch, how)) {
        e->words[first].failed++;
        e->words[first].reason = number;
    }
    return number;
}

void engine_refuse(struct engine *e, uint32_t number)
{
    entry_of(e, number)->outcome = OUTCOME_REFUSED;
}

static const struct refused_batch *refused_with(const struct engine *e, const struct store_entry *entry)
{
    return &e->refused[entry->reason - 1];
}

static bool known_as_unmapped(const struct status_word *word)
{
    return !word->proved && word->failed >= PROBES;
}

/* Results that have not been refused in any batch themselves are judged by the word only where qTest takes
 * other words: else it may well be that it takes nothing at all for now. */
bool engine_word_not_mapped(const struct engine *e, const struct store_entry *entry)
{
    const struct status_word *word = &e->words[engine_word_of(e, entry->status)];
    bool other_proved = entry->reason != 0;
    for (size_t i = 0; i < RESULT_STATUS_COUNT; i++)
        other_proved |= e->words[i].proved;
    return known_as_unmapped(word) && other_proved;
}

/* Many results with one word that qTest has not taken yet, or words that spoil each other's batches: a few go
 * alone to find out about the word. */
static bool to_be_probed(const struct engine *e, const struct store_entry *entry)
{
    const struct refused_batch *refused = refused_with(e, entry);
    return (refused->mixed || refused->size > SMALL_ENOUGH) && refused->how != REFUSAL_LEFT_OUT &&
           !e->words[engine_word_of(e, entry->status)].proved;
}

static bool probe_goes(struct engine *e, struct status_word *word)
{
    if (word->probes < PROBES) {
        word->probes++;
        word->probe_pass = e->pass;
        return true;
    }
    if (word->probe_pass != e->pass)
        return true;    /* the probes told nothing: halve */
    e->resubmit = true; /* until they have */
    return false;
}

static bool refused_alone(const struct engine *e, const struct store_entry *entry)
{
    const struct refused_batch *refused = refused_with(e, entry);
    bool at_once = refused->how == REFUSAL_AT_ONCE || refused->how == REFUSAL_ALONE;
    if (refused->how == REFUSAL_FILES)
        return false;
    bool alone = refused->size == 1 || refused->how == REFUSAL_LEFT_OUT;
    return alone && (at_once || entry->sent >= TRIES_ALONE);
}

/* Its batch held a word that is not mapped, and that it does not have: as if it had not been refused. */
static bool spoilt_by_a_word(const struct engine *e, const struct store_entry *entry)
{
    if (!entry->reason || refused_with(e, entry)->how == REFUSAL_LEFT_OUT)
        return false;
    uint32_t others = refused_with(e, entry)->words & ~(1u << engine_word_of(e, entry->status));
    for (size_t i = 0; i < RESULT_STATUS_COUNT; i++)
        if (others & 1u << i && known_as_unmapped(&e->words[i]))
            return true;
    return false;
}

/* It goes once more, alone. */
static uint16_t again_without_files(struct engine *e, const struct store_entry *entry)
{
    _cleanup_free_ char *said = xstrdup(e->reasons[entry->reason - 1]);
    struct refused_batch refused = *refused_with(e, entry);
    refused.size = 1;
    refused.how = REFUSAL_FILES;
    return add_reason(e, said, refused);
}

/* Before makers are chosen: what never will be taken must not be waited for. */
void engine_refuse_hopeless(struct engine *e)
{
    for (size_t i = 0; i < e->desired->store->count; i++) {
        struct store_entry *entry = entry_of(e, (uint32_t)i);
        if (!engine_entry_open(e, (uint32_t)i))
            continue;
        bool word = engine_word_not_mapped(e, entry);
        if (word && !entry->reason)
            entry->reason = e->words[engine_word_of(e, entry->status)].reason;
        bool alone = entry->reason && refused_alone(e, entry);
        if (!word && alone && engine_goes_bare(e, (uint32_t)i))
            entry->reason = again_without_files(e, entry);
        else if (word || alone)
            engine_refuse(e, (uint32_t)i);
        else if (spoilt_by_a_word(e, entry))
            entry->reason = 0;
    }
}

/* To see that a second try has left nothing takes --settle again: without that time the results, and the
 * claim for them, would end in doubt, and the next upload wait for it. */
bool engine_is_put_off(const struct engine *e, const struct store_entry *entry)
{
    return e->short_of_time && entry->reason && refused_with(e, entry)->how == REFUSAL_VANISHED;
}

void engine_put_off_vanished(struct engine *e)
{
    int64_t count = 0;
    e->short_of_time = e->deadline_ms - e->now_ms < e->options.settle_ms + PROOF_MS;
    for (size_t i = 0; i < e->desired->store->count; i++) {
        struct store_entry *entry = entry_of(e, (uint32_t)i);
        if (!engine_entry_open(e, (uint32_t)i) || !engine_is_put_off(e, entry))
            continue;
        entry->sent = 0; /* it is certain now that nothing came of it */
        count++;
    }
    if (!count)
        return;
    _cleanup_free_ char *results = text_counted(count, "result", "results");
    engine_problem(
        e, ERR_NONE, count,
        "qTest forgot the job and does not show the log of %s, and too little time is left to send "
        "again (--timeout raises it)",
        results);
}

bool engine_splits_spent(const struct engine *e)
{
    return e->splits >= SPLITS_MAX;
}

bool engine_suspect_goes(struct engine *e, uint32_t number)
{
    const struct store_entry *entry = entry_of(e, number);
    if (engine_splits_spent(e))
        return false; /* stays open, for later */
    return !to_be_probed(e, entry) || probe_goes(e, &e->words[engine_word_of(e, entry->status)]);
}

/* Twice without an answer and without a trace: nobody says what is wrong with the batch, perhaps one of it.
 * In ever smaller ones the others get in, and the word is found. */
static size_t unanswered_limit(const struct engine *e, const struct store_entry *entry)
{
    size_t limit = (size_t)e->options.batch_logs;
    if (limit > e->queue_count)
        limit = e->queue_count; /* or small batches would go out whole for long */
    for (int sent = TRIES_ALONE; sent <= entry->sent; sent++)
        limit /= UNANSWERED_PARTS;
    return limit ? limit : 1;
}

bool engine_unanswered_alike(const struct store_entry *a, const struct store_entry *b)
{
    return a->sent == b->sent || (a->sent < TRIES_ALONE && b->sent < TRIES_ALONE);
}

size_t engine_batch_limit(const struct engine *e, uint32_t number)
{
    const struct store_entry *entry = entry_of(e, number);
    if (!entry->reason)
        return unanswered_limit(e, entry);
    const struct refused_batch *refused = refused_with(e, entry);
    const struct status_word *word = &e->words[engine_word_of(e, entry->status)];
    if (refused->how == REFUSAL_LEFT_OUT)
        return refused->size;
    if ((to_be_probed(e, entry) && word->probe_pass == e->pass) || refused->size <= SMALL_ENOUGH)
        return 1;
    return refused->mixed ? refused->size : (refused->size + 1) / 2;
}
