/* The spool: what could not be brought into qTest, kept on disk until `flush`.
 *
 * An entry is one file "<time>-<attempts>-<key>.spool" in a folder of mode 0700: when its upload began
 * (UTC), how often it was tried since, and a hash of site, project and what it holds. No entry replaces
 * another. It carries everything that the upload knew but never a secret: the records of the result store,
 * the reports' identities, job, places, status words, the site's address and the project. Written to a
 * temporary name, synced, renamed; a checksum at its end.
 *
 *     spool_write(folder, &facts, &desired, began_ms, &name, &err);
 *
 *     spool_list_read(folder, &list, &err);                     // oldest first
 *     spool_open(&entry, folder, list.names.items[i], &err);    // locks it: -ERR_BUSY when another has it
 *     ... entry.facts, entry.store, entry.reports ...
 *     spool_remove(&entry) | spool_keep(&entry)            // done, or one attempt more in its name
 *     | spool_keep_refused(&entry)                         // or for a person to look at
 *     spool_close(&entry);
 *
 * A damaged entry is set aside as "<name>.damaged" and named, never deleted. Bounds: sync/spool_bounds.h.
 */
#ifndef SYNC_SPOOL_H
#define SYNC_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "report/model.h"
#include "report/store.h"
#include "sync/desired.h"

/* What upload was told. Texts are owned in an entry that was opened, borrowed when one is written. */
struct spool_facts {
    char *site;          /* the address, without credentials */
    char *project;       /* id where it was resolved, else as the user named it */
    char *named_project; /* as the user named it, for journal_key; NULL: not at all */
    char *cycle;
    char *release;
    char *root_module;
    char *suite; /* these three NULL: none */
    char *build_url;
    char *build_number;
    char *status_word[RESULT_STATUS_COUNT];
    char *job;
    char *content_template;
    int64_t repeats; /* enum repeats */
    int64_t place_named; /* 0: the cycle has the name of a job that the user did not name */
    int64_t older;   /* enum engine_older */
    int64_t fallback_start_ms;
};

struct spool_entry {
    int fd; /* holds the lock, where there is one to be had */
    char *folder;
    char *name;
    struct spool_facts facts;
    struct store store;
    struct report_meta *metas;
    struct desired_report *reports;
    size_t report_count;
};

struct spool_list {
    struct text_list names; /* oldest first */
    struct text_list damaged;
};

/* began_ms: by the wall clock. ret_name: the entry's name, the caller frees; NULL allowed, and NULL after a
 * failure. Errors: ERR_IO. */
int spool_write(const char *folder, const struct spool_facts *facts, const struct desired *desired,
                int64_t began_ms, char **ret_name, struct error *err);
/* A folder that is not there is an empty spool. Errors: ERR_USAGE (no folder is named), ERR_IO. */
int spool_list_read(const char *folder, struct spool_list *ret, struct error *err);
void spool_list_release(struct spool_list *list);
/* When its upload began, by its name; TIME_NONE when that is none of ours. */
int64_t spool_time_of(const char *name);
/* Removes what writers that were killed more than a day ago left in the folder; spool_write does so too. */
void spool_sweep(const char *folder, int64_t now_wall_ms);
/* As spool_open, without the lock and changing nothing: to show what is there. */
int spool_look(struct spool_entry *entry, const char *folder, const char *name, struct error *err);
/* Errors: ERR_BUSY (another process has it), ERR_REPORT (damaged: it has been set aside),
 * ERR_FOREIGN (of another version: neither sent nor deleted, the text says what to do), ERR_IO.
 * The entry is released by spool_close in any case. */
int spool_open(struct spool_entry *entry, const char *folder, const char *name, struct error *err);
void spool_remove(struct spool_entry *entry);
void spool_keep(struct spool_entry *entry);
/* Sets it aside as "*.spool.refused", not to be sent by itself any more. Returns the new path, which the
 * caller frees; NULL: it cannot be renamed and stays (errno). */
char *spool_keep_refused(struct spool_entry *entry);
void spool_close(struct spool_entry *entry);

#endif
