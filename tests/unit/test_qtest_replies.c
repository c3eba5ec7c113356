/* What comes back from qTest: verdicts, messages, Retry-After, and objects in all the shapes servers give. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "qtest/calls.h"
#include "qtest/objects.h"

static struct reply answer(int status, const char *body)
{
    struct reply reply;
    reply_init(&reply);
    reply.kind = REPLY_HTTP;
    reply.status = status;
    reply.json = *body == '{' || *body == '[';
    buf_puts(&reply.body, body);
    return reply;
}

static void test_verdicts(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum verdict verdict;
    } rows[] = {
        {200, VERDICT_OK},      {201, VERDICT_OK},        {204, VERDICT_OK},        {302, VERDICT_REDIRECT},
        {400, VERDICT_REFUSED}, {401, VERDICT_ACCESS},    {403, VERDICT_ACCESS},    {404, VERDICT_MISSING},
        {408, VERDICT_UNCLEAR}, {413, VERDICT_TOO_LARGE}, {429, VERDICT_THROTTLED}, {500, VERDICT_UNCLEAR},
        {502, VERDICT_UNCLEAR}, {504, VERDICT_UNCLEAR},   {407, VERDICT_BARRED},    {409, VERDICT_REFUSED},
        {425, VERDICT_BARRED},  {426, VERDICT_BARRED},    {451, VERDICT_BARRED}};
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct reply reply = answer(rows[i].status, "{}");
        assert_int_equal(reply_verdict(&reply), rows[i].verdict);
        reply_release(&reply);
    }
    struct reply lost = {.kind = REPLY_LOST};
    struct reply unsent = {.kind = REPLY_NOT_SENT};
    assert_int_equal(reply_verdict(&lost), VERDICT_UNCLEAR);
    assert_int_equal(reply_verdict(&unsent), VERDICT_UNSENT);
}

static void test_refusal_in_a_web_page_is_not_qtests(void **state)
{
    (void)state;
    static const char page[] = "\n<!DOCTYPE html><html><title>Blocked</title></html>";
    static const struct {
        int status;
        const char *body;
        bool html;
        enum verdict verdict;
    } rows[] = {{400, page, true, VERDICT_BARRED},
                {406, page, false, VERDICT_BARRED},
                {422, "Blocked", true, VERDICT_BARRED},
                {400, "Blocked", false, VERDICT_REFUSED},
                {400, "", false, VERDICT_REFUSED},
                {401, page, true, VERDICT_ACCESS},
                {403, page, true, VERDICT_ACCESS},
                {404, page, true, VERDICT_MISSING},
                {413, page, true, VERDICT_TOO_LARGE},
                {429, page, true, VERDICT_THROTTLED},
                {400, "{\"message\":\"<b>\"}", false, VERDICT_REFUSED}};
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct reply reply = answer(rows[i].status, rows[i].body);
        reply.html = rows[i].html;
        if (reply_verdict(&reply) != rows[i].verdict)
            fail_msg("%d '%s': %d", rows[i].status, rows[i].body, reply_verdict(&reply));
        reply_release(&reply);
    }
    struct reply reply = answer(400, page);
    struct request *request = call_get_project(1);
    _cleanup_free_ char *said = reply_describe(&reply, request);
    assert_string_equal(
        said, "a proxy or firewall before qTest answered 400 to getProject: an HTML page 'Blocked'");
    request_free(request);
    reply_release(&reply);
}

static void test_messages_in_every_shape(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{\"message\":\"no\\u001b[31m way\"}", "no way"},
        {"{\"error\":\"invalid_token\",\"error_description\":\"expired\"}", "expired"},
        {"{\"error\":\"e\"}", "e"},
        {"Service unavailable", "Service unavailable"},
        {"<html><head><title>Sign in</title></head></html>", "an HTML page 'Sign in'"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct reply reply = answer(500, rows[i][0]);
        _cleanup_free_ char *message = reply_message(&reply);
        assert_string_equal(message, rows[i][1]);
        reply_release(&reply);
    }
}

static char *repeated(const char *begin, const char *text, size_t count, const char *end)
{
    struct buf out = BUF_UNBOUNDED;
    buf_puts(&out, begin);
    for (size_t i = 0; i < count; i++)
        buf_puts(&out, text);
    buf_puts(&out, end);
    return buf_take(&out);
}

static void expect_short(const struct reply *reply)
{
    struct request *request = call_get_project(1);
    _cleanup_free_ char *said = reply_describe(reply, request);
    assert_in_range(strlen(said), 100, 400);
    assert_non_null(strstr(said, "\xE2\x80\xA6"));
    assert_true(utf8_valid(said, strlen(said)));
    request_free(request);
}

static void test_messages_of_any_length_are_shortened(void **state)
{
    (void)state;
    static const char *const ends[][2] = {
        {"{\"message\":\"", "\"}"}, {"x", ""}, {"<html><title>", "</title></html>"}, {"\"y", "\""}};
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        _cleanup_free_ char *body = repeated(ends[i][0], "\xE2\x82\xAC", 30000, ends[i][1]);
        struct reply reply = answer(400, body);
        expect_short(&reply);
        reply_release(&reply);
    }
    struct reply redirect = answer(302, "");
    redirect.location = repeated("https://x/\x1b[31m", "\xE2\x82\xAC", 30000, "");
    expect_short(&redirect);
    reply_release(&redirect);
}

static void test_excerpts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t max_bytes;
        const char *excerpt;
    } rows[] = {{"abc", 3, "abc"},
                {"abcd", 3, "abc\xE2\x80\xA6"},
                {"a\xC3\xA4", 2, "a\xE2\x80\xA6"},
                {"a\xC3\xA4", 3, "a\xC3\xA4"},
                {"a\n\x1b[31mb", 3, "a b"},
                {"", 3, ""},
                {NULL, 3, ""}};
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        _cleanup_free_ char *excerpt = text_excerpt(rows[i].text, rows[i].max_bytes);
        assert_string_equal(excerpt, rows[i].excerpt);
    }
}

static int64_t retry_after(const char *text, int64_t server_date_ms)
{
    struct reply reply = answer(429, "");
    reply.retry_after = xstrdup(text);
    reply.server_date_ms = server_date_ms;
    int64_t delay_ms = retry_after_ms(&reply, 1000000);
    reply_release(&reply);
    return delay_ms;
}

static void test_retry_after_in_every_form(void **state)
{
    (void)state;
    assert_int_equal(retry_after("7", TIME_NONE), 7000);
    assert_int_equal(retry_after("0", TIME_NONE), 0);
    assert_int_equal(retry_after("Thu, 01 Jan 1970 00:17:00 GMT", TIME_NONE), 20000);
    assert_int_equal(retry_after("Thu, 01 Jan 1970 00:17:00 GMT", 1019000),
                     1000); /* the server's clock counts */
    assert_int_equal(retry_after("Thu, 01 Jan 1970 00:00:01 GMT", TIME_NONE), -1);
    assert_int_equal(retry_after("soon", TIME_NONE), -1);
    assert_int_equal(retry_after("-3", TIME_NONE), -1);
    assert_int_equal(retry_after("99999999999", TIME_NONE), -1);
    assert_int_equal(retry_after(NULL, TIME_NONE), -1);
}

