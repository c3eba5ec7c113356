/* What the engine's claim is worth in trouble: nothing goes out on a claim that is gone, and none is left
 * behind by an upload that was stopped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine_site.h"

static bool is_submission(const struct request *request)
{
    return strstr(request->path, "/auto-test-logs") != NULL;
}

static bool claims(enum http_method method, const char *path)
{
    return method == HTTP_POST && strstr(path, "/test-suites?parentId=0");
}

static bool is_claim_creation(const struct request *request)
{
    return claims(request->method, request->path);
}

static size_t count_claims(const struct site *site)
{
    size_t count = 0;
    for (size_t i = 0; i < site->count; i++)
        count += claims(site->sent[i].method, site->sent[i].path);
    return count;
}

static size_t count_deletions(const struct site *site)
{
    size_t count = 0;
    for (size_t i = 0; i < site->count; i++)
        count += site->sent[i].method == HTTP_DELETE;
    return count;
}

static size_t count_submissions(const struct site *site)
{
    size_t count = 0;
    for (size_t i = 0; i < site->count; i++)
        count += strstr(site->sent[i].path, "/auto-test-logs") != NULL;
    return count;
}

/* One 429 for the wanted request; when the limit has passed, the claim was taken away by others. */
static int lose_claim(struct site *site, bool wanted, const struct request *request)
{
    if (wanted && site->troubles == 0) {
        site->troubles = 1;
        return 429;
    }
    if (request->method != HTTP_PUT || site->troubles != 1)
        return 0;
    site->troubles = 2;
    free(site->claim);
    site->claim = NULL;
    return 404;
}

static int lose_claim_at_submission(struct site *site, const struct request *request)
{
    return lose_claim(site, is_submission(request), request);
}

static int lose_claim_at_cycle(struct site *site, const struct request *request)
{
    bool cycle = request->method == HTTP_POST && strstr(request->path, "/test-cycles");
    return lose_claim(site, cycle, request);
}

static int lose_claim_at_suite(struct site *site, const struct request *request)
{
    bool suite =
        request->method == HTTP_POST && strstr(request->path, "/test-suites") && !is_claim_creation(request);
    return lose_claim(site, suite, request);
}

/* After the answer that the claim is gone, nothing that writes goes out but a new one. */
static void expect_nothing_without_claim(site_trouble trouble)
{
    struct site site = {.last_id = 100, .trouble = trouble};
    struct sync_outcome outcome;
    upload_to(&site, 3, &outcome);
    size_t at = 0;
    while (at < site.count && site.sent[at].status != 404)
        at++;
    assert_true(at < site.count);
    for (at++; at < site.count && !claims(site.sent[at].method, site.sent[at].path); at++)
        assert_true(site.sent[at].read_only);
    assert_true(at < site.count);
    assert_int_equal(outcome.counts.confirmed, 3);
    sync_outcome_release(&outcome);
    release(&site);
}

static void test_submission_that_waits_does_not_go_out_without_claim(void **state)
{
    (void)state;
    expect_nothing_without_claim(lose_claim_at_submission);
}

static void test_nothing_is_created_without_claim(void **state)
{
    (void)state;
    expect_nothing_without_claim(lose_claim_at_cycle);
    expect_nothing_without_claim(lose_claim_at_suite);
}

static int throttle_once(struct site *site, const struct request *request)
{
    return is_submission(request) && site->troubles++ == 0 ? 429 : 0;
}

/* Others may have gone ahead without the right to take it away. */
static void test_claim_that_was_silent_for_too_long_is_made_anew(void **state)
{
    (void)state;
    struct site site = {.last_id = 100, .trouble = throttle_once};
    struct sync_outcome outcome;
    upload_to(&site, 3, &outcome);
    size_t at = 0;
    while (at < site.count && site.sent[at].method != HTTP_PUT)
        at++;
    for (at++; at < site.count && !claims(site.sent[at].method, site.sent[at].path); at++)
        assert_true(site.sent[at].read_only || site.sent[at].method == HTTP_DELETE);
    assert_true(at < site.count);
    assert_int_equal(outcome.counts.confirmed, 3);
    assert_int_equal(count_deletions(&site), 2);
    sync_outcome_release(&outcome);
    release(&site);
}

