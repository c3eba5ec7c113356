#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/dates.h"
#include "sandbox/html.h"
#include "sandbox/page_html.h"
#include "sandbox/statuses.h"

#define POLICY                                                                                               \
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "            \
    "frame-ancestors 'none'"

void page_raw(struct call *c, const char *html)
{
    buf_puts(&c->answer->body, html);
}

void page_text(struct call *c, const char *text)
{
    page_raw(c, "<bdi>");
    html_escape(&c->answer->body, text);
    page_raw(c, "</bdi>");
}

void page_html_text(struct call *c, const char *html)
{
    _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
    html_to_text(&text, html);
    page_raw(c, "<span class=\"lines\" dir=\"auto\">");
    html_escape(&c->answer->body, buf_text(&text));
    page_raw(c, "</span>");
}

void page_number(struct call *c, int64_t number)
{
    buf_printf(&c->answer->body, "%lld", (long long)number);
}

void page_instant(struct call *c, int64_t instant_ms)
{
    char text[DATE_TEXT_SIZE];
    date_write_page(instant_ms, text);
    page_raw(c, "<time>");
    page_raw(c, text);
    page_raw(c, "</time>");
}

static void open_link(struct call *c, enum object_kind kind, int64_t id)
{
    const struct object_kind_info *info = object_kind_info(kind);
    buf_printf(&c->answer->body, "<a href=\"/p/%lld/portal/project?tab=%s&amp;object=%d&amp;id=%lld\">",
               (long long)c->project, info->tab, info->page_object, (long long)id);
}

void page_link(struct call *c, enum object_kind kind, int64_t id, const char *text)
{
    open_link(c, kind, id);
    page_text(c, text_empty(text) ? "(no name)" : text);
    page_raw(c, "</a>");
}

void page_status(struct call *c, int64_t status)
{
    const char *name = status_name(status);
    buf_printf(&c->answer->body, "<span class=\"status s%lld\">%s</span>", (long long)status,
               name ? name : "Unknown");
}

void page_fact(struct call *c, const char *label, const char *text)
{
    if (text_empty(text))
        return;
    page_raw(c, "<dt>");
    page_raw(c, label);
    page_raw(c, "</dt><dd class=\"lines\">");
    page_text(c, text);
    page_raw(c, "</dd>\n");
}

void page_fact_html(struct call *c, const char *label, const char *html)
{
    if (text_empty(html))
        return;
    page_raw(c, "<dt>");
    page_raw(c, label);
    page_raw(c, "</dt><dd>");
    page_html_text(c, html);
    page_raw(c, "</dd>\n");
}

char *page_pid(enum object_kind kind, int64_t pid)
{
    return xasprintf("%s-%lld", object_kind_info(kind)->prefix, (long long)pid);
}

static void write_navigation(struct call *c)
{
    page_raw(c, "<nav aria-label=\"Site\"><a href=\"/\">Projects</a>");
    if (c->project) {
        _cleanup_free_ char *name =
            store_text(c->store, "SELECT name FROM projects WHERE id = ?", "i", c->project);
        page_raw(c, "<strong>");
        page_text(c, name);
        buf_printf(&c->answer->body,
                   "</strong><a href=\"/p/%lld/portal/project?tab=testdesign\">Test Design</a>"
                   "<a href=\"/p/%lld/portal/project?tab=testexecution\">Test Execution</a>",
                   (long long)c->project, (long long)c->project);
    }
    page_raw(c, "</nav>\n");
}

void page_begin(struct call *c, const char *title)
{
    c->answer->content_type = "text/html; charset=utf-8";
    answer_set_header(c->answer, "Content-Security-Policy", POLICY);
    answer_set_header(c->answer, "X-Content-Type-Options", "nosniff");
    answer_set_header(c->answer, "Referrer-Policy", "no-referrer");
    page_raw(c, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_escape(&c->answer->body, title);
    page_raw(c, " - qTest sandbox</title>\n<link rel=\"icon\" href=\"/icon.svg\">\n"
                "<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n");
    write_navigation(c);
    page_raw(c, "<main>\n<h1>");
    page_text(c, title);
    page_raw(c, "</h1>\n");
}

void page_end(struct call *c)
{
    page_raw(c, "</main>\n<footer>qtest-sandbox, a local stand-in for qTest Manager. Times are "
                "UTC.</footer>\n</body>\n</html>\n");
}

void page_attachments(struct call *c, enum object_kind kind, int64_t object)
{
    _cleanup_(rows_close) struct rows r = rows_open(
        c->store, "SELECT id, name, length(data) FROM attachments WHERE object = ? AND kind = ? ORDER BY id",
        "id", object, (int)kind);
    bool any = false;
    while (rows_next(&r)) {
        page_raw(c, any ? "" : "<ul class=\"files\">");
        any = true;
        buf_printf(&c->answer->body, "<li><a href=\"/p/%lld/attachments/%lld\">", (long long)c->project,
                   (long long)rows_int(&r, 0));
        page_text(c, rows_text(&r, 1));
        buf_printf(&c->answer->body, "</a> %lld bytes</li>", (long long)rows_int(&r, 2));
    }
    page_raw(c, any ? "</ul>\n" : "");
}
