/* Times that a report writes in another zone or unit than it says: which are moved, which count as unknown,
 * and what is said of it. Every report is read at noon (UTC) of 2026-07-01. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "report_collect.h"

#define NOW      "2026-07-01T12:00:00"
#define BERLIN   "CET-1CEST,M3.5.0,M10.5.0/3" /* two hours before UTC that day */
#define HOUR_MS  INT64_C(3600000)
#define NO_START "without a start would not have ended yet, the first is 'a' with "
#define TOO_LONG "cannot have taken as long as the report says, the first is 'a' with "

struct row {
    const char *report;
    const char *expected; /* "start|end" of each result, "-" when unknown, and a blank between */
    const char *warning;  /* a piece of the only one; NULL: none */
    const char *zone;     /* NULL: UTC */
    const char *tz;       /* the machine's; NULL: UTC */
    const char *pipeline; /* when it began; NULL: not known */
};

static int64_t instant(const char *text)
{
    int64_t ms;
    assert_true(time_parse_iso(text, &ms, NULL));
    return ms;
}

static void put_instant(struct buf *out, int64_t ms)
{
    char text[TIME_TEXT_SIZE];
    time_format_iso(ms == TIME_NONE ? 0 : ms, text);
    text[strcspn(text, ".")] = '\0';
    const char *shown = ms == TIME_NONE ? "-" : text;
    buf_puts(out, text_starts(shown, "2026-07-01T") ? shown + strlen("2026-07-01T") : shown);
}

static int put_result(void *self, const struct test_result *result, struct error *err)
{
    struct buf *out = self;
    (void)err;
    buf_puts(out, out->length ? " " : "");
    put_instant(out, result->start_ms);
    buf_putc(out, '|');
    if (result->end_ms == TIME_NONE && result->start_ms == TIME_NONE && result->duration_ms != TIME_NONE)
        buf_printf(out, "%" PRId64 "ms", result->duration_ms);
    else
        put_instant(out, result->end_ms);
    return 0;
}

static void set_tz(const char *tz)
{
    setenv("TZ", tz ? tz : "UTC", 1);
    tzset();
}

static void assert_warning(const struct row *row, const struct report_meta *meta)
{
    if (!row->warning && meta->warnings.count)
        fail_msg("%s\nwarned '%s'", row->report, meta->warnings.items[0]);
    if (!row->warning)
        return;
    if (meta->warnings.count != 1)
        fail_msg("%s\nwarned %zu times", row->report, meta->warnings.count);
    if (!strstr(meta->warnings.items[0], row->warning))
        fail_msg("%s\nwarned '%s'", row->report, meta->warnings.items[0]);
}

static void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        struct read_options options = {.now_ms = instant(NOW)};
        if (row->zone && !zone_parse(row->zone, &options.zone))
            continue; /* no zones on this machine */
        if (row->pipeline)
            options.fallback_start_ms = instant(row->pipeline);
        set_tz(row->tz);
        _cleanup_(buf_release) struct buf got = BUF_UNBOUNDED;
        const struct report_sink sink = {.self = &got, .result = put_result};
        struct report_meta meta = REPORT_META_INIT;
        struct error err = ERROR_INIT;
        struct report_input in;
        FILE *file = tmpfile();
        assert_non_null(file);
        fputs(row->report, file);
        rewind(file);
        report_input_from_fd(&in, fileno(file), "r");
        if (report_read(&in, &options, &sink, &meta, &err) != 0)
            fail_msg("%s\n%s", row->report, err.text);
        report_input_close(&in);
        fclose(file);
        if (strcmp(buf_text(&got), row->expected) != 0)
            fail_msg("%s\ngave %s\nnot  %s", row->report, buf_text(&got), row->expected);
        assert_warning(row, &meta);
        report_meta_release(&meta);
    }
}

#define SUITE(start, cases) "<testsuite name='s' timestamp='" start "'>" cases "</testsuite>"
#define CASE(name, time)    "<testcase name='" name "' time='" time "'/>"
#define ROWS(rows)          assert_rows(rows, sizeof(rows) / sizeof(rows)[0])

