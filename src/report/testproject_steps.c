#include "report/testproject_steps.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/json_kind.h"
#include "report/testproject_shot.h"
#include "report/testproject_value.h"
#include "report/testproject_words.h"

static int read_list(struct testproject_reader *reader, cJSON *list, const char *path, int depth,
                     struct step_list *steps);

static struct test_step *add_step(struct testproject_reader *reader, struct step_list *steps)
{
    if (steps->count == steps->capacity) {
        size_t capacity = steps->capacity ? steps->capacity * 2 : 16;
        struct test_step *grown = arena_array(&reader->scratch, capacity, sizeof *grown);
        if (steps->count)
            memcpy(grown, steps->items, steps->count * sizeof *grown);
        steps->items = grown;
        steps->capacity = capacity;
    }
    struct test_step *step = &steps->items[steps->count++];
    *step = (struct test_step){.timeout_ms = -1, .status = RESULT_SKIPPED};
    return step;
}

static int step_status(struct testproject_reader *reader, const struct fields *fields,
                       enum result_status *ret)
{
    cJSON *result = fields->at[STEP_RESULT] ? fields->at[STEP_RESULT] : fields->at[STEP_PASSED];
    const char *text = value_text(reader, result);
    *ret = RESULT_SKIPPED;
    if (!text)
        return reader_warn(reader, WARN_STEP, "the step has no result; it is taken as skipped");
    if (testproject_result_word(text, ret, NULL) != WORD_UNKNOWN)
        return 0;
    return reader_warn(reader, WARN_STEP_WORD,
                       "'%s' is no result of a step that is known; it is taken as skipped",
                       reader_excerpt(reader, text));
}

/* "Login button (Button), XPATH=//button"; NULL when the report says nothing. */
static const char *element_text(struct testproject_reader *reader, cJSON *value)
{
    if (!json_is_object(value))
        return value_trimmed(reader, value);
    const char *name = value_reference(reader, value, REFERENCE_NAME);
    const char *type = value_reference(reader, value, REFERENCE_TYPE);
    const char *by = value_reference(reader, value, REFERENCE_BY);
    const char *locator = value_reference(reader, value, REFERENCE_VALUE);
    const char *found = locator && by ? arena_printf(&reader->scratch, "%s=%s", by, locator) : locator;
    if (name && type)
        name = arena_printf(&reader->scratch, "%s (%s)", name, type);
    if (name && found)
        return arena_printf(&reader->scratch, "%s, %s", name, found);
    return name ? name : (found ? found : type);
}

static int64_t step_number(const struct fields *fields, int64_t fallback)
{
    int64_t number;
    if (value_int64(fields->at[STEP_NUMBER], &number) || value_int64(fields->at[STEP_STEP], &number))
        return number;
    return fallback;
}

static const char *step_text(struct testproject_reader *reader, const struct fields *fields, int64_t number)
{
    int64_t ignored;
    const char *text = value_trimmed(reader, fields->at[STEP_TEXT]);
    if (!text && !value_int64(fields->at[STEP_STEP], &ignored))
        text = value_trimmed(reader, fields->at[STEP_STEP]);
    return text ? text : arena_printf(&reader->scratch, "Step %" PRId64, number);
}

static const char *join_lines(struct testproject_reader *reader, const char *first, const char *second)
{
    if (!first || !second)
        return first ? first : second;
    return arena_printf(&reader->scratch, "%s\n%s", first, second);
}

static int read_settings(struct testproject_reader *reader, const struct fields *fields,
                         struct test_step *step)
{
    int64_t timeout_ms;
    step->failure_behavior = value_trimmed(reader, fields->at[STEP_FAILURE_BEHAVIOR]);
    step->screenshot_setting = value_trimmed(reader, fields->at[STEP_SCREENSHOT_SETTING]);
    step->inverted = value_bool(fields->at[STEP_INVERTED], false);
    step->healed = value_bool(fields->at[STEP_HEALED], false);
    int rc = value_duration(reader, fields->at[STEP_TIMEOUT], 1, &timeout_ms);
    if (timeout_ms != TIME_NONE)
        step->timeout_ms = timeout_ms;
    return rc;
}

static int read_outcome(struct testproject_reader *reader, const struct fields *fields,
                        struct test_step *step)
{
    struct shots shots = {0};
    cJSON *pictures = fields->at[STEP_SCREENSHOTS];
    int rc = step_status(reader, fields, &step->status);
    if (rc == 0 && pictures)
        rc = shots_add(reader, pictures, arena_printf(&reader->scratch, "step-%" PRId64, step->number),
                       &shots);
    step->message = join_lines(reader, value_trimmed(reader, fields->at[STEP_MESSAGE]), shots.links);
    step->attachments = shots.attachments;
    step->attachment_count = shots.attachment_count;
    return rc;
}

