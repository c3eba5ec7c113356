#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/fields.h"
#include "sandbox/projects.h"

static void write_project(struct call *c, struct json_writer *w, int64_t id)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store, "SELECT name, description, automation, uuid, created_ms FROM projects WHERE id = ?", "i",
        id);
    if (!rows_next(&r))
        return;
    json_object(w, NULL);
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld", (long long)id);
    json_end(w);
    json_integer(w, "id", id);
    write_name(c, w, "name", rows_text(&r, 0));
    json_string(w, "description", rows_text(&r, 1) ? rows_text(&r, 1) : "");
    json_integer(w, "status_id", 1);
    write_date(c, w, "start_date", rows_int(&r, 4));
    json_array(w, "admins");
    json_end(w);
    json_boolean(w, "sample", false);
    json_array(w, "defect_tracking_systems");
    json_end(w);
    json_integer(w, "x_explorer_access_level", 0);
    json_string(w, "date_format", "MM/dd/yyyy");
    json_boolean(w, "automation", rows_int(&r, 2) != 0);
    json_integer(w, "template_id", 1);
    json_string(w, "uuid", rows_text(&r, 3));
    json_end(w);
}

/* getProjects: everything by default; pageSize makes pages, 999 at most (docs/qtest-api.md 2.1). */
void projects_list(struct call *c)
{
    struct page page = call_page(c, "pageSize", 100);
    page.all = !request_param(c->request, "page") && !request_param(c->request, "pageSize");
    int64_t total = store_int(c->store, 0, "SELECT count(*) FROM projects", "");
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT id FROM projects ORDER BY id LIMIT ? OFFSET ?", "ii",
                  page.all ? INT64_MAX : page.size, page.all ? (int64_t)0 : (page.number - 1) * page.size);
    json_array(&c->json, NULL);
    while (rows_next(&r))
        write_project(c, &c->json, rows_int(&r, 0));
    json_end(&c->json);
    call_page_headers(c, page, total);
}

void projects_get(struct call *c)
{
    write_project(c, &c->json, c->project);
}

void projects_search(struct call *c)
{
    const cJSON *list = json_member(c->body, "uuid"), *item;
    if (!cJSON_IsArray(list)) {
        call_fail(c, 400, "Field 'uuid' must be an array");
        return;
    }
    json_array(&c->json, NULL);
    cJSON_ArrayForEach(item, list)
    {
        const char *uuid = cJSON_IsString(item) ? item->valuestring : "";
        int64_t id = store_int(c->store, 0, "SELECT id FROM projects WHERE uuid = ?", "t", uuid);
        if (id)
            write_project(c, &c->json, id);
    }
    json_end(&c->json);
}

static int64_t create(struct store *s, const char *name, bool automation, int64_t now_ms)
{
    int64_t id = store_new_id(s);
    _cleanup_free_ char *uuid =
        xasprintf("00000000-0000-4000-8000-%012" PRIx64, (uint64_t)id & 0xFFFFFFFFFFFF);
    store_run(s,
              "INSERT INTO projects (id, name, description, automation, uuid, created_ms) VALUES (?, ?, '', "
              "?, ?, ?)",
              "itdti", id, name, (int)automation, uuid, now_ms);
    fields_create_defaults(s, id);
    return id;
}

void projects_create(struct call *c)
{
    _cleanup_free_ char *name = NULL;
    if (!body_is_object(c, c->body) || !body_name(c, c->body, true, &name))
        return;
    int64_t id = create(c->store, name, true, c->now_ms);
    c->answer->status = 201;
    write_project(c, &c->json, id);
}

#define OFF ":automation=off"
#define ON  ":automation=on"

void project_ensure(struct store *s, const char *specification, int64_t now_ms)
{
    bool off = text_ends(specification, OFF), on = text_ends(specification, ON);
    size_t suffix = off ? strlen(OFF) : on ? strlen(ON) : 0;
    _cleanup_free_ char *name = xstrndup(specification, strlen(specification) - suffix);
    int64_t id = store_int(s, 0, "SELECT id FROM projects WHERE name = ?", "t", name);
    if (!id)
        create(s, name, !off, now_ms);
    else if (off || on)
        store_run(s, "UPDATE projects SET automation = ? WHERE id = ?", "di", (int)on, id);
}
