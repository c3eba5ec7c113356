/* What befalls one request: how long it takes there and back, and what goes wrong. Drawn from the key of
 * the request alone, so that a schedule with one fault less is otherwise the same. */
#ifndef SIMULATION_FAULTS_H
#define SIMULATION_FAULTS_H

#include "model.h"
#include "scenario.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_NOT_SENT,     /* no connection */
    FAULT_LOST_REQUEST, /* it never arrives; the client sees a reset or a time-out */
    FAULT_LOST_ANSWER,  /* it is done, and the answer, or half of it, is all that is lost */
    FAULT_5XX_BEFORE,   /* 500, 502, 503, 504, and nothing was done */
    FAULT_5XX_AFTER,    /* the same, and it was done */
    FAULT_THROTTLED,
    FAULT_HTML, /* 200 with a page of HTML, done or not */
    FAULT_LATE_REQUEST,
    FAULT_LATE_ANSWER,
    FAULT_KILL, /* the uploader dies while this request is under way */
    FAULT_JOB_FAILS,
    FAULT_JOB_SLOW,
    FAULT_JOB_STUCK,
    FAULT_TOKEN,    /* 401 */
    FAULT_OUTAGE,   /* nobody is reached for a while */
    FAULT_REDIRECT, /* 3xx to another site: a login page */
    FAULT_GATEWAY,  /* 502 or 504 from a gateway that has lost its patience; it is done some time later */
    FAULT_SIGNAL,   /* the uploader is told to stop while this request is under way */
    FAULT_KINDS,
};

/* Where redirections go. */
#define FAULT_OTHER_SITE "https://login.example.com/sso"

const char *fault_name(enum fault_kind kind);

struct fault {
    enum fault_kind kind;
    int64_t up_ms;   /* until it is done; MODEL_NEVER: never */
    int64_t down_ms; /* from there until the answer */
    int status;      /* answered instead of what the model says, 0: none */
    bool lost;       /* the answer is: REPLY_LOST */
    bool not_sent;
    bool html;
    bool answered_early;   /* before the work is done */
    int64_t kill_after_ms; /* FAULT_KILL, FAULT_SIGNAL */
    int64_t restart_ms;    /* after the kill */
    bool fresh_machine;
    int64_t outage_ms;
    int64_t throttled_ms; /* FAULT_THROTTLED: as Retry-After says, where it says so */
    struct model_job_plan job;
};

/* Identifies a request of a schedule: uploader, its how many-th run, its how many-th request. */
uint64_t fault_key(int uploader, int run, int request);

/* faulty: something goes wrong if the key says so; *ret_kind says what. */
void fault_draw(struct fault *fault, const struct scenario *scenario, uint64_t key,
                const struct request *request, bool faulty);
/* Would this request have a fault, if one may happen? */
bool fault_due(const struct scenario *scenario, uint64_t key);
/* The answer as the client gets it: what the model said, spoiled. */
void fault_spoil(const struct fault *fault, const struct scenario *scenario, struct reply *reply,
                 int64_t now_ms);

#endif
