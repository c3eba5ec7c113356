/* The way through a TestProject report: root, wrappers, lists of reports, the list of tests. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/bad_byte.h"
#include "report/foreign.h"
#include "report/input.h"
#include "report/testproject_marks.h"
#include "report/testproject_reader.h"
#include "report/testproject_root.h"
#include "report/testproject_take.h"

static int read_root(struct testproject_reader *reader, int c);

/* Puts the place before what the window complained about. */
static int place_error(struct testproject_reader *reader, int rc)
{
    if (rc >= 0 || rc == -ERR_IO || reader->source.decoder.refusal)
        return rc;
    const char *pointer = reader_pointer(reader);
    reader->damaged |= rc == -ERR_REPORT;
    reader->is_no_json |= rc == -ERR_REPORT;
    if (reader->damaged && !reader->options->salvage)
        error_set(reader->err, ERR_REPORT,
                  "%s; save the report again as the service sends it, or take what is whole with --salvage",
                  reader->err->text);
    if (*pointer)
        error_prefix(reader->err, "'%s' of '%s'", pointer, reader->label);
    else
        error_prefix(reader->err, "'%s'", reader->label);
    return rc;
}

static int complain(struct testproject_reader *reader, const char *what)
{
    return place_error(reader, json_window_complain(&reader->window, reader->err, what));
}

static int next_byte(struct testproject_reader *reader, int *ret_byte)
{
    return place_error(reader, json_window_next(&reader->window, ret_byte, reader->err));
}

static int next_value(struct testproject_reader *reader, struct json_span *ret_span)
{
    return place_error(reader, json_window_value(&reader->window, ret_span, reader->err));
}

/* One item of the list of tests; null counts as none. */
static int read_item(struct testproject_reader *reader, int64_t item)
{
    struct json_span span;
    int rc = next_value(reader, &span);
    if (rc < 0 || (span.size == 4 && memcmp(span.bytes, "null", 4) == 0))
        return rc;
    return take_test(reader, &span, item);
}

/* Walks a list, whose '[' is next, with the reader's place at each item. */
static int walk_list(struct testproject_reader *reader, int (*read)(struct testproject_reader *, int64_t))
{
    int c;
    int rc = 0;
    json_window_skip(&reader->window);
    if ((rc = next_byte(reader, &c)) < 0)
        return rc;
    if (c == ']') {
        json_window_skip(&reader->window);
        return 0;
    }
    for (int64_t item = 0; rc == 0; item++) {
        reader_enter_item(reader, item);
        if ((rc = next_byte(reader, &c)) == 0)
            rc = read(reader, item);
        reader_leave(reader, 1);
        if (rc < 0 || reader->stopped || (rc = next_byte(reader, &c)) < 0)
            return rc;
        if (c != ',' && c != ']')
            return complain(reader, c == JSON_WINDOW_END ? "the text ends inside the list"
                                                         : "a ',' or ']' is missing behind an item");
        json_window_skip(&reader->window);
        if (c == ']')
            break;
    }
    return rc;
}

static int read_tests(struct testproject_reader *reader, struct testproject_root *root, const char *key,
                      int row)
{
    if (root->tests_key) {
        reader->damaged = true;
        return reader_fail(reader, ERR_REPORT,
                           "this is a second list of tests beside '%s'; leave one of them", root->tests_key);
    }
    root->tests_key = xstrdup(key);
    root->has_other = true;
    reader->junit_cases = field_datum(row) == ROOT_TEST_CASES;
    return walk_list(reader, read_item);
}

static int read_plain_member(struct testproject_reader *reader, struct testproject_root *root,
                             const char *key, int row)
{
    struct json_span span;
    cJSON *value;
    int rc = next_value(reader, &span);
    if (rc == 0)
        rc = take_value(reader, &span, &value);
    return rc < 0 ? rc : root_put(reader, root, row, key, value);
}

