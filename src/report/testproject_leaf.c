#include "report/testproject_leaf.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/json_kind.h"
#include "report/testproject_shot.h"
#include "report/testproject_steps.h"
#include "report/testproject_value.h"
#include "report/testproject_words.h"

static const char *own_word(struct testproject_reader *reader, const char *text)
{
    size_t size = strlen(text);
    return size <= STATUS_WORD_MAX_BYTES
               ? text
               : arena_text(&reader->scratch, text, utf8_cut(text, size, STATUS_WORD_MAX_BYTES));
}

/* "result": "Passed" beside "passed": false: of the two the failure counts. */
static int check_passed(struct testproject_reader *reader, struct leaf *leaf)
{
    enum result_status status;
    const char *passed = value_trimmed(reader, leaf->fields.at[NODE_PASSED]);
    if (leaf->status != RESULT_PASSED || !leaf->fields.at[NODE_RESULT] || !passed ||
        testproject_result_word(passed, &status, NULL) != WORD_KNOWN || status != RESULT_FAILED)
        return 0;
    leaf->status = RESULT_FAILED;
    return reader_warn(reader, WARN_CONTRADICTION,
                       "the result is given twice, once as passed and once as failed; it is taken as failed");
}

/* A lone object, list or empty text states nothing. */
static int read_result(struct testproject_reader *reader, struct leaf *leaf)
{
    cJSON *value = leaf->fields.at[NODE_RESULT];
    const char *text = value_trimmed(reader, value);
    if (!text)
        text = value_trimmed(reader, leaf->fields.at[NODE_PASSED]);
    if (!text)
        return 0;
    leaf->stated = true;
    bool plain;
    enum result_word word = testproject_result_word(text, &leaf->status, &plain);
    if (!plain)
        leaf->word = own_word(reader, text);
    if (leaf->status == RESULT_SKIPPED && !text_starts_nocase(text, "skip"))
        reader->other_skips++;
    if (word == WORD_UNKNOWN)
        return reader_warn(reader, WARN_WORD,
                           "'%s' is no result that is known; it is taken as skipped, never as passed",
                           reader_excerpt(reader, text));
    if (word == WORD_UNFINISHED && !reader->options->unfinished_as_skipped)
        return reader_fail(reader, ERR_REPORT,
                           "the result is '%s': this is the report of a running job; fetch it again when the "
                           "job has ended, or take such results as skipped with --unfinished-as-skipped",
                           reader_excerpt(reader, text));
    return check_passed(reader, leaf);
}

static double read_ratio(const cJSON *value)
{
    double ratio;
    return value && value_number(value, &ratio) && ratio >= 0 && ratio <= 100 ? ratio : -1;
}

static int read_times(struct testproject_reader *reader, enum field_context context, struct leaf *leaf)
{
    const struct fields *fields = &leaf->fields;
    int64_t unit_ms = context == IN_JUNIT_CASE ? 1000 : 1;
    struct report_instant end;
    /* The end first: what tells which zone is meant is more likely to be the later one. */
    int rc = value_instant(reader, fields->at[NODE_END], TIMES_END, &end);
    if (rc == 0)
        rc = value_instant(reader, fields->at[NODE_START], TIMES_START, &leaf->start);
    if (rc == 0)
        rc = value_duration(reader, fields->at[NODE_DURATION], unit_ms, &leaf->duration_ms);
    leaf->end_ms = end.ms;
    if (leaf->start.ms != TIME_NONE || end.ms != TIME_NONE)
        reader->meta->has_time_stamps = true;
    return rc;
}

void leaf_empty(const struct leaf *around, struct leaf *ret_leaf)
{
    memset(ret_leaf, 0, sizeof *ret_leaf);
    ret_leaf->around = around;
    ret_leaf->start = REPORT_INSTANT_NONE;
    ret_leaf->end_ms = ret_leaf->duration_ms = TIME_NONE;
    ret_leaf->pass_ratio = ret_leaf->fail_ratio = -1;
    ret_leaf->message = around ? around->message : NULL;
    ret_leaf->failure_type = around ? around->failure_type : NULL;
}

