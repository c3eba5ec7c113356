/* Where the spool and the journals lie ("spool" and "journal" in the state folder), and how much the user
 * wants kept. */
#ifndef CLI_SPOOL_FOLDER_H
#define CLI_SPOOL_FOLDER_H

#include "cli/settings.h"
#include "sync/spool_bounds.h"

/* NULL when there is no state folder. The caller frees. */
char *spool_folder(const struct settings *settings);
char *journal_folder(const struct settings *settings);
struct spool_bounds spool_bounds_of(const struct settings *settings);

#endif
