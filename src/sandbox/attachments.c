#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/base64.h"
#include "sandbox/call.h"
#include "sandbox/users.h"

static int64_t store_attachment(struct store *s, int64_t project, enum object_kind kind, int64_t object,
                                const char *name, const char *content_type, const void *bytes, size_t size,
                                int64_t now_ms)
{
    int64_t id = store_new_id(s);
    store_run(s,
              "INSERT INTO attachments (id, project, kind, object, name, content_type, data, created_ms) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              "iiditt"
              "b"
              "i",
              id, project, (int)kind, object, name, content_type, bytes, size, now_ms);
    return id;
}

static void write_row(struct call *c, struct json_writer *w, const struct rows *r)
{
    int64_t id = rows_int(r, 0), object = rows_int(r, 4);
    const char *type = object_kind_info((enum object_kind)rows_int(r, 3))->path;
    _cleanup_free_ char *url =
        xasprintf("%s/p/%lld/attachments/%lld", c->site, (long long)c->project, (long long)id);
    json_object(w, NULL);
    json_array(w, "links");
    write_link(c, w, "self", "/api/v3/projects/%lld/%s/%lld/attachments/%lld", (long long)c->project, type,
               (long long)object, (long long)id);
    json_end(w);
    json_string(w, "name", rows_text(r, 1));
    json_string(w, "content_type", rows_text(r, 2));
    json_integer(w, "id", id);
    json_string(w, "web_url", url);
    write_date(c, w, "created_date", rows_int(r, 5));
    user_write_author(w, "author");
    json_integer(w, "artifact_id", object);
    json_end(w);
}

#define COLUMNS "SELECT id, name, content_type, kind, object, created_ms FROM attachments "

void attachments_write(struct call *c, struct json_writer *w, const char *key, enum object_kind kind,
                       int64_t object)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, COLUMNS "WHERE object = ? AND kind = ? ORDER BY id", "id", object, (int)kind);
    json_array(w, key);
    while (rows_next(&r))
        write_row(c, w, &r);
    json_end(w);
}

static bool decode_one(const cJSON *attachment, struct buf *out)
{
    const char *name = json_text(attachment, "name"), *data = json_text(attachment, "data");
    return !text_empty(name) && data && sandbox_base64_decode(out, data);
}

bool attachments_valid(const cJSON *attachments)
{
    const cJSON *item;
    if (!attachments || cJSON_IsNull(attachments))
        return true;
    if (!cJSON_IsArray(attachments))
        return false;
    cJSON_ArrayForEach(item, attachments)
    {
        _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
        if (!decode_one(item, &bytes))
            return false;
    }
    return true;
}

bool attachments_store_inline(struct store *s, int64_t project, enum object_kind kind, int64_t object,
                              const cJSON *attachments, int64_t now_ms)
{
    const cJSON *item;
    if (!attachments || cJSON_IsNull(attachments))
        return true;
    if (!cJSON_IsArray(attachments))
        return false;
    cJSON_ArrayForEach(item, attachments)
    {
        _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
        const char *type = json_text(item, "content_type");
        if (!decode_one(item, &bytes))
            return false;
        store_attachment(s, project, kind, object, json_text(item, "name"),
                         type ? type : "application/octet-stream", buf_text(&bytes), bytes.length, now_ms);
    }
    return true;
}

static bool allowed_kind(enum object_kind kind)
{
    return kind != OBJECT_NONE && kind != OBJECT_RUN && kind != OBJECT_SUITE && kind != OBJECT_CYCLE &&
           kind != OBJECT_MODULE;
}

/* {objectType}/{id} of the path: not runs, suites and cycles */
static bool holder(struct call *c, enum object_kind *ret_kind, int64_t *ret_id)
{
    static const char *const checks[OBJECT_KINDS] = {
        [OBJECT_LOG] = "SELECT id FROM logs WHERE id = ? AND project = ?",
        [OBJECT_STEP] =
            "SELECT s.id FROM steps s JOIN versions v ON v.id = s.version JOIN cases c ON c.id = v.case_id "
            "WHERE s.id = ? AND c.project = ?",
        [OBJECT_STEP_LOG] =
            "SELECT s.id FROM step_logs s JOIN logs l ON l.id = s.log WHERE s.id = ? AND l.project = ?",
    };
    *ret_kind = object_kind_of_path(c->args[0]);
    if (!allowed_kind(*ret_kind))
        return call_fail(c, 400, "Object type '%s' has no attachments", c->args[0]);
    if (!checks[*ret_kind])
        return call_object(c, 1, *ret_kind, ret_id);
    if (!call_arg_id(c, 1, ret_id))
        return false;
    if (store_int(c->store, 0, checks[*ret_kind], "ii", *ret_id, c->project))
        return true;
    return call_fail(c, 404, "%s does not exist", object_kind_info(*ret_kind)->title);
}

