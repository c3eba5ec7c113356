#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sandbox/html.h"

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void escape_some(struct buf *out, const char *text, const char *which)
{
    while (text && *text) {
        size_t plain = strcspn(text, which);
        buf_put(out, text, plain);
        text += plain;
        if (*text)
            buf_puts(out, entity_of(*text++));
    }
}

void html_escape(struct buf *out, const char *text)
{
    escape_some(out, text, "&<>\"'");
}

void html_escape_brackets(struct buf *out, const char *text)
{
    escape_some(out, text, "<>");
}

static const char *put_tag(struct buf *out, const char *at)
{
    const char *end = strchr(at, '>');
    if (!end || !(ascii_alnum(at[1]) || at[1] == '/' || at[1] == '!')) {
        buf_putc(out, '<');
        return at + 1;
    }
    if (strncasecmp(at, "<br", 3) == 0 || strncasecmp(at, "</p", 3) == 0 || strncasecmp(at, "</div", 5) == 0)
        buf_putc(out, '\n');
    return end + 1;
}

static const char *put_entity(struct buf *out, const char *at)
{
    static const struct {
        const char *entity;
        const char *text;
    } known[] = {{"&amp;", "&"}, {"&lt;", "<"},   {"&gt;", ">"},  {"&quot;", "\""},
                 {"&#39;", "'"}, {"&apos;", "'"}, {"&nbsp;", " "}};
    for (size_t i = 0; i < ARRAY_SIZE(known); i++)
        if (text_starts(at, known[i].entity)) {
            buf_puts(out, known[i].text);
            return at + strlen(known[i].entity);
        }
    buf_putc(out, '&');
    return at + 1;
}

void html_to_text(struct buf *out, const char *html)
{
    while (html && *html) {
        size_t plain = strcspn(html, "<&");
        buf_put(out, html, plain);
        html += plain;
        if (*html == '<')
            html = put_tag(out, html);
        else if (*html == '&')
            html = put_entity(out, html);
    }
}
