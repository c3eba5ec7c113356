/* The journal: what a run that was cut short leaves for the next, and that damage costs nothing but time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/time.h"
#include "sync/journal.h"

#define KEY 0x1234

/* Of every lock that is asked for; 0: the system decides. */
static int lock_errno;

/* In place of the C library's. */
int flock(int fd, int operation)
{
    if (lock_errno) {
        errno = lock_errno;
        return -1;
    }
    return (int)syscall(SYS_flock, fd, operation);
}

struct place {
    char folder[32];
    char *state; /* a folder that is not there yet */
    char *file;
};

static int make_place(void **state)
{
    struct place *place = xcalloc(1, sizeof *place);
    strncpy(place->folder, "/tmp/test-journal-XXXXXX", sizeof place->folder - 1);
    assert_non_null(mkdtemp(place->folder));
    place->state = xasprintf("%s/state/qtest-sync", place->folder);
    place->file = xasprintf("%s/0000000000001234.journal", place->state);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    _cleanup_free_ char *above = xasprintf("%s/state", place->folder);
    unlink(place->file);
    rmdir(place->state);
    rmdir(above);
    rmdir(place->folder);
    free(place->state);
    free(place->file);
    free(place);
    return 0;
}

/* A run that claims, sends four POSTs with different ends, and is cut short. */
static void cut_short(const struct place *place)
{
    struct journal journal;
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.state, JOURNAL_WRITABLE);
    struct engine_journal hooks = journal_hooks(&journal);
    hooks.claiming(hooks.self, 0xabc00);
    hooks.sending(hooks.self, 1, 1000, 40 + 1);
    hooks.accepted(hooks.self, 1, 501);
    hooks.ended(hooks.self, 1);
    hooks.sending(hooks.self, 2, 2000, 40 + 2);
    hooks.accepted(hooks.self, 2, 502);
    hooks.sending(hooks.self, 3, 3000, 40 + 3);
    hooks.sending(hooks.self, 4, 4000, 40 + 4);
    hooks.ended(hooks.self, 4);
    journal_close(&journal);
}

static void test_the_next_run_knows_what_is_open(void **state)
{
    const struct place *place = *state;
    struct journal journal;
    struct stat info;
    cut_short(place);
    assert_int_equal(stat(place->file, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(place->state, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.memory.owner_count, 1);
    assert_true(journal.memory.owners[0] == 0xabc00);
    assert_int_equal(journal.memory.job_count, 1);
    assert_true(journal.memory.jobs[0].id == 502);
    assert_true(journal.memory.jobs[0].sent_wall_ms == 2000);
    assert_true(journal.memory.sent);
    assert_true(journal.memory.before_log_id == 41);
    assert_true(journal.memory.sending_wall_ms == 3000);
    journal_finish(&journal, true);
    journal_close(&journal);
    assert_int_equal(access(place->file, F_OK), -1);
}

static void test_numbers_of_two_runs_do_not_meet(void **state)
{
    const struct place *place = *state;
    struct journal journal;
    cut_short(place);
    journal_open(&journal, place->state, KEY);
    struct engine_journal hooks = journal_hooks(&journal);
    hooks.sending(hooks.self, 2, 9000, 40 + 2);
    hooks.ended(hooks.self, 2);
    journal_close(&journal);
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.memory.job_count, 1); /* the first run's second POST is still open */
    assert_true(journal.memory.sending_wall_ms == 3000);
    journal_close(&journal);
}

static void test_one_of_an_earlier_version_is_as_good_as_none(void **state)
{
    static const char *const lines[] = {"qtest-sync journal 2", "claim 00000000000abc00"};
    const struct place *place = *state;
    struct journal journal;
    cut_short(place);
    FILE *file = fopen(place->file, "w");
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        fprintf(file, "%s %08x\n", lines[i], (uint32_t)hash_for_table(lines[i], strlen(lines[i])));
    fclose(file);
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.state, JOURNAL_WRITABLE);
    assert_int_equal(journal.memory.owner_count, 0);
    assert_false(journal.memory.sent);
    journal_finish(&journal, true);
    journal_close(&journal);
}

static void test_a_second_process_has_to_wait(void **state)
{
    const struct place *place = *state;
    struct journal first;
    struct journal second;
    journal_open(&first, place->state, KEY);
    journal_open(&second, place->state, KEY);
    assert_int_equal(second.state, JOURNAL_LOCKED);
    journal_close(&second);
    journal_finish(&first, true);
    journal_close(&first);
    journal_open(&second, place->state, KEY);
    assert_int_equal(second.state, JOURNAL_WRITABLE);
    journal_finish(&second, true);
    journal_close(&second);
}

static void open_without_lock(const struct place *place, int code)
{
    struct journal journal;
    lock_errno = code;
    journal_open(&journal, place->state, KEY);
    lock_errno = 0;
    assert_int_equal(journal.state, JOURNAL_NONE);
    assert_non_null(strstr(journal.problem, strerror(code)));
    assert_int_equal(journal.memory.owner_count, 0);
    struct engine_journal hooks = journal_hooks(&journal);
    hooks.claiming(hooks.self, 0xdef00);
    journal_finish(&journal, true);
    journal_close(&journal);
}

