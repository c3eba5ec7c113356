/* The executions of one command have an outcome each; joined, they say everything once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sync/outcome.h"

static void count_problem(struct sync_outcome *outcome, int64_t count)
{
    const struct sync_count counted = {
        .pattern = (char *)"{} kept", .count = count, .one = "result is", .many = "results are"};
    sync_outcome_counted_problem(outcome, ERR_NONE, count, &counted);
}

static void count_action(struct sync_outcome *outcome, const char *pattern, int64_t count, const char *one,
                         const char *many)
{
    const struct sync_count counted = {.pattern = (char *)pattern, .count = count, .one = one, .many = many};
    sync_outcome_counted_action(outcome, &counted);
}

static void add_suite(struct sync_outcome *outcome, int64_t id, const char *name, int64_t results)
{
    outcome->suites = xreallocarray(outcome->suites, outcome->suite_count + 1, sizeof *outcome->suites);
    outcome->suites[outcome->suite_count++] =
        (struct sync_object){.id = id, .name = xstrdup(name), .results = results};
}

static struct sync_outcome outcome_of(enum sync_status status, int64_t cycle_id, int64_t results)
{
    struct sync_outcome outcome = SYNC_OUTCOME_INIT;
    outcome.status = status;
    outcome.counts = (struct sync_counts){.read = results, .confirmed = results};
    outcome.requests = 10;
    outcome.polls = 1;
    outcome.cycle = (struct sync_object){.id = cycle_id, .name = xstrdup("Nightly"), .results = results};
    return outcome;
}

static void test_sums_places_and_sentences(void **state)
{
    (void)state;
    struct sync_outcome sum = outcome_of(SYNC_STATUS_DONE, 0, 3);
    struct sync_outcome next = outcome_of(SYNC_STATUS_SPOOLED, 7, 4);
    add_suite(&sum, 0, "Chrome", 3);
    add_suite(&next, 8, "Firefox", 1);
    add_suite(&next, 9, "Chrome", 3);
    sync_outcome_problem(&sum, ERR_REFUSED, 1, "no such word");
    sync_outcome_problem(&next, ERR_REFUSED, 2, "no such word");
    sync_outcome_problem(&next, ERR_NONE, 0, "no such word");
    count_problem(&sum, 1);
    count_problem(&next, 4);
    error_set(&next.error, ERR_NETWORK, "away");
    sync_outcome_join(&sum, &next);
    assert_int_equal(sum.status, SYNC_STATUS_SPOOLED);
    assert_int_equal(sum.error.code, ERR_NETWORK);
    assert_int_equal(sum.counts.read, 7);
    assert_int_equal(sum.counts.confirmed, 7);
    assert_int_equal(sum.requests, 20);
    assert_int_equal(sum.polls, 2);
    assert_int_equal(sum.cycle.id, 7);
    assert_int_equal(sum.cycle.results, 7);
    assert_int_equal(sum.suite_count, 2);
    assert_string_equal(sum.suites[0].name, "Chrome");
    assert_int_equal(sum.suites[0].id, 9);
    assert_int_equal(sum.suites[0].results, 6);
    assert_int_equal(sum.problem_count, 3);
    assert_int_equal(sum.problems[0].results, 3);
    assert_string_equal(sum.problems[1].text, "5 results are kept");
    assert_int_equal(sum.problems[1].results, 5);
    sync_outcome_release(&sum);
}

static struct sync_outcome plan_of(size_t case_count, const uint64_t *cases, int64_t logs)
{
    struct sync_outcome plan = outcome_of(SYNC_STATUS_PLANNED, 0, logs);
    plan.new_cases = xmemdup(cases, case_count * sizeof *cases);
    plan.new_case_count = case_count;
    sync_outcome_action(&plan, "create test suite 'Chrome'");
    if (case_count)
        count_action(&plan, SYNC_ACTION_CASES, (int64_t)case_count, "test case", "test cases");
    count_action(&plan, "add {} to test suite 'Chrome'", logs, "test log", "test logs");
    return plan;
}

static void test_a_plan_makes_each_thing_once(void **state)
{
    (void)state;
    const uint64_t cases[] = {3, 5, 9, UINT64_MAX};
    struct sync_outcome sum = plan_of(2, cases, 1);      /* 3, 5 */
    struct sync_outcome next = plan_of(3, cases + 1, 3); /* 5, 9, the last */
    struct sync_outcome nothing_new = plan_of(0, cases, 2);
    sync_outcome_join(&sum, &next);
    sync_outcome_join(&sum, &nothing_new);
    assert_int_equal(sum.status, SYNC_STATUS_PLANNED);
    assert_int_equal(sum.action_count, 3);
    assert_string_equal(sum.actions[0].text, "create test suite 'Chrome'");
    assert_string_equal(sum.actions[1].text, "create 4 test cases");
    assert_string_equal(sum.actions[2].text, "add 6 test logs to test suite 'Chrome'");
    assert_int_equal(sum.new_case_count, 4);
    sync_outcome_release(&sum);
}

static void test_the_worst_status_stays(void **state)
{
    (void)state;
    static const enum sync_status rising[] = {SYNC_STATUS_DONE, SYNC_STATUS_REFUSED, SYNC_STATUS_UNCERTAIN,
                                              SYNC_STATUS_SPOOLED, SYNC_STATUS_FAILED};
    for (size_t i = 0; i < ARRAY_SIZE(rising); i++)
        for (size_t j = 0; j < ARRAY_SIZE(rising); j++) {
            struct sync_outcome sum = outcome_of(rising[i], 1, 1);
            struct sync_outcome next = outcome_of(rising[j], 1, 1);
            sync_outcome_join(&sum, &next);
            assert_int_equal(sum.status, rising[i > j ? i : j]);
            sync_outcome_release(&sum);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_places_and_sentences),
        cmocka_unit_test(test_a_plan_makes_each_thing_once),
        cmocka_unit_test(test_the_worst_status_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
