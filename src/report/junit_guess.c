#include "report/junit_guess.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static bool is_count(const struct junit_open *open)
{
    return open->element == ELEMENT_VALUE &&
           (open->value == ATTRIBUTE_FAILURES || open->value == ATTRIBUTE_ERRORS);
}

bool junit_guess_inside(const struct junit_open *parent)
{
    return parent->list || parent->element >= ELEMENT_WRAPPER || is_count(parent);
}

/* Reports repeat their few names, and the parser keeps each of them once. */
static const struct verdict_name *name_says(struct junit_reader *r, const xmlChar *name)
{
    struct junit_name_said *seen = &r->names_said[(uintptr_t)name / 8 % JUNIT_NAMES_SAID];
    if (seen->name != name) {
        seen->name = name;
        verdict_name_read((const char *)name, &seen->says);
    }
    return &seen->says;
}

static enum junit_element mark_of(enum status_meaning meaning)
{
    return meaning == SAYS_ERROR ? ELEMENT_ERROR : meaning == SAYS_FAILED ? ELEMENT_FAILURE : ELEMENT_SKIPPED;
}

static void guess_by_name(struct junit_reader *r, const struct junit_open *parent, struct junit_open *opened)
{
    opened->says = *name_says(r, opened->name);
    switch (opened->says.kind) {
    case NAME_VERDICT:
        opened->element = mark_of(opened->says.meaning);
        opened->list = opened->says.list;
        opened->attempts |= opened->says.attempt;
        break;
    case NAME_HOLDER:
        opened->element = ELEMENT_HOLDER;
        break;
    case NAME_ATTEMPTS:
        opened->element = ELEMENT_WRAPPER;
        opened->attempts = true;
        break;
    case NAME_ELSE:
        opened->element = parent->list || parent->element == ELEMENT_PART ? ELEMENT_PART : ELEMENT_WRAPPER;
        break;
    }
}

/* A wrapper in a suite groups its tests (<group><testcase/></group>); one in a test, of earlier attempts or
 * of failures tells of tests that stand elsewhere too. */
static bool groups_tests(const struct junit_open *parent)
{
    return parent->element == ELEMENT_WRAPPER && !parent->in_case && !parent->attempts;
}

/* Earlier attempts fail no test; skips and attempts say nothing of a suite. */
static enum junit_element settle(const struct junit_open *parent, const struct junit_open *opened)
{
    enum junit_element element = opened->element;
    bool failed = element == ELEMENT_FAILURE || element == ELEMENT_ERROR;
    bool skipped = element == ELEMENT_SKIPPED;
    bool tried = element == ELEMENT_FLAKY || element == ELEMENT_RERUN || (failed && opened->attempts);
    bool tests = element == ELEMENT_TESTCASE || element == ELEMENT_TESTSUITE || element == ELEMENT_TESTSUITES;
    bool no_use = (tests && !groups_tests(parent)) ||
                  (opened->attempts && (skipped || element == ELEMENT_HOLDER)) ||
                  (!parent->in_case && (skipped || tried));
    if (no_use)
        return ELEMENT_IGNORED;
    return failed && tried ? ELEMENT_FLAKY : element;
}

void junit_guess_begin(struct junit_reader *r, struct junit_open *opened)
{
    const struct junit_open *parent = &r->open[r->depth - 1];
    enum junit_element known = opened->element;
    bool old_form = known == ELEMENT_FAILURES || (parent->list && !parent->guessed);
    opened->guessed = !old_form;
    opened->attempts = parent->attempts;
    opened->line = junit_line(r);
    switch (known) {
    case ELEMENT_UNKNOWN:
    case ELEMENT_FAILURES:
        guess_by_name(r, parent, opened);
        break;
    case ELEMENT_VALUE:
        if (!parent->list || (opened->value != ATTRIBUTE_MESSAGE && opened->value != ATTRIBUTE_TYPE))
            guess_by_name(r, parent, opened);
        break;
    case ELEMENT_FAILURE:
    case ELEMENT_ERROR:
    case ELEMENT_SKIPPED:
    case ELEMENT_FLAKY:
    case ELEMENT_RERUN:
        break;
    case ELEMENT_TESTCASE:
    case ELEMENT_TESTSUITE:
    case ELEMENT_TESTSUITES:
        opened->guessed = false;
        if (!parent->attempts)
            junit_note(&r->notes, groups_tests(parent) ? NOTE_GROUPED_CASE : NOTE_LISTED_CASE, opened->line,
                       (const char *)parent->name, strlen((const char *)parent->name));
        break;
    case ELEMENT_TRACE:
        opened->element = parent->list ? ELEMENT_TRACE : ELEMENT_IGNORED;
        break;
    default:
        opened->element = ELEMENT_IGNORED;
    }
    opened->element = settle(parent, opened);
}

