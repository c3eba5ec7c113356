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


class OlderCase(SandboxCase):
    def send(self, text, *words):
        return self.upload(self.write("report.json", text), *words)

    def design(self):
        [case] = self.sandbox.cases()
        _, case = self.sandbox.call("GET", f"/api/v3/projects/{self.sandbox.project}/test-cases/{case['id']}",
                                    expand="teststep")
        return case["version"], case["description"], [step["description"] for step in case["test_steps"]]


class OlderTest(OlderCase):
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


def searches(calls, kind, condition):
    return [call for call in calls if "/search" in call["target"] and call["request"]["object_type"] == kind
            and condition in call["request"]["query"]]


class ManyTest(OlderCase):
    """The runs of the cases that differ are looked up 45 cases at a time."""
    NAMES = [f"Test {number}" for number in range(100)]

    def test_a_hundred_changed_cases_cost_three_searches(self):
        self.send(report(5, "old text", "Click", names=self.NAMES))
        calls = self.new_requests(lambda: self.send(report(6, "new text", "Click", names=self.NAMES)))
        self.assertEqual(len(searches(calls, "test-runs", "'Test Case Id' = ")), 3)
        self.assertEqual({case["description"] for case in self.sandbox.cases()}, {"new text"})

    def test_a_late_report_of_many_changes_none(self):
        self.send(report(6, "new text", "Click", names=self.NAMES))
        out = self.send(report(5, "old text", "Click", names=self.NAMES)).out
        self.assertIn("100 test cases keep description and steps: a later execution", out)
        self.assertEqual({case["description"] for case in self.sandbox.cases()}, {"new text"})

    def test_a_repeat_finishes_all_that_was_cut_off(self):
        self.sandbox = self.start_sandbox("--faults", self.write("faults.json", json.dumps(
            [{"method": "PUT", "path": "/test-cases/", "nth": nth, "action": {"status": 400, "body": "no"}}
             for nth in range(201, 301)])))
        self.send(report(5, "old text", "Click", names=self.NAMES))
        newer = report(6, "new text", "Click", names=self.NAMES)
        self.assertIn("could not be updated", self.send(newer).out)
        self.send(newer)
        self.assertEqual({case["description"] for case in self.sandbox.cases()}, {"new text"})


class OtherCycleTest(OlderCase):
    def test_a_later_log_in_another_cycle_counts(self):
        for late, shown in ((True, "new text"), (False, "old text")):
            with self.subTest(late=late):
                self.sandbox = self.start_sandbox("--set", "step-rewrite=kept")
                first, then = (NEW, OLD) if late else (OLD, report(4, "older text", "Click"))
                self.send(first, "--job=One")
                self.send(then, "--job=Two")
                self.assertEqual(self.design()[1], shown)

    def test_in_order_the_later_one_changes_the_design_in_either_cycle(self):
        self.send(OLD, "--job=One")
        self.send(NEW, "--job=Two")
        self.assertEqual(self.design()[1], "new text")


class NoNewestLogTest(OlderCase):
    sandbox_options = ("--set", "latest-test-log=absent")

    def test_a_late_report_leaves_the_design(self):
        self.send(NEW)
        before = self.design()
        self.send(OLD)
        self.assertEqual(self.design(), before)
        self.send(OLD)
        self.assertEqual(self.design(), before)

    def test_with_older_skip_it_stays_out(self):
        self.send(NEW)
        self.assertIn("skipped 1", self.send(OLD, "--older=skip").out)

    def test_a_later_one_changes_the_design(self):
        self.send(OLD)
        self.send(NEW)
        self.assertEqual(self.design()[1], "new text")


class ManyLaterLogsTest(OlderCase):
    """Where the later logs of the project fill more pages than the case has runs, its runs are asked."""
    sandbox_options = ("--set", "latest-test-log=absent", "--set", "step-rewrite=kept", "--set", "page-max=10")

    def send_late(self):
        self.send(report(7, "text", "Click", names=[f"Test {number}" for number in range(40)]), "--job=Many")
        self.send(NEW, "--job=One")  # on the last page
        calls = self.new_requests(lambda: self.send(OLD, "--job=Two"))
        self.assertEqual(self.design_of("Log in"), "new text")
        later = [call for call in searches(calls, "test-logs", "'Execution Start Date' >= '2022-07-05T10:00:01")
                 if "<=" not in call["request"]["query"]]
        return len(later), len([call for call in calls if re.search(r"/test-runs/\d+/test-logs", call["target"])])

    def design_of(self, name):
        _, found = self.sandbox.call("POST", f"/api/v3/projects/{self.sandbox.project}/search", {
            "object_type": "test-cases", "fields": ["*"], "query": f"'Name' = '{name}'"})
        return found["items"][0]["description"]

    def test_the_logs_of_its_runs_are_listed(self):
        self.assertEqual(self.send_late(), (1, 2))

    def test_few_are_all_read(self):
        self.sandbox = self.start_sandbox(*self.sandbox_options[:4], "--set", "page-max=25")
        self.assertEqual(self.send_late(), (2, 0))


class RefusedTest(OlderCase):
    def test_a_search_that_is_refused_costs_no_result_and_changes_no_design(self):
        self.send(OLD)
        self.send(NEW)
        posts = [call for call in self.sandbox.requests() if "/search" in call["target"]]
        nth = posts.index(searches(posts, "test-runs", "'Test Case Id' = ")[-1]) + 1
        self.sandbox = self.start_sandbox("--set", "step-rewrite=kept", "--faults", self.write("faults.json", json.dumps(
            [{"method": "POST", "path": "/search", "nth": nth, "action": {"status": 403, "body": "no"}}])))
        self.send(OLD)
        out = self.send(NEW).out
        self.assertIn("whether a later execution has written them cannot be looked up", out)
        self.assertNotIn("1 test case keeps", out)
        self.assertEqual(self.design()[1], "old text")
        self.send(NEW)
        self.assertEqual(self.design()[1], "new text")


if __name__ == "__main__":
    unittest.main()
