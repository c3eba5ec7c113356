/* The name of the test cycle, and what it is from. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/cycle_name.h"
#include "cli/options.h"
#include "environment.h"
#include "report_collect.h"

#define REPORTS_MAX 3

struct row {
    struct report_meta reports[REPORTS_MAX]; /* until one without a file */
    char *words[4];
    const char *env[7];
    const char *name; /* or what is told */
    const char *from; /* NULL: refused */
};

#define JSON(job)                                                                                            \
    {                                                                                                        \
        .file = (char[]){"a/nightly.json"}, .format = FORMAT_TESTPROJECT_JSON, .from_testproject = true,     \
        .job_name = (job)                                                                                    \
    }
#define OWN_JUNIT(job)                                                                                       \
    {                                                                                                        \
        .file = (char[]){"a/own.xml"}, .format = FORMAT_JUNIT, .from_testproject = true, .job_name = (job)   \
    }
#define JUNIT(path, title)                                                                                   \
    {                                                                                                        \
        .file = (char[]){path}, .format = FORMAT_JUNIT, .job_name = (title)                                  \
    }
#define NAMED(text)                                                                                          \
    (char[])                                                                                                 \
    {                                                                                                        \
        text                                                                                                 \
    }
#define GITLAB "GITLAB_CI", "true", "CI_JOB_NAME"

static void check(const struct row *row)
{
    struct command_line line;
    struct settings settings;
    struct cycle_name cycle;
    struct error err = ERROR_INIT;
    const struct report_meta *metas[REPORTS_MAX];
    size_t count = 0;
    while (count < REPORTS_MAX && row->reports[count].file) {
        metas[count] = &row->reports[count];
        count++;
    }
    assert_int_equal(command_line_parse(&line, FOR_INSPECT, "inspect", (char **)row->words, &err), 0);
    assert_int_equal(settings_resolve(&settings, &line.flags, from_list, (void *)row->env, &err), 0);
    int result = cycle_name_decide(&cycle, &settings, metas, count, &err);
    if (!row->from && (result != -ERR_USAGE || !strstr(err.text, row->name)))
        fail_msg("'%s' is not told, but %s", row->name, err.text ? err.text : cycle.name);
    if (row->from &&
        (result != 0 || strcmp(cycle.name, row->name) != 0 || strcmp(cycle.from, row->from) != 0))
        fail_msg("not '%s' from %s, but '%s' from %s", row->name, row->from,
                 result == 0 ? cycle.name : err.text, result == 0 ? cycle.from : "nowhere");
    cycle_name_release(&cycle);
    settings_release(&settings);
    command_line_release(&line);
    error_release(&err);
}