/* The name of a nested test given as an object, and its list of steps; or just the list. */
static int read_children(struct testproject_reader *reader, cJSON *children, const char *path,
                         const char *parent_text, int depth, struct step_list *steps)
{
    const char *name = json_is_object(children) ? value_reference(reader, children, REFERENCE_NAME) : NULL;
    name = name ? name : parent_text;
    const char *inner = path ? arena_printf(&reader->scratch, "%s > %s", path, name) : name;
    if (depth >= NESTED_TESTS_MAXIMUM)
        return reader_fail(reader, ERR_LIMIT, "tests are nested deeper than %d", NESTED_TESTS_MAXIMUM);
    if (!json_is_object(children))
        return read_list(reader, children, inner, depth + 1, steps);
    struct fields fields;
    int rc = reader_fields(reader, IN_STEP, children, &fields);
    cJSON *list = fields.at[STEP_CHILDREN];
    if (rc < 0 || !list)
        return rc;
    reader_enter(reader, list->string);
    rc = json_is_object(list) ? read_children(reader, list, inner, name, depth + 1, steps)
                              : read_list(reader, list, inner, depth + 1, steps);
    reader_leave(reader, 1);
    return rc;
}

static int read_step(struct testproject_reader *reader, cJSON *object, const char *path, int depth,
                     struct step_list *steps)
{
    struct fields fields;
    int rc = reader_fields(reader, IN_STEP, object, &fields);
    if (rc < 0)
        return rc;
    int64_t order = reader->places[reader->place_count - 1].item + 1;
    struct test_step *step = add_step(reader, steps);
    step->number = step_number(&fields, order);
    step->nested_path = path;
    step->description = step_text(reader, &fields, step->number);
    step->design_description = value_trimmed(reader, fields.at[STEP_DESIGN]);
    step->element = element_text(reader, fields.at[STEP_ELEMENT]);
    step->comment = value_trimmed(reader, fields.at[STEP_COMMENT]);
    step->expected = value_trimmed(reader, fields.at[STEP_EXPECTED]);
    step->inputs = value_pairs(reader, fields.at[STEP_INPUTS], &step->input_count);
    step->outputs = value_pairs(reader, fields.at[STEP_OUTPUTS], &step->output_count);
    const char *text = step->description;
    rc = read_settings(reader, &fields, step);
    if (rc == 0)
        rc = read_outcome(reader, &fields, step);
    cJSON *children = fields.at[STEP_CHILDREN];
    if (rc < 0 || !children || (!json_is_list(children) && !json_is_object(children)))
        return rc;
    reader_enter(reader, children->string);
    rc = read_children(reader, children, path, text, depth, steps);
    reader_leave(reader, 1);
    return rc;
}

/* A step that is no object is its text. */
static int read_plain_step(struct testproject_reader *reader, cJSON *item, const char *path,
                           struct step_list *steps)
{
    int64_t order = reader->places[reader->place_count - 1].item + 1;
    const char *text = value_trimmed(reader, item);
    struct test_step *step = add_step(reader, steps);
    step->number = order;
    step->nested_path = path;
    step->description = text ? text : arena_printf(&reader->scratch, "Step %" PRId64, order);
    return reader_warn(reader, WARN_STEP, "the step has no result; it is taken as skipped");
}

static int read_list(struct testproject_reader *reader, cJSON *list, const char *path, int depth,
                     struct step_list *steps)
{
    int64_t place = 0;
    if (json_is_object(list))
        return reader_fail(reader, ERR_REPORT, "an object stands where a list of steps is due");
    for (cJSON *item = value_first(list); item; item = value_next(list, item)) {
        reader_enter_item(reader, place++);
        int rc = reader_count_piece(reader);
        if (rc == 0)
            rc = json_is_object(item) ? read_step(reader, item, path, depth, steps)
                                      : read_plain_step(reader, item, path, steps);
        reader_leave(reader, 1);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int steps_read(struct testproject_reader *reader, cJSON *list, struct step_list *steps)
{
    reader_enter(reader, list->string);
    int rc = read_list(reader, list, NULL, 0, steps);
    reader_leave(reader, 1);
    return rc;
}

static bool is_failure(const struct test_step *step)
{
    return step->status == RESULT_FAILED || step->status == RESULT_ERROR;
}

static const struct test_step *next_failure(const struct step_list *steps, size_t *at)
{
    while (*at < steps->count) {
        const struct test_step *step = &steps->items[(*at)++];
        if (is_failure(step) && step->message)
            return step;
    }
    return NULL;
}

const char *steps_first_failure(const struct step_list *steps)
{
    size_t at = 0;
    const struct test_step *step = next_failure(steps, &at);
    return step ? step->message : NULL;
}

const char *steps_further_failures(struct testproject_reader *reader, const struct step_list *steps)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    size_t at = 0;
    next_failure(steps, &at);
    for (const struct test_step *step; (step = next_failure(steps, &at));)
        buf_printf(&out, "%sstep %" PRId64 ": %s", out.length ? "\n" : "", step->number, step->message);
    return out.length ? arena_text(&reader->scratch, out.bytes, out.length) : NULL;
}