static void test_zones(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SUITE("2026-07-01T08:00:00", CASE("a", "1")), "08:00:00|08:00:01", NULL, NULL, NULL, NULL},
        {SUITE("2026-07-01T08:00:00", CASE("a", "1")), "06:00:00|06:00:01", NULL, "+02:00", NULL, NULL},
        {SUITE("2026-07-01T08:00:00", CASE("a", "1")), "06:00:00|06:00:01", NULL, "Europe/Berlin", NULL,
         NULL},
        {SUITE("2026-07-01T08:00:00", CASE("a", "1")), "06:00:00|06:00:01", NULL, "local", BERLIN, NULL},
        {SUITE("2026-07-01T08:00:00", CASE("a", "1")), "08:00:00|08:00:01", NULL, NULL, BERLIN, NULL},
        {SUITE("2026-07-01T08:00:00Z", CASE("a", "1")), "08:00:00|08:00:01", NULL, "+02:00", BERLIN, NULL},
        {SUITE("2026-07-01T08:00:00-01:00", CASE("a", "1")), "09:00:00|09:00:01", NULL, "+02:00", NULL, NULL},
        {SUITE("2026-07-01T08:00:00 UTC", CASE("a", "1")), "08:00:00|08:00:01", NULL, "+02:00", NULL, NULL},
        {SUITE("Wed, 01 Jul 2026 08:00:00 GMT", CASE("a", "1")), "08:00:00|08:00:01", NULL, "+02:00", NULL,
         NULL},
        {SUITE("1782892800", CASE("a", "1")), "08:00:00|08:00:01", NULL, "+02:00", NULL, NULL},
        {SUITE("1782892800000000", CASE("a", "1")), "08:00:00|08:00:01", NULL, "+02:00", NULL, NULL},
        {SUITE("2026-07-01 08:00:00,5", CASE("a", "1")), "06:00:00|06:00:01", NULL, "+02:00", NULL, NULL},
        {SUITE("2026-06-30T20:00:00Z", "<testcase name='a' time='1' timestamp='2026-07-01T01:00:00'/>"),
         "10:30:00|10:30:01", NULL, "-09:30", NULL, NULL},
        {"{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\",\"executionStart\":\"2026-07-01T08:00:00\","
         "\"executionEnd\":\"2026-07-01T08:00:02\"},{\"name\":\"b\",\"result\":\"Passed\",\"executionStart\":"
         "\"2026-07-01T08:00:00Z\",\"executionEnd\":\"2026-07-01T08:00:02Z\"}]}",
         "06:00:00|06:00:02 08:00:00|08:00:02", NULL, "+02:00", NULL, NULL},
        {"{\"executionStart\":\"2026-07-01T08:00:00\",\"tests\":[{\"name\":\"a\",\"result\":\"Passed\"}]}",
         "06:00:00|-", NULL, "+02:00", NULL, NULL},
        {"{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\",\"executionStart\":1782892800000}]}",
         "08:00:00|-", NULL, "+02:00", NULL, NULL},
    };
    ROWS(rows);
}

