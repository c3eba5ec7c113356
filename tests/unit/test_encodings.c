/* A report says the same in every encoding that it can be written in; what it cannot be read as is refused by
 * name; and bytes that are no character never make one test of two. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <iconv.h>

#include "base/memory.h"
#include "base/text.h"
#include "report_collect.h"

#define SIZED(literal) literal, sizeof literal - 1

/* What the writer calls it, what it writes, and words of a language that is written so. */
static const struct {
    const char *declared;
    const char *written;
    const char *words;
} encodings[] = {
    {"windows-1250", "CP1250", "Příliš žluťoučký"},
    {"windows-1251", "CP1251", "Корзина №1 — «тест»"},
    {"CP1251", "CP1251", "Корзина"},
    {"x-cp1251", "CP1251", "Корзина"},
    {"win-1251", "CP1251", "Корзина"},
    {"windows-1252", "CP1252", "Größe – 5 €"},
    {"ISO-8859-1", "CP1252", "Größe – 5 €"},
    {"latin1", "ISO-8859-1", "Größe"},
    {"windows-1253", "CP1253", "δοκιμή"},
    {"windows-1254", "CP1254", "ığdır şişe"},
    {"ISO-8859-9", "CP1254", "ığdır – şişe"},
    {"windows-1255", "CP1255", "שלום"},
    {"windows-1256", "CP1256", "اختبار"},
    {"windows-1257", "CP1257", "ąžuolas"},
    {"windows-1258", "CP1258", "tiêng"},
    {"ISO-8859-2", "ISO-8859-2", "zkouška řeči"},
    {"iso_8859-2", "ISO-8859-2", "zkouška"},
    {"ISO 8859-2", "ISO-8859-2", "zkouška"},
    {"latin-2", "ISO-8859-2", "zkouška"},
    {"ISO-8859-3", "ISO-8859-3", "ĉiuĵaŭde"},
    {"ISO-8859-4", "ISO-8859-4", "ģimene"},
    {"ISO-8859-5", "ISO-8859-5", "Корзина"},
    {"ISO-8859-6", "ISO-8859-6", "اختبار"},
    {"ISO-8859-7", "ISO-8859-7", "δοκιμή"},
    {"ISO-8859-8", "ISO-8859-8", "שלום"},
    {"ISO-8859-8-I", "ISO-8859-8", "שלום"},
    {"ISO-8859-10", "ISO-8859-10", "þriðji"},
    {"ISO-8859-13", "ISO-8859-13", "ąžuolas"},
    {"ISO-8859-15", "ISO-8859-15", "œuvre à 5 €"},
    {"ISO-8859-16", "ISO-8859-16", "știință"},
    {"TIS-620", "TIS-620", "ทดสอบ"},
    {"windows-874", "CP874", "ทดสอบ"},
    {"KOI8-R", "KOI8-R", "Корзина"},
    {"KOI8-U", "KOI8-U", "їжак"},
    {"IBM850", "CP850", "Größe"},
    {"cp866", "CP866", "Корзина"},
    {"ibm437", "CP437", "Größe"},
    {"macintosh", "MACINTOSH", "Größe"},
    {"x-mac-cyrillic", "MAC-CYRILLIC", "Корзина"},
    {"Shift_JIS", "CP932", "試験ソ表\\能 ①"},
    {"shift-jis", "CP932", "試験"},
    {"windows-31j", "CP932", "試験 ①"},
    {"MS932", "CP932", "試験"},
    {"x-sjis", "CP932", "試験"},
    {"EUC-JP", "EUC-JP", "試験"},
    {"x-euc-jp", "EUC-JP-MS", "試験 ①"},
    {"ISO-2022-JP", "ISO-2022-JP", "試験の表"},
    {"GBK", "GBK", "测试用例"},
    {"GB2312", "GBK", "测试鎔基"},
    {"MS936", "GBK", "测试"},
    {"GB18030", "GB18030", "测试 𠀀"},
    {"Big5", "BIG5", "測試許功蓋"},
    {"Big5-HKSCS", "BIG5-HKSCS", "測試"},
    {"cp950", "CP950", "測試"},
    {"EUC-KR", "EUC-KR", "시험"},
    {"ks_c_5601-1987", "CP949", "시험 똠"},
    {"windows-949", "CP949", "시험 똠"},
    {"ISO-2022-KR", "ISO-2022-KR", "시험"},
    {"UTF-8", "UTF-8", "größer 試験 😀"},
    {"utf8mb4", "UTF-8", "größer"},
    {"cp65001", "UTF-8", "größer"},
    {"US-ASCII", "UTF-8", "größer"},
    {"UTF-16", "UTF-8", "größer"}, /* .NET's StringWriter */
    {"UTF-16 LE", "UTF-8", "größer"},
    {"utf-16be", "UTF-8", "größer"},
    {"Unicode", "UTF-8", "größer"},
    {"ISO-10646-UCS-2", "UTF-8", "größer"},
    {"utf-16", "UTF-16LE", "größer 試験 😀"}, /* told by its look, whatever it says */
    {"UTF-16 LE", "UTF-16LE", "größer 😀"},
    {"UTF-8", "UTF-16BE", "größer 😀"},
    {"nonsense", "UTF-16", "größer 😀"}, /* told by the mark */
    {"nonsense", "UTF-32", "größer 😀"},
    {"UTF-32LE", "UTF-32LE", "größer 😀"},
    {"UTF-32BE", "UTF-32BE", "größer 😀"},
};

