/* The spool: an entry comes back as it went in, any damage is noticed, and nothing damaged is deleted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"
#include "spool_entry.h"
#include "sync/spool_bounds.h"

static void test_an_entry_comes_back_as_it_went_in(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry entry;
    struct record record = RECORD_INIT;
    struct error err = ERROR_INIT;
    assert_memory_equal(spooled->name, "20220704214012940-0-", 20);
    assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), 0);
    assert_string_equal(entry.facts.site, "https://x.example");
    assert_string_equal(entry.facts.job, "Nightly");
    assert_string_equal(entry.facts.status_word[RESULT_SKIPPED], "SKIP");
    assert_null(entry.facts.cycle);
    assert_string_equal(entry.facts.suite, "Smoke");
    assert_string_equal(entry.facts.build_number, "57");
    assert_string_equal(entry.facts.named_project, "Web Shop");
    assert_int_equal(entry.facts.repeats, REPEATS_SEND_LAST);
    assert_int_equal(entry.facts.older, 1);
    assert_int_equal(entry.report_count, 1);
    assert_string_equal(entry.reports[0].execution_id, "e1");
    assert_int_equal(entry.metas[0].format, FORMAT_JUNIT);
    assert_int_equal(entry.store.count, 3);
    assert_int_equal(store_read(&entry.store, 2, &record, &err), 0);
    assert_string_equal(record.result.name, "test 2");
    record_release(&record);
    spool_remove(&entry);
    spool_close(&entry);
}

static void test_it_is_private_and_holds_no_token(void **state)
{
    const struct spooled *spooled = *state;
    struct stat info;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_two_at_once_do_not_send_the_same(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry first;
    struct spool_entry second;
    struct error err = ERROR_INIT;
    assert_int_equal(spool_open(&first, spooled->folder, spooled->name, &err), 0);
    assert_int_equal(spool_open(&second, spooled->folder, spooled->name, &err), -ERR_BUSY);
    assert_non_null(strstr(err.text, "is in the hands of another process"));
    error_release(&err);
    spool_close(&second);
    spool_remove(&first);
    spool_close(&first);
    assert_int_equal(spool_open(&second, spooled->folder, spooled->name, &err), -ERR_BUSY);
    assert_non_null(strstr(err.text, "is in the hands of another process"));
    error_release(&err);
    spool_close(&second);
}

static void test_no_entry_replaces_another_of_the_same_millisecond(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry entry;
    struct spool_list list;
    struct error err = ERROR_INIT;
    write_entry_for(spooled->folder, MADE_MS, "78");
    write_entry_for(spooled->folder, MADE_MS, "78");
    assert_int_equal(spool_list_read(spooled->folder, &list, &err), 0);
    assert_int_equal(list.names.count, 3);
    size_t of_78 = 0;
    for (size_t i = 0; i < list.names.count; i++) {
        assert_int_equal(spool_open(&entry, spooled->folder, list.names.items[i], &err), 0);
        of_78 += strcmp(entry.facts.project, "78") == 0;
        spool_close(&entry);
    }
    assert_int_equal(of_78, 2);
    spool_list_release(&list);
}

static void test_looking_at_an_entry_takes_it_from_nobody(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry looked;
    struct spool_entry sent;
    struct error err = ERROR_INIT;
    assert_int_equal(spool_look(&looked, spooled->folder, spooled->name, &err), 0);
    assert_int_equal(looked.store.count, 3);
    assert_int_equal(spool_open(&sent, spooled->folder, spooled->name, &err), 0);
    spool_close(&looked);
    assert_int_equal(spool_look(&looked, spooled->folder, spooled->name, &err), 0);
    spool_close(&looked);
    spool_close(&sent);
}

static void test_attempts_are_counted_in_the_name(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry entry;
    struct spool_list list;
    struct error err = ERROR_INIT;
    assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), 0);
    spool_keep(&entry);
    spool_close(&entry);
    assert_int_equal(spool_list_read(spooled->folder, &list, &err), 0);
    assert_int_equal(list.names.count, 1);
    assert_memory_equal(list.names.items[0], "20220704214012940-1-", 20);
    spool_list_release(&list);
}

static void damage(const char *path, off_t at, bool cut)
{
    int fd = open(path, O_RDWR);
    char byte;
    if (cut) {
        assert_int_equal(ftruncate(fd, at), 0);
    } else {
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte = (char)(byte ^ 0x40);
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
}

static void test_every_damage_is_noticed_and_set_aside(void **state)
{
    const struct spooled *spooled = *state;
    struct stat info;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    _cleanup_free_ char *aside = xasprintf("%s.damaged", path);
    assert_int_equal(stat(path, &info), 0);
    for (off_t at = 0; at < 2 * info.st_size; at++) {
        struct spool_entry entry;
        struct error err = ERROR_INIT;
        damage(path, at % info.st_size, at >= info.st_size);
        assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), -ERR_REPORT);
        assert_non_null(strstr(err.text, aside));
        error_release(&err);
        spool_close(&entry);
        assert_int_equal(access(aside, F_OK), 0);
        unlink(aside);
        write_entry(spooled->folder);
    }
}

/* What is left after a trim on the fourth day, and how many sentences it took. */
static size_t left_after(const char *folder, struct spool_bounds bounds, size_t expected_told)
{
    struct text_list told = {0};
    struct spool_list list;
    struct error err = ERROR_INIT;
    assert_int_equal(spool_trim(folder, &bounds, NULL, MADE_MS + 4 * DAY_MS, &told, &err), 0);
    assert_int_equal(told.count, expected_told);
    for (size_t i = 0; i < told.count; i++)
        assert_non_null(strstr(told.items[i], "with 3 results of 'Nightly' was deleted from the spool"));
    text_list_release(&told);
    assert_int_equal(spool_list_read(folder, &list, &err), 0);
    size_t count = list.names.count;
    spool_list_release(&list);
    return count;
}

