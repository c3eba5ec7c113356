/* Which case of qTest stands for which test, when reports begin to say more of a test's identity. */
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

struct fixture {
    struct store store;
    struct report_meta meta;
    struct desired_report report;
    struct desired desired;
};

static const char *const shop[] = {"Shop"};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    store_init(&f->store, 1u << 20);
    f->meta.format = FORMAT_JUNIT;
    f->report = (struct desired_report){.meta = &f->meta, .execution_id = "e", .named = true};
}

static void add(struct fixture *f, const char *test_id, bool in_shop, const char *name)
{
    struct error err = ERROR_INIT;
    const struct test_result result = {.test_id = test_id,
                                       .folders = in_shop ? shop : NULL,
                                       .folder_count = in_shop,
                                       .name = name,
                                       .start_ms = 1000,
                                       .end_ms = TIME_NONE,
                                       .duration_ms = TIME_NONE};
    assert_int_equal(store_add(&f->store, 0, &result, &err), 0);
}

static void build_with(struct fixture *f, const char *content_template)
{
    struct error err = ERROR_INIT;
    const struct desired_options options = {.job = "job", .content_template = content_template};
    assert_int_equal(desired_build(&f->desired, &f->store, &f->report, 1, &options, &err), 0);
    assert_int_equal(desired_read_weaker(&f->desired, &err), 0);
}

static void build(struct fixture *f)
{
    build_with(f, NULL);
}

static void end(struct fixture *f)
{
    desired_release(&f->desired);
    store_release(&f->store);
}

/* A case is in qTest that a report made which said this of the test. */
static uint32_t take(struct fixture *f, const char *test_id, bool in_shop, const char *name, int64_t case_id)
{
    const struct test_result said = {
        .test_id = test_id, .folders = in_shop ? shop : NULL, .folder_count = in_shop, .name = name};
    _cleanup_free_ char *content = identity_case_key(&said);
    return desired_take_case(&f->desired, content, case_id);
}

static void assert_sent(struct fixture *f, uint32_t number, const char *test_id, bool in_shop,
                        const char *name)
{
    struct error err = ERROR_INIT;
    _cleanup_(record_release) struct record record = RECORD_INIT;
    const struct test_result said = {
        .test_id = test_id, .folders = in_shop ? shop : NULL, .folder_count = in_shop, .name = name};
    _cleanup_free_ char *expected = identity_case_key(&said);
    _cleanup_free_ char *content = NULL;
    assert_int_equal(store_read(&f->store, number, &record, &err), 0);
    char *name_before = xstrdup(record.result.name);
    assert_int_equal(desired_sent_content(&f->desired, number, &record, &content, &err), 0);
    assert_string_equal(content, expected);
    assert_string_equal(record.result.name, name_before);
    free(name_before);
}

static void test_no_weaker_key_takes_no_memory(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, NULL, false, "t");
    build(&f);
    assert_null(f.desired.weaker);
    assert_int_equal(sizeof(struct desired_case), 24);
    assert_int_equal(sizeof(struct weaker_key), 12);
    end(&f);
}

static void test_a_users_template_has_no_weaker_content(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", true, "t");
    build_with(&f, "{name}");
    assert_null(f.desired.weaker);
    assert_int_equal(take(&f, NULL, true, "t", 5), INTERN_NONE);
    end(&f);
}

static void test_the_only_case_with_the_weaker_content_is_adopted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "t");
    add(&f, NULL, true, "u");
    build(&f);
    assert_int_equal(take(&f, NULL, false, "t", 5), 0);
    assert_int_equal(take(&f, NULL, false, "u", 6), 1);
    assert_int_equal(take(&f, NULL, false, "x", 7), INTERN_NONE);
    assert_int_equal(take(&f, NULL, false, "t", 5), 0); /* observed again */
    assert_int_equal(f.desired.cases[0].case_id, 5);
    assert_int_equal(f.desired.cases[1].case_id, 6);
    assert_true(desired_is_adopted(&f.desired.cases[0]));
    assert_sent(&f, 0, NULL, false, "t");
    assert_sent(&f, 1, NULL, false, "u");
    assert_int_equal(desired_count_doubtful(&f.desired), 0);
    end(&f);
}

static void test_the_own_content_always_wins(void **state)
{
    (void)state;
    for (int own_first = 0; own_first < 2; own_first++) {
        struct fixture f;
        begin(&f);
        add(&f, "7", true, "t");
        build(&f);
        if (own_first)
            take(&f, "7", true, "t", 9);
        take(&f, NULL, false, "t", 5);
        take(&f, NULL, true, "t", 6);
        take(&f, NULL, true, "t", 7);
        if (!own_first)
            take(&f, "7", true, "t", 9);
        assert_int_equal(f.desired.cases[0].case_id, 9);
        assert_false(desired_is_adopted(&f.desired.cases[0]));
        assert_int_equal(desired_count_doubtful(&f.desired), 0);
        assert_sent(&f, 0, "7", true, "t");
        end(&f);
    }
}

static void test_the_stronger_weaker_content_wins(void **state)
{
    (void)state;
    for (int stronger_first = 0; stronger_first < 2; stronger_first++) {
        struct fixture f;
        begin(&f);
        add(&f, "7", true, "t");
        build(&f);
        assert_int_equal(take(&f, NULL, stronger_first, "t", 5 + stronger_first), 0);
        take(&f, NULL, !stronger_first, "t", 6 - stronger_first);
        assert_int_equal(f.desired.cases[0].case_id, 6);
        assert_sent(&f, 0, NULL, true, "t");
        end(&f);
    }
}

