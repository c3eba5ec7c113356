/* The search with its little language (qtest-api.md, section 5): conditions "field operator value" joined
 * by "and" and "or", "and" first; brackets may stand around what "and" joins. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "model_private.h"

#define TERMS_MAX 128

enum comparison { SAME, DIFFERENT, CONTAINS, AT_LEAST, AT_MOST, ABOVE, BELOW };

struct term {
    const char *field;
    const char *value;
    int64_t instant_ms; /* TIME_NONE: the value is none */
    enum comparison comparison;
    bool or_before;
};

struct query {
    struct term terms[TERMS_MAX];
    size_t count;
};

/* One word of the query, quotes taken off; NULL at the end or where a quote does not close. */
static char *take_word(char **at)
{
    while (**at == ' ')
        ++*at;
    char *begin = *at;
    char *end;
    if (*begin == '\'') {
        begin++;
        end = strchr(begin, '\'');
        if (!end)
            return NULL;
    } else {
        end = begin + strcspn(begin, " ");
    }
    if (!*begin && end == begin && **at != '\'')
        return NULL;
    *at = *end ? end + 1 : end;
    *end = '\0';
    return begin;
}

static bool read_comparison(const char *word, enum comparison *ret)
{
    static const struct {
        const char *text;
        enum comparison comparison;
    } table[] = {{"=", SAME},     {"!=", DIFFERENT}, {"~", CONTAINS}, {">=", AT_LEAST},
                 {"<=", AT_MOST}, {">", ABOVE},      {"<", BELOW}};
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        *ret = table[i].comparison;
        if (text_equal(table[i].text, word))
            return true;
    }
    return false;
}

/* Outside of quotes they only say what holds without them. */
static void drop_brackets(char *text)
{
    bool quoted = false;
    for (; *text; text++) {
        quoted ^= *text == '\'';
        if (!quoted && (*text == '(' || *text == ')'))
            *text = ' ';
    }
}

static bool read_query(struct query *query, char *text)
{
    drop_brackets(text);
    bool or_before = false;
    query->count = 0;
    while (*text == ' ')
        text++;
    while (*text) {
        struct term *term = &query->terms[query->count];
        if (query->count == TERMS_MAX || !(term->field = take_word(&text)) ||
            !read_comparison(take_word(&text), &term->comparison) || !(term->value = take_word(&text)))
            return false;
        if (!time_parse_iso(term->value, &term->instant_ms, NULL))
            term->instant_ms = TIME_NONE;
        term->or_before = or_before;
        query->count++;
        while (*text == ' ')
            text++;
        const char *join = take_word(&text);
        if (!join)
            break;
        or_before = text_equal_nocase(join, "or");
        if (!or_before && !text_equal_nocase(join, "and"))
            return false;
    }
    return true;
}

/* What a term is compared with: a text, an instant or an id; all absent: the field is not known. */
struct field_value {
    const char *text;
    int64_t instant_ms;
    int64_t id;
};

static bool holds(const struct term *term, const struct field_value *value)
{
    int64_t difference = 0;
    if (value->id)
        return term->comparison == SAME && strtoll(term->value, NULL, 10) == value->id;
    if (value->instant_ms != TIME_NONE) {
        if (term->instant_ms == TIME_NONE)
            return false;
        difference = value->instant_ms - term->instant_ms;
    } else if (!value->text) {
        return false;
    } else if (term->comparison == CONTAINS) {
        return strcasestr(value->text, term->value) != NULL;
    } else {
        difference = strcasecmp(value->text, term->value);
    }
    switch (term->comparison) {
    case SAME:
        return difference == 0;
    case DIFFERENT:
        return difference != 0;
    case AT_LEAST:
        return difference >= 0;
    case AT_MOST:
        return difference <= 0;
    case ABOVE:
        return difference > 0;
    case BELOW:
        return difference < 0;
    case CONTAINS:
        break;
    }
    return false;
}

typedef struct field_value (*field_of)(const void *object, const char *name);

static bool matches(const struct query *query, field_of field, const void *object)
{
    bool all = true;
    for (size_t i = 0; i < query->count; i++) {
        const struct term *term = &query->terms[i];
        if (term->or_before && all)
            return true;
        struct field_value value = field(object, term->field);
        all = holds(term, &value) && (all || term->or_before);
    }
    return all;
}

