/* The names under which TestProject's JSON carries each datum (docs/formats.md 2.3), as one table.
 *
 * Names are compared without regard to case, '_' and '-'. Of several names for one datum in one object
 * the one that stands first in the table wins; the certain ones stand first, and the guesses are marked.
 * A member that is null counts as missing.
 */
#ifndef REPORT_TESTPROJECT_FIELDS_H
#define REPORT_TESTPROJECT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/* Which kind of object a name stands in. */
enum field_context {
    IN_ROOT = 1,
    IN_TEST = 2,
    IN_TARGET = 4,
    IN_ITERATION = 8,
    IN_STEP = 16,
    IN_REFERENCE = 32, /* an object that names something: job, project, agent, element, tag, folder */
    IN_JUNIT_CASE = 64,
};
#define IN_NODE (IN_TEST | IN_TARGET | IN_ITERATION)

/* Members of the root. */
enum root_field {
    ROOT_EXECUTION_ID,
    ROOT_REPORT_URL,
    ROOT_ID,
    ROOT_JOB_NAME,
    ROOT_JOB,
    ROOT_NAME,
    ROOT_JOB_ID,
    ROOT_PROJECT_NAME,
    ROOT_PROJECT,
    ROOT_PLATFORM,
    ROOT_AGENT,
    ROOT_RESULT,
    ROOT_PASSED,
    ROOT_FAILED,
    ROOT_SKIPPED,
    ROOT_TRIGGER,
    ROOT_TAGS,
    ROOT_TESTS,
    ROOT_TEST_CASES, /* JUnit's model as JSON */
    ROOT_START,
    ROOT_END,
    ROOT_MESSAGE,
    ROOT_FAILURE_TYPE,
    ROOT_PROGRESS, /* only in answers of the state endpoint */
    ROOT_WRAPPER,
    ROOT_KNOWN, /* understood and of no use here */
    ROOT_FIELD_COUNT
};

/* Members of a test, a target, an iteration, and of a case of JUnit's model. */
enum node_field {
    NODE_NAME,
    NODE_TEST, /* object with name and id */
    NODE_TEST_ID,
    NODE_DESCRIPTION,
    NODE_APPLICATION,
    NODE_FOLDERS,
    NODE_TAGS,
    NODE_TARGETS,
    NODE_BROWSERS,
    NODE_DEVICES,
    NODE_TARGET_NAME,
    NODE_BROWSER,
    NODE_VERSION,
    NODE_MODEL,
    NODE_RESULT,
    NODE_PASSED,
    NODE_PASS_RATIO,
    NODE_FAIL_RATIO,
    NODE_START,
    NODE_END,
    NODE_DURATION,
    NODE_ITERATIONS,
    NODE_ITERATION_NUMBER,
    NODE_DATA,
    NODE_STEPS,
    NODE_FAILED_STEPS,
    NODE_MESSAGE,
    NODE_FAILURE_TYPE,
    NODE_SCREENSHOTS,
    NODE_FAILURES,
    NODE_KNOWN,
    NODE_FIELD_COUNT
};

/* Members of a step, also of a failed step. */
enum step_field {
    STEP_NUMBER,
    STEP_STEP, /* a number, or the text */
    STEP_TEXT,
    STEP_DESIGN,
    STEP_COMMENT,
    STEP_MESSAGE,
    STEP_ELEMENT,
    STEP_INPUTS,
    STEP_OUTPUTS,
    STEP_EXPECTED,
    STEP_FAILURE_BEHAVIOR,
    STEP_SCREENSHOT_SETTING,
    STEP_SCREENSHOTS,
    STEP_TIMEOUT,
    STEP_INVERTED,
    STEP_HEALED,
    STEP_RESULT,
    STEP_PASSED,
    STEP_CHILDREN,
    STEP_KNOWN,
    STEP_FIELD_COUNT
};

/* Members of an object that only names something. */
enum reference_field {
    REFERENCE_NAME,
    REFERENCE_ID,
    REFERENCE_TYPE,
    REFERENCE_BY,
    REFERENCE_VALUE,
    REFERENCE_URL,
    REFERENCE_KNOWN,
    REFERENCE_FIELD_COUNT
};

#define FIELD_MAXIMUM  NODE_FIELD_COUNT
#define FIELD_UNKNOWN  (-1)
#define FIELD_SLOTS    1024
#define FIELD_MEMORY   64
#define FIELD_CONTEXTS 7

/* An index of the table, and for each context which row stood at which place last time: the objects of a
 * report look alike, so that nearly every name is settled by one comparison. */
struct field_index {
    uint16_t slots[FIELD_SLOTS]; /* row + 1 */
    uint16_t last[FIELD_CONTEXTS][FIELD_MEMORY];
};

/* The members of one object, by datum. */
struct fields {
    cJSON *at[FIELD_MAXIMUM];
    uint16_t row[FIELD_MAXIMUM];
};

void field_index_init(struct field_index *index);
/* The row of a name, or FIELD_UNKNOWN; place is the member's number in its object. */
int field_row(struct field_index *index, enum field_context context, const char *name, size_t place);
/* The datum of a row: one of the enums above, by context. */
int field_datum(int row);
const char *field_name(int row);
/* Puts a member where it belongs. Returns false when the object has the very same name twice; the later
 * one has won then. */
bool fields_put(struct fields *fields, int row, cJSON *member);

#endif
