/* What the files of the engine offer each other, file by file. Included by engine_private.h alone, which has
 * the state that they share. */
#ifndef SYNC_ENGINE_PARTS_PRIVATE_H
#define SYNC_ENGINE_PARTS_PRIVATE_H

/* observe_project.c */
void engine_resolve_project(struct engine *engine);
/* remember.c */
/* An earlier run on this machine left something in qTest's queue that has not been waited for. Asked once. */
bool engine_must_remember(struct engine *engine);
/* Waits for it. */
void engine_remember(struct engine *engine);
/* There is something to be waited for, or a claim to be taken away. */
bool engine_has_memory(const struct engine_options *options);
bool engine_owner_remembered(const struct engine *engine, uint64_t owner);
int64_t engine_wall_ms(const struct engine *engine);

/* observe_release.c */
void engine_resolve_release(struct engine *engine);
/* observe_cycle.c */
void engine_observe_cycle(struct engine *engine);
/* Notes a cycle's suites that are wanted; an unknown suite of that name becomes known. */
void engine_take_suites(struct engine *engine, const struct qtest_nodes *suites);
/* A cycle that was found or made: takes the node. */
void engine_take_cycle(struct engine *engine, struct qtest_node *node);
/* The cycles of the release, or at the root: is the one of the job's name there? */
void engine_list_cycles(struct engine *engine);
/* observe_cases.c */
void engine_observe_cases(struct engine *engine);
/* One case by its id: its automation content tells whether it is ours. */
void engine_read_case(struct engine *engine, int64_t case_id);
/* observe_logs.c */
void engine_observe_logs(struct engine *engine);
/* A log that begins then is not of another night of the execution that this result leads. */
bool engine_is_of_this_time(const struct engine *engine, uint32_t leader, int64_t log_start_ms);
/* The log of an execution, or of some results that are known by themselves: marks as found what its note says
 * that it stands for. Returns a result that leads such, INTERN_NONE: it is none of ours. in_our_run: it stands in
 * one for certain. ret_new: set when something is found that was not known to be in. */
uint32_t engine_take_marks(struct engine *engine, const struct qtest_log *log, bool in_our_run, bool *ret_new);
/* A log with a note, of a run that is looked at. */
void engine_take_run_log(struct engine *engine, const struct qtest_log *log);
/* One that came without a note: no build number says that it is of another execution. seen: this log, which
 * learns whose it is. */
bool engine_may_be_ours(const struct engine *engine, const struct qtest_log *log, struct seen_log *seen);
/* As it was shown; no word of whose it is. */
struct seen_log engine_seen_log(const struct qtest_log *log);
/* A log in qTest stands for this result: present, or confirmed when we sent it. */
void engine_mark_found(struct engine *engine, uint32_t entry_number);
/* Searches the canary's span. */
void engine_search_logs(struct engine *engine);
/* found_elsewhere.c */
/* This run is known to be in another cycle. */
bool engine_run_is_elsewhere(const struct engine *engine, int64_t run_id);
/* Before all is looked at anew. */
void engine_forget_found(struct engine *engine);
/* A search showed a log of what this result leads. */
void engine_note_found_in(struct engine *engine, uint32_t number, const struct qtest_log *log);
/* Before runs are listed, and each that is. */
void engine_forget_our_runs(struct engine *engine);
void engine_note_our_run(struct engine *engine, int64_t run_id);
/* A log was found for some result of this suite. */
bool engine_found_in_suite(const struct engine *engine, uint32_t suite);
/* When runs were listed: results that were found in none of ours are open. False: there are none. */
bool engine_reopen_found_elsewhere(struct engine *engine);
/* When all is found: asks in which cycle, as far as that is not known. */
void engine_place_found(struct engine *engine);
/* After that: the runs are to be listed. */
bool engine_found_needs_lists(const struct engine *engine);
/* At an end before its time: nobody knows whether what was found is where it belongs. */
void engine_reopen_unplaced(struct engine *engine);
void engine_free_found(struct engine *engine);
/* case_index.c */
/* The numbers of all known cases, in the order of qTest's ids. The caller frees them. */
uint32_t *engine_index_cases(const struct engine *engine, size_t *ret_count);
/* The number of the case with this id, INTERN_NONE when it is not ours. */
uint32_t engine_indexed_case(const struct engine *engine, const uint32_t *index, size_t count,
                             int64_t case_id);
/* confirm_runs.c */
int64_t engine_second_of(int64_t instant_ms);
/* No log with a lower or the same id came of what this run or, as its journal tells, an earlier one sent. */
int64_t engine_before_log_id(const struct engine *engine);
/* The second in which the log of this result begins in qTest. */
int64_t engine_sent_second_of(const struct engine *engine, const struct store_entry *entry);
/* No other log of the report goes into the run of this result's one. */
bool engine_alone_in_run(const struct engine *engine, uint32_t number);
void engine_confirm_runs(struct engine *engine);
/* What is older than the newest log of its run. */
void engine_judge_ages(struct engine *engine);
/* Lists the runs of a suite that was there before us: what do they show as their newest log? */
void engine_confirm_suite_runs(struct engine *engine, uint32_t suite);
/* list_runs.c */
typedef void (*runs_taker)(struct engine *engine, uint32_t suite, const struct qtest_page *page,
                           struct error *err);
