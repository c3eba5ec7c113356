/* Which instant a civil time means: in fixed, named and the machine's zones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "base/zone.h"

static int64_t civil(const char *text)
{
    int64_t ms;
    assert_true(time_parse_iso(text, &ms, NULL));
    return ms;
}

struct row {
    const char *zone;
    const char *civil;
    const char *instant;
};

static void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct zone zone;
        char text[TIME_TEXT_SIZE];
        if (!zone_parse(rows[i].zone, &zone))
            fail_msg("'%s' is no zone", rows[i].zone);
        for (int again = 0; again < 2; again++) {
            time_format_iso(zone_instant(&zone, civil(rows[i].civil)), text);
            if (strncmp(text, rows[i].instant, strlen(rows[i].instant)) != 0)
                fail_msg("%s in %s gave %s, not %s", rows[i].civil, rows[i].zone, text, rows[i].instant);
        }
    }
    zone_leave();
}

static void test_fixed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"UTC", "2026-07-01T12:00:00", "2026-07-01T12:00:00"},
        {"utc", "2026-07-01T12:00:00", "2026-07-01T12:00:00"},
        {"Z", "2026-07-01T12:00:00", "2026-07-01T12:00:00"},
        {"+02:00", "2026-07-01T12:00:00", "2026-07-01T10:00:00"},
        {"+0200", "2026-07-01T12:00:00", "2026-07-01T10:00:00"},
        {"+02", "2026-07-01T12:00:00", "2026-07-01T10:00:00"},
        {"-05:00", "2026-07-01T22:00:00", "2026-07-02T03:00:00"},
        {"-0330", "2026-07-01T12:00:00", "2026-07-01T15:30:00"},
        {"+05:45", "2026-07-01T12:00:00.250", "2026-07-01T06:15:00.250"},
        {"+14:00", "2026-01-01T00:00:00", "2025-12-31T10:00:00"},
        {"-12:00", "2025-12-31T23:30:00", "2026-01-01T11:30:00"},
        {"-00:00", "2026-07-01T12:00:00", "2026-07-01T12:00:00"},
    };
    assert_rows(rows, sizeof rows / sizeof rows[0]);
}

static void test_named(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Europe/Berlin", "2026-01-15T12:00:00", "2026-01-15T11:00:00"},
        {"Europe/Berlin", "2026-07-15T12:00:00", "2026-07-15T10:00:00"},
        /* clocks go from 02:00 to 03:00 */
        {"Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"},
        {"Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00"},
        {"Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"},
        /* and from 03:00 to 02:00: of two, the first */
        {"Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59"},
        {"Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00"},
        {"Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"},
        {"Europe/Berlin", "2026-10-25T14:00:00", "2026-10-25T13:00:00"},
        {"Europe/Berlin", "2026-10-24T14:00:00", "2026-10-24T12:00:00"},
        {"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00"},
        {"America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00"},
        {"America/Sao_Paulo", "2026-07-01T12:00:00", "2026-07-01T15:00:00"},
        {"Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00"}, /* half an hour back */
        {"Australia/Lord_Howe", "2026-04-05T02:15:00", "2026-04-04T15:45:00"},
        {"Australia/Sydney", "2026-01-01T12:00:00", "2026-01-01T01:00:00"},
        {"America/St_Johns", "2010-03-14T00:00:30", "2010-03-14T03:30:30"}, /* a minute past midnight */
        {"America/St_Johns", "2010-03-14T01:30:00", "2010-03-14T04:00:00"},
        {"Asia/Kolkata", "2026-07-01T12:00:00", "2026-07-01T06:30:00"},
        {"Asia/Kathmandu", "2026-07-01T12:00:00", "2026-07-01T06:15:00"},
        {"Asia/Tokyo", "2026-07-01T12:00:00", "2026-07-01T03:00:00"},
        {"Pacific/Kiritimati", "2026-07-01T12:00:00", "2026-06-30T22:00:00"},
        {"Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00"}, /* there was no 30th */
        {"Etc/GMT+12", "2026-07-01T12:00:00", "2026-07-02T00:00:00"},
    };
    if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0)
        skip();
    assert_rows(rows, sizeof rows / sizeof rows[0]);
}

static void test_what_is_no_zone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " UTC",
        "CEST",
        "UTC+2",
        "GMT+02:00",
        "+2",
        "+2:00",
        "2:00",
        "02:00",
        "+14:01",
        "+15:00",
        "-23:00",
        "+02:60",
        "+02:0",
        "+02:000",
        "+02:00 ",
        "+02-00",
        "Europe/Berlinx",
        "europe/berlin",
        "Europe",
        "Europe/",
        "/etc/localtime",
        "/usr/share/zoneinfo/Europe/Berlin",
        "../zoneinfo/Europe/Berlin",
        "Europe/../Europe/Berlin",
        "./Europe/Berlin",
        "zone.tab",
        "tzdata.zi",
        "Europe/Berlin\n",
        "CET-1CEST,M3.5.0,M10.5.0",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct zone zone;
        if (zone_parse(texts[i], &zone))
            fail_msg("'%s' was taken", texts[i]);
    }
}

static void set_tz(const char *tz)
{
    setenv("TZ", tz, 1);
    tzset();
}

/* A named zone stands in for the machine's, which comes back in between and in the end. */
static void test_the_machine_has_its_zone_again(void **state)
{
    (void)state;
    struct zone local;
    struct zone tokyo;
    int64_t noon = civil("2026-07-01T12:00:00");
    set_tz("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_true(zone_parse("local", &local));
    assert_true(zone_instant(&local, noon) == civil("2026-07-01T10:00:00"));
    assert_true(zone_instant(&local, civil("2026-01-01T12:00:00")) == civil("2026-01-01T11:00:00"));
    if (!zone_parse("Asia/Tokyo", &tokyo))
        skip();
    assert_true(zone_instant(&tokyo, noon) == civil("2026-07-01T03:00:00"));
    assert_true(zone_instant(&local, noon) == civil("2026-07-01T10:00:00"));
    assert_true(zone_instant(&tokyo, noon + 3600000) == civil("2026-07-01T04:00:00"));
    assert_string_not_equal(getenv("TZ"), "CET-1CEST,M3.5.0,M10.5.0/3");
    zone_leave();
    assert_string_equal(getenv("TZ"), "CET-1CEST,M3.5.0,M10.5.0/3");
    unsetenv("TZ");
    tzset();
    assert_true(zone_instant(&tokyo, noon) == civil("2026-07-01T03:00:00"));
    zone_leave();
    assert_null(getenv("TZ"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed),
        cmocka_unit_test(test_named),
        cmocka_unit_test(test_what_is_no_zone),
        cmocka_unit_test(test_the_machine_has_its_zone_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
