/* What the files of the engine share.
 *
 * The engine is a list of calls (queued, waiting for their time, or in flight) and a phase. A phase
 * begins by queueing calls; their replies may queue more; when none is left the next phase begins. So
 * whatever does not depend on each other goes out side by side by itself.
 */
#ifndef SYNC_ENGINE_PRIVATE_H
#define SYNC_ENGINE_PRIVATE_H

#include "bare_logs.h"
#include "canary.h"
#include "claim_state.h"
#include "listing_private.h"
#include "paging_private.h"
#include "qtest/calls.h"
#include "qtest/objects.h"
#include "sync/claim.h"
#include "sync/engine.h"

enum phase {
    PHASE_PROJECT,  /* resolve it */
    PHASE_RELEASE,  /* the one that --release names */
    PHASE_OBSERVE,  /* cycle, suites, known cases, logs */
    PHASE_ADOPTED,  /* logs once more, by the weaker keys of cases that were found so */
    PHASE_PLACE,    /* all is found: in our cycle, or in another one */
    PHASE_REMEMBER, /* the jobs that an earlier run left, where something is missing; then observe again */
    PHASE_CLAIM,    /* the right to go first */
    PHASE_CONFIRM,  /* absence, by lists */
    PHASE_PROVE,    /* what these show as newest, by a search that is fresh */
    PHASE_CYCLE,    /* create it, and the first level of modules */
    PHASE_SUITES,   /* create them, and the next level */
    PHASE_MODULES,  /* create the level after that; repeats until none is missing */
    PHASE_SUBMIT,   /* the next stage of batches, with their jobs; repeats until none is left */
    PHASE_SETTLE,   /* wait, then observe again */
    PHASE_CORRECT,  /* logs whose result has changed */
    PHASE_DESIGNS,  /* cases as they are now, with their steps */
    PHASE_AGES,     /* the runs of those that differ from the report */
    PHASE_LATER,    /* and the logs in these that are later than its own */
    PHASE_UPDATE,   /* unless a later execution stands against it */
    PHASE_UNCLAIM,  /* give the claim back */
    PHASE_DONE,
};

/* After an answer that does not tell whether something was done. */
#define UNCLEAR_SHORT_MS 3000
/* Rounds of observe, apply; those that change nothing any more, and all. */
#define IDLE_ROUNDS_MAX 3
#define ROUNDS_MAX      20
/* How often one result may go out without a word of refusal before it is left for later. */
#define SENDS_MAX 4
/* Splitting of refused batches, in POSTs. */
#define SPLITS_MAX 32
/* An unended job is asked for again after this, growing. */
#define POLL_FIRST_MS 50
#define POLL_MAX_MS   8000
/* Servers drop milliseconds of log dates: widen windows. */
#define WINDOW_SLACK_MS 2000

struct call;
typedef void (*reply_handler)(struct engine *engine, struct call *call, const struct reply *reply);

struct call {
    struct call *next;
    int64_t id;
    struct request *request;
    reply_handler on_reply;
    /* Makes the body just before it is first sent; NULL: it is made. False: the engine has failed. */
    bool (*prepare)(struct engine *engine, struct call *call);
    int64_t not_before_ms;
    int64_t sent_ms; /* when it last went out */
    int64_t number;  /* the handler's own: a page, suite, module, or batch */
    void *context;   /* the handler's own, freed with the call; NULL: none */
    int attempts;
    bool in_flight;
    bool poll;
    bool repeatable; /* a write that may go out again after an unclear answer: DELETE */
    bool is_beat;    /* goes before everything else */
    bool is_claim;   /* creates one: journalled by its owner */
    const char *why; /* what is waited for, when it waits; NULL: nothing to tell */
};

/* One POST to endpoint A and its job. */
struct batch {
    uint32_t *entries; /* numbers, owned */
    size_t count;
    uint32_t suite;
    uint32_t module; /* where new cases go; INTERN_NONE: all cases are known */
    int64_t call_id; /* of its POST, for the journal */
    int64_t job_id;
    int64_t poll_delay_ms;
};

/* A suite of the desired state as qTest has it. */
struct suite_state {
    struct qtest_node node; /* id 0: not there */
    struct listing listing; /* of its runs */
    bool runs_listed;       /* in this round */
    int64_t late_until_ms;  /* it may still be made: an unclear answer to its creation; 0: none */
    bool was_there;         /* it may hold runs: it was there before us, or somebody sent something to it */
};

/* A folder of the report. */
struct folder_state {
    int64_t module_id; /* where its new cases go; 0: not there, or not looked for yet */
    int64_t cases_in;  /* the module that most of its known cases are in; 0: none is known */
    uint32_t ahead;    /* of its other known cases, so many */
};

/* A module whose creation had an unclear answer: it may still be made. */
struct late_module {
    char *name;
    int64_t parent_id;
    int64_t until_ms;
};

/* A module that a request was told is not there. */
struct doubted_module {
    int64_t id;
    int64_t since_ms;
};

