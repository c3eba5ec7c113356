/* Which source wins, what a configuration file may say, and the URL of the site. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "cli/config_file.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/site_url.h"
#include "environment.h"

/* Each test runs in an empty folder of its own. */
static int enter_folder(void **state)
{
    char *folder = xstrdup("/tmp/qtest-settings-XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    remove(CONFIG_DEFAULT_NAME);
    remove("named.json");
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

#define ENV(...) ((const char *[]){__VA_ARGS__, NULL})
#define NO_ENV   ((const char *[]){NULL})

struct run {
    struct command_line line;
    struct settings settings;
    struct error err;
    int result;
};

static void resolve(struct run *run, char **words, const char **env)
{
    *run = (struct run){.err = ERROR_INIT};
    assert_int_equal(command_line_parse(&run->line, FOR_UPLOAD, "upload", words, &run->err), 0);
    run->result = settings_resolve(&run->settings, &run->line.flags, from_list, env, &run->err);
}

static void run_release(struct run *run)
{
    command_line_release(&run->line);
    settings_release(&run->settings);
    error_release(&run->err);
}
#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})
#define NO_WORDS   ((char *[]){NULL})

static void assert_usage(struct run *run, const char *part)
{
    assert_int_equal(run->result, -ERR_USAGE);
    if (!strstr(run->err.text, part))
        fail_msg("'%s' is not in: %s", part, run->err.text);
    run_release(run);
}

static void test_the_stronger_source_wins(void **state)
{
    (void)state;
    write_file(CONFIG_DEFAULT_NAME,
               "{\"job\": \"file\", \"module\": \"file\", \"parallel\": 7, \"target\": \"file\"}");
    struct run run;
    resolve(&run, WORDS("--job", "flag"), ENV("QTEST_JOB", "env", "QTEST_MODULE", "env", "QTEST_TARGET", ""));
    assert_int_equal(run.result, 0);
    assert_string_equal(run.settings.job, "flag");
    assert_string_equal(run.settings.module, "env");
    assert_string_equal(run.settings.target, "file");
    assert_int_equal(run.settings.parallel, 7);
    assert_int_equal(run.settings.timeout_ms, 600000);
    assert_int_equal(run.settings.sources[option_find("job")], SOURCE_FLAG);
    assert_int_equal(run.settings.sources[option_find("module")], SOURCE_ENV);
    assert_int_equal(run.settings.sources[option_find("target")], SOURCE_FILE);
    assert_int_equal(run.settings.sources[option_find("timeout")], SOURCE_DEFAULT);
    run_release(&run);
}

static void test_the_build_url_comes_from_the_ci_system(void **state)
{
    (void)state;
    const char **env = ENV("JENKINS_URL", "https://ci/", "BUILD_URL", "https://ci/job/1/", "JOB_NAME", "web");
    struct run run;
    resolve(&run, NO_WORDS, env);
    assert_string_equal(run.settings.build_url, "https://ci/job/1/");
    assert_int_equal(run.settings.sources[option_find("build-url")], SOURCE_CI);
    assert_null(run.settings.job); /* the report's own job name is stronger than the CI job's */
    assert_string_equal(run.settings.ci.job_name, "web");
    run_release(&run);
    write_file(CONFIG_DEFAULT_NAME, "{\"build-url\": \"https://file/\"}");
    resolve(&run, NO_WORDS, env);
    assert_string_equal(run.settings.build_url, "https://file/");
    run_release(&run);
}

static void test_a_file_found_by_default_may_not_say_where_things_go(void **state)
{
    (void)state;
    static const char *const keys[] = {"url",        "proxy",      "ca-file",  "client-cert",
                                       "client-key", "token-file", "state-dir"};
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        _cleanup_free_ char *text = xasprintf("{\"job\": \"x\", \"%s\": \"https://evil.example\"}", keys[i]);
        _cleanup_free_ char *part = xasprintf("'%s' may not be set by '.qtest-sync.json'", keys[i]);
        write_file(CONFIG_DEFAULT_NAME, text);
        struct run run;
        resolve(&run, NO_WORDS, NO_ENV);
        assert_usage(&run, part);
    }
}

static void test_a_named_file_may(void **state)
{
    (void)state;
    write_file("named.json", "{\"url\": \"https://shop.qtestnet.com\", \"token-file\": \"/run/token\"}");
    struct run run;
    resolve(&run, WORDS("--config", "named.json"), NO_ENV);
    assert_int_equal(run.result, 0);
    assert_string_equal(run.settings.url, "https://shop.qtestnet.com");
    run_release(&run);
    resolve(&run, NO_WORDS, ENV("QTEST_CONFIG", "named.json"));
    assert_int_equal(run.result, 0);
    assert_string_equal(run.settings.token_file, "/run/token");
    run_release(&run);
}

static void test_wrong_files_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"{\"modul\": \"x\"}", "did you mean 'module'?"},
        {"{\"qqqqqqqq\": 1}", "unknown key 'qqqqqqqq'"},
        {"{\"token\": \"geheim\"}", "'token' may not stand in"},
        {"{\"config\": \"x\"}", "'config' has no meaning"},
        {"{\"job\": [1]}", "is no text, whole number, true or false"},
        {"{\"job\": null}", "is no text, whole number, true or false"},
        {"{\"parallel\": 1.5}", "is no text, whole number, true or false"},
        {"{\"parallel\": 99}", "'99' of 'parallel' in '.qtest-sync.json' is no whole number from 1 to 16"},
        {"{\"job\": \"a\", \"job\": \"b\"}", "stands twice"},
        {"[]", "is no JSON object"},
        {"{\"job\": ", "is no JSON object"},
        {"", "is no JSON object"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        write_file(CONFIG_DEFAULT_NAME, wrong[i][0]);
        struct run run;
        resolve(&run, NO_WORDS, NO_ENV);
        if (run.err.text)
            assert_null(strstr(run.err.text, "geheim"));
        assert_usage(&run, wrong[i][1]);
    }
    struct run run;
    resolve(&run, WORDS("--config", "absent.json"), NO_ENV);
    assert_usage(&run, "cannot open the configuration file 'absent.json': No such file or directory");
    resolve(&run, WORDS("--config", "/"), NO_ENV);
    assert_usage(&run, "cannot open the configuration file '/': it is a folder");
}

