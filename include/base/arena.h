/* Many small pieces of memory that are given back together: what belongs to one element of a report.
 *
 *     struct arena a = ARENA_INIT;
 *     char *name = arena_text(&a, bytes, size);   // valid until the next arena_reset
 *     arena_reset(&a);                            // keeps one block for the next round
 *     arena_release(&a);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *newest;
};

#define ARENA_INIT                                                                                           \
    {                                                                                                        \
        0                                                                                                    \
    }

/* Aligned for any type, not initialised. */
void *arena_take(struct arena *a, size_t size);
/* count elements of size bytes, zeroed; NULL for none. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A terminated copy of size bytes. */
char *arena_text(struct arena *a, const char *bytes, size_t size);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *a);
void arena_release(struct arena *a);

#endif
