/* The small parts of the JUnit reader: targets in names, and the markers in a test's output. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/junit_marker.h"
#include "report/junit_target.h"

static const struct {
    const char *class_name;
    const char *target;
    const char *rest;
} classes[] = {
    {"Chrome 81.0.4044.122.Tests", "Chrome 81.0.4044.122", NULL},
    {"Chrome (Headless) 103.0.5060.66.Tests", "Chrome (Headless) 103.0.5060.66", NULL},
    {"Chrome.Tests", "Chrome", NULL},
    {"iPhone 8.Tests", "iPhone 8", NULL},
    {"iPhone.Tests", "iPhone", NULL},
    {"google-pixel_4a.Tests", "google-pixel_4a", NULL},
    {"Galaxy S8+.Tests", "Galaxy S8+", NULL},
    {"Firefox 89.0", "Firefox 89.0", NULL},
    {"Firefox 89.0.LoginTest", "Firefox 89.0", "LoginTest"},
    {"Firefox 89.0.com.acme.LoginTest", "Firefox 89.0", "com.acme.LoginTest"},
    {"Chrome 103.0.0.0 (Linux x86_64).Login", "Chrome 103.0.0.0 (Linux x86_64)", "Login"},
    {"HeadlessChrome 120.0.0 (Linux 0.0.0).Login", "HeadlessChrome 120.0.0 (Linux 0.0.0)", "Login"},
    {"Chrome_103_0_0_0_(Linux_x86_64).Login", "Chrome_103_0_0_0_(Linux_x86_64)", "Login"},
    {"Mobile_Safari_16_0_(iOS_16_0).Cart.adds 2.5 items", "Mobile_Safari_16_0_(iOS_16_0)",
     "Cart.adds 2.5 items"},
    {"chrome.123_0_6312_59.windows.Login_page", "chrome.123_0_6312_59.windows", "Login_page"},
    {"internet_explorer.11.windows_10.Login", "internet_explorer.11.windows_10", "Login"},
    {"chrome.windows.Login", NULL, "chrome.windows.Login"},
    {"firefox.LoginTest", NULL, "firefox.LoginTest"},
    {"edge.2FA", NULL, "edge.2FA"},
    {"safari_park.TestTickets", NULL, "safari_park.TestTickets"},
    {"Android.Utils.Tests", NULL, "Android.Utils.Tests"},
    {"chrome.login.Tests", NULL, "chrome.login.Tests"},
    {"electron", NULL, "electron"},
    {"Acme.Billing.Tests", NULL, "Acme.Billing.Tests"},
    {"Acme.Web-Api.Tests", NULL, "Acme.Web-Api.Tests"},
    {"Acme.Web (net8.0).Tests", NULL, "Acme.Web (net8.0).Tests"},
    {"SM-G991B.Tests", "SM-G991B", NULL},
    {"Dr. No's phone.Tests", "Dr. No's phone", NULL},
    {"Chrome.LoginTest", NULL, "Chrome.LoginTest"},
    {"ChromeDriverTest", NULL, "ChromeDriverTest"},
    {"Edge cases of 3.5", NULL, "Edge cases of 3.5"},
    {"com.acme.LoginTest", NULL, "com.acme.LoginTest"},
    {".Tests", NULL, ".Tests"},
    {"Tests", NULL, "Tests"},
    {"", NULL, ""},
    {NULL, NULL, NULL},
};

static void test_targets_in_class_names(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
        const char *rest;
        bool testproject;
        const char *target = junit_target_in_class(&arena, classes[i].class_name, &rest, &testproject);
        if (!text_equal(target, classes[i].target) || !text_equal(rest, classes[i].rest))
            fail_msg("'%s' gave '%s' and '%s'", classes[i].class_name, target ? target : "-",
                     rest ? rest : "-");
    }
    arena_release(&arena);
}

static void test_targets_in_suite_names(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    bool testproject;
    assert_string_equal(junit_target_in_suite(&a, "Chrome 81.0.Tests", &testproject), "Chrome 81.0");
    assert_true(testproject);
    assert_string_equal(junit_target_in_suite(&a, "firefox", &testproject), "firefox");
    assert_false(testproject);
    assert_string_equal(junit_target_in_suite(&a, "Chrome Headless 103.0 (Linux x86_64)", &testproject),
                        "Chrome Headless 103.0 (Linux x86_64)");
    assert_null(junit_target_in_suite(&a, "Chrome extension tests", &testproject));
    assert_null(junit_target_in_suite(&a, "Opera houses of the 3.0 kind", &testproject));
    assert_null(junit_target_in_suite(&a, "", &testproject));
    assert_null(junit_target_in_suite(&a, NULL, &testproject));
    arena_release(&a);
}

static void test_hostnames_are_machines_but_for_playwright_and_browsers(void **state)
{
    (void)state;
    assert_true(junit_target_hostname("chromium", "login", false));
    assert_true(junit_target_hostname("Mobile Safari", "tests/a.spec.ts", true));
    assert_true(junit_target_hostname("Chrome 120", "tests/a.spec.ts", false));
    assert_false(junit_target_hostname("logged-in", "tests/a.spec.ts", false));
    assert_false(junit_target_hostname("edge-01", "login", false));
    assert_false(junit_target_hostname("chrome120", "login", false));
    assert_false(junit_target_hostname("ci-7", "com.acme.Test", true));
    assert_false(junit_target_hostname("", "a.spec.ts", true));
    assert_false(junit_target_hostname(NULL, NULL, true));
}

static void keep(void *self, const char *name, const char *value)
{
    buf_printf(self, "%s=%s;", name ? name : "", value);
}

static void assert_markers(const char *text, const char *expected)
{
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        struct buf found = BUF_UNBOUNDED;
        struct junit_marker m;
        junit_marker_init(&m, keep, &found);
        for (size_t at = 0; at < strlen(text); at += piece)
            junit_marker_feed(&m, text + at, strlen(text) - at < piece ? strlen(text) - at : piece);
        junit_marker_end(&m);
        assert_string_equal(buf_text(&found), expected);
        junit_marker_release(&m);
        buf_release(&found);
    }
}

static void test_markers_are_found_in_any_pieces(void **state)
{
    (void)state;
    assert_markers("[[ATTACHMENT|a.png]]", "=a.png;");
    assert_markers("x [[ATTACHMENT| a b.png ]][[ATTACHMENT|c]] y", "=a b.png;=c;");
    assert_markers("[INFO] [[[ATTACHMENT|a]] [ [[ ]] [[ATTACH [[ATTACHMENT|b]]", "=a;=b;");
    assert_markers("[[ATTACHMENT|[x].png]]", "=[x].png;");
    assert_markers("[[ATTACHMENT|a\nb]] [[ATTACHMENT|]] [[ATTACHMENT|c", "");
    assert_markers("[[PROPERTY|k=v=w]] [[PROPERTY|n]]\n1 [x] [[y]]\n[[/PROPERTY]]", "k=v=w;n=1 [x] [[y]];");
    assert_markers("[[PROPERTY|n]] no end [[PROPERTY|m=1]]", "m=1;");
    assert_markers("[[/PROPERTY]] [[OTHER|x]]", "");
}

static void test_markers_have_a_maximum(void **state)
{
    (void)state;
    struct buf text = BUF_UNBOUNDED;
    struct buf found = BUF_UNBOUNDED;
    struct junit_marker m;
    buf_puts(&text, "[[ATTACHMENT|");
    for (int i = 0; i < 5000; i++)
        buf_putc(&text, 'x');
    buf_puts(&text, "]] [[PROPERTY|n]]");
    for (int i = 0; i < 70000; i++)
        buf_putc(&text, 'y');
    buf_puts(&text, "[[/PROPERTY]] [[ATTACHMENT|a]]");
    junit_marker_init(&m, keep, &found);
    junit_marker_feed(&m, text.bytes, text.length);
    assert_string_equal(buf_text(&found), "=a;");
    assert_true(m.text.capacity < 20000);
    junit_marker_release(&m);
    buf_release(&found);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets_in_class_names),
        cmocka_unit_test(test_targets_in_suite_names),
        cmocka_unit_test(test_hostnames_are_machines_but_for_playwright_and_browsers),
        cmocka_unit_test(test_markers_are_found_in_any_pieces),
        cmocka_unit_test(test_markers_have_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
