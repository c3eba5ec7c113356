#include "report/scrub_decode.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define REPLACEMENT 0xFFFDU

struct known_encoding {
    const char *name;
    enum scrub_encoding encoding;
};

/* A declared UTF-16 in a file that is readable as bytes is the writer's error (.NET's StringWriter).
 * ANSI_X3.4-1968 is what the C locale calls ASCII. */
static const struct known_encoding known_encodings[] = {
    {"utf-8", ENCODING_UTF8},        {"utf8", ENCODING_UTF8},           {"us-ascii", ENCODING_UTF8},
    {"ascii", ENCODING_UTF8},        {"utf-16", ENCODING_UTF8},         {"utf-16le", ENCODING_UTF8},
    {"unicode", ENCODING_UTF8},      {"iso-8859-1", ENCODING_1252},     {"iso8859-1", ENCODING_1252},
    {"iso_8859-1", ENCODING_1252},   {"latin1", ENCODING_1252},         {"latin-1", ENCODING_1252},
    {"windows-1252", ENCODING_1252}, {"cp1252", ENCODING_1252},         {"iso-8859-15", ENCODING_LATIN9},
    {"iso8859-15", ENCODING_LATIN9}, {"ansi_x3.4-1968", ENCODING_UTF8},
};

static bool begins(const char *bytes, size_t size, const char *mark, size_t mark_size)
{
    return size >= mark_size && memcmp(bytes, mark, mark_size) == 0;
}

/* Where the XML declaration begins, after blanks and comments; NULL when there is none. */
static const char *find_declaration(const char *bytes, size_t size)
{
    const char *at = bytes;
    const char *end = bytes + size;
    for (;;) {
        while (at < end && ascii_space(*at))
            at++;
        if (begins(at, (size_t)(end - at), "<?xml", 5))
            return at;
        if (!begins(at, (size_t)(end - at), "<!--", 4))
            return NULL;
        at = memmem(at, (size_t)(end - at), "-->", 3);
        if (!at)
            return NULL;
        at += 3;
    }
}

/* Copies the declared encoding's name, "" when there is none. */
static void declared_encoding(const char *bytes, size_t size, char ret_name[SCRUB_ENCODING_NAME_SIZE])
{
    ret_name[0] = '\0';
    const char *at = find_declaration(bytes, size);
    if (!at)
        return;
    const char *end = memmem(at, (size_t)(bytes + size - at), "?>", 2);
    at = end ? memmem(at, (size_t)(end - at), "encoding", 8) : NULL;
    while (at && at < end && *at != '"' && *at != '\'')
        at++;
    if (!at || at >= end)
        return;
    const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
    size_t length = close ? (size_t)(close - at - 1) : 0;
    if (length >= SCRUB_ENCODING_NAME_SIZE)
        length = SCRUB_ENCODING_NAME_SIZE - 1;
    memcpy(ret_name, at + 1, length);
    ret_name[length] = '\0';
}

static bool set_by_mark(struct scrub_decoder *d, const char *bytes, size_t size)
{
    static const struct {
        const char *mark;
        size_t size;
        size_t skipped;
        enum scrub_encoding encoding;
    } marks[] = {
        {"\xEF\xBB\xBF", 3, 3, ENCODING_UTF8},  {"\xFF\xFE\0\0", 4, 4, ENCODING_UTF32},
        {"\0\0\xFE\xFF", 4, 4, ENCODING_UTF32}, {"\xFF\xFE", 2, 2, ENCODING_UTF16LE},
        {"\xFE\xFF", 2, 2, ENCODING_UTF16BE},   {"<\0\0\0", 4, 0, ENCODING_UTF32},
        {"\0\0\0<", 4, 0, ENCODING_UTF32},      {"<\0", 2, 0, ENCODING_UTF16LE},
        {"\0<", 2, 0, ENCODING_UTF16BE},
    };
    for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
        if (begins(bytes, size, marks[i].mark, marks[i].size)) {
            d->encoding = marks[i].encoding;
            d->mark_bytes = marks[i].skipped;
            return true;
        }
    }
    return false;
}

