#include "report/junit_repair.h"

#include <string.h>

#include "base/text.h"
#include "report/junit_reference.h"
#include "report/scrub.h"

#define DOCTYPE_BEGINNING  "<!DOCTYPE"
#define ENTITY_BEGINNING   "<!ENTITY"
#define SECTION_WAIT_BYTES 65536
/* "<testsuites" as well. */
#define ROOT_BEGINNING       "<testsuite"
#define ROOT_BEGINNING_BYTES (sizeof ROOT_BEGINNING - 1)
/* Deeper is no report; the parser's own limit says so. */
#define OPEN_MAX_BYTES (4 * 1024 * 1024)

struct junit_section {
    const char *begin;
    const char *end;
};

static const struct junit_section cdata_section = {"<![CDATA[", "]]>"};
static const struct junit_section comment_section = {"<!--", "-->"};

/* The bytes still to be handled. */
struct rest {
    const char *at;
    const char *end;
};

void junit_repair_init(struct junit_repair *p, struct scrub *scrub)
{
    *p = (struct junit_repair){
        .scrub = scrub, .held = BUF_UNBOUNDED, .out = BUF_UNBOUNDED, .open = BUF_UNBOUNDED};
}

void junit_repair_release(struct junit_repair *p)
{
    buf_release(&p->held);
    buf_release(&p->out);
    buf_release(&p->open);
}

static bool next_is(const struct rest *r, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(r->end - r->at) >= size && memcmp(r->at, text, size) == 0;
}

static void take(struct junit_repair *p, struct rest *r, size_t size)
{
    buf_put(&p->out, r->at, size);
    r->at += size;
}

/* Line ends stay, so that the lines behind keep their numbers. */
static void leave_out(struct junit_repair *p, struct rest *r, const char *until)
{
    for (; r->at < until; r->at++) {
        if (*r->at == '\n')
            buf_putc(&p->out, '\n');
        p->left_out += !ascii_space(*r->at);
    }
}

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static size_t name_length(const char *text, const char *end)
{
    const char *at = text;
    while (at < end && (name_start(*at) || ascii_digit(*at) || *at == '-' || *at == '.'))
        at++;
    return (size_t)(at - text);
}

static void take_ampersand(struct junit_repair *p, struct rest *r)
{
    size_t size;
    uint32_t character;
    switch (junit_reference(r->at, r->end, &size, &character)) {
    case REFERENCE_NONE:
        buf_puts(&p->out, "&amp;");
        r->at++;
        p->repaired++;
        break;
    case REFERENCE_XML:
        take(p, r, size);
        break;
    case REFERENCE_HTML:
        scrub_put_character(&p->out, character);
        r->at += size;
        p->html_entities++;
        break;
    case REFERENCE_UNKNOWN:
        if (p->unknown_entities++ == 0)
            memcpy(p->unknown_entity, r->at, size); /* its end mark is there */
        buf_puts(&p->out, "&amp;");
        r->at++;
        take(p, r, size - 1);
        break;
    }
}

/* Whether a ">" that comes next ends a "]]>". */
static bool closes_section(const struct junit_repair *p)
{
    return p->out.length >= 2 && memcmp(p->out.bytes + p->out.length - 2, "]]", 2) == 0;
}

/* Copies up to until, with what is no markup there as references; ">" only matters in a text. */
static void take_repaired(struct junit_repair *p, struct rest *r, const char *until, bool in_text)
{
    while (r->at < until) {
        const char *plain = r->at;
        while (plain < until && *plain != '<' && *plain != '&' && !(in_text && *plain == '>'))
            plain++;
        take(p, r, (size_t)(plain - r->at));
        if (r->at == until)
            return;
        if (*r->at == '&') {
            take_ampersand(p, r);
        } else if (*r->at == '>' && !closes_section(p)) {
            take(p, r, 1);
        } else {
            buf_puts(&p->out, *r->at == '>' ? "&gt;" : "&lt;");
            r->at++;
            p->repaired++;
        }
    }
}

/* Behind the mark, or NULL when it is not there yet. */
static const char *behind(const struct rest *r, const char *mark)
{
    const char *found = memmem(r->at, (size_t)(r->end - r->at), mark, strlen(mark));
    return found ? found + strlen(mark) : NULL;
}

