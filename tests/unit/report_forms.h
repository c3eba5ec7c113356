/* The same content in another form is the same model: other encodings, line ends, orders of attributes,
 * indents, pieces, and suites spread over several files. Each check fails the test that calls it where a
 * report says something else in another form; a report that cannot be rewritten without knowing more of it
 * (damaged, with a DOCTYPE, in an encoding that only its declaration names) is left out. */
#ifndef TESTS_REPORT_FORMS_H
#define TESTS_REPORT_FORMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/memory.h"
#include "report_collect.h"
#include "xml_tokens.h"

/* The least that the scrub stage takes at once (src/report/scrub.c). */
#define PIECE_BYTES 256
#define ATTRIBUTES  64

typedef void rewrite(struct buf *out, const char *xml, size_t size);

static inline void behind_mark(struct buf *out, const char *xml, size_t size)
{
    buf_puts(out, "\xEF\xBB\xBF");
    buf_put(out, xml, size);
}

static inline void put_unit(struct buf *out, uint32_t unit, bool big_endian)
{
    buf_putc(out, (char)(big_endian ? unit >> 8 : unit & 0xFF));
    buf_putc(out, (char)(big_endian ? unit & 0xFF : unit >> 8));
}

static inline void put_utf16(struct buf *out, const char *xml, size_t size, bool big_endian)
{
    put_unit(out, 0xFEFF, big_endian);
    while (size) {
        uint32_t code;
        size_t length = utf8_character(xml, size, &code);
        if (code >= 0x10000) {
            put_unit(out, 0xD800 + ((code - 0x10000) >> 10), big_endian);
            code = 0xDC00 + (code & 0x3FF);
        }
        put_unit(out, code, big_endian);
        xml += length;
        size -= length;
    }
}

static inline void utf16le(struct buf *out, const char *xml, size_t size)
{
    put_utf16(out, xml, size, false);
}

static inline void utf16be(struct buf *out, const char *xml, size_t size)
{
    put_utf16(out, xml, size, true);
}

static inline void crlf(struct buf *out, const char *xml, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (xml[i] == '\n' && (i == 0 || xml[i - 1] != '\r'))
            buf_putc(out, '\r');
        buf_putc(out, xml[i]);
    }
}

static inline void put_reversed(struct buf *out, const char *tag, size_t size)
{
    struct {
        const char *text;
        size_t size;
    } found[ATTRIBUTES];
    size_t count = 0;
    const char *at = tag + strcspn(tag, " \t\r\n/>");
    buf_put(out, tag, (size_t)(at - tag));
    while (count < ATTRIBUTES && (found[count].text = xml_next_attribute(at, &found[count].size))) {
        at = found[count].text + found[count].size;
        count++;
    }
    while (count-- > 0) {
        buf_putc(out, ' ');
        buf_put(out, found[count].text, found[count].size);
    }
    buf_put(out, at, (size_t)(tag + size - at));
}

static inline void attributes_reversed(struct buf *out, const char *xml, size_t size)
{
    (void)size;
    size_t length;
    for (enum xml_token token; (token = xml_next(xml, &length)) != XML_END; xml += length) {
        if (token == XML_START_TAG || token == XML_EMPTY_TAG)
            put_reversed(out, xml, length);
        else
            buf_put(out, xml, length);
    }
}

/* A line end and blanks between two tags, where no text can be meant. */
static inline void indented(struct buf *out, const char *xml, size_t size)
{
    (void)size;
    size_t length;
    bool behind_tag = false;
    for (enum xml_token token; (token = xml_next(xml, &length)) != XML_END; xml += length) {
        bool tag = token == XML_START_TAG || token == XML_EMPTY_TAG;
        if (tag && behind_tag)
            buf_puts(out, "\n  ");
        buf_put(out, xml, length);
        behind_tag = tag || token == XML_END_TAG;
    }
}

static const struct {
    const char *name;
    rewrite *rewrite;
} forms[] = {
    {"a byte order mark", behind_mark},
    {"UTF-16LE", utf16le},
    {"UTF-16BE", utf16be},
    {"CRLF", crlf},
    {"attributes reversed", attributes_reversed},
    {"indented", indented},
};

static inline void assert_same(const char *name, const char *form, const struct collected *a,
                               const struct collected *b)
{
    if (a->rc != b->rc)
        fail_msg("%s, %s: %d instead of %d: %s", name, form, b->rc, a->rc, b->err.text ? b->err.text : "");
    if (a->rc == 0 && !text_equal(buf_text(&a->lines), buf_text(&b->lines)))
        fail_msg("%s, %s:\n%sinstead of\n%s", name, form, buf_text(&b->lines), buf_text(&a->lines));
    assert_int_equal(a->meta.incomplete, b->meta.incomplete);
    assert_int_equal(a->meta.has_time_stamps, b->meta.has_time_stamps);
    assert_true(text_equal(a->meta.job_name, b->meta.job_name));
}

