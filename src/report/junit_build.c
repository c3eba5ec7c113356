/* What the elements of a JUnit report mean: opens and closes tests, suites, marks and properties, and
 * hands finished results on. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/junit_guess.h"
#include "report/junit_reader.h"
#include "report/scrub.h"

static struct junit_case *top_case(struct junit_reader *r)
{
    return r->case_depth ? r->cases[r->case_depth - 1] : NULL;
}

/* The test that what is being read belongs to; NULL when a suite is nearer, even one inside a test. */
static struct junit_case *owner_case(const struct junit_reader *r)
{
    bool in_case = r->depth && r->open[r->depth - 1].in_case;
    return in_case ? r->cases[r->case_depth - 1] : NULL;
}

/* A cut name would be another name, so the report is refused instead. */
static bool name_too_long(struct junit_reader *r, enum junit_attribute attribute, size_t size)
{
    bool identity =
        attribute == ATTRIBUTE_NAME || attribute == ATTRIBUTE_CLASSNAME || attribute == ATTRIBUTE_CLASS;
    if (!identity || size <= JUNIT_NAME_MAX_BYTES)
        return false;
    junit_stop(r,
               error_set(r->err, ERR_LIMIT,
                         "'%s' holds a name of %zu bytes in line %" PRId64 ", more than the %d that a name "
                         "may have; see what wrote it",
                         r->label, size, junit_line(r), JUNIT_NAME_MAX_BYTES));
    return true;
}

static void take_mark_attribute(struct junit_reader *r, enum junit_attribute attribute, const char *value,
                                size_t size)
{
    size_t kept = utf8_cut(value, size, JUNIT_TEXT_MAX_BYTES);
    if (attribute == ATTRIBUTE_MESSAGE && r->mark.message.length == 0) {
        buf_put(&r->mark.message, value, kept);
        r->mark.dropped_bytes += size - kept;
    } else if (attribute == ATTRIBUTE_TYPE && r->mark.type.length == 0) {
        buf_put(&r->mark.type, value, utf8_cut(value, size, JUNIT_NAME_MAX_BYTES));
    } else if (attribute == ATTRIBUTE_VALUE && r->open[r->depth - 1].guessed) {
        junit_mark_text(&r->mark, value, size); /* <timeout value="30"/> */
    }
}

static void note_large_value(struct junit_reader *r)
{
    const struct junit_case *c = top_case(r);
    const char *name = c && !text_empty(c->name) ? c->name : JUNIT_UNNAMED;
    junit_note(&r->notes, NOTE_LARGE_VALUE, junit_line(r), name, strlen(name));
}

static void take_property_attribute(struct junit_reader *r, enum junit_attribute attribute, const char *value,
                                    size_t size)
{
    if (size > JUNIT_VALUE_MAX_BYTES) {
        note_large_value(r);
        return;
    }
    if (attribute == ATTRIBUTE_NAME) {
        buf_clear(&r->property_name);
        buf_put(&r->property_name, value, size);
    } else if (attribute == ATTRIBUTE_VALUE) {
        r->property_has_value = true;
        buf_clear(&r->property_value);
        buf_put(&r->property_value, value, size);
    }
}

void junit_take_attribute(struct junit_reader *r, enum junit_element element, enum junit_attribute attribute,
                          const char *value, size_t size)
{
    if (attribute == ATTRIBUTE_UNKNOWN || name_too_long(r, attribute, size))
        return;
    if (scrub_met_bad(r->scrub))
        value = junit_shown(r, element, attribute, value, &size);
    switch (element) {
    case ELEMENT_TESTCASE:
        junit_case_attribute(top_case(r), &r->notes, &r->times, attribute, value, size);
        break;
    case ELEMENT_TESTSUITES:
    case ELEMENT_TESTSUITE:
        junit_suite_attribute(junit_suite_top(&r->suites), &r->notes, &r->times, attribute, value, size);
        break;
    case ELEMENT_FAILURE:
    case ELEMENT_ERROR:
    case ELEMENT_SKIPPED:
    case ELEMENT_FLAKY:
    case ELEMENT_RERUN:
        take_mark_attribute(r, attribute, value, size);
        break;
    case ELEMENT_PROPERTY:
        take_property_attribute(r, attribute, value, size);
        break;
    case ELEMENT_HOLDER:
        if (attribute == ATTRIBUTE_VALUE || attribute == ATTRIBUTE_STATUS)
            junit_guess_word(r, &r->open[r->depth - 1], value, size);
        break;
    case ELEMENT_ATTACHMENT:
        if (attribute == ATTRIBUTE_PATH && top_case(r))
            junit_case_attachment(top_case(r), &r->notes, arena_text(&top_case(r)->arena, value, size));
        break;
    default:
        break;
    }
}

void junit_open_case(struct junit_reader *r)
{
    if (r->case_depth == JUNIT_NESTED_CASES_MAX) {
        junit_stop(r, error_set(r->err, ERR_LIMIT,
                                "'%s' nests more than %d tests in each other in line %" PRId64
                                ", that is no JUnit report",
                                r->label, JUNIT_NESTED_CASES_MAX, junit_line(r)));
        return;
    }
    if (r->case_depth == r->case_count) {
        GROW(r->cases, r->case_count, r->case_capacity);
        r->cases[r->case_count] = xmalloc(sizeof **r->cases);
        junit_case_init(r->cases[r->case_count++]);
    }
    junit_case_begin(r->cases[r->case_depth++], junit_line(r));
}

