/* What libcurl and a site between them can do to a request: whether it went out is never guessed, and nothing
 * of an answer that is not qTest's own gets through. Against a server that answers each connection with the
 * same bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/memory.h"
#include "base/time.h"
#include "qtest/redact.h"
#include "qtest/transport.h"

#define TOKEN         "b6ff9d4c/with+signs="
#define PATIENCE_MS   20000
#define TLS_HANDSHAKE 0x16
#define SLOW_HOST     "slow.example"
#define SLOW_S        4

/* Ends the look-up that is under way, and says that it is over. */
static sem_t name_server;
static sem_t name_server_ended;

/* In place of the C library's, also for libcurl: a name server that takes its time. Nobody else is known
 * here: no test asks one. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
    (void)service;
    (void)hints;
    *ret = NULL;
    if (strcmp(host, SLOW_HOST) == 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += SLOW_S;
        sem_timedwait(&name_server, &until);
        sem_post(&name_server_ended);
    }
    return EAI_NONAME;
}

struct server {
    int fd;
    char *url;
    const char *answer; /* NULL: closes without one */
    char *head;         /* of the last request, NULL: none came */
    int requests;
    pthread_t thread;
};

/* Up to the end of its head, as the bodies here come with it; of TLS only what comes first. */
static void hear(struct server *server, int fd)
{
    char bytes[4096];
    size_t size = 0;
    while (size < sizeof bytes - 1 && !memmem(bytes, size, "\r\n\r\n", 4)) {
        ssize_t n = read(fd, bytes + size, sizeof bytes - 1 - size);
        if (n <= 0)
            break;
        size += (size_t)n;
        if (bytes[0] == TLS_HANDSHAKE)
            break;
    }
    free(server->head);
    server->head = xstrndup(bytes, size);
    server->requests++;
}

static void *serve(void *context)
{
    struct server *server = context;
    for (int fd; (fd = accept(server->fd, NULL, NULL)) >= 0; close(fd)) {
        hear(server, fd);
        if (server->answer && send(fd, server->answer, strlen(server->answer), MSG_NOSIGNAL) < 0)
            continue;
        shutdown(fd, SHUT_WR);
        char rest[4096];
        while (read(fd, rest, sizeof rest) > 0)
            ;
    }
    return NULL;
}

static void server_start(struct server *server, const char *answer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *server = (struct server){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .answer = answer};
    assert_int_equal(bind(server->fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->fd, 8), 0);
    assert_int_equal(getsockname(server->fd, (struct sockaddr *)&address, &size), 0);
    server->url = xasprintf("http://127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

/* Nothing is changed by it any more. */
static void server_end(struct server *server)
{
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
}

static void server_release(struct server *server)
{
    free(server->url);
    free(server->head);
}

static struct transport *transport_to(const char *url, const char *proxy)
{
    struct error err = ERROR_INIT;
    struct transport *transport = NULL;
    const struct site site = {.url = url, .token = TOKEN, .proxy = proxy, .connect_timeout_ms = PATIENCE_MS};
    assert_int_equal(transport_curl_new(&site, &transport, &err), 0);
    return transport;
}

static struct request *write_request(void)
{
    struct request *request = request_new(HTTP_POST, "createCycle", PATIENCE_MS);
    request->path = xstrdup("/api/v3/projects/1/test-cycles");
    buf_puts(&request->body, "{\"name\":\"x\"}");
    return request;
}

/* A POST to the site; the caller releases *ret. */
static void post(const char *url, const char *proxy, struct reply *ret)
{
    struct transport *transport = transport_to(url, proxy);
    struct request *request = write_request();
    int64_t id = 0;
    transport->start(transport, request, 7);
    assert_true(transport->wait(transport, PATIENCE_MS, &id, ret));
    assert_int_equal(id, 7);
    transport_free(transport);
    request_free(request);
}

/* A server of its own, which answers so and ends. */
static void post_to(struct server *server, const char *answer, struct reply *ret)
{
    server_start(server, answer);
    post(server->url, NULL, ret);
    server_end(server);
}

static void test_post_answered_with_anything_but_http_may_have_been_done(void **state)
{
    (void)state;
    static const char *const answers[] = {"garbage\r\n", "HTTP/3.0 200 OK\r\n\r\n", "<html>gateway</html>\n",
                                          "\r\n",        "HTTP/1.1 000 X\r\n\r\n",  NULL};
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
        struct server server;
        struct reply reply;
        post_to(&server, answers[i], &reply);
        if (reply.kind != REPLY_LOST)
            fail_msg("'%s': %d %s", answers[i] ? answers[i] : "", reply.kind, reply.problem);
        assert_int_equal(server.requests, 1);
        assert_non_null(reply.problem);
        reply_release(&reply);
        server_release(&server);
    }
}

static void expect_not_sent(const char *url, const char *proxy)
{
    struct reply reply;
    post(url, proxy, &reply);
    if (reply.kind != REPLY_NOT_SENT)
        fail_msg("%s through %s: %d %s", url, proxy ? proxy : "nothing", reply.kind, reply.problem);
    reply_release(&reply);
}

static void test_what_fails_before_the_request_was_certainly_not_sent(void **state)
{
    (void)state;
    struct server plain;
    server_start(&plain, "HTTP/1.1 400 Bad Request\r\n\r\n");
    _cleanup_free_ char *no_tls = xasprintf("https%s", plain.url + strlen("http"));
    expect_not_sent(no_tls, NULL);
    server_end(&plain);
    expect_not_sent(plain.url, NULL); /* nobody listens there any more */
    expect_not_sent("https://shop.example", plain.url);
    server_release(&plain);
}

static void test_what_a_proxy_does_not_let_through_was_certainly_not_sent(void **state)
{
    (void)state;
    static const char *const answers[] = {"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
                                          "HTTP/1.1 200 Connection established\r\n\r\n", /* and no TLS */
                                          "garbage\r\n", NULL};
    assert_int_equal(setenv("NO_PROXY", "*", 1), 0); /* not to be heeded */
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
        struct server proxy;
        server_start(&proxy, answers[i]);
        expect_not_sent("https://shop.example", proxy.url);
        server_end(&proxy);
        assert_non_null(strstr(proxy.head, "CONNECT shop.example:443"));
        assert_null(strstr(proxy.head, TOKEN));
        server_release(&proxy);
    }
}

