/* Case keys, execution ids and log markers: pinned, since they can never change. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "sync/identity.h"

static void assert_key(const struct test_result *result, const char *expected)
{
    _cleanup_free_ char *key = identity_case_key(result);
    assert_string_equal(key, expected);
}

static void test_keys_are_pinned(void **state)
{
    (void)state;
    const char *const folders[] = {"Shop", "Basket"};
    assert_key(&(struct test_result){.name = "Log in"}, "qtsync-log-in-f54c15be8570de98");
    assert_key(&(struct test_result){.name = "Log in", .test_id = "Ab-12"}, "qtsync-ab-12-901edc85c5351de2");
    assert_key(&(struct test_result){.name = "Log in", .folders = folders, .folder_count = 2},
               "qtsync-log-in-e1368a9a733441b2");
    assert_key(&(struct test_result){.name = "test_x", .class_name = "pkg.TestX"},
               "qtsync-test-x-867b8a9c047efb49");
    assert_key(&(struct test_result){.name = "\xC3\xA4\xE2\x80\xA6", .class_name = "c"},
               "qtsync-test-a430927280c4913f");
}

static void assert_weaker(const struct test_result *result, const char *without_id, const char *bare_name)
{
    _cleanup_free_ char *first = identity_weaker_key(result, IDENTITY_WITHOUT_ID);
    _cleanup_free_ char *second = identity_weaker_key(result, IDENTITY_BARE_NAME);
    assert_string_equal(first ? first : "none", without_id);
    assert_string_equal(second ? second : "none", bare_name);
}

/* The same texts as in test_keys_are_pinned: a weaker key is the key of a report that says less. */
static void test_weaker_keys_are_pinned(void **state)
{
    (void)state;
    const char *const folders[] = {"Shop", "Basket"};
    const char *bare = "qtsync-log-in-f54c15be8570de98";
    const char *in_folder = "qtsync-log-in-e1368a9a733441b2";
    const char *in_class = "qtsync-test-x-867b8a9c047efb49";
    assert_weaker(&(struct test_result){.name = "Log in"}, "none", "none");
    assert_weaker(&(struct test_result){.name = "test_x", .class_name = "pkg.TestX"}, "none", "none");
    assert_weaker(&(struct test_result){.name = "test_x", .suite_name = "pkg.TestX"}, "none", "none");
    assert_weaker(&(struct test_result){.name = "Log in", .test_id = "Ab-12"}, bare, "none");
    assert_weaker(&(struct test_result){.name = "Log in", .folders = folders, .folder_count = 2}, "none",
                  bare);
    assert_weaker(
        &(struct test_result){.name = "Log in", .test_id = "Ab-12", .folders = folders, .folder_count = 2},
        in_folder, bare);
    assert_weaker(&(struct test_result){.name = "test_x", .test_id = "7", .class_name = "pkg.TestX"},
                  in_class, "none");
    assert_weaker(&(struct test_result){.name = "test_x", .test_id = "7", .suite_name = "pkg.TestX"},
                  in_class, "none");
}

static void test_a_suite_stands_in_for_a_class(void **state)
{
    (void)state;
    _cleanup_free_ char *a = identity_case_key(&(struct test_result){.name = "t", .class_name = "S"});
    _cleanup_free_ char *b = identity_case_key(&(struct test_result){.name = "t", .suite_name = "S"});
    _cleanup_free_ char *c = identity_case_key(&(struct test_result){.name = "t", .suite_name = "R"});
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
}

static void test_folders_and_names_do_not_run_together(void **state)
{
    (void)state;
    const char *const ab[] = {"a", "b"};
    const char *const a_b[] = {"a/b"};
    _cleanup_free_ char *x =
        identity_case_key(&(struct test_result){.name = "t", .folders = ab, .folder_count = 2});
    _cleanup_free_ char *y =
        identity_case_key(&(struct test_result){.name = "t", .folders = a_b, .folder_count = 1});
    assert_string_not_equal(x, y);
}

static void test_key_has_no_character_that_servers_escape(void **state)
{
    (void)state;
    _cleanup_free_ char *key =
        identity_case_key(&(struct test_result){.name = "<a href=\"x\">&amp; it's #1? \n\t"
                                                        "0123456789012345678901234567890123456789"
                                                        "0123456789012345678901234567890123456789"});
    assert_null(strpbrk(key, "<>&\"'#? \n\t"));
    assert_true(strlen(key) <= 100);
}

static void test_template_fills_known_fields_and_keeps_the_rest(void **state)
{
    (void)state;
    const struct test_result result = {.name = "n", .class_name = "C", .test_id = "7", .suite_name = "S"};
    _cleanup_free_ char *content =
        identity_automation_content(&result, "{classname}#{name} {id} {suite} {other} {");
    assert_string_equal(content, "C#n 7 S {other} {");
}

