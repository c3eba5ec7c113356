/* What bounds the TestProject reader, and how it ends: codes, limits, tests that wait for the root. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <cjson/cJSON.h>

#include "report_dump.h"

#include "report/testproject_reader.h"

static char *read_text(const struct buf *text, const struct read_options *options, int *ret_code)
{
    static const struct read_options none = {.target = NULL};
    return dump_report(testproject_read, text->bytes, text->length, 0, options ? options : &none, ret_code);
}

static int code_of(const char *text)
{
    int rc;
    struct buf report = BUF_UNBOUNDED;
    buf_puts(&report, text);
    free(read_text(&report, NULL, &rc));
    buf_release(&report);
    return rc;
}

static void test_codes(void **state)
{
    (void)state;
    assert_int_equal(code_of("{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\"}]}"), 0);
    assert_int_equal(code_of("{\"testResults\":[]}"), -ERR_EMPTY);
    assert_int_equal(code_of("{\"testResults\":null}"), -ERR_EMPTY);
    assert_int_equal(code_of("[]"), -ERR_EMPTY);
    assert_int_equal(code_of(""), -ERR_EMPTY);
    assert_int_equal(code_of("{}"), -ERR_FOREIGN);
    assert_int_equal(code_of("{\"state\":\"Executing\"}"), -ERR_FOREIGN);
    assert_int_equal(code_of("{\"testResults\":["), -ERR_REPORT);
}

static int count_down(void *self, const struct test_result *result, struct error *err)
{
    (void)result;
    int *left = self;
    if (--*left >= 0)
        return 0;
    return error_set(err, ERR_IO, "the disk is full");
}

static int read_with_sink(const char *text, const struct report_sink *sink, struct report_meta *meta,
                          struct error *err)
{
    static const struct read_options options = {.salvage = true};
    struct report_input in;
    int fd = memfd_create("report", MFD_CLOEXEC);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    lseek(fd, 0, SEEK_SET);
    report_input_from_fd(&in, fd, "report.json");
    int rc = testproject_read(&in, &options, sink, meta, err);
    report_input_close(&in);
    close(fd);
    return rc;
}

static void test_the_sink_can_stop_the_reading(void **state)
{
    (void)state;
    int left = 2;
    struct report_sink sink = {.self = &left, .result = count_down};
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    int rc =
        read_with_sink("{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\",\"targets\":[\"1\",\"2\"]},"
                       "{\"name\":\"b\",\"result\":\"Passed\"},{\"name\":\"c\",\"result\":\"Passed\"}]}",
                       &sink, &meta, &err);
    assert_int_equal(rc, -ERR_IO);
    assert_string_equal(err.text, "the disk is full");
    assert_int_equal(meta.counts.results, 2);
    assert_int_equal(left, -1);
    error_release(&err);
    report_meta_release(&meta);
}

static void test_the_error_need_not_be_wanted(void **state)
{
    (void)state;
    int left = 9;
    struct report_sink sink = {.self = &left, .result = count_down};
    struct report_meta meta = REPORT_META_INIT;
    assert_int_equal(
        read_with_sink("{\"testResults\":[{\"result\":\"Passed\"},{\"name\":\"a\"}]", &sink, &meta, NULL), 0);
    assert_true(meta.incomplete);
    report_meta_release(&meta);
}

static void put_repeated(struct buf *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_puts(out, text);
}

static void test_a_test_above_the_maximum_is_named(void **state)
{
    (void)state;
    int rc;
    struct buf report = BUF_UNBOUNDED;
    buf_puts(&report,
             "{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\"},\n{\"name\":\"b\",\"message\":\"");
    put_repeated(&report, "0123456789abcdef", REPORT_ELEMENT_MAX_BYTES / 16);
    buf_puts(&report, "\"}]}");
    _cleanup_free_ char *model = read_text(&report, NULL, &rc);
    assert_int_equal(rc, -ERR_LIMIT);
    assert_non_null(strstr(model, "'/testResults/1'"));
    assert_non_null(strstr(model, "line 2, offset 48"));
    assert_non_null(strstr(model, "67108864 bytes"));
    buf_release(&report);
}

static void test_a_large_test_below_the_maximum_is_read(void **state)
{
    (void)state;
    int rc;
    struct buf report = BUF_UNBOUNDED;
    buf_puts(&report, "{\"testResults\":[{\"name\":\"a\",\"result\":\"Failed\",\"message\":\"");
    put_repeated(&report, "0123456789abcdef", 1 << 18);
    buf_puts(&report, "\"}]}");
    _cleanup_free_ char *model = read_text(&report, NULL, &rc);
    assert_int_equal(rc, 0);
    assert_true(strlen(model) > (16u << 18));
    buf_release(&report);
}

/* Tests without times, more of them than wait for the job's, which stand behind them. */
static void test_waiting_has_a_bound_and_keeps_the_order(void **state)
{
    (void)state;
    struct buf report = BUF_UNBOUNDED;
    int count = 0;
    buf_puts(&report, "{\"testResults\":[");
    for (; report.length < HELD_MAXIMUM_BYTES + 100000; count++)
        buf_printf(&report, "%s{\"name\":\"test %d\",\"result\":\"Passed\",\"description\":\"%0500d\"}",
                   count ? "," : "", count, 0);
    buf_puts(&report, "],\"executionStart\":\"2022-01-01T00:00:00Z\"}");
    int rc;
    _cleanup_free_ char *model = read_text(&report, NULL, &rc);
    assert_int_equal(rc, 0);
    assert_non_null(strstr(model, "too far behind"));
    const char *at = model;
    for (int i = 0; i < count; i++) {
        _cleanup_free_ char *name = xasprintf("passed 'test %d'", i);
        at = strstr(at, name);
        assert_non_null(at);
    }
    /* Without any times in the root nothing was missed. */
    buf_truncate(&report, report.length - strlen(",\"executionStart\":\"2022-01-01T00:00:00Z\"}"));
    buf_puts(&report, "}");
    _cleanup_free_ char *silent = read_text(&report, NULL, &rc);
    assert_int_equal(rc, 0);
    assert_null(strstr(silent, "warning"));
    buf_release(&report);
}

