/* What upload and plan print, and the exit code they make. */
#include "cli/show.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/exit_code.h"

static void printable(struct buf *out, const char *text)
{
    _cleanup_free_ char *safe = text_printable(text);
    buf_puts(out, safe);
}

static void url_text(struct buf *out, const struct sync_object *object)
{
    if (object->url) {
        buf_puts(out, "  ");
        printable(out, object->url);
    }
    buf_putc(out, '\n');
}

/* "test cycle 'Nightly', from the report: CL-3  https://...", or "new test cycle 'Nightly', from --job". */
static void cycle_text(struct buf *out, const struct sync_object *cycle, const char *from, bool color)
{
    _cleanup_free_ char *name = text_printable(cycle->name);
    buf_puts(out, cycle->id ? "test cycle '" : "new test cycle '");
    paint(out, color, PAINT_BOLD, name);
    buf_putc(out, '\'');
    if (from) {
        buf_puts(out, ", from ");
        printable(out, from);
    }
    if (cycle->id && cycle->pid)
        buf_printf(out, ": %s", cycle->pid);
    url_text(out, cycle);
}

/* "TS-3 Chrome  12 results  https://...", or "new Chrome ...". */
static void suite_text(struct buf *out, const struct sync_object *object, bool color)
{
    buf_puts(out, "  test suite ");
    if (object->id && object->pid)
        buf_printf(out, "%s ", object->pid);
    else if (!object->id)
        buf_puts(out, "new ");
    _cleanup_free_ char *name = text_printable(object->name ? object->name : "-");
    paint(out, color, PAINT_BOLD, name);
    buf_printf(out, "  %lld result%s", (long long)object->results, object->results == 1 ? "" : "s");
    url_text(out, object);
}

static void tree_text(struct buf *out, const struct upload_result *result, bool color)
{
    const struct sync_outcome *outcome = &result->outcome;
    if (!outcome->cycle.name)
        return;
    cycle_text(out, &outcome->cycle, result->cycle_from, color);
    for (size_t i = 0; i < outcome->suite_count; i++)
        suite_text(out, &outcome->suites[i], color);
}

static void actions_text(struct buf *out, const struct sync_outcome *outcome)
{
    if (outcome->status != SYNC_STATUS_PLANNED)
        return;
    buf_puts(out, outcome->action_count ? "upload would:\n" : "upload would write nothing\n");
    for (size_t i = 0; i < outcome->action_count; i++) {
        buf_puts(out, "  - ");
        printable(out, outcome->actions[i].text);
        buf_putc(out, '\n');
    }
}

static void problems_text(struct buf *out, const struct sync_outcome *outcome, bool color)
{
    for (size_t i = 0; i < outcome->problem_count; i++) {
        const struct sync_problem *problem = &outcome->problems[i];
        bool warning = problem->code == ERR_NONE;
        paint(out, color, warning ? PAINT_YELLOW : PAINT_RED, warning ? "warning" : "problem");
        if (problem->results)
            buf_printf(out, " with %lld result%s", (long long)problem->results,
                       problem->results == 1 ? "" : "s");
        buf_puts(out, ": ");
        printable(out, problem->text);
        buf_putc(out, '\n');
    }
}

bool outcome_adds_up(const struct upload_result *result)
{
    struct sync_counts kept = result->outcome.counts;
    kept.spooled += result->unsent;
    return sync_counts_add_up(&kept);
}

static void sum_text(struct buf *out, const struct upload_result *result)
{
    const struct sync_outcome *outcome = &result->outcome;
    const struct sync_counts *c = &outcome->counts;
    buf_printf(out, "sent %lld request%s, %lld of them polls\n", (long long)outcome->requests,
               outcome->requests == 1 ? "" : "s", (long long)outcome->polls);
    buf_printf(out, "read %lld = %s %lld + present %lld + refused %lld + spooled %lld + skipped %lld",
               (long long)c->read, outcome->status == SYNC_STATUS_PLANNED ? "to add" : "confirmed",
               (long long)c->confirmed, (long long)c->present, (long long)c->refused, (long long)c->spooled,
               (long long)c->skipped);
    if (result->unsent)
        buf_printf(out, " + unsent %lld", (long long)result->unsent);
    buf_putc(out, '\n');
}

void outcome_text_write(struct buf *out, const struct upload_result *result, bool color)
{
    const struct sync_outcome *outcome = &result->outcome;
    bool failed = outcome->status == SYNC_STATUS_FAILED; /* then there are no places to show */
    if (outcome->status == SYNC_STATUS_OFF)
        return;
    if (!failed)
        tree_text(out, result, color);
    actions_text(out, outcome);
    problems_text(out, outcome, color);
    if (!failed || result->unsent)
        sum_text(out, result);
}

