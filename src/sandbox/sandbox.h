/* The whole sandbox without its HTTP server: a request goes in, an answer comes out.
 *
 *     struct sandbox *sb;
 *     sandbox_new(&sb, &settings, &err);
 *     sandbox_start_jobs(sb);              // the worker that runs the queue
 *     sandbox_handle(sb, &request, &answer);
 *     sandbox_free(sb);                    // stops the worker
 *
 * sandbox_handle may be called by many threads at once; it sleeps for nothing (answer->delay_ms is the
 * caller's to keep). Everything that it reads and writes is under one lock, a request that changes something
 * is one transaction.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sandbox/switches.h"

struct answer;
struct error;
struct fault_rule;
struct faults;
struct request;
struct store;

struct sandbox_settings {
    const char *db;              /* a file, or ":memory:" */
    const char *token;           /* the long-lived token */
    const char *const *projects; /* NAME or NAME:automation=off */
    int project_count;
    const char *faults_file; /* NULL: none */
    int64_t latency_ms;
    int64_t job_ms;
    struct switches switches; /* taken over */
};

struct sandbox {
    struct store *store;
    struct switches switches;
    struct faults *faults; /* NULL: none */
    char *token;
    int64_t latency_ms, job_ms;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* a job was queued, or the end has come */
    pthread_t worker;
    bool worker_runs;
    bool ending;
    int64_t last_now_ms;                     /* time never goes back */
    int64_t objects_made;                    /* for switch 23 */
    int64_t submissions;                     /* for switch 14 */
    int64_t minute_started_ms, minute_calls; /* for the rate limit */
    char month[8];                           /* "2026-01" */
    int64_t month_calls;
};

/* Opens the database and makes the projects that it does not hold yet. ERR_IO, ERR_USAGE (faults file). */
int sandbox_new(struct sandbox **ret_sandbox, struct sandbox_settings *settings, struct error *err);
void sandbox_start_jobs(struct sandbox *sb);
/* Wakes everything that sleeps in sandbox_pause() and ends the worker. */
void sandbox_end(struct sandbox *sb);
void sandbox_free(struct sandbox *sb); /* includes sandbox_end */

void sandbox_handle(struct sandbox *sb, const struct request *rq, struct answer *an);
/* The fault rule that strikes this request, counted; NULL: none. To be asked once, before the body is read.
 */
const struct fault_rule *sandbox_match_fault(struct sandbox *sb, const char *method, const char *target);
/* Sleeps, or returns at once when the end has come. Not under the lock. */
void sandbox_pause(struct sandbox *sb, int64_t ms);
/* The time of the sandbox, under the lock. */
int64_t sandbox_now_ms(struct sandbox *sb);

#endif
