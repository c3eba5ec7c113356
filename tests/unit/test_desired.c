/* The desired state: cases, suites, modules, what shares a log, markers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "report/store.h"
#include "sync/claim.h"
#include "sync/desired.h"
#include "sync/note_repeats.h"

struct fixture {
    struct store store;
    struct report_meta metas[2];
    struct desired_report reports[2];
    struct desired desired;
};

static void begin(struct fixture *f, enum report_format format)
{
    memset(f, 0, sizeof *f);
    store_init(&f->store, 1u << 20);
    for (size_t i = 0; i < 2; i++) {
        f->metas[i].format = format;
        f->reports[i] = (struct desired_report){.meta = &f->metas[i], .execution_id = "e", .named = true};
    }
}

static void add_until(struct fixture *f, uint32_t report, const char *name, const char *target,
                      enum result_status status, int64_t start_ms, int64_t end_ms)
{
    struct error err = ERROR_INIT;
    const struct test_result result = {.name = name,
                                       .target = target,
                                       .status = status,
                                       .start_ms = start_ms,
                                       .end_ms = end_ms,
                                       .duration_ms = TIME_NONE};
    assert_int_equal(store_add(&f->store, report, &result, &err), 0);
}

static void add(struct fixture *f, uint32_t report, const char *name, const char *target,
                enum result_status status, int64_t start_ms)
{
    add_until(f, report, name, target, status, start_ms, TIME_NONE);
}

static void build(struct fixture *f, enum repeats repeats)
{
    struct error err = ERROR_INIT;
    const struct desired_options options = {.job = "job", .repeats = repeats, .fallback_start_ms = 5000};
    assert_int_equal(desired_build(&f->desired, &f->store, f->reports, 2, &options, &err), 0);
}

static void end(struct fixture *f)
{
    desired_release(&f->desired);
    store_release(&f->store);
}

static void test_one_case_for_a_test_on_three_targets(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, FORMAT_TESTPROJECT_JSON);
    add(&f, 0, "t", "Chrome 1.2", RESULT_PASSED, 1000);
    add(&f, 0, "t", "Chrome 1.3", RESULT_PASSED, 1000);
    add(&f, 0, "t", "iPhone 8", RESULT_PASSED, 1000);
    build(&f, REPEATS_SEND_WORST);
    assert_int_equal(f.desired.case_count, 1);
    assert_int_equal(f.desired.targets.count, 3);
    assert_int_equal(f.desired.suites.count, 2);
    assert_int_equal(f.desired.merged, 1); /* two versions of a browser meet in one suite */
    assert_int_equal(desired_leader(&f.desired, 1), 0);
    assert_int_equal(desired_leader(&f.desired, 2), 2);
    end(&f);
}

