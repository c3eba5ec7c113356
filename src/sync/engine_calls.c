/* The engine's calls: queueing, repeating, and what is the same for every reply. */
#include <stdlib.h>

#include "base/memory.h"
#include "engine_private.h"

#define BACKOFF_FIRST_MS 500
#define BACKOFF_MAX_MS   30000
/* A site that has answered may go away for a minute; one that never did is more likely a wrong address. */
#define ATTEMPTS_MAX       12
#define FIRST_ATTEMPTS_MAX 6
#define THROTTLE_MS        60000 /* 429 without a usable Retry-After: the next minute */
#define THROTTLE_LEAST_MS  1000  /* "Retry-After: 0" is no invitation to a busy loop */

void call_free(struct call *call)
{
    request_free(call->request);
    free(call->context);
    free(call);
}

struct call *engine_call(struct engine *e, struct request *request, reply_handler on_reply, int64_t number)
{
    struct call *call = xcalloc(1, sizeof *call);
    call->id = e->next_id++;
    call->request = request;
    call->on_reply = on_reply;
    call->number = number;
    call->not_before_ms = e->now_ms;
    struct call **end = &e->calls;
    while (*end)
        end = &(*end)->next;
    *end = call;
    return call;
}

/* Signs of life and DELETEs may be done at any time without harm. */
static bool makes_something(const struct call *call)
{
    return !call->request->read_only && !call->is_beat && !call->repeatable;
}

bool engine_is_journalled(const struct engine *e, const struct call *call)
{
    return e->options.journal && makes_something(call) && !call->is_claim;
}

bool engine_makes_something(const struct call *calls)
{
    for (; calls; calls = calls->next)
        if (calls->in_flight && makes_something(calls))
            return true;
    return false;
}

void engine_call_later(struct engine *e, struct call *call, int64_t delay_ms)
{
    call->not_before_ms = e->now_ms + delay_ms;
}

/* One that waits has not gone out yet, or was certainly not done (429, no connection). */
static void drop_waiting(struct engine *e, struct call *call)
{
    if (call->attempts > 0 && engine_is_journalled(e, call))
        e->options.journal->ended(e->options.journal->self, call->id);
    if (call->attempts > 0 && call->prepare)
        engine_take_back(e, call);
    call_free(call);
}

void engine_drop_writes(struct engine *e)
{
    for (struct call **at = &e->calls; *at;) {
        struct call *call = *at;
        if (call->in_flight || !makes_something(call)) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        drop_waiting(e, call);
    }
}

/* The transport still reads the request: it is kept until the engine goes. */
static void give_up(struct engine *e, struct call *call)
{
    e->in_flight--;
    call->next = e->given_up;
    e->given_up = call;
}

void engine_drop_calls(struct engine *e, bool in_flight_too)
{
    struct call **at = &e->calls;
    while (*at) {
        struct call *call = *at;
        if (call->in_flight && !in_flight_too) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        if (call->in_flight)
            give_up(e, call);
        else
            drop_waiting(e, call);
    }
}

uint64_t engine_random(struct engine *e)
{
    e->random ^= e->random << 13;
    e->random ^= e->random >> 7;
    e->random ^= e->random << 17;
    return e->random;
}

int64_t engine_backoff_ms(struct engine *e, int attempt)
{
    int64_t most_ms = BACKOFF_FIRST_MS;
    for (int i = 1; i < attempt && most_ms < BACKOFF_MAX_MS; i++)
        most_ms *= 2;
    most_ms = most_ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : most_ms;
    return (int64_t)(engine_random(e) % (uint64_t)most_ms) + 1;
}

static enum error_code code_of_verdict(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_ACCESS:
    case VERDICT_MISSING:
        return ERR_ACCESS;
    case VERDICT_UNSENT:
    case VERDICT_UNCLEAR:
    case VERDICT_THROTTLED:
    case VERDICT_BARRED:
        return ERR_NETWORK;
    default:
        return ERR_PROTOCOL;
    }
}

static const char *advice(const struct reply *reply)
{
    if (reply->kind != REPLY_HTTP)
        return "; check --url and the network, then run it again";
    if (reply->status == 407)
        return "; the proxy wants a user name and a password: check --proxy and QTEST_PROXY";
    if (reply_is_barred(reply))
        return "; qTest itself did not refuse it: check --url and --proxy, have the proxy or firewall let it "
               "through, and run it again";
    switch (reply->status) {
    case 401:
        return "; the token is wrong or has expired: set QTEST_TOKEN to a valid one";
    case 403:
        return "; the token's user lacks the right, or automation is off in the project's settings";
    case 404:
        return "; it does not exist there, or the token's user cannot see it";
    case 429:
        return "; the site's request limit is used up: run it again later";
    default:
        return reply->status >= 500 ? "; run it again later" : "";
    }
}

