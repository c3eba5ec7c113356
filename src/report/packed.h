/* Compressed files, told by their first bytes: nothing is unpacked here, but a person is told what it is and
 * how to unpack it. */
#ifndef REPORT_PACKED_H
#define REPORT_PACKED_H

#include <stddef.h>

#include "base/error.h"

struct report_input;

/* 0 when the bytes do not begin a compressed file, else -ERR_REPORT with the sentence. */
int report_refuse_packed(const struct report_input *in, const char *first_bytes, size_t size,
                         struct error *err);

#endif
