/* What a report says beside the result never costs the result: pictures, properties, steps, times. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/memory.h"
#include "report/inline_file.h"
#include "report_words.h"

static void test_base64_as_servers_take_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected; /* NULL: damaged */
    } rows[] = {
        {"QUJD", "QUJD"},
        {"QUI=", "QUI="},
        {"QQ==", "QQ=="},
        {"QQ", "QQ=="},
        {"QUI", "QUI="},
        {" QU\r\n\tJD ", "QUJD"},
        {"Q Q = =", "QQ=="},
        {"-_-_", "+/+/"},
        {"a-_b", "a+/b"},
        {"QUI%3D", "QUI="},
        {"%2B%2fAA%0A", "+/AA"},
        {"", NULL},
        {" ", NULL},
        {"Q", NULL},
        {"QUJDQ", NULL},
        {"QQ=", NULL},
        {"Q===", NULL},
        {"====", NULL},
        {"QQ==QQ==", NULL},
        {"QU=D", NULL},
        {"QUJD=", NULL},
        {"QU!D", NULL},
        {"QU%zzJD", NULL},
        {"QUJD%", NULL},
        {"@@@not base64@@@", NULL},
        {"QUJ\xC3\xA4", NULL},
    };
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *tidy = inline_base64(&arena, rows[i].text);
        if (!text_equal(tidy, rows[i].expected))
            fail_msg("'%s' becomes '%s'", rows[i].text, tidy ? tidy : "nothing");
    }
    arena_release(&arena);
}

static void test_content_types(void **state)
{
    (void)state;
    static const char *const good[] = {"image/png", "image/svg+xml", "application/vnd.x-y.z", "x/y"};
    static const char *const bad[] = {"", "png", "image/", "/png", "image/png/x", "i<b>/png", "image /png"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(inline_type_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(inline_type_valid(bad[i], strlen(bad[i])));
}

#define DAMAGED(name)                                                                                        \
    " | line 1: a file attached to test '" name "' is damaged (no valid base64), it is left out"

/* Two tests, the first with properties: what is read, and the data that is attached. */
static const struct {
    const char *properties;
    const char *told;
    const char *base64;
} rows[] = {
    {"<property name='attachment' value='data:image/png;base64,iVBORw0KGgo='/>", "", "iVBORw0KGgo= "},
    {"<property name='attachment' value='data:image/png;base64,@@@not base64@@@'/>", DAMAGED("a"), ""},
    {"<property name='attachment' value='data:image/png;base64,'/>", DAMAGED("a"), ""},
    {"<property name='attachment' value='data:image/png;base64,QQ='/>", DAMAGED("a"), ""},
    {"<property name='attachment' value='data:image/png;base64'/>", DAMAGED("a"), ""},
    {"<property name='attachment' value='data:'/>", DAMAGED("a"), ""},
    {"<property name='attachment' value='data:text/plain,hello'/>", DAMAGED("a"), ""},
    {"<property name='attachment' value='data:image/png;base64,QQ='/>"
     "<property name='attachment1' value='data:image/png;base64,?'/>",
     DAMAGED("a") " (2 times in all)", ""},
    {"<property name='screenshot'>data:image/png;BASE64,\n QUJD\n QUI \n</property>", "", "QUJDQUI= "},
    {"<property name='attachment' value='data:image/png;charset=x;base64,_-8'/>", "", "/+8= "},
    {"<property name='attachment' value='data:;base64,QUJD'/>", "", "QUJD "},
    {"<property name='attachment' value='data:png;base64,QUJD'/>",
     " | line 1: the content type of a file attached to test 'a' is no such thing, taken as unknown",
     "QUJD "},
    {"<property name='attachment' value='data:x/unheard-of;base64,QUJD'/>", "", "QUJD "},
    {"<property name='step[strange]' value='open'/>",
     " | line 1: the status 'strange' of a step is not known, the step ends as its test does", ""},
    {"<property name='step[untested]' value='open'/><property name='testrail_result_step' value='http://x'/>",
     "", ""},
    {"<property name='requirement' value='&lt;&gt; ? &#9; ,,'/>", "", ""},
    {"<property name='requirement'/><property/><property name=''/><property value='x'/>", "", ""},
};

static void test_side_matters_of_junit(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        _cleanup_free_ char *report = xasprintf(
            "<testsuite name='s'><testcase name='a'><properties>%s</properties></testcase><testcase "
            "name='b'><failure/></testcase></testsuite>",
            rows[i].properties);
        _cleanup_free_ char *expected = xasprintf("passed, failed%s", rows[i].told);
        struct words_read read;
        words_read(&read, report, NULL);
        assert_int_equal(read.rc, 0);
        assert_string_equal(read.told, expected);
        assert_string_equal(buf_text(&read.base64), rows[i].base64);
        words_release(&read);
        const struct read_options strict = {.strict = true};
        words_read(&read, report, &strict);
        assert_int_equal(read.rc, *rows[i].told ? -ERR_REPORT : 0);
        words_release(&read);
    }
}

static void test_attributes_that_are_no_numbers_or_times(void **state)
{
    (void)state;
    struct words_read read;
    words_read(
        &read,
        "<testsuite name='s' timestamp='soon'><testcase name='a' line='x' time='long' timestamp='now'/>"
        "<testcase name='b' line='-1' time=''><failure/></testcase></testsuite>",
        NULL);
    assert_int_equal(read.rc, 0);
    assert_ptr_equal(strstr(read.told, "passed, failed |"), read.told);
    words_release(&read);
}

/* The report of two tests, of which the first has a property of so many bytes. */
static void test_what_is_too_long_is_left_out(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        {"<property name='attachment' value='", "'/>"},
        {"<property name='attachment'>", "</property>"},
        {"<attachment>", "</attachment>"},
    };
    const size_t size = 24 * 1024 * 1024 + 8;
    _cleanup_free_ char *data = xmalloc(size + 1);
    memset(data, 'A', size);
    data[size] = '\0';
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        _cleanup_free_ char *report =
            xasprintf("<testsuite name='s'><testcase name='a'><properties>%sdata:image/png;base64,%s%s"
                      "</properties></testcase><testcase name='b'/></testsuite>",
                      forms[i][0], data, forms[i][1]);
        struct words_read read;
        words_read(&read, report, NULL);
        assert_int_equal(read.rc, 0);
        assert_string_equal(
            read.told, "passed, passed | line 1: a property or file of test 'a' is too long, it is left out");
        assert_int_equal(read.attachments, 0);
        words_release(&read);
    }
}

