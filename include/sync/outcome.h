/* What an upload did, or what a plan would do, for the person, the pipeline and the exit code.
 *
 * Every result that was read ends in exactly one of the five sums:
 * read = confirmed + present + refused + spooled + skipped. In the outcome of a plan `confirmed` counts
 * what an upload would add, and the objects that do not exist yet have the id 0.
 */
#ifndef SYNC_OUTCOME_H
#define SYNC_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sync_counts {
    int64_t read;
    int64_t confirmed; /* seen in qTest, or in a job whose totals account for it */
    int64_t present;   /* was there already */
    int64_t refused;   /* qTest said no, with its reason */
    int64_t spooled;   /* kept for later */
    int64_t skipped;   /* by the user's choice */
};

/* A cycle or suite as qTest shows it; id 0: does not exist (yet). */
struct sync_object {
    int64_t id;
    char *pid;
    char *name;
    char *url; /* NULL: the server gave none */
    int64_t results;
};

struct sync_problem {
    enum error_code code;
    char *text;      /* one sentence */
    int64_t results; /* how many results it concerns, 0: none in particular */
};

enum sync_status {
    SYNC_STATUS_DONE,      /* every result confirmed or present */
    SYNC_STATUS_PLANNED,   /* plan only */
    SYNC_STATUS_REFUSED,   /* qTest refused some */
    SYNC_STATUS_SPOOLED,   /* some are kept for later */
    SYNC_STATUS_UNCERTAIN, /* accepted, outcome not known */
    SYNC_STATUS_FAILED,    /* stopped before anything was written */
    SYNC_STATUS_OFF,       /* the integration is turned off */
};

struct sync_outcome {
    enum sync_status status;
    struct sync_counts counts;
    int64_t requests;   /* all requests sent */
    int64_t polls;      /* those of them that only asked for a job's state */
    int64_t project_id; /* 0: it was not even resolved */
    struct sync_object cycle;
    struct sync_object *suites;
    size_t suite_count;
    struct sync_problem *problems;
    size_t problem_count;
    size_t problem_capacity;
    char **actions; /* plan: one sentence for each write, in order */
    size_t action_count;
    size_t action_capacity;
    struct error error; /* what stopped it, when something did */
};

#define SYNC_OUTCOME_INIT                                                                                    \
    {                                                                                                        \
        .status = SYNC_STATUS_FAILED                                                                         \
    }

const char *sync_status_name(enum sync_status status); /* "done", "planned", "refused", ... */
bool sync_counts_add_up(const struct sync_counts *counts);
void sync_outcome_problem(struct sync_outcome *outcome, enum error_code code, int64_t results,
                          const char *text);
void sync_outcome_action(struct sync_outcome *outcome, const char *text);
void sync_outcome_release(struct sync_outcome *outcome);

#endif
