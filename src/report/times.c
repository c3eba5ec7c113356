#include "report/times.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

#define EXAMPLE_MAX_BYTES 100
#define DAY_MS            INT64_C(86400000)
#define ZONES_DIFFER_MS   (26 * INT64_C(3600000)) /* from -12:00 to +14:00 */

void report_times_init(struct report_times *t, const struct read_options *options)
{
    int64_t now_ms = options->now_ms > 0 ? options->now_ms : INT64_MAX;
    int64_t fallback_ms = options->fallback_start_ms;
    *t = (struct report_times){.zone = options->zone,
                               .machine = zone_machine(),
                               .now_ms = now_ms,
                               .latest_ms = now_ms < INT64_MAX ? now_ms + TIMES_CLOCKS_DIFFER_MS : INT64_MAX,
                               .fallback_start_ms = fallback_ms > 0 ? fallback_ms : INT64_MAX};
}

void report_times_release(struct report_times *t)
{
    for (size_t i = 0; i < TIMES_DOUBT_COUNT; i++)
        free(t->examples[i]);
    zone_leave();
}

/* example may be anything. */
void report_times_doubt(struct report_times *t, enum times_doubt doubt, const char *example)
{
    if (t->counts[doubt]++ == 0)
        t->examples[doubt] = text_excerpt(example, EXAMPLE_MAX_BYTES);
}

void report_times_forget(struct report_times *t, const int64_t counts[TIMES_DOUBT_COUNT])
{
    for (size_t i = 0; i < TIMES_DOUBT_COUNT; i++) {
        if (counts[i] == 0) {
            free(t->examples[i]);
            t->examples[i] = NULL;
        }
        t->counts[i] = counts[i];
    }
}

/* As the report has it, but always with a "T" and without a fraction. */
static void doubt_stamp(struct report_times *t, enum times_doubt doubt, struct time_stamp stamp)
{
    char text[TIME_TEXT_SIZE];
    time_format_iso(stamp.ms, text);
    text[sizeof "YYYY-MM-DDThh:mm:ss" - 1] = '\0';
    if (!stamp.without_zone)
        memcpy(text + sizeof "YYYY-MM-DDThh:mm:ss" - 1, "Z", sizeof "Z");
    report_times_doubt(t, doubt, text);
}

/* Where it lies in the future, perhaps it is the machine's local time. */
static int64_t mend(struct report_times *t, struct time_stamp stamp, int64_t instant_ms)
{
    int64_t local_ms = t->is_local ? instant_ms : zone_instant(&t->machine, stamp.ms);
    if (local_ms > t->latest_ms)
        return instant_ms;
    t->zone = t->machine;
    t->is_local = true;
    return local_ms;
}

struct report_instant report_times_instant(struct report_times *t, struct time_stamp stamp,
                                           enum times_of what)
{
    if (stamp.ms == TIME_NONE)
        return REPORT_INSTANT_NONE;
    bool was_local = t->is_local;
    int64_t ms = stamp.without_zone ? zone_instant(&t->zone, stamp.ms) : stamp.ms;
    if (ms > t->latest_ms && stamp.without_zone)
        ms = mend(t, stamp, ms);
    if (ms > t->latest_ms && what == TIMES_START)
        doubt_stamp(t, stamp.without_zone ? DOUBT_IN_FUTURE : DOUBT_ZONED_IN_FUTURE, stamp);
    else if (ms <= t->latest_ms && t->is_local && stamp.without_zone && (what != TIMES_AGAIN || !was_local))
        doubt_stamp(t, DOUBT_TAKEN_AS_LOCAL, stamp);
    return (struct report_instant){.ms = ms,
                                   .moved_ms = ms - stamp.ms,
                                   .without_zone = stamp.without_zone,
                                   .guessed = t->is_local && stamp.without_zone};
}

/* The earliest instant from which on it may have lasted. A start in the future is of another zone, or tells
 * nothing. */
static int64_t began_at(const struct report_times *t, int64_t start_ms)
{
    int64_t began_ms = start_ms == TIME_NONE ? t->fallback_start_ms : start_ms;
    if (start_ms != TIME_NONE && start_ms > t->latest_ms)
        return start_ms - ZONES_DIFFER_MS < t->now_ms ? start_ms - ZONES_DIFFER_MS
                                                      : t->now_ms - TIMES_YEAR_MS;
    return began_ms < t->now_ms ? began_ms : t->now_ms;
}