static void test_lines_are_those_of_the_tests(void **state)
{
    (void)state;
    struct report_dump dump = {.text = BUF_UNBOUNDED, .with_lines = true};
    struct report_sink sink = {.self = &dump, .result = dump_sink};
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    int rc =
        read_with_sink("{\n\"testResults\":[\n\n{\"name\":\"a\",\n\"result\":\"Passed\"},\n{\"name\":\"b\",\n"
                       "\"result\":\"Failed\"}\n]\n}\n",
                       &sink, &meta, &err);
    assert_int_equal(rc, 0);
    assert_string_equal(buf_text(&dump.text), "passed 'a' line=4\nfailed 'b' line=6\n");
    buf_release(&dump.text);
    report_meta_release(&meta);
}

static void test_unknown_names_are_bounded(void **state)
{
    (void)state;
    struct buf report = BUF_UNBOUNDED;
    buf_puts(&report, "{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\"");
    for (int i = 0; i < 1000; i++)
        buf_printf(&report, ",\"odd%04d\":1", i);
    buf_puts(&report, "}]}");
    int rc;
    _cleanup_free_ char *model = read_text(&report, NULL, &rc);
    assert_int_equal(rc, 0);
    assert_non_null(strstr(model, "unknown: tests[].odd0099 (1 time)\n"));
    assert_null(strstr(model, "odd0100"));
    assert_non_null(strstr(model, "unknown: further names (900 times)\n"));
    buf_release(&report);
}

static void test_many_members_of_the_root_cost_no_memory(void **state)
{
    (void)state;
    struct buf report = BUF_UNBOUNDED;
    buf_puts(&report, "{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\"}]");
    put_repeated(&report, ",\"jobName\":\"again\",\"x\":[{}]", 20000);
    buf_puts(&report, "}");
    int rc;
    _cleanup_free_ char *model = read_text(&report, NULL, &rc);
    assert_int_equal(rc, 0);
    assert_non_null(strstr(model, "(and 19998 more about members given twice)"));
    buf_release(&report);
}

/* A failing test with a list of count items under each of two names. */
static int code_with_lists(const char *first, const char *first_item, size_t first_count, const char *second,
                           const char *second_item, size_t second_count)
{
    int rc;
    struct buf report = BUF_UNBOUNDED;
    buf_printf(&report, "{\"testResults\":[{\"name\":\"a\",\"result\":\"Failed\",\"%s\":[%s", first,
               first_item);
    for (size_t i = 1; i < first_count; i++)
        buf_printf(&report, ",%s", first_item);
    buf_printf(&report, "],\"%s\":[%s", second, second_item);
    for (size_t i = 1; i < second_count; i++)
        buf_printf(&report, ",%s", second_item);
    buf_puts(&report, "]}]}");
    free(read_text(&report, NULL, &rc));
    buf_release(&report);
    return rc;
}

