/* REPORT arguments to files: folders, patterns, doubles, links, and a great many of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/sources.h"

static char *old_folder;

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void make_folder(const char *path)
{
    assert_int_equal(mkdir(path, 0700), 0);
}

/* Every test works in a new folder. */
static int enter_folder(void **state)
{
    char name[] = "/tmp/qtest-sync-sources-XXXXXX";
    char *folder = mkdtemp(name);
    old_folder = getcwd(NULL, 0);
    *state = xstrdup(folder);
    return folder && chdir(folder) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static int leave_folder(void **state)
{
    int rc = chdir(old_folder);
    rc |= nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    free(old_folder);
    return rc;
}

static void make_tree(void)
{
    make_folder("out");
    make_folder("out/b");
    make_folder("out/a");
    make_folder("out/a/deep");
    make_folder("out/.hidden");
    make_file("out/.hidden/x.xml");
    make_file("out/.secret.xml");
    make_file("out/a/TEST-2.xml");
    make_file("out/a/TEST-10.XML");
    make_file("out/a/deep/report.json");
    make_file("out/a/notes.txt");
    make_file("out/b/TEST-1.xml");
    make_file("out/z.xml");
}

/* The paths, one a line; then "notice: ..." and "problem: ..." lines. */
static char *expanded(int expected_code, size_t count, const char *const *arguments)
{
    struct report_sources sources = REPORT_SOURCES_INIT;
    struct error err = ERROR_INIT;
    struct buf out = BUF_UNBOUNDED;
    int rc = report_sources_expand(&sources, arguments, count, &err);
    assert_int_equal(rc, expected_code);
    assert_int_equal(rc, -(int)err.code);
    for (size_t i = 0; i < sources.count; i++)
        buf_printf(&out, "%s\n", sources.items[i].path);
    for (size_t i = 0; i < sources.notices.count; i++)
        buf_printf(&out, "notice: %s\n", sources.notices.items[i]);
    for (size_t i = 0; i < sources.problems.count; i++)
        buf_printf(&out, "problem: %s\n", sources.problems.items[i]);
    if (rc < 0)
        assert_string_equal(err.text, sources.problems.items[0]);
    error_release(&err);
    report_sources_release(&sources);
    return buf_take(&out);
}

#define ASSERT_EXPANDS(code, text, ...)                                                                      \
    do {                                                                                                     \
        const char *const arguments_[] = {__VA_ARGS__};                                                      \
        _cleanup_free_ char *found_ = expanded((code), ARRAY_SIZE(arguments_), arguments_);                  \
        assert_string_equal(found_, (text));                                                                 \
    } while (0)

static void test_a_folder_gives_its_reports_at_any_depth_in_order(void **state)
{
    (void)state;
    make_tree();
    ASSERT_EXPANDS(
        0, "out/a/TEST-10.XML\nout/a/TEST-2.xml\nout/a/deep/report.json\nout/b/TEST-1.xml\nout/z.xml\n",
        "out");
    ASSERT_EXPANDS(0, "out/b/TEST-1.xml\n", "out/b/");
}

static void test_arguments_keep_their_order(void **state)
{
    (void)state;
    make_tree();
    ASSERT_EXPANDS(0, "out/z.xml\n-\nout/b/TEST-1.xml\nout/a/notes.txt\n", "out/z.xml", "-", "out/b",
                   "out/a/notes.txt");
}

static void test_patterns(void **state)
{
    (void)state;
    make_tree();
    ASSERT_EXPANDS(0, "out/a/TEST-2.xml\nout/b/TEST-1.xml\n", "out/*/TEST-?.xml");
    ASSERT_EXPANDS(0, "out/a/TEST-2.xml\nout/b/TEST-1.xml\nout/z.xml\n", "**/*.xml");
    ASSERT_EXPANDS(0, "out/a/TEST-2.xml\n", "out/**/TEST-[2-9].xml");
    ASSERT_EXPANDS(0, "out/a/deep/report.json\n", "out/**/deep/**/*.json");
    ASSERT_EXPANDS(0, "out/a/TEST-10.XML\nout/a/TEST-2.xml\nout/a/deep/report.json\n", "out/a/**");
    ASSERT_EXPANDS(0, "out/a/notes.txt\n", "out/a/*.txt");
    ASSERT_EXPANDS(0, "./out/a/deep/report.json\n", "./out/a/de*");
    ASSERT_EXPANDS(0, "out/.hidden/x.xml\n", "out/.h*/x.xml");
    ASSERT_EXPANDS(0, "out/.secret.xml\n", "out/.*.xml");
    ASSERT_EXPANDS(0, "out/z.xml\n", "out//[!a]*.xml");
}

static void test_absolute_patterns(void **state)
{
    make_tree();
    _cleanup_free_ char *pattern = xasprintf("%s/out/b/*", (const char *)*state);
    _cleanup_free_ char *expected = xasprintf("%s/out/b/TEST-1.xml\n", (const char *)*state);
    ASSERT_EXPANDS(0, expected, pattern);
}

static void test_a_file_with_stars_in_its_name_is_itself(void **state)
{
    (void)state;
    make_file("a*.xml");
    make_file("ab.xml");
    make_file("[x].xml");
    ASSERT_EXPANDS(0, "a*.xml\n", "a*.xml");
    ASSERT_EXPANDS(0, "[x].xml\n", "[x].xml");
    ASSERT_EXPANDS(0, "a*.xml\n", "?\\**");
}

static void test_what_matches_nothing_is_named_and_the_rest_is_there(void **state)
{
    (void)state;
    make_tree();
    make_folder("empty");
    make_file("empty/readme.txt");
    ASSERT_EXPANDS(
        -ERR_REPORT,
        "out/z.xml\n"
        "problem: the pattern 'no/*.xml' matches no file; see whether the tests ran and where they write\n"
        "problem: the folder 'empty' holds no report, that is no *.xml and no *.json; see whether the "
        "tests ran and where they write\n",
        "no/*.xml", "out/z.xml", "empty");
}

static void test_a_name_that_is_not_there_is_left_to_opening(void **state)
{
    (void)state;
    ASSERT_EXPANDS(0, "gone.xml\n", "gone.xml");
}

static void test_the_same_file_is_read_once(void **state)
{
    (void)state;
    make_tree();
    assert_int_equal(link("out/z.xml", "hard.xml"), 0);
    assert_int_equal(symlink("out/z.xml", "soft.xml"), 0);
    ASSERT_EXPANDS(0,
                   "out/z.xml\n"
                   "notice: 'out/z.xml' is given twice; it is read once\n"
                   "notice: 'hard.xml' is the same file as 'out/z.xml'; it is read once\n"
                   "notice: 'soft.xml' is the same file as 'out/z.xml'; it is read once\n"
                   "notice: './out/z.xml' is the same file as 'out/z.xml'; it is read once\n",
                   "out/z.xml", "out/z.xml", "hard.xml", "soft.xml", "./out/z.xml");
    ASSERT_EXPANDS(0, "-\nnotice: '-' is given twice; standard input is read once\n", "-", "-");
}

static void test_one_argument_that_finds_a_file_twice_says_nothing(void **state)
{
    (void)state;
    make_tree();
    ASSERT_EXPANDS(0, "out/a/TEST-10.XML\nout/a/TEST-2.xml\nout/a/deep/report.json\nout/a/notes.txt\n",
                   "out/a/**/*");
}

static void test_link_loops_end(void **state)
{
    (void)state;
    make_tree();
    assert_int_equal(symlink("..", "out/a/up"), 0);
    assert_int_equal(symlink("self", "out/self"), 0);
    assert_int_equal(symlink("nowhere", "out/dangling.xml"), 0);
    ASSERT_EXPANDS(
        0, "out/a/TEST-10.XML\nout/a/TEST-2.xml\nout/a/deep/report.json\nout/b/TEST-1.xml\nout/z.xml\n",
        "out");
    ASSERT_EXPANDS(0, "out/z.xml\n", "out/**/z.xml");
}

static void test_other_things_than_files_are_passed_over(void **state)
{
    (void)state;
    make_folder("d");
    make_file("d/a.xml");
    assert_int_equal(mkfifo("d/pipe.xml", 0600), 0);
    ASSERT_EXPANDS(0, "d/a.xml\n", "d");
    ASSERT_EXPANDS(0, "d/a.xml\n", "d/*");
    ASSERT_EXPANDS(0, "d/pipe.xml\n", "d/pipe.xml");
}

static void test_a_folder_that_cannot_be_read(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip();
    make_folder("d");
    make_folder("d/locked");
    assert_int_equal(chmod("d/locked", 0), 0);
    ASSERT_EXPANDS(-ERR_IO, "problem: cannot read the folder 'd/locked': Permission denied\n", "d");
    assert_int_equal(chmod("d/locked", 0700), 0);
}

static void test_many_segments_do_not_explode(void **state)
{
    (void)state;
    _cleanup_(buf_release) struct buf path = BUF_UNBOUNDED;
    for (int i = 0; i < 40; i++) {
        buf_printf(&path, "%sa", i ? "/" : "");
        make_folder(buf_text(&path));
    }
    buf_puts(&path, "/x.xml");
    make_file(buf_text(&path));
    buf_puts(&path, "\n");
    ASSERT_EXPANDS(0, buf_text(&path), "**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/*.xml");
}

static void make_files(const char *folder, int count)
{
    make_folder(folder);
    for (int i = 0; i < count; i++) {
        _cleanup_free_ char *path = xasprintf("%s/%05d.xml", folder, i);
        make_file(path);
    }
}

/* Expands two arguments; the least processor time of three, since a busy machine only ever adds. */
static clock_t expand_twice(const char *folder, const char *pattern, size_t expected)
{
    const char *const arguments[] = {folder, pattern};
    clock_t least = 0;
    for (int i = 0; i < 3; i++) {
        struct report_sources sources = REPORT_SOURCES_INIT;
        struct error err = ERROR_INIT;
        clock_t begin = clock();
        assert_int_equal(report_sources_expand(&sources, arguments, 2, &err), 0);
        clock_t spent = clock() - begin;
        if (i == 0 || spent < least)
            least = spent;
        assert_int_equal(sources.count, expected);
        assert_int_equal(sources.notices.count, expected);
        assert_string_equal(sources.items[0].path + strlen(folder), "/00000.xml");
        assert_int_equal(sources.items[0].kind, SOURCE_IN_FOLDER);
        report_sources_release(&sources);
    }
    return least;
}

/* Eight thousand files twice: far from quadratic, when sixteen times the files take 256 times as long. */
static void test_eight_thousand_files(void **state)
{
    (void)state;
    make_files("few", 500);
    make_files("many", 8000);
    clock_t few = expand_twice("few", "few/*.xml", 500), many = expand_twice("many", "many/*.xml", 8000);
    assert_true(many < 80 * (few + CLOCKS_PER_SEC / 1000));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_folder_gives_its_reports_at_any_depth_in_order),
        IN_FOLDER(test_arguments_keep_their_order),
        IN_FOLDER(test_patterns),
        IN_FOLDER(test_absolute_patterns),
        IN_FOLDER(test_a_file_with_stars_in_its_name_is_itself),
        IN_FOLDER(test_what_matches_nothing_is_named_and_the_rest_is_there),
        IN_FOLDER(test_a_name_that_is_not_there_is_left_to_opening),
        IN_FOLDER(test_the_same_file_is_read_once),
        IN_FOLDER(test_one_argument_that_finds_a_file_twice_says_nothing),
        IN_FOLDER(test_link_loops_end),
        IN_FOLDER(test_other_things_than_files_are_passed_over),
        IN_FOLDER(test_a_folder_that_cannot_be_read),
        IN_FOLDER(test_many_segments_do_not_explode),
        IN_FOLDER(test_eight_thousand_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
