/* Does the model show what the reports say, each thing once? */
#ifndef SIMULATION_CHECK_H
#define SIMULATION_CHECK_H

#include "schedule.h"
#include "sync/outcome.h"

/* After each run of an uploader: the sum, and that what it calls confirmed or present is there. */
void check_run(struct simulation *sim, int number, const struct sync_outcome *outcome);
/* A claim is there that nobody may leave. */
bool check_claim_left(const struct simulation *sim);
/* After everything: every desired object once, no claim left, nothing of the user's touched. */
void check_all(struct simulation *sim);

/* For the two files of it. */
bool check_has_mark(const struct model_log *log, uint64_t marker);
int64_t check_logs_with(const struct model *model, uint64_t marker);

#endif