static void test_nothing_is_deleted_unless_asked(void **state)
{
    const struct spooled *spooled = *state;
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){0}, 0), 1);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.age_ms = 5 * DAY_MS}, 0), 1);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.bytes = 1}, 0), 1);
}

static void test_the_oldest_goes_first(void **state)
{
    const struct spooled *spooled = *state;
    struct stat info;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    assert_int_equal(stat(path, &info), 0);
    for (int day = 1; day < 4; day++)
        write_entry_of(spooled->folder, MADE_MS + day * DAY_MS);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.bytes = 4 * info.st_size}, 0), 4);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.bytes = 3 * info.st_size + 1}, 1), 3);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.age_ms = 2 * DAY_MS}, 1), 2);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.bytes = 1}, 1), 1);
    assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.age_ms = 1}, 1), 0);
}

static void test_what_is_being_sent_or_damaged_is_not_deleted(void **state)
{
    const struct spooled *spooled = *state;
    const struct spool_bounds bounds = {.age_ms = 1};
    struct spool_entry entry;
    struct text_list told = {0};
    struct error err = ERROR_INIT;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    _cleanup_free_ char *aside = xasprintf("%s.damaged", path);
    assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), 0);
    assert_int_equal(left_after(spooled->folder, bounds, 0), 1);
    spool_close(&entry);
    damage(path, 30, false);
    assert_int_equal(spool_trim(spooled->folder, &bounds, NULL, MADE_MS + DAY_MS, &told, &err), 0);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.items[0], "set aside"));
    text_list_release(&told);
    assert_int_equal(left_after(spooled->folder, bounds, 0), 0);
    assert_int_equal(access(aside, F_OK), 0);
}

static void test_the_entry_written_just_now_stays_although_the_clock_was_set_back(void **state)
{
    const struct spooled *spooled = *state;
    const struct spool_bounds bounds = {.bytes = 1};
    struct text_list told = {0};
    struct spool_list list;
    struct error err = ERROR_INIT;
    write_entry_of(spooled->folder, MADE_MS + DAY_MS);
    assert_int_equal(spool_trim(spooled->folder, &bounds, spooled->name, MADE_MS, &told, &err), 0);
    assert_int_equal(told.count, 1);
    text_list_release(&told);
    assert_int_equal(spool_list_read(spooled->folder, &list, &err), 0);
    assert_int_equal(list.names.count, 1);
    assert_string_equal(list.names.items[0], spooled->name);
    spool_list_release(&list);
}

static void test_an_entry_of_another_version_is_left_alone(void **state)
{
    static const struct {
        const char *number, *told;
    } rows[] = {{"1\n", "upload its report again, then delete the file"},
                {"3\n", "a newer qtest-sync"},
                {"12", "a newer qtest-sync"}};
    const struct spooled *spooled = *state;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct spool_entry entry;
        struct error err = ERROR_INIT;
        int fd = open(path, O_WRONLY);
        assert_int_equal(pwrite(fd, rows[i].number, 2, strlen("qtest-sync spool ")), 2);
        close(fd);
        assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), -ERR_FOREIGN);
        assert_non_null(strstr(err.text, path));
        assert_non_null(strstr(err.text, rows[i].told));
        error_release(&err);
        spool_close(&entry);
        assert_int_equal(left_after(spooled->folder, (struct spool_bounds){.age_ms = 1}, 0), 1);
    }
}

static void test_what_only_has_the_name_of_an_entry_is_named_and_left_alone(void **state)
{
    const struct spooled *spooled = *state;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    for (int is_fifo = 0; is_fifo < 2; is_fifo++) {
        struct spool_entry entry;
        struct error err = ERROR_INIT;
        remove(path);
        assert_int_equal(is_fifo ? mkfifo(path, 0600) : mkdir(path, 0700), 0);
        alarm(10); /* a FIFO without a writer must not be waited for */
        assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), -ERR_IO);
        alarm(0);
        assert_non_null(strstr(err.text, path));
        error_release(&err);
        spool_close(&entry);
    }
}

