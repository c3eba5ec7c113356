/* Finding files: the reports below a folder, and the matches of a pattern; the rules stand in
 * report/sources.h. */
#ifndef REPORT_SOURCES_WALK_H
#define REPORT_SOURCES_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "report/file_set.h"
#include "report/model.h"

/* Paths that were found. */
struct found_paths {
    char **items;
    size_t count;
    size_t capacity;
    struct file_set folders; /* entered already */
    struct text_list gone;   /* what was there, and was not when it was looked at */
};

#define FOUND_PATHS_INIT                                                                                     \
    {                                                                                                        \
        .items = NULL                                                                                        \
    }

void found_paths_add(struct found_paths *found, char *path); /* takes the path */
void found_paths_release(struct found_paths *found);

/* A folder's names but "." and "..", in no order; none of one that is not there any more, which is added to
 * gone. Errors: ERR_IO. */
int folder_names(const char *folder, struct found_paths *ret_names, struct text_list *gone,
                 struct error *err);
/* Whether a path that was there is not any more; it is added to gone then. A link that leads nowhere is
 * there. */
bool path_is_gone(const char *path, struct text_list *gone);
/* The caller frees. An empty folder is the current one. */
char *path_join(const char *folder, const char *name);

/* The reports below a folder. Errors: ERR_IO, ERR_LIMIT. */
int find_reports(const char *folder, struct found_paths *found, struct error *err);
/* All folders below one, hidden ones apart, itself included. */
int find_folders(const char *folder, struct found_paths *found, struct error *err);

bool is_pattern(const char *text);
int find_matches(const char *pattern, struct found_paths *found, struct error *err);

#endif