/* Behind the tag that begins at r->at, quotes heeded, or NULL. */
static const char *behind_tag(const struct rest *r)
{
    char quote = 0;
    for (const char *at = r->at; at < r->end; at++) {
        if (quote)
            quote = *at == quote ? 0 : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            return at + 1;
    }
    return NULL;
}

/* Behind a DOCTYPE with its internal subset, or NULL. */
static const char *behind_doctype(const struct rest *r)
{
    int brackets = 0;
    for (const char *at = r->at; at < r->end; at++) {
        brackets += (*at == '[') - (*at == ']');
        if (*at == '>' && brackets <= 0)
            return at + 1;
    }
    return NULL;
}

static void push_name(struct junit_repair *p, const char *name, size_t size)
{
    if (p->open.length + size < OPEN_MAX_BYTES) {
        buf_put(&p->open, name, size);
        buf_putc(&p->open, '\0');
        p->depth++;
    }
}

/* The innermost open name; depth must not be 0. */
static const char *top_name(const struct junit_repair *p)
{
    const char *end = p->open.bytes + p->open.length - 1;
    const char *at = end;
    while (at > p->open.bytes && at[-1])
        at--;
    return at;
}

static void pop_name(struct junit_repair *p)
{
    buf_truncate(&p->open, (size_t)(top_name(p) - p->open.bytes));
    p->depth--;
    p->root_closed = p->depth == 0;
}

static bool is_open(const struct junit_repair *p, const char *name, size_t size)
{
    const char *at = p->open.bytes;
    for (size_t i = 0; i < p->depth; i++, at += strlen(at) + 1)
        if (strlen(at) == size && memcmp(at, name, size) == 0)
            return true;
    return false;
}

static void take_start_tag(struct junit_repair *p, struct rest *r, const char *behind_it)
{
    const char *name = r->at + 1;
    size_t size = name_length(name, behind_it);
    bool empty = behind_it[-2] == '/';
    push_name(p, name, size);
    take(p, r, 1 + size);
    take_repaired(p, r, behind_it, false);
    if (empty)
        pop_name(p);
}

static bool top_is(const struct junit_repair *p, const char *name, size_t size)
{
    if (p->depth == 0)
        return false;
    const char *top = top_name(p);
    return strlen(top) == size && memcmp(top, name, size) == 0;
}

static void take_end_tag(struct junit_repair *p, struct rest *r, const char *behind_it)
{
    const char *name = r->at + 2;
    size_t size = name_length(name, behind_it);
    if (!top_is(p, name, size) && !is_open(p, name, size)) {
        r->at = behind_it;
        p->rebalanced++;
        return;
    }
    while (!top_is(p, name, size)) {
        buf_printf(&p->out, "</%s>", top_name(p));
        pop_name(p);
        p->rebalanced++;
    }
    take(p, r, (size_t)(behind_it - r->at));
    pop_name(p);
}

/* Inside a section. What is here of it becomes a section of its own when the end is not. */
static bool take_section(struct junit_repair *p, struct rest *r)
{
    const char *after = behind(r, p->section->end);
    size_t size = (size_t)(r->end - r->at);
    size_t kept = p->ended ? 0 : strlen(p->section->end) - 1;
    if (after) {
        take(p, r, (size_t)(after - r->at));
        p->section = NULL;
        return true;
    }
    take(p, r, utf8_cut(r->at, size, size > kept ? size - kept : 0));
    buf_puts(&p->out, p->section->end);
    return false;
}

/* A short one is waited for, so that columns stay what they are. */
static bool begin_section(struct junit_repair *p, struct rest *r, const struct junit_section *section)
{
    if (!p->ended && r->end - r->at < SECTION_WAIT_BYTES && !behind(r, section->end))
        return false;
    p->section = section;
    take(p, r, strlen(section->begin));
    return take_section(p, r);
}

/* At "<". False when what begins there is not all here yet. */
static bool take_markup(struct junit_repair *p, struct rest *r)
{
    if (next_is(r, cdata_section.begin))
        return begin_section(p, r, &cdata_section);
    if (next_is(r, comment_section.begin))
        return begin_section(p, r, &comment_section);
    bool doctype = next_is(r, DOCTYPE_BEGINNING);
    bool end_tag = next_is(r, "</");
    bool start_tag = r->end - r->at > 1 && name_start(r->at[1]);
    const char *after = doctype              ? behind_doctype(r)
                        : end_tag            ? behind(r, ">")
                        : start_tag          ? behind_tag(r)
                        : r->end - r->at > 9 ? r->at + 1
                                             : NULL;
    if (!after)
        return false;
    if (doctype)
        take(p, r, (size_t)(after - r->at));
    else if (end_tag)
        take_end_tag(p, r, after);
    else if (start_tag)
        take_start_tag(p, r, after);
    else
        take_repaired(p, r, after, true);
    return true;
}

