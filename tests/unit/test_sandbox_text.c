/* The sandbox's own dates, base64 and HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/memory.h"
#include "sandbox/base64.h"
#include "sandbox/dates.h"
#include "sandbox/html.h"

static void reads(const char *text, int64_t expected_ms)
{
    int64_t got = 0;
    assert_true(date_read(text, &got));
    assert_int_equal(got, expected_ms);
}

static void date_read__takes_every_form_that_clients_send(void **state)
{
    (void)state;
    reads("1970-01-01", 0);
    reads("2018-04-10T21:38:18Z", 1523396298000);
    reads("2020-10-30T14:56:22.357Z", 1604069782357);
    reads("2020-05-01T23:47:54+07:00", 1588351674000);
    reads("2020-05-01T23:47:54.5+0700", 1588351674500);
    reads("2020-05-01T12:47:54-04", 1588351674000);
    reads("2020-05-01T16:47:54", 1588351674000);
    reads("2020-05-01T16:47", 1588351620000);
    reads("2024-02-29T00:00:00.123456789Z", 1709164800123);
    reads("1969-12-31T23:59:59.999Z", -1);
    reads("0001-01-01", -62135596800000);
    reads("9999-12-31T23:59:59.999Z", 253402300799999);
}

static void date_read__refuses_what_is_none(void **state)
{
    static const char *const wrong[] = {"",
                                        "soon",
                                        "2023-02-29",
                                        "2020-13-01",
                                        "2020-00-10",
                                        "2020-01-32",
                                        "2020-1-1",
                                        "0000-01-01",
                                        "2020-01-01 10:00:00",
                                        "2020-01-01T24:00:00Z",
                                        "2020-01-01T10:60:00Z",
                                        "2020-01-01T10:00:00.Z",
                                        "2020-01-01T10:00:00+7",
                                        "2020-01-01T10:00:00+19:00",
                                        "2020-01-01T10:00:00Zx",
                                        "2020-01-01T"};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        int64_t kept = 7;
        assert_false(date_read(wrong[i], &kept));
        assert_int_equal(kept, 7);
    }
}

static void date_write__gives_back_what_was_read(void **state)
{
    char text[DATE_TEXT_SIZE];
    int64_t again;
    (void)state;
    for (int64_t ms = -62135596800000; ms < 253402300799000; ms += 86399999 * 777LL + 13) {
        for (int zone = -720; zone <= 840; zone += 390) {
            int64_t shown = ms + zone * 60000LL;
            if (shown < -62135596800000 || shown > 253402300799999)
                continue;
            date_write(ms, zone, true, text);
            assert_true(date_read(text, &again));
            assert_int_equal(again, ms);
        }
    }
    date_write(1588351674567, 420, false, text);
    assert_string_equal(text, "2020-05-01T23:47:54+07:00");
    date_write(1588351674567, -210, true, text);
    assert_string_equal(text, "2020-05-01T13:17:54.567-03:30");
}

static void date_write_http__knows_the_weekday(void **state)
{
    char text[DATE_TEXT_SIZE];
    (void)state;
    date_write_http(1512208800000, text);
    assert_string_equal(text, "Sat, 02 Dec 2017 10:00:00 GMT");
    date_write_http(0, text);
    assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
    date_write_http(-86400000, text);
    assert_string_equal(text, "Wed, 31 Dec 1969 00:00:00 GMT");
    date_write_day(1512208800000, text);
    assert_string_equal(text, "2017-12-02");
}

static void decodes(const char *text, const char *expected)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    assert_true(sandbox_base64_decode(&out, text));
    assert_string_equal(buf_text(&out), expected);
}

static void base64__is_decoded(void **state)
{
    (void)state;
    decodes("", "");
    decodes("Zg==", "f");
    decodes("Zm8=", "fo");
    decodes("Zm9v", "foo");
    decodes("Zm9v\r\nYmFy", "foobar");
    decodes("Zm8", "fo");
    decodes("fn5+", "~~~");
    decodes("Pz8/", "???");
}

static void base64__refuses_what_is_none(void **state)
{
    static const char *const wrong[] = {"Z", "Zm9vY", "Zm=v", "====", "Zm 9v", "Zm-_", "\xc3\xa9"};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
        assert_false(sandbox_base64_decode(&out, wrong[i]));
    }
}

static void html_escape__leaves_no_markup(void **state)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    (void)state;
    html_escape(&out, "<a href=\"x\">'&'</a>");
    assert_string_equal(buf_text(&out), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    html_escape(&out, NULL);
    buf_clear(&out);
    html_escape_brackets(&out, "a<b>&\"");
    assert_string_equal(buf_text(&out), "a&lt;b&gt;&\"");
}

static void text_of(const char *html, const char *expected)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    html_to_text(&out, html);
    assert_string_equal(buf_text(&out), expected);
}

static void html_to_text__drops_formatting_and_keeps_the_rest(void **state)
{
    (void)state;
    text_of("<p>a &amp; b</p><b>c</b><br/>d", "a & b\nc\nd");
    text_of("&lt;script&gt; <script>x</script>", "<script> <script>x</script>");
    text_of("1 < 2 && 3 > 2 &unknown; <", "1 < 2 && 3 > 2 &unknown; <");
    text_of("<div", "<div");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_read__takes_every_form_that_clients_send),
        cmocka_unit_test(date_read__refuses_what_is_none),
        cmocka_unit_test(date_write__gives_back_what_was_read),
        cmocka_unit_test(date_write_http__knows_the_weekday),
        cmocka_unit_test(base64__is_decoded),
        cmocka_unit_test(base64__refuses_what_is_none),
        cmocka_unit_test(html_escape__leaves_no_markup),
        cmocka_unit_test(html_to_text__drops_formatting_and_keeps_the_rest),
    };
    return cmocka_run_group_tests_name("sandbox text", tests, NULL, NULL);
}
