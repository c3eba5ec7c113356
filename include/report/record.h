/* A test_result as bytes: what the result store and the spool keep.
 *
 * Version 1: fields in a fixed order; integers zigzag and base 128; a text as its length + 1
 * (0: NULL), its bytes and a NUL, so that decoded texts can point into the record. Lists are a count and
 * their elements. The report's own status word stands behind them all where a flag says so, which those that
 * earlier programs wrote do not.
 */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "report/model.h"

struct buf;

void record_encode(struct buf *out, const struct test_result *result);

/* Decoded from a record. Texts point into the bytes given to record_decode, lists are owned here. */
struct record {
    struct test_result result;
    struct record_list *lists;
};

#define RECORD_INIT                                                                                          \
    {                                                                                                        \
        .lists = NULL                                                                                        \
    }

/* False when the bytes are no whole record. Releases what the record held before. */
bool record_decode(struct record *record, const char *bytes, size_t size);
void record_release(struct record *record);

#endif
