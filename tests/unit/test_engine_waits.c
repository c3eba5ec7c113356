/* What the engine does side by side, and how late it sees the end of a job: against a qTest that is empty,
 * answers each call after the same time, and runs its jobs one after another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine_site.h"

static void upload(struct site *site, int folders)
{
    struct sync_outcome outcome;
    upload_to(site, folders, &outcome);
    assert_int_equal(outcome.status, SYNC_STATUS_DONE);
    assert_int_equal(outcome.counts.confirmed, folders);
    sync_outcome_release(&outcome);
}

/* When the number-th call whose path begins so went out, -1: never. */
static int64_t sent_at(const struct site *site, const char *path, size_t number)
{
    for (size_t i = 0; i < site->count; i++)
        if (strncmp(site->sent[i].path, path, strlen(path)) == 0 && number-- == 0)
            return site->sent[i].sent_ms;
    return -1;
}

static void test_modules_are_made_beside_cycle_and_suites(void **state)
{
    (void)state;
    struct site site = {.last_id = 100};
    upload(&site, 3);
    int64_t cycle_ms = sent_at(&site, PROJECT "/test-cycles", 1); /* the first is the list */
    assert_true(cycle_ms > 0);
    assert_int_equal(sent_at(&site, PROJECT "/modules", 0), cycle_ms - LATENCY_MS);
    assert_int_equal(sent_at(&site, PROJECT "/modules", 1), cycle_ms);
    assert_int_equal(sent_at(&site, PROJECT "/test-suites?parentId=0", 0), 2 * LATENCY_MS); /* the claim */
    for (size_t i = 2; i < 5; i++)
        assert_int_equal(sent_at(&site, PROJECT "/modules", i), cycle_ms + LATENCY_MS);
    assert_int_equal(sent_at(&site, "/api/v3.1/projects/77/test-runs", 0), cycle_ms + 2 * LATENCY_MS);
    release(&site);
}

static void test_end_of_a_long_line_of_jobs_is_seen_soon(void **state)
{
    (void)state;
    enum { JOBS = 30 };
    struct site site = {.last_id = 100};
    upload(&site, JOBS);
    int64_t seen_ms = -1;
    for (size_t i = 0; i < site.count; i++)
        if (strstr(site.sent[i].path, "/queue-processing/"))
            seen_ms = site.sent[i].sent_ms + LATENCY_MS;
    assert_true(site.last_job_end_ms >= JOBS * JOB_MS);
    assert_true(seen_ms - site.last_job_end_ms <= JOB_MS / 2);
    assert_true(site.count < 20 * JOBS); /* polls and all */
    release(&site);
}

static int throttle_all(struct site *site, const struct request *request)
{
    (void)site;
    (void)request;
    return 429;
}

static void test_site_that_is_always_busy_is_asked_ever_more_seldom(void **state)
{
    (void)state;
    static const char *const forms[] = {"0", "1"};
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        struct site site = {.last_id = 100, .trouble = throttle_all, .retry_after = forms[i]};
        struct sync_outcome outcome;
        upload_to_within(&site, 1, 60000, &outcome);
        assert_in_range(site.count, 4, 7);
        assert_in_range(site.sent[1].sent_ms, 1000, 2 * 1000);
        assert_in_range(site.sent[3].sent_ms - site.sent[2].sent_ms, 3 * 1000, 60 * 1000);
        assert_int_equal(outcome.error.code, ERR_NETWORK);
        assert_non_null(strstr(outcome.error.text, "429"));
        sync_outcome_release(&outcome);
        release(&site);
    }
}

static int throttle_a_few(struct site *site, const struct request *request)
{
    (void)request;
    return site->troubles++ < 2 ? 429 : 0;
}

static void test_site_that_asks_for_a_longer_wait_gets_it(void **state)
{
    (void)state;
    struct site site = {.last_id = 100, .trouble = throttle_a_few, .retry_after = "7"};
    upload(&site, 1);
    assert_int_equal(site.sent[1].sent_ms, LATENCY_MS + 7000);
    assert_int_equal(site.sent[2].sent_ms, 2 * (LATENCY_MS + 7000));
    assert_true(site.now_ms < 20000);
    release(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules_are_made_beside_cycle_and_suites),
        cmocka_unit_test(test_end_of_a_long_line_of_jobs_is_seen_soon),
        cmocka_unit_test(test_site_that_is_always_busy_is_asked_ever_more_seldom),
        cmocka_unit_test(test_site_that_asks_for_a_longer_wait_gets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
