/* upload and plan: settings and reports into the engine, one execution after the other, oldest first; the
 * outcome back; what is not in goes to the spool. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/spool_folder.h"
#include "cli/sync_run.h"
#include "sync/contents.h"
#include "sync/executions.h"
#include "sync/spool.h"

static enum repeats repeats_of(const struct settings *settings)
{
    return settings->repeats == REPEATS_LAST ? REPEATS_SEND_LAST : REPEATS_SEND_WORST;
}

static struct engine_options engine_options_of(const struct settings *settings, bool plan_only)
{
    struct engine_options options = sync_run_options(settings);
    options.project = settings->project;
    options.cycle = settings->cycle;
    options.release = settings->release;
    options.place_named = settings->job || settings->cycle;
    options.root_module = settings->module;
    options.build_url = settings->build_url;
    options.build_number = settings->build_number;
    options.status_word[RESULT_PASSED] = settings->status_words.passed;
    options.status_word[RESULT_FAILED] = settings->status_words.failed;
    options.status_word[RESULT_ERROR] = settings->status_words.failed;
    options.status_word[RESULT_SKIPPED] = settings->status_words.skipped;
    options.older = settings->older == OLDER_SKIP ? ENGINE_OLDER_SKIP : ENGINE_OLDER_SEND;
    options.plan_only = plan_only;
    return options;
}

/* Texts are borrowed but for the project. */
static struct spool_facts facts_of(const struct settings *settings, const struct desired *desired,
                                   char *project)
{
    return (struct spool_facts){
        .site = settings->url,
        .project = project,
        .named_project = settings->project,
        .cycle = settings->cycle,
        .release = settings->release,
        .place_named = settings->job || settings->cycle,
        .root_module = settings->module,
        .suite = settings->suite,
        .build_url = settings->build_url,
        .build_number = settings->build_number,
        .status_word = {[RESULT_PASSED] = settings->status_words.passed,
                        [RESULT_FAILED] = settings->status_words.failed,
                        [RESULT_ERROR] = settings->status_words.failed,
                        [RESULT_SKIPPED] = settings->status_words.skipped},
        .job = (char *)desired->options.job,
        .content_template = settings->automation_content,
        .repeats = (int64_t)desired->options.repeats,
        .older = settings->older == OLDER_SKIP ? ENGINE_OLDER_SKIP : ENGINE_OLDER_SEND,
        .fallback_start_ms = desired->options.fallback_start_ms,
    };
}

/* The upload as a whole was refused, with a reason that the person must mend first. */
static void refuse_all(struct sync_outcome *outcome)
{
    outcome->counts.refused += outcome->counts.spooled;
    outcome->counts.spooled = 0;
    outcome->status = SYNC_STATUS_FAILED;
}

/* Nobody refused it, and it could not be kept either. */
static void not_kept(struct upload_result *result)
{
    result->unsent = result->outcome.counts.spooled;
    result->outcome.counts.spooled = 0;
    result->outcome.status = SYNC_STATUS_FAILED;
}

/* The site knows no such project, or the command is wrong: the same would be said of it tomorrow. Everything
 * else may pass: a site that is away, a proxy or login page in its place, a signal, a token that has expired.
 */
static bool worth_keeping(const struct upload_result *result)
{
    const struct sync_outcome *outcome = &result->outcome;
    if (outcome->project_id != 0 || result->ended_by || result->unauthorized)
        return true;
    switch (outcome->error.code) {
    case ERR_ACCESS:
    case ERR_AMBIGUOUS:
    case ERR_USAGE:
        return false;
    default:
        return true;
    }
}

/* What the user no longer wants kept makes room for what was kept just now. */
static void trim_spool(const struct settings *settings, const char *folder, const char *newest,
                       struct sync_outcome *outcome)
{
    struct text_list told = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const struct spool_bounds bounds = spool_bounds_of(settings);
    if (spool_trim(folder, &bounds, newest, clock_wall_ms(), &told, &err) < 0)
        sync_outcome_problem(outcome, ERR_NONE, 0, err.text);
    for (size_t i = 0; i < told.count; i++)
        sync_outcome_problem(outcome, ERR_NONE, 0, told.items[i]);
    text_list_release(&told);
}

/* The entry bears the time when the upload began, since an upload that began later says what is newer,
 * however long either of them tried; a later execution of the same upload that of the millisecond after. */
