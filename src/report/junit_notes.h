/* What the JUnit reader has to say about a report: the same remark a million times is one sentence with
 * the first example and a count, and unknown elements are counted by name. */
#ifndef REPORT_JUNIT_NOTES_H
#define REPORT_JUNIT_NOTES_H

#include <stddef.h>
#include <stdint.h>

#include "report/model.h"

enum junit_note {
    NOTE_BAD_TIME,
    NOTE_NEGATIVE_TIME,
    NOTE_BAD_INSTANT,
    NOTE_STATUS_WORD,
    NOTE_UNKNOWN_RESULT,
    NOTE_UNKNOWN_WORD,
    NOTE_UNFINISHED,
    NOTE_FAILED_SKIP,
    NOTE_LIKE_FAILURE,
    NOTE_LIKE_SKIP,
    NOTE_LIKE_ATTEMPT,
    NOTE_GROUPED_CASE,
    NOTE_LISTED_CASE,
    NOTE_UNNAMED,
    NOTE_NESTED_CASE,
    NOTE_TEXT_CUT,
    NOTE_LATE_TARGET,
    NOTE_CUT_CASE,
    /* Side matters: the result goes in without them. */
    NOTE_STEP_WORD,
    NOTE_BAD_DATA,
    NOTE_BAD_TYPE,
    NOTE_LARGE_VALUE,
    NOTE_TOO_MANY,
    JUNIT_NOTE_COUNT,
};

#define JUNIT_UNKNOWN_MAX 64 /* distinct unknown elements; further ones count together */

struct junit_notes {
    struct {
        int64_t count;
        int64_t line;
        char *example;
    } notes[JUNIT_NOTE_COUNT];
    struct {
        char *name;
        int64_t count;
    } unknown[JUNIT_UNKNOWN_MAX];
    size_t unknown_count;
    int64_t unknown_others;
};

#define JUNIT_NOTES_INIT                                                                                     \
    {                                                                                                        \
        0                                                                                                    \
    }

/* example (may be NULL) needs no end mark. */
void junit_note(struct junit_notes *n, enum junit_note note, int64_t line, const char *example, size_t size);
void junit_note_unknown(struct junit_notes *n, const char *element);
/* Turns the notes into meta->warnings and meta->unknown. */
void junit_notes_tell(const struct junit_notes *n, struct report_meta *meta);
void junit_notes_release(struct junit_notes *n);

#endif
