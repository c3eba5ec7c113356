/* Doing one queued job: its writes and its end state in one transaction. */
#ifndef SANDBOX_JOB_RUN_H
#define SANDBOX_JOB_RUN_H

#include <stdint.h>

struct sandbox;

enum job_state { JOB_OPEN = 0, JOB_SUCCESS = 1, JOB_FAILED = 2 };

/* Under the lock, outside any transaction. */
void job_run(struct sandbox *sb, int64_t id);

#endif
