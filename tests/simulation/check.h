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
bool check_stands_for(const struct model_log *log, const struct expected *expected);
/* Logs that stand for this result; where some name it, those alone: the rest of its execution has its own. */
int64_t check_logs_of(const struct model *model, const struct expected *expected);
/* The same result of one execution. */
bool check_same(const struct expected *a, const struct expected *b);

#endif
