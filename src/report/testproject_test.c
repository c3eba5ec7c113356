#include "report/testproject_test.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/json_kind.h"
#include "report/target.h"
#include "report/testproject_junit.h"
#include "report/testproject_leaf.h"
#include "report/testproject_rows.h"
#include "report/testproject_value.h"

#define TAG_MAXIMUM 200

/* "Web/Login" is two folders; a list's items are one each. */
static void read_folders(struct testproject_reader *reader, cJSON *value, struct test_result *common)
{
    bool path = !json_is_list(value);
    size_t count = 0;
    const char *text = path ? value_trimmed(reader, value) : NULL;
    size_t most = path ? (text ? strlen(text) / 2 + 1 : 0) : value_count(value);
    const char **folders = arena_array(&reader->scratch, most, sizeof *folders);
    if (path && text) {
        for (const char *at = text; *at;) {
            size_t length = strcspn(at, "/");
            if (length > 0)
                folders[count++] = arena_text(&reader->scratch, at, length);
            at += length + (at[length] == '/');
        }
    }
    for (cJSON *item = path ? NULL : value_first(value); item; item = value_next(value, item)) {
        const char *name = value_trimmed(reader, item);
        if (name)
            folders[count++] = name;
    }
    common->folders = folders;
    common->folder_count = count;
}

static void read_tags(struct testproject_reader *reader, cJSON *value)
{
    for (cJSON *item = value_first(value); item; item = value_next(value, item)) {
        const char *tag = value_trimmed(reader, item);
        if (tag && reader->meta->tags.count < TAG_MAXIMUM)
            text_list_add_new(&reader->meta->tags, tag);
    }
}

static const char *application_text(struct testproject_reader *reader, cJSON *value)
{
    const char *name = value_reference(reader, value, REFERENCE_NAME);
    const char *url = value_reference(reader, value, REFERENCE_URL);
    if (name && url)
        return arena_printf(&reader->scratch, "%s (%s)", name, url);
    return value_trimmed(reader, value);
}

/* Identity: only testId and test.id are one; a bare id may be the id of the result. */
static int read_common(struct testproject_reader *reader, const struct fields *fields,
                       struct test_result *common)
{
    cJSON *reference = fields->at[NODE_TEST];
    common->line = reader->line;
    common->name = value_trimmed(reader, fields->at[NODE_NAME]);
    if (!common->name)
        common->name = value_trimmed(reader, reference);
    if (!common->name) {
        reader->damaged = true;
        return reader_fail(reader, ERR_REPORT,
                           "the test has no name, so that nobody could tell what was tested; give it one, or "
                           "leave such tests out with --salvage");
    }
    common->test_id = value_trimmed(reader, fields->at[NODE_TEST_ID]);
    if (!common->test_id)
        common->test_id = value_reference(reader, reference, REFERENCE_ID);
    common->description = value_trimmed(reader, fields->at[NODE_DESCRIPTION]);
    common->application = application_text(reader, fields->at[NODE_APPLICATION]);
    read_folders(reader, fields->at[NODE_FOLDERS], common);
    read_tags(reader, fields->at[NODE_TAGS]);
    return 0;
}

/* "Chrome 94.0.4606.81": the name; or browser and version; or the device's model. */
static const char *target_text(struct testproject_reader *reader, const struct fields *fields, bool of_test)
{
    const char *name = value_trimmed(reader, fields->at[NODE_TARGET_NAME]);
    if (!name && !of_test)
        name = value_trimmed(reader, fields->at[NODE_NAME]);
    if (fields->at[NODE_TARGET_NAME] && name)
        return name;
    const char *version = value_trimmed(reader, fields->at[NODE_VERSION]);
    if (!name)
        name = value_trimmed(reader, fields->at[NODE_BROWSER]);
    else if (!target_is_browser(name) || strpbrk(name, "0123456789"))
        version = NULL;
    if (!name)
        return of_test ? NULL : value_trimmed(reader, fields->at[NODE_MODEL]);
    return version ? arena_printf(&reader->scratch, "%s %s", name, version) : name;
}

static int add_target(struct testproject_reader *reader, const struct leaf *leaf, const char *target,
                      struct results *results)
{
    const struct leaf *around = leaf->around;
    struct test_result base = results->common;
    base.target = target ? target : reader->options->target;
    cJSON *rows = leaf->fields.at[NODE_ITERATIONS];
    if (!rows && around)
        rows = around->fields.at[NODE_ITERATIONS];
    if (json_is_object(rows))
        return reader_fail(reader, ERR_REPORT,
                           "'%s' is no list; save the report again as the service sends it", rows->string);
    if (json_is_list(rows) && value_first(rows))
        return rows_add(reader, leaf, rows, &base, results);
    struct test_result *result = results_add(reader, results, &base);
    return leaf_fill(reader, leaf, false, result, &results->waits);
}

