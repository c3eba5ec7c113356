#include "sync/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"

#define FIRST_LINE        "qtest-sync journal 3"
#define JOURNAL_MAX_BYTES (64u * 1024 * 1024)

uint64_t journal_key(const char *site, const char *project, uint64_t content)
{
    struct hasher h;
    hasher_init(&h, "journal");
    hasher_text(&h, site);
    hasher_text(&h, project);
    hasher_number(&h, (int64_t)content);
    struct hash128 hash = hasher_done(&h);
    return hash128_low(&hash);
}

static uint32_t checksum(const char *text, size_t size)
{
    return (uint32_t)hash_for_table(text, size);
}

static void give_up(struct journal *j, const char *what)
{
    free(j->problem);
    j->problem = xasprintf("cannot %s the journal '%s': %s", what, j->path, strerror(errno));
    j->state = JOURNAL_NONE;
}

/* A line that is on disk when this returns. A journal that cannot be written any more is given up: it
 * must not tell the next run less than the truth. */
static void write_line(struct journal *j, const char *text)
{
    if (j->state != JOURNAL_WRITABLE)
        return;
    _cleanup_free_ char *line = xasprintf("%s %08" PRIx32 "\n", text, checksum(text, strlen(text)));
    size_t length = strlen(line);
    if (write(j->fd, line, length) == (ssize_t)length)
        return;
    give_up(j, "write");
    unlink(j->path);
}

static void on_claiming(void *self, uint64_t owner)
{
    _cleanup_free_ char *text = xasprintf("claim %016" PRIx64, owner);
    write_line(self, text);
}

static void on_sending(void *self, int64_t number, int64_t wall_ms, int64_t before_log_id)
{
    struct journal *j = self;
    _cleanup_free_ char *text = xasprintf("sending %" PRId64 " %" PRId64 " %" PRId64,
                                          j->first_number + number, wall_ms, before_log_id);
    write_line(j, text);
}

static void on_accepted(void *self, int64_t number, int64_t job_id)
{
    struct journal *j = self;
    _cleanup_free_ char *text = xasprintf("accepted %" PRId64 " %" PRId64, j->first_number + number, job_id);
    write_line(j, text);
}

static void on_ended(void *self, int64_t number)
{
    struct journal *j = self;
    _cleanup_free_ char *text = xasprintf("ended %" PRId64, j->first_number + number);
    write_line(j, text);
}

struct engine_journal journal_hooks(struct journal *j)
{
    return (struct engine_journal){.self = j,
                                   .claiming = on_claiming,
                                   .sending = on_sending,
                                   .accepted = on_accepted,
                                   .ended = on_ended};
}

/* Reading. */

/* A POST of an earlier run. */
struct sent {
    int64_t number;
    int64_t wall_ms;
    int64_t job_id;
    int64_t before_log_id;
    bool ended;
};

struct reader {
    struct engine_memory *memory;
    struct sent *sent;
    size_t count;
    size_t capacity;
    int64_t last_number;
};

static bool two_numbers(const char *text, int64_t *first, int64_t *second)
{
    const char *blank = strchr(text, ' ');
    if (!blank)
        return false;
    _cleanup_free_ char *head = xstrndup(text, (size_t)(blank - text));
    return text_to_int64(head, 0, INT64_MAX, first) && text_to_int64(blank + 1, 0, INT64_MAX, second);
}

static struct sent *find_sent(struct reader *r, int64_t number)
{
    for (size_t i = r->count; i > 0; i--)
        if (r->sent[i - 1].number == number)
            return &r->sent[i - 1];
    return NULL;
}

static bool read_claim(struct reader *r, const char *hex)
{
    uint64_t owner = 0;
    for (; *hex; hex++) {
        static const char digits[] = "0123456789abcdef";
        const char *found = strchr(digits, *hex);
        if (!found)
            return false;
        owner = owner << 4 | (uint64_t)(found - digits);
    }
    GROW(r->memory->owners, r->memory->owner_count, r->memory->owner_capacity);
    r->memory->owners[r->memory->owner_count++] = owner;
    return true;
}

static bool read_sending(struct reader *r, const char *text)
{
    struct sent sent = {.job_id = -1};
    const char *last = strrchr(text, ' ');
    _cleanup_free_ char *head = last ? xstrndup(text, (size_t)(last - text)) : NULL;
    if (!head || !two_numbers(head, &sent.number, &sent.wall_ms) ||
        !text_to_int64(last + 1, 0, INT64_MAX, &sent.before_log_id))
        return false;
    GROW(r->sent, r->count, r->capacity);
    r->sent[r->count++] = sent;
    r->last_number = sent.number > r->last_number ? sent.number : r->last_number;
    return true;
}

static bool read_accepted(struct reader *r, const char *text)
{
    int64_t number;
    int64_t job_id;
    struct sent *sent = two_numbers(text, &number, &job_id) ? find_sent(r, number) : NULL;
    if (sent)
        sent->job_id = job_id;
    return sent != NULL;
}

static bool read_ended(struct reader *r, const char *text)
{
    int64_t number;
    struct sent *sent = text_to_int64(text, 0, INT64_MAX, &number) ? find_sent(r, number) : NULL;
    if (sent)
        sent->ended = true;
    return sent != NULL;
}

static bool read_event(struct reader *r, const char *text)
{
    if (text_starts(text, "claim "))
        return read_claim(r, text + 6);
    if (text_starts(text, "sending "))
        return read_sending(r, text + 8);
    if (text_starts(text, "accepted "))
        return read_accepted(r, text + 9);
    if (text_starts(text, "ended "))
        return read_ended(r, text + 6);
    return text_equal(text, FIRST_LINE);
}

