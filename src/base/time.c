#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"

#define MS_PER_DAY 86400000LL

int time_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar; the year is counted from March so that the
 * leap day comes last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

int64_t time_from_civil(int64_t year, int month, int day, int hour, int minute, int second)
{
    int64_t seconds = (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return days_from_civil(year, month, day) * MS_PER_DAY + seconds * 1000;
}

/* Exactly count digits. */
static bool take_digits(const char **at, int count, int *ret)
{
    int value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (!ascii_digit(**at))
            return false;
        value = value * 10 + (**at - '0');
    }
    *ret = value;
    return true;
}

static bool take_char(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static int take_fraction_ms(const char **at)
{
    int ms = 0;
    int scale = 100;
    for (; ascii_digit(**at); (*at)++, scale /= 10)
        ms += (**at - '0') * scale;
    return ms;
}

static bool take_zone(const char **at, int *ret_minutes, bool *ret_given)
{
    *ret_minutes = 0;
    *ret_given = **at != '\0';
    if (take_char(at, 'Z') || take_char(at, 'z') || !**at)
        return true;
    int sign = **at == '-' ? -1 : 1;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return false;
    int hours;
    int minutes = 0;
    if (!take_digits(at, 2, &hours))
        return false;
    if (**at && (take_char(at, ':'), !take_digits(at, 2, &minutes)))
        return false;
    *ret_minutes = sign * (hours * 60 + minutes);
    return hours <= 23 && minutes <= 59;
}

static bool take_clock(const char **at, int64_t *ret_ms)
{
    int hour;
    int minute;
    int second = 0;
    int ms = 0;
    if (!take_digits(at, 2, &hour) || !take_char(at, ':') || !take_digits(at, 2, &minute))
        return false;
    if (take_char(at, ':') && !take_digits(at, 2, &second))
        return false;
    if (**at == '.' || **at == ',') {
        (*at)++;
        ms = take_fraction_ms(at);
    }
    bool midnight = hour == 24 && minute == 0 && second == 0;
    if ((hour > 23 && !midnight) || minute > 59 || second > 60)
        return false;
    *ret_ms = ((int64_t)hour * 3600 + (int64_t)minute * 60 + second) * 1000 + ms;
    return true;
}

bool time_parse_iso(const char *text, int64_t *ret_ms, bool *ret_zone)
{
    int year;
    int month;
    int day;
    int64_t clock_ms;
    int zone_minutes;
    bool zone_given;
    const char *at = text;
    if (!take_digits(&at, 4, &year) || !take_char(&at, '-') || !take_digits(&at, 2, &month) ||
        !take_char(&at, '-') || !take_digits(&at, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > time_days_in_month(year, month))
        return false;
    if (!take_char(&at, 'T') && !take_char(&at, 't') && !take_char(&at, ' '))
        return false;
    if (!take_clock(&at, &clock_ms) || !take_zone(&at, &zone_minutes, &zone_given) || *at)
        return false;
    *ret_ms = time_from_civil(year, month, day, 0, 0, 0) + clock_ms - (int64_t)zone_minutes * 60000;
    if (ret_zone)
        *ret_zone = zone_given;
    return true;
}

static bool take_month_name(const char **at, int *ret_month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int month = 1; month <= 12; month++) {
        if (strncmp(*at, names + (month - 1) * 3, 3) == 0) {
            *at += 3;
            *ret_month = month;
            return true;
        }
    }
    return false;
}

static void skip_blanks(const char **at)
{
    while (**at == ' ')
        (*at)++;
}

bool time_parse_http(const char *text, int64_t *ret_ms)
{
    const char *comma = strchr(text, ',');
    const char *at = comma ? comma + 1 : text;
    skip_blanks(&at);
    int day;
    int month;
    int year;
    int64_t clock_ms;
    int digits = ascii_digit(at[0]) && ascii_digit(at[1]) ? 2 : 1;
    if (!take_digits(&at, digits, &day))
        return false;
    skip_blanks(&at);
    if (!take_month_name(&at, &month))
        return false;
    skip_blanks(&at);
    if (!take_digits(&at, 4, &year) || year < 1 || day < 1 || day > time_days_in_month(year, month))
        return false;
    skip_blanks(&at);
    if (!take_clock(&at, &clock_ms))
        return false;
    skip_blanks(&at);
    if (!text_equal(at, "GMT") && !text_equal(at, "UTC"))
        return false;
    *ret_ms = time_from_civil(year, month, day, 0, 0, 0) + clock_ms;
    return true;
}

bool time_is_set(int64_t instant_ms)
{
    const int64_t end_of_1970_ms = INT64_C(31536000000);
    const int64_t last_days_of_9999_ms = INT64_C(253402128000000); /* 9999-12-30, for its offset */
    return instant_ms >= end_of_1970_ms && instant_ms < last_days_of_9999_ms;
}

bool time_from_epoch(int64_t number, int64_t *ret_ms)
{
    static const struct {
        int64_t from;
        int64_t to;
        int64_t multiplier;
        int64_t divisor;
    } units[] = {
        {1000000000, 100000000000, 1000, 1},   /* seconds from 2001 to 5138 */
        {100000000000, 253402300800000, 1, 1}, /* the last millisecond of 9999 is .NET's "not set" */
        {1000000000000000, 100000000000000000, 1, 1000},
        {1000000000000000000, INT64_MAX, 1, 1000000},
    };
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (number >= units[i].from && number < units[i].to) {
            *ret_ms = number * units[i].multiplier / units[i].divisor;
            return true;
        }
    }
    return false;
}

static int64_t clamp_instant(int64_t ms)
{
    int64_t low = time_from_civil(1, 1, 1, 0, 0, 0);
    int64_t high = time_from_civil(9999, 12, 31, 23, 59, 59) + 999;
    return ms < low ? low : (ms > high ? high : ms);
}

void time_format_date(int64_t instant_ms, char ret_text[TIME_TEXT_SIZE])
{
    int64_t ms = clamp_instant(instant_ms);
    int64_t days = ms / MS_PER_DAY - (ms % MS_PER_DAY < 0);
    int64_t year;
    int month;
    int day;
    civil_from_days(days, &year, &month, &day);
    snprintf(ret_text, TIME_TEXT_SIZE, "%04d-%02d-%02d", (int)year, month, day);
}

void time_format_iso(int64_t instant_ms, char ret_text[TIME_TEXT_SIZE])
{
    int64_t ms = clamp_instant(instant_ms);
    int64_t of_day = (ms % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY;
    time_format_date(ms, ret_text);
    snprintf(ret_text + 10, TIME_TEXT_SIZE - 10, "T%02d:%02d:%02d.%03dZ", (int)(of_day / 3600000),
             (int)(of_day / 60000 % 60), (int)(of_day / 1000 % 60), (int)(of_day % 1000));
}

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}
