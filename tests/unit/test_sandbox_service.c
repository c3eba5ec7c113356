/* The sandbox without a socket: requests in, answers out; its switches, fault rules and store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "sandbox/answer.h"
#include "sandbox/faults.h"
#include "sandbox/request.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"

static void request__is_split_and_decoded(void **state)
{
    struct request r;
    int64_t number = 0;
    (void)state;
    request_init(&r, "GET", "/api/v3/a%2Fb/c%20d?x=1+2&y=%41&x=3&z&=e&page=12#f");
    assert_int_equal(r.segment_count, 4);
    assert_string_equal(r.segments[2], "a/b");
    assert_string_equal(r.segments[3], "c d");
    assert_string_equal(request_param(&r, "x"), "1 2");
    assert_string_equal(request_param(&r, "y"), "A");
    assert_string_equal(request_param(&r, "z"), "");
    assert_null(request_param(&r, "missing"));
    assert_false(request_param_int(&r, "x", &number));
    request_add_header(&r, "Content-Type", "text/plain");
    assert_string_equal(request_header(&r, "content-TYPE"), "text/plain");
    request_release(&r);
}

static void switches__take_known_values_only(void **state)
{
    struct switches s;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    (void)state;
    switches_init(&s);
    assert_int_equal(s.value[SWITCH_RUN_NAME], RUN_NAME_KEPT);
    assert_int_equal(switches_set(&s, "run-name=updated", &err), 0);
    assert_int_equal(s.value[SWITCH_RUN_NAME], RUN_NAME_UPDATED);
    assert_int_equal(switches_set(&s, "rights=no-delete,no-field-settings", &err), 0);
    assert_int_equal(s.value[SWITCH_RIGHTS], RIGHTS_NO_DELETE | RIGHTS_NO_FIELD_SETTINGS);
    assert_int_equal(switches_set(&s, "zone=-03:30", &err), 0);
    assert_int_equal(s.value[SWITCH_ZONE], -210);
    assert_int_equal(switches_set(&s, "run-name=lost", &err), -ERR_USAGE);
    assert_non_null(strstr(err.text, "kept|updated"));
    assert_int_equal(switches_set(&s, "search-lag-ms=1x", &err), -ERR_USAGE);
    assert_int_equal(switches_set(&s, "nothing=1", &err), -ERR_USAGE);
    assert_non_null(strstr(err.text, "search-lag-ms"));
    assert_int_equal(switches_set(&s, "run-name", &err), -ERR_USAGE);
    assert_int_equal(s.value[SWITCH_RUN_NAME], RUN_NAME_UPDATED);
    switches_release(&s);
}

static struct faults *rules(const char *text)
{
    struct faults *f = NULL;
    assert_int_equal(faults_parse(&f, text, strlen(text), NULL), 0);
    return f;
}

static void faults__count_their_own_matches(void **state)
{
    struct faults *f = rules("[{\"method\":\"POST\",\"path\":\"*/a*\",\"nth\":2,\"action\":{\"status\":500}},"
                             "{\"path\":\"/a\",\"from\":2,\"every\":2,\"action\":{\"status\":400}}]");
    (void)state;
    assert_null(faults_match(f, "GET", "/x/a"));
    assert_int_equal(faults_match(f, "GET", "/x/a")->status, 400);
    assert_null(faults_match(f, "POST", "/x/b"));
    assert_null(faults_match(f, "POST", "/x/a?q"));
    assert_int_equal(faults_match(f, "POST", "/x/a?q")->status, 500);
    assert_null(faults_match(f, "POST", "/x/a?q"));
    faults_free(f);
}

static struct sandbox *open_sandbox(const char *setting)
{
    static const char *const projects[] = {"Demo"};
    struct sandbox *sb = NULL;
    struct sandbox_settings settings = {
        .db = ":memory:", .token = "t", .projects = projects, .project_count = 1};
    switches_init(&settings.switches);
    if (setting)
        assert_int_equal(switches_set(&settings.switches, setting, NULL), 0);
    assert_int_equal(sandbox_new(&sb, &settings, NULL), 0);
    return sb;
}

static int ask(struct sandbox *sb, const char *method, const char *target, const char *body,
               cJSON **ret_reply)
{
    struct request rq;
    struct answer an;
    request_init(&rq, method, target);
    request_add_header(&rq, "Authorization", "Bearer t");
    buf_puts(&rq.body, body);
    answer_init(&an);
    sandbox_handle(sb, &rq, &an);
    int status = an.status;
    cJSON *reply = json_parse(buf_text(&an.body), an.body.length);
    assert_non_null(reply);
    if (ret_reply)
        *ret_reply = reply;
    else
        cJSON_Delete(reply);
    answer_release(&an);
    request_release(&rq);
    return status;
}

static void a_refused_request__leaves_nothing(void **state)
{
    struct sandbox *sb = open_sandbox(NULL);
    _cleanup_(json_delete) cJSON *list = NULL;
    (void)state;
    assert_int_equal(ask(sb, "PUT", "/api/v3/projects/1001/test-cases/update/testcases", "{}", NULL), 200);
    assert_int_equal(ask(sb, "POST", "/api/v3/projects/1001/test-cases", "{\"name\":\"A\"}", NULL), 200);
    assert_int_equal(ask(sb, "PUT", "/api/v3/projects/1001/test-cases/update/testcases",
                         "{\"TC-1\":{\"name\":\"B\"},\"TC-9\":{\"name\":\"C\"}}", NULL),
                     404);
    assert_int_equal(ask(sb, "GET", "/api/v3/projects/1001/test-cases", NULL, &list), 200);
    assert_string_equal(json_text(cJSON_GetArrayItem(list, 0), "name"), "A");
    sandbox_free(sb);
}

static void large_ids__stay_whole(void **state)
{
    struct sandbox *sb = open_sandbox("first-id=4611686018427387904");
    _cleanup_(json_delete) cJSON *made = NULL;
    int64_t id = 0;
    (void)state;
    assert_int_equal(
        ask(sb, "POST", "/api/v3/projects/4611686018427387904/test-cycles", "{\"name\":\"A\"}", &made), 201);
    assert_true(json_int64(made, "id", &id));
    assert_true(id > INT64_C(4611686018427387904));
    sandbox_free(sb);
}

static void rows__may_be_opened_twice_at_once(void **state)
{
    struct store *s = NULL;
    int64_t pairs = 0;
    (void)state;
    assert_int_equal(store_open(&s, ":memory:", NULL), 0);
    store_first_id(s, 10);
    assert_int_equal(store_new_id(s), 10);
    assert_int_equal(store_new_pid(s, 1, "TC"), 1);
    assert_int_equal(store_new_pid(s, 1, "TC"), 2);
    assert_int_equal(store_new_pid(s, 2, "TC"), 1);
    for (int i = 0; i < 2; i++) {
        struct rows outer = rows_open(s, "SELECT name FROM counters", "");
        while (rows_next(&outer)) {
            struct rows inner = rows_open(s, "SELECT name FROM counters", "");
            while (rows_next(&inner))
                pairs++;
            rows_close(&inner);
        }
        rows_close(&outer);
    }
    assert_int_equal(pairs, 18);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request__is_split_and_decoded),
        cmocka_unit_test(switches__take_known_values_only),
        cmocka_unit_test(faults__count_their_own_matches),
        cmocka_unit_test(a_refused_request__leaves_nothing),
        cmocka_unit_test(large_ids__stay_whole),
        cmocka_unit_test(rows__may_be_opened_twice_at_once),
    };
    return cmocka_run_group_tests_name("sandbox service", tests, NULL, NULL);
}