static char *repeated(char c, const char *end)
{
    char text[601];
    memset(text, c, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    return xasprintf("%s%s", text, end);
}

static void assert_fits(const char *name, const char *begin)
{
    assert_int_equal(strlen(name), 499);
    assert_memory_equal(name, begin, 490);
}

static void test_long_names_are_cut_and_stay_apart(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = ERROR_INIT;
    begin(&f, FORMAT_JUNIT);
    _cleanup_free_ char *one = repeated('x', "1");
    _cleanup_free_ char *two = repeated('x', "2");
    add(&f, 0, "t", one, RESULT_PASSED, 1000);
    add(&f, 0, "t", two, RESULT_PASSED, 1000);
    add(&f, 0, "t", "\x01", RESULT_PASSED, 1000);
    const char *const folders[] = {one,
                                   "a\x1f"
                                   "b",
                                   "\x01"};
    const struct test_result result = {.name = "in folders", .folders = folders, .folder_count = 3};
    assert_int_equal(store_add(&f.store, 0, &result, &err), 0);
    const struct desired_options options = {.job = two, .fallback_start_ms = 5000};
    assert_int_equal(desired_build(&f.desired, &f.store, f.reports, 2, &options, &err), 0);
    assert_fits(f.desired.cycle_name, two);
    assert_int_equal(f.desired.suites.count, 2); /* what is no name at all is no target */
    assert_fits(intern_text(&f.desired.suites, 0), one);
    assert_fits(intern_text(&f.desired.suites, 1), two);
    assert_string_equal(intern_text(&f.desired.suites, 1), f.desired.cycle_name);
    const char *path = intern_text(&f.desired.modules, 1);
    assert_memory_equal(path, intern_text(&f.desired.suites, 0), 499);
    assert_string_equal(path + 499, MODULE_SEPARATOR "ab");
    end(&f);
}

static void test_which_result_leads(void **state)
{
    (void)state;
    static const struct {
        struct {
            uint32_t report;
            enum result_status status;
            int64_t start_ms;
            int64_t end_ms;
        } results[4];
        size_t count;
        enum repeats repeats;
        uint32_t leader;
        uint32_t disagreements;
    } table[] = {
        {{{0, RESULT_PASSED, 1, 9}, {0, RESULT_FAILED, 2, 9}, {0, RESULT_SKIPPED, 3, 9}},
         3,
         REPEATS_SEND_WORST,
         1,
         1},
        {{{0, RESULT_PASSED, 1, 9}, {0, RESULT_FAILED, 2, 9}, {0, RESULT_SKIPPED, 3, 9}},
         3,
         REPEATS_SEND_LAST,
         2,
         1},
        {{{0, RESULT_PASSED, 3, 9}, {0, RESULT_FAILED, 2, 9}}, 2, REPEATS_SEND_LAST, 0, 1},
        /* of equals the later one, as when a log is corrected; a failure and an error are equals */
        {{{0, RESULT_PASSED, 1, 9}, {0, RESULT_PASSED, 2, 9}}, 2, REPEATS_SEND_WORST, 1, 0},
        {{{0, RESULT_FAILED, 1, 9}, {0, RESULT_ERROR, 2, 9}}, 2, REPEATS_SEND_WORST, 1, 0},
        {{{0, RESULT_ERROR, 1, 9}, {0, RESULT_FAILED, 2, 9}}, 2, REPEATS_SEND_WORST, 1, 0},
        {{{0, RESULT_PASSED, 1, 9}, {0, RESULT_SKIPPED, 2, 9}}, 2, REPEATS_SEND_WORST, 1, 1},
        /* rows that start together, in one report */
        {{{0, RESULT_FAILED, 1, 2}, {0, RESULT_PASSED, 1, 9}}, 2, REPEATS_SEND_WORST, 0, 1},
        {{{0, RESULT_FAILED, 1, 2}, {0, RESULT_PASSED, 1, 9}}, 2, REPEATS_SEND_LAST, 0, 1},
        /* one result, saved while it ran and again */
        {{{0, RESULT_FAILED, 1, 2}, {1, RESULT_PASSED, 1, 9}}, 2, REPEATS_SEND_WORST, 1, 1},
        {{{0, RESULT_PASSED, 1, 9}, {1, RESULT_FAILED, 1, 2}}, 2, REPEATS_SEND_WORST, 0, 1},
        {{{0, RESULT_PASSED, 1, 9}, {1, RESULT_FAILED, 1, 9}}, 2, REPEATS_SEND_WORST, 1, 1},
        {{{0, RESULT_PASSED, 1, TIME_NONE}, {1, RESULT_FAILED, 1, 2}}, 2, REPEATS_SEND_WORST, 1, 1},
        {{{0, RESULT_FAILED, 1, 2}, {1, RESULT_PASSED, 1, 9}, {1, RESULT_FAILED, 1, 9}},
         3,
         REPEATS_SEND_WORST,
         2,
         1},
        /* without times nothing is later */
        {{{0, RESULT_FAILED, TIME_NONE, TIME_NONE}, {1, RESULT_PASSED, TIME_NONE, TIME_NONE}},
         2,
         REPEATS_SEND_WORST,
         0,
         1},
        /* two attempts in two reports */
        {{{0, RESULT_FAILED, 1, 2}, {1, RESULT_PASSED, 3, 4}}, 2, REPEATS_SEND_WORST, 0, 1},
        {{{0, RESULT_FAILED, 1, 2}, {1, RESULT_PASSED, 3, 4}}, 2, REPEATS_SEND_LAST, 1, 1},
    };
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        struct fixture f;
        begin(&f, FORMAT_JUNIT);
        for (size_t k = 0; k < table[i].count; k++)
            add_until(&f, table[i].results[k].report, "t", "Chrome", table[i].results[k].status,
                      table[i].results[k].start_ms, table[i].results[k].end_ms);
        build(&f, table[i].repeats);
        assert_int_equal(f.desired.merged, table[i].count - 1);
        assert_int_equal(f.desired.disagreements, table[i].disagreements);
        for (uint32_t k = 0; k < table[i].count; k++) {
            assert_int_equal(desired_leader(&f.desired, k), table[i].leader);
            assert_int_equal(desired_find_marker(&f.desired, store_entry(&f.store, k)->marker),
                             table[i].leader);
        }
        assert_int_equal(desired_find_marker(&f.desired, 12345), INTERN_NONE);
        end(&f);
    }
}

