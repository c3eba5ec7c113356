/* --automation-content: the user's own pattern for automation contents, such as "{classname}#{name}".
 *
 * Placeholders: {classname} (else the suite's name), {name}, {id}, {folder} (the folders with "/" between),
 * {suite}. Braces stand only around those: there is no way to write one that is meant as such.
 */
#ifndef SYNC_CONTENT_TEMPLATE_H
#define SYNC_CONTENT_TEMPLATE_H

#include <stdbool.h>

#include "base/error.h"
#include "report/model.h"

/* At least one placeholder, none that is unknown or not closed. where names the setting in the message.
 * Errors: ERR_USAGE. */
int content_template_check(const char *content_template, const char *where, struct error *err);
/* Filled in for one test; what is no placeholder stays. *ret_empty: no placeholder of it gave any text. The
 * caller frees. */
char *content_template_fill(const char *content_template, const struct test_result *result, bool *ret_empty);
/* The first placeholder ("{classname}") that is not in the template and says different things of the two
 * tests; NULL: none. */
const char *content_template_lacks(const char *content_template, const struct test_result *one,
                                   const struct test_result *other);

#endif
