#include "sync/spool_bounds.h"

#include <stdbool.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "spool_private.h"

struct trim {
    const char *folder;
    const struct spool_bounds *bounds;
    const char *newest; /* name */
    int64_t now_wall_ms;
    int64_t bytes; /* of what is still there */
    struct text_list *told;
};

static int64_t size_of(const struct trim *trim, const char *name)
{
    struct stat info;
    _cleanup_free_ char *path = xasprintf("%s/%s", trim->folder, name);
    return lstat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

static bool too_old(const struct trim *trim, const char *name)
{
    int64_t made_ms = spool_time_of(name);
    return trim->bounds->age_ms > 0 && made_ms != TIME_NONE &&
           trim->now_wall_ms - made_ms > trim->bounds->age_ms;
}

static bool too_much(const struct trim *trim, bool newest)
{
    return trim->bounds->bytes > 0 && !newest && trim->bytes > trim->bounds->bytes;
}

static void drop(struct trim *trim, const char *name, const char *why)
{
    struct spool_entry entry;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    int64_t size = size_of(trim, name);
    int r = spool_open(&entry, trim->folder, name, &err);
    if (r == 0) {
        _cleanup_free_ char *job = text_printable(entry.facts.job);
        _cleanup_free_ char *results = text_counted((int64_t)entry.store.count, "result", "results");
        _cleanup_free_ char *text = xasprintf("'%s/%s' with %s of '%s' was deleted from the spool %s",
                                              trim->folder, name, results, job, why);
        text_list_add(trim->told, text);
        spool_remove(&entry);
    } else if (r == -ERR_REPORT) {
        text_list_add(trim->told, err.text); /* set aside, no longer part of the spool */
    }
    if (r == 0 || r == -ERR_REPORT || r == -ERR_FOREIGN) /* of another version: no other entry pays for it */
        trim->bytes -= size;
    spool_close(&entry);
}

static void trim_list(struct trim *trim, const struct spool_list *list)
{
    if (!trim->newest && list->names.count)
        trim->newest = list->names.items[list->names.count - 1];
    for (size_t i = 0; i < list->names.count; i++)
        trim->bytes += size_of(trim, list->names.items[i]);
    for (size_t i = 0; i < list->names.count; i++) {
        if (too_old(trim, list->names.items[i]))
            drop(trim, list->names.items[i], "(older than --spool-max-age)");
        else if (too_much(trim, text_equal(list->names.items[i], trim->newest)))
            drop(trim, list->names.items[i], "(--spool-max-size was exceeded)");
    }
}

int spool_trim(const char *folder, const struct spool_bounds *bounds, const char *newest, int64_t now_wall_ms,
               struct text_list *told, struct error *err)
{
    if (bounds->age_ms == 0 && bounds->bytes == 0)
        return 0;
    struct trim trim = {
        .folder = folder, .bounds = bounds, .newest = newest, .now_wall_ms = now_wall_ms, .told = told};
    struct spool_list list;
    int r = spool_list_read(folder, &list, err);
    if (r < 0)
        return r;
    trim_list(&trim, &list);
    spool_list_release(&list);
    return 0;
}
