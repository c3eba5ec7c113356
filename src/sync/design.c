#include "sync/design.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "qtest/objects.h"
#include "sync/step_text.h"

bool design_known(const struct test_result *result)
{
    return result->step_count > 0 || !text_empty(result->description) || !text_empty(result->application);
}

char *design_description(const struct test_result *result)
{
    struct buf out = BUF_UNBOUNDED;
    if (!text_empty(result->application))
        html_text_put(&out, result->application);
    if (out.length && !text_empty(result->description))
        buf_puts(&out, "<br/>");
    if (!text_empty(result->description))
        html_text_put(&out, result->description);
    return buf_take(&out);
}

static bool only_markup(const char *tag)
{
    return ascii_alnum(tag[1]) || tag[1] == '/' || tag[1] == '!';
}

/* Tags become a blank each; what merely looks like one ("a < b") stays. */
static char *without_tags(const char *html)
{
    struct buf out = BUF_UNBOUNDED;
    while (*html) {
        const char *end = *html == '<' && only_markup(html) ? strchr(html, '>') : NULL;
        buf_putc(&out, end ? ' ' : *html);
        html = end ? end + 1 : html + 1;
    }
    return buf_take(&out);
}

static bool blank_at(const char *c, size_t *ret_length)
{
    *ret_length = strncmp(c, "\xC2\xA0", 2) == 0 ? 2 : 1; /* &nbsp; */
    return *ret_length == 2 || ascii_space(*c);
}

char *design_plain_text(const char *html)
{
    _cleanup_free_ char *bare = without_tags(html ? html : "");
    _cleanup_free_ char *text = html_unescape(bare);
    struct buf out = BUF_UNBOUNDED;
    size_t length;
    for (const char *c = text; *c; c += length) {
        if (!blank_at(c, &length))
            buf_putc(&out, *c);
        else if (out.length && out.bytes[out.length - 1] != ' ')
            buf_putc(&out, ' ');
    }
    while (out.length && out.bytes[out.length - 1] == ' ')
        buf_truncate(&out, out.length - 1);
    return buf_take(&out);
}

static bool same_text(const char *wanted_html, const char *shown_html)
{
    _cleanup_free_ char *wanted = design_plain_text(wanted_html);
    _cleanup_free_ char *shown = design_plain_text(shown_html);
    return strcmp(wanted, shown) == 0;
}

/* Steps come in the order of their numbers, but nobody promises it. */
static const cJSON *step_at(const cJSON *steps, size_t position)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, steps)
    {
        int64_t order;
        if (json_int64(item, "order", &order) && order == (int64_t)position + 1)
            return item;
    }
    return cJSON_GetArrayItem(steps, (int)position);
}

static bool same_steps(const struct test_result *result, const cJSON *steps)
{
    if (!cJSON_IsArray(steps))
        return true; /* not said: writing them each time would make a version each time */
    if ((size_t)cJSON_GetArraySize(steps) != result->step_count)
        return false;
    for (size_t i = 0; i < result->step_count; i++) {
        const cJSON *shown = step_at(steps, i);
        _cleanup_free_ char *design = step_design_text(&result->steps[i]);
        _cleanup_free_ char *expected = step_expected_text(&result->steps[i]);
        if (!same_text(design, json_text(shown, "description")) ||
            !same_text(expected, json_text(shown, "expected")))
            return false;
    }
    return true;
}

bool design_equals(const struct test_result *result, const cJSON *test_case)
{
    _cleanup_free_ char *description = design_description(result);
    const char *shown = json_text(test_case, "description");
    if (*description && shown && !same_text(description, shown))
        return false;
    return result->step_count == 0 || same_steps(result, json_member(test_case, "test_steps"));
}

static void put_steps(struct json_writer *w, const struct test_result *result)
{
    if (result->step_count == 0)
        return;
    json_array(w, "test_steps");
    for (size_t i = 0; i < result->step_count; i++) {
        _cleanup_free_ char *design = step_design_text(&result->steps[i]);
        _cleanup_free_ char *expected = step_expected_text(&result->steps[i]);
        json_object(w, NULL);
        json_string(w, "description", design);
        json_string(w, "expected", expected);
        json_integer(w, "order", (int64_t)i + 1); /* from 1 here, unlike in step logs (sections 3.5, 4.6) */
        json_end(w);
    }
    json_end(w);
}

void design_body(const struct test_result *result, const char *name, struct buf *out)
{
    _cleanup_free_ char *description = design_description(result);
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, NULL);
    json_string(&w, "name", name);
    json_array(&w, "properties"); /* required by the schema; empty changes none */
    json_end(&w);
    if (*description)
        json_string(&w, "description", description);
    put_steps(&w, result);
    json_end(&w);
}
