#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/attachments.h"
#include "sandbox/call.h"
#include "sandbox/versions.h"

void step_list_release(struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].description);
        free(list->items[i].expected);
    }
    free(list->items);
    *list = (struct step_list){.items = NULL};
}

void step_list_add(struct step_list *list, const char *description, const char *expected)
{
    GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = (struct step_text){
        .description = xstrdup(description ? description : ""),
        .expected = xstrdup(expected ? expected : ""),
    };
}

static void insert_step(struct store *s, int64_t version, int64_t order, const char *description,
                        const char *expected)
{
    store_run(s, "INSERT INTO steps (id, version, ord, description, expected) VALUES (?, ?, ?, ?, ?)",
              "iiitt", store_new_id(s), version, order, description, expected);
}

static void insert_steps(struct store *s, int64_t version, const struct step_list *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        insert_step(s, version, (int64_t)i + 1, steps->items[i].description, steps->items[i].expected);
}

static void copy_steps(struct store *s, int64_t from, int64_t to)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        s, "SELECT ord, description, expected FROM steps WHERE version = ? ORDER BY ord, id", "i", from);
    while (rows_next(&r))
        insert_step(s, to, rows_int(&r, 0), rows_text(&r, 1), rows_text(&r, 2));
}

static int64_t version_add(struct store *s, int64_t case_id, int64_t major, int64_t minor, bool approved,
                           const struct step_list *steps, int64_t now_ms)
{
    int64_t id = store_new_id(s);
    int64_t before = store_int(s, 0, "SELECT version FROM cases WHERE id = ?", "i", case_id);
    store_run(s,
              "INSERT INTO versions (id, case_id, major, minor, approved, name, description, precondition, "
              "created_ms) "
              "SELECT ?, id, ?, ?, ?, name, description, precondition, ? FROM cases WHERE id = ?",
              "iiidii", id, major, minor, (int)approved, now_ms, case_id);
    store_run(s, "UPDATE cases SET version = ?, modified_ms = ? WHERE id = ?", "iii", id, now_ms, case_id);
    if (steps)
        insert_steps(s, id, steps);
    else if (before)
        copy_steps(s, before, id);
    return id;
}

static void present_number(struct store *s, int64_t case_id, int64_t *ret_major, int64_t *ret_minor)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        s, "SELECT v.major, v.minor FROM cases c JOIN versions v ON v.id = c.version WHERE c.id = ?", "i",
        case_id);
    bool found = rows_next(&r);
    *ret_major = found ? rows_int(&r, 0) : 0;
    *ret_minor = found ? rows_int(&r, 1) : 0;
}

int64_t version_add_draft(struct store *s, int64_t case_id, const struct step_list *steps, int64_t now_ms)
{
    int64_t major, minor;
    present_number(s, case_id, &major, &minor);
    return version_add(s, case_id, major, minor + 1, false, steps, now_ms);
}

int64_t version_add_approved(struct store *s, int64_t case_id, const struct step_list *steps, int64_t now_ms)
{
    int64_t major, minor;
    present_number(s, case_id, &major, &minor);
    return version_add(s, case_id, major + 1, 0, true, steps, now_ms);
}

void version_replace_steps(struct store *s, int64_t version, const struct step_list *steps)
{
    store_run(s, "DELETE FROM steps WHERE version = ?", "i", version);
    insert_steps(s, version, steps);
}

bool version_has_steps(struct store *s, int64_t version, const struct step_list *steps)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        s, "SELECT description, expected FROM steps WHERE version = ? ORDER BY ord, id", "i", version);
    for (size_t i = 0; i < steps->count; i++)
        if (!rows_next(&r) || !text_equal(rows_text(&r, 0), steps->items[i].description) ||
            !text_equal(rows_text(&r, 1), steps->items[i].expected))
            return false;
    return !rows_next(&r);
}

static void write_step_row(struct call *c, struct json_writer *w, const struct rows *r)
{
    json_object(w, NULL);
    json_array(w, "links");
    json_end(w);
    json_integer(w, "id", rows_int(r, 0));
    json_string(w, "description", rows_text(r, 2));
    json_string(w, "expected", rows_text(r, 3));
    json_integer(w, "order", rows_int(r, 1));
    attachments_write(c, w, "attachments", OBJECT_STEP, rows_int(r, 0));
    json_string(w, "plain_value_text", rows_text(r, 2));
    json_end(w);
}

void version_write_steps(struct call *c, struct json_writer *w, const char *key, int64_t version)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store, "SELECT id, ord, description, expected FROM steps WHERE version = ? ORDER BY ord, id", "i",
        version);
    json_array(w, key);
    while (rows_next(&r))
        write_step_row(c, w, &r);
    json_end(w);
}

void step_write(struct call *c, struct json_writer *w, int64_t id)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT id, ord, description, expected FROM steps WHERE id = ?", "i", id);
    if (rows_next(&r))
        write_step_row(c, w, &r);
}
