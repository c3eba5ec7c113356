/* The partial half of report/testproject_steps.h: failed steps only, as text. */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "report/json_kind.h"
#include "report/testproject_shot.h"
#include "report/testproject_steps.h"
#include "report/testproject_value.h"

/* More steps than any test has; and with ratios in single precision no two counts below it look alike. */
#define TOTAL_MAXIMUM 1000
/* Percent; twice what single precision loses at 100. */
#define RATIO_ERROR 0.00002

/* The whole count that a ratio gives of total, or -1. */
static int64_t whole_count(double ratio, int64_t total)
{
    double count = ratio * (double)total / 100;
    int64_t whole = (int64_t)(count + 0.5);
    double off = count - (double)whole;
    double allowed = RATIO_ERROR * (double)total / 100;
    return off <= allowed && off >= -allowed ? whole : -1;
}

static bool is_ratio(double ratio)
{
    return ratio >= 0 && ratio <= 100;
}

int64_t failed_steps_total(double pass_ratio, double fail_ratio, int64_t highest_number, int64_t listed)
{
    if (!is_ratio(pass_ratio) || !is_ratio(fail_ratio) || pass_ratio + fail_ratio > 100 + 2 * RATIO_ERROR ||
        !(fail_ratio > 0))
        return 0;
    int64_t total = 1;
    while (total <= TOTAL_MAXIMUM &&
           (whole_count(pass_ratio, total) < 0 || whole_count(fail_ratio, total) <= 0))
        total++;
    if (total > TOTAL_MAXIMUM)
        return 0;
    if (total >= highest_number)
        return total;
    int64_t failed = whole_count(fail_ratio, total);
    int64_t multiple = total * (listed / failed);
    return listed % failed == 0 && multiple >= highest_number ? multiple : 0;
}

/* What one failed step says; the screenshots of all go into one list. */
struct failed_step {
    int64_t number; /* 0: unknown */
    const char *message;
    const char *links;
};

static int read_one(struct testproject_reader *reader, cJSON *item, struct failed_step *ret,
                    struct shots *shots)
{
    *ret = (struct failed_step){0};
    if (!json_is_object(item)) {
        if (!value_int64(item, &ret->number))
            ret->message = value_trimmed(reader, item);
        return 0;
    }
    struct fields fields;
    int rc = reader_fields(reader, IN_STEP, item, &fields);
    if (rc < 0)
        return rc;
    int64_t number;
    if (value_int64(fields.at[STEP_STEP], &number) || value_int64(fields.at[STEP_NUMBER], &number))
        ret->number = number > 0 ? number : 0;
    else if (fields.at[STEP_STEP] && !fields.at[STEP_TEXT])
        fields.at[STEP_TEXT] = fields.at[STEP_STEP];
    const char *text = value_trimmed(reader, fields.at[STEP_TEXT]);
    const char *message = value_trimmed(reader, fields.at[STEP_MESSAGE]);
    ret->message = text && message ? arena_printf(&reader->scratch, "%s: %s", text, message)
                                   : (message ? message : text);
    const char *label = arena_printf(&reader->scratch, "step-%" PRId64, ret->number);
    shots->links = NULL;
    rc = shots_add(reader, fields.at[STEP_SCREENSHOTS], label, shots);
    ret->links = shots->links;
    return rc;
}

static void put_step(struct buf *out, const struct failed_step *step, int64_t total)
{
    if (out->length)
        buf_putc(out, '\n');
    if (step->number > 0 && total > 0)
        buf_printf(out, "step %" PRId64 " of %" PRId64 " failed", step->number, total);
    else if (step->number > 0)
        buf_printf(out, "step %" PRId64 " failed", step->number);
    else
        buf_puts(out, "a step failed");
    if (step->message)
        buf_printf(out, ": %s", step->message);
    if (step->links)
        buf_printf(out, "\n%s", step->links);
}

static void put_counts(struct buf *out, double pass_ratio, double fail_ratio, int64_t total)
{
    int64_t passed = whole_count(pass_ratio, total);
    int64_t not_run = total - passed - whole_count(fail_ratio, total);
    buf_printf(out, "\n%" PRId64 " of %" PRId64 " steps passed", passed, total);
    if (not_run > 0)
        buf_printf(out, ", %" PRId64 " not run", not_run);
}

static int read_all(struct testproject_reader *reader, cJSON *list, struct failed_step *steps,
                    struct shots *shots)
{
    size_t count = 0;
    for (cJSON *item = value_first(list); item; item = value_next(list, item)) {
        reader_enter_item(reader, (int64_t)count);
        int rc = reader_count_piece(reader);
        if (rc == 0)
            rc = read_one(reader, item, &steps[count++], shots);
        reader_leave(reader, 1);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int failed_steps_read(struct testproject_reader *reader, cJSON *list, double pass_ratio, double fail_ratio,
                      struct failed_steps *ret)
{
    *ret = (struct failed_steps){0};
    size_t count = value_count(list);
    if (count == 0)
        return 0;
    struct failed_step *steps = arena_array(&reader->scratch, count, sizeof *steps);
    struct shots shots = {0};
    reader_enter(reader, list->string);
    int rc = json_is_object(list)
                 ? reader_fail(reader, ERR_REPORT, "an object stands where a list of failed steps is due")
                 : read_all(reader, list, steps, &shots);
    reader_leave(reader, 1);
    if (rc < 0)
        return rc;
    int64_t highest = 0;
    for (size_t i = 0; i < count; i++)
        highest = steps[i].number > highest ? steps[i].number : highest;
    int64_t total = failed_steps_total(pass_ratio, fail_ratio, highest, (int64_t)count);
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    for (size_t i = 0; i < count; i++) {
        put_step(&out, &steps[i], total);
        ret->message = ret->message ? ret->message : steps[i].message;
    }
    if (total)
        put_counts(&out, pass_ratio, fail_ratio, total);
    ret->text = arena_text(&reader->scratch, out.bytes, out.length);
    ret->attachments = shots.attachments;
    ret->attachment_count = shots.attachment_count;
    return 0;
}
