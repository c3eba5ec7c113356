/* The body of endpoint A (qtest-api.md, sections 3.2 to 3.5). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine_private.h"
#include "sync/fitting_name.h"
#include "sync/note.h"
#include "sync/note_repeats.h"
#include "sync/step_text.h"

static void put_attachments(struct json_writer *w, const struct attachment *list, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any |= list[i].base64 != NULL;
    if (!any)
        return;
    json_array(w, "attachments");
    for (size_t i = 0; i < count; i++) {
        if (!list[i].base64)
            continue;
        json_object(w, NULL);
        json_string(w, "name", list[i].name ? list[i].name : "attachment");
        json_string(w, "content_type",
                    list[i].content_type ? list[i].content_type : "application/octet-stream");
        json_string(w, "data", list[i].base64);
        json_end(w);
    }
    json_end(w);
}

/* The design of a case's steps: that of its first result, so that other targets and data rows make no new
 * versions. */
struct step_designs {
    struct text_list descriptions;
    struct text_list expected;
};

/* What a log says beside its own result; read before it, since a record lives only until the next. */
struct log_texts {
    struct step_designs designs;
    struct note_repeats repeats;
    struct log_marks marks;
};

static void log_texts_release(struct log_texts *texts)
{
    text_list_release(&texts->designs.descriptions);
    text_list_release(&texts->designs.expected);
    note_repeats_release(&texts->repeats);
}

static int read_designs(const struct engine *e, uint32_t number, struct step_designs *ret, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    const struct store_entry *entry = store_entry(e->desired->store, number);
    if (!e->desired->has_steps)
        return 0;
    int r = store_read(e->desired->store, desired_first_entry(e->desired, entry->case_number), &record, err);
    for (size_t i = 0; r == 0 && i < record.result.step_count; i++) {
        _cleanup_free_ char *design = step_design_text(&record.result.steps[i]);
        _cleanup_free_ char *expected = step_expected_text(&record.result.steps[i]);
        text_list_add(&ret->descriptions, design);
        text_list_add(&ret->expected, expected);
    }
    return r;
}

/* attempt: what the log showed before; NULL: nothing else. */
static int read_texts(const struct engine *e, uint32_t number, const struct note_attempt *attempt,
                      struct log_texts *ret, struct error *err)
{
    int r = read_designs(e, number, &ret->designs, err);
    r = r == 0 ? note_repeats_read(&ret->repeats, e->desired, number, attempt, err) : r;
    return r == 0 ? desired_marks(e->desired, number, &ret->marks, err) : r;
}

static void put_step(struct json_writer *w, const struct engine *e, const struct test_step *step,
                     const struct step_designs *designs, size_t order, bool bare)
{
    _cleanup_free_ char *actual = step_actual_text(step);
    json_object(w, NULL);
    json_integer(w, "order", (int64_t)order); /* from 0, without gaps (section 3.5) */
    json_string(w, "description", designs->descriptions.items[order]);
    json_string(w, "expected_result", designs->expected.items[order]);
    json_string(w, "actual_result", actual);
    json_string(w, "status", e->options.status_word[step->status]);
    if (!bare)
        put_attachments(w, step->attachments, step->attachment_count);
    json_end(w);
}

/* Step logs rewrite the steps of the case. Those of a result with another number of steps than the design
 * stay out, and of one that is older than what the run shows; the note tells what failed. */
static bool steps_go_in(const struct store_entry *entry, const struct test_result *result,
                        const struct step_designs *designs)
{
    return result->step_count == designs->descriptions.count && !entry->older;
}

static void put_steps(struct json_writer *w, const struct engine *e, const struct test_result *result,
                      const struct step_designs *designs, bool bare)
{
    if (result->step_count == 0)
        return;
    json_array(w, "test_step_logs");
    for (size_t i = 0; i < result->step_count; i++)
        put_step(w, e, &result->steps[i], designs, i, bare);
    json_end(w);
}

static void put_note(struct json_writer *w, struct engine *e, uint32_t number,
                     const struct test_result *result, const struct log_texts *texts, bool with_steps)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    struct note_facts facts = {
        .report_url = e->desired->reports[entry->report].report_url,
        .build_url = e->options.build_url,
        .cycle = e->desired->options.job,
        .marks = &texts->marks,
        .repeats = &texts->repeats,
        .steps_left_out = !with_steps,
    };
    _cleanup_(buf_release) struct buf note = BUF_UNBOUNDED;
    note_write(&note, result, &facts);
    json_string(w, "note", buf_text(&note));
}

/* A log that is there keeps its instants when the result that it is to show has no start of its own, or is the same
 * attempt with times that we altered: what comes later is compared with them. */