static void test_damage_that_cannot_be_set_aside_is_named(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry entry;
    struct error err = ERROR_INIT;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    _cleanup_free_ char *aside = xasprintf("%s.damaged", path);
    damage(path, 30, false);
    assert_int_equal(mkdir(aside, 0700), 0);
    assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), -ERR_REPORT);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, "cannot be set aside"));
    error_release(&err);
    spool_close(&entry);
    assert_int_equal(access(path, F_OK), 0);
}

static char *make_file(const char *folder, const char *name, int64_t age_ms)
{
    char *path = xasprintf("%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    const struct timespec changed[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = (MADE_MS - age_ms) / 1000}};
    assert_int_equal(futimens(fd, changed), 0);
    close(fd);
    return path;
}

/* Those of a writer that was killed; every other stays. */
static void test_only_old_temporary_files_go(void **state)
{
    static const struct {
        const char *name;
        int64_t age_ms;
        bool goes;
    } rows[] = {
        {"20220704214012940-0-0123456789abcdef.spool.fedcba9876543210.tmp", DAY_MS + 1000, true},
        {"20220704214012941-0-0123456789abcdef.spool.fedcba9876543210.tmp", DAY_MS - 1000, false},
        {"20220704214012942-0-0123456789abcdef.spool.fedcba9876543210.tmp", -DAY_MS, false},
        {"20220704214012943-0-0123456789abcdef.spool", 9 * DAY_MS, false},
        {"20220704214012943-0-0123456789abcdef.spool.damaged", 9 * DAY_MS, false},
        {"my.spool.notes-of-today.tmp", 9 * DAY_MS, false},
        {".fedcba9876543210.tmp", 9 * DAY_MS, false},
        {"x.fedcba9876543210.tmp", 9 * DAY_MS, false},
    };
    const struct spooled *spooled = *state;
    for (int by_writing = 0; by_writing < 2; by_writing++) {
        char *paths[ARRAY_SIZE(rows)];
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
            paths[i] = make_file(spooled->folder, rows[i].name, rows[i].age_ms);
        if (by_writing)
            write_entry(spooled->folder);
        else
            spool_sweep(spooled->folder, MADE_MS);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
            if ((access(paths[i], F_OK) < 0) != rows[i].goes)
                fail_msg("%s", rows[i].name);
            free(paths[i]);
        }
    }
}

static void test_no_link_or_folder_is_taken_for_a_temporary_file(void **state)
{
    const struct spooled *spooled = *state;
    _cleanup_free_ char *folder = xasprintf("%s/a.spool.fedcba9876543210.tmp", spooled->folder);
    _cleanup_free_ char *alias = xasprintf("%s/b.spool.fedcba9876543210.tmp", spooled->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(symlink("nowhere", alias), 0);
    spool_sweep(spooled->folder, clock_wall_ms() + 2 * DAY_MS);
    struct stat info;
    assert_int_equal(lstat(folder, &info), 0);
    assert_int_equal(lstat(alias, &info), 0);
}

static void assert_no_list(const char *folder, int code, const char *part)
{
    struct spool_list list;
    struct error err = ERROR_INIT;
    assert_int_equal(spool_list_read(folder, &list, &err), code);
    assert_non_null(strstr(err.text, part));
    error_release(&err);
    spool_list_release(&list);
}

static void test_only_a_spool_that_was_never_made_is_empty(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_list list;
    struct error err = ERROR_INIT;
    _cleanup_free_ char *absent = xasprintf("%s/a/b/spool", spooled->folder);
    _cleanup_free_ char *dangling = xasprintf("%s/dangling", spooled->folder);
    _cleanup_free_ char *below = xasprintf("%s/spool", dangling);
    assert_int_equal(spool_list_read(absent, &list, &err), 0);
    assert_int_equal(list.names.count, 0);
    assert_no_list(NULL, -ERR_USAGE, "--state-dir");
    assert_int_equal(symlink("/nowhere/at/all", dangling), 0);
    assert_no_list(dangling, -ERR_IO, dangling);
    assert_no_list(below, -ERR_IO, below);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_spool, remove_spool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_entry_comes_back_as_it_went_in),
        TEST(test_it_is_private_and_holds_no_token),
        TEST(test_two_at_once_do_not_send_the_same),
        TEST(test_no_entry_replaces_another_of_the_same_millisecond),
        TEST(test_looking_at_an_entry_takes_it_from_nobody),
        TEST(test_attempts_are_counted_in_the_name),
        TEST(test_every_damage_is_noticed_and_set_aside),
        TEST(test_nothing_is_deleted_unless_asked),
        TEST(test_the_oldest_goes_first),
        TEST(test_what_is_being_sent_or_damaged_is_not_deleted),
        TEST(test_the_entry_written_just_now_stays_although_the_clock_was_set_back),
        TEST(test_an_entry_of_another_version_is_left_alone),
        TEST(test_what_only_has_the_name_of_an_entry_is_named_and_left_alone),
        TEST(test_damage_that_cannot_be_set_aside_is_named),
        TEST(test_only_old_temporary_files_go),
        TEST(test_no_link_or_folder_is_taken_for_a_temporary_file),
        TEST(test_only_a_spool_that_was_never_made_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
