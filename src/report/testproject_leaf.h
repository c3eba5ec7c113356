/* What a test, a target and a data row have in common: a result, times, messages and steps, each of which
 * may be missing and then comes from the one around it.
 */
#ifndef REPORT_TESTPROJECT_LEAF_H
#define REPORT_TESTPROJECT_LEAF_H

#include <stdbool.h>
#include <stdint.h>

#include "report/model.h"
#include "report/testproject_reader.h"

struct leaf {
    const struct leaf *around; /* the test of a target, the target of a data row; NULL */
    struct fields fields;
    bool stated; /* the report says the result in a word */
    enum result_status status;
    const char *word; /* that says more than the status; NULL: none */
    struct report_instant start;
    int64_t end_ms;
    int64_t duration_ms; /* as stated, even when it cannot be */

    double pass_ratio; /* percent; negative: unknown */
    double fail_ratio;
    const char *message; /* its own, else that of the one around it */
    const char *failure_type;
};

/* Sorts the members and reads what the leaf itself says. ERR_REPORT for a result of a running job. */
int leaf_read(struct testproject_reader *reader, enum field_context context, const cJSON *object,
              const struct leaf *around, struct leaf *ret_leaf);
/* A leaf that says nothing itself, such as a target given as a string. */
void leaf_empty(const struct leaf *around, struct leaf *ret_leaf);

/* Status, times, message, steps and pictures into result, from the leaf and those around it. *waits is
 * set when a member of the root would decide that has not come yet. row: a data row, whose missing result
 * is not the target's. */
int leaf_fill(struct testproject_reader *reader, const struct leaf *leaf, bool row,
              struct test_result *result, bool *waits);
/* Only the times. */
void leaf_times(struct testproject_reader *reader, const struct leaf *leaf, struct test_result *result,
                bool *waits);

#endif