static void encode(struct buf *out, const char *encoding, const char *text, size_t size)
{
    iconv_t converter = iconv_open(encoding, "UTF-8");
    if (converter == (iconv_t)-1)
        fail_msg("no converter to %s", encoding);
    size_t room = 4 * size + 64;
    char *to = buf_reserve(out, room);
    char *end = to;
    char *from = (char *)text;
    if (iconv(converter, &from, &size, &end, &room) != 0 || iconv(converter, NULL, NULL, &end, &room) != 0)
        fail_msg("%s cannot say '%s'", encoding, from);
    buf_advance(out, (size_t)(end - to));
    iconv_close(converter);
}

/* A report so declared, with text behind enough blanks that pieces end inside it. */
static char *report_of(const char *declared, const char *words, size_t padding)
{
    return xasprintf(
        "<?xml version=\"1.0\" encoding=\"%s\"?>\n<testsuite name=\"%s\">%*s<testcase name=\"%s\">"
        "<failure message=\"%s\">a%sb\\&lt;</failure></testcase></testsuite>",
        declared, words, (int)padding, "", words, words, words);
}

static void collect_encoded(struct collected *c, size_t row, size_t padding)
{
    static const struct read_options options = {0};
    _cleanup_free_ char *text = report_of(encodings[row].declared, encodings[row].words, padding);
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    encode(&bytes, encodings[row].written, text, strlen(text));
    collect_bytes(c, bytes.bytes, bytes.length, &options);
}

static void test_every_encoding_reads_as_it_is_declared(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(encodings); i++) {
        struct collected c;
        const char *words = encodings[i].words;
        collect_encoded(&c, i, 0);
        _cleanup_(buf_release) struct buf expected = BUF_UNBOUNDED;
        buf_puts(&expected, "failed");
        collect_text(&expected, "suite", words);
        collect_text(&expected, "name", words);
        collect_text(&expected, "message", words);
        _cleanup_free_ char *details = xasprintf("%s\na%sb\\<", words, words);
        collect_text(&expected, "details", details);
        buf_putc(&expected, '\n');
        if (c.rc || c.meta.warnings.count || !text_equal(buf_text(&c.lines), buf_text(&expected)))
            fail_msg("%s as %s: %s%s%s", encodings[i].written, encodings[i].declared, buf_text(&c.lines),
                     c.rc ? c.err.text : "", c.meta.warnings.count ? c.meta.warnings.items[0] : "");
        collect_release(&c);
    }
}

/* The pieces that are read are of 32 KiB: every byte of the text is once the first of one. */
static void test_pieces_may_end_inside_a_character(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(encodings); i++) {
        struct collected plain;
        collect_encoded(&plain, i, 0);
        for (size_t inside = 0; inside < 12; inside++) {
            struct collected c;
            collect_encoded(&c, i, 32 * 1024 - 90 - inside);
            assert_int_equal(c.rc, 0);
            assert_string_equal(buf_text(&c.lines), buf_text(&plain.lines));
            collect_release(&c);
        }
        collect_release(&plain);
    }
}