/* The member's value, whose first byte is c. A number or text under a name for tests is a count. */
static int read_member(struct testproject_reader *reader, struct testproject_root *root, const char *key,
                       int c)
{
    int row = field_row(&reader->index, IN_ROOT, key, FIELD_MEMORY);
    marks_take(reader, IN_ROOT, row, key);
    if (root_row_is_tests(row) && c == '{')
        return reader_fail(reader, ERR_REPORT,
                           "here is no list of tests; save the report again as the service sends it");
    if (root_row_is_tests(row) && c == '[')
        return read_tests(reader, root, key, row);
    if (root_row_may_wrap(row) && (c == '{' || c == '[') && !root->tests_key && !reader->wrapped) {
        root->has_other = true;
        reader->wrapped = true;
        int rc = read_root(reader, c);
        reader->wrapped = false;
        return rc;
    }
    root->has_empty_tests |= root_row_is_tests(row) && c == 'n';
    return read_plain_member(reader, root, key, row);
}

/* A key and the ':' behind it. The caller frees *ret_key. */
static int read_key(struct testproject_reader *reader, char **ret_key)
{
    struct json_span span;
    cJSON *value;
    int c;
    int rc = next_value(reader, &span);
    if (rc == 0)
        rc = take_value(reader, &span, &value);
    if (rc < 0)
        return rc;
    *ret_key = xstrdup(value->valuestring);
    cJSON_Delete(value);
    if ((rc = next_byte(reader, &c)) < 0)
        return rc;
    if (c != ':')
        return complain(reader, c == JSON_WINDOW_END ? "the text ends behind a name" : "a ':' is missing");
    json_window_skip(&reader->window);
    return rc;
}

static int read_pair(struct testproject_reader *reader, struct testproject_root *root)
{
    _cleanup_free_ char *key = NULL;
    int c;
    int rc = read_key(reader, &key);
    if (rc == 0 && (rc = next_byte(reader, &c)) == 0) {
        reader_enter(reader, key);
        rc = c == JSON_WINDOW_END ? complain(reader, "the text ends before the value")
                                  : read_member(reader, root, key, c);
        reader_leave(reader, 1);
    }
    return rc;
}

static int read_members(struct testproject_reader *reader, struct testproject_root *root)
{
    int c;
    int rc;
    json_window_skip(&reader->window);
    if ((rc = next_byte(reader, &c)) < 0)
        return rc;
    if (c == '}') {
        json_window_skip(&reader->window);
        return 0;
    }
    do {
        if ((rc = next_byte(reader, &c)) < 0)
            return rc;
        if (c != '"')
            return complain(reader, c == JSON_WINDOW_END ? "the text ends inside the object"
                                                         : "a name in '\"' is due");
        if ((rc = read_pair(reader, root)) < 0 || reader->stopped || (rc = next_byte(reader, &c)) < 0)
            return rc;
        if (c != ',' && c != '}')
            return complain(reader, c == JSON_WINDOW_END ? "the text ends inside the object"
                                                         : "a ',' or '}' is missing behind a value");
        json_window_skip(&reader->window);
    } while (c == ',');
    return 0;
}

/* The tests that waited for the root's members, and what the members say of the whole. */
static int end_report(struct testproject_reader *reader, struct testproject_root *root)
{
    root->ended = true;
    int rc = 0;
    if (root->tests_key) {
        reader_enter(reader, root->tests_key);
        rc = take_held(reader);
        reader->held.over = false;
        reader_leave(reader, 1);
    }
    return rc < 0 ? rc : root_finish(reader, root);
}

/* With --salvage a damaged text ends where the damage is. */
static int stop_at_damage(struct testproject_reader *reader, const struct testproject_root *root, int rc)
{
    if (rc >= 0 || !root->tests_key)
        return rc;
    rc = take_forgive(reader, rc);
    reader->stopped = rc == 0;
    return rc;
}

/* An object that is a report, or wraps one; then the inner one has ended itself. */
static int read_report(struct testproject_reader *reader)
{
    struct testproject_root root = {.ended = false};
    struct testproject_root *around = reader->root;
    int64_t reports = reader->report_count;
    reader->root = &root;
    int rc = stop_at_damage(reader, &root, read_members(reader, &root));
    if (rc == 0 && (root.tests_key || root.has_empty_tests))
        rc = end_report(reader, &root);
    else if (rc == 0 && reader->report_count == reports && !(around && reader->wrapped))
        rc = root_refuse(reader, &root);
    reader->root = around;
    arena_reset(&reader->scratch);
    root_release(&root);
    return rc;
}

