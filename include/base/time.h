/* Instants and durations: 64-bit milliseconds, instants since 1970-01-01T00:00:00Z.
 *
 * Nothing here asks a clock but clock_wall_ms() and clock_monotonic_ms(), which only main and the
 * transport call; everything else gets the time handed in. No locale, no time zone (base/zone.h has those).
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* No instant, no duration. */
#define TIME_NONE INT64_MIN

#define TIME_TEXT_SIZE 32

/* ISO 8601 date and time: "YYYY-MM-DD" then "T" or a blank, "hh:mm[:ss[.f...]]", then "Z", "+hh:mm",
 * "+hhmm", "+hh" or nothing (UTC is assumed). Fractions of any length, cut to milliseconds. Years 1 to
 * 9999, days checked against the month, 24:00 and leap second 60 accepted. Nothing may follow.
 * *ret_zone (may be NULL) says whether a zone was given. */
bool time_parse_iso(const char *text, int64_t *ret_ms, bool *ret_zone);
/* HTTP-date (RFC 1123), e.g. "Sat, 02 Dec 2017 10:00:00 GMT". The weekday is optional. */
bool time_parse_http(const char *text, int64_t *ret_ms);
/* "YYYY-MM-DDThh:mm:ss.mmmZ"; years outside 1 to 9999 are clamped. */
void time_format_iso(int64_t instant_ms, char ret_text[TIME_TEXT_SIZE]);
/* "YYYY-MM-DD". */
void time_format_date(int64_t instant_ms, char ret_text[TIME_TEXT_SIZE]);
/* Milliseconds of a civil UTC date and time; month 1 to 12, day 1 to 31. */
int64_t time_from_civil(int64_t year, int month, int day, int hour, int minute, int second);
int time_days_in_month(int64_t year, int month);
/* False for what stands in reports where no instant was set: the year 1 (Go's zero time, .NET's unset date),
 * 1970 (zero since then, in whatever zone) and 9999-12-31 (.NET's last). */
bool time_is_set(int64_t instant_ms);
/* A number that counts seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its size:
 * no number is of this millennium in two of them. False when it is in none. */
bool time_from_epoch(int64_t number, int64_t *ret_ms);

int64_t clock_wall_ms(void);
int64_t clock_monotonic_ms(void);

#endif
