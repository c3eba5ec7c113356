/* Which results of one report repeat an earlier one: the same test on the same target again.
 * A runner's second attempt and a parametrised test look the same (docs/formats.md 3.3), so every
 * result is kept and counted; the later ones are marked.
 *
 *     struct repeats_seen seen = REPEATS_SEEN_INIT;
 *     result.repeated = repeats_look(&seen, &result);
 *     repeats_seen_release(&seen);
 *
 * Memory is bounded: only the first REPEATS_TESTS_MAX different tests of a report are remembered (1 MiB);
 * when they are reached, no later result is marked. Rows of data are told apart by their number and are
 * never marked. Tests are compared by a hash of 64 bits.
 */
#ifndef REPORT_REPEATS_H
#define REPORT_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "report/model.h"

#define REPEATS_TESTS_MAX (64 * 1024)

/* Remembers the result; true when an equal one was remembered before. */
bool repeats_look(struct repeats_seen *seen, const struct test_result *result);
void repeats_seen_release(struct repeats_seen *seen);

#endif
