/* JSON of other tools, by the names in it (src/report/foreign.h says how they are written). What is told
 * apart by more names stands before what is told apart by fewer. */
#include "report/foreign.h"

#define CUCUMBER                                                                                             \
    "let Cucumber write JUnit XML with its own formatter junit (cucumber-jvm: --plugin junit:FILE, "         \
    "cucumber-js: --format junit:FILE, Ruby: --format junit --out FOLDER)"
#define BESIDE                                                                                               \
    "name the JUnit XML that the test tool itself writes (pytest --junitxml=FILE, Maven's "                  \
    "surefire-reports/TEST-*.xml, the junit reporter of the tool)"
#define MOCHA                                                                                                \
    "let Mocha write JUnit XML with the package mocha-junit-reporter (--reporter mocha-junit-reporter)"
#define GO_TEST                                                                                              \
    "let gotestsum write JUnit XML (gotestsum --junitfile FILE), or go-junit-report -parser gojson"
#define PYTEST   "let pytest write JUnit XML (pytest --junitxml=FILE)"
#define XCODE    "let xcbeautify --report junit, fastlane scan or xcresultparser -o junit write JUnit XML"
#define NEWMAN   "let Newman write JUnit XML (newman run -r junit --reporter-junit-export FILE)"
#define GTEST    "let GoogleTest write JUnit XML (--gtest_output=xml:FILE)"
#define UPLOADED "it is what another test management takes in; name the JUnit XML that the test tool writes"

