#include "report/testproject_junit.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/json_kind.h"
#include "report/target.h"
#include "report/testproject_value.h"

const char *junit_suite_target(struct testproject_reader *reader, const char *suite_name)
{
    static const char suffix[] = ".Tests";
    if (!suite_name)
        return NULL;
    size_t length = strlen(suite_name);
    if (length > sizeof suffix - 1 && text_ends(suite_name, suffix))
        return arena_text(&reader->scratch, suite_name, length - (sizeof suffix - 1));
    return target_is_name(suite_name) ? suite_name : NULL;
}

/* "Type: message", or what there is of it. */
static const char *failure_text(struct testproject_reader *reader, cJSON *item)
{
    if (!json_is_object(item))
        return value_trimmed(reader, item);
    const char *message = value_reference(reader, item, REFERENCE_VALUE);
    const char *type = value_reference(reader, item, REFERENCE_TYPE);
    if (message && type)
        return arena_printf(&reader->scratch, "%s: %s", type, message);
    return message ? message : type;
}

/* All texts, one below the other; the first is the message. */
static void take_failures(struct testproject_reader *reader, cJSON *list, struct test_result *result,
                          struct buf *details)
{
    for (cJSON *item = value_first(list); item; item = value_next(list, item)) {
        const char *text = failure_text(reader, item);
        if (text && !result->message)
            result->message = text;
        else if (text)
            buf_printf(details, "%s%s", details->length ? "\n" : "", text);
    }
}

int junit_case_add(struct testproject_reader *reader, const struct leaf *leaf, struct results *results)
{
    struct test_result *result = results_add(reader, results, &results->common);
    cJSON *suite = reader->root->fields.at[ROOT_NAME];
    cJSON *error = leaf->fields.at[NODE_MESSAGE];
    cJSON *failures = leaf->fields.at[NODE_FAILURES];
    results->waits = !suite && !reader->root->ended;
    result->target = junit_suite_target(reader, value_trimmed(reader, suite));
    if (!result->target)
        result->target = reader->options->target;
    _cleanup_(buf_release) struct buf details = BUF_UNBOUNDED;
    take_failures(reader, error, result, &details);
    take_failures(reader, failures, result, &details);
    if (details.length)
        result->details = arena_text(&reader->scratch, details.bytes, details.length);
    bool has_error = error && (!json_is_string(error) || *error->valuestring);
    if (has_error)
        result->status = RESULT_ERROR;
    else if (value_first(failures))
        result->status = RESULT_FAILED;
    else
        result->status = leaf->stated ? leaf->status : RESULT_PASSED;
    if (result->status == leaf->status)
        result->status_word = leaf->word;
    leaf_times(reader, leaf, result, &results->waits);
    return 0;
}
