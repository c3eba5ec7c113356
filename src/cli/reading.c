#include "cli/reading.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "base/zone.h"
#include "cli/left_out.h"
#include "cli/talk.h"
#include "report/input.h"
#include "report/sources.h"
#include "sync/identity.h"

struct collector {
    struct store *store;
    uint32_t report;
};

static int collect(void *self, const struct test_result *result, struct error *err)
{
    struct collector *collector = self;
    return store_add(collector->store, collector->report, result, err);
}

static struct report_meta *next_meta(struct reading *reading)
{
    if (reading->count == reading->capacity) {
        reading->capacity = reading->capacity ? reading->capacity * 2 : 8;
        reading->metas = xreallocarray(reading->metas, reading->capacity, sizeof *reading->metas);
    }
    struct report_meta *meta = &reading->metas[reading->count];
    *meta = (struct report_meta)REPORT_META_INIT;
    return meta;
}

struct read_options reading_options(const struct settings *settings, struct report_input *in)
{
    struct read_options options = {.strict = settings->strict,
                                   .salvage = settings->salvage,
                                   .unfinished_as_skipped = settings->unfinished_as_skipped,
                                   .target = settings->target,
                                   .fallback_start_ms = settings->ci.started_ms};
    size_t size;
    zone_parse(settings->time_zone, &options.zone);
    report_input_peek(in, &size, NULL);
    options.now_ms = clock_wall_ms();
    return options;
}

enum { READ, LEFT_OUT };

/* Returns READ or LEFT_OUT, or a negative code. */
static int read_one(struct reading *reading, const struct settings *settings,
                    const struct report_source *source, struct left_out *left_out, struct error *err)
{
    struct report_input in;
    int r = report_input_open(&in, source->path, err);
    if (r < 0)
        return left_out_take(left_out, source, NULL, err) ? LEFT_OUT : r;
    size_t first = reading->store.count;
    struct report_meta *meta = next_meta(reading);
    struct collector collector = {.store = &reading->store, .report = (uint32_t)reading->count};
    const struct report_sink sink = {.self = &collector, .result = collect};
    const struct read_options options = reading_options(settings, &in);
    r = report_read(&in, &options, &sink, meta, err);
    report_input_close(&in);
    if (r == -ERR_EMPTY && settings->allow_empty) {
        text_list_add(&meta->warnings, err->text);
        error_release(err);
        r = 0;
    }
    if (r < 0) {
        if (left_out_take(left_out, source, meta, err))
            r = LEFT_OUT;
        report_meta_release(meta);
        store_truncate(&reading->store, first); /* of a bad report nothing is kept */
        return r;
    }
    reading->count++;
    return READ;
}

static void warn(struct upload_result *result, const char *file, const char *text)
{
    _cleanup_free_ char *quoted = xasprintf("'%s'", file);
    _cleanup_free_ char *sentence = strstr(text, quoted) ? xstrdup(text) : xasprintf("%s: %s", quoted, text);
    sync_outcome_problem(&result->outcome, ERR_NONE, 0, sentence);
}

static void tell_meta(const struct settings *settings, const struct report_meta *meta,
                      struct upload_result *result)
{
    const char *file = meta->file ? meta->file : "-";
    for (size_t i = 0; i < meta->warnings.count; i++)
        warn(result, file, meta->warnings.items[i]);
    for (size_t i = 0; i < meta->unknown.count; i++)
        talk(settings, TALK_INFO, "'%s': not understood and left out: %s", file, meta->unknown.items[i]);
    talk(settings, TALK_INFO, "'%s': %lld results, %lld passed, %lld failed, %lld errors, %lld skipped", file,
         (long long)meta->counts.results, (long long)meta->counts.passed, (long long)meta->counts.failed,
         (long long)meta->counts.error, (long long)meta->counts.skipped);
    result->tests.results += meta->counts.results;
    result->tests.passed += meta->counts.passed;
    result->tests.failed += meta->counts.failed;
    result->tests.error += meta->counts.error;
    result->tests.skipped += meta->counts.skipped;
    result->tests.suite_errors += meta->counts.suite_errors;
}

/* A report that cannot be read: the end of it, or with --keep-going a problem to be told. */
static int trouble(const struct settings *settings, struct upload_result *result, struct error *err)
{
    if (!settings->keep_going)
        return -(int)err->code;
    sync_outcome_problem(&result->outcome, err->code, 0, err->text);
    error_release(err);
    return 0;
}

static void tell_lines(const struct text_list *lines, struct upload_result *result)
{
    for (size_t i = 0; i < lines->count; i++)
        sync_outcome_problem(&result->outcome, ERR_NONE, 0, lines->items[i]);
}

