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

static int64_t logs_with(const struct model *m, uint64_t marker)
{
    int64_t count = 0;
    for (size_t i = 0; i < m->log_count; i++) {
        uint64_t found;
        count += m->logs[i].note && note_marker(m->logs[i].note, &found) && found == marker;
    }
    return count;
}

/* A test keeps its case when reports begin to carry its id, whatever content it has. */
static uint64_t test_of(const struct simulation *sim, const struct model_case *test_case)
{
    uint64_t content = desired_content_hash(test_case->content);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (sim->uploaders[i].expected[j].content == content)
                return sim->uploaders[i].expected[j].test;
    return content;
}

/* Where the server gives no notes, results that begin in one second of one run are one as good as another
 * (design 4.3): only their number counts. */
static bool alike(const struct expected *a, const struct expected *b)
{
    return a->test == b->test && a->start_s == b->start_s && text_equal(a->suite, b->suite);
}

static int64_t logs_like(const struct simulation *sim, const struct expected *expected)
{
    const struct model *m = &sim->model;
    int64_t count = 0;
    for (size_t i = 0; i < m->log_count; i++) {
        const struct model_run *run = model_run_by_id(m, m->logs[i].run_id);
        count += m->logs[i].start_ms / 1000 == expected->start_s &&
                 text_equal(model_node_by_id(m, NODE_SUITE, run->suite_id)->name, expected->suite) &&
                 test_of(sim, model_case_by_id(m, run->case_id)) == expected->test;
    }
    return count;
}

static bool says_it_is_in(enum result_outcome outcome)
{
    return outcome == OUTCOME_CONFIRMED || outcome == OUTCOME_PRESENT;
}

static enum result_outcome outcome_of(const struct uploader *uploader, size_t i)
{
    return (enum result_outcome)store_entry(&uploader->upload.store, i)->outcome;
}

/* As many logs as results that are said to be in. */
static bool is_in(const struct simulation *sim, const struct uploader *uploader, size_t number)
{
    const struct expected *expected = &uploader->expected[number];
    int64_t said = 0;
    if (!sim->scenario.switches.no_notes)
        return logs_with(&sim->model, expected->marker) > 0;
    for (size_t i = 0; i < uploader->expected_count; i++)
        said += alike(&uploader->expected[i], expected) && says_it_is_in(outcome_of(uploader, i));
    return logs_like(sim, expected) >= said;
}

static bool calls_it_refused_wrongly(const struct simulation *sim, const struct uploader *uploader,
                                     size_t number)
{
    const struct expected *expected = &uploader->expected[number];
    int64_t left = 0;
    if (!sim->scenario.switches.no_notes)
        return logs_with(&sim->model, expected->marker) > 0;
    for (size_t i = 0; i < uploader->expected_count; i++)
        left += alike(&uploader->expected[i], expected) && outcome_of(uploader, i) != OUTCOME_REFUSED;
    return logs_like(sim, expected) > left;
}

static void check_entry(struct simulation *sim, int number, size_t i)
{
    const struct uploader *uploader = &sim->uploaders[number];
    const struct expected *expected = &uploader->expected[i];
    enum result_outcome outcome = outcome_of(uploader, i);
    if (says_it_is_in(outcome) && !is_in(sim, uploader, i))
        simulation_violation(sim, "uploader %d calls result %zu confirmed or present, but it is not in qTest",
                             number, i);
    if (outcome == OUTCOME_REFUSED && calls_it_refused_wrongly(sim, uploader, i))
        simulation_violation(sim, "uploader %d calls result %zu refused, but it is in qTest", number, i);
    if (outcome == OUTCOME_REFUSED && !expected->unwanted && !sim->fault_count &&
        !sim->scenario.switches.automation_off)
        simulation_violation(sim, "uploader %d calls result %zu refused, and nothing is wrong with it",
                             number, i);
}

static bool wants_unwanted(const struct uploader *uploader)
{
    for (size_t i = 0; i < uploader->expected_count; i++)
        if (uploader->expected[i].unwanted)
            return true;
    return false;
}

/* Where the server gives no notes, presence takes lists, and those are made under a claim. */
static void check_repeat(struct simulation *sim, int number, const struct sync_outcome *outcome)
{
    const struct uploader *uploader = &sim->uploaders[number];
    bool claimed = sim->model.claims != uploader->claims_before;
    if (wants_unwanted(uploader))
        return;
    if (outcome->counts.present != outcome->counts.read)
        simulation_violation(sim, "repeating upload %d finds %" PRId64 " of %" PRId64 " results present",
                             number, outcome->counts.present, outcome->counts.read);
    if (sim->model.writes != uploader->writes_before)
        simulation_violation(sim, "repeating upload %d changes something", number);
    if (claimed && !sim->scenario.switches.no_notes)
        simulation_violation(sim, "repeating upload %d makes a claim", number);
}

/* A result that the server takes in no form, and no word of it: the others wait for that one's claim. Or all
 * share the few requests of a minute. */
static bool may_take_long(const struct simulation *sim)
{
    bool any = false;
    if (sim->scenario.switches.minute_limit && sim->scenario.uploaders > 1)
        return true;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        any |= wants_unwanted(&sim->uploaders[i]);
    return any && sim->scenario.switches.job_lost_ms;
}

/* Without any fault a run ends as it should at once. */
static void check_calm_run(struct simulation *sim, int number, enum sync_status status)
{
    const struct uploader *uploader = &sim->uploaders[number];
    bool may_refuse = wants_unwanted(uploader);
    if (status == SYNC_STATUS_DONE || may_take_long(sim) ||
        (may_refuse && (status == SYNC_STATUS_REFUSED || status == SYNC_STATUS_UNCERTAIN)))
        return;
    simulation_violation(sim, "uploader %d ends as %s, and nothing went wrong", number,
                         sync_status_name(status));
}

