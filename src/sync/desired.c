#include "sync/desired.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "base/zone.h"
#include "desired_private.h"
#include "report/target.h"
#include "sync/fitting_name.h"
#include "sync/identity.h"

#define MODULE_MASK                                                                                          \
    ((1u << 28) - 1) /* its bits in a case; a module takes far more memory than it can count */

uint64_t desired_content_hash(const char *automation_content)
{
    return hash_for_table(automation_content, strlen(automation_content));
}

uint32_t desired_suite_of(const struct desired *d, const struct store_entry *entry)
{
    return d->target_suite[entry->target];
}

const char *desired_suite_mark_text(const struct desired *d, const struct store_entry *entry)
{
    bool named = *intern_text(&d->targets, entry->target) || !text_empty(d->options.suite);
    return named ? intern_text(&d->suites, desired_suite_of(d, entry)) : NULL;
}

static uint32_t *case_slot(const struct desired *d, uint64_t hash)
{
    uint32_t mask = d->case_slot_count - 1;
    uint32_t at = (uint32_t)hash & mask;
    while (d->case_slots[at] && d->cases[d->case_slots[at] - 1].content_hash != hash)
        at = (at + 1) & mask;
    return &d->case_slots[at];
}

static void grow_case_slots(struct desired *d)
{
    free(d->case_slots);
    d->case_slot_count = d->case_slot_count ? d->case_slot_count * 2 : 64;
    d->case_slots = xcalloc(d->case_slot_count, sizeof *d->case_slots);
    for (uint32_t i = 0; i < d->case_count; i++)
        *case_slot(d, d->cases[i].content_hash) = i + 1;
}

uint32_t desired_find_case(const struct desired *d, const char *automation_content)
{
    uint32_t held = d->case_slot_count ? *case_slot(d, desired_content_hash(automation_content)) : 0;
    return held ? held - 1 : INTERN_NONE;
}

static uint32_t module_of(struct desired *d, const struct test_result *result)
{
    _cleanup_(buf_release) struct buf path = BUF_UNBOUNDED;
    for (size_t i = 0; i < result->folder_count; i++) {
        _cleanup_free_ char *name = fitting_name(result->folders[i]);
        if (text_empty(name))
            continue; /* nothing to name a module by */
        buf_puts(&path, path.length ? MODULE_SEPARATOR : "");
        buf_puts(&path, name);
    }
    return intern_put(&d->modules, buf_text(&path));
}

static uint32_t put_case(struct desired *d, const struct test_result *result, const char *content)
{
    uint64_t hash = desired_content_hash(content);
    if (d->case_slot_count < (d->case_count + 1) * 2)
        grow_case_slots(d);
    uint32_t *slot = case_slot(d, hash);
    if (*slot)
        return *slot - 1;
    GROW(d->cases, d->case_count, d->case_capacity);
    d->cases[d->case_count] =
        (struct desired_case){.content_hash = hash, .module = module_of(d, result) & MODULE_MASK};
    *slot = ++d->case_count;
    return d->case_count - 1;
}

/* The suite of results that name no target bears a name that somebody gave it, else the cycle's: what the
 * upload is about. */
static char *suite_name(const struct desired *d, const char *target)
{
    if (!text_empty(target))
        return target_suite_name(target);
    return text_empty(d->options.suite) ? xstrdup(d->cycle_name) : fitting_name(d->options.suite);
}

static uint32_t put_target(struct desired *d, const char *target)
{
    uint32_t before = d->targets.count;
    _cleanup_free_ char *name = fitting_name(target);
    uint32_t number = intern_put(&d->targets, name);
    if (d->targets.count == before)
        return number;
    d->target_suite = xreallocarray(d->target_suite, d->targets.count, sizeof *d->target_suite);
    _cleanup_free_ char *suite = suite_name(d, name);
    d->target_suite[number] = intern_put(&d->suites, suite);
    return number;
}

static void widen(int64_t begin_ms, int64_t end_ms, int64_t *begin, int64_t *end)
{
    if (*begin == TIME_NONE || begin_ms < *begin)
        *begin = begin_ms;
    if (*end == TIME_NONE || end_ms > *end)
        *end = end_ms;
}

/* A start without a zone may have been sent by any zone, when it was sent before. */
static void widen_window(struct desired *d, const struct test_result *result)
{
    int64_t start_ms = result->start_ms;
    if (start_ms == TIME_NONE)
        return;
    widen(start_ms, start_ms, &d->first_start_ms, &d->last_start_ms);
    widen(start_ms, start_ms, &d->window_begin_ms, &d->window_end_ms);
    int64_t written_ms = start_ms - result->start_moved_ms;
    if (result->start_without_zone)
        widen(written_ms - ZONE_OFFSET_MAX_MS, written_ms + ZONE_OFFSET_MAX_MS, &d->window_begin_ms,
              &d->window_end_ms);
}

