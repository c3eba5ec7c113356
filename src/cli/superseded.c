#include "cli/superseded.h"

#include <stdbool.h>

#include "base/memory.h"
#include "cli/spool_folder.h"
#include "cli/talk.h"
#include "sync/spool_superseded.h"

static bool all_in(const struct upload_result *result)
{
    const struct sync_counts *counts = &result->outcome.counts;
    return result->outcome.error.code == ERR_NONE && result->unsent == 0 && counts->read > 0 &&
           counts->confirmed + counts->present == counts->read;
}

void superseded_set_aside(const struct settings *settings, const struct desired *desired,
                          const char *named_project, int64_t made_ms, struct upload_result *result)
{
    struct text_list told = {0};
    _cleanup_free_ char *folder = spool_folder(settings);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const struct spool_newer newer = {.site = settings->url,
                                      .project_id = result->outcome.project_id,
                                      .named_project = named_project,
                                      .desired = desired,
                                      .made_ms = made_ms};
    if (!folder || !all_in(result))
        return;
    /* Where the folder cannot be read, flush can send nothing from it either. */
    if (spool_set_aside_superseded(folder, &newer, &told, &err) < 0)
        talk(settings, TALK_INFO, "%s", err.text);
    for (size_t i = 0; i < told.count; i++)
        sync_outcome_problem(&result->outcome, ERR_NONE, 0, told.items[i]);
    text_list_release(&told);
}
