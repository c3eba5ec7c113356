#include "cli/show.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void paint(struct buf *out, bool color, enum paint how, const char *text)
{
    static const char *const starts[] = {"\033[1m", "\033[32m", "\033[31m", "\033[33m"};
    if (color)
        buf_puts(out, starts[how]);
    buf_puts(out, text);
    if (color)
        buf_puts(out, "\033[0m");
}

/* Whoever started us may have made the pipe non-blocking; a slow reader is no error for that. */
static bool wait_for_reader(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, -1) > 0 || errno == EINTR;
}

int stdout_write(const struct buf *text, struct error *err)
{
    for (size_t done = 0; done < text->length;) {
        ssize_t n = write(STDOUT_FILENO, text->bytes + done, text->length - done);
        if (n < 0 && (errno == EINTR || (errno == EAGAIN && wait_for_reader())))
            continue;
        if (n < 0)
            return error_set(err, ERR_INTERNAL, "cannot write the result to standard output: %s",
                             strerror(errno));
        done += (size_t)n;
    }
    return 0;
}
