#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/links.h"

/* Which object an id or a PID names, whatever its kind; 0 when it is none of this project. */
static int64_t find_any(struct store *s, enum object_kind kind, int64_t project, const char *text,
                        int64_t now_ms)
{
    static const char *const sql[OBJECT_KINDS] = {
        [OBJECT_LOG] = "SELECT id FROM logs WHERE id = ? AND project = ?",
        [OBJECT_STEP] =
            "SELECT s.id FROM steps s JOIN versions v ON v.id = s.version JOIN cases c ON c.id = v.case_id "
            "WHERE s.id = ? AND c.project = ?",
        [OBJECT_STEP_LOG] =
            "SELECT s.id FROM step_logs s JOIN logs l ON l.id = s.log WHERE s.id = ? AND l.project = ?",
    };
    int64_t id;
    if (!sql[kind])
        return object_find(s, kind, project, text, now_ms);
    return text_to_int64(text, 1, INT64_MAX, &id) ? store_int(s, 0, sql[kind], "ii", id, project) : 0;
}

static void link_objects(struct store *s, enum object_kind from_kind, int64_t from, enum object_kind to_kind,
                         int64_t to)
{
    store_run(s, "INSERT OR IGNORE INTO links (from_kind, from_id, to_kind, to_id) VALUES (?, ?, ?, ?)",
              "didi", (int)from_kind, from, (int)to_kind, to);
}

static void unlink_objects(struct store *s, int64_t from, int64_t to)
{
    store_run(s, "DELETE FROM links WHERE from_id = ? AND to_id = ?", "ii", from, to);
}

static char *pid_of(struct store *s, enum object_kind kind, int64_t id)
{
    static const char *const sql[OBJECT_KINDS] = {
        [OBJECT_RELEASE] = "SELECT pid FROM releases WHERE id = ?",
        [OBJECT_BUILD] = "SELECT pid FROM builds WHERE id = ?",
        [OBJECT_REQUIREMENT] = "SELECT pid FROM requirements WHERE id = ?",
        [OBJECT_CASE] = "SELECT pid FROM cases WHERE id = ?",
        [OBJECT_RUN] = "SELECT pid FROM runs WHERE id = ?",
        [OBJECT_DEFECT] = "SELECT pid FROM defects WHERE id = ?",
    };
    if (!sql[kind])
        return NULL;
    return xasprintf("%s-%lld", object_kind_info(kind)->prefix,
                     (long long)store_int(s, 0, sql[kind], "i", id));
}

static void write_linked(struct call *c, struct json_writer *w, enum object_kind kind, int64_t id)
{
    _cleanup_free_ char *pid = pid_of(c->store, kind, id);
    _cleanup_free_ char *self = xasprintf("%s/api/v3/projects/%lld/%s/%lld", c->site, (long long)c->project,
                                          object_kind_info(kind)->path, (long long)id);
    json_object(w, NULL);
    json_integer(w, "id", id);
    write_text(w, "pid", pid);
    json_string(w, "link_type", "is covered by");
    json_string(w, "self", self);
    json_end(w);
}

static void open_container(struct call *c, enum object_kind kind, int64_t id)
{
    _cleanup_free_ char *pid = pid_of(c->store, kind, id);
    json_object(&c->json, NULL);
    json_integer(&c->json, "id", id);
    write_text(&c->json, "pid", pid);
    json_array(&c->json, "objects");
}

/* {objectType}/{objectId} of the path */
static bool link_source(struct call *c, enum object_kind *ret_kind, int64_t *ret_id)
{
    *ret_kind = object_kind_of_path(c->args[0]);
    if (*ret_kind == OBJECT_NONE)
        return call_fail(c, 404, "Object type '%s' does not exist", c->args[0]);
    *ret_id = find_any(c->store, *ret_kind, c->project, c->args[1], c->now_ms);
    return *ret_id || call_fail(c, 404, "%s does not exist", object_kind_info(*ret_kind)->title);
}

static bool link_target_kind(struct call *c, const char *type, enum object_kind *ret)
{
    *ret = type ? object_kind_of_path(type) : OBJECT_NONE;
    return *ret != OBJECT_NONE || call_fail(c, 400, "Object type '%s' is not valid", type ? type : "");
}

/* Every id of the body's array that can be linked; what cannot is left out silently
 * (docs/qtest-api.md 6.3). Adding answers with what is linked now, removing with an empty object, as the
 * Swagger file has it. */
static void change_links(struct call *c, bool add)
{
    enum object_kind kind, to_kind;
    int64_t id;
    const cJSON *item;
    if (!link_source(c, &kind, &id) || !link_target_kind(c, request_param(c->request, "type"), &to_kind))
        return;
    if (!cJSON_IsArray(c->body)) {
        call_fail(c, 400, "The request body must be an array of ids");
        return;
    }
    if (add) {
        json_array(&c->json, NULL);
        open_container(c, kind, id);
    }
    cJSON_ArrayForEach(item, c->body)
    {
        int64_t number;
        _cleanup_free_ char *text =
            json_value_int64(item, &number) ? xasprintf("%lld", (long long)number) : NULL;
        int64_t to = text ? find_any(c->store, to_kind, c->project, text, c->now_ms) : 0;
        if (!to)
            continue;
        if (add) {
            link_objects(c->store, kind, id, to_kind, to);
            write_linked(c, &c->json, to_kind, to);
        } else {
            unlink_objects(c->store, id, to);
        }
    }
    if (!add)
        json_object(&c->json, NULL);
    while (c->json.depth > 0)
        json_end(&c->json);
}