static void test_starts_in_the_future(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SUITE("2026-07-01T13:50:00", CASE("a", "1")), "11:50:00|11:50:01",
         "1 time stamp without a time zone is taken as the local time of this machine, since the first, "
         "'2026-07-01T13:50:00', would lie in the future: name their zone with --time-zone",
         NULL, BERLIN, NULL},
        {SUITE("2026-07-01T13:50:00", CASE("a", "1")), "13:50:00|13:50:01",
         "1 start lies in the future, the first is '2026-07-01T13:50:00': sent as written; if that is the "
         "local "
         "time of another place, name it with --time-zone",
         NULL, NULL, NULL},
        {SUITE("2026-07-01T13:50:00Z", CASE("a", "1")), "13:50:00|13:50:01",
         "1 start lies in the future, the first is '2026-07-01T13:50:00Z': sent as written, since it names "
         "its zone",
         NULL, BERLIN, NULL},
        /* a test of ten minutes in Tokyo, told in its own time; and one of nobody knows where */
        {SUITE("2026-07-01T20:45:00", CASE("a", "600")), "20:45:00|20:55:00", "1 start lies in the future",
         NULL, NULL, NULL},
        {SUITE("2026-07-09T20:45:00", CASE("a", "600")), "2026-07-09T20:45:00|2026-07-09T20:55:00",
         "1 start lies in the future", NULL, NULL, NULL},
        {SUITE("2026-07-01T13:50:00", CASE("a", "1")), "11:50:00|11:50:01", NULL, "+02:00", NULL, NULL},
        {SUITE("2026-07-01T19:50:00", CASE("a", "1")), "19:50:00|19:50:01", "1 start lies in the future",
         NULL, BERLIN, NULL},
        {SUITE("2026-07-01T13:50:00", CASE("a", "1")), "18:50:00|18:50:01", "1 start lies in the future",
         "local", "<-05>5", NULL},
        /* a clock that is ahead */
        {SUITE("2026-07-01T12:04:59", CASE("a", "0")), "12:04:59|12:04:59", NULL, NULL, BERLIN, NULL},
        {SUITE("2026-07-01T12:05:01", CASE("a", "0")), "10:05:01|10:05:01", "1 time stamp", NULL, BERLIN,
         NULL},
        /* once one is local, all are */
        {"<testsuites>" SUITE("2026-07-01T13:50:00", CASE("a", "1"))
             SUITE("2026-07-01T11:55:00", CASE("b", "1"))
                 SUITE("2026-07-01T11:40:00Z", CASE("c", "1")) "</testsuites>",
         "11:50:00|11:50:01 09:55:00|09:55:01 11:40:00|11:40:01",
         "2 time stamps without a time zone are taken", NULL, BERLIN, NULL},
        {"<testsuites>" SUITE("2026-07-01T16:00:00", CASE("a", "1"))
             SUITE("2026-07-02T11:55:00", CASE("b", "1"))
                 SUITE("2026-07-01T11:40:00Z", CASE("c", "1")) "</testsuites>",
         "16:00:00|16:00:01 2026-07-02T11:55:00|2026-07-02T11:55:01 11:40:00|11:40:01",
         "2 starts lie in the future", NULL, BERLIN, NULL},
        {"{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\",\"executionStart\":\"2026-07-01T11:50:00\","
         "\"executionEnd\":\"2026-07-01T13:50:00\"}]}",
         "09:50:00|11:50:00", "2 time stamps without a time zone are taken", NULL, BERLIN, NULL},
        {"{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\",\"executionStart\":\"2026-07-02T13:50:00\","
         "\"executionEnd\":\"2026-07-02T13:51:00\"}]}",
         "2026-07-02T13:50:00|2026-07-02T13:51:00", "1 start lies in the future", NULL, BERLIN, NULL},
        /* the job's times stand behind the tests: said once */
        {"{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\"}],\"executionStart\":\"2026-07-02T13:50:00Z\"}",
         "2026-07-02T13:50:00|-", "1 start lies in the future", NULL, NULL, NULL},
    };
    ROWS(rows);
}

static void test_durations_that_cannot_be(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* nanoseconds, microseconds, milliseconds for seconds */
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "228741708") CASE("b", "2")), "10:00:00|- 10:00:00|10:00:02",
         "1 test " TOO_LONG "228741708 seconds (7 years): the duration counts as unknown", NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "228741") CASE("b", "2")), "10:00:00|- 10:00:00|10:00:02",
         TOO_LONG "228741 seconds (2 days)", NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "20180") CASE("b", "31000")), "10:00:00|- 10:00:00|-",
         "2 tests " TOO_LONG "20180 seconds (5 hours)", NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "3.2e9")), "10:00:00|-",
         TOO_LONG "3200000000 seconds (101 years)", NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "1e300")), "10:00:00|-", "(1000 years)", NULL, NULL, NULL},
        {SUITE("2020-07-01T10:00:00Z", CASE("a", "31536000")), "2020-07-01T10:00:00|-", "(1 year)", NULL,
         NULL, NULL},
        {SUITE("2020-07-01T10:00:00Z", CASE("a", "31535999")), "2020-07-01T10:00:00|2021-07-01T09:59:59",
         NULL, NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "PT1H")), "10:00:00|-", "is no number of seconds", NULL,
         NULL, NULL},
        /* the limit: the clocks may differ, but no end lies in the future */
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "7500")), "10:00:00|12:00:00", NULL, NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "7501")), "10:00:00|-", TOO_LONG "7501 seconds (2 hours)",
         NULL, NULL, NULL},
        /* by its own start */
        {SUITE("2026-07-01T02:00:00Z", "<testcase name='a' time='7501' timestamp='2026-07-01T10:00:00Z'/>"),
         "10:00:00|-", TOO_LONG, NULL, NULL, NULL},
        /* side by side: the sum passes now without a wrong duration */
        {SUITE("2026-07-01T10:00:00Z", CASE("a", "3600") CASE("b", "3600") CASE("c", "3600") CASE("d", "0")),
         "10:00:00|11:00:00 11:00:00|12:00:00 10:00:00|11:00:00 10:00:00|10:00:00", NULL, NULL, NULL, NULL},
        {SUITE("2026-07-01T10:00:00Z",
               "<testsuite>" CASE("a", "7000") "</testsuite><testsuite>" CASE("b", "700") "</testsuite>"),
         "10:00:00|11:56:40 10:00:00|10:11:40", NULL, NULL, NULL, NULL},
        /* the failure of the suite itself */
        {"<testsuites timestamp='2026-07-01T10:00:00Z'><testsuite name='s'>" CASE(
             "a", "60000") "</testsuite>"
                           "<testsuite name='t'><error message='x'/></testsuite></testsuites>",
         "10:00:00|- 10:00:00|-", TOO_LONG "60000 seconds (16 hours)", NULL, NULL, NULL},
        /* in a start's zone, not in ours */
        {SUITE("2026-07-01T08:00:00", CASE("a", "18000")), "06:00:00|11:00:00", NULL, "+02:00", NULL, NULL},
        {SUITE("2026-07-01T08:00:00", CASE("a", "18000")), "08:00:00|-", TOO_LONG, NULL, NULL, NULL},
    };
    ROWS(rows);
}

