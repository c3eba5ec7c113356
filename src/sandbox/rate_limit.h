/* Calls a minute and a month (docs/qtest-api.md 7.1): switches minute-limit, month-limit,
 * retry-after, clock-speed. */
#ifndef SANDBOX_RATE_LIMIT_H
#define SANDBOX_RATE_LIMIT_H

#include <stdbool.h>

struct call;
struct sandbox;

/* Counts the call and sets x-ratelimit-remaining-minute and -month. False: 429 was answered. */
bool rate_limit_check(struct call *c);
/* The month's count goes into the database with everything that is written anyway, and at the end. */
void rate_limit_save(struct sandbox *sb);

#endif