/* Whether its bytes alone say how it is encoded, and it can be taken to pieces. */
static inline bool can_be_rewritten(const struct buf *xml, const struct collected *read)
{
    const char *encoding = memmem(xml->bytes, xml->length < 200 ? xml->length : 200, "encoding=", 9);
    bool utf8 = !encoding || text_starts_nocase(encoding + 10, "utf-8");
    return read->rc == 0 && !read->meta.incomplete && utf8 && utf8_valid(xml->bytes, xml->length) &&
           strlen(xml->bytes) == xml->length && *xml->bytes != '\xEF' && !strstr(xml->bytes, "<!DOCTYPE");
}

static inline void check_forms(const char *name, const struct buf *xml, const struct read_options *options)
{
    struct collected plain;
    collect_bytes(&plain, xml->bytes, xml->length, options);
    bool possible = can_be_rewritten(xml, &plain);
    for (size_t i = 0; possible && i < ARRAY_SIZE(forms); i++) {
        struct buf other = BUF_UNBOUNDED;
        struct collected read;
        forms[i].rewrite(&other, xml->bytes, xml->length);
        collect_bytes(&read, other.bytes, other.length, options);
        assert_same(name, forms[i].name, &plain, &read);
        collect_release(&read);
        buf_release(&other);
    }
    collect_release(&plain);
}

/* Read in pieces of the smallest size, with their ends at every step-th byte of the report: blanks before it
 * move the ends, and in a report longer than a piece every reading has several. */
static inline void check_pieces(const char *name, const struct buf *xml, const struct read_options *options,
                                size_t step)
{
    struct collected plain;
    struct read_options pieces = *options;
    pieces.piece_bytes = PIECE_BYTES;
    collect_bytes(&plain, xml->bytes, xml->length, options);
    size_t places = xml->length < PIECE_BYTES ? xml->length : PIECE_BYTES;
    size_t blanks = can_be_rewritten(xml, &plain) ? PIECE_BYTES - places : PIECE_BYTES;
    for (; blanks < PIECE_BYTES; blanks += step) {
        struct buf padded = BUF_UNBOUNDED;
        struct collected read;
        memset(buf_reserve(&padded, blanks), ' ', blanks);
        buf_advance(&padded, blanks);
        buf_put(&padded, xml->bytes, xml->length);
        collect_bytes(&read, padded.bytes, padded.length, &pieces);
        assert_same(name, "in pieces", &plain, &read);
        collect_release(&read);
        buf_release(&padded);
    }
    collect_release(&plain);
}

/* The root's start tag. */
static inline const char *find_root(const char *xml, size_t *ret_size)
{
    for (enum xml_token token; (token = xml_next(xml, ret_size)) != XML_END; xml += *ret_size)
        if (token == XML_START_TAG)
            return xml;
    return xml;
}

/* Each suite directly below a list in a file of its own, in the same list. */
static inline void check_split(const char *name, const struct buf *xml, const struct read_options *options)
{
    struct collected whole;
    struct buf lines = BUF_UNBOUNDED;
    struct buf part = BUF_UNBOUNDED;
    size_t root_size;
    const char *root = find_root(xml->bytes, &root_size);
    collect_bytes(&whole, xml->bytes, xml->length, options);
    size_t size;
    bool possible = can_be_rewritten(xml, &whole) && text_starts(root, "<testsuites") &&
                    !memmem(root, root_size, "timestamp", 9);
    int depth = 0;
    const char *at = possible ? root + root_size : "";
    for (enum xml_token token; (token = xml_next(at, &size)) != XML_END && depth >= 0; at += size) {
        if (depth == 0 && part.length == 0)
            buf_put(&part, root, root_size);
        buf_put(&part, at, size);
        depth += (token == XML_START_TAG) - (token == XML_END_TAG);
        if (depth == 0 && (token == XML_END_TAG || token == XML_EMPTY_TAG)) {
            struct collected read;
            buf_puts(&part, "</testsuites>");
            collect_bytes(&read, part.bytes, part.length, options);
            buf_puts(&lines, buf_text(&read.lines));
            collect_release(&read);
            buf_clear(&part);
        }
    }
    if (possible && !text_equal(buf_text(&lines), buf_text(&whole.lines)))
        fail_msg("%s, split:\n%sinstead of\n%s", name, buf_text(&lines), buf_text(&whole.lines));
    collect_release(&whole);
    buf_release(&lines);
    buf_release(&part);
}

#endif
