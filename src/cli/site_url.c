#include "cli/site_url.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

static void curl_text_free(char **text)
{
    curl_free(*text);
}
static void curl_url_free(CURLU **url)
{
    curl_url_cleanup(*url);
}
#define _cleanup_curl_ _cleanup_(curl_text_free)

static char *part(CURLU *url, CURLUPart what)
{
    char *text = NULL;
    return curl_url_get(url, what, &text, 0) == CURLUE_OK ? text : NULL;
}

/* Names and addresses that never leave this machine. */
static bool is_loopback(const char *host)
{
    if (text_equal_nocase(host, "localhost") || text_equal(host, "[::1]"))
        return true;
    int64_t octet;
    const char *at = host;
    for (int i = 0; i < 4; i++) {
        size_t digits = strspn(at, "0123456789");
        _cleanup_free_ char *number = xstrndup(at, digits);
        if (!text_to_int64(number, 0, 255, &octet) || (i == 0 && octet != 127) ||
            at[digits] != (i < 3 ? '.' : '\0'))
            return false;
        at += digits + 1;
    }
    return true;
}

/* "/p/12" or "/api/v3": a folder of this name with a number in it. */
static bool is_numbered(const char *path, const char *folder, const char *before_number)
{
    const char *number = path + strlen(folder) + strlen(before_number);
    return text_starts(path, folder) && text_starts(path + strlen(folder), before_number) &&
           ascii_digit(*number);
}

/* Addresses of pages are what people copy from the browser. Returns how much of the path stands before the
 * page's own, where a site behind a proxy has its prefix; all of it when there is no page. */
static size_t before_page(const char *path)
{
    if (text_starts(path, "/p/") || text_starts(path, "/api/"))
        return 0;
    const char *at = path;
    while (*at && !text_starts(at, "/portal") && !is_numbered(at, "/p/", "") &&
           !is_numbered(at, "/api/", "v"))
        at++;
    return (size_t)(at - path);
}

/* Past "https://"; the text itself when none stands there. */
static const char *after_scheme(const char *url)
{
    const char *end = url;
    while (ascii_alnum(*end) || (*end && strchr("+-.", *end)))
        end++;
    return end > url && text_starts(end, "://") ? end + strlen("://") : url;
}

/* One text for one site, since kept results and journals are found by it: scheme and host in lower case, the
 * port only where it is not the usual one, no slash at the end. length: of the path that counts. */
static char *site_text(CURLU *url, const char *scheme, const char *host, const char *path, size_t length)
{
    _cleanup_curl_ char *port = NULL;
    while (length && path[length - 1] == '/')
        length--;
    if (curl_url_get(url, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT) != CURLUE_OK)
        port = NULL;
    char *text =
        xasprintf("%s://%s%s%s%.*s", scheme, host, port ? ":" : "", port ? port : "", (int)length, path);
    for (char *at = text; at < text + strlen(scheme) + strlen("://") + strlen(host); at++)
        *at = ascii_lower(*at);
    return text;
}

/* libcurl takes one slash, or three, for two. */
static bool has_host(const char *text)
{
    const char *host = after_scheme(text);
    return host > text && *host != '/';
}

