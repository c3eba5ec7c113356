/* What canary.c, which judges, and prove.c, which asks, share; nobody else sees it. */
#ifndef SYNC_CANARY_PRIVATE_H
#define SYNC_CANARY_PRIVATE_H

#include "canary.h"

/* Looks at runs to learn when the logs of a report without times begin. */
#define LEARN_LOOKS_MAX 5

/* A run that something open may go into, as the lists show it. */
struct listed_run {
    int64_t id;
    int64_t case_id;
    int64_t newest_id; /* 0: the lists show no newest logs */
    int64_t newest_ms; /* of the logs that a look has shown, where the lists show none */
    uint32_t suite;
    bool leads;     /* with the runs that follow it came in one batch, perhaps; or it begins a report */
    bool looked;    /* its logs were listed */
    bool case_read; /* since no search had shown it */
};

struct canary {
    struct listed_run *runs;
    size_t run_count;
    size_t run_capacity;
    int64_t known_in_suite; /* runs of known cases in the suite that is listed */
    int64_t
        *shown; /* ids of logs that the search has shown, sorted, but for those of runs that ask no more */
    size_t shown_count;
    size_t shown_capacity;
    int64_t highest_shown_id; /* by any search */
    int64_t before_id;        /* the highest that was listed before anything was sent */
    bool searched;            /* since the claim is held */
    int asked;                /* searches since the runs were listed */
    int looks;
    bool sampled; /* the runs of one suite were listed only, to learn from */
    struct log_span span;
    int64_t learnt_ms[LEARNT_MAX]; /* starts of logs of this execution that lie outside of the window */
    size_t learnt_count;
    bool learnt_anew;                /* and some of them have not been searched for */
    int64_t read_s[LEARN_LOOKS_MAX]; /* starts of which one log was read */
    int read_count;
    int cases_read; /* and cases, to learn whose start it is */
    bool lags;      /* a look found what the search had not shown */
    bool ended;     /* it was asked often enough: the last looks are made */
};

/* The report's time, and the starts that were learnt. */
struct log_span canary_window(const struct engine *engine);
void canary_begin_search(struct canary *canary, const struct log_span *span);
void canary_sort_shown(struct canary *canary); /* before it is judged by */
/* case_number: INTERN_NONE where it is not known. */
/* Something open may go into the run: also into one of an unknown case, where cases are new. */
bool canary_is_wanted(const struct engine *engine, uint32_t suite, uint32_t case_number, bool new_cases);
/* Its newest log begins where one of this execution may. */
bool canary_may_show_ours(const struct engine *engine, const struct listed_run *run, uint32_t case_number);
/* The search has not shown its newest log. */
bool canary_is_missed(const struct engine *engine, const struct listed_run *run, uint32_t case_number);
/* The newest log does not tell whether ours stands behind it. */
bool canary_hides_others(const struct engine *engine, const struct listed_run *run, uint32_t case_number);
/* A look at it may tell when logs of this execution begin. */
bool canary_may_teach(const struct engine *engine, const struct listed_run *run, uint32_t case_number);

#endif
