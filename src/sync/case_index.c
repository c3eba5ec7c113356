/* Known cases by qTest's ids: made anew for each page of runs, which is far cheaper than the page. */
#include <stdlib.h>

#include "base/memory.h"
#include "engine_private.h"

static int by_case_id(const void *a, const void *b, void *context)
{
    const struct desired_case *cases = context;
    int64_t x = cases[*(const uint32_t *)a].case_id;
    int64_t y = cases[*(const uint32_t *)b].case_id;
    return (x > y) - (x < y);
}

uint32_t *engine_index_cases(const struct engine *e, size_t *ret_count)
{
    uint32_t *list = xreallocarray(NULL, e->desired->case_count, sizeof *list);
    size_t count = 0;
    for (uint32_t i = 0; i < e->desired->case_count; i++)
        if (e->desired->cases[i].case_id)
            list[count++] = i;
    qsort_r(list, count, sizeof *list, by_case_id, e->desired->cases);
    *ret_count = count;
    return list;
}

uint32_t engine_indexed_case(const struct engine *e, const uint32_t *list, size_t count, int64_t case_id)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (e->desired->cases[list[middle]].case_id < case_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && e->desired->cases[list[low]].case_id == case_id ? list[low] : INTERN_NONE;
}