static struct field_value case_field(const void *object, const char *name)
{
    const struct model_case *test_case = object;
    struct field_value value = {.instant_ms = TIME_NONE};
    if (text_equal_nocase(name, "Automation Content"))
        value.text = test_case->content;
    else if (text_equal_nocase(name, "Name"))
        value.text = test_case->name;
    return value;
}

static struct field_value node_field(const void *object, const char *name)
{
    const struct model_node *node = object;
    struct field_value value = {.instant_ms = TIME_NONE};
    if (text_equal_nocase(name, "Name"))
        value.text = node->name;
    return value;
}

static struct field_value run_field(const void *object, const char *name)
{
    const struct model_run *run = object;
    struct field_value value = {.instant_ms = TIME_NONE};
    if (text_equal_nocase(name, "Test Case Id"))
        value.id = run->case_id;
    return value;
}

static struct field_value log_field(const void *object, const char *name)
{
    const struct model_log *log = object;
    struct field_value value = {.instant_ms = TIME_NONE};
    if (text_equal_nocase(name, "Execution Start Date"))
        value.instant_ms = log->start_ms;
    else if (text_equal_nocase(name, "Execution End Date"))
        value.instant_ms = log->end_ms;
    return value;
}

enum searched { SEARCH_CASES, SEARCH_RUNS, SEARCH_LOGS, SEARCH_CYCLES, SEARCH_SUITES, SEARCH_NONE };

static enum searched searched_type(const char *type)
{
    static const char *const names[] = {"test-cases", "test-runs", "test-logs", "test-cycles",
                                        "test-suites"};
    for (size_t i = 0; type && i < ARRAY_SIZE(names); i++)
        if (strcmp(names[i], type) == 0)
            return (enum searched)i;
    return SEARCH_NONE;
}

static bool node_found(const struct model *m, const struct model_node *node, enum node_kind kind,
                       const struct query *query)
{
    bool gone = node->deleted_ms != MODEL_NEVER && node->deleted_ms + m->switches.search_lag_ms <= m->now_ms;
    return node->kind == kind && node->searched_ms <= m->now_ms && !gone && matches(query, node_field, node);
}

/* The objects of a type, one by one: found when the index knows them. */
static bool found(const struct model *m, enum searched type, size_t i, const struct query *query)
{
    switch (type) {
    case SEARCH_CASES:
        return m->cases[i].searched_ms <= m->now_ms && matches(query, case_field, &m->cases[i]);
    case SEARCH_RUNS:
        return m->runs[i].searched_ms <= m->now_ms && matches(query, run_field, &m->runs[i]);
    case SEARCH_LOGS:
        return m->logs[i].searched_ms <= m->now_ms && matches(query, log_field, &m->logs[i]);
    default:
        return node_found(m, &m->nodes[i], type == SEARCH_CYCLES ? NODE_CYCLE : NODE_SUITE, query);
    }
}

static size_t count_of(const struct model *m, enum searched type)
{
    if (type == SEARCH_CASES)
        return m->case_count;
    if (type == SEARCH_RUNS)
        return m->run_count;
    return type == SEARCH_LOGS ? m->log_count : m->node_count;
}

static void put_found(struct model_call *call, enum searched type, size_t i)
{
    const struct model *m = call->model;
    if (type == SEARCH_CASES)
        put_case(call, &m->cases[i], text_equal(route_parameter(&call->route, "appendTestSteps"), "true"));
    else if (type == SEARCH_RUNS)
        put_run(call, &m->runs[i]);
    else if (type == SEARCH_LOGS)
        put_log(call, &m->logs[i], true);
    else
        put_node(call, &m->nodes[i], NULL);
}

void search_answer(struct model_call *call)
{
    struct model *m = call->model;
    struct query query;
    enum searched type = searched_type(json_text(call->body, "object_type"));
    const char *text = json_text(call->body, "query");
    _cleanup_free_ char *copy = xstrdup(text ? text : "");
    if (type == SEARCH_NONE || !read_query(&query, copy)) {
        answer_error(call, 400, "Invalid query");
        return;
    }
    size_t count = count_of(m, type);
    _cleanup_free_ bool *shown = xcalloc(count + 1, sizeof *shown);
    int64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += shown[i] = found(m, type, i, &query);
    struct page_range range = answer_envelope(call, total);
    int64_t at = 0;
    for (size_t i = 0; i < count; i++)
        if (shown[i] && at++ >= range.begin && at <= range.end)
            put_found(call, type, i);
    json_end(&call->out);
    json_end(&call->out);
}
