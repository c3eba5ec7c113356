/* From text to a field of the settings and back, one function a kind. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"
#include "base/zone.h"
#include "cli/site_url.h"
#include "sync/content_template.h"

#define SHOWN_MAX_BYTES 60

/* Everything a conversion needs to know and to complain. */
struct conversion {
    const struct option *option;
    const char *text;
    enum setting_source source;
    const char *where;
    void *field;
    struct error *err;
};

static int convert_flag(const struct conversion *c)
{
    static const char *const on[] = {"on", "true", "yes", "1"};
    static const char *const off[] = {"off", "false", "no", "0"};
    bool *field = c->field;
    for (size_t i = 0; i < ARRAY_SIZE(on); i++) {
        if (text_equal_nocase(c->text, on[i]) || text_equal_nocase(c->text, off[i])) {
            *field = text_equal_nocase(c->text, on[i]);
            return 0;
        }
    }
    return error_set(c->err, ERR_USAGE, "the value '%s' of %s is neither on nor off; write one of them",
                     c->text, c->where);
}

static void set_text(void *field, const char *text)
{
    char **place = field;
    char *old = *place;
    *place = xstrdup(text);
    free(old);
}

static bool is_blank(const char *text)
{
    while (ascii_space(*text))
        text++;
    return *text == '\0';
}

static int convert_text(const struct conversion *c)
{
    if (is_blank(c->text))
        return error_set(c->err, ERR_USAGE, "the value of %s is empty; give one, or leave it out", c->where);
    _cleanup_free_ char *printable = text_printable(c->text);
    if (!text_equal(printable, c->text))
        return error_set(
            c->err, ERR_USAGE,
            "the value '%s' of %s holds control characters or bytes that are not UTF-8; take them out",
            c->text, c->where);
    if (c->option->high && strlen(c->text) > (size_t)c->option->high)
        return error_set(c->err, ERR_USAGE, "the value of %s has more than %lld bytes; give a shorter one",
                         c->where, (long long)c->option->high);
    set_text(c->field, c->text);
    return 0;
}

static int convert_template(const struct conversion *c)
{
    int result = convert_text(c);
    return result < 0 ? result : content_template_check(c->text, c->where, c->err);
}

/* Paths are bytes, not text: no demand on their encoding. */
static int convert_file(const struct conversion *c)
{
    if (text_empty(c->text))
        return error_set(c->err, ERR_USAGE, "the value of %s is empty; name a file, or leave it out",
                         c->where);
    set_text(c->field, c->text);
    return 0;
}

static int convert_site(const struct conversion *c)
{
    _cleanup_free_ char *url = NULL;
    int result = site_url_check(c->text, c->where, &url, c->err);
    if (result == 0)
        set_text(c->field, url);
    return result;
}

static int convert_proxy(const struct conversion *c)
{
    _cleanup_free_ char *url = NULL;
    bool has_password = false;
    int result = proxy_url_check(c->text, c->where, &url, &has_password, c->err);
    if (result < 0)
        return result;
    if (has_password && c->source == SOURCE_FLAG)
        return error_set(c->err, ERR_USAGE,
                         "%s holds a password, which others can read on the command line; set QTEST_PROXY",
                         c->where);
    set_text(c->field, url);
    return 0;
}

/* It is shown and sent, so user and password go: CI systems put them into the addresses of their builds. */
static int convert_link(const struct conversion *c)
{
    _cleanup_free_ char *link = xstrdup(c->text);
    url_cut_user(link);
    if (!text_starts_nocase(link, "https://") && !text_starts_nocase(link, "http://"))
        return error_set(c->err, ERR_USAGE, "the value '%s' of %s is no link; begin it with https://", link,
                         c->where);
    struct conversion without_user = *c;
    without_user.text = link;
    return convert_text(&without_user);
}

struct unit {
    const char *suffix;
    int64_t factor;
};

/* digits and one of the units; suffix "" must be the last one. */
static bool parse_with_unit(const char *text, const struct unit *units, const struct option *option,
                            int64_t *ret)
{
    size_t digits = strspn(text, "0123456789");
    for (const struct unit *unit = units;; unit++) {
        if (text_equal_nocase(text + digits, unit->suffix)) {
            _cleanup_free_ char *number = xstrndup(text, digits);
            int64_t value;
            if (!text_to_int64(number, 0, INT64_MAX / unit->factor, &value))
                return false;
            value *= unit->factor;
            if (value < option->low || value > option->high)
                return false;
            *ret = value;
            return true;
        }
        if (!*unit->suffix)
            return false;
    }
}

static const struct unit byte_units[] = {{"K", 1024}, {"M", 1024 * 1024}, {"G", 1024 * 1024 * 1024}, {"", 1}};
static const struct unit time_units[] = {{"ms", 1},      {"s", 1000},     {"m", 60000},
                                         {"h", 3600000}, {"d", 86400000}, {"", 1000}};

static char *show_with_unit(int64_t value, const struct unit *units, size_t count)
{
    const struct unit *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (*units[i].suffix && value % units[i].factor == 0 && (!best || units[i].factor > best->factor))
            best = &units[i];
    if (!best || value == 0)
        return xasprintf("%lld", (long long)value);
    return xasprintf("%lld%s", (long long)(value / best->factor), best->suffix);
}