static void test_durations_without_a_start(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<testsuite>" CASE("a", "2018") "</testsuite>", "-|-",
         "1 test " NO_START "2018 seconds (33 minutes)", NULL, NULL, NULL},
        {"<testsuite>" CASE("a", "2018") CASE("b", "2019") "</testsuite>", "-|- -|-", "2 tests " NO_START,
         NULL, NULL, NULL},
        {"<testsuite>" CASE("a", "228741708") "</testsuite>", "-|-", "1 test " TOO_LONG, NULL, NULL, NULL},
        {"<testsuite>" CASE("a", "250") "</testsuite>", "-|250000ms", NULL, NULL, NULL, NULL},
        {"<testsuite>" CASE("a", "2018") "</testsuite>", "-|2018000ms", NULL, NULL, NULL,
         "2026-07-01T11:00:00"},
        {"<testsuite>" CASE("a", "20180") "</testsuite>", "-|-", NO_START "20180 seconds (5 hours)", NULL,
         NULL, "2026-07-01T11:00:00"},
        {"<testsuite>" CASE("a", "2018") "</testsuite>", "-|-", NO_START, NULL, NULL, "2026-07-01T13:00:00"},
        {SUITE("1970-01-01T00:00:00Z", CASE("a", "2018")), "-|-", NO_START, NULL, NULL, NULL},
        {SUITE("0001-01-01T00:00:00Z", CASE("a", "2")), "-|2000ms", NULL, NULL, NULL, NULL},
        {SUITE("1970-01-01T01:00:00", CASE("a", "2")), "-|2000ms", NULL, "+02:00", NULL, NULL},
        {"{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\",\"duration\":\"00:33:38\"}]}", "-|-",
         NO_START, NULL, NULL, NULL},
        {"{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\",\"duration\":2018}]}", "-|2018ms", NULL,
         NULL, NULL, NULL},
    };
    ROWS(rows);
}

#define TEST(members) "{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\"," members "}]}"
#define START         "\"executionStart\":\"2026-07-01T10:00:00Z\","

