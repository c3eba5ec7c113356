/* Modules of Test Design: docs/qtest-api.md 4.5. */
#ifndef SANDBOX_MODULES_H
#define SANDBOX_MODULES_H

#include <stdint.h>

struct call;
struct store;

void modules_list(struct call *c);
void modules_create(struct call *c);
void modules_get(struct call *c);
void modules_update(struct call *c);
void modules_delete(struct call *c);

/* The module of that exact name under the parent (0: the root), made when it is missing. */
int64_t module_find_or_create(struct store *s, int64_t project, int64_t parent, const char *name,
                              int64_t now_ms);

#endif
