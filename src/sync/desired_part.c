/* Results that are known by themselves, and logs in qTest that stand for some of those which would share a
 * log: a mark that is found makes its own result present, and no other. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desired_private.h"
#include "sync/identity.h"
#include "sync/note.h"

/* All that one result leads, in the order of their starts; the caller frees it. */
static uint32_t *members_of(const struct desired *d, uint32_t leader, size_t *ret_count)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(d, store_entry(d->store, leader)->case_number, &count);
    uint32_t *members = xreallocarray(NULL, count, sizeof *members);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++)
        if (desired_leader(d, numbers[i]) == leader)
            members[(*ret_count)++] = numbers[i];
    return members;
}

static int by_start(const void *a, const void *b, void *context)
{
    const struct desired *d = context;
    uint32_t i = *(const uint32_t *)a;
    uint32_t j = *(const uint32_t *)b;
    int64_t x_ms = store_entry(d->store, i)->start_ms;
    int64_t y_ms = store_entry(d->store, j)->start_ms;
    return x_ms != y_ms ? (x_ms > y_ms) - (x_ms < y_ms) : (i > j) - (i < j);
}

static bool is_marked(const struct desired *d, uint32_t number, const uint64_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (desired_has_mark(d, number, marks[i]))
            return true;
    return false;
}

/* The log has more marks than it names: they are those of all the others, or nobody knows which. */
static bool stands_for_all(const struct desired *d, uint32_t leader, const uint64_t *marks, size_t count)
{
    struct error err = ERROR_INIT;
    struct log_marks ours;
    if (count <= NOTE_MARKS_NAMED)
        return false;
    int r = desired_marks(d, leader, &ours, &err);
    error_release(&err);
    return r == 0 && marks[count - 1] == hash128_low(&ours.sum);
}

/* What is left goes on as the log that they had together, whatever became of it. */
static void hand_on(struct desired *d, uint32_t from, uint32_t rest)
{
    struct store_entry *before = store_entry(d->store, from);
    struct store_entry *after = store_entry(d->store, rest);
    if (from == rest)
        return;
    after->outcome = before->outcome;
    after->unplaced = before->unplaced;
    after->sent = before->sent;
    after->reason = before->reason;
    after->older = before->older;
    after->bare = before->bare;
    before->sent = 0;
    before->reason = 0;
}

/* Of a named execution a log may have been found for all of them, and then one that names some. */
static bool may_part(const struct desired *d, uint32_t leader)
{
    const struct store_entry *entry = store_entry(d->store, leader);
    return entry->outcome == OUTCOME_OPEN ||
           (entry->outcome == OUTCOME_PRESENT && !desired_by_result(d, entry));
}

uint32_t desired_part(struct desired *d, uint32_t number, const uint64_t *marks, size_t mark_count)
{
    size_t count;
    size_t found = 0;
    struct error err = ERROR_INIT;
    uint32_t leader = desired_leader(d, number);
    if (!may_part(d, leader) || stands_for_all(d, leader, marks, mark_count))
        return leader;
    _cleanup_free_ uint32_t *members = members_of(d, leader, &count);
    _cleanup_free_ uint32_t *rest = xreallocarray(NULL, count, sizeof *rest);
    size_t rest_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t member = members[i];
        if (is_marked(d, member, marks, mark_count))
            members[found++] = member;
        else
            rest[rest_count++] = member;
    }
    if (rest_count == 0)
        return leader;
    qsort_r(members, found, sizeof *members, by_start, d);
    qsort_r(rest, rest_count, sizeof *rest, by_start, d);
    if (desired_lead(d, members, found, &err) < 0 || desired_lead(d, rest, rest_count, &err) < 0)
        error_release(&err); /* of two words on one start the worse leads then */
    d->merged--;
    hand_on(d, leader, desired_leader(d, rest[0]));
    if (d->reports[store_entry(d->store, rest[0])->report].named)
        desired_set_leader_of_marker(d, desired_leader(d, rest[0]));
    return desired_leader(d, members[0]);
}
