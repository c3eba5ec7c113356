/* Files of other tools: each is named with the way to JUnit XML, whatever the options, and none is taken for
 * a report. Beginnings as the tools write them, shortened. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "report_collect.h"

struct row {
    const char *text;
    const char *name; /* of the format */
    const char *how;
};

static const struct row xml_rows[] = {
    {"<?xml version=\"1.0\"?><TestRun id=\"1\" "
     "xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\">"
     "<Results><UnitTestResult testName=\"a\" outcome=\"Failed\"/></Results></TestRun>",
     "TRX", "JunitXml.TestLogger"},
    {"<test-run id=\"2\" testcasecount=\"1\" result=\"Failed\"><test-suite/></test-run>", "NUnit 3",
     "--logger junit"},
    {"<test-results name=\"x.dll\" total=\"1\" errors=\"0\" failures=\"1\"><test-suite/></test-results>",
     "NUnit 2", "JunitXml.TestLogger"},
    {"<assemblies timestamp=\"x\"><assembly name=\"a.dll\"/></assemblies>", "xUnit.net report (v2", "-junit"},
    {"<assemblies schema-version=\"3\" id=\"x\"><assembly name=\"a.dll\"/></assemblies>", "v3)", "-junit"},
    {"<assembly name=\"a.dll\" run-date=\"2012-01-01\"><class name=\"c\"/></assembly>",
     "xUnit.net report (v1)", "-junit"},
    {"<testng-results failed=\"1\"><suite name=\"S\"/></testng-results>", "TestNG",
     "junitreports/TEST-*.xml"},
    {"<!DOCTYPE suite SYSTEM \"https://testng.org/testng-1.0.dtd\"><suite name=\"All\"><test "
     "name=\"T\"/></suite>",
     "TestNG", "JUnit XML"},
    {"<robot generator=\"Robot 7\" schemaversion=\"5\"><suite/></robot>", "Robot Framework", "--xunit FILE"},
    {"<e:events xmlns=\"https://schemas.opentest4j.org/reporting/core/0.2.0\" "
     "xmlns:e=\"https://schemas.opentest4j.org/reporting/events/0.2.0\"><e:started id=\"1\"/></e:events>",
     "Open Test Reporting file (events)", "TEST-*.xml"},
    {"<h:execution "
     "xmlns:h=\"https://schemas.opentest4j.org/reporting/hierarchy/0.2.0\"><h:root/></h:execution>",
     "Open Test Reporting file (hierarchy)", "TEST-*.xml"},
    {"<failsafe-summary result=\"255\"><completed>3</completed></failsafe-summary>", "Maven Failsafe",
     "TEST-*.xml"},
    {"<Site BuildName=\"x\"><Testing><Test Status=\"failed\"/></Testing></Site>", "CTest", "--output-junit"},
    {"<TestLog><TestSuite name=\"s\"/></TestLog>", "Boost.Test", "--log_format=JUNIT"},
    {"<Catch2TestRun name=\"t\" rng-seed=\"1\"><TestCase/></Catch2TestRun>", "Catch2", "--reporter junit"},
    {"<Catch name=\"t\"><Group/></Catch>", "Catch2", "--reporter junit"},
    {"<doctest binary=\"t\"><Options/></doctest>", "doctest", "--reporters=junit"},
    {"<!DOCTYPE CUNIT_TEST_RUN_REPORT SYSTEM \"CUnit-Run.dtd\"><CUNIT_TEST_RUN_REPORT/>", "CUnit",
     "JUnit XML"},
    {"<TestCase name=\"t\"><Environment/><TestFunction name=\"f\"/></TestCase>", "Qt Test", "junitxml"},
    {"<TestRun><FailedTests/><SuccessfulTests/></TestRun>", "CppUnit", "stylesheet"},
    {"<testsuites xmlns=\"http://check.sourceforge.net/ns\"><suite/></testsuites>", "check", "stylesheet"},
    {"<testResults version=\"1.2\"><httpSample s=\"false\"/></testResults>", "JMeter", "Taurus"},
    {"<testResults><FitNesseVersion>v1</FitNesseVersion></testResults>", "FitNesse", "format=junit"},
    {"<con:soapui-project name=\"p\" xmlns:con=\"http://eviware.com/soapui/config\"/>", "SoapUI",
     "testrunner.sh -j"},
    {"<tests><test className=\"c\" status=\"3\"/></tests>", "PHPUnit", "--log-junit"},
    {"<phpunit bootstrap=\"x.php\"><testsuites><testsuite name=\"s\"/></testsuites></phpunit>",
     "configuration of PHPUnit", "--log-junit"},
    {"<acceptance-test-run title=\"x\"/>", "Serenity", "TEST-*.xml"},
    {"<ns2:test-suite xmlns:ns2=\"urn:model.allure.qatools.yandex.ru\" start=\"1\"/>", "Allure", "JUnit XML"},
    {"<result><suites><suite/></suites></result>", "Jenkins", "JUnit XML"},
    {"<SquishReport version=\"3.0\"/>", "Squish", "--reportgen junit"},
    {"<coverage line-rate=\"0.5\" version=\"6\"><packages/></coverage>", "Cobertura", "name the JUnit XML"},
    {"<coverage generated=\"1\" clover=\"3.2\"><project/></coverage>", "Clover", "name the JUnit XML"},
    {"<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"app\"/>",
     "JaCoCo", "name the JUnit XML"},
    {"<CoverageSession><Summary/></CoverageSession>", "OpenCover", "name the JUnit XML"},
    {"<checkstyle version=\"8\"><file name=\"a\"/></checkstyle>", "Checkstyle", "name the JUnit XML"},
    {"<BugCollection version=\"4\"/>", "SpotBugs", "name the JUnit XML"},
    {"<pmd xmlns=\"http://pmd.sourceforge.net/report/2.0.0\"/>", "PMD", "name the JUnit XML"},
    {"<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion></project>",
     "pom.xml", "name the JUnit XML"},
    {"<!DOCTYPE project [<!ENTITY common SYSTEM \"common.xml\">]><project name=\"x\" default=\"all\"/>",
     "build file", "name the JUnit XML"},
    {"<Error><Code>NoSuchKey</Code></Error>", "error message of a file store", "look into the file"},
    {"<strange/>", "root element is <strange>", "name the JUnit XML"},
    {"<x:strange xmlns:x=\"urn:x\"/>", "namespace 'urn:x'", "name the JUnit XML"},
};