/* upload: raw bytes, named by the header File-Name */
void attachments_upload(struct call *c)
{
    enum object_kind kind;
    int64_t object;
    const char *name = request_header(c->request, "File-Name");
    const char *type = request_header(c->request, "Content-Type");
    if (!holder(c, &kind, &object))
        return;
    if (text_empty(name) || text_empty(type)) {
        call_fail(c, 400, "Headers 'File-Name' and 'Content-Type' are required");
        return;
    }
    int64_t id = store_attachment(c->store, c->project, kind, object, name, type, buf_text(&c->request->body),
                                  c->request->body.length, c->now_ms);
    _cleanup_(rows_close) struct rows r = rows_open(c->store, COLUMNS "WHERE id = ?", "i", id);
    c->answer->status = 201;
    if (rows_next(&r))
        write_row(c, &c->json, &r);
}

/* getAttachmentsOf */
void attachments_of_object(struct call *c)
{
    enum object_kind kind;
    int64_t object;
    if (holder(c, &kind, &object))
        attachments_write(c, &c->json, NULL, kind, object);
}

/* getAttachment: the bytes themselves */
void attachments_get(struct call *c)
{
    enum object_kind kind;
    int64_t object, id;
    size_t size;
    if (!holder(c, &kind, &object) || !call_arg_id(c, 2, &id))
        return;
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT data FROM attachments WHERE id = ? AND object = ?", "ii", id, object);
    if (!rows_next(&r)) {
        call_fail(c, 404, "Attachment does not exist");
        return;
    }
    const void *bytes = rows_blob(&r, 0, &size);
    buf_put(&c->answer->body, bytes, size);
    c->answer->content_type = "application/octet-stream";
    answer_set_header(c->answer, "X-Content-Type-Options", "nosniff");
}

/* deleteByBlobHandleId */
void attachments_delete(struct call *c)
{
    enum object_kind kind;
    int64_t object, id;
    if (!call_may_delete(c) || !holder(c, &kind, &object) || !call_arg_id(c, 2, &id))
        return;
    if (store_run(c->store, "DELETE FROM attachments WHERE id = ? AND object = ?", "ii", id, object) == 0)
        call_fail(c, 404, "Blob Handle not found");
    else
        call_message(c, "Deleted successfully");
}

#define SEARCH_WHERE                                                                                         \
    "WHERE project = ?1 AND kind = ?2 AND (?3 = '' OR instr(',' || ?3 || ',', ',' || object || ',') > 0)"

/* search of attachments: type= and ids= (several, or with commas) */
void attachments_search(struct call *c)
{
    _cleanup_(buf_release) struct buf ids = BUF_UNBOUNDED;
    const char *type = request_param(c->request, "type");
    enum object_kind kind = type ? object_kind_of_path(type) : OBJECT_NONE;
    struct page page = call_page(c, "pageSize", 100);
    if (!allowed_kind(kind)) {
        call_fail(c, 400, "Object type '%s' has no attachments", type ? type : "");
        return;
    }
    for (size_t i = 0; i < c->request->param_count; i++)
        if (text_equal(c->request->params[i].name, "ids"))
            buf_printf(&ids, "%s%s", ids.length ? "," : "", c->request->params[i].value);
    int64_t total = store_int(c->store, 0, "SELECT count(*) FROM attachments " SEARCH_WHERE, "idt",
                              c->project, (int)kind, buf_text(&ids));
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, COLUMNS SEARCH_WHERE " ORDER BY id LIMIT ?4 OFFSET ?5", "idtii", c->project,
                  (int)kind, buf_text(&ids), page.size, (page.number - 1) * page.size);
    call_envelope(c, page, total);
    while (rows_next(&r))
        write_row(c, &c->json, &r);
    json_end(&c->json);
    json_end(&c->json);
}
