#include "sync/drive.h"

#include <stdlib.h>

#include "base/memory.h"

/* A stop is noticed at least this often. */
#define SLICE_MS 200

struct loop {
    struct engine *engine;
    struct transport *transport;
    const struct drive_hooks *hooks;
    struct drive_call *calls;
    int64_t steps;
    const char *told; /* what is waited for */
};

static int64_t now_ms(const struct loop *loop)
{
    return loop->hooks->now_ms(loop->hooks->self);
}

static void send(struct loop *loop, const struct engine_step *step, int64_t at_ms)
{
    struct drive_call *call = xcalloc(1, sizeof *call);
    *call = (struct drive_call){.next = loop->calls,
                                .id = step->id,
                                .request = step->request,
                                .stage = step->stage,
                                .attempt = step->attempt,
                                .sent_ms = at_ms,
                                .step = loop->steps};
    loop->calls = call;
    loop->hooks->sent(loop->hooks->self, call);
    loop->transport->start(loop->transport, step->request, step->id);
}

/* Before the engine hears of it, since the request is the engine's to free. */
static void tell_answer(struct loop *loop, int64_t id, const struct reply *reply, int64_t at_ms)
{
    struct drive_call **at = &loop->calls;
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    struct drive_call *call = *at;
    if (!call)
        return;
    *at = call->next;
    loop->hooks->answered(loop->hooks->self, call, reply, at_ms);
    free(call);
}

static int64_t slice_until(int64_t until_ms, int64_t at_ms)
{
    int64_t left_ms = until_ms > at_ms ? until_ms - at_ms : 0;
    return left_ms > SLICE_MS ? SLICE_MS : left_ms;
}

static void wait_and_answer(struct loop *loop, int64_t until_ms)
{
    int64_t id;
    struct reply reply;
    int64_t slice_ms = slice_until(until_ms, now_ms(loop));
    if (!loop->transport->wait(loop->transport, slice_ms, &id, &reply))
        return;
    int64_t at_ms = now_ms(loop);
    tell_answer(loop, id, &reply, at_ms);
    engine_answer(loop->engine, id, &reply, at_ms);
    reply_release(&reply);
}

static enum step_kind take_step(struct loop *loop)
{
    struct engine_step step;
    const struct drive_hooks *hooks = loop->hooks;
    int64_t at_ms = now_ms(loop);
    bool stopped = hooks->stopped(hooks->self);
    hooks->asking(hooks->self, at_ms, stopped);
    if (stopped)
        engine_stop(loop->engine);
    loop->steps++;
    engine_next(loop->engine, at_ms, &step);
    if (step.kind == STEP_SEND)
        send(loop, &step, at_ms);
    if (step.kind != STEP_WAIT)
        return step.kind;
    if (step.why && step.why != loop->told)
        hooks->waiting(hooks->self, &step, at_ms);
    loop->told = step.why;
    wait_and_answer(loop, step.until_ms);
    return step.kind;
}

void drive(struct engine *engine, struct transport *transport, const struct drive_hooks *hooks)
{
    struct loop loop = {.engine = engine, .transport = transport, .hooks = hooks};
    while (take_step(&loop) != STEP_DONE)
        ;
    while (loop.calls)
        tell_answer(&loop, loop.calls->id, NULL, now_ms(&loop));
}
