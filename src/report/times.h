/* The times of one report: which instant a time stamp means, and which times cannot be.
 *
 *     report_times_init(&t, &options);
 *     report_times_instant(&t, stamp, TIMES_START)     // of each time stamp
 *     report_times_duration(&t, start_ms, ms, name)    // of each result
 *     report_times_end(&t, start_ms, end_ms)
 *     report_times_tell(&t, &meta);
 *     report_times_release(&t);
 *
 * The rules:
 *   - A stamp before 1971, or of the last days of 9999, says nothing, and so does a date alone.
 *   - A stamp with a zone or an offset of its own, or a number that counts from 1970, is what it is. Others
 *     are civil time in the zone of the options. When such a one then lies in the future, and does not as the
 *     machine's own local time, it is taken for that, and so are all after it: a writer has one clock.
 *   - A duration of a year or more cannot be, nor one with which the test ends after the report was read.
 *     It counts as unknown, and so does an end in the future.
 *   - An end that is in the future by no more than clocks differ is cut at the time of reading.
 *   - What depends on the time or the place of reading marks the result (report/model.h, times_altered).
 *
 * The future begins TIMES_CLOCKS_DIFFER_MS after the reading. Without the time of reading nothing is judged
 * by it. What is doubtful is told once a report and kind, with a count and the first example.
 */
#ifndef REPORT_TIMES_H
#define REPORT_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/zone.h"
#include "report/model.h"
#include "report/reader.h"

/* How far the clock of the machine that ran the tests may be ahead of ours: what Kerberos allows (RFC 4120,
 * section 8.2), which many networks are therefore kept within. */
#define TIMES_CLOCKS_DIFFER_MS (5 * INT64_C(60000))
#define TIMES_YEAR_MS          (365 * INT64_C(86400000))

/* As it is written: civil time as if it were UTC, unless it has a zone, a zone's offset or none by nature. */
struct time_stamp {
    int64_t ms; /* TIME_NONE: none, or a stand-in */
    bool without_zone;
};

struct report_instant {
    int64_t ms;       /* TIME_NONE: unknown */
    int64_t moved_ms; /* minus as it is written */
    bool without_zone;
    bool guessed; /* taken as the machine's local time */
};

#define REPORT_INSTANT_NONE ((struct report_instant){.ms = TIME_NONE})

enum times_of {
    TIMES_START,
    TIMES_END,   /* when it lies in the future, the result that has it is noted, not the stamp */
    TIMES_AGAIN, /* noted where it is read, and inherited here */
};

enum times_doubt {
    DOUBT_TAKEN_AS_LOCAL,
    DOUBT_IN_FUTURE,
    DOUBT_ZONED_IN_FUTURE,
    DOUBT_DURATION,
    DOUBT_DURATION_WITHOUT_START,
    DOUBT_END_IN_FUTURE,
    DOUBT_END_BEFORE_START,
    TIMES_DOUBT_COUNT,
};

struct report_times {
    struct zone zone; /* of stamps without one */
    struct zone machine;
    bool is_local; /* one was taken as the machine's local time */
    int64_t now_ms;
    int64_t latest_ms; /* what comes later is the future; INT64_MAX: nothing does */
    int64_t fallback_start_ms;
    int64_t counts[TIMES_DOUBT_COUNT];
    char *examples[TIMES_DOUBT_COUNT]; /* of the first; NULL: none yet */
};

void report_times_init(struct report_times *t, const struct read_options *options);
void report_times_release(struct report_times *t);
struct report_instant report_times_instant(struct report_times *t, struct time_stamp stamp,
                                           enum times_of what);
/* Whether a test with this start (TIME_NONE: the fallback) can have taken so long; duration_ms may be
 * TIME_NONE. Without a word. */
bool report_times_possible(const struct report_times *t, int64_t start_ms, int64_t duration_ms);
/* The duration, or TIME_NONE when it cannot be, which is noted with the test's name. */
int64_t report_times_duration(struct report_times *t, int64_t start_ms, int64_t duration_ms,
                              const char *name);
/* The end of a test, cut at the time of reading unless it only began then. Either may be TIME_NONE. */
int64_t report_times_end(const struct report_times *t, int64_t start_ms, int64_t end_ms);
void report_times_doubt(struct report_times *t, enum times_doubt doubt, const char *example);
/* Puts the sentences into meta->warnings. */
void report_times_tell(const struct report_times *t, struct report_meta *meta);
/* Back to these counts: what was noted since is forgotten. */
void report_times_forget(struct report_times *t, const int64_t counts[TIMES_DOUBT_COUNT]);

#endif
