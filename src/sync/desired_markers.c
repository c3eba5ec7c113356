/* Marks: which log in qTest stands for which results (sync/identity.h).
 *
 * Each result has the mark that counts for it in its store_entry: its own, where it is known by itself, else
 * that of its execution, which all that share a log have in common. By what else its log may be known stands in
 * one array, sorted, of 12 bytes a mark:
 *
 *   a named execution         its results with a start by their own marks too, since another upload of them may
 *                             not have named it
 *   an adopted case           by what was its key in a report that said less of the test: a log of this very
 *                             execution may have been sent then. Those are added when the case is adopted.
 *
 * A log holds beside the mark that counts those of all results that it stands for, and from CI that of the
 * bytes alone, which an upload by hand looks for. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "desired_private.h"
#include "sync/identity.h"
#include "sync/note.h"

static struct mark_place place_of(const struct desired *d, uint32_t number, const char *content)
{
    return (struct mark_place){.automation_content = content,
                               .suite = desired_suite_mark_text(d, store_entry(d->store, number))};
}

static struct hash128 result_mark(const struct desired *d, const struct mark_place *place,
                                  const struct test_result *result, uint32_t number)
{
    const struct result_identity own = {.start_ms = store_written_start(d->store, number),
                                        .duration_ms = result->duration_ms == TIME_NONE ? -1 : result->duration_ms,
                                        .status = result->status};
    return identity_result_mark(place, &own);
}

static bool is_named(const struct desired *d, const struct store_entry *entry)
{
    return d->reports[entry->report].named;
}

/* The one that counts, for this key of its test. */
static struct hash128 mark_of(const struct desired *d, const struct mark_place *place,
                              const struct test_result *result, uint32_t number)
{
    const struct store_entry *entry = store_entry(d->store, number);
    const struct desired_report *report = &d->reports[entry->report];
    return desired_by_result(d, entry) ? result_mark(d, place, result, number)
                                       : identity_execution_mark(place, report->execution_id, report->named);
}

static uint32_t *marker_slot(const struct desired *d, uint64_t marker)
{
    uint32_t mask = d->marker_slot_count - 1;
    uint32_t at = (uint32_t)(marker >> 1) & mask; /* its lowest bit is the same for most of them */
    while (d->marker_slots[at] && store_entry(d->store, d->marker_slots[at] - 1)->marker != marker)
        at = (at + 1) & mask;
    return &d->marker_slots[at];
}

void desired_set_leader_of_marker(struct desired *d, uint32_t leader)
{
    *marker_slot(d, store_entry(d->store, leader)->marker) = leader + 1;
}

static uint64_t mark_in(const struct other_mark *other)
{
    return (uint64_t)other->high << 32 | other->low;
}

static void add_other(struct desired *d, const struct hash128 *hash, uint32_t number, bool of_all)
{
    uint64_t mark = hash128_low(hash);
    GROW(d->other_marks, d->other_mark_count, d->other_mark_capacity);
    d->other_marks[d->other_mark_count++] = (struct other_mark){
        .high = (uint32_t)(mark >> 32), .low = (uint32_t)(mark & UINT32_MAX), .owner = number << 1 | of_all};
}

/* The first with this mark; *ret_count: how many have it. */
static const struct other_mark *find_others(const struct desired *d, uint64_t mark, size_t *ret_count)
{
    size_t low = 0;
    size_t high = d->other_mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (mark_in(&d->other_marks[middle]) < mark)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < d->other_mark_count && mark_in(&d->other_marks[high]) == mark; high++)
        ;
    *ret_count = high - low;
    return d->other_marks + low;
}

/* Of several tests that a weaker key fits nobody knows which is meant. */
static uint32_t find_other(const struct desired *d, uint64_t mark)
{
    size_t count;
    const struct other_mark *found = find_others(d, mark, &count);
    for (size_t i = 1; i < count; i++)
        if (store_entry(d->store, found[i].owner >> 1)->case_number !=
            store_entry(d->store, found[0].owner >> 1)->case_number)
            return INTERN_NONE;
    return count ? found[0].owner >> 1 : INTERN_NONE;
}

uint32_t desired_find_marker(const struct desired *d, uint64_t marker)
{
    uint32_t held = *marker_slot(d, marker);
    return held ? held - 1 : find_other(d, marker);
}