static void test_of_several_cases_none_is_adopted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", true, "t");
    build(&f);
    take(&f, NULL, true, "t", 5);
    take(&f, NULL, true, "t", 6);
    take(&f, NULL, true, "t", 5);
    take(&f, NULL, false, "t", 4); /* nor a weaker one in their place */
    assert_int_equal(f.desired.cases[0].case_id, 0);
    assert_int_equal(desired_count_doubtful(&f.desired), 1);
    assert_sent(&f, 0, "7", true, "t");
    end(&f);
}

static void test_what_two_tests_share_is_not_adopted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "t");
    add(&f, "8", false, "t");
    add(&f, "9", false, "u"); /* shares nothing */
    build(&f);
    assert_int_equal(desired_count_doubtful(&f.desired), 0);
    assert_int_equal(take(&f, NULL, false, "t", 5), INTERN_NONE);
    assert_int_equal(take(&f, NULL, false, "u", 6), 2);
    assert_int_equal(f.desired.cases[0].case_id, 0);
    assert_int_equal(f.desired.cases[1].case_id, 0);
    assert_int_equal(desired_count_doubtful(&f.desired), 2);
    end(&f);
}

static void test_another_tests_own_case_is_not_adopted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "t");
    add(&f, NULL, false, "t");
    build(&f);
    assert_int_equal(take(&f, NULL, false, "t", 5), 1);
    assert_int_equal(f.desired.cases[0].case_id, 0);
    assert_int_equal(f.desired.cases[1].case_id, 5);
    assert_int_equal(desired_count_doubtful(&f.desired), 1);
    end(&f);
}

static void test_what_was_sent_stays_with_its_case(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "adopted");
    add(&f, "8", false, "made");
    build(&f);
    take(&f, NULL, false, "adopted", 5);
    store_entry(&f.store, 0)->sent = 1;
    store_entry(&f.store, 1)->sent = 1;
    take(&f, NULL, false, "adopted", 6);
    take(&f, "7", false, "adopted", 7);
    take(&f, NULL, false, "made", 8);
    assert_int_equal(f.desired.cases[0].case_id, 5);
    assert_int_equal(f.desired.cases[1].case_id, 0);
    assert_int_equal(take(&f, "8", false, "made", 9), 1);
    end(&f);
}

/* Twice in one upload, the second time under another name: the case goes by its first result. */
static void test_a_renamed_test_is_sent_to_the_adopted_case(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "old name");
    add(&f, "7", false, "new name");
    build(&f);
    assert_int_equal(take(&f, NULL, false, "new name", 4), INTERN_NONE);
    assert_int_equal(take(&f, NULL, false, "old name", 5), 0);
    assert_sent(&f, 0, NULL, false, "old name");
    assert_sent(&f, 1, NULL, false, "old name");
    end(&f);
}

static void test_the_marker_is_made_from_the_own_key(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "t");
    build(&f);
    take(&f, NULL, false, "t", 5);
    const struct test_result own = {.name = "t", .test_id = "7"};
    _cleanup_free_ char *content = identity_case_key(&own);
    const struct store_entry *entry = store_entry(&f.store, 0);
    const struct mark_place place = {.automation_content = content,
                                     .suite = desired_suite_mark_text(&f.desired, entry)};
    struct hash128 marker = identity_execution_mark(&place, "e", f.report.named);
    assert_int_equal(desired_find_marker(&f.desired, hash128_low(&marker)), 0);
    end(&f);
}

static void test_a_case_of_qtest_is_told_by_content_and_id(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add(&f, "7", false, "t");
    build(&f);
    const struct test_result weak = {.name = "t"};
    const struct test_result own = {.name = "t", .test_id = "7"};
    _cleanup_free_ char *weak_content = identity_case_key(&weak);
    _cleanup_free_ char *own_content = identity_case_key(&own);
    assert_int_equal(desired_case_of(&f.desired, weak_content, 5), INTERN_NONE);
    assert_int_equal(desired_case_of(&f.desired, own_content, 9), 0); /* just made */
    take(&f, NULL, false, "t", 5);
    assert_int_equal(desired_case_of(&f.desired, weak_content, 5), 0);
    assert_int_equal(desired_case_of(&f.desired, weak_content, 6), INTERN_NONE);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_weaker_key_takes_no_memory),
        cmocka_unit_test(test_a_users_template_has_no_weaker_content),
        cmocka_unit_test(test_the_only_case_with_the_weaker_content_is_adopted),
        cmocka_unit_test(test_the_own_content_always_wins),
        cmocka_unit_test(test_the_stronger_weaker_content_wins),
        cmocka_unit_test(test_of_several_cases_none_is_adopted),
        cmocka_unit_test(test_what_two_tests_share_is_not_adopted),
        cmocka_unit_test(test_another_tests_own_case_is_not_adopted),
        cmocka_unit_test(test_what_was_sent_stays_with_its_case),
        cmocka_unit_test(test_a_renamed_test_is_sent_to_the_adopted_case),
        cmocka_unit_test(test_the_marker_is_made_from_the_own_key),
        cmocka_unit_test(test_a_case_of_qtest_is_told_by_content_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
