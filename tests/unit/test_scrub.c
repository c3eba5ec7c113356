/* The scrub stage alone: bytes in, clean UTF-8 XML out, wherever the pieces end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/bad_byte.h"
#include "report/input.h"
#include "report/scrub.h"
#include "report/scrub_scan.h"

#define SIZED(literal) literal, sizeof literal - 1

/* A descriptor that gives blanks, then the bytes. */
static int fd_behind_blanks(size_t blanks, const char *bytes, size_t size)
{
    int fd = memfd_create("scrub", MFD_CLOEXEC);
    _cleanup_free_ char *padding = xmalloc(blanks + 1);
    memset(padding, ' ', blanks);
    assert_int_equal(write(fd, padding, blanks), (ssize_t)blanks);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* What the stage makes of blanks and bytes in pieces of about so many bytes; the blanks are taken off, and
 * marks of bad bytes shown as "\\xE4". */
static char *scrubbed(const char *bytes, size_t size, size_t blanks, size_t piece, struct scrub *ret_state)
{
    struct report_input in;
    struct buf out = BUF_UNBOUNDED;
    int fd = fd_behind_blanks(blanks, bytes, size);
    const char *part;
    ssize_t got;
    report_input_from_fd(&in, fd, "scrub.xml");
    scrub_init(ret_state, &in);
    while ((got = scrub_next(ret_state, piece, &part, NULL)) > 0)
        buf_put(&out, part, (size_t)got);
    assert_int_equal(got, 0);
    scrub_release(ret_state);
    report_input_close(&in);
    close(fd);
    buf_consume(&out, blanks);
    char *shown = buf_take(&out);
    bad_bytes_in_name(shown, strlen(shown));
    return shown;
}

static void assert_scrubbed(const char *bytes, size_t size, const char *expected)
{
    struct scrub state;
    _cleanup_free_ char *whole = scrubbed(bytes, size, 0, 65536, &state);
    assert_string_equal(whole, expected);
}

static void test_clean_text_passes_unchanged(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("<a b=\"c &amp; d\">\n\te &#x41; \xC3\xA9 \xF0\x9F\x98\x80</a>"),
                    "<a b=\"c &amp; d\">\n\te &#x41; \xC3\xA9 \xF0\x9F\x98\x80</a>");
    assert_scrubbed(SIZED(""), "");
}

static void test_what_xml_forbids_is_replaced(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("<a>\x01\0\x7F</a>"), "<a>\\x01\\x00\x7F</a>");
    assert_scrubbed(SIZED("<a>&#0;&#x1f;&#xFFFF;&#1114112;&#99999999999;</a>"),
                    "<a>\\x00\\x1F\\xEF\\xBF\\xBF\\x00\\x11\\x00\\x00\\xFF\\xFF\\xFF\\xFF</a>");
    assert_scrubbed(SIZED("<a>\xC3(\xFF\xED\xA0\x80\xEF\xBF\xBF</a>"),
                    "<a>\\xC3(\\xFF\\xED\\xA0\\x80\\xEF\\xBF\\xBF</a>");
    assert_scrubbed(SIZED("<a>&#xD83D;&#xDE00;&#xD83D;x</a>"), "<a>\xF0\x9F\x98\x80\\xED\\xA0\\xBDx</a>");
}

static void test_ansi_sequences_go(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("<a>\x1B[31mred\x1B[0m \x1B[1;38:5m&#27;[2J&#x1b;[K</a>"), "<a>red </a>");
    assert_scrubbed(SIZED("<a>\x1B</a>"), "<a>\\x1B</a>");
    assert_scrubbed(SIZED("<a>\x1B[<b/></a>"), "<a>\\x1B[<b/></a>");
}

static void test_line_ends_become_lf(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("a\r\nb\rc\n\r"), "a\nb\nc\n\n");
    assert_scrubbed(SIZED("a&#13;&#10;b&#xD;c&#13;\nd"), "a&#10;b&#10;c\nd");
    assert_scrubbed(SIZED("<![CDATA[a\r\n&#13;]]>"), "<![CDATA[a\n&#13;]]>");
}

static void test_cdata_and_comments_are_no_markup(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("<![CDATA[&#0; <!-- \x02]] ]]>&#0;"), "<![CDATA[&#0; <!-- \\x02]] ]]>\\x00");
    assert_scrubbed(SIZED("<!--a--b\n&#0;\xE9<![CDATA[-->x"), "<!--    \n              -->x");
    assert_scrubbed(SIZED("<?xml version=\"1.1\"?>\n<a/>"), "<!--              -->\n<a/>");
    assert_scrubbed(SIZED("<?a?><b/>"), "<!----><b/>");
    assert_scrubbed(SIZED("<!DOCTYPE a>"), "<!DOCTYPE a>");
}

