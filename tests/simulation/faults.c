#include "faults.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* A request that is under way is done within this time, or never: far less than --settle, on which claims
 * rest. */
#define LATE_REQUEST_MS 20000
#define LATE_ANSWER_MS  90000 /* beyond the client's patience for reads */
#define OUTAGE_MS       60000
/* A claim does not count so long without a sign of life. */
#define LONG_THROTTLE_MS 450000

const char *fault_name(enum fault_kind kind)
{
    static const char *const names[FAULT_KINDS] = {"nothing",
                                                   "no connection",
                                                   "request lost",
                                                   "answer lost",
                                                   "5xx before the work",
                                                   "5xx after it",
                                                   "throttled",
                                                   "HTML",
                                                   "request is late",
                                                   "answer is late",
                                                   "uploader dies",
                                                   "job fails",
                                                   "job is slow",
                                                   "job is stuck",
                                                   "token refused",
                                                   "outage",
                                                   "redirected",
                                                   "gateway gives up",
                                                   "uploader is stopped"};
    return names[kind];
}

uint64_t fault_key(int uploader, int run, int request)
{
    return (uint64_t)(uploader & 0xff) << 24 | (uint64_t)(run & 0xff) << 16 | (uint64_t)(request & 0xffff);
}

static struct rng rng_of(const struct scenario *s, uint64_t key)
{
    return rng_keyed(s->seed, 0x6661756c74ull << 32 | key);
}

bool fault_due(const struct scenario *s, uint64_t key)
{
    struct rng rng = rng_of(s, key ^ 0x800000000000ull);
    return rng_once_in(&rng, s->fault_rate);
}

static bool submits(const struct request *request)
{
    return strcmp(request->operation, "submitAutomationTestLogs") == 0;
}

static enum fault_kind draw_kind(const struct scenario *s, struct rng *rng, const struct request *request)
{
    static const enum fault_kind any[] = {
        FAULT_NOT_SENT,     FAULT_LOST_REQUEST, FAULT_LOST_ANSWER, FAULT_LOST_ANSWER,  FAULT_5XX_BEFORE,
        FAULT_5XX_AFTER,    FAULT_THROTTLED,    FAULT_HTML,        FAULT_LATE_REQUEST, FAULT_LATE_ANSWER,
        FAULT_KILL,         FAULT_KILL,         FAULT_TOKEN,       FAULT_OUTAGE,       FAULT_LOST_ANSWER,
        FAULT_LATE_REQUEST, FAULT_KILL,         FAULT_REDIRECT,    FAULT_GATEWAY,      FAULT_SIGNAL};
    static const enum fault_kind of_jobs[] = {FAULT_JOB_FAILS, FAULT_JOB_SLOW, FAULT_JOB_SLOW,
                                              FAULT_JOB_STUCK, FAULT_JOB_FAILS};
    if (s->switches.throttled && !rng_once_in(rng, 4))
        return FAULT_THROTTLED;
    if (submits(request) && rng_once_in(rng, 2))
        return of_jobs[rng_below(rng, (int64_t)ARRAY_SIZE(of_jobs))];
    return any[rng_below(rng, (int64_t)ARRAY_SIZE(any))];
}

static int draw_3xx(struct rng *rng)
{
    static const int all[] = {301, 302, 303, 307, 308};
    return all[rng_below(rng, (int64_t)ARRAY_SIZE(all))];
}

static int draw_5xx(struct rng *rng)
{
    static const int all[] = {500, 502, 503, 504};
    return all[rng_below(rng, (int64_t)ARRAY_SIZE(all))];
}

static void never_arrives(struct fault *fault, struct rng *rng)
{
    fault->lost = true;
    fault->up_ms = MODEL_NEVER;
    fault->down_ms = rng_once_in(rng, 2) ? rng_between(rng, 1, 200) : MODEL_NEVER;
}

static void make_kill(struct fault *fault, struct rng *rng)
{
    static const int64_t pauses_ms[] = {10, 2000, 30000, 130000, 250000};
    fault->up_ms = rng_once_in(rng, 4) ? rng_between(rng, 1, LATE_REQUEST_MS) : fault->up_ms;
    fault->kill_after_ms = rng_below(rng, fault->up_ms + fault->down_ms + 1);
    fault->restart_ms = rng_between(rng, 1, pauses_ms[rng_below(rng, (int64_t)ARRAY_SIZE(pauses_ms))]);
    fault->fresh_machine = rng_once_in(rng, 2);
}

static void make_job_fault(struct fault *fault, struct rng *rng)
{
    fault->job.fails = fault->kind == FAULT_JOB_FAILS;
    fault->job.stuck = fault->kind == FAULT_JOB_STUCK;
    if (fault->kind == FAULT_JOB_SLOW) {
        fault->job.queue_ms = rng_below(rng, 15000);
        fault->job.work_ms = rng_below(rng, 15000);
    }
}

