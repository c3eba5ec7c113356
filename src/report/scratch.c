#include "report/scratch.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BLOCK_BYTES (16u * 1024)

struct scratch_block {
    struct scratch_block *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static void add_block(struct scratch *scratch, size_t wanted)
{
    size_t size = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES;
    struct scratch_block *block = xmalloc(sizeof *block + size);
    block->older = scratch->blocks;
    block->size = size;
    scratch->blocks = block;
    scratch->used = 0;
}

void *scratch_take(struct scratch *scratch, size_t size)
{
    size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!scratch->blocks || scratch->blocks->size - scratch->used < aligned)
        add_block(scratch, aligned);
    char *piece = scratch->blocks->bytes + scratch->used;
    scratch->used += aligned;
    memset(piece, 0, aligned);
    return piece;
}

void *scratch_array(struct scratch *scratch, size_t count, size_t size)
{
    return count ? scratch_take(scratch, count * size) : NULL;
}

char *scratch_text(struct scratch *scratch, const char *text, size_t length)
{
    char *copy = scratch_take(scratch, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *scratch_printf(struct scratch *scratch, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    _cleanup_free_ char *text = xvasprintf(format, args);
    va_end(args);
    return scratch_text(scratch, text, strlen(text));
}

/* Keeps the oldest block, which has the usual size unless the first test was huge. */
void scratch_reset(struct scratch *scratch)
{
    while (scratch->blocks && (scratch->blocks->older || scratch->blocks->size > BLOCK_BYTES)) {
        struct scratch_block *block = scratch->blocks;
        scratch->blocks = block->older;
        free(block);
    }
    scratch->used = 0;
}

void scratch_release(struct scratch *scratch)
{
    while (scratch->blocks) {
        struct scratch_block *older = scratch->blocks->older;
        free(scratch->blocks);
        scratch->blocks = older;
    }
    scratch->used = 0;
}
