/* A table of distinct strings with small dense numbers: equal texts get equal numbers, in the order of
 * first sight, from 0. The texts live until the table is released. Memory: the text plus about 24 bytes.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#define INTERN_NONE UINT32_MAX

struct intern {
    char **texts; /* texts[number] */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* number + 1, 0 when free */
    uint32_t slot_count;
};

#define INTERN_INIT                                                                                          \
    {                                                                                                        \
        0                                                                                                    \
    }

void intern_release(struct intern *table);
uint32_t intern_put(struct intern *table, const char *text);
uint32_t intern_find(const struct intern *table, const char *text); /* INTERN_NONE when unknown */
const char *intern_text(const struct intern *table, uint32_t number);

#endif
