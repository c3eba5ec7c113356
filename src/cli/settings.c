/* Weighing the sources: flag > QTEST_* > configuration file > CI > default. */
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/config_file.h"
#include "cli/options.h"

struct weighing {
    struct settings *settings;
    const struct option_values *flags;
    struct option_values file;
    env_lookup lookup;
    void *lookup_self;
    struct error *err;
};

static const char *from_environment(const struct weighing *w, const struct option *option)
{
    if (option->rules & OPTION_NOT_IN_ENV)
        return NULL;
    _cleanup_free_ char *variable = option_variable(option);
    const char *value = w->lookup(w->lookup_self, variable);
    return text_empty(value) ? NULL : value;
}

static const char *from_ci(const struct weighing *w, const struct option *option)
{
    const struct ci_facts *ci = &w->settings->ci;
    switch (option->ci) {
    case CI_BUILD_URL:
        return ci->build_url;
    case CI_BUILD_NUMBER:
        return ci->build_number;
    case CI_MATRIX_CELL:
        return ci->matrix_cell;
    case CI_NOTHING:
        break;
    }
    return NULL;
}

static int settle_row(struct weighing *w, size_t row)
{
    const struct option *option = &option_table[row];
    enum setting_source source = SOURCE_FLAG;
    const char *text = w->flags->values[row];
    if (!text) {
        source = SOURCE_ENV;
        text = from_environment(w, option);
    }
    if (!text) {
        source = SOURCE_FILE;
        text = w->file.values[row];
    }
    if (!text) {
        source = SOURCE_CI;
        text = from_ci(w, option);
    }
    if (!text) {
        source = SOURCE_DEFAULT;
        text = option->fallback;
    }
    w->settings->sources[row] = (uint8_t)source;
    if (!text)
        return 0;
    _cleanup_free_ char *where = settings_place(w->settings, option->name);
    int result = option_convert(option, text, source, where, w->settings, w->err);
    if (result == 0 || source != SOURCE_CI)
        return result;
    /* Nobody typed it: what is wrong with it must not cost the upload. */
    error_release(w->err);
    w->settings->sources[row] = SOURCE_DEFAULT;
    return 0;
}

/* The file's name comes first: the flag, the variable, or the one in the working folder if it is there. */
static int read_config(struct weighing *w)
{
    struct settings *s = w->settings;
    int row = option_find("config");
    int result = settle_row(w, (size_t)row);
    if (result < 0)
        return result;
    if (!s->config) {
        if (access(CONFIG_DEFAULT_NAME, F_OK) != 0)
            return 0;
        s->config = xstrdup(CONFIG_DEFAULT_NAME);
        s->config_is_default = true;
    }
    return config_read(s->config, !s->config_is_default, &w->file, w->err);
}

static int settle_all(struct weighing *w)
{
    size_t config_row = (size_t)option_find("config");
    for (size_t row = 0; row < option_count; row++) {
        int result = row == config_row ? 0 : settle_row(w, row);
        if (result < 0)
            return result;
    }
    return 0;
}

/* Of two ways to give the token, one from a stronger source silences the other; two from the same are a
 * mistake. */
static int check_together(struct settings *s, struct error *err)
{
    if (s->token_stdin && s->token_file && s->sources[option_find("token-file")] == SOURCE_FLAG)
        return error_set(err, ERR_USAGE, "both --token-stdin and --token-file are given; keep one");
    if (s->client_cert && !s->client_key)
        return error_set(err, ERR_USAGE,
                         "--client-cert is given without --client-key; name the file of the key too");
    if (s->client_key && !s->client_cert)
        return error_set(err, ERR_USAGE,
                         "--client-key is given without --client-cert; name the certificate too");
    if (s->status_words.passed && (text_equal_nocase(s->status_words.passed, s->status_words.failed) ||
                                   text_equal_nocase(s->status_words.passed, s->status_words.skipped)))
        return error_set(err, ERR_USAGE,
                         "--status-words has the same word for passed as for failed or skipped; "
                         "take three different ones");
    if (s->cycle && s->job)
        return error_set(err, ERR_USAGE,
                         "both --cycle and --job are given; keep one: --cycle takes an existing "
                         "cycle whatever its name, --job names it");
    return 0;
}

