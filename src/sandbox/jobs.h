/* The queue behind endpoints A and B (docs/qtest-api.md 3.7).
 *
 * A job is a row that holds the body as it was sent. It walks IN_WAITING, PENDING, IN_PROCESSING in --job-ms,
 * then one transaction writes its results together with its end state, SUCCESS or FAILED. A sandbox that is
 * killed in between finds the row at its next start and does the job then: every accepted job is there whole
 * or not yet.
 */
#ifndef SANDBOX_JOBS_H
#define SANDBOX_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct sandbox;

/* Under the lock and in the request's transaction. */
int64_t jobs_queue(struct sandbox *sb, int64_t project, bool by_modules, bool escape_xml,
                   const struct buf *body, int64_t now_ms);

struct job_view {
    const char *state;  /* NULL: no such job, or its time is over (switch 18) */
    char *content_type; /* NULL as long as it runs */
    char *content;
};
struct job_view jobs_view(struct sandbox *sb, int64_t id, int64_t now_ms);
void job_view_release(struct job_view *view);

/* The worker's thread function; ends when sb->ending is set. */
void *jobs_work(void *sandbox);

#endif
