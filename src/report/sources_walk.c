#include "report/sources_walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/sources.h"

void found_paths_add(struct found_paths *found, char *path)
{
    GROW(found->items, found->count, found->capacity);
    found->items[found->count++] = path;
}

void found_paths_release(struct found_paths *found)
{
    for (size_t i = 0; i < found->count; i++)
        free(found->items[i]);
    free(found->items);
    file_set_release(&found->folders);
    text_list_release(&found->gone);
    *found = (struct found_paths)FOUND_PATHS_INIT;
}

char *path_join(const char *folder, const char *name)
{
    if (!*folder)
        return xstrdup(name);
    return xasprintf("%s%s%s", folder, text_ends(folder, "/") ? "" : "/", name);
}

static bool says_gone(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ESTALE;
}

bool path_is_gone(const char *path, struct text_list *gone)
{
    struct stat status;
    if (lstat(path, &status) == 0 || !says_gone(errno))
        return false;
    text_list_add(gone, path);
    return true;
}

int folder_names(const char *folder, struct found_paths *ret_names, struct text_list *gone, struct error *err)
{
    const char *shown = *folder ? folder : ".";
    DIR *stream = opendir(shown);
    if (!stream && says_gone(errno)) {
        text_list_add(gone, shown);
        return 0;
    }
    if (!stream)
        return error_set(err, ERR_IO, "cannot read the folder '%s': %s", shown, strerror(errno));
    int rc = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(stream);
        if (!entry)
            break;
        if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, ".."))
            found_paths_add(ret_names, xstrdup(entry->d_name));
    }
    if (says_gone(errno))
        text_list_add(gone, shown);
    else if (errno)
        rc = error_set(err, ERR_IO, "cannot read the folder '%s': %s", shown, strerror(errno));
    closedir(stream);
    return rc;
}

static bool is_report_name(const char *name)
{
    size_t length = strlen(name);
    return (length > 4 && text_equal_nocase(name + length - 4, ".xml")) ||
           (length > 5 && text_equal_nocase(name + length - 5, ".json"));
}

/* Folders still to be entered, the reports found, or all folders. */
struct walk {
    struct found_paths ahead;
    struct found_paths *found;
    bool folders; /* what is looked for */
};

static int take_entry(struct walk *walk, const char *folder, const char *name, struct error *err)
{
    if (*name == '.')
        return 0;
    char *path = path_join(folder, name);
    struct stat status;
    bool known = stat(path, &status) == 0; /* a link may lead nowhere */
    if (known && S_ISDIR(status.st_mode)) {
        found_paths_add(&walk->ahead, path);
    } else if (known && !walk->folders && S_ISREG(status.st_mode) && is_report_name(name)) {
        found_paths_add(walk->found, path);
    } else {
        if (!known)
            path_is_gone(path, &walk->found->gone);
        free(path);
    }
    if (walk->found->count <= REPORT_SOURCES_MAXIMUM)
        return 0;
    return error_set(err, ERR_LIMIT,
                     "'%s' and what lies around it are more than %d files; name fewer at once", folder,
                     REPORT_SOURCES_MAXIMUM);
}

/* A folder that cannot be looked at is entered, so that reading its names says why. */
static bool entered_before(struct walk *walk, const char *folder)
{
    struct stat status;
    if (stat(*folder ? folder : ".", &status) != 0)
        return false;
    return file_set_put(&walk->found->folders, status.st_dev, status.st_ino, 0, 0) != FILE_SET_NEW;
}

static int enter(struct walk *walk, const char *folder, struct error *err)
{
    if (entered_before(walk, folder))
        return 0;
    struct found_paths names = FOUND_PATHS_INIT;
    int rc = folder_names(folder, &names, &walk->found->gone, err);
    if (walk->folders)
        found_paths_add(walk->found, xstrdup(folder));
    for (size_t i = 0; i < names.count && rc == 0; i++)
        rc = take_entry(walk, folder, names.items[i], err);
    found_paths_release(&names);
    return rc;
}

static int walk_from(const char *folder, bool folders, struct found_paths *found, struct error *err)
{
    struct walk walk = {.ahead = FOUND_PATHS_INIT, .found = found, .folders = folders};
    found_paths_add(&walk.ahead, xstrdup(folder));
    int rc = 0;
    while (walk.ahead.count > 0 && rc == 0) {
        _cleanup_free_ char *next = walk.ahead.items[--walk.ahead.count];
        rc = enter(&walk, next, err);
    }
    found_paths_release(&walk.ahead);
    return rc;
}

int find_reports(const char *folder, struct found_paths *found, struct error *err)
{
    return walk_from(folder, false, found, err);
}

int find_folders(const char *folder, struct found_paths *found, struct error *err)
{
    return walk_from(folder, true, found, err);
}