static void test_where_nothing_can_be_locked_nobody_waits(void **state)
{
    const struct place *place = *state;
    static const int codes[] = {ENOLCK, EOPNOTSUPP, ENOSYS, EBADF};
    struct stat before;
    struct stat after;
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        open_without_lock(place, codes[i]);
        assert_int_equal(access(place->file, F_OK), -1);
    }
    cut_short(place);
    assert_int_equal(stat(place->file, &before), 0);
    open_without_lock(place, ENOLCK);
    assert_int_equal(stat(place->file, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
}

static void flip_byte(const char *path, off_t at)
{
    int fd = open(path, O_RDWR);
    char byte;
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte = (char)(byte ^ 1);
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void test_any_damage_makes_it_as_good_as_none(void **state)
{
    const struct place *place = *state;
    struct stat info;
    cut_short(place);
    assert_int_equal(stat(place->file, &info), 0);
    for (off_t at = 0; at < info.st_size; at++) {
        struct journal journal;
        unlink(place->file);
        cut_short(place);
        flip_byte(place->file, at);
        journal_open(&journal, place->state, KEY);
        assert_int_equal(journal.state, JOURNAL_WRITABLE);
        /* Either nothing is remembered, or, where only the last line's end is hurt, all but that line. */
        assert_true(journal.memory.owner_count == 0 || at >= info.st_size - 1);
        journal_close(&journal);
    }
}

static void test_a_line_that_was_cut_never_went_out(void **state)
{
    const struct place *place = *state;
    struct journal journal;
    struct stat info;
    cut_short(place);
    assert_int_equal(stat(place->file, &info), 0);
    assert_int_equal(truncate(place->file, info.st_size - 5), 0);
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.memory.owner_count, 1);
    assert_true(journal.memory.sending_wall_ms == 4000); /* its "ended" is not whole */
    journal_close(&journal);
}

static void append(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

static void test_behind_a_cut_line_the_next_run_writes_a_whole_one(void **state)
{
    const struct place *place = *state;
    static const struct {
        const char *bytes;
        size_t size;
    } tails[] = {{"sending 99 17", 13}, {"\0\0\0\0\0\0\0\0", 8}, {"ended 3\0\0\0\0", 11}};
    for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
        struct journal journal;
        cut_short(place);
        append(place->file, tails[i].bytes, tails[i].size);
        journal_open(&journal, place->state, KEY);
        struct engine_journal hooks = journal_hooks(&journal);
        hooks.claiming(hooks.self, 0xdef00);
        journal_close(&journal);
        journal_open(&journal, place->state, KEY);
        assert_int_equal(journal.memory.owner_count, 2);
        assert_true(journal.memory.owners[0] == 0xabc00);
        assert_true(journal.memory.owners[1] == 0xdef00);
        assert_true(journal.memory.sending_wall_ms == 3000);
        journal_finish(&journal, true);
        journal_close(&journal);
    }
}

static void test_lines_behind_a_zero_make_it_as_good_as_none(void **state)
{
    const struct place *place = *state;
    struct journal journal;
    cut_short(place);
    append(place->file, "\0claim", 6);
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.state, JOURNAL_WRITABLE);
    assert_int_equal(journal.memory.owner_count, 0);
    journal_close(&journal);
}

static void test_without_a_folder_there_is_none_and_no_error(void **state)
{
    (void)state;
    struct journal journal;
    journal_open(&journal, NULL, KEY);
    assert_int_equal(journal.state, JOURNAL_NONE);
    assert_non_null(journal.problem);
    journal_close(&journal);
    journal_open(&journal, "/proc/nowhere", KEY);
    assert_int_equal(journal.state, JOURNAL_NONE);
    assert_non_null(strstr(journal.problem, "/proc/nowhere"));
    journal_close(&journal);
}

static void test_site_project_and_content_name_it(void **state)
{
    (void)state;
    uint64_t key = journal_key("https://a.example", "Web Shop", 7);
    assert_true(key == journal_key("https://a.example", "Web Shop", 7));
    assert_true(key != journal_key("https://b.example", "Web Shop", 7));
    assert_true(key != journal_key("https://a.example", "Archive", 7));
    assert_true(key != journal_key("https://a.example", NULL, 7));
    assert_true(key != journal_key("https://a.example", "Web Shop", 8));
}

static void test_a_link_is_not_followed(void **state)
{
    const struct place *place = *state;
    struct journal journal;
    cut_short(place);
    unlink(place->file);
    _cleanup_free_ char *aim = xasprintf("%s/aim", place->folder);
    assert_int_equal(symlink(aim, place->file), 0);
    journal_open(&journal, place->state, KEY);
    assert_int_equal(journal.state, JOURNAL_NONE);
    journal_close(&journal);
    assert_int_equal(access(aim, F_OK), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_next_run_knows_what_is_open),
        TEST(test_numbers_of_two_runs_do_not_meet),
        TEST(test_one_of_an_earlier_version_is_as_good_as_none),
        TEST(test_a_second_process_has_to_wait),
        TEST(test_where_nothing_can_be_locked_nobody_waits),
        TEST(test_any_damage_makes_it_as_good_as_none),
        TEST(test_a_line_that_was_cut_never_went_out),
        TEST(test_behind_a_cut_line_the_next_run_writes_a_whole_one),
        TEST(test_lines_behind_a_zero_make_it_as_good_as_none),
        TEST(test_without_a_folder_there_is_none_and_no_error),
        TEST(test_site_project_and_content_name_it),
        TEST(test_a_link_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
