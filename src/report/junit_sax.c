/* The parser's callbacks: where an element stands decides what it is; what it means is junit_build.c's. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/foreign.h"
#include "report/junit_guess.h"
#include "report/junit_reader.h"
#include "report/scrub.h"

int64_t junit_line(const struct junit_reader *r)
{
    return r->parser->input ? r->parser->input->line : 0;
}

void junit_stop(struct junit_reader *r, int code)
{
    r->failed = code;
    xmlStopParser(r->parser);
}

void junit_too_many_attributes(struct junit_reader *r)
{
    junit_stop(
        r, error_set(r->err, ERR_LIMIT,
                     "'%s' has more than %d attributes in one tag, or as many namespaces, in line %" PRId64
                     ": that is no JUnit report",
                     r->label, JUNIT_ATTRIBUTES_MAX, junit_line(r)));
}

static bool is_mark(enum junit_element element)
{
    return element >= ELEMENT_FAILURE && element <= ELEMENT_RERUN;
}

static bool holds_suites(enum junit_element element)
{
    return element == ELEMENT_TESTSUITES || element == ELEMENT_TESTSUITE;
}

static enum junit_element in_suite(enum junit_element element, enum junit_attribute *value)
{
    switch (element) {
    case ELEMENT_FAILURES: /* in TestProject's old form a count here, a list in a test */
        *value = ATTRIBUTE_FAILURES;
        return ELEMENT_VALUE;
    case ELEMENT_ERROR:
        return *value == ATTRIBUTE_ERRORS ? ELEMENT_VALUE : element;
    case ELEMENT_SKIPPED:
    case ELEMENT_FLAKY:
    case ELEMENT_RERUN:
    case ELEMENT_OUTPUT:
    case ELEMENT_TRACE:
    case ELEMENT_ATTACHMENT:
        return ELEMENT_IGNORED;
    default:
        return element;
    }
}

static enum junit_element in_case(enum junit_element element, enum junit_attribute value)
{
    if (element == ELEMENT_TRACE)
        return ELEMENT_IGNORED;
    bool count = element == ELEMENT_VALUE && (value == ATTRIBUTE_FAILURES || value == ATTRIBUTE_ERRORS);
    return count || element == ELEMENT_FAILURES ? ELEMENT_UNKNOWN : element;
}

/* What the element is, given the one around it; ELEMENT_UNKNOWN for a name that nobody knows
 * there. */
static enum junit_element place(enum junit_element parent, enum junit_element element,
                                enum junit_attribute *value)
{
    switch (parent) {
    case ELEMENT_TESTSUITES:
    case ELEMENT_TESTSUITE:
        return in_suite(element, value);
    case ELEMENT_TESTCASES:
        return element == ELEMENT_TESTCASE ? element : ELEMENT_IGNORED;
    case ELEMENT_TESTCASE:
        return in_case(element, *value);
    case ELEMENT_PROPERTIES:
        return element == ELEMENT_PROPERTY || element == ELEMENT_ATTACHMENT || element == ELEMENT_PROPERTIES
                   ? element
                   : ELEMENT_IGNORED;
    case ELEMENT_PROPERTY:
        return element == ELEMENT_VALUE ? element : ELEMENT_IGNORED;
    default:
        return is_mark(parent) && (element == ELEMENT_TRACE || element == ELEMENT_VALUE) ? element
                                                                                         : ELEMENT_IGNORED;
    }
}

static int refuse_root(struct junit_reader *r, const char *name, const char *uri, const xmlChar **attributes,
                       int attribute_count)
{
    const struct foreign *foreign = text_equal_nocase(name, "html")
                                        ? foreign_of_text("<html>")
                                        : foreign_of_xml(name, uri, attributes, attribute_count);
    if (foreign)
        return foreign_refuse(r->meta, r->label, foreign->what, foreign->how, r->err);
    _cleanup_free_ char *what =
        uri ? xasprintf("no JUnit report: its root element <%s> belongs to the namespace '%s'", name, uri)
            : xasprintf("no JUnit report: its root element is <%s>, not <testsuites> or <testsuite>", name);
    if (text_equal_nocase(name, "testsuites") || text_equal_nocase(name, "testsuite")) /* and may mean it */
        return error_set(r->err, ERR_REPORT,
                         "'%s' is %s; let it be written without a namespace, in lower case", r->label, what);
    return foreign_refuse(r->meta, r->label, what, NULL, r->err);
}

/* False when the reading was stopped. */
static bool push(struct junit_reader *r, const struct junit_open *opened)
{
    if (r->depth == JUNIT_DEPTH_MAX) {
        junit_stop(r, error_set(r->err, ERR_LIMIT,
                                "'%s' nests more than %d elements in each other in line %" PRId64
                                ", that is no JUnit report",
                                r->label, JUNIT_DEPTH_MAX, junit_line(r)));
        return false;
    }
    GROW(r->open, r->depth, r->open_capacity);
    bool inside = r->depth && !holds_suites(opened->element) && r->open[r->depth - 1].in_case;
    r->open[r->depth] = *opened;
    r->open[r->depth++].in_case = inside || opened->element == ELEMENT_TESTCASE;
    return true;
}