/* Leaves out what stands before the report, but for a DOCTYPE that declares entities, which is to be refused;
 * false when its beginning is not here yet. */
static bool find_start(struct junit_repair *p, struct rest *r)
{
    const char *begin = r->at;
    while (begin < r->end && ascii_space(*begin))
        begin++;
    take(p, r, (size_t)(begin - r->at));
    if (r->at == r->end)
        return false;
    if (*r->at != '<' || p->left_out) { /* behind text a "<" may be of that text */
        size_t size = (size_t)(r->end - r->at);
        const char *root = memmem(r->at, size, ROOT_BEGINNING, ROOT_BEGINNING_BYTES);
        const char *entity =
            root ? memmem(r->at, (size_t)(root - r->at), ENTITY_BEGINNING, sizeof ENTITY_BEGINNING - 1)
                 : NULL;
        if (entity)
            root = memmem(r->at, (size_t)(entity - r->at), DOCTYPE_BEGINNING, sizeof DOCTYPE_BEGINNING - 1);
        const char *before = size > ROOT_BEGINNING_BYTES ? r->end - ROOT_BEGINNING_BYTES : r->at;
        leave_out(p, r, root ? root : before);
        if (!root)
            return false;
    }
    p->started = true;
    return true;
}

/* Behind the root; a second report there is more than console output. */
static void leave_out_rest(struct junit_repair *p, struct rest *r)
{
    size_t size = (size_t)(r->end - r->at);
    p->second_report |= memmem(r->at, size, ROOT_BEGINNING, ROOT_BEGINNING_BYTES) != NULL;
    if (p->ended)
        leave_out(p, r, r->end);
    else if (size > ROOT_BEGINNING_BYTES)
        leave_out(p, r, r->end - ROOT_BEGINNING_BYTES);
}

/* Up to where the text says what it is, though more will come: a reference or "]]>" may go on. */
static const char *whole_text(const struct rest *r)
{
    size_t size = (size_t)(r->end - r->at);
    const char *end = size > JUNIT_REFERENCE_MAX_BYTES ? r->end - JUNIT_REFERENCE_MAX_BYTES : r->at;
    while (end > r->at && end[-1] == ']')
        end--;
    return end;
}

static void repair(struct junit_repair *p, struct rest *r)
{
    if (!p->started && !find_start(p, r))
        return;
    if (p->section) {
        buf_puts(&p->out, p->section->begin);
        if (!take_section(p, r))
            return;
    }
    while (r->at < r->end && !p->root_closed) {
        const char *markup = memchr(r->at, '<', (size_t)(r->end - r->at));
        const char *text_end = markup ? markup : r->end;
        if (!markup && !p->ended)
            text_end = whole_text(r);
        if (p->depth)
            take_repaired(p, r, text_end, true);
        else
            leave_out(p, r, text_end);
        if (r->at != markup || !take_markup(p, r))
            break;
    }
    if (p->root_closed)
        leave_out_rest(p, r);
    else if (p->ended && r->at < r->end)
        take(p, r, (size_t)(r->end - r->at)); /* cut in here: the parser says where */
}

ssize_t junit_repair_next(struct junit_repair *p, size_t wanted, const char **ret_bytes, struct error *err)
{
    buf_clear(&p->out);
    while (p->out.length == 0 && !p->ended) {
        const char *bytes;
        size_t held = p->held.length - p->held_used;
        ssize_t size = scrub_next(p->scrub, held > wanted ? held : wanted, &bytes, err);
        if (size < 0)
            return size;
        p->ended = size == 0;
        buf_consume(&p->held, p->held_used);
        buf_put(&p->held, bytes, (size_t)size);
        const char *begin = buf_text(&p->held);
        struct rest r = {.at = begin, .end = begin + p->held.length};
        repair(p, &r);
        p->held_used = (size_t)(r.at - begin);
    }
    *ret_bytes = buf_text(&p->out);
    return (ssize_t)p->out.length;
}