static void test_a_property_in_the_output_without_end(void **state)
{
    (void)state;
    struct buf report = BUF_UNBOUNDED;
    struct words_read read;
    buf_puts(&report, "<testsuite name='s'><testcase name='a'><system-out>[[PROPERTY|jira]]");
    for (int i = 0; i < 20000; i++)
        buf_puts(&report, "KEY-1 ");
    buf_puts(&report, "[[/PROPERTY]]</system-out><failure/></testcase><testcase name='b'/></testsuite>");
    words_read(&read, buf_text(&report), NULL);
    assert_string_equal(
        read.told, "failed, passed | line 1: a property or file of test 'a' is too long, it is left out");
    words_release(&read);
    buf_release(&report);
}

static void test_lists_without_end_are_cut_with_a_word(void **state)
{
    (void)state;
    struct buf report = BUF_UNBOUNDED;
    struct words_read read;
    buf_puts(&report, "<testsuite name='s'><testcase name='a'><properties>");
    for (int i = 0; i < 10001; i++)
        buf_puts(&report, "<property name='step' value='x'/>");
    buf_puts(&report, "</properties></testcase></testsuite>");
    words_read(&read, buf_text(&report), NULL);
    assert_string_equal(read.told, "passed | line 1: test 'a' has more than 10000 steps, files or "
                                   "requirement keys, the rest is left out");
    words_release(&read);
    buf_release(&report);
}

#define LEFT_OUT                                                                                             \
    " | '/testResults/0' of 'report': a screenshot of test 'a' is neither a link nor a PNG or JPEG in "      \
    "base64; it is left out"

static const struct {
    const char *screenshot;
    const char *told;
    const char *base64;
} shots[] = {
    {"\"data:image/png;base64,iVBORw0KGgo=\"", "", "iVBORw0KGgo= "},
    {"\"iVBORw0KGgo\"", "", "iVBORw0KGgo= "},
    {"\"data:image/jpeg;base64,\\n _9j_\\n\"", "", "/9j/ "},
    {"\"iVBORw0KGgo@\"", LEFT_OUT, ""},
    {"\"iVBORw0KGgo==\"", LEFT_OUT, ""},
    {"\"data:image/png,iVBORw0KGgo=\"", LEFT_OUT, ""},
    {"\"data:\"", LEFT_OUT, ""},
    {"[\"?\",\"!\",\"data:x;base64,%\"]", LEFT_OUT " (and 2 more about screenshots)", ""},
    {"[\"?\",\"iVBORw0KGgo=\"]", LEFT_OUT, "iVBORw0KGgo= "},
    {"{}", "", ""},
    {"null", "", ""},
    {"12", LEFT_OUT, ""},
};

static void test_screenshots_of_testproject(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(shots); i++) {
        _cleanup_free_ char *report =
            xasprintf("{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\",\"screenshot\":%s},"
                      "{\"name\":\"b\",\"result\":\"Failed\"}]}",
                      shots[i].screenshot);
        _cleanup_free_ char *expected = xasprintf("passed, failed%s", shots[i].told);
        struct words_read read;
        words_read(&read, report, NULL);
        assert_int_equal(read.rc, 0);
        assert_string_equal(read.told, expected);
        assert_string_equal(buf_text(&read.base64), shots[i].base64);
        words_release(&read);
    }
}

static void test_steps_and_times_of_testproject(void **state)
{
    (void)state;
    struct words_read read;
    words_read(&read,
               "{\"testResults\":[{\"name\":\"a\",\"result\":\"Passed\",\"executionStart\":\"soon\","
               "\"duration\":\"long\","
               "\"steps\":[{\"description\":\"x\",\"result\":\"Strange\",\"timeout\":\"never\"},{\"result\":"
               "\"Odd\"}]},"
               "{\"name\":\"b\",\"result\":\"Failed\"}]}",
               NULL);
    assert_int_equal(read.rc, 0);
    assert_ptr_equal(strstr(read.told, "passed, failed |"), read.told);
    assert_non_null(strstr(read.told, "'Strange' is no result of a step that is known; it is taken as "
                                      "skipped (and 1 more about results of steps)"));
    words_release(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64_as_servers_take_it),
        cmocka_unit_test(test_content_types),
        cmocka_unit_test(test_side_matters_of_junit),
        cmocka_unit_test(test_attributes_that_are_no_numbers_or_times),
        cmocka_unit_test(test_what_is_too_long_is_left_out),
        cmocka_unit_test(test_a_property_in_the_output_without_end),
        cmocka_unit_test(test_lists_without_end_are_cut_with_a_word),
        cmocka_unit_test(test_screenshots_of_testproject),
        cmocka_unit_test(test_steps_and_times_of_testproject),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
