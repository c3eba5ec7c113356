/* The journal: what this machine knows of an upload that was cut short.
 *
 *     journal_open(&journal, folder, key, &err);         // takes the lock of this execution
 *     engine options: .memory = &journal.memory, .journal = journal_hooks(&journal)
 *     journal_finish(&journal, everything_certain);      // removes it, or leaves it for the next run
 *     journal_close(&journal);
 *
 * A file per site, project and content of the upload, in a folder of its own; one line an event, each
 * with a checksum, on disk before the request it tells of goes out. It only saves time: with a journal the
 * next run on this machine need not wait for a dead claim to run out, and knows of a job that is still in the
 * queue when the claim has long run out. A journal that is damaged, of another version or cannot be written
 * is as good as none.
 *
 * The lock (flock) keeps two uploads of one execution on one machine apart.
 */
#ifndef SYNC_JOURNAL_H
#define SYNC_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A submission that was taken in, and whose end was not seen. */
struct remembered_job {
    int64_t id;
    int64_t sent_wall_ms;
};

/* What an earlier run left behind. */
struct engine_memory {
    uint64_t *owners; /* of claims it may have made */
    size_t owner_count;
    size_t owner_capacity;
    struct remembered_job *jobs;
    size_t job_count;
    size_t job_capacity;
    int64_t sending_wall_ms; /* when the last POST without an answer went out; TIME_NONE: none */
    bool sent;               /* something went out at all */
    int64_t before_log_id;   /* no log with a lower or the same id came of it; 0: not known */
};

/* Told by the engine just before the request goes out, or when its answer is in. number: the POST's own.
 * before_log_id: as in engine_memory. */
struct engine_journal {
    void *self;
    void (*claiming)(void *self, uint64_t owner);
    void (*sending)(void *self, int64_t number, int64_t wall_ms, int64_t before_log_id);
    void (*accepted)(void *self, int64_t number, int64_t job_id);
    void (*ended)(void *self, int64_t number);
};

enum journal_state {
    JOURNAL_WRITABLE,
    JOURNAL_LOCKED, /* another process on this machine is uploading the same */
    JOURNAL_NONE,   /* not to be had: the reason stands in problem */
};

struct journal {
    enum journal_state state;
    int fd;
    char *path;
    char *problem;
    int64_t first_number; /* numbers of this run begin behind those of earlier ones */
    struct engine_memory memory;
};

#define JOURNAL_INIT                                                                                         \
    {                                                                                                        \
        .fd = -1, .state = JOURNAL_NONE                                                                      \
    }

/* folder: NULL gives JOURNAL_NONE. key: names the execution, see journal_key. Never fails: state says what is
 * to be had. With JOURNAL_LOCKED try again later. */
void journal_open(struct journal *journal, const char *folder, uint64_t key);
struct engine_journal journal_hooks(struct journal *journal);
/* certain: nothing that was sent is left open; the file goes. */
void journal_finish(struct journal *journal, bool certain);
void journal_close(struct journal *journal);

/* project: as the user named it, since its id is not known when the journal is opened; NULL: not named.
 * content: claim_content. Two names of one project give two journals: then only the claims in qTest keep two
 * uploads apart, as they do on two machines. */
uint64_t journal_key(const char *site, const char *project, uint64_t content);

#endif
