#include "sync/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "spool_private.h"
#include "sync/claim.h"

#define ENDING           ".spool"
#define DAMAGED_ENDING   ".damaged"
#define TIME_DIGITS      17 /* YYYYMMDDhhmmssmmm */
#define NO_FOLDER        "there is no folder to keep results in; set --state-dir or HOME"
#define LATER_MAX_MS     1000
#define TEMPORARY_MAX_MS (24LL * 3600 * 1000)

/* The name sorts by time. */
static void put_time(char ret_text[TIME_TEXT_SIZE], int64_t wall_ms)
{
    char iso[TIME_TEXT_SIZE];
    size_t at = 0;
    time_format_iso(wall_ms, iso);
    for (const char *c = iso; *c; c++)
        if (ascii_digit(*c))
            ret_text[at++] = *c;
    ret_text[at] = '\0';
}

int64_t spool_time_of(const char *name)
{
    int64_t instant_ms;
    if (strspn(name, "0123456789") != TIME_DIGITS || name[TIME_DIGITS] != '-')
        return TIME_NONE;
    _cleanup_free_ char *iso = xasprintf("%.4s-%.2s-%.2sT%.2s:%.2s:%.2s.%.3sZ", name, name + 4, name + 6,
                                         name + 8, name + 10, name + 12, name + 14);
    return time_parse_iso(iso, &instant_ms, NULL) ? instant_ms : TIME_NONE;
}

/* Of what it holds and where it goes. */
static uint64_t key_of(const struct spool_facts *facts, const struct desired *desired)
{
    struct hasher h;
    hasher_init(&h, "spool entry");
    hasher_text(&h, facts->site);
    hasher_text(&h, facts->project);
    hasher_number(&h, (int64_t)claim_content(desired));
    struct hash128 hash = hasher_done(&h);
    return hash128_low(&hash);
}

static int write_entry(const char *path, const struct spool_facts *facts, const struct desired *desired,
                       struct error *err)
{
    struct whole_file file;
    int r = whole_file_begin(&file, path, err);
    if (r < 0)
        return r;
    r = spool_file_write(&file, facts, desired, err);
    if (r == 0)
        return whole_file_commit(&file, err);
    whole_file_abort(&file);
    return r;
}

/* "<entry>.<16 digits>.tmp", see whole_file_begin. */
static bool is_temporary(const char *name)
{
    const size_t tail = strlen(".0123456789abcdef.tmp");
    size_t length = strlen(name);
    if (length <= tail || strspn(name + length - tail + 1, "0123456789abcdef") != 16)
        return false;
    _cleanup_free_ char *entry = xstrndup(name, length - tail);
    return text_ends(name, ".tmp") && text_ends(entry, ENDING);
}

/* A younger one may still be written, by another machine too, whose clock may differ. */
void spool_sweep(const char *folder, int64_t now_wall_ms)
{
    struct stat info;
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *item; (item = readdir(dir));)
        if (is_temporary(item->d_name) &&
            fstatat(dirfd(dir), item->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
            info.st_uid == geteuid() && now_wall_ms - (int64_t)info.st_mtim.tv_sec * 1000 > TEMPORARY_MAX_MS)
            unlinkat(dirfd(dir), item->d_name, 0);
    closedir(dir);
}