static const struct row json_rows[] = {
    {"{\"numFailedTests\":1,\"numTotalTests\":2,\"testResults\":[{\"name\":\"/"
     "a.js\",\"status\":\"failed\",\"startTime\":1,"
     "\"endTime\":2,\"message\":\"boom\",\"assertionResults\":[{\"title\":\"adds\",\"status\":\"failed\"}]}]"
     "}",
     "Jest", "jest-junit"},
    {"{\"testResults\":[{\"name\":\"/"
     "a.js\",\"status\":\"passed\",\"assertionResults\":[]}],\"success\":true}",
     "Jest", "jest-junit"},
    {"{\"numTotalTests\":1,\"testResults\":[]}", "Jest", "jest-junit"},
    {"{\"numTotalTestSuites\":1,\"numTotalTests\":1,\"success\":true,\"testResults\":[{\"assertionResults\":["
     "{\"fullName\":\"a\",\"status\":\"passed\",\"meta\":{}}],\"name\":\"/a.ts\",\"status\":\"passed\"}]}",
     "Vitest", "--reporter=junit"},
    {"{\"config\":{\"version\":\"1.4\"},\"suites\":[{\"title\":\"a\",\"specs\":[{\"tests\":[{\"results\":[]}]"
     "}]}],"
     "\"errors\":[],\"stats\":{\"expected\":1}}",
     "Playwright", "PLAYWRIGHT_JUNIT_OUTPUT_NAME"},
    {"{\"stats\":{\"suites\":1,\"tests\":1},\"results\":[{\"tests\":[],\"suites\":[{\"tests\":[{\"title\":"
     "\"a\","
     "\"state\":\"failed\"}]}]}],\"meta\":{\"mocha\":{}}}",
     "mochawesome", "mocha-junit-reporter"},
    {"{\"stats\":{\"tests\":1},\"tests\":[{\"title\":\"a\",\"fullTitle\":\"a\",\"err\":{}}],\"pending\":[],"
     "\"failures\":[],"
     "\"passes\":[]}",
     "Mocha", "mocha-junit-reporter"},
    {"{\"status\":\"finished\",\"totalPassed\":1,\"totalFailed\":0,\"runs\":[{\"tests\":[{\"title\":[\"a\"],"
     "\"state\":\"passed\"}]}],\"browserName\":\"chrome\"}",
     "Cypress", "--reporter junit"},
    {"{\"start\":\"x\",\"end\":\"y\",\"capabilities\":{\"browserName\":\"chrome\"},\"framework\":\"mocha\","
     "\"suites\":[],"
     "\"specs\":[],\"state\":{\"passed\":1,\"failed\":0,\"skipped\":0}}",
     "WebdriverIO", "@wdio/junit-reporter"},
    {"{\"report\":{\"reportPrefix\":\"x\",\"assertionsCount\":1,\"completed\":{\"a\":{}}},\"name\":\"n\"}",
     "Nightwatch", "--reporter junit"},
    {"{\"startTime\":\"x\",\"endTime\":\"y\",\"userAgents\":[\"Chrome\"],\"passed\":1,\"total\":1,"
     "\"skipped\":0,"
     "\"fixtures\":[{\"name\":\"f\",\"tests\":[{\"name\":\"a\",\"errs\":[]}]}]}",
     "TestCafe", "xunit"},
    {"{\"collection\":{\"info\":{}},\"environment\":{},\"run\":{\"stats\":{\"tests\":{}},\"executions\":[]}}",
     "Newman", "--reporter-junit-export"},
    {"{\"info\":{\"_postman_id\":\"x\",\"schema\":\"y\"},\"item\":[]}", "Postman", "newman run -r junit"},
    {"[{\"iterationIndex\":0,\"summary\":{},\"results\":[{\"test\":{},\"assertionResults\":[],"
     "\"testResults\":[{"
     "\"description\":\"d\",\"status\":\"fail\"}]}]}]",
     "Bruno", "--reporter-junit"},
    {"{\"metrics\":{\"checks\":{}},\"root_group\":{\"checks\":[]}}", "k6", "handleSummary"},
    {"[{\"id\":\"cart\",\"keyword\":\"Feature\",\"name\":\"Cart\",\"uri\":\"c.feature\",\"elements\":[{"
     "\"steps\":[{"
     "\"result\":{\"status\":\"failed\"}}]}]}]",
     "Cucumber", "--plugin junit:FILE"},
    {"[{\"keyword\":\"Feature\",\"name\":\"Cart\",\"location\":\"c.feature:1\",\"status\":\"failed\","
     "\"elements\":[]}]",
     "behave", "--junit"},
    {"{\"meta\":{\"protocolVersion\":\"24.0.0\",\"implementation\":{\"name\":\"cucumber-js\"}}}\n{\"source\":"
     "{}}\n",
     "messages of Cucumber", "--format junit"},
    {"{\"source\":{\"uri\":\"x\"}}\n{\"gherkinDocument\":{\"feature\":{}}}\n{\"pickle\":{}}\n",
     "messages of Cucumber", "junit"},
    {"{\"scenarioResults\":[{\"failed\":true}],\"relativePath\":\"a.feature\",\"packageQualifiedName\":"
     "\"a\"}",
     "Karate", "outputJunitXml"},
    {"{\"name\":\"x\",\"testSteps\":[],\"userStory\":{},\"result\":\"SUCCESS\",\"startTime\":\"x\"}",
     "Serenity", "TEST-*.xml"},
    {"{\"projectName\":\"p\",\"executionStatus\":\"failed\",\"executionTime\":1,\"specResults\":[{}]}",
     "Gauge", "xml-report"},
    {"{\"results\":{\"tool\":{\"name\":\"jest\"},\"summary\":{\"tests\":1},\"tests\":[{\"name\":\"a\","
     "\"status\":\"failed\","
     "\"duration\":1}]}}",
     "CTRF", "JUnit XML"},
    {"{\"reportFormat\":\"CTRF\",\"specVersion\":\"0.0.0\",\"results\":{\"tests\":[{\"name\":\"a\","
     "\"status\":\"passed\"}]}}",
     "CTRF", "JUnit XML"},
    {"{\"uuid\":\"x\",\"historyId\":\"y\",\"name\":\"a\",\"status\":\"broken\",\"start\":1,\"stop\":2,"
     "\"steps\":[]}",
     "Allure result", "JUnit XML"},
    {"{\"uuid\":\"x\",\"children\":[\"y\"],\"befores\":[],\"afters\":[]}", "Allure container", "JUnit XML"},
    {"{\"testExecutionKey\":\"A-1\",\"tests\":[{\"testKey\":\"A-2\",\"status\":\"PASSED\"}]}", "Xray",
     "JUnit XML"},
    {"{\"version\":1,\"executions\":[{\"source\":\"a\",\"result\":\"Passed\",\"testCase\":{\"name\":\"n\"}}]"
     "}",
     "Zephyr Scale", "JUnit XML"},
    {"{\"testsuites\":{\"testsuite\":[{\"testcase\":[{\"$\":{\"name\":\"a\"}}]}]}}",
     "JUnit XML turned into JSON", "the XML it was made from"},
    {"{\"_class\":\"hudson.tasks.junit.TestResult\",\"duration\":1,\"failCount\":1,\"passCount\":1,"
     "\"suites\":[{\"cases\":["
     "{\"name\":\"a\",\"status\":\"FAILED\"}]}]}",
     "Jenkins", "JUnit XML"},
    {"{\"Time\":\"x\",\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n{\"Action\":\"fail\","
     "\"Package\":\"p\"}\n",
     "go test -json", "gotestsum --junitfile"},
    {"{\"Time\":\"x\",\"Action\":\"pass\",\"Package\":\"p\",\"Elapsed\":1}\n", "go test -json",
     "go-junit-report"},
    {"[{\"SuitePath\":\"/x\",\"SuiteSucceeded\":true,\"SpecReports\":[{\"State\":\"passed\"}]}]", "Ginkgo",
     "--junit-report"},
    {"{\"protocolVersion\":\"0.1.1\",\"runnerVersion\":\"1.24\",\"type\":\"start\",\"time\":0}\n{\"suite\":{"
     "\"id\":0},"
     "\"type\":\"suite\",\"time\":0}\n",
     "Dart", "junitreport"},
    {"{ \"type\": \"suite\", \"event\": \"started\", \"test_count\": 1 }\n{ \"type\": \"test\", \"name\": "
     "\"a\", "
     "\"event\": \"ok\" }\n",
     "Rust", "cargo-nextest"},
    {"{\"tests\":2,\"failures\":1,\"disabled\":0,\"name\":\"AllTests\",\"testsuites\":[{\"name\":\"S\","
     "\"testsuite\":[{"
     "\"name\":\"a\",\"status\":\"RUN\",\"result\":\"COMPLETED\"}]}]}",
     "GoogleTest", "--gtest_output=xml"},
    {"{\"name\":\"a\",\"stdout\":\"\",\"result\":\"OK\",\"starttime\":1,\"duration\":1,\"returncode\":0}\n",
     "Meson", "testlog.junit.xml"},
    {"{\"created\":1,\"duration\":1,\"exitcode\":1,\"root\":\"/"
     "x\",\"summary\":{},\"collectors\":[],\"tests\":[{\"nodeid\":"
     "\"a\",\"outcome\":\"failed\"}]}",
     "pytest-json-report", "--junitxml"},
    {"{\"version\":\"3.12\",\"examples\":[{\"status\":\"failed\"}],\"summary\":{},\"summary_line\":\"1 "
     "example\"}",
     "RSpec", "RspecJunitFormatter"},
    {"{\"status\":0,\"result\":{\"summary\":{\"outcome\":\"Failed\"},\"tests\":[{\"FullName\":\"a\","
     "\"Outcome\":\"Fail\"}]}}",
     "Salesforce", "--result-format junit"},
    {"[{\"description\":\"a|Login\",\"passed\":true,\"pending\":false,\"browser\":{\"name\":\"chrome\"},"
     "\"screenShotFile\":\"a.png\",\"duration\":3}]",
     "Protractor", "jasmine-reporters"},
    {"{\"version\":1,\"metadata\":{\"name\":\"t\"},\"test-run\":{\"test-cases\":[]}}", "Catch2",
     "--reporter junit"},
    {"{\"Nodes\":[],\"ExecutionTime\":\"x\",\"GenerationTime\":\"x\",\"ExecutionResults\":[{\"Status\":"
     "\"OK\"}]}",
     "SpecFlow", "--logger junit"},
    {"{\"type\":\"GROUP\",\"name\":\"All\",\"path\":\"\",\"pathFormatted\":\"a\",\"stats\":{},\"contents\":{}"
     "}",
     "Gatling", "assertions.xml"},
    {"[{\"name\":\"/\",\"method\":\"GET\",\"num_requests\":3,\"num_failures\":0}]", "Locust",
     "name the JUnit XML"},
    {"{\"testEngine\":{\"name\":\"axe-core\"},\"passes\":[],\"violations\":[]}", "axe", "name the JUnit XML"},
    {"{\"@version\":\"2\",\"site\":[{\"@name\":\"x\",\"alerts\":[]}]}", "ZAP", "name the JUnit XML"},
    {"[{\"entries\":[],\"filename\":\"a.hurl\",\"success\":true,\"time\":1}]", "Hurl", "--report-junit"},
    {"{\"platform\":{\"name\":\"debian\"},\"profiles\":[],\"statistics\":{\"duration\":1},\"version\":\"5\"}",
     "InSpec", "junit2"},
    {"{\"results\":[{\"result\":0,\"successful\":true}],\"summary\":{\"failed-count\":0}}", "goss",
     "--format junit"},
    {"{\"Pass\":1,\"Fail\":0,\"Total\":1,\"Results\":[{\"Name\":\"a\",\"Pass\":true}]}",
     "container-structure-test", "--output junit"},
    {"{\"meta\":{\"version\":\"7\"},\"files\":{\"a.py\":{}},\"totals\":{\"percent_covered\":1}}",
     "coverage.py", "name the JUnit XML"},
    {"{\"/app/a.js\":{\"path\":\"/app/a.js\",\"statementMap\":{},\"s\":{}}}", "Istanbul",
     "name the JUnit XML"},
    {"{\"total\":{\"lines\":{},\"statements\":{}}}", "Istanbul", "name the JUnit XML"},
    {"{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{},\"results\":[]}]}", "SARIF", "name the JUnit XML"},
    {"{\"name\":\"shop\",\"version\":\"1.0.0\",\"scripts\":{\"test\":\"jest\"}}", "package.json",
     "name the JUnit XML"},
    {"{\n  // strict\n  \"compilerOptions\": {\n    \"target\": \"es2020\", /* new */\n  },\n}\n",
     "tsconfig.json", "name the JUnit XML"},
};

