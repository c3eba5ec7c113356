/* The steps of a result, in the two forms a report has them.
 *
 * A full list becomes test_steps in the report's order. A nested test stays a step of its own, followed by
 * its steps, which carry the names of the nested tests around them ("Login > Sub") and the numbers they
 * have there.
 *
 * A partial list (failedSteps) becomes text for the note, since steps must only be sent whole:
 *
 *     step 33 of 36 failed: Action failed using following locators:
 *     1. XPATH=...
 *     screenshot: https://.../screenshot/0000
 *     32 of 36 steps passed, 3 not run
 *
 * The total comes from the two ratios: the smallest number of which both are whole counts; where that is
 * less than the highest number of a failed step, its smallest multiple that gives as many failed steps as
 * are listed. No total is stated when there is none.
 */
#ifndef REPORT_TESTPROJECT_STEPS_H
#define REPORT_TESTPROJECT_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "report/model.h"
#include "report/testproject_reader.h"

struct step_list {
    struct test_step *items; /* in the reader's scratch */
    size_t count;
    size_t capacity;
};

/* Errors: ERR_LIMIT for tests nested deeper than NESTED_TESTS_MAXIMUM, ERR_REPORT for an object that
 * should be a list. */
int steps_read(struct testproject_reader *reader, cJSON *list, struct step_list *steps);
/* The message of the first step that failed, or NULL. */
const char *steps_first_failure(const struct step_list *steps);
/* "step 4: message" of the failed steps behind the first, one below the other; NULL: none. */
const char *steps_further_failures(struct testproject_reader *reader, const struct step_list *steps);

struct failed_steps {
    const char *text;    /* for the note; NULL: none */
    const char *message; /* of the first */
    struct attachment *attachments;
    size_t attachment_count;
};

/* A ratio is a percentage, or negative when unknown. */
int failed_steps_read(struct testproject_reader *reader, cJSON *list, double pass_ratio, double fail_ratio,
                      struct failed_steps *ret);
/* 0: the ratios do not tell. */
int64_t failed_steps_total(double pass_ratio, double fail_ratio, int64_t highest_number, int64_t listed);

#endif
