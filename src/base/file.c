#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static int failed(struct error *err, const char *what, const char *path)
{
    return error_set(err, ERR_IO, "cannot %s '%s': %s", what, path, strerror(errno));
}

static int make_parents(const char *path, struct error *err)
{
    _cleanup_free_ char *copy = xstrdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0700) < 0 && errno != EEXIST)
            return failed(err, "make the folder", copy);
        *slash = '/';
    }
    return 0;
}

int folder_make_private(const char *path, struct error *err)
{
    struct stat info;
    int r = make_parents(path, err);
    if (r < 0)
        return r;
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return failed(err, "make the folder", path);
    if (lstat(path, &info) < 0)
        return failed(err, "look at", path);
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid())
        return error_set(err, ERR_IO, "'%s' is no folder of this user; choose another one", path);
    if ((info.st_mode & 0777) != 0700 && chmod(path, 0700) < 0)
        return failed(err, "close to others", path);
    return 0;
}

int file_read_fd(int fd, const char *name, struct buf *out, struct error *err)
{
    off_t offset = 0;
    for (;;) {
        char chunk[16384];
        ssize_t n = pread(fd, chunk, sizeof chunk, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(err, "read", name);
        if (n == 0)
            return 0;
        offset += n;
        buf_put(out, chunk, (size_t)n);
        if (buf_failed(out))
            return error_set(err, ERR_LIMIT, "'%s' is larger than %zu bytes", name, out->maximum);
    }
}

int file_read(const char *path, struct buf *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return failed(err, "open", path);
    int r = file_read_fd(fd, path, out, err);
    close(fd);
    return r;
}

static int write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        bytes += n;
        size -= (size_t)n;
    }
    return 0;
}

static int sync_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    _cleanup_free_ char *folder = slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
    int fd = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r = fd < 0 || fsync(fd) < 0 ? failed(err, "sync", folder) : 0;
    if (fd >= 0)
        close(fd);
    return r;
}

static int write_temporary(const char *path, const void *bytes, size_t size, struct error *err)
{
    unlink(path); /* of a run that was cut short */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(err, "make", path);
    int r = write_all(fd, bytes, size) < 0 || fsync(fd) < 0 ? failed(err, "write", path) : 0;
    if (close(fd) < 0 && r == 0)
        r = failed(err, "write", path);
    if (r < 0)
        unlink(path);
    return r;
}

int file_write_whole(const char *path, const void *bytes, size_t size, struct error *err)
{
    _cleanup_free_ char *temporary = xasprintf("%s.tmp", path);
    int r = write_temporary(temporary, bytes, size, err);
    if (r < 0)
        return r;
    if (rename(temporary, path) < 0) {
        r = failed(err, "rename", temporary);
        unlink(temporary);
        return r;
    }
    return sync_folder_of(path, err);
}
