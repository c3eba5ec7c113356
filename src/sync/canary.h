/* Is the search fresh, and what hides behind what the lists show? (canary.c) */
#ifndef SYNC_CANARY_H
#define SYNC_CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canary;
struct engine;
struct qtest_run;

#define LEARNT_MAX 3

/* Where a search for logs looks: those that begin from first to last, and those that begin at one of also. */
struct log_span {
    int64_t first_ms;
    int64_t last_ms;
    int64_t also_ms[LEARNT_MAX + 1];
    size_t also_count;
};

struct canary *canary_new(void);
void canary_free(struct canary *canary);
/* What was listed and shown, which may be a million ids: before anything is sent. */
void canary_forget(struct canary *canary);
/* What was searched before counts no more: a claim was set, or a round begins. */
void canary_new_round(struct canary *canary);
/* The runs are listed anew; sample: of one suite, to learn from. */
void canary_lists_begin(struct canary *canary, bool sample);
bool canary_sampled(const struct canary *canary);
/* One of them. case_number: INTERN_NONE: it is not known. lists_tell: they show newest logs. new_cases: some
 * are to be made. */
void canary_note_run(struct engine *engine, uint32_t suite, const struct qtest_run *run, uint32_t case_number,
                     bool lists_tell, bool new_cases);
/* A search over the report's time begins, or goes on. */
const struct log_span *canary_search_window(struct engine *engine);
const struct log_span *canary_span(const struct canary *canary);
/* It shows this log. asked_for: others of its run may ask whether it is theirs. */
void canary_shown(struct canary *canary, int64_t log_id, bool asked_for);
/* After it was sorted. */
bool canary_has_shown(const struct canary *canary, int64_t log_id);
/* A look at a run found what it had not shown. */
void canary_search_lags(struct canary *canary);
/* A log of this execution begins then. */
void canary_learn(struct engine *engine, int64_t start_ms);
/* The report tells no time at all: when an earlier upload of it made its logs begin is learnt from the runs.
 */
bool canary_must_learn(const struct engine *engine);
/* Queues the next step of the proof, nothing at its end. */
void engine_prove_absence(struct engine *engine);
/* A look at a run shows this log: the lists may show none as its newest. */
void canary_note_log(struct canary *canary, int64_t run_id, int64_t start_ms);
/* The newest logs of the runs that were asked for. */
typedef void (*newest_taker)(struct engine *engine, uint32_t suite, uint32_t case_number, int64_t start_ms);
void canary_each_newest(struct engine *engine, newest_taker take);

#endif
