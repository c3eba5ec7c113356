"""What happens when something is uploaded again and has changed: results, designs, places, words."""
import json
import re
import resource
import sys
import signal
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SAMPLES, SandboxCase, is_write  # noqa: E402

NIGHTLY = SAMPLES / "testproject-nightly.json"
STEPS = ({"description": "Navigate to <https://shop.example>", "comment": "starts here", "timeout": 15000,
          "result": "Passed"}, {"description": "Click Sign in", "result": "Passed"})


def detailed(execution, *last_steps, description="Logs a customer in & out"):
    """A detailed report of one test on two targets; last_steps: what the last step says on each."""
    day = f"2022-07-{execution:02d}"
    targets = [{"targetName": name, "result": "Passed", "executionStart": f"{day}T10:00:0{i}Z",
                "executionEnd": f"{day}T10:00:09Z", "steps": [STEPS[0], {**STEPS[1], "description": last}]}
               for i, (name, last) in enumerate(zip(("Chrome 103.0", "Firefox 99.0"), last_steps))]
    return json.dumps({"jobName": "Detailed", "executionId": f"execution-{execution}",
                       "tests": [{"name": "Log in", "description": description, "application": "https://shop.example",
                                  "targets": targets}]})


class ChangedResult(SandboxCase):
    def statuses(self):
        return sorted(log["status"]["name"] for suites in self.sandbox.execution_tree().values()
                      for runs in suites.values() for logs in runs.values() for log in logs)


class ChangedResultTest(ChangedResult):
    def test_a_result_that_changed_corrects_its_log_and_adds_none(self):
        early = self.write("early.json", NIGHTLY.read_text().replace('"Failed"', '"Passed"'))
        self.upload(early)
        before = self.statuses()
        self.assertNotIn("Failed", before)
        requests = self.new_requests(lambda: self.upload(NIGHTLY))
        writes = [request for request in requests if is_write(request)]
        self.assertEqual({request["method"] for request in writes}, {"PUT"})
        self.assertEqual(len(writes), self.statuses().count("Failed"))
        self.assertEqual(len(self.statuses()), len(before))
        self.assertIn("Failed", self.statuses())
        again = self.new_requests(lambda: self.upload(NIGHTLY))
        self.assertEqual([request["target"] for request in again if is_write(request)], [])

    def test_a_correction_that_was_throttled_while_another_ended_the_run_is_not_refused(self):
        rules = [{"method": "PUT", "path": "*/auto-test-logs/*", "nth": 1,
                  "action": {"status": 303, "headers": {"Location": "https://login.example.com/"}}},
                 {"method": "PUT", "path": "*/auto-test-logs/*", "from": 2,
                  "action": {"status": 429, "delay_ms": 300}}]
        self.sandbox = self.start_sandbox("--faults", self.write("rules.json", json.dumps(rules)))
        self.upload(NIGHTLY)
        other = {'"Passed"': '"Failed"', '"Failed"': '"Passed"'}  # so that one goes out for each word
        changed = self.write("changed.json", re.sub('"(Passed|Failed)"', lambda found: other[found[0]],
                                                    NIGHTLY.read_text()))
        result = self.at_site("upload", changed)
        self.assertNotEqual(result.code, 0)
        self.assertIn("refused 0", result.out)

    def test_plan_tells_of_the_correction_and_writes_nothing(self):
        self.upload(self.write("early.json", NIGHTLY.read_text().replace('"Failed"', '"Passed"')))
        result = self.at_site("plan", NIGHTLY)
        self.assert_exit(result, 0)
        self.assertIn("correct 1 test log", result.out)


def junit(bodies):
    """A report with a test for each body."""
    cases = "".join(f'<testcase classname="C" name="t{i}" time="0.1">{body}</testcase>'
                    for i, body in enumerate(bodies))
    return f'<testsuite name="S" timestamp="2026-03-02T07:00:00">{cases}</testsuite>'


PASSED, FAILED, SKIPPED = "", '<failure message="x"/>', "<skipped/>"


