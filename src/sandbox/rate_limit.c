#include <string.h>

#include "base/memory.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/rate_limit.h"

/* A minute of the sandbox in real milliseconds. */
static int64_t minute_ms(const struct call *c)
{
    return 60000 / call_switch(c, SWITCH_CLOCK_SPEED);
}

static void count_minute(struct call *c)
{
    struct sandbox *sb = c->sandbox;
    int64_t started_ms = c->now_ms - c->now_ms % minute_ms(c);
    if (sb->minute_started_ms != started_ms) {
        sb->minute_started_ms = started_ms;
        sb->minute_calls = 0;
    }
    sb->minute_calls++;
}

static int64_t count_month(struct call *c)
{
    struct sandbox *sb = c->sandbox;
    char day[DATE_TEXT_SIZE];
    date_write_day(c->now_ms, day);
    day[sizeof sb->month - 1] = '\0';
    if (strcmp(day, sb->month) != 0) {
        memcpy(sb->month, day, sizeof sb->month);
        sb->month_calls = store_int(c->store, 0, "SELECT count FROM calls WHERE month = ?", "t", day);
    }
    return ++sb->month_calls;
}

void rate_limit_save(struct sandbox *sb)
{
    store_run(sb->store, "INSERT OR REPLACE INTO calls (month, count) VALUES (?, ?)", "ti", sb->month,
              sb->month_calls);
}

static void set_remaining(struct call *c, const char *name, int64_t limit, int64_t used)
{
    if (call_switch(c, SWITCH_RATE_HEADERS) == RATE_HEADERS_ABSENT)
        return;
    _cleanup_free_ char *text = xasprintf("%lld", (long long)(used < limit ? limit - used : 0));
    answer_set_header(c->answer, name, text);
}

static void set_retry_after(struct call *c, bool month)
{
    int64_t left_ms = month ? 86400000 : c->sandbox->minute_started_ms + minute_ms(c) - c->now_ms;
    _cleanup_free_ char *seconds = xasprintf("%lld", (long long)((left_ms + 999) / 1000));
    char date[DATE_TEXT_SIZE];
    switch (call_switch(c, SWITCH_RETRY_AFTER)) {
    case RETRY_AFTER_SECONDS:
        answer_set_header(c->answer, "Retry-After", seconds);
        break;
    case RETRY_AFTER_DATE:
        date_write_http(c->now_ms + left_ms + 999, date);
        answer_set_header(c->answer, "Retry-After", date);
        break;
    case RETRY_AFTER_RUBBISH:
        answer_set_header(c->answer, "Retry-After", "soon, please");
        break;
    default:
        break;
    }
}

bool rate_limit_check(struct call *c)
{
    int64_t minute_limit = call_switch(c, SWITCH_MINUTE_LIMIT),
            month_limit = call_switch(c, SWITCH_MONTH_LIMIT);
    count_minute(c);
    int64_t month_calls = count_month(c);
    set_remaining(c, "x-ratelimit-remaining-minute", minute_limit, c->sandbox->minute_calls);
    set_remaining(c, "x-ratelimit-remaining-month", month_limit, month_calls);
    bool month = month_calls > month_limit;
    if (!month && c->sandbox->minute_calls <= minute_limit)
        return true;
    set_retry_after(c, month);
    return call_fail(c, 429, month ? "The monthly API quota is exceeded" : "API rate limit exceeded");
}
