/* Projects: docs/qtest-api.md 2. */
#ifndef SANDBOX_PROJECTS_H
#define SANDBOX_PROJECTS_H

#include <stdint.h>

struct call;
struct error;
struct store;

void projects_list(struct call *c);   /* getProjects */
void projects_create(struct call *c); /* createProject */
void projects_get(struct call *c);    /* getProject */
void projects_search(struct call *c); /* searchProjects, by UUID */

/* NAME or NAME:automation=off (or =on), as on the command line. A project of that name is not made again, but
 * its automation switch follows when it is stated. */
void project_ensure(struct store *s, const char *specification, int64_t now_ms);

#endif
