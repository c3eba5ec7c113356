/* The request limits of a site (qtest-api.md 7.1): pacing by the minute, warning and stopping by the month.
 */
#include <inttypes.h>

#include "base/time.h"
#include "engine_private.h"

#define MINUTE_MS 60000
/* Other users of the site share the minute: leave them a little. */
#define MINUTE_RESERVE 2
#define MONTH_WARNING  1000

/* The limits are counted by minutes of the server's clock, as far as anybody knows. */
static int64_t until_next_minute_ms(const struct reply *reply)
{
    if (reply->server_date_ms == TIME_NONE)
        return MINUTE_MS;
    return MINUTE_MS - reply->server_date_ms % MINUTE_MS;
}

static void pace(struct engine *e, const struct reply *reply)
{
    if (reply->minute_left > e->in_flight + MINUTE_RESERVE)
        return;
    int64_t until_ms = e->now_ms + until_next_minute_ms(reply);
    if (until_ms > e->throttled_until_ms)
        e->throttled_until_ms = until_ms;
}

static void month_used_up(struct engine *e)
{
    struct error err = ERROR_INIT;
    error_set(
        &err, ERR_NETWORK,
        "the site's requests of this month are used up; upload the same report again next month, or ask "
        "Tricentis for more");
    engine_fail(e, &err);
}

void engine_note_limits(struct engine *e, const struct reply *reply)
{
    if (reply->kind != REPLY_HTTP)
        return;
    if (reply->minute_left >= 0)
        pace(e, reply);
    if (reply->month_left < 0)
        return;
    e->month_left = reply->month_left;
    /* Refused for the month, not the minute: waiting does not help. */
    if (reply->month_left == 0 && reply->status == 429 && !e->stopping)
        month_used_up(e);
}

void engine_tell_month(struct engine *e)
{
    if (e->month_left >= 0 && e->month_left < MONTH_WARNING)
        engine_problem(e, ERR_NONE, 0, "only %" PRId64 " requests are left to this site this month",
                       e->month_left);
}