static const struct row text_rows[] = {
    {"TAP version 13\n1..1\nok 1 - a\n", "TAP", "node --test-reporter=junit"},
    {"1..2\nok 1 - a\nnot ok 2 - b\n", "TAP", "tap-junit"},
    {"TN:\nSF:/a.c\nDA:1,1\nend_of_record\n", "LCOV", "name the JUnit XML"},
    {"SF:/a.c\nDA:1,1\nend_of_record\n", "LCOV", "name the JUnit XML"},
    {"timeStamp,elapsed,label,responseCode\n1,2,a,200\n", "JMeter", "Taurus"},
    {"=== RUN   TestA\n--- PASS: TestA (0.00s)\n", "go test -v", "gotestsum"},
    {"--- FAIL: TestA (0.00s)\n    a_test.go:3: no\nFAIL\n", "go test -v", "go-junit-report"},
    {"=========== test session starts ===========\nplatform linux\n", "output of pytest", "--junitxml"},
    {"%PDF-1.7\n", "PDF", "JUnit XML"},
    {"<!doctype html><html><head><title>Sign in</title></head></html>", "HTML page",
     "name the report itself"},
    {"<?xml version=\"1.0\"?>\n<!-- saved -->\n<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", "HTML page",
     "name the report itself"},
    {"// settings\n{\"a\":1}\n", "neither XML nor JSON", "name the JUnit XML"},
    {"BUILD SUCCESSFUL in 3s\n", "begins with 'BUILD", "name the JUnit XML"},
};

