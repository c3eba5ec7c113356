#include "sync/contents.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "sync/content_template.h"
#include "sync/identity.h"

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

static int refuse_empty(const char *pattern, const struct test_result *result, struct error *err)
{
    _cleanup_free_ char *label = test_label(result);
    return error_set(err, ERR_USAGE,
                     "the test '%s' has nothing of what --automation-content '%s' asks for; use another "
                     "pattern, such as '{classname}#{name}'",
                     label, pattern);
}

static int refuse_shared(const char *pattern, const struct test_result *result,
                         const struct test_result *first, const char *content, struct error *err)
{
    const char *lacking = content_template_lacks(pattern, first, result);
    _cleanup_free_ char *one = test_label(first);
    _cleanup_free_ char *other = test_label(result);
    _cleanup_free_ char *shown = text_excerpt(content, SHOWN_MAX_BYTES);
    _cleanup_free_ char *advice =
        lacking ? xasprintf("add %s to it", lacking) : xstrdup("use a pattern that tells them apart");
    return error_set(
        err, ERR_USAGE,
        "--automation-content '%s' makes the tests '%s' and '%s' one test case, with the content "
        "'%s'; %s",
        pattern, one, other, shown, advice);
}

struct seen {
    uint64_t content;
    uint64_t test; /* a hash of its case key */
    uint32_t number;
};

static int by_content_and_number(const void *a, const void *b)
{
    const struct seen *x = a;
    const struct seen *y = b;
    if (x->content != y->content)
        return x->content > y->content ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

static int see_all(const char *pattern, struct store *store, struct seen *seen, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    for (size_t i = 0; i < store->count; i++) {
        bool empty;
        int r = store_read(store, i, &record, err);
        if (r < 0)
            return r;
        _cleanup_free_ char *content = content_template_fill(pattern, &record.result, &empty);
        if (empty)
            return refuse_empty(pattern, &record.result, err);
        _cleanup_free_ char *key = identity_case_key(&record.result);
        seen[i] = (struct seen){.content = hash_for_table(content, strlen(content)),
                                .test = hash_for_table(key, strlen(key)),
                                .number = (uint32_t)i};
    }
    return 0;
}

static int refuse(const char *pattern, struct store *store, uint32_t first, uint32_t number,
                  struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(record_release) struct record of_first = RECORD_INIT;
    _cleanup_(buf_release) struct buf kept = BUF_UNBOUNDED; /* what is read first lasts until the next */
    bool empty;
    int r = store_read(store, first, &record, err);
    if (r < 0)
        return r;
    record_encode(&kept, &record.result);
    if (!record_decode(&of_first, kept.bytes, kept.length))
        return error_set(err, ERR_INTERNAL, "result %" PRIu32 " of the store cannot be read back", first);
    r = store_read(store, number, &record, err);
    if (r < 0)
        return r;
    _cleanup_free_ char *content = content_template_fill(pattern, &record.result, &empty);
    return refuse_shared(pattern, &record.result, &of_first.result, content, err);
}

int contents_check(struct store *store, const char *pattern, struct error *err)
{
    const struct seen *clash = NULL; /* the first that has the content of another test */
    uint32_t first = 0;
    if (text_empty(pattern) || store->count == 0)
        return 0;
    _cleanup_free_ struct seen *seen = xreallocarray(NULL, store->count, sizeof *seen);
    int r = see_all(pattern, store, seen, err);
    if (r < 0)
        return r;
    qsort(seen, store->count, sizeof *seen, by_content_and_number);
    for (size_t i = 1, begin = 0; i < store->count; i++) {
        if (seen[i].content != seen[begin].content)
            begin = i;
        if (seen[i].test == seen[begin].test || (clash && clash->number < seen[i].number))
            continue;
        clash = &seen[i];
        first = seen[begin].number;
    }
    return clash ? refuse(pattern, store, first, clash->number, err) : 0;
}
