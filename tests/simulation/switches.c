#include "switches.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define SWITCH(field, reference, count, ...)                                                                 \
    {                                                                                                        \
        .name = #field, .offset = offsetof(struct model_switches, field), .values = {__VA_ARGS__},           \
        .value_count = (count), .number = (reference)                                                        \
    }

const struct switch_info switch_table[] = {
    SWITCH(automation_off, 2, 3, AUTOMATION_OFF_NO, AUTOMATION_OFF_403, AUTOMATION_OFF_FAILED),
    SWITCH(unmapped, 3, 3, BAD_LOG_400, BAD_LOG_FAILED, BAD_LOG_DROPPED),
    SWITCH(bad_log, 4, 3, BAD_LOG_FAILED, BAD_LOG_DROPPED, BAD_LOG_400),
    SWITCH(failed_content, 5, 3, FAILED_PLAIN, FAILED_JSON, FAILED_EMPTY),
    SWITCH(failed_prefix, 6, 2, 0, 1),
    SWITCH(run_name, 7, 2, 0, 1),
    SWITCH(steps, 8, 3, STEPS_REWRITTEN, STEPS_NEW_VERSION, STEPS_KEPT),
    SWITCH(equal_contents, 9, 3, EQUALS_TWO_LOGS, EQUALS_LAST, EQUALS_FIRST),
    SWITCH(order_from_one, 10, 2, 0, 1),
    SWITCH(search_lag_ms, 11, 3, 0, 700, 4000),
    SWITCH(no_latest_log, 13, 2, 0, 1),
    SWITCH(retry_after, 15, 4, THROTTLE_SECONDS, THROTTLE_DATE, THROTTLE_ABSENT, THROTTLE_RUBBISH),
    SWITCH(underscore_keys, 16, 2, 0, 1),
    SWITCH(escaped, 17, 2, 0, 1),
    SWITCH(job_lost_ms, 18, 3, 0, 2000, 1),
    SWITCH(jobs, 19, 3, JOBS_ONE_BY_ONE, JOBS_OVERLAP, JOBS_OVERLAP_TWO_CASES),
    SWITCH(no_notes, 20, 2, 0, 1),
    SWITCH(no_ms, 21, 2, 0, 1),
    SWITCH(notes_cut, 22, 2, 0, 1),
    SWITCH(disorder_ms, 23, 2, 0, 200),
    SWITCH(latest, 24, 2, LATEST_SUBMITTED, LATEST_START),
    SWITCH(deletes, 25, 4, DELETES_ALL, DELETES_NONE, DELETES_OWN, DELETES_OWN_ELSE_500),
    SWITCH(no_approve, 25, 2, 0, 1),
    SWITCH(list_lag_ms, 26, 2, 0, 1000),
    SWITCH(no_builds, 33, 2, 0, 1),
    SWITCH(uneven_lag, 34, 2, 0, 1),
    SWITCH(body_limit, 0, 3, 0, 2000, 4000),
    SWITCH(minute_limit, 0, 3, 0, 60, 150),
    SWITCH(date_skew_ms, 0, 4, 0, 240000, 3600000, -3600000),
    SWITCH(throttled, 0, 2, 0, 1),
};
const size_t switch_count = ARRAY_SIZE(switch_table);

static int *field(struct model_switches *switches, size_t number)
{
    return (int *)((char *)switches + switch_table[number].offset);
}

int switch_get(const struct model_switches *switches, size_t number)
{
    return *(const int *)((const char *)switches + switch_table[number].offset);
}

void switch_set(struct model_switches *switches, size_t number, int value)
{
    *field(switches, number) = value;
}

bool switch_parse(struct model_switches *switches, uint32_t *fixed, const char *text)
{
    const char *equals = strchr(text, '=');
    int64_t value;
    if (!equals || !text_to_int64(equals + 1, -3600000, 3600000, &value))
        return false;
    size_t length = (size_t)(equals - text);
    for (size_t i = 0; i < switch_count; i++) {
        if (strlen(switch_table[i].name) != length || strncmp(switch_table[i].name, text, length) != 0)
            continue;
        *field(switches, i) = (int)value;
        *fixed |= 1u << i;
        return true;
    }
    return false;
}

static int draw_value(const struct switch_info *info, struct rng *rng)
{
    return info->values[rng_below(rng, info->value_count)];
}

void switches_draw(struct model_switches *switches, uint32_t fixed, struct rng *rng)
{
    int64_t kind = rng_below(rng, 4);
    size_t one = (size_t)rng_below(rng, (int64_t)switch_count);
    for (size_t i = 0; i < switch_count; i++) {
        int value = draw_value(&switch_table[i], rng);
        bool free_choice = kind == 3 && rng_once_in(rng, 3) && switch_table[i].number != 2;
        if (fixed & 1u << i)
            continue;
        bool other = free_choice || (kind == 2 && i == one);
        *field(switches, i) = other ? value : switch_table[i].values[0];
    }
}
