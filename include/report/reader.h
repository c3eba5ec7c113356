/* Reads one report, as a stream, once.
 *
 *     struct report_input in;                    // report/input.h: a file, or standard input
 *     report_input_open(&in, path, &err);
 *     report_read(&in, &options, &sink, &meta, &err);
 *
 * report_read tells the format from the first bytes (docs/formats.md 1.1), reads to the end and
 * calls sink->result for each result in the order of the file. Memory is bounded by the largest single
 * element, not by the file. On failure results may have been handed on already: the caller throws its
 * store away, so that a cut report uploads nothing.
 *
 * Errors: ERR_REPORT (damaged; the sentence names line and column, or the offset and JSON pointer),
 * ERR_FOREIGN (no report but a file of another kind, which report/foreign.h names; meta->foreign says it),
 * ERR_EMPTY (a report without any test, or nothing at all; meta is filled all the same), ERR_LIMIT (a
 * stated maximum, named with its place), ERR_IO, or what the sink returned.
 */
#ifndef REPORT_READER_H
#define REPORT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/zone.h"
#include "report/model.h"

struct report_input;

/* One element: a JSON test with all its steps. */
#define REPORT_ELEMENT_MAX_BYTES (64u * 1024 * 1024)

struct read_options {
    bool strict;                /* warnings become ERR_REPORT */
    bool salvage;               /* take what is whole from a damaged file, meta->incomplete */
    bool unfinished_as_skipped; /* take a report of a running job */
    const char *target;         /* for reports that do not name one; NULL: none */
    struct zone zone;           /* of time stamps without one */
    int64_t now_ms;             /* the time of reading; 0: no time is judged by it (report/times.h) */
    int64_t fallback_start_ms;  /* when tests that have no start are taken to have begun; 0: now */
    size_t piece_bytes;         /* how much of JUnit XML is parsed at once; 0: what suits the cache */
};

struct report_sink {
    void *self;
    /* Returns 0, or a negative code with *err set to stop the reading. */
    int (*result)(void *self, const struct test_result *result, struct error *err);
};

int report_read(struct report_input *in, const struct read_options *options, const struct report_sink *sink,
                struct report_meta *meta, struct error *err);

/* The two readers behind it; in stands before the first byte. They fill what the report says, and count
 * each result with report_meta_count. report_read adds meta->file and meta->file_hash, makes warnings
 * errors when strict, and says ERR_EMPTY where a reader found neither a result nor a suite error and
 * did not say so itself. */
int junit_read(struct report_input *in, const struct read_options *options, const struct report_sink *sink,
               struct report_meta *meta, struct error *err);
int testproject_read(struct report_input *in, const struct read_options *options,
                     const struct report_sink *sink, struct report_meta *meta, struct error *err);

#endif
