/* Which handler answers which method and path: one table, in src/sandbox/router.c. */
#ifndef SANDBOX_ROUTER_H
#define SANDBOX_ROUTER_H

#include <stdbool.h>

struct call;
struct request;

enum route_flags {
    ROUTE_PUBLIC = 1,   /* no token */
    ROUTE_RAW_BODY = 2, /* the body is no JSON */
    ROUTE_PROJECT = 4,  /* the first {} is a project that must exist */
};

struct route {
    const char *method;
    const char *path; /* {} stands for one segment */
    void (*handle)(struct call *);
    int flags;
};

/* NULL when nothing answers; *ret_other_method then says whether the path exists with another method. */
const struct route *route_find(const struct request *rq, bool *ret_other_method);
/* Segment number (from 0) of the i-th {} of the route, -1 when it has fewer. */
int route_argument(const struct route *route, int i);

#endif