static void test_what_cannot_be_decoded_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *said;
    } refused[] = {
        {"klingon", "'klingon', which this machine's C library does not know"},
        {"ansi", "'ansi'"},
        {"windows-9999", "'windows-9999'"},
        {"IBM037", "'IBM037', which its first line is not written in"},
        {"EBCDIC-US", "'EBCDIC-US', which its first line is not written in"},
        {"CP1140", "'CP1140', which its first line is not written in"},
        {"WCHAR_T", "'WCHAR_T', which"},
        {"ISO-8859-2//TRANSLIT", "'ISO-8859-2//TRANSLIT', which this"},
        {"ISO-8859-2//IGNORE", "'ISO-8859-2//IGNORE', which this"},
        {"/etc/passwd", "'/etc/passwd'"},
        {"../../x", "'../../x'"},
        {"UTF-8,UTF-16", "'UTF-8,UTF-16'"},
        {"\x01\x02", "''"},
        {"a-name-that-is-very-much-longer-than-that-of-any-encoding-which-somebody-ever-wrote-down",
         "'a-name-that-is-very-much-longer-than-that-of\xE2\x80\xA6'"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        for (int salvage = 0; salvage < 2; salvage++) {
            const struct read_options options = {.salvage = salvage};
            struct collected c;
            _cleanup_free_ char *text = report_of(refused[i].name, "x", 0);
            collect_bytes(&c, text, strlen(text), &options);
            assert_int_equal(c.rc, -ERR_REPORT);
            if (!strstr(c.err.text, refused[i].said) || !strstr(c.err.text, "let it be written in UTF-8"))
                fail_msg("%s: %s", refused[i].name, c.err.text);
            collect_release(&c);
        }
    }
}

/* Reads the bytes and checks what the warnings say and that the tests have these names. */
static void assert_names(const char *bytes, size_t size, const char *const names[2], const char *warning)
{
    static const struct read_options options = {0};
    struct collected c;
    collect_bytes(&c, bytes, size, &options);
    if (c.rc)
        fail_msg("%s", c.err.text);
    for (size_t i = 0; i < 2; i++) {
        _cleanup_(buf_release) struct buf expected = BUF_UNBOUNDED;
        collect_text(&expected, "", names[i]);
        if (!strstr(buf_text(&c.lines), buf_text(&expected) + 1))
            fail_msg("no %s in %s", buf_text(&expected), buf_text(&c.lines));
    }
    assert_int_equal(c.meta.counts.repeated, 0);
    assert_true(c.meta.warnings.count > 0);
    if (!strstr(c.meta.warnings.items[0], warning))
        fail_msg("no '%s' in '%s'", warning, c.meta.warnings.items[0]);
    collect_release(&c);
}

#define NAMES(...) ((const char *const[2]){__VA_ARGS__})
#define XML(declared, inside)                                                                                \
    SIZED("<?xml version='1.0' encoding='" declared "'?><testsuite name='s'>" inside "</testsuite>")

static void test_names_with_bad_bytes_stay_apart(void **state)
{
    (void)state;
    assert_names(XML("UTF-8", "<testcase name='caf\xE9'/><testcase name='caf\xE8'/>"),
                 NAMES("caf\\xE9", "caf\\xE8"),
                 "it holds 2 bytes that are not in its encoding UTF-8, shown as \\xNN in names (the first: "
                 "'caf\\xE9' in line 1) and as U+FFFD in texts; let its writer declare the encoding");
    assert_names(
        XML("UTF-8", "<testcase name='t' classname='\xC3(a'/><testcase name='t' classname='\xC4(a'/>"),
        NAMES("\\xC3(a", "\\xC4(a"), "'\\xC3(a' in line 1");
    assert_names(XML("UTF-8", "<testsuite name='\xFF'><testcase name='t'/></testsuite>"
                              "<testsuite name='\xFE'><testcase name='t'/></testsuite>"),
                 NAMES("\\xFF", "\\xFE"), "'\\xFF' in line 1");
    assert_names(XML("UTF-8",
                     "<testcase name='t'><properties><property name='browser' value='\xE4'/></properties>"
                     "</testcase><testcase name='t'><properties><property name='browser'>\xE5</property>"
                     "</properties></testcase>"),
                 NAMES("\\xE4", "\\xE5"), "shown as \\xNN in names (the first: '\\xE4' in line 1)");
    assert_names(XML("UTF-8", "<properties><property name='team' value='M\xFCller'/></properties>"
                              "<testcase name='a\xE4'/><testcase name='b'/>"),
                 NAMES("a\\xE4", "b"), "(the first: 'a\\xE4' in line 1)");
    assert_names(
        XML("UTF-8", "<testcase><Name>a\xE4</Name></testcase><testcase><Name>a\xE5</Name></testcase>"),
        NAMES("a\\xE4", "a\\xE5"), "'a\\xE4'");
    assert_names(XML("UTF-8", "<testcase name='\xF4\x8F\xB9\x81'/><testcase name='A'/>"),
                 NAMES("\\xF4\\x8F\\xB9\\x81", "A"), "it holds 4 bytes");
    assert_names(XML("windows-1252", "<testcase name='a\x81'/><testcase name='a\x8D'/>"),
                 NAMES("a\\x81", "a\\x8D"), "2 bytes that are not in its encoding windows-1252");
    assert_names(XML("Shift_JIS", "<testcase name='a\xFD'/><testcase name='a\xFE'/>"),
                 NAMES("a\\xFD", "a\\xFE"), "in its encoding Shift_JIS");
    assert_names(XML("GB18030", "<testcase name='a\x84\x32\xA4\x39'/><testcase name='a\xFF'/>"),
                 NAMES("a\\xFF", "a\\x842\\xA49"), "in its encoding GB18030");
}

