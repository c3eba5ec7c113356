/* What a setting may be read from, what a token may look like, and what is told of a page's address. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/config_file.h"
#include "cli/options.h"
#include "cli/site_url.h"
#include "environment.h"

#define HANG_SECONDS 20 /* a test that waits for a pipe ends by SIGALRM */

static int enter_folder(void **state)
{
    char *folder = xstrdup("/tmp/qtest-bounds-XXXXXX");
    *state = folder;
    alarm(HANG_SECONDS);
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    alarm(0);
    remove(CONFIG_DEFAULT_NAME);
    remove("pipe");
    remove("link");
    remove("token");
    int result = chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
    free(*state);
    return result;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})
#define ENV(...)   ((const char *[]){__VA_ARGS__, NULL})

/* Settings of an upload up to its token. Returns the token, or the sentence of what is wrong. */
static char *token_or_sentence(char **words, const char **env)
{
    struct error err = ERROR_INIT;
    struct command_line line = COMMAND_LINE_INIT;
    struct settings settings;
    assert_int_equal(command_line_parse(&line, FOR_UPLOAD, "upload", words, &err), 0);
    int result = settings_resolve(&settings, &line.flags, from_list, env, &err);
    if (result == 0)
        result = settings_need_site(&settings, &err);
    assert_true(result == 0 || result == -ERR_USAGE);
    char *told = xstrdup(result == 0 ? settings.token : err.text);
    settings_release(&settings);
    command_line_release(&line);
    error_release(&err);
    return told;
}

static void assert_told(char **words, const char **env, const char *part)
{
    _cleanup_free_ char *told = token_or_sentence(words, env);
    if (!strstr(told, part))
        fail_msg("'%s' is not in: %s", part, told);
}

static void test_what_is_no_regular_file_is_refused_at_once(void **state)
{
    (void)state;
    static const char *const names[] = {"pipe", "link", "/dev/zero", "/dev/null", "/dev/tty", ".", "none"};
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(symlink("pipe", "link"), 0);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        _cleanup_free_ char *config = xasprintf("cannot open the configuration file '%s': ", names[i]);
        _cleanup_free_ char *token = xasprintf("cannot open the token file '%s': ", names[i]);
        assert_told(WORDS("--config", (char *)names[i]), ENV(NULL), config);
        assert_told(WORDS("--url=https://a.example", "--token-file", (char *)names[i]), ENV(NULL), token);
    }
    assert_told(WORDS("--config", "pipe"), ENV(NULL), "no regular file");
    assert_told(WORDS("--config", "."), ENV(NULL), "it is a folder");
}

static void test_a_pipe_in_the_working_folder_is_refused_at_once(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(CONFIG_DEFAULT_NAME, 0600), 0);
    assert_told(WORDS("--url=https://a.example"), ENV("QTEST_TOKEN", "x"), "no regular file");
}

static void test_a_link_to_a_file_is_followed(void **state)
{
    (void)state;
    write_file("token", "abc");
    assert_int_equal(symlink("token", "link"), 0);
    assert_told(WORDS("--url=https://a.example", "--token-file=link"), ENV(NULL), "abc");
}

static void test_the_workspace_may_not_turn_it_off(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"{\"enabled\": false}", "'enabled' may not be set by '.qtest-sync.json'"},
        {"{\"enabled\": \"off\"}", "QTEST_ENABLED"},
        {"{\"enabled\": true}", "'enabled' may not be set by"},
        {"{\"on-upload-error\": \"warn\"}", "'on-upload-error' may not be set by '.qtest-sync.json'"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        write_file(CONFIG_DEFAULT_NAME, files[i][0]);
        assert_told(WORDS("--url=https://a.example"), ENV("QTEST_TOKEN", "x"), files[i][1]);
        assert_told(WORDS("--url=https://a.example", "--config", CONFIG_DEFAULT_NAME),
                    ENV("QTEST_TOKEN", "x"), "x");
    }
}