static void check(const struct row *row, const char *text, size_t size, struct read_options options)
{
    struct collected c;
    collect_bytes(&c, text, size, &options);
    const char *told = c.err.text ? c.err.text : "";
    if (c.rc != -ERR_FOREIGN || !strstr(told, row->name) || !strstr(told, row->how) ||
        strstr(told, "TestProject") || !text_starts(told, "'report.xml' is ") || !c.meta.foreign ||
        !strstr(told, c.meta.foreign))
        fail_msg("%.60s (strict %d, salvage %d): %d '%s'", row->text, options.strict, options.salvage, c.rc,
                 told);
    collect_release(&c);
}

static void check_all_ways(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(rows[i].text);
        check(&rows[i], rows[i].text, size, (struct read_options){.target = NULL});
        check(&rows[i], rows[i].text, size, (struct read_options){.strict = true});
        check(&rows[i], rows[i].text, size, (struct read_options){.salvage = true});
        check(&rows[i], rows[i].text, size, (struct read_options){.unfinished_as_skipped = true});
    }
}

static void test_xml_is_named_by_its_root(void **state)
{
    (void)state;
    check_all_ways(xml_rows, ARRAY_SIZE(xml_rows));
}

static void test_json_is_named_by_its_names(void **state)
{
    (void)state;
    check_all_ways(json_rows, ARRAY_SIZE(json_rows));
}

