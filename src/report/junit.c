/* The loop of the JUnit reader: input -> scrub (-> repair, to salvage) -> libxml2's push parser ->
 * junit_sax.c. */
#include "report/junit_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parserInternals.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/bad_byte.h"
#include "report/input.h"
#include "report/junit_repair.h"
#include "report/scrub.h"

/* Small enough for the second-level cache, large enough that a piece's overhead does not show. */
#define PIECE_BYTES     (64 * 1024)
#define PIECE_MAX_BYTES (256 * 1024 * 1024)

static void marker_found(void *self, const char *name, const char *value)
{
    struct junit_reader *r = self;
    struct junit_case *c = r->cases[r->case_depth - 1];
    size_t size = strlen(value);
    value = junit_shown(r, ELEMENT_PROPERTY, ATTRIBUTE_VALUE, value, &size);
    if (name)
        junit_case_property(c, &r->notes, name, value);
    else
        junit_case_attachment(c, &r->notes, value);
}

static void *grow(void *old, size_t size)
{
    return xreallocarray(old, size, 1);
}

static char *copy(const char *text)
{
    return xstrdup(text);
}

void junit_reader_init(struct junit_reader *r, const struct scrub *scrub, const char *label,
                       const struct read_options *options, const struct report_sink *sink,
                       struct report_meta *meta, struct error *err)
{
    *r = (struct junit_reader){.scrub = scrub,
                               .label = label,
                               .options = options,
                               .sink = sink,
                               .meta = meta,
                               .err = err,
                               .blank = true,
                               .text = BUF_UNBOUNDED,
                               .shown = BUF_UNBOUNDED,
                               .property_name = BUF_UNBOUNDED,
                               .property_value = BUF_UNBOUNDED};
    /* Without memory libxml2 goes on as if the report had ended; with these it ends the process. They
     * allocate as its own functions do, so that what is there already can still be freed. */
    xmlMemSetup(free, xmalloc, grow, copy);
    report_times_init(&r->times, options);
    junit_mark_init(&r->mark);
    junit_marker_init(&r->marker, marker_found, r);
    xmlSAXHandler sax;
    junit_sax_init(&sax);
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    /* NOENT, because without it "&amp;" in an attribute arrives as "&#38;"; there is nothing else to
     * replace, since no entity is ever declared: junit_sax.c stops at the first declaration. */
    xmlCtxtUseOptions(r->parser, XML_PARSE_HUGE | XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlSwitchEncoding(r->parser, XML_CHAR_ENCODING_UTF8);
    junit_names_init(&r->names, r->parser->dict);
}

void junit_reader_release(struct junit_reader *r)
{
    /* Made by the parser for a DOCTYPE with declarations, although nobody asked for a tree. */
    if (r->parser->myDoc)
        xmlFreeDoc(r->parser->myDoc);
    r->parser->myDoc = NULL;
    xmlFreeParserCtxt(r->parser);
    for (size_t i = 0; i < r->case_count; i++) {
        junit_case_release(r->cases[i]);
        free(r->cases[i]);
    }
    free(r->cases);
    free(r->open);
    junit_suites_release(&r->suites);
    junit_notes_release(&r->notes);
    report_times_release(&r->times);
    junit_mark_release(&r->mark);
    junit_marker_release(&r->marker);
    buf_release(&r->text);
    buf_release(&r->shown);
    for (size_t i = 0; i < JUNIT_BAD_COUNT; i++)
        free(r->bad_names[i].name);
    buf_release(&r->property_name);
    buf_release(&r->property_value);
    free(r->list_name);
    free(r->outer_name);
    free(r->damage);
}

/* The parser keeps what it cannot use yet (a tag without its end) and looks at it again with each piece;
 * pieces that grow with it keep that linear. */
static size_t next_piece(const struct junit_reader *r)
{
    const struct _xmlParserInput *input = r->parser->input;
    size_t unused = input ? (size_t)(input->end - input->cur) : 0;
    size_t least = r->options->piece_bytes ? r->options->piece_bytes : PIECE_BYTES;
    if (unused < least)
        return least;
    return unused < PIECE_MAX_BYTES ? unused : PIECE_MAX_BYTES;
}

static bool stopped(const struct junit_reader *r)
{
    return r->failed || r->broken;
}

/* The next clean piece, repaired where the user asks for what can be had. */
static ssize_t next_bytes(struct junit_reader *r, struct scrub *s, struct junit_repair *p,
                          const char **ret_bytes)
{
    if (r->options->salvage)
        return junit_repair_next(p, next_piece(r), ret_bytes, r->err);
    return scrub_next(s, next_piece(r), ret_bytes, r->err);
}

/* libxml2 keeps each distinct name in a table that stops growing at some size, so that very many of them
 * would take quadratic time. */
static void limit_names(struct junit_reader *r)
{
    if (!stopped(r) && xmlDictSize(r->parser->dict) > JUNIT_NAMES_MAX)
        junit_stop(r, error_set(r->err, ERR_LIMIT,
                                "'%s' has more than %d different names of elements and attributes up to line "
                                "%" PRId64 ", that is no JUnit report",
                                r->label, JUNIT_NAMES_MAX, junit_line(r)));
}

static bool all_blank(const char *bytes, ssize_t size)
{
    ssize_t at = 0;
    while (at < size && ascii_space(bytes[at]))
        at++;
    return at == size;
}

struct attribute_count {
    size_t attributes;
    char quote; /* of the value that the bytes so far end in, or 0 */
};

/* Counts the attributes up to the end of the tag, or to a "<" in a value, where the parser will stop; true
 * when it is there. */
static bool count_attributes(struct attribute_count *count, const char *at, size_t size)
{
    const char *end = at + size;
    while (at < end) {
        if (count->quote) {
            const char *close = memchr(at, count->quote, (size_t)(end - at));
            if (memchr(at, '<', (size_t)((close ? close : end) - at)))
                return true;
            if (!close)
                return false;
            at = close;
            count->quote = 0;
        } else if (*at == '"' || *at == '\'') {
            count->quote = *at;
            count->attributes++;
        } else if (*at == '>') {
            return true;
        }
        at++;
    }
    return false;
}

/* The parser compares the attributes of a tag with each other before it hands them on, so that very many of
 * them would take quadratic time: a tag that is longer than a piece is looked at before it is complete. */
static void limit_attributes(struct junit_reader *r, const char *bytes, size_t size)
{
    const struct _xmlParserInput *input = r->parser->input;
    const char *waits = input ? (const char *)input->cur : "";
    size_t waiting = input ? (size_t)(input->end - input->cur) : 0;
    if (waiting < PIECE_BYTES || *waits != '<' || strchr("!?/", waits[1]))
        return;
    struct attribute_count count = {0};
    if (!count_attributes(&count, waits, waiting))
        count_attributes(&count, bytes, size);
    if (count.attributes > JUNIT_ATTRIBUTES_MAX)
        junit_too_many_attributes(r);
}

/* Gives the parser the bytes in slices that grow with what it cannot use yet. */
static void parse(struct junit_reader *r, const char *bytes, size_t size)
{
    while (size && !stopped(r)) {
        size_t wanted = next_piece(r);
        size_t slice = size < 2 * wanted ? size : wanted; /* a piece is seldom as large as it was to be */
        limit_attributes(r, bytes, slice);
        if (!stopped(r))
            xmlParseChunk(r->parser, bytes, (int)slice, 0);
        bytes += slice;
        size -= slice;
    }
}

/* Returns 0 when the input is used up or the parser stopped. */
static int feed(struct junit_reader *r, struct scrub *s, struct junit_repair *p)
{
    const char *bytes;
    ssize_t size;
    while (!stopped(r) && (size = next_bytes(r, s, p, &bytes)) != 0) {
        if (size < 0)
            return (int)size;
        r->blank = r->blank && all_blank(bytes, size) && !p->left_out;
        parse(r, bytes, (size_t)size);
        limit_names(r);
    }
    if (!stopped(r)) {
        r->at_end = true;
        xmlParseChunk(r->parser, NULL, 0, 1);
    }
    return 0;
}

/* The attributes are decoration, but where they speak of failures and no failure is seen, the report must
 * not look green. */
static void tell_claims(struct junit_reader *r)
{
    const struct report_counts *counts = &r->meta->counts;
    bool failures_seen = counts->failed || counts->error || counts->suite_errors || counts->flaky;
    if (r->claims.failures == 0 || failures_seen || counts->results == 0)
        return;
    _cleanup_free_ char *counted = text_counted(r->claims.failures, "failure", "failures");
    _cleanup_free_ char *text =
        xasprintf("the suites' attributes speak of %s, but no test in the report has one", counted);
    text_list_add(&r->meta->warnings, text);
}

static void tell(struct junit_reader *r)
{
    junit_tell_bad(r);
    tell_claims(r);
    junit_notes_tell(&r->notes, r->meta);
    report_times_tell(&r->times, r->meta);
    r->meta->from_testproject = r->meta->counts.results > 0 && !r->other_cases;
    if (!text_empty(r->list_name))
        r->meta->job_name = TAKE(r->list_name);
    else if (!r->list_name && r->outer_suites == 1)
        r->meta->job_name = TAKE(r->outer_name);
}

static int without_tests(struct junit_reader *r)
{
    if (r->claims.tests)
        return error_set(r->err, ERR_EMPTY,
                         "'%s' holds no test, though its attributes speak of %" PRId64 " tests and %" PRId64
                         " failures: it is a summary, upload the reports it was made from",
                         r->label, r->claims.tests, r->claims.failures);
    return error_set(r->err, ERR_EMPTY, "'%s' holds no test", r->label);
}

static int conclude(struct junit_reader *r, const struct junit_repair *p)
{
    const struct report_counts *counts = &r->meta->counts;
    if (r->failed)
        return r->failed;
    if (r->broken && (r->blank || !r->options->salvage))
        return junit_damaged(r);
    if (r->broken)
        junit_close_cut(r);
    if (r->failed)
        return r->failed;
    bool empty = counts->results + counts->suite_errors == 0;
    if (r->broken && empty)
        return junit_nothing_whole(r);
    if (r->broken)
        junit_tell_damage(r);
    tell(r);
    junit_tell_repairs(r, p);
    return empty ? without_tests(r) : 0;
}

int junit_read(struct report_input *in, const struct read_options *options, const struct report_sink *sink,
               struct report_meta *meta, struct error *err)
{
    struct scrub s;
    struct junit_reader r;
    struct junit_repair p;
    scrub_init(&s, in);
    s.undivided = options->salvage;
    junit_repair_init(&p, &s);
    junit_reader_init(&r, &s, report_input_label(in), options, sink, meta, err);
    meta->format = FORMAT_JUNIT;
    meta->start_ms = meta->end_ms = TIME_NONE;
    int failed = feed(&r, &s, &p);
    if (!failed)
        failed = conclude(&r, &p);
    bad_bytes_in_sentences(meta, err);
    junit_reader_release(&r);
    junit_repair_release(&p);
    scrub_release(&s);
    return failed;
}
