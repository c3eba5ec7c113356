"""The test suite of results that name no browser or device: --suite, else the CI job's matrix cell, else the name of
the test cycle; the same in inspect, upload and flush."""
import json
import unittest

from harness import SAMPLES, SandboxCase, is_write

TIMED = ('<testsuite name="s"><testcase classname="a.A" name="one" time="1" timestamp="2024-05-01T10:00:00Z"/>'
         '<testcase classname="a.A" name="two" time="1" timestamp="2024-05-01T10:00:02Z"/></testsuite>')
MIXED = ('<testsuites><testsuite name="Chrome 120.0"><testcase classname="a.A" name="one" time="1"/></testsuite>'
         '<testsuite name="plain"><testcase classname="a.A" name="two" time="1"/></testsuite></testsuites>')


def gitlab(cell, pipeline="7"):
    return {"GITLAB_CI": "true", "CI_PIPELINE_ID": pipeline, "CI_JOB_NAME": f"web: [{cell}]"}


class SuitesTest(SandboxCase):
    def setUp(self):
        super().setUp()
        self.timed = self.write("timed.xml", TIMED)

    def tree(self):
        """{cycle: {suite: logs}}"""
        return {cycle: {suite: sum(len(logs) for logs in runs.values()) for suite, runs in suites.items()}
                for cycle, suites in self.sandbox.execution_tree().items()}

    def upload_adds_nothing(self, *words, env=None):
        before = len(self.sandbox.requests())
        result = self.upload(*words, env=env)
        self.assertIn("present 2", result.out)
        self.assertEqual([request for request in self.sandbox.requests()[before:] if is_write(request)], [])

    def test_without_a_target_the_suite_bears_the_name_of_the_cycle(self):
        self.upload(self.timed, "--job", "Nightly unit")
        self.upload(self.timed, "--job", "Other unit")
        self.assertEqual(self.tree(), {"Nightly unit": {"Nightly unit": 2}, "Other unit": {"Other unit": 2}})
        [note] = {log["note"].split("\n")[1] for run in self.sandbox.execution_tree()["Nightly unit"]["Nightly unit"]
                  .values() for log in run}
        self.assertEqual(note, "Executed")

    def test_a_suite_that_is_given_is_that_of_results_without_a_target_alone(self):
        self.upload(self.write("mixed.xml", MIXED), "--job", "Nightly", "--suite", "Smoke")
        self.assertEqual(self.tree(), {"Nightly": {"Chrome": 1, "Smoke": 1}})

    def test_reports_of_testproject_without_a_browser_go_the_same_way(self):
        report = json.loads((SAMPLES / "testproject-nightly.json").read_text())
        for test in report["testResults"]:
            for target in test.get("targets", []):
                del target["targetName"]
        path = self.write("report.json", json.dumps(report))
        self.assertIn("none named; test suite Nightly web shop,", self.sync("inspect", path).out)
        self.upload(path)
        self.assertEqual(list(self.tree()["Nightly web shop"]), ["Nightly web shop"])

    def test_cells_of_a_matrix_under_one_execution_are_suites(self):
        for cell in ("chrome, linux", "firefox, linux"):
            self.upload(self.timed, "--execution-id", "E7", env=gitlab(cell))
        self.assertEqual(self.tree(), {"web": {"chrome, linux": 2, "firefox, linux": 2}})
        self.upload_adds_nothing(self.timed, "--execution-id", "E7", env=gitlab("chrome, linux"))

    def test_a_cell_is_found_again_by_hand_under_its_name(self):
        self.upload(self.timed, env=gitlab("chrome, linux"))
        self.upload_adds_nothing(self.timed, "--job", "web", "--suite", "chrome, linux")
        self.assertEqual(self.tree(), {"web": {"chrome, linux": 2}})

    def test_the_suite_that_is_given_is_stronger_than_the_cell(self):
        self.upload(self.timed, "--suite", "Smoke", env=gitlab("chrome"))
        self.assertEqual(self.tree(), {"web": {"Smoke": 2}})
        shown = self.sync("upload", "--show-config", env={**gitlab("chrome"), "CI_PIPELINE_IID": "57"})
        self.assertRegex(shown.out, "(?m)^suite +chrome +GitLab$")
        self.assertRegex(shown.out, "(?m)^build-number +57 +GitLab$")

    def test_inspect_says_the_suite(self):
        for words, env, suite in (((), {}, "s"), (("--suite", "Smoke"), {}, "Smoke"), ((), gitlab("a, b"), "a, b")):
            with self.subTest(suite):
                shown = self.sync("inspect", self.timed, *words, env=env)
                self.assertIn(f"none named; test suite {suite}, or --target, --suite\n", shown.out)

    def test_flush_uses_suite_and_number_of_the_upload(self):
        state = {"QTEST_STATE_DIR": str(self.folder / "state")}
        self.upload(self.timed, code=4, env={**state, **gitlab("chrome"), "CI_PIPELINE_IID": "57", "QTEST_TOKEN": "x"})
        [entry] = (self.folder / "state" / "spool").glob("*.spool")
        self.assertIn(b'"build_number":"57"', entry.read_bytes())
        self.assert_exit(self.at_site("flush", env=state), 0)
        self.assertEqual(self.tree(), {"web": {"chrome": 2}})

    def test_what_the_ci_system_says_never_costs_the_upload(self):
        for env in (gitlab(" "), gitlab("\x01"), {**gitlab("a"), "CI_PIPELINE_IID": "9" * 101}):
            result = self.upload(self.timed, env=env)
            self.assertIn("read 2", result.out)
        self.assert_exit(self.at_site("upload", self.timed, "--build-number", "9" * 101), 2)


if __name__ == "__main__":
    unittest.main()
