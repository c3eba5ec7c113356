"""The inputs of ../shared/cases/reports, which once came out wrong: what must come out of each, by inspect and by what
the sandbox then holds. README.md beside them has the table; a test here is one of its rows."""
import re
import sys
import time
import unittest
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import ROOT, FolderCase, SandboxCase, is_write  # noqa: E402

REPORTS = ROOT.parent / "shared" / "cases" / "reports"

# Input: words of its refusal, in any case. What a tool's own format is called, and its way to JUnit XML.
FOREIGN = {
    "20-otr-events.xml": ("open test reporting", "junit"),
    "22-testng-results.xml": ("testng", "junit"),
    "23-nunit3.xml": ("nunit", "junit"),
    "25-xunit2.xml": ("xunit.net", "junit"),
    "26-cucumber.json": ("cucumber", "junit"),
    "27-ctrf.json": ("ctrf", "junit"),
    "28-allure-result.json": ("allure", "junit"),
    "29-playwright.json": ("playwright", "junit"),
    "30-gotest.json": ("go test", "junit"),
    "31b-jest-many.json": ("jest", "junit"),
    "32-mochawesome.json": ("mochawesome", "junit"),
    "33-robot-output.xml": ("robot framework", "xunit"),
    "37-newman.json": ("newman", "junit"),
}


@unittest.skipUnless(REPORTS.is_dir(), f"{REPORTS} is absent")
class ReadingTest(FolderCase):
    def inspect(self, name, *options, code=0):
        result = self.sync("inspect", "--output=json", *options, REPORTS / name)
        self.assert_exit(result, code)
        return result.json() if code == 0 else result

    def assert_warned(self, report, *words):
        text = "\n".join(report["reports"][0]["warnings"])
        for word in words:
            self.assertIn(word, text)

    def test_untested_is_no_pass(self):
        report = self.inspect("10-behave-untested.xml")
        self.assertEqual((report["counts"]["passed"], report["counts"]["skipped"]), (1, 2))

    def test_foreign_formats_are_named(self):
        for name, words in FOREIGN.items():
            with self.subTest(name):
                result = self.inspect(name, code=3)
                self.assertNotIn("TestProject", result.err)
                for word in words:
                    self.assertIn(word, result.err.lower())

    def test_an_html_page(self):
        result = self.inspect("html.xml", code=3)
        self.assertIn("HTML page", result.err)
        self.assertNotIn("TestProject's HTML report", result.err)

    def test_zero_bytes(self):
        self.assertIn("is empty", self.inspect("67b-zero-bytes.xml", code=3).err)
        report = self.inspect("67b-zero-bytes.xml", "--allow-empty")
        self.assertEqual(report["counts"]["results"], 0)

    def test_durations_in_another_unit(self):
        for name in ("50-nanoseconds.xml", "50b-nanoseconds-stamped.xml", "53-fitnesse-ms.xml"):
            with self.subTest(name):
                self.assert_warned(self.inspect(name), "the duration counts as unknown")

    def test_a_content_that_names_no_test(self):
        for template in ("{clasname}#{test}", "fixed", "{", "%s"):
            with self.subTest(template):
                result = self.sync("inspect", "--automation-content", template, REPORTS / "three.xml")
                self.assert_exit(result, 2)
                self.assertIn("{name}", result.err)


@unittest.skipUnless(REPORTS.is_dir(), f"{REPORTS} is absent")
class ShownTest(SandboxCase):
    def shown(self, *names, options=()):
        """{suite: {run: [logs]}} of the one cycle, after an upload of these reports into a sandbox of their own."""
        self.sandbox = self.start_sandbox()
        self.told = self.upload(*(REPORTS / name for name in names), *options)
        [suites] = self.sandbox.execution_tree().values()
        return suites

    def test_browsers_as_names_of_suites(self):
        tree = self.shown("06-browser-suites.xml")
        self.assertEqual(sorted(tree), ["Chrome", "Firefox", "Internet Explorer"])
        self.assertEqual(len(self.sandbox.cases()), 1)
        self.assertEqual([len(runs) for runs in tree.values()], [1, 1, 1])
        tree = self.shown("74-browser-suite-flat.xml")
        self.assertEqual(sorted(tree), ["Chrome", "Internet Explorer"])
        self.assertEqual(len(self.sandbox.cases()), 1)

    def test_device_as_an_attribute(self):
        tree = self.shown("83-maestro-device.xml")
        self.assertEqual(sorted(tree), ["Pixel_3_API_30_Google_Play_", "iPhone 15"])
        self.assertEqual([len(runs) for runs in tree.values()], [2, 2])

    def test_names_as_their_encoding_says(self):
        for name in ("70b-cp1251-declared.xml", "68f-shiftjis.xml", "68g-gbk.xml", "68h-euckr.xml",
                     "68j-iso8859-2.xml"):
            with self.subTest(name):
                declared = re.search(rb'encoding="([^"]+)"', (REPORTS / name).read_bytes()).group(1).decode()
                text = (REPORTS / name).read_text(encoding=declared)
                expected = sorted(re.findall(r'<testcase name="([^"]+)"', text))
                tree = self.shown(name)
                self.assertEqual(sorted(run for runs in tree.values() for run in runs), expected)

    def test_the_reports_own_word_stands_in_the_note(self):
        [runs] = self.shown("10-behave-untested.xml").values()
        notes = {name: logs[0]["note"] for name, logs in runs.items()}
        self.assertIn("untested", notes["Add to cart"])
        self.assertIn("undefined", notes["Undefined steps"])

    def test_no_log_ends_after_now(self):
        for name in ("50-nanoseconds.xml", "50b-nanoseconds-stamped.xml", "53-fitnesse-ms.xml"):
            with self.subTest(name):
                for runs in self.shown(name).values():
                    for logs in runs.values():
                        end = datetime.fromisoformat(logs[0]["exe_end_date"].replace("Z", "+00:00"))
                        self.assertLessEqual(end.timestamp(), time.time() + 1)

    def test_a_picture_that_cannot_be_decoded(self):
        [runs] = self.shown("73-bad-base64.xml").values()
        self.assertEqual(sorted(runs), ["a", "b"])
        self.assertEqual(self.told.out.count("73-bad-base64"), 1, self.told)

    def test_contents_that_fall_together(self):
        result = self.at_site("upload", "--automation-content={name}", REPORTS / "three.xml")
        self.assert_exit(result, 2)
        self.assertIn("'one'", result.err)
        self.assertFalse([request for request in self.sandbox.requests() if is_write(request)])


if __name__ == "__main__":
    unittest.main()
