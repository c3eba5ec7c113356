#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/artifacts.h"
#include "sandbox/call.h"
#include "sandbox/cases.h"
#include "sandbox/cycles.h"
#include "sandbox/json_pick.h"
#include "sandbox/logs.h"
#include "sandbox/runs.h"
#include "sandbox/search.h"
#include "sandbox/search_sql.h"
#include "sandbox/suites.h"

#define SEARCHED                                                                                             \
    (1u << OBJECT_RELEASE | 1u << OBJECT_BUILD | 1u << OBJECT_REQUIREMENT | 1u << OBJECT_CASE |              \
     1u << OBJECT_CYCLE | 1u << OBJECT_SUITE | 1u << OBJECT_RUN | 1u << OBJECT_LOG | 1u << OBJECT_DEFECT)

static void write_item(struct call *c, struct json_writer *w, enum object_kind kind, int64_t id)
{
    bool log_parts = request_param_true(c->request, "includeTestLogProperties");
    switch (kind) {
    case OBJECT_CASE:
        case_write(c, w, id, 0, true, request_param_true(c->request, "appendTestSteps"));
        break;
    case OBJECT_CYCLE:
        cycle_write(c, w, id, false, c->now_ms);
        break;
    case OBJECT_SUITE:
        suite_write(c, w, id);
        break;
    case OBJECT_RUN:
        run_write(c, w, id, run_list_parts(c));
        break;
    case OBJECT_LOG:
        log_write(c, w, id, log_list_parts(c) | (log_parts ? LOG_STEPS | LOG_PROPERTIES : 0));
        break;
    default:
        artifact_write(c, w, kind, id);
    }
}

static struct rows open_rows(struct call *c, const struct search_sql *q, const char *sql)
{
    struct rows r = rows_open_once(c->store, sql);
    if (!r.statement) {
        call_fail(c, 400, "The query is not valid: it is too complex");
        return r;
    }
    rows_bind_int(&r, 1, c->project);
    rows_bind_int(&r, 2, call_search_time(c));
    for (size_t i = 0; i < q->value_count; i++) {
        int index = SEARCH_FIRST_VALUE + (int)i;
        if (q->values[i].text)
            rows_bind_text(&r, index, q->values[i].text);
        else
            rows_bind_int(&r, index, q->values[i].number);
    }
    return r;
}

static void write_found(struct call *c, const struct search_sql *q, const cJSON *fields)
{
    const struct object_kind_info *info = object_kind_info(q->kind);
    struct page page = call_page(c, "pageSize", 100);
    const char *where = "o.visible_ms <= ?2 AND o.deleted_ms > ?2 AND";
    _cleanup_free_ char *count_sql = xasprintf("SELECT count(*) FROM %s o WHERE o.project = ?1 AND %s (%s)",
                                               info->table, where, buf_text(&q->text));
    /* +: the index of the project would hide the better ones of the query, and the order of the ids */
    _cleanup_free_ char *page_sql = xasprintf(
        "SELECT o.id FROM %s o WHERE +o.project = ?1 AND %s (%s) ORDER BY o.id%s LIMIT %lld OFFSET %lld",
        info->table, where, buf_text(&q->text), q->kind == OBJECT_RUN ? " DESC" : "", (long long)page.size,
        (long long)((page.number - 1) * page.size));
    _cleanup_(rows_close) struct rows count = open_rows(c, q, count_sql);
    _cleanup_(rows_close) struct rows r = open_rows(c, q, page_sql);
    if (call_failed(c))
        return;
    call_envelope(c, page, rows_next(&count) ? rows_int(&count, 0) : 0);
    while (rows_next(&r)) {
        size_t begin = c->answer->body.length;
        write_item(c, &c->json, q->kind, rows_int(&r, 0));
        json_pick_members(&c->answer->body, begin, fields);
    }
    json_end(&c->json);
    json_end(&c->json);
}

static bool check_fields(struct call *c, const cJSON *fields)
{
    const cJSON *item;
    if (!fields || cJSON_IsNull(fields))
        return true;
    if (!cJSON_IsArray(fields))
        return call_fail(c, 400, "Field 'fields' must be an array of strings");
    cJSON_ArrayForEach(item, fields) if (!cJSON_IsString(item)) return call_fail(
        c, 400, "Field 'fields' must be an array of strings");
    return true;
}

/* Test runs come newest first, everything else in the order of creation. */
void search_artifacts(struct call *c)
{
    _cleanup_free_ char *type = NULL;
    _cleanup_free_ char *text = NULL;
    _cleanup_free_ char *problem = NULL;
    const cJSON *fields = json_member(c->body, "fields");
    if (!body_is_object(c, c->body) || !body_text(c, c->body, "object_type", &type) ||
        !body_text(c, c->body, "query", &text) || !check_fields(c, fields))
        return;
    enum object_kind kind = type ? object_kind_of_path(type) : OBJECT_NONE;
    if (!(SEARCHED & 1u << kind)) {
        call_fail(c, 400, "Field 'object_type' is not valid: '%s'", type ? type : "");
        return;
    }
    struct search_node *node = search_parse(text ? text : "", &problem);
    if (!node) {
        call_fail(c, 400, "%s", problem);
        return;
    }
    _cleanup_(search_sql_release) struct search_sql q = {.store = c->store,
                                                         .project = c->project,
                                                         .as_of_ms = call_search_time(c),
                                                         .kind = kind,
                                                         .fields = call_fields(c, kind)};
    if (search_sql_build(&q, node))
        write_found(c, &q, fields);
    else
        call_fail(c, 400, "%s", q.problem);
    search_free(node);
}
