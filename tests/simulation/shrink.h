/* Makes a failing schedule small: fewer uploaders, results, faults and odd switches, as long as
 * something is still violated. */
#ifndef SIMULATION_SHRINK_H
#define SIMULATION_SHRINK_H

#include "schedule.h"

/* config fails; it becomes the smallest that still does. Returns how many schedules it ran. */
int64_t shrink(struct simulation *sim, struct sim_config *config);
/* The options that replay it, after "simulate ". The caller frees. */
char *shrink_command(const struct sim_config *config);

#endif
