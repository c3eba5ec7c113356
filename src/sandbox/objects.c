#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/objects.h"

static const struct object_kind_info kinds[OBJECT_KINDS] = {
    [OBJECT_RELEASE] = {"releases", "releases", "RL", "Release", "testplan", 8},
    [OBJECT_BUILD] = {"builds", "builds", "BL", "Build", "testplan", 9},
    [OBJECT_REQUIREMENT] = {"requirements", "requirements", "RQ", "Requirement", "requirements", 5},
    [OBJECT_MODULE] = {"modules", "modules", "MD", "Module", "testdesign", 6},
    [OBJECT_CASE] = {"test-cases", "cases", "TC", "Test Case", "testdesign", 1},
    [OBJECT_CYCLE] = {"test-cycles", "cycles", "CL", "Test Cycle", "testexecution", 4},
    [OBJECT_SUITE] = {"test-suites", "suites", "TS", "Test Suite", "testexecution", 2},
    [OBJECT_RUN] = {"test-runs", "runs", "TR", "Test Run", "testexecution", 3},
    [OBJECT_DEFECT] = {"defects", "defects", "DF", "Defect", "defects", 7},
    [OBJECT_LOG] = {"test-logs", "logs", NULL, "Test Log", "testexecution", 10},
    [OBJECT_STEP] = {"test-steps", "steps", NULL, "Test Step", "testdesign", 11},
    [OBJECT_STEP_LOG] = {"test-step-logs", "step_logs", NULL, "Test Step Log", "testexecution", 12},
};

/* One constant text for each table, since prepared statements are found by their text. */
#define PER_TABLE(before, after)                                                                             \
    {                                                                                                        \
        [OBJECT_RELEASE] = before "releases" after, [OBJECT_BUILD] = before "builds" after,                  \
        [OBJECT_REQUIREMENT] = before "requirements" after, [OBJECT_MODULE] = before "modules" after,        \
        [OBJECT_CASE] = before "cases" after, [OBJECT_CYCLE] = before "cycles" after,                        \
        [OBJECT_SUITE] = before "suites" after, [OBJECT_RUN] = before "runs" after,                          \
        [OBJECT_DEFECT] = before "defects" after                                                             \
    }

#define ALIVE " AND visible_ms <= ? AND deleted_ms > ?"

static const char *const find_id_sql[] = PER_TABLE("SELECT id FROM ", " WHERE id = ? AND project = ?" ALIVE);
static const char *const find_pid_sql[] =
    PER_TABLE("SELECT id FROM ", " WHERE project = ? AND pid = ?" ALIVE);
static const char *const insert_sql[] = PER_TABLE(
    "INSERT INTO ", " (id, project, pid, name, description, ord, created_ms, modified_ms, visible_ms) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?3, ?6, ?6, ?7)");
static const char *const update_sql[] =
    PER_TABLE("UPDATE ", " SET name = coalesce(?1, name), description = "
                         "coalesce(?2, description), modified_ms = ?3 WHERE id = ?4");
static const char *const delete_sql[] =
    PER_TABLE("UPDATE ", " SET deleted_ms = ? WHERE id = ? AND deleted_ms > ?1");

const struct object_kind_info *object_kind_info(enum object_kind kind)
{
    return &kinds[kind];
}

enum object_kind object_kind_of_path(const char *path)
{
    for (int i = 1; i < OBJECT_KINDS; i++)
        if (text_equal(kinds[i].path, path))
            return (enum object_kind)i;
    return OBJECT_NONE;
}

bool object_exists(struct store *s, enum object_kind kind, int64_t project, int64_t id, int64_t as_of_ms)
{
    return store_int(s, 0, find_id_sql[kind], "iiii", id, project, as_of_ms, as_of_ms) != 0;
}

int64_t object_find(struct store *s, enum object_kind kind, int64_t project, const char *id_or_pid,
                    int64_t as_of_ms)
{
    int64_t number;
    const char *prefix = kinds[kind].prefix;
    size_t length = strlen(prefix);
    if (text_to_int64(id_or_pid, 1, INT64_MAX, &number))
        return object_exists(s, kind, project, number, as_of_ms) ? number : 0;
    if (!text_starts_nocase(id_or_pid, prefix) || id_or_pid[length] != '-' ||
        !text_to_int64(id_or_pid + length + 1, 1, INT64_MAX, &number))
        return 0;
    return store_int(s, 0, find_pid_sql[kind], "iiii", project, number, as_of_ms, as_of_ms);
}

int64_t object_insert(struct store *s, enum object_kind kind, int64_t project, const char *name,
                      const char *description, int64_t now_ms, int64_t visible_ms)
{
    int64_t id = store_new_id(s);
    int64_t pid = store_new_pid(s, project, kinds[kind].prefix);
    store_run(s, insert_sql[kind], "iiittii", id, project, pid, name, description, now_ms, visible_ms);
    return id;
}

int64_t call_create(struct call *c, enum object_kind kind, const char *name, const char *description)
{
    int64_t lag_ms = call_switch(c, SWITCH_ID_LAG_MS);
    if (lag_ms > 0 && c->sandbox->objects_made++ % 2 != 0)
        lag_ms = 0;
    if (lag_ms > c->answer->delay_ms)
        c->answer->delay_ms = lag_ms;
    return object_insert(c->store, kind, c->project, name, description, c->now_ms, c->now_ms + lag_ms);
}

bool call_object(struct call *c, int i, enum object_kind kind, int64_t *ret_id)
{
    *ret_id = object_find(c->store, kind, c->project, c->args[i], c->now_ms);
    return *ret_id || call_fail(c, 404, "%s does not exist", kinds[kind].title);
}

void object_update(struct store *s, enum object_kind kind, int64_t id, const char *name,
                   const char *description, int64_t now_ms)
{
    store_run(s, update_sql[kind], "ttii", name, description, now_ms, id);
}

void object_delete(struct store *s, enum object_kind kind, int64_t id, int64_t now_ms)
{
    store_run(s, delete_sql[kind], "ii", now_ms, id);
}