void check_run(struct simulation *sim, int number, const struct sync_outcome *outcome)
{
    const struct uploader *uploader = &sim->uploaders[number];
    bool off = sim->scenario.switches.automation_off;
    if (!sync_counts_add_up(&outcome->counts))
        simulation_violation(sim, "the sum of uploader %d does not add up", number);
    for (size_t i = 0; i < uploader->expected_count; i++)
        check_entry(sim, number, i);
    if (off && outcome->status == SYNC_STATUS_DONE)
        simulation_violation(sim, "uploader %d calls it done, and automation is off", number);
    if (!sim->fault_count && !off)
        check_calm_run(sim, number, outcome->status);
    if (uploader->repeat)
        check_repeat(sim, number, outcome);
}

/* Of uploads at once either may have had the last word; tomorrow's has. */
static void want(struct wanted *wanted, const struct expected *expected, bool last_word)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (wanted->items[i].marker != expected->marker)
            continue;
        if (last_word)
            wanted->items[i].word_count = 0;
        wanted->items[i].words[wanted->items[i].word_count++] = expected->words[0];
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
                want(wanted, &sim->uploaders[i].expected[j], i == TOMORROW);
}

static const struct expected *by_marker(const struct wanted *wanted, uint64_t marker)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->items[i].marker == marker)
            return &wanted->items[i];
    return NULL;
}

/* Also of a result that is gone: deleting a suite leaves its test cases. */
static const struct expected *by_case(const struct simulation *sim, const struct model_case *test_case)
{
    uint64_t test = test_of(sim, test_case);
    for (int i = 0; i < UPLOADERS_MAX; i++)
        for (size_t j = 0; j < sim->uploaders[i].expected_count; j++)
            if (sim->uploaders[i].expected[j].test == test)
                return &sim->uploaders[i].expected[j];
    return NULL;
}

static bool takes_word(const struct expected *expected, const char *word)
{
    for (size_t i = 0; i < expected->word_count; i++)
        if (text_equal(expected->words[i], word))
            return true;
    return false;
}

static void check_log(struct simulation *sim, const struct wanted *wanted, const struct model_log *log)
{
    const struct model *m = &sim->model;
    const struct model_run *run = model_run_by_id(m, log->run_id);
    const struct model_case *test_case = model_case_by_id(m, run->case_id);
    const struct model_node *suite = model_node_by_id(m, NODE_SUITE, run->suite_id);
    uint64_t marker;
    const struct expected *expected =
        log->note && note_marker(log->note, &marker) ? by_marker(wanted, marker) : NULL;
    if (!expected)
        simulation_violation(sim, "log %" PRId64 " is none of anybody's", log->id);
    else if (expected->unwanted)
        simulation_violation(sim, "log %" PRId64 " should have been refused", log->id);
    else if (test_of(sim, test_case) != expected->test)
        simulation_violation(sim, "log %" PRId64 " is with the wrong test case '%s'", log->id,
                             test_case->content);
    else if (!text_equal(suite->name, expected->suite))
        simulation_violation(sim, "log %" PRId64 " is in suite '%s' instead of '%s'", log->id, suite->name,
                             expected->suite);
    else if (!takes_word(expected, log->status))
        simulation_violation(sim, "log %" PRId64 " has the status %s", log->id, log->status);
}

static int64_t logs_wanted(const struct simulation *sim, const struct wanted *wanted,
                           const struct expected *expected)
{
    int64_t count = 0;
    if (sim->scenario.switches.automation_off)
        return 0;
    if (!sim->scenario.switches.no_notes)
        return !expected->unwanted;
    for (size_t i = 0; i < wanted->count; i++)
        count += !wanted->items[i].unwanted && alike(&wanted->items[i], expected);
    return count;
}

static void check_logs(struct simulation *sim, const struct wanted *wanted)
{
    const struct model *m = &sim->model;
    bool by_second = sim->scenario.switches.no_notes;
    for (size_t i = 0; i < wanted->count; i++) {
        const struct expected *expected = &wanted->items[i];
        int64_t logs = by_second ? logs_like(sim, expected) : logs_with(m, expected->marker);
        int64_t right = logs_wanted(sim, wanted, expected);
        if (logs > right)
            simulation_violation(sim, "%" PRId64 " logs in qTest for %" PRId64 " result of suite '%s'", logs,
                                 right, expected->suite);
        if (logs < right)
            simulation_violation(sim, "a result of suite '%s' is lost", expected->suite);
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
    return sim->scenario.switches.no_delete || sim->scenario.switches.automation_off;
}

static void check_our_node(struct simulation *sim, const struct model_node *node)
{
    const struct model_node *cycle = model_node_by_id(&sim->model, NODE_CYCLE, node->parent_id);
    if (is_claim(node)) {
        if (!claim_may_stay(sim))
            simulation_violation(sim, "the claim '%s' is left", node->name);
    } else if (node->kind == NODE_CYCLE && !text_equal(node->name, scenario_job(&sim->scenario))) {
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
        for (size_t j = 0; j < i; j++)
            if (!m->cases[j].users && test_of(sim, &m->cases[j]) == test_of(sim, test_case))
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

/* One uploader, who is told how many requests are left: only the first one of a run may be one too many. */
static void check_pace(struct simulation *sim)
{
    int64_t runs = 0;
    for (int i = 0; i < UPLOADERS_MAX; i++)
        runs += sim->uploaders[i].run;
    if (sim->scenario.uploaders == 1 && !sim->fault_count && sim->model.throttled > runs)
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
