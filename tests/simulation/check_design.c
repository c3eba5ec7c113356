/* Whose description and steps a test case has: those of its latest execution. */
#include "base/text.h"
#include "check.h"

/* The last start of its test in the execution that is being uploaded; TIME_NONE: some has none, or it has no
 * such test. */
static int64_t last_start_of(const struct uploader *uploader, uint64_t test)
{
    int64_t last_ms = TIME_NONE;
    for (size_t i = 0; i < uploader->expected_count; i++) {
        const struct expected *expected = &uploader->expected[i];
        if (expected->test != test || upload_execution_of(&uploader->upload, i) != uploader->execution)
            continue;
        if (expected->start_ms == TIME_NONE)
            return TIME_NONE;
        if (last_ms == TIME_NONE || expected->start_ms > last_ms)
            last_ms = expected->start_ms;
    }
    return last_ms;
}

/* Who began when a later log of the case could be seen everywhere does not change its design. */
void check_update(struct simulation *sim, int number, int64_t case_id)
{
    const struct model *m = &sim->model;
    const struct uploader *uploader = &sim->uploaders[number];
    int64_t last_ms = last_start_of(uploader, check_test_of(sim, model_case_by_id(m, case_id)));
    for (size_t i = 0; last_ms != TIME_NONE && i < m->log_count; i++) {
        const struct model_log *log = &m->logs[i];
        const struct model_run *run = model_run_by_id(m, log->run_id);
        if (run->case_id == case_id && log->start_ms / 1000 > last_ms / 1000 &&
            log->listed_ms <= uploader->began_ms && log->searched_ms <= uploader->began_ms &&
            run->searched_ms <= uploader->began_ms)
            simulation_violation(sim, "uploader %d turns a test case back to an earlier execution", number);
    }
}

/* Cases that a search does not show yet are left to the next upload. Attempts of one execution are of one
 * time, and what is uploaded with others may be earlier than those of another upload. */
static bool last_upload_counts(const struct simulation *sim)
{
    const struct scenario *s = &sim->scenario;
    const struct uploader *last = &sim->uploaders[TOMORROW];
    bool later = s->kind != ATTEMPTS && s->nights <= 1 &&
                 s->reports[TOMORROW].pipeline_ms != s->reports[0].pipeline_ms;
    return last->done && !last->case_left && later && !s->switches.search_lag_ms && !s->switches.disorder_ms;
}

void check_design(struct simulation *sim, const struct model_case *test_case)
{
    const struct uploader *last = &sim->uploaders[TOMORROW];
    uint64_t test = check_test_of(sim, test_case);
    for (size_t i = 0; last_upload_counts(sim) && i < last->expected_count; i++) {
        const struct expected *expected = &last->expected[i];
        if (expected->test == test && expected->design != NO_DESIGN && !expected->unwanted &&
            !expected->doubtful && expected->design != scenario_design(test_case->description))
            simulation_violation(sim, "the test case '%s' says '%s'", test_case->content,
                                 test_case->description);
    }
}