static int add_one_of_list(struct testproject_reader *reader, cJSON *item, const struct leaf *test,
                           struct results *results)
{
    struct leaf leaf;
    if (reader_count_piece(reader) < 0)
        return -ERR_LIMIT;
    if (!json_is_object(item)) {
        leaf_empty(test, &leaf);
        return add_target(reader, &leaf, value_trimmed(reader, item), results);
    }
    int rc = leaf_read(reader, IN_TARGET, item, test, &leaf);
    return rc < 0 ? rc : add_target(reader, &leaf, target_text(reader, &leaf.fields, false), results);
}

static int add_list(struct testproject_reader *reader, cJSON *list, const struct leaf *test,
                    struct results *results)
{
    int64_t place = 0;
    int rc = 0;
    if (!list)
        return 0;
    if (json_is_object(list))
        return reader_fail(reader, ERR_REPORT,
                           "'%s' is no list; save the report again as the service sends it", list->string);
    reader_enter(reader, list->string);
    for (cJSON *item = value_first(list); item && rc == 0; item = value_next(list, item)) {
        reader_enter_item(reader, place++);
        rc = add_one_of_list(reader, item, test, results);
        reader_leave(reader, 1);
    }
    reader_leave(reader, 1);
    return rc;
}

/* What made the test fail stands in none of its targets: such a failure would never be heard of. */
static int check_targets(struct testproject_reader *reader, const struct leaf *test,
                         const struct results *results)
{
    if (!test->stated || (test->status != RESULT_FAILED && test->status != RESULT_ERROR))
        return 0;
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].status == RESULT_FAILED || results->items[i].status == RESULT_ERROR)
            return 0;
    return reader_warn(
        reader, WARN_CONTRADICTION,
        "the result of test '%s' is '%s', but it failed on none of its targets; the targets are "
        "believed, look into the report",
        reader_excerpt(reader, results->common.name),
        test->word ? test->word : (test->status == RESULT_ERROR ? "Error" : "Failed"));
}

static int add_targets(struct testproject_reader *reader, const struct leaf *test, struct results *results)
{
    static const enum node_field lists[] = {NODE_TARGETS, NODE_BROWSERS, NODE_DEVICES};
    results->target_count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        results->target_count += value_count(test->fields.at[lists[i]]);
    if (results->target_count == 0) {
        results->target_count = 1;
        return add_target(reader, test, target_text(reader, &test->fields, true), results);
    }
    int rc = results_check_texts(reader, results, test->message, results->target_count);
    for (size_t i = 0; i < ARRAY_SIZE(lists) && rc == 0; i++)
        rc = add_list(reader, test->fields.at[lists[i]], test, results);
    return rc < 0 ? rc : check_targets(reader, test, results);
}

static void note_times(struct report_meta *meta, const struct test_result *result)
{
    if (result->start_ms != TIME_NONE && (meta->start_ms == TIME_NONE || result->start_ms < meta->start_ms))
        meta->start_ms = result->start_ms;
    if (result->end_ms != TIME_NONE && (meta->end_ms == TIME_NONE || result->end_ms > meta->end_ms))
        meta->end_ms = result->end_ms;
}

static int hand_on(struct testproject_reader *reader, const struct results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        struct test_result *result = &results->items[i];
        report_meta_mark(reader->meta, result);
        int rc = reader->sink->result(reader->sink->self, result, reader->err);
        if (rc < 0)
            return rc;
        report_meta_count(reader->meta, result);
        note_times(reader->meta, result);
        reader->rows += result->iteration > 0;
    }
    return 0;
}

int testproject_test(struct testproject_reader *reader, cJSON *test)
{
    struct results results = {0};
    struct leaf leaf;
    reader->pieces = 0;
    reader->test_name = NULL;
    enum field_context context = reader->junit_cases ? IN_JUNIT_CASE : IN_TEST;
    int rc = leaf_read(reader, context, test, NULL, &leaf);
    if (rc == 0)
        rc = read_common(reader, &leaf.fields, &results.common);
    reader->test_name = results.common.name;
    if (rc == 0)
        rc = reader->junit_cases ? junit_case_add(reader, &leaf, &results)
                                 : add_targets(reader, &leaf, &results);
    if (rc < 0)
        return rc;
    return results.waits && !reader->held.over ? TEST_WAITS : hand_on(reader, &results);
}
