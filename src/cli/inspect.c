/* inspect: reads reports as upload does, keeps no records, shows what is in them. */
#include "cli/commands.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "cli/exit_code.h"
#include "cli/left_out.h"
#include "cli/reading.h"
#include "cli/show.h"
#include "cli/talk.h"
#include "report/input.h"
#include "report/sources.h"
#include "sync/identity.h"

struct inspection {
    struct inspected *reports;
    size_t count;
    struct left_out left_out;
    struct text_list left_out_lines;
};

static void inspection_release(struct inspection *inspection)
{
    for (size_t i = 0; i < inspection->count; i++) {
        report_meta_release(&inspection->reports[i].meta);
        error_release(&inspection->reports[i].error);
    }
    free(inspection->reports);
    left_out_release(&inspection->left_out);
    text_list_release(&inspection->left_out_lines);
}

static int keep_nothing(void *self, const struct test_result *result, struct error *err)
{
    (void)self;
    (void)result;
    (void)err;
    return 0;
}

static int read_one(const struct settings *settings, struct inspected *report)
{
    struct report_input in;
    int result = report_input_open(&in, report->name, &report->error);
    if (result < 0)
        return result;
    report_input_skip_hash(&in); /* it tells uploads apart, and nothing is uploaded */
    const struct read_options options = reading_options(settings, &in);
    const struct report_sink sink = {.result = keep_nothing};
    result = report_read(&in, &options, &sink, &report->meta, &report->error);
    report_input_close(&in);
    if (result == -ERR_EMPTY && settings->allow_empty) {
        text_list_add(&report->meta.warnings, report->error.text);
        error_release(&report->error);
        result = 0;
    }
    if (result < 0) /* of a bad report nothing counts */
        report->meta.counts = (struct report_counts){0};
    return result;
}

/* What the options say of the reports that do not say it themselves, as for an upload. */
static void take_given(const struct settings *settings, struct report_meta *meta)
{
    if (!meta->execution_id && !meta->report_url)
        meta->execution_id = identity_from_report_url(settings->report_url);
    if (!meta->execution_id)
        meta->execution_id = xstrdup(settings->execution_id);
    if (!meta->report_url)
        meta->report_url = xstrdup(settings->report_url);
}

static void talk_about_unknown(const struct settings *settings, const struct inspected *report)
{
    for (size_t i = 0; i < report->meta.unknown.count; i++)
        talk(settings, TALK_INFO, "'%s': not understood and left out: %s", report->name,
             report->meta.unknown.items[i]);
}

/* Reports of different jobs are no error here: they are to be looked at. */
static void decide_cycle(const struct inspection *inspection, struct inspected_place *place)
{
    _cleanup_free_ const struct report_meta **metas = xcalloc(inspection->count + 1, sizeof *metas);
    size_t count = 0;
    for (size_t i = 0; i < inspection->count; i++)
        if (inspection->reports[i].error.code == ERR_NONE)
            metas[count++] = &inspection->reports[i].meta;
    if (count)
        cycle_name_decide(&place->cycle, place->settings, metas, count, &place->problem);
}

static void place_release(struct inspected_place *place)
{
    cycle_name_release(&place->cycle);
    error_release(&place->problem);
}

static int show(const struct settings *settings, const struct inspection *inspection, struct error *err)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    _cleanup_(place_release) struct inspected_place place = {.settings = settings};
    decide_cycle(inspection, &place);
    if (settings->output == OUTPUT_JSON)
        inspect_json_write(&out, inspection->reports, inspection->count, &inspection->left_out_lines, &place);
    else
        inspect_text_write(&out, inspection->reports, inspection->count, &place,
                           settings_use_color(settings, STDOUT_FILENO));
    return stdout_write(&out, err);
}

/* Tells what was wrong; *code becomes worse. False: that is the end of it. */
static bool go_on(const struct settings *settings, struct error *failed, int *code, struct error *err)
{
    *code = exit_code_worse(*code, exit_code_of(failed->code));
    if (!settings->keep_going) {
        error_move(err, failed);
        return false;
    }
    talk_error(failed->text);
    return true;
}

static bool expand(struct report_sources *sources, const struct settings *settings, char *const *arguments,
                   size_t count, int *code, struct error *err)
{
    _cleanup_(error_release) struct error failed = ERROR_INIT;
    int result = report_sources_expand(sources, (const char *const *)arguments, count, &failed);
    for (size_t i = 0; i < sources->notices.count; i++)
        talk(settings, TALK_INFO, "%s", sources->notices.items[i]);
    for (size_t i = 0; i < sources->warnings.count; i++)
        talk(settings, TALK_WARNING, "%s", sources->warnings.items[i]);
    for (size_t i = 1; settings->keep_going && i < sources->problems.count; i++)
        talk_error(sources->problems.items[i]);
    return result == 0 || go_on(settings, &failed, code, err);
}

static bool read_all(struct inspection *inspection, const struct report_sources *sources,
                     const struct settings *settings, int *code, struct error *err)
{
    inspection->reports = xcalloc(sources->count, sizeof *inspection->reports);
    for (size_t i = 0; i < sources->count; i++) {
        struct inspected *report = &inspection->reports[inspection->count++];
        report->name = sources->items[i].path;
        int result = read_one(settings, report);
        if (result < 0 &&
            left_out_take(&inspection->left_out, &sources->items[i], &report->meta, &report->error)) {
            report_meta_release(&report->meta);
            inspection->count--;
            continue;
        }
        if (result == 0)
            take_given(settings, &report->meta);
        talk_about_unknown(settings, report);
        if (result < 0 && !go_on(settings, &report->error, code, err))
            return false;
    }
    return true;
}

/* What was left out, and where that was all. */
static bool account_left_out(struct inspection *inspection, const struct report_sources *sources,
                             const struct settings *settings, char *const *arguments, size_t argument_count,
                             int *code, struct error *err)
{
    _cleanup_(error_release) struct error failed = ERROR_INIT;
    for (size_t i = 0; i < argument_count; i++)
        if (left_out_check(&inspection->left_out, sources, i, arguments[i], &failed) < 0 &&
            !go_on(settings, &failed, code, err))
            return false;
    left_out_lines(&inspection->left_out, settings, &inspection->left_out_lines);
    for (size_t i = 0; i < inspection->left_out_lines.count; i++)
        talk(settings, TALK_WARNING, "%s", inspection->left_out_lines.items[i]);
    return true;
}

int command_inspect(const struct settings *settings, char *const *reports, size_t report_count,
                    struct error *err)
{
    _cleanup_(report_sources_release) struct report_sources sources = REPORT_SOURCES_INIT;
    _cleanup_(inspection_release) struct inspection inspection = {.reports = NULL};
    int code = EXIT_CODE_OK;
    if (!expand(&sources, settings, reports, report_count, &code, err) ||
        !read_all(&inspection, &sources, settings, &code, err) ||
        !account_left_out(&inspection, &sources, settings, reports, report_count, &code, err))
        return code;
    int result = show(settings, &inspection, err);
    return result < 0 ? exit_code_worse(code, exit_code_of(err->code)) : code;
}
