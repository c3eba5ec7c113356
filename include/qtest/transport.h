/* Sends requests to one qTest site, several at once, over kept connections.
 *
 *     struct transport *t;
 *     transport_new(&site, &t, &err);
 *     transport_start(t, request, id);                    // request is the caller's until its reply came
 *     while (transport_wait(t, 500, &id, &reply)) ...     // false: the time is over
 *     transport_free(t);
 *
 * A transport is a struct of functions, so that tests and the simulation give another one. This one
 * stands on libcurl's multi interface: TLS certificates are always verified, redirects are never
 * followed, netrc and the environment's proxies are not used (docs/qtest-api.md 9.1), and it
 * never repeats anything by itself: that is the engine's to decide.
 */
#ifndef QTEST_TRANSPORT_H
#define QTEST_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "qtest/http.h"

struct transport {
    void (*start)(struct transport *self, const struct request *request, int64_t id);
    /* One finished request; false when none finished within timeout_ms, or a signal arrived. */
    bool (*wait)(struct transport *self, int64_t timeout_ms, int64_t *ret_id, struct reply *ret_reply);
    void (*free)(struct transport *self);
};

/* All texts borrowed, needed only during transport_curl_new; NULL: not used. */
struct site {
    const char *url;   /* scheme, host, port, no slash at the end */
    const char *token; /* goes into one header; a reply that may be shown has "***" for it */
    const char *ca_file;
    const char *client_cert;
    const char *client_key;
    const char *proxy; /* for https only: plain http goes to this machine, and past every proxy */
    int64_t connect_timeout_ms;
};

/* Errors: ERR_USAGE (a certificate file that cannot be used), ERR_INTERNAL. */
int transport_curl_new(const struct site *site, struct transport **ret, struct error *err);
void transport_free(struct transport *transport); /* gives up what is under way; NULL allowed */

#endif
