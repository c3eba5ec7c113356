/* Reading a command line by the option table, and turning text into settings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "cli/help.h"
#include "cli/options.h"

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})

static const char *flag(const struct command_line *line, const char *name)
{
    return line->flags.values[option_find(name)];
}

static void assert_refused(unsigned command, char **words, const char *part)
{
    struct error err = ERROR_INIT;
    struct command_line line;
    assert_int_equal(command_line_parse(&line, command, "upload", words, &err), -ERR_USAGE);
    if (!strstr(err.text, part))
        fail_msg("'%s' is not in: %s", part, err.text);
    command_line_release(&line);
    error_release(&err);
}

static void test_table_names_are_unique_and_its_defaults_convert(void **state)
{
    (void)state;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &option_table[i];
        assert_int_equal(option_find(option->name), (int)i);
        assert_true(option->commands != 0);
        assert_non_null(option->help);
        bool alone = option->kind == OPTION_FLAG || option->kind == OPTION_COUNT;
        assert_int_equal(alone, option->value_name == NULL);
        assert_int_equal(option->kind == OPTION_CHOICE, option->choices != NULL);
        struct settings settings = SETTINGS_INIT;
        struct error err = ERROR_INIT;
        if (!option->fallback)
            continue;
        assert_int_equal(option_convert(option, option->fallback, SOURCE_DEFAULT, "here", &settings, &err),
                         0);
        _cleanup_free_ char *shown = option_show(option, &settings);
        assert_string_equal(shown, option->fallback);
        settings_release(&settings);
    }
}

static void test_values_stand_behind_equals_or_as_the_next_word(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct command_line line;
    char **words =
        WORDS("a.xml", "--job=Night = day", "--target", "--odd", "-", "--job", "Last", "--", "--b.xml");
    assert_int_equal(command_line_parse(&line, FOR_UPLOAD, "upload", words, &err), 0);
    assert_string_equal(flag(&line, "job"), "Last");
    assert_string_equal(flag(&line, "target"), "--odd");
    assert_int_equal(line.argument_count, 3);
    assert_string_equal(line.arguments[0], "a.xml");
    assert_string_equal(line.arguments[1], "-");
    assert_string_equal(line.arguments[2], "--b.xml");
    command_line_release(&line);
}

static void test_flags_count_and_combine(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct command_line line;
    assert_int_equal(command_line_parse(&line, FOR_INSPECT, "inspect",
                                        WORDS("-qv", "--verbose", "--strict", "--salvage=off"), &err),
                     0);
    assert_string_equal(flag(&line, "verbose"), "2");
    assert_string_equal(flag(&line, "quiet"), "on");
    assert_string_equal(flag(&line, "strict"), "on");
    assert_string_equal(flag(&line, "salvage"), "off");
    command_line_release(&line);
}

static void test_help_and_version_are_seen(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct command_line line;
    assert_int_equal(
        command_line_parse(&line, FOR_INSPECT, "inspect", WORDS("--help=man", "--version"), &err), 0);
    assert_true(line.help && line.version);
    assert_string_equal(line.help_topic, "man");
    command_line_release(&line);
}

static void test_wrong_command_lines_are_refused_with_the_way_out(void **state)
{
    (void)state;
    assert_refused(FOR_UPLOAD, WORDS("--projct", "x"), "did you mean '--project'?");
    assert_refused(FOR_UPLOAD, WORDS("--zzzzzzzz"), "'qtest-sync upload --help' lists them");
    assert_refused(FOR_UPLOAD, WORDS("-x"), "unknown option '-x'");
    assert_refused(FOR_UPLOAD, WORDS("--job"), "'--job' needs a value: --job NAME");
    assert_refused(FOR_UPLOAD, WORDS("--token", "secret"), "may not stand on the command line");
    assert_refused(FOR_INSPECT, WORDS("--url", "x"), "'--url' has no meaning");
}

static void test_the_token_never_gets_into_a_message(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct command_line line;
    assert_int_equal(command_line_parse(&line, FOR_UPLOAD, "upload", WORDS("--token=geheim"), &err),
                     -ERR_USAGE);
    assert_null(strstr(err.text, "geheim"));
    command_line_release(&line);
    error_release(&err);
}

/* Converts and gives the value as --show-config prints it, or the error behind "!". */
static char *converted(const char *name, const char *text, enum setting_source source)
{
    struct settings settings = SETTINGS_INIT;
    struct error err = ERROR_INIT;
    const struct option *option = &option_table[option_find(name)];
    char *shown = option_convert(option, text, source, "here", &settings, &err) == 0
                      ? option_show(option, &settings)
                      : xasprintf("!%s", err.text);
    error_release(&err);
    settings_release(&settings);
    return shown;
}