static void test_without_the_proxy_that_libcurl_refuses_nothing_goes_out(void **state)
{
    (void)state;
    struct server site;
    struct reply reply;
    const size_t too_long = 8u * 1000 * 1000; /* for libcurl */
    _cleanup_free_ char *proxy = xasprintf("http://127.0.0.1:9/%0*d", (int)too_long, 0);
    server_start(&site, NULL);
    _cleanup_free_ char *url = xasprintf("https%s", site.url + strlen("http"));
    post(url, proxy, &reply);
    server_end(&site);
    assert_int_equal(site.requests, 0);
    assert_int_equal(reply.kind, REPLY_NOT_SENT);
    assert_non_null(strstr(reply.problem, "proxy"));
    reply_release(&reply);
    server_release(&site);
}

static void test_proxy_that_wants_a_password_is_no_lost_connection(void **state)
{
    (void)state;
    struct server proxy;
    struct reply reply;
    server_start(&proxy, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n"
                         "Content-Length: 0\r\n\r\n");
    post("https://shop.example", proxy.url, &reply);
    server_end(&proxy);
    assert_int_equal(reply_verdict(&reply), VERDICT_BARRED);
    assert_int_equal(reply.status, 407);
    reply_release(&reply);
    server_release(&proxy);
}

static void test_token_that_is_echoed_does_not_come_back(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "HTTP/1.1 500 X\r\n\r\n<pre>Authorization: bearer " TOKEN "</pre>" TOKEN,
        "HTTP/1.1 400 X\r\nContent-Type: application/json\r\n\r\n"
        "{\"message\":\"b6ff9d4c\\/with\\u002Bsigns=\"}",
        "HTTP/1.1 302 X\r\nLocation: https://login.example/?t=b6ff9d4c%2fwith%2Bsigns%3D&u=" TOKEN "\r\n\r\n",
        "HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n<title>" TOKEN "</title>",
    };
    struct request *request = write_request();
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
        struct server server;
        struct reply reply;
        post_to(&server, answers[i], &reply);
        assert_non_null(strstr(server.head, "Authorization: bearer " TOKEN "\r\n"));
        _cleanup_free_ char *said = reply_describe(&reply, request);
        if (strstr(said, "b6ff") || strstr(said, "signs") || !strstr(said, "***"))
            fail_msg("%s", said);
        assert_null(strstr(buf_text(&reply.body), "b6ff"));
        reply_release(&reply);
        server_release(&server);
    }
    request_free(request);
}

static void test_what_is_no_echo_stays(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"none", "none"},           {"geheim", "geheim"},    {"abcdefg", "abcdefg"},
        {"abcdefgh", "***"},        {"xabcdefghy", "x***y"}, {"abcdefgabcdefgh", "abcdefg***"},
        {"abcdefg%6", "abcdefg%6"}, {"%61bcdefgh!", "***!"}, {"", ""}};
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char *text = xstrdup(rows[i][0]);
        redact_text(&text, "abcdefgh");
        assert_string_equal(text, rows[i][1]);
        free(text);
    }
    char bytes[] = "x\0%61bcdefgh abc\\u0064efgh abcdefg";
    redact_bytes(bytes, sizeof bytes, "abcdefgh");
    assert_memory_equal(bytes, "x\0********** ************* abcdefg", sizeof bytes);
    char *text = xstrdup("geheim");
    redact_text(&text, "geheim"); /* too short */
    assert_string_equal(text, "geheim");
    free(text);
}