static void read_messages(struct testproject_reader *reader, struct leaf *leaf)
{
    const char *message = value_trimmed(reader, leaf->fields.at[NODE_MESSAGE]);
    const char *failure_type = value_trimmed(reader, leaf->fields.at[NODE_FAILURE_TYPE]);
    leaf->message = message ? message : leaf->message;
    leaf->failure_type = failure_type ? failure_type : leaf->failure_type;
}

/* What tells tests and targets apart is shown with its bad bytes. */
static int keep_names_apart(struct testproject_reader *reader, const struct fields *fields)
{
    static const enum node_field names[] = {NODE_NAME,        NODE_TEST,     NODE_TEST_ID, NODE_FOLDERS,
                                            NODE_TARGET_NAME, NODE_BROWSER,  NODE_VERSION, NODE_MODEL,
                                            NODE_TARGETS,     NODE_BROWSERS, NODE_DEVICES};
    int rc = 0;
    for (size_t i = 0; i < ARRAY_SIZE(names) && rc == 0; i++)
        rc = value_keep_apart(reader, fields->at[names[i]]);
    return rc;
}

int leaf_read(struct testproject_reader *reader, enum field_context context, const cJSON *object,
              const struct leaf *around, struct leaf *ret_leaf)
{
    leaf_empty(around, ret_leaf);
    int rc = reader_fields(reader, context, object, &ret_leaf->fields);
    if (rc == 0 && reader->has_marks)
        rc = keep_names_apart(reader, &ret_leaf->fields);
    if (rc == 0)
        rc = read_result(reader, ret_leaf);
    if (rc == 0)
        rc = read_times(reader, context, ret_leaf);
    read_messages(reader, ret_leaf);
    ret_leaf->pass_ratio = read_ratio(ret_leaf->fields.at[NODE_PASS_RATIO]);
    ret_leaf->fail_ratio = read_ratio(ret_leaf->fields.at[NODE_FAIL_RATIO]);
    return rc;
}

/* A member of the root, or NULL; *waits when it may still come. */
static cJSON *root_member(const struct testproject_reader *reader, enum root_field which, bool *waits)
{
    cJSON *value = reader->root->fields.at[which];
    if (!value && !reader->root->ended)
        *waits = true;
    return value;
}

/* Conditional and always-pass steps lower a ratio without a failure: the job's word decides. */
static bool status_of_ratio(struct testproject_reader *reader, double ratio, enum result_status *ret,
                            bool *waits)
{
    if (ratio < 0)
        return false;
    *ret = RESULT_PASSED;
    if (ratio >= 100)
        return true;
    enum result_status job = RESULT_FAILED;
    cJSON *value = root_member(reader, ROOT_RESULT, waits);
    const char *text = json_is_string(value) ? value->valuestring : NULL;
    bool passed = text && testproject_result_word(text, &job, NULL) == WORD_KNOWN && job == RESULT_PASSED;
    *ret = passed ? RESULT_PASSED : RESULT_FAILED;
    return true;
}

static bool has_failed_steps(const struct leaf *leaf)
{
    return value_first(leaf->fields.at[NODE_FAILED_STEPS]) != NULL;
}

static int fill_status(struct testproject_reader *reader, const struct leaf *leaf, bool row,
                       struct test_result *result, bool *waits)
{
    const struct leaf *around = leaf->around;
    enum result_status *ret = &result->status;
    *ret = leaf->status;
    result->status_word = leaf->word;
    if (leaf->stated)
        return 0;
    bool around_stated = around && around->stated;
    *ret = RESULT_PASSED;
    if (around_stated && around->status == RESULT_PASSED && !row) {
        result->status_word = around->word;
        return 0;
    }
    if (status_of_ratio(reader, leaf->pass_ratio, ret, waits))
        return 0;
    *ret = RESULT_FAILED;
    if (has_failed_steps(leaf))
        return 0;
    if (around_stated) {
        *ret = around->status;
        result->status_word = around->word;
    }
    if (around_stated || (around && !row && status_of_ratio(reader, around->pass_ratio, ret, waits)))
        return 0;
    *ret = RESULT_SKIPPED;
    reader->other_skips++;
    return reader_warn(reader, WARN_RESULT, "there is no result; it is taken as skipped, never as passed");
}

