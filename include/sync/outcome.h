/* What an upload did, or what a plan would do, for the person, the pipeline and the exit code.
 *
 * Every result that was read ends in exactly one of the five sums:
 * read = confirmed + present + refused + spooled + skipped. In the outcome of a plan `confirmed` counts
 * what an upload would add, and the objects that do not exist yet have the id 0.
 *
 * The executions of one command (sync/executions.h) have an outcome each; joined, they say everything once.
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

/* What a sentence counts, so that two of the same kind can become one. */
struct sync_count {
    char *pattern; /* the sentence with "{}" where the count stands; NULL: it counts nothing */
    int64_t count;
    const char *one; /* "result is", as for text_counted; static */
    const char *many;
};

struct sync_problem {
    enum error_code code;
    char *text;      /* one sentence */
    int64_t results; /* how many results it concerns, 0: none in particular */
    struct sync_count counted;
};

struct sync_action {
    char *text; /* one sentence */
    struct sync_count counted;
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
    struct sync_action *actions; /* plan: each write, in order */
    size_t action_count;
    size_t action_capacity;
    uint64_t *new_cases; /* plan: hashes of the contents of the cases that it would make */
    size_t new_case_count;
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
/* The same with a count in the sentence: count.pattern is copied. */
void sync_outcome_counted_problem(struct sync_outcome *outcome, enum error_code code, int64_t results,
                                  const struct sync_count *count);
void sync_outcome_counted_action(struct sync_outcome *outcome, const struct sync_count *count);
/* Counts so many more, and says so. */
void sync_count_add(char **text, struct sync_count *count, int64_t more);
#define SYNC_ACTION_CASES "create {}" /* for new_cases */
/* Adds what the next execution of the same command came to, which is released: sums are added up, sentences,
 * places and new cases stand once, the worst status and the first error stay. */
void sync_outcome_join(struct sync_outcome *outcome, struct sync_outcome *next);
void sync_outcome_release(struct sync_outcome *outcome);

#endif
