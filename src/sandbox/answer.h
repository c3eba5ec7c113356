/* One HTTP reply before it is sent: status, headers, body, and how it is delivered (fault rules may spoil
 * that). */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sandbox/request.h"

enum delivery {
    DELIVER_WHOLE,
    DELIVER_CLOSE, /* the connection ends without a reply */
    DELIVER_RESET, /* the same, with a TCP reset */
    DELIVER_HALF,  /* half of the body, then the connection ends */
    DELIVER_DRIP,  /* drip_bytes every drip_ms */
};

struct answer {
    int status;
    struct buf body;
    const char *content_type; /* a constant */
    struct name_value *headers;
    size_t header_count, header_capacity;
    enum delivery delivery;
    int64_t delay_ms; /* before the first byte */
    int64_t drip_bytes, drip_ms;
    const char *fault; /* for the request log; NULL: none. A constant */
};

void answer_init(struct answer *a); /* 200, empty, JSON */
void answer_release(struct answer *a);
void answer_set_header(struct answer *a, const char *name, const char *value); /* replaces */
/* Drops the body so far and makes it {"message": ...}. */
void answer_error(struct answer *a, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
