/* What was sent and is not in qTest, when nothing is sent any more: jobs that are known have ended, what got
 * no answer has had the time of --settle to leave the queue, and the lists have been looked at since. So it
 * is certain, and no claim has to be left for others to wait for. */
#include "base/memory.h"
#include "engine_private.h"

static const char did_not_show[] =
    "accepted but did not show up, though sent again, and nothing of it is left in qTest's queue; "
    "run it again with the same report, or ask the site's administrator why qTest leaves it out";

/* It had its chances, in a site that takes others. What was only refused in company, and could not be split
 * further, had not. */
static bool left_out(const struct engine *e, const struct store_entry *entry)
{
    bool cut_short = engine_splits_spent(e) || e->round + 1 >= ROUNDS_MAX;
    return e->accepted && entry->sent > 1 && !(entry->reason && cut_short);
}

/* With what qTest said of it, where it said something. */
static void refuse(struct engine *e, uint32_t number, uint16_t *not_shown)
{
    struct store_entry *entry = store_entry(e->desired->store, number);
    const struct batch alone = {.entries = &number, .count = 1};
    if (!entry->reason && !*not_shown)
        *not_shown = engine_set_reason(e, &alone, did_not_show, REFUSAL_ALONE);
    if (!entry->reason)
        entry->reason = *not_shown;
    engine_refuse(e, number);
}

void engine_judge_absent(struct engine *e)
{
    uint16_t not_shown = 0;
    engine_refuse_hopeless(e);
    for (size_t i = 0; i < e->desired->store->count; i++) {
        uint32_t number = (uint32_t)i;
        struct store_entry *entry = store_entry(e->desired->store, i);
        if (!engine_entry_open(e, number) || !entry->sent)
            continue;
        if (left_out(e, entry))
            refuse(e, number, &not_shown);
        else
            entry->sent = 0; /* for later, as if it had never been sent */
    }
}
