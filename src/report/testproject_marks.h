/* What makes a JSON text a report of TestProject: it holds at least two different marks of it, that is
 * names of its formats (docs/formats.md 2.2, 2.3, 2.7) which others do not use for the same. The shape alone
 * (a list of tests with names, statuses and durations) is everybody's.
 *
 * Some of the names are words that others use as well ("agent", "result"): two of those are not enough, they
 * only go with one that is TestProject's own.
 *
 * Marks are taken from the reports, the tests and their targets while they are read; once there are enough,
 * no name is looked at any more. Names of one matter (start and end; the three counts) are one mark, since
 * who has one has the other.
 *
 * The rule of the decision, at the end of the text or at the first error:
 *   enough marks                          TestProject's; errors stand as they are
 *   fewer, and the names fit a row of report/foreign.h    that format, ERR_FOREIGN
 *   fewer, but enough with the names behind an error      the error stands
 *   fewer, no JSON somewhere, with any of them      a damaged report; the error stands
 *   without any test, and any of them     a report without tests, ERR_EMPTY
 *   no name at all ("[]")                 the same, but with meta->foreign: among others it may lie
 *   else                                  JSON of an unknown kind, ERR_FOREIGN
 */
#ifndef REPORT_TESTPROJECT_MARKS_H
#define REPORT_TESTPROJECT_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "report/testproject_fields.h"

struct testproject_reader;

/* Takes the mark of a member of the root, a test, a target or a case of JUnit's model, if it is one; written
 * is its name as the file has it. */
void marks_take(struct testproject_reader *reader, enum field_context context, int row, const char *written);
/* The text is TestProject's for a reason that no name tells, such as a link to its service. */
void marks_suffice(struct testproject_reader *reader);
bool marks_enough(const struct testproject_reader *reader);

/* The end of reading with rc: rc, or the refusal of a foreign file. beginning is of the decoded text. */
int marks_judge(struct testproject_reader *reader, const char *beginning, size_t size, int rc);

#endif
