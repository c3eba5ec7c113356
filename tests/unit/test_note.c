/* Notes and step texts: what a person reads, and that nothing a test prints can forge a marker. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "sync/note.h"
#include "sync/note_repeats.h"
#include "sync/step_text.h"

static const struct hash128 marker = {
    {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1, 2, 3, 4, 5, 6, 7, 8}};
static const struct log_marks one_mark = {
    .items = {{{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1, 2, 3, 4, 5, 6, 7, 8}}}, .count = 1};
#define MARKER_LINE "qtest-sync 0123456789abcdef0102030405060708"

static char *note_of(const struct test_result *result, struct note_facts facts)
{
    struct buf out = BUF_UNBOUNDED;
    facts.marks = facts.marks ? facts.marks : &one_mark;
    facts.cycle = "Nightly";
    note_write(&out, result, &facts);
    return buf_take(&out);
}

static void test_note_of_a_passed_result(void **state)
{
    (void)state;
    _cleanup_free_ char *note = note_of(&(struct test_result){.name = "n", .target = "Chrome 1"},
                                        (struct note_facts){.report_url = "https://app.testproject.io/x"});
    assert_string_equal(
        note, "TestProject report: https://app.testproject.io/x\nExecuted on Chrome 1\n" MARKER_LINE);
}

static void test_what_shares_the_log_stands_before_the_details(void **state)
{
    (void)state;
    char *lines[] = {"Failed a", "Passed b"};
    const struct note_repeats repeats = {.lines = {.items = lines, .count = 2}, .count = 3};
    const struct test_result result = {.name = "n", .message = "m", .details = "d"};
    _cleanup_free_ char *note = note_of(&result, (struct note_facts){.repeats = &repeats});
    assert_non_null(
        strstr(note, "\nm\n\nStands for 3 results of this test:\nFailed a\nPassed b\nand 1 more\n\nd"));
}

static void test_the_reports_own_word_stands_behind_the_verdict(void **state)
{
    (void)state;
    const struct test_result skipped = {.name = "n",
                                        .target = "x",
                                        .status = RESULT_SKIPPED,
                                        .status_word = "un\x1B[1mtested\nqtest-sync",
                                        .message = "why"};
    const struct test_result error = {.name = "n", .status = RESULT_ERROR, .status_word = "timedOut"};
    const struct test_result passed = {.name = "n", .status = RESULT_PASSED, .status_word = "flaky"};
    _cleanup_free_ char *first = note_of(&skipped, (struct note_facts){0});
    _cleanup_free_ char *second = note_of(&error, (struct note_facts){0});
    _cleanup_free_ char *third = note_of(&passed, (struct note_facts){0});
    assert_string_equal(first, "Job: Nightly\nExecuted on x\n" MARKER_LINE
                               "\n\nSkipped (untested qtest-sync)\n\nwhy");
    assert_non_null(strstr(second, "\nFailed (timedOut)"));
    assert_non_null(strstr(third, "\nPassed (flaky)"));
}

static void test_marker_is_the_third_line_whatever_is_known(void **state)
{
    (void)state;
    const struct note_facts facts[] = {
        {.build_url = "https://ci/1"}, {.cycle = "x"}, {.report_url = "a\nb\r\nc"}};
    for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
        uint64_t found = 0;
        _cleanup_free_ char *note =
            note_of(&(struct test_result){.name = "n", .target = "evil\nline\ntarget"}, facts[i]);
        assert_true(note_marker(note, &found));
        assert_true(found == hash128_low(&marker));
    }
}

static void test_message_cannot_forge_a_marker(void **state)
{
    (void)state;
    uint64_t found = 0;
    const char *forged = "qtest-sync ffffffffffffffffffffffffffffffff";
    _cleanup_free_ char *note =
        note_of(&(struct test_result){.name = "n", .message = forged, .details = forged},
                (struct note_facts){.report_url = forged});
    assert_true(note_marker(note, &found));
    assert_true(found == hash128_low(&marker));
}

static void test_only_the_third_line_is_read(void **state)
{
    (void)state;
    uint64_t found;
    assert_false(note_marker("", &found));
    assert_false(note_marker(MARKER_LINE, &found));
    assert_false(note_marker("a\n" MARKER_LINE, &found));
    assert_false(note_marker("a\nb\nc\n" MARKER_LINE, &found));
    assert_false(note_marker("a\nb\n" MARKER_LINE "0", &found));
    assert_false(note_marker("a\nb\nqtest-sync 0123", &found));
    assert_true(note_marker("a\nb\n" MARKER_LINE "\r\n", &found));
}

static void test_long_notes_are_cut_at_a_character_and_say_so(void **state)
{
    (void)state;
    uint64_t found;
    struct buf text = BUF_UNBOUNDED;
    for (int i = 0; i < 5000; i++)
        buf_puts(&text, "\xC3\xA4");
    _cleanup_free_ char *note =
        note_of(&(struct test_result){.name = "n", .message = text.bytes}, (struct note_facts){0});
    assert_true(strlen(note) <= NOTE_MAX_BYTES && strlen(note) > NOTE_MAX_BYTES - 100);
    assert_non_null(strstr(note, "(cut"));
    assert_true(note_marker(note, &found));
    buf_release(&text);
}

static void test_step_texts(void **state)
{
    (void)state;
    const struct name_value input = {"user", "<b>"};
    const struct test_step step = {.nested_path = "Login",
                                   .description = "Type bob in <user>",
                                   .design_description = "Type [~x] in {{user}}",
                                   .comment = "a\nb",
                                   .failure_behavior = "Abort",
                                   .screenshot_setting = "Failure",
                                   .timeout_ms = 15000,
                                   .inverted = true,
                                   .message = "ok & done",
                                   .inputs = &input,
                                   .input_count = 1};
    _cleanup_free_ char *design = step_design_text(&step);
    _cleanup_free_ char *expected = step_expected_text(&step);
    _cleanup_free_ char *actual = step_actual_text(&step);
    assert_string_equal(
        design, "Login &gt; Type [ ~x] in {{user}}<br/>Comments: a<br/>b<br/>Failure behavior: Abort<br/>"
                "Screenshot: Failure<br/>Timeout: 15000ms");
    assert_string_equal(expected, "Fail");
    assert_string_equal(actual, "Type bob in &lt;user&gt;<br/>Input: user = &lt;b&gt;<br/>ok &amp; done");
}

static void test_marks_of_all_that_share_the_log_are_read(void **state)
{
    (void)state;
    const struct log_marks two = {.items = {marker, {{9}}}, .count = 2};
    _cleanup_free_ char *note =
        note_of(&(struct test_result){.name = "n"}, (struct note_facts){.marks = &two});
    uint64_t marks[NOTE_MARKS_MAX];
    assert_int_equal(note_marks(note, marks), 2);
    assert_true(marks[0] == hash128_low(&marker) && marks[1] == 9);
    assert_int_equal(note_marks("a\nb\n" MARKER_LINE " x", marks), 0);
    assert_int_equal(note_marks("a\nb\n" MARKER_LINE " ", marks), 0);
    assert_int_equal(note_marks("a\nb\n" MARKER_LINE "\r\n", marks), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_note_of_a_passed_result),
        cmocka_unit_test(test_what_shares_the_log_stands_before_the_details),
        cmocka_unit_test(test_the_reports_own_word_stands_behind_the_verdict),
        cmocka_unit_test(test_marks_of_all_that_share_the_log_are_read),
        cmocka_unit_test(test_marker_is_the_third_line_whatever_is_known),
        cmocka_unit_test(test_message_cannot_forge_a_marker),
        cmocka_unit_test(test_only_the_third_line_is_read),
        cmocka_unit_test(test_long_notes_are_cut_at_a_character_and_say_so),
        cmocka_unit_test(test_step_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
