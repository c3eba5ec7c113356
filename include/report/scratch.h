/* Memory for what is built while one test is read: taken piece by piece, given back all at once.
 *
 *     struct scratch scratch = SCRATCH_INIT;
 *     struct test_step *steps = scratch_take(&scratch, count * sizeof *steps);
 *     scratch_reset(&scratch);      // all pieces are gone, the memory serves the next test
 *     scratch_release(&scratch);
 */
#ifndef REPORT_SCRATCH_H
#define REPORT_SCRATCH_H

#include <stddef.h>

struct scratch_block;

struct scratch {
    struct scratch_block *blocks; /* the newest first */
    size_t used;                  /* of the newest */
};

#define SCRATCH_INIT                                                                                         \
    {                                                                                                        \
        .blocks = NULL                                                                                       \
    }

/* Zeroed and aligned for any type. */
void *scratch_take(struct scratch *scratch, size_t size);
void *scratch_array(struct scratch *scratch, size_t count, size_t size);
/* A terminated copy. */
char *scratch_text(struct scratch *scratch, const char *text, size_t length);
char *scratch_printf(struct scratch *scratch, const char *format, ...) __attribute__((format(printf, 2, 3)));
void scratch_reset(struct scratch *scratch);
void scratch_release(struct scratch *scratch);

#endif
