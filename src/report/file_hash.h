/* The hash of a file's bytes, for reports without an id of their own.
 *
 *     struct file_hasher h;
 *     file_hasher_init(&h);
 *     file_hasher_add(&h, bytes, size);       // as often as needed; the pieces do not matter
 *     struct hash128 hash = file_hasher_done(&h);
 *
 * Definition, which can never change (vectors: tests/unit/test_input.c). The bytes are cut into stripes
 * of 32, each of four words of 8 bytes; lane i (0 to 3) is the stream of base/hash.h with the domain
 * "filelane", the number i, and then word i of every whole stripe. The file's hash is the stream with
 * the domain "file", the four lanes' hashes as fields of 16 bytes in order, the bytes after the last whole
 * stripe (0 to 31) as a field, and the total length as a number. Four lanes, because four independent
 * chains keep the processor busy where a single one waits for itself: half the time for a large report.
 */
#ifndef REPORT_FILE_HASH_H
#define REPORT_FILE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

#define FILE_HASH_LANES        4
#define FILE_HASH_STRIPE_BYTES 32

struct file_hasher {
    struct hasher lanes[FILE_HASH_LANES];
    uint8_t pending[FILE_HASH_STRIPE_BYTES]; /* the beginning of the next stripe */
    uint64_t length;                         /* bytes so far */
    bool wide; /* the processor takes all four lanes at once; makes no difference but in speed */
};

void file_hasher_init(struct file_hasher *h);
void file_hasher_add(struct file_hasher *h, const void *bytes, size_t size);
struct hash128 file_hasher_done(const struct file_hasher *h);

#endif
