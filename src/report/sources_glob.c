/* The matches of a pattern, segment by segment. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/sources.h"
#include "report/sources_walk.h"

#define SEGMENTS_MAXIMUM 256

struct pattern {
    char *text; /* the segments, each terminated */
    const char *segments[SEGMENTS_MAXIMUM];
    size_t count;
    struct file_set seen; /* folders, by the segment they were reached with */
    struct found_paths *found;
};

bool is_pattern(const char *text)
{
    for (; *text; text++) {
        if (strchr("*?[", *text))
            return true;
        if (*text == '\\' && text[1])
            text++;
    }
    return false;
}

static bool any_folders(const char *segment)
{
    return text_equal(segment, "**");
}

/* Empty segments and repeated "**" say nothing new. */
static int split(struct pattern *pattern, const char *text, struct error *err)
{
    pattern->text = xstrdup(text);
    char *rest = pattern->text;
    for (char *segment; (segment = strsep(&rest, "/"));) {
        bool again =
            pattern->count > 0 && any_folders(segment) && any_folders(pattern->segments[pattern->count - 1]);
        if (!*segment || again)
            continue;
        if (pattern->count == SEGMENTS_MAXIMUM)
            return error_set(err, ERR_LIMIT, "the pattern '%s' has more than %d parts", text,
                             SEGMENTS_MAXIMUM);
        pattern->segments[pattern->count++] = segment;
    }
    return 0;
}

static char *without_backslashes(const char *segment)
{
    char *plain = xstrdup(segment);
    char *to = plain;
    for (const char *from = plain; *from; from++) {
        if (*from == '\\' && from[1])
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return plain;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(*path ? path : ".", &status) == 0 && S_ISDIR(status.st_mode);
}

/* Folders may be reached in many ways; each is gone on from once for each segment. */
static bool seen_before(struct pattern *pattern, const char *folder, size_t segment)
{
    struct stat status;
    if (stat(*folder ? folder : ".", &status) != 0)
        return true;
    return file_set_put(&pattern->seen, status.st_dev, status.st_ino, (uint32_t)segment, 0) != FILE_SET_NEW;
}

static int match_from(struct pattern *pattern, const char *folder, size_t segment, struct error *err);

/* A path that matches up to and with the segment. */
static int step(struct pattern *pattern, const char *path, size_t segment, struct error *err)
{
    struct stat status;
    if (segment + 1 < pattern->count)
        return is_folder(path) ? match_from(pattern, path, segment + 1, err) : 0;
    if (is_folder(path))
        return find_reports(path, pattern->found, err);
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return 0;
    found_paths_add(pattern->found, xstrdup(path));
    if (pattern->found->count <= REPORT_SOURCES_MAXIMUM)
        return 0;
    return error_set(err, ERR_LIMIT, "the pattern matches more than %d files; name fewer at once",
                     REPORT_SOURCES_MAXIMUM);
}

static int match_any_folders(struct pattern *pattern, const char *folder, size_t segment, struct error *err)
{
    if (segment + 1 == pattern->count)
        return find_reports(folder, pattern->found, err);
    struct found_paths folders = FOUND_PATHS_INIT;
    int rc = find_folders(folder, &folders, err);
    for (size_t i = 0; i < folders.count && rc == 0; i++)
        rc = match_from(pattern, folders.items[i], segment + 1, err);
    for (size_t i = 0; i < folders.gone.count; i++)
        text_list_add(&pattern->found->gone, folders.gone.items[i]);
    found_paths_release(&folders);
    return rc;
}

static int match_names(struct pattern *pattern, const char *folder, size_t segment, struct error *err)
{
    struct found_paths names = FOUND_PATHS_INIT;
    int rc = folder_names(folder, &names, &pattern->found->gone, err);
    for (size_t i = 0; i < names.count && rc == 0; i++) {
        if (fnmatch(pattern->segments[segment], names.items[i], FNM_PERIOD) != 0)
            continue;
        _cleanup_free_ char *path = path_join(folder, names.items[i]);
        if (path_is_gone(path, &pattern->found->gone))
            continue;
        rc = step(pattern, path, segment, err);
    }
    found_paths_release(&names);
    return rc;
}

static int match_from(struct pattern *pattern, const char *folder, size_t segment, struct error *err)
{
    const char *wanted = pattern->segments[segment];
    if (seen_before(pattern, folder, segment))
        return 0;
    if (any_folders(wanted))
        return match_any_folders(pattern, folder, segment, err);
    if (is_pattern(wanted))
        return match_names(pattern, folder, segment, err);
    _cleanup_free_ char *plain = without_backslashes(wanted);
    _cleanup_free_ char *path = path_join(folder, plain);
    return step(pattern, path, segment, err);
}

int find_matches(const char *text, struct found_paths *found, struct error *err)
{
    struct pattern pattern = {.found = found};
    int rc = split(&pattern, text, err);
    if (rc == 0 && pattern.count > 0)
        rc = match_from(&pattern, *text == '/' ? "/" : "", 0, err);
    file_set_release(&pattern.seen);
    free(pattern.text);
    return rc;
}
