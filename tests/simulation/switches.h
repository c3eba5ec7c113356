/* What is not known of a real qTest, each as a switch (qtest-api.md, section 10, whose numbers stand in
 * the table of switches.c; 0: another section, 7.1 and 7.2). Value 0 is what is held to be likeliest. */
#ifndef SIMULATION_SWITCHES_H
#define SIMULATION_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"

enum { AUTOMATION_OFF_NO, AUTOMATION_OFF_403, AUTOMATION_OFF_FAILED };
/* What befalls a log that the server does not want, and the body it came in. */
enum { BAD_LOG_400, BAD_LOG_FAILED, BAD_LOG_DROPPED, BAD_LOG_VALUES };
enum { FAILED_PLAIN, FAILED_JSON, FAILED_EMPTY };
enum { STEPS_REWRITTEN, STEPS_NEW_VERSION, STEPS_KEPT };
enum { EQUALS_TWO_LOGS, EQUALS_LAST, EQUALS_FIRST };
enum { THROTTLE_SECONDS, THROTTLE_DATE, THROTTLE_ABSENT, THROTTLE_RUBBISH };
enum { JOBS_ONE_BY_ONE, JOBS_OVERLAP, JOBS_OVERLAP_TWO_CASES };
enum { LATEST_SUBMITTED, LATEST_START };
/* Which suites can be deleted: for want of rights, or of a server that manages it. */
enum { DELETES_ALL, DELETES_NONE, DELETES_OWN, DELETES_OWN_ELSE_500 };

struct model_switches {
    int automation_off;
    int unmapped;        /* a log with a status word that the project does not map: BAD_LOG_... */
    int bad_log;         /* a log that is refused for another reason: BAD_LOG_... */
    int failed_content;  /* FAILED_... */
    int failed_prefix;   /* a FAILED job leaves what came before the bad log */
    int run_name;        /* 1: a run is renamed with its test */
    int steps;           /* STEPS_..., when a known test case is submitted with steps */
    int equal_contents;  /* EQUALS_..., within one body */
    int order_from_one;  /* 1: step orders from 1 are an error */
    int search_lag_ms;   /* until a search shows what was written */
    int no_latest_log;   /* 1: lists leave latest_test_log out */
    int retry_after;     /* THROTTLE_... */
    int underscore_keys; /* 1: test_suites instead of test-suites */
    int escaped;         /* 1: names and notes are entity-escaped on read */
    int job_lost_ms;     /* a job's id is readable this long after its end; 0: for ever */
    int jobs;            /* JOBS_... */
    int no_notes;        /* 1: search and list items have no note */
    int no_ms;           /* 1: log dates lose their milliseconds */
    int notes_cut;       /* 1: at 4,000 characters */
    int disorder_ms;     /* an object may become visible this much later than one with a higher id */
    int latest;          /* LATEST_... */
    int deletes;         /* DELETES_... */
    int no_approve;      /* 1: the user may not approve test cases */
    int list_lag_ms;     /* until lists show what was written, changed or deleted */
    int no_builds;       /* 1: search and list items of logs have no build number */
    int uneven_lag;      /* 1: a search knows each object after a time of its own, at most search_lag_ms */
    int body_limit;      /* bytes of a submission, beyond which it gets 413; 0: none */
    int minute_limit;    /* requests a minute, beyond which they get 429; 0: none */
    int date_skew_ms;    /* the Date of answers before the dates of objects: a gateway with its own clock */
    int throttled;       /* 1: most faults are answers 429, and most of these ask for minutes */
};

struct switch_info {
    const char *name;
    size_t offset; /* of its int in struct model_switches */
    int values[4]; /* drawn from these; the first is the default */
    int value_count;
    int number; /* in section 10 */
};

extern const struct switch_info switch_table[];
extern const size_t switch_count;

int switch_get(const struct model_switches *switches, size_t number);
void switch_set(struct model_switches *switches, size_t number, int value);
/* "name=value"; false when there is no such switch or the value is no whole number. */
bool switch_parse(struct model_switches *switches, uint32_t *fixed, const char *text);
/* Half of the schedules with all defaults, a quarter with one other value, a quarter with any. Those
 * whose bit is set in fixed stay. */
void switches_draw(struct model_switches *switches, uint32_t fixed, struct rng *rng);

#endif
