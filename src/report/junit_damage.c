/* What is wrong with the XML of a JUnit report, said so that it helps somebody who knows no XML: only what is
 * certain, and what to do. */
#include "report/junit_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/bad_byte.h"
#include "report/junit_repair.h"

#define EXCERPT_BYTES 40
#define EXCERPT_LOOK  400

/* What the parser has not read yet. */
static const char *unread(const struct junit_reader *r, size_t *ret_size)
{
    const struct _xmlParserInput *input = r->parser->input;
    *ret_size = input && input->cur < input->end ? (size_t)(input->end - input->cur) : 0;
    return *ret_size ? (const char *)input->cur : "";
}

static bool only_blanks(const char *text, size_t size)
{
    while (size && ascii_space(*text)) {
        text++;
        size--;
    }
    return size == 0;
}

/* A beginning of outside text that can be shown. */
static char *excerpt(const char *text, size_t size)
{
    _cleanup_free_ char *copy = xstrndup(text, utf8_cut(text, size, EXCERPT_LOOK));
    bad_bytes_in_name(copy, strlen(copy));
    return text_excerpt(copy, EXCERPT_BYTES);
}

static bool is_undeclared(const xmlError *complaint)
{
    return complaint->code == XML_ERR_UNDECLARED_ENTITY || complaint->code == XML_WAR_UNDECLARED_ENTITY;
}

static char *undeclared_entity(const xmlError *complaint)
{
    const char *name = complaint->str1 ? complaint->str1 : "";
    _cleanup_free_ char *shown = excerpt(name, strlen(name));
    return xasprintf("uses '&%s;', %s, in line %d", shown,
                     junit_html_entity(name) ? "an HTML entity that XML does not know"
                                             : "an entity that nobody has declared",
                     complaint->line);
}

static char *mismatch(const xmlError *complaint)
{
    _cleanup_free_ char *opened = excerpt(complaint->str1, strlen(complaint->str1));
    _cleanup_free_ char *closed = excerpt(complaint->str2, strlen(complaint->str2));
    return xasprintf("</%s> stands where <%s> of line %d is still open", closed, opened, complaint->int1);
}

static char *twice(const xmlError *complaint)
{
    _cleanup_free_ char *name = excerpt(complaint->str1, strlen(complaint->str1));
    return xasprintf("the attribute '%s' stands twice in one tag", name);
}

/* Whether the parser means the "&" that it has read, or what comes next; it has one code for both. */
static bool about_reference(const xmlError *complaint)
{
    return complaint->code == XML_ERR_NAME_REQUIRED && strstr(complaint->message, "EntityRef");
}

static bool about_attribute(const xmlError *complaint)
{
    return complaint->code == XML_ERR_NAME_REQUIRED && strstr(complaint->message, "attribute");
}

/* Damage that is told best by what stands there. */
static char *stands_there(const struct junit_reader *r, const xmlError *complaint)
{
    size_t size;
    const char *rest = unread(r, &size);
    if (size && strstr(complaint->message, "StartTag") && rest[-1] == '<') {
        rest--;
        size++;
    }
    _cleanup_free_ char *shown = excerpt(rest, size);
    if (complaint->code == XML_ERR_SPACE_REQUIRED)
        return xasprintf(
            "'%s' stands right behind the closing quote of a value, where a blank is due (a quote "
            "inside a value has to be written as '&quot;')",
            shown);
    if (about_attribute(complaint))
        return xasprintf("inside a tag stands '%s', which is no attribute", shown);
    return xasprintf("'%s' stands there, which begins no tag (a '<' in a text has to be written as '&lt;')",
                     shown);
}