uint32_t desired_find_mark(const struct desired *d, const uint64_t *marks, size_t count, size_t at)
{
    uint32_t number = desired_find_marker(d, marks[at]);
    if (number == INTERN_NONE || identity_mark_is_named(marks[at]))
        return number;
    bool of_named = d->reports[store_entry(d->store, number)->report].named;
    for (size_t i = 0; of_named && i < count; i++)
        if (identity_mark_is_named(marks[i]))
            return INTERN_NONE; /* the log of another execution, or our own, which its own mark tells */
    return number;
}

bool desired_has_mark(const struct desired *d, uint32_t number, uint64_t mark)
{
    size_t count;
    if (store_entry(d->store, number)->marker == mark)
        return true;
    const struct other_mark *found = find_others(d, mark, &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t owner = found[i].owner >> 1;
        bool of_all = found[i].owner & 1;
        if (owner == number || (of_all && desired_leader(d, owner) == desired_leader(d, number)))
            return true;
    }
    return false;
}

bool desired_is_execution_mark(const struct desired *d, uint32_t number, uint64_t mark)
{
    return is_named(d, store_entry(d->store, number)) && identity_mark_is_named(mark);
}

static int by_mark(const void *a, const void *b)
{
    uint64_t x = mark_in(a);
    uint64_t y = mark_in(b);
    return (x > y) - (x < y);
}

static void sort_others(struct desired *d)
{
    if (d->other_mark_count == 0)
        return;
    d->other_marks = xreallocarray(d->other_marks, d->other_mark_count, sizeof *d->other_marks);
    d->other_mark_capacity = d->other_mark_count;
    qsort(d->other_marks, d->other_mark_count, sizeof *d->other_marks, by_mark);
}

/* Its mark is that of its execution, and it has one of its own beside it. */
static bool has_another_mark(const struct desired *d, const struct store_entry *entry)
{
    return is_named(d, entry) && entry->start_ms != TIME_NONE;
}

static void mark_entry(struct desired *d, uint32_t number, const struct test_result *result)
{
    struct store_entry *entry = store_entry(d->store, number);
    _cleanup_free_ char *content = identity_automation_content(result, d->options.content_template);
    const struct mark_place place = place_of(d, number, content);
    if (has_another_mark(d, entry)) {
        struct hash128 own = result_mark(d, &place, result, number);
        add_other(d, &own, number, false);
        d->sum_of_marks += hash128_low(&own);
    }
    if (entry->merged && is_named(d, entry))
        return;
    struct hash128 mark = mark_of(d, &place, result, number);
    entry->marker = hash128_low(&mark);
    d->sum_of_marks += has_another_mark(d, entry) ? 0 : entry->marker;
    uint32_t *slot = marker_slot(d, entry->marker);
    *slot = *slot ? *slot : number + 1; /* the same result again, or a row that is equal */
}

/* In one piece, since there may be a million. */
static void make_room(struct desired *d)
{
    d->marker_slot_count = 64;
    while (d->marker_slot_count < d->store->count * 3 / 2)
        d->marker_slot_count *= 2;
    d->marker_slots = xcalloc(d->marker_slot_count, sizeof *d->marker_slots);
    for (size_t i = 0; i < d->store->count; i++)
        d->other_mark_capacity += has_another_mark(d, store_entry(d->store, i));
    if (d->other_mark_capacity)
        d->other_marks = xreallocarray(NULL, d->other_mark_capacity, sizeof *d->other_marks);
}

int desired_mark_entries(struct desired *d, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    make_room(d);
    for (size_t i = 0; i < d->store->count; i++) {
        struct store_entry *entry = store_entry(d->store, i);
        if (entry->merged && is_named(d, entry) && entry->start_ms == TIME_NONE)
            continue;
        int r = store_read(d->store, i, &record, err);
        if (r < 0)
            return r;
        mark_entry(d, (uint32_t)i, &record.result);
    }
    sort_others(d);
    for (size_t i = 0; d->merged && i < d->store->count; i++) {
        struct store_entry *entry = store_entry(d->store, i);
        if (is_named(d, entry))
            entry->marker = store_entry(d->store, desired_leader(d, (uint32_t)i))->marker;
    }
    return 0;
}