static void test_what_differs_is_told(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = ERROR_INIT;
    begin(&f, FORMAT_JUNIT);
    add(&f, 0, "same", "Chrome", RESULT_PASSED, 1000);
    add(&f, 0, "same", "Chrome", RESULT_PASSED, 2000);
    add(&f, 0, "rows", "Chrome", RESULT_PASSED, 1000);
    add(&f, 0, "rows", "Chrome", RESULT_ERROR, 2000);
    add(&f, 0, "rows", "Chrome", RESULT_FAILED, 3000);
    build(&f, REPEATS_SEND_WORST);
    _cleanup_free_ char *text = NULL;
    assert_int_equal(desired_tell_disagreements(&f.desired, &text, &err), 0);
    assert_string_equal(text, "the results of 'rows' differ (2 failed, 1 passed): the worst counts "
                              "(--repeats=last: the one that starts last); the test log's note lists them");
    end(&f);
}

static void test_what_does_not_differ_is_not_told(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = ERROR_INIT;
    begin(&f, FORMAT_JUNIT);
    add(&f, 0, "t", "Chrome", RESULT_FAILED, 1000);
    add(&f, 0, "t", "Edge", RESULT_PASSED, 1000);
    build(&f, REPEATS_SEND_WORST);
    char *text = NULL;
    assert_int_equal(desired_tell_disagreements(&f.desired, &text, &err), 0);
    assert_null(text);
    end(&f);
}

static void test_the_note_lists_what_shares_a_log_failures_first(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = ERROR_INIT;
    begin(&f, FORMAT_JUNIT);
    f.metas[0].file = "a.xml";
    for (int64_t i = 0; i < 60; i++)
        add(&f, 0, "t", "Chrome 103", i == 59 ? RESULT_FAILED : RESULT_PASSED, 1000 * i);
    add(&f, 0, "alone", "Chrome 103", RESULT_PASSED, 1000);
    build(&f, REPEATS_SEND_WORST);
    struct note_repeats repeats = {0};
    assert_int_equal(note_repeats_read(&repeats, &f.desired, 59, NULL, &err), 0);
    assert_int_equal(repeats.count, 60);
    assert_int_equal(repeats.lines.count, NOTE_REPEATS_MAX);
    assert_string_equal(repeats.lines.items[0], "Failed 1970-01-01T00:00:59.000Z, Chrome 103, a.xml");
    assert_string_equal(repeats.lines.items[1], "Passed 1970-01-01T00:00:00.000Z, Chrome 103, a.xml");
    note_repeats_release(&repeats);
    repeats = (struct note_repeats){0};
    assert_int_equal(note_repeats_read(&repeats, &f.desired, 60, NULL, &err), 0);
    assert_int_equal(repeats.lines.count, 0);
    end(&f);
}

