/* Elements that no JUnit dialect knows: which names say how a test ended and which only look so, and what is
 * made of a report with such elements. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "report/verdict_name.h"
#include "report_words.h"

static const char *const failures[] = {
    "Failure",
    "FAILURE",
    "failed",
    "fail",
    "Failures",
    "failures",
    "error",
    "Errors",
    "exception",
    "Exceptions",
    "assertion-failure",
    "AssertionError",
    "testFailure",
    "test_failed",
    "crash",
    "crashes",
    "timeout",
    "timedOut",
    "unexpected",
    "fatal-error",
    "FatalError",
    "unhandledException",
    "errorMessage",
    "failure-reason",
    "isFailed",
    "has_error",
    "broken",
    "hook.error",
    "stepFailure",
    "not_ok",
    "failureDetails",
    "failure-info",
    "ErrorInfo",
    "error-description",
    "softAssertionFailures",
};
static const char *const skips[] = {
    "skip",      "Skipped",   "SKIPPED",    "skips",       "ignored",     "ignore",
    "notrun",    "not-run",   "NotRun",     "disabled",    "pending",     "inconclusive",
    "blocked",   "todo",      "aborted",    "skipReason",  "testSkipped", "untested",
    "undefined", "cancelled", "wasSkipped", "notExecuted",
};
static const char *const others[] = {
    "failureCount",
    "failure_count",
    "errorLog",
    "error-log",
    "skippedTests",
    "failedTests",
    "warning",
    "passed",
    "errorLevel",
    "expectedException",
    "timeoutSeconds",
    "exceptionHandler",
    "ignoredAttributes",
    "failureScreenshot",
    "errorsAllowed",
    "skipList",
    "noError",
    "knownFailure",
    "nonFatalError",
    "failureRate",
    "errata",
    "terror",
    "skipper",
    "defaults",
    "webLink",
    "label",
    "run",
    "completed",
    "description",
    "flags",
    "lastFailure",
    "failfast",
    "failOver",
    "errorHandling",
    "success",
    "todoList",
    "pendingSince",
    "blockedBy",
    "crashReporter",
    "unexpectedly",
    "x",
    "f\xC3\xA4iled",
};

static void test_names_that_say_how_a_test_ended(void **state)
{
    (void)state;
    struct verdict_name says;
    for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
        verdict_name_read(failures[i], &says);
        if (says.kind != NAME_VERDICT || says.meaning < SAYS_FAILED)
            fail_msg("<%s> is no failure", failures[i]);
    }
    for (size_t i = 0; i < ARRAY_SIZE(skips); i++) {
        verdict_name_read(skips[i], &says);
        if (says.kind != NAME_VERDICT || says.meaning != SAYS_SKIPPED)
            fail_msg("<%s> is no skip", skips[i]);
    }
}

static void test_names_that_only_look_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        struct verdict_name says;
        verdict_name_read(others[i], &says);
        if (says.kind != NAME_ELSE)
            fail_msg("<%s> says something", others[i]);
    }
}

static void test_holders_and_attempts(void **state)
{
    (void)state;
    static const char *const holders[] = {"status",     "Result",      "OUTCOME",
                                          "testResult", "case-status", "verdict"};
    static const char *const no_holders[] = {"exitStatus", "httpStatus", "statusText", "results"};
    static const char *const attempts[] = {"retries", "previousAttempts", "rerun", "testAttempts", "history"};
    struct verdict_name says;
    for (size_t i = 0; i < ARRAY_SIZE(holders); i++) {
        verdict_name_read(holders[i], &says);
        assert_int_equal(says.kind, NAME_HOLDER);
    }
    for (size_t i = 0; i < ARRAY_SIZE(no_holders); i++) {
        verdict_name_read(no_holders[i], &says);
        assert_int_equal(says.kind, NAME_ELSE);
    }
    for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
        verdict_name_read(attempts[i], &says);
        assert_int_equal(says.kind, NAME_ATTEMPTS);
    }
    verdict_name_read("retryFailure", &says);
    assert_true(says.kind == NAME_VERDICT && says.attempt);
}

#define FAILED_BY(name)                                                                                      \
    "failed | line 1: JUnit has no element <" name ">, by its name the test is taken as failed"
#define ERROR_BY(name)                                                                                       \
    "error | line 1: JUnit has no element <" name ">, by its name the test is taken as failed"
#define SKIPPED_BY(name)                                                                                     \
    "skipped | line 1: JUnit has no element <" name ">, by what it says the test is taken as skipped"
#define STATUS(word) "failed | line 1: status '" word "' without a failure element, taken as failed"

/* What stands in a test, and what comes out. */
static const struct {
    const char *content;
    const char *expected;
} in_a_test[] = {
    {"<Failure/>", FAILED_BY("Failure")},
    {"<FAILURE>boom</FAILURE>", FAILED_BY("FAILURE")},
    {"<failures><failure/></failures>", FAILED_BY("failures/failure")},
    {"<failures><failure/><failure/></failures>", FAILED_BY("failures/failure") " (2 times in all)"},
    {"<errors><error message='x'/></errors>", ERROR_BY("errors/error")},
    {"<errors><string>boom</string></errors>", ERROR_BY("errors")},
    {"<errors><item><failure/></item></errors>", FAILED_BY("item/failure")},
    {"<failures>2</failures>", FAILED_BY("failures")},
    {"<exception>boom</exception>", ERROR_BY("exception")},
    {"<Exception><message>boom</message></Exception>", ERROR_BY("Exception")},
    {"<skip/>", SKIPPED_BY("skip")},
    {"<Skipped>true</Skipped>", SKIPPED_BY("Skipped")},
    {"<ignored/>", SKIPPED_BY("ignored")},
    {"<notrun/>", SKIPPED_BY("notrun")},
    {"<inconclusive/>", SKIPPED_BY("inconclusive")},
    {"<todo/>", SKIPPED_BY("todo")},
    {"<assertion-failure/>", FAILED_BY("assertion-failure")},
    {"<timeout/>", ERROR_BY("timeout")},
    {"<timeout>after 30 s</timeout>", ERROR_BY("timeout")},
    {"<crash/>", ERROR_BY("crash")},
    {"<x:failure xmlns:x='urn:x'/>", FAILED_BY("x:failure")},
    {"<result><failure/></result>", FAILED_BY("result/failure")},
    {"<details><outcome><Failure/></outcome></details>", FAILED_BY("outcome/Failure")},
    {"<errorMessage>boom</errorMessage>", ERROR_BY("errorMessage")},
    {"<isFailed>true</isFailed>", FAILED_BY("isFailed")},
    /* a word in an element */
    {"<status>failed</status>", STATUS("failed")},
    {"<result>FAILED</result>", STATUS("FAILED")},
    {"<outcome value='Failed'/>", STATUS("Failed")},
    {"<result status='fail'/>", STATUS("fail")},
    {"<result><status>failed</status></result>", STATUS("failed")},
    {"<status>passed</status>", "passed"},
    {"<state>pending</state>", "skipped (pending) | line 1: JUnit has no element <state>, by what it says "
                               "the test is taken as skipped"},
    {"<status>odd</status>",
     "passed (odd) | line 1: status 'odd' is not known: without a failure or a skip in it, "
     "the test counts as passed"},
    {"<status>failed</status><failure/>", "failed"},
    /* what says nothing */
    {"<failures/>", "passed"},
    {"<failures>0</failures>", "passed"},
    {"<errors> </errors><Failures/><Error/>", "passed"},
    {"<failed>false</failed>", "passed"},
    {"<Skipped>false</Skipped>", "passed"},
    {"<exception>none</exception>", "passed"},
    {"<timeout>30</timeout>", "passed"},
    {"<timeout>30 s</timeout>", "passed"},
    {"<timeout unit='s' value='30'/>", "passed"},
    {"<errorMessage/>", "passed"},
    {"<failureCount>3</failureCount><errorLog>error</errorLog><skippedTests>2</skippedTests>", "passed"},
    {"<warning/><passed/>", "passed"},
    {"<status/>", "passed"},
    {"<passed><failure/></passed>", "passed"},
    {"<system-out><failure/></system-out>", "passed"},
    {"<properties><failure/></properties>", "passed"},
    {"<webLink><label>failure</label></webLink>", "passed"},
    /* attempts before the last one */
    {"<retries><failure/></retries>", "passed flaky | line 1: JUnit has no element <retries/failure>, it is "
                                      "taken for an earlier attempt that failed"},
    {"<retry-failure>boom</retry-failure>", "passed flaky | line 1: JUnit has no element <retry-failure>, it "
                                            "is taken for an earlier attempt that failed"},
    {"<previousAttempts><attempt><status>failed</status></attempt></previousAttempts>", "passed"},
    {"<flakyFailure/>", "passed flaky"},
    {"<failure/><rerunFailure/>", "failed"},
};

