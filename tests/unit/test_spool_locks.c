/* The spool on file systems whose locks are not those of a local disk: what is kept can always be sent. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "spool_entry.h"

/* Of every lock that is asked for; 0: the system decides. */
static int lock_errno;
/* As Linux NFS (flock(2)): an exclusive lock needs a descriptor that is open for writing. */
static bool lock_needs_writing;

/* In place of the C library's. */
int flock(int fd, int operation)
{
    bool read_only = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY;
    errno = lock_needs_writing && read_only && (operation & LOCK_EX) ? EBADF : lock_errno;
    return errno ? -1 : (int)syscall(SYS_flock, fd, operation);
}

static int make_ordinary_spool(void **state)
{
    lock_errno = 0;
    lock_needs_writing = false;
    return make_spool(state);
}

static int open_again(const struct spooled *spooled)
{
    struct spool_entry entry;
    struct error err = ERROR_INIT;
    int r = spool_open(&entry, spooled->folder, spooled->name, &err);
    error_release(&err);
    spool_close(&entry);
    return r;
}

static void test_an_entry_on_nfs_is_locked(void **state)
{
    const struct spooled *spooled = *state;
    struct spool_entry entry;
    struct error err = ERROR_INIT;
    lock_needs_writing = true;
    assert_int_equal(spool_open(&entry, spooled->folder, spooled->name, &err), 0);
    assert_int_equal(open_again(spooled), -ERR_BUSY);
    spool_close(&entry);
    assert_int_equal(open_again(spooled), 0);
}

static void test_an_entry_that_may_only_be_read_is_sent(void **state)
{
    const struct spooled *spooled = *state;
    _cleanup_free_ char *path = xasprintf("%s/%s", spooled->folder, spooled->name);
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(open_again(spooled), 0);
    lock_needs_writing = true;
    assert_int_equal(open_again(spooled), 0);
}

static void test_an_entry_that_cannot_be_locked_is_sent(void **state)
{
    const struct spooled *spooled = *state;
    static const int codes[] = {ENOLCK, EOPNOTSUPP, ENOSYS, EBADF};
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        lock_errno = codes[i];
        assert_int_equal(open_again(spooled), 0);
    }
    lock_errno = EWOULDBLOCK;
    assert_int_equal(open_again(spooled), -ERR_BUSY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_ordinary_spool, remove_spool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_entry_on_nfs_is_locked),
        TEST(test_an_entry_that_may_only_be_read_is_sent),
        TEST(test_an_entry_that_cannot_be_locked_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