/* Servers write the first form, and may write the others. */
static void test_dates_of_http(void **state)
{
    (void)state;
    static const char *const dates[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 +0000"};
    static const char *const rubbish[] = {"",
                                          "soon",
                                          "19941106",
                                          " 19941106 ",
                                          "784111777",
                                          "08:49:37",
                                          "12.50",
                                          "120 s",
                                          "Sunday",
                                          "10 minutes",
                                          "Sun, 06 Nov 1994 25:49:37 GMT"};
    for (size_t i = 0; i < ARRAY_SIZE(dates); i++)
        if (http_date_ms(dates[i]) != 784111777000)
            fail_msg("'%s'", dates[i]);
    for (size_t i = 0; i < ARRAY_SIZE(rubbish); i++)
        if (http_date_ms(rubbish[i]) != TIME_NONE)
            fail_msg("'%s'", rubbish[i]);
}

static void test_pages_are_arrays_or_envelopes(void **state)
{
    (void)state;
    static const char *const bodies[] = {"[{\"id\":1},{\"id\":2}]",
                                         "{\"total\":2,\"items\":[{\"id\":1},{\"id\":2}]}"};
    for (size_t i = 0; i < 2; i++) {
        struct error err = ERROR_INIT;
        struct qtest_page page;
        struct reply reply = answer(200, bodies[i]);
        assert_int_equal(page_read(&reply, &page, &err), 0);
        assert_int_equal(page.count, 2);
        assert_int_equal(page.total, i == 0 ? -1 : 2);
        page_release(&page);
        reply_release(&reply);
    }
}

static void test_what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {"", "{}", "{\"items\":{}}", "<html>", "[", "nonsense"};
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        struct error err = ERROR_INIT;
        struct qtest_page page;
        struct reply reply = answer(200, bodies[i]);
        assert_int_equal(page_read(&reply, &page, &err), -ERR_PROTOCOL);
        error_release(&err);
        reply_release(&reply);
    }
}

static void test_ids_beyond_doubles_are_exact(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct reply reply = answer(200, "{\"id\":9007199254740993,\"name\":\"A &amp; B\",\"pid\":\"CL-1\"}");
    struct qtest_node node;
    cJSON *body = reply_object(&reply, &err);
    assert_int_equal(node_read(body, &node, &err), 0);
    assert_true(node.id == 9007199254740993);
    assert_string_equal(node.name, "A & B");
    qtest_node_release(&node);
    cJSON_Delete(body);
    reply_release(&reply);
}