static void keep_what_is_open(const struct settings *settings, const struct desired *desired,
                              int64_t began_ms, struct upload_result *result)
{
    struct sync_outcome *outcome = &result->outcome;
    if (outcome->counts.spooled == 0)
        return;
    if (!worth_keeping(result)) {
        refuse_all(outcome);
        return;
    }
    _cleanup_free_ char *folder = spool_folder(settings);
    _cleanup_free_ char *project =
        outcome->project_id ? xasprintf("%" PRId64, outcome->project_id) : xstrdup(settings->project);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *name = NULL;
    const struct spool_facts facts = facts_of(settings, desired, project);
    if (spool_write(folder, &facts, desired, began_ms, &name, &err) < 0) {
        sync_outcome_problem(outcome, ERR_IO, outcome->counts.spooled, err.text);
        not_kept(result);
        return;
    }
    _cleanup_free_ char *pattern =
        xasprintf("{} kept in '%s'; 'qtest-sync flush' sends what is there", folder);
    const struct sync_count kept = {
        .pattern = pattern, .count = outcome->counts.spooled, .one = "result is", .many = "results are"};
    sync_outcome_counted_problem(outcome, ERR_NONE, kept.count, &kept);
    trim_spool(settings, folder, name, outcome);
    if (outcome->status == SYNC_STATUS_FAILED)
        outcome->status = SYNC_STATUS_SPOOLED;
}

/* Results that differ and share a log: which one counts is the user's to say. */
static int tell_disagreements(const struct desired *desired, struct upload_result *result, struct error *err)
{
    _cleanup_free_ char *text = NULL;
    int r = desired_tell_disagreements(desired, &text, err);
    if (text)
        sync_outcome_problem(&result->outcome, ERR_NONE, 0, text);
    return r;
}

/* One command: its executions go in one after the other. */
struct upload {
    const struct settings *settings;
    struct desired_options wanted;
    struct engine_options options;
    bool plan_only;
    int64_t began_ms;           /* by the wall clock */
    int64_t began_monotonic_ms; /* the time budget is of all together */
};

/* Another execution would fare as the one before, which something has ended: nothing is asked for it. */
static void leave_untried(const struct upload *upload, const struct desired *desired,
                          const struct upload_result *before, struct upload_result *result)
{
    struct sync_outcome *outcome = &result->outcome;
    int64_t count = (int64_t)desired->store->count;
    outcome->counts = (struct sync_counts){.read = count, .confirmed = upload->plan_only ? count : 0};
    outcome->counts.spooled = count - outcome->counts.confirmed;
    outcome->project_id = before->outcome.project_id;
    result->ended_by = before->ended_by;
    result->unauthorized = before->unauthorized;
    if (before->outcome.error.code)
        error_set(&outcome->error, before->outcome.error.code, "%s", before->outcome.error.text);
}

static bool is_over(const struct upload_result *result)
{
    return result->ended_by || result->outcome.error.code;
}

/* before: what the executions before it came to; NULL: it is the first. */
static int sync_execution(const struct upload *upload, const struct execution *execution, int64_t began_ms,
                          const struct upload_result *before, struct upload_result *result, struct error *err)
{
    struct desired desired;
    const struct settings *settings = upload->settings;
    int r = desired_build(&desired, execution->store, execution->reports, execution->report_count,
                          &upload->wanted, err);
    if (r == 0)
        r = tell_disagreements(&desired, result, err);
    if (r == 0 && before && is_over(before))
        leave_untried(upload, &desired, before, result);
    else if (r == 0)
        r = sync_run(settings, &desired, &upload->options, settings->project, upload->began_monotonic_ms,
                     result, err);
    if (r == 0 && !upload->plan_only)
        keep_what_is_open(settings, &desired, began_ms, result);
    desired_release(&desired);
    return r;
}

static void join(struct upload_result *sum, struct upload_result *next, bool plan_only)
{
    sync_outcome_join(&sum->outcome, &next->outcome);
    sum->unsent += next->unsent;
    sum->uncertain |= next->uncertain;
    sum->hopeless |= next->hopeless;
    sum->unauthorized |= next->unauthorized;
    if (!sum->ended_by)
        sum->ended_by = next->ended_by;
    bool some_in = !plan_only && sum->outcome.counts.confirmed + sum->outcome.counts.present > 0;
    if (sum->outcome.status == SYNC_STATUS_FAILED && some_in && !sum->unsent)
        sum->outcome.status = SYNC_STATUS_REFUSED; /* it did not fail as a whole */
}

/* An error of this machine's has ended it in the middle: these and what comes after are not kept either. */
static void count_unsent(const struct executions *executions, size_t first, struct upload_result *sum)
{
    for (size_t i = first; i < executions->count; i++) {
        sum->outcome.counts.read += (int64_t)executions->items[i].store->count;
        sum->unsent += (int64_t)executions->items[i].store->count;
    }
    sum->outcome.status = SYNC_STATUS_FAILED;
}

/* What was in already while the newest execution was not: a file that an earlier run has left in a folder that nobody
 * cleans, or in a cache, where it may stand for tests that did not run. */
