/* A model of qTest in memory, for running the sync engine against it: deterministic, without a clock of
 * its own and without I/O. It keeps to qtest-api.md sections 2 to 6 and to the switches of section 10.
 *
 *     model_init(&model);
 *     model_reset(&model, &switches, seed);             // empty project; for each schedule
 *     model_advance(&model, now_ms);                    // the queue works up to this instant
 *     model_answer(&model, request, &reply, now_ms);    // does what the request asks, and says so
 *     model_release(&model);
 *
 * Time is virtual milliseconds from 0 and must not go back; the server's wall clock is
 * MODEL_EPOCH_MS later. Texts live in the model's arena until the next reset. The uploader's code is
 * not used but for HTTP values, JSON, and date texts.
 */
#ifndef SIMULATION_MODEL_H
#define SIMULATION_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"
#include "qtest/http.h"
#include "random.h"
#include "switches.h"

/* 2026-03-02T08:00:00Z */
#define MODEL_EPOCH_MS     1772438400000LL
#define MODEL_PROJECT_ID   77
#define MODEL_PROJECT_NAME "Demo"
#define MODEL_NEVER        INT64_MAX

enum place { PLACE_ROOT, PLACE_RELEASE, PLACE_CYCLE };
enum node_kind { NODE_RELEASE, NODE_CYCLE, NODE_SUITE, NODE_MODULE, NODE_KINDS };

/* A release, cycle, suite or module. */
struct model_node {
    int64_t id;
    int by; /* the uploader that made it */
    enum node_kind kind;
    enum place place; /* what parent_id is; modules: always PLACE_ROOT, their parent is a module or 0 */
    int64_t parent_id;
    const char *name;
    int64_t created_ms;
    int64_t modified_ms;
    int64_t modified_before_ms; /* shown until the lists know better */
    int64_t listed_ms;          /* from when lists show it */
    int64_t searched_ms;        /* from when searches show it */
    int64_t deleted_ms;         /* MODEL_NEVER: is there */
    bool users;                 /* made by somebody else, to be left alone */
};

struct model_step {
    const char *description;
    const char *expected;
};

struct model_case {
    int64_t id;
    int64_t module_id;
    const char *name;
    const char *description;
    const char *content; /* automation content */
    int64_t version;     /* times 10: 10 is "1.0" */
    const struct model_step *steps;
    size_t step_count;
    int64_t listed_ms;
    int64_t searched_ms;
    bool users;
};

struct model_run {
    int64_t id;
    int64_t case_id;
    int64_t suite_id;
    const char *name;
    int64_t listed_ms;
    int64_t searched_ms;
};

struct model_log {
    int64_t id;
    int64_t run_id;
    const char *note;
    const char *status; /* the word as it was sent */
    const char *build_number;
    int64_t start_ms; /* wall clock */
    int64_t end_ms;
    int64_t first_start_ms; /* before any correction */
    int64_t listed_ms;
    int64_t searched_ms;
    int64_t written_ms;
    int by; /* uploader */
};

/* A log of a submission, before it is in. */
struct model_entry {
    const char *name;
    const char *content;
    const char *status;
    const char *note;
    const char *build_number;
    int64_t start_ms;
    int64_t end_ms;
    const struct model_step *steps;
    size_t step_count;
    bool bad;             /* not wanted, for whatever reason */
    bool unmapped;        /* not wanted for its status word */
    bool new_when_looked; /* its case was missing when the job began */
};

enum model_job_state { MODEL_JOB_WAITING, MODEL_JOB_RUNNING, MODEL_JOB_SUCCESS, MODEL_JOB_FAILED };

struct model_job {
    int64_t id;
    int64_t suite_id;
    int64_t module_id; /* 0: the root's "Automation" */
    struct model_entry *entries;
    size_t count;
    int64_t begin_ms;
    int64_t end_ms;  /* MODEL_NEVER: it is stuck */
    int64_t gone_ms; /* then nobody knows of it any more; MODEL_NEVER: as long as others of its kind */
    enum model_job_state state;
    bool fails; /* for no reason of the submission's own */
    const char *message;
    int64_t total_logs;
    int by; /* uploader */
};

/* What befalls the next submission; set by the scheduler, taken back by model_answer. */
struct model_job_plan {
    int64_t queue_ms;
    int64_t work_ms;
    bool fails;
    bool stuck;
    int by; /* uploader */
};

struct model {
    struct model_switches switches;
    struct rng random;
    struct arena texts;
    int64_t now_ms;
    int64_t next_id;
    struct model_node *nodes;
    size_t node_count, node_capacity;
    struct model_case *cases;
    size_t case_count, case_capacity;
    struct model_run *runs;
    size_t run_count, run_capacity;
    struct model_log *logs;
    size_t log_count, log_capacity;
    struct model_job *jobs;
    size_t job_count, job_capacity;
    struct model_job_plan plan;
    int64_t date_of_ms; /* of date below */
    char date[TIME_TEXT_SIZE];
    const char *alien; /* the first request that no real qTest would have understood, NULL: none */
    int64_t minute;    /* of the server's clock, and the requests in it */
    int64_t minute_used;
    int64_t throttled; /* requests beyond the minute's limit */
    int64_t writes;    /* requests that change something, but for claims */
    int64_t updates;   /* of them those that update or approve a case */
    int64_t updated;   /* the case that the last request updated, 0: none */
    int64_t claims;    /* requests that make a suite at the root */
};

void model_init(struct model *model);
void model_release(struct model *model);
void model_reset(struct model *model, const struct model_switches *switches, uint64_t seed);
void model_advance(struct model *model, int64_t now_ms);
/* reply is initialised by this; the caller releases it. */
void model_answer(struct model *model, const struct request *request, struct reply *reply, int64_t now_ms);
/* When the queue changes next, MODEL_NEVER: not by itself. */
int64_t model_next_event_ms(const struct model *model);

/* For setting the scene and for checking. */
struct model_node *model_add_node(struct model *model, enum node_kind kind, enum place place,
                                  int64_t parent_id, const char *name);
struct model_case *model_add_case(struct model *model, int64_t module_id, const char *name,
                                  const char *content);
struct model_node *model_node_by_id(const struct model *model, enum node_kind kind, int64_t id);
struct model_run *model_run_by_id(const struct model *model, int64_t id);
struct model_case *model_case_by_id(const struct model *model, int64_t id);
bool model_node_there(const struct model_node *node);

#endif
