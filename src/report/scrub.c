#include "report/scrub.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/bad_byte.h"
#include "report/input.h"
#include "report/scrub_scan.h"

/* Nothing that must be looked at as a whole (a reference, an ANSI sequence, "<![CDATA[") is longer. */
#define LOOK_AHEAD_BYTES 64
#define ANSI_MAX_BYTES   48

/* One piece being cleaned: [run, at) is clean but not yet in out; at moves to end. */
struct pass {
    struct scrub *s;
    const char *run;
    const char *at;
    const char *end;
    bool last;
};

void scrub_init(struct scrub *s, struct report_input *in)
{
    *s = (struct scrub){.in = in, .raw = BUF_UNBOUNDED, .out = BUF_UNBOUNDED};
}

void scrub_release(struct scrub *s)
{
    if (s->started)
        scrub_decoder_release(&s->decoder);
    buf_release(&s->raw);
    buf_release(&s->out);
}

static void flush_run(struct pass *p)
{
    buf_put(&p->s->out, p->run, (size_t)(p->at - p->run));
    p->run = p->at;
}

/* Puts text in place of the next size bytes. */
static void replace(struct pass *p, size_t size, const char *text)
{
    flush_run(p);
    buf_puts(&p->s->out, text);
    p->at += size;
    p->run = p->at;
}

/* Marks, for the bytes that they stand for, in place of the next size bytes. */
static void replace_bad(struct pass *p, size_t size, const char *bytes, size_t count)
{
    flush_run(p);
    bad_bytes_put(&p->s->out, bytes, count);
    p->at += size;
    p->run = p->at;
}

static void replace_bytes(struct pass *p, size_t size)
{
    p->s->bad_bytes += (int64_t)size;
    replace_bad(p, size, p->at, size);
}

/* The bytes of a character that XML forbids, which may be no character at all. */
static void replace_forbidden(struct pass *p, size_t size, uint32_t code)
{
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    if (code <= 0x10FFFF)
        scrub_put_character(&bytes, code);
    else
        for (int shift = 24; shift >= 0; shift -= 8)
            buf_putc(&bytes, (char)(code >> shift & 0xFF));
    p->s->bad_characters++;
    replace_bad(p, size, bytes.bytes, bytes.length);
}

static bool enough(const struct pass *p, size_t size)
{
    return p->last || (size_t)(p->end - p->at) >= size;
}

static bool next_is(const struct pass *p, const char *text, size_t size)
{
    return (size_t)(p->end - p->at) >= size && memcmp(p->at, text, size) == 0;
}

/* The size of what follows an ESC in an ANSI sequence, "[", parameters and a letter; 0: none. */
static size_t ansi_rest(const char *text, const char *end)
{
    if (text >= end || *text != '[')
        return 0;
    for (const char *at = text + 1; at < end && at - text < ANSI_MAX_BYTES; at++) {
        if (*at >= '@' && *at <= '~')
            return (size_t)(at + 1 - text);
        if (!(ascii_digit(*at) || *at == ';' || *at == ':' || *at == '?' || *at == ' '))
            return 0;
    }
    return 0;
}

static void drop_escape(struct pass *p, size_t escape_size)
{
    size_t rest = ansi_rest(p->at + escape_size, p->end);
    if (rest)
        replace(p, escape_size + rest, "");
    else
        replace_forbidden(p, escape_size, 0x1B);
}