const struct foreign_json foreign_json_table[] = {
    /* JavaScript */
    {{"a report of Vitest (JSON)",
      "let Vitest write JUnit XML (vitest run --reporter=junit --outputFile=FILE)"},
     {"numTotalTests", "testResults.assertionResults.meta"}},
    {{"a report of Jest (or of Vitest, JSON)", "let Jest write JUnit XML with the package jest-junit (jest "
                                               "--reporters=default --reporters=jest-junit), "
                                               "Vitest with --reporter=junit --outputFile=FILE"},
     {"numTotalTests", "testResults"}},
    {{"a report of Jest (or of Vitest, JSON)", "let Jest write JUnit XML with the package jest-junit (jest "
                                               "--reporters=default --reporters=jest-junit), "
                                               "Vitest with --reporter=junit --outputFile=FILE"},
     {"testResults.assertionResults"}},
    {{"a report of Jest (JSON)", "let Jest write JUnit XML with the package jest-junit (jest "
                                 "--reporters=default --reporters=jest-junit)"},
     {"testResults.testFilePath"}},
    {{"a report of Playwright (JSON)",
      "let Playwright write JUnit XML (--reporter=junit, with PLAYWRIGHT_JUNIT_OUTPUT_NAME=FILE in the "
      "environment)"},
     {"config", "suites", "stats"}},
    {{"a report of Playwright (JSON)",
      "let Playwright write JUnit XML (--reporter=junit, with PLAYWRIGHT_JUNIT_OUTPUT_NAME=FILE in the "
      "environment)"},
     {"suites.specs.tests"}},
    {{"a report of mochawesome (JSON)", MOCHA}, {"stats", "results.suites"}},
    {{"a report of Mocha (JSON)", MOCHA}, {"stats", "tests", "passes", "failures"}},
    {{"a report of Cypress (JSON)",
      "let Cypress write JUnit XML (--reporter junit --reporter-options mochaFile=results-[hash].xml)"},
     {"totalPassed", "runs"}},
    {{"a report of WebdriverIO (JSON)",
      "let WebdriverIO write JUnit XML with the package @wdio/junit-reporter"},
     {"capabilities", "framework", "suites"}},
    {{"a report of Nightwatch (JSON)", "let Nightwatch write JUnit XML (nightwatch --reporter junit)"},
     {"report.completed", "report.assertionsCount"}},
    {{"a report of Nightwatch (JSON)", "let Nightwatch write JUnit XML (nightwatch --reporter junit)"},
     {"modules", "errmessages"}},
    {{"a report of TestCafe (JSON)",
      "let TestCafe write JUnit XML with its own reporter xunit (testcafe --reporter xunit:FILE)"},
     {"userAgents", "fixtures"}},
    {{"a report of Karma (JSON)", "let Karma write JUnit XML with the package karma-junit-reporter"},
     {"browsers", "summary", "result"}},
    {{"a report of Newman (Postman, JSON)", NEWMAN}, {"run.executions"}},
    {{"a report of Newman (Postman, JSON)", NEWMAN}, {"run.stats", "collection"}},
    {{"a run saved by Postman (JSON)", NEWMAN}, {"results.tests", "results.responseCode"}},
    {{"a collection of Postman, which holds no results", NEWMAN}, {"info.schema", "item"}},
    {{"a report of Bruno (JSON)", "let Bruno write JUnit XML (bru run --reporter-junit FILE)"},
     {"summary", "results.assertionResults"}},
    {{"a report of Protractor (JSON)",
      "let Jasmine write JUnit XML with JUnitXmlReporter of the package jasmine-reporters"},
     {"description", "screenShotFile"}},
    {{"a report of BackstopJS (JSON)",
      "let BackstopJS write JUnit XML (\"report\": [\"CI\"] in its settings)"},
     {"testSuite", "tests.pair"}},
    {{"a summary of k6 (JSON)",
      "let k6 write JUnit XML with the function jUnit of k6-summary in handleSummary()"},
     {"metrics", "root_group"}},
    {{"the output of k6 (lines of JSON)",
      "let k6 write JUnit XML with the function jUnit of k6-summary in handleSummary()"},
     {"metric", "data.time", "data.value"}},

    /* behaviour-driven */
    {{"a report of behave (JSON)", "let behave write JUnit XML (behave --junit --junit-directory FOLDER)"},
     {"keyword", "elements", "location"}},
    {{"a report of Cucumber (JSON)", CUCUMBER}, {"keyword", "elements"}},
    {{"a report of Cucumber (JSON)", CUCUMBER}, {"uri", "elements"}},
    {{"messages of Cucumber (lines of JSON)", CUCUMBER}, {"meta.protocolVersion"}},
    {{"messages of Cucumber (lines of JSON)", CUCUMBER}, {"gherkinDocument"}},
    {{"messages of Cucumber (lines of JSON)", CUCUMBER}, {"testCaseStarted"}},
    {{"messages of Cucumber (lines of JSON)", CUCUMBER}, {"testStepFinished"}},
    {{"a report of Karate (JSON)",
      "let Karate write JUnit XML (Runner: .outputJunitXml(true), command line: -f junit:xml)"},
     {"scenarioResults"}},
    {{"a summary of Karate (JSON)",
      "let Karate write JUnit XML (Runner: .outputJunitXml(true), command line: -f junit:xml)"},
     {"featureSummary"}},
    {{"a result of Serenity (JSON)", "name the JUnit XML of the build (Maven: failsafe-reports/TEST-*.xml)"},
     {"testSteps", "userStory"}},
    {{"a report of Gauge (JSON)", "let Gauge write JUnit XML with its plugin xml-report"}, {"specResults"}},

    /* of several tools */
    {{"a CTRF report (Common Test Report Format)", BESIDE}, {"reportFormat", "specVersion"}},
    {{"a CTRF report (Common Test Report Format)", BESIDE}, {"results.tool", "results.tests"}},
    {{"an Allure result", BESIDE}, {"uuid", "historyId"}},
    {{"an Allure result", BESIDE}, {"uuid", "stage"}},
    {{"an Allure result", BESIDE}, {"uuid", "labels"}},
    {{"an Allure result", BESIDE}, {"uuid", "fullName"}},
    {{"an Allure container (set-up and tear-down of results)", BESIDE}, {"uuid", "children"}},
    {{"an Allure container (set-up and tear-down of results)", BESIDE}, {"uuid", "befores"}},
    {{"an Allure container (set-up and tear-down of results)", BESIDE}, {"uuid", "afters"}},
    {{"a file of an Allure report", BESIDE}, {"uid", "children"}},
    {{"a file of an Allure report", BESIDE}, {"reportName", "statistic"}},
    {{"an answer of ReportPortal (JSON)", BESIDE}, {"content.launchId"}},
    {{"a result file for Xray (JSON)", UPLOADED}, {"tests.testKey"}},
    {{"a result file for Zephyr Scale (JSON)", UPLOADED}, {"executions.testCase"}},
    {{"a result file for Zephyr Scale (JSON)", UPLOADED}, {"executions.source"}},
    {{"JUnit XML turned into JSON", "name the XML it was made from"}, {"testsuites.testsuite.testcase"}},
    {{"JUnit XML turned into JSON", "name the XML it was made from"}, {"testsuite.testcase"}},
    {{"Jenkins' own list of test results (JSON)", "name the JUnit XML that Jenkins took in"},
     {"failCount", "suites.cases"}},
    {{"a list of Robot Framework (JSON)",
      "let Robot Framework write JUnit XML (robot --xunit FILE, or rebot --xunit FILE output.json)"},
     {"generator", "rpa", "suite"}},

    /* Go, Rust, Dart, Swift, C++ */
    {{"the output of 'go test -json'", GO_TEST}, {"Action", "Package"}},
    {{"the output of 'go test -json'", GO_TEST}, {"Action", "ImportPath"}},
    {{"a report of Ginkgo (JSON)", "let Ginkgo write JUnit XML (ginkgo --junit-report=FILE)"},
     {"SuitePath", "SpecReports"}},
    {{"the output of Dart's tests (lines of JSON)", "let tojunit of the package junitreport make JUnit XML "
                                                    "of it (dart pub global run junitreport:tojunit)"},
     {"protocolVersion", "runnerVersion"}},
    {{"the output of Dart's tests (lines of JSON)", "let tojunit of the package junitreport make JUnit XML "
                                                    "of it (dart pub global run junitreport:tojunit)"},
     {"testID", "type"}},
    {{"the output of Rust's tests (libtest, lines of JSON)",
      "let cargo-nextest write JUnit XML ([profile.ci.junit] in .config/nextest.toml), or pipe the output "
      "through cargo2junit"},
     {"type", "event"}},
    {{"events of Swift Testing (lines of JSON)",
      "let Swift write JUnit XML (swift test --xunit-output FILE)"},
     {"kind", "payload", "version"}},
    {{"a result of Xcode (JSON)", XCODE}, {"_type", "actions"}},
    {{"a result of Xcode (JSON)", XCODE}, {"testNodes"}},
    {{"a report of GoogleTest (JSON)", GTEST}, {"testsuites.testsuite", "disabled"}},
    {{"a report of Catch2 (JSON)", "let Catch2 write JUnit XML (--reporter junit --out FILE)"},
     {"metadata", "test-run"}},
    {{"a result of SpecFlow or Reqnroll (JSON)",
      "let .NET write JUnit XML (dotnet test --logger junit, with the package JunitXml.TestLogger)"},
     {"ExecutionResults", "GenerationTime"}},
    {{"a report of GoogleTest (JSON)", GTEST}, {"testsuites.testsuite.classname"}},
    {{"the test log of Meson (lines of JSON)",
      "name the JUnit XML that Meson writes beside it (meson-logs/testlog.junit.xml)"},
     {"returncode", "starttime"}},
    {{"the build events of Bazel (lines of JSON)",
      "name the JUnit XML that Bazel keeps of each test (bazel-testlogs/**/test.xml)"},
     {"started.buildToolVersion"}},

    /* Python, Ruby, PHP, .NET, Salesforce */
    {{"a report of pytest-json-report", PYTEST}, {"exitcode", "collectors"}},
    {{"a report of pytest-json-report", PYTEST}, {"tests.nodeid"}},
    {{"a report of pytest-json", PYTEST}, {"report.tests", "report.summary"}},
    {{"a log of pytest (lines of JSON)", PYTEST}, {"$report_type"}},
    {{"a report of RSpec (JSON)", "let RSpec write JUnit XML with the gem rspec_junit_formatter (--format "
                                  "RspecJunitFormatter --out FILE)"},
     {"examples", "summary_line"}},
    {{"a result of SimpleCov, which is a coverage report", NULL}, {"*.coverage", "*.timestamp"}},
    {{"the log of PHPUnit (JSON)", "let PHPUnit write JUnit XML (phpunit --log-junit FILE)"},
     {"event", "suite", "test"}},
    {{"a test result of Salesforce (JSON)",
      "let the Salesforce CLI write JUnit XML (sf apex run test --result-format junit)"},
     {"result.summary.outcome"}},
    {{"a test result of Salesforce (JSON)",
      "let the Salesforce CLI write JUnit XML (sf apex run test --result-format junit)"},
     {"summary.outcome", "tests"}},

    /* infrastructure */
    {{"a report of Hurl (JSON)", "let Hurl write JUnit XML (hurl --test --report-junit FILE)"},
     {"entries", "filename", "success"}},
    {{"a report of InSpec (JSON)", "let InSpec write JUnit XML (inspec exec --reporter junit2:FILE)"},
     {"profiles", "statistics"}},
    {{"a report of InSpec (JSON)", "let InSpec write JUnit XML (inspec exec --reporter junit2:FILE)"},
     {"controls", "statistics"}},
    {{"a report of goss (JSON)", "let goss write JUnit XML (goss validate --format junit)"},
     {"results", "summary.failed-count"}},
    {{"a report of container-structure-test (JSON)",
      "let it write JUnit XML (--output junit --test-report FILE)"},
     {"Pass", "Fail", "Results"}},
    {{"the output of 'terraform test -json'",
      "let Terraform write JUnit XML (terraform test -junit-xml=FILE)"},
     {"@level", "@message"}},
    {{"a report of the Web Platform Tests (JSON)", "let the test tool write JUnit XML"},
     {"run_info", "results"}},
    {{"results of dbt (JSON)", "let a converter such as dbt-junitxml make JUnit XML of run_results.json"},
     {"metadata.dbt_schema_version"}},
    {{"a summary of Gatling (JSON)", "name the JUnit XML of its assertions beside it (js/assertions.xml)"},
     {"contents", "stats", "pathFormatted"}},
    {{"statistics of Locust (JSON)", NULL}, {"num_requests", "num_failures"}},
    {{"findings of axe (JSON)", NULL}, {"testEngine", "violations"}},
    {{"findings of ZAP (JSON)", NULL}, {"@version", "site"}},
    {{"a summary of Artillery (JSON)",
      "it measures load and holds no test results, name the tests' JUnit XML"},
     {"aggregate", "intermediate"}},

    /* what is no matter of tests */
    {{"a coverage report of coverage.py (JSON)", NULL}, {"files", "totals.percent_covered"}},
    {{"a coverage report of Istanbul (JSON)", NULL}, {"*.statementMap"}},
    {{"a coverage summary of Istanbul (JSON)", NULL}, {"total.lines", "total.statements"}},
    {{"a coverage report of LLVM (JSON)", NULL}, {"data.totals", "data.files"}},
    {{"a coverage report of gcovr (JSON)", NULL}, {"gcovr/format_version"}},
    {{"a mutation report (Stryker)", NULL}, {"files", "thresholds", "schemaVersion"}},
    {{"a list of findings (SARIF)", NULL}, {"runs.tool"}},
    {{"a list of findings of ESLint (JSON)", NULL}, {"filePath", "messages"}},
    {{"a report of Lighthouse (JSON)", NULL}, {"lighthouseVersion"}},
    {{"a list of findings of Trivy (JSON)", NULL}, {"SchemaVersion", "ArtifactName"}},
    {{"an audit of npm (JSON)", NULL}, {"auditReportVersion"}},
    {{"a bill of materials (CycloneDX)", NULL}, {"bomFormat"}},
    {{"a bill of materials (SPDX)", NULL}, {"spdxVersion"}},
    {{"a recording of web traffic (HAR)", NULL}, {"log.entries"}},
    {{"a contract (Pact)", NULL}, {"consumer", "provider"}},
    {{"an API description (OpenAPI)", NULL}, {"openapi"}},
    {{"an API description (Swagger)", NULL}, {"swagger"}},
    {{"a source map", NULL}, {"mappings", "sources"}},
    {{"a lock file of npm", NULL}, {"lockfileVersion"}},
    {{"a package description (package.json)", NULL}, {"name", "dependencies"}},
    {{"a package description (package.json)", NULL}, {"name", "devDependencies"}},
    {{"a package description (package.json)", NULL}, {"name", "scripts"}},
    {{"a configuration of TypeScript (tsconfig.json)", NULL}, {"compilerOptions"}},
    {{.what = NULL}, {NULL}},
};