static void test_plain_http_to_this_machine_goes_past_the_proxy(void **state)
{
    (void)state;
    struct server site;
    struct server proxy;
    struct reply reply;
    server_start(&site, "HTTP/1.1 204 X\r\n\r\n");
    server_start(&proxy, "HTTP/1.1 500 X\r\n\r\n");
    post(site.url, proxy.url, &reply);
    server_end(&site);
    server_end(&proxy);
    assert_int_equal(reply.status, 204);
    assert_int_equal(proxy.requests, 0);
    reply_release(&reply);
    server_release(&site);
    server_release(&proxy);
}

#define OTHERS_HEADERS                                                                                       \
    "Content-Type: text/html\r\nRetry-After: 9\r\nLocation: /x\r\nx-ratelimit-remaining-minute: 0\r\n"       \
    "x-ratelimit-remaining-month: 0\r\nDate: Thu, 01 Jan 1970 00:00:01 GMT\r\n"

static void expect_no_headers(struct reply *reply)
{
    assert_null(reply->location);
    assert_null(reply->retry_after);
    assert_int_equal(reply->minute_left, -1);
    assert_int_equal(reply->month_left, -1);
    assert_int_equal(reply->server_date_ms, TIME_NONE);
    assert_false(reply->html);
    reply_release(reply);
}

static void test_headers_of_other_answers_do_not_count(void **state)
{
    (void)state;
    struct server server;
    struct reply reply;
    server_start(&server, "HTTP/1.1 103 Early Hints\r\n" OTHERS_HEADERS "\r\nHTTP/1.1 100 Continue\r\n\r\n"
                          "HTTP/1.1 200 OK\r\n\r\n{}");
    post(server.url, NULL, &reply);
    server_end(&server);
    assert_int_equal(reply.status, 200);
    assert_true(reply.json);
    expect_no_headers(&reply);
    server_release(&server);
    server_start(&server, "HTTP/1.1 407 X\r\n" OTHERS_HEADERS "Content-Length: 0\r\n\r\n");
    post("https://shop.example", server.url, &reply);
    server_end(&server);
    assert_int_equal(reply.status, 407);
    expect_no_headers(&reply);
    server_release(&server);
}

static void test_what_follows_the_body_is_no_header(void **state)
{
    (void)state;
    struct server server;
    struct reply reply;
    post_to(&server,
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" OTHERS_HEADERS "\r\n",
            &reply);
    assert_int_equal(reply.status, 200);
    assert_true(reply.json);
    expect_no_headers(&reply);
    server_release(&server);
}

static void test_header_that_comes_twice_is_the_last(void **state)
{
    (void)state;
    struct server server;
    struct reply reply;
    post_to(&server,
            "HTTP/1.1 429 X\r\nX-RateLimit-Remaining-Minute: 50\r\nretry-after: \t 3 \r\nRETRY-AFTER:7\r\n"
            "X-RateLimit-Remaining-Minute: 0\r\nx-ratelimit-remaining-month: -1\r\n"
            "Date: Thu, 01 Jan 1970 00:00:01 GMT\r\nContent-Type: application/problem+json\r\n\r\n{}",
            &reply);
    assert_string_equal(reply.retry_after, "7");
    assert_int_equal(reply.minute_left, 0);
    assert_int_equal(reply.month_left, -1);
    assert_int_equal(reply.server_date_ms, 1000);
    assert_true(reply.json);
    reply_release(&reply);
    server_release(&server);
}

static void test_slow_name_server_does_not_hold_up_the_end(void **state)
{
    (void)state;
    if (LIBCURL_VERSION_NUM < 0x075700)
        skip(); /* libcurl waits for it */
    struct transport *transport = transport_to("https://" SLOW_HOST, NULL);
    struct request *request = write_request();
    struct reply reply;
    int64_t id;
    sem_init(&name_server, 0, 0);
    sem_init(&name_server_ended, 0, 0);
    int64_t began_ms = clock_monotonic_ms();
    transport->start(transport, request, 7);
    assert_false(transport->wait(transport, 50, &id, &reply));
    transport_free(transport);
    request_free(request);
    int64_t took_ms = clock_monotonic_ms() - began_ms;
    sem_post(&name_server);
    sem_wait(&name_server_ended);
    usleep(20000); /* for libcurl's thread to end */
    assert_true(took_ms < SLOW_S * 1000 / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_post_answered_with_anything_but_http_may_have_been_done),
        cmocka_unit_test(test_what_fails_before_the_request_was_certainly_not_sent),
        cmocka_unit_test(test_what_a_proxy_does_not_let_through_was_certainly_not_sent),
        cmocka_unit_test(test_without_the_proxy_that_libcurl_refuses_nothing_goes_out),
        cmocka_unit_test(test_proxy_that_wants_a_password_is_no_lost_connection),
        cmocka_unit_test(test_token_that_is_echoed_does_not_come_back),
        cmocka_unit_test(test_what_is_no_echo_stays),
        cmocka_unit_test(test_plain_http_to_this_machine_goes_past_the_proxy),
        cmocka_unit_test(test_headers_of_other_answers_do_not_count),
        cmocka_unit_test(test_what_follows_the_body_is_no_header),
        cmocka_unit_test(test_header_that_comes_twice_is_the_last),
        cmocka_unit_test(test_slow_name_server_does_not_hold_up_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
