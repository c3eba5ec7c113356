#include "report/testproject_rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/time.h"
#include "report/json_kind.h"
#include "report/testproject_value.h"

struct test_result *results_add(struct testproject_reader *reader, struct results *results,
                                const struct test_result *base)
{
    if (results->count == results->capacity) {
        size_t capacity = results->capacity ? results->capacity * 2 : 4;
        struct test_result *grown = arena_array(&reader->scratch, capacity, sizeof *grown);
        if (results->count)
            memcpy(grown, results->items, results->count * sizeof *grown);
        results->items = grown;
        results->capacity = capacity;
    }
    results->items[results->count] = *base;
    return &results->items[results->count++];
}

int results_check_texts(struct testproject_reader *reader, const struct results *results, const char *message,
                        size_t count)
{
    const char *const texts[] = {results->common.description, results->common.application, message};
    size_t bytes = 0;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        bytes += texts[i] ? strlen(texts[i]) : 0;
    if (bytes * count <= REPEATED_MAXIMUM_BYTES)
        return 0;
    return reader_fail(reader, ERR_LIMIT,
                       "the texts of the test come to more than 1 GiB when each of its %zu results has them",
                       count);
}

/* "user=bob, role=admin", or the row's name. */
static const char *row_label(struct testproject_reader *reader, const struct fields *fields)
{
    const char *name = value_trimmed(reader, fields->at[NODE_NAME]);
    if (name)
        return name;
    size_t count;
    const struct name_value *pairs = value_pairs(reader, fields->at[NODE_DATA], &count);
    if (!pairs)
        return value_trimmed(reader, fields->at[NODE_DATA]);
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    for (size_t i = 0; i < count; i++)
        buf_printf(&out, "%s%s=%s", i ? ", " : "", pairs[i].name, pairs[i].value);
    return out.length ? arena_text(&reader->scratch, out.bytes, out.length) : NULL;
}

/* A row of rows that somebody sums up keeps to what it says itself. */
static int read_row(struct testproject_reader *reader, const struct leaf *target, cJSON *item, int64_t order,
                    const struct test_result *base, struct results *rows)
{
    struct leaf leaf;
    if (reader_count_piece(reader) < 0)
        return -ERR_LIMIT;
    struct test_result *row = results_add(reader, rows, base);
    int rc = leaf_read(reader, IN_ITERATION, item, target, &leaf);
    if (rc < 0)
        return rc;
    if (rows->summed_up && leaf.message == target->message)
        leaf.message = NULL;
    if (!value_int64(leaf.fields.at[NODE_ITERATION_NUMBER], &row->iteration) || row->iteration < 1)
        row->iteration = order;
    row->iteration_label = row_label(reader, &leaf.fields);
    return leaf_fill(reader, &leaf, true, row, &rows->waits);
}

static int read_rows(struct testproject_reader *reader, const struct leaf *target, cJSON *list,
                     const struct test_result *base, struct results *rows)
{
    int64_t order = 0;
    int rc = 0;
    reader_enter(reader, list->string);
    for (cJSON *item = value_first(list); item && rc == 0; item = value_next(list, item)) {
        reader_enter_item(reader, order++);
        rc = json_is_object(item)
                 ? read_row(reader, target, item, order, base, rows)
                 : reader_fail(reader, ERR_REPORT, "an iteration is due here, an object with a result");
        reader_leave(reader, 1);
    }
    reader_leave(reader, 1);
    return rc;
}

static bool has_failed(const struct test_result *row)
{
    return row->status == RESULT_FAILED || row->status == RESULT_ERROR;
}

/* The row that shows the stated result. */
static const struct test_result *row_to_show(const struct results *rows, enum result_status status)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].status == status)
            return &rows->items[i];
    return &rows->items[0];
}

/* Steps of a later row, with the first row's text as design, so that a row's values make no new version
 * of the test case. */
static const struct test_step *steps_with_design(struct testproject_reader *reader,
                                                 const struct test_result *shown,
                                                 const struct test_result *first)
{
    if (shown == first || shown->step_count != first->step_count)
        return shown->steps;
    struct test_step *steps = arena_array(&reader->scratch, shown->step_count, sizeof *steps);
    for (size_t i = 0; i < shown->step_count; i++) {
        steps[i] = shown->steps[i];
        if (!steps[i].design_description)
            steps[i].design_description = first->steps[i].design_description
                                              ? first->steps[i].design_description
                                              : first->steps[i].description;
    }
    return steps;
}

