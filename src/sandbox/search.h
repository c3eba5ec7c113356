/* POST search: docs/qtest-api.md 5. */
#ifndef SANDBOX_SEARCH_H
#define SANDBOX_SEARCH_H

struct call;

void search_artifacts(struct call *c); /* searchArtifact */

#endif