static void test_unknown_elements_in_a_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(in_a_test); i++) {
        _cleanup_free_ char *report =
            xasprintf("<testsuite name='s'><testcase classname='c' name='t'>%s</testcase></testsuite>",
                      in_a_test[i].content);
        struct words_read read;
        words_read(&read, report, NULL);
        if (strcmp(read.told, in_a_test[i].expected) != 0)
            print_error("%s\n", in_a_test[i].content);
        assert_string_equal(read.told, in_a_test[i].expected);
        words_release(&read);
    }
}

#define SUITE_BY(name)                                                                                       \
    "passed, suite-error | line 1: JUnit has no element <" name ">, by its name the test is taken as failed"

static const struct {
    const char *content;
    const char *expected;
} in_a_suite[] = {
    {"<Failure/>", SUITE_BY("Failure")},
    {"<exception>boom</exception>", SUITE_BY("exception")},
    {"<failures><failure/></failures>", SUITE_BY("failure")},
    {"<errors>could not start</errors>", SUITE_BY("errors")},
    {"<setup><error/></setup>", SUITE_BY("setup/error")},
    {"<Skipped/>", "passed"},
    {"<status>failed</status>", "passed"},
    {"<errors>0</errors><failures>0</failures>", "passed"},
    {"<summary><errors>0</errors><failed>0</failed><skipped>2</skipped></summary>", "passed"},
    {"<coverage><error-rate>2</error-rate></coverage>", "passed"},
    {"<summary><failed>2</failed></summary>",
     "passed | the suites' attributes speak of 2 failures, but no test in the report has one"},
};

