#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/artifacts.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"

/* Columns beyond the common ones, one statement a kind. */
static const char *const select_sql[OBJECT_KINDS] = {
    [OBJECT_RELEASE] =
        "SELECT name, ord, pid, created_ms, modified_ms, description, 0, note, start_ms, end_ms FROM "
        "releases WHERE id = ?",
    [OBJECT_BUILD] = "SELECT name, ord, pid, created_ms, modified_ms, description, parent, NULL, NULL, NULL "
                     "FROM builds WHERE id = ?",
    [OBJECT_REQUIREMENT] =
        "SELECT name, ord, pid, created_ms, modified_ms, description, parent, NULL, NULL, NULL FROM "
        "requirements WHERE id = ?",
    [OBJECT_DEFECT] = "SELECT name, ord, pid, created_ms, modified_ms, description, 0, NULL, NULL, NULL FROM "
                      "defects WHERE id = ?",
};

static void write_release_details(struct call *c, struct json_writer *w, const struct rows *r)
{
    json_string(w, "description", rows_text(r, 5) ? rows_text(r, 5) : "");
    write_text(w, "note", rows_text(r, 7));
    if (!rows_null(r, 8))
        write_date(c, w, "start_date", rows_int(r, 8));
    if (!rows_null(r, 9))
        write_date(c, w, "end_date", rows_int(r, 9));
}

static void write_dates(struct call *c, struct json_writer *w, enum object_kind kind, const struct rows *r)
{
    bool defect = kind == OBJECT_DEFECT;
    write_date(c, w, defect ? "submitted_date" : "created_date", rows_int(r, 3));
    write_date(c, w, "last_modified_date", rows_int(r, 4));
}

void artifact_write(struct call *c, struct json_writer *w, enum object_kind kind, int64_t id)
{
    const struct object_kind_info *info = object_kind_info(kind);
    _cleanup_(rows_close) struct rows r = rows_open(c->store, select_sql[kind], "i", id);
    if (!rows_next(&r))
        return;
    _cleanup_free_ char *pid = xasprintf("%s-%lld", info->prefix, (long long)rows_int(&r, 2));
    json_object(w, NULL);
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld/%s/%lld", (long long)c->project, info->path,
               (long long)id);
    json_end(w);
    json_integer(w, "id", id);
    if (kind != OBJECT_DEFECT) {
        write_name(c, w, "name", rows_text(&r, 0));
        json_integer(w, "order", rows_int(&r, 1));
    }
    json_string(w, "pid", pid);
    write_dates(c, w, kind, &r);
    struct computed_value summary = {"DefectSummary", rows_text(&r, 0)};
    properties_write(w, "properties", call_fields(c, kind), id, &summary, 1);
    if (kind != OBJECT_BUILD)
        write_web_url(c, w, kind, id);
    if (kind == OBJECT_RELEASE)
        write_release_details(c, w, &r);
    if (kind == OBJECT_REQUIREMENT)
        write_id(w, "parent_id", rows_int(&r, 6));
    if (kind == OBJECT_BUILD && rows_int(&r, 6)) {
        struct json_writer inner;
        json_raw(w, "release", "", 0);
        json_writer_init(&inner, w->out);
        artifact_write(c, &inner, OBJECT_RELEASE, rows_int(&r, 6));
    }
    json_end(w);
}

/* All of one kind that a statement finds. */
static void write_list(struct call *c, enum object_kind kind, struct rows *r)
{
    json_array(&c->json, NULL);
    while (rows_next(r))
        artifact_write(c, &c->json, kind, rows_int(r, 0));
    json_end(&c->json);
}

static bool read_dates(struct call *c, int64_t id)
{
    static const char *const names[] = {"start_date", "end_date"};
    static const char *const sql[] = {"UPDATE releases SET start_ms = ? WHERE id = ?",
                                      "UPDATE releases SET end_ms = ? WHERE id = ?"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        _cleanup_free_ char *text = NULL;
        int64_t instant_ms;
        if (!body_text(c, c->body, names[i], &text))
            return false;
        if (text_empty(text))
            continue;
        if (!date_read(text, &instant_ms))
            return call_fail(c, 400, "Field '%s' is no date", names[i]);
        store_run(c->store, sql[i], "ii", instant_ms, id);
    }
    return true;
}

static bool store_details(struct call *c, enum object_kind kind, int64_t id)
{
    char *content = NULL;
    _cleanup_free_ char *note = NULL;
    properties_store(call_fields(c, kind), id, json_member(c->body, "properties"), &content);
    free(content);
    if (kind != OBJECT_RELEASE)
        return true;
    if (!body_text(c, c->body, "note", &note))
        return false;
    if (note)
        store_run(c->store, "UPDATE releases SET note = ? WHERE id = ?", "ti", note, id);
    return read_dates(c, id);
}

static bool create(struct call *c, enum object_kind kind, int64_t *ret_id)
{
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    if (!body_is_object(c, c->body) || !body_name(c, c->body, true, &name) ||
        !body_text(c, c->body, "description", &description) || !call_check_new(c, kind, c->body))
        return false;
    *ret_id = call_create(c, kind, name, description);
    return store_details(c, kind, *ret_id);
}

static void get(struct call *c, enum object_kind kind)
{
    int64_t id;
    if (call_object(c, 0, kind, &id))
        artifact_write(c, &c->json, kind, id);
}

