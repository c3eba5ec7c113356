#include "sync/outcome.h"

#include <stdlib.h>

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

const char *sync_status_name(enum sync_status status)
{
    static const char *const names[] = {"done",      "planned", "refused", "spooled",
                                        "uncertain", "failed",  "off"};
    return names[status];
}

bool sync_counts_add_up(const struct sync_counts *counts)
{
    return counts->read ==
           counts->confirmed + counts->present + counts->refused + counts->spooled + counts->skipped;
}

void sync_outcome_problem(struct sync_outcome *outcome, enum error_code code, int64_t results,
                          const char *text)
{
    GROW(outcome->problems, outcome->problem_count, outcome->problem_capacity);
    outcome->problems[outcome->problem_count++] =
        (struct sync_problem){.code = code, .text = xstrdup(text), .results = results};
}

/* The caller frees. */
static char *counted_text(const struct sync_count *count)
{
    const char *at = strstr(count->pattern, "{}");
    _cleanup_free_ char *number = text_counted(count->count, count->one, count->many);
    return xasprintf("%.*s%s%s", (int)(at - count->pattern), count->pattern, number, at + 2);
}

void sync_count_add(char **text, struct sync_count *count, int64_t more)
{
    if (!count->pattern)
        return;
    count->count += more;
    free(*text);
    *text = counted_text(count);
}

void sync_outcome_counted_problem(struct sync_outcome *outcome, enum error_code code, int64_t results,
                                  const struct sync_count *count)
{
    _cleanup_free_ char *text = counted_text(count);
    sync_outcome_problem(outcome, code, results, text);
    outcome->problems[outcome->problem_count - 1].counted = *count;
    outcome->problems[outcome->problem_count - 1].counted.pattern = xstrdup(count->pattern);
}

void sync_outcome_counted_action(struct sync_outcome *outcome, const struct sync_count *count)
{
    _cleanup_free_ char *text = counted_text(count);
    sync_outcome_action(outcome, text);
    outcome->actions[outcome->action_count - 1].counted = *count;
    outcome->actions[outcome->action_count - 1].counted.pattern = xstrdup(count->pattern);
}

void sync_outcome_action(struct sync_outcome *outcome, const char *text)
{
    GROW(outcome->actions, outcome->action_count, outcome->action_capacity);
    outcome->actions[outcome->action_count++] = (struct sync_action){.text = xstrdup(text)};
}

static void object_release(struct sync_object *object)
{
    free(object->pid);
    free(object->name);
    free(object->url);
}

static void sentence_release(char *text, struct sync_count *counted)
{
    free(text);
    free(counted->pattern);
}

void sync_outcome_release(struct sync_outcome *outcome)
{
    object_release(&outcome->cycle);
    for (size_t i = 0; i < outcome->suite_count; i++)
        object_release(&outcome->suites[i]);
    free(outcome->suites);
    for (size_t i = 0; i < outcome->problem_count; i++)
        sentence_release(outcome->problems[i].text, &outcome->problems[i].counted);
    free(outcome->problems);
    for (size_t i = 0; i < outcome->action_count; i++)
        sentence_release(outcome->actions[i].text, &outcome->actions[i].counted);
    free(outcome->actions);
    free(outcome->new_cases);
    error_release(&outcome->error);
    *outcome = (struct sync_outcome)SYNC_OUTCOME_INIT;
}
