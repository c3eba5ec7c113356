/* What the parts of the TestProject reader share: the input, the place they are at, the warnings.
 *
 * Functions return 0, or a negative code with reader->err set. A place is a JSON pointer
 * ('/testResults/12/targets/0') that is kept while walking down and up again:
 *
 *     reader_enter(reader, "targets");
 *     reader_enter_item(reader, 0);
 *     ... reader_warn(reader, WARN_RESULT, "...") names it ...
 *     reader_leave(reader, 2);
 */
#ifndef REPORT_TESTPROJECT_READER_H
#define REPORT_TESTPROJECT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/intern.h"
#include "report/json_source.h"
#include "report/json_window.h"
#include "report/reader.h"
#include "report/testproject_fields.h"
#include "report/times.h"

/* Tests within tests; two places of the pointer each, and some for the way there. */
#define NESTED_TESTS_MAXIMUM 64
#define PLACE_MAXIMUM        (NESTED_TESTS_MAXIMUM * 4 + 16)
/* Tests that wait for a member of the root which stands behind them, with their list. */
#define HELD_MAXIMUM_BYTES (4u * 1024 * 1024)
#define UNKNOWN_MAXIMUM    100
/* Targets, iterations and steps of one test; what the test says for all its targets counts for each. */
#define PIECES_MAXIMUM 300000
/* Bytes of texts of one test, counted likewise. */
#define REPEATED_MAXIMUM_BYTES ((size_t)1 << 30)

/* Of one kind the first warning is told, with the number of the others. */
enum warning_kind {
    WARN_ENCODING,
    WARN_BAD_NAME,
    WARN_DUPLICATE,
    WARN_RESULT, /* none given */
    WARN_WORD,   /* none that is known */
    WARN_STEP,   /* the same of steps */
    WARN_STEP_WORD,
    WARN_TIME,
    WARN_SCREENSHOT,
    WARN_COUNTS,
    WARN_CONTRADICTION,
    WARN_HELD,
    WARN_DAMAGED,
    WARN_KINDS
};

struct place {
    const char *key; /* NULL: item */
    int64_t item;
};

/* The root's own members, as parsed values. Which of them are there is known for certain only when the
 * root has ended. */
struct testproject_root {
    struct fields fields; /* owned, unlike elsewhere */
    bool ended;
    char *tests_key;      /* of the list of tests, as the file writes it; NULL: none yet */
    bool has_command;     /* commandName: an item of the SDKs */
    bool has_description; /* the same */
    bool has_empty_tests; /* the list of tests is null */
    bool has_other;       /* any member but a report link */
    bool has_strange;     /* any member that an item of the SDKs has not */
};

/* Raw tests, one after another. */
struct held_test {
    size_t at;
    struct json_span span; /* bytes unset until it is read again */
    int64_t item;
};

struct held_tests {
    struct buf bytes;
    struct held_test *items;
    size_t count;
    size_t capacity;
    bool over;         /* the room was not enough: nothing is held any more */
    int known_members; /* of the root, at that moment */
};

struct testproject_reader {
    struct json_source source;
    struct json_window window;
    const struct read_options *options;
    const struct report_sink *sink;
    struct report_meta *meta;
    struct error *err;
    const char *label; /* of the input, for messages */

    struct field_index index;
    struct report_times times;
    struct arena scratch; /* what lives as long as one test */
    struct buf repaired;
    struct testproject_root *root;
    struct held_tests held;
    bool junit_cases;  /* the tests are cases of JUnit's model */
    bool damaged;      /* the error is of a kind that may be salvaged */
    bool is_no_json;   /* somewhere the text is none, salvaged or not */
    bool may_be_dirty; /* texts of the test at hand may hold control characters */
    bool has_marks;    /* and marks of bad bytes (report/bad_byte.h) */
    bool bad_name_told;
    int64_t line; /* of the test at hand */
    const char *test_name;
    int64_t pieces; /* of the test at hand */
    int64_t rows;   /* results that are data rows: counts cannot be compared then */
    int64_t other_skips;
    int64_t report_count; /* that have ended */
    unsigned marks;       /* report/testproject_marks.h */
    bool wrapped;         /* inside of the one wrapper that is allowed */
    bool stopped;         /* the rest is damaged and given up */
    char *reason;         /* why the job has no tests, in its own words */

    struct place places[PLACE_MAXIMUM];
    size_t place_count;
    int64_t warned[WARN_KINDS];
    size_t first_warning[WARN_KINDS]; /* in the meta's list, where any was told */
    struct intern unknown;
    int64_t unknown_counts[UNKNOWN_MAXIMUM];
    int64_t unknown_more;
};

void reader_enter(struct testproject_reader *reader, const char *key);
void reader_enter_item(struct testproject_reader *reader, int64_t item);
void reader_leave(struct testproject_reader *reader, size_t count);
/* A text of the report for a sentence, which may be of any length there: an excerpt of at most 200 bytes,
 * from the reader's scratch. */
const char *reader_excerpt(struct testproject_reader *reader, const char *text);
/* The JSON pointer, from the reader's scratch; "" for the root. */
const char *reader_pointer(struct testproject_reader *reader);

/* Each puts the place before the sentence. reader_warn returns 0 unless warnings are errors. */
int reader_warn(struct testproject_reader *reader, enum warning_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Lists a warning as it is, or counts it when there is one of its kind. */
void reader_note(struct testproject_reader *reader, enum warning_kind kind, const char *text);
int reader_fail(struct testproject_reader *reader, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Counts a target, an iteration or a step; ERR_LIMIT when the test has too many. */
int reader_count_piece(struct testproject_reader *reader);
/* Counts a member that no row of the table knows. */
void reader_unknown(struct testproject_reader *reader, enum field_context context, const char *name);
/* Puts what was counted into the meta: unknown members, warnings that were not told. */
void reader_report(struct testproject_reader *reader);

/* Sorts an object's members by datum. */
int reader_fields(struct testproject_reader *reader, enum field_context context, const cJSON *object,
                  struct fields *ret_fields);

#endif
