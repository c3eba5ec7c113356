/* What the run comes to: the sums, the places, the problems. */
#include <stdlib.h>

#include "base/intern.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

static enum result_outcome outcome_of(const struct engine *e, uint32_t number)
{
    uint32_t leader = desired_leader(e->desired, number);
    return (enum result_outcome)store_entry(e->desired->store, leader)->outcome;
}

static void count(struct sync_counts *counts, enum result_outcome outcome)
{
    switch (outcome) {
    case OUTCOME_CONFIRMED:
        counts->confirmed++;
        break;
    case OUTCOME_PRESENT:
        counts->present++;
        break;
    case OUTCOME_REFUSED:
        counts->refused++;
        break;
    case OUTCOME_SKIPPED:
        counts->skipped++;
        break;
    case OUTCOME_SPOOLED:
        counts->spooled++;
        break;
    case OUTCOME_OPEN:
        break;
    }
}

/* A plan counts what would be added as confirmed. */
static void count_all(struct engine *e, int64_t *ret_open, int64_t *ret_sent)
{
    *ret_open = 0;
    *ret_sent = 0;
    e->outcome.counts = (struct sync_counts){.read = (int64_t)e->desired->store->count};
    for (size_t i = 0; i < e->desired->store->count; i++) {
        enum result_outcome outcome = outcome_of(e, (uint32_t)i);
        count(&e->outcome.counts, outcome);
        if (outcome != OUTCOME_OPEN)
            continue;
        ++*ret_open;
        *ret_sent += store_entry(e->desired->store, desired_leader(e->desired, (uint32_t)i))->sent > 0;
    }
}

static struct sync_object object_of(const struct qtest_node *node, const char *name, int64_t results)
{
    return (struct sync_object){.id = node->id,
                                .pid = xstrdup(node->pid),
                                .name = xstrdup(name),
                                .url = xstrdup(node->url),
                                .results = results};
}

static void tell_places(struct engine *e)
{
    struct sync_outcome *out = &e->outcome;
    out->cycle = object_of(&e->cycle, e->cycle.name ? e->cycle.name : e->desired->options.job,
                           (int64_t)e->desired->store->count);
    out->suites = xcalloc(e->desired->suites.count, sizeof *out->suites);
    out->suite_count = e->desired->suites.count;
    for (uint32_t i = 0; i < e->desired->suites.count; i++)
        out->suites[i] = object_of(&e->suites[i].node, intern_text(&e->desired->suites, i), 0);
    for (size_t i = 0; i < e->desired->store->count; i++)
        out->suites[desired_suite_of(e->desired, store_entry(e->desired->store, i))].results++;
}

/* Of each reason's text, which many batches may share. */
struct tally {
    struct intern texts;
    int64_t *refused; /* by the text's number */
    int64_t *open;    /* refused in company only, and not sent again */
};

static void tally_reasons(const struct engine *e, struct tally *t)
{
    _cleanup_free_ uint32_t *text_of = xcalloc(e->reason_count + 1, sizeof *text_of);
    for (size_t i = 0; i < e->reason_count; i++)
        text_of[i + 1] = intern_put(&t->texts, e->reasons[i]);
    t->refused = xcalloc(e->reason_count + 1, sizeof *t->refused);
    t->open = xcalloc(e->reason_count + 1, sizeof *t->open);
    for (size_t i = 0; e->reason_count && i < e->desired->store->count; i++) {
        const struct store_entry *leader =
            store_entry(e->desired->store, desired_leader(e->desired, (uint32_t)i));
        if (leader->reason && leader->outcome == OUTCOME_REFUSED)
            t->refused[text_of[leader->reason]]++;
        else if (leader->reason && leader->outcome == OUTCOME_OPEN)
            t->open[text_of[leader->reason]]++;
    }
}

static void tell_reasons(struct engine *e)
{
    struct tally t = {0};
    tally_reasons(e, &t);
    for (uint32_t i = 0; i < t.texts.count; i++) {
        const char *text = intern_text(&t.texts, i);
        if (t.refused[i])
            sync_outcome_problem(&e->outcome, ERR_REFUSED, t.refused[i], text);
        if (!t.open[i] || e->options.plan_only)
            continue;
        _cleanup_free_ char *pattern = xasprintf("{} of batches that qTest did not take: %s", text);
        engine_count_problem(e, ERR_NONE, t.open[i], "result", "results", pattern);
    }
    intern_release(&t.texts);
    free(t.refused);
    free(t.open);
}

static void tell_merged(struct engine *e)
{
    if (!e->desired->merged)
        return;
    engine_count_problem(e, ERR_NONE, e->desired->merged, "result shares", "results share",
                         "{} the test log of another one of the same test, suite and execution");
}

static bool goes_in_behind(const struct store_entry *entry)
{
    return entry->older && (entry->outcome == OUTCOME_CONFIRMED || entry->outcome == OUTCOME_OPEN);
}

static void tell_older(struct engine *e)
{
    int64_t older = 0;
    for (size_t i = 0; i < e->desired->store->count; i++)
        older += goes_in_behind(store_entry(e->desired->store, i));
    if (!older)
        return;
    engine_count_problem(
        e, ERR_NONE, older, "result is", "results are",
        "{} older than the newest log of the same test run and may turn its shown status back "
        "(--older=skip leaves out what is older)");
}

static void tell_doubtful(struct engine *e)
{
    uint32_t count = desired_count_doubtful(e->desired);
    if (!count)
        return;
    _cleanup_free_ char *tests = text_counted(count, "test gets a new test case", "tests get new test cases");
    engine_problem(
        e, ERR_NONE, 0,
        "%s: several cases in qTest, or several tests of this upload, fit what reports without ids "
        "or folders said, so no known case was taken over",
        tests);
}

static void tell_open(struct engine *e, int64_t open, int64_t sent)
{
    if (sent)
        engine_count_problem(
            e, ERR_UNCERTAIN, sent, "result was", "results were",
            "{} sent and cannot be seen in qTest yet; run the same command again: what is there "
            "is not sent twice");
    if (open > sent && e->outcome.error.code == ERR_NONE)
        engine_count_problem(e, ERR_NETWORK, open - sent, "result was", "results were",
                             "{} not sent; run the same command again with the same report");
}

static enum sync_status status_of(const struct engine *e, int64_t open, int64_t sent)
{
    if (e->options.plan_only && e->outcome.error.code == ERR_NONE)
        return SYNC_STATUS_PLANNED;
    if (open > sent)
        return SYNC_STATUS_FAILED;
    if (sent)
        return SYNC_STATUS_UNCERTAIN;
    if (e->outcome.counts.refused)
        return SYNC_STATUS_REFUSED;
    return e->outcome.error.code == ERR_NONE ? SYNC_STATUS_DONE : SYNC_STATUS_FAILED;
}

void engine_outcome(struct engine *e, struct sync_outcome *ret)
{
    int64_t open;
    int64_t sent;
    engine_reopen_uncorrected(e);
    engine_reopen_unplaced(e);
    count_all(e, &open, &sent);
    tell_places(e);
    tell_reasons(e);
    tell_merged(e);
    engine_tell_attempts(e);
    tell_older(e);
    tell_doubtful(e);
    engine_tell_bare(e);
    engine_tell_month(e);
    if (e->options.plan_only) {
        e->outcome.counts.confirmed += open;
    } else {
        tell_open(e, open, sent);
        e->outcome.counts.spooled += open;
    }
    e->outcome.project_id = e->project.id;
    e->outcome.status = status_of(e, open, sent);
    *ret = e->outcome;
    e->outcome = (struct sync_outcome)SYNC_OUTCOME_INIT;
}
