/* A JSON report's bytes as UTF-8: as they are, or decoded from UTF-16, which Windows PowerShell writes
 * when it saves what it fetched, and UTF-32. scrub_decode.h says how they are told.
 *
 *     json_source_init(&source, in);                    // before the first byte is read
 *     json_window_init(&window, json_source_read, &source);
 *     json_source_release(&source);
 *
 * Errors: ERR_IO; ERR_REPORT where that cannot be decoded. Offsets that the window names count bytes of the
 * UTF-8.
 */
#ifndef REPORT_JSON_SOURCE_H
#define REPORT_JSON_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/scrub_decode.h"

struct report_input;

struct json_source {
    struct report_input *in;
    struct scrub_decoder decoder;
    struct buf decoded; /* from decoded_used on not handed out yet */
    size_t decoded_used;
    bool started;
    bool ended;
};

void json_source_init(struct json_source *source, struct report_input *in);
void json_source_release(struct json_source *source);
/* A json_window_read function; self is the source. */
ssize_t json_source_read(void *self, void *room, size_t size, struct error *err);

#endif
