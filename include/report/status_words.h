/* The words by which test tools say how a test ended, and what each of them means: one table over all
 * writers, for JUnit's attributes, TestProject's JSON, the properties of steps and the names of elements.
 *
 * Words are compared without regard to case, blanks, '_' and '-' ("NOT RUN", "not_run" and "notRun" are
 * one). A word that is not in the table is the reader's to tell: it is never a silent pass.
 *
 * Where writers use one word in two senses, the rule is:
 *   - the sense that hides nothing wins: a word that some writer uses for a test that gave no verdict
 *     (pending, incomplete, risky) is skipped, one for a test that broke off by itself (timeout, crash) an
 *     error;
 *   - TestProject's own words keep its own sense (docs/formats.md 2.4): Aborted, Suspended, Disabled
 *     and Blocked are skipped, Ready is a job that has not ended;
 *   - "0" and "1" are exit codes with one writer and booleans with another: no verdict;
 *   - "warning", "flaky" and "deprecated" are passes that want to be looked at: passed, and the note of the
 *     log says the word.
 */
#ifndef REPORT_STATUS_WORDS_H
#define REPORT_STATUS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/model.h"

/* In the order in which the worse of two words counts. */
enum status_meaning {
    SAYS_NOTHING, /* that the test was run, not how it ended: "run", "completed", "1" */
    SAYS_PASSED,
    SAYS_SKIPPED,
    SAYS_UNFINISHED, /* it still runs, or waits for its turn */
    SAYS_UNDECIDED,  /* the writer itself does not know; taken as skipped, and told */
    SAYS_FAILED,
    SAYS_ERROR,
};

struct verdict_word {
    const char *word; /* small letters, without blanks, '_' and '-' */
    enum status_meaning meaning;
    bool plain; /* says no more than "passed", "failed" or "skipped" does */
};

/* NULL: not in the table. The text needs no end mark; blanks around it do not matter. */
const struct verdict_word *status_word_find(const char *text, size_t size);
/* SAYS_NOTHING is skipped here, for those who have nothing else to go by. */
enum result_status status_of_meaning(enum status_meaning meaning);

/* For tests: the whole table, in the order of the words. */
const struct verdict_word *status_word_table(size_t *ret_count);

/* What is kept of a report's own word: in bytes, cut at a character. */
#define STATUS_WORD_MAX_BYTES 100

#endif
