/* The texts of a test step in qTest. Step texts are HTML there (qtest-api.md 4.6):
 * & < > are escaped and lines end in <br/>; "[~name]", qTest's parameter syntax (3.5), never arises from
 * what a test printed. All results are the caller's to free. */
#ifndef SYNC_STEP_TEXT_H
#define SYNC_STEP_TEXT_H

#include "report/model.h"

struct buf;

/* Any text as the HTML of a step or description, appended. */
void html_text_put(struct buf *out, const char *text);

/* The design: path of nested tests, description with parameters unresolved, then the lines "Comments:",
 * "Failure behavior:", "Screenshot:" and "Timeout:" where known. */
char *step_design_text(const struct test_step *step);
/* The report's own, else "Pass", or "Fail" when the step's result is inverted. */
char *step_expected_text(const struct test_step *step);
/* What was done with values filled in, inputs and outputs, and the message. */
char *step_actual_text(const struct test_step *step);

#endif
