/* SQLite, with as little ceremony as possible.
 *
 * One connection; the caller holds the sandbox's lock round every use. Statements are kept prepared, found by
 * their text, so every SQL text given here is a constant; texts made at run time go through rows_open_once().
 * Values are bound in order by a letter each: i int64_t, d int, t const char * (NULL binds NULL), b const
 * void * and size_t.
 *
 *     _cleanup_(rows_close) struct rows r = rows_open(s, "SELECT id, name FROM suites WHERE project = ?",
 * "i", p); while (rows_next(&r)) use(rows_int(&r, 0), rows_text(&r, 1));   // text lives until the next
 * rows_next or rows_close
 *
 * Errors of SQLite itself (disk full, a broken file) are sticky: store_commit() then rolls back and says
 * false, and the request is answered with 500.
 */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct store;
struct sqlite3_stmt;

/* path may be ":memory:". Makes the tables in an empty database. ERR_IO. */
int store_open(struct store **ret_store, const char *path, struct error *err);
void store_close(struct store *s);

void store_begin(struct store *s);
bool store_commit(struct store *s);
void store_rollback(struct store *s);
const char *store_problem(const struct store *s); /* NULL when all went well since store_begin */

struct rows {
    struct store *store;
    struct sqlite3_stmt *statement;
    bool kept;
};

struct rows rows_open(struct store *s, const char *sql, const char *types, ...);
struct rows rows_open_once(struct store *s, const char *sql); /* bind with rows_bind_* before rows_next */
void rows_bind_int(struct rows *r, int index, int64_t value); /* the first is 1 */
void rows_bind_text(struct rows *r, int index, const char *value);
bool rows_next(struct rows *r);
void rows_close(struct rows *r);
int64_t rows_int(const struct rows *r, int column);
bool rows_null(const struct rows *r, int column);
const char *rows_text(const struct rows *r, int column); /* NULL for NULL */
const void *rows_blob(const struct rows *r, int column, size_t *ret_size);

/* Runs a statement that gives no rows; the number of rows it changed. */
int64_t store_run(struct store *s, const char *sql, const char *types, ...);
/* The first column of the first row, or fallback. */
int64_t store_int(struct store *s, int64_t fallback, const char *sql, const char *types, ...);
/* The same as text; NULL without a row. The caller frees. */
char *store_text(struct store *s, const char *sql, const char *types, ...);

/* Counters live in the database, so that a restart counts on. */
int64_t store_new_id(struct store *s);
void store_first_id(struct store *s, int64_t first); /* no effect once an id was given out */
/* The next PID number of one kind ("TC") in one project, from 1. */
int64_t store_new_pid(struct store *s, int64_t project, const char *prefix);

#endif
