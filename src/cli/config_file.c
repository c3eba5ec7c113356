#include "cli/config_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

static void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int read_whole(const char *path, struct buf *ret, struct error *err)
{
    const char *problem;
    _cleanup_(fd_close) int fd = file_open_regular(path, &problem);
    if (fd < 0)
        return error_set(
            err, ERR_USAGE,
            "cannot open the configuration file '%s': %s; mend that, or name another with --config", path,
            problem);
    for (;;) {
        char *room = buf_reserve(ret, 64 * 1024);
        if (!room)
            return error_set(
                err, ERR_USAGE,
                "the configuration file '%s' is larger than 1 MiB; mend it, or name another with --config",
                path);
        ssize_t n = read(fd, room, 64 * 1024);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(
                err, ERR_USAGE,
                "cannot read the configuration file '%s': %s; mend it, or name another with --config", path,
                strerror(errno));
        if (n == 0)
            return 0;
        buf_advance(ret, (size_t)n);
    }
}

/* Every kind of value is text first; converting it comes later, when it is known that it wins. */
static char *value_as_text(const cJSON *item)
{
    int64_t number;
    if (cJSON_IsString(item))
        return xstrdup(item->valuestring);
    if (cJSON_IsBool(item))
        return xstrdup(cJSON_IsTrue(item) ? "on" : "off");
    if (cJSON_IsNumber(item) && json_value_int64(item, &number))
        return xasprintf("%lld", (long long)number);
    return NULL;
}

static int refuse_unknown(const char *key, const char *path, struct error *err)
{
    const char *nearest = option_nearest(key, 0);
    if (nearest)
        return error_set(err, ERR_USAGE, "unknown key '%s' in '%s': did you mean '%s'?", key, path, nearest);
    return error_set(err, ERR_USAGE, "unknown key '%s' in '%s'; 'qtest-sync --help' lists the names", key,
                     path);
}

static int take_member(const cJSON *item, const char *path, bool trusted, struct option_values *values,
                       struct error *err)
{
    const char *key = item->string;
    int row = option_find(key);
    if (row < 0)
        return refuse_unknown(key, path, err);
    const struct option *option = &option_table[row];
    if (option->kind == OPTION_SECRET)
        return error_set(
            err, ERR_USAGE,
            "'%s' may not stand in '%s', since files are shared; set QTEST_TOKEN or 'token-file'", key, path);
    if (option->rules & OPTION_NOT_IN_FILE)
        return error_set(err, ERR_USAGE, "'%s' has no meaning in the configuration file '%s'; take it out",
                         key, path);
    if (!trusted && (option->rules & OPTION_TRUSTED_ONLY)) {
        _cleanup_free_ char *variable = option_variable(option);
        return error_set(
            err, ERR_USAGE,
            "'%s' may not be set by '%s', since anyone who can change the workspace could; use --%s, %s, "
            "or name the file with --config",
            key, path, key, variable);
    }
    _cleanup_free_ char *text = value_as_text(item);
    if (!text)
        return error_set(err, ERR_USAGE,
                         "'%s' in '%s' is no text, whole number, true or false; write one of them", key,
                         path);
    if (values->values[row])
        return error_set(err, ERR_USAGE, "'%s' stands twice in '%s'; keep one", key, path);
    option_values_set(values, row, text);
    return 0;
}

int config_parse(const char *text, size_t size, const char *path, bool trusted, struct option_values *values,
                 struct error *err)
{
    _cleanup_(json_delete) cJSON *root = json_parse(text, size);
    if (!cJSON_IsObject(root))
        return error_set(
            err, ERR_USAGE,
            "the configuration file '%s' is no JSON object; write it like {\"job\": \"Nightly\"}", path);
    for (const cJSON *item = root->child; item; item = item->next) {
        int result = take_member(item, path, trusted, values, err);
        if (result < 0)
            return result;
    }
    return 0;
}

int config_read(const char *path, bool trusted, struct option_values *values, struct error *err)
{
    _cleanup_(buf_release) struct buf text = BUF_INIT(CONFIG_MAX_BYTES);
    int result = read_whole(path, &text, err);
    return result < 0 ? result : config_parse(buf_text(&text), text.length, path, trusted, values, err);
}
