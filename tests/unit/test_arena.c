/* Pieces of an arena stay where they are until the reset, whatever comes after them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void test_pieces_stay_until_reset(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    for (int round = 0; round < 3; round++) {
        char *first = arena_text(&a, "first", 5);
        char *large = arena_take(&a, 100000);
        memset(large, 'x', 100000);
        for (int i = 0; i < 5000; i++)
            memset(arena_take(&a, (size_t)(i % 40)), 'y', (size_t)(i % 40));
        assert_string_equal(first, "first");
        assert_int_equal(large[99999], 'x');
        arena_reset(&a);
    }
    arena_release(&a);
}

static void test_pieces_are_aligned(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    for (size_t size = 0; size < 70; size++)
        assert_int_equal((uintptr_t)arena_take(&a, size) % _Alignof(max_align_t), 0);
    arena_release(&a);
    arena_reset(&a);
    arena_release(&a);
}

static void test_arrays_are_zeroed_and_texts_formatted(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    for (int round = 0; round < 3; round++) {
        assert_null(arena_array(&a, 0, 8));
        int *numbers = arena_array(&a, 100, sizeof *numbers);
        for (int i = 0; i < 100; i++) {
            assert_int_equal(numbers[i], 0);
            numbers[i] = -1;
        }
        assert_string_equal(arena_printf(&a, "%d of %s", round, "three"), round == 0   ? "0 of three"
                                                                          : round == 1 ? "1 of three"
                                                                                       : "2 of three");
        arena_reset(&a);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_stay_until_reset),
        cmocka_unit_test(test_pieces_are_aligned),
        cmocka_unit_test(test_arrays_are_zeroed_and_texts_formatted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
