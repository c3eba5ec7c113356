/* Shared by the files that build the desired state. */
#ifndef SYNC_DESIRED_PRIVATE_H
#define SYNC_DESIRED_PRIVATE_H

#include "sync/desired.h"

/* Merges repeats as the options say, then numbers equals and layers; needs case and target of each entry. */
void desired_order(struct desired *desired);

#endif
