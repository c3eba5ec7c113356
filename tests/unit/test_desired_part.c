/* Results that are known by themselves, in whatever file they stand: their marks, and logs in qTest that
 * stand for a part of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "report/store.h"
#include "sync/desired.h"

struct fixture {
    struct store store;
    struct report_meta metas[2];
    struct desired_report reports[2];
    struct desired desired;
};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    store_init(&f->store, 1u << 20);
    for (size_t i = 0; i < 2; i++) {
        f->metas[i].format = FORMAT_JUNIT;
        f->metas[i].file = "f";
        f->reports[i] =
            (struct desired_report){.meta = &f->metas[i], .execution_id = i ? "hash 2" : "hash 1"};
    }
}

static void add(struct fixture *f, uint32_t report, enum result_status status, int64_t start_ms)
{
    struct error err = ERROR_INIT;
    const struct test_result result = {
        .name = "t", .status = status, .start_ms = start_ms, .end_ms = TIME_NONE, .duration_ms = 5};
    assert_int_equal(store_add(&f->store, report, &result, &err), 0);
}

static void build(struct fixture *f)
{
    struct error err = ERROR_INIT;
    const struct desired_options options = {.job = "job", .fallback_start_ms = 5000};
    assert_int_equal(desired_build(&f->desired, &f->store, f->reports, 2, &options, &err), 0);
}

static void end(struct fixture *f)
{
    desired_release(&f->desired);
    store_release(&f->store);
}

static uint64_t mark(const struct fixture *f, size_t number)
{
    return store_entry(&f->store, number)->marker;
}

static void test_files_of_an_upload_are_one_execution(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, 0, RESULT_PASSED, 1000);
    add(&f, 1, RESULT_FAILED, 2000);
    add(&f, 1, RESULT_PASSED, 1000);
    build(&f);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(desired_leader(&f.desired, i), 1);
    assert_true(mark(&f, 0) == mark(&f, 2)); /* one result in two files */
    assert_true(mark(&f, 0) != mark(&f, 1));
    end(&f);
}

static void test_without_a_start_the_bytes_are_the_mark(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, 0, RESULT_PASSED, TIME_NONE);
    add(&f, 0, RESULT_PASSED, TIME_NONE);
    add(&f, 1, RESULT_PASSED, TIME_NONE);
    add(&f, 1, RESULT_FAILED, 1000);
    build(&f);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(desired_leader(&f.desired, i), 3);
    assert_true(mark(&f, 0) == mark(&f, 1));
    assert_true(mark(&f, 0) != mark(&f, 2));
    assert_true(mark(&f, 2) != mark(&f, 3));
    struct log_marks named;
    struct error err = ERROR_INIT;
    assert_int_equal(desired_marks(&f.desired, 3, &named, &err), 0);
    assert_int_equal(named.count, 3); /* its own, and one of each file */
    uint64_t marks[] = {mark(&f, 3), mark(&f, 0)};
    assert_int_equal(desired_part(&f.desired, 0, marks, 2), 3);
    assert_int_equal(desired_leader(&f.desired, 1), 3);
    assert_int_equal(desired_leader(&f.desired, 2), 2); /* of the other file */
    end(&f);
}

static void test_a_log_of_a_part_leaves_the_rest_a_log_of_its_own(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, 0, RESULT_FAILED, 1000);
    add(&f, 0, RESULT_PASSED, 2000);
    add(&f, 0, RESULT_SKIPPED, 3000);
    build(&f);
    store_entry(&f.store, 0)->sent = 1;
    uint64_t marks[] = {12345, mark(&f, 0)};
    assert_int_equal(desired_find_marker(&f.desired, marks[1]), 0);
    assert_int_equal(desired_part(&f.desired, 0, marks, 2), 0);
    assert_int_equal(desired_leader(&f.desired, 0), 0);
    assert_int_equal(desired_leader(&f.desired, 1), 2); /* a skipped one is worse */
    assert_int_equal(desired_leader(&f.desired, 2), 2);
    assert_int_equal(store_entry(&f.store, 0)->sent, 0);
    assert_int_equal(store_entry(&f.store, 2)->sent, 1); /* what was sent stood for it as well */
    assert_int_equal(f.desired.merged, 1);
    assert_int_equal(desired_part(&f.desired, 0, marks, 2), 0); /* again: nothing more */
    assert_int_equal(f.desired.merged, 1);
    end(&f);
}

static void test_what_is_settled_is_parted_no_more(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, 0, RESULT_FAILED, 1000);
    add(&f, 0, RESULT_PASSED, 2000);
    build(&f);
    store_entry(&f.store, 0)->outcome = OUTCOME_CONFIRMED;
    uint64_t marks[] = {mark(&f, 1)};
    assert_int_equal(desired_part(&f.desired, 1, marks, 1), 0);
    assert_int_equal(desired_leader(&f.desired, 1), 0);
    end(&f);
}

static void test_more_marks_than_are_named_are_known_together(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = ERROR_INIT;
    begin(&f);
    for (int i = 0; i < 40; i++)
        add(&f, 0, RESULT_PASSED, 1000 * (i / 2 + 1)); /* each row twice */
    build(&f);
    struct log_marks named;
    uint32_t leader = desired_leader(&f.desired, 0);
    assert_int_equal(leader, 38); /* the first of those that start last */
    assert_int_equal(desired_marks(&f.desired, leader, &named, &err), 0);
    assert_int_equal(named.count, NOTE_MARKS_MAX);
    uint64_t marks[NOTE_MARKS_MAX];
    for (size_t i = 0; i < named.count; i++)
        marks[i] = hash128_low(&named.items[i]);
    assert_int_equal(desired_part(&f.desired, 0, marks, NOTE_MARKS_MAX), leader);
    assert_int_equal(f.desired.merged, 39);
    marks[NOTE_MARKS_MAX - 1]++; /* another report had other ones beside these */
    assert_int_equal(desired_part(&f.desired, 0, marks, NOTE_MARKS_MAX), leader);
    assert_int_equal(f.desired.merged, 38);
    assert_int_equal(desired_leader(&f.desired, 39), leader);
    assert_int_equal(desired_leader(&f.desired, 37), 36);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_of_an_upload_are_one_execution),
        cmocka_unit_test(test_without_a_start_the_bytes_are_the_mark),
        cmocka_unit_test(test_a_log_of_a_part_leaves_the_rest_a_log_of_its_own),
        cmocka_unit_test(test_what_is_settled_is_parted_no_more),
        cmocka_unit_test(test_more_marks_than_are_named_are_known_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
