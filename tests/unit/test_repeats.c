/* Repeated results of one report: found by the test's identity and target, and never by more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/memory.h"
#include "report/repeats.h"

static const char *const folders[] = {"Shop", "Basket"};

static void test_what_is_another_test(void **state)
{
    (void)state;
    const struct test_result others[] = {
        {.name = "pay", .class_name = "a.B", .target = "Chrome 1"},
        {.name = "pay", .class_name = "a.B", .target = "Chrome 2"},
        {.name = "pay", .class_name = "a.B"},
        {.name = "pay", .class_name = "a.C", .target = "Chrome 1"},
        {.name = "payB", .class_name = "a.", .target = "Chrome 1"},
        {.name = "pay", .folders = folders, .folder_count = 1, .target = "Chrome 1"},
        {.name = "pay", .folders = folders, .folder_count = 2, .target = "Chrome 1"},
        {.name = "pay", .test_id = "1", .target = "Chrome 1"},
        {.name = "pay", .test_id = "2", .target = "Chrome 1"},
        {.name = "pay the bill of a very long name", .class_name = "a.B", .target = "Chrome 1"},
    };
    struct repeats_seen seen = REPEATS_SEEN_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_false(repeats_look(&seen, &others[i]));
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_true(repeats_look(&seen, &others[i]));
    repeats_seen_release(&seen);
}

static void test_an_id_is_stronger_than_the_name(void **state)
{
    (void)state;
    struct repeats_seen seen = REPEATS_SEEN_INIT;
    assert_false(repeats_look(&seen, &(struct test_result){.name = "pay", .test_id = "1"}));
    assert_true(repeats_look(&seen, &(struct test_result){.name = "pay by card", .test_id = "1"}));
    repeats_seen_release(&seen);
}

static void test_rows_of_data_are_no_repeats(void **state)
{
    (void)state;
    struct repeats_seen seen = REPEATS_SEEN_INIT;
    for (int64_t row = 1; row < 4; row++)
        assert_false(repeats_look(&seen, &(struct test_result){.name = "pay", .iteration = row}));
    repeats_seen_release(&seen);
}

static int64_t looked_up_again(struct repeats_seen *seen, int count)
{
    int64_t repeated = 0;
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "test %d", i);
        repeated += repeats_look(seen, &(struct test_result){.name = name});
    }
    return repeated;
}

static void test_memory_is_bounded(void **state)
{
    (void)state;
    struct repeats_seen seen = REPEATS_SEEN_INIT;
    assert_int_equal(looked_up_again(&seen, REPEATS_TESTS_MAX - 1), 0);
    assert_int_equal(looked_up_again(&seen, REPEATS_TESTS_MAX - 1), REPEATS_TESTS_MAX - 1);
    assert_false(repeats_look(&seen, &(struct test_result){.name = "one more"}));
    uint32_t slots = seen.slot_count;
    assert_int_equal(looked_up_again(&seen, 3 * REPEATS_TESTS_MAX), 0);
    assert_int_equal(seen.slot_count, slots);
    assert_true(slots * sizeof *seen.slots <= 1024 * 1024);
    repeats_seen_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_another_test),
        cmocka_unit_test(test_an_id_is_stronger_than_the_name),
        cmocka_unit_test(test_rows_of_data_are_no_repeats),
        cmocka_unit_test(test_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