/* Its signs of life get no answer at first. */
static int lose_beats(struct site *site, const struct request *request)
{
    if (request->method == HTTP_PUT)
        return site->troubles++ < 4 ? 502 : 0;
    return 0;
}

static void test_sign_of_life_without_answer_is_given_again(void **state)
{
    (void)state;
    enum { JOBS = 90 };
    struct site site = {.last_id = 100, .trouble = lose_beats};
    struct sync_outcome outcome;
    upload_to(&site, JOBS, &outcome);
    assert_true(site.troubles > 4);
    assert_int_equal(outcome.counts.confirmed, JOBS);
    assert_int_equal(count_claims(&site), 1);
    sync_outcome_release(&outcome);
    release(&site);
}

/* Each is given when it is due, half of --settle after the one before, and not after a round of questions for
 * all jobs. */
static void test_sign_of_life_does_not_wait_behind_jobs(void **state)
{
    (void)state;
    enum { JOBS = 450, SLOW_MS = 1500, DUE_MS = 60000 };
    struct site site = {.last_id = 100, .latency_ms = SLOW_MS};
    struct sync_outcome outcome;
    int64_t signed_ms = 0;
    upload_to_within(&site, JOBS, 3600000, &outcome);
    assert_int_equal(outcome.counts.confirmed, JOBS);
    for (size_t i = 0; i < site.count; i++) {
        if (site.sent[i].method != HTTP_PUT && !claims(site.sent[i].method, site.sent[i].path))
            continue;
        assert_true(!signed_ms || site.sent[i].sent_ms - signed_ms <= DUE_MS + 2 * SLOW_MS);
        signed_ms = site.sent[i].sent_ms;
    }
    assert_int_equal(count_claims(&site), 1);
    sync_outcome_release(&outcome);
    release(&site);
}

static int throttle_submissions(struct site *site, const struct request *request)
{
    (void)site;
    return is_submission(request) ? 429 : 0;
}

static void test_results_that_qtest_had_no_time_for_are_not_uncertain(void **state)
{
    (void)state;
    struct site site = {.last_id = 100, .trouble = throttle_submissions};
    struct sync_outcome outcome;
    upload_to(&site, 3, &outcome);
    assert_int_equal(outcome.status, SYNC_STATUS_FAILED); /* spooled, once the caller has kept them */
    assert_int_equal(outcome.counts.spooled, 3);
    assert_null(site.claim);
    sync_outcome_release(&outcome);
    release(&site);
}

static int stop_at_claim(struct site *site, const struct request *request)
{
    if (!is_claim_creation(request) || site->troubles++)
        return 0;
    site->stop = true;
    return 502;
}

static void test_claim_whose_creation_was_not_answered_is_given_back(void **state)
{
    (void)state;
    struct site site = {.last_id = 100, .trouble = stop_at_claim};
    struct sync_outcome outcome;
    upload_to(&site, 3, &outcome);
    assert_int_equal(count_claims(&site), 1);
    assert_int_equal(count_deletions(&site), 1);
    sync_outcome_release(&outcome);
    release(&site);
}

/* Of an attempt before, on this machine. */
#define OTHERS_PATH PROJECT "/test-suites/5"
#define OTHERS      "{\"id\":5,\"name\":\"qtest-sync claim c-0000000000001101-0-*\"}"

/* When the other claim was taken away; -1: never. */
static int64_t others_deleted_ms(const struct site *site)
{
    for (size_t i = 0; i < site->count; i++)
        if (site->sent[i].method == HTTP_DELETE && strcmp(site->sent[i].path, OTHERS_PATH) == 0)
            return site->sent[i].sent_ms;
    return -1;
}

/* It does not stand before us, but before others, who know nothing of its jobs. */
static void test_claim_of_an_earlier_run_goes_when_all_is_in(void **state)
{
    (void)state;
    uint64_t owner = 0x1100;
    const struct engine_memory memory = {.owners = &owner, .owner_count = 1, .sending_wall_ms = TIME_NONE};
    struct site site = {.last_id = 100, .memory = &memory, .others = OTHERS};
    struct sync_outcome outcome;
    upload_to(&site, 3, &outcome);
    assert_int_equal(outcome.counts.confirmed, 3);
    assert_true(others_deleted_ms(&site) >= site.last_job_end_ms);
    assert_true(site.now_ms < 60000); /* it was not waited for */
    sync_outcome_release(&outcome);
    release(&site);
}