void engine_list_runs(struct engine *engine, uint32_t suite, reply_handler on_reply);
/* Of a call that lists runs. */
uint32_t engine_suite_of_runs(const struct call *call);
/* For that handler: hands the page on, and asks for those that follow. */
void engine_take_runs(struct engine *engine, struct call *call, const struct reply *reply, runs_taker take);
/* A look at all logs of a run. It is the first member of what its owner keeps of it, which was allocated. */
struct run_logs {
    int64_t run_id;
    /* One log after another; false: the rest is not wanted. */
    bool (*take)(struct engine *engine, struct run_logs *logs, const struct qtest_log *log);
    int64_t last_page; /* as far as is known; 0 at first */
    struct listing listing;
};
/* Takes the look, and frees it. A run that is not there any more has no logs. */
void engine_list_run_logs(struct engine *engine, struct run_logs *logs);
/* run_logs.c */
/* Lists the logs of a run; what stands there is marked as found. */
void engine_look_at_run(struct engine *engine, int64_t run_id);
/* claim_phase.c */
void engine_claim(struct engine *engine);
void engine_unclaim(struct engine *engine);
/* It was not given back, as far as is known. */
bool engine_claim_stays(const struct engine *engine);
/* How long lists may take to show what was written, as far as is known. */
int64_t engine_list_lag_ms(const struct engine *engine);
/* When the next sign of life is due; INT64_MAX: none. */
int64_t engine_beat_due_ms(const struct engine *engine);
void engine_beat(struct engine *engine);
uint64_t engine_random(struct engine *engine);
/* limits.c: the request limits that a reply tells of (qtest-api.md 7.1). */
void engine_note_limits(struct engine *engine, const struct reply *reply);
void engine_tell_month(struct engine *engine);
/* bare_results.c */
/* From now on the result goes out without its files; false when it has none, or does so already. */
bool engine_goes_bare(struct engine *engine, uint32_t number);
void engine_tell_bare(struct engine *engine);
/* create.c */
void engine_confirm_places(struct engine *engine);
/* True: it is not to be made anew yet, and this round is waited out. */
bool engine_wait_for_late(struct engine *engine, int64_t until_ms);
/* Something that is missing may still be made. */
bool engine_place_may_come(const struct engine *engine);
bool engine_module_may_come(const struct engine *engine);
/* What a creation answered. False: unclear, which has been noted and shows when all is observed again, or the
 * end of it all; where unclear, *ret_late_until_ms says until when it may still be made. *ret is known by the
 * name that was asked for; the caller releases it. */
bool engine_created(struct engine *engine, struct call *call, const struct reply *reply,
                    struct qtest_node *ret, int64_t *ret_late_until_ms);
/* A creation was told that the place for it is not there: all is observed again. */
bool engine_place_is_gone(struct engine *engine, const struct call *creation, const struct reply *reply);
/* The name that a creation asks for. The caller frees it. */
char *engine_name_asked_for(const struct call *call);
void engine_create_cycle(struct engine *engine);
void engine_create_suites(struct engine *engine);
/* refused_places.c */
/* The creation of a suite or module was refused for good. */
bool engine_refuses_place(const struct reply *reply);
/* The results that need it are refused. */
void engine_refuse_suite(struct engine *engine, uint32_t suite, const struct call *creation,
                         const struct reply *reply);
/* modules: by the number in desired->modules; those below the refused one, and itself. */
void engine_refuse_modules(struct engine *engine, const bool *modules, const struct call *creation,
                           const struct reply *reply);
/* create_modules.c */
void engine_observe_modules(struct engine *engine);
/* Queues the creation of what is missing one level down; false when nothing is. */
bool engine_create_modules(struct engine *engine);
/* A request was told that this module is not there: a site may be slow to know what was made. When it says so
 * again, and the list does not show the module after --settle either, it is gone, and made again. Asks for
 * nothing before its second time: the caller observes again (engine_unclear). */
void engine_doubt_module(struct engine *engine, int64_t id);
void engine_describe_modules(struct engine *engine);
/* difference.c */
size_t engine_open_count(const struct engine *engine);
bool engine_entry_open(const struct engine *engine, uint32_t number);
bool engine_suite_needed(const struct engine *engine, uint32_t suite);
/* By the number in desired->modules: some case is to be made there. The caller frees it. */
bool *engine_needed_modules(const struct engine *engine);
bool engine_has_new_cases(const struct engine *engine);
/* The cycle, a suite or a case is missing. */
bool engine_creates(const struct engine *engine);
/* Where the case that this result makes goes; INTERN_NONE: its case exists, or another one makes it. */
uint32_t engine_module_of(const struct engine *engine, uint32_t number);
void engine_count_action(struct engine *engine, int64_t number, const char *one, const char *many,
                         const char *pattern);
