#include "base/memory.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/page_html.h"
#include "sandbox/pages.h"

static const char style[] =
    ":root { color-scheme: light dark; --line: #8886; --soft: #8881; }\n"
    "body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 0 1rem 3rem; }\n"
    "nav { display: flex; gap: 1.2rem; padding: .8rem 0; border-bottom: 1px solid var(--line); flex-wrap: "
    "wrap; }\n"
    "h1 { font-size: 1.6rem; overflow-wrap: anywhere; }\nh2 { font-size: 1.2rem; margin-top: 2rem; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid "
    "var(--line); "
    "overflow-wrap: anywhere; }\n"
    "th { overflow-wrap: normal; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; }\ndt { font-weight: 600; "
    "}\n"
    "dd { margin: 0; overflow-wrap: anywhere; }\n.lines { white-space: pre-wrap; }\n"
    "ul.tree, ul.tree ul { list-style: none; padding-inline-start: 1.4rem; border-inline-start: 1px solid "
    "var(--line); }\n"
    ".kind { color: GrayText; font-size: .85em; margin-inline-end: .4em; }\n"
    ".status { padding: 0 .5em; border-radius: .3em; color: #fff; background: #60646c; white-space: nowrap; "
    "}\n"
    ".s601 { background: #18794e; }\n.s602 { background: #ce2c31; }\n.s603 { background: #ab6400; }\n"
    ".s604 { background: #793aaf; }\nsvg.summary { max-width: 100%; height: auto; margin: 1rem 0; }\n"
    "article { border: 1px solid var(--line); border-radius: .5rem; padding: .2rem 1rem 1rem; margin: 1rem "
    "0; }\n"
    "footer { margin-top: 3rem; color: GrayText; font-size: .85rem; }\n";

static const char icon[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><rect width=\"16\" height=\"16\" "
    "rx=\"3\" fill=\"#18794e\"/><path d=\"M4 8.5l3 3 5-6\" fill=\"none\" stroke=\"#fff\" "
    "stroke-width=\"2\"/></svg>";

void pages_style(struct call *c)
{
    c->answer->content_type = "text/css; charset=utf-8";
    buf_puts(&c->answer->body, style);
}

void pages_icon(struct call *c)
{
    c->answer->content_type = "image/svg+xml";
    buf_puts(&c->answer->body, icon);
}

void pages_home(struct call *c)
{
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store,
                  "SELECT p.id, p.name, p.automation, (SELECT count(*) FROM cases WHERE "
                  "project = p.id), (SELECT count(*) FROM runs WHERE project = p.id) FROM "
                  "projects p ORDER BY p.id",
                  "");
    page_begin(c, "Projects");
    page_raw(c, "<table><thead><tr><th scope=\"col\">Project</th><th scope=\"col\">Id</th><th "
                "scope=\"col\">Automation</th>"
                "<th scope=\"col\">Test cases</th><th scope=\"col\">Test runs</th></tr></thead><tbody>\n");
    while (rows_next(&r)) {
        buf_printf(&c->answer->body, "<tr><td><a href=\"/p/%lld/portal/project?tab=testexecution\">",
                   (long long)rows_int(&r, 0));
        page_text(c, rows_text(&r, 1));
        buf_printf(&c->answer->body, "</a></td><td>%lld</td><td>%s</td><td>%lld</td><td>%lld</td></tr>\n",
                   (long long)rows_int(&r, 0), rows_int(&r, 2) ? "on" : "off", (long long)rows_int(&r, 3),
                   (long long)rows_int(&r, 4));
    }
    page_raw(c, "</tbody></table>\n");
    page_end(c);
}

static enum object_kind kind_of_number(int64_t number)
{
    for (int i = OBJECT_RELEASE; i <= OBJECT_DEFECT; i++)
        if (object_kind_info((enum object_kind)i)->page_object == number)
            return (enum object_kind)i;
    return OBJECT_NONE;
}

static void not_there(struct call *c)
{
    page_begin(c, "Not found");
    page_raw(c, "<p>There is no such object, or it was deleted.</p>\n");
    page_end(c);
    c->answer->status = 404;
}

static void show_object(struct call *c, enum object_kind kind, int64_t id)
{
    switch (kind) {
    case OBJECT_CYCLE:
        page_cycle(c, id);
        break;
    case OBJECT_SUITE:
        page_suite(c, id);
        break;
    case OBJECT_RUN:
        page_run(c, id);
        break;
    case OBJECT_MODULE:
        page_module(c, id);
        break;
    case OBJECT_CASE:
        page_case(c, id);
        break;
    default:
        page_artifact(c, kind, id);
    }
}

void pages_project(struct call *c)
{
    int64_t number = 0, id = 0;
    bool given = request_param_int(c->request, "object", &number) && request_param_int(c->request, "id", &id);
    enum object_kind kind = given ? kind_of_number(number) : OBJECT_NONE;
    if (!given && text_equal(request_param(c->request, "tab"), "testdesign"))
        page_design_tree(c);
    else if (!given)
        page_execution_tree(c);
    else if (kind == OBJECT_NONE || !object_exists(c->store, kind, c->project, id, c->now_ms))
        not_there(c);
    else
        show_object(c, kind, id);
}

/* Only pictures and plain text are shown as what they claim to be; all else is a download of no type. */
static const char *safe_type(const char *type)
{
    static const char *const safe[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};
    for (size_t i = 0; i < ARRAY_SIZE(safe); i++)
        if (text_equal_nocase(type, safe[i]))
            return safe[i];
    return text_equal_nocase(type, "text/plain") ? "text/plain; charset=utf-8" : "application/octet-stream";
}

void pages_attachment(struct call *c)
{
    int64_t id;
    size_t size;
    if (!call_arg_id(c, 0, &id))
        return;
    _cleanup_(rows_close) struct rows r =
        rows_open(c->store, "SELECT content_type, data FROM attachments WHERE id = ? AND project = ?", "ii",
                  id, c->project);
    if (!rows_next(&r)) {
        not_there(c);
        return;
    }
    c->answer->content_type = safe_type(rows_text(&r, 0));
    answer_set_header(c->answer, "X-Content-Type-Options", "nosniff");
    answer_set_header(c->answer, "Content-Security-Policy", "default-src 'none'; sandbox");
    if (text_equal(c->answer->content_type, "application/octet-stream"))
        answer_set_header(c->answer, "Content-Disposition", "attachment");
    const void *bytes = rows_blob(&r, 1, &size);
    buf_put(&c->answer->body, bytes, size);
}