/* "iteration 2 (user=bob): failed: message" of every row; of the row that is shown, whose texts stand
 * elsewhere too, only the first line. */
static const char *rows_text(struct testproject_reader *reader, const struct results *rows,
                             const struct test_result *shown)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    for (size_t i = 0; i < rows->count; i++) {
        const struct test_result *row = &rows->items[i];
        buf_printf(&out, "%siteration %" PRId64, i ? "\n" : "", row->iteration);
        if (row->iteration_label)
            buf_printf(&out, " (%s)", row->iteration_label);
        buf_printf(&out, ": %s", result_status_name(row->status));
        const char *text = row->failed_steps ? row->failed_steps : row->message;
        if (text && row == shown)
            buf_printf(&out, ": %.*s", (int)strcspn(text, "\n"), text);
        else if (text)
            buf_printf(&out, ": %s", text);
    }
    return arena_text(&reader->scratch, buf_text(&out), out.length);
}

/* From the first start to the last end where the target has none of its own. TIME_NONE is the least of
 * all numbers, so that the later of two needs no care. */
static void span_rows(const struct leaf *target, const struct results *rows, struct test_result *result)
{
    const struct test_result *first = NULL;
    int64_t end_ms = TIME_NONE;
    bool altered = result->times_altered;
    for (size_t i = 0; i < rows->count; i++) {
        const struct test_result *row = &rows->items[i];
        altered |= row->times_altered;
        if (row->start_ms != TIME_NONE && (!first || row->start_ms < first->start_ms))
            first = row;
        end_ms = row->end_ms > end_ms ? row->end_ms : end_ms;
    }
    if (target->start.ms != TIME_NONE || !first || end_ms < first->start_ms)
        return;
    result->start_ms = first->start_ms;
    result->start_moved_ms = first->start_moved_ms;
    result->start_without_zone = first->start_without_zone;
    result->end_ms = end_ms;
    result->duration_ms = target->duration_ms;
    result->times_altered = altered;
}

static int add_stated(struct testproject_reader *reader, const struct leaf *target,
                      const struct results *rows, const struct test_result *base, struct results *results)
{
    struct test_result *result = results_add(reader, results, base);
    int rc = leaf_fill(reader, target, false, result, &results->waits);
    if (rc < 0)
        return rc;
    const struct test_result *shown = row_to_show(rows, result->status);
    result->final_stated = true;
    for (size_t i = 0; i < rows->count; i++)
        result->rerun_count += result->status == RESULT_PASSED && has_failed(&rows->items[i]);
    result->flaky = result->rerun_count > 0;
    if (!result->step_count) {
        result->steps = steps_with_design(reader, shown, &rows->items[0]);
        result->step_count = shown->step_count;
    }
    if (!result->failed_steps && result->status != RESULT_PASSED)
        result->failed_steps = shown->failed_steps;
    if (!result->message && result->status != RESULT_PASSED)
        result->message = shown->message;
    if (!result->attachment_count) {
        result->attachments = shown->attachments;
        result->attachment_count = shown->attachment_count;
    }
    const char *text = rows_text(reader, rows, shown);
    result->details =
        result->details ? arena_printf(&reader->scratch, "%s\n%s", result->details, text) : text;
    span_rows(target, rows, result);
    return 0;
}

/* Whether somebody says what became of all rows together. */
static bool is_stated(const struct leaf *target, const struct results *results)
{
    const struct leaf *test = target->around;
    if (target->stated)
        return true;
    return test && test->stated && (results->target_count == 1 || test->status == RESULT_PASSED);
}

int rows_add(struct testproject_reader *reader, const struct leaf *target, cJSON *list,
             const struct test_result *base, struct results *results)
{
    struct results rows = {.summed_up = is_stated(target, results)};
    int rc = results_check_texts(reader, results, target->message, rows.summed_up ? 1 : value_count(list));
    if (rc == 0)
        rc = read_rows(reader, target, list, base, &rows);
    if (rc < 0)
        return rc;
    if (rows.summed_up) {
        rc = add_stated(reader, target, &rows, base, results);
    } else {
        for (size_t i = 0; i < rows.count; i++)
            results_add(reader, results, &rows.items[i]);
    }
    results->waits |= rows.waits;
    return rc;
}
