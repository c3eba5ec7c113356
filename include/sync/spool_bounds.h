/* Bounds of the spool, kept only when the user asked for them: what is deleted here is lost for qTest.
 *
 *     spool_trim(folder, &bounds, newest, now_wall_ms, &told, &err);    // after spool_write, or before
 * sending
 *
 * By age first, then by size, oldest first. The newest entry is never deleted for the size of the spool, an
 * entry that another process is sending never at all, and neither is one that was set aside.
 */
#ifndef SYNC_SPOOL_BOUNDS_H
#define SYNC_SPOOL_BOUNDS_H

#include <stdint.h>

#include "base/error.h"
#include "report/model.h"

struct spool_bounds {
    int64_t age_ms; /* 0: no bound */
    int64_t bytes;  /* of all entries together; 0: no bound */
};

/* newest: the name of the entry that was written just now, whatever the clock made of it; NULL: the last by
 * name. Adds a sentence to told for each entry that was deleted or found damaged. Errors: ERR_IO. */
int spool_trim(const char *folder, const struct spool_bounds *bounds, const char *newest, int64_t now_wall_ms,
               struct text_list *told, struct error *err);

#endif
