/* One HTTP request as the handlers see it, whole and free of the HTTP library, so that tests and fuzz targets
 * can make one.
 *
 *     struct request r;
 *     request_init(&r, "GET", "/api/v3/projects?assigned=false");
 *     request_add_header(&r, "Authorization", "bearer x");
 *     ...
 *     request_release(&r);
 */
#ifndef SANDBOX_REQUEST_H
#define SANDBOX_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct fault_rule;

struct name_value {
    char *name;
    char *value;
};

struct request {
    char *method;
    char *target;    /* as received, path and query */
    char **segments; /* of the path, percent-decoded; "//" makes an empty one */
    size_t segment_count;
    struct name_value *params; /* of the query, decoded */
    size_t param_count, param_capacity;
    struct name_value *headers;
    size_t header_count, header_capacity;
    struct buf body;
    bool secure;                    /* came over TLS */
    const struct fault_rule *fault; /* borrowed; NULL: none */
};

void request_init(struct request *r, const char *method, const char *target);
void request_release(struct request *r);
void request_add_header(struct request *r, const char *name, const char *value);

const char *request_header(const struct request *r,
                           const char *name); /* NULL when missing; case of name free */
const char *request_param(const struct request *r, const char *name); /* the first; NULL when missing */
/* False when missing or no whole number. */
bool request_param_int(const struct request *r, const char *name, int64_t *ret);
bool request_param_true(const struct request *r, const char *name); /* "true" in any case */

/* Splits application/x-www-form-urlencoded text; the caller frees with form_release. */
void form_parse(const char *text, struct name_value **ret_list, size_t *ret_count, size_t *ret_capacity);
void form_release(struct name_value *list, size_t count);
const char *form_value(const struct name_value *list, size_t count, const char *name);

#endif
