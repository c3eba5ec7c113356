/* Shared by the files that build the desired state. */
#ifndef SYNC_DESIRED_PRIVATE_H
#define SYNC_DESIRED_PRIVATE_H

#include "sync/desired.h"

/* Merges repeats as the options say, then numbers equals and layers; needs case and target of each entry. */
void desired_order(struct desired *desired);

/* Passed is better than skipped, and failed and error are the worst. */
int desired_badness(const struct store_entry *entry);

/* Makes the markers; results that share one are merged. Errors: as store_read. */
int desired_mark_entries(struct desired *desired, struct error *err);

/* The weaker keys of a new case, from its first result; sorted when all cases are there. */
void desired_add_weaker(struct desired *desired, const struct test_result *result, uint32_t case_number);
void desired_sort_weaker(struct desired *desired);

#endif
