#include "report/junit_time.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

#define DURATION_MAX_BYTES 64
#define INSTANT_MAX_BYTES  64

/* A decimal number being read: its digits as an integer, and how many of them stand behind the point. */
struct decimal {
    int64_t digits;
    int digit_count; /* without leading zeros, of those kept */
    int exponent;    /* the value is digits * 10^exponent */
    bool any;
};

/* Eighteen digits are more than milliseconds of ten years need; further ones only move the point. */
static void add_digit(struct decimal *d, char c, bool behind_point)
{
    d->any = true;
    if (d->digit_count < 18) {
        d->digits = d->digits * 10 + (c - '0');
        d->digit_count += d->digits > 0;
        d->exponent -= behind_point;
    } else {
        d->exponent += !behind_point;
    }
}

/* Which sign divides the fraction: a point, a comma, or neither (0). */
static char decimal_sign(const char *text, size_t size)
{
    const char *comma = memchr(text, ',', size);
    if (!comma || memchr(text, '.', size))
        return '.';
    size_t before = (size_t)(comma - text);
    size_t after = size - before - 1;
    if (memchr(comma + 1, ',', after))
        return 0;
    bool leading_zero = before == 1 && *text == '0';
    return leading_zero || before == 0 || after != 3 ? ',' : 0;
}

static bool read_exponent(const char *text, size_t size, int *ret)
{
    bool negative = size && *text == '-';
    if (size && (*text == '-' || *text == '+')) {
        text++;
        size--;
    }
    if (size == 0)
        return false;
    int value = 0;
    for (size_t i = 0; i < size; i++) {
        if (!ascii_digit(text[i]))
            return false;
        value = value > 9999 ? value : value * 10 + (text[i] - '0');
    }
    *ret = negative ? -value : value;
    return true;
}

static bool read_decimal(const char *text, size_t size, struct decimal *ret)
{
    char sign = decimal_sign(text, size);
    bool behind_point = false;
    *ret = (struct decimal){0};
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (ascii_digit(c)) {
            add_digit(ret, c, behind_point);
        } else if (c == sign && !behind_point) {
            behind_point = true;
        } else if (c == 'e' || c == 'E') {
            int exponent;
            if (!ret->any || !read_exponent(text + i + 1, size - i - 1, &exponent))
                return false;
            ret->exponent += exponent;
            return true;
        } else if (c != ',' || behind_point || !ret->any) {
            return false;
        }
    }
    return ret->any;
}

/* Milliseconds, rounded half up; INT64_MAX when there are too many. */
static int64_t decimal_ms(const struct decimal *d)
{
    int exponent = d->exponent + 3;
    int64_t value = d->digits;
    for (; exponent > 0 && value; exponent--)
        if (__builtin_mul_overflow(value, 10, &value))
            return INT64_MAX;
    for (; exponent < -1 && value; exponent++)
        value /= 10;
    return exponent < 0 ? value / 10 + (value % 10 >= 5) : value;
}

static bool take_number(const char **at, const char *end, int64_t *ret)
{
    const char *begin = *at;
    *ret = 0;
    for (; *at < end && ascii_digit(**at) && *at - begin < 9; (*at)++)
        *ret = *ret * 10 + (**at - '0');
    return *at > begin;
}

/* "[d.]hh:mm:ss[.f]" */
static bool read_clock(const char *text, size_t size, int64_t *ret_ms)
{
    const char *at = text;
    const char *end = text + size;
    int64_t days = 0;
    int64_t hours;
    int64_t minutes;
    struct decimal seconds;
    if (!take_number(&at, end, &hours))
        return false;
    if (at < end && *at == '.') {
        at++;
        days = hours;
        if (!take_number(&at, end, &hours))
            return false;
    }
    if (at == end || *at++ != ':' || !take_number(&at, end, &minutes) || at == end || *at++ != ':')
        return false;
    if (!read_decimal(at, (size_t)(end - at), &seconds) || minutes > 59)
        return false;
    int64_t ms = decimal_ms(&seconds);
    if (ms >= 60000)
        return false;
    *ret_ms = ((days * 24 + hours) * 60 + minutes) * 60000 + ms;
    return true;
}