static void test_times_of_testproject(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {TEST(START "\"duration\":\"00:00:02.500\""), "10:00:00|10:00:02", NULL, NULL, NULL, NULL},
        {TEST(START "\"duration\":2500"), "10:00:00|10:00:02", NULL, NULL, NULL, NULL},
        {TEST(START "\"duration\":2500000000"), "10:00:00|-", TOO_LONG "2500000 seconds (28 days)", NULL,
         NULL, NULL},
        {TEST(START "\"duration\":\"400.00:00:00\""), "10:00:00|-", TOO_LONG "34560000 seconds (1 year)",
         NULL, NULL, NULL},
        {TEST(START "\"duration\":2500000000,\"executionEnd\":\"2026-07-01T10:00:03Z\""), "10:00:00|10:00:03",
         TOO_LONG, NULL, NULL, NULL},
        {TEST(START "\"executionEnd\":\"2026-07-01T09:00:00Z\""), "10:00:00|10:00:00",
         "1 test ends before the start, the first is 'a'", NULL, NULL, NULL},
        {TEST(START "\"executionEnd\":\"2026-07-01T09:00:00Z\",\"duration\":5000"), "10:00:00|10:00:05",
         "1 test ends before the start", NULL, NULL, NULL},
        {TEST(START "\"executionEnd\":\"2026-07-01T12:05:01Z\",\"duration\":5000"), "10:00:00|10:00:05",
         "1 end lies in the future, the first is of 'a': it counts as unknown", NULL, NULL, NULL},
        {TEST(START "\"executionEnd\":\"2027-07-01T10:00:00Z\""), "10:00:00|-", "1 end lies in the future",
         NULL, NULL, NULL},
        {TEST(START "\"executionEnd\":\"2026-07-01T12:04:00Z\""), "10:00:00|12:00:00", NULL, NULL, NULL,
         NULL},
        {TEST(START "\"executionEnd\":\"1970-01-01T00:00:00Z\""), "10:00:00|-", NULL, NULL, NULL, NULL},
        {TEST(START "\"executionEnd\":\"1782900002000000000\""), "10:00:00|10:00:02", NULL, NULL, NULL, NULL},
        /* of the test, for its targets */
        {TEST(START
              "\"duration\":90000000,\"targets\":[{\"targetName\":\"Chrome\"},{\"targetName\":\"Edge\"}]"),
         "10:00:00|- 10:00:00|-", "2 tests " TOO_LONG "90000 seconds (1 day)", NULL, NULL, NULL},
        {TEST(START "\"duration\":90000000,\"targets\":[{\"targetName\":\"Chrome\",\"duration\":90000000}]"),
         "10:00:00|-", "1 test " TOO_LONG "90000 seconds (1 day)", NULL, NULL, NULL},
        {TEST(START "\"duration\":9000,\"targets\":[{\"targetName\":\"Chrome\"}]"), "10:00:00|10:00:09", NULL,
         NULL, NULL, NULL},
        /* of the job, behind the tests */
        {"{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\"}],\"executionStart\":\"2026-07-01T10:00:00Z\","
         "\"executionEnd\":\"2026-07-01T13:00:00Z\"}",
         "10:00:00|-", "1 end lies in the future", NULL, NULL, NULL},
    };
    ROWS(rows);
}

/* What the next upload must find again, whatever the zone and the hour. */
struct written {
    int64_t starts_ms[4];
    int64_t durations_ms[4];
    bool altered[4];
    size_t count;
};

static int keep_written(void *self, const struct test_result *result, struct error *err)
{
    struct written *w = self;
    (void)err;
    w->starts_ms[w->count] = result->start_ms - result->start_moved_ms;
    w->durations_ms[w->count] = result->duration_ms;
    w->altered[w->count++] = result->times_altered;
    return 0;
}

static struct written read_written(const char *report, const char *zone, int64_t now_ms)
{
    struct written w = {.count = 0};
    struct read_options options = {.now_ms = now_ms};
    const struct report_sink sink = {.self = &w, .result = keep_written};
    struct report_meta meta = REPORT_META_INIT;
    struct report_input in;
    FILE *file = tmpfile();
    assert_non_null(file);
    fputs(report, file);
    rewind(file);
    assert_true(zone_parse(zone, &options.zone));
    report_input_from_fd(&in, fileno(file), "r");
    struct error err = ERROR_INIT;
    if (report_read(&in, &options, &sink, &meta, &err) != 0)
        fail_msg("%s\n%s", report, err.text);
    report_input_close(&in);
    fclose(file);
    report_meta_release(&meta);
    return w;
}

