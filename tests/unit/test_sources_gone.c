/* Folders that go away while they are looked through, as when another job cleans up: the folder is
 * there when it is seen, and not when it is opened. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/sources.h"

static const char *doomed; /* a folder that goes away at the moment when it is opened */

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

/* In place of the C library's. */
DIR *opendir(const char *path)
{
    if (doomed && text_equal(path, doomed)) {
        nftw(doomed, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        errno = ENOENT;
        return NULL;
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? NULL : fdopendir(fd);
}

static char folder[] = "/tmp/qtest-gone-XXXXXX";

static void make(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("out", 0700) | mkdir("out/a", 0700) | mkdir("out/b", 0700), 0);
    make("out/a/1.xml");
    make("out/b/2.xml");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    doomed = NULL;
    assert_int_equal(chdir("/"), 0);
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void check(const char *argument, const char *gone)
{
    struct report_sources sources = REPORT_SOURCES_INIT;
    struct error err = ERROR_INIT;
    doomed = gone;
    assert_int_equal(report_sources_expand(&sources, &argument, 1, &err), 0);
    assert_int_equal(sources.count, 1);
    assert_true(text_ends(sources.items[0].path, "out/b/2.xml"));
    assert_int_equal(sources.problems.count, 0);
    assert_int_equal(sources.warnings.count, 1);
    _cleanup_free_ char *warning =
        xasprintf("'%s' went away while '%s' was looked through; it is left out", gone, argument);
    assert_string_equal(sources.warnings.items[0], warning);
    report_sources_release(&sources);
}

static void test_below_a_folder(void **state)
{
    (void)state;
    check("./out/../out/", "./out/../out/a");
}

static void test_a_pattern_with_a_name_for_folders(void **state)
{
    (void)state;
    check("out/*/*.xml", "out/a");
}

static void test_a_pattern_with_any_folders(void **state)
{
    (void)state;
    check("out/**/*.xml", "out/a");
}

static void test_any_folders_at_the_end(void **state)
{
    (void)state;
    check("out/**", "out/a");
}

/* A folder alone, gone between being seen and being opened: nothing was found, and the reason is told. */
static void test_the_folder_itself(void **state)
{
    (void)state;
    struct report_sources sources = REPORT_SOURCES_INIT;
    struct error err = ERROR_INIT;
    const char *argument = doomed = "out/a";
    assert_int_equal(report_sources_expand(&sources, &argument, 1, &err), -ERR_REPORT);
    assert_non_null(strstr(err.text, "the folder 'out/a' holds no report"));
    assert_int_equal(sources.warnings.count, 1);
    error_release(&err);
    report_sources_release(&sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_below_a_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_pattern_with_a_name_for_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_pattern_with_any_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_folders_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_folder_itself, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
