/* By which marks a log in qTest is known for which results: results with a start by their own, also where their
 * execution is named in one of two uploads; a test that had a weaker key before; bytes with and without CI. */
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

struct side {
    struct store store;
    struct report_meta meta;
    struct desired_report report;
    struct desired desired;
    uint64_t marks[NOTE_MARKS_MAX]; /* of the log of its first result */
    size_t count;
};

static struct test_result rows[] = {
    {.name = "t", .class_name = "C", .start_ms = 1000, .end_ms = TIME_NONE, .duration_ms = 5},
    {.name = "t",
     .class_name = "C",
     .status = RESULT_FAILED,
     .start_ms = 2000,
     .end_ms = TIME_NONE,
     .duration_ms = 5},
};

static void send(struct side *side, const struct test_result *results, size_t count,
                 struct desired_report report)
{
    struct error err = ERROR_INIT;
    struct log_marks marks;
    const struct desired_options options = {.job = "job", .fallback_start_ms = 5000};
    memset(side, 0, sizeof *side);
    store_init(&side->store, 1u << 20);
    side->report = report;
    side->report.meta = &side->meta;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(store_add(&side->store, 0, &results[i], &err), 0);
    assert_int_equal(desired_build(&side->desired, &side->store, &side->report, 1, &options, &err), 0);
    assert_int_equal(desired_marks(&side->desired, desired_leader(&side->desired, 0), &marks, &err), 0);
    side->count = marks.count;
    for (size_t i = 0; i < marks.count; i++)
        side->marks[i] = hash128_low(&marks.items[i]);
}

static void end(struct side *side)
{
    desired_release(&side->desired);
    store_release(&side->store);
}

/* How many results of this upload the other's log stands for. */
static size_t finds(struct side *side, const struct side *other)
{
    size_t found = 0;
    for (size_t i = 0; i < other->count; i++) {
        uint32_t number = desired_find_mark(&side->desired, other->marks, other->count, i);
        if (number != INTERN_NONE)
            store_entry(&side->store, desired_part(&side->desired, number, other->marks, other->count))
                ->outcome = OUTCOME_PRESENT;
    }
    for (uint32_t i = 0; i < side->store.count; i++)
        found += store_entry(&side->store, desired_leader(&side->desired, i))->outcome == OUTCOME_PRESENT;
    return found;
}

static void assert_finds(const struct test_result *first, size_t first_count, struct desired_report sent,
                         const struct test_result *second, size_t second_count, struct desired_report now,
                         size_t expected)
{
    struct side before;
    struct side after;
    send(&before, first, first_count, sent);
    send(&after, second, second_count, now);
    assert_int_equal(finds(&after, &before), expected);
    end(&before);
    end(&after);
}

static const struct desired_report by_bytes = {.execution_id = (char[]){"hash"}};
static const struct desired_report named = {.execution_id = (char[]){"X"}, .named = true};
static const struct desired_report another = {.execution_id = (char[]){"Y"}, .named = true};

static void test_an_execution_that_is_named_in_one_of_two_uploads(void **state)
{
    (void)state;
    assert_finds(rows, 2, by_bytes, rows, 2, named, 2);
    assert_finds(rows, 2, named, rows, 2, by_bytes, 2);
    assert_finds(rows, 1, by_bytes, rows, 2, named, 1);
    assert_finds(rows, 2, named, rows, 1, by_bytes, 1);
    assert_finds(rows, 1, named, rows, 2, by_bytes, 1);
}

static void test_two_named_executions_never_meet(void **state)
{
    (void)state;
    assert_finds(rows, 2, named, rows, 2, another, 0);
    assert_finds(rows, 1, named, rows, 2, named, 2); /* its log is that of all its results */
}

static void test_rest_of_a_named_execution_has_its_log(void **state)
{
    (void)state;
    struct side before;
    struct side after;
    send(&before, rows, 1, by_bytes);
    send(&after, rows, 2, named);
    assert_int_equal(finds(&after, &before), 1);
    assert_int_equal(desired_find_marker(&after.desired, store_entry(&after.store, 0)->marker), 1);
    end(&before);
    end(&after);
}

/* Its case is known by the key of a report without ids. */
static void assert_finds_adopted(struct desired_report sent, const struct test_result *with_id,
                                 struct desired_report now, size_t expected)
{
    struct side before;
    struct side after;
    struct error err = ERROR_INIT;
    bool more;
    _cleanup_free_ char *weaker = identity_case_key(&rows[0]);
    send(&before, rows, 1, sent);
    send(&after, with_id, 1, now);
    assert_int_equal(desired_read_weaker(&after.desired, &err), 0);
    assert_int_equal(desired_take_case(&after.desired, weaker, 7), 0);
    assert_int_equal(desired_mark_adopted(&after.desired, &more, &err), 0);
    assert_true(more);
    assert_int_equal(finds(&after, &before), expected);
    assert_int_equal(desired_mark_adopted(&after.desired, &more, &err), 0);
    assert_false(more);
    end(&before);
    end(&after);
}

static void test_by_the_weaker_keys_of_its_test(void **state)
{
    (void)state;
    struct test_result with_id = rows[0];
    with_id.test_id = "7";
    assert_finds_adopted(named, &with_id, named, 1);
    assert_finds_adopted(by_bytes, &with_id, by_bytes, 1);
    assert_finds_adopted(by_bytes, &with_id, named, 1);
    assert_finds_adopted(named, &with_id, another, 0);
    assert_finds(rows, 1, named, &with_id, 1, named, 0); /* qTest does not know the case so */
    assert_finds(&with_id, 1, named, rows, 1, named, 0);
}

static void test_bytes_from_ci_are_found_by_hand_and_not_the_other_way(void **state)
{
    (void)state;
    struct test_result result = rows[0];
    result.start_ms = TIME_NONE;
    const struct desired_report by_hand = {.execution_id = (char[]){"bytes"}};
    const struct desired_report ci = {.execution_id = (char[]){"bytes in job"}, .bytes_id = (char[]){"bytes"}};
    const struct desired_report other_job = {.execution_id = (char[]){"bytes in other job"},
                                             .bytes_id = (char[]){"bytes"}};
    assert_finds(&result, 1, ci, &result, 1, by_hand, 1);
    assert_finds(&result, 1, by_hand, &result, 1, ci, 0);
    assert_finds(&result, 1, ci, &result, 1, other_job, 0);
    assert_finds(&result, 1, ci, &result, 1, ci, 1);
}

static void test_a_duration_counts_as_written_whatever_is_believed_of_it(void **state)
{
    (void)state;
    struct test_result believed = rows[0];
    believed.duration_ms = 13 * 3600 * 1000;
    believed.end_ms = believed.start_ms + believed.duration_ms;
    struct test_result doubted = believed;
    struct test_result longer = believed;
    doubted.end_ms = TIME_NONE;
    longer.duration_ms++;
    assert_finds(&doubted, 1, by_bytes, &believed, 1, by_bytes, 1);
    assert_finds(&believed, 1, by_bytes, &doubted, 1, by_bytes, 1);
    assert_finds(&longer, 1, by_bytes, &believed, 1, by_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_execution_that_is_named_in_one_of_two_uploads),
        cmocka_unit_test(test_two_named_executions_never_meet),
        cmocka_unit_test(test_rest_of_a_named_execution_has_its_log),
        cmocka_unit_test(test_by_the_weaker_keys_of_its_test),
        cmocka_unit_test(test_bytes_from_ci_are_found_by_hand_and_not_the_other_way),
        cmocka_unit_test(test_a_duration_counts_as_written_whatever_is_believed_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
