/* Logs that a server gave without notes: known by their run and build number.
 *
 * Where no build number tells whose it is, only the log itself does, when it is read alone: of results that are
 * known by themselves, and of all where the server gives no build numbers either. So of those that begin when ours
 * do the last is read and the first: when they are ours, those between are too, since each upload adds its logs
 * together. And before anything is added to a run, what may be ours in it is read, latest first, until so many in a
 * row were of somebody else. */
#include "bare_logs.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"
#include "base/text.h"
#include "engine_private.h"

#define STRANGERS_MAX 16
#define READS_MAX     64

enum { NOT_ASKED, MAY_BE_OURS, BEGINS_AS_OURS };

struct bare_log {
    struct seen_log seen;
    bool used;    /* stands for a result already */
    uint8_t rank; /* among those that are to be read */
    uint32_t asks; /* the result that may go into its run */
};

struct read_log {
    int64_t log_id;
    uint32_t asked; /* for this result */
    uint32_t entry; /* which it stands for; INTERN_NONE: none of ours */
    bool began;     /* as that does */
};

struct bare_logs {
    struct bare_log *items;
    size_t count;
    size_t capacity;
    struct read_log read[READS_MAX];
    size_t read_count;
    size_t strangers; /* of these, in a row */
    bool any_ours;    /* of all that were read */
    bool drops_ms;    /* the server does, as one of them shows */
};

struct bare_logs *bare_logs_new(void)
{
    return xcalloc(1, sizeof(struct bare_logs));
}

void bare_logs_free(struct bare_logs *bare)
{
    free(bare->items);
    free(bare);
}

bool bare_logs_any(const struct bare_logs *bare)
{
    return bare->count > 0;
}

void bare_logs_forget(struct bare_logs *bare)
{
    bare->count = 0;
}

void bare_logs_new_round(struct bare_logs *bare)
{
    bare->strangers = 0;
}

static bool was_read(const struct bare_logs *bare, int64_t log_id)
{
    for (size_t i = 0; i < bare->read_count; i++)
        if (bare->read[i].log_id == log_id)
            return true;
    return false;
}

static bool stood_for(const struct bare_logs *bare, uint32_t entry)
{
    for (size_t i = 0; i < bare->read_count; i++)
        if (bare->read[i].entry == entry)
            return true;
    return false;
}

void engine_keep_bare_log(struct engine *e, const struct qtest_log *log, int64_t run_id)
{
    struct bare_logs *bare = e->bare;
    struct seen_log seen = engine_seen_log(log);
    seen.run_id = run_id;
    if (run_id == 0 || was_read(bare, log->id) || !engine_may_be_ours(e, log, &seen))
        return;
    GROW(bare->items, bare->count, bare->capacity);
    bare->items[bare->count++] = (struct bare_log){.seen = seen};
}

static int by_run_and_start(const void *a, const void *b)
{
    const struct seen_log *x = &((const struct bare_log *)a)->seen;
    const struct seen_log *y = &((const struct bare_log *)b)->seen;
    if (x->run_id != y->run_id)
        return x->run_id > y->run_id ? 1 : -1;
    if (x->start_s != y->start_s)
        return x->start_s > y->start_s ? 1 : -1;
    return (x->log_id > y->log_id) - (x->log_id < y->log_id);
}

/* The first log of the run, or of one behind it; the end when there is none. */
static struct bare_log *first_of_run(const struct bare_logs *bare, int64_t run_id)
{
    size_t low = 0;
    size_t high = bare->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bare->items[middle].seen.run_id < run_id)
            low = middle + 1;
        else
            high = middle;
    }
    return bare->items + low;
}

bool engine_has_bare_log(const struct engine *e, int64_t run_id)
{
    const struct bare_logs *bare = e->bare;
    return bare->count && first_of_run(bare, run_id) < bare->items + bare->count &&
           first_of_run(bare, run_id)->seen.run_id == run_id;
}

