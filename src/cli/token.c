/* The API token: from the environment, a file or standard input, never from the command line. */
#include "cli/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/options.h"

#define TOKEN_MAX_BYTES 4096

/* One read buffer, wiped afterwards: no copies of the token stay behind in freed memory. */
static int read_token(int fd, const char *place, char **ret_token, struct error *err)
{
    char bytes[TOKEN_MAX_BYTES + 1];
    size_t size = 0;
    for (;;) {
        ssize_t n = read(fd, bytes + size, sizeof bytes - size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, ERR_USAGE, "cannot read the token from %s: %s", place, strerror(errno));
        size += (size_t)n;
        if (n == 0 || size == sizeof bytes)
            break;
    }
    if (size > TOKEN_MAX_BYTES)
        return error_set(err, ERR_USAGE,
                         "what stands in %s is too long for a token; check that it is the right one", place);
    while (size && ascii_space(bytes[size - 1]))
        size--;
    *ret_token = memchr(bytes, '\0', size) ? xstrdup("\n") : xstrndup(bytes, size);
    explicit_bzero(bytes, sizeof bytes);
    return 0;
}

static int check_token(const char *token, const char *place, struct error *err)
{
    if (text_empty(token))
        return error_set(err, ERR_USAGE, "there is no token in %s; put qTest's API token there", place);
    for (const char *c = token; *c; c++)
        if (*c <= ' ' || *c > '~')
            return error_set(
                err, ERR_USAGE,
                "what stands in %s is no token: it holds blanks, line ends or other characters that a "
                "token has not",
                place);
    return 0;
}

static int load_from_file(struct settings *s, struct error *err)
{
    int fd = open(s->token_file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, ERR_USAGE, "cannot open the token file '%s': %s", s->token_file,
                         strerror(errno));
    _cleanup_free_ char *place = xasprintf("'%s'", s->token_file);
    int result = read_token(fd, place, &s->token, err);
    close(fd);
    return result < 0 ? result : check_token(s->token, place, err);
}

static void forget_token(struct settings *s)
{
    if (s->token)
        explicit_bzero(s->token, strlen(s->token));
    free(s->token);
    s->token = NULL;
}

static int load_token(struct settings *s, struct error *err)
{
    bool file_is_flag = s->sources[option_find("token-file")] == SOURCE_FLAG;
    if (s->token_stdin || (s->token_file && file_is_flag))
        forget_token(s); /* a flag is stronger than QTEST_TOKEN */
    if (s->token)
        return check_token(s->token, "QTEST_TOKEN", err);
    if (s->token_stdin) {
        int result = read_token(STDIN_FILENO, "standard input", &s->token, err);
        return result < 0 ? result : check_token(s->token, "standard input", err);
    }
    if (s->token_file)
        return load_from_file(s, err);
    return error_set(err, ERR_USAGE, "no API token; set QTEST_TOKEN, or give --token-file or --token-stdin");
}

int settings_need_site(struct settings *settings, struct error *err)
{
    if (!settings->url)
        return error_set(err, ERR_USAGE,
                         "no qTest site; give --url or set QTEST_URL, such as https://shop.qtestnet.com");
    return load_token(settings, err);
}
