#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/dates.h"
#include "sandbox/search_sql.h"
#include "sandbox/store.h"

enum criterion_kind { CRITERION_TEXT, CRITERION_DATE, CRITERION_ID };

#define KIND(k) (1u << OBJECT_##k)
#define NAMED                                                                                                \
    (KIND(RELEASE) | KIND(BUILD) | KIND(REQUIREMENT) | KIND(CASE) | KIND(CYCLE) | KIND(SUITE) | KIND(RUN) |  \
     KIND(DEFECT))

/* sql has one %s for the comparison with its operator, as in "o.name %s". */
struct criterion {
    const char *label;
    unsigned kinds;
    enum criterion_kind kind;
    enum object_kind target; /* of an id */
    const char *sql;
};

static const struct criterion criteria[] = {
    {"Id", NAMED, CRITERION_ID, OBJECT_NONE, "o.id %s"},
    {"Name", NAMED, CRITERION_TEXT, 0, "o.name %s"},
    {"Summary", KIND(DEFECT), CRITERION_TEXT, 0, "o.name %s"},
    {"Description", NAMED, CRITERION_TEXT, 0, "coalesce(o.description, '') %s"},
    {"Created Date", NAMED, CRITERION_DATE, 0, "o.created_ms %s"},
    {"Last Modified Date", NAMED, CRITERION_DATE, 0, "o.modified_ms %s"},
    {"Precondition", KIND(CASE), CRITERION_TEXT, 0, "coalesce(o.precondition, '') %s"},
    {"Automation Content", KIND(CASE), CRITERION_TEXT, 0, "o.content %s"},
    {"Module", KIND(CASE), CRITERION_ID, OBJECT_MODULE, "o.module %s"},
    {"Module Id", KIND(CASE), CRITERION_ID, OBJECT_MODULE, "o.module %s"},
    {"Test Case Id", KIND(RUN), CRITERION_ID, OBJECT_CASE, "o.case_id %s"},
    {"Test Case Name", KIND(RUN), CRITERION_TEXT, 0, "o.case_id IN (SELECT id FROM cases WHERE name %s)"},
    {"Test Case Automation Content", KIND(RUN), CRITERION_TEXT, 0,
     "o.case_id IN (SELECT id FROM cases WHERE content %s)"},
    {"Test Suite Id", KIND(RUN), CRITERION_ID, OBJECT_SUITE, "(o.parent_type = 3 AND o.parent %s)"},
    {"Test Suite", KIND(RUN), CRITERION_TEXT, 0,
     "(o.parent_type = 3 AND o.parent IN (SELECT id FROM suites WHERE name %s))"},
    {"Test Cycle Id", KIND(RUN), CRITERION_ID, OBJECT_CYCLE,
     "(o.parent_type, o.parent) IN (SELECT 2, id FROM cycles WHERE id %s UNION SELECT 3, s.id FROM suites s "
     "JOIN cycles y ON s.parent_type = 2 AND s.parent = y.id AND y.id %s)"},
    {"Test Cycle", KIND(RUN), CRITERION_TEXT, 0,
     "(o.parent_type, o.parent) IN (SELECT 2, id FROM cycles WHERE name %s UNION SELECT 3, s.id FROM suites "
     "s "
     "JOIN cycles y ON s.parent_type = 2 AND s.parent = y.id AND y.name %s)"},
    {"Test Cycle Id", KIND(SUITE) | KIND(CYCLE), CRITERION_ID, OBJECT_CYCLE,
     "(o.parent_type = 2 AND o.parent %s)"},
    {"Test Cycle", KIND(SUITE) | KIND(CYCLE), CRITERION_TEXT, 0,
     "(o.parent_type = 2 AND o.parent IN (SELECT id FROM cycles WHERE name %s))"},
    {"Target Release", KIND(CYCLE) | KIND(SUITE), CRITERION_ID, OBJECT_RELEASE,
     "coalesce(o.target_release, 0) %s"},
    {"Target Build", KIND(CYCLE) | KIND(SUITE), CRITERION_ID, OBJECT_BUILD, "coalesce(o.target_build, 0) %s"},
    {"Execution Start Date", KIND(LOG), CRITERION_DATE, 0, "o.start_ms %s"},
    {"Execution End Date", KIND(LOG), CRITERION_DATE, 0, "o.end_ms %s"},
};

#define RUN_STATUS    "cast(coalesce((SELECT status FROM logs WHERE id = o.log), 605) AS TEXT) %s"
#define DAY_ALMOST_MS 86399000 /* `in` on a date covers 23 h 59 m 59 s */

static bool fail(struct search_sql *q, const char *format, const char *what)
{
    if (!q->problem)
        q->problem = xasprintf(format, what);
    return false;
}

