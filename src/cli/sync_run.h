/* One run of the engine over libcurl, with signals and the journal: what upload, plan and flush share. */
#ifndef CLI_SYNC_RUN_H
#define CLI_SYNC_RUN_H

#include "base/error.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "sync/desired.h"
#include "sync/engine.h"

/* What the settings say of sending; the places, words and the rest are the caller's to fill in. */
struct engine_options sync_run_options(const struct settings *settings);
/* Brings the desired state in. named_project: see journal_key. began_ms: when the command did, by the
 * monotonic clock, which its time budget counts from. Warnings that stand in the result already stay. While
 * another process of this machine uploads the same it waits, within the time budget; when that is spent, or a
 * signal comes, everything is left open in the result. Errors: ERR_USAGE (a certificate, a trace that
 * cannot be written), as store_read. */
int sync_run(const struct settings *settings, struct desired *desired, const struct engine_options *options,
             const char *named_project, int64_t began_ms, struct upload_result *result, struct error *err);

#endif
