/* A check that cannot fail is worth nothing: mistakes are put in, and must be found. */
#ifndef SIMULATION_SELF_TEST_H
#define SIMULATION_SELF_TEST_H

#include "schedule.h"

/* Prints TAP; returns how many tests failed. */
int self_test(struct simulation *sim, const struct sim_config *config);

#endif