/* NO_COLOR (no-color.org) counts when nothing stronger than the default speaks. */
static void heed_no_color(struct weighing *w)
{
    size_t row = (size_t)option_find("color");
    const char *no_color = w->lookup(w->lookup_self, "NO_COLOR");
    if (w->settings->sources[row] == SOURCE_DEFAULT && !text_empty(no_color))
        w->settings->color = COLOR_NEVER;
}

/* The XDG base directory rules: state that should persist, but is no data of the user's. */
static void default_state_dir(struct weighing *w)
{
    struct settings *settings = w->settings;
    const char *state_home = w->lookup(w->lookup_self, "XDG_STATE_HOME");
    const char *home = w->lookup(w->lookup_self, "HOME");
    if (settings->state_dir)
        return;
    if (state_home && *state_home == '/')
        settings->state_dir = xasprintf("%s/qtest-sync", state_home);
    else if (home && *home == '/')
        settings->state_dir = xasprintf("%s/.local/state/qtest-sync", home);
}

int settings_resolve(struct settings *settings, const struct option_values *flags, env_lookup lookup,
                     void *lookup_self, struct error *err)
{
    *settings = (struct settings)SETTINGS_INIT;
    settings->sources = xcalloc(option_count, sizeof *settings->sources);
    ci_detect(&settings->ci, lookup, lookup_self);
    struct weighing w = {
        .settings = settings, .flags = flags, .lookup = lookup, .lookup_self = lookup_self, .err = err};
    option_values_init(&w.file);
    int result = read_config(&w);
    if (result == 0)
        result = settle_all(&w);
    if (result == 0) {
        heed_no_color(&w);
        default_state_dir(&w);
        result = check_together(settings, err);
    }
    option_values_release(&w.file);
    return result;
}

char *settings_place(const struct settings *settings, const char *name)
{
    int row = option_find(name);
    switch ((enum setting_source)settings->sources[row]) {
    case SOURCE_FLAG:
        return xasprintf("--%s", name);
    case SOURCE_ENV:
        return option_variable(&option_table[row]);
    case SOURCE_FILE:
        return xasprintf("'%s' in '%s'", name, settings->config);
    case SOURCE_CI:
        return xasprintf("the CI variable for --%s", name);
    case SOURCE_DEFAULT:
        break;
    }
    return xasprintf("the default of --%s", name);
}

static void release_secret(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void settings_release(struct settings *s)
{
    for (size_t row = 0; row < option_count; row++) {
        const struct option *option = &option_table[row];
        char **field = (char **)((char *)s + option->offset);
        switch (option->kind) {
        case OPTION_SECRET:
            release_secret(*field);
            break;
        case OPTION_TEXT:
        case OPTION_TEMPLATE:
        case OPTION_FILE:
        case OPTION_SITE:
        case OPTION_PROXY:
        case OPTION_LINK:
        case OPTION_ZONE:
            free(*field);
            break;
        case OPTION_WORDS:
            free(s->status_words.passed);
            free(s->status_words.failed);
            free(s->status_words.skipped);
            break;
        case OPTION_FLAG:
        case OPTION_COUNT:
        case OPTION_NUMBER:
        case OPTION_BYTES:
        case OPTION_DURATION:
        case OPTION_CHOICE:
            break;
        }
    }
    ci_facts_release(&s->ci);
    free(s->sources);
    *s = (struct settings)SETTINGS_INIT;
}

bool settings_use_color(const struct settings *settings, int fd)
{
    if (settings->color == COLOR_AUTO)
        return isatty(fd) == 1;
    return settings->color == COLOR_ALWAYS;
}
