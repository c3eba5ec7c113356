/* What an earlier run on this machine left: a job that is still in the queue is waited for, however many runs
 * that takes, but not for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine_site.h"

#define OLD_JOB    50
#define HOUR_MS    (3600 * INT64_C(1000))
#define TIMEOUT_MS 600000

static struct remembered_job old_job = {.id = OLD_JOB, .sent_wall_ms = 0};
static uint64_t old_owner = 0xabc00;
static const struct engine_memory job_memory = {
    .jobs = &old_job, .job_count = 1, .sending_wall_ms = TIME_NONE};
static const struct engine_memory owner_memory = {
    .owners = &old_owner, .owner_count = 1, .sending_wall_ms = TIME_NONE};

static size_t submissions(const struct site *site)
{
    size_t count = 0;
    for (size_t i = 0; i < site->count; i++)
        count += strstr(site->sent[i].path, "/auto-test-logs") != NULL;
    return count;
}

static bool tells(const struct sync_outcome *outcome, const char *words)
{
    for (size_t i = 0; i < outcome->problem_count; i++)
        if (strstr(outcome->problems[i].text, words))
            return true;
    return false;
}

/* The site ends the old job at that time of the upload. */
static void upload_behind(struct site *site, int64_t old_end_ms, struct sync_outcome *ret)
{
    site->last_id = 100;
    site->job_end_ms[OLD_JOB] = old_end_ms;
    upload_to_within(site, 1, TIMEOUT_MS, ret);
}

static void test_nothing_is_sent_behind_a_job_that_has_not_ended(void **state)
{
    (void)state;
    struct site site = {.memory = &job_memory, .wall_ms = HOUR_MS};
    struct sync_outcome outcome;
    upload_behind(&site, INT64_MAX, &outcome);
    assert_int_equal(submissions(&site), 0);
    assert_int_equal(outcome.counts.spooled, 1);
    assert_non_null(strstr(outcome.error.text, "job of an earlier upload has not ended"));
    assert_true(site.uncertain); /* the next run must know of the job too */
    sync_outcome_release(&outcome);
    release(&site);
}

static void test_when_it_has_ended_the_upload_goes_on(void **state)
{
    (void)state;
    struct site site = {.memory = &job_memory, .wall_ms = HOUR_MS};
    struct sync_outcome outcome;
    upload_behind(&site, 60000, &outcome);
    assert_int_equal(submissions(&site), 1);
    assert_true(site.now_ms > 60000);
    assert_int_equal(outcome.status, SYNC_STATUS_DONE);
    assert_false(site.uncertain);
    assert_false(tells(&outcome, "job"));
    sync_outcome_release(&outcome);
    release(&site);
}

static void test_a_job_of_yesterday_is_given_up_and_named(void **state)
{
    (void)state;
    struct site site = {.memory = &job_memory, .wall_ms = 25 * HOUR_MS};
    struct sync_outcome outcome;
    upload_behind(&site, INT64_MAX, &outcome);
    assert_int_equal(submissions(&site), 1);
    assert_int_equal(outcome.status, SYNC_STATUS_DONE);
    assert_true(tells(&outcome, "job 50 of an earlier upload"));
    assert_false(site.uncertain);
    sync_outcome_release(&outcome);
    release(&site);
}

static int throttle_all(struct site *site, const struct request *request)
{
    (void)request;
    site->stop = true;
    return 429;
}

static void test_a_run_that_came_to_nothing_forgets_no_claim(void **state)
{
    (void)state;
    struct site site = {.memory = &owner_memory, .trouble = throttle_all};
    struct sync_outcome outcome;
    upload_behind(&site, 0, &outcome);
    assert_int_equal(outcome.counts.spooled, 1);
    assert_true(site.uncertain);
    sync_outcome_release(&outcome);
    release(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_sent_behind_a_job_that_has_not_ended),
        cmocka_unit_test(test_when_it_has_ended_the_upload_goes_on),
        cmocka_unit_test(test_a_job_of_yesterday_is_given_up_and_named),
        cmocka_unit_test(test_a_run_that_came_to_nothing_forgets_no_claim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
