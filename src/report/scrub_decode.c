#include "report/scrub_decode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/bad_byte.h"
#include "report/encoding.h"

#define ELLIPSIS "\xE2\x80\xA6"
/* No character, and no shift between character sets, is longer. */
#define SEQUENCE_MAX_BYTES 64

#define NO_CONVERTER ((iconv_t)-1)

static bool begins(const char *bytes, size_t size, const char *mark, size_t mark_size)
{
    return size >= mark_size && memcmp(bytes, mark, mark_size) == 0;
}

/* Where the XML declaration begins, after comments and text that is no markup (console output, which
 * --salvage leaves out); NULL when there is none. */
static const char *find_declaration(const char *bytes, size_t size)
{
    const char *at = bytes;
    const char *end = bytes + size;
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        if (begins(at, (size_t)(end - at), "<?xml", 5))
            return at;
        if (!begins(at, (size_t)(end - at), "<!--", 4))
            return NULL;
        at = memmem(at, (size_t)(end - at), "-->", 3);
        if (!at)
            return NULL;
    }
    return NULL;
}

/* The name that the declaration [at, end) gives, without the blanks around it, or NULL. */
static const char *declared_name(const char *at, const char *end, size_t *ret_size)
{
    at = memmem(at, (size_t)(end - at), "encoding", 8);
    while (at && at < end && *at != '"' && *at != '\'')
        at++;
    if (!at || at >= end)
        return NULL;
    const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
    if (!close)
        return NULL;
    for (at++; at < close && ascii_space(*at); at++)
        ;
    while (close > at && ascii_space(close[-1]))
        close--;
    *ret_size = (size_t)(close - at);
    return at < close ? at : NULL;
}

static void set_name(struct scrub_decoder *d, const char *name, size_t size)
{
    size_t room = sizeof d->name - sizeof ELLIPSIS;
    size_t shown = utf8_cut(name, size, room);
    snprintf(d->name, sizeof d->name, "%.*s%s", (int)shown, name, shown < size ? ELLIPSIS : "");
}

static void set_wide(struct scrub_decoder *d, const char *name)
{
    set_name(d, name, strlen(name));
    d->is_utf8 = false;
    d->unit_bytes = text_starts(name, "UTF-32") ? 4 : 2;
    d->converter = iconv_open("UTF-8", name);
    if (d->converter == NO_CONVERTER)
        d->refusal = "this machine's C library does not know";
}

