#include "report/inline_file.h"

#include <string.h>

#include "base/text.h"

const char *inline_data(const char *uri, const char **ret_type, size_t *ret_type_size)
{
    static const char mark[] = ";base64";
    const char *type = uri + strlen("data:");
    const char *comma = strchr(type, ',');
    size_t head = comma ? (size_t)(comma - type) : 0;
    *ret_type = type;
    *ret_type_size = strcspn(type, ";,");
    if (head < sizeof mark - 1 || !text_starts_nocase(comma - (sizeof mark - 1), mark))
        return NULL;
    return comma + 1;
}

bool inline_type_valid(const char *type, size_t size)
{
    size_t slashes = 0;
    for (size_t i = 0; i < size; i++) {
        bool inner = i > 0 && i + 1 < size;
        if (type[i] == '/' && inner)
            slashes++;
        else if (!ascii_alnum(type[i]) && !(inner && strchr("!#$&-^_.+", type[i])))
            return false;
    }
    return slashes == 1 && size <= 255;
}

struct base64_scan {
    const char *at;
    size_t letters;
    size_t padding;
    bool tidy; /* as servers take it, so far */
};

/* The next character that is no white space, as RFC 4648 section 4 spells it; 0 at the end, -1 for one that
 * does not belong there. */
static int next_character(struct base64_scan *s)
{
    static const struct {
        const char *code;
        char c;
    } codes[] = {{"%2B", '+'}, {"%2F", '/'}, {"%3D", '='}, {"%0A", '\n'}, {"%0D", '\n'}, {"%20", ' '}};
    for (;;) {
        char c = *s->at;
        if (ascii_alnum(c) || c == '+' || c == '/' || c == '=' || c == '\0') {
            s->at += c != '\0';
            return c;
        }
        s->tidy = false;
        s->at++;
        if (c == '-' || c == '_')
            return c == '-' ? '+' : '/';
        if (ascii_space(c))
            continue;
        size_t i = 0;
        while (i < sizeof codes / sizeof codes[0] && !text_starts_nocase(s->at - 1, codes[i].code))
            i++;
        if (i == sizeof codes / sizeof codes[0])
            return -1;
        s->at += 2;
        if (!ascii_space(codes[i].c))
            return codes[i].c;
    }
}

/* Padding is whole or left out altogether, and stands at the end. */
static bool scan(struct base64_scan *s)
{
    int c;
    while ((c = next_character(s)) > 0) {
        if (c == '=')
            s->padding++;
        else if (s->padding)
            return false;
        else
            s->letters++;
    }
    size_t due = (4 - s->letters % 4) % 4;
    s->tidy &= s->padding == due;
    return c == 0 && s->letters && due < 3 && (s->padding == due || s->padding == 0);
}

const char *inline_base64(struct arena *arena, const char *text)
{
    struct base64_scan s = {.at = text, .tidy = true};
    if (!scan(&s))
        return NULL;
    if (s.tidy)
        return text;
    size_t due = (4 - s.letters % 4) % 4;
    char *out = arena_take(arena, s.letters + due + 1);
    struct base64_scan again = {.at = text};
    for (size_t i = 0; i < s.letters; i++)
        out[i] = (char)next_character(&again);
    memset(out + s.letters, '=', due);
    out[s.letters + due] = '\0';
    return out;
}