/* A search and a look may both have shown one. */
void engine_sort_bare_logs(struct engine *e)
{
    struct bare_logs *bare = e->bare;
    size_t kept = 0;
    if (bare->count)
        qsort(bare->items, bare->count, sizeof *bare->items, by_run_and_start);
    for (size_t i = 0; i < bare->count; i++) {
        const struct seen_log *seen = &bare->items[i].seen;
        if (!was_read(bare, seen->log_id) && (!kept || bare->items[kept - 1].seen.log_id != seen->log_id))
            bare->items[kept++] = (struct bare_log){.seen = *seen};
    }
    bare->count = kept;
}

static bool is_of(const struct engine *e, uint32_t number, uint32_t report)
{
    const struct desired *d = e->desired;
    return text_equal(d->reports[store_entry(d->store, number)->report].execution_id,
                      d->reports[report].execution_id);
}

/* It leads some of this report, and some of another one: files without times that hold one test. */
static bool leads_in_part(const struct engine *e, uint32_t number, uint32_t report)
{
    size_t count;
    size_t led = 0;
    size_t of_report = 0;
    const struct desired *d = e->desired;
    const uint32_t *numbers = desired_entries_of_case(d, store_entry(d->store, number)->case_number, &count);
    for (size_t i = 0; i < count; i++) {
        if (desired_leader(d, numbers[i]) != number)
            continue;
        led++;
        of_report += is_of(e, numbers[i], report);
    }
    return of_report > 0 && of_report < led;
}

/* No build number tells whether it is of this result, and of all that this one leads. */
static bool is_nameless(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    if (log->execution == INTERN_NONE)
        return !log->anothers || desired_by_result(e->desired, store_entry(e->desired->store, number));
    return desired_by_result(e->desired, store_entry(e->desired->store, number)) ||
           leads_in_part(e, number, log->execution);
}

static bool begins_as(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    size_t count;
    const struct desired *d = e->desired;
    const struct store_entry *entry = store_entry(d->store, number);
    const uint32_t *numbers = desired_entries_of_case(d, entry->case_number, &count);
    if (desired_by_result(d, entry))
        return log->start_s == engine_sent_second_of(e, entry) &&
               (log->start_ms % 1000 == 0 || log->start_ms == entry->start_ms) &&
               engine_shows_verdict(entry->status, log->shown);
    for (size_t i = 0; i < count; i++)
        if (desired_leader(d, numbers[i]) == number &&
            log->start_s == engine_sent_second_of(e, store_entry(d->store, numbers[i])))
            return true;
    return false;
}

static bool may_read_more(const struct bare_logs *bare)
{
    return bare->strangers < STRANGERS_MAX && bare->read_count < READS_MAX;
}

/* The only one of its run that is not read and begins as this result does. */
static bool is_alone(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    size_t count = 0;
    const struct bare_log *end = e->bare->items + e->bare->count;
    for (const struct bare_log *other = first_of_run(e->bare, log->run_id);
         other < end && other->seen.run_id == log->run_id; other++)
        count += !other->used && is_nameless(e, &other->seen, number) && begins_as(e, &other->seen, number);
    return count == 1;
}

/* Results that are known by themselves are of no execution. */
static bool are_of_one(const struct engine *e, uint32_t a, uint32_t b)
{
    const struct desired *d = e->desired;
    const struct store_entry *x = store_entry(d->store, a);
    const struct store_entry *y = store_entry(d->store, b);
    return desired_by_result(d, x) == desired_by_result(d, y) &&
           (desired_by_result(d, x) ||
            text_equal(d->reports[x->report].execution_id, d->reports[y->report].execution_id));
}

static size_t reads_for(const struct engine *e, uint32_t number)
{
    size_t count = 0;
    for (size_t i = 0; i < e->bare->read_count; i++)
        count += are_of_one(e, e->bare->read[i].asked, number);
    return count;
}

