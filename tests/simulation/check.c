#include "check.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sync/note.h"

#define CLAIM_WORDS    "qtest-sync claim"
#define FINISHED_WORDS "qtest-sync finished" /* what a claim becomes where it may not be deleted */
#define ROOT_MODULE    "TestProject"

/* All logs that any uploader wants, each marker once. */
struct wanted {
    struct expected items[RESULTS_MAX * UPLOADERS_MAX];
    size_t count;
};

struct marks_read {
    uint64_t items[NOTE_MARKS_MAX];
    size_t count;
};

static struct marks_read marks_of(const struct model_log *log)
{
    struct marks_read marks = {0};
    marks.count = log->note ? note_marks(log->note, marks.items) : 0;
    return marks;
}

static bool has_one(const struct marks_read *marks, const uint64_t wanted[IDENTITY_OWN])
{
    for (size_t i = 0; i < marks->count; i++)
        for (size_t j = 0; j < IDENTITY_OWN; j++)
            if (wanted[j] && marks->items[i] == wanted[j])
                return true;
    return false;
}

/* Not one of another named execution. */
static bool names(const struct marks_read *marks, const struct expected *expected)
{
    bool of_named = marks->count && identity_mark_is_named(marks->items[0]);
    return has_one(marks, expected->own) &&
           (!expected->named || !of_named || has_one(marks, expected->execution));
}

bool check_stands_for(const struct model_log *log, const struct expected *expected)
{
    const struct marks_read marks = marks_of(log);
    return has_one(&marks, expected->execution) || names(&marks, expected);
}

static const char *cycle_of(const struct model *m, const struct model_log *log)
{
    const struct model_run *run = model_run_by_id(m, log->run_id);
    const struct model_node *suite = model_node_by_id(m, NODE_SUITE, run->suite_id);
    const struct model_node *cycle = model_node_by_id(m, NODE_CYCLE, suite->parent_id);
    return cycle ? cycle->name : NULL;
}

static bool is_in_its_cycle(const struct model *m, const struct model_log *log,
                            const struct expected *expected)
{
    return text_equal(cycle_of(m, log), expected->job);
}

static int64_t logs_here(const struct model *m, const struct expected *expected)
{
    int64_t of_execution = 0;
    int64_t naming = 0;
    for (size_t i = 0; i < m->log_count; i++) {
        if (!is_in_its_cycle(m, &m->logs[i], expected))
            continue;
        const struct marks_read marks = marks_of(&m->logs[i]);
        of_execution += has_one(&marks, expected->execution);
        naming += names(&marks, expected);
    }
    return naming == 0 || of_execution > 1 ? of_execution : naming;
}

int64_t check_logs_of(const struct model *m, const struct expected *expected)
{
    int64_t here = logs_here(m, expected);
    for (size_t i = 0; i < m->log_count && here == 0 && !expected->place_named; i++)
        here = check_stands_for(&m->logs[i], expected);
    return here;
}

static bool share_mark(const uint64_t a[IDENTITY_OWN], const uint64_t b[IDENTITY_OWN])
{
    for (size_t i = 0; i < IDENTITY_OWN; i++)
        if ((a[i] && a[i] == b[0]) || (b[i] && b[i] == a[0]))
            return true;
    return false;
}

/* What tells whose a log is. */
static const uint64_t *first_marks(const struct expected *expected)
{
    return expected->execution[0] ? expected->execution : expected->own;
}

bool check_same(const struct expected *a, const struct expected *b)
{
    return share_mark(first_marks(a), first_marks(b));
}

/* A test keeps its case when reports begin to carry its id, whatever content it has. */
uint64_t check_test_of(const struct simulation *sim, const struct model_case *test_case)
{
    uint64_t content = desired_content_hash(test_case->content);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (sim->uploaders[i].expected[j].content == content)
                return sim->uploaders[i].expected[j].test;
    return content;
}

static bool has_weaker_marks(const struct expected *expected)
{
    return expected->execution[1] || expected->own[1];
}

static void want(struct wanted *wanted, const struct expected *expected)
{
    for (size_t i = 0; i < wanted->count; i++) {
        struct expected *before = &wanted->items[i];
        if (!check_same(before, expected) || !text_equal(before->job, expected->job))
            continue;
        before->unwanted &= expected->unwanted;
        before->doubtful |= expected->doubtful;
        for (size_t j = 0; j < IDENTITY_OWN && has_weaker_marks(expected); j++) {
            before->execution[j] = expected->execution[j]; /* those of the other are among them */
            before->own[j] = expected->own[j];
        }
        return;
    }
    wanted->items[wanted->count++] = *expected;
}

