/* Results that qTest takes only without the files attached to them: a picture never costs a result. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

static bool carries_files(const struct attachment *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].base64)
            return true;
    return false;
}

bool engine_goes_bare(struct engine *e, uint32_t number)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    struct store_entry *entry = store_entry(e->desired->store, number);
    const struct test_result *result = &record.result;
    if (entry->bare)
        return false;
    if (store_read(e->desired->store, number, &record, &err) < 0) {
        engine_fail(e, &err);
        return false;
    }
    bool files = carries_files(result->attachments, result->attachment_count);
    for (size_t i = 0; i < result->step_count && !files; i++)
        files = carries_files(result->steps[i].attachments, result->steps[i].attachment_count);
    entry->bare = files;
    return files;
}

static char *name_of(const struct engine *e, uint32_t number)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    int r = store_read(e->desired->store, number, &record, &err);
    error_release(&err);
    return text_printable(r < 0 ? "?" : record.result.name);
}

void engine_tell_bare(struct engine *e)
{
    int64_t count = 0;
    uint32_t first = 0;
    for (uint32_t i = (uint32_t)e->desired->store->count; i > 0; i--) {
        const struct store_entry *entry = store_entry(e->desired->store, i - 1);
        bool in = entry->outcome == OUTCOME_CONFIRMED || entry->outcome == OUTCOME_PRESENT;
        if (!entry->bare || !in)
            continue;
        first = i - 1;
        count++;
    }
    if (!count)
        return;
    _cleanup_free_ char *name = name_of(e, first);
    _cleanup_free_ char *pattern = xasprintf(
        "{} in qTest without the attached files, which made the request larger than the site takes or "
        "were refused; the first is test '%s'",
        name);
    engine_count_problem(e, ERR_NONE, count, "result is", "results are", pattern);
}
