/* The API token: from the environment, a file or standard input, never from the command line. */
#include "cli/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
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
    *ret_token = memchr(bytes, '\0', size) ? xstrdup("\001") : xstrndup(bytes, size);
    explicit_bzero(bytes, sizeof bytes);
    return 0;
}

/* What a shell, an editor or a secret store leaves behind it is no part of it. */
static void cut_blank_end(char *token)
{
    size_t size = strlen(token);
    while (size && ascii_space(token[size - 1]))
        token[--size] = '\0';
}

/* What qTest shows beside the token, and what is sent before it anyway. */
static bool has_bearer(const char *token)
{
    static const char word[] = "bearer";
    return text_starts_nocase(token, word) &&
           (ascii_space(token[sizeof word - 1]) || !token[sizeof word - 1]);
}

static int check_token(char *token, const char *place, struct error *err)
{
    cut_blank_end(token);
    if (!*token)
        return error_set(err, ERR_USAGE, "there is no token in %s; put qTest's API token there", place);
    if (has_bearer(token))
        return error_set(err, ERR_USAGE,
                         "what stands in %s begins with the word 'bearer'; leave that out and give the token "
                         "alone",
                         place);
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
    const char *problem;
    int fd = file_open_regular(s->token_file, &problem);
    if (fd < 0)
        return error_set(err, ERR_USAGE,
                         "cannot open the token file '%s': %s; check --token-file, or give the token to "
                         "--token-stdin",
                         s->token_file, problem);
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