static void test_a_file_larger_than_its_maximum_is_refused(void **state)
{
    (void)state;
    FILE *file = fopen("named.json", "w");
    assert_non_null(file);
    for (int i = 0; i < CONFIG_MAX_BYTES + 10; i++)
        fputc(' ', file);
    fclose(file);
    struct run run;
    resolve(&run, WORDS("--config=named.json"), NO_ENV);
    assert_usage(&run, "is larger than 1 MiB");
}

static void test_settings_are_checked_against_each_other(void **state)
{
    (void)state;
    struct run run;
    resolve(&run, WORDS("--client-cert", "a"), NO_ENV);
    assert_usage(&run, "without --client-key");
    resolve(&run, WORDS("--client-key", "a"), NO_ENV);
    assert_usage(&run, "without --client-cert");
    resolve(&run, WORDS("--cycle", "CL-1", "--job", "x"), NO_ENV);
    assert_usage(&run, "both --cycle and --job");
    resolve(&run, WORDS("--token-stdin", "--token-file", "x"), NO_ENV);
    assert_usage(&run, "both --token-stdin and --token-file");
    resolve(&run, WORDS("--status-words", "OK,ok,no"), NO_ENV);
    assert_usage(&run, "same word");
    resolve(&run, NO_WORDS, ENV("QTEST_PARALLEL", "0"));
    assert_usage(&run, "'0' of QTEST_PARALLEL is no whole number");
}

static void test_no_color_counts_unless_something_is_said(void **state)
{
    (void)state;
    struct run run;
    resolve(&run, NO_WORDS, ENV("NO_COLOR", "1"));
    assert_int_equal(run.settings.color, COLOR_NEVER);
    run_release(&run);
    resolve(&run, WORDS("--color", "always"), ENV("NO_COLOR", "1"));
    assert_int_equal(run.settings.color, COLOR_ALWAYS);
    assert_true(settings_use_color(&run.settings, -1));
    run_release(&run);
    resolve(&run, NO_WORDS, ENV("NO_COLOR", ""));
    assert_int_equal(run.settings.color, COLOR_AUTO);
    assert_false(settings_use_color(&run.settings, -1));
    run_release(&run);
}

static void need_site(struct run *run, char **words, const char **env)
{
    resolve(run, words, env);
    assert_int_equal(run->result, 0);
    run->result = settings_need_site(&run->settings, &run->err);
}