static void test_what_is_written_is_always_the_same(void **state)
{
    (void)state;
    static const char *const reports[] = {
        SUITE("2026-07-01T11:00:00", CASE("a", "3600") CASE("b", "90000") CASE("c", "1") CASE("d", "1e12")),
        "<testsuites timestamp='2026-07-01T11:00:00'><testsuite>" CASE(
            "a", "7000") "</testsuite><testsuite>" CASE("b", "1") "<error/></testsuite><testsuite "
                                                                  "timestamp='2026-07-01T01:00:00Z'"
                                                                  ">" CASE("c", "1") "</testsuite></"
                                                                                     "testsuites>",
        TEST("\"executionStart\":\"2026-07-01T11:00:00\",\"duration\":90000000"),
        "{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\"}],\"executionStart\":\"2026-07-01T13:00:00\"}",
        TEST("\"executionStart\":\"2026-07-01T11:00:00\",\"executionEnd\":\"2026-07-01T13:00:00\""),
        TEST("\"executionStart\":\"2026-07-01T11:00:00\",\"executionEnd\":\"2026-07-01T13:00:00Z\""),
        TEST("\"executionStart\":\"2026-07-01T11:00:00\",\"duration\":5000,\"executionEnd\":\"2026-07-03T13:00:00\""),
        "{\"tests\":[{\"name\":\"a\",\"result\":\"Passed\",\"targets\":[{\"targetName\":\"C\",\"iterations\":["
        "{\"result\":\"Passed\",\"executionStart\":\"2026-07-01T11:00:00\",\"executionEnd\":\"2026-07-01T11:30:00\"},"
        "{\"result\":\"Passed\",\"executionStart\":\"2026-07-01T12:00:00\",\"executionEnd\":\"2026-07-01T13:00:00\"}"
        "]}]}]}",
    };
    static const char *const zones[] = {"UTC", "+14:00", "-12:00", "local"};
    set_tz(BERLIN);
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        struct written first = read_written(reports[i], "UTC", instant(NOW));
        for (size_t zone = 0; zone < sizeof zones / sizeof zones[0]; zone++) {
            for (int64_t hours = -5; hours <= 200; hours += 41) {
                struct written again = read_written(reports[i], zones[zone], instant(NOW) + hours * HOUR_MS);
                assert_int_equal(again.count, first.count);
                assert_memory_equal(again.starts_ms, first.starts_ms, first.count * sizeof(int64_t));
                assert_memory_equal(again.durations_ms, first.durations_ms, first.count * sizeof(int64_t));
            }
        }
    }
    set_tz(NULL);
}

static void test_which_times_were_altered(void **state)
{
    (void)state;
    static const struct {
        const char *report;
        const char *zone;
        bool altered; /* that of its last result */
        int64_t duration_ms;
    } table[] = {
        {SUITE("2026-07-01T11:00:00", CASE("a", "60")), "UTC", false, 60000},
        {SUITE("2026-07-01T11:00:00", CASE("a", "")), "UTC", false, TIME_NONE},
        {SUITE("2026-07-01T11:00:00", CASE("a", "60")), "+02:00", false, 60000}, /* the user's word */
        {SUITE("2026-07-01T13:30:00", CASE("a", "60")), "+02:00", false, 60000},
        {SUITE("2026-07-01T13:00:00", CASE("a", "60")), "UTC", true, 60000}, /* taken as Berlin's */
        {SUITE("2026-07-01T13:00:00Z", CASE("a", "60")), "UTC", false, 60000},
        {SUITE("2026-07-01T11:59:00Z", CASE("a", "120")), "UTC", true, 120000}, /* cut */
        {SUITE("2026-07-01T11:59:00Z", CASE("a", "4000")), "UTC", true, 4000000},
        {SUITE("2026-07-01T11:59:00Z", CASE("a", "4000") CASE("b", "1")), "UTC", true, 1000},
        {TEST(START "\"duration\":5000"), "UTC", false, 5000},
        {TEST(START "\"executionEnd\":\"2026-07-01T10:00:07Z\""), "UTC", false, TIME_NONE},
        {TEST(START "\"executionEnd\":\"2026-07-01T12:04:00Z\""), "UTC", true, TIME_NONE},
        {TEST(START "\"executionEnd\":\"2026-07-01T12:06:00Z\""), "UTC", true, TIME_NONE},
        {TEST(START "\"duration\":9000,\"executionEnd\":\"2026-07-01T12:06:00Z\""), "UTC", true, 9000},
        {TEST(START "\"duration\":90000000"), "UTC", true, 90000000},
        {TEST("\"executionStart\":\"2026-07-01T13:00:00\",\"duration\":5000"), "UTC", true, 5000},
        {TEST("\"targets\":[{\"targetName\":\"Chrome\",\"duration\":5000}]"), "UTC", false, 5000},
    };
    set_tz(BERLIN);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct written w = read_written(table[i].report, table[i].zone, instant(NOW));
        if (w.altered[w.count - 1] != table[i].altered || w.durations_ms[w.count - 1] != table[i].duration_ms)
            fail_msg("%s\naltered %d, %" PRId64 " ms", table[i].report, w.altered[w.count - 1],
                     w.durations_ms[w.count - 1]);
    }
    set_tz(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_starts_in_the_future),
        cmocka_unit_test(test_durations_that_cannot_be),
        cmocka_unit_test(test_durations_without_a_start),
        cmocka_unit_test(test_times_of_testproject),
        cmocka_unit_test(test_what_is_written_is_always_the_same),
        cmocka_unit_test(test_which_times_were_altered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