static void test_claim_of_an_earlier_run_stays_on_the_way_out(void **state)
{
    (void)state;
    uint64_t owner = 0x1100;
    const struct engine_memory memory = {.owners = &owner, .owner_count = 1, .sending_wall_ms = TIME_NONE};
    struct site site = {.last_id = 100, .memory = &memory, .others = OTHERS, .trouble = stop_at_claim};
    struct sync_outcome outcome;
    upload_to(&site, 3, &outcome);
    assert_int_equal(count_submissions(&site), 0);
    assert_int_equal(count_deletions(&site), 1);
    assert_int_equal(others_deleted_ms(&site), -1);
    sync_outcome_release(&outcome);
    release(&site);
}

static int stop_at_slow(struct site *site, const struct request *request)
{
    site->stop |= request->method == HTTP_POST && strstr(request->path, site->slow);
    return 0;
}

/* The time is spent, or a signal has come, while a suite is being made. */
static void stop_at_suite(int64_t answer_ms, bool by_signal, struct site *ret)
{
    *ret = (struct site){.last_id = 100, .slow = "parentType=test-cycle", .slow_ms = answer_ms};
    struct sync_outcome outcome;
    ret->trouble = by_signal ? stop_at_slow : NULL;
    upload_to_within(ret, 1, by_signal ? 600000 : 1200, &outcome);
    assert_int_equal(outcome.status, SYNC_STATUS_FAILED);
    assert_int_equal(outcome.counts.spooled, 1);
    assert_int_equal(count_submissions(ret), 0);
    sync_outcome_release(&outcome);
}

static void test_claim_stays_where_a_creation_may_still_be_done(void **state)
{
    (void)state;
    for (int by_signal = 0; by_signal < 2; by_signal++) {
        struct site site;
        stop_at_suite(20000, by_signal, &site);
        assert_int_equal(count_deletions(&site), 0);
        assert_non_null(site.claim);
        assert_true(site.now_ms <= 1200 + 2000);
        release(&site);
    }
}

static void test_answer_that_comes_soon_is_waited_for(void **state)
{
    (void)state;
    for (int by_signal = 0; by_signal < 2; by_signal++) {
        struct site site;
        stop_at_suite(1500, by_signal, &site);
        assert_int_equal(count_deletions(&site), 1);
        assert_null(site.claim);
        release(&site);
    }
}

/* A gateway has lost its patience with the first creation of that kind, whose path is in site->slow. */
static int give_up_once(struct site *site, const struct request *request)
{
    bool wanted = request->method == HTTP_POST && strstr(request->path, site->slow);
    return wanted && site->troubles++ == 0 ? 504 : 0;
}

static int give_up_and_stop(struct site *site, const struct request *request)
{
    site->stop |= site->troubles > 0;
    return give_up_once(site, request);
}

static const char *const creations[] = {"/test-cycles?", "parentType=test-cycle", "/modules"};

static void test_what_may_still_be_made_is_not_made_again_before_settle(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(creations); i++) {
        struct site site = {
            .last_id = 100, .trouble = give_up_once, .slow = creations[i], .slow_ms = LATENCY_MS};
        struct sync_outcome outcome;
        upload_to(&site, 1, &outcome);
        size_t first = 0;
        while (first < site.count && site.sent[first].status != 504)
            first++;
        size_t again = first + 1;
        while (again < site.count && (site.sent[again].method != HTTP_POST ||
                                      strcmp(site.sent[again].path, site.sent[first].path) != 0))
            again++;
        assert_true(again < site.count);
        int64_t apart_ms = site.sent[again].sent_ms - site.sent[first].sent_ms;
        assert_in_range(apart_ms, 120000, 130000);
        assert_int_equal(outcome.counts.confirmed, 1);
        sync_outcome_release(&outcome);
        release(&site);
    }
}

static void test_claim_stays_when_stopped_after_an_unclear_creation(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(creations); i++) {
        struct site site = {
            .last_id = 100, .trouble = give_up_and_stop, .slow = creations[i], .slow_ms = LATENCY_MS};
        struct sync_outcome outcome;
        upload_to(&site, 1, &outcome);
        assert_int_equal(outcome.counts.spooled, 1);
        assert_int_equal(count_deletions(&site), 0);
        sync_outcome_release(&outcome);
        release(&site);
    }
}