void engine_fail_reply(struct engine *e, const struct call *call, const struct reply *reply)
{
    _cleanup_free_ char *what = reply_describe(reply, call->request);
    struct error err = ERROR_INIT;
    error_set(&err, code_of_verdict(reply_verdict(reply)), "%s%s", what, advice(reply));
    engine_fail(e, &err);
}

/* Before the same call goes out again to a site that had no time for it, whatever it asks for. */
static int64_t least_throttle_ms(const struct call *call)
{
    int64_t least_ms = THROTTLE_LEAST_MS;
    for (int i = 1; i < call->attempts && least_ms < BACKOFF_MAX_MS; i++)
        least_ms *= 2;
    return least_ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : least_ms;
}

static void throttle(struct engine *e, const struct call *call, const struct reply *reply)
{
    int64_t asked_ms = retry_after_ms(reply, e->options.wall_ms + (e->now_ms - e->started_ms));
    int64_t delay_ms = engine_later_of(asked_ms >= 0 ? asked_ms : THROTTLE_MS, least_throttle_ms(call));
    e->throttled_until_ms = engine_later_of(e->throttled_until_ms, e->now_ms + delay_ms);
}

/* Puts the call back; false when its attempts are used up. */
static bool repeat(struct engine *e, struct call *call, const struct reply *reply)
{
    enum verdict verdict = reply_verdict(reply);
    free(e->last_trouble);
    e->last_trouble = reply_describe(reply, call->request);
    if (verdict == VERDICT_THROTTLED) {
        throttle(e, call, reply);
        return true;
    }
    bool harmless = verdict == VERDICT_UNSENT || call->request->read_only || call->repeatable;
    if (!harmless || call->attempts >= (e->heard ? ATTEMPTS_MAX : FIRST_ATTEMPTS_MAX))
        return false;
    engine_call_later(e, call, engine_backoff_ms(e, call->attempts));
    return true;
}

/* A page of HTML with status 200 is a login page or a proxy, never qTest. */
static bool answered_json(const struct reply *reply)
{
    return reply->json || reply->body.length == 0;
}

bool engine_reply_ok(struct engine *e, struct call *call, const struct reply *reply)
{
    enum verdict verdict = reply_verdict(reply);
    if (verdict == VERDICT_OK && answered_json(reply))
        return true;
    if (verdict == VERDICT_OK) {
        struct error err = ERROR_INIT;
        error_set(&err, ERR_PROTOCOL,
                  "the site answered %s with a web page instead of data; check --url, and whether a login "
                  "page or proxy stands before qTest",
                  call->request->operation);
        engine_fail(e, &err);
        return false;
    }
    engine_fail_reply(e, call, reply);
    return false;
}

static struct call *find_call(struct engine *e, int64_t id)
{
    struct call *call = e->calls;
    while (call && call->id != id)
        call = call->next;
    return call;
}

void engine_remove_call(struct engine *e, struct call *call)
{
    struct call **at = &e->calls;
    while (*at != call)
        at = &(*at)->next;
    *at = call->next;
    call_free(call);
}

/* A GET, or a search, that got no useful answer is simply asked again; a write never is. */
static bool worth_repeating(const struct call *call, const struct reply *reply)
{
    if (call->repeatable && reply_verdict(reply) == VERDICT_OK && !answered_json(reply))
        return true;
    switch (reply_verdict(reply)) {
    case VERDICT_THROTTLED:
    case VERDICT_UNSENT:
    case VERDICT_UNCLEAR:
        return true;
    default:
        return false;
    }
}

void engine_answer(struct engine *e, int64_t id, const struct reply *reply, int64_t now_ms)
{
    struct call *call = find_call(e, id);
    if (!call)
        return; /* given up */
    e->now_ms = now_ms;
    e->in_flight--;
    call->in_flight = false;
    e->heard |= reply->kind == REPLY_HTTP;
    engine_note_limits(e, reply);
    if (worth_repeating(call, reply) && !e->stopping && now_ms < e->deadline_ms && repeat(e, call, reply))
        return;
    if (!call->prepare && engine_is_journalled(e, call) && reply_verdict(reply) != VERDICT_UNCLEAR)
        e->options.journal->ended(e->options.journal->self, call->id); /* a submission ends with its job */
    call->on_reply(e, call, reply);
    engine_remove_call(e, call);
}