static struct report_instant root_instant(struct testproject_reader *reader, enum root_field which,
                                          bool *waits)
{
    struct time_stamp stamp;
    cJSON *value = root_member(reader, which, waits);
    bool good = json_is_string(value) && testproject_instant(value->valuestring, &stamp);
    return good ? report_times_instant(&reader->times, stamp, TIMES_AGAIN) : REPORT_INSTANT_NONE;
}

static void take_start(struct testproject_reader *reader, const struct leaf *leaf, struct test_result *result,
                       bool *waits)
{
    while (leaf->start.ms == TIME_NONE && leaf->around)
        leaf = leaf->around;
    struct report_instant start = leaf->start;
    if (start.ms == TIME_NONE)
        start = root_instant(reader, ROOT_START, waits);
    result->start_ms = start.ms;
    result->start_moved_ms = start.moved_ms;
    result->start_without_zone = start.without_zone;
    result->times_altered = start.guessed;
}

/* An end in the future is none, unless the start is there too. */
static int64_t end_if_past(struct testproject_reader *reader, int64_t end_ms,
                           const struct test_result *result)
{
    int64_t latest_ms = reader->times.latest_ms;
    if (end_ms == TIME_NONE || end_ms <= latest_ms || result->start_ms > latest_ms)
        return end_ms;
    report_times_doubt(&reader->times, DOUBT_END_IN_FUTURE, result->name);
    return TIME_NONE;
}

/* The end that the leaf states, else its duration gives; a duration that cannot be is noted. */
static int64_t end_of_leaf(struct testproject_reader *reader, const struct leaf *leaf, int64_t start_ms,
                           const struct test_result *result)
{
    int64_t duration_ms = report_times_duration(&reader->times, start_ms, leaf->duration_ms, result->name);
    int64_t end_ms = end_if_past(reader, leaf->end_ms, result);
    if (end_ms == TIME_NONE && start_ms != TIME_NONE && duration_ms != TIME_NONE)
        end_ms = start_ms + duration_ms;
    return end_ms;
}

static int64_t nearest_end(struct testproject_reader *reader, const struct leaf *leaf,
                           const struct test_result *result, bool *waits)
{
    int64_t end_ms = end_of_leaf(reader, leaf, result->start_ms, result);
    while (end_ms == TIME_NONE && (leaf = leaf->around))
        if (leaf->end_ms != TIME_NONE || leaf->start.ms != TIME_NONE)
            end_ms = end_of_leaf(reader, leaf, leaf->start.ms, result);
    if (end_ms == TIME_NONE)
        end_ms = end_if_past(reader, root_instant(reader, ROOT_END, waits).ms, result);
    return end_ms;
}

/* An end before the start cannot be: start and duration, or the start alone, then give it. */
static int64_t mend_end(struct testproject_reader *reader, int64_t end_ms, const struct test_result *result)
{
    if (end_ms == TIME_NONE || end_ms >= result->start_ms)
        return end_ms;
    report_times_doubt(&reader->times, DOUBT_END_BEFORE_START, result->name);
    return result->start_ms + (result->duration_ms != TIME_NONE ? result->duration_ms : 0);
}

/* A result is one doubt of a kind, however many of the times around it are doubtful. */
static void count_once(struct report_times *times, const int64_t before[TIMES_DOUBT_COUNT])
{
    for (size_t i = 0; i < TIMES_DOUBT_COUNT; i++)
        if (times->counts[i] > before[i] + 1)
            times->counts[i] = before[i] + 1;
}

