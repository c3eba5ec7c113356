/* The element and attribute names of the JUnit dialects, as numbers.
 *
 * libxml2 keeps every name of a document once, in a dictionary, so the names are looked up there
 * beforehand and compared by address afterwards.
 */
#ifndef REPORT_JUNIT_NAMES_H
#define REPORT_JUNIT_NAMES_H

#include <libxml/xmlstring.h>
#include <libxml/dict.h>

enum junit_element {
    ELEMENT_UNKNOWN,
    ELEMENT_TESTSUITES,
    ELEMENT_TESTSUITE,
    ELEMENT_TESTCASES, /* a list around cases, only in TestProject's old form */
    ELEMENT_TESTCASE,
    ELEMENT_FAILURES, /* a list around failures, likewise */
    ELEMENT_FAILURE,
    ELEMENT_ERROR,
    ELEMENT_SKIPPED,
    ELEMENT_FLAKY,
    ELEMENT_RERUN,
    ELEMENT_PROPERTIES,
    ELEMENT_PROPERTY,
    ELEMENT_OUTPUT, /* system-out: may hold attachments and properties */
    ELEMENT_ATTACHMENT,
    ELEMENT_TRACE,   /* text that belongs to the failure around it */
    ELEMENT_VALUE,   /* an attribute written as an element: <time>0.4</time> */
    ELEMENT_IGNORED, /* known, and of no use here */
    /* Names that nobody knows, by what they may hold (report/junit_guess.h). */
    ELEMENT_WRAPPER,
    ELEMENT_HOLDER, /* its text is a status word */
    ELEMENT_PART,   /* in a list of failures: its text belongs to the failure */
};

enum junit_attribute {
    ATTRIBUTE_UNKNOWN,
    ATTRIBUTE_NAME,
    ATTRIBUTE_CLASSNAME,
    ATTRIBUTE_CLASS,
    ATTRIBUTE_TIME,
    ATTRIBUTE_TIMESTAMP,
    ATTRIBUTE_STATUS, /* and other names for a status word: result, outcome, state, verdict */
    ATTRIBUTE_EXECUTED,
    ATTRIBUTE_SUCCESS,
    ATTRIBUTE_SKIPPED,
    ATTRIBUTE_IGNORED,
    ATTRIBUTE_DISABLED,
    ATTRIBUTE_MESSAGE,
    ATTRIBUTE_TYPE,
    ATTRIBUTE_VALUE,
    ATTRIBUTE_HOSTNAME,
    ATTRIBUTE_PACKAGE,
    ATTRIBUTE_ID,
    ATTRIBUTE_TESTS,
    ATTRIBUTE_FAILURES, /* of a suite a count; of a test a count, or yes or no, or what failed */
    ATTRIBUTE_ERRORS,
    ATTRIBUTE_PATH,
    ATTRIBUTE_PLATFORM,
    ATTRIBUTE_BROWSER,
    ATTRIBUTE_DEVICE,
};

#define JUNIT_ELEMENT_NAMES   46
#define JUNIT_ATTRIBUTE_NAMES 48

struct junit_names {
    const xmlChar *elements[JUNIT_ELEMENT_NAMES];
    const xmlChar *attributes[JUNIT_ATTRIBUTE_NAMES];
};

void junit_names_init(struct junit_names *names, xmlDictPtr dictionary);
/* name must come from that dictionary. *ret_value (may be NULL) is the attribute that an ELEMENT_VALUE
 * stands for. */
enum junit_element junit_element(const struct junit_names *names, const xmlChar *name,
                                 enum junit_attribute *ret_value);
/* ELEMENT_TESTCASE and ELEMENT_TESTSUITE for their names in capitals, else ELEMENT_UNKNOWN. */
enum junit_element junit_element_in_any_case(const char *name);
/* In any case: a writer's Status="failed" is no less a failure. */
enum junit_attribute junit_attribute(const struct junit_names *names, const xmlChar *name);

#endif
