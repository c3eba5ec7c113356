/* The root of a TestProject report: its members are kept as they come, and become the report_meta when the
 * root has ended, since they may stand before or after the tests. */
#ifndef REPORT_TESTPROJECT_ROOT_H
#define REPORT_TESTPROJECT_ROOT_H

#include <cjson/cJSON.h>

#include "report/testproject_reader.h"

void root_release(struct testproject_root *root);
/* Takes the value, of the member called key; row may be FIELD_UNKNOWN. */
int root_put(struct testproject_reader *reader, struct testproject_root *root, int row, const char *key,
             cJSON *value);
/* What the member of that name is by the table: a list of tests, or something that may wrap a report. */
bool root_row_is_tests(int row);
bool root_row_may_wrap(int row);

/* Moves what the root says into the meta; a second report of the same file must be the same execution. */
int root_finish(struct testproject_reader *reader, struct testproject_root *root);
/* A root without tests: says what it is instead, and how to get a report. Always an error. */
int root_refuse(struct testproject_reader *reader, const struct testproject_root *root);

/* The execution's and the job's id in a report link; NULL when it has none. The caller frees. */
char *link_execution_id(const char *url);
char *link_job_id(const char *url);

#endif
