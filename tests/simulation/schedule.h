/* One schedule: up to four uploaders against the model, in virtual time, with the faults that the seed
 * draws, until nobody has anything left to do; then everything is checked.
 *
 *     simulation_init(&simulation);
 *     simulation_run(&simulation, &config, &result);
 *     if (result.violation) ...
 *     result_release(&result);
 *     simulation_release(&simulation);
 *
 * Each request becomes three events: it is sent, the work is done, the answer arrives. An uploader that
 * dies leaves its requests behind: they may still be done. Uploaders that ended without everything in,
 * or died, are started again until a run ends well; from the fifth run on nothing more goes wrong.
 */
#ifndef SIMULATION_SCHEDULE_H
#define SIMULATION_SCHEDULE_H

#include "faults.h"
#include "machine.h"
#include "model.h"
#include "scenario.h"
#include "sync/engine.h"
#include "sync/identity.h"
#include "trace.h"

#define SETTLE_MS      120000
#define RUNS_MAX       9
#define RUNS_FAULTY    4
#define SIMULATION_END (96 * 3600000LL)

struct flight {
    int uploader;
    int run;
    int64_t id;
    const struct request *request; /* the engine's, until it was answered */
    struct request *orphan;        /* its copy, once the uploader is dead */
    struct fault fault;
    struct reply reply;
    int64_t work_ms;   /* MODEL_NEVER: done already, or never */
    int64_t answer_ms; /* MODEL_NEVER: nobody waits for it */
};

/* A result; a log that stands for it must be there in the end, once. */
struct expected {
    uint64_t execution[IDENTITY_OWN]; /* marks of its execution, by its own key and by weaker ones; 0: none */
    uint64_t own[IDENTITY_OWN];       /* marks of the result itself, where it has a start */
    bool named;                       /* its execution is */
    bool place_named;                 /* and so is the job: what stands in another cycle does not count */
    const char *job;
    uint64_t content; /* desired_content_hash */
    uint64_t test;    /* the same of what the test has without an id */
    const char *suite;
    int64_t start_ms; /* as the report has it, TIME_NONE: nothing */
    bool longer;      /* the report was saved again, later */
    bool altered;     /* so it was, but its times are not exact: they make it no later one */
    enum result_status status;
    const char *word;   /* of the result that counts in its upload */
    const char *folder; /* NULL: the root module itself */
    int design;         /* of its test case, NO_DESIGN: nothing is said of it */
    bool gone;          /* the user deleted it since */
    bool doubtful;      /* one of its log is unwanted, and what is in qTest already may part them */
    bool unwanted;      /* the server takes it in no form: it must not be there */
};

/* What the executions of one run have come to so far. */
struct run_end {
    bool well;
    bool case_left;
    bool uncertain;
};

struct uploader {
    struct upload upload;
    size_t execution;      /* of it, that is going in */
    struct engine *engine; /* of that one; NULL: not running */
    struct expected expected[RESULTS_MAX];
    size_t expected_count;
    int run;          /* how many-th, from 1 */
    int engines;      /* over all runs */
    int requests;     /* of this run */
    int64_t start_ms; /* MODEL_NEVER: not to be started (again) */
    int64_t wake_ms;
    int64_t kill_ms;
    int64_t restart_ms; /* after the kill */
    bool kill_fresh;
    bool kill_softly; /* by a signal */
    bool stopped;     /* this run was, by one */
    int64_t began_ms;
    struct run_end end; /* of this run */
    bool done; /* a run ended with everything in */
    bool faulty_run;
    bool repeat;           /* this run is one too many: it must change nothing */
    bool case_left;        /* but a test case that the last run did not update: it said so, or was stopped */
    bool uncertain;        /* it ended well but for a result that the server takes in no form */
    int64_t writes_before; /* of the model */
    int64_t updates_before;
    int64_t claims_before;
};

/* Over all schedules. */
struct simulation_counts {
    int64_t requests;
    int64_t runs;
    int64_t faults[FAULT_KINDS];
};

struct simulation {
    struct sim_config config;
    struct scenario scenario;
    struct model model;
    struct uploader uploaders[UPLOADERS_MAX];
    struct machine machines[UPLOADERS_MAX][NIGHTS_MAX]; /* by uploader: a journal for each execution */
    struct flight *flights;
    size_t flight_count;
    size_t flight_capacity;
    int64_t now_ms;
    int64_t outage_until_ms;
    bool module_moved;     /* by the user */
    int64_t moved_case_id; /* by the user too; 0: none */
    bool repeat_soon;      /* the repeat comes at once, from a machine that knows nothing of the upload */
    struct trace trace;
    char *violation;
    uint64_t faults[FAULTS_MAX]; /* that happened */
    size_t fault_count;
    struct simulation_counts counts;
};

struct sim_outcome {
    char *violation; /* NULL: none */
    uint64_t faults[FAULTS_MAX];
    size_t fault_count;
};

void simulation_init(struct simulation *sim);
void simulation_release(struct simulation *sim);
/* violation of ret is the caller's. */
void simulation_run(struct simulation *sim, const struct sim_config *config, struct sim_outcome *ret);
/* The first one counts. */
void simulation_violation(struct simulation *sim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* user_acts.c: moves or deletes something of what the uploads made. */
void user_act(struct simulation *sim);

/* uploader.c */
void uploader_start(struct simulation *sim, int number);
/* What its machine remembers of earlier runs. */
void uploader_forget(struct simulation *sim, int number);
/* Asks the engine until it waits or is done. */
void uploader_step(struct simulation *sim, int number);
/* Or stops it, as a signal does. */
void uploader_kill(struct simulation *sim, int number);
void uploader_drop(struct uploader *uploader);

/* flight.c */
void flight_begin(struct simulation *sim, int number, const struct request *request, int64_t id);
void flight_work(struct simulation *sim, size_t at);
void flight_answer(struct simulation *sim, size_t at);
void flight_release(struct flight *flight);
/* Those of a dead uploader live on by themselves. */
void flights_orphan(struct simulation *sim, int number);

#endif