bool report_times_possible(const struct report_times *t, int64_t start_ms, int64_t duration_ms)
{
    if (duration_ms == TIME_NONE || t->latest_ms == INT64_MAX)
        return duration_ms == TIME_NONE || duration_ms < TIMES_YEAR_MS;
    return duration_ms < TIMES_YEAR_MS && duration_ms <= t->latest_ms - began_at(t, start_ms);
}

/* "2018 seconds (33 minutes)". The caller frees. */
static char *duration_text(int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *one;
        const char *many;
    } units[] = {{TIMES_YEAR_MS, "year", "years"},
                 {DAY_MS, "day", "days"},
                 {3600000, "hour", "hours"},
                 {60000, "minute", "minutes"}};
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (ms >= units[i].ms) {
            _cleanup_free_ char *whole = text_counted(ms / units[i].ms, units[i].one, units[i].many);
            return xasprintf("%" PRId64 " seconds (%s)", ms / 1000, whole);
        }
    }
    return xasprintf("%" PRId64 " ms", ms);
}

int64_t report_times_duration(struct report_times *t, int64_t start_ms, int64_t duration_ms, const char *name)
{
    if (report_times_possible(t, start_ms, duration_ms))
        return duration_ms;
    bool any_start = start_ms != TIME_NONE || duration_ms >= TIMES_YEAR_MS;
    enum times_doubt doubt = any_start ? DOUBT_DURATION : DOUBT_DURATION_WITHOUT_START;
    if (t->counts[doubt]++ == 0) {
        _cleanup_free_ char *shown = text_excerpt(name, EXAMPLE_MAX_BYTES);
        _cleanup_free_ char *took = duration_text(duration_ms);
        t->examples[doubt] = xasprintf("'%s' with %s", shown, took);
    }
    return TIME_NONE;
}

int64_t report_times_end(const struct report_times *t, int64_t start_ms, int64_t end_ms)
{
    bool cut = end_ms != TIME_NONE && end_ms > t->now_ms && (start_ms == TIME_NONE || start_ms <= t->now_ms);
    return cut ? t->now_ms : end_ms;
}

/* Of each kind the count with what is counted, then the example between two pieces. */
static const struct {
    const char *one;
    const char *many;
    const char *before;
    const char *behind;
} sentences[TIMES_DOUBT_COUNT] = {
    [DOUBT_TAKEN_AS_LOCAL] = {"time stamp without a time zone is", "time stamps without a time zone are",
                              "taken as the local time of this machine, since the first, '",
                              "', would lie in the future: name their zone with --time-zone, such as "
                              "--time-zone Europe/Berlin"},
    [DOUBT_IN_FUTURE] = {"start lies", "starts lie", "in the future, the first is '",
                         "': sent as written; if that is the local time of another place, name it with "
                         "--time-zone, such as --time-zone Europe/Berlin, else set the clock of the machine "
                         "that ran the tests"},
    [DOUBT_ZONED_IN_FUTURE] =
        {"start lies", "starts lie", "in the future, the first is '",
         "': sent as written, since it names its zone itself (--time-zone is for those that "
         "name none); set the clock of the machine that ran the tests, or see to the zone "
         "that its reporter writes"},
    [DOUBT_DURATION] = {"test", "tests", "cannot have taken as long as the report says, the first is ",
                        ": the duration counts as unknown; milliseconds or nanoseconds may be written as "
                        "seconds, see what wrote the report"},
    [DOUBT_DURATION_WITHOUT_START] = {"test", "tests",
                                      "without a start would not have ended yet, the first is ",
                                      ": the duration counts as unknown; milliseconds or nanoseconds may be "
                                      "written as seconds, and if not, "
                                      "let the report carry time stamps"},
    [DOUBT_END_IN_FUTURE] =
        {"end lies", "ends lie", "in the future, the first is of '",
         "': it counts as unknown; if it is the local time of another place, name it with "
         "--time-zone, else set the clock of the machine that ran the tests"},
    [DOUBT_END_BEFORE_START] =
        {"test ends", "tests end", "before the start, the first is '",
         "': start and duration give the end instead, or the start alone; see the clock "
         "of the machine that ran the tests"},
};

void report_times_tell(const struct report_times *t, struct report_meta *meta)
{
    for (size_t i = 0; i < TIMES_DOUBT_COUNT; i++) {
        if (t->counts[i] == 0)
            continue;
        _cleanup_free_ char *counted = text_counted(t->counts[i], sentences[i].one, sentences[i].many);
        _cleanup_free_ char *text =
            xasprintf("%s %s%s%s", counted, sentences[i].before, t->examples[i], sentences[i].behind);
        text_list_add(&meta->warnings, text);
    }
}
