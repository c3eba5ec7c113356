#include "report/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/file_hash.h"

static int refuse(struct report_input *in, const char *path, const char *why, struct error *err)
{
    report_input_close(in);
    return error_set(err, ERR_IO, "cannot open '%s': %s", path, why);
}

int report_input_open(struct report_input *in, const char *path, struct error *err)
{
    *in = (struct report_input)REPORT_INPUT_INIT;
    if (text_equal(path, "-")) {
        report_input_from_fd(in, STDIN_FILENO, path);
        return 0;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return refuse(in, path, strerror(errno), err);
    report_input_from_fd(in, fd, path);
    in->owns_fd = true;
    struct stat status;
    if (fstat(fd, &status) != 0)
        return refuse(in, path, strerror(errno), err);
    if (S_ISDIR(status.st_mode))
        return refuse(in, path, "it is a folder, not a report", err);
    return 0;
}

void report_input_from_fd(struct report_input *in, int fd, const char *name)
{
    *in = (struct report_input){.fd = fd, .name = xstrdup(name)};
    in->hasher = xmalloc(sizeof *in->hasher);
    file_hasher_init(in->hasher);
}

void report_input_skip_hash(struct report_input *in)
{
    free(TAKE(in->hasher));
}

void report_input_close(struct report_input *in)
{
    if (in->owns_fd)
        close(in->fd);
    free(in->name);
    free(in->hasher);
    *in = (struct report_input)REPORT_INPUT_INIT;
}

const char *report_input_label(const struct report_input *in)
{
    return text_equal(in->name, "-") ? "standard input" : in->name;
}

static ssize_t read_some(struct report_input *in, void *room, size_t size, struct error *err)
{
    ssize_t got;
    do
        got = read(in->fd, room, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set(err, ERR_IO, "cannot read '%s': %s", report_input_label(in), strerror(errno));
    return got;
}

const char *report_input_peek(struct report_input *in, size_t *ret_size, struct error *err)
{
    while (in->peeked_size < REPORT_PEEK_BYTES) {
        ssize_t got = read_some(in, in->peeked + in->peeked_size, REPORT_PEEK_BYTES - in->peeked_size, err);
        if (got < 0)
            return NULL;
        if (got == 0)
            break;
        in->peeked_size += (size_t)got;
    }
    *ret_size = in->peeked_size;
    return in->peeked;
}

ssize_t report_input_read(struct report_input *in, void *room, size_t size, struct error *err)
{
    size_t held = in->peeked_size - in->peeked_used;
    ssize_t got;
    if (held) {
        got = (ssize_t)(held < size ? held : size);
        memcpy(room, in->peeked + in->peeked_used, (size_t)got);
        in->peeked_used += (size_t)got;
    } else {
        got = read_some(in, room, size, err);
    }
    if (got > 0) {
        in->offset += got;
        if (in->hasher)
            file_hasher_add(in->hasher, room, (size_t)got);
    }
    return got;
}

struct hash128 report_input_hash(const struct report_input *in)
{
    return in->hasher ? file_hasher_done(in->hasher) : (struct hash128){{0}};
}
