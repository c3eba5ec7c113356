#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
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

int folder_check_own(const char *path, struct error *err)
{
    struct stat info;
    if (lstat(path, &info) < 0)
        return failed(err, "look at", path);
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid())
        return error_set(err, ERR_IO, "'%s' is no folder of this user; choose another one", path);
    return 0;
}

/* A mode that somebody chose stays: the folder may serve others too. The files in it are private by
 * themselves. */
int folder_make_private(const char *path, struct error *err)
{
    int r = make_parents(path, err);
    if (r < 0)
        return r;
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return failed(err, "make the folder", path);
    if (made && chmod(path, 0700) < 0) /* whatever the umask and the folder above say */
        return failed(err, "close to others", path);
    return folder_check_own(path, err);
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

int file_open_regular(const char *path, const char **ret_problem)
{
    struct stat found = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode))
        return fd;
    *ret_problem = fd < 0                   ? strerror(errno)
                   : S_ISDIR(found.st_mode) ? "it is a folder"
                                            : "it is no regular file, but a pipe or a device";
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Of a file system that knows neither way (some shared folders of virtual machines). */
static int rename_if_free(const char *from, const char *to)
{
    struct stat info;
    if (lstat(to, &info) < 0)
        return rename(from, to);
    errno = EEXIST;
    return -1;
}

/* Where the file system cannot rename without replacing (NFS), a second name can only be made when it is
 * free. Once it is made, the first one that stays changes nothing. */
int file_rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (link(from, to) == 0) {
        unlink(from);
        return 0;
    }
    return errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS ? rename_if_free(from, to) : -1;
}

int file_write_all(int fd, const char *bytes, size_t size)
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

/* As well as it can be done: the file has its name, and whoever looks finds it, whatever comes of this. */
static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    _cleanup_free_ char *folder = slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
    int fd = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static void forget(struct whole_file *file)
{
    free(file->path);
    free(file->temporary);
    *file = (struct whole_file)WHOLE_FILE_INIT;
}

void whole_file_abort(struct whole_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    if (file->temporary)
        unlink(file->temporary);
    forget(file);
}

/* A name of this writer alone: another one may be writing the same path, on another machine or in another
 * container too. */
static char *temporary_name(const char *path)
{
    uint64_t number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number)
        number = (uint64_t)getpid();
    return xasprintf("%s.%016" PRIx64 ".tmp", path, number);
}

int whole_file_begin(struct whole_file *file, const char *path, struct error *err)
{
    *file = (struct whole_file)WHOLE_FILE_INIT;
    file->path = xstrdup(path);
    file->temporary = temporary_name(path);
    file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file->fd >= 0)
        return 0;
    int r = failed(err, "make", file->temporary);
    forget(file);
    return r;
}

int whole_file_write(struct whole_file *file, const void *bytes, size_t size, struct error *err)
{
    if (file_write_all(file->fd, bytes, size) == 0)
        return 0;
    int r = failed(err, "write", file->temporary);
    whole_file_abort(file);
    return r;
}

int whole_file_commit(struct whole_file *file, struct error *err)
{
    int r = fsync(file->fd) < 0 ? failed(err, "write", file->temporary) : 0;
    if (r == 0 && file_rename_new(file->temporary, file->path) < 0)
        r = errno == EEXIST ? error_set(err, ERR_BUSY, "'%s' is there already", file->path)
                            : failed(err, "rename", file->temporary);
    if (r < 0) {
        whole_file_abort(file);
        return r;
    }
    sync_folder_of(file->path);
    close(file->fd);
    forget(file);
    return 0;
}
