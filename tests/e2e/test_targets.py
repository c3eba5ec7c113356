"""Browsers and devices in qTest: a suite for each of them, named without version and system, and one test case
whatever it ran on."""
from harness import SandboxCase

def case(attributes="", failed=False, name="adds"):
    mark = '<failure message="no"/>' if failed else ""
    return f'<testcase name="{name}"{attributes} time="0.1">{mark}</testcase>'


def suite(name, content, attributes=""):
    return f'<testsuite name="{name}"{attributes}>{content}</testsuite>'


def suites(*parts, attributes=""):
    return f"<testsuites{attributes}>{''.join(parts)}</testsuites>"


NESTED = suites(*(suite(browser, suite("unit", suite("cart", case(failed=failed))))
                  for browser, failed in (("firefox 31.0 on XP", False), ("chrome 37.0.2062.102 on XP", True),
                                          ("internet explorer 11 on WINDOWS", False))))
FLAT = suites(*(suite(browser, case(' classname="main"'))
                for browser in ("Firefox 121.0 (Linux)", "HeadlessChrome 120.0.0 (Linux 0.0.0)",
                                "Mobile Safari 16.0 (iOS 16.0)")))
INSIDE = suites(suite("cart", suite("Chrome 120.0 (Linux)", case()) + suite("Chrome Headless 120.0 (Linux)", case()) +
                      suite("chrome@120:Windows 10", case())))
DEVICES = suites(*(suite("Test Suite", case(failed=failed, name="Pay") + case(name="Home"), f' device="{device}"')
                   for device, failed in (("Pixel_3_API_30_Google_Play_", True), ("iPhone 15 - iOS 17.2", False))))
CLASSES = suites(*(suite(f"Chrome {version}.0.0.0 (Linux x86_64)",
                         case(f' classname="Chrome_{version}_0_0_0_(Linux_x86_64).Login"'))
                   for version in (120, 121)))


class TargetsTest(SandboxCase):
    sandbox_options = ("--job-ms", "10")

    def tree(self, report, *options):
        """The suites of the one cycle, and how many runs each has."""
        self.upload(self.write("report.xml", report), "--job", "Nightly", *options)
        self.assertEqual([cycle["name"] for cycle in self.sandbox.cycles()], ["Nightly"])
        [found] = self.sandbox.execution_tree().values()
        return {name: len(runs) for name, runs in found.items()}

    def assert_tree(self, report, expected, cases, options=()):
        self.sandbox = self.start_sandbox(*self.sandbox_options)
        self.assertEqual(self.tree(report, *options), expected)
        self.assertEqual(len(self.sandbox.cases()), cases)

    def test_one_case_runs_in_the_suites_of_its_browsers(self):
        for report, expected in ((NESTED, {"Firefox": 1, "Chrome": 1, "Internet Explorer": 1}),
                                 (FLAT, {"Firefox": 1, "Chrome Headless": 1, "Mobile Safari": 1}),
                                 (INSIDE, {"Chrome": 1, "Chrome Headless": 1})):
            with self.subTest(suites=sorted(expected)):
                self.assert_tree(report, expected, 1)

    def test_devices_are_suites(self):
        self.assert_tree(DEVICES, {"Pixel_3_API_30_Google_Play_": 2, "iPhone 15": 2}, 2)

    def test_versions_of_a_browser_share_suite_case_and_run(self):
        self.assert_tree(CLASSES, {"Chrome": 1}, 1)

    def test_the_list_names_the_target_of_all(self):
        for report in (suites(suite("s", case()), attributes=' device="Pixel 7 (Android 13)"'),
                       suites('<properties><property name="deviceName" value="Pixel 7"/></properties>',
                              suite("s", case()))):
            with self.subTest(report=report):
                self.assert_tree(report, {"Pixel 7": 1}, 1)

    def test_the_option_fills_what_the_report_leaves_open(self):
        report = suites(suite("Firefox 121.0", case(' classname="c"')), suite("s", case(' classname="c"')))
        self.assert_tree(report, {"Firefox": 1, "Edge": 1}, 1, options=("--target", "Edge 96.0"))

    def test_the_note_says_the_full_text(self):
        self.sandbox = self.start_sandbox(*self.sandbox_options)
        self.tree(suites(suite("Firefox 121.0 (Linux)", case(' classname="c"'))))
        [[logs]] = [runs.values() for runs in self.sandbox.execution_tree()["Nightly"].values()]
        self.assertIn("Executed on Firefox 121.0 (Linux)", logs[0]["note"])
