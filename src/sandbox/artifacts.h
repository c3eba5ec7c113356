/* Releases, builds, requirements and defects: what uploads need of them (docs/qtest-api.md 4.2, 6.3). */
#ifndef SANDBOX_ARTIFACTS_H
#define SANDBOX_ARTIFACTS_H

#include <stdint.h>

#include "base/json.h"
#include "sandbox/objects.h"

struct call;

void releases_list(struct call *c); /* getAllReleases */
void releases_create(struct call *c);
void releases_get(struct call *c);
void releases_update(struct call *c);
void releases_delete(struct call *c);
void builds_list(struct call *c); /* getBuilds */
void builds_create(struct call *c);
void builds_get(struct call *c);
void builds_update(struct call *c);
void builds_delete(struct call *c);
void requirements_list(struct call *c); /* getRequirements */
void requirements_create(struct call *c);
void requirements_get(struct call *c);
void requirements_update(struct call *c);
void requirements_delete(struct call *c);
void defects_create(struct call *c);
void defects_get(struct call *c);
void defects_update(struct call *c);

void artifact_write(struct call *c, struct json_writer *w, enum object_kind kind, int64_t id);

#endif