/* It stands between two of this execution, and of those that begin so none was of another. */
static bool is_enclosed(const struct engine *e, int64_t log_id, uint32_t number)
{
    bool after_one = false;
    bool before_one = false;
    for (size_t i = 0; i < e->bare->read_count; i++) {
        const struct read_log *log = &e->bare->read[i];
        if (log->entry == INTERN_NONE && log->began && are_of_one(e, log->asked, number))
            return false;
        if (log->entry == INTERN_NONE || !are_of_one(e, log->entry, number))
            continue;
        after_one |= log->log_id < log_id;
        before_one |= log->log_id > log_id;
    }
    return after_one && before_one;
}

/* Of a result that is known by itself: its instant is all that is known of it, and it leads no others, which may
 * not be in. */
static bool is_plain(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    size_t count;
    size_t led = 0;
    const struct desired *d = e->desired;
    const struct store_entry *entry = store_entry(d->store, number);
    const uint32_t *numbers = desired_entries_of_case(d, entry->case_number, &count);
    for (size_t i = 0; i < count; i++)
        led += desired_leader(d, numbers[i]) == number;
    return led == 1 && (log->start_ms == entry->start_ms || e->bare->drops_ms);
}

/* Its run and instant are enough once those that were read speak for it, or when no more are read. */
static bool is_nameless_log_of(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    if (!begins_as(e, log, number))
        return false;
    if (!may_read_more(e->bare))
        return e->bare->any_ours;
    const struct store_entry *entry = store_entry(e->desired->store, number);
    return is_enclosed(e, log->log_id, number) && is_alone(e, log, number) &&
           (desired_by_result(e->desired, entry) ? is_plain(e, log, number) : !leads_in_part(e, number, entry->report));
}

/* Such a log is that of the results that this one leads. */
static bool is_log_of(const struct engine *e, const struct seen_log *log, uint32_t number)
{
    if (is_nameless(e, log, number))
        return is_nameless_log_of(e, log, number);
    return !log->anothers && is_of(e, number, log->execution) &&
           engine_is_of_this_time(e, number, log->start_ms);
}

/* Each log stands for the results of one execution only. */
static const struct seen_log *use_bare_log(struct engine *e, int64_t run_id, uint32_t number)
{
    const struct bare_log *end = e->bare->items + e->bare->count;
    for (struct bare_log *log = first_of_run(e->bare, run_id); log < end && log->seen.run_id == run_id; log++) {
        if (log->used || !is_log_of(e, &log->seen, number))
            continue;
        log->used = true;
        return &log->seen;
    }
    return NULL;
}

/* Results that are settled already use their logs up before open ones are matched. */
static void use_settled_logs(struct engine *e, uint32_t suite, int64_t run_id, const uint32_t *numbers,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = store_entry(e->desired->store, numbers[i]);
        if (!entry->merged && desired_suite_of(e->desired, entry) == suite && !stood_for(e->bare, numbers[i]) &&
            (entry->outcome == OUTCOME_CONFIRMED || entry->outcome == OUTCOME_PRESENT))
            use_bare_log(e, run_id, numbers[i]);
    }
}

/* Nothing shows whose they are, and this result may go into their run. */
static void rank_logs(struct engine *e, int64_t run_id, uint32_t number)
{
    const struct bare_log *end = e->bare->items + e->bare->count;
    for (struct bare_log *log = first_of_run(e->bare, run_id); log < end && log->seen.run_id == run_id; log++) {
        if (log->used || !is_nameless(e, &log->seen, number) || log->rank == BEGINS_AS_OURS)
            continue;
        bool begins = begins_as(e, &log->seen, number);
        if (!begins && !engine_is_of_this_time(e, number, log->seen.start_ms))
            continue;
        log->rank = begins ? BEGINS_AS_OURS : MAY_BE_OURS;
        log->asks = number;
    }
}

static void found(struct engine *e, uint32_t number, const struct seen_log *log)
{
    canary_learn(e, log->start_ms);
    if (!canary_has_shown(e->canary, log->log_id))
        canary_search_lags(e->canary);
    engine_mark_found(e, number);
    if (log->execution != INTERN_NONE || engine_alone_in_run(e, number)) /* no doubt which is whose */
        engine_note_status(e, number, log);
}

