/* The read window: values found across every split of the input, limits, cut texts, lines and offsets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "report/json_scan.h"
#include "report/json_window.h"

struct source {
    const char *bytes;
    size_t size;
    size_t at;
    size_t piece; /* at most so many bytes a read */
};

static ssize_t read_source(void *self, void *room, size_t size, struct error *err)
{
    (void)err;
    struct source *source = self;
    size_t rest = source->size - source->at;
    size_t count = size < source->piece ? size : source->piece;
    count = count < rest ? count : rest;
    memcpy(room, source->bytes + source->at, count);
    source->at += count;
    return (ssize_t)count;
}

static ssize_t read_broken(void *self, void *room, size_t size, struct error *err)
{
    (void)self;
    (void)room;
    (void)size;
    return error_set(err, ERR_IO, "the pipe broke");
}

/* Takes an array's values and joins them with '|'. */
static int join_array(struct json_window *window, struct buf *out, struct error *err)
{
    int c;
    int rc = json_window_next(window, &c, err);
    if (rc < 0 || c != '[')
        return rc < 0 ? rc : json_window_complain(window, err, "no array");
    do {
        json_window_skip(window);
        struct json_span span;
        if ((rc = json_window_next(window, &c, err)) < 0 || (rc = json_window_value(window, &span, err)) < 0)
            return rc;
        buf_put(out, span.bytes, span.size);
        buf_putc(out, '|');
        if ((rc = json_window_next(window, &c, err)) < 0)
            return rc;
    } while (c == ',');
    return c == ']' ? 0 : json_window_complain(window, err, "no ',' or ']'");
}

static int join(const char *text, size_t size, size_t piece, size_t maximum, struct buf *out,
                struct error *err, bool *ret_cut)
{
    struct source source = {.bytes = text, .size = size, .piece = piece};
    struct json_window window;
    json_window_init(&window, read_source, &source);
    if (maximum)
        window.maximum = maximum;
    int rc = join_array(&window, out, err);
    if (ret_cut)
        *ret_cut = window.cut;
    json_window_release(&window);
    return rc;
}