static void test_names_with_control_characters_stay_apart(void **state)
{
    (void)state;
    assert_names(XML("UTF-8", "<testcase name='a&#1;'/><testcase name='a&#x2;'/>"), NAMES("a\\x01", "a\\x02"),
                 "it holds 2 control characters, which XML forbids, shown as \\xNN in names (the first: "
                 "'a\\x01' in line 1) and as U+FFFD in texts; let its writer leave them out");
    assert_names(XML("UTF-8", "<testcase name='a\x01'/><testcase name='a\0'/>"), NAMES("a\\x01", "a\\x00"),
                 "2 control characters");
    assert_names(XML("UTF-8", "<testcase name='&#xD83D;'/><testcase name='&#xD83E;'/>"),
                 NAMES("\\xED\\xA0\\xBD", "\\xED\\xA0\\xBE"), "2 control characters");
    assert_names(XML("UTF-8", "<testcase name='&#xFFFE;'/><testcase name='&#x110000;'/>"),
                 NAMES("\\xEF\\xBF\\xBE", "\\x00\\x11\\x00\\x00"), "2 control characters");
    assert_names(XML("UTF-8", "<testcase name='&#x10FE41;'/><testcase name='&#xDBFF;&#xDE42;'/>"),
                 NAMES("\\xF4\\x8F\\xB9\\x81", "\\xF4\\x8F\\xB9\\x82"), "2 control characters");
    assert_names(XML("UTF-8", "<testcase name='\x1B[31mred\x1B[0m'/><testcase name='\x1B'/>"),
                 NAMES("red", "\\x1B"), "1 control character,");
}

static void put_utf16(struct buf *out, const char *text)
{
    for (; *text; text++) {
        buf_putc(out, *text);
        buf_putc(out, '\0');
    }
}

static void test_half_surrogate_pairs_stay_apart(void **state)
{
    (void)state;
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    put_utf16(&bytes, "<testsuite name='s'><testcase name='a");
    buf_put(&bytes, "\x3D\xD8", 2);
    put_utf16(&bytes, "'/><testcase name='a");
    buf_put(&bytes, "\x01\xDC", 2);
    put_utf16(&bytes, "'/></testsuite>");
    assert_names(
        bytes.bytes, bytes.length, NAMES("a\\x3D\\xD8", "a\\x01\\xDC"),
        "it holds 4 bytes that are not in its encoding UTF-16LE, shown as \\xNN in names (the first: "
        "'a\\x3D\\xD8' in line 1)");
    buf_clear(&bytes);
    put_utf16(&bytes, "<testsuite name='s'><testcase name='");
    buf_put(&bytes, "\x00\xD8", 2); /* begins like a control character */
    put_utf16(&bytes, "'/><testcase name='b'/></testsuite>");
    assert_names(bytes.bytes, bytes.length, NAMES("\\x00\\xD8", "b"),
                 "shown as \\xNN in names (the first: '\\x00\\xD8' in line 1)");
}

static void test_texts_show_the_replacement_character(void **state)
{
    (void)state;
    assert_names(XML("UTF-8",
                     "<testcase name='a'><failure message='caf\xE9'>\x01 t\xE8 x</failure><system-out>"
                     "\xFF</system-out></testcase>"),
                 NAMES("caf\xEF\xBF\xBD", "caf\xEF\xBF\xBD\n\xEF\xBF\xBD t\xEF\xBF\xBD x"),
                 "it holds 3 bytes that are not in its encoding UTF-8, shown as U+FFFD; let");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_encoding_reads_as_it_is_declared),
        cmocka_unit_test(test_pieces_may_end_inside_a_character),
        cmocka_unit_test(test_what_cannot_be_decoded_is_refused_by_name),
        cmocka_unit_test(test_names_with_bad_bytes_stay_apart),
        cmocka_unit_test(test_names_with_control_characters_stay_apart),
        cmocka_unit_test(test_half_surrogate_pairs_stay_apart),
        cmocka_unit_test(test_texts_show_the_replacement_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
