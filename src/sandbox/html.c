#include <stdbool.h>
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

/* Whether the tag at '<' is one that formats text; what else stands in brackets is shown as it is. */
static bool formats_text(const char *at)
{
    static const char *const names[] = {"p",   "br", "b",  "i",     "u",     "em",   "strong", "span",
                                        "div", "ul", "ol", "li",    "pre",   "code", "a",      "h1",
                                        "h2",  "h3", "h4", "hr",    "font",  "sub",  "sup",    "img",
                                        "tr",  "td", "th", "table", "tbody", "thead"};
    const char *name = at + (at[1] == '/' ? 2 : 1);
    size_t length = 0;
    while (ascii_alnum(name[length]))
        length++;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
            return true;
    return false;
}

static const char *put_tag(struct buf *out, const char *at)
{
    const char *end = strchr(at, '>');
    if (!end || !formats_text(at)) {
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
