/* A query tree as a condition of SQL over one table. The criteria that exist depend on the type of object
 * (docs/qtest-api.md 5); fields of the project can be named by label or id. */
#ifndef SANDBOX_SEARCH_SQL_H
#define SANDBOX_SEARCH_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sandbox/fields.h"
#include "sandbox/objects.h"
#include "sandbox/search_query.h"

struct store;

struct search_value {
    char *text; /* NULL: the number */
    int64_t number;
};

struct search_sql {
    struct store *store;
    int64_t project, as_of_ms;
    enum object_kind kind;
    const struct field_set *fields;
    struct buf text; /* with ?100, ?101, … for the values */
    struct search_value *values;
    size_t value_count, value_capacity;
    char *problem; /* NULL: none */
};

#define SEARCH_FIRST_VALUE 100
#define SEARCH_VALUES_MAX  5000

/* Set store, project, as_of_ms, kind and fields before. False: problem says why. */
bool search_sql_build(struct search_sql *sql, const struct search_node *node);
void search_sql_release(struct search_sql *sql);

#endif
