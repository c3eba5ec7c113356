#include "report/junit_names.h"

#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct element_name {
    const char *name;
    enum junit_element element;
    enum junit_attribute value;
};

struct attribute_name {
    const char *name;
    enum junit_attribute attribute;
};

/* The frequent ones first. The names with capitals are TestProject's old form, before its release 0.62
 * (docs/formats.md 2.7). */
static const struct element_name element_names[] = {
    {"testcase", ELEMENT_TESTCASE, ATTRIBUTE_UNKNOWN},
    {"failure", ELEMENT_FAILURE, ATTRIBUTE_UNKNOWN},
    {"system-out", ELEMENT_OUTPUT, ATTRIBUTE_UNKNOWN},
    {"system-err", ELEMENT_OUTPUT, ATTRIBUTE_UNKNOWN},
    {"property", ELEMENT_PROPERTY, ATTRIBUTE_UNKNOWN},
    {"testsuite", ELEMENT_TESTSUITE, ATTRIBUTE_UNKNOWN},
    {"skipped", ELEMENT_SKIPPED, ATTRIBUTE_UNKNOWN},
    {"properties", ELEMENT_PROPERTIES, ATTRIBUTE_UNKNOWN},
    {"error", ELEMENT_ERROR, ATTRIBUTE_UNKNOWN},
    {"testsuites", ELEMENT_TESTSUITES, ATTRIBUTE_UNKNOWN},
    {"flakyFailure", ELEMENT_FLAKY, ATTRIBUTE_UNKNOWN},
    {"flakyError", ELEMENT_FLAKY, ATTRIBUTE_UNKNOWN},
    {"rerunFailure", ELEMENT_RERUN, ATTRIBUTE_UNKNOWN},
    {"rerunError", ELEMENT_RERUN, ATTRIBUTE_UNKNOWN},
    {"stackTrace", ELEMENT_TRACE, ATTRIBUTE_UNKNOWN},
    {"system.out", ELEMENT_OUTPUT, ATTRIBUTE_UNKNOWN},
    {"attachments", ELEMENT_PROPERTIES, ATTRIBUTE_UNKNOWN},
    {"attachment", ELEMENT_ATTACHMENT, ATTRIBUTE_UNKNOWN},
    {"screenshot", ELEMENT_ATTACHMENT, ATTRIBUTE_UNKNOWN},
    {"message", ELEMENT_VALUE, ATTRIBUTE_MESSAGE},
    {"type", ELEMENT_VALUE, ATTRIBUTE_TYPE},
    {"time", ELEMENT_VALUE, ATTRIBUTE_TIME},
    {"tests", ELEMENT_VALUE, ATTRIBUTE_TESTS},
    {"failures", ELEMENT_VALUE, ATTRIBUTE_FAILURES},
    {"errors", ELEMENT_VALUE, ATTRIBUTE_ERRORS},
    {"passed", ELEMENT_IGNORED, ATTRIBUTE_UNKNOWN},
    {"warning", ELEMENT_IGNORED, ATTRIBUTE_UNKNOWN},
    {"JUnitTestSuite", ELEMENT_TESTSUITE, ATTRIBUTE_UNKNOWN},
    {"TestCases", ELEMENT_TESTCASES, ATTRIBUTE_UNKNOWN},
    {"JUnitTestCase", ELEMENT_TESTCASE, ATTRIBUTE_UNKNOWN},
    {"Failures", ELEMENT_FAILURES, ATTRIBUTE_FAILURES},
    {"JUnitFailure", ELEMENT_FAILURE, ATTRIBUTE_UNKNOWN},
    {"JUnitError", ELEMENT_ERROR, ATTRIBUTE_UNKNOWN},
    {"Error", ELEMENT_ERROR, ATTRIBUTE_ERRORS},
    {"Properties", ELEMENT_PROPERTIES, ATTRIBUTE_UNKNOWN},
    {"JUnitProperty", ELEMENT_PROPERTY, ATTRIBUTE_UNKNOWN},
    {"Name", ELEMENT_VALUE, ATTRIBUTE_NAME},
    {"Value", ELEMENT_VALUE, ATTRIBUTE_VALUE},
    {"Time", ELEMENT_VALUE, ATTRIBUTE_TIME},
    {"Tests", ELEMENT_VALUE, ATTRIBUTE_TESTS},
    {"Result", ELEMENT_VALUE, ATTRIBUTE_STATUS},
    {"Message", ELEMENT_VALUE, ATTRIBUTE_MESSAGE},
    {"Type", ELEMENT_VALUE, ATTRIBUTE_TYPE},
};

