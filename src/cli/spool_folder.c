#include "cli/spool_folder.h"

#include "base/memory.h"

char *spool_folder(const struct settings *settings)
{
    return settings->state_dir ? xasprintf("%s/spool", settings->state_dir) : NULL;
}

char *journal_folder(const struct settings *settings)
{
    return settings->state_dir ? xasprintf("%s/journal", settings->state_dir) : NULL;
}

struct spool_bounds spool_bounds_of(const struct settings *settings)
{
    return (struct spool_bounds){.age_ms = settings->spool_max_age_ms,
                                 .bytes = settings->spool_max_size_bytes};
}