static void test_the_token_comes_from_the_strongest_place(void **state)
{
    (void)state;
    write_file("token", "from-file\r\n\n");
    struct run run;
    need_site(&run, WORDS("--url=https://a.example"),
              ENV("QTEST_TOKEN", "from-env", "QTEST_TOKEN_FILE", "token"));
    assert_string_equal(run.settings.token, "from-env");
    run_release(&run);
    need_site(&run, WORDS("--url=https://a.example", "--token-file=token"), ENV("QTEST_TOKEN", "from-env"));
    assert_string_equal(run.settings.token, "from-file");
    run_release(&run);
    need_site(&run, WORDS("--url=https://a.example"), ENV("QTEST_TOKEN_FILE", "token"));
    assert_string_equal(run.settings.token, "from-file");
    run_release(&run);
}

static void test_site_and_token_are_asked_for(void **state)
{
    (void)state;
    struct run run;
    need_site(&run, NO_WORDS, ENV("QTEST_TOKEN", "x"));
    assert_usage(&run, "no qTest site");
    need_site(&run, WORDS("--url=https://a.example"), NO_ENV);
    assert_usage(&run, "no API token");
    need_site(&run, WORDS("--url=https://a.example"), ENV("QTEST_TOKEN", "a b"));
    assert_usage(&run, "QTEST_TOKEN is no token");
    need_site(&run, WORDS("--url=https://a.example", "--token-file=none"), NO_ENV);
    assert_usage(&run, "cannot open the token file 'none'");
    write_file("token", " \n");
    need_site(&run, WORDS("--url=https://a.example", "--token-file=token"), NO_ENV);
    assert_usage(&run, "there is no token in 'token'");
}

static void test_show_config_masks_secrets_and_names_sources(void **state)
{
    (void)state;
    write_file(CONFIG_DEFAULT_NAME, "{\"module\": \"Web\"}");
    struct run run;
    resolve(&run, WORDS("--job=J"), ENV("QTEST_TOKEN", "geheim", "QTEST_PROXY", "http://u:geheim@p:1"));
    assert_int_equal(run.result, 0);
    for (int output = OUTPUT_TEXT; output <= OUTPUT_JSON; output++) {
        _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
        run.settings.output = output;
        show_config_write(&out, &run.settings, FOR_UPLOAD);
        assert_null(strstr(buf_text(&out), "geheim"));
        assert_non_null(strstr(buf_text(&out), "QTEST_TOKEN"));
        assert_non_null(strstr(buf_text(&out), "--job"));
        assert_non_null(strstr(buf_text(&out), CONFIG_DEFAULT_NAME));
    }
    run_release(&run);
}

static void test_site_urls(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *part; /* NULL: taken */
    } cases[] = {
        {"https://shop.qtestnet.com", NULL},
        {"https://shop.example:8443/qtest/", NULL},
        {"http://127.0.0.1:8080", NULL},
        {"http://127.8.9.10", NULL},
        {"http://localhost:1", NULL},
        {"http://[::1]:8080", NULL},
        {"http://shop.qtestnet.com", "unencrypted"},
        {"http://127.0.0.1.evil.example", "unencrypted"},
        {"http://128.0.0.1", "unencrypted"},
        {"http://localhost.evil.example", "unencrypted"},
        {"http://127.0.0.1@evil.example", "user name"},
        {"https://me:geheim@shop.example", "user name"},
        {"https://shop.qtestnet.com/p/12/portal/project", "address of a page"},
        {"https://shop.qtestnet.com/#tab=1", "address of a page"},
        {"https://shop.qtestnet.com?x=1", "address of a page"},
        {"ftp://shop.example", "no https URL"},
        {"shop.qtestnet.com", "no URL"},
        {"", "no URL"},
        {"https://", "no URL"},
        {"http:/127.0.0.1:8080", "no URL"},
        {"http:///127.0.0.1:8080", "no URL"},
        {"https://shop.example /x", "no URL"},
        {"https://me:geheim@shop.example:port", "no URL"},
        {"https://me:geheim@shop example", "no URL"},
        {"https://shop.example/?token=geheim", "address of a page"},
        {"https://shop.example:port/#geheim", "no URL"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        _cleanup_free_ char *url = NULL;
        struct error err = ERROR_INIT;
        int result = site_url_check(cases[i].url, "--url", &url, &err);
        if ((result == 0) != (cases[i].part == NULL) || (result < 0 && !strstr(err.text, cases[i].part)))
            fail_msg("%s: %d %s", cases[i].url, result, err.text ? err.text : "taken");
        if (err.text)
            assert_null(strstr(err.text, "geheim"));
        error_release(&err);
    }
}

static void test_one_site_has_one_url(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"HTTPS://Shop.Example:443/qTest//", "https://shop.example/qTest"},
        {"https://shop.example:8443/", "https://shop.example:8443"},
        {"http://LOCALHOST:1", "http://localhost:1"},
        {"http://[::1]:80", "http://[::1]"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        _cleanup_free_ char *url = NULL;
        struct error err = ERROR_INIT;
        assert_int_equal(site_url_check(cases[i][0], "--url", &url, &err), 0);
        assert_string_equal(url, cases[i][1]);
    }
}

