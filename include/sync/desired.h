/* What qTest should show of one execution (sync/executions.h): its results turned into a cycle, suites,
 * modules, cases, and for each case and suite one log. Pure but for reading the store.
 *
 * Several results of a test in one suite (data rows, re-runs, equal names, two versions of a
 * browser, the same test in two reports of the execution) share that log: the worst of them leads it, of
 * equally bad ones the one that starts last, or with REPEATS_SEND_LAST that one in any case. Two reports of one
 * execution that say something different of one start are one result saved twice: the report with the later end
 * is believed.
 *
 *     desired_build(&desired, &store, reports, report_count, &options, &err);
 *     desired.cases[store_entry(&store, i)->case_number] ...
 *     desired_find_marker(&desired, marker)                  // which result a log in qTest stands for
 *     desired_release(&desired);
 *
 * The reports and the store are borrowed for the whole life of it.
 */
#ifndef SYNC_DESIRED_H
#define SYNC_DESIRED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/intern.h"
#include "report/model.h"
#include "report/store.h"
#include "sync/identity.h"
#include "sync/note.h"

/* Which of several results of one case in one suite counts. */
enum repeats {
    REPEATS_SEND_WORST,
    REPEATS_SEND_LAST,
};

/* One report as it was read, with what identity needs. */
struct desired_report {
    const struct report_meta *meta;
    char *execution_id; /* never NULL */
    bool named;         /* by the report or the user; else it is a hash of the bytes */
    char *bytes_id;   /* and this is one of the bytes alone, without what CI said; NULL: none, or the same */
    char *report_url; /* NULL: none */
};

struct desired_options {
    const char *job;              /* never NULL; the cycle bears its name */
    const char *suite;            /* of results that name no target; NULL: it bears the cycle's name */
    const char *content_template; /* --automation-content, NULL: the case key */
    enum repeats repeats;
    int64_t fallback_start_ms; /* of results in an execution without any: CI pipeline's start or upload */
    int64_t now_ms;            /* no log of such a result ends later; 0: it does not matter */
};

struct desired_case {
    uint64_t content_hash; /* of the automation content */
    uint32_t begin;        /* of its results in case_entries */
    uint32_t module : 28;  /* number in modules */
    uint32_t known_by : 3; /* enum identity_strength: the strongest key that was found in qTest */
    uint32_t doubtful : 1; /* by that weaker key, but several cases have it, or several tests */
    int64_t case_id;       /* in qTest; 0: not known */
};

/* A content that a case may have got from a report that said less of the test (sync/identity.h). */
struct weaker_key {
    uint32_t hash_high; /* of the content, in halves: 12 bytes a key */
    uint32_t hash_low;
    uint32_t owner; /* number of the case and which of its keys */
};

/* By what else than the mark of its store_entry a log of this result may be known (desired_markers.c). */
struct other_mark {
    uint32_t high; /* its first 8 bytes, in halves: 12 bytes a mark */
    uint32_t low;
    uint32_t owner; /* twice the number of the result; plus one: it stands for all that share its log */
};

struct desired {
    struct store *store;
    const struct desired_report *reports;
    size_t report_count;
    struct desired_options options;
    struct desired_case *cases;
    uint32_t case_count;
    uint32_t case_capacity;
    char *cycle_name;       /* the names of cycle, suites and modules as they go to qTest (fitting_name.h) */
    struct intern targets;  /* full texts, "" when the report names none; all names as for cycle_name */
    struct intern suites;   /* their names without versions, and that of results that name no target */
    struct intern modules;  /* folder paths, names joined by MODULE_SEPARATOR, "" for the root module */
    uint32_t *target_suite; /* suite of each target */
    uint32_t *case_slots;   /* case number + 1 by content hash */
    uint32_t case_slot_count;
    bool weaker_read;          /* the weaker keys of all cases: desired_read_weaker */
    struct weaker_key *weaker; /* by hash; NULL when no result has a weaker key */
    size_t weaker_count;
    size_t weaker_capacity;
    uint32_t *marker_slots; /* number + 1 of the result that leads, by marker */
    uint32_t marker_slot_count;
    struct other_mark *other_marks; /* sorted */
    size_t other_mark_count;
    size_t other_mark_capacity;
    uint64_t sum_of_marks;   /* of what is uploaded: by its own mark what has one, else by its execution's */
    uint32_t adopted_marked; /* cases that were adopted when marks by weaker keys were last added */
    uint32_t *case_entries;  /* entry numbers by case, in the order of the report */
    int64_t first_start_ms;  /* over all results, TIME_NONE when none has an instant */
    int64_t last_start_ms;
    int64_t
        window_begin_ms; /* in which these results start, by whichever zone they were sent, or the fallback */
    int64_t window_end_ms;
    bool some_by_result;    /* some result is known by itself: desired_by_result */
    bool has_steps;         /* some result carries a full step list */
    uint32_t merged;        /* results that share another one's log */
    uint32_t disagreements; /* logs for results of different verdicts */
    uint32_t disagreeing;   /* the first result that leads such a log */
};

#define MODULE_SEPARATOR "\x1f"

