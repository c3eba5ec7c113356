#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/dates.h"
#include "sandbox/entry.h"
#include "sandbox/objects.h"
#include "sandbox/statuses.h"

#define MODULES_MAX 100 /* a path longer than this is no path */

bool json_scalar(const cJSON *object, const char *name, char **ret)
{
    const cJSON *value = json_member(object, name);
    int64_t number;
    *ret = NULL;
    if (!value || cJSON_IsNull(value))
        return true;
    if (cJSON_IsObject(value) || cJSON_IsArray(value))
        return false;
    if (cJSON_IsString(value))
        *ret = xstrdup(value->valuestring);
    else if (cJSON_IsBool(value))
        *ret = xstrdup(cJSON_IsTrue(value) ? "true" : "false");
    else if (json_value_int64(value, &number))
        *ret = xasprintf("%" PRId64, number);
    else
        *ret = xasprintf("%.15g", value->valuedouble);
    return true;
}

static enum entry_problem problem(char **ret_message, enum entry_problem kind, const char *text,
                                  const char *what)
{
    free(*ret_message);
    *ret_message = xasprintf(text, what);
    return kind;
}
#define PROBLEM(kind, text, what) problem(ret_message, kind, text, what)

static enum entry_problem read_date(const cJSON *object, const char *name, int64_t *ret_ms,
                                    char **ret_message)
{
    _cleanup_free_ char *text = NULL;
    if (!json_scalar(object, name, &text))
        return PROBLEM(ENTRY_MALFORMED, "Field '%s' must be a date", name);
    if (text_empty(text))
        return ENTRY_GOOD;
    if (!date_read(text, ret_ms))
        return PROBLEM(ENTRY_MALFORMED, "'%s' is no date and time", text);
    return ENTRY_GOOD;
}

static enum entry_problem read_texts(const cJSON *item, struct automation_log *log, char **ret_message)
{
    const struct {
        const char *name;
        char **place;
    } members[] = {{"name", &log->name},
                   {"automation_content", &log->content},
                   {"note", &log->note},
                   {"build_number", &log->build_number},
                   {"build_url", &log->build_url}};
    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        if (!json_scalar(item, members[i].name, members[i].place))
            return PROBLEM(ENTRY_MALFORMED, "Field '%s' must be a string", members[i].name);
    return ENTRY_GOOD;
}

static enum entry_problem read_name(const struct switches *s, struct automation_log *log, char **ret_message)
{
    size_t size = log->name ? strlen(log->name) : 0;
    size_t cut = utf8_cut_characters(log->name ? log->name : "", size, NAME_MAX_CHARACTERS);
    if (cut == size)
        return ENTRY_GOOD;
    if (s->value[SWITCH_LONG_NAMES] == LONG_NAMES_400)
        return PROBLEM(ENTRY_LONG_NAME, "Field '%s' is longer than 500 characters", "name");
    log->name[cut] = '\0';
    return ENTRY_GOOD;
}

static enum entry_problem read_modules(const cJSON *item, struct automation_log *log, char **ret_message)
{
    const cJSON *names = json_member(item, "module_names"), *name;
    if (!names || cJSON_IsNull(names))
        return ENTRY_GOOD;
    int count = cJSON_IsArray(names) ? cJSON_GetArraySize(names) : -1;
    if (count < 0)
        return PROBLEM(ENTRY_MALFORMED, "Field '%s' must be an array of strings", "module_names");
    if (count > MODULES_MAX)
        return PROBLEM(ENTRY_BAD, "Field '%s' is too deep", "module_names");
    log->modules = xcalloc((size_t)count + 1, sizeof *log->modules);
    cJSON_ArrayForEach(name, names)
    {
        if (!cJSON_IsString(name))
            return PROBLEM(ENTRY_MALFORMED, "Field '%s' must be an array of strings", "module_names");
        log->modules[log->module_count++] = xstrdup(name->valuestring);
    }
    return ENTRY_GOOD;
}

static enum entry_problem read_step(const struct switches *s, const cJSON *item, struct automation_step *step,
                                    char **ret_message)
{
    _cleanup_free_ char *word = NULL;
    *step = (struct automation_step){.order = -1, .exe_ms = INT64_MIN, .source = item};
    if (!cJSON_IsObject(item) || !json_scalar(item, "description", &step->description) ||
        !json_scalar(item, "expected_result", &step->expected) ||
        !json_scalar(item, "actual_result", &step->actual) || !json_scalar(item, "status", &word))
        return PROBLEM(ENTRY_MALFORMED, "A test step log of '%s' is malformed", "test_step_logs");
    const cJSON *order = json_member(item, "order");
    if (order && !cJSON_IsNull(order) && !json_value_int64(order, &step->order))
        return PROBLEM(ENTRY_MALFORMED, "Field '%s' of a test step log must be a number", "order");
    enum entry_problem bad = read_date(item, "exe_date", &step->exe_ms, ret_message);
    if (bad)
        return bad;
    if (!step->description || !step->expected)
        return PROBLEM(ENTRY_BAD, "A test step log of '%s' lacks description or expected_result",
                       "test_step_logs");
    if (!attachments_valid(json_member(item, "attachments")))
        return PROBLEM(ENTRY_BAD, "Field '%s' of a test step log is not valid", "attachments");
    step->status = text_empty(word) ? 0 : status_of_word(s, word);
    if (!text_empty(word) && !step->status)
        return PROBLEM(ENTRY_UNMAPPED, "Status '%s' of a test step log is not mapped in Automation Settings",
                       word);
    return ENTRY_GOOD;
}

