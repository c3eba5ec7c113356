/* Elements that no JUnit dialect knows, or that stand where JUnit has none: by their names they may say that
 * a test failed or did not run (report/verdict_name.h), and are then taken for what they say, with a
 * warning. All other unknown elements are looked through for such.
 *
 * At the beginning of an element junit_guess_begin() decides what it is taken for, at its end
 * junit_guess_end() whether it says so after all: an empty list of failures does not.
 */
#ifndef REPORT_JUNIT_GUESS_H
#define REPORT_JUNIT_GUESS_H

#include <stdbool.h>

#include "report/junit_reader.h"

/* In such an element no name is known by where it stands. */
bool junit_guess_inside(const struct junit_open *parent);
/* opened->element is what the name is elsewhere, ELEMENT_UNKNOWN when it is nothing, and becomes what it is
 * taken for here. */
void junit_guess_begin(struct junit_reader *r, struct junit_open *opened);
/* A failure, error, skip or attempt has ended, r->mark is filled: false when it says nothing. */
bool junit_guess_end(struct junit_reader *r, const struct junit_open *closed);
/* The status word in an attribute or in the text of an ELEMENT_HOLDER. */
void junit_guess_word(struct junit_reader *r, const struct junit_open *holder, const char *word, size_t size);
/* <errors>boom</errors> in a suite, where a count is due, has ended; r->text is its text. */
void junit_guess_count(struct junit_reader *r, const struct junit_open *closed);

#endif
