#include "cli/site_watch.h"

static void start(struct transport *self, const struct request *request, int64_t id)
{
    struct site_watch *watch = (struct site_watch *)self;
    watch->inner->start(watch->inner, request, id);
}

/* What a proxy or a login page would not say. A 403 or 404 may be about one project alone. */
static bool said_by_qtest(const struct reply *reply)
{
    if (reply->kind != REPLY_HTTP)
        return false;
    return reply->status == 403 || reply->status == 404 || (reply->status / 100 == 2 && reply->json);
}

static bool wait(struct transport *self, int64_t timeout_ms, int64_t *ret_id, struct reply *ret_reply)
{
    struct site_watch *watch = (struct site_watch *)self;
    if (!watch->inner->wait(watch->inner, timeout_ms, ret_id, ret_reply))
        return false;
    watch->heard |= said_by_qtest(ret_reply);
    watch->unauthorized |= ret_reply->kind == REPLY_HTTP && ret_reply->status == 401;
    return true;
}

/* The inner one stays its owner's. */
static void free_nothing(struct transport *self)
{
    (void)self;
}

void site_watch_init(struct site_watch *watch, struct transport *inner)
{
    *watch = (struct site_watch){.transport = {.start = start, .wait = wait, .free = free_nothing},
                                 .inner = inner};
}

bool site_watch_hopeless(const struct site_watch *watch, enum error_code code)
{
    return watch->unauthorized || (!watch->heard && code != ERR_NONE);
}
