/* Files at objects: docs/qtest-api.md 6.2, and inline in logs, steps and test cases (3.5). */
#ifndef SANDBOX_ATTACHMENTS_H
#define SANDBOX_ATTACHMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "sandbox/objects.h"

struct call;
struct store;

void attachments_upload(struct call *c);
void attachments_of_object(struct call *c);
void attachments_get(struct call *c);
void attachments_delete(struct call *c);
void attachments_search(struct call *c);

/* The array of AttachmentResource of one object. */
void attachments_write(struct call *c, struct json_writer *w, const char *key, enum object_kind kind,
                       int64_t object);
/* The array `attachments` of a request with base64 data; NULL and null are fine. False: not valid, maybe a
 * part stored. */
bool attachments_store_inline(struct store *s, int64_t project, enum object_kind kind, int64_t object,
                              const cJSON *attachments, int64_t now_ms);
/* The same check without storing. */
bool attachments_valid(const cJSON *attachments);

#endif
