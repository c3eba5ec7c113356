/* Files whose bytes cannot be a report: compressed ones, and tags with more attributes than anybody reads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "report_collect.h"

#define SIZED(literal) literal, sizeof literal - 1

static void assert_refused(const char *bytes, size_t size, bool salvage, int code, const char *said)
{
    const struct read_options options = {.salvage = salvage};
    struct collected c;
    collect_bytes(&c, bytes, size, &options);
    if (c.rc != -code || !strstr(c.err.text, said))
        fail_msg("%d: %s", c.rc, c.err.text ? c.err.text : "no error");
    collect_release(&c);
}

static void test_a_compressed_file_is_named(void **state)
{
    (void)state;
    for (int salvage = 0; salvage < 2; salvage++) {
        assert_refused(
            SIZED("\x1F\x8B\x08\0\0\0\0\0\0\x03<\xB3"), salvage, ERR_REPORT,
            "'report.xml' is compressed (gzip): unpack it first, or pipe it: gunzip < 'report.xml' | "
            "qtest-sync upload -");
        assert_refused(SIZED("BZh91AY&SY<"), salvage, ERR_REPORT, "(bzip2): unpack it first");
        assert_refused(SIZED("\xFD"
                             "7zXZ\0\0\x04"),
                       salvage, ERR_REPORT, "(xz)");
        assert_refused(SIZED("\x28\xB5\x2F\xFD\x04"), salvage, ERR_REPORT, "zstd -d < 'report.xml'");
        assert_refused(SIZED("PK\x03\x04\x14\0<a/>"), salvage, ERR_REPORT,
                       "is compressed (a zip archive): unpack it, and name the reports that were in it");
    }
}

/* A tag with so many attributes of that form, which may hold one "%zu". */
static void put_tag(struct buf *out, size_t attributes, const char *before, const char *behind)
{
    buf_puts(out, "<testsuite name='s'>\n<testcase name='t'");
    for (size_t i = 1; i < attributes; i++)
        buf_printf(out, "%s%zu%s", before, i, behind);
    buf_puts(out, "/>\n</testsuite>");
}

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void test_a_thousand_attributes_are_the_most(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *behind;
    } forms[] = {{" a", "='v'"}, {"\na", " = \"a>b\""}, {" xmlns:a", "='u'"}, {" x:a", "=''"}};
    static const size_t counts[] = {1001, 3000, 9000, 20000, 200000};
    for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
        for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
            _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
            put_tag(&bytes, counts[i] + 1, forms[f].before, forms[f].behind);
            double begin = cpu_seconds();
            assert_refused(bytes.bytes, bytes.length, i % 2, ERR_LIMIT,
                           "has more than 1000 attributes in one tag");
            assert_true(cpu_seconds() - begin < 2);
        }
    }
}

static void test_a_thousand_attributes_are_read(void **state)
{
    (void)state;
    static const struct read_options options = {0};
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    struct collected c;
    put_tag(&bytes, 1000, " a", "='v'");
    collect_bytes(&c, bytes.bytes, bytes.length, &options);
    assert_int_equal(c.rc, 0);
    assert_int_equal(c.meta.counts.passed, 1);
    collect_release(&c);
}

/* One long attribute is none of many, whatever stands in it; nor is a quote that is missing. */
static void test_what_is_no_attribute_does_not_count(void **state)
{
    (void)state;
    static const struct read_options options = {0};
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    struct collected c;
    buf_puts(&bytes, "<testsuite name='s'><testcase name='t'><failure message=\"");
    for (int i = 0; i < 100000; i++)
        buf_puts(&bytes, " a='1' b>'2'");
    buf_puts(&bytes, "\"/></testcase></testsuite>");
    collect_bytes(&c, bytes.bytes, bytes.length, &options);
    assert_int_equal(c.rc, 0);
    assert_int_equal(c.meta.counts.failed, 1);
    collect_release(&c);

    buf_clear(&bytes);
    buf_puts(&bytes, "<testsuite name='s'>\n<testcase name='t>\n");
    for (int i = 0; i < 20000; i++)
        buf_puts(&bytes, "<testcase name='t' time='1'/>\n");
    assert_refused(bytes.bytes, bytes.length, false, ERR_REPORT,
                   "in line 3, column 1: a value in quotes holds a '<'");
}

static void test_namespaces_around_count_together(void **state)
{
    (void)state;
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    buf_puts(&bytes, "<testsuite name='s'>");
    for (int i = 0; i < 20; i++) {
        buf_puts(&bytes, "\n<e");
        for (int j = 0; j < 60; j++)
            buf_printf(&bytes, " xmlns:n%d='u'", j);
        buf_puts(&bytes, ">");
    }
    assert_refused(bytes.bytes, bytes.length, false, ERR_LIMIT, "or as many namespaces, in line 18");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_compressed_file_is_named),
        cmocka_unit_test(test_a_thousand_attributes_are_the_most),
        cmocka_unit_test(test_a_thousand_attributes_are_read),
        cmocka_unit_test(test_what_is_no_attribute_does_not_count),
        cmocka_unit_test(test_namespaces_around_count_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