static void want_all(const struct simulation *sim, struct wanted *wanted)
{
    wanted->count = 0;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (!sim->uploaders[i].expected[j].gone)
                want(wanted, &sim->uploaders[i].expected[j]);
}

static const struct expected *by_marker(const struct wanted *wanted, uint64_t marker, const char *cycle)
{
    const struct expected key = {.execution = {marker}};
    for (size_t i = 0; i < wanted->count; i++)
        if (share_mark(first_marks(&wanted->items[i]), key.execution) &&
            text_equal(wanted->items[i].job, cycle))
            return &wanted->items[i];
    return NULL;
}

/* Also of a result that is gone: deleting a suite leaves its test cases. */
static const struct expected *by_case(const struct simulation *sim, const struct model_case *test_case)
{
    uint64_t test = check_test_of(sim, test_case);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (sim->uploaders[i].expected[j].test == test)
                return &sim->uploaders[i].expected[j];
    return NULL;
}

/* As qTest keeps it. */
static int64_t shown_ms(const struct simulation *sim, int64_t instant_ms)
{
    return sim->scenario.switches.no_ms ? instant_ms / 1000 * 1000 : instant_ms;
}

/* Saved once more when it had gone on: the earlier word does not count any more. */
static bool saved_again(const struct simulation *sim, const struct expected *word)
{
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++) {
            const struct expected *other = &sim->uploaders[i].expected[j];
            if (check_same(other, word) && !other->gone && word->start_ms != TIME_NONE &&
                shown_ms(sim, other->start_ms) == shown_ms(sim, word->start_ms) && other->longer &&
                !word->longer)
                return true;
        }
    return false;
}

static int badness(enum result_status status)
{
    return status == RESULT_PASSED ? 0 : status == RESULT_SKIPPED ? 1 : 2;
}

/* Of all that anybody sent of it, in whatever order: the worst, on a tie what starts last; or what starts last in any
 * case, and the worst of that. */
static bool counts_more(const struct scenario *s, const struct expected *a, const struct expected *b)
{
    if (a->start_ms != b->start_ms && (s->last_counts || badness(a->status) == badness(b->status)))
        return a->start_ms > b->start_ms;
    return badness(a->status) > badness(b->status);
}

/* One that names it, as this one does not. */
static bool has_another_log(const struct simulation *sim, const struct model_log *log,
                            const struct expected *expected)
{
    const struct marks_read own = marks_of(log);
    for (size_t i = 0; i < sim->model.log_count && !names(&own, expected); i++) {
        const struct marks_read marks = marks_of(&sim->model.logs[i]);
        if (names(&marks, expected))
            return true;
    }
    return false;
}

static const struct expected *word_of(const struct simulation *sim, const struct model_log *log,
                                      bool *ret_any)
{
    const struct expected *word = NULL;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++) {
            const struct expected *expected = &sim->uploaders[i].expected[j];
            if (!check_stands_for(log, expected) || !is_in_its_cycle(&sim->model, log, expected) ||
                expected->gone || has_another_log(sim, log, expected))
                continue;
            *ret_any |= expected->unwanted || expected->doubtful;
            if (!saved_again(sim, expected) && (!word || counts_more(&sim->scenario, expected, word)))
                word = expected;
        }
    return word;
}

/* A correction may bring it the start of a result that it stands for, and no other: not the time of an upload. */
static bool has_start_of_a_result(const struct simulation *sim, const struct model_log *log)
{
    bool found = shown_ms(sim, log->start_ms) == shown_ms(sim, log->first_start_ms);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++) {
            const struct expected *expected = &sim->uploaders[i].expected[j];
            found |= check_stands_for(log, expected) && expected->start_ms != TIME_NONE &&
                     shown_ms(sim, expected->start_ms) == shown_ms(sim, log->start_ms);
        }
    return found;
}

/* Where a result was refused, nobody knows which of the others its upload would have sent. Where a report is
 * saved again and another part of its execution is not, its own word may stand before the part's. */
static bool takes_word(const struct simulation *sim, const struct model_log *log)
{
    bool any = false;
    const char *shown = log->status;
    const struct expected *word = word_of(sim, log, &any);
    if (any || !word)
        return true;
    bool begins = word->start_ms == TIME_NONE ? has_start_of_a_result(sim, log)
                                              : !word->named || word->altered ||
                                                    shown_ms(sim, word->start_ms) == shown_ms(sim, log->start_ms);
    if (begins && text_equal(scenario_status_word(&sim->scenario, word->status), shown))
        return true;
    const struct uploader *last = &sim->uploaders[TOMORROW];
    for (size_t j = 0; sim->scenario.kind != SAME_REPORT && j < last->expected_count; j++)
        if (check_stands_for(log, &last->expected[j]) && sim->scenario.longer && !sim->scenario.altered &&
            text_equal(last->expected[j].word, shown))
            return true;
    return false;
}