void engine_use_bare_logs(struct engine *e, uint32_t suite, int64_t run_id, uint32_t case_number)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    if (!e->bare->count)
        return;
    use_settled_logs(e, suite, run_id, numbers, count);
    for (size_t i = 0; i < count; i++) {
        if (!engine_entry_open(e, numbers[i]) ||
            desired_suite_of(e->desired, store_entry(e->desired->store, numbers[i])) != suite)
            continue;
        const struct seen_log *log = use_bare_log(e, run_id, numbers[i]);
        if (log)
            found(e, numbers[i], log);
        else
            rank_logs(e, run_id, numbers[i]);
    }
}

/* Whose it is, in its own words. */
static void take(struct engine *e, const struct qtest_log *log)
{
    struct bare_logs *bare = e->bare;
    bool found_anew = false;
    uint32_t entry = log->note ? engine_take_marks(e, log, true, &found_anew) : INTERN_NONE;
    if (entry == INTERN_NONE)
        return;
    for (size_t i = 0; i < bare->read_count; i++)
        if (bare->read[i].log_id == log->id)
            bare->read[i].entry = entry;
    const struct store_entry *of = store_entry(e->desired->store, entry);
    bare->any_ours = true;
    bare->drops_ms |= of->start_ms != log->start_ms && log->start_ms % 1000 == 0 &&
                      engine_sent_second_of(e, of) == engine_second_of(log->start_ms);
    bare->strangers = 0;
    canary_learn(e, log->start_ms);
    if (found_anew && !canary_has_shown(e->canary, log->id))
        canary_search_lags(e->canary);
}

static void on_read(struct engine *e, struct call *call, const struct reply *reply)
{
    struct error err = ERROR_INIT;
    struct qtest_log log;
    if (reply_verdict(reply) == VERDICT_MISSING) /* deleted meanwhile */
        return;
    if (!engine_reply_ok(e, call, reply))
        return;
    _cleanup_(json_delete) cJSON *body = reply_object(reply, &err);
    if (!body || log_read(body, &log, &err) < 0) {
        engine_fail(e, &err);
        return;
    }
    take(e, &log);
    qtest_log_release(&log);
}

/* Of the highest rank the latest, or the earliest, since ids grow; of an execution for which no more than
 * most_read were. */
static struct bare_log *next_to_read(struct engine *e, bool latest, size_t most_read)
{
    struct bare_logs *bare = e->bare;
    struct bare_log *next = NULL;
    for (size_t i = 0; i < bare->count && may_read_more(bare); i++) {
        struct bare_log *log = &bare->items[i];
        bool before = !next || log->rank > next->rank ||
                      (log->rank == next->rank && (log->seen.log_id > next->seen.log_id) == latest);
        if (before && log->rank != NOT_ASKED && reads_for(e, log->asks) <= most_read)
            next = log;
    }
    return next;
}

static bool read_one(struct engine *e, bool latest, size_t most_read)
{
    struct bare_logs *bare = e->bare;
    struct bare_log *log = next_to_read(e, latest, most_read);
    if (!log)
        return false;
    bare->read[bare->read_count++] = (struct read_log){.log_id = log->seen.log_id,
                                                       .asked = log->asks,
                                                       .entry = INTERN_NONE,
                                                       .began = log->rank == BEGINS_AS_OURS};
    bare->strangers++; /* until it says otherwise */
    log->rank = NOT_ASKED;
    engine_call(e, call_get_log(e->project.id, log->seen.run_id, log->seen.log_id), on_read, 0);
    return true;
}

bool engine_read_bare_logs(struct engine *e, bool all)
{
    bool any = false;
    while (read_one(e, true, 0))
        any = true;
    while (read_one(e, false, 1))
        any = true;
    bool some_tell = !any;
    while (all && some_tell && read_one(e, true, READS_MAX))
        any = true;
    return any;
}
