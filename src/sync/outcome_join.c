/* The outcomes of several executions of one command as one. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sync/outcome.h"

static void add_counts(struct sync_counts *to, const struct sync_counts *from)
{
    to->read += from->read;
    to->confirmed += from->confirmed;
    to->present += from->present;
    to->refused += from->refused;
    to->spooled += from->spooled;
    to->skipped += from->skipped;
}

/* What is still to be done comes first. */
static enum sync_status worse(enum sync_status a, enum sync_status b)
{
    static const int rank[] = {
        [SYNC_STATUS_OFF] = 0,     [SYNC_STATUS_DONE] = 1,      [SYNC_STATUS_PLANNED] = 2,
        [SYNC_STATUS_REFUSED] = 3, [SYNC_STATUS_UNCERTAIN] = 4, [SYNC_STATUS_SPOOLED] = 5,
        [SYNC_STATUS_FAILED] = 6,
    };
    return rank[a] >= rank[b] ? a : b;
}

static bool same_object(const struct sync_object *a, const struct sync_object *b)
{
    return a->id && b->id ? a->id == b->id : text_equal(a->name, b->name);
}

/* One that a later execution made was not there for an earlier one. */
static void join_object(struct sync_object *object, struct sync_object *next)
{
    int64_t results = object->results + next->results;
    if (!object->name || (!object->id && next->id)) {
        const struct sync_object before = *object;
        *object = *next;
        *next = before;
    }
    object->results = results;
}

static void join_suites(struct sync_outcome *outcome, struct sync_outcome *next)
{
    outcome->suites =
        xreallocarray(outcome->suites, outcome->suite_count + next->suite_count, sizeof *outcome->suites);
    for (size_t i = 0; i < next->suite_count; i++) {
        size_t at = 0;
        while (at < outcome->suite_count && !same_object(&outcome->suites[at], &next->suites[i]))
            at++;
        if (at == outcome->suite_count)
            outcome->suites[outcome->suite_count++] = (struct sync_object){0};
        join_object(&outcome->suites[at], &next->suites[i]);
    }
}

/* The sentence says the same, counts apart. */
static bool same_sentence(const char *text, const struct sync_count *counted, const char *other_text,
                          const struct sync_count *other)
{
    if (!counted->pattern || !other->pattern)
        return !counted->pattern && !other->pattern && text_equal(text, other_text);
    return text_equal(counted->pattern, other->pattern) && text_equal(counted->many, other->many);
}

static void join_problem(struct sync_outcome *outcome, const struct sync_problem *next)
{
    for (size_t i = 0; i < outcome->problem_count; i++) {
        struct sync_problem *problem = &outcome->problems[i];
        if (problem->code != next->code ||
            !same_sentence(problem->text, &problem->counted, next->text, &next->counted))
            continue;
        problem->results += next->results;
        sync_count_add(&problem->text, &problem->counted, next->counted.count);
        return;
    }
    if (next->counted.pattern)
        sync_outcome_counted_problem(outcome, next->code, next->results, &next->counted);
    else
        sync_outcome_problem(outcome, next->code, next->results, next->text);
}

static void join_action(struct sync_outcome *outcome, const struct sync_action *next, int64_t counted_before)
{
    struct sync_count count = next->counted;
    for (size_t i = 0; i < outcome->action_count; i++) {
        struct sync_action *action = &outcome->actions[i];
        if (!same_sentence(action->text, &action->counted, next->text, &next->counted))
            continue;
        sync_count_add(&action->text, &action->counted, count.count - counted_before);
        return;
    }
    if (count.pattern)
        sync_outcome_counted_action(outcome, &count);
    else
        sync_outcome_action(outcome, next->text);
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Each case once. Returns how many are in both. */
static size_t join_cases(struct sync_outcome *outcome, struct sync_outcome *next)
{
    size_t i = 0;
    size_t j = 0;
    size_t count = 0;
    size_t most = outcome->new_case_count + next->new_case_count;
    if (next->new_case_count == 0)
        return 0;
    if (outcome->new_case_count == 0) {
        free(outcome->new_cases);
        outcome->new_cases = TAKE(next->new_cases);
        outcome->new_case_count = most;
        return 0;
    }
    qsort(outcome->new_cases, outcome->new_case_count, sizeof *outcome->new_cases, by_hash);
    qsort(next->new_cases, next->new_case_count, sizeof *next->new_cases, by_hash);
    uint64_t *all = xreallocarray(NULL, most, sizeof *all);
    while (i < outcome->new_case_count || j < next->new_case_count) {
        bool here = i < outcome->new_case_count;
        bool there = j < next->new_case_count;
        uint64_t hash = !there || (here && outcome->new_cases[i] < next->new_cases[j]) ? outcome->new_cases[i]
                                                                                       : next->new_cases[j];
        i += here && outcome->new_cases[i] == hash;
        j += there && next->new_cases[j] == hash;
        all[count++] = hash;
    }
    free(outcome->new_cases);
    outcome->new_cases = all;
    outcome->new_case_count = count;
    return most - count;
}

void sync_outcome_join(struct sync_outcome *outcome, struct sync_outcome *next)
{
    size_t again = join_cases(outcome, next);
    add_counts(&outcome->counts, &next->counts);
    outcome->status = worse(outcome->status, next->status);
    outcome->requests += next->requests;
    outcome->polls += next->polls;
    if (!outcome->project_id)
        outcome->project_id = next->project_id;
    join_object(&outcome->cycle, &next->cycle);
    join_suites(outcome, next);
    for (size_t i = 0; i < next->problem_count; i++)
        join_problem(outcome, &next->problems[i]);
    for (size_t i = 0; i < next->action_count; i++) {
        bool cases = text_equal(next->actions[i].counted.pattern, SYNC_ACTION_CASES);
        join_action(outcome, &next->actions[i], cases ? (int64_t)again : 0);
    }
    if (outcome->error.code == ERR_NONE)
        error_move(&outcome->error, &next->error);
    sync_outcome_release(next);
}
