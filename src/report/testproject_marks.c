#include "report/testproject_marks.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/foreign.h"
#include "report/testproject_reader.h"

enum mark {
    /* words of everybody: each of them needs one that is not */
    MARK_AGENT_WORD,
    MARK_CASES,
    MARK_RESULT,
    MARK_ITERATIONS,
    /* TestProject's own */
    MARK_EXECUTION,
    MARK_JOB,
    MARK_AGENT,
    MARK_TIMES,
    MARK_RESULT_TYPE,
    MARK_COUNTS,
    MARK_RATIO,
    MARK_FAILURE_TYPE,
    MARK_REPORT_URL,
    MARK_TESTS, /* the list of tests under TestProject's own names, and not just 'tests' */
    MARK_JUNIT_MODEL,
    MARK_TARGETS,
    MARK_TARGET_NAME,
    MARK_FAILED_STEPS,
    MARK_STARTED_BY,
};

#define WORDS_OF_EVERYBODY ((1u << MARK_EXECUTION) - 1)

static const struct {
    unsigned contexts;
    enum mark mark;
    bool speaks; /* even where nothing tells what it stands in */
    const char *name;
} mark_table[] = {
    {IN_ROOT, MARK_EXECUTION, true, "executionId"},
    {IN_ROOT, MARK_JOB, true, "jobName"},
    {IN_ROOT, MARK_JOB, true, "jobId"},
    {IN_ROOT, MARK_AGENT, true, "agentName"},
    {IN_ROOT, MARK_AGENT, true, "agentId"},
    {IN_ROOT, MARK_AGENT_WORD, false, "agent"},
    {IN_ROOT | IN_NODE, MARK_TIMES, true, "executionStart"},
    {IN_ROOT | IN_NODE, MARK_TIMES, true, "executionEnd"},
    {IN_ROOT | IN_NODE, MARK_RESULT_TYPE, true, "resultType"},
    {IN_ROOT, MARK_COUNTS, true, "passedTests"},
    {IN_ROOT, MARK_COUNTS, true, "failedTests"},
    {IN_ROOT, MARK_COUNTS, true, "skippedTests"},
    {IN_ROOT, MARK_COUNTS, true, "passedTest"},
    {IN_ROOT, MARK_COUNTS, true, "failedTest"},
    {IN_ROOT, MARK_COUNTS, true, "skippedTest"},
    {IN_ROOT | IN_NODE, MARK_RATIO, true, "passRatio"},
    {IN_ROOT | IN_NODE, MARK_RATIO, true, "failRatio"},
    {IN_ROOT | IN_NODE, MARK_FAILURE_TYPE, true, "failureType"},
    {IN_ROOT, MARK_REPORT_URL, true, "reportUrl"},
    {IN_ROOT, MARK_STARTED_BY, false, "executedBy"},
    {IN_ROOT, MARK_TESTS, true, "testResults"},
    {IN_ROOT, MARK_TESTS, true, "testExecutions"},
    {IN_ROOT, MARK_CASES, false, "testCases"},
    {IN_ROOT, MARK_JUNIT_MODEL, true, "jUnitTestSuite"},
    {IN_JUNIT_CASE, MARK_JUNIT_MODEL, false, "failures"},
    {IN_TEST, MARK_TARGETS, false, "targets"},
    {IN_TEST, MARK_TARGETS, false, "targetResults"},
    {IN_TEST | IN_TARGET, MARK_TARGET_NAME, true, "targetName"},
    {IN_NODE, MARK_FAILED_STEPS, true, "failedSteps"},
    {IN_NODE | IN_JUNIT_CASE, MARK_RESULT, false, "result"},
    {IN_TEST, MARK_RESULT, false, "passed"},
    {IN_TEST | IN_TARGET, MARK_ITERATIONS, false, "iterations"},
    {IN_TEST | IN_TARGET, MARK_ITERATIONS, false, "dataIterations"},
};

bool marks_enough(const struct testproject_reader *reader)
{
    bool several = (reader->marks & (reader->marks - 1)) != 0;
    return several && (reader->marks & ~WORDS_OF_EVERYBODY);
}

void marks_suffice(struct testproject_reader *reader)
{
    reader->marks = ~0u;
}

void marks_take(struct testproject_reader *reader, enum field_context context, int row, const char *written)
{
    if (row == FIELD_UNKNOWN || marks_enough(reader))
        return;
    for (size_t i = 0; i < ARRAY_SIZE(mark_table); i++)
        if ((mark_table[i].contexts & context) && text_equal(mark_table[i].name, field_name(row)))
            reader->marks |= 1u << mark_table[i].mark;
    if (context == IN_ROOT && text_equal(written, "TestCases")) /* others write it with a small letter */
        reader->marks |= 1u << MARK_JUNIT_MODEL;
}

/* Whether a damaged text, of which not a single name may be whole, speaks of TestProject at all. */
static bool speaks_of_it(const char *text, size_t size)
{
    for (size_t i = 0; i < ARRAY_SIZE(mark_table); i++)
        if (mark_table[i].speaks && memmem(text, size, mark_table[i].name, strlen(mark_table[i].name)))
            return true;
    return false;
}

static const char *unknown_kind(const struct json_names *names, bool damaged)
{
    if (names->roots > 1)
        return "made of lines of JSON of an unknown kind";
    return damaged ? "JSON of an unknown kind, and damaged or with comments" : "JSON of an unknown kind";
}

/* Whether it is enough with the names that reading did not come to, because of an error before them. */
static bool enough_behind(struct testproject_reader *reader, const char *text, size_t size)
{
    for (size_t i = 0; i < ARRAY_SIZE(mark_table); i++) {
        _cleanup_free_ char *quoted = xasprintf("\"%s\"", mark_table[i].name);
        if (memmem(text, size, quoted, strlen(quoted)))
            reader->marks |= 1u << mark_table[i].mark;
    }
    return marks_enough(reader);
}

static int refuse(struct testproject_reader *reader, const char *beginning, size_t size, int rc)
{
    struct json_names names;
    json_names_init(&names, beginning, size);
    const struct foreign *foreign = foreign_of_json(&names);
    bool damaged = reader->is_no_json || rc == -ERR_LIMIT;
    bool none = names.roots == 0 || (rc == -ERR_EMPTY && reader->marks && !reader->meta->incomplete);
    if (rc == -ERR_EMPTY && names.names.count == 0)
        reader->meta->foreign = xstrdup("an empty list (JSON), which holds no test; name the report itself");
    else if (foreign)
        rc = foreign_refuse(reader->meta, reader->label, foreign->what, foreign->how, reader->err);
    else if (!none && !(rc == -ERR_REPORT && enough_behind(reader, beginning, size)) &&
             !(damaged && speaks_of_it(beginning, size)))
        rc = foreign_refuse(
            reader->meta, reader->label, unknown_kind(&names, damaged),
            "name JUnit XML, which most test tools can write, or a report of TestProject as JSON",
            reader->err);
    json_names_release(&names);
    return rc;
}

int marks_judge(struct testproject_reader *reader, const char *beginning, size_t size, int rc)
{
    bool about_the_text =
        rc == 0 || rc == -ERR_REPORT || rc == -ERR_EMPTY || rc == -ERR_LIMIT || rc == -ERR_FOREIGN;
    if (!about_the_text || size == 0 || marks_enough(reader))
        return rc;
    return refuse(reader, beginning, size, rc);
}
