/* The loop between the engine, which does no I/O, and a transport, which does. */
#ifndef SYNC_DRIVE_H
#define SYNC_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "qtest/transport.h"
#include "sync/engine.h"

struct drive_hooks {
    void *self;
    int64_t (*now_ms)(void *self); /* monotonic */
    bool (*stopped)(void *self);   /* a signal came */
    /* For progress and -v; may be NULL. */
    void (*sent)(void *self, const struct request *request);
    void (*waiting)(void *self, const char *why, int64_t delay_ms);
};

/* Until the engine is done. Sleeps inside transport->wait only. */
void drive(struct engine *engine, struct transport *transport, const struct drive_hooks *hooks);

#endif