static void test_the_first_that_there_is(void **state)
{
    (void)state;
    const struct row rows[] = {
        {.reports = {JSON(NAMED("Nightly"))}, .words = {"--job=J"}, .name = "J", .from = "--job"},
        {.reports = {JSON(NAMED("Nightly"))}, .env = {"QTEST_JOB", "J"}, .name = "J", .from = "QTEST_JOB"},
        {.reports = {JSON(NAMED("Nightly"))},
         .env = {GITLAB, "build"},
         .name = "Nightly",
         .from = "the report"},
        {.reports = {OWN_JUNIT(NAMED("Nightly"))},
         .env = {GITLAB, "build"},
         .name = "Nightly",
         .from = "the report"},
        {.reports = {JSON(NULL)},
         .env = {GITLAB, "build"},
         .name = "Jobless Executions",
         .from = "a report that names no job"},
        {.reports = {OWN_JUNIT(NULL)}, .env = {GITLAB, "build"}, .name = "build", .from = "the CI job"},
        {.reports = {JUNIT("a/TEST-x.xml", NAMED("suite"))},
         .env = {GITLAB, "web: [chrome, linux]"},
         .name = "web",
         .from = "the CI job"},
        {.reports = {JUNIT("a/TEST-x.xml", NAMED("suite"))},
         .env = {"BUILD_TAG", "jenkins-1", "JOB_NAME", "shop/web"},
         .name = "shop/web",
         .from = "the CI job"},
        {.reports = {JUNIT("a/TEST-x.xml", NAMED("suite"))}, .name = "suite", .from = "the report's name"},
        {.reports = {JUNIT("a/TEST-x.xml", NULL), JUNIT("b.xml", NAMED("second"))},
         .name = "second",
         .from = "the report's name"},
        {.reports = {JUNIT("a/TEST-x.y.xml", NULL)}, .name = "TEST-x.y", .from = "the file's name"},
        {.reports = {JUNIT("-", NULL)}, .name = "Jobless Executions", .from = "a report that names no job"},
        {.reports = {JUNIT("x.xml", NAMED("suite")), OWN_JUNIT(NAMED("Nightly"))},
         .env = {GITLAB, "build"},
         .name = "Nightly",
         .from = "the report"},
        {.reports = {JSON(NAMED("Nightly")), OWN_JUNIT(NAMED("Nightly"))},
         .name = "Nightly",
         .from = "the report"},
        {.reports = {JSON(NAMED("Nightly"))},
         .words = {"--cycle=CL-3"},
         .name = "Nightly",
         .from = "--cycle"},
        {.reports = {JUNIT("x.xml", NULL)}, .env = {"QTEST_CYCLE", "7"}, .name = "x", .from = "QTEST_CYCLE"},
        {.reports = {JSON(NAMED("A")), JSON(NAMED("B"))},
         .name =
             "of different jobs, 'A' and 'B'; upload them one by one, or name one cycle for all with --job"},
        {.reports = {OWN_JUNIT(NAMED("A")), OWN_JUNIT(NAMED("B"))}, .name = "of different jobs, 'A' and 'B'"},
        {.reports = {JSON(NAMED("A")), OWN_JUNIT(NAMED("B"))}, .name = "of different jobs, 'A' and 'B'"},
        {.reports = {JSON(NAMED("A")), JSON(NULL)}, .name = "'A' and 'Jobless Executions'"},
        {.reports = {JSON(NAMED("A")), JSON(NAMED("B"))}, .words = {"--job=J"}, .name = "J", .from = "--job"},
        {.reports = {JUNIT("x.xml", NAMED("A")), JUNIT("y.xml", NAMED("B"))},
         .name = "A",
         .from = "the report's name"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check(&rows[i]);
}

static void test_testproject_s_own_junit_is_told_by_its_tests(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        bool own;
    } rows[] = {
        {"<testsuites name='J'><testsuite name='s'><testcase classname='Chrome 81.0.Tests' name='t'/>"
         "<testcase classname='iPhone 8.Tests' name='t'/></testsuite></testsuites>",
         true},
        {"<testsuites name='J'><testsuite name='Chrome 81.0.Tests'><testcase "
         "name='t'/></testsuite></testsuites>",
         true},
        {"<JUnitTestSuite><Name>Chrome "
         "81.0.Tests</Name><TestCases><JUnitTestCase><Name>t</Name></JUnitTestCase>"
         "</TestCases></JUnitTestSuite>",
         true},
        {"<testsuites name='J'><testsuite name='s'><testcase classname='Chrome 81.0.Tests' name='t'/>"
         "<testcase classname='shop.Cart' name='t'/></testsuite></testsuites>",
         false},
        {"<testsuites name='J'><testsuite name='s'><testcase classname='Acme.Billing.Tests' "
         "name='t'/></testsuite>"
         "</testsuites>",
         false},
        {"<testsuites name='J'><testsuite name='Acme.Tests'><testcase name='t'/></testsuite></testsuites>",
         false},
        {"<testsuites name='J'><testsuite name='Chrome 81.0'><testcase name='t'/></testsuite></testsuites>",
         false},
        {"<testsuites name='J'><testsuite name='s'><testcase classname='Firefox' "
         "name='t'/></testsuite></testsuites>",
         false},
        {"<testsuites name='J'><testsuite name='s'><testcase name='t'/></testsuite></testsuites>", false},
        {"<testsuites name='J'><testsuite name='Chrome.Tests'><testcase classname='a.B' "
         "name='t'/></testsuite>"
         "</testsuites>",
         false},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct collected c;
        const struct read_options options = {0};
        collect_bytes(&c, rows[i].xml, strlen(rows[i].xml), &options);
        assert_int_equal(c.rc, 0);
        if (c.meta.from_testproject != rows[i].own)
            fail_msg("%s", rows[i].xml);
        collect_release(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_that_there_is),
        cmocka_unit_test(test_testproject_s_own_junit_is_told_by_its_tests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
