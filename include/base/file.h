/* Files that only their owner may read, written so that a crash leaves the old or the new one whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/error.h"

/* Makes the folder and those above it; its mode becomes 0700. Refuses a symbolic link and a folder of
 * another owner (ERR_IO). */
int folder_make_private(const char *path, struct error *err);
/* From the descriptor's beginning to its end. ERR_IO; ERR_LIMIT when it holds more than the buffer may. */
int file_read_fd(int fd, const char *name, struct buf *out, struct error *err);
/* Opens without following a link at the end of the path, and reads all. */
int file_read(const char *path, struct buf *out, struct error *err);
/* Writes "<path>.tmp" (mode 0600, never through a link), syncs it, renames it to path, syncs the folder. */
int file_write_whole(const char *path, const void *bytes, size_t size, struct error *err);

#endif
