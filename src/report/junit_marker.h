/* Finds "[[ATTACHMENT|path]]", "[[PROPERTY|name=value]]" and "[[PROPERTY|name]]value[[/PROPERTY]]" in a
 * test's output, piece by piece and in constant memory, whatever the output's size (docs/formats.md
 * 3.6). A marker longer than its limit, or an attachment with a line end in it, is plain text.
 */
#ifndef REPORT_JUNIT_MARKER_H
#define REPORT_JUNIT_MARKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define MARKER_NAME_MAX_BYTES  4096
#define MARKER_VALUE_MAX_BYTES 65536

/* A property's name and value; an attachment has the name NULL and its path as the value. Both trimmed. */
typedef void junit_marker_found(void *self, const char *name, const char *value);

struct junit_marker {
    struct buf text;  /* what has been seen of the marker, from its first bracket */
    struct buf value; /* of a property that has its value behind it */
    char *name;       /* of that property; NULL outside it */
    bool too_long;    /* some property's value was, and is forgotten; for the caller to clear */
    junit_marker_found *found;
    void *self;
};

void junit_marker_init(struct junit_marker *m, junit_marker_found *found, void *self);
void junit_marker_release(struct junit_marker *m);
void junit_marker_feed(struct junit_marker *m, const char *text, size_t size);
void junit_marker_end(struct junit_marker *m); /* forgets an unfinished marker */

#endif
