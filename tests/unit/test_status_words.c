/* The table of status words, and what the two readers make of the words in it and outside of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/status_words.h"
#include "report_words.h"

static void test_the_table_is_in_order_and_as_it_is_spelled(void **state)
{
    (void)state;
    size_t count;
    const struct verdict_word *words = status_word_table(&count);
    assert_true(count > 140);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || strcmp(words[i - 1].word, words[i].word) < 0);
        for (const char *c = words[i].word; *c; c++)
            assert_true(ascii_lower(*c) == *c && !ascii_space(*c) && *c != '_' && *c != '-');
        assert_ptr_equal(status_word_find(words[i].word, strlen(words[i].word)), &words[i]);
    }
}

struct expectation {
    const char *word;
    enum status_meaning meaning;
};

/* As their writers spell them. */
static const struct expectation known[] = {
    /* TestProject, docs/formats.md 2.4 */
    {"Passed", SAYS_PASSED},
    {"Failed", SAYS_FAILED},
    {"Skipped", SAYS_SKIPPED},
    {"Error", SAYS_ERROR},
    {"Disabled", SAYS_SKIPPED},
    {"Aborted", SAYS_SKIPPED},
    {"Aborting", SAYS_SKIPPED},
    {"Suspended", SAYS_SKIPPED},
    {"NoResult", SAYS_SKIPPED},
    {"Blocked", SAYS_SKIPPED},
    {"Executing", SAYS_UNFINISHED},
    {"Reporting", SAYS_UNFINISHED},
    {"Ready", SAYS_UNFINISHED},
    {"Unknown", SAYS_UNDECIDED},
    /* gtest, CTest */
    {"run", SAYS_NOTHING},
    {"completed", SAYS_NOTHING},
    {"notrun", SAYS_SKIPPED},
    {"suppressed", SAYS_SKIPPED},
    {"fail", SAYS_FAILED},
    /* behave */
    {"untested", SAYS_SKIPPED},
    {"undefined", SAYS_SKIPPED},
    {"hook_error", SAYS_ERROR},
    {"cleanup_error", SAYS_ERROR},
    {"xfailed", SAYS_SKIPPED},
    {"xpassed", SAYS_PASSED},
    {"untested_pending", SAYS_SKIPPED},
    /* Cucumber */
    {"PENDING", SAYS_SKIPPED},
    {"AMBIGUOUS", SAYS_SKIPPED},
    /* NUnit, TRX */
    {"Inconclusive", SAYS_SKIPPED},
    {"Explicit", SAYS_SKIPPED},
    {"Warning", SAYS_PASSED},
    {"Timeout", SAYS_ERROR},
    {"NotExecuted", SAYS_SKIPPED},
    {"NotRunnable", SAYS_SKIPPED},
    {"Disconnected", SAYS_ERROR},
    {"InProgress", SAYS_UNFINISHED},
    {"PassedButRunAborted", SAYS_PASSED},
    /* PHPUnit, Robot Framework, TestRail, Allure, CTRF */
    {"risky", SAYS_SKIPPED},
    {"incomplete", SAYS_SKIPPED},
    {"deprecated", SAYS_PASSED},
    {"NOT RUN", SAYS_SKIPPED},
    {"NOT SET", SAYS_SKIPPED},
    {"retest", SAYS_SKIPPED},
    {"broken", SAYS_ERROR},
    {"other", SAYS_UNDECIDED},
    /* Playwright, Jest, Xray, Zephyr, TestNG */
    {"timedOut", SAYS_ERROR},
    {"interrupted", SAYS_SKIPPED},
    {"expected", SAYS_PASSED},
    {"unexpected", SAYS_FAILED},
    {"flaky", SAYS_PASSED},
    {"todo", SAYS_SKIPPED},
    {"UNEXECUTED", SAYS_SKIPPED},
    {"SUCCESS_PERCENTAGE_FAILURE", SAYS_PASSED},
    /* Bazel, TAP, Squish, DejaGnu */
    {"NO_STATUS", SAYS_SKIPPED},
    {"REMOTE_FAILURE", SAYS_ERROR},
    {"FAILED_TO_BUILD", SAYS_ERROR},
    {"not ok", SAYS_FAILED},
    {"XPASS", SAYS_FAILED},
    {"XFAIL", SAYS_SKIPPED},
    {"UNRESOLVED", SAYS_ERROR},
    {"Not-Executed", SAYS_SKIPPED},
    {"\t pass\n", SAYS_PASSED},
};

static void test_words_as_their_writers_spell_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        const struct verdict_word *word = status_word_find(known[i].word, strlen(known[i].word));
        if (!word || word->meaning != known[i].meaning)
            fail_msg("'%s' is taken otherwise", known[i].word);
    }
}

