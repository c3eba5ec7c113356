/* The reports of one upload, read into the result store: what command_upload begins with. */
#ifndef CLI_READING_H
#define CLI_READING_H

#include <stddef.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/cycle_name.h"
#include "cli/settings.h"
#include "report/reader.h"
#include "report/store.h"
#include "sync/desired.h"

struct reading {
    struct store store;
    struct report_meta *metas;
    struct desired_report *reports; /* one for each meta */
    size_t count;
    size_t capacity;
    struct cycle_name cycle;
};

/* Reads all reports, then decides the cycle's name and the execution ids. A report that cannot be read ends
 * it, unless --keep-going: then it becomes a problem of the result. Warnings become problems with ERR_NONE.
 * Files that a folder or pattern finds and that are no reports are left out with a warning (cli/left_out.h).
 * Errors: those of report_read; ERR_USAGE (reports of different jobs). */
int reading_run(struct reading *reading, const struct settings *settings, char *const *reports,
                size_t report_count, struct upload_result *result, struct error *err);
/* How the settings want a report to be read. Waits for its first bytes, since tests may go on until then. */
struct read_options reading_options(const struct settings *settings, struct report_input *in);
void reading_release(struct reading *reading);

#endif
