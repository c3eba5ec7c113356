/* The names in a JSON text, which need not be a good one, and the row of the table that they fit. */
#include "report/foreign.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#define DEPTH_MAXIMUM    64 /* of containers; what is deeper says nothing about the format */
#define NAME_DEPTH       4  /* names that stand around each other, itself included */
#define NAME_MAXIMUM     64 /* bytes; longer ones are data, such as a path */
#define DISTINCT_MAXIMUM 4000

struct container {
    size_t path_length;
    int names; /* around what it holds */
    bool is_object;
};

struct name_scan {
    const char *at;
    const char *end;
    struct container open[DEPTH_MAXIMUM];
    size_t depth;
    struct buf path; /* of the value at hand */
    struct json_names *found;
};

static void put_name(struct json_names *found, const char *name)
{
    if (found->names.count < DISTINCT_MAXIMUM)
        intern_put(&found->names, name);
}

/* A name in the innermost object. */
static void take_name(struct name_scan *s, const char *name, size_t size)
{
    const struct container *in = &s->open[s->depth - 1];
    buf_truncate(&s->path, in->path_length);
    if (in->names >= NAME_DEPTH)
        return;
    if (in->path_length)
        buf_putc(&s->path, '.');
    size_t own = s->path.length;
    if (size <= NAME_MAXIMUM)
        buf_put(&s->path, name, size);
    else
        buf_putc(&s->path, '?');
    put_name(s->found, buf_text(&s->path));
    if (in->names != 1)
        return;
    _cleanup_(buf_release) struct buf any = BUF_UNBOUNDED;
    buf_puts(&any, "*.");
    buf_put(&any, s->path.bytes + own, s->path.length - own);
    put_name(s->found, buf_text(&any));
}

/* Behind the string whose quotation mark is at hand; a name when ':' follows. */
static void pass_string(struct name_scan *s)
{
    const char *begin = ++s->at;
    while (s->at < s->end && *s->at != '"')
        s->at += *s->at == '\\' && s->at + 1 < s->end ? 2 : 1;
    if (s->at >= s->end)
        return;
    size_t size = (size_t)(s->at++ - begin);
    while (s->at < s->end && ascii_space(*s->at))
        s->at++;
    if (s->at < s->end && *s->at == ':' && s->depth > 0 && s->open[s->depth - 1].is_object)
        take_name(s, begin, size);
}

static void open_container(struct name_scan *s, bool is_object)
{
    if (s->depth == 0) {
        buf_clear(&s->path);
        s->found->roots++;
    }
    if (s->depth == DEPTH_MAXIMUM) {
        s->at = s->end;
        return;
    }
    const struct container *around = s->depth ? &s->open[s->depth - 1] : NULL;
    int names = around ? around->names + around->is_object : 0;
    s->open[s->depth++] =
        (struct container){.path_length = s->path.length, .names = names, .is_object = is_object};
}

/* A comment, which JSON does not have and configurations do. */
static void pass_comment(struct name_scan *s)
{
    const char *mark = s->end - s->at > 1 && s->at[1] == '*' ? "*/" : "\n";
    const char *close = memmem(s->at, (size_t)(s->end - s->at), mark, strlen(mark));
    s->at = close ? close + strlen(mark) : s->end;
}

static void pass_one(struct name_scan *s)
{
    switch (*s->at) {
    case '"':
        pass_string(s);
        return;
    case '/':
        pass_comment(s);
        return;
    case '{':
    case '[':
        open_container(s, *s->at == '{');
        break;
    case '}':
    case ']':
        if (s->depth > 0)
            buf_truncate(&s->path, s->open[--s->depth].path_length);
        break;
    default:
        break;
    }
    if (s->at < s->end)
        s->at++;
}

void json_names_init(struct json_names *names, const char *text, size_t size)
{
    *names = (struct json_names){.names = INTERN_INIT};
    struct name_scan s = {.at = text, .end = text + size, .path = BUF_UNBOUNDED, .found = names};
    while (s.at < s.end)
        pass_one(&s);
    buf_release(&s.path);
}

void json_names_release(struct json_names *names)
{
    intern_release(&names->names);
}

static bool fits(const struct json_names *names, const struct foreign_json *row)
{
    for (size_t i = 0; i < FOREIGN_NAMES && row->names[i]; i++)
        if (intern_find(&names->names, row->names[i]) == INTERN_NONE)
            return false;
    return true;
}

const struct foreign *foreign_of_json(const struct json_names *names)
{
    for (const struct foreign_json *row = foreign_json_table; row->names[0]; row++)
        if (fits(names, row))
            return &row->is;
    return NULL;
}
