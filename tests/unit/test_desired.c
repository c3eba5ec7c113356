/* The desired state: cases, suites, modules, merging of repeats, layers, markers. */
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
        f->reports[i] = (struct desired_report){.meta = &f->metas[i], .execution_id = "e"};
    }
}

static void add(struct fixture *f, uint32_t report, const char *name, const char *target,
                enum result_status status, int64_t start_ms)
{
    struct error err = ERROR_INIT;
    const struct test_result result = {.name = name,
                                       .target = target,
                                       .status = status,
                                       .start_ms = start_ms,
                                       .end_ms = TIME_NONE,
                                       .duration_ms = TIME_NONE};
    assert_int_equal(store_add(&f->store, report, &result, &err), 0);
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
    build(&f, REPEATS_DEFAULT);
    assert_int_equal(f.desired.case_count, 1);
    assert_int_equal(f.desired.targets.count, 3);
    assert_int_equal(f.desired.suites.count, 2);
    assert_int_equal(f.desired.merged, 0);
    assert_int_equal(store_entry(&f.store, 0)->layer, 0);
    assert_int_equal(store_entry(&f.store, 1)->layer, 1); /* the same run: not in one body */
    assert_int_equal(store_entry(&f.store, 2)->layer, 0);
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
    assert_int_equal(f.desired.suites.count, 3);
    assert_fits(intern_text(&f.desired.suites, 0), one);
    assert_fits(intern_text(&f.desired.suites, 1), two);
    assert_string_equal(intern_text(&f.desired.suites, 1), f.desired.cycle_name);
    assert_string_equal(intern_text(&f.desired.suites, 2), "Unspecified target");
    const char *path = intern_text(&f.desired.modules, 1);
    assert_memory_equal(path, intern_text(&f.desired.suites, 0), 499);
    assert_string_equal(path + 499, MODULE_SEPARATOR "ab");
    end(&f);
}

static void repeats_lead_to(enum report_format format, enum repeats repeats, uint32_t merged, uint32_t leader)
{
    struct fixture f;
    begin(&f, format);
    add(&f, 0, "t", "Chrome", RESULT_PASSED, 1000);
    add(&f, 0, "t", "Chrome", RESULT_FAILED, 2000);
    add(&f, 0, "t", "Chrome", RESULT_SKIPPED, 3000);
    build(&f, repeats);
    assert_int_equal(f.desired.merged, merged);
    assert_int_equal(desired_leader(&f.desired, 0), leader);
    end(&f);
}

static void test_repeats(void **state)
{
    (void)state;
    repeats_lead_to(FORMAT_TESTPROJECT_JSON, REPEATS_DEFAULT, 2, 1);
    repeats_lead_to(FORMAT_JUNIT, REPEATS_DEFAULT, 0, 0);
    repeats_lead_to(FORMAT_JUNIT, REPEATS_SEND_LAST, 2, 2);
    repeats_lead_to(FORMAT_JUNIT, REPEATS_SEND_WORST, 2, 1);
    repeats_lead_to(FORMAT_TESTPROJECT_JSON, REPEATS_SEND_EACH, 0, 0);
}

static void test_equals_have_markers_of_their_own(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, FORMAT_JUNIT);
    add(&f, 0, "t", NULL, RESULT_PASSED, TIME_NONE);
    add(&f, 0, "t", NULL, RESULT_PASSED, TIME_NONE);
    build(&f, REPEATS_DEFAULT);
    assert_true(store_entry(&f.store, 0)->marker != store_entry(&f.store, 1)->marker);
    assert_int_equal(desired_find_marker(&f.desired, store_entry(&f.store, 1)->marker), 1);
    assert_int_equal(desired_find_marker(&f.desired, 12345), INTERN_NONE);
    assert_true(f.desired.some_without_start);
    end(&f);
}

static void test_overlapping_reports_of_one_execution_are_one(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, FORMAT_JUNIT);
    add(&f, 0, "t", "Chrome", RESULT_PASSED, 1000);
    add(&f, 0, "u", "Chrome", RESULT_PASSED, 1000);
    add(&f, 1, "t", "Chrome", RESULT_PASSED, 1000);
    build(&f, REPEATS_DEFAULT);
    assert_int_equal(f.desired.merged, 1);
    assert_int_equal(desired_leader(&f.desired, 2), 0);
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
    build(&f, REPEATS_DEFAULT);
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
    build(&f, REPEATS_DEFAULT);
    assert_instants(&f, (struct test_result){.start_ms = 10, .end_ms = 30, .duration_ms = 5}, 10, 30);
    assert_instants(&f, (struct test_result){.start_ms = 10, .end_ms = TIME_NONE, .duration_ms = 5}, 10, 15);
    assert_instants(&f, (struct test_result){.start_ms = 10, .end_ms = 5, .duration_ms = TIME_NONE}, 10, 10);
    assert_instants(&f, (struct test_result){.start_ms = TIME_NONE, .end_ms = TIME_NONE, .duration_ms = 7},
                    5000, 5007);
    end(&f);
}

static void test_claims_conflict_by_content_execution_or_creation(void **state)
{
    (void)state;
    const uint64_t mine = UINT64_C(0x0000000100000001);
    const uint64_t other_part = UINT64_C(0x0000000100000002);
    const uint64_t other_execution = UINT64_C(0x0000000200000001);
    struct claim_key a = {.content = mine, .creates = true, .owner = 0x1200, .beat = 3};
    struct claim_key b = {.content = other_execution, .creates = false, .owner = 0x3400};
    assert_false(claim_conflict(&a, &b));
    b.creates = true;
    assert_true(claim_conflict(&a, &b));
    b = (struct claim_key){.content = other_part};
    assert_true(claim_conflict(&a, &b)); /* one of them creates */
    a.creates = false;
    assert_false(claim_conflict(&a, &b)); /* shards that create nothing */
    b.content = mine;
    assert_true(claim_conflict(&a, &b));
    assert_false(claim_same_owner(&a, &b));
}

static void test_claim_names_are_read_back(void **state)
{
    (void)state;
    const struct claim_key a = {.content = 1, .creates = true, .owner = 0x1200, .beat = 3};
    struct claim_key parsed;
    _cleanup_free_ char *name = claim_name(&a);
    assert_string_equal(name, "qtest-sync claim 0000000000000001-c-0000000000001200-3");
    assert_true(claim_parse(name, &parsed));
    assert_true(parsed.content == a.content && parsed.owner == a.owner && parsed.creates);
    assert_int_equal(parsed.beat, 3);
    assert_false(claim_parse("qtest-sync claim x", &parsed));
    assert_false(claim_parse("qtest-sync claim 0000000000000001-c-0000000000001200-3x", &parsed));
    assert_false(claim_parse("qtest-sync finished", &parsed));
    assert_false(claim_parse("Chrome", &parsed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_case_for_a_test_on_three_targets),
        cmocka_unit_test(test_long_names_are_cut_and_stay_apart),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_equals_have_markers_of_their_own),
        cmocka_unit_test(test_overlapping_reports_of_one_execution_are_one),
        cmocka_unit_test(test_entries_of_a_case),
        cmocka_unit_test(test_instants_come_from_the_report_where_it_has_them),
        cmocka_unit_test(test_claims_conflict_by_content_execution_or_creation),
        cmocka_unit_test(test_claim_names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
