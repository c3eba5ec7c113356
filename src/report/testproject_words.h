/* What TestProject's words mean: results, instants, durations (docs/formats.md 2.4, 2.5). */
#ifndef REPORT_TESTPROJECT_WORDS_H
#define REPORT_TESTPROJECT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "report/status_words.h"
#include "report/times.h"

enum result_word {
    WORD_KNOWN,
    WORD_UNFINISHED, /* Executing, Reporting, Ready: the job still runs; *ret_status is skipped */
    WORD_UNKNOWN,    /* no verdict of the table: JSON has nothing else that decides; *ret_status is skipped */
};

/* By the table of all writers (report/status_words.h). *ret_plain (may be NULL): the word says no more than
 * the status. */
enum result_word testproject_result_word(const char *text, enum result_status *ret_status, bool *ret_plain);

/* An ISO 8601 instant, or a number that counts from 1970. One that was never set (base/time.h) and an empty
 * text give TIME_NONE; false when it is something else. */
bool testproject_instant(const char *text, struct time_stamp *ret);
bool testproject_instant_number(int64_t number, struct time_stamp *ret);
/* "[D.]HH:MM:SS[.f...]" (a .NET time span), "0:00:31:899", "13.990s", "250ms", or a bare number of
 * units, of which unit_ms are in one: the caller knows whether it means milliseconds or seconds. A comma
 * serves as decimal sign too. False for anything else, for negative ones, and above 10,000 days. */
bool testproject_duration(const char *text, int64_t unit_ms, int64_t *ret_ms);
/* A decimal number without exponent, whatever the locale. False when it is none. */
bool testproject_decimal(const char *text, double *ret);

#endif