static void add_value(struct search_sql *q, char *text, int64_t number, struct buf *out)
{
    GROW(q->values, q->value_count, q->value_capacity);
    buf_printf(out, "?%zu", q->value_count + SEARCH_FIRST_VALUE);
    q->values[q->value_count++] = (struct search_value){.text = text, .number = number};
}

static const char *sql_operator(enum search_operator op)
{
    static const char *const names[] = {"=", "<>", "<", ">", "<=", ">="};
    return names[op];
}

/* The comparison is written once into a buffer and then put wherever the criterion has %s. */
static void put_criterion(struct search_sql *q, const char *sql, const char *comparison)
{
    for (const char *at = sql; *at;) {
        const char *place = strstr(at, "%s");
        if (!place) {
            buf_puts(&q->text, at);
            return;
        }
        buf_put(&q->text, at, (size_t)(place - at));
        buf_puts(&q->text, comparison);
        at = place + 2;
    }
}

/* "instr(lower(x), lower(?)) > 0" needs the column inside; the column is what stands before %s. */
static void put_contains(struct search_sql *q, const char *sql, char *value, bool negated)
{
    _cleanup_(buf_release) struct buf parameter = BUF_UNBOUNDED;
    add_value(q, value, 0, &parameter);
    for (const char *at = sql; *at;) {
        const char *place = strstr(at, " %s");
        if (!place) {
            buf_puts(&q->text, at);
            return;
        }
        const char *column = place;
        int depth = 0;
        while (column > at && (depth > 0 || (column[-1] != ' ' && column[-1] != '('))) {
            column--;
            depth += *column == ')' ? 1 : *column == '(' ? -1 : 0;
        }
        buf_put(&q->text, at, (size_t)(column - at));
        buf_printf(&q->text, "instr(lower(%.*s), lower(%s)) %s", (int)(place - column), column,
                   buf_text(&parameter), negated ? "= 0" : "> 0");
        at = place + 3;
    }
}

/* A value of a list field may be its label. */
static char *stored_value(const struct field *f, const char *value)
{
    for (size_t i = 0; f && i < f->value_count; i++)
        if (text_equal_nocase(f->values[i].label, value))
            return xasprintf("%lld", (long long)f->values[i].value);
    return xstrdup(value);
}

static bool put_text(struct search_sql *q, const char *sql, const struct field *f,
                     const struct search_node *node)
{
    _cleanup_(buf_release) struct buf comparison = BUF_UNBOUNDED;
    switch (node->operator) {
    case SEARCH_CONTAINS:
    case SEARCH_NOT_CONTAINS:
        put_contains(q, sql, xstrdup(node->values[0]), node->operator== SEARCH_NOT_CONTAINS);
        return true;
    case SEARCH_NOT_EMPTY:
        put_criterion(q, sql, "<> ''");
        return true;
    case SEARCH_IN:
        buf_puts(&comparison, "IN (");
        for (size_t i = 0; i < node->value_count; i++) {
            buf_puts(&comparison, i ? ", " : "");
            add_value(q, stored_value(f, node->values[i]), 0, &comparison);
        }
        buf_putc(&comparison, ')');
        break;
    case SEARCH_EQUAL:
    case SEARCH_NOT_EQUAL:
        buf_printf(&comparison, "%s ", sql_operator(node->operator));
        add_value(q, stored_value(f, node->values[0]), 0, &comparison);
        break;
    default:
        return fail(q, "The query is not valid: '%s' is text and has no order", node->field);
    }
    put_criterion(q, sql, buf_text(&comparison));
    return true;
}

static bool put_date(struct search_sql *q, const char *sql, const struct search_node *node)
{
    _cleanup_(buf_release) struct buf comparison = BUF_UNBOUNDED;
    int64_t instant_ms;
    if (node->operator== SEARCH_NOT_EMPTY) {
        put_criterion(q, sql, "IS NOT NULL");
        return true;
    }
    if (node->operator== SEARCH_CONTAINS || node->operator== SEARCH_NOT_CONTAINS)
        return fail(q, "The query is not valid: '%s' is a date and cannot be searched by ~", node->field);
    if (!date_read(node->values[0], &instant_ms))
        return fail(q, "The query is not valid: '%s' is no date and time", node->values[0]);
    if (node->operator== SEARCH_IN) {
        buf_puts(&comparison, "BETWEEN ");
        add_value(q, NULL, instant_ms, &comparison);
        buf_puts(&comparison, " AND ");
        add_value(q, NULL, instant_ms + DAY_ALMOST_MS, &comparison);
    } else {
        buf_printf(&comparison, "%s ", sql_operator(node->operator));
        add_value(q, NULL, instant_ms, &comparison);
    }
    put_criterion(q, sql, buf_text(&comparison));
    return true;
}