static int hex_digit(char c)
{
    char lower = ascii_lower(c);
    if (ascii_digit(c))
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* "&#123;" or "&#x7B;" at text: its size, 0 when it is none. Values beyond 32 bits give UINT32_MAX. */
static size_t read_reference(const char *text, const char *end, uint32_t *ret_code)
{
    const char *at = text + 2;
    if (end - text < 4 || text[0] != '&' || text[1] != '#')
        return 0;
    unsigned base = *at == 'x' ? 16 : 10;
    at += base == 16;
    uint32_t code = 0;
    const char *digits = at;
    for (; at < end && at - text < LOOK_AHEAD_BYTES / 2; at++) {
        int digit = hex_digit(*at);
        if (digit < 0 || digit >= (int)base)
            break;
        code = code > UINT32_MAX / 16 - 1 ? UINT32_MAX : code * base + (unsigned)digit;
    }
    if (at == digits || at >= end || *at != ';')
        return 0;
    *ret_code = code;
    return (size_t)(at + 1 - text);
}

static bool xml_character(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return !surrogate && code != 0xFFFE && code != 0xFFFF && code <= 0x10FFFF && !bad_byte_is_mark(code);
}

/* A carriage return written as a reference: the line end it means, once. */
static void clean_return(struct pass *p, size_t size)
{
    uint32_t next = 0;
    const char *behind = p->at + size;
    bool pair =
        (behind < p->end && *behind == '\n') || (read_reference(behind, p->end, &next) && next == '\n');
    replace(p, size, pair ? "" : "&#10;");
}

static void clean_reference(struct pass *p)
{
    uint32_t code = 0;
    uint32_t low;
    size_t size = read_reference(p->at, p->end, &code);
    if (code == '\r') {
        clean_return(p, size);
        return;
    }
    if (size == 0 || xml_character(code)) {
        p->at += size ? size : 1;
        return;
    }
    size_t low_size = 0;
    if (code >= 0xD800 && code <= 0xDBFF)
        low_size = read_reference(p->at + size, p->end, &low);
    bool pair = low_size && low >= 0xDC00 && low <= 0xDFFF;
    uint32_t paired = pair ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0;
    if (pair && xml_character(paired)) {
        replace(p, size + low_size, "");
        scrub_put_character(&p->s->out, paired);
    } else if (code == 0x1B) {
        drop_escape(p, size);
    } else {
        replace_forbidden(p, pair ? size + low_size : size, pair ? paired : code);
    }
}

static void clean_high(struct pass *p)
{
    while (p->at < p->end && (unsigned char)*p->at >= 0x80 && enough(p, 4)) {
        uint32_t code;
        size_t size = utf8_character(p->at, (size_t)(p->end - p->at), &code);
        if (size == 0)
            replace_bytes(p, 1);
        else if (code == 0xFFFE || code == 0xFFFF)
            replace_forbidden(p, size, code);
        else if (p->s->decoder.is_utf8 && bad_byte_is_mark(code))
            replace_bytes(p, size);
        else
            p->at += size;
    }
}

static void clean_control(struct pass *p)
{
    switch (*p->at) {
    case '\r':
        replace(p, 1, p->at + 1 < p->end && p->at[1] == '\n' ? "" : "\n");
        break;
    case '\x1b':
        drop_escape(p, 1);
        break;
    default:
        replace_forbidden(p, 1, (unsigned char)*p->at);
    }
}

static void enter_instruction(struct pass *p)
{
    replace(p, 2, "<!--");
    p->s->surplus = 3; /* "<!--" and "-->" against "<?" and "?>" */
    p->s->mode = SCRUB_INSTRUCTION;
}

/* At "<": a tag, or the beginning of something else. */
static void clean_opening(struct pass *p)
{
    if (next_is(p, "<![CDATA[", 9)) {
        p->at += 9;
        p->s->mode = SCRUB_CDATA;
    } else if (next_is(p, "<!--", 4)) {
        p->at += 4;
        p->s->surplus = 0;
        p->s->mode = SCRUB_COMMENT;
    } else if (next_is(p, "<?", 2)) {
        enter_instruction(p);
    } else {
        p->at++;
    }
}

/* Both return false when the rest has to wait for more input. */
static bool clean_markup(struct pass *p)
{
    p->at = scrub_scan_markup(p->at, p->end);
    if (p->at == p->end)
        return true;
    if (!enough(p, LOOK_AHEAD_BYTES))
        return false;
    unsigned char c = (unsigned char)*p->at;
    if (c == '&')
        clean_reference(p);
    else if (c == '<')
        clean_opening(p);
    else if (c >= 0x80)
        clean_high(p);
    else
        clean_control(p);
    return true;
}

static bool clean_cdata(struct pass *p)
{
    p->at = scrub_scan_cdata(p->at, p->end);
    if (p->at == p->end)
        return true;
    if (!enough(p, LOOK_AHEAD_BYTES))
        return false;
    unsigned char c = (unsigned char)*p->at;
    if (c >= 0x80) {
        clean_high(p);
    } else if (c != ']') {
        clean_control(p);
    } else if (next_is(p, "]]>", 3)) {
        p->at += 3;
        p->s->mode = SCRUB_MARKUP;
    } else {
        p->at++;
    }
    return true;
}

/* Keeps line ends and the width, nothing else: what a comment says is of no use, and "--" in it would
 * end the parsing. */
static void blank(struct pass *p, const char *until)
{
    flush_run(p);
    for (; p->at < until; p->at++) {
        bool line_end = *p->at == '\n' || (*p->at == '\r' && p->at[1] != '\n');
        if (line_end)
            buf_putc(&p->s->out, '\n');
        else if (p->s->surplus)
            p->s->surplus--;
        else if (((unsigned char)*p->at & 0xC0U) != 0x80 && *p->at != '\r')
            buf_putc(&p->s->out, ' ');
    }
    p->run = p->at;
}

static bool clean_blanked(struct pass *p)
{
    bool comment = p->s->mode == SCRUB_COMMENT;
    const char *mark = comment ? "-->" : "?>";
    size_t mark_size = comment ? 3 : 2;
    size_t size = (size_t)(p->end - p->at);
    const char *close = memmem(p->at, size, mark, mark_size);
    if (close) {
        blank(p, close);
        replace(p, mark_size, "-->");
        p->s->mode = SCRUB_MARKUP;
        return true;
    }
    blank(p, p->last || size < mark_size ? (p->last ? p->end : p->at) : p->end - mark_size);
    return p->at == p->end;
}

static const char *opening_of(enum scrub_mode mode)
{
    return mode == SCRUB_CDATA ? "<![CDATA[" : "<!--";
}

static const char *closing_of(enum scrub_mode mode)
{
    return mode == SCRUB_CDATA ? "]]>" : "-->";
}

static void clean(struct pass *p)
{
    bool more = true;
    while (more && p->at < p->end) {
        switch (p->s->mode) {
        case SCRUB_MARKUP:
            more = clean_markup(p);
            break;
        case SCRUB_CDATA:
            more = clean_cdata(p);
            break;
        case SCRUB_COMMENT:
        case SCRUB_INSTRUCTION:
            more = clean_blanked(p);
            break;
        }
    }
}

/* Reads until raw holds wanted bytes or the input ends. */
static int fill(struct scrub *s, size_t wanted, struct error *err)
{
    char room[32 * 1024];
    while (!s->input_ended && s->raw.length < wanted) {
        bool direct = s->decoder.is_utf8;
        char *target = direct ? buf_reserve(&s->raw, wanted) : room;
        ssize_t got = report_input_read(s->in, target, direct ? wanted : sizeof room, err);
        if (got < 0)
            return (int)got;
        s->input_ended = got == 0;
        if (direct)
            buf_advance(&s->raw, (size_t)got);
        else
            scrub_decode(&s->decoder, &s->raw, room, (size_t)got);
    }
    if (s->input_ended)
        scrub_decode_end(&s->decoder, &s->raw);
    return 0;
}

static int start(struct scrub *s, struct error *err)
{
    size_t size;
    const char *first = report_input_peek(s->in, &size, err);
    if (!first)
        return -ERR_IO;
    scrub_decoder_init(&s->decoder, first, size);
    s->started = true;
    if (s->decoder.refusal)
        return scrub_decoder_refuse(&s->decoder, report_input_label(s->in), err);
    char mark[4];
    size_t skipped = 0;
    while (skipped < s->decoder.mark_bytes) {
        ssize_t got = report_input_read(s->in, mark, s->decoder.mark_bytes - skipped, err);
        if (got < 0)
            return (int)got;
        skipped += (size_t)got;
    }
    return 0;
}

/* Cleans what fill has read. Whether out or raw itself is the piece depends on whether anything had to be
 * changed. */
static size_t clean_piece(struct scrub *s, const char **ret_bytes)
{
    const char *raw = buf_text(&s->raw);
    struct pass p = {.s = s, .run = raw, .at = raw, .end = raw + s->raw.length, .last = s->input_ended};
    if (s->reopen)
        buf_puts(&s->out, opening_of(s->mode));
    clean(&p);
    s->raw_used = (size_t)(p.at - raw);
    bool divided = !p.last && !s->undivided && s->mode != SCRUB_MARKUP;
    bool changed = p.run != raw || s->reopen || divided;
    s->reopen = divided;
    if (changed)
        flush_run(&p);
    if (divided)
        buf_puts(&s->out, closing_of(s->mode));
    *ret_bytes = changed ? buf_text(&s->out) : raw;
    return changed ? s->out.length : s->raw_used;
}

ssize_t scrub_next(struct scrub *s, size_t wanted, const char **ret_bytes, struct error *err)
{
    size_t room = wanted > 4 * LOOK_AHEAD_BYTES ? wanted : 4 * LOOK_AHEAD_BYTES;
    int failed = s->started ? 0 : start(s, err);
    size_t size = 0;
    while (!failed && size == 0) {
        bool more = s->reopen || !s->input_ended || s->raw_used < s->raw.length;
        if (!more)
            return 0;
        buf_consume(&s->raw, s->raw_used);
        s->raw_used = 0;
        buf_clear(&s->out);
        failed = fill(s, room, err);
        if (!failed)
            size = clean_piece(s, ret_bytes);
    }
    return failed ? failed : (ssize_t)size;
}
