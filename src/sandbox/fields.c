#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/fields.h"
#include "sandbox/store.h"

static void load_values(struct store *s, struct field *f)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        s, "SELECT value, label, active, is_default, ord FROM allowed_values WHERE field = ? ORDER BY ord",
        "i", f->id);
    while (rows_next(&r)) {
        GROW(f->values, f->value_count, f->value_capacity);
        f->values[f->value_count++] = (struct allowed_value){
            .value = rows_int(&r, 0),
            .label = xstrdup(rows_text(&r, 1)),
            .active = rows_int(&r, 2) != 0,
            .is_default = rows_int(&r, 3) != 0,
            .order = rows_int(&r, 4),
        };
    }
}

struct field_set *field_set_load(struct store *s, int64_t project, enum object_kind kind)
{
    struct field_set *set = xcalloc(1, sizeof *set);
    set->store = s;
    set->kind = kind;
    _cleanup_(rows_close) struct rows r = rows_open(
        s,
        "SELECT id, label, original_name, data_type, required, multiple, system, active, default_value, ord "
        "FROM fields WHERE project = ? AND kind = ? ORDER BY ord, id",
        "id", project, (int)kind);
    while (rows_next(&r)) {
        GROW(set->items, set->count, set->capacity);
        struct field *f = &set->items[set->count++];
        *f = (struct field){
            .id = rows_int(&r, 0),
            .label = xstrdup(rows_text(&r, 1)),
            .original_name = xstrdup(rows_text(&r, 2)),
            .data_type = rows_int(&r, 3),
            .required = rows_int(&r, 4) != 0,
            .multiple = rows_int(&r, 5) != 0,
            .system = rows_int(&r, 6) != 0,
            .active = rows_int(&r, 7) != 0,
            .default_value = xstrdup(rows_text(&r, 8)),
            .order = rows_int(&r, 9),
        };
        load_values(s, f);
    }
    return set;
}

void field_set_free(struct field_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++) {
        struct field *f = &set->items[i];
        for (size_t v = 0; v < f->value_count; v++)
            free(f->values[v].label);
        free(f->values);
        free(f->label);
        free(f->original_name);
        free(f->default_value);
    }
    free(set->items);
    free(set);
}

const struct field *field_by_id(const struct field_set *set, int64_t id)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].id == id)
            return &set->items[i];
    return NULL;
}

const struct field *field_by_original_name(const struct field_set *set, const char *original_name)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal(set->items[i].original_name, original_name))
            return &set->items[i];
    return NULL;
}

const struct field *field_by_label(const struct field_set *set, const char *label)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal_nocase(set->items[i].label, label))
            return &set->items[i];
    return NULL;
}

const char *field_value_label(const struct field *f, const char *value)
{
    int64_t number;
    if (!value || !text_to_int64(value, INT64_MIN, INT64_MAX, &number))
        return NULL;
    for (size_t i = 0; i < f->value_count; i++)
        if (f->values[i].value == number)
            return f->values[i].label;
    return NULL;
}

/* The fields of a new project. Ids of values are the common ones (docs/qtest-api.md 4.6, 2.3). */
struct default_field {
    enum object_kind kind;
    const char *label, *original_name;
    enum data_type data_type;
    const char *default_value;
    const char *values; /* "201=New,202=..." */
};

static const struct default_field defaults[] = {
    {OBJECT_CASE, "Status", FIELD_CASE_STATUS, DATA_LIST, "201",
     "201=New,202=In Progress,203=Ready For Baseline,204=Baselined"},
    {OBJECT_CASE, "Type", FIELD_TYPE, DATA_LIST, "701",
     "701=Manual,702=Automation,703=Performance,704=Scenario"},
    {OBJECT_CASE, "Priority", "TestCasePriority", DATA_LIST, "721",
     "721=Undecided,722=Low,723=Medium,724=High,725=Urgent"},
    {OBJECT_CASE, "Automation", FIELD_AUTOMATION, DATA_LIST, "712", "711=Yes,712=No"},
    {OBJECT_CASE, "Automation Content", FIELD_CONTENT, DATA_TEXT, NULL, NULL},
    {OBJECT_RUN, "Status", FIELD_RUN_STATUS, DATA_LIST, "605",
     "601=Passed,602=Failed,603=Incomplete,604=Blocked,605=Unexecuted"},
    {OBJECT_RUN, "Priority", "TestCaseRunPriority", DATA_LIST, "721",
     "721=Undecided,722=Low,723=Medium,724=High,725=Urgent"},
    {OBJECT_RUN, "Build Number", FIELD_BUILD_NUMBER, DATA_TEXT, NULL, NULL},
    {OBJECT_RUN, "Build URL", FIELD_BUILD_URL, DATA_URL, NULL, NULL},
    {OBJECT_SUITE, "Environment", "EnvironmentTestSuite", DATA_LIST, NULL,
     "801=Chrome,802=Firefox,803=Edge,804=Safari"},
    {OBJECT_SUITE, "Planned Start Date", "PlannedStartDate", DATA_DATE, NULL, NULL},
    {OBJECT_SUITE, "Planned End Date", "PlannedEndDate", DATA_DATE, NULL, NULL},
    {OBJECT_RELEASE, "Status", "ReleaseStatus", DATA_LIST, "401", "401=Planned,402=In Progress,403=Released"},
    {OBJECT_BUILD, "Status", "BuildStatus", DATA_LIST, "411", "411=New,412=Tested"},
    {OBJECT_REQUIREMENT, "Status", "RequirementStatus", DATA_LIST, "101", "101=New,102=In Progress,103=Done"},
    {OBJECT_REQUIREMENT, "Priority", "RequirementPriority", DATA_LIST, "111",
     "111=Undecided,112=Must have,113=Nice to have"},
    {OBJECT_DEFECT, "Summary", "DefectSummary", DATA_TEXT, NULL, NULL},
    {OBJECT_DEFECT, "Status", "DefectStatus", DATA_LIST, "10001", "10001=New,10002=Fixed,10003=Closed"},
};

static void create_values(struct store *s, int64_t field, const char *values, const char *default_value)
{
    for (int64_t order = 1; values && *values; order++) {
        size_t length = strcspn(values, ","), number = strcspn(values, "=");
        _cleanup_free_ char *id = xstrndup(values, number);
        _cleanup_free_ char *label = xstrndup(values + number + 1, length - number - 1);
        int64_t value = 0;
        text_to_int64(id, 0, INT64_MAX, &value);
        store_run(s,
                  "INSERT INTO allowed_values (field, value, label, active, is_default, ord) VALUES (?, ?, "
                  "?, 1, ?, ?)",
                  "iitdi", field, value, label, text_equal(id, default_value), order);
        values += length + (values[length] ? 1 : 0);
    }
}

void fields_create_defaults(struct store *s, int64_t project)
{
    for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
        const struct default_field *d = &defaults[i];
        int64_t id = store_new_id(s);
        store_run(s,
                  "INSERT INTO fields (id, project, kind, label, original_name, data_type, required, "
                  "multiple, system, "
                  "active, default_value, ord) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 1, 1, ?, ?)",
                  "iidttdtd", id, project, (int)d->kind, d->label, d->original_name, (int)d->data_type,
                  d->default_value, (int)i + 1);
        create_values(s, id, d->values, d->default_value);
    }
}
