/* The design of a test case: its description and steps, from a result's point of view.
 *
 * Texts are compared as a person reads them: entities resolved, line ends for <br>, other tags gone, runs
 * of white space as one blank, since servers store and return HTML in forms of their own.
 */
#ifndef SYNC_DESIGN_H
#define SYNC_DESIGN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"
#include "report/model.h"

/* The report carries something of the design: full steps, a description, or the application tested. */
bool design_known(const struct test_result *result);
/* test_case: as a search with appendTestSteps, or getTestCase, gives it. What the report does not carry is
 * not compared: without steps of its own those in qTest stay. */
bool design_equals(const struct test_result *result, const cJSON *test_case);
/* The body of updateTestCase. name: the one the case has; it stays. */
void design_body(const struct test_result *result, const char *name, struct buf *out);
/* Application or URL tested, then the test's description; HTML. The caller frees. */
char *design_description(const struct test_result *result);
/* HTML as a person reads it. The caller frees. */
char *design_plain_text(const char *html);

#endif