/* Of one result of an adopted case, by the key that this has. */
static int add_weaker_mark(struct desired *d, uint32_t number, enum identity_strength strength,
                           struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    const struct store_entry *entry = store_entry(d->store, number);
    int r = store_read(d->store, number, &record, err);
    if (r < 0)
        return r;
    _cleanup_free_ char *content = identity_weaker_key(&record.result, strength);
    if (!content)
        return 0;
    const struct mark_place place = place_of(d, number, content);
    struct hash128 mark = mark_of(d, &place, &record.result, number);
    if (!is_named(d, entry) || !entry->merged)
        add_other(d, &mark, number, is_named(d, entry));
    mark = result_mark(d, &place, &record.result, number);
    if (has_another_mark(d, entry))
        add_other(d, &mark, number, false);
    return 0;
}

int desired_mark_adopted(struct desired *d, bool *ret_more, struct error *err)
{
    size_t before = d->other_mark_count;
    uint32_t adopted = 0;
    int r = 0;
    for (uint32_t i = 0; i < d->case_count; i++)
        adopted += desired_is_adopted(&d->cases[i]);
    *ret_more = adopted > d->adopted_marked;
    for (uint32_t i = 0; *ret_more && r == 0 && i < d->case_count; i++) {
        size_t count;
        const uint32_t *numbers = desired_entries_of_case(d, i, &count);
        for (size_t j = 0; desired_is_adopted(&d->cases[i]) && r == 0 && j < count; j++)
            r = add_weaker_mark(d, numbers[j], d->cases[i].known_by, err);
    }
    d->adopted_marked = adopted;
    if (d->other_mark_count > before)
        sort_others(d);
    return r;
}

/* Of one log, while they are gathered. */
struct gathering {
    struct log_marks *marks;
    uint64_t *of_results; /* the first 8 bytes of each */
    size_t result_count;
    bool too_many;
};

static void put_mark(struct gathering *g, const struct hash128 *mark)
{
    for (size_t i = 0; i < g->marks->count; i++)
        if (hash128_low(&g->marks->items[i]) == hash128_low(mark))
            return; /* equal rows have one */
    if (g->marks->count < NOTE_MARKS_NAMED)
        g->marks->items[g->marks->count++] = *mark;
    else
        g->too_many = true;
}

/* Its own mark, or that of the bytes; those of its named execution stand before all. */
static int put_result(const struct desired *d, struct gathering *g, uint32_t number, bool leads,
                      struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    const struct store_entry *entry = store_entry(d->store, number);
    const struct desired_report *report = &d->reports[entry->report];
    int r = store_read(d->store, number, &record, err);
    if (r < 0)
        return r;
    _cleanup_free_ char *content = identity_automation_content(&record.result, d->options.content_template);
    const struct mark_place place = place_of(d, number, content);
    struct hash128 mark = mark_of(d, &place, &record.result, number);
    if (report->named && leads)
        put_mark(g, &mark);
    if (report->named && entry->start_ms == TIME_NONE)
        return 0;
    if (report->named)
        mark = result_mark(d, &place, &record.result, number);
    put_mark(g, &mark);
    g->of_results[g->result_count++] = hash128_low(&mark);
    if (entry->start_ms == TIME_NONE && report->bytes_id) {
        mark = identity_execution_mark(&place, report->bytes_id, false);
        put_mark(g, &mark);
    }
    return 0;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static struct hash128 sum_of(uint64_t *marks, size_t count)
{
    size_t different = 0;
    uint64_t sum = 0;
    qsort(marks, count, sizeof *marks, by_number);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && marks[i] == marks[i - 1];
        different += !again;
        sum += again ? 0 : marks[i];
    }
    return identity_many_marks(different, sum);
}

int desired_marks(const struct desired *d, uint32_t leader, struct log_marks *ret, struct error *err)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(d, store_entry(d->store, leader)->case_number, &count);
    _cleanup_free_ uint64_t *of_results = xreallocarray(NULL, count, sizeof *of_results);
    struct gathering g = {.marks = ret, .of_results = of_results};
    *ret = (struct log_marks){0};
    int r = put_result(d, &g, leader, true, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        if (numbers[i] != leader && desired_leader(d, numbers[i]) == leader)
            r = put_result(d, &g, numbers[i], false, err);
    ret->sum = sum_of(of_results, g.result_count);
    if (r == 0 && g.too_many)
        ret->items[ret->count++] = ret->sum;
    return r;
}