static void make_fault(const struct scenario *s, struct fault *fault, struct rng *rng)
{
    switch (fault->kind) {
    case FAULT_NOT_SENT:
    case FAULT_OUTAGE:
        fault->not_sent = true;
        fault->up_ms = MODEL_NEVER;
        fault->outage_ms = fault->kind == FAULT_OUTAGE ? rng_below(rng, OUTAGE_MS) : 0;
        break;
    case FAULT_LOST_REQUEST:
        never_arrives(fault, rng);
        break;
    case FAULT_LOST_ANSWER:
        fault->lost = true;
        fault->down_ms = rng_once_in(rng, 3) ? MODEL_NEVER : fault->down_ms;
        break;
    case FAULT_5XX_BEFORE:
        fault->up_ms = MODEL_NEVER;
        fault->status = draw_5xx(rng);
        break;
    case FAULT_5XX_AFTER:
        fault->status = draw_5xx(rng);
        break;
    case FAULT_THROTTLED:
    case FAULT_TOKEN:
        fault->up_ms = MODEL_NEVER;
        fault->status = fault->kind == FAULT_THROTTLED ? 429 : 401;
        fault->throttled_ms =
            s->switches.throttled || rng_once_in(rng, 4) ? rng_between(rng, 1, LONG_THROTTLE_MS) : 7000;
        break;
    case FAULT_REDIRECT:
        fault->up_ms = MODEL_NEVER;
        fault->status = draw_3xx(rng);
        break;
    case FAULT_GATEWAY:
        fault->up_ms = rng_between(rng, 1, rng_once_in(rng, 2) ? LATE_REQUEST_MS : 1000);
        fault->answered_early = true;
        fault->status = rng_once_in(rng, 2) ? 502 : 504;
        break;
    case FAULT_SIGNAL:
        fault->kill_after_ms = rng_below(rng, fault->up_ms + fault->down_ms + 1);
        fault->up_ms = rng_once_in(rng, 4) ? rng_between(rng, 1, LATE_REQUEST_MS) : fault->up_ms;
        break;
    case FAULT_HTML:
        fault->html = true;
        fault->up_ms = rng_once_in(rng, 2) ? MODEL_NEVER : fault->up_ms;
        break;
    case FAULT_LATE_REQUEST:
        fault->up_ms = rng_between(rng, 100, LATE_REQUEST_MS);
        break;
    case FAULT_LATE_ANSWER:
        fault->down_ms = rng_between(rng, 100, LATE_ANSWER_MS);
        break;
    case FAULT_KILL:
        make_kill(fault, rng);
        break;
    default:
        make_job_fault(fault, rng);
    }
}

void fault_draw(struct fault *fault, const struct scenario *s, uint64_t key, const struct request *request,
                bool faulty)
{
    struct rng rng = rng_of(s, key);
    int64_t spread_ms = rng_once_in(&rng, 4) ? 400 : 30;
    *fault = (struct fault){
        .up_ms = rng_between(&rng, 1, spread_ms),
        .down_ms = rng_between(&rng, 1, spread_ms),
        .job = {.queue_ms = rng_below(&rng, spread_ms * 4), .work_ms = rng_between(&rng, 1, spread_ms * 8)},
    };
    if (!faulty)
        return;
    fault->kind = draw_kind(s, &rng, request);
    make_fault(s, fault, &rng);
}

/* The model's day begins at eight and no schedule is longer than the rest of it. */
static char *http_date(int64_t now_ms)
{
    int64_t seconds = 8 * 3600 + now_ms / 1000;
    return xasprintf("Mon, 02 Mar 2026 %02d:%02d:%02d GMT", (int)(seconds / 3600 % 24),
                     (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void set_retry_after(const struct fault *fault, const struct scenario *s, struct reply *reply,
                            int64_t now_ms)
{
    switch (s->switches.retry_after) {
    case THROTTLE_SECONDS:
        reply->retry_after = xasprintf("%d", (int)(fault->throttled_ms / 1000));
        break;
    case THROTTLE_DATE:
        reply->retry_after = http_date(now_ms + s->switches.date_skew_ms + fault->throttled_ms);
        break;
    case THROTTLE_RUBBISH:
        reply->retry_after = xstrdup("soon");
        break;
    default:
        break;
    }
}

static void set_body(struct reply *reply, bool json, const char *text)
{
    reply->json = json;
    buf_clear(&reply->body);
    buf_puts(&reply->body, text);
}

void fault_spoil(const struct fault *fault, const struct scenario *s, struct reply *reply, int64_t now_ms)
{
    if (fault->lost || fault->not_sent) {
        reply_release(reply);
        reply->kind = fault->lost ? REPLY_LOST : REPLY_NOT_SENT;
        reply->problem = xstrdup(fault->lost ? "connection reset" : "connection refused");
        return;
    }
    if (!fault->status && !fault->html)
        return;
    reply->kind = REPLY_HTTP;
    reply->status = fault->status ? fault->status : 200;
    reply->server_date_ms = (MODEL_EPOCH_MS + now_ms + s->switches.date_skew_ms) / 1000 * 1000;
    set_body(reply, false, "<html><title>Gateway</title></html>");
    if (fault->status == 401)
        set_body(reply, true, "{\"error\":\"invalid_token\"}");
    if (fault->kind == FAULT_REDIRECT)
        reply->location = xstrdup(FAULT_OTHER_SITE);
    if (fault->status == 429)
        set_retry_after(fault, s, reply, now_ms);
}