static void test_text_is_named_by_how_it_begins(void **state)
{
    (void)state;
    check_all_ways(text_rows, ARRAY_SIZE(text_rows));
}

/* Cut off in the middle of its last object it is that format all the same. */
static void test_cut_off_json_is_named_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(json_rows); i++) {
        size_t size = strlen(json_rows[i].text);
        check(&json_rows[i], json_rows[i].text, size - 1 - (json_rows[i].text[size - 1] == '\n'),
              (struct read_options){.target = NULL});
    }
}

/* JSON that nobody knows is said to be that; what is read is named. */
static void test_shapes_of_everybody_are_no_marks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"state\":\"Executing\"}",
        "{\"name\":\"a\",\"status\":\"passed\",\"duration\":1}",
        "{\"tests\":[{\"name\":\"a\",\"status\":\"passed\",\"duration\":1}]}",
        "{\"tests\":[{\"name\":\"a\",\"result\":\"pass\"}]}",
        "{\"tests\":[]}",
        "{\"testResults\":[{\"name\":\"a\",\"status\":\"passed\",\"duration\":1}]}",
        "{\"testResults\":[{\"testName\":\"a\",\"outcome\":\"passed\"}],\"summary\":{\"total\":1}}",
        "{\"name\":\"n\",\"results\":[{\"name\":\"a\",\"status\":\"passed\"}],\"status\":\"passed\","
        "\"passed\":1}",
        "{\"totalTests\":1,\"passedTests\":1,\"failedTests\":0,\"tests\":[{\"name\":\"a\",\"status\":"
        "\"passed\"}]}",
        "{\"result\":{\"tests\":[{\"name\":\"a\",\"status\":\"passed\"}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
        "[{\"name\":\"a\",\"passed\":true,\"duration\":1}]",
        /* nor in an error that is none of the JSON */
        "{\"testResults\":[{\"testCaseTitle\":\"a\",\"outcome\":\"Passed\"}],\"runId\":3}",
        "{\"testResults\":{\"name\":\"a\"}}",
        "{\"tests\":[{\"reference\":\"a\",\"status\":\"SUCCESS\",\"duration\":[]}]}",
        "[1,2]",
        "{\"tests\":[{\"name\":\"a\",\"result\":\"pass\"}],\"agent\":\"ci-1\"}",
        "{\"testCases\":[{\"name\":\"a\",\"result\":\"pass\"}]}",
        "{\"tests\":[{\"name\":\"a\",\"passed\":true,\"iterations\":1}]}",
        "{\"a\":1}\n{\"a\":2}\n",
        "{",
        "[{\"a\":",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        const struct row row = {texts[i], "JSON of an unknown kind", "name JUnit XML"};
        struct collected c;
        collect_bytes(&c, texts[i], strlen(texts[i]), &(struct read_options){.target = NULL});
        if (c.rc != -ERR_FOREIGN || !strstr(c.err.text, row.name) || !strstr(c.err.text, row.how))
            fail_msg("%s: %d '%s'", texts[i], c.rc, c.err.text ? c.err.text : "");
        collect_release(&c);
    }
}

