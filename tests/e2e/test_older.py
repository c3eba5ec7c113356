"""A report that comes after a later execution: its results go in, the test cases stay as the later one has them."""
import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase, is_write  # noqa: E402


def report(day, description, step, status="Passed", names=("Log in",)):
    steps = [{"description": "Open", "result": "Passed"}, {"description": step, "result": status, "message": "late"}]
    target = {"targetName": "Chrome 103.0", "result": status, "executionStart": f"2022-07-{day:02d}T10:00:00Z",
              "executionEnd": f"2022-07-{day:02d}T10:00:09Z", "steps": steps}
    return json.dumps({"jobName": "Older", "executionId": f"execution-{day}",
                       "tests": [{"name": name, "description": description, "targets": [target]} for name in names]})


OLD = report(5, "old text", "Click Sign in", "Failed")
NEW = report(6, "new text", "Click Log in")


class OlderTest(SandboxCase):
    def send(self, text):
        return self.upload(self.write("report.json", text))

    def design(self):
        [case] = self.sandbox.cases()
        _, case = self.sandbox.call("GET", f"/api/v3/projects/{self.sandbox.project}/test-cases/{case['id']}",
                                    expand="teststep")
        return case["version"], case["description"], [step["description"] for step in case["test_steps"]]

    def test_an_older_report_that_comes_late_leaves_the_design(self):
        self.send(NEW)
        before = self.design()
        self.assertIn("older than the newest log", self.send(OLD).out)
        self.assertEqual(self.design(), before)
        [logs] = [logs for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                  for logs in runs.values()]
        older = min(logs, key=lambda log: log["exe_start_date"])
        self.assertIn("Step 2 failed: Click Sign in: late", older["note"])

    def test_a_repeat_of_an_older_report_writes_nothing(self):
        for switch in ("latest-log=latest-start", "latest-log=last-submitted"):
            for first, then in ((OLD, NEW), (NEW, OLD)):
                with self.subTest(switch, late=then is OLD):
                    self.sandbox = self.start_sandbox("--set", switch)
                    self.send(first)
                    self.send(then)
                    self.assert_the_repeat_writes_nothing()

    def assert_the_repeat_writes_nothing(self):
        before = self.design()
        result = []
        calls = self.new_requests(lambda: result.append(self.send(OLD)))
        self.assertEqual([call["target"] for call in calls if is_write(call)], [])
        self.assertIn("1 test case keeps description and steps", result[0].out)
        self.assertEqual(self.design(), before)

    def test_a_repeat_makes_up_for_an_update_that_failed(self):
        self.sandbox = self.start_sandbox("--faults", self.write("faults.json", json.dumps(
            [{"method": "PUT", "path": "/test-cases/", "nth": 3, "action": {"status": 400, "body": "no"}}])))
        self.send(OLD)
        self.assertIn("could not be updated", self.send(NEW).out)
        self.send(NEW)
        self.assertEqual(self.design()[1], "new text")


class BoundTest(SandboxCase):
    sandbox_options = ("--set", "latest-log=last-submitted")

    def test_at_most_64_runs_are_looked_at_and_the_cases_beyond_stay_too(self):
        names = [f"Test {number}" for number in range(70)]
        old = self.write("old.json", report(5, "old text", "Click Sign in", names=names))
        self.upload(self.write("new.json", report(6, "new text", "Click Log in", names=names)))
        self.upload(old)
        result = []
        calls = self.new_requests(lambda: result.append(self.upload(old)))
        self.assertEqual([call["target"] for call in calls if is_write(call)], [])
        self.assertEqual(len([call for call in calls if re.search(r"/test-runs/\d+/test-logs", call["target"])]), 64)
        self.assertIn("64 test cases keep description and steps: a later execution", result[0].out)
        self.assertIn("6 test cases keep description and steps for now", result[0].out)

    def test_repeats_make_up_for_updates_of_many_cases_on_several_browsers(self):
        """The first upload ends before it has written a design; each repeat comes to a part of the 40 cases."""
        old, new = (json.loads(report(day, text, text, names=[f"Test {number}" for number in range(40)]))
                    for day, text in ((5, "old text"), (6, "new text")))
        for execution in (old, new):
            for test in execution["tests"]:
                test["targets"] = [{**test["targets"][0], "targetName": name} for name in ("Chrome", "Firefox", "Edge")]
        self.sandbox = self.start_sandbox(*self.sandbox_options, "--faults", self.write("faults.json", json.dumps(
            [{"method": "PUT", "path": "/test-cases/", "nth": nth, "action": {"status": 400, "body": "no"}}
             for nth in range(81, 121)])))
        self.upload(self.write("old.json", json.dumps(old)))
        newer = self.write("new.json", json.dumps(new))
        self.assertIn("could not be updated", self.upload(newer).out)
        for _ in range(20):
            if {case["description"] for case in self.sandbox.cases()} == {"new text"}:
                return
            self.assertNotIn("a later execution than", self.upload(newer).out)
        self.fail("the designs do not come in")


if __name__ == "__main__":
    unittest.main()
