/* The bytes of one report, read once from a file or pipe, with the first ones to look at beforehand.
 *
 *     report_input_open(&in, path, &err);      // "-" is standard input
 *     report_input_peek(&in, &size, &err);     // what can be seen without consuming
 *     while ((n = report_input_read(&in, room, size, &err)) > 0) ...
 *     report_input_close(&in);
 *
 * Every byte read goes into a hash (report/file_hash.h), so that a report without an id of its own can
 * be recognised without reading it twice. Who needs no identity saves that time.
 */
#ifndef REPORT_INPUT_H
#define REPORT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/hash.h"

#define REPORT_PEEK_BYTES 4096

struct report_input {
    int fd;
    bool owns_fd;
    char *name; /* as the user named it, "-" for standard input */
    char peeked[REPORT_PEEK_BYTES];
    size_t peeked_size;
    size_t peeked_used;
    int64_t offset;             /* bytes handed out so far */
    struct file_hasher *hasher; /* NULL: nobody asks for the hash */
};

#define REPORT_INPUT_INIT                                                                                    \
    {                                                                                                        \
        .fd = -1                                                                                             \
    }

/* Errors: ERR_IO ("cannot open 'x': no such file or directory"), also for a folder. After an error the
 * input is in the empty state. */
int report_input_open(struct report_input *in, const char *path, struct error *err);
/* Reads from an open descriptor, which stays the caller's. */
void report_input_from_fd(struct report_input *in, int fd, const char *name);
void report_input_close(struct report_input *in); /* back to the empty state */
/* The name for messages: "standard input" instead of "-". */
const char *report_input_label(const struct report_input *in);
/* Up to REPORT_PEEK_BYTES from the beginning; blocks until that many are there or the input ends. Only
 * before the first read; may be called again. Returns NULL with *err set when reading fails. */
const char *report_input_peek(struct report_input *in, size_t *ret_size, struct error *err);
/* Returns the number of bytes (as many as one read gives, not always size), 0 at the end, or a negative
 * code. */
ssize_t report_input_read(struct report_input *in, void *room, size_t size, struct error *err);
/* Before the first read: the hash will not be asked for. */
void report_input_skip_hash(struct report_input *in);
/* The hash of all bytes handed out so far; call at the end. Zeros after report_input_skip_hash. */
struct hash128 report_input_hash(const struct report_input *in);

#endif
