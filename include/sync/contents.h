/* Automation contents after a pattern of the user's: do they tell the tests of an upload apart? */
#ifndef SYNC_CONTENTS_H
#define SYNC_CONTENTS_H

#include "base/error.h"
#include "report/store.h"

/* Before anything is sent: a pattern (sync/content_template.h; NULL: none, nothing to check) that gives
 * different tests (tests with different case keys) one content, or a test none at all, would make them one
 * test case. Takes 24 bytes a result while it runs. Errors: ERR_USAGE, with two of the tests; as
 * store_read. */
int contents_check(struct store *store, const char *pattern, struct error *err);

#endif
