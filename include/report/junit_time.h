/* Durations and instants as JUnit reports write them (junit-dialects.md, section 5), without a locale. */
#ifndef REPORT_JUNIT_TIME_H
#define REPORT_JUNIT_TIME_H

#include <stddef.h>
#include <stdint.h>

enum junit_time {
    JUNIT_TIME_OK,
    JUNIT_TIME_NONE,     /* nothing was written, or a stand-in such as the year 1 or 9999-12-31 */
    JUNIT_TIME_NEGATIVE, /* taken as 0: a clock was set back, or the value is not finite */
    JUNIT_TIME_BAD,      /* something else was written, or more than ten years */
};

/* Seconds, rounded half up to milliseconds: "0.123", "12.", "1.7e-05", "1,234.56", "0,014", or
 * "[d.]hh:mm:ss[.f]". A comma together with a point, or before exactly three digits after a group that
 * is not 0, divides thousands; otherwise it is the decimal sign. *ret_ms is TIME_NONE unless OK or
 * NEGATIVE. text needs no end mark. */
enum junit_time junit_parse_duration(const char *text, size_t size, int64_t *ret_ms);

/* An instant: ISO 8601 with "T", a blank or both, with or without fraction and zone (none: UTC, as Jenkins
 * reads it), a zone after a blank ("+0200", "UTC", "GMT"), a date alone; RFC 1123; seconds or milliseconds
 * since 1970. *ret_ms is TIME_NONE unless OK. */
enum junit_time junit_parse_instant(const char *text, size_t size, int64_t *ret_ms);

#endif