/* Errors: ERR_IO, ERR_INTERNAL from the store. */
int desired_build(struct desired *desired, struct store *store, const struct desired_report *reports,
                  size_t report_count, const struct desired_options *options, struct error *err);
void desired_release(struct desired *desired);
uint32_t desired_suite_of(const struct desired *desired, const struct store_entry *entry);
/* What names the suite of this result, as marks hold it: its target without version, else the suite that was
 * given. NULL: nothing names it, it bears the cycle's name, which is another one under another job. */
const char *desired_suite_mark_text(const struct desired *desired, const struct store_entry *entry);
/* The number of the case with this automation content, INTERN_NONE when it is none of ours. */
uint32_t desired_find_case(const struct desired *desired, const char *automation_content);
/* Before desired_take_case, and before weaker contents are asked for: the weaker contents of all cases. They
 * take up to 24 bytes a case, which a project without any case of ours never needs. Reads them once. Errors:
 * as store_read. */
int desired_read_weaker(struct desired *desired, struct error *err);
/* A case that was found in qTest. It stands for the test whose content it has. Else, where exactly one
 * case has a weaker content of exactly one test, it is adopted: it stands for that test. The
 * stronger content wins, in whichever order cases are found, but no case changes once results were sent
 * to it. Returns the number of the case that it now stands for, INTERN_NONE when there is none. */
uint32_t desired_take_case(struct desired *desired, const char *automation_content, int64_t case_id);
/* The number of the case that a case of qTest stands for, also of one that was made meanwhile;
 * INTERN_NONE: it is none of ours. */
uint32_t desired_case_of(const struct desired *desired, const char *automation_content, int64_t case_id);
/* Known by a weaker content: its automation content in qTest is not its own. */
bool desired_is_adopted(const struct desired_case *wanted);
/* The automation content by which qTest finds the case of this result: its own, or that of the adopted
 * case. record holds the result, and is read again where that took another one. The caller frees *ret.
 * Errors: as store_read. */
int desired_sent_content(const struct desired *desired, uint32_t entry_number, struct record *record,
                         char **ret, struct error *err);
/* Cases that are known by a weaker content and cannot be adopted, since more than one fits. */
uint32_t desired_count_doubtful(const struct desired *desired);
/* The result that name, module and steps of a case come from. */
uint32_t desired_first_entry(const struct desired *desired, uint32_t case_number);
/* The numbers of all results of a case, in the order of the reports. */
const uint32_t *desired_entries_of_case(const struct desired *desired, uint32_t case_number,
                                        size_t *ret_count);
/* The result whose log stands for this one: itself, unless it was merged. */
uint32_t desired_leader(const struct desired *desired, uint32_t entry_number);
/* A result of the log with this mark, INTERN_NONE when there is none: the one that leads it, or the one whose
 * own mark it is. */
uint32_t desired_find_marker(const struct desired *desired, uint64_t marker);
/* The same for one mark of a log that has all of these: results of two named executions never meet. */
uint32_t desired_find_mark(const struct desired *desired, const uint64_t *marks, size_t count, size_t at);
/* It is one of those by which a log of this result is known. */
bool desired_has_mark(const struct desired *desired, uint32_t number, uint64_t mark);
/* A mark of this result that its whole execution has, not its own: its log is corrected, where a result that
 * is known by itself never changes. */
bool desired_is_execution_mark(const struct desired *desired, uint32_t number, uint64_t mark);
/* Adds the marks that results of adopted cases have by the weaker keys of these. *ret_more: there are such,
 * and logs that were looked at before may be theirs. Errors: as store_read. */
int desired_mark_adopted(struct desired *desired, bool *ret_more, struct error *err);
/* All marks of the log of the results that this one leads. Errors: as store_read. */
int desired_marks(const struct desired *desired, uint32_t leader, struct log_marks *ret, struct error *err);
/* It is known by itself, in whatever file it stands: its report names no execution, and it has a start. */
bool desired_by_result(const struct desired *desired, const struct store_entry *entry);
/* A log of qTest has these marks, the first 8 bytes of each, and one of them is this result's. Where it
 * stands for a part of what would share a log with it and is still open, that part is parted from the rest,
 * which keeps a log of its own. Returns the result that leads what the log stands for. */
uint32_t desired_part(struct desired *desired, uint32_t number, const uint64_t *marks, size_t count);
/* What the person is to know of results that share a log and differ, one sentence; NULL where none do. The
 * caller frees. Errors: as store_read. */
int desired_tell_disagreements(const struct desired *desired, char **ret, struct error *err);
/* Which result counts of those that differ, and the option by which another one does; a part of a sentence. */
const char *desired_repeats_rule(const struct desired *desired);
uint64_t desired_content_hash(const char *automation_content);
/* Of a result that begins then: its own end, without a start of its own by its duration; never before its start. */
int64_t desired_end_ms(const struct test_result *result, int64_t start_ms);
/* Instants as they go to qTest: the report's, else the fallback; the end never before the start. */
void desired_instants(const struct desired *desired, const struct test_result *result, int64_t *ret_start_ms,
                      int64_t *ret_end_ms);

#endif