/* Without a start of its own it begins no later, else it would end after now. */
static void heed_duration(const struct desired *d, const struct test_result *result, int64_t *latest_ms)
{
    int64_t begin_ms = d->options.now_ms - (result->duration_ms > 0 ? result->duration_ms : 0);
    if (d->options.now_ms && result->start_ms == TIME_NONE && *latest_ms > begin_ms)
        *latest_ms = begin_ms;
}

/* Results without a start have all the same one: the first of their execution, where that is known. */
static void choose_fallback(struct desired *d, int64_t latest_ms)
{
    if (d->first_start_ms != TIME_NONE)
        d->options.fallback_start_ms = d->first_start_ms;
    if (d->options.fallback_start_ms > latest_ms)
        d->options.fallback_start_ms = latest_ms;
    widen(d->options.fallback_start_ms, d->options.fallback_start_ms, &d->window_begin_ms, &d->window_end_ms);
}

/* Case and target of each entry; markers need what comes after (desired_markers.c). */
static int place_entries(struct desired *d, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    int64_t latest_ms = INT64_MAX;
    for (size_t i = 0; i < d->store->count; i++) {
        int r = store_read(d->store, i, &record, err);
        if (r < 0)
            return r;
        struct store_entry *entry = store_entry(d->store, i);
        _cleanup_free_ char *content =
            identity_automation_content(&record.result, d->options.content_template);
        entry->case_number = put_case(d, &record.result, content);
        entry->target = put_target(d, record.result.target);
        widen_window(d, &record.result);
        heed_duration(d, &record.result, &latest_ms);
        d->has_steps |= record.result.step_count > 0;
        d->some_by_result |= desired_by_result(d, entry);
    }
    choose_fallback(d, latest_ms);
    return 0;
}

/* A counting sort, filled from the end: the entries of each case stand together, in the order of the store.
 */
static void group_by_case(struct desired *d)
{
    size_t count = d->store->count;
    d->case_entries = xreallocarray(NULL, count, sizeof *d->case_entries);
    for (size_t i = 0; i < count; i++)
        d->cases[store_entry(d->store, i)->case_number].begin++;
    for (uint32_t i = 1; i < d->case_count; i++)
        d->cases[i].begin += d->cases[i - 1].begin;
    for (size_t i = count; i > 0; i--)
        d->case_entries[--d->cases[store_entry(d->store, i - 1)->case_number].begin] = (uint32_t)(i - 1);
}

const uint32_t *desired_entries_of_case(const struct desired *d, uint32_t case_number, size_t *ret_count)
{
    size_t begin = d->cases[case_number].begin;
    size_t end = case_number + 1 < d->case_count ? d->cases[case_number + 1].begin : d->store->count;
    *ret_count = end - begin;
    return d->case_entries + begin;
}

uint32_t desired_first_entry(const struct desired *d, uint32_t case_number)
{
    return d->case_entries[d->cases[case_number].begin];
}

bool desired_by_result(const struct desired *d, const struct store_entry *entry)
{
    return !d->reports[entry->report].named && entry->start_ms != TIME_NONE;
}

uint32_t desired_leader(const struct desired *d, uint32_t number)
{
    return store_entry(d->store, number)->leader;
}

int desired_build(struct desired *d, struct store *store, const struct desired_report *reports,
                  size_t report_count, const struct desired_options *options, struct error *err)
{
    *d = (struct desired){.store = store,
                          .reports = reports,
                          .report_count = report_count,
                          .options = *options,
                          .cycle_name = fitting_name(options->job),
                          .first_start_ms = TIME_NONE,
                          .last_start_ms = TIME_NONE,
                          .window_begin_ms = TIME_NONE,
                          .window_end_ms = TIME_NONE};
    int r = place_entries(d, err);
    if (r < 0)
        return r;
    group_by_case(d);
    r = desired_order(d, err);
    return r < 0 ? r : desired_mark_entries(d, err);
}

void desired_release(struct desired *d)
{
    intern_release(&d->targets);
    intern_release(&d->suites);
    intern_release(&d->modules);
    free(d->cycle_name);
    free(d->target_suite);
    free(d->cases);
    free(d->case_slots);
    free(d->case_entries);
    free(d->marker_slots);
    free(d->other_marks);
    free(d->weaker);
    *d = (struct desired){0};
}

int64_t desired_end_ms(const struct test_result *result, int64_t start_ms)
{
    int64_t end_ms = result->end_ms;
    if (result->start_ms == TIME_NONE)
        end_ms = start_ms + (result->duration_ms > 0 ? result->duration_ms : 0);
    return end_ms < start_ms ? start_ms : end_ms;
}

void desired_instants(const struct desired *d, const struct test_result *result, int64_t *ret_start_ms,
                      int64_t *ret_end_ms)
{
    int64_t start_ms = result->start_ms != TIME_NONE ? result->start_ms : d->options.fallback_start_ms;
    *ret_start_ms = start_ms;
    *ret_end_ms = desired_end_ms(result, start_ms);
}