static void direct_text(struct junit_reader *r)
{
    enum junit_element top = r->depth ? r->open[r->depth - 1].element : ELEMENT_IGNORED;
    r->text_goes = TEXT_DROPPED;
    if (is_mark(top) || top == ELEMENT_TRACE || top == ELEMENT_PART)
        r->text_goes = TEXT_OF_MARK;
    else if (top == ELEMENT_VALUE || top == ELEMENT_PROPERTY || top == ELEMENT_ATTACHMENT ||
             top == ELEMENT_HOLDER)
        r->text_goes = TEXT_OF_VALUE;
    else if (top == ELEMENT_OUTPUT)
        r->text_goes = TEXT_OF_OUTPUT;
}

static void begin_text(struct junit_reader *r)
{
    buf_clear(&r->text);
    r->text_dropped = false;
}

static void begin_element(struct junit_reader *r, enum junit_element element)
{
    switch (element) {
    case ELEMENT_TESTCASE:
        junit_open_case(r);
        break;
    case ELEMENT_TESTSUITES:
    case ELEMENT_TESTSUITE:
        junit_open_suite(r, element == ELEMENT_TESTSUITES);
        break;
    case ELEMENT_PROPERTY:
        buf_clear(&r->property_name);
        buf_clear(&r->property_value);
        r->property_has_value = false;
        begin_text(r);
        break;
    case ELEMENT_VALUE:
    case ELEMENT_ATTACHMENT:
    case ELEMENT_HOLDER:
        begin_text(r);
        break;
    case ELEMENT_TRACE:
    case ELEMENT_PART:
        junit_mark_part(&r->mark);
        break;
    default:
        if (is_mark(element))
            junit_mark_begin(&r->mark, element);
    }
}

/* Without those that a DOCTYPE gives by default, which stand last: they are not in the report itself. */
static void take_attributes(struct junit_reader *r, enum junit_element element, int count,
                            const xmlChar **attributes)
{
    for (int i = 0; i < count && !r->failed; i++, attributes += 5) {
        if (attributes[1]) /* a prefix: xsi:noNamespaceSchemaLocation and the like */
            continue;
        junit_take_attribute(r, element, junit_attribute(&r->names, attributes[0]),
                             (const char *)attributes[3], (size_t)(attributes[4] - attributes[3]));
    }
}

static bool check_root(struct junit_reader *r, enum junit_element element, const xmlChar *name,
                       const xmlChar *uri, const xmlChar **attributes, int attribute_count)
{
    if (r->depth > 0)
        return true;
    r->any_element = true;
    if (!uri && holds_suites(element))
        return true;
    junit_stop(r, refuse_root(r, (const char *)name, (const char *)uri, attributes, attribute_count));
    return false;
}

static void note_unknown(struct junit_reader *r, const xmlChar *name, const xmlChar *prefix)
{
    if (!prefix) {
        junit_note_unknown(&r->notes, (const char *)name);
        return;
    }
    _cleanup_free_ char *full = xasprintf("%s:%s", (const char *)prefix, (const char *)name);
    junit_note_unknown(&r->notes, full);
}

static void place_in(struct junit_reader *r, struct junit_open *opened)
{
    const struct junit_open *parent = &r->open[r->depth - 1];
    enum junit_element known = opened->element;
    if (!junit_guess_inside(parent)) {
        opened->element = place(parent->element, known, &opened->value);
        if (opened->element != ELEMENT_UNKNOWN)
            return;
        opened->element = known;
        if (known == ELEMENT_UNKNOWN)
            note_unknown(r, opened->name, opened->prefix);
    }
    junit_guess_begin(r, opened);
}

static void start_element(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count,
                          int defaulted_count, const xmlChar **attributes)
{
    struct junit_reader *r = self;
    (void)namespace_count, (void)namespaces;
    /* At the end of the input the parser also gives a tag that is cut in the middle of its name. */
    if (r->failed || (r->at_end && junit_nothing_unread(r)))
        return;
    /* Every prefix is searched for among all namespaces around. */
    if (attribute_count > JUNIT_ATTRIBUTES_MAX || r->parser->nsNr / 2 > JUNIT_ATTRIBUTES_MAX) {
        junit_too_many_attributes(r);
        return;
    }
    enum junit_attribute value = ATTRIBUTE_UNKNOWN;
    enum junit_element element = uri ? ELEMENT_UNKNOWN : junit_element(&r->names, name, &value);
    if (!check_root(r, element, name, uri, attributes, attribute_count))
        return;
    if (element == ELEMENT_UNKNOWN && !uri)
        element = junit_element_in_any_case((const char *)name);
    struct junit_open opened = {.element = element, .value = value, .name = name, .prefix = prefix};
    if (r->depth)
        place_in(r, &opened);
    element = opened.element;
    if (!push(r, &opened))
        return;
    direct_text(r);
    if (element == ELEMENT_IGNORED)
        return;
    begin_element(r, element);
    if (!r->failed)
        take_attributes(r, element, attribute_count - defaulted_count, attributes);
    if (holds_suites(element) && !r->failed)
        junit_suite_resolve(&r->suites);
}

