#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BLOCK_BYTES 16384

struct arena_block {
    struct arena_block *older;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

static struct arena_block *add_block(struct arena *a, size_t size)
{
    size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
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

static void drop_newest(struct arena *a)
{
    struct arena_block *block = a->newest;
    a->newest = block->older;
    free(block);
}

void arena_reset(struct arena *a)
{
    while (a->newest && (a->newest->older || a->newest->size > BLOCK_BYTES))
        drop_newest(a);
    if (a->newest)
        a->newest->used = 0;
}

void arena_release(struct arena *a)
{
    while (a->newest)
        drop_newest(a);
}
