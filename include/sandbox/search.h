/* POST search: section 5 of the API reference. */
#ifndef SANDBOX_SEARCH_H
#define SANDBOX_SEARCH_H

struct call;

void search_artifacts(struct call *c); /* searchArtifact */

#endif
