/* TestProject's words: results, instants, durations, numbers, and the total that two ratios give. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>

#include "base/time.h"
#include "report/testproject_steps.h"
#include "report/testproject_words.h"

static void test_results_in_any_case(void **state)
{
    (void)state;
    enum result_status status;
    assert_int_equal(testproject_result_word("pASSED", &status, NULL), WORD_KNOWN);
    assert_int_equal(status, RESULT_PASSED);
    assert_int_equal(testproject_result_word("\tError ", &status, NULL), WORD_KNOWN);
    assert_int_equal(status, RESULT_ERROR);
    assert_int_equal(testproject_result_word("Executing", &status, NULL), WORD_UNFINISHED);
    assert_int_equal(status, RESULT_SKIPPED);
    assert_int_equal(testproject_result_word("", &status, NULL), WORD_UNKNOWN);
    assert_int_equal(testproject_result_word("No Result", &status, NULL), WORD_KNOWN);
    assert_int_equal(status, RESULT_SKIPPED);
    assert_int_equal(testproject_result_word("Unknown", &status, NULL), WORD_UNKNOWN);
    assert_int_equal(testproject_result_word("Passed!", &status, NULL), WORD_UNKNOWN);
    assert_int_equal(testproject_result_word("Pas", &status, NULL), WORD_UNKNOWN);
    assert_int_equal(status, RESULT_SKIPPED);
}

static void assert_duration(const char *text, int64_t unit_ms, int64_t expected)
{
    int64_t ms = TIME_NONE;
    bool good = testproject_duration(text, unit_ms, &ms);
    assert_int_equal(good, expected != TIME_NONE);
    assert_int_equal(ms, expected);
}

static void test_durations(void **state)
{
    (void)state;
    assert_duration("00:01:02.345", 1, 62345);
    assert_duration("00:01:02.3456789", 1, 62345);
    assert_duration("00:01:02", 1, 62000);
    assert_duration("00:01:02.5", 1, 62500);
    assert_duration("1.00:00:00", 1, 86400000);
    assert_duration("25:00:00", 1, 90000000);
    assert_duration("0:00:31:899", 1, 31899);
    assert_duration("13.990s", 1, 13990);
    assert_duration("13.990 s", 1, 13990);
    assert_duration("250ms", 1000, 250);
    assert_duration("1.5", 1000, 1500);
    assert_duration("1,5", 1000, 1500);
    assert_duration("1500.9", 1, 1500);
    assert_duration("0", 1, 0);
    assert_duration(" 7 ", 1, 7);
}

static void test_what_is_no_duration(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "-1",
        "-00:00:01",
        "00:01",
        "00:61:00",
        "00:00:61",
        "::",
        "1:2:3:1000",
        "1.2.3",
        "1m",
        "abc",
        "1e3",
        "NaN",
        "00:00:01x",
        "10001.00:00:00",
        "99999999999999999999",
        "999999999999",
        "1.2:3",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_duration(texts[i], 1000, TIME_NONE);
}

static void assert_instant(const char *text, bool good, int64_t expected)
{
    struct time_stamp stamp;
    assert_int_equal(testproject_instant(text, &stamp), good);
    assert_int_equal(stamp.ms, expected);
}

static void test_instants(void **state)
{
    (void)state;
    assert_instant("1971-01-01T00:00:01.5Z", true, 31536001500);
    assert_instant("1971-01-01T00:00:01.1234567Z", true, 31536001123);
    assert_instant("1971-01-01 00:00:01", true, 31536001000);
    assert_instant("1971-01-01T01:00:00+01:00", true, 31536000000);
    assert_instant("1970-01-01T00:00:00Z", true, TIME_NONE);
    assert_instant("1970-01-01T01:00:00", true, TIME_NONE);
    assert_instant("1969-12-31T23:00:00-05:00", true, TIME_NONE);
    assert_instant("0001-01-01T00:00:00Z", true, TIME_NONE);
    assert_instant("0001-12-31T23:59:59-14:00", true, TIME_NONE);
    assert_instant("9999-12-31T23:59:59.9999999Z", true, TIME_NONE);
    assert_instant("9999-12-31T00:00:00+14:00", true, TIME_NONE);
    assert_instant("9999-12-31T23:59:59-14:00", true, TIME_NONE);
    assert_instant("9999-12-29T23:59:59Z", true, 253402127999000);
    assert_instant("253402300799999", true, TIME_NONE);
    assert_instant("253402127999999", true, 253402127999999);
    assert_instant("", true, TIME_NONE);
    assert_instant("1641092645123", true, 1641092645123);
    assert_instant("1641092645", true, 1641092645000);
    assert_instant("1641092645123456", true, 1641092645123);
    assert_instant("1641092645123456789", true, 1641092645123);
    assert_instant("yesterday", false, TIME_NONE);
    assert_instant("2022-02-30T00:00:00Z", false, TIME_NONE);
    assert_instant("999999999999999999", false, TIME_NONE);
    assert_instant("2022-01-01T00:00:00.000000000000000000000000000000000000000000000000000Z", false,
                   TIME_NONE);
}

static void test_decimals(void **state)
{
    (void)state;
    double value = 0;
    assert_true(testproject_decimal("66.6666641", &value));
    assert_true(fabs(value - 66.6666641) < 1e-9);
    assert_true(testproject_decimal("-1,5", &value));
    assert_true(fabs(value + 1.5) < 1e-9);
    assert_true(testproject_decimal(" 100 ", &value));
    assert_false(testproject_decimal("", &value));
    assert_false(testproject_decimal("1.2.3", &value));
    assert_false(testproject_decimal("1e5", &value));
    assert_false(testproject_decimal("-", &value));
    assert_false(testproject_decimal(".", &value));
}

/* The two examples of saved reports, and every pair of whole counts up to 150 steps as single precision gives
 * it: the total found is the number of steps, or a divisor of it that explains both ratios. */
static void test_totals(void **state)
{
    (void)state;
    assert_int_equal(failed_steps_total(88.8888855, 2.77777767, 33, 1), 36);
    assert_int_equal(failed_steps_total(66.6666641, 11.1111107, 3, 1), 9);
    for (int total = 1; total <= 150; total++) {
        for (int failed = 1; failed <= total; failed += 7) {
            int passed = (total - failed) / 2;
            double pass_ratio = (double)((float)passed * 100 / (float)total);
            double fail_ratio = (double)((float)failed * 100 / (float)total);
            int64_t found = failed_steps_total(pass_ratio, fail_ratio, 1, failed);
            assert_true(found > 0);
            assert_int_equal(total % found, 0);
            assert_int_equal(passed * found % total, 0);
            assert_int_equal(failed_steps_total(pass_ratio, fail_ratio, total, failed), total);
        }
    }
}

static void test_no_total(void **state)
{
    (void)state;
    assert_int_equal(failed_steps_total(-1, 10, 1, 1), 0);
    assert_int_equal(failed_steps_total(90, -1, 1, 1), 0);
    assert_int_equal(failed_steps_total(100, 0, 1, 1), 0);
    assert_int_equal(failed_steps_total(60, 50, 1, 1), 0);
    assert_int_equal(failed_steps_total(12.3456, 1.2345, 1, 1), 0);
    assert_int_equal(failed_steps_total(50, 50, 33, 1), 0);
    assert_int_equal(failed_steps_total(50, 50, 1000000, 500000), 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_in_any_case),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_what_is_no_duration),
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_no_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
