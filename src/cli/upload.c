/* upload and plan: settings and reports into the engine, the outcome back; what is not in goes to the spool.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/spool_folder.h"
#include "cli/sync_run.h"
#include "sync/desired.h"
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
 * however long either of them tried. */
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
    _cleanup_free_ char *results = text_counted(outcome->counts.spooled, "result is", "results are");
    _cleanup_free_ char *text =
        xasprintf("%s kept in '%s'; 'qtest-sync flush' sends what is there", results, folder);
    sync_outcome_problem(outcome, ERR_NONE, outcome->counts.spooled, text);
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

static int sync_reading(const struct settings *settings, struct reading *reading, bool plan_only,
                        int64_t began_ms, struct upload_result *result, struct error *err)
{
    struct desired desired;
    int64_t now_ms = clock_wall_ms();
    const struct desired_options options = {
        .job = reading->cycle.name,
        .suite = settings->suite,
        .content_template = settings->automation_content,
        .repeats = repeats_of(settings),
        .fallback_start_ms = settings->ci.started_ms != TIME_NONE ? settings->ci.started_ms : now_ms,
        .now_ms = now_ms,
    };
    int r = desired_build(&desired, &reading->store, reading->reports, reading->count, &options, err);
    if (r == 0)
        r = desired_check_contents(&desired, err);
    const struct engine_options run_options = engine_options_of(settings, plan_only);
    if (r == 0)
        r = tell_disagreements(&desired, result, err);
    if (r == 0)
        r = sync_run(settings, &desired, &run_options, settings->project, result, err);
    if (r == 0 && !plan_only)
        keep_what_is_open(settings, &desired, began_ms, result);
    desired_release(&desired);
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
