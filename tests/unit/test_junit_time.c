/* Times and time stamps in every form of docs/formats.md 3.5. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/time.h"
#include "report/junit_time.h"

#define BAD  JUNIT_TIME_BAD
#define NONE JUNIT_TIME_NONE
#define OK   JUNIT_TIME_OK
#define NEG  JUNIT_TIME_NEGATIVE

static const struct {
    const char *text;
    enum junit_time how;
    int64_t ms;
} durations[] = {
    {"0.123", OK, 123},
    {"12", OK, 12000},
    {"12.", OK, 12000},
    {".5", OK, 500},
    {" 1.5\n", OK, 1500},
    {"+1.5", OK, 1500},
    {"1.7e-05", OK, 0},
    {"1.2E1", OK, 12000},
    {"1e+2", OK, 100000},
    {"0.000499999999999", OK, 0},
    {"0.0005", OK, 1},
    {"1.0005", OK, 1001},
    {"0.123456789012345", OK, 123},
    {"45.984125999999996", OK, 45984},
    {"00000000000000000000000000000012.5", OK, 12500},
    {"1,234.56", OK, 1234560},
    {"12,345,678.9", OK, 12345678900},
    {"1,234", OK, 1234000},
    {"0,014", OK, 14},
    {"0,5", OK, 500},
    {"12,34", OK, 12340},
    {",5", OK, 500},
    {"0,123e1", OK, 1230},
    {"00:00:01", OK, 1000},
    {"0:00:01.5", OK, 1500},
    {"1.02:03:04.567", OK, 93784567},
    {"0", OK, 0},
    {"-0.0", OK, 0},
    {"-1.5", NEG, 0},
    {"NaN", NEG, 0},
    {"-Infinity", NEG, 0},
    {"inf", NEG, 0},
    {"", NONE, TIME_NONE},
    {"  ", NONE, TIME_NONE},
    {"time", BAD, TIME_NONE},
    {"x.x.x.x", BAD, TIME_NONE},
    {"1.2.3", BAD, TIME_NONE},
    {"o99,999.881", BAD, TIME_NONE},
    {"<<computed>>", BAD, TIME_NONE},
    {"1e", BAD, TIME_NONE},
    {"e5", BAD, TIME_NONE},
    {".", BAD, TIME_NONE},
    {"-", BAD, TIME_NONE},
    {"1s", BAD, TIME_NONE},
    {"00:61:00", BAD, TIME_NONE},
    {"1:2", BAD, TIME_NONE},
    {"228741708", OK, 228741708000},
    {"3.2e9", OK, 3200000000000},
    {"1e30", OK, JUNIT_DURATION_MAX_MS},
    {"99999999999999999999", OK, JUNIT_DURATION_MAX_MS},
    {"999999999.00:00:00", OK, JUNIT_DURATION_MAX_MS},
    {"1e-99999999999", OK, 0},
};

static void test_durations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        int64_t ms;
        enum junit_time how = junit_parse_duration(durations[i].text, strlen(durations[i].text), &ms);
        if (how != durations[i].how || ms != durations[i].ms)
            fail_msg("'%s' gave %d, %lld ms", durations[i].text, (int)how, (long long)ms);
    }
}

static const struct {
    const char *text;
    const char *iso; /* NULL: none */
    enum junit_time how;
} instants[] = {
    {"2024-01-03T12:27:44Z", "2024-01-03T12:27:44.000Z", OK},
    {"2024-01-03T12:27:44", "2024-01-03T12:27:44.000Z", OK},
    {"2017-01-01 10:00:00Z", "2017-01-01T10:00:00.000Z", OK},
    {"2024-08-27T05:12:38.392Z", "2024-08-27T05:12:38.392Z", OK},
    {"2020-09-04T16:18:04.966371", "2020-09-04T16:18:04.966Z", OK},
    {"2021-04-01T10:52:37-08:00", "2021-04-01T18:52:37.000Z", OK},
    {"2021-04-01T10:52:37.000-08:00", "2021-04-01T18:52:37.000Z", OK},
    {"2021-04-01 10:52:37 +0200", "2021-04-01T08:52:37.000Z", OK},
    {"Sat, 02 Dec 2017 10:00:00 GMT", "2017-12-02T10:00:00.000Z", OK},
    {"1 Jun 2018 10:00:00 GMT", "2018-06-01T10:00:00.000Z", OK},
    {"2021-06-24T18:43:25 UTC", "2021-06-24T18:43:25.000Z", OK},
    {"2020-01-02T 12:40:13", "2020-01-02T12:40:13.000Z", OK},
    {"2020-01-02", NULL, NONE},
    {" 2020-01-02 ", NULL, NONE},
    {"2020-13-02", NULL, BAD},
    {"1528000000", "2018-06-03T04:26:40.000Z", OK},
    {"1528000000123", "2018-06-03T04:26:40.123Z", OK},
    {"1528000000.5", "2018-06-03T04:26:40.500Z", OK},
    {" 2020-01-02T03:04:05 ", "2020-01-02T03:04:05.000Z", OK},
    {"", NULL, NONE},
    {"0001-01-01T00:00:00Z", NULL, NONE},
    {"1970-01-01T00:00:00Z", NULL, NONE},
    {"1970-01-01T00:00:12", NULL, NONE},
    {"1969-12-31T23:00:00", NULL, NONE},
    {"1970-01-01T01:00:00+01:00", NULL, NONE},
    {"Thu, 01 Jan 1970 00:00:00 GMT", NULL, NONE},
    {"1528000000123456", "2018-06-03T04:26:40.123Z", OK},
    {"1528000000123456789", "2018-06-03T04:26:40.123Z", OK},
    {"253402300799999", NULL, NONE},
    {"999999999999999", NULL, BAD},
    {"15280000001234567890", NULL, BAD},
    {"9999-12-31T23:59:59.9999999", NULL, NONE},
    {"9999-12-31T00:00:00+14:00", NULL, NONE},
    {"9999-12-31T23:59:59-12:00", NULL, NONE},
    {"Fri, 31 Dec 9999 23:59:59 GMT", NULL, NONE},
    {"9999-12-29T23:59:59Z", "9999-12-29T23:59:59.000Z", OK},
    {"YYYY-MM-DDTHH:MM:SS", NULL, BAD},
    {"2020-13-01T00:00:00", NULL, BAD},
    {"yesterday", NULL, BAD},
    {"12", NULL, BAD},
    {"2020-01-02T03:04:05 Europe/Berlin", NULL, BAD},
};

static void test_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        struct time_stamp stamp;
        enum junit_time how = junit_parse_instant(instants[i].text, strlen(instants[i].text), &stamp);
        if (how != instants[i].how)
            fail_msg("'%s' gave %d", instants[i].text, (int)how);
        if (!instants[i].iso) {
            assert_true(stamp.ms == TIME_NONE);
            continue;
        }
        char iso[TIME_TEXT_SIZE];
        time_format_iso(stamp.ms, iso);
        assert_string_equal(iso, instants[i].iso);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
