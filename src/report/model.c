#include "report/model.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/repeats.h"

const char *result_status_name(enum result_status status)
{
    static const char *const names[] = {"passed", "failed", "error", "skipped"};
    return names[status];
}

const char *report_format_name(enum report_format format)
{
    static const char *const names[] = {"unknown", "testproject-json", "junit"};
    return names[format];
}

void text_list_add(struct text_list *list, const char *text)
{
    GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = xstrdup(text);
}

void text_list_add_new(struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i], text))
            return;
    text_list_add(list, text);
}

void text_list_release(struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct text_list){0};
}

void report_meta_release(struct report_meta *meta)
{
    free(meta->file);
    free(meta->job_name);
    free(meta->job_id);
    free(meta->project_name);
    free(meta->execution_id);
    free(meta->report_url);
    free(meta->agent);
    free(meta->trigger);
    free(meta->platform);
    free(meta->foreign);
    text_list_release(&meta->tags);
    text_list_release(&meta->targets);
    intern_release(&meta->target_index);
    repeats_seen_release(&meta->repeats);
    text_list_release(&meta->warnings);
    text_list_release(&meta->unknown);
    *meta = (struct report_meta)REPORT_META_INIT;
}

static void count_status(struct report_counts *counts, enum result_status status)
{
    switch (status) {
    case RESULT_PASSED:
        counts->passed++;
        break;
    case RESULT_FAILED:
        counts->failed++;
        break;
    case RESULT_ERROR:
        counts->error++;
        break;
    case RESULT_SKIPPED:
        counts->skipped++;
        break;
    }
}

/* A device farm's report may name very many. */
static void note_target(struct report_meta *meta, const char *target)
{
    uint32_t known = meta->target_index.count;
    if (intern_put(&meta->target_index, target) == known)
        text_list_add(&meta->targets, target);
}

void report_meta_mark(struct report_meta *meta, struct test_result *result)
{
    result->repeated = !result->suite_error && repeats_look(&meta->repeats, result);
}

void report_meta_count(struct report_meta *meta, const struct test_result *result)
{
    if (result->suite_error) {
        meta->counts.suite_errors++;
    } else {
        meta->counts.results++;
        meta->counts.repeated += result->repeated;
        count_status(&meta->counts, result->status);
    }
    meta->counts.flaky += result->flaky;
    meta->counts.reruns += result->rerun_count;
    if (result->target && (meta->targets.count == 0 ||
                           !text_equal(meta->targets.items[meta->targets.count - 1], result->target)))
        note_target(meta, result->target);
}