static int read_report_item(struct testproject_reader *reader, int64_t item)
{
    int c;
    (void)item;
    int rc = next_byte(reader, &c);
    if (rc < 0 || c == '{')
        return rc < 0 ? rc : read_report(reader);
    struct json_span span;
    if (reader->wrapped) /* just a list under a name that may wrap a report */
        return next_value(reader, &span);
    return reader_fail(reader, ERR_REPORT, "a report is due here, an object with 'testResults'");
}

/* A report, or a list of reports; c is its first byte. */
static int read_root(struct testproject_reader *reader, int c)
{
    return c == '{' ? read_report(reader) : walk_list(reader, read_report_item);
}

static int check_end(struct testproject_reader *reader)
{
    int c;
    int rc = reader->stopped ? 0 : next_byte(reader, &c);
    if (rc < 0 || reader->stopped || c == JSON_WINDOW_END)
        return rc;
    return complain(reader, "behind the report more text begins (one file holds one report, and no lines of "
                            "JSON)");
}

static int refuse_start(struct testproject_reader *reader, int c)
{
    if (c == JSON_WINDOW_END)
        return error_set(reader->err, ERR_EMPTY, "'%s' is empty; save the report again", reader->label);
    if (c == '<')
        return error_set(
            reader->err, ERR_REPORT,
            "'%s' is HTML or XML, not JSON; if it is TestProject's HTML report, fetch the job's report as "
            "JSON in its place (.../reports/latest?details=true&format=TestProject)",
            reader->label);
    return complain(reader, "this is no JSON: neither '{' nor '[' begins it");
}

static int check_tests(struct testproject_reader *reader)
{
    if (reader->meta->counts.results > 0)
        return 0;
    return error_set(reader->err, ERR_EMPTY, "'%s' holds no test%s%s", reader->label,
                     reader->reason ? "; its job says: " : "", reader->reason ? reader->reason : "");
}

static int read_text(struct testproject_reader *reader)
{
    int c;
    int rc = next_byte(reader, &c);
    if (rc < 0)
        return rc;
    if (c != '{' && c != '[')
        return refuse_start(reader, c);
    rc = read_root(reader, c);
    if (rc == 0)
        rc = take_forgive(reader, check_end(reader));
    reader_report(reader);
    report_times_tell(&reader->times, reader->meta);
    return rc < 0 ? rc : check_tests(reader);
}

static void release(struct testproject_reader *reader)
{
    json_window_release(&reader->window);
    json_source_release(&reader->source);
    arena_release(&reader->scratch);
    buf_release(&reader->repaired);
    buf_release(&reader->held.bytes);
    free(reader->held.items);
    free(reader->reason);
    report_times_release(&reader->times);
    intern_release(&reader->unknown);
}

/* The input's reader, which keeps the beginning of the decoded text to look at. */
struct kept_beginning {
    struct json_source *source;
    struct buf text;
};

static ssize_t read_and_keep(void *self, void *room, size_t size, struct error *err)
{
    struct kept_beginning *kept = self;
    ssize_t got = json_source_read(kept->source, room, size, err);
    if (got > 0 && kept->text.length < FOREIGN_LOOK_BYTES) {
        size_t rest = FOREIGN_LOOK_BYTES - kept->text.length;
        buf_put(&kept->text, room, (size_t)got < rest ? (size_t)got : rest);
    }
    return got;
}

int testproject_read(struct report_input *in, const struct read_options *options,
                     const struct report_sink *sink, struct report_meta *meta, struct error *err)
{
    struct testproject_reader *reader = xcalloc(1, sizeof *reader);
    struct error own = ERROR_INIT;
    reader->options = options;
    reader->sink = sink;
    reader->meta = meta;
    reader->err = err ? err : &own;
    reader->label = report_input_label(in);
    field_index_init(&reader->index);
    report_times_init(&reader->times, options);
    json_source_init(&reader->source, in);
    struct kept_beginning kept = {.source = &reader->source, .text = BUF_UNBOUNDED};
    json_window_init(&reader->window, read_and_keep, &kept);
    meta->format = FORMAT_TESTPROJECT_JSON;
    meta->start_ms = TIME_NONE;
    meta->end_ms = TIME_NONE;
    int rc = read_text(reader);
    rc = marks_judge(reader, buf_text(&kept.text), kept.text.length, rc);
    buf_release(&kept.text);
    bad_bytes_in_sentences(meta, reader->err);
    release(reader);
    free(reader);
    error_release(&own);
    return rc;
}
