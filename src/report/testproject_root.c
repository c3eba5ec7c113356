#include "report/testproject_root.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"
#include "base/time.h"
#include "report/foreign.h"
#include "report/json_kind.h"
#include "report/json_repair.h"
#include "report/target.h"
#include "report/testproject_junit.h"
#include "report/testproject_marks.h"
#include "report/testproject_value.h"
#include "report/testproject_words.h"

#define TAG_MAXIMUM 200
#define SERVICE     "//app.testproject.io/"

void root_release(struct testproject_root *root)
{
    for (size_t i = 0; i < ROOT_FIELD_COUNT; i++)
        cJSON_Delete(root->fields.at[i]);
    free(root->tests_key);
    *root = (struct testproject_root){0};
}

bool root_row_is_tests(int row)
{
    return row != FIELD_UNKNOWN && (field_datum(row) == ROOT_TESTS || field_datum(row) == ROOT_TEST_CASES);
}

bool root_row_may_wrap(int row)
{
    return row != FIELD_UNKNOWN &&
           (field_datum(row) == ROOT_WRAPPER || text_equal(field_name(row), "result") ||
            text_equal(field_name(row), "report"));
}

/* The members of an item that an OpenSDK sends to its agent (docs/formats.md 2.8). */
static bool is_of_item(const char *key)
{
    static const char *const names[] = {"type",
                                        "name",
                                        "passed",
                                        "message",
                                        "guid",
                                        "description",
                                        "screenshot",
                                        "element",
                                        "result",
                                        "commandName",
                                        "commandParameters",
                                        "inputParameters",
                                        "outputParameters"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (text_equal_nocase(key, names[i]))
            return true;
    return false;
}

static void note_kind(struct testproject_root *root, int row, const char *key)
{
    root->has_command |= text_equal_nocase(key, "commandName");
    root->has_description |= text_equal_nocase(key, "description");
    root->has_other |= row == FIELD_UNKNOWN || field_datum(row) != ROOT_REPORT_URL;
    root->has_strange |= !is_of_item(key);
}

int root_put(struct testproject_reader *reader, struct testproject_root *root, int row, const char *key,
             cJSON *value)
{
    note_kind(root, row, key);
    if (row == FIELD_UNKNOWN) {
        reader_unknown(reader, IN_ROOT, key);
        cJSON_Delete(value);
        return 0;
    }
    int rc = value_keep_apart(reader, value); /* nothing of the root is a text */
    if (json_is_string(value))
        json_clean_text(value->valuestring);
    if (field_datum(row) == ROOT_REPORT_URL && json_is_string(value) && strstr(value->valuestring, SERVICE))
        marks_suffice(reader);
    cJSON **slot = &root->fields.at[field_datum(row)];
    cJSON *before = *slot;
    bool once = fields_put(&root->fields, row, value);
    cJSON_Delete(*slot == value ? before : value);
    return rc < 0 || once
               ? rc
               : reader_warn(reader, WARN_DUPLICATE, "'%s' stands there twice; the last one counts",
                             reader_excerpt(reader, key));
}

/* The path segment behind mark, up to the next '/', '?' or '#'. */
static char *link_segment(const char *url, const char *mark)
{
    const char *found = url ? strstr(url, mark) : NULL;
    if (!found)
        return NULL;
    found += strlen(mark);
    size_t length = strcspn(found, "/?#");
    return length ? xstrndup(found, length) : NULL;
}

char *link_execution_id(const char *url)
{
    return link_segment(url, "/execution/");
}

char *link_job_id(const char *url)
{
    return link_segment(url, "/jobs/");
}

static const char *member_text(struct testproject_reader *reader, const struct testproject_root *root,
                               enum root_field which)
{
    return value_trimmed(reader, root->fields.at[which]);
}

/* The report's own id, else the one in its link, else the bare id of the root. */
static char *execution_id(struct testproject_reader *reader, const struct testproject_root *root)
{
    const char *stated = member_text(reader, root, ROOT_EXECUTION_ID);
    if (stated)
        return xstrdup(stated);
    char *linked = link_execution_id(member_text(reader, root, ROOT_REPORT_URL));
    return linked ? linked : xstrdup(member_text(reader, root, ROOT_ID));
}

/* A name of JUnit's model that is a target names no job. */
static const char *job_name(struct testproject_reader *reader, const struct testproject_root *root)
{
    const char *name = member_text(reader, root, ROOT_JOB_NAME);
    if (!name)
        name = member_text(reader, root, ROOT_JOB);
    if (!name)
        name = member_text(reader, root, ROOT_NAME);
    return reader->junit_cases && junit_suite_target(reader, name) ? NULL : name;
}

static void take_names(struct testproject_reader *reader, const struct testproject_root *root)
{
    struct report_meta *meta = reader->meta;
    const char *job_id = member_text(reader, root, ROOT_JOB_ID);
    if (!job_id)
        job_id = value_reference(reader, root->fields.at[ROOT_JOB], REFERENCE_ID);
    const char *project = member_text(reader, root, ROOT_PROJECT_NAME);
    meta->from_testproject = true;
    meta->execution_id = execution_id(reader, root);
    meta->report_url = xstrdup(member_text(reader, root, ROOT_REPORT_URL));
    url_cut_user(meta->report_url);
    meta->job_name = xstrdup(job_name(reader, root));
    meta->job_id = job_id ? xstrdup(job_id) : link_job_id(meta->report_url);
    meta->project_name = xstrdup(project ? project : member_text(reader, root, ROOT_PROJECT));
    meta->agent = xstrdup(member_text(reader, root, ROOT_AGENT));
    meta->trigger = xstrdup(member_text(reader, root, ROOT_TRIGGER));
    meta->platform = xstrdup(member_text(reader, root, ROOT_PLATFORM));
    for (size_t i = 0; !meta->platform && i < meta->targets.count; i++)
        if (target_is_browser(meta->targets.items[i]))
            meta->platform = xstrdup("Web");
    cJSON *tags = root->fields.at[ROOT_TAGS];
    for (cJSON *item = value_first(tags); item; item = value_next(tags, item)) {
        const char *tag = value_trimmed(reader, item);
        if (tag && meta->tags.count < TAG_MAXIMUM)
            text_list_add_new(&meta->tags, tag);
    }
}

static int take_times(struct testproject_reader *reader, const struct testproject_root *root)
{
    struct report_instant start;
    struct report_instant end;
    int rc = value_instant(reader, root->fields.at[ROOT_END], TIMES_END, &end);
    if (rc == 0)
        rc = value_instant(reader, root->fields.at[ROOT_START], TIMES_START, &start);
    if (rc < 0)
        return rc;
    if (start.ms != TIME_NONE)
        reader->meta->start_ms = start.ms;
    if (end.ms != TIME_NONE)
        reader->meta->end_ms = report_times_end(&reader->times, start.ms, end.ms);
    reader->meta->has_time_stamps |= start.ms != TIME_NONE || end.ms != TIME_NONE;
    return 0;
}

/* The job's own word: a job that still runs gives no report to upload. */
static int check_finished(struct testproject_reader *reader, const struct testproject_root *root)
{
    enum result_status status;
    const char *text = member_text(reader, root, ROOT_RESULT);
    if (!text || testproject_result_word(text, &status, NULL) != WORD_UNFINISHED)
        return 0;
    if (!reader->options->unfinished_as_skipped)
        return reader_fail(reader, ERR_REPORT,
                           "the job's result is '%s': this is the report of a running job; fetch it again "
                           "when the job has ended, or take what is unfinished as skipped with "
                           "--unfinished-as-skipped",
                           reader_excerpt(reader, text));
    text_list_add(&reader->meta->warnings,
                  "the report is of a running job; what is unfinished counts as skipped");
    return 0;
}

static int check_count(struct testproject_reader *reader, const struct testproject_root *root,
                       enum root_field which, const char *what, int64_t counted)
{
    int64_t stated;
    if (!value_int64(root->fields.at[which], &stated) || stated == counted)
        return 0;
    return reader_warn(reader, WARN_COUNTS,
                       "the report says %" PRId64 " %s, but its tests give %" PRId64
                       "; the tests are believed",
                       stated, what, counted);
}

/* Counted per test and target; rows that are results of their own, and other words than Skipped, which
 * TestProject may count elsewhere, cannot be compared. */
static int check_counts(struct testproject_reader *reader, const struct testproject_root *root)
{
    const struct report_counts *counts = &reader->meta->counts;
    if (reader->rows || reader->meta->incomplete)
        return 0;
    int rc = check_count(reader, root, ROOT_PASSED, "passed", counts->passed);
    if (rc == 0)
        rc = check_count(reader, root, ROOT_FAILED, "failed", counts->failed + counts->error);
    if (rc == 0 && !reader->other_skips)
        rc = check_count(reader, root, ROOT_SKIPPED, "skipped", counts->skipped);
    return rc;
}

/* A job that failed although none of its tests did: whoever reads the tests alone never hears of it. */
static int check_result(struct testproject_reader *reader, const struct testproject_root *root)
{
    const struct report_counts *counts = &reader->meta->counts;
    const char *text = member_text(reader, root, ROOT_RESULT);
    enum result_status status;
    if (!text || counts->results == 0 || counts->failed + counts->error || reader->meta->incomplete)
        return 0;
    if (testproject_result_word(text, &status, NULL) != WORD_KNOWN ||
        (status != RESULT_FAILED && status != RESULT_ERROR))
        return 0;
    return reader_warn(
        reader, WARN_CONTRADICTION,
        "the job's result is '%s', but none of its tests failed%s%s; the tests are believed, look "
        "into the report",
        reader_excerpt(reader, text), reader->reason ? "; it says: " : "",
        reader->reason ? reader_excerpt(reader, reader->reason) : "");
}

static int compare_executions(struct testproject_reader *reader, const struct testproject_root *root)
{
    _cleanup_free_ char *id = execution_id(reader, root);
    if (id && text_equal(id, reader->meta->execution_id))
        return 0;
    if (!id && !reader->meta->execution_id)
        return reader_fail(
            reader, ERR_REPORT,
            "the file holds several reports, and nothing says that they are of one execution; save "
            "each one in a file of its own");
    return reader_fail(
        reader, ERR_REPORT,
        "the file holds reports of several executions ('%s' and '%s'); save each one in a file "
        "of its own",
        reader_excerpt(reader, reader->meta->execution_id ? reader->meta->execution_id : "no id"),
        reader_excerpt(reader, id ? id : "no id"));
}

static void note_reason(struct testproject_reader *reader, const struct testproject_root *root)
{
    const char *message = member_text(reader, root, ROOT_MESSAGE);
    const char *type = member_text(reader, root, ROOT_FAILURE_TYPE);
    if (!reader->reason && (message || type))
        reader->reason = xstrdup(message ? message : type);
}

int root_finish(struct testproject_reader *reader, struct testproject_root *root)
{
    reader->may_be_dirty = true;
    note_reason(reader, root);
    int rc = check_finished(reader, root);
    if (rc < 0)
        return rc;
    if (reader->report_count++ > 0)
        return compare_executions(reader, root);
    take_names(reader, root);
    rc = take_times(reader, root);
    if (rc == 0)
        rc = check_result(reader, root);
    return rc < 0 ? rc : check_counts(reader, root);
}

static bool has(const struct testproject_root *root, enum root_field which)
{
    return root->fields.at[which] != NULL;
}

static bool is_item(const struct testproject_root *root)
{
    return !root->has_strange && has(root, ROOT_PASSED) && cJSON_IsBool(root->fields.at[ROOT_PASSED]) &&
           (root->has_command || root->has_description || has(root, ROOT_NAME));
}

static bool is_state(const struct testproject_root *root)
{
    return has(root, ROOT_RESULT) && text_equal(field_name(root->fields.row[ROOT_RESULT]), "state") &&
           has(root, ROOT_PROGRESS) && has(root, ROOT_AGENT);
}

#define FETCH                                                                                                \
    "fetch the job's report in its place (.../jobs/JOB/reports/latest?details=true&format=TestProject)"

/* A part of TestProject's that its names tell, though they are few, and that says how tests ended. */
static int refuse_part(struct testproject_reader *reader, const char *what)
{
    marks_suffice(reader);
    return reader_fail(reader, ERR_REPORT, "this is %s; " FETCH, what);
}

/* One that says nothing of it, and that another tool may have written: beside reports it does no harm. */
static int refuse_by_the_way(struct testproject_reader *reader, const char *what)
{
    marks_suffice(reader);
    return foreign_refuse(reader->meta, reader->label, what, FETCH, reader->err);
}

int root_refuse(struct testproject_reader *reader, const struct testproject_root *root)
{
    if (is_item(root))
        return refuse_by_the_way(reader,
                                 "no report but results without job, target and times, such as an OpenSDK "
                                 "sends to its agent");
    if (!root->has_other && has(root, ROOT_REPORT_URL))
        return refuse_by_the_way(reader, "no report but a link to one, such as the answer to format=PDF");
    if (is_state(root))
        return refuse_by_the_way(reader, "no report but the answer to how far a job has come");
    if (marks_enough(reader) && has(root, ROOT_RESULT) &&
        (has(root, ROOT_EXECUTION_ID) || has(root, ROOT_ID)))
        return refuse_part(reader, "a job's result without its tests, as the list of reports gives it");
    if (marks_enough(reader) && has(root, ROOT_RESULT) && has(root, ROOT_NAME))
        return refuse_part(reader, "a notification (web-hook) without tests");
    return foreign_refuse(reader->meta, reader->label,
                          "JSON without a list of tests, neither 'testResults' nor 'tests'", FETCH,
                          reader->err);
}
