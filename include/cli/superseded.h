/* What upload and flush do for the spool once their results are in: sync/spool_superseded.h. */
#ifndef CLI_SUPERSEDED_H
#define CLI_SUPERSEDED_H

#include <stdint.h>

#include "cli/commands.h"
#include "cli/settings.h"
#include "sync/desired.h"

/* Call after sync_run, and not for a plan. Does nothing unless every result is in qTest. made_ms: when the
 * upload began that desired comes from, also by way of an entry. What was set aside becomes a warning of the
 * result. */
void superseded_set_aside(const struct settings *settings, const struct desired *desired,
                          const char *named_project, int64_t made_ms, struct upload_result *result);

#endif
