/* XML of other tools, by its root element (src/report/foreign.h). */
#include "report/foreign.h"

#include <string.h>

#include "base/text.h"

#define DOTNET                                                                                               \
    "let .NET write JUnit XML (dotnet test --logger junit, with the package JunitXml.TestLogger in the "     \
    "test project)"
#define NUNIT                                                                                                \
    "let NUnit write JUnit XML (dotnet test --logger junit, with the package JunitXml.TestLogger in the "    \
    "test project, or the console runner's --result=FILE;transform=nunit3-junit.xslt)"
#define XUNIT                                                                                                \
    "let xUnit.net write JUnit XML (its runners' option -junit FILE, or dotnet test --logger junit with "    \
    "the package JunitXml.TestLogger)"
#define OTR                                                                                                  \
    "name the JUnit XML beside it (Maven and Gradle write TEST-*.xml, JUnit's console launcher "             \
    "TEST-junit-*.xml into --reports-dir, PHPUnit --log-junit FILE)"
#define ROBOT                                                                                                \
    "let Robot Framework write JUnit XML (robot --xunit FILE, or afterwards rebot --xunit FILE output.xml)"
#define TESTNG                                                                                               \
    "name the JUnit XML that TestNG writes beside it (test-output/junitreports/TEST-*.xml, with Maven "      \
    "surefire-reports/TEST-*.xml)"
#define JMETER     "JMeter writes no JUnit XML itself; run it with Taurus, whose module junit-xml does"
#define BOOST      "let Boost.Test write JUnit XML (--log_format=JUNIT --log_sink=FILE)"
#define CATCH2     "let Catch2 write JUnit XML (--reporter junit --out FILE)"
#define SQUISH     "let Squish write JUnit XML (squishrunner --reportgen junit,FILE)"
#define PHPUNIT    "let PHPUnit write JUnit XML (phpunit --log-junit FILE)"
#define FITNESSE   "let FitNesse write JUnit XML (?format=junit, or with Maven its JUnit runner's TEST-*.xml)"
#define STYLESHEET "turn it into JUnit XML with a stylesheet (XSLT), such as the xUnit plugin of Jenkins has"
#define RANOREX    "let Ranorex write JUnit XML (option /junit)"

