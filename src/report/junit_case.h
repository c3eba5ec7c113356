/* One test while its element is open: what attributes, children, properties and output say about it.
 *
 *     junit_case_init(&c);                     // once
 *     junit_case_begin(&c, line);              // for each test: everything of the last one is gone
 *     junit_case_attribute / junit_verdict_add / junit_case_property / junit_case_attachment
 *     junit_case_finish(&c, &place, &notes, &times);    // and c.result is what to hand on
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
#include "report/status_words.h"
#include "report/times.h"

#define JUNIT_UNNAMED "(unnamed)"

/* What words say of a test: its attributes status, result, executed and the like, and elements of such
 * names. */
struct junit_said {
    const char *word; /* as written: the worst of those that the table knows, NULL: none */
    enum status_meaning meaning;
    bool plain;
    bool unfinished;     /* any of them */
    const char *element; /* word is the text of this element */
    const char *unknown; /* the first word that the table does not know */
};

struct junit_case {
    struct arena arena; /* everything below that is a pointer, but for the buffers */
    int64_t line;
    const char *name;
    const char *class_name;
    const char *php_class; /* PHPUnit's class attribute, where there is no classname */
    struct junit_said said;
    struct report_instant start;
    int64_t duration_ms;        /* as written, even when it cannot be */
    int64_t lasted_ms;          /* after the finish: the same, TIME_NONE when it cannot be */
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
    bool from_testproject; /* after the finish: written as TestProject writes its tests */
};

/* How long tests took, one after another. */
struct junit_passed {
    int64_t ms;         /* without durations that cannot be */
    int64_t written_ms; /* what the report says, but for a year and more: the same whenever it is read */
};

/* What the test's surroundings say. */
struct junit_place {
    const char *suite_name;   /* of the nearest suite whose name is no target, NULL: none */
    const char *suite_target; /* of the nearest suite that has one, NULL: none */
    const char *given_target; /* --target */
    bool suite_is_target;     /* suite_target is the name of its suite */
    bool testproject;         /* suite_target is written as only TestProject does */

    struct report_instant start; /* of the suite */
    struct junit_passed passed;  /* since then, in the tests before this one */
};

/* The start of a test that states none: the suite's, moved on by the tests before. Tests that ran side by
 * side sum up to more than the time that has passed; then the test began with its suite, for all we know. */
void junit_place_start(const struct junit_place *place, const struct report_times *times, int64_t duration_ms,
                       struct test_result *ret);

void junit_case_init(struct junit_case *c);
void junit_case_release(struct junit_case *c);
void junit_case_begin(struct junit_case *c, int64_t line);
void junit_case_attribute(struct junit_case *c, struct junit_notes *notes, struct report_times *times,
                          enum junit_attribute attribute, const char *value, size_t size);
/* A status word; element: the name of the one that holds it, NULL: it stands in an attribute. */
void junit_case_word(struct junit_case *c, const char *word, size_t size, const char *element);
/* A property: steps, attachments and requirement keys as in docs/formats.md 3.6; the target. */
void junit_case_property(struct junit_case *c, struct junit_notes *notes, const char *name,
                         const char *value);
/* path as the report has it; a "data:" URI becomes base64, a web address a line of the details. What cannot
 * be attached is left out with a note. */
void junit_case_attachment(struct junit_case *c, struct junit_notes *notes, const char *path);
/* Fills c->result; what it points to is valid until the next begin. False when TestProject says of the
 * test that it still runs; it is then filled as skipped. */
bool junit_case_finish(struct junit_case *c, const struct junit_place *place, struct junit_notes *notes,
                       struct report_times *times);
/* Of a finished one. */
struct junit_passed junit_case_took(const struct junit_case *c);

#endif
