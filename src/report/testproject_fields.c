#include "report/testproject_fields.h"
#include "report/json_kind.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#define NAME_MAXIMUM 48

struct alias {
    uint8_t contexts;
    uint8_t datum;
    const char *name;
};

/* The order within a datum is the order of preference. Certain: seen in saved reports, in the vendor's
 * API description or in its code; the others are guesses of how a report with details may call it. */
static const struct alias table[] = {
    /* root, certain */
    {IN_ROOT, ROOT_EXECUTION_ID, "executionId"},
    {IN_ROOT, ROOT_REPORT_URL, "reportUrl"},
    {IN_ROOT, ROOT_REPORT_URL, "report"},
    {IN_ROOT, ROOT_ID, "id"},
    {IN_ROOT, ROOT_JOB_NAME, "jobName"},
    {IN_ROOT, ROOT_NAME, "name"},
    {IN_ROOT, ROOT_JOB_ID, "jobId"},
    {IN_ROOT, ROOT_PLATFORM, "platform"},
    {IN_ROOT, ROOT_AGENT, "agentName"},
    {IN_ROOT, ROOT_AGENT, "agent"},
    {IN_ROOT, ROOT_RESULT, "resultType"},
    {IN_ROOT, ROOT_RESULT, "result"},
    {IN_ROOT, ROOT_RESULT, "state"},
    {IN_ROOT, ROOT_PASSED, "passedTests"},
    {IN_ROOT, ROOT_PASSED, "passedTest"},
    {IN_ROOT, ROOT_FAILED, "failedTests"},
    {IN_ROOT, ROOT_FAILED, "failedTest"},
    {IN_ROOT, ROOT_SKIPPED, "skippedTests"},
    {IN_ROOT, ROOT_TRIGGER, "trigger"},
    {IN_ROOT, ROOT_TAGS, "tags"},
    {IN_ROOT, ROOT_TESTS, "testResults"},
    {IN_ROOT, ROOT_TESTS, "tests"},
    {IN_ROOT, ROOT_TEST_CASES, "testCases"},
    {IN_ROOT, ROOT_START, "executionStart"},
    {IN_ROOT, ROOT_END, "executionEnd"},
    {IN_ROOT, ROOT_MESSAGE, "message"},
    {IN_ROOT, ROOT_FAILURE_TYPE, "failureType"},
    {IN_ROOT, ROOT_PROGRESS, "progress"},
    {IN_ROOT, ROOT_KNOWN, "agentId"},
    {IN_ROOT, ROOT_KNOWN, "passRatio"},
    {IN_ROOT, ROOT_KNOWN, "targets"},
    {IN_ROOT, ROOT_KNOWN, "browsers"},
    {IN_ROOT, ROOT_KNOWN, "devices"},
    {IN_ROOT, ROOT_KNOWN, "duration"},
    {IN_ROOT, ROOT_KNOWN, "app"},
    {IN_ROOT, ROOT_KNOWN, "target"},
    {IN_ROOT, ROOT_KNOWN, "failures"},
    {IN_ROOT, ROOT_KNOWN, "time"},
    {IN_ROOT, ROOT_KNOWN, "error"},
    {IN_ROOT, ROOT_KNOWN, "properties"},
    /* root, guessed */
    {IN_ROOT, ROOT_REPORT_URL, "url"},
    {IN_ROOT, ROOT_JOB, "job"},
    {IN_ROOT, ROOT_PROJECT_NAME, "projectName"},
    {IN_ROOT, ROOT_PROJECT, "project"},
    {IN_ROOT, ROOT_PLATFORM, "osType"},
    {IN_ROOT, ROOT_RESULT, "status"},
    {IN_ROOT, ROOT_PASSED, "passed"},
    {IN_ROOT, ROOT_FAILED, "failed"},
    {IN_ROOT, ROOT_SKIPPED, "skippedTest"},
    {IN_ROOT, ROOT_SKIPPED, "skipped"},
    {IN_ROOT, ROOT_TRIGGER, "executedBy"},
    {IN_ROOT, ROOT_TRIGGER, "startedBy"},
    {IN_ROOT, ROOT_TESTS, "testExecutions"},
    {IN_ROOT, ROOT_START, "startTime"},
    {IN_ROOT, ROOT_START, "start"},
    {IN_ROOT, ROOT_START, "started"},
    {IN_ROOT, ROOT_END, "endTime"},
    {IN_ROOT, ROOT_END, "end"},
    {IN_ROOT, ROOT_WRAPPER, "data"},
    {IN_ROOT, ROOT_WRAPPER, "response"},
    {IN_ROOT, ROOT_WRAPPER, "body"},
    {IN_ROOT, ROOT_WRAPPER, "jUnitTestSuite"},
    {IN_ROOT, ROOT_KNOWN, "durationMs"},
    {IN_ROOT, ROOT_KNOWN, "executionTime"},
    {IN_ROOT, ROOT_KNOWN, "failRatio"},

    /* test, target, iteration, certain */
    {IN_NODE | IN_JUNIT_CASE, NODE_NAME, "name"},
    {IN_TARGET, NODE_TARGET_NAME, "targetName"},
    {IN_TARGET, NODE_BROWSER, "type"},
    {IN_TARGET, NODE_VERSION, "version"},
    {IN_TARGET, NODE_MODEL, "model"},
    {IN_TARGET, NODE_KNOWN, "osType"},
    {IN_TARGET, NODE_KNOWN, "udid"},
    {IN_TEST, NODE_TARGETS, "targets"},
    {IN_TEST, NODE_BROWSERS, "browsers"},
    {IN_TEST, NODE_DEVICES, "devices"},
    {IN_NODE | IN_JUNIT_CASE, NODE_RESULT, "result"},
    {IN_NODE, NODE_RESULT, "resultType"},
    {IN_NODE, NODE_PASSED, "passed"},
    {IN_NODE, NODE_PASS_RATIO, "passRatio"},
    {IN_NODE, NODE_FAIL_RATIO, "failRatio"},
    {IN_NODE, NODE_START, "executionStart"},
    {IN_NODE, NODE_END, "executionEnd"},
    {IN_NODE, NODE_DURATION, "duration"},
    {IN_JUNIT_CASE, NODE_DURATION, "time"},
    {IN_NODE, NODE_FAILED_STEPS, "failedSteps"},
    {IN_NODE, NODE_MESSAGE, "message"},
    {IN_NODE, NODE_FAILURE_TYPE, "failureType"},
    {IN_JUNIT_CASE, NODE_FAILURES, "failures"},
    {IN_JUNIT_CASE, NODE_MESSAGE, "error"},
    {IN_NODE, NODE_KNOWN, "id"},
    {IN_NODE, NODE_KNOWN, "guid"},
    /* guessed */
    {IN_TEST, NODE_NAME, "testName"},
    {IN_TEST, NODE_TEST, "test"},
    {IN_TEST, NODE_TEST_ID, "testId"},
    {IN_TEST, NODE_DESCRIPTION, "description"},
    {IN_TEST, NODE_DESCRIPTION, "summary"},
    {IN_TEST, NODE_APPLICATION, "application"},
    {IN_TEST, NODE_APPLICATION, "applicationName"},
    {IN_TEST, NODE_APPLICATION, "app"},
    {IN_TEST, NODE_APPLICATION, "applicationUrl"},
    {IN_TEST, NODE_APPLICATION, "url"},
    {IN_TEST, NODE_FOLDERS, "folders"},
    {IN_TEST, NODE_FOLDERS, "folder"},
    {IN_TEST, NODE_FOLDERS, "folderPath"},
    {IN_TEST, NODE_FOLDERS, "folderName"},
    {IN_TEST, NODE_TAGS, "tags"},
    {IN_TEST, NODE_TARGETS, "targetResults"},
    {IN_TEST, NODE_TARGET_NAME, "targetName"},
    {IN_TEST, NODE_TARGET_NAME, "target"},
    {IN_TEST | IN_TARGET, NODE_TARGET_NAME, "device"},
    {IN_TEST | IN_TARGET, NODE_BROWSER, "browser"},
    {IN_TEST | IN_TARGET, NODE_BROWSER, "browserType"},
    {IN_TEST | IN_TARGET, NODE_VERSION, "browserVersion"},
    {IN_NODE, NODE_RESULT, "status"},
    {IN_NODE, NODE_RESULT, "state"},
    {IN_NODE, NODE_START, "startTime"},
    {IN_NODE, NODE_START, "start"},
    {IN_NODE, NODE_START, "started"},
    {IN_NODE, NODE_END, "endTime"},
    {IN_NODE, NODE_END, "end"},
    {IN_NODE, NODE_DURATION, "durationMs"},
    {IN_NODE, NODE_DURATION, "executionTime"},
    {IN_TEST | IN_TARGET, NODE_ITERATIONS, "iterations"},
    {IN_TEST | IN_TARGET, NODE_ITERATIONS, "dataIterations"},
    {IN_TEST | IN_TARGET, NODE_ITERATIONS, "runs"},
    {IN_TEST | IN_TARGET, NODE_ITERATIONS, "executions"},
    {IN_ITERATION, NODE_ITERATION_NUMBER, "iteration"},
    {IN_ITERATION, NODE_ITERATION_NUMBER, "index"},
    {IN_ITERATION, NODE_ITERATION_NUMBER, "row"},
    {IN_ITERATION, NODE_ITERATION_NUMBER, "number"},
    {IN_NODE, NODE_DATA, "parameters"},
    {IN_NODE, NODE_DATA, "inputParameters"},
    {IN_NODE, NODE_DATA, "data"},
    {IN_NODE, NODE_DATA, "dataSource"},
    {IN_NODE, NODE_STEPS, "steps"},
    {IN_NODE, NODE_STEPS, "stepResults"},
    {IN_NODE, NODE_STEPS, "stepsResults"},
    {IN_NODE, NODE_STEPS, "results"},
    {IN_NODE, NODE_MESSAGE, "resultMessage"},
    {IN_NODE, NODE_MESSAGE, "error"},
    {IN_NODE, NODE_MESSAGE, "errorMessage"},
    {IN_NODE, NODE_MESSAGE, "failureMessage"},
    {IN_NODE, NODE_MESSAGE, "details"},
    {IN_NODE, NODE_SCREENSHOTS, "screenshots"},
    {IN_NODE, NODE_SCREENSHOTS, "screenshot"},
    {IN_NODE, NODE_SCREENSHOTS, "screenshotUrl"},
    {IN_NODE, NODE_SCREENSHOTS, "image"},
    {IN_NODE, NODE_KNOWN, "platform"},

    /* step, certain (failed steps, and the items of the SDKs) */
    {IN_STEP, STEP_STEP, "step"},
    {IN_STEP, STEP_TEXT, "description"},
    {IN_STEP, STEP_MESSAGE, "message"},
    {IN_STEP, STEP_SCREENSHOTS, "screenshot"},
    {IN_STEP, STEP_PASSED, "passed"},
    {IN_STEP, STEP_ELEMENT, "element"},
    {IN_STEP, STEP_INPUTS, "inputParameters"},
    {IN_STEP, STEP_OUTPUTS, "outputParameters"},
    {IN_STEP, STEP_KNOWN, "guid"},
    /* guessed */
    {IN_STEP, STEP_NUMBER, "stepNumber"},
    {IN_STEP, STEP_NUMBER, "number"},
    {IN_STEP, STEP_NUMBER, "index"},
    {IN_STEP, STEP_NUMBER, "position"},
    {IN_STEP, STEP_NUMBER, "order"},
    {IN_STEP, STEP_TEXT, "name"},
    {IN_STEP, STEP_TEXT, "action"},
    {IN_STEP, STEP_TEXT, "title"},
    {IN_STEP, STEP_DESIGN, "designDescription"},
    {IN_STEP, STEP_DESIGN, "descriptionTemplate"},
    {IN_STEP, STEP_DESIGN, "originalDescription"},
    {IN_STEP, STEP_DESIGN, "rawDescription"},
    {IN_STEP, STEP_COMMENT, "comment"},
    {IN_STEP, STEP_COMMENT, "comments"},
    {IN_STEP, STEP_COMMENT, "note"},
    {IN_STEP, STEP_MESSAGE, "resultMessage"},
    {IN_STEP, STEP_MESSAGE, "error"},
    {IN_STEP, STEP_MESSAGE, "errorMessage"},
    {IN_STEP, STEP_MESSAGE, "failureMessage"},
    {IN_STEP, STEP_MESSAGE, "details"},
    {IN_STEP, STEP_INPUTS, "inputs"},
    {IN_STEP, STEP_INPUTS, "parameters"},
    {IN_STEP, STEP_OUTPUTS, "outputs"},
    {IN_STEP, STEP_EXPECTED, "expectedResult"},
    {IN_STEP, STEP_EXPECTED, "expected"},
    {IN_STEP, STEP_FAILURE_BEHAVIOR, "failureBehavior"},
    {IN_STEP, STEP_FAILURE_BEHAVIOR, "failureBehaviour"},
    {IN_STEP, STEP_FAILURE_BEHAVIOR, "failureBehaviorType"},
    {IN_STEP, STEP_FAILURE_BEHAVIOR, "onFailure"},
    {IN_STEP, STEP_SCREENSHOT_SETTING, "takeScreenshot"},
    {IN_STEP, STEP_SCREENSHOT_SETTING, "screenshotCondition"},
    {IN_STEP, STEP_SCREENSHOT_SETTING, "takeScreenshotCondition"},
    {IN_STEP, STEP_SCREENSHOT_SETTING, "takeScreenshotConditionType"},
    {IN_STEP, STEP_SCREENSHOTS, "screenshotUrl"},
    {IN_STEP, STEP_SCREENSHOTS, "screenshots"},
    {IN_STEP, STEP_SCREENSHOTS, "image"},
    {IN_STEP, STEP_TIMEOUT, "timeout"},
    {IN_STEP, STEP_TIMEOUT, "timeoutMs"},
    {IN_STEP, STEP_TIMEOUT, "maxWait"},
    {IN_STEP, STEP_INVERTED, "invertResult"},
    {IN_STEP, STEP_INVERTED, "invertStepResult"},
    {IN_STEP, STEP_INVERTED, "inverted"},
    {IN_STEP, STEP_HEALED, "healed"},
    {IN_STEP, STEP_HEALED, "selfHealed"},
    {IN_STEP, STEP_HEALED, "recovered"},
    {IN_STEP, STEP_RESULT, "result"},
    {IN_STEP, STEP_RESULT, "resultType"},
    {IN_STEP, STEP_RESULT, "status"},
    {IN_STEP, STEP_RESULT, "state"},
    {IN_STEP, STEP_CHILDREN, "steps"},
    {IN_STEP, STEP_CHILDREN, "subSteps"},
    {IN_STEP, STEP_CHILDREN, "stepResults"},
    {IN_STEP, STEP_CHILDREN, "tests"},
    {IN_STEP, STEP_CHILDREN, "subTest"},
    {IN_STEP, STEP_CHILDREN, "test"},
    {IN_STEP, STEP_KNOWN, "id"},
    {IN_STEP, STEP_KNOWN, "type"},
    {IN_STEP, STEP_KNOWN, "duration"},
    {IN_STEP, STEP_KNOWN, "durationMs"},
    {IN_STEP, STEP_KNOWN, "executionTime"},
    {IN_STEP, STEP_KNOWN, "executionStart"},
    {IN_STEP, STEP_KNOWN, "executionEnd"},

    /* objects that only name something: agent (certain), element, job, project, test, tag, folder */
    {IN_REFERENCE, REFERENCE_NAME, "name"},
    {IN_REFERENCE, REFERENCE_NAME, "alias"},
    {IN_REFERENCE, REFERENCE_NAME, "title"},
    {IN_REFERENCE, REFERENCE_ID, "id"},
    {IN_REFERENCE, REFERENCE_ID, "guid"},
    {IN_REFERENCE, REFERENCE_TYPE, "type"},
    {IN_REFERENCE, REFERENCE_BY, "byType"},
    {IN_REFERENCE, REFERENCE_BY, "by"},
    {IN_REFERENCE, REFERENCE_VALUE, "byValue"},
    {IN_REFERENCE, REFERENCE_VALUE, "value"},
    {IN_REFERENCE, REFERENCE_VALUE, "message"},
    {IN_REFERENCE, REFERENCE_URL, "url"},
    {IN_REFERENCE, REFERENCE_KNOWN, "index"},
    {IN_REFERENCE, REFERENCE_KNOWN, "machineName"},
    {IN_REFERENCE, REFERENCE_KNOWN, "osType"},
    {IN_REFERENCE, REFERENCE_KNOWN, "osVersion"},
    {IN_REFERENCE, REFERENCE_KNOWN, "version"},
};

