/* What upload, plan and inspect print, and the exit code that an outcome makes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "cli/exit_code.h"
#include "cli/show.h"

static struct upload_result done_result(void)
{
    struct upload_result result = UPLOAD_RESULT_INIT;
    struct sync_outcome *outcome = &result.outcome;
    outcome->status = SYNC_STATUS_DONE;
    outcome->counts = (struct sync_counts){.read = 7, .confirmed = 4, .present = 2, .skipped = 1};
    outcome->requests = 14;
    outcome->polls = 3;
    outcome->cycle = (struct sync_object){.id = 9007199254740993,
                                          .pid = xstrdup("CL-3"),
                                          .name = xstrdup("Night\033[31m \"ly\""),
                                          .url = xstrdup("http://127.0.0.1/p/1")};
    outcome->suites = xcalloc(1, sizeof *outcome->suites);
    outcome->suite_count = 1;
    outcome->suites[0] =
        (struct sync_object){.id = 5, .pid = xstrdup("TS-1"), .name = xstrdup("Chrome"), .results = 7};
    result.tests = (struct report_counts){.results = 7, .passed = 6, .failed = 1};
    return result;
}

static char *text_of(const struct upload_result *result)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    outcome_text_write(&out, result, false);
    return buf_take(&out);
}

static void test_text_shows_tree_problems_and_sum(void **state)
{
    (void)state;
    struct upload_result result = done_result();
    sync_outcome_problem(&result.outcome, ERR_NONE, 2, "older than what qTest shows");
    _cleanup_free_ char *text = text_of(&result);
    assert_string_equal(text, "test cycle 'Night \"ly\"': CL-3  http://127.0.0.1/p/1\n"
                              "  test suite TS-1 Chrome  7 results\n"
                              "warning with 2 results: older than what qTest shows\n"
                              "sent 14 requests, 3 of them polls\n"
                              "read 7 = confirmed 4 + present 2 + refused 0 + spooled 0 + skipped 1\n");
    sync_outcome_release(&result.outcome);
}

static void test_plan_text_lists_the_writes(void **state)
{
    (void)state;
    struct upload_result result = done_result();
    result.outcome.status = SYNC_STATUS_PLANNED;
    result.outcome.cycle.id = 0;
    result.cycle_from = (char[]){"the report"};
    sync_outcome_action(&result.outcome, "create the test cycle 'Nightly'");
    _cleanup_free_ char *text = text_of(&result);
    assert_non_null(strstr(text, "new test cycle 'Night \"ly\"', from the report"));
    assert_non_null(strstr(text, "upload would:\n  - create the test cycle 'Nightly'\n"));
    assert_non_null(strstr(text, "read 7 = to add 4 + present 2 +"));
    sync_outcome_release(&result.outcome);
}

static void test_nothing_is_claimed_of_an_upload_that_failed(void **state)
{
    (void)state;
    struct upload_result result = done_result();
    result.outcome.status = SYNC_STATUS_FAILED;
    error_set(&result.outcome.error, ERR_ACCESS, "the token is wrong");
    _cleanup_free_ char *text = text_of(&result);
    assert_string_equal(text, "");
    sync_outcome_release(&result.outcome);
}

static void test_what_could_not_be_kept_is_part_of_the_sum_and_not_called_refused(void **state)
{
    (void)state;
    struct settings plain = SETTINGS_INIT;
    struct upload_result result = done_result();
    result.outcome.status = SYNC_STATUS_FAILED;
    result.outcome.counts = (struct sync_counts){.read = 7, .confirmed = 4};
    result.unsent = 3;
    error_set(&result.outcome.error, ERR_NETWORK, "qTest does not answer");
    assert_true(outcome_adds_up(&result));
    _cleanup_free_ char *text = text_of(&result);
    assert_non_null(
        strstr(text, "read 7 = confirmed 4 + present 0 + refused 0 + spooled 0 + skipped 0 + unsent 3\n"));
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    outcome_json_write(&out, &result);
    assert_non_null(strstr(buf_text(&out), "\"refused\": 0"));
    assert_non_null(strstr(buf_text(&out), "\"unsent\": 3"));
    assert_int_equal(outcome_exit_code(&plain, &result), 5);
    sync_outcome_release(&result.outcome);
}

static void test_json_holds_the_fields_of_the_design(void **state)
{
    (void)state;
    struct upload_result result = done_result();
    sync_outcome_problem(&result.outcome, ERR_REFUSED, 1, "no such status");
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    outcome_json_write(&out, &result);
    _cleanup_(json_delete) cJSON *root = json_parse(buf_text(&out), out.length);
    static const char *const fields[] = {"status",  "read",     "confirmed", "present", "refused", "spooled",
                                         "skipped", "requests", "cycle",     "suites",  "problems"};
    const cJSON *item = root->child;
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++, item = item->next)
        assert_string_equal(item->string, fields[i]);
    assert_null(item);
    int64_t id = 0;
    assert_true(json_int64(json_member(root, "cycle"), "id", &id));
    assert_true(id == 9007199254740993);
    const cJSON *problem = json_member(root, "problems")->child;
    assert_string_equal(json_text(problem, "code"), "refused");
    assert_string_equal(json_text(problem, "message"), "no such status");
    sync_outcome_release(&result.outcome);
}

static void test_json_of_a_failure_names_it(void **state)
{
    (void)state;
    struct upload_result result = UPLOAD_RESULT_INIT;
    error_set(&result.outcome.error, ERR_NETWORK, "qTest does not answer");
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    outcome_json_write(&out, &result);
    _cleanup_(json_delete) cJSON *root = json_parse(buf_text(&out), out.length);
    assert_string_equal(json_text(root, "status"), "failed");
    assert_true(cJSON_IsNull(json_member(json_member(root, "cycle"), "id")));
    assert_string_equal(json_text(json_member(root, "problems")->child, "code"), "network");
    sync_outcome_release(&result.outcome);
}

static void test_exit_code_is_the_first_of_the_order(void **state)
{
    (void)state;
    static const int order[] = {70, 129, 130, 143, 4, 5, 6, 1, 2, 3, 10, 0};
    for (size_t i = 0; i < ARRAY_SIZE(order); i++)
        for (size_t j = 0; j < ARRAY_SIZE(order); j++)
            assert_int_equal(exit_code_worse(order[i], order[j]), order[i < j ? i : j]);
}

static int code_of(const struct settings *settings, struct upload_result *result)
{
    int code = outcome_exit_code(settings, result);
    sync_outcome_release(&result->outcome);
    return code;
}

static void test_exit_codes_of_outcomes(void **state)
{
    (void)state;
    struct settings plain = SETTINGS_INIT;
    struct settings strict = {.fail_on = FAIL_ON_FAILED};
    struct upload_result result = done_result();
    assert_int_equal(code_of(&plain, &result), 0);
    result = done_result();
    assert_int_equal(code_of(&strict, &result), 10);
    result = done_result();
    result.tests.failed = 0;
    assert_int_equal(code_of(&strict, &result), 0);
    result = done_result();
    sync_outcome_problem(&result.outcome, ERR_REPORT, 0, "a bad report beside good ones");
    assert_int_equal(code_of(&strict, &result), 3);
    result = done_result();
    result.outcome.counts.present++;
    assert_int_equal(code_of(&plain, &result), 70);
    result = done_result();
    result.outcome.status = SYNC_STATUS_REFUSED;
    assert_int_equal(code_of(&plain, &result), 1);
    result = done_result();
    result.ended_by = 15;
    assert_int_equal(code_of(&plain, &result), 143);
    result = done_result();
    sync_outcome_problem(&result.outcome, ERR_NONE, 0, "only a warning");
    assert_int_equal(code_of(&plain, &result), 0);
}

static void test_warn_softens_one_five_and_six_only(void **state)
{
    (void)state;
    struct settings warn = {.on_upload_error = UPLOAD_ERROR_WARN};
    static const struct {
        enum error_code code;
        int exit;
    } cases[] = {{ERR_NETWORK, 0}, {ERR_REFUSED, 0}, {ERR_UNCERTAIN, 0},
                 {ERR_ACCESS, 4},  {ERR_REPORT, 3},  {ERR_INTERNAL, 70}};
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct upload_result result = UPLOAD_RESULT_INIT;
        error_set(&result.outcome.error, cases[i].code, "x");
        assert_int_equal(code_of(&warn, &result), cases[i].exit);
    }
    struct upload_result result = UPLOAD_RESULT_INIT; /* failed, and nobody said why */
    assert_int_equal(code_of(&warn, &result), 70);
    result = done_result(); /* softening one thing leaves another */
    result.outcome.status = SYNC_STATUS_SPOOLED;
    sync_outcome_problem(&result.outcome, ERR_REPORT, 0, "x");
    assert_int_equal(code_of(&warn, &result), 3);
}

