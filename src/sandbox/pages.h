/* The pages behind web_url, and the list of projects (src/sandbox/pages*.c).
 *
 * Plain HTML without script, everything that comes from outside escaped, and a Content-Security-Policy that
 * would stop what slipped through. They need no token: whoever reaches the sandbox may read it, which listens
 * on loopback unless told otherwise.
 *
 * An address is qTest's own with '?' where that has '#' (a server never sees what follows '#'):
 * /p/{project}/portal/project?tab=testexecution&object=4&id=7. Without object and id it shows the tree of the
 * tab.
 */
#ifndef SANDBOX_PAGES_H
#define SANDBOX_PAGES_H

#include <stdint.h>

#include "sandbox/objects.h"

struct call;

void pages_home(struct call *c);
void pages_style(struct call *c);
void pages_icon(struct call *c);
void pages_project(struct call *c);
void pages_attachment(struct call *c);

/* One page each; the object exists. */
void page_execution_tree(struct call *c);
void page_cycle(struct call *c, int64_t id);
void page_suite(struct call *c, int64_t id);
void page_run(struct call *c, int64_t id);
void page_design_tree(struct call *c);
void page_module(struct call *c, int64_t id);
void page_case(struct call *c, int64_t id);
void page_artifact(struct call *c, enum object_kind kind, int64_t id);

#endif
