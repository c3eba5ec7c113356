/* What is a browser or device, what merely begins like one, and how its suite is called. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/junit_target.h"
#include "report/target.h"

static const struct {
    const char *target;
    const char *suite;
} suites[] = {
    /* TestProject (docs/formats.md 4) */
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
    {"Edge 44.17763.1.0 On Sauce Labs", "Edge"},
    /* Intern */
    {"chrome 37.0.2062.102 on XP", "Chrome"},
    {"internet explorer 11 on WINDOWS", "Internet Explorer"},
    {"firefox 31.0 on OS X 10.9", "Firefox"},
    {"safari on any platform", "Safari"},
    {"chrome on Windows 10", "Chrome"},
    {"safari 16 on iOS 16.0 (iPhone 14)", "Safari on iPhone 14"},
    /* Karma */
    {"Chrome 103.0.0.0 (Linux x86_64)", "Chrome"},
    {"Chrome Headless 120.0.0.0 (Mac OS 10.15.7)", "Chrome Headless"},
    {"HeadlessChrome 120.0.0 (Linux 0.0.0)", "Chrome Headless"},
    {"Firefox 121.0 (Linux)", "Firefox"},
    {"Mobile Safari 16.0 (iOS 16.0)", "Mobile Safari"},
    {"Mobile Safari UI/WKWebView 16.0 (iOS 16.0)", "Mobile Safari"},
    {"IE 11.0.0 (Windows 7 / Server 2008 R2 0.0.0)", "IE"},
    {"Edge 18.17763.0 (Windows 10 0.0.0)", "Edge"},
    {"PhantomJS 2.1.1 (Linux 0.0.0)", "PhantomJS"},
    {"Electron 28.1.0 (Node 18.18.2)", "Electron"},
    {"Chrome Mobile 114.0.0 (Android 10)", "Chrome Mobile"},
    {"Samsung Internet 21.0 (Android 13)", "Samsung Internet"},
    {"Firefox (Linux)", "Firefox"},
    {"jsdom 20.0.0", "jsdom"},
    {"Node.js 18.18.2 (linux; x64)", "Node.js"},
    /* TestCafe, WebdriverIO, clouds, matrices */
    {"TestCafe Tests: Chrome 120.0.0.0 / Linux 0.0", "Chrome"},
    {"browserstack:chrome@120:Windows 10", "Chrome"},
    {"chrome@120:Windows 10", "Chrome"},
    {"saucelabs:MicrosoftEdge@latest:Windows 11", "Microsoft Edge"},
    {"chrome:headless", "Chrome Headless"},
    {"chrome.123_0_6312_59.windows", "Chrome"},
    {"chrome-headless-shell.120_0_6099_109.linux", "Chrome Headless"},
    {"Windows 10 Chrome latest", "Chrome"},
    {"Windows 11, headless Chrome 120", "Chrome Headless"},
    {"iOS Safari 17", "Safari"},
    {"Firefox for Android 121", "Firefox"},
    {"Firefox-121-linux", "Firefox"},
    {"Opera 107.0.0.0 (Windows 10)", "Opera"},
    {"WebKit 17.4 [linux]", "WebKit"},
    {"Safari 17.2 (macOS Sonoma)", "Safari"},
    {"Mobile Chrome", "Mobile Chrome"},
    {"OS X Big Sur, Safari 14", "Safari"},
    {"chrome_120_Windows 10", "Chrome"},
    {"msedge", "Microsoft Edge"},
    {"EdgeHTML 18.17763", "Edge"},
    {"Android WebView 119.0", "Android WebView"},
    {"IE11", "IE"},
    {"chrome120", "Chrome"},
    {"Chrome v121", "Chrome"},
    {"Firefox 60.0a1", "Firefox"},
    {"Firefox 115esr on Linux x86_64", "Firefox"},
    {"Chrome 103 (beta)", "Chrome Beta"},
    {"chrome-canary", "Chrome Canary"},
    {"Chrome / macos-latest", "Chrome"},
    {"Chrome 120 (something nobody knows)", "Chrome"},
    /* devices */
    {"iPhone 8", "iPhone 8"},
    {"iPhone X", "iPhone X"},
    {"Galaxy S8+", "Galaxy S8+"},
    {"google-pixel_4a", "google-pixel_4a"},
    {"iPad Pro (12.9-inch) (2nd generation)", "iPad Pro (12.9-inch) (2nd generation)"},
    {"iPhone 15 (iOS 17.2)", "iPhone 15"},
    {"iPhone 17 - iOS 26.4", "iPhone 17"},
    {"iPhone 15 Pro - iOS 17.2 - 9D2C0A4F-6B1E-4A57-8E0C-3F5B7A1D2E60", "iPhone 15 Pro"},
    {"iPhone 12 - iOS 17.2 - 00008101-000A1C2E3F48001E", "iPhone 12"},
    {"iPad Air - 9D2C0A4F-6B1E-4A57-8E0C-3F5B7A1D2E60", "iPad Air"},
    {"Bench 7 - 9D2C0A4F-6B1E-4A57-8E0C-3F5B7A1D2E60", "Bench 7"},
    {"9D2C0A4F-6B1E-4A57-8E0C-3F5B7A1D2E60", "9D2C0A4F-6B1E-4A57-8E0C-3F5B7A1D2E60"},
    {"Bench 7 - 0A1B2C", "Bench 7 - 0A1B2C"},
    {"Pixel 7 (Android 13)", "Pixel 7"},
    {"iPhone_15.ios.17_2", "iPhone_15"},
    {"Fairphone 5 (Android 13)", "Fairphone 5"},
    {"Pixel 7 API 33", "Pixel 7 API 33"},
    {"Pixel_3_API_30_Google_Play_", "Pixel_3_API_30_Google_Play_"},
    {"Pixel_3a(AVD) - 13", "Pixel_3a(AVD) - 13"},
    {"Nexus 6P", "Nexus 6P"},
    /* anything else */
    {"Chrome (103", "Chrome (103"},
    {"ChromeDriver 103", "ChromeDriver 103"},
    {"Edgewater 7", "Edgewater 7"},
    {"Chrome 103 on my box", "Chrome 103 on my box"},
    {"Kiosk 4 Linux 5", "Kiosk 4 Linux 5"},
};