static void test_the_note_lists_the_attempt_that_its_log_showed(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = ERROR_INIT;
    struct note_repeats repeats = {0};
    const struct note_attempt passed = {.word = "Passed", .start_ms = 1000};
    const struct note_attempt failed = {.word = "Failed", .failed = true, .start_ms = 2000};
    begin(&f, FORMAT_JUNIT);
    f.metas[0].file = "a.xml";
    add(&f, 0, "t", NULL, RESULT_FAILED, 3000);
    add(&f, 0, "u", NULL, RESULT_PASSED, 3000);
    build(&f, REPEATS_SEND_LAST);
    assert_int_equal(note_repeats_read(&repeats, &f.desired, 0, &passed, &err), 0);
    assert_int_equal(repeats.count, 2);
    assert_string_equal(repeats.lines.items[0], "Failed 1970-01-01T00:00:03.000Z, a.xml");
    assert_string_equal(repeats.lines.items[1], "Passed 1970-01-01T00:00:01.000Z, an attempt before");
    note_repeats_release(&repeats);
    repeats = (struct note_repeats){0};
    assert_int_equal(note_repeats_read(&repeats, &f.desired, 1, &failed, &err), 0);
    assert_string_equal(repeats.lines.items[0], "Failed 1970-01-01T00:00:02.000Z, an attempt before");
    assert_string_equal(repeats.lines.items[1], "Passed 1970-01-01T00:00:03.000Z, a.xml");
    note_repeats_release(&repeats);
    end(&f);
}

static void test_entries_of_a_case(void **state)
{
    (void)state;
    struct fixture f;
    size_t count;
    begin(&f, FORMAT_JUNIT);
    add(&f, 0, "a", "Chrome", RESULT_PASSED, 1000);
    add(&f, 0, "b", "Chrome", RESULT_PASSED, 1000);
    add(&f, 0, "a", "Edge", RESULT_PASSED, 1000);
    build(&f, REPEATS_SEND_WORST);
    const uint32_t *numbers = desired_entries_of_case(&f.desired, 0, &count);
    assert_int_equal(count, 2);
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 2);
    end(&f);
}

static void assert_instants(const struct fixture *f, struct test_result result, int64_t start_ms,
                            int64_t end_ms)
{
    int64_t start;
    int64_t stop;
    desired_instants(&f->desired, &result, &start, &stop);
    assert_true(start == start_ms && stop == end_ms);
}

static void test_instants_come_from_the_report_where_it_has_them(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, FORMAT_JUNIT);
    add(&f, 0, "a", NULL, RESULT_PASSED, TIME_NONE);
    build(&f, REPEATS_SEND_WORST);
    assert_instants(&f, (struct test_result){.start_ms = 10, .end_ms = 30, .duration_ms = 5}, 10, 30);
    assert_instants(&f, (struct test_result){.start_ms = 10, .end_ms = TIME_NONE, .duration_ms = 5}, 10, 10);
    assert_instants(&f, (struct test_result){.start_ms = 10, .end_ms = 5, .duration_ms = TIME_NONE}, 10, 10);
    assert_instants(&f, (struct test_result){.start_ms = TIME_NONE, .end_ms = TIME_NONE, .duration_ms = 7},
                    5000, 5007);
    end(&f);
}

static void test_claims_conflict_by_what_they_share_or_by_creation(void **state)
{
    (void)state;
    struct claim_key a = {.tags = {1, 7}, .tag_count = 2, .creates = true, .owner = 0x1200, .beat = 3};
    struct claim_key b = {.tags = {2, 8}, .tag_count = 2, .owner = 0x3400};
    assert_false(claim_conflict(&a, &b));
    b.creates = true;
    assert_true(claim_conflict(&a, &b));
    b.creates = false;
    b.tags[1] = 7; /* another part of one execution */
    assert_true(claim_conflict(&a, &b));
    assert_false(claim_same_content(&a, &b));
    b = (struct claim_key){.tags = {1}, .tag_count = 1}; /* the same, and here it is not named */
    assert_true(claim_conflict(&a, &b));
    assert_true(claim_same_content(&a, &b));
    b = (struct claim_key){.anything = true};
    assert_true(claim_conflict(&a, &b));
    assert_false(claim_same_owner(&a, &b));
}

