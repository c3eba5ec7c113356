/* What is still missing, in which order it goes out, and how it is told. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

bool engine_entry_open(const struct engine *e, uint32_t number)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    return !entry->merged && entry->outcome == OUTCOME_OPEN;
}

size_t engine_open_count(const struct engine *e)
{
    size_t open = 0;
    for (size_t i = 0; i < e->desired->store->count; i++)
        open += engine_entry_open(e, (uint32_t)i);
    return open;
}

bool engine_suite_needed(const struct engine *e, uint32_t suite)
{
    for (size_t i = 0; i < e->desired->store->count; i++)
        if (engine_entry_open(e, (uint32_t)i) &&
            desired_suite_of(e->desired, store_entry(e->desired->store, i)) == suite)
            return true;
    return false;
}

/* One that went out and did not show up is no good maker: the others of its case would wait in vain. One
 * that was refused in company may be. */
static int lost_before(const struct store_entry *entry)
{
    return entry->reason ? 0 : entry->sent;
}

static bool makes_better(const struct desired *d, const struct store_entry *a, const struct store_entry *b)
{
    uint32_t suite_a = desired_suite_of(d, a);
    uint32_t suite_b = desired_suite_of(d, b);
    if (lost_before(a) != lost_before(b))
        return lost_before(a) < lost_before(b);
    return suite_a < suite_b;
}

static bool goes_out(const struct engine *e, uint32_t number)
{
    return engine_entry_open(e, number) && !engine_is_put_off(e, store_entry(e->desired->store, number));
}

/* The first open result of each case that qTest does not have: it goes out first, alone with others of
 * its module and suite, and the case is made by it. Lowest suite first, so that makers meet in few suites. */
static void choose_makers(struct engine *e)
{
    const struct desired *d = e->desired;
    free(e->maker);
    e->maker = xcalloc(d->case_count, sizeof *e->maker);
    for (size_t i = 0; i < d->store->count; i++) {
        const struct store_entry *entry = store_entry(d->store, i);
        if (!goes_out(e, (uint32_t)i) || d->cases[entry->case_number].case_id)
            continue;
        uint32_t *maker = &e->maker[entry->case_number];
        if (!*maker || makes_better(d, entry, store_entry(d->store, *maker - 1)))
            *maker = (uint32_t)i + 1;
    }
}

static bool makes_its_case(const struct engine *e, uint32_t number)
{
    return e->maker[store_entry(e->desired->store, number)->case_number] == number + 1;
}

uint32_t engine_module_of(const struct engine *e, uint32_t number)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    return makes_its_case(e, number) ? e->desired->cases[entry->case_number].module : INTERN_NONE;
}

/* Whatever mentions a case that is still being made goes a stage later. */
uint32_t engine_stage_of(const struct engine *e, uint32_t number)
{
    uint32_t maker = e->maker[store_entry(e->desired->store, number)->case_number];
    return maker && !makes_its_case(e, number) ? 1 : 0;
}

