#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/search_query.h"

#define DEPTH_MAX 100

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_QUOTED, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_WRONG };

struct parser {
    const char *at;
    enum token_kind kind; /* of the present token */
    char *text;           /* of a word or a quoted text */
    int depth;
    char *problem;
};

static void *fail(struct parser *p, const char *what, const char *near)
{
    if (!p->problem)
        p->problem = xasprintf("The query is not valid: %s near '%.60s'", what, near ? near : "");
    return NULL;
}

static bool ends_word(char c)
{
    return c == '\0' || ascii_space(c) || strchr("(),'", c);
}

/* A quoted text must be followed by a blank, a bracket, a comma or the end: that shows a quote inside it. */
static void next_quoted(struct parser *p)
{
    const char *end = strchr(p->at + 1, '\'');
    if (!end || !ends_word(end[1]) || end[1] == '\'') {
        p->kind = TOKEN_WRONG;
        fail(p, "quotes that do not match", p->at);
        return;
    }
    p->kind = TOKEN_QUOTED;
    p->text = xstrndup(p->at + 1, (size_t)(end - p->at - 1));
    p->at = end + 1;
}

static void next(struct parser *p)
{
    free(TAKE(p->text));
    while (ascii_space(*p->at))
        p->at++;
    char c = *p->at;
    if (c == '\0') {
        p->kind = TOKEN_END;
    } else if (c == '\'') {
        next_quoted(p);
    } else if (c == '(' || c == ')' || c == ',') {
        p->kind = c == '(' ? TOKEN_OPEN : c == ')' ? TOKEN_CLOSE : TOKEN_COMMA;
        p->at++;
    } else {
        size_t length = 0;
        while (!ends_word(p->at[length]))
            length++;
        p->kind = TOKEN_WORD;
        p->text = xstrndup(p->at, length);
        p->at += length;
    }
}

static bool is_word(const struct parser *p, const char *word)
{
    return p->kind == TOKEN_WORD && text_equal_nocase(p->text, word);
}

static struct search_node *new_node(enum search_kind kind)
{
    struct search_node *node = xcalloc(1, sizeof *node);
    node->kind = kind;
    return node;
}

void search_free(struct search_node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->part_count; i++)
        search_free(node->parts[i]);
    for (size_t i = 0; i < node->value_count; i++)
        free(node->values[i]);
    free(node->parts);
    free(node->values);
    free(node->field);
    free(node);
}

static void search_free_pointer(struct search_node **node)
{
    search_free(*node);
}

static bool take_value(struct parser *p, struct search_node *node)
{
    if (p->kind != TOKEN_WORD && p->kind != TOKEN_QUOTED)
        return fail(p, "a value is missing", p->at);
    GROW(node->values, node->value_count, node->value_capacity);
    node->values[node->value_count++] = TAKE(p->text);
    next(p);
    return true;
}

static bool take_values(struct parser *p, struct search_node *node)
{
    if (p->kind != TOKEN_OPEN)
        return take_value(p, node);
    do {
        next(p);
        if (!take_value(p, node))
            return false;
    } while (p->kind == TOKEN_COMMA);
    if (p->kind != TOKEN_CLOSE)
        return fail(p, "a closing bracket is missing", p->at);
    next(p);
    return true;
}

static bool take_operator(struct parser *p, struct search_node *node)
{
    static const struct {
        const char *text;
        enum search_operator operator;
    } operators[] = {{"=", SEARCH_EQUAL},     {"!=", SEARCH_NOT_EQUAL},    {"<", SEARCH_LESS},
                     {">", SEARCH_GREATER},   {"<=", SEARCH_LESS_EQUAL},   {">=", SEARCH_GREATER_EQUAL},
                     {"~", SEARCH_CONTAINS},  {"!~", SEARCH_NOT_CONTAINS}, {"in", SEARCH_IN},
                     {"is", SEARCH_NOT_EMPTY}};
    for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
        if (is_word(p, operators[i].text)) {
            node->operator= operators[i].operator;
            next(p);
            return true;
        }
    return fail(p, "an operator with blanks round it is missing",
                p->kind == TOKEN_END ? node->field : p->text);
}

static struct search_node *parse_condition(struct parser *p)
{
    _cleanup_(search_free_pointer) struct search_node *node = new_node(SEARCH_CONDITION);
    if (p->kind != TOKEN_WORD && p->kind != TOKEN_QUOTED)
        return fail(p, "a field name is missing", p->at);
    node->field = TAKE(p->text);
    next(p);
    if (!take_operator(p, node))
        return NULL;
    if (!(node->operator== SEARCH_IN ? take_values(p, node) : take_value(p, node)))
        return NULL;
    if (node->operator== SEARCH_NOT_EMPTY && !text_equal_nocase(node->values[0], "not empty"))
        return fail(p, "only 'not empty' can follow 'is'", node->values[0]);
    return TAKE(node);
}

static struct search_node *parse_or(struct parser *p);

static struct search_node *parse_part(struct parser *p)
{
    if (p->kind != TOKEN_OPEN)
        return parse_condition(p);
    if (++p->depth > DEPTH_MAX)
        return fail(p, "too many brackets", p->at);
    next(p);
    _cleanup_(search_free_pointer) struct search_node *node = parse_or(p);
    p->depth--;
    if (!node)
        return NULL;
    if (p->kind != TOKEN_CLOSE)
        return fail(p, "a closing bracket is missing", p->at);
    next(p);
    return TAKE(node);
}

static struct search_node *parse_series(struct parser *p, enum search_kind kind, const char *word,
                                        struct search_node *(*parse_one)(struct parser *))
{
    _cleanup_(search_free_pointer) struct search_node *node = new_node(kind);
    for (;;) {
        struct search_node *part = parse_one(p);
        if (!part)
            return NULL;
        GROW(node->parts, node->part_count, node->part_capacity);
        node->parts[node->part_count++] = part;
        if (!is_word(p, word))
            return TAKE(node);
        next(p);
    }
}

static struct search_node *parse_and(struct parser *p)
{
    return parse_series(p, SEARCH_AND, "and", parse_part);
}

static struct search_node *parse_or(struct parser *p)
{
    return parse_series(p, SEARCH_OR, "or", parse_and);
}

struct search_node *search_parse(const char *text, char **ret_problem)
{
    struct parser p = {.at = text};
    _cleanup_(search_free_pointer) struct search_node *node = NULL;
    next(&p);
    node = p.kind == TOKEN_END ? new_node(SEARCH_AND) : parse_or(&p);
    if (node && p.kind != TOKEN_END)
        fail(&p, "'and' or 'or' is missing", p.text ? p.text : p.at);
    free(p.text);
    *ret_problem = p.problem;
    return p.problem ? NULL : TAKE(node);
}
