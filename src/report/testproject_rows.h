/* The results of one test while they are put together, and the data rows (iterations) of a target; the
 * rules stand in report/testproject_test.h. */
#ifndef REPORT_TESTPROJECT_ROWS_H
#define REPORT_TESTPROJECT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/model.h"
#include "report/testproject_leaf.h"
#include "report/testproject_reader.h"

struct results {
    struct test_result common; /* what all results of the test share */
    struct test_result *items; /* in the reader's scratch */
    size_t count;
    size_t capacity;
    size_t target_count;
    bool summed_up; /* rows: the target's or the test's own result stands for all of them */
    bool waits;
};

/* A copy of base at the end. The pointer is good until the next one is added. */
struct test_result *results_add(struct testproject_reader *reader, struct results *results,
                                const struct test_result *base);
/* What is said once is handed on with each of count results; ERR_LIMIT when that comes to too much. */
int results_check_texts(struct testproject_reader *reader, const struct results *results, const char *message,
                        size_t count);
/* One result, or one a row. target is the leaf that the rows belong to. */
int rows_add(struct testproject_reader *reader, const struct leaf *target, cJSON *rows,
             const struct test_result *base, struct results *results);

#endif
