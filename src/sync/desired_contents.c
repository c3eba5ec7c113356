/* Contents after a pattern of the user's that do not tell the tests of the upload apart. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sync/content_template.h"
#include "sync/desired.h"

#define SHOWN_MAX_BYTES 200

/* What tells it apart from others, for a person. The caller frees. */
static char *test_label(const struct test_result *result)
{
    const char *class_name = result->class_name ? result->class_name : result->suite_name;
    struct buf label = BUF_UNBOUNDED;
    for (size_t i = 0; i < result->folder_count; i++)
        buf_printf(&label, "%s/", result->folders[i]);
    if (result->folder_count == 0 && class_name)
        buf_printf(&label, "%s#", class_name);
    buf_puts(&label, result->name);
    if (result->test_id)
        buf_printf(&label, " (%s)", result->test_id);
    char *excerpt = text_excerpt(buf_text(&label), SHOWN_MAX_BYTES);
    buf_release(&label);
    return excerpt;
}

static int refuse_empty(const struct desired *d, const struct test_result *result, struct error *err)
{
    _cleanup_free_ char *label = test_label(result);
    return error_set(err, ERR_USAGE,
                     "the test '%s' has nothing of what --automation-content '%s' asks for; use another "
                     "pattern, such as '{classname}#{name}'",
                     label, d->options.content_template);
}

static int refuse_shared(const struct desired *d, const struct test_result *result,
                         const struct test_result *first, const char *content, struct error *err)
{
    const char *lacking = content_template_lacks(d->options.content_template, first, result);
    _cleanup_free_ char *one = test_label(first);
    _cleanup_free_ char *other = test_label(result);
    _cleanup_free_ char *shown = text_excerpt(content, SHOWN_MAX_BYTES);
    _cleanup_free_ char *advice =
        lacking ? xasprintf("add %s to it", lacking) : xstrdup("use a pattern that tells them apart");
    return error_set(
        err, ERR_USAGE,
        "--automation-content '%s' makes the tests '%s' and '%s' one test case, with the content "
        "'%s'; %s",
        d->options.content_template, one, other, shown, advice);
}

/* test_of_case: a hash of the case key of the first test of each case, 0: none of it was met. */
static int check_entry(const struct desired *d, uint32_t number, uint64_t *test_of_case,
                       struct record *record, struct error *err)
{
    int r = store_read(d->store, number, record, err);
    if (r < 0)
        return r;
    uint32_t case_number = store_entry(d->store, number)->case_number;
    bool empty;
    _cleanup_free_ char *content =
        content_template_fill(d->options.content_template, &record->result, &empty);
    if (empty)
        return refuse_empty(d, &record->result, err);
    _cleanup_free_ char *key = identity_case_key(&record->result);
    uint64_t test = desired_content_hash(key);
    if (test_of_case[case_number] == 0)
        test_of_case[case_number] = test;
    if (test_of_case[case_number] == test)
        return 0;
    size_t count;
    _cleanup_(record_release) struct record of_first = RECORD_INIT;
    r = store_read(d->store, *desired_entries_of_case(d, case_number, &count), &of_first, err);
    return r < 0 ? r : refuse_shared(d, &record->result, &of_first.result, content, err);
}

int desired_check_contents(const struct desired *d, struct error *err)
{
    if (text_empty(d->options.content_template))
        return 0;
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_free_ uint64_t *test_of_case = xcalloc(d->case_count, sizeof *test_of_case);
    int r = 0;
    for (size_t i = 0; r == 0 && i < d->store->count; i++)
        r = check_entry(d, (uint32_t)i, test_of_case, &record, err);
    return r;
}