void links_add(struct call *c)
{
    change_links(c, true);
}

void links_remove(struct call *c)
{
    change_links(c, false);
}

/* A PID of this project, or the key of an external defect, which is remembered under that name. */
static int64_t defect_of_key(struct store *s, int64_t project, const char *key, int64_t now_ms)
{
    int64_t id = object_find(s, OBJECT_DEFECT, project, key, now_ms);
    if (!id)
        id = store_int(s, 0, "SELECT id FROM defects WHERE project = ? AND name = ? AND deleted_ms > ?",
                       "iti", project, key, now_ms);
    return id ? id : object_insert(s, OBJECT_DEFECT, project, key, NULL, now_ms, now_ms);
}

void links_add_defects(struct store *s, int64_t project, int64_t object, const cJSON *pids, int64_t now_ms)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, pids)
    {
        if (cJSON_IsString(item) && *item->valuestring)
            link_objects(s, OBJECT_LOG, object, OBJECT_DEFECT,
                         defect_of_key(s, project, item->valuestring, now_ms));
    }
}

void links_write_defects(struct call *c, struct json_writer *w, const char *key, int64_t object)
{
    _cleanup_(rows_close) struct rows r = rows_open(c->store,
                                                    "SELECT d.id, d.pid, d.name FROM links l JOIN defects d "
                                                    "ON d.id = l.to_id WHERE l.from_id = ? ORDER BY d.id",
                                                    "i", object);
    json_array(w, key);
    while (rows_next(&r)) {
        _cleanup_free_ char *pid = xasprintf("DF-%lld", (long long)rows_int(&r, 1));
        json_object(w, NULL);
        json_integer(w, "id", rows_int(&r, 0));
        json_string(w, "pid", pid);
        json_string(w, "summary", rows_text(&r, 2));
        json_string(w, "external_defect_id", rows_text(&r, 2));
        json_end(w);
    }
    json_end(w);
}

static int64_t target_of_pid(struct call *c, enum object_kind kind, const char *pid)
{
    return kind == OBJECT_DEFECT ? defect_of_key(c->store, c->project, pid, c->now_ms)
                                 : find_any(c->store, kind, c->project, pid, c->now_ms);
}

static bool strings_body(struct call *c)
{
    const cJSON *item;
    bool good = cJSON_IsArray(c->body);
    cJSON_ArrayForEach(item, c->body) good = good && cJSON_IsString(item);
    return good || call_fail(c, 400, "The request body must be an array of PIDs or keys");
}

void links_add_by_pid(struct call *c)
{
    enum object_kind kind, to_kind;
    int64_t id;
    const cJSON *item;
    if (!link_source(c, &kind, &id) || !link_target_kind(c, c->args[2], &to_kind) || !strings_body(c))
        return;
    json_array(&c->json, NULL);
    open_container(c, kind, id);
    cJSON_ArrayForEach(item, c->body)
    {
        int64_t to = target_of_pid(c, to_kind, item->valuestring);
        if (!to) {
            call_fail(c, 404, "'%s' does not exist", item->valuestring);
            return;
        }
        link_objects(c->store, kind, id, to_kind, to);
        write_linked(c, &c->json, to_kind, to);
    }
    json_end(&c->json);
    json_end(&c->json);
    json_end(&c->json);
    c->answer->status = 201;
}

void links_remove_by_pid(struct call *c)
{
    enum object_kind kind, to_kind;
    int64_t id;
    const cJSON *item;
    if (!link_source(c, &kind, &id) || !link_target_kind(c, c->args[2], &to_kind) || !strings_body(c))
        return;
    json_array(&c->json, NULL);
    cJSON_ArrayForEach(item, c->body)
    {
        int64_t to = target_of_pid(c, to_kind, item->valuestring);
        if (to) {
            unlink_objects(c->store, id, to);
            json_string(&c->json, NULL, item->valuestring);
        }
    }
    json_end(&c->json);
}

static void write_links_of(struct call *c, enum object_kind kind, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT to_kind, to_id FROM links WHERE from_id = ?1 UNION "
                  "SELECT from_kind, from_id FROM links WHERE to_id = ?1",
                  "i", id);
    open_container(c, kind, id);
    while (rows_next(&r))
        write_linked(c, &c->json, (enum object_kind)rows_int(&r, 0), rows_int(&r, 1));
    json_end(&c->json);
    json_end(&c->json);
}

static void write_named(struct call *c, enum object_kind kind, const char *list)
{
    while (*list) {
        size_t length = 0;
        while (list[length] && list[length] != ',')
            length++;
        _cleanup_free_ char *text = xstrndup(list, length);
        int64_t id = find_any(c->store, kind, c->project, text, c->now_ms);
        if (id)
            write_links_of(c, kind, id);
        list += length + (list[length] ? 1 : 0);
    }
}

void links_find(struct call *c)
{
    enum object_kind kind;
    if (!link_target_kind(c, request_param(c->request, "type"), &kind))
        return;
    json_array(&c->json, NULL);
    for (size_t i = 0; i < c->request->param_count; i++) {
        const struct name_value *p = &c->request->params[i];
        if (text_equal(p->name, "ids") || text_equal(p->name, "pids"))
            write_named(c, kind, p->value);
    }
    json_end(&c->json);
}