static void update(struct call *c, enum object_kind kind)
{
    int64_t id;
    _cleanup_free_ char *name = NULL;
    _cleanup_free_ char *description = NULL;
    if (!call_object(c, 0, kind, &id) || !body_is_object(c, c->body) ||
        !body_name(c, c->body, false, &name) || !body_text(c, c->body, "description", &description) ||
        !call_check_properties(c, kind, c->body))
        return;
    object_update(c->store, kind, id, name, description, c->now_ms);
    if (store_details(c, kind, id))
        artifact_write(c, &c->json, kind, id);
}

static void remove_object(struct call *c, enum object_kind kind)
{
    int64_t id;
    if (!call_may_delete(c) || !call_object(c, 0, kind, &id))
        return;
    object_delete(c->store, kind, id, c->now_ms);
    json_object(&c->json, NULL);
    json_end(&c->json);
}

void releases_list(struct call *c)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT id FROM releases WHERE project = ?1 AND visible_ms <= ?2 AND deleted_ms > ?2 ORDER BY id",
        "ii", c->project, call_list_time(c));
    write_list(c, OBJECT_RELEASE, &r);
}

void releases_create(struct call *c)
{
    int64_t id;
    if (!create(c, OBJECT_RELEASE, &id))
        return;
    c->answer->status = 201;
    artifact_write(c, &c->json, OBJECT_RELEASE, id);
}

void releases_get(struct call *c)
{
    get(c, OBJECT_RELEASE);
}

void releases_update(struct call *c)
{
    update(c, OBJECT_RELEASE);
}

void releases_delete(struct call *c)
{
    remove_object(c, OBJECT_RELEASE);
}

static bool release_param(struct call *c, const char *text, int64_t *ret)
{
    *ret = text ? object_find(c->store, OBJECT_RELEASE, c->project, text, c->now_ms) : 0;
    return *ret || call_fail(c, text ? 404 : 400, text ? "Release does not exist" : "A release is required");
}

void builds_list(struct call *c)
{
    int64_t release;
    if (!release_param(c, request_param(c->request, "releaseId"), &release))
        return;
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT id FROM builds WHERE project = ?1 AND parent = "
                                                    "?2 AND visible_ms <= ?3 AND deleted_ms > ?3 ORDER BY id",
                                                    "iii", c->project, release, call_list_time(c));
    write_list(c, OBJECT_BUILD, &r);
}

void builds_create(struct call *c)
{
    int64_t id, release;
    _cleanup_free_ char *text = NULL;
    if (!body_is_object(c, c->body) || !body_text(c, json_member(c->body, "release"), "id", &text) ||
        !release_param(c, text, &release) || !create(c, OBJECT_BUILD, &id))
        return;
    store_run(c->store, "UPDATE builds SET parent = ? WHERE id = ?", "ii", release, id);
    c->answer->status = 201;
    artifact_write(c, &c->json, OBJECT_BUILD, id);
}

void builds_get(struct call *c)
{
    get(c, OBJECT_BUILD);
}

void builds_update(struct call *c)
{
    update(c, OBJECT_BUILD);
}

void builds_delete(struct call *c)
{
    remove_object(c, OBJECT_BUILD);
}

void requirements_list(struct call *c)
{
    int64_t parent = 0;
    struct page page = call_page(c, "size", 20);
    request_param_int(c->request, "parentId", &parent);
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store,
        "SELECT id FROM requirements WHERE project = ?1 AND (?2 = 0 OR parent = ?2) AND visible_ms <= ?3 AND "
        "deleted_ms > ?3 ORDER BY id LIMIT ?4 OFFSET ?5",
        "iiiii", c->project, parent, call_list_time(c), page.size, (page.number - 1) * page.size);
    write_list(c, OBJECT_REQUIREMENT, &r);
}

void requirements_create(struct call *c)
{
    int64_t id, parent = 0;
    if (!create(c, OBJECT_REQUIREMENT, &id))
        return;
    request_param_int(c->request, "parentId", &parent);
    store_run(c->store, "UPDATE requirements SET parent = ? WHERE id = ?", "ii", parent, id);
    artifact_write(c, &c->json, OBJECT_REQUIREMENT, id);
}

void requirements_get(struct call *c)
{
    get(c, OBJECT_REQUIREMENT);
}

void requirements_update(struct call *c)
{
    update(c, OBJECT_REQUIREMENT);
}

void requirements_delete(struct call *c)
{
    remove_object(c, OBJECT_REQUIREMENT);
}

/* submitDefect: the summary is a property, as everything of a defect. */
void defects_create(struct call *c)
{
    if (!body_is_object(c, c->body) || !call_check_new(c, OBJECT_DEFECT, c->body))
        return;
    int64_t id = call_create(c, OBJECT_DEFECT, "", NULL);
    if (!store_details(c, OBJECT_DEFECT, id))
        return;
    store_run(c->store,
              "UPDATE defects SET name = coalesce((SELECT p.value FROM properties p JOIN fields f ON f.id = "
              "p.field WHERE "
              "p.object = ?1 AND f.original_name = 'DefectSummary'), '') WHERE id = ?1",
              "i", id);
    c->answer->status = 201;
    artifact_write(c, &c->json, OBJECT_DEFECT, id);
}

void defects_get(struct call *c)
{
    get(c, OBJECT_DEFECT);
}

void defects_update(struct call *c)
{
    update(c, OBJECT_DEFECT);
}