void scrub_decoder_init(struct scrub_decoder *d, const char *first_bytes, size_t size)
{
    *d = (struct scrub_decoder){.encoding = ENCODING_UTF8};
    if (set_by_mark(d, first_bytes, size))
        return;
    char name[SCRUB_ENCODING_NAME_SIZE];
    declared_encoding(first_bytes, size, name);
    for (size_t i = 0; i < ARRAY_SIZE(known_encodings); i++) {
        if (text_equal_nocase(name, known_encodings[i].name)) {
            d->encoding = known_encodings[i].encoding;
            return;
        }
    }
    memcpy(d->unknown_name, name, sizeof name);
}

void scrub_put_character(struct buf *out, uint32_t code)
{
    char bytes[4];
    size_t size;
    if (code < 0x80) {
        bytes[0] = (char)code;
        size = 1;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xC0U | code >> 6);
        size = 2;
    } else if (code < 0x10000) {
        bytes[0] = (char)(0xE0U | code >> 12);
        size = 3;
    } else {
        bytes[0] = (char)(0xF0U | code >> 18);
        size = 4;
    }
    for (size_t i = 1; i < size; i++)
        bytes[i] = (char)(0x80U | (code >> (6 * (size - 1 - i)) & 0x3FU));
    buf_put(out, bytes, size);
}

/* windows-1252 from 0x80 to 0x9F; the five holes are controls. */
static uint32_t code_1252(unsigned char byte)
{
    static const uint16_t codes[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                       0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    return byte >= 0x80 && byte <= 0x9F ? codes[byte - 0x80] : byte;
}

static uint32_t code_latin9(unsigned char byte)
{
    static const struct {
        unsigned char byte;
        uint16_t code;
    } differs[] = {{0xA4, 0x20AC}, {0xA6, 0x0160}, {0xA8, 0x0161}, {0xB4, 0x017D},
                   {0xB8, 0x017E}, {0xBC, 0x0152}, {0xBD, 0x0153}, {0xBE, 0x0178}};
    for (size_t i = 0; i < ARRAY_SIZE(differs); i++)
        if (differs[i].byte == byte)
            return differs[i].code;
    return byte;
}

static void decode_bytes(const struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < 0x80)
            buf_putc(out, bytes[i]);
        else
            scrub_put_character(out, d->encoding == ENCODING_LATIN9 ? code_latin9(byte) : code_1252(byte));
    }
}

static uint32_t unit_at(const struct scrub_decoder *d, size_t at)
{
    unsigned char a = d->pending[at];
    unsigned char b = d->pending[at + 1];
    return d->encoding == ENCODING_UTF16LE ? a | (uint32_t)b << 8 : b | (uint32_t)a << 8;
}

static void drop_pending(struct scrub_decoder *d, size_t size)
{
    memmove(d->pending, d->pending + size, d->pending_size - size);
    d->pending_size -= size;
}

/* Decodes the character that pending begins with; false when more of it must come first. */
static bool decode_pending(struct scrub_decoder *d, struct buf *out)
{
    uint32_t first = unit_at(d, 0);
    bool high = first >= 0xD800 && first <= 0xDBFF;
    if (high && d->pending_size < 4)
        return false;
    uint32_t second = high ? unit_at(d, 2) : 0;
    if (second >= 0xDC00 && second <= 0xDFFF) {
        scrub_put_character(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        drop_pending(d, 4);
        return true;
    }
    bool bad = first >= 0xD800 && first <= 0xDFFF;
    d->bad_units += bad;
    scrub_put_character(out, bad ? REPLACEMENT : first);
    drop_pending(d, 2);
    return true;
}

static void decode_utf16(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        d->pending[d->pending_size++] = (unsigned char)bytes[i];
        while (d->pending_size >= 2 && d->pending_size % 2 == 0 && decode_pending(d, out))
            ;
    }
}

void scrub_decode(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size)
{
    switch (d->encoding) {
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        decode_utf16(d, out, bytes, size);
        break;
    case ENCODING_1252:
    case ENCODING_LATIN9:
        decode_bytes(d, out, bytes, size);
        break;
    case ENCODING_UTF8:
    case ENCODING_UTF32:
        buf_put(out, bytes, size);
        break;
    }
}

void scrub_decode_end(struct scrub_decoder *d, struct buf *out)
{
    if (d->pending_size == 0)
        return;
    d->pending_size = 0;
    d->bad_units++;
    scrub_put_character(out, REPLACEMENT);
}
