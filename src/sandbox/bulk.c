#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/bulk.h"
#include "sandbox/html.h"
#include "sandbox/links.h"
#include "sandbox/log_store.h"
#include "sandbox/modules.h"
#include "sandbox/objects.h"
#include "sandbox/runs.h"
#include "sandbox/store.h"
#include "sandbox/versions.h"

void bulk_init(struct bulk *b, struct store *s, const struct switches *sw, int64_t project, int64_t now_ms)
{
    *b = (struct bulk){
        .store = s, .switches = sw, .project = project, .now_ms = now_ms, .known_before_ms = INT64_MAX};
    b->case_fields = field_set_load(s, project, OBJECT_CASE);
    b->run_fields = field_set_load(s, project, OBJECT_RUN);
    b->first_own_id = store_int(s, 0, "SELECT value FROM counters WHERE name = 'id'", "") + 1;
}

void bulk_release(struct bulk *b)
{
    field_set_free(b->case_fields);
    field_set_free(b->run_fields);
    free(b->cases.items);
    free(b->runs.items);
}

static void id_list_add(struct id_list *list, int64_t id)
{
    GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = id;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t id_list_distinct(struct id_list *list)
{
    int64_t distinct = 0;
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_ids);
    for (size_t i = 0; i < list->count; i++)
        distinct += i == 0 || list->items[i] != list->items[i - 1];
    return distinct;
}

int64_t bulk_daily_suite(struct store *s, int64_t project, const char *name, int64_t now_ms)
{
    int64_t id = store_int(
        s, 0,
        "SELECT id FROM suites WHERE project = ? AND name = ? AND parent_type = 0 AND deleted_ms > ? "
        "ORDER BY id LIMIT 1",
        "iti", project, name, now_ms);
    return id ? id : object_insert(s, OBJECT_SUITE, project, name, NULL, now_ms, now_ms);
}

/* The module for a new test case. */
static int64_t module_for(struct bulk *b, const struct automation_log *entry)
{
    bool by_names = b->by_modules || b->switches->value[SWITCH_MODULE_NAMES] == MODULE_NAMES_HONOURED;
    int64_t module = b->parent_module;
    if (!b->by_modules && !b->skip_automation_module) {
        if (!b->automation_module)
            b->automation_module =
                module_find_or_create(b->store, b->project, module, "Automation", b->now_ms);
        module = b->automation_module;
    }
    for (size_t i = 0; by_names && i < entry->module_count; i++)
        module = module_find_or_create(b->store, b->project, module, entry->modules[i], b->now_ms);
    return module ? module : module_find_or_create(b->store, b->project, 0, "Automation", b->now_ms);
}

static int64_t cycle_find_or_create(struct bulk *b, int64_t parent, const char *name)
{
    int64_t id = store_int(
        b->store, 0,
        "SELECT id FROM cycles WHERE project = ? AND parent_type = 2 AND parent = ? AND name = ? AND "
        "deleted_ms > ? ORDER BY id LIMIT 1",
        "iiti", b->project, parent, name, b->now_ms);
    if (id)
        return id;
    id = object_insert(b->store, OBJECT_CYCLE, b->project, name, NULL, b->now_ms, b->now_ms);
    store_run(b->store, "UPDATE cycles SET parent_type = 2, parent = ? WHERE id = ?", "ii", parent, id);
    return id;
}

static struct parent place_for(struct bulk *b, const struct automation_log *entry)
{
    struct parent place = b->place;
    for (size_t i = 0; b->by_modules && i < entry->module_count; i++)
        place.id = cycle_find_or_create(b, place.id, entry->modules[i]);
    return place;
}

static void list_steps(const struct automation_log *entry, struct step_list *ret)
{
    for (size_t i = 0; i < entry->step_count; i++)
        step_list_add(ret, entry->steps[i].description, entry->steps[i].expected);
}

static void store_case_properties(struct bulk *b, int64_t case_id, const struct automation_log *entry)
{
    char *content = NULL;
    properties_store(b->case_fields, case_id, json_member(entry->source, "testcase_properties"), &content);
    free(content); /* the content is the identity and stays */
}

static int64_t create_case(struct bulk *b, const struct automation_log *entry, const char *content)
{
    _cleanup_(step_list_release) struct step_list steps = {.items = NULL};
    int64_t id = object_insert(b->store, OBJECT_CASE, b->project, entry->name, NULL, b->now_ms, b->now_ms);
    store_run(b->store, "UPDATE cases SET module = ?, content = ? WHERE id = ?", "iti", module_for(b, entry),
              content, id);
    property_store(b->case_fields, id, FIELD_AUTOMATION, VALUE_AUTOMATION_YES);
    property_store(b->case_fields, id, FIELD_TYPE, VALUE_TYPE_AUTOMATION);
    list_steps(entry, &steps);
    version_add_approved(b->store, id, &steps, b->now_ms);
    return id;
}