/* The status that a log shows, as far as its name tells. */
enum shown_status {
    SHOWN_PASSED,
    SHOWN_FAILED,
    SHOWN_INCOMPLETE,
    SHOWN_SKIPPED,
    SHOWN_BLOCKED,
    SHOWN_UNEXECUTED,
    SHOWN_UNKNOWN,
};

/* A log as a search or list shows it. One that came without a note is recognised by its run, its instant, and
 * its build number where there is one. */
struct seen_log {
    int64_t run_id;
    int64_t start_s;
    int64_t start_ms; /* TIME_NONE: not said */
    int64_t end_ms;
    int64_t log_id;
    enum shown_status shown;
    uint32_t
        execution; /* no note, and its build number is the execution id of this report; else INTERN_NONE */
    bool anothers; /* no note, and its build number is that of another execution */
    const struct log_marks *marks; /* those of its note, while it is read; NULL: none */
};

/* How qTest came not to take a batch, or a part of it. */
enum refusal {
    REFUSAL_AT_ONCE,  /* by the POST itself */
    REFUSAL_ALONE,    /* a single result, for itself, whatever its status word */
    REFUSAL_JOB,      /* its job failed, perhaps for a passing reason */
    REFUSAL_LEFT_OUT, /* its job ended well with fewer logs: what does not show was left out for itself */
    REFUSAL_VANISHED, /* its job is not known any more */
    REFUSAL_FILES,    /* a single result with files, which goes again without them */
};

/* A batch that qTest did not take, or not all of it. */
struct refused_batch {
    size_t size;
    bool mixed;     /* more than one status word in it */
    uint32_t words; /* a bit for each, by the first status that has it */
    enum refusal how;
};

/* What is known of a status word in this project. */
struct status_word {
    bool proved;     /* qTest has taken a result with it */
    int failed;      /* results with it that were refused for themselves */
    uint16_t reason; /* of the last of them */
    int probes;      /* results that went alone to find out */
    int probe_pass;  /* and when */
};

/* A case whose design in qTest is not the report's. */
struct design_change {
    uint32_t case_number;
    int64_t case_id;
    char *name;
    bool older; /* than what the case has from a later execution */
};

struct run_ids {
    int64_t *items;
    size_t count;
    size_t capacity;
};

/* A log that was found by its marks, in a run of which is not known yet whether it is in our cycle. */
struct found_log {
    int64_t run_id;
    uint32_t entry;
};

/* A log by whose run it is told where all stand. */
struct found_sample {
    int64_t log_id;
    int64_t run_id;
    uint32_t entry;
    int64_t suite_id; /* where its run is; 0: not known */
    int64_t cycle_id; /* and where that is, in the end */
};

struct found_places {
    struct found_log *logs; /* of the last look */
    size_t count;
    size_t capacity;
    struct found_sample samples[2]; /* the first and the last of them */
    struct run_ids ours;            /* of our suites, as they were last listed */
    struct run_ids others;          /* sorted: found, and not in our suites */
    bool lists_tell;                /* two runs do not speak for all that was found */
};

struct design_run {
    int64_t run_id;
    int64_t case_id;
};

struct engine {
    struct desired *desired;
    struct engine_options options;
    int64_t deadline_ms;
    int64_t started_ms;
    int64_t now_ms; /* of the step or answer being handled */
    uint64_t random;

    struct call *calls;
    struct call *given_up; /* still in flight, and their answers no longer wanted */
    int64_t next_id;
    int64_t in_flight;
    int64_t throttled_until_ms;
    int64_t month_left;      /* -1: not said */
    bool heard;              /* the site has answered something */
    char *last_trouble;      /* what kept a call from its answer; NULL: nothing yet */
    int64_t settle_until_ms; /* nothing but signs of life goes out before */
    enum phase phase;
    bool phase_begun;
    int round;
    int idle_rounds; /* in a row, in which nothing was settled or found out */
    size_t open_before;
    size_t refusals_before;
    bool stopping;  /* nothing new is sent; what is in flight is still heard */
    bool abandoned; /* nor waited for */

    struct qtest_project project;
    struct qtest_nodes candidates; /* projects, or cycles of the wanted name */
    struct listing listing;        /* they come from one list at a time */
    struct parent cycle_parent;
    struct qtest_node cycle;         /* id 0: not there */
    int64_t cycle_late_until_ms;     /* as of suites */
    struct suite_state *suites;      /* by the number in desired->suites */
    struct qtest_nodes modules;      /* the tree, when asked for */
    struct qtest_nodes made_modules; /* by this run */
    struct late_module *late_modules;
    size_t late_module_count;
    size_t late_module_capacity;
    bool modules_known;
    struct doubted_module *doubted_modules;
    size_t doubted_module_count;
    size_t doubted_module_capacity;
    struct folder_state *folders; /* by the number in desired->modules */
    int64_t prefix_total;         /* cases with our prefix when they were last counted, -1: not said */
    int64_t content_queries;      /* searches for contents that are not answered yet */
    bool weaker_asked;            /* and they are for the weaker ones */
    struct bare_logs *bare;
    struct canary *canary;
    int64_t made_ms; /* when a creation of a cycle, suite or module was last answered, or a job ended; 0: never */