static void assert_code(const char *text, int code)
{
    struct collected c;
    collect_bytes(&c, text, strlen(text), &(struct read_options){.target = NULL});
    if (c.rc != -code)
        fail_msg("%s: %d '%s'", text, c.rc, c.err.text ? c.err.text : "");
    collect_release(&c);
}

/* Two marks make a report, wherever they stand. */
static void test_two_marks_are_enough(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\"}]}",
        "{\"jobName\":\"J\",\"executionStart\":\"2022-01-01T00:00:00Z\",\"tests\":[{\"name\":\"a\","
        "\"status\":\"Passed\"}]}",
        "{\"tests\":[{\"name\":\"a\",\"status\":\"Passed\"}],\"jobId\":\"j\",\"agentName\":\"x\"}",
        "{\"tests\":[{\"name\":\"a\",\"targets\":[{\"targetName\":\"Chrome 1\",\"status\":\"Passed\"}]}]}",
        "{\"tests\":[{\"name\":\"a\",\"browsers\":[{\"type\":\"Chrome\",\"passRatio\":100}]}],\"resultType\":"
        "\"Passed\"}",
        "{\"tests\":[{\"name\":\"a\",\"status\":\"Passed\"}],"
        "\"reportUrl\":\"https://app.testproject.io/#/reports/projects/1\"}",
        "{\"Name\":\"S\",\"TestCases\":[{\"Name\":\"a\",\"Result\":\"Passed\",\"Failures\":[]}]}",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_code(texts[i], ERR_NONE);
}