static void test_claim_names_are_read_back(void **state)
{
    (void)state;
    struct claim_key a = {.tags = {1, 0xfffffff0}, .tag_count = 2, .creates = true, .owner = 0x1200, .beat = 3};
    struct claim_key parsed;
    _cleanup_free_ char *name = claim_name(&a);
    assert_string_equal(name, "qtest-sync claim c-0000000000001200-3-00000001-fffffff0");
    assert_true(claim_parse(name, &parsed));
    assert_true(claim_same_content(&a, &parsed) && parsed.owner == a.owner && parsed.creates);
    assert_int_equal(parsed.tag_count, 2);
    assert_int_equal(parsed.beat, 3);
    a.anything = true;
    _cleanup_free_ char *anything = claim_name(&a);
    assert_string_equal(anything, "qtest-sync claim c-0000000000001200-3-*");
    assert_true(claim_parse(anything, &parsed) && parsed.anything);
    assert_false(claim_parse("qtest-sync claim x", &parsed));
    assert_false(claim_parse("qtest-sync claim c-0000000000001200-3x", &parsed));
    assert_false(claim_parse("qtest-sync claim c-0000000000001200-3-0000001", &parsed));
    assert_false(claim_parse("qtest-sync finished", &parsed));
    assert_false(claim_parse("Chrome", &parsed));
}

static const char *mark_text(struct fixture *f, size_t number)
{
    return desired_suite_mark_text(&f->desired, store_entry(&f->store, number));
}

static void test_marks_hold_what_names_the_suite_and_not_the_cycle(void **state)
{
    (void)state;
    static const char *const given[] = {NULL, "Smoke", "Chrome"};
    for (size_t i = 0; i < ARRAY_SIZE(given); i++) {
        struct fixture f;
        struct error err = ERROR_INIT;
        begin(&f, FORMAT_JUNIT);
        add(&f, 0, "t", "Chrome 120.0", RESULT_PASSED, 1000);
        add(&f, 0, "t", NULL, RESULT_PASSED, 1000);
        const struct desired_options options = {.job = "job", .suite = given[i], .fallback_start_ms = 5000};
        assert_int_equal(desired_build(&f.desired, &f.store, f.reports, 2, &options, &err), 0);
        assert_string_equal(mark_text(&f, 0), "Chrome");
        uint32_t suite = desired_suite_of(&f.desired, store_entry(&f.store, 1));
        assert_string_equal(intern_text(&f.desired.suites, suite), given[i] ? given[i] : "job");
        if (given[i])
            assert_string_equal(mark_text(&f, 1), given[i]);
        else
            assert_null(mark_text(&f, 1));
        assert_int_equal(f.desired.suites.count, i == 2 ? 1 : 2);
        end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_case_for_a_test_on_three_targets),
        cmocka_unit_test(test_long_names_are_cut_and_stay_apart),
        cmocka_unit_test(test_which_result_leads),
        cmocka_unit_test(test_what_differs_is_told),
        cmocka_unit_test(test_what_does_not_differ_is_not_told),
        cmocka_unit_test(test_the_note_lists_what_shares_a_log_failures_first),
        cmocka_unit_test(test_the_note_lists_the_attempt_that_its_log_showed),
        cmocka_unit_test(test_entries_of_a_case),
        cmocka_unit_test(test_instants_come_from_the_report_where_it_has_them),
        cmocka_unit_test(test_claims_conflict_by_what_they_share_or_by_creation),
        cmocka_unit_test(test_claim_names_are_read_back),
        cmocka_unit_test(test_marks_hold_what_names_the_suite_and_not_the_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
