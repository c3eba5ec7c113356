/* Tokens: docs/qtest-api.md 1.
 *
 * The long-lived token is --token. The password grant takes any user name and, as password, that token; it
 * gives out short access tokens. Those and the long-lived one are valid on every call; the long-lived one is
 * also valid as refresh token, as an old client uses it.
 */
#ifndef SANDBOX_OAUTH_H
#define SANDBOX_OAUTH_H

#include <stdbool.h>

struct call;

void oauth_token(struct call *c);   /* postAccessToken */
void oauth_revoke(struct call *c);  /* undocumented */
void oauth_status(struct call *c);  /* tokenStatus */
void oauth_version(struct call *c); /* GET /version, without token */
void oauth_login(struct call *c);   /* POST /api/login, the form before OAuth */

/* 401 when the request carries no valid token. */
bool oauth_check(struct call *c);

#endif