const struct foreign_xml foreign_xml_table[] = {
    {{"a test result of Visual Studio (TRX, MSTest)", DOTNET}, "TestRun", "TeamTest", NULL},
    {{"a report of CppUnit", STYLESHEET}, "TestRun", NULL, NULL},
    {{"an NUnit 3 report", NUNIT}, "test-run", NULL, NULL},
    {{"an NUnit 2 report", "let NUnit write JUnit XML (dotnet test --logger junit, with the package "
                           "JunitXml.TestLogger), or Pester "
                           "(-OutputFormat JUnitXml)"},
     "test-results",
     NULL,
     NULL},
    {{"an xUnit.net report (v2 or v3)", XUNIT}, "assemblies", NULL, NULL},
    {{"an xUnit.net report (v1)", XUNIT}, "assembly", NULL, NULL},
    {{"a report of TestNG", TESTNG}, "testng-results", NULL, NULL},
    {{"a list of suites for TestNG, which holds no results", TESTNG}, "suite", NULL, "name"},
    {{"the output of Robot Framework", ROBOT}, "robot", NULL, NULL},
    {{"an Open Test Reporting file (events)", OTR}, "events", "opentest4j", NULL},
    {{"an Open Test Reporting file (hierarchy)", OTR}, NULL, "opentest4j", NULL},
    {{"a summary of Maven Failsafe", "name the JUnit XML beside it (failsafe-reports/TEST-*.xml)"},
     "failsafe-summary",
     NULL,
     NULL},
    {{"a file of CTest (such as Test.xml)", "let CTest write JUnit XML (ctest --output-junit FILE)"},
     "Site",
     NULL,
     NULL},
    {{"a log of Boost.Test", BOOST}, "TestLog", NULL, NULL},
    {{"a report of Boost.Test", BOOST}, "TestResult", NULL, NULL},
    {{"a report of Catch2 (XML)", CATCH2}, "Catch2TestRun", NULL, NULL},
    {{"a report of Catch2 (XML)", CATCH2}, "Catch", NULL, NULL},
    {{"a report of doctest (XML)", "let doctest write JUnit XML (--reporters=junit --out=FILE)"},
     "doctest",
     NULL,
     NULL},
    {{"a report of CUnit", "let CUnit write JUnit XML (CU_automated_enable_junit_xml in newer versions)"},
     "CUNIT_TEST_RUN_REPORT",
     NULL,
     NULL},
    {{"a list of tests of CUnit, which holds no results",
      "let CUnit write JUnit XML (CU_automated_enable_junit_xml in newer versions)"},
     "CUNIT_TEST_LIST_REPORT",
     NULL,
     NULL},
    {{"a report of Qt Test (XML)", "let Qt Test write JUnit XML (-o FILE,junitxml)"}, "TestCase", NULL, NULL},
    {{"a report of UnitTest++", STYLESHEET}, "unittest-results", NULL, NULL},
    {{"a report of FPCUnit", STYLESHEET}, "TestResults", NULL, NULL},
    {{"a report of check (XML)", STYLESHEET}, "testsuites", "check.sourceforge.net", NULL},
    {{"the samples of JMeter (JTL)", JMETER}, "testResults", NULL, "version"},
    {{"a report of FitNesse", FITNESSE}, "testResults", NULL, NULL},
    {{"a report of FitNesse", FITNESSE}, "suiteResults", NULL, NULL},
    {{"a project of SoapUI, which holds no results",
      "let SoapUI write JUnit XML (testrunner.sh -j -f FOLDER project.xml)"},
     "soapui-project",
     NULL,
     NULL},
    {{"a report of PHPUnit (TestDox)", PHPUNIT}, "tests", NULL, NULL},
    {{"a coverage report of PHPUnit", NULL}, "phpunit", "coverage", NULL},
    {{"a configuration of PHPUnit", PHPUNIT}, "phpunit", NULL, NULL},
    {{"a result of Serenity", "name the JUnit XML of the build (Maven: failsafe-reports/TEST-*.xml)"},
     "acceptance-test-run",
     NULL,
     NULL},
    {{"an Allure result (version 1)",
      "name the JUnit XML that the test tool itself writes, such as Maven's surefire-reports/TEST-*.xml"},
     "test-suite",
     "allure",
     NULL},
    {{"a report of NUnit (one suite)", NUNIT}, "test-suite", NULL, NULL},
    {{"Jenkins' own list of test results", "name the JUnit XML that Jenkins took in"}, "result", NULL, NULL},
    {{"a report of Squish", SQUISH}, "SquishReport", NULL, NULL},
    {{"a report of Gallio or MbUnit", STYLESHEET}, "report", "gallio", NULL},
    {{"a report of Ranorex", RANOREX}, "report", NULL, "progress"},
    {{"a generic test report for SonarQube", "name the JUnit XML that the test tool writes"},
     "testExecutions",
     NULL,
     NULL},
    {{"a report of Parasoft", "let Parasoft write JUnit XML (its XSLT for xUnit)"},
     "ResultsSession",
     NULL,
     NULL},

    {{"a coverage report (Cobertura)", NULL}, "coverage", NULL, "line-rate"},
    {{"a coverage report (Clover)", NULL}, "coverage", NULL, "generated"},
    {{"a coverage report", NULL}, "coverage", NULL, NULL},
    {{"a coverage report (JaCoCo)", NULL}, "report", NULL, "name"},
    {{"a coverage report (OpenCover)", NULL}, "CoverageSession", NULL, NULL},
    {{"a coverage report (dotCover)", NULL}, "Root", NULL, "CoveredStatements"},
    {{"a mutation report (PIT)", NULL}, "mutations", NULL, NULL},
    {{"a list of findings (Checkstyle)", NULL}, "checkstyle", NULL, NULL},
    {{"a list of findings (SpotBugs)", NULL}, "BugCollection", NULL, NULL},
    {{"a list of findings (PMD)", NULL}, "pmd", NULL, NULL},
    {{"a list of repeated code (PMD-CPD)", NULL}, "pmd-cpd", NULL, NULL},
    {{"a list of findings (Cppcheck)", NULL}, "results", NULL, "version"},
    {{"a list of findings (Android Lint)", NULL}, "issues", NULL, NULL},
    {{"a list of findings (Valgrind)", NULL}, "valgrindoutput", NULL, NULL},
    {{"a list of findings (JSLint)", NULL}, "jslint", NULL, NULL},
    {{"a bill of materials (CycloneDX)", NULL}, "bom", NULL, NULL},

    {{"a build file of Maven (pom.xml)", NULL}, "project", "maven", NULL},
    {{"a build file of Ant", NULL}, "project", NULL, "default"},
    {{"a build file (project)", NULL}, "project", NULL, NULL},
    {{"a build file of .NET (MSBuild)", NULL}, "Project", NULL, NULL},
    {{"settings of Maven", NULL}, "settings", NULL, NULL},
    {{"a configuration of .NET", NULL}, "configuration", NULL, NULL},
    {{"a configuration of Log4j", NULL}, "Configuration", NULL, NULL},
    {{"a configuration of Spring", NULL}, "beans", NULL, NULL},
    {{"a description of an Android app", NULL}, "manifest", NULL, NULL},
    {{"a picture (SVG)", NULL}, "svg", NULL, NULL},
    {{"a feed of news", NULL}, "rss", NULL, NULL},
    {{"an answer of a web service (SOAP)", "look into the file to see what was saved in the report's place"},
     "Envelope",
     NULL,
     NULL},
    {{"an error message of a file store", "look into the file to see what was saved in the report's place"},
     "Error",
     NULL,
     NULL},
    {{.what = NULL}, NULL, NULL, NULL},
};

static bool has_attribute(const char *name, const unsigned char *const *attributes, int count)
{
    for (int i = 0; i < count; i++)
        if (text_equal((const char *)attributes[5 * (size_t)i], name))
            return true;
    return false;
}

const struct foreign *foreign_of_xml(const char *root, const char *uri,
                                     const unsigned char *const *attributes, int attribute_count)
{
    for (const struct foreign_xml *row = foreign_xml_table; row->is.what; row++) {
        if (row->root && !text_equal(row->root, root))
            continue;
        if (row->in_namespace && !(uri && strstr(uri, row->in_namespace)))
            continue;
        if (row->attribute && !has_attribute(row->attribute, attributes, attribute_count))
            continue;
        return &row->is;
    }
    return NULL;
}
