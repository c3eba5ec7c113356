/* Durations and instants as JUnit reports write them (docs/formats.md 3.5), without a locale. */
#ifndef REPORT_JUNIT_TIME_H
#define REPORT_JUNIT_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "report/times.h"

enum junit_time {
    JUNIT_TIME_OK,
    JUNIT_TIME_NONE,     /* nothing was written, or a stand-in such as the year 1 or 9999-12-31, or a date alone */
    JUNIT_TIME_NEGATIVE, /* taken as 0: a clock was set back, or the value is not finite */
    JUNIT_TIME_BAD,      /* something else was written */
};

#define JUNIT_DURATION_MAX_MS (1000 * INT64_C(365) * 24 * 3600 * 1000) /* a thousand years */

/* Seconds, rounded half up to milliseconds: "0.123", "12.", "1.7e-05", "1,234.56", "0,014", or
 * "[d.]hh:mm:ss[.f]". A comma together with a point, or before exactly three digits after a group that
 * is not 0, divides thousands; otherwise it is the decimal sign. *ret_ms is TIME_NONE unless OK or
 * NEGATIVE, and JUNIT_DURATION_MAX_MS for all that is longer: whether it can be is another question
 * (report/times.h). text needs no end mark. */
enum junit_time junit_parse_duration(const char *text, size_t size, int64_t *ret_ms);

/* An instant: ISO 8601 with "T", a blank or both, with or without fraction and zone, a zone after a blank
 * ("+0200", "UTC", "GMT"); RFC 1123; a number that counts from 1970. TIME_NONE unless OK. */
enum junit_time junit_parse_instant(const char *text, size_t size, struct time_stamp *ret);

#endif
