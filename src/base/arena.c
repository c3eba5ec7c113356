#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Blocks grow, so that an arena with little in it (one of ten thousand nested suites) stays small. */
#define FIRST_BLOCK_BYTES 512
#define BLOCK_MAX_BYTES   16384

struct arena_block {
    struct arena_block *older;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

static struct arena_block *add_block(struct arena *a, size_t size)
{
    size_t room = FIRST_BLOCK_BYTES;
    if (a->newest)
        room = a->newest->size < BLOCK_MAX_BYTES / 2 ? a->newest->size * 2 : BLOCK_MAX_BYTES;
    if (room < size)
        room = size;
    struct arena_block *block = xmalloc(sizeof *block + room);
    *block = (struct arena_block){.older = a->newest, .size = room};
    a->newest = block;
    return block;
}

void *arena_take(struct arena *a, size_t size)
{
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct arena_block *block = a->newest;
    if (!block || block->size - block->used < rounded)
        block = add_block(a, rounded);
    void *piece = block->bytes + block->used;
    block->used += rounded;
    return piece;
}

char *arena_text(struct arena *a, const char *bytes, size_t size)
{
    char *text = arena_take(a, size + 1);
    if (size)
        memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (!count)
        return NULL;
    void *items = arena_take(a, count * size);
    memset(items, 0, count * size);
    return items;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = xvasprintf(format, args);
    va_end(args);
    return arena_text(a, text, strlen(text));
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_reset(struct arena *a)
{
    struct arena_block *kept = a->newest;
    if (!kept)
        return;
    if (kept->size > BLOCK_MAX_BYTES) {
        free_blocks(kept);
        a->newest = NULL;
        return;
    }
    free_blocks(kept->older);
    kept->older = NULL;
    kept->used = 0;
}

void arena_release(struct arena *a)
{
    free_blocks(a->newest);
    a->newest = NULL;
}
