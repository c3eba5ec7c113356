/* Suite names of targets: the forms listed in testproject-formats.md, section 5. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "report/target.h"

static const struct {
    const char *target;
    const char *suite;
} expected[] = {
    {"Chrome 94.0.4606.81", "Chrome"},
    {"Firefox 89.0", "Firefox"},
    {"Edge 96.0.1054.62", "Edge"},
    {"Chrome (Headless) 103.0.5060.66", "Chrome Headless"},
    {"Edge (Headless) 103.0.1264.44", "Edge Headless"},
    {"ChromeHeadless", "Chrome Headless"},
    {"FirefoxHeadless 91", "Firefox Headless"},
    {"InternetExplorer", "Internet Explorer"},
    {"Internet Explorer 11", "Internet Explorer"},
    {"CHROME", "Chrome"},
    {"CHROME_HEADLESS", "Chrome Headless"},
    {"Chrome Headless 88.0", "Chrome Headless"},
    {"Chrome (92.0.4515.159)", "Chrome"},
    {"Microsoft Edge 90", "Microsoft Edge"},
    {"Opera", "Opera"},
    {"IE 11.0", "IE"},
    {"Safari 14.1 ", "Safari"},
    {"chromium", "Chromium"},
    {"webkit", "WebKit"},
    {"iPhone 8", "iPhone 8"},
    {"iPhone X", "iPhone X"},
    {"Galaxy S8+", "Galaxy S8+"},
    {"google-pixel_4a", "google-pixel_4a"},
    {"iPad Pro (12.9-inch) (2nd generation)", "iPad Pro (12.9-inch) (2nd generation)"},
    {"Edge 44.17763.1.0 On Sauce Labs", "Edge 44.17763.1.0 On Sauce Labs"},
    {"Chrome 103 (beta)", "Chrome 103 (beta)"},
    {"Chrome (103", "Chrome (103"},
    {"ChromeDriver 103", "ChromeDriver 103"},
    {"Edgewater 7", "Edgewater 7"},
    {"Nexus 6P", "Nexus 6P"},
    {"", TARGET_UNSPECIFIED},
    {NULL, TARGET_UNSPECIFIED},
};

static void test_suite_name_loses_only_a_browsers_version(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char *suite = target_suite_name(expected[i].target);
        assert_string_equal(suite, expected[i].suite);
        free(suite);
    }
}

static void test_browser_is_a_word_at_the_beginning(void **state)
{
    (void)state;
    assert_true(target_is_browser("chrome"));
    assert_true(target_is_browser("Chrome on Mac"));
    assert_true(target_is_browser("Edge_HEADLESS"));
    assert_false(target_is_browser("ChromeDriver"));
    assert_false(target_is_browser("My Chrome"));
    assert_false(target_is_browser("iPhone 8"));
    assert_false(target_is_browser(""));
    assert_false(target_is_browser(NULL));
}

static void test_only_browser_allows_nothing_else(void **state)
{
    (void)state;
    assert_true(target_is_only_browser("Chrome (Headless) 103.0.5060.66"));
    assert_true(target_is_only_browser("firefox"));
    assert_false(target_is_only_browser("Chrome.LoginTest"));
    assert_false(target_is_only_browser("safari tests"));
    assert_false(target_is_only_browser(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suite_name_loses_only_a_browsers_version),
        cmocka_unit_test(test_browser_is_a_word_at_the_beginning),
        cmocka_unit_test(test_only_browser_allows_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