static void test_suites_are_named_without_version_and_system(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(suites); i++) {
        char *suite = target_suite_name(suites[i].target);
        if (!text_equal(suite, suites[i].suite))
            fail_msg("'%s' gave '%s', not '%s'", suites[i].target, suite, suites[i].suite);
        free(suite);
    }
}

static const char *const named[] = {
    "Chrome",
    "edge",
    "Opera",
    "Chrome on Mac",
    "Edge_HEADLESS",
    "chrome 37.0.2062.102 on XP",
    "Firefox 121.0 (Linux)",
    "Electron 28",
    "Brave 1.60 on Windows",
    "iPhone",
    "iPhone 15 Pro Max",
    "iPad Pro (12.9-inch) (2nd generation)",
    "Pixel 7",
    "Pixel_3a(AVD) - 13",
    "Pixel_3_API_30_Google_Play_",
    "Medium_Phone_API_35",
    "Galaxy S8+",
    "samsung SM-G991B",
    "emulator-5554",
    "iphone8-15.7-en_US-portrait",
    "MediumPhone.arm-30-en-landscape",
};

static const char *const not_named[] = {
    "ChromeDriver",
    "ChromeDriver tests",
    "My Chrome",
    "Edge cases",
    "Opera house booking",
    "Safari park",
    "Chrome extension suite",
    "firefox.LoginTest",
    "Chrome.login",
    "chrome.windows",
    "Android utils",
    "Android",
    "iOS",
    "iPhone checkout flow",
    "IE compatibility",
    "IE 11 compatibility",
    "Edge 2 edge flow",
    "Firefox 3 tabs restored",
    "Firefox 3 4",
    "Chrome 103 on fire",
    "Chrome on",
    "Edge for business",
    "Safari for kids 3",
    "Chrome (tabs)",
    "Chrome 120 (",
    "Chrome -",
    "Chrome 120, Firefox 121",
    "TestCafe Tests: Chrome 120.0 / Linux, Firefox 121.0 / Linux",
    "Chrome OS",
    "Chromé",
    "Electron",
    "Brave",
    "Node 18",
    "Edge2",
    "Windows 10",
    "Pixel",
    "Pixel 3 values",
    "pixel.Renderer",
    "Nexus repository 3",
    "iPhone Xylophone",
    "Samsung",
    "a-1-en",
    "login-2-de-portraits",
    "",
};

static void test_a_suite_of_this_name_stands_for_a_target(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(named); i++)
        if (!target_is_name(named[i]))
            fail_msg("'%s' is no target", named[i]);
    for (size_t i = 0; i < ARRAY_SIZE(not_named); i++)
        if (target_is_name(not_named[i]))
            fail_msg("'%s' is a target", not_named[i]);
    assert_false(target_is_name(NULL));
    assert_false(target_is_browser(NULL));
    assert_true(target_is_browser("Electron"));
    assert_false(target_is_browser("iPhone 8"));
}

