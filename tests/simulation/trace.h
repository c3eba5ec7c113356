/* What happened in a schedule, as lines for a person. Costs nothing when it is off. */
#ifndef SIMULATION_TRACE_H
#define SIMULATION_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "qtest/http.h"

struct trace {
    bool on;
    int64_t now_ms;
};

/* "   12.345  1.2  text": virtual seconds, uploader and how many-th run (uploader -1: the server). */
void trace_line(const struct trace *trace, int uploader, int run, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The request in one line with the part of its body that matters. The caller frees. */
char *trace_request(const struct request *request);
char *trace_reply(const struct reply *reply);

#endif
