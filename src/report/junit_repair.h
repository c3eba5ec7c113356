/* Makes damaged XML readable where that invents nothing; only for --salvage, between scrub and parser.
 *
 *     struct junit_repair p;
 *     scrub.undivided = true;
 *     junit_repair_init(&p, &scrub);
 *     while ((n = junit_repair_next(&p, wanted, &bytes, &err)) > 0) ...     // as scrub_next
 *     junit_repair_release(&p);
 *
 * - Text before the first "<testsuite" and after the end of the root is left out.
 * - "<" in an attribute's value or before a blank becomes "&lt;", "&" that begins no reference "&amp;", "]]>"
 *   in a text "]]&gt;".
 * - HTML's entities become their characters, other undeclared ones text. (Declared ones refuse the report, so
 *   a DOCTYPE is handed on as it is.)
 * - An end tag that fits an outer element closes the inner ones first; one that fits none is left out.
 * A report that ends early stays open: what was cut is never closed here, but for a CDATA section, so that
 * its text is told. Lines keep their numbers.
 *
 * What damaged tags hold must not be taken for the beginning of a section, so the scrub stage leaves it to
 * this one to divide them at the ends of pieces.
 */
#ifndef REPORT_JUNIT_REPAIR_H
#define REPORT_JUNIT_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/junit_reference.h"

struct scrub;
struct junit_section;

struct junit_repair {
    struct scrub *scrub;
    struct buf held; /* clean bytes, not yet handled from held_used on */
    size_t held_used;
    struct buf out;
    const struct junit_section *section; /* the one that the last piece ended in; NULL: none */
    struct buf open;                     /* the names of the open elements, each with its NUL */
    size_t depth;
    bool started;       /* the root's beginning was found */
    bool ended;         /* the input has */
    bool root_closed;   /* the rest is left out */
    bool second_report; /* behind the root, left out */
    int64_t left_out;   /* bytes before and after the report that are no blanks */
    int64_t repaired;   /* signs replaced by references */
    int64_t rebalanced; /* end tags added or left out */
    int64_t html_entities;
    int64_t unknown_entities;
    char unknown_entity[JUNIT_REFERENCE_MAX_BYTES + 1]; /* the first of them */
};

void junit_repair_init(struct junit_repair *p, struct scrub *scrub);
void junit_repair_release(struct junit_repair *p);
ssize_t junit_repair_next(struct junit_repair *p, size_t wanted, const char **ret_bytes, struct error *err);

#endif