static void tell_word(struct simulation *sim, const struct model_log *log)
{
    bool any;
    const struct expected *word = word_of(sim, log, &any);
    simulation_violation(sim, "log %" PRId64 " has the status %s and begins at %" PRId64 " instead of %s and %" PRId64,
                         log->id, log->status, log->start_ms, scenario_status_word(&sim->scenario, word->status),
                         word->start_ms);
}

static void check_log(struct simulation *sim, const struct wanted *wanted, const struct model_log *log)
{
    const struct model *m = &sim->model;
    const struct model_run *run = model_run_by_id(m, log->run_id);
    const struct model_case *test_case = model_case_by_id(m, run->case_id);
    const struct model_node *suite = model_node_by_id(m, NODE_SUITE, run->suite_id);
    uint64_t marker;
    const struct expected *expected =
        log->note && note_marker(log->note, &marker) ? by_marker(wanted, marker, cycle_of(m, log)) : NULL;
    if (!expected)
        simulation_violation(sim, "log %" PRId64 " is none of anybody's", log->id);
    else if (expected->unwanted && !expected->doubtful)
        simulation_violation(sim, "log %" PRId64 " should have been refused", log->id);
    else if (check_test_of(sim, test_case) != expected->test)
        simulation_violation(sim, "log %" PRId64 " is with the wrong test case '%s'", log->id,
                             test_case->content);
    else if (!text_equal(suite->name, expected->suite))
        simulation_violation(sim, "log %" PRId64 " is in suite '%s' instead of '%s'", log->id, suite->name,
                             expected->suite);
    else if (!takes_word(sim, log))
        tell_word(sim, log);
}

static void check_logs(struct simulation *sim, const struct wanted *wanted)
{
    const struct model *m = &sim->model;
    for (size_t i = 0; i < wanted->count; i++) {
        const struct expected *expected = &wanted->items[i];
        int64_t logs = check_logs_of(m, expected);
        int64_t right = !sim->scenario.switches.automation_off && !expected->unwanted;
        if (logs > right && !expected->doubtful)
            simulation_violation(sim, "%" PRId64 " logs in qTest for %" PRId64 " result of suite '%s'", logs,
                                 right, expected->suite);
        if (logs < right && !expected->doubtful)
            simulation_violation(sim, "a result of suite '%s' is lost", expected->suite);
        if (logs > 1 && expected->doubtful)
            simulation_violation(sim, "%" PRId64 " logs in qTest for one result", logs);
    }
    for (size_t i = 0; i < m->log_count; i++)
        check_log(sim, wanted, &m->logs[i]);
}

static void check_user_node(struct simulation *sim, const struct model_node *node)
{
    const struct model *m = &sim->model;
    if (node->deleted_ms != MODEL_NEVER || node->modified_ms != node->created_ms)
        simulation_violation(sim, "the user's '%s' was touched", node->name);
    for (size_t i = 0; i < m->run_count && node->kind == NODE_SUITE; i++)
        if (m->runs[i].suite_id == node->id)
            simulation_violation(sim, "the user's suite '%s' holds a run of ours", node->name);
}

/* Also one that is empty again, since the user deleted its test cases. */
static bool suite_wanted(const struct simulation *sim, const char *name)
{
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (text_equal(sim->uploaders[i].expected[j].suite, name))
                return true;
    return false;
}

static bool is_claim(const struct model_node *node)
{
    return node->kind == NODE_SUITE && node->place == PLACE_ROOT &&
           (text_starts(node->name, CLAIM_WORDS) || text_equal(node->name, FINISHED_WORDS));
}

/* An uploader that does not know how its job ended leaves its claim, for others to wait. */
static bool claim_may_stay(const struct simulation *sim)
{
    for (int i = 0; i < UPLOADERS_MAX; i++)
        if (sim->uploaders[i].uncertain)
            return true;
    return sim->scenario.switches.deletes != DELETES_ALL || sim->scenario.switches.automation_off;
}

static bool is_job(const struct scenario *s, const char *name)
{
    bool found = false;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        found |= text_equal(name, scenario_job(s, i));
    return found;
}