class MappedStatusTest(ChangedResult):
    """Projects whose Automation Settings give the words a meaning of their own."""

    def send(self, bodies, options=("--job=J", "--execution-id=E")):
        results = []
        report = self.write("report.xml", junit(bodies))
        requests = self.new_requests(lambda: results.append(self.upload(report, *options)))
        return results[0].out, requests

    def corrections(self, requests):
        return [request for request in requests if is_write(request)]

    def start_with(self, words, bodies, *options):
        self.sandbox = self.start_sandbox("--set", f"status-words={words}", *options)
        self.send(bodies)

    def test_a_word_with_another_meaning_is_tried_once_and_counts_as_present(self):
        for words in ("PASS=Passed,FAIL=Failed,SKIP=Passed", "PASS=Passed,FAIL=Blocked,SKIP=Incomplete",
                      "PASS=Failed,FAIL=Passed,SKIP=Failed"):
            with self.subTest(words=words):
                bodies = [PASSED, FAILED, SKIPPED] * 15
                self.start_with(words, bodies)
                before = self.statuses()
                for _ in range(2):
                    out, requests = self.send(bodies)
                    self.assertLessEqual(len(self.corrections(requests)), 3)
                    self.assertIn("confirmed 0 + present 45 + refused 0", out)
                self.assertEqual(self.statuses(), before)

    def test_what_really_changed_is_corrected_beside_a_word_with_another_meaning(self):
        self.start_with("PASS=Passed,FAIL=Blocked,SKIP=Incomplete", [FAILED] * 5 + [SKIPPED] * 5 + [PASSED] * 5)
        out, requests = self.send([FAILED] * 10 + [PASSED] * 4 + [SKIPPED])
        self.assertEqual(self.statuses(), ["Blocked"] * 10 + ["Incomplete"] + ["Passed"] * 4)
        self.assertEqual(len(self.corrections(requests)), 1 + 5 + 1)
        self.assertIn("confirmed 6 + present 9", out)

    def test_an_answer_that_does_not_tell_the_status_is_followed_by_one_look_at_the_log(self):
        rules = [{"method": "PUT", "path": "*/auto-test-logs/*",
                  "action": {"status": 200, "body": {"id": 1, "status": "SKIP"}, "after_work": True}}]
        bodies = [SKIPPED] * 9 + [PASSED]
        self.start_with("PASS=Passed,FAIL=Failed,SKIP=Passed", bodies, "--faults",
                        self.write("rules.json", json.dumps(rules)))
        out, requests = self.send(bodies)
        self.assertEqual(len(self.corrections(requests)), 1)
        looks = [request for request in requests if re.search("/test-logs/[0-9]+$", request["target"])]
        self.assertEqual(len(looks), 1)
        self.assertIn("confirmed 0 + present 10", out)
        out, requests = self.send([FAILED] * 10)
        self.assertEqual(self.statuses(), ["Failed"] * 10)
        self.assertIn("confirmed 10 + present 0", out)

    def test_a_refused_try_leaves_the_others_to_be_corrected(self):
        rules = [{"method": "PUT", "path": "*/auto-test-logs/*", "nth": 1,
                  "action": {"status": 403, "body": {"message": "not yours"}}}]
        self.start_with("PASS=Passed,FAIL=Failed,SKIP=Incomplete", [PASSED] * 5, "--faults",
                        self.write("rules.json", json.dumps(rules)))
        result = self.at_site("upload", self.write("report.xml", junit([FAILED] * 5)), "--job=J",
                              "--execution-id=E")
        self.assert_exit(result, 1)
        self.assertIn("confirmed 4 + present 0 + refused 1", result.out)
        self.assertEqual(self.statuses(), ["Failed"] * 4 + ["Passed"])