static void put_instants(struct json_writer *w, const struct engine *e, const struct test_result *result,
                         const struct corrected_log *log)
{
    bool exact = result->start_ms != TIME_NONE && !result->times_altered;
    char start[TIME_TEXT_SIZE];
    char end[TIME_TEXT_SIZE];
    int64_t start_ms;
    int64_t end_ms;
    desired_instants(e->desired, result, &start_ms, &end_ms);
    if (log && !log->attempt && !exact && log->start_ms != TIME_NONE && log->end_ms != TIME_NONE) {
        start_ms = log->start_ms;
        end_ms = log->end_ms;
    }
    time_format_iso(start_ms, start);
    time_format_iso(end_ms, end);
    json_string(w, "exe_start_date", start);
    json_string(w, "exe_end_date", end);
}

/* sent_content: by which qTest finds the case; NULL with a log that is there: a correction, which leaves out what
 * only a new log may say (qtest-api.md 3.10). */
static void put_log(struct json_writer *w, struct engine *e, uint32_t number, const struct test_result *result,
                    const char *sent_content, const struct corrected_log *log, const struct log_texts *texts)
{
    const struct store_entry *entry = store_entry(e->desired->store, number);
    const struct desired_report *report = &e->desired->reports[entry->report];
    bool with_steps = steps_go_in(entry, result, &texts->designs);
    _cleanup_free_ char *name = fitting_name(result->name);
    _cleanup_free_ char *build_number =
        desired_by_result(e->desired, entry)
            ? xstrdup(e->options.build_number)
            : identity_build_number(e->options.build_number, report->execution_id, report->named);
    const char *build_url = e->options.build_url ? e->options.build_url : report->report_url;
    if (sent_content) {
        json_string(w, "name", name);
        json_string(w, "automation_content", sent_content);
        if (build_number)
            json_string(w, "build_number", build_number);
        if (build_url)
            json_string(w, "build_url", build_url);
    }
    json_string(w, "status", e->options.status_word[result->status]);
    put_instants(w, e, result, log);
    put_note(w, e, number, result, texts, with_steps);
    if (with_steps)
        put_steps(w, e, result, &texts->designs, entry->bare);
    if (sent_content && !entry->bare)
        put_attachments(w, result->attachments, result->attachment_count);
}

static void put_place(struct json_writer *w, const struct engine *e, const struct batch *batch)
{
    _cleanup_free_ char *suite = xasprintf("%" PRId64, e->suites[batch->suite].node.id);
    char date[TIME_TEXT_SIZE];
    int64_t first_ms = e->desired->first_start_ms;
    time_format_iso(first_ms != TIME_NONE ? first_ms : e->desired->options.fallback_start_ms, date);
    json_string(w, "test_suite", suite);
    json_string(w, "execution_date", date);
    if (batch->module == INTERN_NONE)
        return;
    _cleanup_free_ char *module = xasprintf("%" PRId64, e->folders[batch->module].module_id);
    json_string(w, "parent_module", module);
    json_boolean(w, "skipCreatingAutomationModule", true);
}

size_t engine_batch_body(struct engine *e, const struct batch *batch, struct buf *out)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    struct json_writer w;
    size_t count = 0;
    json_writer_init(&w, out);
    json_object(&w, NULL);
    put_place(&w, e, batch);
    json_array(&w, "test_logs");
    for (; count < batch->count; count++) {
        size_t before = out->length;
        bool had_items = w.has_items[w.depth - 1];
        _cleanup_(log_texts_release) struct log_texts texts = {0};
        _cleanup_free_ char *content = NULL;
        if (read_texts(e, batch->entries[count], NULL, &texts, &err) < 0 ||
            store_read(e->desired->store, batch->entries[count], &record, &err) < 0 ||
            desired_sent_content(e->desired, batch->entries[count], &record, &content, &err) < 0) {
            engine_fail(e, &err);
            return 0;
        }
        json_object(&w, NULL);
        put_log(&w, e, batch->entries[count], &record.result, content, NULL, &texts);
        json_end(&w);
        if (count > 0 && (int64_t)out->length > e->body_max_bytes) {
            buf_truncate(out, before); /* one too many: it goes into the next batch */
            w.has_items[w.depth - 1] = had_items;
            break;
        }
    }
    json_end(&w);
    json_end(&w);
    return count;
}

bool engine_correction_body(struct engine *e, uint32_t number, const struct corrected_log *log, struct buf *out)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    struct json_writer w;
    _cleanup_(log_texts_release) struct log_texts texts = {0};
    if (read_texts(e, number, log->attempt, &texts, &err) < 0 ||
        store_read(e->desired->store, number, &record, &err) < 0) {
        engine_fail(e, &err);
        return false;
    }
    note_keep_marks(&texts.marks, log->marks, log->mark_count);
    json_writer_init(&w, out);
    json_object(&w, NULL);
    put_log(&w, e, number, &record.result, NULL, log, &texts);
    json_end(&w);
    return true;
}