static bool set_by_mark(struct scrub_decoder *d, const char *bytes, size_t size)
{
    static const struct {
        const char *mark;
        size_t size;
        const char *encoding; /* NULL: UTF-8 */
    } marks[] = {
        {"\xEF\xBB\xBF", 3, NULL},   {"\xFF\xFE\0\0", 4, "UTF-32LE"}, {"\0\0\xFE\xFF", 4, "UTF-32BE"},
        {"\xFF\xFE", 2, "UTF-16LE"}, {"\xFE\xFF", 2, "UTF-16BE"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
        if (begins(bytes, size, marks[i].mark, marks[i].size)) {
            d->mark_bytes = marks[i].size;
            if (marks[i].encoding)
                set_wide(d, marks[i].encoding);
            return true;
        }
    }
    return false;
}

/* A report begins with one of these, or with a blank. */
static bool first_character(char c)
{
    return c == '<' || c == '{' || c == '[' || ascii_space(c);
}

static bool set_by_look(struct scrub_decoder *d, const char *bytes, size_t size)
{
    if (size < 4)
        return false;
    bool little = first_character(bytes[0]) && !bytes[1];
    bool big = !bytes[0] && first_character(bytes[1]);
    if (little)
        set_wide(d, bytes[2] || bytes[3] ? "UTF-16LE" : "UTF-32LE");
    else if (big)
        set_wide(d, "UTF-16BE");
    else if (!bytes[0] && !bytes[1] && !bytes[2] && first_character(bytes[3]))
        set_wide(d, "UTF-32BE");
    else
        return false;
    return true;
}

static void set_by_declaration(struct scrub_decoder *d, const char *bytes, size_t size)
{
    const char *at = find_declaration(bytes, size);
    const char *end = at ? memmem(at, (size_t)(bytes + size - at), "?>", 2) : NULL;
    size_t name_size;
    const char *name = end ? declared_name(at, end, &name_size) : NULL;
    if (!name)
        return;
    switch (encoding_open(name, name_size, at, (size_t)(end - at), &d->converter)) {
    case ENCODING_IS_UTF8:
        return;
    case ENCODING_CONVERTED:
        d->is_utf8 = false;
        break;
    case ENCODING_UNKNOWN:
        d->refusal = "this machine's C library does not know";
        break;
    case ENCODING_CONTRADICTED:
        d->refusal = "its first line is not written in";
        break;
    }
    set_name(d, name, name_size);
}

void scrub_decoder_init(struct scrub_decoder *d, const char *first_bytes, size_t size)
{
    *d = (struct scrub_decoder){.is_utf8 = true,
                                .name = "UTF-8",
                                .converter = NO_CONVERTER,
                                .unit_bytes = 1,
                                .pending = BUF_UNBOUNDED};
    if (!set_by_mark(d, first_bytes, size) && !set_by_look(d, first_bytes, size))
        set_by_declaration(d, first_bytes, size);
}

int scrub_decoder_refuse(const struct scrub_decoder *d, const char *label, struct error *err)
{
    _cleanup_free_ char *name = text_printable(d->name);
    return error_set(
        err, ERR_REPORT,
        "'%s' says that its encoding is '%s', which %s: let it be written in UTF-8, or correct what "
        "it says",
        label, name, d->refusal);
}

void scrub_decoder_release(struct scrub_decoder *d)
{
    if (!d->is_utf8 && !d->refusal)
        iconv_close(d->converter);
    buf_release(&d->pending);
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

static void put_bad(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size)
{
    d->bad_bytes += (int64_t)size;
    bad_bytes_put(out, bytes, size);
}

/* What was decoded from out's byte at on and looks like a mark was a character of the report. */
static void mark_false_marks(struct scrub_decoder *d, struct buf *out, size_t at)
{
    unsigned char byte;
    const char *found = bad_byte_find(out->bytes + at, out->length - at, &byte);
    if (!found)
        return;
    _cleanup_(buf_release) struct buf rest = BUF_UNBOUNDED;
    buf_put(&rest, out->bytes + at, out->length - at);
    buf_truncate(out, at);
    for (const char *from = rest.bytes, *end = from + rest.length; from < end;) {
        found = bad_byte_find(from, (size_t)(end - from), &byte);
        buf_put(out, from, (size_t)((found ? found : end) - from));
        if (found)
            put_bad(d, out, found, BAD_BYTE_MARK_BYTES);
        from = found ? found + BAD_BYTE_MARK_BYTES : end;
    }
}

/* Converts what can be converted; false when that ended at no character or at the beginning of one. */
static bool convert(struct scrub_decoder *d, struct buf *out, const char **from, size_t *left)
{
    size_t room = 2 * *left + SEQUENCE_MAX_BYTES;
    size_t length = out->length;
    char *target = buf_reserve(out, room);
    char *to = target;
    char *source = (char *)*from; /* iconv does not write there */
    size_t failed = iconv(d->converter, &source, left, &to, &room);
    int reason = errno;
    *from = source;
    buf_advance(out, (size_t)(to - target));
    mark_false_marks(d, out, length);
    errno = reason;
    return failed != (size_t)-1 || reason == E2BIG;
}

/* Returns how many bytes at the end are the beginning of a character. */
static size_t decode(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size)
{
    const char *end = bytes + size;
    while (size) {
        if (convert(d, out, &bytes, &size))
            continue;
        bool unfinished = errno == EINVAL && size < SEQUENCE_MAX_BYTES;
        if (unfinished)
            return size;
        size_t bad = size < d->unit_bytes ? size : d->unit_bytes;
        put_bad(d, out, bytes, bad);
        bytes += bad;
        size = (size_t)(end - bytes);
    }
    return 0;
}

void scrub_decode(struct scrub_decoder *d, struct buf *out, const char *bytes, size_t size)
{
    if (d->is_utf8) {
        buf_put(out, bytes, size);
        return;
    }
    if (d->pending.length) {
        buf_put(&d->pending, bytes, size);
        bytes = d->pending.bytes;
        size = d->pending.length;
    }
    size_t left = decode(d, out, bytes, size);
    if (d->pending.length)
        buf_consume(&d->pending, size - left);
    else
        buf_put(&d->pending, bytes + size - left, left);
}

void scrub_decode_end(struct scrub_decoder *d, struct buf *out)
{
    if (d->is_utf8)
        return;
    put_bad(d, out, buf_text(&d->pending), d->pending.length);
    buf_clear(&d->pending);
    /* A converter may hold a letter back, in case an accent follows. */
    char *to = buf_reserve(out, SEQUENCE_MAX_BYTES);
    char *end = to;
    size_t room = SEQUENCE_MAX_BYTES;
    iconv(d->converter, NULL, NULL, &end, &room);
    buf_advance(out, (size_t)(end - to));
}
