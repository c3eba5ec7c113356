#include "sync/outcome.h"

#include <stdlib.h>

#include "base/memory.h"

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

void sync_outcome_action(struct sync_outcome *outcome, const char *text)
{
    GROW(outcome->actions, outcome->action_count, outcome->action_capacity);
    outcome->actions[outcome->action_count++] = xstrdup(text);
}

static void object_release(struct sync_object *object)
{
    free(object->pid);
    free(object->name);
    free(object->url);
}

void sync_outcome_release(struct sync_outcome *outcome)
{
    object_release(&outcome->cycle);
    for (size_t i = 0; i < outcome->suite_count; i++)
        object_release(&outcome->suites[i]);
    free(outcome->suites);
    for (size_t i = 0; i < outcome->problem_count; i++)
        free(outcome->problems[i].text);
    free(outcome->problems);
    for (size_t i = 0; i < outcome->action_count; i++)
        free(outcome->actions[i]);
    free(outcome->actions);
    error_release(&outcome->error);
    *outcome = (struct sync_outcome)SYNC_OUTCOME_INIT;
}