static void assert_converts(const char *name, const char *text, const char *expected)
{
    _cleanup_free_ char *shown = converted(name, text, SOURCE_ENV);
    assert_string_equal(shown, expected);
}

static void assert_complains(const char *name, const char *text, const char *part)
{
    _cleanup_free_ char *shown = converted(name, text, SOURCE_ENV);
    if (shown[0] != '!' || !strstr(shown, part))
        fail_msg("'%s' is not in: %s", part, shown);
}

static void test_values_of_each_kind_convert(void **state)
{
    (void)state;
    assert_converts("strict", "Yes", "on");
    assert_converts("strict", "0", "off");
    assert_converts("timeout", "90", "90s");
    assert_converts("timeout", "1500ms", "1500ms");
    assert_converts("timeout", "2H", "2h");
    assert_converts("batch-bytes", "64k", "64K");
    assert_converts("batch-bytes", "1048576", "1M");
    assert_converts("batch-logs", "10000", "10000");
    assert_converts("verbose", "7", "2");
    assert_converts("repeats", "WORST", "worst");
    assert_converts("status-words", "PASSED,FAILED,not run", "PASSED,FAILED,not run");
    assert_converts("url", "https://shop.qtestnet.com//", "https://shop.qtestnet.com");
    assert_converts("token", "geheim", "(hidden)");
    assert_converts("proxy", "http://me:geheim@proxy.example:3128", "http://***@proxy.example:3128");
}

static void test_bad_values_are_refused_with_their_range(void **state)
{
    (void)state;
    assert_complains("strict", "maybe", "'maybe' of here is neither on nor off");
    assert_complains("batch-logs", "0", "'0' of here is no whole number from 1 to 10000");
    assert_complains("batch-logs", "12x", "no whole number");
    assert_complains("batch-logs", "99999999999999999999", "no whole number");
    assert_complains("timeout", "10 m", "no time from 1s to 1d");
    assert_complains("timeout", "m", "no time");
    assert_complains("timeout", "25h", "no time");
    assert_complains("batch-bytes", "1G", "no size from 16K to 48M");
    assert_complains("output", "xml", "choose one of text|json");
    assert_complains("status-words", "PASS,FAIL", "not three words");
    assert_complains("status-words", "PASS,,SKIP", "not three words");
    assert_complains("status-words", "A,B,C,D", "not three words");
    assert_complains("job", "", "empty");
    assert_complains("job", "a\nb", "control characters");
    assert_complains("report-url", "javascript:alert(1)", "is no link");
}

static void test_a_proxy_password_is_refused_on_the_command_line_only(void **state)
{
    (void)state;
    _cleanup_free_ char *refused = converted("proxy", "http://me:geheim@proxy.example:3128", SOURCE_FLAG);
    assert_non_null(strstr(refused, "holds a password"));
    assert_null(strstr(refused, "geheim"));
    _cleanup_free_ char *taken = converted("proxy", "proxy.example:3128", SOURCE_FLAG);
    assert_string_equal(taken, "http://proxy.example:3128");
}

static void test_help_man_and_completion_name_every_option(void **state)
{
    (void)state;
    _cleanup_(buf_release) struct buf help = BUF_UNBOUNDED, man = BUF_UNBOUNDED, bash = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    assert_int_equal(help_write(&help, command_find("upload"), NULL, &err), 0);
    assert_int_equal(help_write(&man, NULL, "man", &err), 0);
    assert_int_equal(help_write(&bash, NULL, "bash", &err), 0);
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &option_table[i];
        _cleanup_free_ char *flag_text = xasprintf("--%s", option->name);
        _cleanup_free_ char *variable = option_variable(option);
        bool in_argv = !(option->rules & OPTION_NOT_IN_ARGV);
        if (option->commands & FOR_UPLOAD)
            assert_non_null(strstr(buf_text(&help), in_argv ? flag_text : variable));
        if (in_argv)
            assert_non_null(strstr(buf_text(&bash), flag_text));
        if (!(option->rules & OPTION_NOT_IN_ENV))
            assert_non_null(strstr(buf_text(&man), variable));
    }
    assert_int_equal(help_write(&help, NULL, "tea", &err), -ERR_USAGE);
    error_release(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_names_are_unique_and_its_defaults_convert),
        cmocka_unit_test(test_values_stand_behind_equals_or_as_the_next_word),
        cmocka_unit_test(test_flags_count_and_combine),
        cmocka_unit_test(test_help_and_version_are_seen),
        cmocka_unit_test(test_wrong_command_lines_are_refused_with_the_way_out),
        cmocka_unit_test(test_the_token_never_gets_into_a_message),
        cmocka_unit_test(test_values_of_each_kind_convert),
        cmocka_unit_test(test_bad_values_are_refused_with_their_range),
        cmocka_unit_test(test_a_proxy_password_is_refused_on_the_command_line_only),
        cmocka_unit_test(test_help_man_and_completion_name_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