/* What is damaged, or holds nothing, is not foreign as long as anything speaks of a report. */
static void test_damaged_and_empty_reports_are_not_foreign(void **state)
{
    (void)state;
    assert_code("{\"testResults\":[{\"name\":\"a\",", ERR_REPORT);
    assert_code("{\"jobName\":\"J\",,}", ERR_REPORT);
    assert_code("{\"testResults\":[{\"id\":1}],\"jobName\":\"J\"}", ERR_REPORT);
    assert_code("{\"testResults\":{\"id\":1},\"agentId\":\"x\"}", ERR_REPORT);
    assert_code("{\"tests\":[{\"name\":\"a\",\"failedSteps\":[}", ERR_REPORT);
    assert_code("{\"executionId\":\"e\",\"resultType\":\"Passed\"}", ERR_REPORT);
    assert_code("<testsuite name=\"s\"><testcase name=\"a\"/>", ERR_REPORT);
    assert_code("<testsuites><testsuite name=\"s\"></testsuites>", ERR_REPORT);
    assert_code("<!DOCTYPE testsuite [<!ENTITY a \"b\">]><testsuite><testcase name=\"a\"/></testsuite>",
                ERR_REPORT);
    assert_code("console output\n<testsuite name=\"s\"/>", ERR_REPORT);
    assert_code("", ERR_EMPTY);
    assert_code(" \r\n\t ", ERR_EMPTY);
    assert_code("\xEF\xBB\xBF", ERR_EMPTY);
    assert_code("\xFF\xFE", ERR_EMPTY);
    assert_code("[]", ERR_EMPTY);
    assert_code("{\"testResults\":[]}", ERR_EMPTY);
    assert_code("<?xml version=\"1.0\"?>\n", ERR_REPORT);
    assert_code("<!-- begun -->\n", ERR_REPORT);
    assert_code("<testsuite xmlns=\"urn:x\"><testcase name=\"a\"/></testsuite>", ERR_REPORT);
    assert_code("<TestSuites><TestSuite/></TestSuites>", ERR_REPORT);
}

