/* A transport that looks at what comes back: has qTest itself said anything at all, and does it take the
 * token? flush asks nothing for the next entry when the answer is no.
 *
 *     site_watch_init(&watch, transport);       // borrowed; use &watch.transport in its place
 *     ...
 *     site_watch_hopeless(&watch, code)
 */
#ifndef CLI_SITE_WATCH_H
#define CLI_SITE_WATCH_H

#include <stdbool.h>

#include "base/error.h"
#include "qtest/transport.h"

struct site_watch {
    struct transport transport; /* first, so that it is the whole */
    struct transport *inner;
    bool heard;        /* data, or a refusal of one object: qTest is there */
    bool unauthorized; /* 401: the token is wrong, whatever is asked */
};

void site_watch_init(struct site_watch *watch, struct transport *inner);
/* code: of the error that ended the run. True when a run for another upload would end the same way. */
bool site_watch_hopeless(const struct site_watch *watch, enum error_code code);

#endif
