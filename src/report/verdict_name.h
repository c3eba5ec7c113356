/* What the name of an element says that no JUnit dialect knows: writers put <Failure>, <assertion-failure>,
 * <exception>, <failures><item>…, <status>failed</status> where JUnit has <failure> and <skipped>.
 *
 * A name is taken apart at changes of case, '-', '_', '.' and digits, and counts only when a status word
 * (report/status_words.h) and a few words around it use it up: <failureCount>, <errorLog> and
 * <skippedTests> say nothing of how the test ended.
 */
#ifndef REPORT_VERDICT_NAME_H
#define REPORT_VERDICT_NAME_H

#include <stdbool.h>

#include "report/status_words.h"

enum name_kind {
    NAME_ELSE,     /* says nothing itself; what stands inside may */
    NAME_VERDICT,  /* as <failure>, <error> or <skipped> does: meaning says which */
    NAME_HOLDER,   /* <status>, <outcome>: its text is a status word */
    NAME_ATTEMPTS, /* earlier attempts: failures inside are not the test's own */
};

struct verdict_name {
    enum name_kind kind;
    enum status_meaning meaning; /* SAYS_SKIPPED, SAYS_FAILED or SAYS_ERROR */
    bool needs_text;             /* <failures/>, <error-message/>: says nothing when it is empty */
    bool list;                   /* <failures>, which may hold several */
    bool attempt;                /* <retry-failure>: of an earlier attempt */
    bool setting;                /* <timeout>: a number in it is a setting */
};

void verdict_name_read(const char *name, struct verdict_name *ret);
/* What stands in an element with such a name takes it back: nothing where there must be something, "0",
 * "false", "none"; in a <timeout> a number. */
bool verdict_text_denies(const struct verdict_name *name, const char *text, size_t size);

#endif
