/* Integers that a double cannot hold survive json_parse wherever they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

static void check_at(int padding, const char *digits, int64_t expected)
{
    _cleanup_free_ char *text = xasprintf("{\"pad\":\"%.*s\",\"id\":%s}", padding,
                                          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", digits);
    _cleanup_(json_delete) cJSON *value = json_parse(text, strlen(text));
    int64_t id = 0;
    assert_non_null(value);
    assert_true(json_int64(value, "id", &id));
    assert_int_equal(id, expected);
}

static void test_long_integers_are_exact_at_every_place(void **state)
{
    (void)state;
    for (int padding = 0; padding < 40; padding++) {
        check_at(padding, "9007199254740993", 9007199254740993);
        check_at(padding, "-9223372036854775808", INT64_MIN);
        check_at(padding, "123456789012345", 123456789012345);
        check_at(padding, "7", 7);
    }
}

static void test_digits_in_strings_stay_text(void **state)
{
    (void)state;
    static const char text[] = "{\"hex\":\"0123456789012345678901234567890\\\"12345678901234567890\",\"n\":1}";
    _cleanup_(json_delete) cJSON *value = json_parse(text, sizeof text - 1);
    assert_string_equal(json_text(value, "hex"), "0123456789012345678901234567890\"12345678901234567890");
}

static void test_something_after_the_value_is_refused(void **state)
{
    (void)state;
    assert_null(json_parse("{} x", 4));
    assert_null(json_parse("{\"a\":1234567890123456789} x", 27));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_integers_are_exact_at_every_place),
        cmocka_unit_test(test_digits_in_strings_stay_text),
        cmocka_unit_test(test_something_after_the_value_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
