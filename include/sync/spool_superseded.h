/* Entries of the spool that a newer report of the same execution contradicts: sent later, they would turn
 * back in qTest what the newer one made of it.
 *
 *     ... everything of desired is in qTest ...
 *     spool_set_aside_superseded(folder, &newer, &told, &err);
 *
 * An entry is superseded when it is older, goes to the same site, project and job, each of its results is one
 * of the newer results (by log marker) and some status differs. It is renamed to "<name>.superseded" under
 * its lock, never deleted. One whose statuses all agree stays, and so does one that only partly overlaps:
 * what else it holds is in no other place.
 */
#ifndef SYNC_SPOOL_SUPERSEDED_H
#define SYNC_SPOOL_SUPERSEDED_H

#include <stdint.h>

#include "base/error.h"
#include "report/model.h"
#include "sync/desired.h"

/* What has gone in. All borrowed. */
struct spool_newer {
    const char *site;
    int64_t project_id;
    const char *named_project; /* as the user named it: an entry may know no more */
    const struct desired *desired;
    int64_t made_ms; /* entries from before this instant are older */
};

/* Adds a sentence to told for each entry that was set aside, and for each that should have been but is in
 * other hands. An entry that cannot be read is left for flush, which says so. A folder that is not there
 * costs nothing. Errors: as spool_list_read. */
int spool_set_aside_superseded(const char *folder, const struct spool_newer *newer, struct text_list *told,
                               struct error *err);

#endif