static void hand_on(struct junit_reader *r, struct test_result *result)
{
    struct report_meta *meta = r->meta;
    report_meta_mark(meta, result);
    int failed = r->sink->result(r->sink->self, result, r->err);
    if (failed) {
        junit_stop(r, failed);
        return;
    }
    report_meta_count(meta, result);
    if (result->start_ms != TIME_NONE) {
        int64_t end_ms = result->end_ms != TIME_NONE ? result->end_ms : result->start_ms;
        meta->has_time_stamps = true;
        meta->start_ms = meta->start_ms == TIME_NONE || result->start_ms < meta->start_ms ? result->start_ms
                                                                                          : meta->start_ms;
        meta->end_ms = meta->end_ms == TIME_NONE || end_ms > meta->end_ms ? end_ms : meta->end_ms;
    }
}

void junit_close_case(struct junit_reader *r)
{
    struct junit_case *c = r->cases[--r->case_depth];
    struct junit_place place;
    junit_suite_place(&r->suites, &place);
    place.given_target = r->options->target;
    bool finished = junit_case_finish(c, &place, &r->notes, &r->times);
    if (!finished && !r->options->unfinished_as_skipped) {
        junit_stop(r, error_set(r->err, ERR_REPORT,
                                "'%s' is the report of a job that still runs: test '%s' in line %" PRId64
                                " is not finished; fetch it again when the job has ended",
                                r->label, c->result.name, c->line));
        return;
    }
    if (r->case_depth)
        junit_note(&r->notes, NOTE_NESTED_CASE, c->line, c->result.name, strlen(c->result.name));
    r->other_cases |= !c->from_testproject;
    junit_suite_passed(&r->suites, junit_case_took(c));
    hand_on(r, &c->result);
}

void junit_open_suite(struct junit_reader *r, bool is_list)
{
    junit_suite_open(&r->suites, is_list, junit_line(r));
}

/* The outermost suites speak for the whole: the list's name, else the first suite's, and the totals. */
static void remember_outer(struct junit_reader *r, const struct junit_suite *suite)
{
    bool root = r->suites.depth == 1;
    bool below_list = r->suites.depth == 2 && r->suites.frames[0].is_list;
    if (root)
        r->claims = junit_suite_claims(suite);
    if (root && suite->is_list)
        r->list_name = suite->name_is_target ? NULL : xstrdup(suite->name);
    else if ((root || below_list) && r->outer_suites++ == 0 && !text_empty(suite->name) &&
             !suite->name_is_target)
        r->outer_name = xstrdup(suite->name);
}

void junit_close_suite(struct junit_reader *r)
{
    struct test_result result;
    remember_outer(r, junit_suite_top(&r->suites));
    if (junit_suite_error(&r->suites, &r->times, &result)) {
        if (!result.target)
            result.target = r->options->target;
        hand_on(r, &result);
    }
    junit_suite_close(&r->suites);
}

void junit_close_mark(struct junit_reader *r)
{
    struct junit_case *c = owner_case(r);
    struct junit_suite *suite = junit_suite_top(&r->suites);
    if (c)
        junit_verdict_add(&c->verdict, &r->mark);
    else if (suite)
        junit_verdict_add(&suite->verdict, &r->mark);
}

const char *junit_value_text(struct junit_reader *r, size_t *ret_size)
{
    if (r->text_dropped) {
        buf_clear(&r->text);
        note_large_value(r);
    }
    r->text_dropped = false;
    const char *text = buf_text(&r->text);
    size_t size = r->text.length;
    while (size && ascii_space(text[size - 1]))
        size--;
    buf_truncate(&r->text, size);
    while (size && ascii_space(*text)) {
        text++;
        size--;
    }
    *ret_size = size;
    return text;
}

void junit_close_property(struct junit_reader *r)
{
    size_t size;
    bool as_attribute = r->property_has_value && r->property_value.length;
    const char *value = as_attribute ? buf_text(&r->property_value) : junit_value_text(r, &size);
    if (!as_attribute)
        value = junit_shown(r, ELEMENT_PROPERTY, ATTRIBUTE_VALUE, value, &size);
    const char *name = buf_text(&r->property_name);
    struct junit_case *c = owner_case(r);
    if (!*name)
        return;
    if (c)
        junit_case_property(c, &r->notes, name, value);
    else
        junit_suite_property(&r->suites, &r->notes, junit_line(r), name, value);
}

void junit_close_output(struct junit_reader *r)
{
    junit_marker_end(&r->marker);
    if (r->marker.too_long)
        note_large_value(r);
    r->marker.too_long = false;
}

void junit_close_value(struct junit_reader *r, enum junit_element parent, enum junit_attribute attribute)
{
    size_t size;
    const char *text = junit_value_text(r, &size);
    if (size == 0)
        return;
    junit_take_attribute(r, parent, attribute, text, size);
    if (parent == ELEMENT_TESTSUITE)
        junit_suite_resolve(&r->suites);
}

/* The failure that was being told when the report ended has happened, however little is known of it. */
static void close_cut_mark(struct junit_reader *r)
{
    for (size_t i = r->depth; i > 0 && r->open[i - 1].element != ELEMENT_TESTCASE; i--) {
        enum junit_element element = r->open[i - 1].element;
        if (element >= ELEMENT_FAILURE && element <= ELEMENT_RERUN && !r->open[i - 1].list) {
            junit_close_mark(r);
            return;
        }
    }
}

void junit_close_cut(struct junit_reader *r)
{
    close_cut_mark(r);
    while (r->case_depth && !r->failed) {
        struct junit_case *c = top_case(r);
        enum result_status status;
        if (junit_verdict_status(&c->verdict, &status) || c->said.meaning >= SAYS_FAILED) {
            junit_close_case(r);
            continue;
        }
        const char *name = text_empty(c->name) ? JUNIT_UNNAMED : c->name;
        junit_note(&r->notes, NOTE_CUT_CASE, c->line, name, strlen(name));
        r->case_depth--;
    }
    while (r->suites.depth && !r->failed)
        junit_close_suite(r);
}
