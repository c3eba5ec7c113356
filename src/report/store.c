#include "report/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"

/* Neighbours are mostly read one after the other: fetch that much at once. */
#define WINDOW_BYTES (256u * 1024)
#define WRITE_BYTES  (512u * 1024)
#define OFFSET_MASK  ((UINT64_C(1) << 48) - 1) /* its bits in an entry; no disk is as large */

void store_init(struct store *store, size_t memory_max_bytes)
{
    *store = (struct store){
        .memory = BUF_UNBOUNDED, .window = BUF_UNBOUNDED, .memory_maximum = memory_max_bytes, .fd = -1};
}

void store_release(struct store *store)
{
    free(store->entries);
    free(store->start_moved_ms);
    buf_release(&store->memory);
    buf_release(&store->window);
    if (store->fd >= 0)
        close(store->fd);
    store_init(store, store->memory_maximum);
}

struct store store_part(struct store *whole, const uint32_t *numbers, size_t count)
{
    struct store part;
    store_init(&part, 0);
    part.entries = whole->entries;
    part.count = count;
    part.start_moved_ms = whole->start_moved_ms;
    part.whole = whole;
    part.numbers = numbers;
    return part;
}

static size_t in_whole(const struct store *store, size_t number)
{
    return store->numbers ? store->numbers[number] : number;
}

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder == '/' ? folder : "/tmp";
}

/* O_TMPFILE never has a name; file systems without it get a name that is removed at once. */
static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    _cleanup_free_ char *path = xasprintf("%s/qtest-sync-XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static int io_error(struct error *err, const char *what)
{
    return error_set(err, ERR_IO,
                     "cannot %s the temporary file for results in '%s': %s; free space there or set TMPDIR",
                     what, temporary_folder(), strerror(errno));
}

static int write_all(struct store *store, struct error *err)
{
    size_t done = 0;
    while (done < store->memory.length) {
        ssize_t n = pwrite(store->fd, store->memory.bytes + done, store->memory.length - done,
                           (off_t)(store->file_size + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return io_error(err, "write");
        done += (size_t)n;
    }
    return 0;
}

static int spill(struct store *store, struct error *err)
{
    if (store->fd < 0)
        store->fd = open_nameless(temporary_folder());
    if (store->fd < 0)
        return io_error(err, "make");
    int r = write_all(store, err);
    if (r < 0)
        return r;
    store->file_size += store->memory.length;
    buf_release(&store->memory); /* from here on it only gathers what one write takes */
    if (store->memory_maximum > WRITE_BYTES)
        store->memory_maximum = WRITE_BYTES;
    return 0;
}

/* Of the result that comes next. */
static void keep_moved(struct store *store, int64_t moved_ms)
{
    if (moved_ms == 0 && !store->start_moved_ms)
        return;
    if (store->moved_capacity < store->capacity) {
        size_t more = store->capacity - store->moved_capacity;
        store->start_moved_ms =
            xreallocarray(store->start_moved_ms, store->capacity, sizeof *store->start_moved_ms);
        memset(store->start_moved_ms + store->moved_capacity, 0, more * sizeof *store->start_moved_ms);
        store->moved_capacity = store->capacity;
    }
    store->start_moved_ms[store->count] = moved_ms;
}

int store_add(struct store *store, uint32_t report, const struct test_result *result, struct error *err)
{
    if (report > STORE_REPORT_MAX || store->count >= UINT32_MAX)
        return error_set(err, ERR_LIMIT, "one upload takes at most %d reports and 2^32 results; split it",
                         STORE_REPORT_MAX);
    uint64_t offset = store->file_size + store->memory.length;
    record_encode(&store->memory, result);
    GROW(store->entries, store->count, store->capacity);
    keep_moved(store, result->start_moved_ms);
    store->entries[store->count++] = (struct store_entry){
        .offset = offset & OFFSET_MASK,
        .start_ms = result->start_ms,
        .report = report & STORE_REPORT_MAX,
        .status = result->status & 3u,
    };
    return store->memory.length > store->memory_maximum ? spill(store, err) : 0;
}

void store_truncate(struct store *store, size_t count)
{
    if (count >= store->count)
        return;
    uint64_t offset = store->entries[count].offset;
    store->count = count;
    if (offset >= store->file_size) {
        buf_truncate(&store->memory, (size_t)(offset - store->file_size));
        return;
    }
    store->file_size = offset; /* what lies behind is written over */
    buf_clear(&store->memory);
    buf_clear(&store->window);
}

struct store_entry *store_entry(const struct store *store, size_t number)
{
    return &store->entries[in_whole(store, number)];
}

int64_t store_written_start(const struct store *store, size_t number)
{
    int64_t start_ms = store_entry(store, number)->start_ms;
    bool moved = store->start_moved_ms && start_ms != TIME_NONE;
    return moved ? start_ms - store->start_moved_ms[in_whole(store, number)] : start_ms;
}

/* Records lie one behind the other. */
static size_t record_length(const struct store *store, size_t number)
{
    uint64_t end = number + 1 < store->count ? store->entries[number + 1].offset
                                             : store->file_size + store->memory.length;
    return (size_t)(end - store->entries[number].offset);
}

static bool in_window(const struct store *store, uint64_t offset, size_t length)
{
    return offset >= store->window_offset && offset + length <= store->window_offset + store->window.length;
}

static int fill_window(struct store *store, uint64_t offset, size_t length, struct error *err)
{
    uint64_t left = store->file_size - offset;
    size_t wanted = length > WINDOW_BYTES ? length : WINDOW_BYTES;
    wanted = wanted > left ? (size_t)left : wanted;
    buf_clear(&store->window);
    store->window_offset = offset;
    char *room = buf_reserve(&store->window, wanted);
    while (store->window.length < wanted) {
        size_t have = store->window.length;
        ssize_t n = pread(store->fd, room + have, wanted - have, (off_t)(offset + have));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return io_error(err, "read");
        buf_advance(&store->window, (size_t)n);
    }
    return 0;
}

int store_read(struct store *store, size_t number, struct record *record, struct error *err)
{
    if (store->whole)
        return store_read(store->whole, in_whole(store, number), record, err);
    uint64_t offset = store->entries[number].offset;
    size_t length = record_length(store, number);
    const char *bytes;
    if (offset >= store->file_size) {
        bytes = store->memory.bytes + (offset - store->file_size);
    } else {
        int r = in_window(store, offset, length) ? 0 : fill_window(store, offset, length, err);
        if (r < 0)
            return r;
        bytes = store->window.bytes + (offset - store->window_offset);
    }
    if (!record_decode(record, bytes, length))
        return error_set(err, ERR_INTERNAL, "result %zu of the store cannot be read back", number);
    return 0;
}
