/* Files that only their owner may read, written so that a crash leaves the old or the new one whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/error.h"

/* Makes the folder and those above it with mode 0700; one that is there keeps its mode. Refuses a symbolic
 * link and a folder of another owner (ERR_IO). */
int folder_make_private(const char *path, struct error *err);
/* ERR_IO unless path is a folder of this user, and no link to one. */
int folder_check_own(const char *path, struct error *err);
/* From the descriptor's beginning to its end. ERR_IO; ERR_LIMIT when it holds more than the buffer may. */
int file_read_fd(int fd, const char *name, struct buf *out, struct error *err);
/* Opens without following a link at the end of the path, and reads all. */
int file_read(const char *path, struct buf *out, struct error *err);
/* Opens a file that somebody named, through links too, for reading. Returns the descriptor, or -1 and in
 * *ret_problem why not ("No such file or directory", "it is a folder"). What is no regular file (a pipe, a
 * device) is refused without waiting for it: it may never end, or never begin. */
int file_open_regular(const char *path, const char **ret_problem);
/* 0, or -1 and errno; a part may have been written then. */
int file_write_all(int fd, const char *bytes, size_t size);
/* As rename(2), but what stands at to is never replaced: -1 and EEXIST. After 0 the file stands at to; where
 * it could only be linked, its old name may have stayed. */
int file_rename_new(const char *from, const char *to);
/* A file that appears whole or not at all: "<path>.<random>.tmp" (mode 0600, never through a link) is
 * written, synced and renamed to path, and the folder synced where that can be done. What stands at path is
 * not replaced: commit then fails with ERR_BUSY.
 *
 *     whole_file_begin(&file, path, &err); whole_file_write(&file, bytes, size, &err);
 *     whole_file_commit(&file, &err);                // or whole_file_abort(&file)
 *
 * After a failure, and after commit or abort, nothing is left of the temporary file. */
struct whole_file {
    int fd; /* -1: not open */
    char *path;
    char *temporary;
};

#define WHOLE_FILE_INIT                                                                                      \
    {                                                                                                        \
        .fd = -1                                                                                             \
    }

int whole_file_begin(struct whole_file *file, const char *path, struct error *err);
int whole_file_write(struct whole_file *file, const void *bytes, size_t size, struct error *err);
int whole_file_commit(struct whole_file *file, struct error *err);
void whole_file_abort(struct whole_file *file);

#endif
