/* What inspect prints. */
#include "cli/show.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/options.h"
#include "report/target.h"
#include "sync/fitting_name.h"

static void add_counts(struct report_counts *sum, const struct report_counts *counts)
{
    sum->results += counts->results;
    sum->passed += counts->passed;
    sum->failed += counts->failed;
    sum->error += counts->error;
    sum->skipped += counts->skipped;
    sum->suite_errors += counts->suite_errors;
    sum->flaky += counts->flaky;
    sum->reruns += counts->reruns;
    sum->repeated += counts->repeated;
}

static struct report_counts total_of(const struct inspected *reports, size_t count)
{
    struct report_counts sum = {0};
    for (size_t i = 0; i < count; i++)
        add_counts(&sum, &reports[i].meta.counts);
    return sum;
}

static void one_count(struct buf *out, int64_t n, const char *what, bool color, enum paint how)
{
    _cleanup_free_ char *text = xasprintf("%lld %s", (long long)n, what);
    buf_puts(out, ", ");
    paint(out, color && n > 0, how, text);
}

static void counts_text(struct buf *out, const struct report_counts *counts, bool color)
{
    buf_printf(out, "%lld result%s", (long long)counts->results, counts->results == 1 ? "" : "s");
    one_count(out, counts->passed, "passed", color, PAINT_GREEN);
    one_count(out, counts->failed, "failed", color, PAINT_RED);
    one_count(out, counts->error, "error", color, PAINT_RED);
    one_count(out, counts->skipped, "skipped", color, PAINT_YELLOW);
    if (counts->suite_errors)
        one_count(out, counts->suite_errors,
                  counts->suite_errors == 1 ? "error of a whole suite" : "errors of whole suites", color,
                  PAINT_RED);
    if (counts->flaky)
        one_count(out, counts->flaky, "passed only after failed attempts", color, PAINT_YELLOW);
    if (counts->repeated)
        one_count(out, counts->repeated, "repeated", color, PAINT_YELLOW);
    buf_putc(out, '\n');
}

static void line(struct buf *out, const char *label, const char *text)
{
    _cleanup_free_ char *printable = text_printable(text ? text : "-");
    buf_printf(out, "  %-10s %s\n", label, printable);
}

static void times_text(struct buf *out, const struct report_meta *meta)
{
    char text[TIME_TEXT_SIZE];
    if (meta->start_ms != TIME_NONE) {
        time_format_iso(meta->start_ms, text);
        line(out, "started", text);
    }
    if (meta->end_ms != TIME_NONE) {
        time_format_iso(meta->end_ms, text);
        line(out, "ended", text);
    }
    if (!meta->has_time_stamps)
        line(out, "started", "the report has no time stamps");
}

/* As desired_build names the suite. */
static void no_target_text(struct buf *out, const struct inspected_place *place)
{
    const char *given = place->settings->suite;
    _cleanup_free_ char *suite = fitting_name(given ? given : place->cycle.name);
    _cleanup_free_ char *text =
        *suite ? xasprintf("none named; test suite %s, or --target, --suite", suite) : xstrdup("none named");
    line(out, "targets", text);
}

static void targets_text(struct buf *out, const struct report_meta *meta, const struct inspected_place *place)
{
    for (size_t i = 0; i < meta->targets.count; i++) {
        _cleanup_free_ char *suite = target_suite_name(meta->targets.items[i]);
        _cleanup_free_ char *text = text_equal(suite, meta->targets.items[i])
                                        ? xstrdup(suite)
                                        : xasprintf("%s, test suite %s", meta->targets.items[i], suite);
        line(out, i ? "" : "targets", text);
    }
    if (meta->targets.count == 0)
        no_target_text(out, place);
}

static const char *format_for_people(enum report_format format)
{
    return format == FORMAT_TESTPROJECT_JSON ? "TestProject JSON"
           : format == FORMAT_JUNIT          ? "JUnit XML"
                                             : "unknown";
}

static void report_text(struct buf *out, const struct inspected *report, const struct inspected_place *place,
                        bool color)
{
    const struct report_meta *meta = &report->meta;
    _cleanup_free_ char *name = text_printable(report->name);
    paint(out, color, PAINT_BOLD, name);
    if (report->error.code) {
        buf_puts(out, ": ");
        paint(out, color, PAINT_RED, "not readable");
        buf_printf(out, "\n  %s\n", report->error.text);
        return;
    }
    buf_printf(out, ": %s, ", format_for_people(meta->format));
    counts_text(out, &meta->counts, color);
    line(out, "job", meta->job_name);
    line(out, "execution", meta->execution_id);
    line(out, "report", meta->report_url);
    times_text(out, meta);
    targets_text(out, meta, place);
    if (meta->incomplete)
        line(out, "warning", "the file is damaged; only the results that are whole were taken");
    for (size_t i = 0; i < meta->warnings.count; i++)
        line(out, "warning", meta->warnings.items[i]);
}