static void test_unknown_elements_in_a_suite(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(in_a_suite); i++) {
        _cleanup_free_ char *report =
            xasprintf("<testsuite name='s'><testcase name='t'/>%s</testsuite>", in_a_suite[i].content);
        struct words_read read;
        words_read(&read, report, NULL);
        if (strcmp(read.told, in_a_suite[i].expected) != 0)
            print_error("%s\n", in_a_suite[i].content);
        assert_string_equal(read.told, in_a_suite[i].expected);
        words_release(&read);
    }
}

static void test_what_is_told_is_that_of_a_real_failure(void **state)
{
    (void)state;
    static const char *const forms[] = {"failure", "Failure"};
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        _cleanup_free_ char *report = xasprintf("<testsuite name='s'><testcase name='t'><%s message='m' "
                                                "type='T'>at 1\nat 2</%s></testcase></testsuite>",
                                                forms[i], forms[i]);
        struct words_read read;
        words_begin(&read);
        read.with_texts = true;
        words_read_on(&read, report, NULL);
        assert_ptr_equal(strstr(read.told, "failed \"m\" \"m\nat 1\nat 2\""), read.told);
        words_release(&read);
    }
}

static void test_a_list_tells_the_texts_of_its_members(void **state)
{
    (void)state;
    struct words_read read;
    words_begin(&read);
    read.with_texts = true;
    words_read_on(&read,
                  "<testsuite name='s'><testcase "
                  "name='t'><errors><string>one</string><string>two</string></errors></testcase></testsuite>",
                  NULL);
    assert_ptr_equal(strstr(read.told, "error \"one\" \"one\ntwo\""), read.told);
    words_release(&read);
}

static void test_tests_in_unknown_elements(void **state)
{
    (void)state;
    struct words_read read;
    words_read(&read,
               "<testsuite name='s'><testcase name='x'/><group><testcase name='a'/><testcase "
               "name='b'><failure/></testcase></group><failures><testcase name='c'/></failures>"
               "<retries><testcase name='d'><failure/></testcase></retries></testsuite>",
               NULL);
    assert_string_equal(
        read.told, "passed, passed, failed | line 1: JUnit has no element <group>, the tests inside count "
                   "as those of the suite around it (2 times in all) | line 1: a test stands inside "
                   "<failures>, where JUnit has none; it is left out");
    words_release(&read);
}

static void test_a_cut_report_keeps_what_a_guess_says(void **state)
{
    (void)state;
    const struct read_options salvage = {.salvage = true};
    struct words_read read;
    words_read(&read, "<testsuite name='s'><testcase name='a'/><testcase name='b'><Failure>boom", &salvage);
    assert_ptr_equal(strstr(read.told, "passed, failed"), read.told);
    words_release(&read);
    words_read(&read, "<testsuite name='s'><testcase name='a'/><testcase name='b'><failures>", &salvage);
    assert_ptr_equal(strstr(read.told, "passed |"), read.told);
    words_release(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_that_say_how_a_test_ended),
        cmocka_unit_test(test_names_that_only_look_so),
        cmocka_unit_test(test_holders_and_attempts),
        cmocka_unit_test(test_unknown_elements_in_a_test),
        cmocka_unit_test(test_unknown_elements_in_a_suite),
        cmocka_unit_test(test_what_is_told_is_that_of_a_real_failure),
        cmocka_unit_test(test_a_list_tells_the_texts_of_its_members),
        cmocka_unit_test(test_tests_in_unknown_elements),
        cmocka_unit_test(test_a_cut_report_keeps_what_a_guess_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
