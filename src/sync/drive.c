#include "sync/drive.h"

/* A stop is noticed at least this often. */
#define SLICE_MS 200

static int64_t slice_until(int64_t until_ms, int64_t now_ms)
{
    int64_t left_ms = until_ms > now_ms ? until_ms - now_ms : 0;
    return left_ms > SLICE_MS ? SLICE_MS : left_ms;
}

static void wait_and_answer(struct engine *engine, struct transport *transport,
                            const struct drive_hooks *hooks, int64_t until_ms)
{
    int64_t id;
    struct reply reply;
    int64_t slice_ms = slice_until(until_ms, hooks->now_ms(hooks->self));
    if (!transport->wait(transport, slice_ms, &id, &reply))
        return;
    engine_answer(engine, id, &reply, hooks->now_ms(hooks->self));
    reply_release(&reply);
}

void drive(struct engine *engine, struct transport *transport, const struct drive_hooks *hooks)
{
    const char *told = NULL;
    for (;;) {
        struct engine_step step;
        int64_t now_ms = hooks->now_ms(hooks->self);
        if (hooks->stopped && hooks->stopped(hooks->self))
            engine_stop(engine);
        engine_next(engine, now_ms, &step);
        if (step.kind == STEP_DONE)
            return;
        if (step.kind == STEP_SEND) {
            if (hooks->sent)
                hooks->sent(hooks->self, step.request);
            transport->start(transport, step.request, step.id);
            continue;
        }
        if (hooks->waiting && step.why && step.why != told)
            hooks->waiting(hooks->self, step.why, step.until_ms - now_ms);
        told = step.why;
        wait_and_answer(engine, transport, hooks, step.until_ms);
    }
}