class DesignTest(SandboxCase):
    def only_case(self):
        [case] = self.sandbox.cases()
        _, whole = self.sandbox.call("GET", f"/api/v3/projects/{self.sandbox.project}/test-cases/{case['id']}",
                                     expand="teststep")
        return whole

    def send(self, *arguments, **words):
        return self.new_requests(lambda: self.upload(self.write("detailed.json", detailed(*arguments, **words))))

    def test_a_detailed_report_gives_description_and_steps_approved(self):
        self.send(1, "Click Sign in", "Click Sign in")
        case = self.only_case()
        self.assertEqual(case["description"], "https://shop.example<br/>Logs a customer in &amp; out")
        self.assertEqual([step["description"] for step in case["test_steps"]],
                         ["Navigate to &lt;https://shop.example&gt;<br/>Comments: starts here<br/>Timeout: 15000ms",
                          "Click Sign in"])
        self.assertEqual({step["expected"] for step in case["test_steps"]}, {"Pass"})
        self.assertTrue(case["version"].endswith(".0"), case["version"])

    def test_the_same_design_makes_no_version(self):
        self.send(1, "Click Sign in", "Click Sign in")
        version = self.only_case()["version"]
        requests = self.send(2, "Click Sign in", "Click Sign in")
        self.assertEqual(self.only_case()["version"], version)
        self.assertEqual([request["target"] for request in requests if request["method"] == "PUT"], [])

    def test_another_targets_wording_makes_no_version(self):
        self.send(1, "Click Sign in", "Click Sign in as bob")
        version = self.only_case()["version"]
        self.send(2, "Click Sign in", "Click Sign in as eve")
        self.assertEqual(self.only_case()["version"], version)
        self.assertEqual(self.only_case()["test_steps"][1]["description"], "Click Sign in")

    def test_a_changed_step_makes_one_approved_version(self):
        self.send(1, "Click Sign in", "Click Sign in")
        before = float(self.only_case()["version"])
        self.send(2, "Click Log in", "Click Log in")
        case = self.only_case()
        self.assertEqual(case["test_steps"][1]["description"], "Click Log in")
        self.assertGreater(float(case["version"]), before)
        self.assertTrue(case["version"].endswith(".0"), case["version"])


class WordsTest(SandboxCase):
    sandbox_options = ("--set", "status-words=PASS=Passed,FAIL=Failed")

    def test_an_unmapped_word_is_refused_with_the_hint_and_the_others_get_in(self):
        cases = "".join(f'<testcase classname="c" name="t{i}" time="0.1">{"<skipped/>" if i % 3 == 0 else ""}</testcase>'
                        for i in range(60))
        report = self.write("r.xml", f'<testsuite name="s" timestamp="2024-01-03T12:00:00Z">{cases}</testsuite>')
        result = self.upload(report, "--output", "json", code=1)
        outcome = result.json()
        self.assertEqual((outcome["confirmed"], outcome["refused"]), (40, 20))
        self.assertTrue(any("--status-words" in problem["message"] for problem in outcome["problems"]), outcome)
        posts = [request for request in self.sandbox.requests() if "auto-test-logs" in request["target"]]
        self.assertLessEqual(len(posts), 33)
        self.assertEqual(sum(len(logs) for suites in self.sandbox.execution_tree().values()
                             for runs in suites.values() for logs in runs.values()), 40)


class ManyDesignsTest(SandboxCase):
    """How the designs of a report are read from qTest, beside the results."""

    def report(self, execution, count, description):
        tests = [{"name": f"Detailed {i}", "description": description, "targets": [{
            "targetName": "Chrome 103.0", "result": "Passed", "executionStart": f"2022-07-{execution:02d}T10:00:00Z",
            "steps": [{"description": "Open the shop", "result": "Passed"}]}]} for i in range(count)]
        return json.dumps({"jobName": "Detailed", "executionId": f"execution-{execution}", "tests": tests})

    def send(self, *arguments):
        """The searches with steps, and the cases that were updated."""
        requests = self.new_requests(lambda: self.upload(self.write("detailed.json", self.report(*arguments))))
        return ([request for request in requests if "appendTestSteps=true" in request["target"]],
                [request for request in requests if request["method"] == "PUT" and
                 re.search("/test-cases/[0-9]+$", request["target"])])

    def fill_project(self, count):
        self.upload(self.write("nightly.xml", junit([PASSED] * count)), "--job=Nightly")

    def test_one_test_does_not_read_the_designs_of_a_large_project(self):
        self.fill_project(1100)
        self.send(1, 1, "Open the shop")
        searches, updated = self.send(2, 1, "Open the market")
        self.assertEqual((len(searches), len(updated)), (1, 1))
        self.assertEqual(len(searches[0]["response"]["items"]), 1)
        searches, updated = self.send(2, 1, "Open the market")
        self.assertEqual((len(searches), len(updated)), (1, 0))

    def test_many_tests_are_read_page_by_page(self):
        self.send(1, 90, "Open the shop")
        searches, updated = self.send(2, 90, "Open the market")
        self.assertEqual((len(searches), len(updated)), (1, 90))

    def test_pages_that_turn_out_small_are_not_all_read(self):
        self.sandbox = self.start_sandbox("--set", "page-max=20")
        self.fill_project(300)
        self.send(1, 50, "Open the shop")
        searches, updated = self.send(2, 50, "Open the market")
        self.assertEqual(len(updated), 50)
        self.assertLess(len(searches), 1 + 2 * 3)

    def test_designs_too_long_for_a_page_come_in_smaller_answers(self):
        text = "Open the shop " * 15000
        self.send(1, 100, text)
        searches, updated = self.send(2, 100, text)
        self.assertGreater(len(searches), 1)
        self.assertEqual(len(updated), 0)


