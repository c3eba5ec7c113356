#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/base64.h"
#include "sandbox/call.h"
#include "sandbox/oauth.h"

#define ACCESS_SECONDS 300

static void fail_oauth(struct call *c, int status, const char *error, const char *description)
{
    struct json_writer w;
    buf_clear(&c->answer->body);
    json_writer_init(&w, &c->answer->body);
    json_object(&w, NULL);
    json_string(&w, "error", error);
    json_string(&w, "error_description", description);
    json_end(&w);
    c->answer->status = status;
    if (status == 401)
        answer_set_header(c->answer, "WWW-Authenticate", "Bearer realm=\"qtest-sandbox\"");
}

/* The token of the Authorization header, or of the query as some old clients send it. NULL: none. */
static const char *given_token(const struct call *c)
{
    const char *header = request_header(c->request, "Authorization");
    if (!header)
        return request_param(c->request, "access_token");
    if (!text_starts_nocase(header, "bearer "))
        return NULL;
    header += strlen("bearer ");
    while (*header == ' ')
        header++;
    return header;
}

/* When the token ends: 0 never, -1 it is not valid. */
static int64_t token_end(const struct call *c, const char *token, int refresh)
{
    if (!token)
        return -1;
    if (strcmp(token, c->sandbox->token) == 0)
        return 0;
    return store_int(c->store, -1,
                     "SELECT expires_ms FROM tokens WHERE token = ? AND refresh = ? AND expires_ms > ?",
                     "tdi", token, refresh, c->now_ms);
}

bool oauth_check(struct call *c)
{
    if (token_end(c, given_token(c), 0) >= 0)
        return true;
    fail_oauth(c, 401, "invalid_token", "Invalid access token");
    return false;
}

void oauth_status(struct call *c)
{
    int64_t end_ms = token_end(c, given_token(c), 0);
    if (end_ms < 0) {
        fail_oauth(c, 401, "invalid_token", "Invalid access token");
        return;
    }
    json_object(&c->json, NULL);
    json_integer(&c->json, "expiration", end_ms);
    json_integer(&c->json, "validityInMilliseconds", end_ms ? end_ms - c->now_ms : 0);
    json_end(&c->json);
}

static char *new_token(struct call *c, int refresh, int64_t lifetime_ms)
{
    unsigned char bytes[16] = {0};
    struct buf out = BUF_UNBOUNDED;
    if (getrandom(bytes, sizeof bytes, 0) < 0)
        abort();
    for (size_t i = 0; i < sizeof bytes; i++)
        buf_printf(&out, "%02x%s", bytes[i], i == 3 || i == 5 || i == 7 || i == 9 ? "-" : "");
    store_run(c->store, "INSERT INTO tokens (token, refresh, expires_ms) VALUES (?, ?, ?)", "tdi",
              buf_text(&out), refresh, c->now_ms + lifetime_ms);
    return buf_take(&out);
}

static void give_tokens(struct call *c)
{
    _cleanup_free_ char *access = new_token(c, 0, ACCESS_SECONDS * 1000);
    _cleanup_free_ char *refresh = new_token(c, 1, 30LL * 86400 * 1000);
    json_object(&c->json, NULL);
    json_string(&c->json, "access_token", access);
    json_string(&c->json, "token_type", "bearer");
    json_string(&c->json, "refresh_token", refresh);
    json_string(&c->json, "scope",
                "read import administration create share baseline write delete execute export");
    json_null(&c->json, "agent");
    json_integer(&c->json, "expires_in", ACCESS_SECONDS);
    json_end(&c->json);
}

/* "Basic base64(name:)": some name, nothing behind the colon. */
static bool basic_header_good(const struct call *c)
{
    const char *header = request_header(c->request, "Authorization");
    _cleanup_(buf_release) struct buf plain = BUF_UNBOUNDED;
    if (!header || !text_starts_nocase(header, "basic ") ||
        !sandbox_base64_decode(&plain, header + strlen("basic ")))
        return false;
    const char *colon = strchr(buf_text(&plain), ':');
    return colon && colon > buf_text(&plain) && colon[1] == '\0';
}

/* The grant comes as a form, or in the query with an empty body. */
void oauth_token(struct call *c)
{
    struct name_value *form = NULL;
    size_t count = 0, capacity = 0;
    form_parse(buf_text(&c->request->body), &form, &count, &capacity);
#define PARAMETER(name)                                                                                      \
    (form_value(form, count, name) ? form_value(form, count, name) : request_param(c->request, name))
    const char *grant = PARAMETER("grant_type"), *user = PARAMETER("username"),
               *password = PARAMETER("password");
    const char *refresh = PARAMETER("refresh_token");
#undef PARAMETER
    if (!basic_header_good(c))
        fail_oauth(c, 401, "unauthorized", "Missing or invalid Authorization header value");
    else if (text_equal(grant, "password") && !text_empty(user) && text_equal(password, c->sandbox->token))
        give_tokens(c);
    else if (text_equal(grant, "password"))
        fail_oauth(c, 400, "invalid_grant", "Invalid username/password.");
    else if (text_equal(grant, "refresh_token") && token_end(c, refresh, 1) >= 0)
        give_tokens(c);
    else if (text_equal(grant, "refresh_token"))
        fail_oauth(c, 400, "invalid_grant", "Invalid refresh token");
    else
        fail_oauth(c, 400, "unsupported_grant_type", "Invalid grant type");
    form_release(form, count);
}

void oauth_revoke(struct call *c)
{
    const char *token = given_token(c);
    if (token)
        store_run(c->store, "DELETE FROM tokens WHERE token = ?", "t", token);
    json_object(&c->json, NULL);
    json_end(&c->json);
}

void oauth_version(struct call *c)
{
    json_object(&c->json, NULL);
    json_string(&c->json, "name", "test-conductor");
    json_string(&c->json, "version", "11.1.0-sandbox");
    json_end(&c->json);
}

/* Answers the token as plain text, or 401 with plain text. */
void oauth_login(struct call *c)
{
    struct name_value *form = NULL;
    size_t count = 0, capacity = 0;
    form_parse(buf_text(&c->request->body), &form, &count, &capacity);
    const char *user = form_value(form, count, "j_username");
    const char *password = form_value(form, count, "j_password");
    c->answer->content_type = "text/plain";
    if (!text_empty(user) && text_equal(password, c->sandbox->token)) {
        _cleanup_free_ char *token = new_token(c, 0, ACCESS_SECONDS * 1000);
        buf_puts(&c->answer->body, token);
    } else {
        c->answer->status = 401;
        buf_puts(&c->answer->body, "Invalid username/password.");
    }
    form_release(form, count);
}
