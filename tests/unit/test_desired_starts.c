/* Starts that are not sent as they are written: what makes a result known again, where its log is looked for,
 * and when results without a start began. */
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

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)
#define NOON_MS (20000 * DAY_MS + 12 * HOUR_MS)

struct fixture {
    struct store store;
    struct report_meta meta;
    struct desired_report report;
    struct desired desired;
};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    store_init(&f->store, 1); /* everything goes through the file */
    f->meta.format = FORMAT_JUNIT;
    f->report = (struct desired_report){.meta = &f->meta, .execution_id = "e"};
}

static void add(struct fixture *f, const char *name, int64_t start_ms, int64_t moved_ms, bool without_zone)
{
    struct error err = ERROR_INIT;
    const struct test_result result = {.name = name,
                                       .start_ms = start_ms,
                                       .start_moved_ms = moved_ms,
                                       .start_without_zone = without_zone,
                                       .end_ms = TIME_NONE,
                                       .duration_ms = TIME_NONE};
    assert_int_equal(store_add(&f->store, 0, &result, &err), 0);
}

static void build(struct fixture *f, int64_t fallback_ms, int64_t now_ms)
{
    struct error err = ERROR_INIT;
    const struct desired_options options = {.job = "job", .fallback_start_ms = fallback_ms, .now_ms = now_ms};
    assert_int_equal(desired_build(&f->desired, &f->store, &f->report, 1, &options, &err), 0);
}

static void end(struct fixture *f)
{
    desired_release(&f->desired);
    store_release(&f->store);
}

static void test_the_written_start_is_kept(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 40; i++)
        add(&f, "t", NOON_MS + i, i < 20 ? 0 : -i * HOUR_MS, i >= 20);
    add(&f, "t", TIME_NONE, 0, false);
    for (size_t i = 0; i < 40; i++) {
        int64_t moved_ms = i < 20 ? 0 : -(int64_t)i * HOUR_MS;
        assert_true(store_written_start(&f.store, i) == NOON_MS + (int64_t)i - moved_ms);
    }
    assert_true(store_written_start(&f.store, 40) == TIME_NONE);
    store_truncate(&f.store, 30);
    add(&f, "t", NOON_MS, 0, false);
    assert_true(store_written_start(&f.store, 30) == NOON_MS);
    _cleanup_(record_release) struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    assert_int_equal(store_read(&f.store, 25, &record, &err), 0);
    assert_true(record.result.start_moved_ms == -25 * HOUR_MS && record.result.start_without_zone);
    assert_int_equal(store_read(&f.store, 5, &record, &err), 0);
    assert_true(record.result.start_moved_ms == 0 && !record.result.start_without_zone);
    store_release(&f.store);
}

/* As written, the two of each row are one start. */
static void test_a_zone_changes_no_marker(void **state)
{
    (void)state;
    struct fixture as_written;
    struct fixture moved;
    begin(&as_written);
    begin(&moved);
    add(&as_written, "a", NOON_MS, 0, true);
    add(&as_written, "a", NOON_MS, 0, true);
    add(&as_written, "a", NOON_MS + HOUR_MS, 0, true);
    add(&moved, "a", NOON_MS - 2 * HOUR_MS, -2 * HOUR_MS, true);
    add(&moved, "a", NOON_MS - 1 * HOUR_MS, -1 * HOUR_MS, true);
    add(&moved, "a", NOON_MS - 1 * HOUR_MS, -2 * HOUR_MS, true);
    build(&as_written, 5, 0);
    build(&moved, 5, 0);
    for (size_t i = 0; i < 3; i++)
        assert_true(store_entry(&as_written.store, i)->marker == store_entry(&moved.store, i)->marker);
    end(&as_written);
    end(&moved);
}

static void assert_window(const struct fixture *f, int64_t begin_ms, int64_t end_ms)
{
    assert_true(f->desired.window_begin_ms == begin_ms && f->desired.window_end_ms == end_ms);
}

static void test_logs_are_looked_for_by_every_zone(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "a", NOON_MS, 0, false);
    add(&f, "b", NOON_MS + HOUR_MS, HOUR_MS, false);
    build(&f, 5, 0);
    assert_window(&f, NOON_MS, NOON_MS + HOUR_MS);
    desired_release(&f.desired);
    add(&f, "c", NOON_MS - 2 * HOUR_MS, -2 * HOUR_MS, true);
    build(&f, 5, 0);
    assert_window(&f, NOON_MS - 14 * HOUR_MS, NOON_MS + 14 * HOUR_MS);
    assert_true(f.desired.first_start_ms == NOON_MS - 2 * HOUR_MS);
    assert_true(f.desired.last_start_ms == NOON_MS + HOUR_MS);
    end(&f);
}

/* stamped_ms: the start of another result of the execution, TIME_NONE: no other has one either. */
static void assert_begins(int64_t stamped_ms, int64_t fallback_ms, int64_t now_ms, int64_t begins_ms)
{
    struct fixture f;
    struct error err = ERROR_INIT;
    static const int64_t durations_ms[] = {TIME_NONE, 1000, 90000, 30000};
    begin(&f);
    if (stamped_ms != TIME_NONE)
        add(&f, "stamped", stamped_ms, 0, false);
    for (size_t i = 0; i < 4; i++) {
        const struct test_result result = {
            .name = "t", .start_ms = TIME_NONE, .end_ms = TIME_NONE, .duration_ms = durations_ms[i]};
        assert_int_equal(store_add(&f.store, 0, &result, &err), 0);
    }
    build(&f, fallback_ms, now_ms);
    for (size_t i = 0; i < 4; i++) {
        const struct test_result result = {
            .start_ms = TIME_NONE, .end_ms = TIME_NONE, .duration_ms = durations_ms[i]};
        int64_t start_ms;
        int64_t end_ms;
        desired_instants(&f.desired, &result, &start_ms, &end_ms);
        assert_true(start_ms == begins_ms && (now_ms == 0 || end_ms <= now_ms));
    }
    end(&f);
}

static void test_no_log_ends_after_now(void **state)
{
    (void)state;
    assert_begins(TIME_NONE, NOON_MS, NOON_MS, NOON_MS - 90000);
    assert_begins(TIME_NONE, NOON_MS - 60000, NOON_MS, NOON_MS - 90000);
    assert_begins(TIME_NONE, NOON_MS - HOUR_MS, NOON_MS, NOON_MS - HOUR_MS);
    assert_begins(TIME_NONE, NOON_MS, 0, NOON_MS);
    assert_begins(NOON_MS - 10000, NOON_MS, NOON_MS, NOON_MS - 90000);
}

static void test_without_a_start_it_begins_with_its_execution(void **state)
{
    (void)state;
    assert_begins(NOON_MS - DAY_MS, NOON_MS, NOON_MS, NOON_MS - DAY_MS);
    assert_begins(NOON_MS - DAY_MS, NOON_MS, 0, NOON_MS - DAY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_written_start_is_kept),
        cmocka_unit_test(test_a_zone_changes_no_marker),
        cmocka_unit_test(test_logs_are_looked_for_by_every_zone),
        cmocka_unit_test(test_no_log_ends_after_now),
        cmocka_unit_test(test_without_a_start_it_begins_with_its_execution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