/* Ids and PIDs; what names nothing matches nothing. Releases are passed as negative numbers. */
static int64_t id_of_value(struct search_sql *q, const struct criterion *c, const char *value)
{
    enum object_kind kind = c->target ? c->target : q->kind;
    int64_t number;
    if (text_to_int64(value, INT64_MIN + 1, INT64_MAX, &number))
        return c->target == OBJECT_RELEASE && number < 0 ? -number : number;
    return object_find(q->store, kind, q->project, value, q->as_of_ms);
}

static bool put_id(struct search_sql *q, const struct criterion *c, const struct search_node *node)
{
    _cleanup_(buf_release) struct buf comparison = BUF_UNBOUNDED;
    if (node->operator== SEARCH_NOT_EMPTY) {
        put_criterion(q, c->sql, "<> 0");
        return true;
    }
    if (node->operator== SEARCH_CONTAINS || node->operator== SEARCH_NOT_CONTAINS)
        return fail(q, "The query is not valid: '%s' is an id and cannot be searched by ~", node->field);
    if (node->operator!= SEARCH_IN)
        buf_printf(&comparison, "%s ", sql_operator(node->operator));
    else
        buf_puts(&comparison, "IN (");
    for (size_t i = 0; i < node->value_count; i++) {
        buf_puts(&comparison, i ? ", " : "");
        add_value(q, NULL, id_of_value(q, c, node->values[i]), &comparison);
    }
    buf_puts(&comparison, node->operator== SEARCH_IN ? ")" : "");
    put_criterion(q, c->sql, buf_text(&comparison));
    return true;
}

static const struct field *project_field(const struct search_sql *q, const char *name)
{
    int64_t id;
    if (!q->fields)
        return NULL;
    if (text_to_int64(name, 1, INT64_MAX, &id))
        return field_by_id(q->fields, id);
    return field_by_label(q->fields, name);
}

static bool put_field(struct search_sql *q, const struct field *f, const struct search_node *node)
{
    if (text_equal(f->original_name, FIELD_CONTENT))
        return put_text(q, "o.content %s", NULL, node);
    if (text_equal(f->original_name, FIELD_RUN_STATUS))
        return put_text(q, RUN_STATUS, f, node);
    _cleanup_free_ char *sql =
        xasprintf("coalesce((SELECT value FROM properties WHERE object = o.id AND field = %lld), '%lld') %%s",
                  (long long)f->id, 0LL);
    int64_t fallback;
    if (f->default_value && text_to_int64(f->default_value, 0, INT64_MAX, &fallback)) {
        free(sql);
        sql = xasprintf(
            "coalesce((SELECT value FROM properties WHERE object = o.id AND field = %lld), '%lld') %%s",
            (long long)f->id, (long long)fallback);
    }
    return put_text(q, sql, f, node);
}

static bool put_condition(struct search_sql *q, const struct search_node *node)
{
    if (q->value_count + node->value_count > SEARCH_VALUES_MAX)
        return fail(q, "The query is not valid: it is too long%s", "");
    for (size_t i = 0; i < ARRAY_SIZE(criteria); i++) {
        const struct criterion *c = &criteria[i];
        if (!(c->kinds & 1u << q->kind) || !text_equal_nocase(c->label, node->field))
            continue;
        if (c->kind == CRITERION_DATE)
            return put_date(q, c->sql, node);
        return c->kind == CRITERION_ID ? put_id(q, c, node) : put_text(q, c->sql, NULL, node);
    }
    const struct field *f = project_field(q, node->field);
    return f ? put_field(q, f, node) : fail(q, "The query is not valid: there is no field '%s'", node->field);
}

static bool put_node(struct search_sql *q, const struct search_node *node);

/* Halves the list, so that a long one does not become a deep expression. */
static bool put_parts(struct search_sql *q, const struct search_node *node, size_t from, size_t to)
{
    if (to - from == 1)
        return put_node(q, node->parts[from]);
    size_t middle = from + (to - from) / 2;
    buf_putc(&q->text, '(');
    if (!put_parts(q, node, from, middle))
        return false;
    buf_puts(&q->text, node->kind == SEARCH_AND ? " AND " : " OR ");
    if (!put_parts(q, node, middle, to))
        return false;
    buf_putc(&q->text, ')');
    return true;
}

static bool put_node(struct search_sql *q, const struct search_node *node)
{
    if (node->kind == SEARCH_CONDITION)
        return put_condition(q, node);
    if (node->part_count > 0)
        return put_parts(q, node, 0, node->part_count);
    buf_puts(&q->text, "1");
    return true;
}

bool search_sql_build(struct search_sql *q, const struct search_node *node)
{
    buf_init(&q->text, 0);
    return put_node(q, node);
}

void search_sql_release(struct search_sql *q)
{
    for (size_t i = 0; i < q->value_count; i++)
        free(q->values[i].text);
    free(q->values);
    free(q->problem);
    buf_release(&q->text);
}
