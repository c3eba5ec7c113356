/* Does the model show what the reports say, each thing once? */
#ifndef SIMULATION_CHECK_H
#define SIMULATION_CHECK_H

#include "schedule.h"
#include "sync/outcome.h"

/* After each run of an uploader: the sum, and that what it calls confirmed or present is there. */
void check_run(struct simulation *sim, int number, const struct sync_outcome *outcome);
/* check_design.c: when a request of this uploader has updated a case. */
void check_update(struct simulation *sim, int number, int64_t case_id);
/* A claim is there that nobody may leave. */
bool check_claim_left(const struct simulation *sim);
/* After everything: every desired object once, no claim left, nothing of the user's touched. */
void check_all(struct simulation *sim);

/* For the files of it. */
void check_design(struct simulation *sim, const struct model_case *test_case);
bool check_stands_for(const struct model_log *log, const struct expected *expected);
/* Logs that stand for this result; where some name it, those alone: the rest of its execution has its own. */
int64_t check_logs_of(const struct model *model, const struct expected *expected);
/* What a case has of its test, whatever its content. */
uint64_t check_test_of(const struct simulation *sim, const struct model_case *test_case);
/* The same result of one execution. */
bool check_same(const struct expected *a, const struct expected *b);

#endif
