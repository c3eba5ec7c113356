/* The pages behind web_url, and the list of projects. Plain HTML without script, everything escaped; they
 * need no token: whoever reaches the sandbox may read it. */
#ifndef SANDBOX_PAGES_H
#define SANDBOX_PAGES_H

struct call;

void pages_home(struct call *c);
void pages_style(struct call *c);
/* /p/{project}/portal/project?tab=…&object=…&id=… */
void pages_project(struct call *c);
void pages_attachment(struct call *c);

#endif