#define ROW_COUNT (sizeof table / sizeof table[0])

_Static_assert(ROW_COUNT * 2 < FIELD_SLOTS, "the index needs free slots");
_Static_assert((int)FIELD_MAXIMUM >= (int)ROOT_FIELD_COUNT, "struct fields holds every context's data");
_Static_assert((int)FIELD_MAXIMUM >= (int)STEP_FIELD_COUNT, "struct fields holds every context's data");

/* Lower case without '_' and '-'; 0 for a name too long to be one of ours. */
static size_t normalise(const char *name, char ret_text[NAME_MAXIMUM])
{
    size_t length = 0;
    for (; *name; name++) {
        if (*name == '_' || *name == '-')
            continue;
        if (length == NAME_MAXIMUM)
            return 0;
        ret_text[length++] = ascii_lower(*name);
    }
    return length;
}

static bool row_has_name(size_t row, const char *text, size_t length)
{
    const char *name = table[row].name;
    for (size_t i = 0; i < length; i++)
        if (ascii_lower(name[i]) != text[i])
            return false;
    return name[length] == '\0';
}

static unsigned slot_of(const char *text, size_t length)
{
    return (unsigned)(hash_for_table(text, length) % FIELD_SLOTS);
}

void field_index_init(struct field_index *index)
{
    memset(index, 0, sizeof *index);
    for (size_t row = 0; row < ROW_COUNT; row++) {
        char text[NAME_MAXIMUM];
        unsigned slot = slot_of(text, normalise(table[row].name, text));
        while (index->slots[slot])
            slot = (slot + 1) % FIELD_SLOTS;
        index->slots[slot] = (uint16_t)(row + 1);
    }
}