static void test_tokens(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"abc", "abc"},
        {"abc\n", "abc"},
        {"abc\r\n", "abc"},
        {"abc\n\n", "abc"},
        {"abc \t\r\n", "abc"},
        {"bearerabc", "bearerabc"},
        {"abc-bearer", "abc-bearer"},
        {"\r\n", "there is no token in "},
        {"bearer abc", "begins with the word 'bearer'; leave that out"},
        {"Bearer abc\n", "begins with the word 'bearer'; leave that out"},
        {"BEARER\tabc", "begins with the word 'bearer'; leave that out"},
        {"bearer", "begins with the word 'bearer'; leave that out"},
        {"a b", "is no token"},
        {" abc", "is no token"},
        {"a\nb", "is no token"},
        {"a\xC3\xA4", "is no token"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        write_file("token", rows[i][0]);
        _cleanup_free_ char *by_env =
            token_or_sentence(WORDS("--url=https://a.example"), ENV("QTEST_TOKEN", rows[i][0]));
        _cleanup_free_ char *by_file =
            token_or_sentence(WORDS("--url=https://a.example"), ENV("QTEST_TOKEN_FILE", "token"));
        bool is_token = strchr(rows[i][1], ' ') == NULL;
        const char *of_env = is_token ? by_env : strstr(by_env, rows[i][1]);
        const char *of_file = is_token ? by_file : strstr(by_file, rows[i][1]);
        if (!of_env || !of_file || (is_token && strcmp(by_env, rows[i][1]) != 0) ||
            (is_token && strcmp(by_file, rows[i][1]) != 0))
            fail_msg("row %zu: '%s', '%s'", i, by_env, by_file);
    }
}

static void test_the_advice_for_a_page_is_its_site(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"https://shop.qtestnet.com/p/12/portal/project#tab=testdesign", "https://shop.qtestnet.com"},
        {"https://host:8443/qtest/p/12/portal/project#tab=1&id=5", "https://host:8443/qtest"},
        {"https://host:8443/qtest/p/12", "https://host:8443/qtest"},
        {"https://host/a/b/portal/loginform", "https://host/a/b"},
        {"https://HOST:443/qTest/portal", "https://host/qTest"},
        {"https://host:8443/api/v3/projects", "https://host:8443"},
        {"https://host/qtest/api/v3/projects", "https://host/qtest"},
        {"https://host:8443/qtest?x=1", "https://host:8443/qtest"},
        {"https://host/qtest/#/p/12/portal", "https://host/qtest"},
        {"https://[::1]:8443/qtest/p/1/portal", "https://[::1]:8443/qtest"},
        {"http://127.0.0.1:8080/p/1/portal", "http://127.0.0.1:8080"},
    };
    static const char *const sites[] = {"https://host/qtest", "https://host/shop/p", "https://host/api",
                                        "https://host/mp/p/x", "https://host/q/api/qtest"};
    for (size_t i = 0; i < ARRAY_SIZE(rows) + ARRAY_SIZE(sites); i++) {
        bool is_page = i < ARRAY_SIZE(rows);
        const char *given = is_page ? rows[i][0] : sites[i - ARRAY_SIZE(rows)];
        _cleanup_free_ char *url = NULL;
        struct error err = ERROR_INIT;
        int result = site_url_check(given, "--url", &url, &err);
        _cleanup_free_ char *advice = is_page ? xasprintf("give the site alone: %s", rows[i][1]) : NULL;
        if (is_page ? result != -ERR_USAGE || !text_ends(err.text, advice) : !text_equal(url, given))
            fail_msg("%s: %s", given, err.text ? err.text : url);
        error_release(&err);
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_what_is_no_regular_file_is_refused_at_once),
        IN_FOLDER(test_a_pipe_in_the_working_folder_is_refused_at_once),
        IN_FOLDER(test_a_link_to_a_file_is_followed),
        IN_FOLDER(test_the_workspace_may_not_turn_it_off),
        IN_FOLDER(test_tokens),
        cmocka_unit_test(test_the_advice_for_a_page_is_its_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
