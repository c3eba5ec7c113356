/* What a reader hands on: one struct test_result for each test on each target (and data row, where the
 * report keeps rows apart), and one struct report_meta for the whole report.
 *
 * Everything in a test_result is borrowed and valid only until the sink's result() returns; the result
 * store (report/store.h) copies what it keeps. Texts are terminated, valid UTF-8, LF line ends, no NUL
 * and no other C0 control character but tab; NULL means that the report does not say. Instants are
 * milliseconds since 1970 (base/time.h), TIME_NONE when unknown.
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/intern.h"

/* Where a case carries several marks: error > failure > skipped > passed (docs/formats.md 3.3). */
enum result_status {
    RESULT_PASSED,
    RESULT_FAILED,
    RESULT_ERROR, /* could not be carried out; qTest gets the word of a failure */
    RESULT_SKIPPED,
};
#define RESULT_STATUS_COUNT 4

const char *result_status_name(enum result_status status); /* "passed", "failed", "error", "skipped" */

struct name_value {
    const char *name; /* never NULL */
    const char *value;
};

/* A picture or file that belongs to a result or step. Exactly one of path and base64 is set. Nothing is
 * read or fetched by the readers; a path is untrusted text. */
struct attachment {
    const char *name;
    const char *content_type; /* NULL: unknown */
    const char *path;         /* as the report writes it: relative to the report's folder, or absolute */
    const char *base64;       /* the data itself, white space allowed */
};

struct test_step {
    int64_t number;                 /* 1-based, as the report counts */
    const char *nested_path;        /* names of the nested tests around it, "Login > Sub", or NULL */
    const char *description;        /* what was done, values filled in; never NULL */
    const char *design_description; /* the design's text, parameters unresolved; NULL: same as description */
    const char *element;
    const char *comment;
    const char *expected; /* NULL: "Pass", or "Fail" when inverted */
    const char *message;  /* what came out */
    const char *failure_behavior;
    const char *screenshot_setting;
    int64_t timeout_ms; /* -1: unknown */
    enum result_status status;
    bool inverted;
    bool healed;
    const struct name_value *inputs;
    size_t input_count;
    const struct name_value *outputs;
    size_t output_count;
    const struct attachment *attachments;
    size_t attachment_count;
};

struct test_result {
    /* Identity: a reader fills only what really is identity. TestProject (JSON, and its
     * JUnit): test_id, folders, name. Other JUnit: class_name, else the nearest named suite, and name. */
    const char *test_id;
    const char *const *folders; /* outermost first */
    size_t folder_count;
    const char *class_name;
    const char *suite_name;
    const char *name; /* never NULL, never empty */

    const char *target; /* full text with version, e.g. "Chrome (Headless) 103.0.5060.66"; NULL: unknown */

    enum result_status status;
    const char *status_word; /* the report's own, where it says more than status (report/status_words.h) */
    bool flaky;              /* passed in the end, after failed attempts */
    bool repeated;    /* an equal test on the same target stands before it in the report (report/repeats.h) */
    bool suite_error; /* stands for a failure of a whole suite, case "<init>"; shown apart in counts */
    bool final_stated; /* the report itself states the final result over rows or re-runs: believed */
    int64_t rerun_count;
    int64_t iteration; /* data row, from 1; 0: none */
    const char *iteration_label;

    int64_t start_ms;
    int64_t end_ms;
    /* TIME_NONE: unknown. Beside a start it is as the report writes it, even when it cannot be: it makes the result
     * known again, whenever and in whatever zone that is read, and end_ms says what is believed. Without a start it is
     * what is believed. */
    int64_t duration_ms;
    /* start_ms minus the start as it is written, which is what makes the result known again: civil time as if
     * it were UTC where it has no zone (report/times.h). */
    int64_t start_moved_ms;
    bool start_without_zone;
    /* Its start was taken as the machine's local time, or its duration or end was doubted or cut: what came of it
     * depends on when and where the report is read. */
    bool times_altered;

    const char *message;           /* first failure, error or skip message, one or several lines */
    const char *details;           /* all failure texts: stack traces, further messages; NULL: none */
    const char *failed_steps;      /* text for the note from a partial step list; NULL: none */
    const struct test_step *steps; /* only a FULL list */
    size_t step_count;

    const char *description;
    const char *application;         /* application or URL tested */
    const char *const *requirements; /* requirement keys */
    size_t requirement_count;
    const struct attachment *attachments;
    size_t attachment_count;

    int64_t line; /* where it stands in the report, 0: unknown */
};

struct text_list {
    char **items;
    size_t count;
    size_t capacity;
};

void text_list_add(struct text_list *list, const char *text); /* copies */
/* As text_list_add unless the list holds an equal text already. */
void text_list_add_new(struct text_list *list, const char *text);
void text_list_release(struct text_list *list);

struct report_counts {
    int64_t results; /* all but suite errors */
    int64_t passed;
    int64_t failed;
    int64_t error;
    int64_t skipped;
    int64_t suite_errors;
    int64_t flaky;
    int64_t reruns;
    int64_t repeated; /* among results */
};

/* What report/repeats.h remembers of a report while it is read. */
struct repeats_seen {
    uint64_t *slots; /* hashes, 0: free */
    uint32_t slot_count;
    uint32_t count;
};
#define REPEATS_SEEN_INIT                                                                                    \
    {                                                                                                        \
        0                                                                                                    \
    }

enum report_format { FORMAT_UNKNOWN, FORMAT_TESTPROJECT_JSON, FORMAT_JUNIT };
const char *report_format_name(enum report_format format); /* "testproject-json", "junit", "unknown" */

/* What is said about the report as a whole. Owned; known only when reading has ended, since the fields
 * of a JSON root may stand after the tests. */
struct report_meta {
    char *file; /* as the user named it, "-" for standard input */
    enum report_format format;
    bool from_testproject; /* TestProject's own, as JSON or as JUnit: its job_name is a job's */
    char *job_name;        /* else what the report calls itself; NULL: the report has none */
    char *job_id;
    char *project_name;
    char *execution_id; /* the report's own, NULL when it has none */
    char *report_url;
    char *agent;
    char *trigger;
    char *platform;
    struct text_list tags;
    struct text_list targets; /* distinct full texts, in the order of first sight */
    struct intern target_index;
    struct repeats_seen repeats;
    int64_t start_ms;
    int64_t end_ms;
    bool has_time_stamps;     /* any instant at all; a duration is none */
    bool incomplete;          /* salvaged from a damaged file */
    struct hash128 file_hash; /* of the bytes as they were read, before any cleaning */
    struct report_counts counts;
    struct text_list warnings; /* sentences for the person */
    struct text_list unknown;  /* "name (n times)" of fields or elements not understood, for -v */
    char *foreign;             /* when it may be no report: what it is and what to do, behind "the file is" */
};

#define REPORT_META_INIT                                                                                     \
    {                                                                                                        \
        0                                                                                                    \
    }
void report_meta_release(struct report_meta *meta);
/* Before a result is handed on: marks it when it is repeated. */
void report_meta_mark(struct report_meta *meta, struct test_result *result);
/* After the sink took it: adds it to the counts and its target to the targets. */
void report_meta_count(struct report_meta *meta, const struct test_result *result);

#endif
