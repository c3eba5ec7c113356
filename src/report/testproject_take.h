/* One value after another out of the read window: parsed, and when it is a test, read or kept until the
 * root says what it needs to know. */
#ifndef REPORT_TESTPROJECT_TAKE_H
#define REPORT_TESTPROJECT_TAKE_H

#include <stdint.h>

#include <cjson/cJSON.h>

#include "report/testproject_reader.h"

/* The caller frees *ret_value. Errors: ERR_REPORT with the line and offset of what is no JSON. */
int take_value(struct testproject_reader *reader, struct json_span *span, cJSON **ret_value);
/* A test of the list; the reader's place is the item. It is read at once, unless it waits for a member
 * of the root or stands behind one that does: the order of the file is kept. */
int take_test(struct testproject_reader *reader, struct json_span *span, int64_t item);
/* Reads the tests that were kept. The reader's place is the list. */
int take_held(struct testproject_reader *reader);
/* With --salvage: an error that is damage becomes a warning, and the report incomplete. Returns rc in
 * all other cases. */
int take_forgive(struct testproject_reader *reader, int rc);

#endif
