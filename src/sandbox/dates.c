#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sandbox/dates.h"

#define DAY_MS 86400000LL

/* Days since 1970-01-01 of a date of the Gregorian calendar, counted month by month from tables. */
static const int days_before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : lengths[month - 1];
}

static int64_t days_since_epoch(int year, int month, int day)
{
    int64_t past = year - 1;
    int64_t days = past * 365 + past / 4 - past / 100 + past / 400;
    days += days_before_month[month - 1] + (month > 2 && leap(year) ? 1 : 0) + day - 1;
    return days - 719162; /* 0001-01-01 to 1970-01-01 */
}

/* Takes exactly count digits off *at. */
static bool take_digits(const char **at, int count, int *ret)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += count;
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

static bool take_fraction(const char **at, int *ret_ms)
{
    int scale = 100, ms = 0, digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        ms += (**at - '0') * scale;
        scale /= 10;
    }
    *ret_ms = ms;
    return digits > 0;
}

static bool take_offset(const char **at, int *ret_minutes)
{
    *ret_minutes = 0;
    if (**at == '\0' || take_char(at, 'Z'))
        return true;
    int sign = **at == '-' ? -1 : 1, hours, minutes = 0;
    if (**at != '+' && **at != '-')
        return false;
    (*at)++;
    if (!take_digits(at, 2, &hours))
        return false;
    take_char(at, ':');
    if (**at != '\0' && !take_digits(at, 2, &minutes))
        return false;
    *ret_minutes = sign * (hours * 60 + minutes);
    return hours <= 18 && minutes <= 59;
}

static bool take_clock(const char **at, int64_t *ret_ms)
{
    int hour, minute, second = 0, ms = 0, offset;
    if (!take_digits(at, 2, &hour) || !take_char(at, ':') || !take_digits(at, 2, &minute))
        return false;
    if (take_char(at, ':') && !take_digits(at, 2, &second))
        return false;
    if (take_char(at, '.') && !take_fraction(at, &ms))
        return false;
    if (!take_offset(at, &offset) || hour > 23 || minute > 59 || second > 60)
        return false;
    *ret_ms = (((hour * 60LL + minute - offset) * 60) + second) * 1000 + ms;
    return true;
}

bool date_read(const char *text, int64_t *ret_ms)
{
    int year, month, day;
    int64_t clock_ms = 0;
    if (!take_digits(&text, 4, &year) || !take_char(&text, '-') || !take_digits(&text, 2, &month) ||
        !take_char(&text, '-') || !take_digits(&text, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_length(year, month))
        return false;
    if (*text != '\0' && (!take_char(&text, 'T') || !take_clock(&text, &clock_ms)))
        return false;
    if (*text != '\0')
        return false;
    *ret_ms = days_since_epoch(year, month, day) * DAY_MS + clock_ms;
    return true;
}

struct parts {
    int year, month, day, hour, minute, second, ms, weekday;
};

static struct parts split(int64_t instant_ms)
{
    int64_t day = instant_ms / DAY_MS, rest = instant_ms % DAY_MS;
    if (rest < 0) {
        rest += DAY_MS;
        day--;
    }
    struct parts p = {.weekday = (int)(((day % 7) + 11) % 7)}; /* 1970-01-01 was a Thursday, 0 = Sunday */
    p.year = (int)(1970 + day / 366);
    if (day < 0)
        p.year = (int)(1970 + day / 365 - 1);
    if (p.year < 1)
        p.year = 1;
    while (p.year < 9999 && days_since_epoch(p.year + 1, 1, 1) <= day)
        p.year++;
    int64_t left = day - days_since_epoch(p.year, 1, 1);
    p.month = 1;
    while (p.month < 12 && left >= month_length(p.year, p.month))
        left -= month_length(p.year, p.month++);
    p.day = (int)left % 31 + 1;
    p.ms = (int)(rest % 1000);
    p.second = (int)(rest / 1000 % 60);
    p.minute = (int)(rest / 60000 % 60);
    p.hour = (int)(rest / 3600000);
    return p;
}

/* Values in range by construction; the unsigned casts tell the compiler that the text fits. */
#define PART(value, modulus) ((unsigned)(value) % (modulus))

void date_write(int64_t instant_ms, int zone_minutes, bool milliseconds, char ret_text[DATE_TEXT_SIZE])
{
    struct parts p = split(instant_ms + zone_minutes * 60000LL);
    unsigned zone = (unsigned)(zone_minutes < 0 ? -zone_minutes : zone_minutes);
    char fraction[8] = "";
    if (milliseconds)
        snprintf(fraction, sizeof fraction, ".%03u", PART(p.ms, 1000));
    snprintf(ret_text, DATE_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u%s%c%02u:%02u", PART(p.year, 10000),
             PART(p.month, 100), PART(p.day, 100), PART(p.hour, 100), PART(p.minute, 100),
             PART(p.second, 100), fraction, zone_minutes < 0 ? '-' : '+', PART(zone / 60, 100),
             PART(zone, 60));
}

void date_write_day(int64_t instant_ms, char ret_text[DATE_TEXT_SIZE])
{
    struct parts p = split(instant_ms);
    snprintf(ret_text, DATE_TEXT_SIZE, "%04u-%02u-%02u", PART(p.year, 10000), PART(p.month, 100),
             PART(p.day, 100));
}

void date_write_http(int64_t instant_ms, char ret_text[DATE_TEXT_SIZE])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct parts p = split(instant_ms);
    snprintf(ret_text, DATE_TEXT_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[p.weekday],
             PART(p.day, 100), months[p.month - 1], PART(p.year, 10000), PART(p.hour, 100),
             PART(p.minute, 100), PART(p.second, 100));
}

void date_write_page(int64_t instant_ms, char ret_text[DATE_TEXT_SIZE])
{
    struct parts p = split(instant_ms);
    snprintf(ret_text, DATE_TEXT_SIZE, "%04u-%02u-%02u %02u:%02u:%02u", PART(p.year, 10000),
             PART(p.month, 100), PART(p.day, 100), PART(p.hour, 100), PART(p.minute, 100),
             PART(p.second, 100));
}

int64_t date_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}