static int expand(struct report_sources *sources, const struct settings *settings, char *const *arguments,
                  size_t count, struct upload_result *result, struct error *err)
{
    int r = report_sources_expand(sources, (const char *const *)arguments, count, err);
    for (size_t i = 0; i < sources->notices.count; i++)
        talk(settings, TALK_INFO, "%s", sources->notices.items[i]);
    tell_lines(&sources->warnings, result);
    for (size_t i = 1; r < 0 && settings->keep_going && i < sources->problems.count; i++)
        sync_outcome_problem(&result->outcome, err->code, 0, sources->problems.items[i]);
    return r < 0 ? trouble(settings, result, err) : 0;
}

/* What was left out, and where that was all. */
static int account_left_out(const struct left_out *left_out, const struct report_sources *sources,
                            const struct settings *settings, char *const *arguments, size_t argument_count,
                            struct upload_result *result, struct error *err)
{
    struct text_list lines = {0};
    int r = 0;
    for (size_t i = 0; r == 0 && i < argument_count; i++)
        if (left_out_check(left_out, sources, i, arguments[i], err) < 0)
            r = trouble(settings, result, err);
    left_out_lines(left_out, settings, &lines);
    if (r == 0)
        tell_lines(&lines, result);
    text_list_release(&lines);
    return r;
}

static int read_all(struct reading *reading, const struct settings *settings, char *const *arguments,
                    size_t argument_count, struct upload_result *result, struct error *err)
{
    _cleanup_(report_sources_release) struct report_sources sources = REPORT_SOURCES_INIT;
    _cleanup_(left_out_release) struct left_out left_out = LEFT_OUT_INIT;
    int r = expand(&sources, settings, arguments, argument_count, result, err);
    for (size_t i = 0; r == 0 && i < sources.count; i++) {
        r = read_one(reading, settings, &sources.items[i], &left_out, err);
        if (r < 0)
            r = trouble(settings, result, err);
        else if (r == READ)
            tell_meta(settings, &reading->metas[reading->count - 1], result);
        r = r < 0 ? r : 0;
    }
    return r < 0 ? r
                 : account_left_out(&left_out, &sources, settings, arguments, argument_count, result, err);
}

static int decide_cycle(struct reading *reading, const struct settings *settings, struct error *err)
{
    _cleanup_free_ const struct report_meta **metas = xcalloc(reading->count + 1, sizeof *metas);
    for (size_t i = 0; i < reading->count; i++)
        metas[i] = &reading->metas[i];
    return cycle_name_decide(&reading->cycle, settings, metas, reading->count, err);
}

static void decide_execution(struct reading *reading, const struct settings *settings,
                             struct upload_result *result, size_t number)
{
    struct report_meta *meta = &reading->metas[number];
    struct desired_report *report = &reading->reports[number];
    const char *job = settings->ci.job_id;
    if (text_empty(meta->execution_id) && settings->report_url && !meta->report_url) {
        free(meta->execution_id);
        meta->execution_id = identity_from_report_url(settings->report_url);
    }
    report->meta = meta;
    report->report_url = xstrdup(meta->report_url ? meta->report_url : settings->report_url);
    const char *named = text_empty(meta->execution_id) ? settings->execution_id : meta->execution_id;
    report->named = !text_empty(named);
    report->execution_id = report->named ? xstrdup(named) : identity_of_bytes(meta, job);
    if (!report->named && job)
        report->bytes_id = identity_of_bytes(meta, NULL);
    if (!report->named && meta->counts.results > 0 && !meta->has_time_stamps && !job)
        warn(result, meta->file,
             "no execution id and no time stamps: the same file counts as the same execution whenever it is "
             "uploaded (--execution-id tells them apart)");
}

int reading_run(struct reading *reading, const struct settings *settings, char *const *reports,
                size_t report_count, struct upload_result *result, struct error *err)
{
    *reading = (struct reading){0};
    store_init(&reading->store, STORE_MEMORY_MAX_BYTES);
    int r = read_all(reading, settings, reports, report_count, result, err);
    if (r == 0)
        r = decide_cycle(reading, settings, err);
    if (r < 0)
        return r;
    reading->reports = xcalloc(reading->count, sizeof *reading->reports);
    for (size_t i = 0; i < reading->count; i++)
        decide_execution(reading, settings, result, i);
    return 0;
}

void reading_release(struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        report_meta_release(&reading->metas[i]);
        if (reading->reports) {
            free(reading->reports[i].execution_id);
            free(reading->reports[i].bytes_id);
            free(reading->reports[i].report_url);
        }
    }
    free(reading->metas);
    free(reading->reports);
    cycle_name_release(&reading->cycle);
    store_release(&reading->store);
}
