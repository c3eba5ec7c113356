#include "report/junit_notes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define EXAMPLE_MAX_BYTES 100

/* %s is the example. */
static const char *const sentences[JUNIT_NOTE_COUNT] = {
    [NOTE_BAD_TIME] = "time '%s' is no number of seconds, taken as unknown",
    [NOTE_NEGATIVE_TIME] = "time '%s' is negative or not finite, taken as 0",
    [NOTE_BAD_INSTANT] = "time stamp '%s' is no date and time, taken as unknown",
    [NOTE_STATUS_WORD] = "status '%s' without a failure element, taken as failed",
    [NOTE_UNKNOWN_RESULT] = "result '%s' is not known, taken as skipped",
    [NOTE_UNKNOWN_WORD] =
        "status '%s' is not known: without a failure or a skip in it, the test counts as passed",
    [NOTE_UNFINISHED] = "status '%s' says that the test has not ended, taken as skipped",
    [NOTE_FAILED_SKIP] = "status '%s' stands beside a skip, the test counts as skipped",
    [NOTE_LIKE_FAILURE] = "JUnit has no element <%s>, by its name the test is taken as failed",
    [NOTE_LIKE_SKIP] = "JUnit has no element <%s>, by what it says the test is taken as skipped",
    [NOTE_LIKE_ATTEMPT] = "JUnit has no element <%s>, it is taken for an earlier attempt that failed",
    [NOTE_GROUPED_CASE] = "JUnit has no element <%s>, the tests inside count as those of the suite around it",
    [NOTE_LISTED_CASE] = "a test stands inside <%s>, where JUnit has none; it is left out",
    [NOTE_UNNAMED] = "a test has no name, it is called '%s'",
    [NOTE_NESTED_CASE] = "test '%s' stands inside another test, both are counted",
    [NOTE_TEXT_CUT] = "the failure text of test '%s' is too long, only its beginning is kept",
    [NOTE_LATE_TARGET] = "property '%s' names a browser or device after the tests of its suite, too late to "
                         "count; name it with "
                         "--target",
    [NOTE_STEP_WORD] = "the status '%s' of a step is not known, the step ends as its test does",
    [NOTE_BAD_DATA] = "a file attached to test '%s' is damaged (no valid base64), it is left out",
    [NOTE_BAD_TYPE] = "the content type of a file attached to test '%s' is no such thing, taken as unknown",
    [NOTE_LARGE_VALUE] = "a property or file of test '%s' is too long, it is left out",
    [NOTE_TOO_MANY] = "test '%s' has more than 10000 steps, files or requirement keys, the rest is left out",
    [NOTE_CUT_CASE] = "test '%s' is cut off before its result, left out",
};

void junit_note(struct junit_notes *n, enum junit_note note, int64_t line, const char *example, size_t size)
{
    if (n->notes[note].count++ > 0)
        return;
    n->notes[note].line = line;
    if (example)
        n->notes[note].example = xstrndup(example, utf8_cut(example, size, EXAMPLE_MAX_BYTES));
}

void junit_note_unknown(struct junit_notes *n, const char *element)
{
    for (size_t i = 0; i < n->unknown_count; i++) {
        if (text_equal(n->unknown[i].name, element)) {
            n->unknown[i].count++;
            return;
        }
    }
    if (n->unknown_count == JUNIT_UNKNOWN_MAX) {
        n->unknown_others++;
        return;
    }
    n->unknown[n->unknown_count].name =
        xstrndup(element, utf8_cut(element, strlen(element), EXAMPLE_MAX_BYTES));
    n->unknown[n->unknown_count++].count = 1;
}

static void tell_note(const struct junit_notes *n, enum junit_note note, struct report_meta *meta)
{
    const char *format = sentences[note];
    const char *hole = strstr(format, "%s");
    const char *example = n->notes[note].example ? n->notes[note].example : "";
    _cleanup_free_ char *sentence = xasprintf("line %" PRId64 ": %.*s%s%s", n->notes[note].line,
                                              (int)(hole - format), format, example, hole + 2);
    _cleanup_free_ char *counted =
        n->notes[note].count > 1 ? xasprintf("%s (%" PRId64 " times in all)", sentence, n->notes[note].count)
                                 : xstrdup(sentence);
    _cleanup_free_ char *shown = text_printable(counted);
    text_list_add(&meta->warnings, shown);
}

static void tell_unknown(struct report_meta *meta, const char *name, int64_t count)
{
    _cleanup_free_ char *text = xasprintf("%s (%" PRId64 " times)", name, count);
    _cleanup_free_ char *shown = text_printable(text);
    text_list_add(&meta->unknown, shown);
}

void junit_notes_tell(const struct junit_notes *n, struct report_meta *meta)
{
    for (int i = 0; i < JUNIT_NOTE_COUNT; i++)
        if (n->notes[i].count)
            tell_note(n, (enum junit_note)i, meta);
    for (size_t i = 0; i < n->unknown_count; i++)
        tell_unknown(meta, n->unknown[i].name, n->unknown[i].count);
    if (n->unknown_others)
        tell_unknown(meta, "other elements", n->unknown_others);
}

void junit_notes_release(struct junit_notes *n)
{
    for (int i = 0; i < JUNIT_NOTE_COUNT; i++)
        free(n->notes[i].example);
    for (size_t i = 0; i < n->unknown_count; i++)
        free(n->unknown[i].name);
    *n = (struct junit_notes)JUNIT_NOTES_INIT;
}