static const char *code_name(enum error_code code)
{
    static const char *const names[] = {
        [ERR_NONE] = "warning",        [ERR_USAGE] = "usage",         [ERR_IO] = "io",
        [ERR_REPORT] = "report",       [ERR_EMPTY] = "empty",         [ERR_LIMIT] = "limit",
        [ERR_ACCESS] = "access",       [ERR_NETWORK] = "network",     [ERR_REFUSED] = "refused",
        [ERR_UNCERTAIN] = "uncertain", [ERR_AMBIGUOUS] = "ambiguous", [ERR_BUSY] = "busy",
        [ERR_PROTOCOL] = "protocol",   [ERR_INTERNAL] = "internal",   [ERR_FOREIGN] = "foreign",
    };
    return names[code];
}

static void object_json(struct json_writer *w, const struct sync_object *object)
{
    if (object->id)
        json_integer(w, "id", object->id);
    else
        json_null(w, "id");
    json_string(w, "pid", object->pid);
    json_string(w, "name", object->name);
    json_string(w, "url", object->url);
}

static void counts_json(struct json_writer *w, const struct upload_result *result)
{
    const struct sync_outcome *outcome = &result->outcome;
    json_integer(w, "read", outcome->counts.read);
    json_integer(w, "confirmed", outcome->counts.confirmed);
    json_integer(w, "present", outcome->counts.present);
    json_integer(w, "refused", outcome->counts.refused);
    json_integer(w, "spooled", outcome->counts.spooled);
    json_integer(w, "skipped", outcome->counts.skipped);
    if (result->unsent)
        json_integer(w, "unsent", result->unsent);
    json_integer(w, "requests", outcome->requests);
}

static void problem_json(struct json_writer *w, enum error_code code, const char *text, int64_t results)
{
    json_object(w, NULL);
    json_string(w, "code", code_name(code));
    json_string(w, "message", text);
    json_integer(w, "results", results);
    json_end(w);
}

static void problems_json(struct json_writer *w, const struct sync_outcome *outcome)
{
    json_array(w, "problems");
    if (outcome->error.code)
        problem_json(w, outcome->error.code, outcome->error.text, 0);
    for (size_t i = 0; i < outcome->problem_count; i++)
        problem_json(w, outcome->problems[i].code, outcome->problems[i].text, outcome->problems[i].results);
    json_end(w);
}

void outcome_json_write(struct buf *out, const struct upload_result *result)
{
    const struct sync_outcome *outcome = &result->outcome;
    struct json_writer w;
    json_writer_init(&w, out);
    w.pretty = true;
    json_object(&w, NULL);
    json_string(&w, "status", sync_status_name(outcome->status));
    counts_json(&w, result);
    json_object(&w, "cycle");
    object_json(&w, &outcome->cycle);
    json_string(&w, "from", result->cycle_from);
    json_end(&w);
    json_array(&w, "suites");
    for (size_t i = 0; i < outcome->suite_count; i++) {
        json_object(&w, NULL);
        object_json(&w, &outcome->suites[i]);
        json_integer(&w, "results", outcome->suites[i].results);
        json_end(&w);
    }
    json_end(&w);
    problems_json(&w, outcome);
    json_end(&w);
    buf_putc(out, '\n');
}

static int status_exit_code(enum sync_status status)
{
    switch (status) {
    case SYNC_STATUS_REFUSED:
        return EXIT_CODE_REFUSED;
    case SYNC_STATUS_SPOOLED:
        return EXIT_CODE_NETWORK;
    case SYNC_STATUS_UNCERTAIN:
        return EXIT_CODE_UNCERTAIN;
    case SYNC_STATUS_DONE:
    case SYNC_STATUS_PLANNED:
    case SYNC_STATUS_OFF:
    case SYNC_STATUS_FAILED: /* its error says */
        break;
    }
    return EXIT_CODE_OK;
}

/* Each cause on its own, so that a softened one leaves the others as they are. */
static int softened(const struct settings *settings, int code)
{
    bool is_upload_error =
        code == EXIT_CODE_REFUSED || code == EXIT_CODE_NETWORK || code == EXIT_CODE_UNCERTAIN;
    return settings->on_upload_error == UPLOAD_ERROR_WARN && is_upload_error ? EXIT_CODE_OK : code;
}

int outcome_exit_code(const struct settings *settings, const struct upload_result *result)
{
    const struct sync_outcome *outcome = &result->outcome;
    int code = softened(settings, status_exit_code(outcome->status));
    if (result->ended_by)
        code = exit_code_worse(code, 128 + result->ended_by);
    code = exit_code_worse(code, softened(settings, exit_code_of(outcome->error.code)));
    for (size_t i = 0; i < outcome->problem_count; i++)
        code = exit_code_worse(code, softened(settings, exit_code_of(outcome->problems[i].code)));
    if (outcome->status == SYNC_STATUS_FAILED)
        return code || outcome->error.code ? code : EXIT_CODE_INTERNAL;
    if (!outcome_adds_up(result))
        return EXIT_CODE_INTERNAL;
    bool in_qtest = outcome->status == SYNC_STATUS_DONE;
    bool tests_failed = result->tests.failed + result->tests.error + result->tests.suite_errors > 0;
    if (code == EXIT_CODE_OK && settings->fail_on == FAIL_ON_FAILED && in_qtest && tests_failed)
        return EXIT_CODE_FAIL_ON;
    return code;
}
