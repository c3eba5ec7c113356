/* Links between objects: docs/qtest-api.md 6.3. */
#ifndef SANDBOX_LINKS_H
#define SANDBOX_LINKS_H

#include <stdint.h>

#include "base/json.h"

struct call;
struct store;

void links_add(struct call *c);           /* linkArtifacts */
void links_remove(struct call *c);        /* unlinkArtifacts */
void links_add_by_pid(struct call *c);    /* linkArtifactsByPid */
void links_remove_by_pid(struct call *c); /* unlinkArtifactsByPid */
void links_find(struct call *c);          /* find: linked-artifacts */

/* Links a log or step log to the defects of an array of PIDs or Jira keys; what is unknown becomes an
 * external defect. */
void links_add_defects(struct store *s, int64_t project, int64_t object, const cJSON *pids, int64_t now_ms);
void links_write_defects(struct call *c, struct json_writer *w, const char *key, int64_t object);

#endif