static void test_tree_keys_with_hyphen_and_underscore(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{\"id\":1,\"test-suites\":[{\"id\":5,\"name\":\"Chrome\"}]}",
                                         "{\"id\":1,\"test_suites\":[{\"id\":5,\"name\":\"Chrome\"}]}"};
    for (size_t i = 0; i < 2; i++) {
        struct error err = ERROR_INIT;
        struct qtest_nodes suites = {0};
        cJSON *body = json_parse(bodies[i], strlen(bodies[i]));
        assert_int_equal(cycle_suites_read(body, &suites, &err), 0);
        assert_int_equal(suites.count, 1);
        assert_int_equal(suites.items[0].parent_id, 1);
        nodes_release(&suites);
        cJSON_Delete(body);
    }
}

static void test_runs_tell_their_case_in_every_way(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"id\":1,\"testCaseId\":77}", "{\"id\":1,\"test_case\":{\"id\":77}}",
        "{\"id\":1,\"links\":[{\"rel\":\"test-case\",\"href\":\"https://x/test-cases/77?versionId=2\"}]}"};
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        struct error err = ERROR_INIT;
        struct qtest_run run;
        cJSON *body = json_parse(bodies[i], strlen(bodies[i]));
        assert_int_equal(run_read(body, &run, &err), 0);
        assert_int_equal(run.case_id, 77);
        assert_false(run.has_latest_log);
        qtest_run_release(&run);
        cJSON_Delete(body);
    }
}

static struct qtest_job job_of(const char *body)
{
    struct error err = ERROR_INIT;
    struct qtest_job job;
    struct reply reply = answer(200, body);
    assert_int_equal(job_read(&reply, &job, &err), 0);
    reply_release(&reply);
    return job;
}

static void test_job_contents_in_every_shape(void **state)
{
    (void)state;
    struct qtest_job done = job_of(
        "{\"id\":1,\"state\":\"SUCCESS\",\"content\":\"{\\\"testSuiteId\\\":5,\\\"totalTestLogs\\\":3}\"}");
    assert_int_equal(done.state, JOB_SUCCESS);
    assert_int_equal(done.total_logs, 3);
    qtest_job_release(&done);
    struct qtest_job json =
        job_of("{\"id\":1,\"state\":\"FAILED\",\"content\":\"{\\\"message\\\":\\\"bad\\\"}\"}");
    assert_string_equal(json.message, "bad");
    qtest_job_release(&json);
    struct qtest_job plain = job_of("{\"id\":1,\"state\":\"FAILED\",\"content\":\"it broke\"}");
    assert_string_equal(plain.message, "it broke");
    qtest_job_release(&plain);
    struct qtest_job empty = job_of("{\"id\":1,\"state\":\"FAILED\",\"content\":null}");
    assert_null(empty.message);
    _cleanup_free_ char *long_content =
        repeated("{\"id\":1,\"state\":\"FAILED\",\"content\":\"", "why ", 30000, "\"}");
    struct qtest_job wordy = job_of(long_content);
    assert_in_range(strlen(wordy.message), 100, 400);
    qtest_job_release(&wordy);
    qtest_job_release(&empty);
    struct qtest_job strange = job_of("{\"id\":1,\"state\":\"ASLEEP\"}");
    assert_int_equal(strange.state, JOB_UNKNOWN);
    qtest_job_release(&strange);
}

static void test_quotes_in_search_values(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *query;
        bool partial;
    } rows[] = {{"Nightly", "'Nightly'", false}, {"it's here", "'s here'", true}, {"'", "''", true}};
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct buf query = BUF_UNBOUNDED;
        bool partial;
        call_quote_value(&query, rows[i].value, &partial);
        assert_string_equal(buf_text(&query), rows[i].query);
        assert_int_equal(partial, rows[i].partial);
        buf_release(&query);
    }
}

static void test_entities(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"a &lt;b&gt; &amp;amp; &quot;&#39;&#x41;", "a <b> &amp; \"'A"},
                                          {"&nope; & &#0; &#xD800;", "&nope; & &#0; &#xD800;"},
                                          {"&#8364;&#128512;", "\xE2\x82\xAC\xF0\x9F\x98\x80"}};
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        _cleanup_free_ char *text = html_unescape(rows[i][0]);
        assert_string_equal(text, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_refusal_in_a_web_page_is_not_qtests),
        cmocka_unit_test(test_messages_in_every_shape),
        cmocka_unit_test(test_messages_of_any_length_are_shortened),
        cmocka_unit_test(test_excerpts),
        cmocka_unit_test(test_retry_after_in_every_form),
        cmocka_unit_test(test_dates_of_http),
        cmocka_unit_test(test_pages_are_arrays_or_envelopes),
        cmocka_unit_test(test_what_is_no_list_is_refused),
        cmocka_unit_test(test_ids_beyond_doubles_are_exact),
        cmocka_unit_test(test_tree_keys_with_hyphen_and_underscore),
        cmocka_unit_test(test_runs_tell_their_case_in_every_way),
        cmocka_unit_test(test_job_contents_in_every_shape),
        cmocka_unit_test(test_quotes_in_search_values),
        cmocka_unit_test(test_entities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
