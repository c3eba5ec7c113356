/* What all kinds of qTest objects have in common: id, PID, name, dates, and being there or not at an instant.
 */
#ifndef SANDBOX_OBJECTS_H
#define SANDBOX_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

struct call;
struct store;

enum object_kind {
    OBJECT_NONE,
    OBJECT_RELEASE,
    OBJECT_BUILD,
    OBJECT_REQUIREMENT,
    OBJECT_MODULE,
    OBJECT_CASE,
    OBJECT_CYCLE,
    OBJECT_SUITE,
    OBJECT_RUN,
    OBJECT_DEFECT,
    OBJECT_LOG, /* from here on: no PID, no common columns */
    OBJECT_STEP,
    OBJECT_STEP_LOG,
    OBJECT_KINDS
};

#define NAME_MAX_CHARACTERS 500

struct object_kind_info {
    const char *path;   /* "test-cycles", also the object type of searches, attachments and links */
    const char *table;  /* of the database */
    const char *prefix; /* of the PID; NULL: no PID */
    const char *title;  /* "Test Cycle" */
    const char *tab;    /* of the page that shows it */
    int page_object;    /* "object" in the address of that page */
};

const struct object_kind_info *object_kind_info(enum object_kind kind);
enum object_kind object_kind_of_path(const char *path); /* OBJECT_NONE when it is none */

/* The object that an id ("12") or a PID ("CL-3") names, alive at as_of; 0 when there is none. */
int64_t object_find(struct store *s, enum object_kind kind, int64_t project, const char *id_or_pid,
                    int64_t as_of_ms);
bool object_exists(struct store *s, enum object_kind kind, int64_t project, int64_t id, int64_t as_of_ms);

/* Adds an object with its common columns; parents and the rest are the caller's. */
int64_t object_insert(struct store *s, enum object_kind kind, int64_t project, const char *name,
                      const char *description, int64_t now_ms, int64_t visible_ms);
/* The same from a request; every other object lags when switch 23 says so, and its reply with it. */
int64_t call_create(struct call *c, enum object_kind kind, const char *name, const char *description);
/* Argument i of the path as an object of the call's project: an id or a PID. 404 when there is none. */
bool call_object(struct call *c, int i, enum object_kind kind, int64_t *ret_id);

/* NULL leaves a column as it is. */
void object_update(struct store *s, enum object_kind kind, int64_t id, const char *name,
                   const char *description, int64_t now_ms);
void object_delete(struct store *s, enum object_kind kind, int64_t id, int64_t now_ms);

#endif