static int refuse_creation(struct site *site, const struct request *request)
{
    return request->method == HTTP_POST && strstr(request->path, site->slow) ? 403 : 0;
}

/* Nothing can come of it any more. */
static void test_claim_is_given_back_when_a_creation_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(creations); i++) {
        struct site site = {
            .last_id = 100, .trouble = refuse_creation, .slow = creations[i], .slow_ms = LATENCY_MS};
        struct sync_outcome outcome;
        upload_to(&site, 1, &outcome);
        assert_int_equal(outcome.error.code, ERR_ACCESS);
        assert_int_equal(count_deletions(&site), 1);
        sync_outcome_release(&outcome);
        release(&site);
    }
}

/* Also while its deletion waits until lists show what was made, which takes as long as they took to show it.
 */
static void test_claim_that_was_slow_is_given_back_at_any_time(void **state)
{
    (void)state;
    for (int64_t budget_ms = 1700; budget_ms < 8000; budget_ms += 100) {
        struct site site = {.last_id = 100, .slow = "parentId=0&", .slow_ms = 1500};
        struct sync_outcome outcome;
        upload_to_within(&site, 1, budget_ms, &outcome);
        if (site.claim && outcome.counts.confirmed == 1)
            fail_msg("%d ms in all: everything is in, and the claim is left", (int)budget_ms);
        sync_outcome_release(&outcome);
        release(&site);
    }
}

/* Its results never show: nothing of them is in the lists. */
static int forget_jobs(struct site *site, const struct request *request)
{
    (void)site;
    return strstr(request->path, "/queue-processing/") ? 404 : 0;
}

/* settle_ms is 120,000: there is time to prove that the first try left nothing, and none for a second. */
static void test_what_cannot_be_proved_in_time_is_not_sent_again(void **state)
{
    (void)state;
    struct site site = {.last_id = 100, .trouble = forget_jobs};
    struct sync_outcome outcome;
    upload_to_within(&site, 1, 200000, &outcome);
    assert_int_equal(count_submissions(&site), 1);
    assert_int_equal(outcome.status, SYNC_STATUS_FAILED);
    assert_int_equal(outcome.counts.spooled, 1);
    assert_null(site.claim);
    sync_outcome_release(&outcome);
    release(&site);
}

static void test_what_vanished_twice_is_refused(void **state)
{
    (void)state;
    struct site site = {.last_id = 100, .trouble = forget_jobs};
    struct sync_outcome outcome;
    upload_to(&site, 1, &outcome);
    assert_int_equal(count_submissions(&site), 2);
    assert_int_equal(outcome.counts.refused, 1);
    assert_null(site.claim);
    sync_outcome_release(&outcome);
    release(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_submission_that_waits_does_not_go_out_without_claim),
        cmocka_unit_test(test_nothing_is_created_without_claim),
        cmocka_unit_test(test_claim_that_was_silent_for_too_long_is_made_anew),
        cmocka_unit_test(test_sign_of_life_without_answer_is_given_again),
        cmocka_unit_test(test_sign_of_life_does_not_wait_behind_jobs),
        cmocka_unit_test(test_results_that_qtest_had_no_time_for_are_not_uncertain),
        cmocka_unit_test(test_claim_whose_creation_was_not_answered_is_given_back),
        cmocka_unit_test(test_claim_of_an_earlier_run_goes_when_all_is_in),
        cmocka_unit_test(test_claim_of_an_earlier_run_stays_on_the_way_out),
        cmocka_unit_test(test_claim_stays_where_a_creation_may_still_be_done),
        cmocka_unit_test(test_answer_that_comes_soon_is_waited_for),
        cmocka_unit_test(test_what_may_still_be_made_is_not_made_again_before_settle),
        cmocka_unit_test(test_claim_stays_when_stopped_after_an_unclear_creation),
        cmocka_unit_test(test_claim_is_given_back_when_a_creation_is_refused),
        cmocka_unit_test(test_claim_that_was_slow_is_given_back_at_any_time),
        cmocka_unit_test(test_what_cannot_be_proved_in_time_is_not_sent_again),
        cmocka_unit_test(test_what_vanished_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