static bool not_finite(const char *text, size_t size)
{
    static const char *const names[] = {"nan", "inf", "infinity"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (strlen(names[i]) == size && text_starts_nocase(text, names[i]))
            return true;
    return false;
}

/* "12.345": what nearly every report has. */
static bool read_plain(const char *text, size_t size, int64_t *ret_ms)
{
    int64_t ms = 0;
    size_t at = 0;
    for (; at < size && ascii_digit(text[at]); at++)
        ms = ms * 10 + (text[at] - '0');
    if (at == 0 || at > 8 || size - at != 4 || text[at] != '.')
        return false;
    for (at++; at < size; at++) {
        if (!ascii_digit(text[at]))
            return false;
        ms = ms * 10 + (text[at] - '0');
    }
    *ret_ms = ms;
    return true;
}

enum junit_time junit_parse_duration(const char *text, size_t size, int64_t *ret_ms)
{
    if (size <= 12 && read_plain(text, size, ret_ms))
        return JUNIT_TIME_OK;
    struct decimal d;
    *ret_ms = TIME_NONE;
    text_trim(&text, &size);
    if (size == 0)
        return JUNIT_TIME_NONE;
    if (size > DURATION_MAX_BYTES)
        return JUNIT_TIME_BAD;
    bool negative = *text == '-';
    if (negative || *text == '+') {
        text++;
        size--;
    }
    int64_t ms = 0;
    if (memchr(text, ':', size) ? read_clock(text, size, &ms) : read_decimal(text, size, &d)) {
        if (!memchr(text, ':', size))
            ms = decimal_ms(&d);
    } else if (not_finite(text, size)) {
        negative = true;
        ms = 0;
    } else {
        return JUNIT_TIME_BAD;
    }
    if (ms > JUNIT_DURATION_MAX_MS)
        ms = JUNIT_DURATION_MAX_MS;
    *ret_ms = negative ? 0 : ms;
    return negative && (ms > 0 || not_finite(text, size)) ? JUNIT_TIME_NEGATIVE : JUNIT_TIME_OK;
}

/* A fraction may follow; only that of seconds is more than nothing. */
static bool read_epoch(const char *text, int64_t *ret_ms)
{
    char digits[20];
    struct decimal d;
    int64_t number;
    size_t size = strspn(text, "0123456789");
    if (size >= sizeof digits || !read_decimal(text, strlen(text), &d) || (text[size] && text[size] != '.'))
        return false;
    memcpy(digits, text, size);
    digits[size] = '\0';
    if (!text_to_int64(digits, 0, INT64_MAX, &number) || !time_from_epoch(number, ret_ms))
        return false;
    if (*ret_ms / 1000 == number)
        *ret_ms = decimal_ms(&d);
    return true;
}

/* Rewrites "…T 12:40:13", "… +0200" and "… UTC" to what time_parse_iso reads, a date alone to midnight. */
static void normalise_iso(const char *text, char ret_text[INSTANT_MAX_BYTES + 16])
{
    size_t size = 0;
    for (size_t i = 0; text[i]; i++) {
        bool blank = text[i] == ' ';
        bool before_zone = blank && size > 10 && (text[i + 1] == '+' || text[i + 1] == '-');
        bool after_t = blank && size == 11;
        bool before_name = blank && size > 10 &&
                           (text_equal(text + i + 1, "UTC") || text_equal(text + i + 1, "GMT") ||
                            text_equal(text + i + 1, "Z"));
        if (before_name) {
            ret_text[size++] = 'Z';
            break;
        }
        if (!before_zone && !after_t)
            ret_text[size++] = text[i];
    }
    ret_text[size] = '\0';
    if (size == 10)
        memcpy(ret_text + size, "T00:00:00", sizeof "T00:00:00");
}

enum junit_time junit_parse_instant(const char *text, size_t size, struct time_stamp *ret)
{
    *ret = (struct time_stamp){.ms = TIME_NONE};
    text_trim(&text, &size);
    if (size == 0)
        return JUNIT_TIME_NONE;
    if (size > INSTANT_MAX_BYTES)
        return JUNIT_TIME_BAD;
    char given[INSTANT_MAX_BYTES + 1];
    char iso[INSTANT_MAX_BYTES + 16];
    memcpy(given, text, size);
    given[size] = '\0';
    normalise_iso(given, iso);
    int64_t ms;
    bool zone = true;
    if (!time_parse_iso(iso, &ms, &zone) && !time_parse_http(given, &ms) && !read_epoch(given, &ms))
        return JUNIT_TIME_BAD;
    /* A date alone is every test's of that day: as a start it would make one result of several. */
    bool date_alone = size == sizeof "YYYY-MM-DD" - 1 && given[4] == '-';
    if (date_alone || !time_is_set(ms))
        return JUNIT_TIME_NONE;
    *ret = (struct time_stamp){.ms = ms, .without_zone = !zone};
    return JUNIT_TIME_OK;
}