static void test_what_serves_every_target_counts_for_each(void **state)
{
    (void)state;
    assert_int_equal(code_with_lists("steps", "{\"result\":\"ok\"}", 20, "targets", "\"Chrome\"", 20), 0);
    assert_int_equal(code_with_lists("steps", "{\"result\":\"ok\"}", 600, "targets", "\"Chrome\"", 600),
                     -ERR_LIMIT);
    assert_int_equal(code_with_lists("failedSteps", "{\"step\":1}", 600, "targets", "\"Chrome\"", 600),
                     -ERR_LIMIT);
    assert_int_equal(code_with_lists("iterations", "{\"result\":\"ok\"}", 600, "targets", "\"Chrome\"", 600),
                     -ERR_LIMIT);
}

static void test_texts_that_every_target_repeats_are_bounded(void **state)
{
    (void)state;
    struct buf message = BUF_UNBOUNDED;
    buf_putc(&message, '"');
    put_repeated(&message, "0123456789abcdef", 1 << 16);
    buf_putc(&message, '"');
    struct buf report = BUF_UNBOUNDED;
    buf_printf(&report,
               "{\"testResults\":[{\"name\":\"a\",\"result\":\"Failed\",\"message\":%s,\"targets\":[1",
               buf_text(&message));
    put_repeated(&report, ",1", 1100);
    buf_puts(&report, "]}]}");
    int rc;
    _cleanup_free_ char *model = read_text(&report, NULL, &rc);
    assert_int_equal(rc, -ERR_LIMIT);
    assert_non_null(strstr(model, "more than 1 GiB"));
    buf_release(&message);
    buf_release(&report);
}

/* Whatever stands in a report, a sentence about it stays one that can be read. */
static void test_sentences_hold_excerpts(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        {"{\"jobName\":\"J\",\"testResults\":[{\"name\":\"a\",\"result\":\"", "\"}]}"},
        {"{\"jobName\":\"J\",\"testResults\":[{\"name\":\"a\",\"result\":\"ok\",\"duration\":\"", "\"}]}"},
        {"{\"jobName\":\"J\",\"testResults\":[{\"name\":\"a\",\"result\":\"ok\",\"executionStart\":\"",
         "\"}]}"},
        {"{\"jobName\":\"J\",\"testResults\":[{\"name\":\"a\",\"result\":\"ok\",\"steps\":[{\"name\":\"s\","
         "\"result\":\"",
         "\"}]}]}"},
        {"{\"jobName\":\"J\",\"testResults\":[{\"result\":\"Failed\",\"targets\":[{\"result\":\"ok\"}],"
         "\"name\":\"",
         "\"}]}"},
        {"{\"jobName\":\"J\",\"testResults\":[{\"result\":\"ok\",\"screenshot\":\"x\",\"name\":\"", "\"}]}"},
        {"{\"jobName\":\"J\",\"testResults\":[{\"name\":\"a\",\"result\":\"ok\"}],\"resultType\":\"Failed\","
         "\"message\":\"",
         "\"}"},
        {"[{\"jobName\":\"J\",\"executionId\":\"1\",\"testResults\":[{\"name\":\"a\",\"result\":\"ok\"}]},"
         "{\"testResults\":[],\"executionId\":\"",
         "\"}]"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        struct buf report = BUF_UNBOUNDED;
        buf_puts(&report, forms[i][0]);
        put_repeated(&report, "0123456789abcdef", 1 << 12);
        buf_puts(&report, forms[i][1]);
        int rc;
        _cleanup_free_ char *model = read_text(&report, NULL, &rc);
        const char *told = strstr(model, "\nwarning: ");
        told = told ? told : strstr(model, "\nerror: ");
        if (!told || strlen(told) > 2000)
            fail_msg("%zu: %.1000s", i, told ? told : model);
        buf_release(&report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_the_sink_can_stop_the_reading),
        cmocka_unit_test(test_the_error_need_not_be_wanted),
        cmocka_unit_test(test_a_test_above_the_maximum_is_named),
        cmocka_unit_test(test_a_large_test_below_the_maximum_is_read),
        cmocka_unit_test(test_waiting_has_a_bound_and_keeps_the_order),
        cmocka_unit_test(test_lines_are_those_of_the_tests),
        cmocka_unit_test(test_unknown_names_are_bounded),
        cmocka_unit_test(test_many_members_of_the_root_cost_no_memory),
        cmocka_unit_test(test_what_serves_every_target_counts_for_each),
        cmocka_unit_test(test_texts_that_every_target_repeats_are_bounded),
        cmocka_unit_test(test_sentences_hold_excerpts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
