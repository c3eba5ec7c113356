/* Endpoint C: one automation log, written at once (docs/qtest-api.md 3.1 and 3.10). */
#ifndef SANDBOX_SUBMIT_ONE_H
#define SANDBOX_SUBMIT_ONE_H

struct call;

void submit_one(struct call *c); /* submitAutomationLog */

#endif
