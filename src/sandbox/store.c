#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/schema.h"
#include "sandbox/store.h"

#define CACHE_SIZE 1024 /* a power of two, well above the number of statements in the source */

struct kept_statement {
    const char *sql;
    sqlite3_stmt *statement;
};

struct store {
    sqlite3 *db;
    struct kept_statement kept[CACHE_SIZE];
    size_t kept_count;
    char *problem;
};

static void note_problem(struct store *s)
{
    if (!s->problem)
        s->problem = xstrdup(sqlite3_errmsg(s->db));
}

static int exec(struct store *s, const char *sql)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        note_problem(s);
    return rc;
}

static int prepare_tables(struct store *s, const char *path, struct error *err)
{
    sqlite3_busy_timeout(s->db, 5000);
    exec(s, "PRAGMA journal_mode = WAL");
    exec(s, "PRAGMA synchronous = NORMAL");
    exec(s, "PRAGMA temp_store = MEMORY");
    exec(s, "PRAGMA cache_size = -65536");
    _cleanup_free_ char *version = store_text(s, "PRAGMA user_version", "");
    if (text_equal(version, "0")) {
        exec(s, "BEGIN");
        exec(s, schema_sql);
        exec(s, "PRAGMA user_version = " SCHEMA_VERSION);
        exec(s, "COMMIT");
    } else if (version && !text_equal(version, SCHEMA_VERSION)) {
        return error_set(err, ERR_IO, "database '%s' was made by another version, choose a new file", path);
    }
    if (s->problem)
        return error_set(err, ERR_IO, "cannot use database '%s': %s", path, s->problem);
    return 0;
}

int store_open(struct store **ret_store, const char *path, struct error *err)
{
    struct store *s = xcalloc(1, sizeof *s);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int result = 0;
    if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
        result = error_set(err, ERR_IO, "cannot open database '%s': %s", path, sqlite3_errmsg(s->db));
    else
        result = prepare_tables(s, path, err);
    if (result < 0)
        store_close(s);
    else
        *ret_store = s;
    return result;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < CACHE_SIZE; i++)
        sqlite3_finalize(s->kept[i].statement);
    sqlite3_close(s->db);
    free(s->problem);
    free(s);
}

void store_begin(struct store *s)
{
    free(TAKE(s->problem));
    exec(s, "BEGIN");
}

bool store_commit(struct store *s)
{
    if (!s->problem && exec(s, "COMMIT") == SQLITE_OK)
        return true;
    store_rollback(s);
    return false;
}

