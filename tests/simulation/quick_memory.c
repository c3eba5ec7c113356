#include "quick_memory.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#define POOL_BYTES (1u << 20)

/* cJSON's hooks take no context. */
static struct {
    alignas(max_align_t) char bytes[POOL_BYTES];
    size_t used;
} pool;

static void *take(size_t size)
{
    size_t whole = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (whole > POOL_BYTES - pool.used)
        return malloc(size);
    pool.used += whole;
    return pool.bytes + pool.used - whole;
}

static void give(void *memory)
{
    char *at = memory;
    if (at < pool.bytes || at >= pool.bytes + POOL_BYTES)
        free(memory);
}

void use_quick_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
    cJSON_Hooks hooks = {.malloc_fn = take, .free_fn = give};
    cJSON_InitHooks(&hooks);
#else
    (void)take;
    (void)give;
#endif
}

void quick_memory_reset(void)
{
    pool.used = 0;
}