int spool_write(const char *folder, const struct spool_facts *facts, const struct desired *desired,
                int64_t began_ms, char **ret_name, struct error *err)
{
    uint64_t key = key_of(facts, desired);
    if (ret_name)
        *ret_name = NULL;
    if (!folder)
        return error_set(err, ERR_IO, NO_FOLDER);
    int r = folder_make_private(folder, err);
    if (r < 0)
        return r;
    spool_sweep(folder, began_ms);
    /* The same upload may have been kept in the same millisecond, perhaps with other settings. */
    for (int64_t later_ms = 0;; later_ms++) {
        char time[TIME_TEXT_SIZE];
        put_time(time, began_ms + later_ms);
        _cleanup_free_ char *name = xasprintf("%s-0-%016" PRIx64 ENDING, time, key);
        _cleanup_free_ char *path = xasprintf("%s/%s", folder, name);
        r = write_entry(path, facts, desired, err);
        if (r == 0 && ret_name)
            *ret_name = TAKE(name);
        if (r != -ERR_BUSY || later_ms == LATER_MAX_MS)
            return r;
        error_release(err);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A folder that was never made; a link that leads nowhere is not that. */
static bool is_absent(const char *path)
{
    struct stat info;
    if (lstat(path, &info) == 0 || errno != ENOENT)
        return false;
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return true;
    _cleanup_free_ char *above = xstrndup(path, (size_t)(slash - path));
    return stat(above, &info) == 0 || is_absent(above);
}

int spool_list_read(const char *folder, struct spool_list *ret, struct error *err)
{
    *ret = (struct spool_list){0};
    if (!folder)
        return error_set(err, ERR_USAGE, NO_FOLDER);
    if (is_absent(folder))
        return 0;
    int r = folder_check_own(folder, err);
    if (r < 0)
        return r;
    DIR *dir = opendir(folder);
    if (!dir)
        return error_set(err, ERR_IO, "cannot open '%s': %s", folder, strerror(errno));
    for (struct dirent *item; (item = readdir(dir));) {
        if (text_ends(item->d_name, ENDING))
            text_list_add(&ret->names, item->d_name);
        else if (text_ends(item->d_name, DAMAGED_ENDING))
            text_list_add(&ret->damaged, item->d_name);
    }
    closedir(dir);
    if (ret->names.count)
        qsort(ret->names.items, ret->names.count, sizeof *ret->names.items, by_name);
    return 0;
}

void spool_list_release(struct spool_list *list)
{
    text_list_release(&list->names);
    text_list_release(&list->damaged);
}

static char *path_of(const struct spool_entry *entry)
{
    return xasprintf("%s/%s", entry->folder, entry->name);
}

static void set_aside(struct spool_entry *entry, struct error *err)
{
    _cleanup_free_ char *from = path_of(entry);
    _cleanup_free_ char *to = xasprintf("%s" DAMAGED_ENDING, from);
    _cleanup_free_ char *why = xstrdup(err->text);
    if (file_rename_new(from, to) == 0)
        error_set(err, ERR_REPORT, "%s; it is set aside as '%s'", why, to);
    else
        error_set(err, ERR_REPORT, "%s; it cannot be set aside as '%s': %s", why, to, strerror(errno));
}

/* Whoever holds the lock may have renamed or removed it between open and flock. */
static bool still_there(const struct spool_entry *entry, const char *path)
{
    struct stat by_fd;
    struct stat by_name_;
    return fstat(entry->fd, &by_fd) == 0 && lstat(path, &by_name_) == 0 && by_fd.st_ino == by_name_.st_ino;
}

/* It may be sent and removed, or be kept under a new name: only who has it knows. */
static int in_other_hands(const char *path, struct error *err)
{
    return error_set(err, ERR_BUSY, "'%s' is in the hands of another process", path);
}

/* For writing where that may be: on NFS there is no exclusive lock without (flock(2)). */
static int open_for_lock(const char *path)
{
    const int flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = open(path, O_RDWR | flags);
    return fd >= 0 || errno == ENOENT ? fd : open(path, O_RDONLY | flags);
}

static int open_file(struct spool_entry *entry, struct error *err)
{
    struct stat info;
    _cleanup_free_ char *path = path_of(entry);
    entry->fd = open_for_lock(path);
    if (entry->fd < 0 && errno == ENOENT)
        return in_other_hands(path, err);
    if (entry->fd < 0 || fstat(entry->fd, &info) < 0)
        return error_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
    if (info.st_uid != geteuid() || !S_ISREG(info.st_mode))
        return error_set(err, ERR_IO, "'%s' is no file of this user; it is left alone", path);
    return 0;
}

/* Where nothing can be locked it goes on without: else the entry would never be sent. The claim in qTest
 * keeps two that send it apart, as it does on two machines. */
static int lock_file(struct spool_entry *entry, struct error *err)
{
    _cleanup_free_ char *path = path_of(entry);
    bool locked_by_other = flock(entry->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    if (locked_by_other || !still_there(entry, path))
        return in_other_hands(path, err);
    return 0;
}

static void entry_init(struct spool_entry *entry, const char *folder, const char *name)
{
    *entry = (struct spool_entry){.fd = -1, .folder = xstrdup(folder), .name = xstrdup(name)};
    store_init(&entry->store, STORE_MEMORY_MAX_BYTES);
}

/* A file that has its name is whole and never changes, so no lock is needed to look at it: one would make a
 * flush at the same time pass it by. */
int spool_look(struct spool_entry *entry, const char *folder, const char *name, struct error *err)
{
    entry_init(entry, folder, name);
    int r = open_file(entry, err);
    return r < 0 ? r : spool_file_read(entry, err);
}

int spool_open(struct spool_entry *entry, const char *folder, const char *name, struct error *err)
{
    entry_init(entry, folder, name);
    int r = open_file(entry, err);
    if (r == 0)
        r = lock_file(entry, err);
    if (r == 0)
        r = spool_file_read(entry, err);
    if (r == -ERR_REPORT)
        set_aside(entry, err);
    return r;
}

void spool_remove(struct spool_entry *entry)
{
    _cleanup_free_ char *path = path_of(entry);
    unlink(path);
}

char *spool_keep_refused(struct spool_entry *entry)
{
    _cleanup_free_ char *path = path_of(entry);
    _cleanup_free_ char *aside = xasprintf("%s.refused", path);
    return file_rename_new(path, aside) < 0 ? NULL : TAKE(aside);
}

/* "<time>-<attempts>-<key>.spool" with one attempt more. */
static char *next_name(const char *name)
{
    int64_t attempts;
    const char *rest = strlen(name) > TIME_DIGITS + 1 ? strchr(name + TIME_DIGITS + 1, '-') : NULL;
    if (!rest || name[TIME_DIGITS] != '-')
        return xstrdup(name);
    _cleanup_free_ char *digits = xstrndup(name + TIME_DIGITS + 1, (size_t)(rest - name - TIME_DIGITS - 1));
    if (!text_to_int64(digits, 0, INT32_MAX, &attempts))
        return xstrdup(name);
    return xasprintf("%.*s-%" PRId64 "%s", TIME_DIGITS, name, attempts + 1, rest);
}

void spool_keep(struct spool_entry *entry)
{
    _cleanup_free_ char *from = path_of(entry);
    _cleanup_free_ char *name = next_name(entry->name);
    _cleanup_free_ char *to = xasprintf("%s/%s", entry->folder, name);
    if (file_rename_new(from, to) < 0)
        return; /* the old name is as good */
    free(entry->name);
    entry->name = TAKE(name);
}

static void facts_release(struct spool_facts *facts)
{
    free(facts->site);
    free(facts->project);
    free(facts->named_project);
    free(facts->cycle);
    free(facts->release);
    free(facts->root_module);
    free(facts->suite);
    free(facts->build_url);
    free(facts->build_number);
    for (size_t i = 0; i < RESULT_STATUS_COUNT; i++)
        free(facts->status_word[i]);
    free(facts->job);
    free(facts->content_template);
}

void spool_close(struct spool_entry *entry)
{
    if (entry->fd >= 0)
        close(entry->fd);
    free(entry->folder);
    free(entry->name);
    facts_release(&entry->facts);
    store_release(&entry->store);
    for (size_t i = 0; i < entry->report_count; i++) {
        report_meta_release(&entry->metas[i]);
        free(entry->reports[i].execution_id);
        free(entry->reports[i].bytes_id);
        free(entry->reports[i].report_url);
    }
    free(entry->metas);
    free(entry->reports);
    *entry = (struct spool_entry){.fd = -1};
}