static int look_up(const struct field_index *index, enum field_context context, const char *name)
{
    char text[NAME_MAXIMUM];
    size_t length = normalise(name, text);
    if (length == 0)
        return FIELD_UNKNOWN;
    for (unsigned slot = slot_of(text, length); index->slots[slot]; slot = (slot + 1) % FIELD_SLOTS) {
        size_t row = index->slots[slot] - 1u;
        if ((table[row].contexts & context) && row_has_name(row, text, length))
            return (int)row;
    }
    return FIELD_UNKNOWN;
}

int field_row(struct field_index *index, enum field_context context, const char *name, size_t place)
{
    uint16_t *last = index->last[__builtin_ctz(context)];
    if (place < FIELD_MEMORY && last[place] && strcmp(table[last[place] - 1].name, name) == 0)
        return last[place] - 1;
    int row = look_up(index, context, name);
    if (row >= 0 && place < FIELD_MEMORY)
        last[place] = (uint16_t)(row + 1);
    return row;
}

int field_datum(int row)
{
    return table[row].datum;
}

const char *field_name(int row)
{
    return table[row].name;
}

bool fields_put(struct fields *fields, int row, cJSON *member)
{
    int datum = table[row].datum;
    if (json_is_null(member))
        return true;
    bool again = fields->at[datum] && fields->row[datum] == row;
    if (!fields->at[datum] || row <= fields->row[datum]) {
        fields->at[datum] = member;
        fields->row[datum] = (uint16_t)row;
    }
    return !again;
}
