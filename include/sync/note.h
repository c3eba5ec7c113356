/* The note of a test log: what a person reads in qTest, and the marker by which we know it again.
 *
 *     TestProject report: https://app.testproject.io/...      (without a link: "Build: ", else "Job: ")
 *     Executed on Chrome 103.0.5060.66                        (without a target: "Executed")
 *     qtest-sync 0123456789abcdef0123456789abcdef
 *
 *     Skipped (untested)                                      (only where the report's own word says more)
 *     message, failed steps, details
 *
 * The marker is always the third line, before any text of the report, and only that line is ever read,
 * so nothing that a test prints can forge it.
 */
#ifndef SYNC_NOTE_H
#define SYNC_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "report/model.h"

struct buf;
struct note_repeats;

/* Servers may cut longer notes (qtest-api.md section 10, switch 22); we do it ourselves, at a character, and
 * say so. */
#define NOTE_MAX_BYTES 4000

/* So many are named, the one that counts first; where a log has more, one hash of all stands behind them. */
#define NOTE_MARKS_NAMED 16
#define NOTE_MARKS_MAX   (NOTE_MARKS_NAMED + 1)
struct log_marks {
    struct hash128 items[NOTE_MARKS_MAX];
    size_t count;
    struct hash128 sum; /* of those of its results, named or not; not read from a note */
};

struct note_facts {
    const char *report_url; /* NULL: none */
    const char *build_url;  /* NULL: none */
    const char *cycle;      /* the job's name */
    const struct log_marks *marks;
    const struct note_repeats *repeats; /* the results that share this log; NULL: it is one */
    bool
        steps_left_out; /* no step logs go with it, though the report has steps: those that failed are told */
};

void note_write(struct buf *out, const struct test_result *result, const struct note_facts *facts);
/* Of a note, whole; none when the third line holds none, or something else. */
void note_read_marks(const char *note, struct log_marks *ret);
/* The first 8 bytes of each, as in store_entry. Returns how many. */
size_t note_marks(const char *note, uint64_t ret_marks[NOTE_MARKS_MAX]);
/* The first of them. */
bool note_marker(const char *note, uint64_t *ret_marker);
/* A note that is written anew still names what the log stood for before, as far as there is room. */
void note_keep_marks(struct log_marks *marks, const struct hash128 *before, size_t count);

#endif
