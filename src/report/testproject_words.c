#include "report/testproject_words.h"

#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

#define DAY_MS              86400000LL
#define DURATION_MAXIMUM_MS (10000 * DAY_MS)

/* The length without blanks at either end; *text moves to the first other character. */
static size_t trim(const char **text)
{
    while (ascii_space(**text))
        (*text)++;
    size_t length = strlen(*text);
    while (length > 0 && ascii_space((*text)[length - 1]))
        length--;
    return length;
}

enum result_word testproject_result_word(const char *text, enum result_status *ret_status, bool *ret_plain)
{
    const struct verdict_word *word = status_word_find(text, strlen(text));
    enum status_meaning meaning = word ? word->meaning : SAYS_UNDECIDED;
    *ret_status = status_of_meaning(meaning);
    if (ret_plain)
        *ret_plain = word && word->plain;
    if (meaning == SAYS_UNFINISHED)
        return WORD_UNFINISHED;
    return meaning == SAYS_NOTHING || meaning == SAYS_UNDECIDED ? WORD_UNKNOWN : WORD_KNOWN;
}

bool testproject_instant(const char *text, struct time_stamp *ret)
{
    size_t length = trim(&text);
    *ret = (struct time_stamp){.ms = TIME_NONE};
    if (length == 0)
        return true;
    char exact[TIME_TEXT_SIZE * 2];
    if (length >= sizeof exact)
        return false;
    memcpy(exact, text, length);
    exact[length] = '\0';
    int64_t instant;
    int64_t number;
    bool zone;
    if (text_to_int64(exact, 0, INT64_MAX, &number))
        return testproject_instant_number(number, ret);
    if (!time_parse_iso(exact, &instant, &zone))
        return false;
    if (time_is_set(instant))
        *ret = (struct time_stamp){.ms = instant, .without_zone = !zone};
    return true;
}

bool testproject_instant_number(int64_t number, struct time_stamp *ret)
{
    int64_t instant;
    *ret = (struct time_stamp){.ms = TIME_NONE};
    if (!time_from_epoch(number, &instant))
        return number == 0;
    if (time_is_set(instant))
        ret->ms = instant;
    return true;
}

/* Digits, at most 12 of them, so that nothing overflows later. */
static bool take_number(const char **at, int64_t *ret)
{
    int64_t value = 0;
    int count = 0;
    for (; ascii_digit(**at); (*at)++) {
        if (++count > 12)
            return false;
        value = value * 10 + (**at - '0');
    }
    *ret = value;
    return count > 0;
}

/* ".897", cut to thousandths; also nothing. */
static int64_t take_thousandths(const char **at)
{
    if ((**at != '.' && **at != ',') || !ascii_digit((*at)[1]))
        return 0;
    (*at)++;
    int64_t value = 0;
    int64_t scale = 100;
    for (; ascii_digit(**at); (*at)++, scale /= 10)
        value += (**at - '0') * scale;
    return value;
}

/* Behind the hours, at their ':'. */
static bool take_clock(const char *at, int64_t days, int64_t hours, int64_t *ret_ms)
{
    int64_t minutes;
    int64_t seconds;
    int64_t ms;
    at++;
    if (!take_number(&at, &minutes) || *at++ != ':' || !take_number(&at, &seconds))
        return false;
    if (*at == ':') {
        at++;
        if (!take_number(&at, &ms) || ms > 999)
            return false;
    } else {
        ms = take_thousandths(&at);
    }
    if (*at || minutes > 59 || seconds > 59 || days > 10000 || hours > 240000)
        return false;
    *ret_ms = days * DAY_MS + hours * 3600000 + minutes * 60000 + seconds * 1000 + ms;
    return true;
}

/* "13.990s", "250ms" or a bare number. */
static bool take_units(const char *at, int64_t whole, int64_t unit_ms, int64_t *ret_ms)
{
    int64_t thousandths = take_thousandths(&at);
    while (*at == ' ')
        at++;
    if (text_equal(at, "ms"))
        unit_ms = 1;
    else if (text_equal(at, "s"))
        unit_ms = 1000;
    else if (*at)
        return false;
    if (whole > DURATION_MAXIMUM_MS / unit_ms)
        return false;
    *ret_ms = whole * unit_ms + thousandths * unit_ms / 1000;
    return true;
}

bool testproject_duration(const char *text, int64_t unit_ms, int64_t *ret_ms)
{
    int64_t value;
    size_t length = trim(&text);
    _cleanup_free_ char *exact = xstrndup(text, length);
    const char *at = exact;
    int64_t first;
    if (!take_number(&at, &first))
        return false;
    bool good;
    const char *days_end = at;
    int64_t hours;
    if (*at == ':')
        good = take_clock(at, 0, first, &value);
    else if (*days_end++ == '.' && take_number(&days_end, &hours) && *days_end == ':')
        good = take_clock(days_end, first, hours, &value);
    else
        good = take_units(at, first, unit_ms, &value);
    if (!good || value > DURATION_MAXIMUM_MS)
        return false;
    *ret_ms = value;
    return true;
}

bool testproject_decimal(const char *text, double *ret)
{
    size_t length = trim(&text);
    const char *end = text + length;
    bool negative = length > 0 && *text == '-';
    text += negative;
    double value = 0;
    double scale = 1;
    bool any = false;
    bool fraction = false;
    for (; text < end; text++) {
        if ((*text == '.' || *text == ',') && !fraction) {
            fraction = true;
            continue;
        }
        if (!ascii_digit(*text))
            return false;
        any = true;
        value = value * 10 + (*text - '0');
        scale *= fraction ? 10 : 1;
    }
    if (!any || !(scale < 1e300 && value < 1e300))
        return false;
    *ret = (negative ? -value : value) / scale;
    return true;
}