static int compare(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* Results that were refused together stand together, each status word for itself. */
static int compare_suspects(const struct store_entry *a, const struct store_entry *b)
{
    int r = compare(a->reason, b->reason);
    return r || !a->reason ? r : compare(a->status, b->status);
}

static int by_stage_suite_module(const void *a, const void *b, void *context)
{
    const struct engine *e = context;
    uint32_t i = *(const uint32_t *)a;
    uint32_t j = *(const uint32_t *)b;
    const struct store *store = e->desired->store;
    int r = compare(engine_stage_of(e, i), engine_stage_of(e, j));
    r = r ? r
          : compare(desired_suite_of(e->desired, store_entry(store, i)),
                    desired_suite_of(e->desired, store_entry(store, j)));
    r = r ? r : compare(engine_module_of(e, i), engine_module_of(e, j));
    r = r ? r : compare_suspects(store_entry(store, i), store_entry(store, j));
    return r ? r : compare(i, j);
}

void engine_plan_stages(struct engine *e)
{
    canary_forget(e->canary);
    e->pass++;
    e->batches_before = e->batch_count;
    engine_refuse_hopeless(e);
    engine_put_off_vanished(e);
    choose_makers(e);
    free(e->queue);
    e->queue = xreallocarray(NULL, e->desired->store->count, sizeof *e->queue);
    e->queue_count = 0;
    e->queue_at = 0;
    for (size_t i = 0; i < e->desired->store->count; i++)
        if (goes_out(e, (uint32_t)i))
            e->queue[e->queue_count++] = (uint32_t)i;
    qsort_r(e->queue, e->queue_count, sizeof *e->queue, by_stage_suite_module, e);
}

static bool to_be_made(const struct engine *e, uint32_t case_number)
{
    size_t count;
    const uint32_t *numbers = desired_entries_of_case(e->desired, case_number, &count);
    for (size_t i = 0; !e->desired->cases[case_number].case_id && i < count; i++)
        if (engine_entry_open(e, numbers[i]))
            return true;
    return false;
}

bool *engine_needed_modules(const struct engine *e)
{
    bool *needed = xcalloc(e->desired->modules.count, sizeof *needed);
    for (uint32_t i = 0; i < e->desired->case_count; i++)
        if (to_be_made(e, i))
            needed[e->desired->cases[i].module] = true;
    return needed;
}

bool engine_has_new_cases(const struct engine *e)
{
    for (uint32_t i = 0; i < e->desired->case_count; i++)
        if (to_be_made(e, i))
            return true;
    return false;
}

bool engine_creates(const struct engine *e)
{
    if (!e->cycle.id || engine_has_new_cases(e))
        return true;
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        if (!e->suites[i].node.id && engine_suite_needed(e, i))
            return true;
    return false;
}

static void action(struct engine *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void action(struct engine *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *raw = xvasprintf(format, args);
    va_end(args);
    _cleanup_free_ char *text = text_printable(raw);
    sync_outcome_action(&e->outcome, text);
}

static void describe_places(struct engine *e)
{
    if (!e->cycle.id)
        action(e, "create test cycle '%s'", e->desired->options.job);
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        if (!e->suites[i].node.id && engine_suite_needed(e, i))
            action(e, "create test suite '%s'", intern_text(&e->desired->suites, i));
}

void engine_count_action(struct engine *e, int64_t number, const char *one, const char *many,
                         const char *pattern)
{
    _cleanup_free_ char *printable = text_printable(pattern);
    const struct sync_count count = {.pattern = printable, .count = number, .one = one, .many = many};
    if (number)
        sync_outcome_counted_action(&e->outcome, &count);
}

static void describe_cases(struct engine *e)
{
    struct sync_outcome *out = &e->outcome;
    out->new_cases = xcalloc(e->desired->case_count, sizeof *out->new_cases);
    out->new_case_count = 0;
    for (uint32_t i = 0; i < e->desired->case_count; i++)
        if (e->maker[i])
            out->new_cases[out->new_case_count++] = e->desired->cases[i].content_hash;
    engine_count_action(e, (int64_t)out->new_case_count, "test case", "test cases", SYNC_ACTION_CASES);
}

static void describe_logs(struct engine *e)
{
    for (uint32_t suite = 0; suite < e->desired->suites.count; suite++) {
        int64_t count = 0;
        for (size_t i = 0; i < e->queue_count; i++)
            count += desired_suite_of(e->desired, store_entry(e->desired->store, e->queue[i])) == suite;
        _cleanup_free_ char *pattern =
            xasprintf("add {} to test suite '%s'", intern_text(&e->desired->suites, suite));
        engine_count_action(e, count, "test log", "test logs", pattern);
    }
}

void engine_describe_plan(struct engine *e)
{
    engine_plan_stages(e);
    describe_places(e);
    engine_describe_modules(e);
    describe_cases(e);
    describe_logs(e);
}
