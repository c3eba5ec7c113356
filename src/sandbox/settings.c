#include <stdlib.h>

#include "base/memory.h"
#include "sandbox/call.h"
#include "sandbox/settings.h"

static void write_values(struct json_writer *w, const char *key, const struct field *f)
{
    json_array(w, key);
    for (size_t i = 0; i < f->value_count; i++) {
        json_object(w, NULL);
        json_array(w, "links");
        json_end(w);
        json_integer(w, "value", f->values[i].value);
        json_string(w, "label", f->values[i].label);
        json_integer(w, "order", f->values[i].order);
        json_boolean(w, "is_default", f->values[i].is_default);
        json_boolean(w, "is_active", f->values[i].active);
        json_end(w);
    }
    json_end(w);
}

static void write_field(struct json_writer *w, const struct field *f)
{
    json_object(w, NULL);
    json_array(w, "links");
    json_end(w);
    json_integer(w, "id", f->id);
    json_string(w, "label", f->label);
    json_boolean(w, "required", f->required);
    json_boolean(w, "constrained", f->value_count > 0);
    json_integer(w, "order", f->order);
    write_values(w, "allowed_values", f);
    json_boolean(w, "multiple", f->multiple);
    json_integer(w, "data_type", f->data_type);
    json_boolean(w, "searchable", true);
    write_text(w, "default_value", f->default_value);
    json_boolean(w, "system_field", f->system);
    write_text(w, "original_name", f->original_name);
    json_boolean(w, "is_active", f->active);
    json_end(w);
}

static bool may_see(struct call *c, enum object_kind *ret_kind)
{
    if (call_switch(c, SWITCH_RIGHTS) & RIGHTS_NO_FIELD_SETTINGS)
        return call_fail(c, 403, "You do not have permission to access the field settings");
    *ret_kind = object_kind_of_path(c->args[0]);
    return *ret_kind != OBJECT_NONE || call_fail(c, 400, "Object type '%s' is not valid", c->args[0]);
}

void settings_fields(struct call *c)
{
    enum object_kind kind;
    if (!may_see(c, &kind))
        return;
    const struct field_set *set = call_fields(c, kind);
    bool inactive = request_param_true(c->request, "includeInactive");
    json_array(&c->json, NULL);
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].active || inactive)
            write_field(&c->json, &set->items[i]);
    json_end(&c->json);
}

static const struct field *field_of_path(struct call *c)
{
    enum object_kind kind;
    int64_t id;
    if (!may_see(c, &kind) || !call_arg_id(c, 1, &id))
        return NULL;
    const struct field *f = field_by_id(call_fields(c, kind), id);
    if (!f)
        call_fail(c, 404, "Field does not exist");
    return f;
}

void settings_field(struct call *c)
{
    const struct field *f = field_of_path(c);
    if (f)
        write_field(&c->json, f);
}

void settings_values(struct call *c)
{
    const struct field *f = field_of_path(c);
    if (f)
        write_values(&c->json, NULL, f);
}

static bool store_values(struct call *c, int64_t field)
{
    const cJSON *values = json_member(c->body, "allowed_values"), *item;
    int64_t order = 0;
    cJSON_ArrayForEach(item, values)
    {
        int64_t value;
        _cleanup_free_ char *label = NULL;
        if (!cJSON_IsObject(item) || !body_text(c, item, "label", &label) || !label)
            return call_fail(c, 400, "An allowed value needs a label");
        if (!json_int64(item, "value", &value))
            value = store_new_id(c->store);
        store_run(c->store,
                  "INSERT OR REPLACE INTO allowed_values (field, value, label, active, is_default, ord) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  "iitddi", field, value, label, (int)json_bool(item, "is_active", true),
                  (int)json_bool(item, "is_default", false), ++order);
    }
    return true;
}

static bool known_data_type(int64_t type)
{
    return (type >= DATA_TEXT && type <= DATA_DATE_TIME) || type == DATA_URL || type == DATA_MULTIPLE_LIST;
}

void settings_create_field(struct call *c)
{
    enum object_kind kind;
    int64_t type;
    _cleanup_free_ char *label = NULL;
    _cleanup_free_ char *fallback = NULL;
    if (!may_see(c, &kind) || !body_is_object(c, c->body) || !body_text(c, c->body, "label", &label) ||
        !body_text(c, c->body, "default_value", &fallback))
        return;
    if (!label || !json_int64(c->body, "data_type", &type) || !known_data_type(type)) {
        call_fail(c, 400, "Fields 'label' and 'data_type' are required");
        return;
    }
    int64_t id = store_new_id(c->store);
    store_run(c->store,
              "INSERT INTO fields (id, project, kind, label, data_type, required, multiple, system, active, "
              "default_value, "
              "ord) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 1000)",
              "iidtidddt", id, c->project, (int)kind, label, type, (int)json_bool(c->body, "required", false),
              (int)json_bool(c->body, "multiple", false), (int)json_bool(c->body, "is_active", true),
              fallback);
    if (!store_values(c, id))
        return;
    c->answer->status = 201;
    field_set_free(TAKE(c->fields[kind]));
    const struct field *f = field_by_id(call_fields(c, kind), id);
    if (f)
        write_field(&c->json, f);
}