/* Switch 8: what other steps do to a known test case. */
static void rewrite_steps(struct bulk *b, int64_t case_id, const struct automation_log *entry)
{
    _cleanup_(step_list_release) struct step_list steps = {.items = NULL};
    int64_t version = store_int(b->store, 0, "SELECT version FROM cases WHERE id = ?", "i", case_id);
    if (entry->step_count == 0 || b->switches->value[SWITCH_STEP_REWRITE] == STEP_REWRITE_KEPT)
        return;
    list_steps(entry, &steps);
    if (version_has_steps(b->store, version, &steps))
        return;
    if (b->switches->value[SWITCH_STEP_REWRITE] == STEP_REWRITE_NEW_VERSION || b->update_version)
        version_add_approved(b->store, case_id, &steps, b->now_ms);
    else
        version_replace_steps(b->store, version, &steps);
}

static int64_t find_case(struct bulk *b, const char *content)
{
    return store_int(b->store, 0,
                     "SELECT min(id) FROM cases INDEXED BY cases_content WHERE content = ?1 AND project = ?2 "
                     "AND deleted_ms > ?3 AND "
                     "(created_ms <= ?4 OR "
                     "id >= ?5)",
                     "tiiii", content, b->project, b->now_ms, b->known_before_ms, b->first_own_id);
}

static int64_t find_run(struct bulk *b, struct parent place, int64_t case_id)
{
    if (b->run_given)
        return b->run_given;
    return store_int(b->store, 0,
                     "SELECT min(id) FROM runs INDEXED BY runs_case WHERE case_id = ? AND parent = ? AND "
                     "parent_type = ? AND deleted_ms > ? "
                     "ORDER BY id LIMIT 1",
                     "iidi", case_id, place.id, (int)place.type, b->now_ms);
}

static int64_t use_run(struct bulk *b, const struct automation_log *entry, int64_t case_id)
{
    struct parent place = place_for(b, entry);
    int64_t run = find_run(b, place, case_id);
    if (!run)
        return run_insert(b->store, b->project, place, case_id, entry->name, true, b->now_ms);
    if (b->switches->value[SWITCH_RUN_NAME] == RUN_NAME_UPDATED)
        store_run(b->store, "UPDATE runs SET name = ? WHERE id = ?", "ti", entry->name, run);
    return run;
}

static bool check_version(struct bulk *b, const struct automation_log *entry, int64_t case_id,
                          char **ret_message)
{
    if (!entry->version)
        return true;
    if (case_id && store_int(b->store, 0, "SELECT id FROM versions WHERE id = ? AND case_id = ?", "ii",
                             entry->version, case_id))
        return true;
    *ret_message =
        xasprintf("test_case_version_id %lld is no version of this test case", (long long)entry->version);
    return false;
}

static bool check_entry(struct bulk *b, const struct automation_log *entry, int64_t case_id,
                        char **ret_message)
{
    char *problem = NULL;
    if (properties_check(b->run_fields, json_member(entry->source, "properties"), &problem) !=
        PROPERTIES_INVALID) {
        free(TAKE(problem));
        if (properties_check(b->case_fields, json_member(entry->source, "testcase_properties"), &problem) !=
            PROPERTIES_INVALID) {
            free(problem);
            return check_version(b, entry, case_id, ret_message);
        }
    }
    *ret_message = problem;
    return false;
}

static void add_log(struct bulk *b, const struct automation_log *entry, int64_t run, int64_t case_id)
{
    char *content = NULL;
    int64_t version = entry->version
                          ? entry->version
                          : store_int(b->store, 0, "SELECT version FROM cases WHERE id = ?", "i", case_id);
    struct new_log log = {.project = b->project,
                          .run = run,
                          .version = version,
                          .status = entry->status,
                          .start_ms = entry->start_ms,
                          .end_ms = entry->end_ms,
                          .name = entry->name,
                          .note = entry->note,
                          .note_html = b->note_html,
                          .build_number = entry->build_number,
                          .build_url = entry->build_url,
                          .planned = entry->planned,
                          .actual = entry->actual};
    b->last_log = log_insert(b->store, b->switches, &log, b->now_ms);
    step_logs_insert(b->store, b->switches, b->project, b->last_log, version, entry, b->now_ms);
    attachments_store_inline(b->store, b->project, OBJECT_LOG, b->last_log,
                             json_member(entry->source, "attachments"), b->now_ms);
    links_add_defects(b->store, b->project, b->last_log, json_member(entry->source, "defect_pids"),
                      b->now_ms);
    properties_store(b->run_fields, run, json_member(entry->source, "properties"), &content);
    free(content);
    b->logs++;
}

bool bulk_add(struct bulk *b, const struct automation_log *entry, char **ret_message)
{
    _cleanup_(buf_release) struct buf content = BUF_UNBOUNDED;
    if (b->escape_xml)
        html_escape_brackets(&content, entry->content);
    else
        buf_puts(&content, entry->content);
    int64_t case_id = b->run_given
                          ? store_int(b->store, 0, "SELECT case_id FROM runs WHERE id = ?", "i", b->run_given)
                          : find_case(b, buf_text(&content));
    if (!check_entry(b, entry, case_id, ret_message))
        return false;
    if (case_id)
        rewrite_steps(b, case_id, entry);
    else
        case_id = create_case(b, entry, buf_text(&content));
    store_case_properties(b, case_id, entry);
    int64_t run = use_run(b, entry, case_id);
    add_log(b, entry, run, case_id);
    id_list_add(&b->cases, case_id);
    id_list_add(&b->runs, run);
    return true;
}
