/* User names and passwords are taken out of addresses, and nothing else is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "base/url.h"

static void check(void (*cut)(char *), const char *given, const char *wanted)
{
    _cleanup_free_ char *text = xstrdup(given);
    cut(text);
    if (strcmp(text, wanted) != 0)
        fail_msg("%s: %s, not %s", given, text, wanted);
}

/* The same for an address alone and in a text. */
static void test_addresses(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"https://user:pw@host/x", "https://host/x"},
        {"https://token@host", "https://host"},
        {"https://token:@host/", "https://host/"},
        {"https://:pw@host", "https://host"},
        {"https://@host", "https://host"},
        {"HTTPS://User:PW@Host:8443/x", "HTTPS://Host:8443/x"},
        {"https://user:p@ss@host/x", "https://host/x"},
        {"https://user:p/ss@host/x", "https://host/x"},
        {"https://user:p?s#s@host/x@2", "https://host/x@2"},
        {"https://user:p/s@s@host/x", "https://host/x"},
        {"https://user:123456/7@host/x", "https://host/x"},
        {"https://user:p\\w@host", "https://host"},
        {"https://us%40er:p%3Aw@host?a=b@c", "https://host?a=b@c"},
        {"//user:pw@host/x", "//host/x"},
        {"https:///user:pw@host/x", "https:///host/x"},
        {"https://user:pw@[::1]:8443/x", "https://[::1]:8443/x"},
        {"ssh://git@host:22/x.git", "ssh://host:22/x.git"},
        {"git+https://user:pw@host/x@v1", "git+https://host/x@v1"},
        {"jdbc:postgresql://user:pw@host/db", "jdbc:postgresql://host/db"},
        {"https://a/?to=https://user:pw@b/", "https://a/?to=https://b/"},
        {"https://user:pw@a,https://b,https://user:pw@c", "https://a,https://b,https://c"},
        {"https://host/a@b", "https://host/a@b"},
        {"https://host/@scope/pkg?mail=a@b#c@d", "https://host/@scope/pkg?mail=a@b#c@d"},
        {"https://host?a@b", "https://host?a@b"},
        {"https://host:8080/a@b", "https://host:8080/a@b"},
        {"https://host:/a@b", "https://host:/a@b"},
        {"https://[fe80::1]/a@b", "https://[fe80::1]/a@b"},
        {"https://[fe80::1]:443/a@b", "https://[fe80::1]:443/a@b"},
        {"https://host", "https://host"},
        {"https://", "https://"},
        {"mailto:a@b", "mailto:a@b"},
        {"user@host", "user@host"},
        {"a//b@c", "a//b@c"},
        {"://b@c", "://b@c"},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        check(url_cut_user, rows[i][0], rows[i][1]);
        check(text_cut_url_users, rows[i][0], rows[i][1]);
    }
    url_cut_user(NULL);
    text_cut_url_users(NULL);
}

static void test_an_address_alone_may_hold_anything(void **state)
{
    (void)state;
    check(url_cut_user, "https://us er:p w@host/x", "https://host/x");
    check(url_cut_user, "https://o'neil:p\"w@host/x", "https://host/x");
    check(url_cut_user, "https://<user>:pw@host/x", "https://host/x");
}

static void test_addresses_in_text(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"GET https://me:pw@host/x failed, tell ops@shop.example",
         "GET https://host/x failed, tell ops@shop.example"},
        {"see https://host and a@b", "see https://host and a@b"},
        {"see https://host:80\nand a@b", "see https://host:80\nand a@b"},
        {"see 'https://host' and 'a@b'", "see 'https://host' and 'a@b'"},
        {"<a href=\"https://me:pw@host\">a@b</a>", "<a href=\"https://host\">a@b</a>"},
        {"<a href=\"https://host\">a@b</a>", "<a href=\"https://host\">a@b</a>"},
        {"(https://me:pw@a) (https://me:pw@b)", "(https://a) (https://b)"},
        {"https://me:p'w@host/x", "https://host/x"},
        {"// me@host: look here", "// me@host: look here"},
        {"https://host: no such host, tell a@b", "https://host: no such host, tell a@b"},
        {"https://host:port and a@b", "https://host:port and a@b"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check(text_cut_url_users, rows[i][0], rows[i][1]);
}

static void test_hostile_text_takes_linear_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {"x://a:b/", "x://a:b//", "//",        "x://",
                                         "x://a@",   "x://a:b/@", "x://a:b \n"};
    for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
        for (int with_end = 0; with_end < 2; with_end++) {
            _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
            for (int k = 0; k < 200000; k++)
                buf_puts(&text, pieces[i]);
            buf_puts(&text, with_end ? " @" : "");
            int64_t began_ms = clock_monotonic_ms();
            _cleanup_free_ char *copy = xstrdup(buf_text(&text));
            text_cut_url_users(copy);
            url_cut_user(text.bytes);
            assert_true(clock_monotonic_ms() - began_ms < 5000);
        }
    }
}

static void test_no_sentence_shows_them(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    error_set(&err, ERR_IO, "cannot open '%s': no such file", "https://me:geheim@host/report.xml");
    assert_string_equal(err.text, "cannot open 'https://host/report.xml': no such file");
    error_release(&err);
}

static void star_text(char *text)
{
    text_star_url_users(text, false);
}

static void star_json(char *text)
{
    text_star_url_users(text, true);
}

static void test_stars_keep_the_length(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"none", "none"},
        {"see https://user:pw@host/x.", "see https://*******@host/x."},
        {"https://a@h https://b:c/d@h", "https://*@h https://*****@h"},
        {"https://h:80/x me@home", "https://h:80/x me@home"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        check(star_text, rows[i][0], rows[i][1]);
        check(star_json, rows[i][0], rows[i][1]);
    }
    check(star_text, "https://u:p\"w@h", "https://*****@h");
    check(star_json, "{\"a\":\"https://h:x\",\"b\":\"c@d\"}", "{\"a\":\"https://h:x\",\"b\":\"c@d\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stars_keep_the_length),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_an_address_alone_may_hold_anything),
        cmocka_unit_test(test_addresses_in_text),
        cmocka_unit_test(test_hostile_text_takes_linear_time),
        cmocka_unit_test(test_no_sentence_shows_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