static const struct attribute_name attribute_names[] = {
    {"name", ATTRIBUTE_NAME},
    {"classname", ATTRIBUTE_CLASSNAME},
    {"time", ATTRIBUTE_TIME},
    {"message", ATTRIBUTE_MESSAGE},
    {"type", ATTRIBUTE_TYPE},
    {"value", ATTRIBUTE_VALUE},
    {"status", ATTRIBUTE_STATUS},
    {"result", ATTRIBUTE_STATUS},
    {"file", ATTRIBUTE_UNKNOWN}, /* these three are frequent, and of no use here */
    {"line", ATTRIBUTE_UNKNOWN},
    {"assertions", ATTRIBUTE_UNKNOWN},
    {"timestamp", ATTRIBUTE_TIMESTAMP},
    {"class", ATTRIBUTE_CLASS},
    {"hostname", ATTRIBUTE_HOSTNAME},
    {"package", ATTRIBUTE_PACKAGE},
    {"id", ATTRIBUTE_ID},
    {"tests", ATTRIBUTE_TESTS},
    {"failures", ATTRIBUTE_FAILURES},
    {"errors", ATTRIBUTE_ERRORS},
    {"started-at", ATTRIBUTE_TIMESTAMP},
    {"path", ATTRIBUTE_PATH},
    {"href", ATTRIBUTE_PATH},
    {"src", ATTRIBUTE_PATH},
    {"device", ATTRIBUTE_DEVICE},
    {"deviceName", ATTRIBUTE_DEVICE},
    {"device-name", ATTRIBUTE_DEVICE},
    {"device_name", ATTRIBUTE_DEVICE},
    {"browser", ATTRIBUTE_BROWSER},
    {"browserName", ATTRIBUTE_BROWSER},
    {"browser-name", ATTRIBUTE_BROWSER},
    {"browser_name", ATTRIBUTE_BROWSER},
    {"platform", ATTRIBUTE_PLATFORM},
    {"platformName", ATTRIBUTE_PLATFORM},
    {"target", ATTRIBUTE_PLATFORM},
    {"outcome", ATTRIBUTE_STATUS},
    {"state", ATTRIBUTE_STATUS},
    {"executed", ATTRIBUTE_EXECUTED}, /* NUnit 2, with success */
    {"success", ATTRIBUTE_SUCCESS},
    {"passed", ATTRIBUTE_SUCCESS},
    {"verdict", ATTRIBUTE_STATUS},
    {"conclusion", ATTRIBUTE_STATUS},
    {"failed", ATTRIBUTE_FAILURES},
    {"failure", ATTRIBUTE_FAILURES},
    {"error", ATTRIBUTE_ERRORS},
    {"skipped", ATTRIBUTE_SKIPPED},
    {"ignored", ATTRIBUTE_IGNORED},
    {"disabled", ATTRIBUTE_DISABLED},
};

_Static_assert(ARRAY_SIZE(element_names) <= JUNIT_ELEMENT_NAMES, "room for the element names");
_Static_assert(ARRAY_SIZE(attribute_names) <= JUNIT_ATTRIBUTE_NAMES, "room for the attribute names");

void junit_names_init(struct junit_names *names, xmlDictPtr dictionary)
{
    for (size_t i = 0; i < ARRAY_SIZE(element_names); i++)
        names->elements[i] = xmlDictLookup(dictionary, (const xmlChar *)element_names[i].name, -1);
    for (size_t i = 0; i < ARRAY_SIZE(attribute_names); i++)
        names->attributes[i] = xmlDictLookup(dictionary, (const xmlChar *)attribute_names[i].name, -1);
}

enum junit_element junit_element_in_any_case(const char *name)
{
    return text_equal_nocase(name, "testcase")    ? ELEMENT_TESTCASE
           : text_equal_nocase(name, "testsuite") ? ELEMENT_TESTSUITE
                                                  : ELEMENT_UNKNOWN;
}

/* Few names hold a capital, so that the others cost no second look. */
static enum junit_attribute attribute_in_any_case(const char *name)
{
    size_t small = strcspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    char first = ascii_lower(*name);
    for (size_t i = 0; name[small] && i < ARRAY_SIZE(attribute_names); i++)
        if (attribute_names[i].name[0] == first && text_equal_nocase(name, attribute_names[i].name))
            return attribute_names[i].attribute;
    return ATTRIBUTE_UNKNOWN;
}

enum junit_element junit_element(const struct junit_names *names, const xmlChar *name,
                                 enum junit_attribute *ret_value)
{
    for (size_t i = 0; i < ARRAY_SIZE(element_names); i++) {
        if (names->elements[i] == name) {
            if (ret_value)
                *ret_value = element_names[i].value;
            return element_names[i].element;
        }
    }
    return ELEMENT_UNKNOWN;
}

enum junit_attribute junit_attribute(const struct junit_names *names, const xmlChar *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(attribute_names); i++)
        if (names->attributes[i] == name)
            return attribute_names[i].attribute;
    return attribute_in_any_case((const char *)name);
}
