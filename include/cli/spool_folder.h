/* Where the spool lies: "spool" in the state folder. */
#ifndef CLI_SPOOL_FOLDER_H
#define CLI_SPOOL_FOLDER_H

#include "base/memory.h"
#include "cli/settings.h"

/* NULL when there is no state folder. The caller frees. */
static inline char *spool_folder(const struct settings *settings)
{
    return settings->state_dir ? xasprintf("%s/spool", settings->state_dir) : NULL;
}

#endif