static void test_proxy_urls(void **state)
{
    (void)state;
    _cleanup_free_ char *url = NULL;
    bool has_password = true;
    struct error err = ERROR_INIT;
    assert_int_equal(proxy_url_check("socks5h://p:1080", "x", &url, &has_password, &err), 0);
    assert_false(has_password);
    _cleanup_free_ char *none = NULL;
    assert_int_equal(proxy_url_check("gopher://p", "x", &none, &has_password, &err), -ERR_USAGE);
    assert_int_equal(proxy_url_check("http://u:geheim@p:99999999", "x", &none, &has_password, &err),
                     -ERR_USAGE);
    assert_null(strstr(err.text, "geheim"));
    error_release(&err);
}

static void test_raw_ends_in_a_proxy_password(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "http://u:geh/eim@p:3128", "http://u:geh#eim@p:3128", "u:geh?eim@p",  "http://u:12/geheim@p:3128",
        "http://u:1?geh@eim@p",    "http://geh/eim@p",        "u:geh://eim@p"};
    for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
        _cleanup_free_ char *url = NULL;
        bool has_password;
        struct error err = ERROR_INIT;
        if (proxy_url_check(urls[i], "x", &url, &has_password, &err) != -ERR_USAGE)
            fail_msg("%s is taken", urls[i]);
        if (strstr(err.text, "geh") || strstr(err.text, "eim") || !strstr(err.text, "%2F"))
            fail_msg("%s: %s", urls[i], err.text);
        error_release(&err);
    }
}

static void test_control_characters_in_a_proxy_password(void **state)
{
    (void)state;
    static const char *const urls[] = {"http://u:geheim%0a@p:3128", "http://u:geheim%00@p", "u:%7fgeheim@p",
                                       "socks5://u%1F:geheim@p"};
    _cleanup_free_ char *good = NULL;
    bool has_password;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
        _cleanup_free_ char *url = NULL;
        if (proxy_url_check(urls[i], "x", &url, &has_password, &err) != -ERR_USAGE)
            fail_msg("%s is taken", urls[i]);
        if (strstr(err.text, "geheim") || !strstr(err.text, "control character"))
            fail_msg("%s: %s", urls[i], err.text);
        error_release(&err);
    }
    assert_int_equal(proxy_url_check("http://u:%20%2500%7e%1x@p", "x", &good, &has_password, &err), 0);
}

static void test_masked_urls(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"http://me:geheim@p.example:3128", "http://***@p.example:3128"},
        {"http://me:ge@heim@p.example", "http://***@p.example"},
        {"me:geheim@p.example", "***@p.example"},
        {"http://me@p.example", "http://***@p.example"},
        {"http://p.example:3128", "http://p.example:3128"},
        {"http://me:ge/he#im?@p.example", "http://***@p.example"},
        {"me:ge://heim@p.example", "***@p.example"},
        {"http://ge/heim@p.example", "http://***@p.example"},
        {"https://shop.example/x?token=geheim", "https://shop.example/x?***"},
        {"https://shop.example#geheim", "https://shop.example?***"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        _cleanup_free_ char *masked = url_masked(rows[i][0]);
        assert_string_equal(masked, rows[i][1]);
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_the_stronger_source_wins),
        IN_FOLDER(test_the_build_url_comes_from_the_ci_system),
        IN_FOLDER(test_a_file_found_by_default_may_not_say_where_things_go),
        IN_FOLDER(test_a_named_file_may),
        IN_FOLDER(test_wrong_files_are_refused),
        IN_FOLDER(test_a_file_larger_than_its_maximum_is_refused),
        IN_FOLDER(test_settings_are_checked_against_each_other),
        IN_FOLDER(test_no_color_counts_unless_something_is_said),
        IN_FOLDER(test_the_token_comes_from_the_strongest_place),
        IN_FOLDER(test_site_and_token_are_asked_for),
        IN_FOLDER(test_show_config_masks_secrets_and_names_sources),
        cmocka_unit_test(test_site_urls),
        cmocka_unit_test(test_one_site_has_one_url),
        cmocka_unit_test(test_proxy_urls),
        cmocka_unit_test(test_raw_ends_in_a_proxy_password),
        cmocka_unit_test(test_control_characters_in_a_proxy_password),
        cmocka_unit_test(test_masked_urls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