/* "3", "1,024" */
static bool is_number(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!ascii_digit(text[i]) && text[i] != ',' && text[i] != '.')
            return false;
    return size > 0;
}

/* "<failures/failure>": where it stands, as far as that is unusual too. */
static void tell(struct junit_reader *r, const struct junit_open *closed)
{
    const struct junit_open *parent = &r->open[r->depth - 1];
    const char *around = parent->guessed ? (const char *)parent->name : "";
    const char *prefix = closed->prefix ? (const char *)closed->prefix : "";
    enum junit_note note = closed->element == ELEMENT_SKIPPED ? NOTE_LIKE_SKIP
                           : closed->element == ELEMENT_FLAKY || closed->element == ELEMENT_RERUN
                               ? NOTE_LIKE_ATTEMPT
                               : NOTE_LIKE_FAILURE;
    _cleanup_free_ char *path = xasprintf("%s%s%s%s%s", around, *around ? "/" : "", prefix,
                                          *prefix ? ":" : "", (const char *)closed->name);
    junit_note(&r->notes, note, closed->line, path, strlen(path));
}

/* The lists and wrappers around it have said what they say; those around one that did have done so before. */
static void hold(struct junit_reader *r)
{
    for (size_t i = r->depth; i > 0 && junit_guess_inside(&r->open[i - 1]) && !r->open[i - 1].held; i--)
        r->open[i - 1].held = true;
}

bool junit_guess_end(struct junit_reader *r, const struct junit_open *closed)
{
    bool usual = !closed->guessed && !closed->list && !junit_guess_inside(&r->open[r->depth - 1]);
    if (usual)
        return true;
    if (closed->held)
        return false;
    const char *text = buf_text(&r->mark.text);
    size_t size = r->mark.text.length;
    text_trim(&text, &size);
    if (!r->mark.message.length && verdict_text_denies(&closed->says, text, size))
        return false;
    if (!closed->in_case && is_number(text, size)) { /* <summary><failed>3</failed></summary> */
        junit_suite_attribute(junit_suite_top(&r->suites), &r->notes, &r->times, ATTRIBUTE_FAILURES, text,
                              size);
        return false;
    }
    hold(r);
    if (closed->guessed)
        tell(r, closed);
    return true;
}

void junit_guess_word(struct junit_reader *r, const struct junit_open *holder, const char *word, size_t size)
{
    if (holder->in_case)
        junit_case_word(r->cases[r->case_depth - 1], word, size, (const char *)holder->name);
}

void junit_guess_count(struct junit_reader *r, const struct junit_open *closed)
{
    const char *text = buf_text(&r->text);
    size_t size = r->text.length;
    text_trim(&text, &size);
    if (closed->held || size == 0 || !is_count(closed) || is_number(text, size) ||
        verdict_text_denies(&closed->says, text, size))
        return;
    junit_mark_begin(&r->mark, closed->value == ATTRIBUTE_ERRORS ? ELEMENT_ERROR : ELEMENT_FAILURE);
    text = junit_shown_text(r, text, &size);
    junit_mark_text(&r->mark, text, size);
    junit_note(&r->notes, NOTE_LIKE_FAILURE, junit_line(r), (const char *)closed->name,
               strlen((const char *)closed->name));
    junit_close_mark(r);
}
