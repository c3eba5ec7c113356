/* Pictures made by the server. */
#ifndef SANDBOX_SVG_H
#define SANDBOX_SVG_H

#include <stddef.h>
#include <stdint.h>

struct buf;

struct svg_part {
    const char *label, *color; /* constants of ours */
    int64_t count;
};

/* A bar whose parts are as wide as their counts, and a legend with the numbers; the text alternative says the
 * same. */
void svg_summary(struct buf *out, const struct svg_part *parts, size_t count);

#endif