static void check_our_node(struct simulation *sim, const struct model_node *node)
{
    const struct model_node *cycle = model_node_by_id(&sim->model, NODE_CYCLE, node->parent_id);
    if (is_claim(node)) {
        if (!claim_may_stay(sim))
            simulation_violation(sim, "the claim '%s' is left", node->name);
    } else if (node->kind == NODE_CYCLE && !is_job(&sim->scenario, node->name)) {
        simulation_violation(sim, "there is a strange cycle '%s'", node->name);
    } else if (node->kind == NODE_SUITE &&
               (node->place != PLACE_CYCLE || !cycle || cycle->users || !suite_wanted(sim, node->name))) {
        simulation_violation(sim, "there is a strange suite '%s'", node->name);
    }
}

bool check_claim_left(const struct simulation *sim)
{
    for (size_t i = 0; i < sim->model.node_count; i++)
        if (is_claim(&sim->model.nodes[i]) && model_node_there(&sim->model.nodes[i]))
            return !claim_may_stay(sim);
    return false;
}

/* A module that the user moved is used where it is, not made again in the old place. */
static bool twins(const struct simulation *sim, const struct model_node *a, const struct model_node *b)
{
    if (a->kind != b->kind || is_claim(a) || !text_equal(a->name, b->name))
        return false;
    if (sim->module_moved && a->kind == NODE_MODULE && !a->users && !b->users)
        return true;
    return a->kind == NODE_CYCLE || (a->place == b->place && a->parent_id == b->parent_id);
}

static void check_nodes(struct simulation *sim)
{
    const struct model *m = &sim->model;
    for (size_t i = 0; i < m->node_count; i++) {
        const struct model_node *node = &m->nodes[i];
        if (node->users)
            check_user_node(sim, node);
        else if (model_node_there(node))
            check_our_node(sim, node);
        for (size_t j = 0; j < i && model_node_there(node); j++)
            if (model_node_there(&m->nodes[j]) && twins(sim, node, &m->nodes[j]))
                simulation_violation(sim, "there are two of '%s'", node->name);
    }
}

static bool in_place(const struct simulation *sim, const struct model_case *test_case, const char *folder)
{
    const struct model *m = &sim->model;
    const struct model_node *module = model_node_by_id(m, NODE_MODULE, test_case->module_id);
    if (test_case->id == sim->moved_case_id)
        return module && module->users;
    if (module && folder && sim->module_moved)
        return text_equal(module->name, folder);
    if (module && folder) {
        if (!text_equal(module->name, folder))
            return false;
        module = model_node_by_id(m, NODE_MODULE, module->parent_id);
    }
    return module && module->parent_id == 0 && text_equal(module->name, ROOT_MODULE);
}

static void check_cases(struct simulation *sim)
{
    const struct model *m = &sim->model;
    for (size_t i = 0; i < m->case_count; i++) {
        const struct model_case *test_case = &m->cases[i];
        if (test_case->users)
            continue;
        const struct expected *expected = by_case(sim, test_case);
        if (!expected)
            simulation_violation(sim, "there is a strange test case '%s'", test_case->content);
        else if (!in_place(sim, test_case, expected->folder))
            simulation_violation(sim, "the test case '%s' is in the wrong module", test_case->content);
        check_design(sim, test_case);
        for (size_t j = 0; j < i; j++)
            if (!m->cases[j].users && check_test_of(sim, &m->cases[j]) == check_test_of(sim, test_case))
                simulation_violation(sim, "there are two test cases of '%s'", test_case->content);
    }
}

static void check_runs(struct simulation *sim)
{
    const struct model *m = &sim->model;
    for (size_t i = 0; i < m->run_count; i++)
        for (size_t j = 0; j < i; j++)
            if (m->runs[i].case_id == m->runs[j].case_id && m->runs[i].suite_id == m->runs[j].suite_id)
                simulation_violation(sim, "there are two runs of a test case in one suite");
}

/* One uploader, who is told how many requests are left: only the first one for an execution may be one too
 * many. */
static void check_pace(struct simulation *sim)
{
    int64_t engines = 0;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        engines += sim->uploaders[i].engines;
    if (sim->scenario.uploaders == 1 && !sim->fault_count && sim->model.throttled > engines)
        simulation_violation(sim, "%" PRId64 " requests beyond the minute's limit, which is told",
                             sim->model.throttled);
}

void check_all(struct simulation *sim)
{
    struct wanted wanted;
    check_pace(sim);
    want_all(sim, &wanted);
    if (sim->model.alien)
        simulation_violation(sim, "no qTest understands '%s'", sim->model.alien);
    check_nodes(sim);
    check_cases(sim);
    check_runs(sim);
    check_logs(sim, &wanted);
}
