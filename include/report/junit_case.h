/* One test while its element is open: what attributes, children, properties and output say about it.
 *
 *     junit_case_init(&c);                     // once
 *     junit_case_begin(&c, line);              // for each test: everything of the last one is gone
 *     junit_case_attribute / junit_verdict_add / junit_case_property / junit_case_attachment
 *     junit_case_finish(&c, &place, &notes);    // and c.result is what to hand on
 *     junit_case_release(&c);
 */
#ifndef REPORT_JUNIT_CASE_H
#define REPORT_JUNIT_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "report/junit_marker.h"
#include "report/junit_names.h"
#include "report/junit_notes.h"
#include "report/junit_target.h"
#include "report/junit_verdict.h"
#include "report/model.h"

#define JUNIT_UNNAMED "(unnamed)"

struct junit_case {
    struct arena arena; /* everything below that is a pointer, but for the buffers */
    int64_t line;
    const char *name;
    const char *class_name;
    const char *php_class; /* PHPUnit's class attribute, where there is no classname */
    const char *status_word;
    const char *result_word;
    int64_t start_ms;
    int64_t duration_ms;
    struct junit_target target; /* by its own attribute or property */
    struct junit_verdict verdict;
    struct test_step *steps;
    size_t step_count;
    size_t step_capacity;
    struct attachment *attachments;
    size_t attachment_count;
    size_t attachment_capacity;
    const char **requirements;
    size_t requirement_count;
    size_t requirement_capacity;
    struct test_result result;
};

/* What the test's surroundings say. */
struct junit_place {
    const char *suite_name;   /* of the nearest suite whose name is no target, NULL: none */
    const char *suite_target; /* of the nearest suite that has one, NULL: none */
    const char *given_target; /* --target */
    bool suite_is_target;     /* suite_target is the name of its suite */
    bool testproject;         /* suite_target is written as only TestProject does */
    int64_t start_ms;         /* of the suite, with the time of the tests before this one */
};

void junit_case_init(struct junit_case *c);
void junit_case_release(struct junit_case *c);
void junit_case_begin(struct junit_case *c, int64_t line);
void junit_case_attribute(struct junit_case *c, struct junit_notes *notes, enum junit_attribute attribute,
                          const char *value, size_t size);
/* A property: steps, attachments and requirement keys as in junit-dialects.md 6; the target. */
void junit_case_property(struct junit_case *c, const char *name, const char *value);
/* path as the report has it; a "data:" URI becomes base64, a web address a line of the details. */
void junit_case_attachment(struct junit_case *c, const char *path);
/* Fills c->result; what it points to is valid until the next begin. False when TestProject says of the
 * test that it still runs; it is then filled as skipped. */
bool junit_case_finish(struct junit_case *c, const struct junit_place *place, struct junit_notes *notes);

#endif
