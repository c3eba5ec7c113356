/* TestProject's JUnit model as JSON, as releases before 0.62 may have sent it (docs/formats.md 2.7): {Name,
 * Tests, Failures, Time, Error, Properties, TestCases: [{Name, Time, Result, Error, Failures: [{Message,
 * Type}]}]}. Time is in seconds. The suite's name is the target ("Chrome 80.0.3987.149.Tests") or else the
 * job.
 */
#ifndef REPORT_TESTPROJECT_JUNIT_H
#define REPORT_TESTPROJECT_JUNIT_H

#include "report/testproject_leaf.h"
#include "report/testproject_rows.h"

/* Error, else Failures, else the word in Result; nothing of the three is passed, as in JUnit itself. */
int junit_case_add(struct testproject_reader *reader, const struct leaf *leaf, struct results *results);
/* The target in a suite's name, in the reader's scratch; NULL when it is none. */
const char *junit_suite_target(struct testproject_reader *reader, const char *suite_name);

#endif