/* Cuts the checksum off; false when it is wrong. */
static bool check_line(char *line)
{
    size_t length = strlen(line);
    if (length < 10 || line[length - 9] != ' ')
        return false;
    _cleanup_free_ char *expected = xasprintf("%08" PRIx32, checksum(line, length - 9));
    bool right = strcmp(line + length - 8, expected) == 0;
    line[length - 9] = '\0';
    return right;
}

static void conclude(struct reader *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct sent *sent = &r->sent[i];
        if (!r->memory->sent || sent->before_log_id < r->memory->before_log_id)
            r->memory->before_log_id = sent->before_log_id;
        r->memory->sent = true;
        if (sent->ended)
            continue;
        if (sent->job_id >= 0) {
            GROW(r->memory->jobs, r->memory->job_count, r->memory->job_capacity);
            r->memory->jobs[r->memory->job_count++] =
                (struct remembered_job){.id = sent->job_id, .sent_wall_ms = sent->wall_ms};
        } else if (r->memory->sending_wall_ms == TIME_NONE || sent->wall_ms > r->memory->sending_wall_ms) {
            r->memory->sending_wall_ms = sent->wall_ms;
        }
    }
}

/* False when any line is wrong. The last one may be cut: its request never went out. What follows the last
 * whole line must not stay: the next one would be written behind it. */
static bool read_lines(struct reader *r, char *text, size_t *ret_whole)
{
    *ret_whole = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if ((line == text && !text_starts(line, FIRST_LINE " ")) || !check_line(line) || !read_event(r, line))
            return false;
        *ret_whole = (size_t)(end + 1 - text);
    }
    return *ret_whole > 0;
}

/* A file that was growing when the power went may end in zeros, nothing else may follow a zero. */
static bool only_zeros_behind(const char *text, size_t size)
{
    size_t at = strlen(text);
    while (at < size && text[at] == '\0')
        at++;
    return at == size;
}

static void memory_release(struct engine_memory *memory)
{
    free(memory->owners);
    free(memory->jobs);
    *memory = (struct engine_memory){.sending_wall_ms = TIME_NONE};
}

static void read_journal(struct journal *j)
{
    struct reader reader = {.memory = &j->memory, .last_number = -1};
    struct buf text = BUF_INIT(JOURNAL_MAX_BYTES);
    struct error err = ERROR_INIT;
    bool usable = file_read_fd(j->fd, j->path, &text, &err) == 0 && text.length > 0 &&
                  only_zeros_behind(buf_text(&text), text.length);
    _cleanup_free_ char *lines = xstrdup(buf_text(&text));
    size_t whole = 0;
    if (usable && read_lines(&reader, lines, &whole)) {
        conclude(&reader);
        j->first_number = reader.last_number + 1;
        if (whole < text.length && ftruncate(j->fd, (off_t)whole) < 0)
            give_up(j, "shorten");
    } else {
        memory_release(&j->memory);
        if (ftruncate(j->fd, 0) == 0)
            write_line(j, FIRST_LINE);
        else
            give_up(j, "empty");
    }
    free(reader.sent);
    buf_release(&text);
    error_release(&err);
}

/* The file may have been removed between open and flock by the one that held the lock. */
static bool still_there(const struct journal *j)
{
    struct stat by_fd;
    struct stat by_name;
    return fstat(j->fd, &by_fd) == 0 && lstat(j->path, &by_name) == 0 && by_fd.st_ino == by_name.st_ino &&
           by_fd.st_dev == by_name.st_dev;
}

/* Only another holder is waited for: where nothing can be locked, every upload would wait for nobody. An
 * empty file, which this run may have made, is of no use to anybody. */
static void lock_failed(struct journal *j)
{
    struct stat info;
    if (errno == EWOULDBLOCK) {
        j->state = JOURNAL_LOCKED;
        return;
    }
    give_up(j, "lock");
    if (fstat(j->fd, &info) == 0 && info.st_size == 0)
        unlink(j->path);
    close(j->fd);
    j->fd = -1;
}

static bool open_and_lock(struct journal *j)
{
    for (int attempt = 0; attempt < 10; attempt++) {
        j->fd = open(j->path, O_RDWR | O_CREAT | O_APPEND | O_DSYNC | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (j->fd < 0) {
            give_up(j, "open");
            return false;
        }
        if (flock(j->fd, LOCK_EX | LOCK_NB) < 0) {
            lock_failed(j);
            return false;
        }
        if (still_there(j))
            return true;
        close(j->fd);
    }
    j->fd = -1;
    j->state = JOURNAL_LOCKED;
    return false;
}

void journal_open(struct journal *j, const char *folder, uint64_t key)
{
    struct error err = ERROR_INIT;
    *j = (struct journal){.fd = -1, .state = JOURNAL_WRITABLE, .memory = {.sending_wall_ms = TIME_NONE}};
    if (!folder) {
        j->problem = xstrdup("no folder for a journal (HOME and --state-dir are not set)");
        j->state = JOURNAL_NONE;
        return;
    }
    j->path = xasprintf("%s/%016" PRIx64 ".journal", folder, key);
    if (folder_make_private(folder, &err) < 0) {
        j->problem = xstrdup(err.text);
        j->state = JOURNAL_NONE;
    } else if (open_and_lock(j)) {
        read_journal(j);
    }
    error_release(&err);
}

void journal_finish(struct journal *j, bool certain)
{
    if (certain && j->state == JOURNAL_WRITABLE)
        unlink(j->path);
}

void journal_close(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    free(j->path);
    free(j->problem);
    memory_release(&j->memory);
    *j = (struct journal){.fd = -1, .state = JOURNAL_NONE, .memory = {.sending_wall_ms = TIME_NONE}};
}