static const char *words_of_code(int code)
{
    static const char bad_number[] =
        "a '&#' begins no reference, so that the '&' has to be written as '&amp;'";
    static const struct {
        int code;
        const char *words;
    } table[] = {
        {XML_ERR_LT_IN_ATTRIBUTE, "a value in quotes holds a '<', so that its closing quote is missing or "
                                  "the '<' has to be written as "
                                  "'&lt;'"},
        {XML_ERR_ENTITYREF_SEMICOL_MISSING,
         "a '&' begins a reference without ';', or has to be written as '&amp;'"},
        {XML_ERR_INVALID_HEX_CHARREF, bad_number},
        {XML_ERR_INVALID_DEC_CHARREF, bad_number},
        {XML_ERR_INVALID_CHARREF, bad_number},
        {XML_ERR_INVALID_CHAR, bad_number},
        {XML_ERR_ATTRIBUTE_NOT_STARTED, "a value does not stand in quotes"},
        {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute has no value"},
        {XML_ERR_ATTRIBUTE_NOT_FINISHED, "the closing quote of a value is missing"},
        {XML_ERR_GT_REQUIRED, "a tag is not closed by '>'"},
        {XML_ERR_MISPLACED_CDATA_END, "a text holds ']]>', which has to be written as ']]&gt;'"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (table[i].code == code)
            return table[i].words;
    return NULL;
}

static char *damage_in_words(const struct junit_reader *r, const xmlError *complaint)
{
    const char *words = words_of_code(complaint->code);
    if (words)
        return xstrdup(words);
    if (about_reference(complaint))
        return xstrdup("a '&' stands there by itself, which has to be written as '&amp;'");
    if (complaint->code == XML_ERR_TAG_NAME_MISMATCH && complaint->str1 && complaint->str2)
        return mismatch(complaint);
    if (complaint->code == XML_ERR_ATTRIBUTE_REDEFINED && complaint->str1)
        return twice(complaint);
    if (complaint->code == XML_ERR_SPACE_REQUIRED || complaint->code == XML_ERR_NAME_REQUIRED ||
        complaint->code == XML_ERR_INTERNAL_ERROR)
        return stands_there(r, complaint);
    _cleanup_free_ char *shown = excerpt(complaint->message, strlen(complaint->message));
    return xasprintf("it is no XML there (%s)", shown);
}

/* "inside test 'x'", where that is known. */
static char *cut_where(const struct junit_reader *r)
{
    const char *name = r->case_depth ? r->cases[r->case_depth - 1]->name : NULL;
    return name ? xasprintf("inside test '%s'", name) : xstrdup("before the report does");
}

/* The sentence but for the report's name before it and the remedy behind it. */
static char *sentence(const struct junit_reader *r, const xmlError *complaint)
{
    _cleanup_free_ char *place = xasprintf("in line %d, column %d", complaint->line, complaint->int2);
    if (r->broken == BROKEN_BEHIND) {
        size_t size;
        const char *rest = unread(r, &size);
        _cleanup_free_ char *shown = excerpt(rest, size);
        return xasprintf("goes on after the end of the report %s with '%s'", place, shown);
    }
    if (r->broken == BROKEN_BLANK)
        return xstrdup("is empty: it holds nothing but blanks");
    if (r->broken == BROKEN_ENTITY)
        return undeclared_entity(complaint);
    if (r->broken == BROKEN_DOCTYPE)
        return xasprintf("is refused: its DOCTYPE cannot be read %s", place);
    if (r->broken == BROKEN_CUT && !r->any_element)
        return xasprintf("ends %s, before its first element is whole", place);
    if (r->broken == BROKEN_CUT) {
        _cleanup_free_ char *where = cut_where(r);
        return xasprintf("is cut off: it ends %s, %s", place, where);
    }
    _cleanup_free_ char *damage = damage_in_words(r, complaint);
    return xasprintf("is damaged %s: %s", place, damage);
}

bool junit_nothing_unread(const struct junit_reader *r)
{
    size_t size;
    const char *rest = unread(r, &size);
    return only_blanks(rest, size);
}

/* At the end of the input the parser says of a tag, section or DOCTYPE without its end that it is extra
 * content, and of all else what it misses at the very end. */
static enum junit_broken kind_of(const struct junit_reader *r, const xmlError *complaint)
{
    if (r->root_closed)
        return BROKEN_BEHIND;
    if (r->blank)
        return BROKEN_BLANK;
    if (r->at_end && (complaint->code == XML_ERR_DOCUMENT_END || junit_nothing_unread(r)))
        return BROKEN_CUT;
    if (!r->any_element && r->parser->inSubset)
        return BROKEN_DOCTYPE;
    return is_undeclared(complaint) ? BROKEN_ENTITY : BROKEN_XML;
}

void junit_complain(void *self, xmlErrorPtr complaint)
{
    struct junit_reader *r = self;
    bool fatal = complaint->level == XML_ERR_FATAL || is_undeclared(complaint);
    if (!fatal || r->failed || r->broken || !complaint->message)
        return;
    r->broken = kind_of(r, complaint);
    r->damage = sentence(r, complaint);
    if (complaint->level != XML_ERR_FATAL)
        xmlStopParser(r->parser);
}

int junit_damaged(struct junit_reader *r)
{
    static const char *const remedies[] = {
        [BROKEN_BLANK] = ", see whether the tests ran at all",
        [BROKEN_XML] = "; let it be written again, or take what is whole with --salvage",
        [BROKEN_CUT] = "; let it be written whole, or take what is whole with --salvage",
        [BROKEN_BEHIND] = ": separate them, or take the report alone with --salvage",
        [BROKEN_ENTITY] = ": take it with --salvage",
        [BROKEN_DOCTYPE] = "; remove the DOCTYPE",
    };
    bool nothing = r->broken == BROKEN_CUT && !r->any_element;
    return error_set(r->err, r->broken == BROKEN_BLANK ? ERR_EMPTY : ERR_REPORT, "'%s' %s%s", r->label,
                     r->damage, nothing ? "; let it be written whole" : remedies[r->broken]);
}

int junit_nothing_whole(struct junit_reader *r)
{
    if (r->broken == BROKEN_DOCTYPE)
        return junit_damaged(r);
    return error_set(r->err, ERR_REPORT, "'%s' %s; no test before that is whole, let it be written again",
                     r->label, r->damage);
}

void junit_tell_damage(struct junit_reader *r)
{
    _cleanup_free_ char *text =
        xasprintf("the report %s: what is whole before that was taken, the rest is missing", r->damage);
    _cleanup_free_ char *shown = text_printable(text);
    r->meta->incomplete = true;
    text_list_add(&r->meta->warnings, shown);
}

static void tell_count(struct junit_reader *r, int64_t count, const char *one, const char *many)
{
    if (count == 0)
        return;
    _cleanup_free_ char *text = text_counted(count, one, many);
    text_list_add(&r->meta->warnings, text);
}

void junit_tell_repairs(struct junit_reader *r, const struct junit_repair *p)
{
    tell_count(r, p->left_out, "byte before or after the report is left out",
               "bytes before or after the report are left out");
    tell_count(r, p->repaired, "sign that should have been written as a reference is taken as text",
               "signs that should have been written as references are taken as text");
    tell_count(r, p->html_entities, "HTML entity, which XML does not know, is taken for its character",
               "HTML entities, which XML does not know, are taken for their characters");
    if (p->unknown_entities) {
        _cleanup_free_ char *many =
            xasprintf("entities that nobody has declared are taken as text, the first is "
                      "'%s'",
                      p->unknown_entity);
        _cleanup_free_ char *one =
            xasprintf("entity that nobody has declared is taken as text: '%s'", p->unknown_entity);
        tell_count(r, p->unknown_entities, one, many);
    }
    tell_count(r, p->rebalanced, "end tag does not fit, the element around it may have lost something",
               "end tags do not fit, the elements around them may have lost something");
    if (p->second_report)
        text_list_add(&r->meta->warnings, "behind the report follows another '<testsuite', which is left "
                                          "out: read it as a file of its own");
    r->meta->incomplete |= p->rebalanced > 0 || p->second_report;
}