static void test_bytes_of_another_job_are_others(void **state)
{
    (void)state;
    struct report_meta meta = REPORT_META_INIT;
    _cleanup_free_ char *alone = identity_of_bytes(&meta, NULL);
    _cleanup_free_ char *unit = identity_of_bytes(&meta, "GitLab 7 unit");
    _cleanup_free_ char *web = identity_of_bytes(&meta, "GitLab 7 web");
    assert_string_not_equal(alone, unit);
    assert_string_not_equal(unit, web);
    assert_string_equal(alone, "f0b165dd126310b8e933b92cb964a75d");
}

static void test_report_url_gives_the_execution(void **state)
{
    (void)state;
    _cleanup_free_ char *id = identity_from_report_url("https://app.testproject.io/#/reports/projects/1/jobs/"
                                                       "j/execution/Qm3vT8?es=2022-07-04T22:00:12.940Z");
    assert_string_equal(id, "Qm3vT8");
    assert_null(identity_from_report_url("https://x/"));
    assert_null(identity_from_report_url(NULL));
}

static void test_execution_mark_is_pinned_and_depends_on_every_part(void **state)
{
    (void)state;
    const struct mark_place place = {.automation_content = "c", .suite = "s"};
    struct hash128 first = identity_execution_mark(&place, "e", true);
    char hex[33];
    hash128_hex(&first, hex);
    assert_string_equal(hex, "15c1c2fa41d2d43c8c70b69ad8e7313b");
    struct mark_place others[] = {place, place, place};
    others[0].automation_content = "d";
    others[1].suite = "t";
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        struct hash128 other = identity_execution_mark(&others[i], i == 2 ? "f" : "e", true);
        assert_memory_not_equal(&first, &other, sizeof first);
    }
    struct hash128 of_bytes = identity_execution_mark(&place, "e", false);
    assert_true(identity_mark_is_named(hash128_low(&first)));
    assert_false(identity_mark_is_named(hash128_low(&of_bytes)));
}

static void test_result_mark_is_pinned_and_depends_on_every_part(void **state)
{
    (void)state;
    const struct mark_place place = {.automation_content = "c", .suite = "s"};
    const struct mark_place elsewhere[] = {{.automation_content = "d", .suite = "s"},
                                           {.automation_content = "c", .suite = "t"}};
    const struct result_identity base = {.start_ms = 1};
    struct hash128 first = identity_result_mark(&place, &base);
    char hex[33];
    hash128_hex(&first, hex);
    assert_string_equal(hex, "fedbcb2270c495695d3d4dff16d8f251");
    assert_false(identity_mark_is_named(hash128_low(&first)));
    for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++) {
        struct hash128 other = identity_result_mark(&elsewhere[i], &base);
        assert_memory_not_equal(&first, &other, sizeof first);
    }
    struct result_identity others[] = {base, base, base, base};
    others[0].start_ms = 2;
    others[1].duration_ms = 1;
    others[2].status = RESULT_FAILED;
    others[3].status = RESULT_SKIPPED;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        struct hash128 other = identity_result_mark(&place, &others[i]);
        assert_memory_not_equal(&first, &other, sizeof first);
    }
    others[3].status = RESULT_ERROR;
    struct hash128 failed = identity_result_mark(&place, &others[2]);
    struct hash128 error = identity_result_mark(&place, &others[3]);
    assert_memory_equal(&failed, &error, sizeof failed);
}

static void assert_build(const char *ci_number, const char *execution_id, bool named, const char *expected)
{
    _cleanup_free_ char *number = identity_build_number(ci_number, execution_id, named);
    assert_string_equal(number, expected);
    assert_true(identity_is_build_of(number, execution_id));
    assert_false(identity_is_build_of(number, "another"));
}

static void test_build_numbers_name_their_execution(void **state)
{
    (void)state;
    assert_build("57", "e", true, "57 (c9dd1672a54c)");
    assert_build(NULL, "e", true, "e");
    assert_build(NULL, "e", false, "c9dd1672a54c");
    assert_false(identity_is_build_of("57", "e"));
    assert_false(identity_is_build_of(NULL, "e"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_pinned),
        cmocka_unit_test(test_weaker_keys_are_pinned),
        cmocka_unit_test(test_a_suite_stands_in_for_a_class),
        cmocka_unit_test(test_folders_and_names_do_not_run_together),
        cmocka_unit_test(test_key_has_no_character_that_servers_escape),
        cmocka_unit_test(test_template_fills_known_fields_and_keeps_the_rest),
        cmocka_unit_test(test_bytes_of_another_job_are_others),
        cmocka_unit_test(test_build_numbers_name_their_execution),
        cmocka_unit_test(test_report_url_gives_the_execution),
        cmocka_unit_test(test_execution_mark_is_pinned_and_depends_on_every_part),
        cmocka_unit_test(test_result_mark_is_pinned_and_depends_on_every_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