static int convert_number(const struct conversion *c)
{
    const struct option *option = c->option;
    int64_t *field = c->field;
    if (option->kind == OPTION_BYTES) {
        if (parse_with_unit(c->text, byte_units, option, field))
            return 0;
        _cleanup_free_ char *low = show_with_unit(option->low, byte_units, ARRAY_SIZE(byte_units));
        _cleanup_free_ char *high = show_with_unit(option->high, byte_units, ARRAY_SIZE(byte_units));
        return error_set(c->err, ERR_USAGE, "the value '%s' of %s is no size from %s to %s; write it like 8M",
                         c->text, c->where, low, high);
    }
    if (option->kind == OPTION_DURATION) {
        if (parse_with_unit(c->text, time_units, option, field))
            return 0;
        _cleanup_free_ char *low = show_with_unit(option->low, time_units, ARRAY_SIZE(time_units));
        _cleanup_free_ char *high = show_with_unit(option->high, time_units, ARRAY_SIZE(time_units));
        return error_set(c->err, ERR_USAGE,
                         "the value '%s' of %s is no time from %s to %s; write it like 90s or 10m", c->text,
                         c->where, low, high);
    }
    if (text_to_int64(c->text, option->low, option->high, field))
        return 0;
    return error_set(c->err, ERR_USAGE, "the value '%s' of %s is no whole number from %lld to %lld; give one",
                     c->text, c->where, (long long)option->low, (long long)option->high);
}

/* -v may be said more often than there are levels. */
static int convert_count(const struct conversion *c)
{
    int64_t *field = c->field;
    int64_t count;
    if (!text_to_int64(c->text, 0, 1000, &count))
        return convert_number(c);
    *field = count < c->option->high ? count : c->option->high;
    return 0;
}

static int convert_choice(const struct conversion *c)
{
    int *field = c->field;
    for (int k = 0;; k++) {
        _cleanup_free_ char *word = option_choice(c->option, k);
        if (!word)
            break;
        if (text_equal_nocase(word, c->text)) {
            *field = k;
            return 0;
        }
    }
    const char *hint = c->option->hint;
    return error_set(c->err, ERR_USAGE, "the value '%s' of %s is unknown; choose one of %s%s%s", c->text,
                     c->where, c->option->choices, hint ? ": " : "", hint ? hint : "");
}

static void status_words_release(struct status_words *words)
{
    free(words->passed);
    free(words->failed);
    free(words->skipped);
    *words = (struct status_words){0};
}

static int convert_words(const struct conversion *c)
{
    const char *first = strchr(c->text, ',');
    const char *second = first ? strchr(first + 1, ',') : NULL;
    if (!second || first == c->text || second == first + 1 || !second[1] || strchr(second + 1, ','))
        return error_set(
            c->err, ERR_USAGE,
            "the value '%s' of %s is not three words with commas between; write it like PASS,FAIL,SKIP",
            c->text, c->where);
    struct status_words *words = c->field;
    status_words_release(words);
    words->passed = xstrndup(c->text, (size_t)(first - c->text));
    words->failed = xstrndup(first + 1, (size_t)(second - first - 1));
    words->skipped = xstrdup(second + 1);
    return 0;
}

static int convert_zone(const struct conversion *c)
{
    struct zone zone;
    if (zone_parse(c->text, &zone)) {
        set_text(c->field, c->text);
        return 0;
    }
    _cleanup_free_ char *shown = text_excerpt(c->text, SHOWN_MAX_BYTES);
    return error_set(
        c->err, ERR_USAGE,
        "the value '%s' of %s is no time zone; write UTC, local (this machine's), an offset such as "
        "+02:00, or a name such as Europe/Berlin that is in '%s' (package tzdata)",
        shown, c->where, zone_folder());
}

int option_convert(const struct option *option, const char *text, enum setting_source source,
                   const char *where, struct settings *settings, struct error *err)
{
    static int (*const converters[])(const struct conversion *) = {
        [OPTION_FLAG] = convert_flag,       [OPTION_COUNT] = convert_count,
        [OPTION_TEXT] = convert_text,       [OPTION_FILE] = convert_file,
        [OPTION_SITE] = convert_site,       [OPTION_PROXY] = convert_proxy,
        [OPTION_LINK] = convert_link,       [OPTION_SECRET] = convert_file,
        [OPTION_NUMBER] = convert_number,   [OPTION_BYTES] = convert_number,
        [OPTION_DURATION] = convert_number, [OPTION_CHOICE] = convert_choice,
        [OPTION_WORDS] = convert_words,     [OPTION_TEMPLATE] = convert_template,
        [OPTION_ZONE] = convert_zone,
    };
    struct conversion c = {.option = option,
                           .text = text,
                           .source = source,
                           .where = where,
                           .field = (char *)settings + option->offset,
                           .err = err};
    return converters[option->kind](&c);
}

char *option_show(const struct option *option, const struct settings *settings)
{
    const void *field = (const char *)settings + option->offset;
    const char *text = NULL;
    const struct status_words *words = field;
    switch (option->kind) {
    case OPTION_FLAG:
        return xstrdup(*(const bool *)field ? "on" : "off");
    case OPTION_COUNT:
    case OPTION_NUMBER:
        return xasprintf("%lld", (long long)*(const int64_t *)field);
    case OPTION_BYTES:
        return show_with_unit(*(const int64_t *)field, byte_units, ARRAY_SIZE(byte_units));
    case OPTION_DURATION:
        return show_with_unit(*(const int64_t *)field, time_units, ARRAY_SIZE(time_units));
    case OPTION_CHOICE:
        return option_choice(option, *(const int *)field);
    case OPTION_WORDS:
        return xasprintf("%s,%s,%s", words->passed, words->failed, words->skipped);
    case OPTION_SECRET:
        return *(char *const *)field ? xstrdup("(hidden)") : NULL;
    case OPTION_PROXY:
        text = *(char *const *)field;
        return text ? url_masked(text) : NULL;
    case OPTION_TEXT:
    case OPTION_TEMPLATE:
    case OPTION_FILE:
    case OPTION_SITE:
    case OPTION_LINK:
    case OPTION_ZONE:
        text = *(char *const *)field;
        return text ? text_printable(text) : NULL;
    }
    return NULL;
}
