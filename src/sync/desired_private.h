/* Shared by the files that build the desired state. */
#ifndef SYNC_DESIRED_PRIVATE_H
#define SYNC_DESIRED_PRIVATE_H

#include "sync/desired.h"

/* Merges what shares a log; needs case and target of each entry. Errors: as store_read. */
int desired_order(struct desired *desired, struct error *err);

/* Of these results, in the order of their starts, one leads the others. */
int desired_lead(struct desired *desired, const uint32_t *group, size_t count, struct error *err);

/* Makes the markers. Errors: as store_read. */
int desired_mark_entries(struct desired *desired, struct error *err);

/* From now on its marker is that of what this one leads. */
void desired_set_leader_of_marker(struct desired *desired, uint32_t leader);

#endif
