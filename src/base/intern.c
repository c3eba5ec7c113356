#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

void intern_release(struct intern *table)
{
    for (uint32_t i = 0; i < table->count; i++)
        free(table->texts[i]);
    free(table->texts);
    free(table->slots);
    *table = (struct intern)INTERN_INIT;
}

/* The slot that holds text, or the free slot where it belongs. The table is never full. */
static uint32_t *find_slot(const struct intern *table, const char *text)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t at = (uint32_t)hash_for_table(text, strlen(text)) & mask;
    while (table->slots[at] && strcmp(table->texts[table->slots[at] - 1], text) != 0)
        at = (at + 1) & mask;
    return &table->slots[at];
}

static void grow_slots(struct intern *table)
{
    free(table->slots);
    table->slot_count = table->slot_count ? table->slot_count * 2 : 16;
    table->slots = xcalloc(table->slot_count, sizeof *table->slots);
    for (uint32_t i = 0; i < table->count; i++)
        *find_slot(table, table->texts[i]) = i + 1;
}

uint32_t intern_find(const struct intern *table, const char *text)
{
    if (!table->slot_count)
        return INTERN_NONE;
    uint32_t held = *find_slot(table, text);
    return held ? held - 1 : INTERN_NONE;
}

uint32_t intern_put(struct intern *table, const char *text)
{
    uint32_t known = intern_find(table, text);
    if (known != INTERN_NONE)
        return known;
    if (table->slot_count < (table->count + 1) * 2)
        grow_slots(table);
    GROW(table->texts, table->count, table->capacity);
    table->texts[table->count] = xstrdup(text);
    *find_slot(table, text) = table->count + 1;
    return table->count++;
}

const char *intern_text(const struct intern *table, uint32_t number)
{
    return table->texts[number];
}
