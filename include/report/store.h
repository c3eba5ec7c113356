/* The result store: every result of all reports of one upload, read once, kept as records.
 *
 *     store_init(&store, STORE_MEMORY_MAX_BYTES);
 *     store_add(&store, report_number, &result, &err);      // as the readers hand them on
 *     store_entry(&store, i)->status                         // the index, always in memory
 *     store_read(&store, i, &record, &err);                  // the whole record, by number
 *     store_release(&store);
 *
 * Records stay in memory up to a bound, then go to a private temporary file that has no name (O_TMPFILE,
 * or unlinked at once), so that nothing is left behind however the process ends. The index takes 40
 * bytes a result, and 8 more once a start is not sent as it is written. Not thread-safe.
 *
 * A part of a store is a store too: it numbers some of the results anew and shares their entries and records.
 *
 *     struct store part = store_part(&store, numbers, count);    // borrows both; nothing to release
 */
#ifndef REPORT_STORE_H
#define REPORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/model.h"
#include "report/record.h"

#define STORE_MEMORY_MAX_BYTES (8u * 1024 * 1024)

/* What happened to a result; see sync/outcome.h for the words. */
enum result_outcome {
    OUTCOME_OPEN, /* not decided yet */
    OUTCOME_CONFIRMED,
    OUTCOME_PRESENT,
    OUTCOME_REFUSED,
    OUTCOME_SPOOLED,
    OUTCOME_SKIPPED,
};

/* One result in the index. offset, start_ms, report and status are set by store_add; the rest belongs to
 * sync/desired.h and the engine. */
struct store_entry {
    uint64_t offset : 48;
    uint64_t report : 16;
    int64_t start_ms;
    uint64_t marker; /* the first 8 bytes of the log marker */
    uint32_t case_number;
    uint32_t target;
    uint32_t leader;      /* the number of the result whose log stands for this one: its own, unless merged */
    unsigned status : 2;  /* enum result_status */
    unsigned outcome : 3; /* enum result_outcome */
    unsigned merged : 1;  /* it has no log of its own */
    unsigned bare : 1;    /* goes out without its files */
    unsigned own_log : 1; /* a log stands for it by its own mark, so that of its named execution does not */
    unsigned unplaced : 1; /* found in a run of which is not known whether it is in our cycle */
    unsigned older : 1;   /* than the newest log of its run, when it was last looked for before it was sent */
    unsigned sent : 6;    /* how often it went out */
    unsigned reason : 16; /* why it was refused: a number of the engine's list, from 1; 0: none */
};

#define STORE_REPORT_MAX 65535

_Static_assert(sizeof(struct store_entry) <= 40, "with start_moved_ms at most 48 bytes a result");

struct store {
    struct store_entry *entries;
    size_t count;
    size_t capacity;
    int64_t *start_moved_ms; /* of each entry, once a start is not sent as it is written; NULL: all are */
    size_t moved_capacity;
    struct buf memory;     /* records not yet written out, beginning at file_size */
    uint64_t file_size;    /* bytes in the temporary file */
    size_t memory_maximum; /* bytes */
    int fd;                /* -1: no file yet */
    struct buf window;     /* what store_read fetched last */
    uint64_t window_offset;
    struct store *whole;     /* of a part: the store that has the records; NULL: this is no part */
    const uint32_t *numbers; /* of a part: where its results stand in the whole */
};

void store_init(struct store *store, size_t memory_max_bytes);
void store_release(struct store *store);
/* Results of a store that takes no more; they stand in one part at a time, since who builds on a part writes
 * into their entries. */
struct store store_part(struct store *whole, const uint32_t *numbers, size_t count);
/* Errors: ERR_IO when the temporary file cannot be made or written (disk full): nothing is usable then;
 * ERR_LIMIT (more than STORE_REPORT_MAX reports). */
int store_add(struct store *store, uint32_t report, const struct test_result *result, struct error *err);
/* Drops all results from number count on: those of a report that turned out bad. */
void store_truncate(struct store *store, size_t count);
struct store_entry *store_entry(const struct store *store, size_t number);
/* The start as the report writes it (report/model.h, start_moved_ms), which no zone and no clock changes. */
int64_t store_written_start(const struct store *store, size_t number);
/* The record's texts are valid until the next store_read or store_add. Errors: ERR_IO, ERR_INTERNAL. */
int store_read(struct store *store, size_t number, struct record *record, struct error *err);

#endif
