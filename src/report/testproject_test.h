/* One test of a TestProject report, and the results it gives: one for each target.
 *
 * Data rows and re-runs ("iterations"): a report that states the final
 * result is believed.
 *
 *   - The target states a result (or the test does, and it is its only target, or the stated result is
 *     Passed): one result with that status and final_stated. Its steps, message and screenshots are those
 *     of the first row that ended so, else of the first row; its steps' design texts are the first row's.
 *     details lists every row with its data, status and message. Passed over a failed row is a flaky pass
 *     (flaky, rerun_count = the failed rows), never a failure.
 *   - Nobody states a result: one result for each row, with iteration (from 1) and iteration_label.
 *
 * A result's status is, in this order: its own word or bool; the test's, when that is Passed; its
 * passRatio (100 is passed, less is failed unless the job says Passed); failed when it lists failed
 * steps; the test's word, then its ratio; else skipped with a warning, never passed.
 *
 * Start and end: the target's own, else the test's, else the job's; a missing end (year 1 too) is start and
 * duration. What the job says may stand behind the tests: such a test is asked for again when it is
 * known (TEST_WAITS).
 *
 * A test without a name is an error, so that nothing is lost in silence; --salvage leaves such tests out,
 * names the first few, counts all and marks the report incomplete. Tests of one name are handed on one by
 * one: the store tells them apart by their order.
 */
#ifndef REPORT_TESTPROJECT_TEST_H
#define REPORT_TESTPROJECT_TEST_H

#include <cjson/cJSON.h>

#include "report/testproject_reader.h"

/* A member of the root is needed that has not come yet; nothing was handed on. */
#define TEST_WAITS 1

/* Hands the results to the sink. The reader's place is the test. Returns 0, TEST_WAITS or a negative
 * code. */
int testproject_test(struct testproject_reader *reader, cJSON *test);

#endif
