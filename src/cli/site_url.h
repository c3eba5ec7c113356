/* The URL of the qTest site: https, or plain http to this machine only, so that no token crosses a
 * network in the clear.
 */
#ifndef CLI_SITE_URL_H
#define CLI_SITE_URL_H

#include <stdbool.h>

#include "base/error.h"

/* A trailing slash is cut. Refused: other schemes, http to anything but 127.0.0.0/8, ::1 and localhost,
 * a user name or password, a query, a fragment, and the path of a page (".../p/123/portal"), for which the
 * message gives the site with its port and the path before the page's own. where names the setting in the
 * message. Errors: ERR_USAGE. */
int site_url_check(const char *text, const char *where, char **ret_url, struct error *err);
/* For a proxy: http, https, socks4, socks4a, socks5, socks5h; bare host:port is http. *ret_has_password
 * says whether one stands in it. */
int proxy_url_check(const char *text, const char *where, char **ret_url, bool *ret_has_password,
                    struct error *err);
/* The same text with "***" for whatever stands before its last "@", which may be a password whatever it looks
 * like, and for what follows a "?" or "#"; also when it is no URL. The caller frees. */
char *url_masked(const char *url);

#endif
