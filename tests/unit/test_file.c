/* Private files and folders: whole or not at all, nothing of others replaced or closed to them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* What the file system at hand does not do. Reset by make_place. */
static bool no_folder_sync;
static bool no_rename_new;
static bool no_unlink;

/* These three stand in place of the C library's. */
int fsync(int fd)
{
    struct stat info;
    if (no_folder_sync && fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    if (no_rename_new) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

int unlink(const char *path)
{
    if (no_unlink) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

static int make_place(void **state)
{
    char *folder = xstrdup("/tmp/test-file-XXXXXX");
    assert_non_null(mkdtemp(folder));
    no_folder_sync = no_rename_new = no_unlink = false;
    *state = folder;
    return 0;
}

static int remove_place(void **state)
{
    char *folder = *state;
    _cleanup_free_ char *command = xasprintf("rm -r %s", folder);
    assert_int_equal(system(command), 0);
    free(folder);
    return 0;
}

static size_t count_files(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *item; (item = readdir(dir));)
        count += item->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void assert_holds(const char *path, const char *expected)
{
    struct error err = ERROR_INIT;
    _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
    assert_int_equal(file_read(path, &text, &err), 0);
    assert_string_equal(buf_text(&text), expected);
}

static void test_two_writers_of_one_path_do_not_touch_each_other(void **state)
{
    const char *folder = *state;
    struct whole_file first;
    struct whole_file second;
    struct error err = ERROR_INIT;
    _cleanup_free_ char *path = xasprintf("%s/x", folder);
    assert_int_equal(whole_file_begin(&first, path, &err), 0);
    assert_int_equal(whole_file_begin(&second, path, &err), 0);
    assert_int_equal(whole_file_write(&first, "first", 5, &err), 0);
    assert_int_equal(whole_file_write(&second, "second", 6, &err), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(whole_file_commit(&first, &err), 0);
    assert_int_equal(whole_file_commit(&second, &err), -ERR_BUSY);
    assert_non_null(strstr(err.text, path));
    error_release(&err);
    assert_holds(path, "first");
    assert_int_equal(count_files(folder), 1);
}

static void test_a_rename_replaces_nothing(void **state)
{
    const char *folder = *state;
    struct whole_file file;
    struct error err = ERROR_INIT;
    _cleanup_free_ char *a = xasprintf("%s/a", folder);
    _cleanup_free_ char *b = xasprintf("%s/b", folder);
    _cleanup_free_ char *c = xasprintf("%s/c", folder);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(whole_file_begin(&file, i ? b : a, &err), 0);
        assert_int_equal(whole_file_write(&file, i ? "b" : "a", 1, &err), 0);
        assert_int_equal(whole_file_commit(&file, &err), 0);
    }
    assert_int_equal(file_rename_new(a, b), -1);
    assert_holds(b, "b");
    assert_int_equal(file_rename_new(a, c), 0);
    assert_holds(c, "a");
    assert_int_equal(access(a, F_OK), -1);
}

static void write_whole(const char *path, const char *text)
{
    struct whole_file file;
    struct error err = ERROR_INIT;
    assert_int_equal(whole_file_begin(&file, path, &err), 0);
    assert_int_equal(whole_file_write(&file, text, strlen(text), &err), 0);
    assert_int_equal(whole_file_commit(&file, &err), 0);
}

static void test_a_file_that_has_its_name_is_there_although_its_folder_cannot_be_synced(void **state)
{
    const char *folder = *state;
    _cleanup_free_ char *path = xasprintf("%s/x", folder);
    no_folder_sync = true;
    write_whole(path, "x");
    assert_holds(path, "x");
    assert_int_equal(count_files(folder), 1);
}

static void test_a_second_name_is_a_rename_although_the_first_stays(void **state)
{
    const char *folder = *state;
    _cleanup_free_ char *a = xasprintf("%s/a", folder);
    _cleanup_free_ char *b = xasprintf("%s/b", folder);
    _cleanup_free_ char *c = xasprintf("%s/c", folder);
    no_rename_new = true;
    write_whole(a, "a");
    assert_int_equal(file_rename_new(a, b), 0);
    assert_int_equal(access(a, F_OK), -1);
    no_unlink = true;
    assert_int_equal(file_rename_new(b, c), 0);
    assert_holds(c, "a");
}

static mode_t mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 07777;
}

static void test_only_a_folder_that_is_made_is_closed_to_others(void **state)
{
    static const mode_t modes[] = {01777, 0755, 02775};
    const char *folder = *state;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
        _cleanup_free_ char *shared = xasprintf("%s/shared-%zu", folder, i);
        _cleanup_free_ char *own = xasprintf("%s/above/own", shared);
        _cleanup_free_ char *above = xasprintf("%s/above", shared);
        assert_int_equal(mkdir(shared, 0700), 0);
        assert_int_equal(chmod(shared, modes[i]), 0);
        assert_int_equal(folder_make_private(shared, &err), 0);
        assert_int_equal(folder_make_private(own, &err), 0);
        assert_int_equal(mode_of(shared), modes[i]);
        assert_int_equal(mode_of(above) & 0777, 0700);
        assert_int_equal(mode_of(own) & 0777, 0700);
    }
}

static void test_a_link_to_a_folder_is_no_folder_of_ours(void **state)
{
    const char *folder = *state;
    struct error err = ERROR_INIT;
    _cleanup_free_ char *aim = xasprintf("%s/aim", folder);
    _cleanup_free_ char *alias = xasprintf("%s/link", folder);
    assert_int_equal(mkdir(aim, 0700), 0);
    assert_int_equal(symlink(aim, alias), 0);
    assert_int_equal(folder_make_private(alias, &err), -ERR_IO);
    assert_non_null(strstr(err.text, "is no folder of this user"));
    error_release(&err);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_writers_of_one_path_do_not_touch_each_other),
        TEST(test_a_rename_replaces_nothing),
        TEST(test_a_file_that_has_its_name_is_there_although_its_folder_cannot_be_synced),
        TEST(test_a_second_name_is_a_rename_although_the_first_stays),
        TEST(test_only_a_folder_that_is_made_is_closed_to_others),
        TEST(test_a_link_to_a_folder_is_no_folder_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