    size_t design_count; /* cases of the report that have one */
    struct design_change *design_changes;
    size_t design_change_count;
    size_t design_change_capacity;
    struct design_run *design_runs; /* of these cases */
    size_t design_run_count;
    size_t design_run_capacity;

    struct correction *corrections; /* correct.c; what does not count or differ is none any more */
    size_t correction_count;
    size_t correction_capacity;
    uint32_t *correction_numbers; /* of each result: its correction, from 1; NULL: there are none */

    struct found_places found;
    struct claim claim;
    bool again;               /* this observation is not the first */
    int64_t observed_from_ms; /* its first request goes out then */
    bool unclear_round;       /* and it follows something unclear */
    bool memory_open;         /* what an earlier run left has not been dealt with to the end */
    bool remembered;          /* its jobs have been waited for, or need not be */
    int64_t remember_delay_ms;
    bool closing; /* stopped, and giving the claim back */
    int64_t closing_until_ms;
    int64_t patience_until_ms; /* abandoned: answers to what makes something are waited for; 0: not yet */

    struct batch *batches;
    size_t batch_count;
    size_t batch_capacity;
    int splits;             /* POSTs that carried suspects */
    bool resubmit;          /* refused batches are to go out in smaller parts */
    int64_t body_max_bytes; /* of several results together; less once the site has answered 413 */
    size_t too_large_bytes; /* the smallest body of one result that was too large, 0: none */
    uint16_t too_large;     /* and what was said of it */
    struct status_word words[RESULT_STATUS_COUNT]; /* by the first status that has the word */
    size_t refusals;                               /* words of refusal from qTest */
    int pass;                                      /* plans of stages so far */
    size_t batches_before;                         /* when this pass began */
    uint32_t *queue;                               /* entries to send, in the order of stages */
    size_t queue_count;
    size_t queue_at;
    uint32_t *maker;       /* by case: entry that makes it, + 1; 0: known or decided */
    bool unclear;          /* something must be observed again */
    bool job_vanished;     /* a job id is not known any more */
    int64_t vanished_ms;   /* when that was last so */
    int64_t quiet_from_ms; /* until then something that got no answer may still be done or queued */
    bool accepted;         /* a submission of this run is known to have been taken in */
    bool unseen;           /* something was sent since all was last looked at */
    bool last_look;        /* nothing is sent any more: what does not show now is not in */
    bool short_of_time;    /* too little to prove that what is sent now has left nothing */

    char **reasons;                /* why results were refused, by store_entry.reason - 1 */
    struct refused_batch *refused; /* the batch that each reason stands for */
    size_t reason_count;
    size_t reason_capacity;
    struct sync_outcome outcome;
};

static inline int64_t engine_later_of(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

/* engine_calls.c */
void call_free(struct call *call);
struct call *engine_call(struct engine *engine, struct request *request, reply_handler on_reply,
                         int64_t number);
void engine_drop_calls(struct engine *engine, bool in_flight_too);
/* What writes and waits to go out, also for the second time; results stay open. Signs of life stay, and what
 * may be done at any time. */
void engine_drop_writes(struct engine *engine);
bool engine_is_journalled(const struct engine *engine, const struct call *call);
/* One of these is under way, and cannot be taken back or done twice. */
bool engine_makes_something(const struct call *calls);
void engine_call_later(struct engine *engine, struct call *call, int64_t delay_ms);
/* Frees it; it must not be in flight. */
void engine_remove_call(struct engine *engine, struct call *call);
/* phases.c */
/* Moves on until there is something to do. */
void engine_advance(struct engine *engine);
/* Something may have been done, or not: to be observed, but only when this long has passed. */
void engine_unclear(struct engine *engine, int64_t wait_ms);
/* engine.c */
/* A result that went out is neither confirmed nor refused. */
bool engine_results_uncertain(const struct engine *engine);
/* So is that, or a place may still be made: the claim has to stay. */
bool engine_leaves_doubt(const struct engine *engine);
/* Ends the run with this error; calls not yet in flight are dropped. Takes *err. */
void engine_fail(struct engine *engine, struct error *err);
void engine_fail_reply(struct engine *engine, const struct call *call, const struct reply *reply);
void engine_problem(struct engine *engine, enum error_code code, int64_t results, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Of a sentence that counts results: sync_count. */
void engine_count_problem(struct engine *engine, enum error_code code, int64_t results, const char *one,
                          const char *many, const char *pattern);
/* Full jitter: a random delay up to what the attempt allows. */
int64_t engine_backoff_ms(struct engine *engine, int attempt);
/* Handles what is the same for every call that is no submission. True: go on and read the reply. */
bool engine_reply_ok(struct engine *engine, struct call *call, const struct reply *reply);

#include "engine_parts_private.h"

#endif