static void test_what_is_no_word_of_the_table(void **state)
{
    (void)state;
    static const char *const words[] = {"",
                                        " ",
                                        "-",
                                        "Passed!",
                                        "Pas",
                                        "passes",
                                        "200",
                                        "2",
                                        "odd",
                                        "p\xC3\xA4ssed",
                                        "passed with a very long explanation behind it"};
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        assert_null(status_word_find(words[i], strlen(words[i])));
    assert_non_null(status_word_find("passedx", 6));
}

/* A JUnit test whose start tag and content are given; what is read of it is "status[ (own word)][ |
 * warning]". */
static void assert_case(const char *attributes, const char *content, const char *expected)
{
    _cleanup_free_ char *report =
        xasprintf("<testsuite name=\"s\"><testcase classname=\"c\" name=\"t\" %s>%s</testcase></testsuite>",
                  attributes, content);
    struct words_read read;
    words_read(&read, report, NULL);
    if (!text_equal(read.told, expected))
        print_error("%s\n", report);
    assert_string_equal(read.told, expected);
    words_release(&read);
}

static void test_junit_words_in_attributes(void **state)
{
    (void)state;
    assert_case("status=\"passed\"", "", "passed");
    assert_case("status=\"run\" result=\"completed\"", "", "passed");
    assert_case("status=\"1\"", "", "passed");
    assert_case("status=\"\"", "", "passed");
    assert_case("status=\"notrun\" result=\"suppressed\"", "", "skipped (notrun)");
    assert_case("status=\"run\" result=\"skipped\"", "", "skipped");
    assert_case("status=\"untested\"", "", "skipped (untested)");
    assert_case("result=\"Inconclusive\"", "", "skipped (Inconclusive)");
    assert_case("result=\"warning\"", "", "passed (warning)");
    assert_case("outcome=\"NotExecuted\"", "", "skipped (NotExecuted)");
    assert_case("state=\"pending\"", "", "skipped (pending)");
    assert_case("result=\"Timeout\"", "",
                "error (Timeout) | line 1: status 'Timeout' without a failure element, taken as failed");
    assert_case("status=\"passed\" result=\"FAILURE\"", "",
                "failed | line 1: status 'FAILURE' without a failure element, taken as failed");
    assert_case("status=\"unknown\"", "",
                "skipped (unknown) | line 1: result 'unknown' is not known, taken as skipped");
    assert_case(
        "status=\"running\"", "",
        "skipped (running) | line 1: status 'running' says that the test has not ended, taken as skipped");
}

static void test_junit_words_outside_the_table_are_told(void **state)
{
    (void)state;
    assert_case("status=\"odd\"", "",
                "passed (odd) | line 1: status 'odd' is not known: without a failure or a skip in it, the "
                "test counts as passed");
    assert_case("status=\"odd\"", "<failure/>",
                "failed (odd) | line 1: status 'odd' is not known: without a failure or a skip in it, the "
                "test counts as passed");
    assert_case("status=\"odd\" result=\"skipped\"", "",
                "skipped (odd) | line 1: status 'odd' is not known: without a failure or a skip in it, the "
                "test counts as passed");
}

static void test_children_are_stronger_for_the_worse(void **state)
{
    (void)state;
    assert_case("status=\"passed\"", "<failure/>", "failed");
    assert_case("status=\"skipped\"", "<error/>", "error");
    assert_case("status=\"untested\"", "<skipped/>", "skipped (untested)");
    assert_case("result=\"timedOut\"", "<failure/>", "failed (timedOut)");
    assert_case("status=\"failed\"", "<skipped/>",
                "skipped | line 1: status 'failed' stands beside a skip, the test counts as skipped");
}

static void test_attributes_that_answer_with_yes_or_no(void **state)
{
    (void)state;
    static const char failed[] =
        "failed | line 1: status 'failed' without a failure element, taken as failed";
    assert_case("executed=\"True\" success=\"True\" result=\"Success\"", "", "passed");
    assert_case("executed=\"False\"", "", "skipped (not executed)");
    assert_case("executed=\"0\"", "", "skipped (not executed)");
    assert_case("success=\"False\"", "", failed);
    assert_case("passed=\"false\"", "", failed);
    assert_case("failed=\"1\"", "", failed);
    assert_case("failed=\"0\" skipped=\"0\" disabled=\"false\" ignored=\"\"", "", "passed");
    assert_case("ignored=\"true\"", "", "skipped (ignored)");
    assert_case("skipped=\"yes\"", "", "skipped");
    assert_case("skipped=\"not on this machine\"", "", "skipped");
    assert_case("disabled=\"true\"", "", "skipped (disabled)");
    assert_case("success=\"pending\"", "", "skipped (pending)");
    assert_case("passed=\"3\" failed=\"0\"", "",
                "passed (3) | line 1: status '3' is not known: without a failure or a skip in it, the test "
                "counts as passed");
}

