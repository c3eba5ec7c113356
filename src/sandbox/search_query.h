/* The query language of the search (docs/qtest-api.md 5), as a tree.
 *
 *     query     := and-part { "or" and-part }
 *     and-part  := condition { "and" condition }
 *     condition := "(" query ")" | field operator value | field "in" values | field "is" 'not empty'
 *     operator  := = != < > <= >= ~ !~
 *     values    := value | "(" value { "," value } ")"
 *
 * Words are separated by blanks, so an operator without them is no operator; names and values with blanks
 * stand in single quotes. There is no way to write a single quote inside quotes, and double quotes mean
 * nothing.
 */
#ifndef SANDBOX_SEARCH_QUERY_H
#define SANDBOX_SEARCH_QUERY_H

#include <stdbool.h>
#include <stddef.h>

enum search_kind { SEARCH_AND, SEARCH_OR, SEARCH_CONDITION };
enum search_operator {
    SEARCH_EQUAL,
    SEARCH_NOT_EQUAL,
    SEARCH_LESS,
    SEARCH_GREATER,
    SEARCH_LESS_EQUAL,
    SEARCH_GREATER_EQUAL,
    SEARCH_CONTAINS,
    SEARCH_NOT_CONTAINS,
    SEARCH_IN,
    SEARCH_NOT_EMPTY,
};

struct search_node {
    enum search_kind kind;
    struct search_node **parts; /* of AND and OR */
    size_t part_count, part_capacity;
    char *field; /* of a condition */
    enum search_operator operator;
    char **values;
    size_t value_count, value_capacity;
};

/* NULL with *ret_problem (caller frees) when the text is no query; an empty text gives an AND without parts.
 */
struct search_node *search_parse(const char *text, char **ret_problem);
void search_free(struct search_node *node);

#endif
