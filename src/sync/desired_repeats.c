/* Results that share a log and differ: what the person is told. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "desired_private.h"

static char *counts_text(const struct desired *d, uint32_t leader)
{
    static const char *const words[] = {[RESULT_PASSED] = "passed", [RESULT_SKIPPED] = "skipped"};
    int64_t counts[RESULT_STATUS_COUNT] = {0};
    size_t count;
    struct buf text = BUF_UNBOUNDED;
    const uint32_t *numbers = desired_entries_of_case(d, store_entry(d->store, leader)->case_number, &count);
    for (size_t i = 0; i < count; i++)
        if (desired_leader(d, numbers[i]) == leader)
            counts[store_entry(d->store, numbers[i])->status]++;
    if (counts[RESULT_FAILED] + counts[RESULT_ERROR])
        buf_printf(&text, "%" PRId64 " failed", counts[RESULT_FAILED] + counts[RESULT_ERROR]);
    for (size_t i = 0; i < RESULT_STATUS_COUNT; i++)
        if (words[i] && counts[i])
            buf_printf(&text, "%s%" PRId64 " %s", text.length ? ", " : "", counts[i], words[i]);
    return buf_take(&text);
}

const char *desired_repeats_rule(const struct desired *d)
{
    return d->options.repeats == REPEATS_SEND_LAST
               ? "the one that starts last counts (--repeats=worst: the worst of them)"
               : "the worst counts (--repeats=last: the one that starts last)";
}

static char *sentence(const struct desired *d, const char *name, const char *counts)
{
    const char *rule = desired_repeats_rule(d);
    const char *where = "the test log's note lists them";
    if (d->disagreements == 1)
        return xasprintf("the results of '%s' differ (%s): %s; %s", name, counts, rule, where);
    return xasprintf("the results of %" PRIu32 " tests differ, of '%s' (%s) among them: %s; %s",
                     d->disagreements, name, counts, rule, where);
}

int desired_tell_disagreements(const struct desired *d, char **ret, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    *ret = NULL;
    if (!d->disagreements)
        return 0;
    int r = store_read(d->store, d->disagreeing, &record, err);
    if (r < 0)
        return r;
    _cleanup_free_ char *name = text_printable(record.result.name);
    _cleanup_free_ char *counts = counts_text(d, d->disagreeing);
    *ret = sentence(d, name, counts);
    return 0;
}
