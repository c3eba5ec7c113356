/* A request on its way through a handler: what was asked, what is answered, and the helpers that every
 * handler uses.
 *
 * A handler writes its reply with call->json, or calls call_fail(). The caller has opened a transaction; a
 * status below 400 commits it. Handlers of objects are named after the operationId of the vendor's Swagger
 * file in their comments.
 */
#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/fields.h"
#include "sandbox/objects.h"
#include "sandbox/request.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"

#define CALL_ARGS 5
#define USER_ID   1 /* the one user of the sandbox */

struct call {
    struct sandbox *sandbox;
    struct store *store;
    const struct request *request;
    struct answer *answer;
    struct json_writer json;     /* into the answer's body */
    const cJSON *body;           /* parsed, NULL when there is none or the route wants it raw */
    const char *args[CALL_ARGS]; /* what stood for {…} in the path, without the project */
    int64_t project;             /* 0: the route has none */
    int64_t now_ms;
    char *site;                             /* "https://host:port" as the client wrote it, for links */
    struct field_set *fields[OBJECT_KINDS]; /* filled by call_fields() */
};

void call_init(struct call *c, struct sandbox *sb, const struct request *rq, struct answer *an);
void call_release(struct call *c);
/* The fields of one kind of object in the call's project; they belong to the call. */
const struct field_set *call_fields(struct call *c, enum object_kind kind);

/* The first failure counts. Always false, so that a helper may return it. */
bool call_fail(struct call *c, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool call_failed(const struct call *c);

static inline int64_t call_switch(const struct call *c, enum switch_id id)
{
    return c->sandbox->switches.value[id];
}

/* The instants whose state lists and searches show. */
int64_t call_list_time(const struct call *c);
int64_t call_search_time(const struct call *c);

/* Argument i as an id, or 404. */
bool call_arg_id(struct call *c, int i, int64_t *ret);

/* 403 when switch 25 takes the right away. */
bool call_may_delete(struct call *c);
/* 400 when the array `properties` of the object is not valid for this kind. */
bool call_check_properties(struct call *c, enum object_kind kind, const cJSON *object);
/* The same for a new object, which must also fill the required fields. */
bool call_check_new(struct call *c, enum object_kind kind, const cJSON *object);
void call_message(struct call *c, const char *message); /* {"message": ...} with 200 */

/* A list's page: number from 1, at most 999 items. */
struct page {
    int64_t number;
    int64_t size;
    bool all; /* no paging */
};
#define PAGE_MAX 999
struct page call_page(const struct call *c, const char *size_name, int64_t default_size);
/* Pages of an array: X-Item-Total and Link headers (since 2020-11, docs/qtest-api.md 2.1). */
void call_page_headers(struct call *c, struct page page, int64_t total);
/* Opens {"links", "page", "page_size", "total", "items": [ ; close with json_end twice. */
void call_envelope(struct call *c, struct page page, int64_t total);

/* Values as the API writes them. */
void write_date(struct call *c, struct json_writer *w, const char *key, int64_t instant_ms);
/* A date of a log: with milliseconds when switch 21 keeps them. */
void write_log_date(struct call *c, struct json_writer *w, const char *key, int64_t instant_ms);
/* A name: plain, or with entities when switch 17 says so. */
void write_name(struct call *c, struct json_writer *w, const char *key, const char *name);
void write_id(struct json_writer *w, const char *key, int64_t id);         /* left out for 0 */
void write_text(struct json_writer *w, const char *key, const char *text); /* left out for NULL */
/* One {"rel","href"} whose address is the site and the formatted path. */
void write_link(struct call *c, struct json_writer *w, const char *rel, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* What test cases, cycles and modules begin with: the link to itself, id, name, order, pid, dates. The first
 * columns of the row are name, ord, pid, created_ms, modified_ms; path is the part of the link. */
void write_node_head(struct call *c, struct json_writer *w, const char *path, const char *pid_letters,
                     int64_t id, const struct rows *r);
/* The page that shows the object. qTest's own form is .../portal/project#tab=...&object=4&id=7; a server
 * never sees what follows '#', so ours has '?' in its place and all else the same (docs/qtest-api.md 4.2). */
void write_web_url(struct call *c, struct json_writer *w, enum object_kind kind, int64_t id);

/* Members of a request body. Each says 400 and false when the member has a wrong type. Scalars are taken as
 * text, as the real server's JSON reader does. */
bool body_is_object(struct call *c, const cJSON *body);
bool body_text(struct call *c, const cJSON *object, const char *name,
               char **ret); /* NULL when missing; caller frees */
/* A name of 1 to 500 characters; switch 12 says what longer ones become. required: missing is 400, too. */
bool body_name(struct call *c, const cJSON *object, bool required, char **ret);

#endif