void store_rollback(struct store *s)
{
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

const char *store_problem(const struct store *s)
{
    return s->problem;
}

static size_t hash_text(const char *text)
{
    size_t h = 1469598103934665603u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h;
}

static sqlite3_stmt *prepare(struct store *s, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        note_problem(s);
    return statement;
}

static struct kept_statement *kept_slot(struct store *s, const char *sql)
{
    size_t at = hash_text(sql) & (CACHE_SIZE - 1);
    while (s->kept[at].sql && strcmp(s->kept[at].sql, sql) != 0)
        at = (at + 1) & (CACHE_SIZE - 1);
    return &s->kept[at];
}

/* A statement in the middle of its rows (a recursive caller) is not disturbed: a second one is made. */
static struct rows find_statement(struct store *s, const char *sql)
{
    struct kept_statement *slot = kept_slot(s, sql);
    if (!slot->sql && s->kept_count < CACHE_SIZE / 2) {
        slot->statement = prepare(s, sql);
        if (slot->statement) {
            slot->sql = sql;
            s->kept_count++;
        }
        return (struct rows){.store = s, .statement = slot->statement, .kept = true};
    }
    if (slot->sql && !sqlite3_stmt_busy(slot->statement))
        return (struct rows){.store = s, .statement = slot->statement, .kept = true};
    return (struct rows){.store = s, .statement = prepare(s, sql), .kept = false};
}

static void bind_all(sqlite3_stmt *statement, const char *types, va_list args)
{
    for (int i = 1; *types; types++, i++) {
        if (*types == 'i') {
            sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
        } else if (*types == 'd') {
            sqlite3_bind_int(statement, i, va_arg(args, int));
        } else if (*types == 't') {
            sqlite3_bind_text(statement, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        } else {
            const void *bytes = va_arg(args, const void *);
            size_t size = va_arg(args, size_t);
            sqlite3_bind_blob64(statement, i, bytes ? bytes : "", size, SQLITE_TRANSIENT);
        }
    }
}

static struct rows open_list(struct store *s, const char *sql, const char *types, va_list args)
{
    struct rows r = find_statement(s, sql);
    if (r.statement)
        bind_all(r.statement, types, args);
    return r;
}

struct rows rows_open(struct store *s, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    struct rows r = open_list(s, sql, types, args);
    va_end(args);
    return r;
}

struct rows rows_open_once(struct store *s, const char *sql)
{
    return (struct rows){.store = s, .statement = prepare(s, sql), .kept = false};
}

void rows_bind_int(struct rows *r, int index, int64_t value)
{
    sqlite3_bind_int64(r->statement, index, value);
}

void rows_bind_text(struct rows *r, int index, const char *value)
{
    sqlite3_bind_text(r->statement, index, value, -1, SQLITE_TRANSIENT);
}

bool rows_next(struct rows *r)
{
    if (!r->statement)
        return false;
    int rc = sqlite3_step(r->statement);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        note_problem(r->store);
    return false;
}

void rows_close(struct rows *r)
{
    if (r->kept) {
        sqlite3_reset(r->statement);
        sqlite3_clear_bindings(r->statement);
    } else {
        sqlite3_finalize(r->statement);
    }
    r->statement = NULL;
    r->kept = false;
}

int64_t rows_int(const struct rows *r, int column)
{
    return sqlite3_column_int64(r->statement, column);
}

bool rows_null(const struct rows *r, int column)
{
    return sqlite3_column_type(r->statement, column) == SQLITE_NULL;
}

const char *rows_text(const struct rows *r, int column)
{
    return (const char *)sqlite3_column_text(r->statement, column);
}

const void *rows_blob(const struct rows *r, int column, size_t *ret_size)
{
    const void *bytes = sqlite3_column_blob(r->statement, column);
    *ret_size = (size_t)sqlite3_column_bytes(r->statement, column);
    return bytes ? bytes : "";
}

int64_t store_run(struct store *s, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    _cleanup_(rows_close) struct rows r = open_list(s, sql, types, args);
    va_end(args);
    while (rows_next(&r))
        continue;
    return sqlite3_changes64(s->db);
}

int64_t store_int(struct store *s, int64_t fallback, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    _cleanup_(rows_close) struct rows r = open_list(s, sql, types, args);
    va_end(args);
    return rows_next(&r) && !rows_null(&r, 0) ? rows_int(&r, 0) : fallback;
}

char *store_text(struct store *s, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    _cleanup_(rows_close) struct rows r = open_list(s, sql, types, args);
    va_end(args);
    return rows_next(&r) ? xstrdup(rows_text(&r, 0)) : NULL;
}

static int64_t count_up(struct store *s, const char *name)
{
    return store_int(s, 0,
                     "INSERT INTO counters (name, value) VALUES (?, 1) "
                     "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
                     "t", name);
}

int64_t store_new_id(struct store *s)
{
    return count_up(s, "id");
}

void store_first_id(struct store *s, int64_t first)
{
    store_run(s, "INSERT OR IGNORE INTO counters (name, value) VALUES ('id', ?)", "i", first - 1);
}

int64_t store_new_pid(struct store *s, int64_t project, const char *prefix)
{
    _cleanup_free_ char *name = xasprintf("%s %lld", prefix, (long long)project);
    return count_up(s, name);
}
