#include "base/url.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

#define PORT_MAX_DIGITS 5

struct cutter {
    const char *host_ends;    /* what may follow user, host and port */
    const char *address_ends; /* what no address goes beyond */
    bool stars;               /* in their place, so that the length stays */
    /* Found once and used until passed, so that many addresses take no quadratic time. */
    char *next_at_sign; /* NULL: none any more */
    char *next_end;
};

static bool scheme_character(char c)
{
    return ascii_alnum(c) || c == '+' || c == '-' || c == '.';
}

/* The next "//". */
static char *next_slashes(char *text)
{
    char *slash = strchr(text, '/');
    while (slash && slash[1] != '/')
        slash = strchr(slash + 1, '/');
    return slash;
}

/* slashes: a "//" in text. */
static bool begins_host(const char *text, const char *slashes)
{
    if (slashes == text)
        return true;
    return slashes - text >= 2 && slashes[-1] == ':' && scheme_character(slashes[-2]);
}

static char *last_at_sign(char *begin, const char *end)
{
    return memrchr(begin, '@', (size_t)(end - begin));
}

/* "host:x": what stands there is no host, but a user and the beginning of a password. */
static bool has_bad_port(const char *host, const char *end)
{
    const char *bracket = *host == '[' ? memchr(host, ']', (size_t)(end - host)) : NULL;
    const char *from = bracket ? bracket : host;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    if (!colon)
        return false;
    size_t digits = strspn(colon + 1, "0123456789");
    return colon + 1 + digits != end || digits > PORT_MAX_DIGITS;
}

/* The "@" behind which the host begins; NULL: it begins at once. */
static char *user_end(struct cutter *c, char *host)
{
    char *end = host + strcspn(host, c->host_ends);
    char *at_sign = last_at_sign(host, end);
    if (at_sign || !has_bad_port(host, end))
        return at_sign;
    if (c->next_at_sign < end)
        c->next_at_sign = strchr(end, '@');
    if (c->next_end < end)
        c->next_end = end + strcspn(end, c->address_ends);
    if (!c->next_at_sign || c->next_at_sign > c->next_end)
        return NULL;
    char *first = c->next_at_sign;
    return last_at_sign(first, first + strcspn(first, c->host_ends));
}

static void cut(char *text, struct cutter *c)
{
    char *slashes = text ? next_slashes(text) : NULL;
    const char *from = text; /* not copied yet */
    char *to = text;
    c->next_at_sign = c->next_end = text;
    while (slashes && c->next_at_sign) {
        char *host = slashes + strspn(slashes, "/");
        char *at_sign = begins_host(text, slashes) ? user_end(c, host) : NULL;
        if (at_sign && c->stars) {
            memset(host, '*', (size_t)(at_sign - host));
        } else if (at_sign) {
            memmove(to, from, (size_t)(host - from));
            to += host - from;
            from = host = at_sign + 1;
        }
        slashes = next_slashes(host);
    }
    if (from != to)
        memmove(to, from, strlen(from) + 1);
}

void url_cut_user(char *url)
{
    struct cutter c = {.host_ends = "/?#\\", .address_ends = ""};
    cut(url, &c);
}

void text_cut_url_users(char *text)
{
    struct cutter c = {.host_ends = "/?#\\ \t\r\n\"'<>`", .address_ends = " \t\r\n"};
    cut(text, &c);
}

void text_star_url_users(char *text, bool json)
{
    struct cutter c = {
        .host_ends = "/?#\\ \t\r\n\"'<>`", .address_ends = json ? " \t\r\n\"" : " \t\r\n", .stars = true};
    cut(text, &c);
}