void leaf_times(struct testproject_reader *reader, const struct leaf *leaf, struct test_result *result,
                bool *waits)
{
    int64_t doubts[TIMES_DOUBT_COUNT];
    memcpy(doubts, reader->times.counts, sizeof doubts);
    take_start(reader, leaf, result, waits);
    bool possible = report_times_possible(&reader->times, result->start_ms, leaf->duration_ms);
    result->duration_ms = possible ? leaf->duration_ms : TIME_NONE;
    int64_t end_ms = mend_end(reader, nearest_end(reader, leaf, result, waits), result);
    result->end_ms = report_times_end(&reader->times, result->start_ms, end_ms);
    bool doubted = memcmp(doubts, reader->times.counts, sizeof doubts) != 0;
    result->times_altered |= doubted || result->end_ms != end_ms;
    if (result->start_ms != TIME_NONE)
        result->duration_ms = leaf->duration_ms;
    count_once(&reader->times, doubts);
}

/* The nearest leaf that has the member. */
static cJSON *nearest(const struct leaf *leaf, enum node_field which)
{
    for (; leaf; leaf = leaf->around)
        if (value_first(leaf->fields.at[which]))
            return leaf->fields.at[which];
    return NULL;
}

static const char *join(struct testproject_reader *reader, const char *first, const char *second)
{
    if (!first || !second)
        return first ? first : second;
    return arena_printf(&reader->scratch, "%s\n%s", first, second);
}

/* A full list wins over a partial one. A partial list of the test says nothing about a target that
 * passed. */
static int fill_steps(struct testproject_reader *reader, const struct leaf *leaf, struct test_result *result,
                      struct failed_steps *failed, struct step_list *steps)
{
    cJSON *full = nearest(leaf, NODE_STEPS);
    cJSON *partial = result->status == RESULT_PASSED ? leaf->fields.at[NODE_FAILED_STEPS]
                                                     : nearest(leaf, NODE_FAILED_STEPS);
    if (full && (json_is_list(full) || json_is_object(full))) {
        int rc = steps_read(reader, full, steps);
        result->steps = steps->items;
        result->step_count = steps->count;
        return rc;
    }
    if (!partial)
        return 0;
    int rc = failed_steps_read(reader, partial, leaf->pass_ratio, leaf->fail_ratio, failed);
    result->failed_steps = failed->text;
    return rc;
}

static void fill_messages(struct testproject_reader *reader, const struct leaf *leaf,
                          const struct failed_steps *failed, const struct step_list *steps,
                          struct test_result *result)
{
    const char *type = leaf->failure_type;
    result->details = steps_further_failures(reader, steps);
    if (result->status == RESULT_PASSED)
        return;
    const char *stated = leaf->message;
    const char *of_step = failed->message ? failed->message : steps_first_failure(steps);
    result->message = stated ? stated : of_step;
    if (stated && of_step && !failed->message && !text_equal(stated, of_step))
        result->details = join(reader, of_step, result->details);
    if (type && !text_equal_nocase(type, "NoFailure")) {
        if (result->message)
            result->details =
                join(reader, result->details, arena_printf(&reader->scratch, "failure type: %s", type));
        else
            result->message = type;
    }
}

static int fill_pictures(struct testproject_reader *reader, const struct leaf *leaf,
                         const struct failed_steps *failed, struct test_result *result)
{
    struct shots shots = {
        .attachments = failed->attachments,
        .attachment_count = failed->attachment_count,
        .attachment_capacity = failed->attachment_count,
    };
    int rc = shots_add(reader, leaf->fields.at[NODE_SCREENSHOTS], "screenshot", &shots);
    result->attachments = shots.attachments;
    result->attachment_count = shots.attachment_count;
    result->details = join(reader, result->details, shots.links);
    return rc;
}

int leaf_fill(struct testproject_reader *reader, const struct leaf *leaf, bool row,
              struct test_result *result, bool *waits)
{
    struct failed_steps failed = {0};
    struct step_list steps = {0};
    int rc = fill_status(reader, leaf, row, result, waits);
    if (rc < 0)
        return rc;
    leaf_times(reader, leaf, result, waits);
    rc = fill_steps(reader, leaf, result, &failed, &steps);
    if (rc < 0)
        return rc;
    fill_messages(reader, leaf, &failed, &steps, result);
    return fill_pictures(reader, leaf, &failed, result);
}