static void close_attachment(struct junit_reader *r)
{
    size_t size;
    const char *path = junit_value_text(r, &size);
    if (r->case_depth)
        junit_case_attachment(r->cases[r->case_depth - 1], &r->notes,
                              junit_shown(r, ELEMENT_ATTACHMENT, ATTRIBUTE_PATH, path, &size));
}

static void close_holder(struct junit_reader *r, const struct junit_open *closed)
{
    size_t size;
    const char *word = junit_value_text(r, &size);
    junit_guess_word(r, closed, junit_shown(r, ELEMENT_HOLDER, ATTRIBUTE_STATUS, word, &size), size);
    buf_clear(&r->text);
}

/* A serialiser writes an empty <Error/> into TestProject's old form where there is none. */
static bool empty_error(const struct junit_reader *r, const struct junit_open *closed)
{
    return closed->element == ELEMENT_ERROR && closed->value == ATTRIBUTE_ERRORS && !r->mark.message.length &&
           !r->mark.text.length;
}

static void end_element(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct junit_reader *r = self;
    (void)name, (void)prefix, (void)uri;
    if (r->failed || r->depth == 0)
        return;
    struct junit_open closed = r->open[--r->depth];
    direct_text(r);
    switch (closed.element) {
    case ELEMENT_TESTCASE:
        junit_close_case(r);
        break;
    case ELEMENT_TESTSUITES:
    case ELEMENT_TESTSUITE:
        junit_close_suite(r);
        break;
    case ELEMENT_PROPERTY:
        junit_close_property(r);
        break;
    case ELEMENT_VALUE:
        junit_close_value(r, r->open[r->depth - 1].element, closed.value);
        if (!closed.in_case)
            junit_guess_count(r, &closed);
        break;
    case ELEMENT_HOLDER:
        close_holder(r, &closed);
        break;
    case ELEMENT_ATTACHMENT:
        close_attachment(r);
        break;
    case ELEMENT_OUTPUT:
        junit_close_output(r);
        break;
    default:
        if (is_mark(closed.element) && !empty_error(r, &closed) && junit_guess_end(r, &closed))
            junit_close_mark(r);
    }
    r->root_closed = r->depth == 0;
}

static void keep_value_text(struct junit_reader *r, const char *text, size_t size)
{
    r->text_dropped |= r->text.length + size > JUNIT_VALUE_MAX_BYTES;
    if (!r->text_dropped)
        buf_put(&r->text, text, size);
}

static void take_mark_text(struct junit_reader *r, const char *text, size_t size)
{
    if (scrub_met_bad(r->scrub))
        text = junit_shown_text(r, text, &size);
    junit_mark_text(&r->mark, text, size);
}

static void characters(void *self, const xmlChar *text, int size)
{
    struct junit_reader *r = self;
    if (r->failed || size <= 0)
        return;
    switch (r->text_goes) {
    case TEXT_OF_MARK:
        take_mark_text(r, (const char *)text, (size_t)size);
        break;
    case TEXT_OF_VALUE:
        keep_value_text(r, (const char *)text, (size_t)size);
        break;
    case TEXT_OF_OUTPUT:
        if (r->case_depth)
            junit_marker_feed(&r->marker, (const char *)text, (size_t)size);
        break;
    case TEXT_DROPPED:
        break;
    }
}

/* A DOCTYPE names the root element that is to come. */
static void doctype(void *self, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    struct junit_reader *r = self;
    (void)public_id, (void)system_id;
    r->foreign_doctype = !holds_suites(junit_element(&r->names, name, NULL));
}

/* Entities can hide content, read files and grow without end; a test report has no use for them. */
static void entity_declared(void *self, const xmlChar *name, int type, const xmlChar *public_id,
                            const xmlChar *system_id, xmlChar *content)
{
    struct junit_reader *r = self;
    (void)type, (void)public_id, (void)system_id, (void)content;
    if (r->failed)
        return;
    if (r->foreign_doctype) {
        junit_stop(r, refuse_root(r, (const char *)r->parser->intSubName, NULL, NULL, 0));
        return;
    }
    junit_stop(r, error_set(r->err, ERR_REPORT,
                            "'%s' is refused: its DOCTYPE declares the entity '%s' in line %" PRId64
                            ", which can hide or multiply what the report says; remove the DOCTYPE",
                            r->label, (const char *)name, junit_line(r)));
}

static void unparsed_entity_declared(void *self, const xmlChar *name, const xmlChar *public_id,
                                     const xmlChar *system_id, const xmlChar *notation)
{
    (void)notation;
    entity_declared(self, name, 0, public_id, system_id, NULL);
}

void junit_sax_init(xmlSAXHandler *sax)
{
    *sax = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC,
                           .internalSubset = doctype,
                           .startElementNs = start_element,
                           .endElementNs = end_element,
                           .characters = characters,
                           .ignorableWhitespace = characters,
                           .cdataBlock = characters,
                           .entityDecl = entity_declared,
                           .unparsedEntityDecl = unparsed_entity_declared,
                           .serror = junit_complain};
}