/* Zero bytes are what a crash leaves behind: no emptiness that an option may forgive. */
static void test_zero_bytes_are_damage(void **state)
{
    (void)state;
    static char zeros[8192];
    static const size_t sizes[] = {1, 2, 100, 4095, 4096, 4097, 8192};
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct collected c;
        collect_bytes(&c, zeros, sizes[i], &(struct read_options){.target = NULL});
        if (c.rc != -ERR_REPORT)
            fail_msg("%zu: %d '%s'", sizes[i], c.rc, c.err.text ? c.err.text : "");
        collect_release(&c);
    }
}

/* Named by itself an empty list is an empty report; among others it may lie. */
static void test_an_empty_list_is_anybodys(void **state)
{
    (void)state;
    struct collected c;
    collect_bytes(&c, "[]", 2, &(struct read_options){.target = NULL});
    assert_int_equal(c.rc, -ERR_EMPTY);
    assert_string_equal(c.err.text, "'report.xml' holds no test");
    assert_non_null(c.meta.foreign);
    collect_release(&c);
}

static void test_many_blanks_are_empty_too(void **state)
{
    (void)state;
    struct buf blanks = BUF_UNBOUNDED;
    for (int i = 0; i < 200000; i++)
        buf_putc(&blanks, i % 80 ? ' ' : '\n');
    assert_code(buf_text(&blanks), ERR_EMPTY);
    buf_release(&blanks);
}

static void test_testprojects_own_page_is_told_by_what_is_in_it(void **state)
{
    (void)state;
    struct collected c;
    static const char page[] = "<!DOCTYPE html><html><head><title>TestProject Report</title></head></html>";
    collect_bytes(&c, page, strlen(page), &(struct read_options){.target = NULL});
    assert_int_equal(c.rc, -ERR_FOREIGN);
    assert_non_null(strstr(c.err.text, "TestProject's HTML report"));
    assert_non_null(strstr(c.err.text, "as JSON"));
    collect_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xml_is_named_by_its_root),
        cmocka_unit_test(test_json_is_named_by_its_names),
        cmocka_unit_test(test_text_is_named_by_how_it_begins),
        cmocka_unit_test(test_cut_off_json_is_named_too),
        cmocka_unit_test(test_shapes_of_everybody_are_no_marks),
        cmocka_unit_test(test_two_marks_are_enough),
        cmocka_unit_test(test_damaged_and_empty_reports_are_not_foreign),
        cmocka_unit_test(test_zero_bytes_are_damage),
        cmocka_unit_test(test_an_empty_list_is_anybodys),
        cmocka_unit_test(test_many_blanks_are_empty_too),
        cmocka_unit_test(test_testprojects_own_page_is_told_by_what_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