static void test_cut_sections_stay_open(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("<a><![CDATA[x]]"), "<a><![CDATA[x]]");
    assert_scrubbed(SIZED("<a><!--x"), "<a><!-- ");
    assert_scrubbed(SIZED("<a>&#x1"), "<a>&#x1");
    assert_scrubbed(SIZED("<a>\xE2\x82"), "<a>\\xE2\\x82");
    assert_scrubbed(SIZED("<"), "<");
}

static void test_encodings(void **state)
{
    (void)state;
    assert_scrubbed(SIZED("\xEF\xBB\xBF<a/>"), "<a/>");
    assert_scrubbed(SIZED("\xFF\xFE<\0a\0\xE9\0=\xD8\x00\xDE/\0>\0"), "<a\xC3\xA9\xF0\x9F\x98\x80/>");
    assert_scrubbed(SIZED("\xFE\xFF\0<\0a\0/\0>"), "<a/>");
    assert_scrubbed(SIZED("<\0a\0/\0>\0"), "<a/>");
    assert_scrubbed(SIZED("\0<\0a\0/\0>"), "<a/>");
    assert_scrubbed(SIZED("\xFF\xFE<\0=\xD8"
                          "a\0\0\xDE>"),
                    "<\\x3D\\xD8"
                    "a\\x00\\xDE\\x3E");
    assert_scrubbed(SIZED("<\0\0\0a\0\0\0/\0\0\0>\0\0\0"), "<a/>");
    assert_scrubbed(SIZED("<?xml version='1.0' encoding='windows-1252'?><a>\x80\xE4\x81</a>"),
                    "<!--                                      --><a>\xE2\x82\xAC\xC3\xA4\\x81</a>");
}

static void test_changes_are_counted(void **state)
{
    (void)state;
    struct scrub s;
    free(scrubbed(SIZED("<a>\x01&#0;\xFF\xC3(</a>"), 0, 65536, &s));
    assert_int_equal(s.bad_characters, 2);
    assert_int_equal(s.bad_bytes, 2);
}

/* Everything at once, with the end of the first piece at each of its bytes. Divided CDATA sections and
 * comments are put together again before comparing. */
static const char mixed[] =
    "<!-- c\r\n\xC3\xA9 --><?p q?><a b=\"&#27;[31m&#xD83D;&#xDE00;\">\r\n\x1B[1mx\xF0\x9F\x98\x80"
    "&#13;&#10;<![CDATA[y]]]]><![CDATA[>\r\n\x02 ]]&#0;]]>\xE2\x82z</a>";

static char *joined(const char *text)
{
    static const char *const seams[] = {"]]><![CDATA[", "--><!--"};
    struct buf out = BUF_UNBOUNDED;
    while (*text) {
        bool seam = false;
        for (size_t i = 0; i < ARRAY_SIZE(seams) && !seam; i++) {
            seam = text_starts(text, seams[i]);
            text += seam ? strlen(seams[i]) : 0;
        }
        if (!seam && *text)
            buf_putc(&out, *text++);
    }
    return buf_take(&out);
}

static void test_pieces_may_end_anywhere(void **state)
{
    (void)state;
    struct scrub s;
    _cleanup_free_ char *plain = scrubbed(SIZED(mixed), 0, 65536, &s);
    _cleanup_free_ char *expected = joined(plain);
    for (size_t inside = 0; inside < sizeof mixed + 70; inside++) {
        _cleanup_free_ char *got = scrubbed(SIZED(mixed), 1024 - inside, 1024, &s);
        _cleanup_free_ char *whole = joined(got);
        assert_string_equal(whole, expected);
    }
}

static void test_scan_finds_the_same_as_looking_at_each_byte(void **state)
{
    (void)state;
    static const char stops[] = {'\x01', '\r', '\x1B', '\x80', '\xFF', ']'};
    char bytes[80];
    for (size_t at = 0; at < sizeof bytes; at++) {
        for (size_t i = 0; i < sizeof stops; i++) {
            memset(bytes, 'x', sizeof bytes);
            bytes[at] = stops[i];
            const char *end = bytes + sizeof bytes;
            assert_ptr_equal(scrub_scan_cdata(bytes, end), bytes + at);
            assert_ptr_equal(scrub_scan_markup(bytes, end), stops[i] == ']' ? end : bytes + at);
        }
    }
    static const char text[] = "<tag a=\"b & c! d? <e>\" \n\t> &amp; ! ? <!";
    const char *end = text + sizeof text - 1;
    assert_ptr_equal(scrub_scan_markup(text, end), end - 2);
    assert_ptr_equal(scrub_scan_markup(text, end - 1), end - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_text_passes_unchanged),
        cmocka_unit_test(test_what_xml_forbids_is_replaced),
        cmocka_unit_test(test_ansi_sequences_go),
        cmocka_unit_test(test_line_ends_become_lf),
        cmocka_unit_test(test_cdata_and_comments_are_no_markup),
        cmocka_unit_test(test_cut_sections_stay_open),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_changes_are_counted),
        cmocka_unit_test(test_pieces_may_end_anywhere),
        cmocka_unit_test(test_scan_finds_the_same_as_looking_at_each_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