static void test_inspect_json_accounts_for_every_file(void **state)
{
    (void)state;
    struct inspected reports[2] = {{.name = "a.xml"}, {.name = "b.xml"}};
    reports[0].meta.format = FORMAT_JUNIT;
    reports[0].meta.counts = (struct report_counts){.results = 3, .passed = 2, .error = 1};
    text_list_add(&reports[0].meta.targets, "Chrome 1");
    error_set(&reports[1].error, ERR_REPORT, "'b.xml' is no report");
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    struct settings settings = SETTINGS_INIT;
    const struct inspected_place place = {.settings = &settings};
    inspect_json_write(&out, reports, 2, &(const struct text_list){0}, &place);
    _cleanup_(json_delete) cJSON *root = json_parse(buf_text(&out), out.length);
    const cJSON *first = json_member(root, "reports")->child;
    static const char *const fields[] = {"file",       "format",  "job",    "execution_id",
                                         "report_url", "targets", "counts", "warnings"};
    const cJSON *item = first->child;
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++, item = item->next)
        assert_string_equal(item->string, fields[i]);
    assert_null(item);
    assert_string_equal(json_text(first->next, "file"), "b.xml");
    assert_string_equal(json_text(first->next, "error"), "'b.xml' is no report");
    int64_t results = 0;
    assert_true(json_int64(json_member(root, "counts"), "results", &results));
    assert_int_equal(results, 3);
    for (int i = 0; i < 2; i++) {
        report_meta_release(&reports[i].meta);
        error_release(&reports[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_shows_tree_problems_and_sum),
        cmocka_unit_test(test_plan_text_lists_the_writes),
        cmocka_unit_test(test_nothing_is_claimed_of_an_upload_that_failed),
        cmocka_unit_test(test_what_could_not_be_kept_is_part_of_the_sum_and_not_called_refused),
        cmocka_unit_test(test_json_holds_the_fields_of_the_design),
        cmocka_unit_test(test_json_of_a_failure_names_it),
        cmocka_unit_test(test_exit_code_is_the_first_of_the_order),
        cmocka_unit_test(test_exit_codes_of_outcomes),
        cmocka_unit_test(test_warn_softens_one_five_and_six_only),
        cmocka_unit_test(test_inspect_json_accounts_for_every_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