static void tell_earlier(const struct executions *executions, const struct sync_counts *counts,
                         struct sync_outcome *outcome)
{
    size_t newest = executions->count - 1;
    int64_t results = 0;
    int64_t runs = 0;
    int64_t began_ms;
    char began[TIME_TEXT_SIZE] = "";
    if (executions->count == 0 || counts[newest].present == counts[newest].read)
        return;
    for (size_t i = 0; i < newest; i++) {
        if (counts[i].present == 0 ||
            !execution_is_earlier(&executions->items[i], &executions->items[newest], &began_ms))
            continue;
        results += counts[i].present;
        runs++;
        time_format_iso(began_ms, began);
    }
    if (runs == 0)
        return;
    _cleanup_free_ char *counted = text_counted(results, "result is", "results are");
    _cleanup_free_ char *told =
        xasprintf("%s from %s%.10s %.5s UTC), and in qTest already; if that is not meant, clean the folder of the "
                  "reports before the tests run",
                  counted, runs == 1 ? "an earlier run (" : "earlier runs (the last of ", began,
                  began + sizeof "YYYY-MM-DDT" - 1);
    sync_outcome_problem(outcome, ERR_NONE, results, told);
}

static int sync_executions(const struct upload *upload, const struct executions *executions,
                           struct upload_result *sum, struct error *err)
{
    int r = 0;
    _cleanup_free_ struct sync_counts *counts = xcalloc(executions->count, sizeof *counts);
    for (size_t i = 0; r == 0 && i < executions->count; i++) {
        struct upload_result one = UPLOAD_RESULT_INIT;
        r = sync_execution(upload, &executions->items[i], upload->began_ms + (int64_t)i, i ? sum : NULL, &one,
                           err);
        counts[i] = one.outcome.counts;
        if (r < 0 && i > 0)
            count_unsent(executions, i, sum);
        else if (i > 0)
            join(sum, &one, upload->plan_only);
        else
            *sum = one;
        if (r < 0 && i > 0)
            sync_outcome_release(&one.outcome);
    }
    if (r == 0)
        tell_earlier(executions, counts, &sum->outcome);
    return r;
}

static int sync_reading(const struct settings *settings, struct reading *reading, bool plan_only,
                        int64_t began_ms, struct upload_result *result, struct error *err)
{
    int64_t now_ms = clock_wall_ms();
    struct executions executions;
    const struct upload upload = {
        .settings = settings,
        .wanted = {.job = reading->cycle.name,
                   .suite = settings->suite,
                   .content_template = settings->automation_content,
                   .repeats = repeats_of(settings),
                   .fallback_start_ms =
                       settings->ci.started_ms != TIME_NONE ? settings->ci.started_ms : now_ms,
                   .now_ms = now_ms},
        .options = engine_options_of(settings, plan_only),
        .plan_only = plan_only,
        .began_ms = began_ms,
        .began_monotonic_ms = clock_monotonic_ms(),
    };
    struct sync_outcome warnings = result->outcome; /* of the reading */
    int r = contents_check(&reading->store, settings->automation_content, err);
    if (r == 0)
        r = executions_divide(&executions, &reading->store, reading->reports, reading->count, err);
    if (r < 0)
        return r;
    struct upload_result sum = UPLOAD_RESULT_INIT;
    r = sync_executions(&upload, &executions, &sum, err);
    executions_release(&executions);
    sum.tests = result->tests;
    *result = sum;
    for (size_t i = 0; i < warnings.problem_count; i++)
        sync_outcome_problem(&result->outcome, warnings.problems[i].code, warnings.problems[i].results,
                             warnings.problems[i].text);
    sync_outcome_release(&warnings);
    return r;
}

static void run(const struct settings *settings, char *const *reports, size_t report_count, bool plan_only,
                struct upload_result *result)
{
    struct reading reading;
    struct error err = ERROR_INIT;
    int64_t began_ms = clock_wall_ms();
    int r = reading_run(&reading, settings, reports, report_count, result, &err);
    if (r == 0 && reading.store.count == 0)
        result->outcome.status = plan_only ? SYNC_STATUS_PLANNED : SYNC_STATUS_DONE;
    else if (r == 0)
        r = sync_reading(settings, &reading, plan_only, began_ms, result, &err);
    if (r < 0)
        error_move(&result->outcome.error, &err);
    result->cycle_from = TAKE(reading.cycle.from);
    reading_release(&reading);
}

void command_upload(const struct settings *settings, char *const *reports, size_t report_count,
                    struct upload_result *result)
{
    run(settings, reports, report_count, false, result);
}

void command_plan(const struct settings *settings, char *const *reports, size_t report_count,
                  struct upload_result *result)
{
    run(settings, reports, report_count, true, result);
}