int site_url_check(const char *text, const char *where, char **ret_url, struct error *err)
{
    _cleanup_free_ char *shown = url_masked(text);
    _cleanup_(curl_url_free) CURLU *url = curl_url();
    if (!url || strpbrk(text, " \t\r\n") || !has_host(text) ||
        curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
        return error_set(err, ERR_USAGE,
                         "the value '%s' of %s is no URL; write it like https://shop.qtestnet.com", shown,
                         where);
    _cleanup_curl_ char *scheme = part(url, CURLUPART_SCHEME);
    _cleanup_curl_ char *host = part(url, CURLUPART_HOST);
    _cleanup_curl_ char *user = part(url, CURLUPART_USER);
    _cleanup_curl_ char *path = part(url, CURLUPART_PATH);
    if (user)
        return error_set(err, ERR_USAGE,
                         "%s holds a user name; leave it out and give the API token in QTEST_TOKEN", where);
    bool secure = text_equal(scheme, "https");
    if (!secure && !text_equal(scheme, "http"))
        return error_set(err, ERR_USAGE,
                         "the value '%s' of %s is no https URL; write it like https://shop.qtestnet.com",
                         shown, where);
    if (!secure && !is_loopback(host))
        return error_set(err, ERR_USAGE,
                         "the value '%s' of %s would send the token unencrypted; use https (plain http is "
                         "for this machine only)",
                         shown, where);
    size_t length = before_page(path);
    _cleanup_free_ char *site = site_text(url, scheme, host, path, length);
    if (strpbrk(text, "?#") || path[length])
        return error_set(err, ERR_USAGE,
                         "the value '%s' of %s is the address of a page; give the site alone: %s", shown,
                         where, site);
    *ret_url = TAKE(site);
    return 0;
}

/* Raw in a password, they end what is read as the host: the rest would go to the wrong place in the clear. */
static bool has_raw_end(const char *url)
{
    const char *start = after_scheme(url);
    return strchr(start + strcspn(start, "/?#"), '@') != NULL;
}

/* libcurl cannot take them, and then goes past the proxy without a word. */
static bool has_encoded_control(const char *text)
{
    for (const char *at = text; at && (at = strchr(at, '%')); at++)
        if (strspn(at + 1, "0123456789abcdefABCDEF") >= 2 && (at[1] < '2' || text_starts_nocase(at, "%7f")))
            return true;
    return false;
}

int proxy_url_check(const char *text, const char *where, char **ret_url, bool *ret_has_password,
                    struct error *err)
{
    static const char *const schemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    _cleanup_free_ char *shown = url_masked(text);
    _cleanup_free_ char *whole = after_scheme(text) > text ? xstrdup(text) : xasprintf("http://%s", text);
    _cleanup_(curl_url_free) CURLU *url = curl_url();
    if (has_raw_end(whole))
        return error_set(
            err, ERR_USAGE,
            "the value '%s' of %s has a '/', '?' or '#' before its '@'; in a user name or password "
            "write %%2F, %%3F, %%23",
            shown, where);
    if (!url || strpbrk(text, " \t\r\n") ||
        curl_url_set(url, CURLUPART_URL, whole, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return error_set(err, ERR_USAGE,
                         "the value '%s' of %s is no URL; write it like http://proxy.shop.example:3128",
                         shown, where);
    _cleanup_curl_ char *scheme = part(url, CURLUPART_SCHEME);
    _cleanup_curl_ char *user = part(url, CURLUPART_USER);
    _cleanup_curl_ char *password = part(url, CURLUPART_PASSWORD);
    if (has_encoded_control(user) || has_encoded_control(password))
        return error_set(err, ERR_USAGE,
                         "the value '%s' of %s has an encoded control character (%%00 to %%1F, %%7F) in its "
                         "user name or password; no proxy can be given that",
                         shown, where);
    for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
        if (text_equal(scheme, schemes[i])) {
            *ret_url = xstrdup(whole);
            *ret_has_password = password != NULL;
            return 0;
        }
    }
    return error_set(err, ERR_USAGE,
                     "the value '%s' of %s names no kind of proxy that is known; use http, https or socks5",
                     shown, where);
}

char *url_masked(const char *url)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    const char *start = after_scheme(url);
    const char *at = strrchr(start, '@');
    buf_put(&out, url, (size_t)(start - url));
    if (at) {
        buf_puts(&out, "***");
        start = at;
    }
    size_t length = strcspn(start, "?#");
    buf_put(&out, start, length);
    buf_puts(&out, start[length] ? "?***" : "");
    return text_printable(buf_text(&out));
}
