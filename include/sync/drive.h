/* The loop between the engine, which does no I/O, and a transport, which does. */
#ifndef SYNC_DRIVE_H
#define SYNC_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "qtest/transport.h"
#include "sync/engine.h"

/* A request that is under way. */
struct drive_call {
    struct drive_call *next;
    int64_t id;
    const struct request *request; /* the engine's */
    const char *stage;             /* static text */
    int attempt;                   /* the first is 1 */
    int64_t sent_ms;
    int64_t step; /* the engine was asked so many times until it said so */
};

struct drive_hooks {
    void *self;
    int64_t (*now_ms)(void *self); /* monotonic */
    bool (*stopped)(void *self);   /* a signal came */
    /* For -vv and --trace. What the engine was asked and answered, and when, is all that it ever knows: who
     * keeps that can let it run again. */
    void (*asking)(void *self, int64_t now_ms, bool stopped);
    void (*sent)(void *self, const struct drive_call *call);
    /* reply: NULL when none has come until the end. */
    void (*answered)(void *self, const struct drive_call *call, const struct reply *reply, int64_t now_ms);
    void (*waiting)(void *self, const struct engine_step *step, int64_t now_ms);
};

/* Until the engine is done. Sleeps inside transport->wait only. */
void drive(struct engine *engine, struct transport *transport, const struct drive_hooks *hooks);

#endif
