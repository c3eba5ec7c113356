#include "sync/step_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"

static void put_character(struct buf *out, const char *text)
{
    switch (*text) {
    case '&':
        buf_puts(out, "&amp;");
        break;
    case '<':
        buf_puts(out, "&lt;");
        break;
    case '>':
        buf_puts(out, "&gt;");
        break;
    case '\n':
        buf_puts(out, "<br/>");
        break;
    case '[':
        buf_puts(out, text[1] == '~' ? "[ " : "[");
        break;
    default:
        buf_putc(out, *text);
    }
}

void html_text_put(struct buf *out, const char *text)
{
    _cleanup_free_ char *clean = text_printable_lines(text, strlen(text));
    text_cut_url_users(clean);
    for (const char *c = clean; *c; c++)
        put_character(out, c);
}

static void put_line(struct buf *out, const char *label, const char *text)
{
    if (text_empty(text))
        return;
    if (out->length)
        buf_puts(out, "<br/>");
    buf_puts(out, label);
    html_text_put(out, text);
}

static void put_path(struct buf *out, const struct test_step *step)
{
    if (text_empty(step->nested_path))
        return;
    html_text_put(out, step->nested_path);
    buf_puts(out, " &gt; ");
}

char *step_design_text(const struct test_step *step)
{
    struct buf out = BUF_UNBOUNDED;
    put_path(&out, step);
    html_text_put(&out, step->design_description ? step->design_description : step->description);
    put_line(&out, "Comments: ", step->comment);
    put_line(&out, "Failure behavior: ", step->failure_behavior);
    put_line(&out, "Screenshot: ", step->screenshot_setting);
    if (step->timeout_ms >= 0)
        buf_printf(&out, "<br/>Timeout: %" PRId64 "ms", step->timeout_ms);
    return buf_take(&out);
}

char *step_expected_text(const struct test_step *step)
{
    struct buf out = BUF_UNBOUNDED;
    html_text_put(&out, text_empty(step->expected) ? (step->inverted ? "Fail" : "Pass") : step->expected);
    return buf_take(&out);
}

static void put_pairs(struct buf *out, const char *label, const struct name_value *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        _cleanup_free_ char *line =
            xasprintf("%s = %s", pairs[i].name ? pairs[i].name : "?", pairs[i].value ? pairs[i].value : "");
        put_line(out, label, line);
    }
}

char *step_actual_text(const struct test_step *step)
{
    struct buf out = BUF_UNBOUNDED;
    html_text_put(&out, step->description);
    put_line(&out, "Element: ", step->element);
    put_pairs(&out, "Input: ", step->inputs, step->input_count);
    put_pairs(&out, "Output: ", step->outputs, step->output_count);
    if (step->healed)
        put_line(&out, "", "Healed: the element was found by another locator");
    put_line(&out, "", step->message);
    return buf_take(&out);
}