class CopiesTest(SandboxCase):
    """Overlapping copies of one execution: a result of both shares one log."""

    def cpu_seconds(self, *arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        out = self.upload(*arguments, "--job=J", "--execution-id=E", "--batch-logs=10000").out
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, out

    def test_a_copy_with_many_repeats_of_one_test_costs_little_more_than_reading_it(self):
        rows = "".join('<testcase classname="C" name="rows" time="0"/>' for _ in range(30000))
        report = f'<testsuite name="S" timestamp="2026-03-02T07:00:00">{rows}</testsuite>'
        one, copy = self.write("one.xml", report), self.write("copy.xml", report + "\n")
        alone, _ = self.cpu_seconds(one)
        self.sandbox = self.start_sandbox()
        both, out = self.cpu_seconds(one, copy)
        self.assertIn("read 60000 = confirmed 60000", out)
        submitted = [log for request in self.sandbox.requests() if "auto-test-logs" in request["target"]
                     for log in request["request"]["test_logs"]]
        self.assertEqual(len(submitted), 1)
        self.assertIn("Stands for 60000 results", submitted[0]["note"])
        self.assertIn("and 59950 more", submitted[0]["note"])
        self.assertLess(both, 4 * alone)


class OlderTest(SandboxCase):
    NEXT_DAY = SAMPLES / "testproject-nightly-next-day.json"

    def test_an_older_execution_goes_in_with_a_warning(self):
        self.upload(self.NEXT_DAY)
        result = self.upload(NIGHTLY)
        self.assertIn("older than the newest log", result.out)
        self.assertIn("read 12 = confirmed 12", result.out)

    def test_an_older_execution_is_found_behind_newer_logs_that_the_search_does_not_show_yet(self):
        self.sandbox = self.start_sandbox("--set", "latest-log=latest-start", "--set", "search-lag-ms=600000")
        self.upload(self.NEXT_DAY)
        self.upload(NIGHTLY)
        elsewhere = self.site_env({"HOME": str(self.folder / "elsewhere")})
        again = self.upload(NIGHTLY, env=elsewhere)
        self.assertIn("read 12 = confirmed 0 + present 12", again.out)
        self.assertNotIn("older than the newest log", again.out)

    def test_older_skip_leaves_it_out_and_says_so_in_the_sum(self):
        self.upload(self.NEXT_DAY)
        result = self.upload(NIGHTLY, "--older", "skip")
        self.assertIn("read 12 = confirmed 0 + present 0 + refused 0 + spooled 0 + skipped 12", result.out)

    def test_older_skip_leaves_out_nothing_of_the_report_itself(self):
        """Its newest result is in, and the site merged the others away."""
        self.sandbox = self.start_sandbox("--set", "repeated-content=last-wins")
        cases = "".join(f'<testcase name="rows" classname="C" timestamp="2026-03-02T07:00:{i:02d}"/>' for i in range(30))
        report = self.write("rows.xml", f'<testsuite name="S">{cases}</testsuite>')
        result = self.upload(report, "--job=J", "--older=skip")
        self.assertIn("confirmed 30", result.out)

    def test_what_was_spooled_with_older_skip_is_left_out_by_flush_too(self):
        self.upload(self.NEXT_DAY)
        self.sandbox.process.send_signal(signal.SIGSTOP)
        self.upload(NIGHTLY, "--older", "skip", "--timeout", "1s", code=5)
        self.sandbox.process.send_signal(signal.SIGCONT)
        result = self.at_site("flush", env={"QTEST_PROJECT": None})
        self.assert_exit(result, 0)
        self.assertIn("read 12 = confirmed 0 + present 0 + refused 0 + spooled 0 + skipped 12", result.out)


if __name__ == "__main__":
    unittest.main()