static void test_systems_and_placeholders_name_no_target(void **state)
{
    (void)state;
    static const char *const nothing[] = {"Linux",
                                          "x64",
                                          "x86_64",
                                          "Windows 10",
                                          "win32",
                                          "WINDOWS",
                                          "Mac OS X 10.15.7",
                                          "XP",
                                          "macos-latest",
                                          "Android",
                                          "iOS 17.2",
                                          "Linux (x86_64)",
                                          "Any CPU",
                                          "Windows Server 2019 R2",
                                          "none",
                                          "N/A",
                                          "-",
                                          "unknown",
                                          "true",
                                          "linux/amd64"};
    static const char *const something[] = {"Chrome", "iPhone 15", "Linux Chrome",
                                            "kiosk",  "SM-G991B",  "cuda:0"};
    for (size_t i = 0; i < ARRAY_SIZE(nothing); i++)
        if (!target_says_nothing(nothing[i]))
            fail_msg("'%s' is a target", nothing[i]);
    for (size_t i = 0; i < ARRAY_SIZE(something); i++)
        if (target_says_nothing(something[i]))
            fail_msg("'%s' is no target", something[i]);
}

static void test_names_of_properties(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum junit_target_kind kind;
    } rows[] = {
        {"browser", TARGET_BROWSER},
        {"BROWSER", TARGET_BROWSER},
        {"browserName", TARGET_BROWSER},
        {"browser.name", TARGET_BROWSER},
        {"browser_name", TARGET_BROWSER},
        {"selenium.browser", TARGET_BROWSER},
        {"cypress.browser", TARGET_BROWSER},
        {"capabilities.browserName", TARGET_BROWSER},
        {"device", TARGET_DEVICE},
        {"device-name", TARGET_DEVICE},
        {"appium:deviceName", TARGET_DEVICE},
        {"deviceModel", TARGET_DEVICE},
        {"targetName", TARGET_DEVICE},
        {"target", TARGET_PLATFORM},
        {"platformName", TARGET_PLATFORM},
        {"capabilities", TARGET_PLATFORM},
        {"browser.launcher", TARGET_NONE},
        {"browserVersion", TARGET_NONE},
        {"browser.fullName", TARGET_NONE},
        {"devices", TARGET_NONE},
        {"os.name", TARGET_NONE},
        {"java.browser", TARGET_NONE},
        {"", TARGET_NONE},
        {".", TARGET_NONE},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (junit_target_property(rows[i].name) != rows[i].kind)
            fail_msg("'%s' is kind %d", rows[i].name, (int)junit_target_property(rows[i].name));
}

static void test_what_a_value_is_worth(void **state)
{
    (void)state;
    assert_int_equal(junit_target_worth(TARGET_DEVICE, "Fairphone 5"), TARGET_DEVICE);
    assert_int_equal(junit_target_worth(TARGET_DEVICE, "mobile"), TARGET_PLATFORM);
    assert_int_equal(junit_target_worth(TARGET_DEVICE, "Android"), TARGET_NONE);
    assert_int_equal(junit_target_worth(TARGET_BROWSER, "electron"), TARGET_BROWSER);
    assert_int_equal(junit_target_worth(TARGET_BROWSER, ""), TARGET_NONE);
    assert_int_equal(junit_target_worth(TARGET_PLATFORM, "iPhone 15"), TARGET_PLATFORM);
    assert_int_equal(junit_target_worth(TARGET_PLATFORM, "chrome"), TARGET_PLATFORM);
    assert_int_equal(junit_target_worth(TARGET_PLATFORM, "vm"), TARGET_NONE);
    assert_int_equal(junit_target_worth(TARGET_PLATFORM, ".NETCoreApp,Version=v8.0"), TARGET_NONE);
    assert_int_equal(junit_target_worth(TARGET_PLATFORM, "net8.0"), TARGET_NONE);
    assert_int_equal(junit_target_worth(TARGET_PLATFORM, "{\"browserName\":\"chrome\"}"), TARGET_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suites_are_named_without_version_and_system),
        cmocka_unit_test(test_a_suite_of_this_name_stands_for_a_target),
        cmocka_unit_test(test_systems_and_placeholders_name_no_target),
        cmocka_unit_test(test_names_of_properties),
        cmocka_unit_test(test_what_a_value_is_worth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
