/* Faults on purpose: --faults FILE, a list of rules in JSON.
 *
 *     [
 *       {"method": "POST", "path": "*test-runs/0/auto-test-logs*", "nth": 2, "action": {"close": "after"}},
 *       {"path": "/queue-processing/", "from": 1, "to": 3, "action": {"status": 503, "body": "try later"}},
 *       {"method": "GET", "every": 10, "action": {"delay_ms": 2000}}
 *     ]
 *
 * A rule matches a request by `method` (missing: any) and `path`, compared with path and query as they were
 * sent: with `*` a pattern over the whole of it, without one any part of it (missing: any). Each rule counts
 * its own matches from 1 and strikes
 *
 *     at `nth`; or from `from` (1) to `to` (no end), every `every`-th (1) of them; without any of these
 * always.
 *
 * The first rule that strikes is the one. `action` has one or more of
 *
 *     status, headers {name: value}, body (text, or any JSON value)   this reply instead of the work
 *     html: true         a sign-in page instead of JSON, status 200 unless stated, instead of the work
 *     after_work: true   with status or html: do the work first, then reply so
 *     delay_ms           wait before replying
 *     close: "before"    end the connection before the body is read, no work
 *     close: "after"     do the work, end the connection without a reply
 *     reset: true        with close: by a TCP reset
 *     half_body: true    send half of the body, then end the connection
 *     drip: {"bytes": n, "ms": m}   send the body n bytes at a time with pauses of m ms
 */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/request.h"

struct answer;
struct error;

struct fault_rule {
    char *method, *path; /* NULL: any */
    int64_t from, to, every, matches;
    int64_t status, delay_ms, drip_bytes, drip_ms;
    char *body;
    bool body_is_json;
    struct name_value *headers;
    size_t header_count, header_capacity;
    bool html, after_work, close_before, close_after, reset, half_body;
};

struct faults;

/* ERR_IO, ERR_USAGE with the rule that is wrong. */
int faults_load(struct faults **ret_faults, const char *path, struct error *err);
int faults_parse(struct faults **ret_faults, const char *text, size_t size, struct error *err);
void faults_free(struct faults *f);

/* Counts and chooses; NULL: no rule strikes. The rule belongs to the faults. */
const struct fault_rule *faults_match(struct faults *f, const char *method, const char *target);
bool fault_replaces_work(const struct fault_rule *rule);
/* Changes the answer as the rule says, after the work or in its place. */
void fault_apply(const struct fault_rule *rule, struct answer *a);

#endif
