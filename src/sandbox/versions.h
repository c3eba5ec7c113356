/* Versions of a test case. A new or edited case is 0.x or n.x, approving makes it the next whole number; a
 * bulk submission makes approved versions itself (docs/qtest-api.md 3.6 and 4.6). Steps belong to a version.
 */
#ifndef SANDBOX_VERSIONS_H
#define SANDBOX_VERSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct call;
struct store;

struct step_text {
    char *description;
    char *expected;
};
struct step_list {
    struct step_text *items;
    size_t count, capacity;
};
void step_list_release(struct step_list *list);
void step_list_add(struct step_list *list, const char *description, const char *expected);

/* Each makes a version with the case's present name, description and precondition and makes it the current
 * one. steps NULL: the steps of the version before are copied. */

/* The next draft: 0.1 of a new case, else the present number with minor + 1. */
int64_t version_add_draft(struct store *s, int64_t case_id, const struct step_list *steps, int64_t now_ms);
/* The next approved one: 1.0, 2.0, … */
int64_t version_add_approved(struct store *s, int64_t case_id, const struct step_list *steps, int64_t now_ms);
void version_replace_steps(struct store *s, int64_t version, const struct step_list *steps);
bool version_has_steps(struct store *s, int64_t version, const struct step_list *steps);
/* The array of TestStepResource. */
void version_write_steps(struct call *c, struct json_writer *w, const char *key, int64_t version);
void step_write(struct call *c, struct json_writer *w, int64_t id);

#endif