/* "test cycle 'Nightly', from the report, in release 'R 1'" */
static void cycle_text(struct buf *out, const struct inspected_place *place)
{
    const struct settings *settings = place->settings;
    _cleanup_free_ char *fitting = fitting_name(place->cycle.name);
    _cleanup_free_ char *name = text_printable(settings->cycle ? settings->cycle : fitting);
    const char *quote = settings->cycle ? "" : "'";
    _cleanup_free_ char *from = text_printable(place->cycle.from);
    buf_printf(out, "test cycle %s%s%s, from %s", quote, name, quote, from);
    if (settings->release) {
        _cleanup_free_ char *release = text_printable(settings->release);
        buf_printf(out, ", in release '%s'", release);
    }
    buf_putc(out, '\n');
}

static void place_text(struct buf *out, const struct inspected_place *place)
{
    if (place->problem.code)
        buf_printf(out, "no test cycle: %s\n", place->problem.text);
    if (place->cycle.name)
        cycle_text(out, place);
    if (place->settings->sources[option_find("module")] != SOURCE_DEFAULT) {
        _cleanup_free_ char *module = text_printable(place->settings->module);
        buf_printf(out, "test cases below module '%s'\n", module);
    }
}

void inspect_text_write(struct buf *out, const struct inspected *reports, size_t count,
                        const struct inspected_place *place, bool color)
{
    for (size_t i = 0; i < count; i++)
        report_text(out, &reports[i], place, color);
    if (count >= 2) {
        struct report_counts sum = total_of(reports, count);
        buf_printf(out, "%zu reports: ", count);
        counts_text(out, &sum, color);
    }
    place_text(out, place);
}

static void counts_json(struct json_writer *w, const struct report_counts *counts)
{
    json_object(w, "counts");
    json_integer(w, "results", counts->results);
    json_integer(w, "passed", counts->passed);
    json_integer(w, "failed", counts->failed);
    json_integer(w, "error", counts->error);
    json_integer(w, "skipped", counts->skipped);
    json_integer(w, "suite_errors", counts->suite_errors);
    json_integer(w, "flaky", counts->flaky);
    json_integer(w, "repeated", counts->repeated);
    json_end(w);
}

static void texts_json(struct json_writer *w, const char *key, const struct text_list *texts)
{
    json_array(w, key);
    for (size_t i = 0; i < texts->count; i++)
        json_string(w, NULL, texts->items[i]);
    json_end(w);
}

static void report_json(struct json_writer *w, const struct inspected *report)
{
    const struct report_meta *meta = &report->meta;
    json_object(w, NULL);
    json_string(w, "file", report->name);
    json_string(w, "format", report_format_name(meta->format));
    json_string(w, "job", meta->job_name);
    json_string(w, "execution_id", meta->execution_id);
    json_string(w, "report_url", meta->report_url);
    texts_json(w, "targets", &meta->targets);
    counts_json(w, &meta->counts);
    texts_json(w, "warnings", &meta->warnings);
    if (report->error.code) /* only with --keep-going: every file is accounted for by name */
        json_string(w, "error", report->error.text);
    json_end(w);
}

/* As in the outcome of an upload, as far as it is known without asking qTest. */
static void cycle_json(struct json_writer *w, const struct inspected_place *place)
{
    const char *given = place->settings->cycle;
    int64_t id;
    _cleanup_free_ char *name = given || !place->cycle.name ? NULL : fitting_name(place->cycle.name);
    json_object(w, "cycle");
    if (given && text_to_int64(given, 1, INT64_MAX, &id)) {
        json_integer(w, "id", id);
        given = NULL;
    } else {
        json_null(w, "id");
    }
    json_string(w, "pid", given);
    json_string(w, "name", name);
    json_string(w, "from", place->cycle.from);
    json_string(w, "release", place->settings->release);
    if (place->problem.code)
        json_string(w, "problem", place->problem.text);
    json_end(w);
}

void inspect_json_write(struct buf *out, const struct inspected *reports, size_t count,
                        const struct text_list *left_out, const struct inspected_place *place)
{
    struct report_counts sum = total_of(reports, count);
    struct json_writer w;
    json_writer_init(&w, out);
    w.pretty = true;
    json_object(&w, NULL);
    json_array(&w, "reports");
    for (size_t i = 0; i < count; i++)
        report_json(&w, &reports[i]);
    json_end(&w);
    counts_json(&w, &sum);
    if (left_out->count)
        texts_json(&w, "left_out", left_out);
    cycle_json(&w, place);
    json_end(&w);
    buf_putc(out, '\n');
}