static int by_description(const void *a, const void *b)
{
    return strcmp(((const struct automation_step *)a)->description,
                  ((const struct automation_step *)b)->description);
}

static int by_order(const void *a, const void *b)
{
    int64_t x = ((const struct automation_step *)a)->order, y = ((const struct automation_step *)b)->order;
    return (x > y) - (x < y);
}

/* Without orders the steps are sorted by their texts; with them they must count from 0 (or 1: switch 10)
 * without gaps. */
static bool sort_steps(const struct switches *s, struct automation_log *log)
{
    size_t with_order = 0;
    if (log->step_count == 0)
        return true;
    for (size_t i = 0; i < log->step_count; i++)
        with_order += log->steps[i].order >= 0;
    if (with_order == 0) {
        qsort(log->steps, log->step_count, sizeof *log->steps, by_description);
        return true;
    }
    qsort(log->steps, log->step_count, sizeof *log->steps, by_order);
    int64_t first = log->steps[0].order;
    if (first != 0 && (first != 1 || s->value[SWITCH_STEP_ORDER_FROM_1] == ORDER_FROM_1_ERROR))
        return false;
    for (size_t i = 0; i < log->step_count; i++)
        if (log->steps[i].order != first + (int64_t)i)
            return false;
    return true;
}

static enum entry_problem read_steps(const struct switches *s, const cJSON *item, struct automation_log *log,
                                     char **ret_message)
{
    const cJSON *steps = json_member(item, "test_step_logs"), *step;
    enum entry_problem worst = ENTRY_GOOD;
    if (!steps || cJSON_IsNull(steps))
        return ENTRY_GOOD;
    if (!cJSON_IsArray(steps))
        return PROBLEM(ENTRY_MALFORMED, "Field '%s' must be an array", "test_step_logs");
    log->steps = xcalloc((size_t)cJSON_GetArraySize(steps) + 1, sizeof *log->steps);
    cJSON_ArrayForEach(step, steps)
    {
        enum entry_problem bad = read_step(s, step, &log->steps[log->step_count++], ret_message);
        if (bad == ENTRY_MALFORMED)
            return bad;
        if (bad)
            worst = bad;
    }
    if (worst == ENTRY_GOOD && !sort_steps(s, log))
        return PROBLEM(ENTRY_BAD, "The order of '%s' must be a continuous series starting from zero",
                       "test_step_logs");
    return worst;
}

static enum entry_problem read_status(const struct switches *s, const cJSON *item, struct automation_log *log,
                                      char **ret_message)
{
    _cleanup_free_ char *word = NULL;
    if (!json_scalar(item, "status", &word))
        return PROBLEM(ENTRY_MALFORMED, "Field '%s' must be a string", "status");
    if (text_empty(word))
        return PROBLEM(ENTRY_BAD, "Field '%s' is required", "status");
    log->status = status_of_word(s, word);
    return log->status ? ENTRY_GOOD
                       : PROBLEM(ENTRY_UNMAPPED, "Status '%s' is not mapped in Automation Settings", word);
}

static enum entry_problem check_required(const struct automation_log *log, char **ret_message)
{
    if (text_empty(log->name))
        return PROBLEM(ENTRY_BAD, "Field '%s' is required", "name");
    if (text_empty(log->content))
        return PROBLEM(ENTRY_BAD, "Field '%s' is required", "automation_content");
    if (log->start_ms == INT64_MIN || log->end_ms == INT64_MIN)
        return PROBLEM(ENTRY_BAD, "Field '%s' is required",
                       log->start_ms == INT64_MIN ? "exe_start_date" : "exe_end_date");
    return ENTRY_GOOD;
}

enum entry_problem automation_log_read(const struct switches *s, const cJSON *item,
                                       struct automation_log *ret, char **ret_message)
{
    *ret = (struct automation_log){.start_ms = INT64_MIN, .end_ms = INT64_MIN, .source = item};
    *ret_message = NULL;
    if (!cJSON_IsObject(item))
        return PROBLEM(ENTRY_MALFORMED, "Each of '%s' must be an object", "test_logs");
    json_int64(item, "test_case_version_id", &ret->version);
    json_int64(item, "planned_exe_time", &ret->planned);
    json_int64(item, "actual_exe_time", &ret->actual);
    enum entry_problem found[] = {
        read_texts(item, ret, ret_message),
        read_date(item, "exe_start_date", &ret->start_ms, ret_message),
        read_date(item, "exe_end_date", &ret->end_ms, ret_message),
        read_name(s, ret, ret_message),
        read_modules(item, ret, ret_message),
        read_steps(s, item, ret, ret_message),
        read_status(s, item, ret, ret_message),
        check_required(ret, ret_message),
    };
    enum entry_problem worst = ENTRY_GOOD;
    for (size_t i = 0; i < ARRAY_SIZE(found); i++)
        if (found[i] != ENTRY_GOOD && (worst == ENTRY_GOOD || found[i] < worst))
            worst = found[i];
    if (worst == ENTRY_GOOD && !attachments_valid(json_member(item, "attachments")))
        return PROBLEM(ENTRY_BAD, "Field '%s' is not valid", "attachments");
    return worst;
}

void automation_log_release(struct automation_log *log)
{
    for (size_t i = 0; i < log->step_count; i++) {
        free(log->steps[i].description);
        free(log->steps[i].expected);
        free(log->steps[i].actual);
    }
    for (size_t i = 0; i < log->module_count; i++)
        free(log->modules[i]);
    free(log->steps);
    free(log->modules);
    free(log->name);
    free(log->content);
    free(log->note);
    free(log->build_number);
    free(log->build_url);
    *log = (struct automation_log){.name = NULL};
}
