/* Bytes that are no character (report/bad_byte.h) in a JUnit report: how names and texts show them, and what
 * is told about them. */
#include "report/junit_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/bad_byte.h"
#include "report/scrub.h"

#define NAME_SHOWN_BYTES 100

/* What is only read. All else is compared, or names a file. */
static bool is_text(enum junit_attribute attribute)
{
    return attribute == ATTRIBUTE_MESSAGE || attribute == ATTRIBUTE_TYPE;
}

static bool is_identity(enum junit_element element, enum junit_attribute attribute)
{
    bool named = element == ELEMENT_TESTCASE || element == ELEMENT_TESTSUITE || element == ELEMENT_TESTSUITES;
    return named &&
           (attribute == ATTRIBUTE_NAME || attribute == ATTRIBUTE_CLASSNAME || attribute == ATTRIBUTE_CLASS ||
            attribute == ATTRIBUTE_PACKAGE || attribute == ATTRIBUTE_HOSTNAME);
}

/* Where there are both, a character that XML forbids is below the blank; the bytes of half a surrogate pair
 * may be anything. */
static enum junit_bad bad_kind(const struct junit_reader *r, unsigned char byte)
{
    bool bytes = r->scrub->bad_bytes || r->scrub->decoder.bad_bytes;
    bool characters = r->scrub->bad_characters;
    return bytes && (!characters || byte >= ' ') ? BAD_BYTES : BAD_CHARACTERS;
}

static char *shown_name(const char *name, size_t size)
{
    _cleanup_free_ char *copy = xstrndup(name, size);
    bad_bytes_in_name(copy, strlen(copy));
    return text_excerpt(copy, NAME_SHOWN_BYTES);
}

/* The first name of a test or suite is told, else the first other value. */
static void keep_first(struct junit_reader *r, enum junit_bad kind, bool identity, const char *value,
                       size_t size)
{
    struct junit_bad_name *first = &r->bad_names[kind];
    if (first->name && (first->identity || !identity))
        return;
    free(first->name);
    *first =
        (struct junit_bad_name){.name = shown_name(value, size), .identity = identity, .line = junit_line(r)};
}

const char *junit_shown(struct junit_reader *r, enum junit_element element, enum junit_attribute attribute,
                        const char *value, size_t *size)
{
    unsigned char byte;
    if (!scrub_met_bad(r->scrub) || !bad_byte_find(value, *size, &byte))
        return value;
    if (!is_text(attribute))
        keep_first(r, bad_kind(r, byte), is_identity(element, attribute), value, *size);
    buf_clear(&r->shown);
    buf_put(&r->shown, value, *size);
    if (is_text(attribute))
        *size = bad_bytes_in_text(r->shown.bytes, *size);
    else
        bad_bytes_in_name(r->shown.bytes, *size);
    buf_truncate(&r->shown, *size);
    return r->shown.bytes;
}

const char *junit_shown_text(struct junit_reader *r, const char *text, size_t *size)
{
    return junit_shown(r, ELEMENT_FAILURE, ATTRIBUTE_MESSAGE, text, size);
}

/* One sentence: what was met, how it is shown, the first name, what to do. */
static void tell_bad(struct junit_reader *r, enum junit_bad kind, const char *what, const char *remedy)
{
    const struct junit_bad_name *first = &r->bad_names[kind];
    _cleanup_free_ char *shown = first->name
                                     ? xasprintf("shown as \\xNN in names (the first: '%s' in line %" PRId64
                                                 ") and as U+FFFD in texts",
                                                 first->name, first->line)
                                     : xstrdup("shown as U+FFFD");
    _cleanup_free_ char *text = xasprintf("%s, %s; %s", what, shown, remedy);
    text_list_add(&r->meta->warnings, text);
}

void junit_tell_bad(struct junit_reader *r)
{
    const struct scrub *s = r->scrub;
    int64_t bytes = s->bad_bytes + s->decoder.bad_bytes;
    _cleanup_free_ char *encoding = text_printable(s->decoder.name);
    _cleanup_free_ char *counted = text_counted(bytes, "byte that is", "bytes that are");
    _cleanup_free_ char *bytes_text = xasprintf("it holds %s not in its encoding %s", counted, encoding);
    _cleanup_free_ char *characters =
        text_counted(s->bad_characters, "control character", "control characters");
    _cleanup_free_ char *characters_text = xasprintf("it holds %s, which XML forbids", characters);
    if (bytes)
        tell_bad(r, BAD_BYTES, bytes_text, "let its writer declare the encoding that it uses");
    if (s->bad_characters)
        tell_bad(r, BAD_CHARACTERS, characters_text, "let its writer leave them out");
}
