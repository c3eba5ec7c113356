/* Which failures are none, and what is told of the files that were left out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/left_out.h"

static struct report_source source_of(const char *path, enum report_source_kind kind, size_t argument)
{
    return (struct report_source){.path = (char *)path, .kind = kind, .argument = argument};
}

static bool take(struct left_out *out, const char *path, enum report_source_kind kind, enum error_code code,
                 const char *foreign)
{
    struct error err = ERROR_INIT;
    struct report_meta meta = REPORT_META_INIT;
    meta.foreign = xstrdup(foreign);
    error_set(&err, code, "something");
    const struct report_source source = source_of(path, kind, 0);
    bool taken = left_out_take(out, &source, &meta, &err);
    assert_int_equal(err.code, taken ? ERR_NONE : code);
    error_release(&err);
    report_meta_release(&meta);
    return taken;
}

static void test_only_what_was_found_is_left_out(void **state)
{
    (void)state;
    struct left_out out = LEFT_OUT_INIT;
    assert_true(take(&out, "a", SOURCE_IN_FOLDER, ERR_FOREIGN, "x; y"));
    assert_true(take(&out, "a", SOURCE_MATCHED, ERR_FOREIGN, "x; y"));
    assert_false(take(&out, "a", SOURCE_NAMED, ERR_FOREIGN, "x; y"));
    assert_false(take(&out, "-", SOURCE_STDIN, ERR_FOREIGN, "x; y"));
    assert_false(take(&out, "a", SOURCE_IN_FOLDER, ERR_REPORT, NULL));
    assert_false(take(&out, "a", SOURCE_IN_FOLDER, ERR_EMPTY, NULL));
    assert_false(take(&out, "a", SOURCE_IN_FOLDER, ERR_LIMIT, NULL));
    left_out_release(&out);
}

static void test_a_file_that_went_away_is_left_out(void **state)
{
    (void)state;
    struct left_out out = LEFT_OUT_INIT;
    assert_true(take(&out, "/nowhere/gone.xml", SOURCE_IN_FOLDER, ERR_IO, NULL));
    assert_false(take(&out, "/nowhere/gone.xml", SOURCE_NAMED, ERR_IO, NULL));
    assert_false(take(&out, "/", SOURCE_IN_FOLDER, ERR_IO, NULL)); /* there, but not readable */
    struct settings settings = {.verbose = 0};
    struct text_list lines = {0};
    left_out_lines(&out, &settings, &lines);
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.items[0], "'/nowhere/gone.xml' is left out: it went away after it was found");
    text_list_release(&lines);
    left_out_release(&out);
}

static void test_a_line_for_each_kind_or_each_file(void **state)
{
    (void)state;
    struct left_out out = LEFT_OUT_INIT;
    static const char *const paths[] = {"a", "b", "c", "d", "e"};
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        take(&out, paths[i], SOURCE_MATCHED, ERR_FOREIGN, "an Allure result; do so");
    take(&out, "p", SOURCE_MATCHED, ERR_FOREIGN, "an HTML page; look");
    struct settings settings = {.verbose = 0};
    struct text_list lines = {0};
    left_out_lines(&out, &settings, &lines);
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.items[0],
                        "'a', 'b', 'c' and 2 more are left out: each is an Allure result; do so");
    assert_string_equal(lines.items[1], "'p' is left out: it is an HTML page; look");
    settings.verbose = 1;
    left_out_lines(&out, &settings, &lines);
    assert_int_equal(lines.count, 2 + 6);
    assert_string_equal(lines.items[6], "'e' is left out: it is an Allure result; do so");
    text_list_release(&lines);
    left_out_release(&out);
}

static void test_very_many_kinds_are_bounded(void **state)
{
    (void)state;
    struct left_out out = LEFT_OUT_INIT;
    for (int i = 0; i < 12000; i++) {
        _cleanup_free_ char *what = xasprintf("kind %d; do so", i);
        take(&out, "a", SOURCE_MATCHED, ERR_FOREIGN, what);
    }
    struct settings settings = {.verbose = 0};
    struct text_list lines = {0};
    left_out_lines(&out, &settings, &lines);
    assert_int_equal(lines.count, 11);
    assert_string_equal(lines.items[10],
                        "11990 further files are left out, since they are no reports (-v names them)");
    settings.verbose = 1;
    left_out_lines(&out, &settings, &lines);
    assert_int_equal(lines.count, 11 + 10001);
    text_list_release(&lines);
    left_out_release(&out);
}

static void test_an_argument_that_holds_nothing_else(void **state)
{
    (void)state;
    struct report_source items[] = {source_of("f/a", SOURCE_IN_FOLDER, 0),
                                    source_of("f/b", SOURCE_IN_FOLDER, 0), source_of("r", SOURCE_NAMED, 1),
                                    source_of("g/a", SOURCE_MATCHED, 2), source_of("g/r", SOURCE_MATCHED, 2)};
    bool shared[3] = {false, false, false};
    const struct report_sources sources = {.items = items, .count = ARRAY_SIZE(items), .shared = shared};
    struct left_out out = LEFT_OUT_INIT;
    struct report_meta meta = REPORT_META_INIT;
    static const size_t foreign[] = {0, 1, 3};
    for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
        struct error failed = ERROR_INIT;
        meta.foreign = xstrdup("an Allure result; do so");
        error_set(&failed, ERR_FOREIGN, "x");
        assert_true(left_out_take(&out, &items[foreign[i]], &meta, &failed));
        report_meta_release(&meta);
        meta = (struct report_meta)REPORT_META_INIT;
    }
    struct error err = ERROR_INIT;
    assert_int_equal(left_out_check(&out, &sources, 0, "f", &err), -ERR_REPORT);
    assert_string_equal(
        err.text, "nothing in the folder 'f' is a report: 'f/a', 'f/b' are each an Allure result; do so");
    error_release(&err);
    assert_int_equal(left_out_check(&out, &sources, 1, "r", &err), 0);
    assert_int_equal(left_out_check(&out, &sources, 2, "g/*", &err), 0);
    shared[0] = true; /* its report was named before */
    assert_int_equal(left_out_check(&out, &sources, 0, "f", &err), 0);
    left_out_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_was_found_is_left_out),
        cmocka_unit_test(test_a_file_that_went_away_is_left_out),
        cmocka_unit_test(test_a_line_for_each_kind_or_each_file),
        cmocka_unit_test(test_very_many_kinds_are_bounded),
        cmocka_unit_test(test_an_argument_that_holds_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