uint32_t engine_stage_of(const struct engine *engine, uint32_t number);
/* Orders what is open into stages (engine->queue). */
void engine_plan_stages(struct engine *engine);
void engine_describe_plan(struct engine *engine);
/* jobs.c */
/* Asks for the job of this batch, again and again until it has ended. */
void engine_poll_job(struct engine *engine, int64_t batch_number);
/* Nobody tells what becomes of a submission: it may be done as long as --settle has not passed. */
void engine_lost_sight(struct engine *engine);
/* Nothing will come of it any more, or all that can has come. */
void engine_batch_ended(struct engine *engine, const struct batch *batch);
/* submit.c */
/* Queues the next stage's batches; false when nothing is left to send. */
bool engine_submit_stage(struct engine *engine);
/* What this submission carries was certainly not taken. */
void engine_take_back(struct engine *engine, const struct call *submission);
void engine_refuse(struct engine *engine, uint32_t number);
/* suspects.c: results of batches that were refused as a whole */
/* Returns the number of the reason. */
uint16_t engine_set_reason(struct engine *engine, const struct batch *batch, const char *said,
                           enum refusal how);
/* What certainly is not in, and never will be taken. */
void engine_refuse_hopeless(struct engine *engine);
/* At the beginning of a pass: what an earlier one sent and does not show is certainly not in. */
void engine_put_off_vanished(struct engine *engine);
/* It waits for the next run of the program. */
bool engine_is_put_off(const struct engine *engine, const struct store_entry *entry);
/* No more POSTs with results that were refused in company. */
bool engine_splits_spent(const struct engine *engine);
/* It is not to go out any more, for its status word. */
bool engine_word_not_mapped(const struct engine *engine, const struct store_entry *entry);
/* The first status with the same word. */
uint8_t engine_word_of(const struct engine *engine, uint8_t status);
/* qTest has taken a result with this status. */
void engine_word_proved(struct engine *engine, uint8_t status);
/* Whether this result goes out now, or waits for what others find out. */
bool engine_suspect_goes(struct engine *engine, uint32_t number);
/* Neither was refused, and they went out equally often without a trace: their batches are made alike. */
bool engine_unanswered_alike(const struct store_entry *a, const struct store_entry *b);
/* How many results like this one go into one batch. */
size_t engine_batch_limit(const struct engine *engine, uint32_t number);
/* absent.c */
/* After a last look: what was sent and did not show is certainly not in. */
void engine_judge_absent(struct engine *engine);
/* design_phase.c */
void engine_observe_designs(struct engine *engine);
/* design_age.c: for the changes that were found; drops those that a later execution stands against. */
void engine_search_design_runs(struct engine *engine);
void engine_search_later_logs(struct engine *engine);
void engine_drop_older_designs(struct engine *engine);
void engine_update_designs(struct engine *engine);
/* log_join.c */
struct log_join {
    bool counts;   /* the log is to show this result */
    bool later;    /* its instants at least, whatever the status */
    bool attempts; /* the log shows another attempt */
    bool differs;  /* with another verdict */
};
struct log_join engine_join_log(struct engine *engine, uint32_t number, const struct seen_log *log);
enum shown_status engine_shown_status(const char *name);
/* For a person: "Passed". */
const char *engine_shown_word(enum shown_status shown);
/* As far as it can be told without knowing the project's mapping. */
bool engine_shows_verdict(uint8_t status, enum shown_status shown);
/* correct.c */
/* This log was found for the results that this one leads: does it show what they come to? */
void engine_note_status(struct engine *engine, uint32_t number, const struct seen_log *log);
/* A log was found by the own marks of what this one leads, all or some of what was led before: that of their
 * execution is to show the others alone. */
void engine_has_own_log(struct engine *engine, uint32_t before, uint32_t leader);
void engine_correct(struct engine *engine);
void engine_free_corrections(struct engine *engine);
/* The log that was found for this result is not the one that is wanted. */
void engine_drop_correction(struct engine *engine, uint32_t number);
/* At the end: tests of which the log showed another attempt, which came out otherwise. */
void engine_tell_attempts(struct engine *engine);
/* At the end: a log that still shows another status than its result is not what was asked for. */
void engine_reopen_uncorrected(struct engine *engine);
/* body.c */
/* What a log shows that is to be corrected. */
struct corrected_log {
    const struct hash128 *marks;
    size_t mark_count;
    const struct note_attempt *attempt; /* NULL: the same one */
    int64_t start_ms;                   /* TIME_NONE: not said */
    int64_t end_ms;
};
/* False when the store failed (the engine has failed then). */
bool engine_correction_body(struct engine *engine, uint32_t number, const struct corrected_log *log,
                            struct buf *out);
/* The body of endpoint A for as many of the entries as the byte limit allows, at least one; returns how
 * many went in, 0 when the store failed (the engine has failed then). */
size_t engine_batch_body(struct engine *engine, const struct batch *batch, struct buf *out);

#endif
