#include "sync/spool_superseded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "sync/spool.h"

#define SAYS_OTHERWISE "a later report of the same execution says otherwise and is in qTest"

struct search {
    const char *folder;
    const struct spool_newer *newer;
    struct intern executions; /* of the newer results */
    struct text_list *told;
};

static bool is_older(const struct search *search, const char *name)
{
    int64_t made_ms = spool_time_of(name);
    return made_ms != TIME_NONE && search->newer->made_ms != TIME_NONE && made_ms < search->newer->made_ms;
}

/* The entry has the id when the project was resolved then, else what the user called it. */
static bool same_project(const struct spool_newer *newer, const char *project)
{
    _cleanup_free_ char *id = xasprintf("%" PRId64, newer->project_id);
    return project && (text_equal(project, id) || text_equal(project, newer->named_project));
}

static bool shares_execution(const struct search *search, const struct spool_entry *entry)
{
    for (size_t i = 0; i < entry->report_count; i++)
        if (intern_find(&search->executions, entry->reports[i].execution_id) != INTERN_NONE)
            return true;
    return false;
}

/* By the header alone, so that entries of other builds cost next to nothing. */
static bool may_overlap(const struct search *search, const char *name)
{
    struct spool_entry entry;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const struct spool_newer *newer = search->newer;
    bool may = spool_look_header(&entry, search->folder, name, &err) == 0 &&
               text_equal(entry.facts.site, newer->site) &&
               text_equal(entry.facts.job, newer->desired->options.job) &&
               same_project(newer, entry.facts.project) && shares_execution(search, &entry);
    spool_close(&entry);
    return may;
}

/* An error gets the word of a failure. */
static bool shown_alike(uint8_t a, uint8_t b)
{
    return a == b || ((a == RESULT_FAILED || a == RESULT_ERROR) && (b == RESULT_FAILED || b == RESULT_ERROR));
}

/* Each log of the older results is one of the newer ones, and some would show another status. */
static bool contradicts(const struct desired *newer, const struct desired *older)
{
    bool differs = false;
    for (size_t i = 0; i < older->store->count; i++) {
        const struct store_entry *entry = store_entry(older->store, i);
        if (entry->merged)
            continue;
        uint32_t number = desired_find_marker(newer, entry->marker);
        if (number == INTERN_NONE)
            return false;
        differs |= !shown_alike(entry->status, store_entry(newer->store, number)->status);
    }
    return differs;
}

/* What a file holds never changes, so it is read without the lock: a flush at the same time that finds it
 * locked would pass it by. */
static bool is_superseded(const struct search *search, const char *name)
{
    struct spool_entry entry;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    bool superseded = false;
    if (spool_look(&entry, search->folder, name, &err) == 0) {
        _cleanup_(desired_release) struct desired older = {0};
        const struct desired_options options = {.job = entry.facts.job,
                                                .suite = entry.facts.suite,
                                                .content_template = entry.facts.content_template,
                                                .repeats = (enum repeats)entry.facts.repeats,
                                                .fallback_start_ms = entry.facts.fallback_start_ms};
        superseded =
            desired_build(&older, &entry.store, entry.reports, entry.report_count, &options, &err) == 0 &&
            contradicts(search->newer->desired, &older);
    }
    spool_close(&entry);
    return superseded;
}

static char *rename_aside(const struct search *search, const struct spool_entry *entry)
{
    _cleanup_free_ char *from = xasprintf("%s/%s", search->folder, entry->name);
    _cleanup_free_ char *to = xasprintf("%s.superseded", from);
    _cleanup_free_ char *job = text_printable(entry->facts.job);
    _cleanup_free_ char *results = text_counted((int64_t)entry->store.count, "result", "results");
    if (file_rename_new(from, to) == 0)
        return xasprintf("%s of '%s' that an earlier upload kept will not be sent, since " SAYS_OTHERWISE
                         "; the entry is set aside as '%s'",
                         results, job, to);
    return xasprintf("'%s' with %s of '%s' should not be sent, since " SAYS_OTHERWISE
                     ", but it cannot be set aside as '%s': %s",
                     from, results, job, to, strerror(errno));
}

static void set_aside(const struct search *search, const char *name)
{
    struct spool_entry entry;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *text = NULL;
    int r = spool_open(&entry, search->folder, name, &err);
    if (r == 0)
        text = rename_aside(search, &entry);
    else if (r == -ERR_AMBIGUOUS)
        text =
            xasprintf("%s, though " SAYS_OTHERWISE "; upload that one again when this has ended", err.text);
    else
        text = xstrdup(err.text);
    text_list_add(search->told, text);
    spool_close(&entry);
}

static void search_list(struct search *search, const struct spool_list *list)
{
    const struct desired *desired = search->newer->desired;
    for (size_t i = 0; list->names.count && i < desired->report_count; i++)
        intern_put(&search->executions, desired->reports[i].execution_id);
    for (size_t i = 0; i < list->names.count; i++) {
        const char *name = list->names.items[i];
        if (is_older(search, name) && may_overlap(search, name) && is_superseded(search, name))
            set_aside(search, name);
    }
    intern_release(&search->executions);
}

int spool_set_aside_superseded(const char *folder, const struct spool_newer *newer, struct text_list *told,
                               struct error *err)
{
    struct spool_list list;
    struct search search = {.folder = folder, .newer = newer, .executions = INTERN_INIT, .told = told};
    int r = spool_list_read(folder, &list, err);
    if (r < 0)
        return r;
    search_list(&search, &list);
    spool_list_release(&list);
    return 0;
}