static void test_values_are_found_whatever_the_pieces(void **state)
{
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF \r\n\t[ {\"a\":[1,2,{\"b\":\"]}\\\"\"}]} ,\"plain\", \"\\\\\" ,\n"
        "-1.5e3,true ,null,[],{}, \"\\u00e9 \xC3\xA9 end\"\n] ";
    static const char expected[] =
        "{\"a\":[1,2,{\"b\":\"]}\\\"\"}]}|\"plain\"|\"\\\\\"|-1.5e3|true|null|[]|{}|"
        "\"\\u00e9 \xC3\xA9 end\"|";
    for (size_t piece = 1; piece <= sizeof text; piece++) {
        _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
        struct error err = ERROR_INIT;
        assert_int_equal(join(text, sizeof text - 1, piece, 0, &out, &err, NULL), 0);
        assert_string_equal(buf_text(&out), expected);
    }
}

static void test_the_window_grows_for_a_large_value(void **state)
{
    (void)state;
    _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
    buf_puts(&text, "[1,\"");
    for (int i = 0; i < 300000; i++)
        buf_putc(&text, 'x');
    buf_puts(&text, "\",2]");
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    assert_int_equal(join(buf_text(&text), text.length, 4096, 0, &out, &err, NULL), 0);
    assert_int_equal(out.length, 2 + 300002 + 1 + 2);
}

static void test_a_value_above_the_maximum_is_refused_with_its_place(void **state)
{
    (void)state;
    static const char text[] = "[1,\n  \"12345678901234567890\"]";
    for (size_t piece = 1; piece < sizeof text; piece++) {
        _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
        struct error err = ERROR_INIT;
        assert_int_equal(join(text, sizeof text - 1, piece, 21, &out, &err, NULL), -ERR_LIMIT);
        assert_non_null(strstr(err.text, "line 2, offset 6"));
        assert_non_null(strstr(err.text, "21 bytes"));
        error_release(&err);
    }
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    assert_int_equal(join(text, sizeof text - 1, 5, 22, &out, &err, NULL), 0);
}

static void test_every_cut_is_noticed(void **state)
{
    (void)state;
    static const char text[] = "[{\"a\":\"b\\\"\"},[1],\"c\",7]";
    for (size_t size = 0; size + 1 < sizeof text; size++) {
        for (size_t piece = 1; piece <= size + 1; piece++) {
            _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
            struct error err = ERROR_INIT;
            bool cut = false;
            int rc = join(text, size, piece, 0, &out, &err, &cut);
            assert_int_equal(rc, size == sizeof text - 1 ? 0 : -ERR_REPORT);
            assert_true(cut || rc == 0);
            error_release(&err);
        }
    }
}

static void test_the_end_of_the_cut_and_its_value_are_named(void **state)
{
    (void)state;
    static const char text[] = "[1,\n{\"a\":\n";
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    assert_int_equal(join(text, sizeof text - 1, 3, 0, &out, &err, NULL), -ERR_REPORT);
    assert_string_equal(err.text,
                        "the text ends at line 3, offset 10, inside the value that begins at line 2, "
                        "offset 4");
    error_release(&err);
}

static void test_nesting_beyond_the_parser_is_refused(void **state)
{
    (void)state;
    for (size_t depth = JSON_SCAN_DEPTH_MAX; depth <= JSON_SCAN_DEPTH_MAX + 1; depth++) {
        _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
        buf_putc(&text, '[');
        for (size_t i = 0; i < depth; i++)
            buf_putc(&text, '[');
        for (size_t i = 0; i <= depth; i++)
            buf_putc(&text, ']');
        _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
        struct error err = ERROR_INIT;
        int rc = join(buf_text(&text), text.length, 7, 0, &out, &err, NULL);
        assert_int_equal(rc, depth > JSON_SCAN_DEPTH_MAX ? -ERR_LIMIT : 0);
        error_release(&err);
    }
}

static unsigned flags_of(const char *text)
{
    struct json_scan scan = JSON_SCAN_INIT;
    assert_int_equal(json_scan(&scan, text, strlen(text)), JSON_SCAN_DONE);
    assert_int_equal(scan.at, strlen(text));
    return scan.flags;
}

static void test_flags_name_what_needs_a_second_look(void **state)
{
    (void)state;
    assert_int_equal(flags_of("{\"a\": \"plain text\",\r\n\t\"b\": [1, true, 123456789012345]}"), 0);
    assert_int_equal(flags_of("[\"a\\n\"]"), JSON_HAS_ESCAPE);
    assert_int_equal(flags_of("[\"a\\u0041\"]"), JSON_HAS_ESCAPE | JSON_HAS_UNICODE_ESCAPE);
    assert_int_equal(flags_of("[\"a\\\\u0041\"]"), JSON_HAS_ESCAPE);
    assert_int_equal(flags_of("[\"a\x1f\"]"), JSON_HAS_CONTROL);
    assert_int_equal(flags_of("[\"0123456789\xC3\xA9\"]"), JSON_HAS_HIGH);
    assert_int_equal(flags_of("[1234567890123456]"), JSON_HAS_LONG_NUMBER);
    assert_int_equal(flags_of("[\"1234567890123456\"]"), 0);
    assert_int_equal(flags_of("[1,\x01 2]"), JSON_HAS_BAD_BYTE);
    assert_int_equal(flags_of("[\"a\",\n\n\n\n\n\"b\"]"), 0);
}

static void test_a_failing_read_is_passed_on(void **state)
{
    (void)state;
    struct json_window window;
    json_window_init(&window, read_broken, NULL);
    struct error err = ERROR_INIT;
    int c;
    assert_int_equal(json_window_next(&window, &c, &err), -ERR_IO);
    assert_string_equal(err.text, "the pipe broke");
    error_release(&err);
    json_window_release(&window);
}

static void test_lines_and_offsets_survive_compaction(void **state)
{
    (void)state;
    static const char text[] = "[\n\"a\",\n\n\"b\"\n]";
    struct source source = {.bytes = text, .size = sizeof text - 1, .piece = 2};
    struct json_window window;
    json_window_init(&window, read_source, &source);
    struct error err = ERROR_INIT;
    struct json_span span;
    int c;
    assert_int_equal(json_window_next(&window, &c, &err), 0);
    json_window_skip(&window);
    assert_int_equal(json_window_next(&window, &c, &err), 0);
    assert_int_equal(json_window_value(&window, &span, &err), 0);
    assert_int_equal(span.line, 2);
    assert_int_equal(span.offset, 2);
    assert_int_equal(json_window_next(&window, &c, &err), 0);
    json_window_skip(&window);
    assert_int_equal(json_window_next(&window, &c, &err), 0);
    assert_int_equal(json_window_value(&window, &span, &err), 0);
    assert_int_equal(span.line, 4);
    assert_int_equal(span.offset, 8);
    json_window_release(&window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_found_whatever_the_pieces),
        cmocka_unit_test(test_the_window_grows_for_a_large_value),
        cmocka_unit_test(test_a_value_above_the_maximum_is_refused_with_its_place),
        cmocka_unit_test(test_every_cut_is_noticed),
        cmocka_unit_test(test_the_end_of_the_cut_and_its_value_are_named),
        cmocka_unit_test(test_nesting_beyond_the_parser_is_refused),
        cmocka_unit_test(test_flags_name_what_needs_a_second_look),
        cmocka_unit_test(test_a_failing_read_is_passed_on),
        cmocka_unit_test(test_lines_and_offsets_survive_compaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