static void test_attributes_of_suites_decide_no_test(void **state)
{
    (void)state;
    struct words_read read;
    words_read(&read,
               "<testsuite name=\"s\" result=\"Failure\" success=\"False\" skipped=\"3\" "
               "disabled=\"1\"><testcase name=\"t\"/></testsuite>",
               NULL);
    assert_string_equal(read.told,
                        "passed | the suites' attributes speak of 1 failure, but no test in the report has "
                        "one");
    words_release(&read);
}

static void test_one_warning_whatever_the_number(void **state)
{
    (void)state;
    struct words_read read;
    words_read(&read,
               "<testsuite name=\"s\">\n<testcase name=\"a\" status=\"odd\"/>\n<testcase name=\"b\" "
               "status=\"strange\"/>\n<testcase name=\"c\" status=\"odd\"/>\n</testsuite>",
               NULL);
    assert_string_equal(read.told,
                        "passed (odd), passed (strange), passed (odd) | line 2: status 'odd' is not known: "
                        "without a failure or a skip in it, the test counts as passed (3 times in all)");
    words_release(&read);
}

static void test_strict_refuses_what_is_warned_of(void **state)
{
    (void)state;
    static const char *const reports[] = {
        "<testsuite name=\"s\"><testcase name=\"t\" status=\"odd\"/></testsuite>",
        "<testsuite name=\"s\"><testcase name=\"t\" status=\"unknown\"/></testsuite>",
        "<testsuite name=\"s\"><testcase name=\"t\" status=\"failed\"/></testsuite>",
        "<testsuite name=\"s\"><testcase name=\"t\"><Failure/></testcase></testsuite>",
        "<testsuite name=\"s\"><testcase name=\"t\"><status>skipped</status></testcase></testsuite>",
        "<testsuite name=\"s\"><testcase name=\"t\"/><exception>boom</exception></testsuite>",
        "{\"testResults\":[{\"name\":\"a\",\"result\":\"Odd\"}]}",
        "{\"testResults\":[{\"name\":\"a\",\"result\":\"Unknown\"}]}",
    };
    const struct read_options strict = {.strict = true};
    for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
        struct words_read read;
        words_read(&read, reports[i], &strict);
        assert_int_equal(read.rc, -ERR_REPORT);
        assert_non_null(strstr(read.error, "--strict"));
        words_release(&read);
        words_read(&read, reports[i], NULL);
        assert_int_equal(read.rc, 0);
        words_release(&read);
    }
}

static void assert_json(const char *members, const char *expected)
{
    _cleanup_free_ char *report = xasprintf("{\"testResults\":[{\"name\":\"a\",%s}]}", members);
    struct words_read read;
    words_read(&read, report, NULL);
    assert_string_equal(read.told, expected);
    words_release(&read);
}

static void test_json_has_nothing_but_the_word(void **state)
{
    (void)state;
    assert_json("\"result\":\"Passed\"", "passed");
    assert_json("\"passed\":false", "failed");
    assert_json("\"result\":\"Error\"", "error (Error)");
    assert_json("\"result\":\"Suspended\"", "skipped (Suspended)");
    assert_json("\"result\":\"aborting\"", "skipped (aborting)");
    assert_json("\"result\":\"timedOut\"", "error (timedOut)");
    assert_json("\"result\":\"Inconclusive\"", "skipped (Inconclusive)");
    assert_json("\"result\":\"Aborted\",\"targets\":[{\"targetName\":\"Chrome 1\"}]", "skipped (Aborted)");
    assert_json("\"result\":\"completed\"",
                "skipped (completed) | '/testResults/0' of 'report': 'completed' is no result that is known; "
                "it is taken as skipped, never as passed");
    assert_json("\"result\":\"Unknown\"", "skipped (Unknown) | '/testResults/0' of 'report': 'Unknown' is no "
                                          "result that is known; it is taken as skipped, never as passed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_is_in_order_and_as_it_is_spelled),
        cmocka_unit_test(test_words_as_their_writers_spell_them),
        cmocka_unit_test(test_what_is_no_word_of_the_table),
        cmocka_unit_test(test_junit_words_in_attributes),
        cmocka_unit_test(test_junit_words_outside_the_table_are_told),
        cmocka_unit_test(test_children_are_stronger_for_the_worse),
        cmocka_unit_test(test_attributes_that_answer_with_yes_or_no),
        cmocka_unit_test(test_attributes_of_suites_decide_no_test),
        cmocka_unit_test(test_one_warning_whatever_the_number),
        cmocka_unit_test(test_strict_refuses_what_is_warned_of),
        cmocka_unit_test(test_json_has_nothing_but_the_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
