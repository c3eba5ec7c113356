/* A suite or a module that qTest does not make, mostly for its name's sake: it would not make it the next
 * time either. The results that need it are refused with its reason, and the others go in. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine_private.h"

struct refused_results {
    uint32_t *entries;
    size_t count;
    size_t capacity;
};

static void add(struct refused_results *list, uint32_t number)
{
    GROW(list->entries, list->count, list->capacity);
    list->entries[list->count++] = number;
}

/* what: "test suite", "module". */
static void refuse_all(struct engine *e, const struct refused_results *list, const char *what,
                       const struct call *call, const struct reply *reply)
{
    if (!list->count)
        return;
    _cleanup_free_ char *raw = engine_name_asked_for(call);
    _cleanup_free_ char *name = text_printable(raw);
    _cleanup_free_ char *said = reply_describe(reply, call->request);
    _cleanup_free_ char *reason = xasprintf("qTest does not make the %s '%s': %s", what, name, said);
    const struct batch batch = {.entries = list->entries, .count = list->count};
    engine_set_reason(e, &batch, reason, REFUSAL_ALONE);
    for (size_t i = 0; i < list->count; i++)
        engine_refuse(e, list->entries[i]);
}

bool engine_refuses_place(const struct reply *reply)
{
    return reply_verdict(reply) == VERDICT_REFUSED;
}

void engine_refuse_suite(struct engine *e, uint32_t suite, const struct call *call, const struct reply *reply)
{
    struct refused_results list = {0};
    for (uint32_t i = 0; i < e->desired->store->count; i++)
        if (engine_entry_open(e, i) &&
            desired_suite_of(e->desired, store_entry(e->desired->store, i)) == suite)
            add(&list, i);
    refuse_all(e, &list, "test suite", call, reply);
    free(list.entries);
}

void engine_refuse_modules(struct engine *e, const bool *modules, const struct call *call,
                           const struct reply *reply)
{
    struct refused_results list = {0};
    for (uint32_t i = 0; i < e->desired->store->count; i++) {
        const struct desired_case *wanted =
            &e->desired->cases[store_entry(e->desired->store, i)->case_number];
        if (engine_entry_open(e, i) && !wanted->case_id && modules[wanted->module])
            add(&list, i);
    }
    refuse_all(e, &list, "module", call, reply);
    free(list.entries);
}
