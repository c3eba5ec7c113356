"""A report becomes a cycle, suites, cases, runs and logs; again it becomes nothing; and every trouble has its exit code.

The oracle is the sandbox: what its API gives back, and its log of requests."""
import json
import re
import socket
import unittest
from datetime import datetime, timedelta

import reports
from harness import PROJECT, SAMPLES, TOKEN, SandboxCase, is_poll, is_write
from test_cli import BAD_REPORTS

NIGHTLY = SAMPLES / "testproject-nightly.json"
NEXT_DAY = SAMPLES / "testproject-nightly-next-day.json"
SUM = re.compile(r"^read (\d+) = confirmed (\d+) \+ present (\d+) \+ refused (\d+) \+ spooled (\d+) \+ skipped (\d+)$", re.M)
OUTCOME_FIELDS = ["status", "read", "confirmed", "present", "refused", "spooled", "skipped", "requests", "cycle",
                  "suites", "problems"]
SUITES = {"Chrome": "Chrome 103.0.1.2", "Edge Headless": "Edge (Headless) 103.0.3", "Firefox": "Firefox 102.0.1"}
STATUS = {"Passed": {"Passed"}, "Failed": {"Failed"}, "Skipped": {"Incomplete", "Skipped", "Blocked"}}


def instant(text):
    return datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))


def sum_line(result):
    found = SUM.findall(result.out)
    return tuple(int(number) for number in found[-1]) if found else None


def expected_results(path):
    """{(suite, test): the target's entry of the report}"""
    report = json.loads(path.read_text())
    names = {full: suite for suite, full in SUITES.items()}
    return report, {(names[target["targetName"]], test["name"]): target
                    for test in report["testResults"] for target in test["targets"]}


class UploadTest(SandboxCase):
    def assert_log(self, report, target, log):
        """One log says what the report's entry says."""
        self.assertIn(log["status"]["name"], STATUS[target["result"]])
        for field, of_report in (("exe_start_date", "executionStart"), ("exe_end_date", "executionEnd")):
            self.assertLess(abs(instant(log[field]) - instant(target[of_report])), timedelta(seconds=1), log)
        lines = log["note"].split("\n")
        self.assertEqual(lines[0], f"TestProject report: {report['reportUrl']}")
        self.assertEqual(lines[1], f"Executed on {target['targetName']}")
        self.assertRegex(lines[2], r"^qtest-sync [0-9a-f]{32} [0-9a-f]{32}$")
        self.assertEqual(log["build_number"], report["id"])

    def test_the_sample_becomes_one_cycle_with_suites_cases_runs_and_logs(self):
        report, expected = expected_results(NIGHTLY)
        result = self.upload(NIGHTLY)
        self.assertEqual(sum_line(result), (12, 12, 0, 0, 0, 0))
        self.assertEqual(result.err, "")
        tree = self.sandbox.execution_tree()
        self.assertEqual(set(tree), {"Nightly web shop"})
        self.assertEqual(set(tree["Nightly web shop"]), set(SUITES))
        found = {(suite, run): logs for suite, runs in tree["Nightly web shop"].items() for run, logs in runs.items()}
        self.assertEqual(set(found), set(expected))
        for key, logs in found.items():
            self.assertEqual(len(logs), 1, key)
            self.assert_log(report, expected[key], logs[0])
        failed = found[("Edge Headless", "Pay by card")][0]
        self.assertIn("element not visible after 15000 ms", failed["note"])
        self.assertNotIn("signature=none", failed["note"])  # the query of a screenshot's URL is a credential

    def test_there_is_one_case_for_each_test_in_the_root_module(self):
        report, _ = expected_results(NIGHTLY)
        self.upload(NIGHTLY)
        self.assertEqual(sorted(case["name"] for case in self.sandbox.cases()),
                         sorted(test["name"] for test in report["testResults"]))
        [module] = [module for module in self.sandbox.modules() if module["name"] == "TestProject"]
        self.assertEqual({case["parent_id"] for case in self.sandbox.cases()}, {module["id"]})

    def test_a_second_execution_adds_only_logs(self):
        self.upload(NIGHTLY)
        before = self.sandbox.execution_tree()
        cases = {case["id"] for case in self.sandbox.cases()}
        result = self.upload(NEXT_DAY)
        self.assertEqual(sum_line(result), (12, 12, 0, 0, 0, 0))
        after = self.sandbox.execution_tree()
        report, expected = expected_results(NEXT_DAY)
        self.assertEqual({case["id"] for case in self.sandbox.cases()}, cases)
        for suite, runs in after["Nightly web shop"].items():
            self.assertEqual(set(runs), set(before["Nightly web shop"][suite]))
            for name, logs in runs.items():
                self.assertEqual(len(logs), 2, name)
                [new] = [log for log in logs if log["build_number"] == report["id"]]
                self.assert_log(report, expected[(suite, name)], new)

    def test_the_same_file_twice_adds_nothing_and_says_present(self):
        for name in ("testproject-nightly.json", "testproject-junit.xml", "surefire.xml", "pytest.xml"):
            with self.subTest(name):
                first = sum_line(self.upload(SAMPLES / name))
                before = self.sandbox.execution_tree()
                requests = self.new_requests(lambda: self.check_present(name, first[0]))
                self.assertEqual([request["target"] for request in requests if is_write(request)], [])
                self.assertEqual(self.sandbox.execution_tree(), before)

    def check_present(self, name, count):
        result = self.upload(SAMPLES / name)
        self.assertEqual(sum_line(result), (count, 0, count, 0, 0, 0))

    def test_junit_samples_become_suites_of_their_targets(self):
        self.upload(SAMPLES / "testproject-junit.xml")
        self.upload(SAMPLES / "surefire.xml")
        self.upload(SAMPLES / "pytest.xml", "--target", "Firefox 102.0.1")
        tree = self.sandbox.execution_tree()
        self.assertEqual({cycle: set(suites) for cycle, suites in tree.items()},
                         {"Checkout smoke": {"Chrome", "iPhone 8"}, "shop-core": {"shop-core"},
                          "pytest": {"Firefox"}})
        [skipped] = tree["shop-core"]["shop-core"]["sharesCart"]
        self.assertIn(skipped["status"]["name"], STATUS["Skipped"])
        self.assertIn("needs the mail server", skipped["note"])
        [error] = tree["shop-core"]["shop-core"]["percentIsRounded[2]"]
        self.assertEqual(error["status"]["name"], "Failed")
        self.assertIn("Connection refused", error["note"])

    def test_the_call_budget_holds(self):
        report = self.write("large.json", reports.testproject("Exec0001", 334))
        requests = self.new_requests(lambda: self.upload(report))
        calls = [request for request in requests if not is_poll(request)]
        self.assertLessEqual(len(calls), 24, [request["target"] for request in calls])
        tree = self.sandbox.execution_tree()["Nightly web shop"]
        self.assertEqual({suite: sum(len(logs) for logs in runs.values()) for suite, runs in tree.items()},
                         {suite: 334 for suite in SUITES})
        later = reports.testproject("Exec0002", 334, start=reports.START + timedelta(days=1))
        requests = self.new_requests(lambda: self.upload(self.write("later.json", later)))
        self.assertLessEqual(len([request for request in requests if not is_poll(request)]), 10 + 2 * 3)
        requests = self.new_requests(lambda: self.upload(report))
        self.assertLessEqual(len(requests), 5 + 3, [request["target"] for request in requests])

    def test_plan_writes_nothing_and_upload_then_does_it(self):
        requests = self.new_requests(lambda: self.assert_plan(12, 0))
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])
        self.assertEqual(self.sandbox.execution_tree(), {})
        self.upload(NIGHTLY)
        self.assert_plan(0, 12)

    def assert_plan(self, to_add, present):
        result = self.at_site("plan", NIGHTLY)
        self.assert_exit(result, 0)
        self.assertIn(f"read 12 = to add {to_add} + present {present} + refused 0 + spooled 0 + skipped 0", result.out)
        self.assertEqual("upload would write nothing" in result.out, to_add == 0)

    def test_json_holds_the_fields_of_the_design_and_nothing_else_is_on_stdout(self):
        for command in ("plan", "upload"):
            result = self.at_site(command, "--output", "json", NIGHTLY)
            self.assert_exit(result, 0)
            root = result.json()
            self.assertEqual(list(root), OUTCOME_FIELDS)
            self.assertEqual((root["read"], root["confirmed"], root["problems"]), (12, 12, []))
            self.assertEqual(list(root["cycle"]), ["id", "pid", "name", "url", "from"])
            self.assertEqual(sorted(suite["name"] for suite in root["suites"]), sorted(SUITES))
            for suite in root["suites"]:
                self.assertEqual(list(suite), ["id", "pid", "name", "url", "results"])
                self.assertEqual(suite["results"], 4)
        [cycle] = self.sandbox.cycles()
        self.assertEqual((root["status"], root["cycle"]["id"], root["cycle"]["pid"]), ("done", cycle["id"], cycle["pid"]))
        self.assertTrue(root["cycle"]["url"].startswith(self.sandbox.url))

    def test_the_number_of_requests_is_what_the_log_counts(self):
        counted = []
        for report in (NIGHTLY, NIGHTLY, NEXT_DAY):
            requests = self.new_requests(
                lambda name=report: counted.append(self.upload("--output=json", name).json()["requests"]))
            self.assertEqual(counted[-1], len(requests))

    def test_fail_on_failed_is_exit_10_after_everything_is_in(self):
        result = self.upload(NIGHTLY, "--fail-on", "failed", code=10)
        self.assertEqual(sum_line(result), (12, 12, 0, 0, 0, 0))
        self.upload(NEXT_DAY, "--fail-on=failed", code=0)

    def test_several_reports_are_one_upload(self):
        result = self.upload(NIGHTLY, NEXT_DAY)
        self.assertEqual(sum_line(result), (24, 24, 0, 0, 0, 0))
        logs = [logs for runs in self.sandbox.execution_tree()["Nightly web shop"].values() for logs in runs.values()]
        self.assertEqual([len(of_run) for of_run in logs], [2] * 12)

    def test_standard_input_is_a_report(self):
        result = self.upload("-", stdin=NIGHTLY.read_bytes())
        self.assertEqual(sum_line(result)[0], 12)
        self.assertEqual(sum_line(self.upload(NIGHTLY)), (12, 0, 12, 0, 0, 0))

    def test_the_token_comes_from_a_file_or_standard_input_and_is_never_shown(self):
        token_file = self.write("token", TOKEN + "\n")
        for words, stdin in ((["--token-file", token_file], None), (["--token-stdin"], TOKEN)):
            result = self.at_site("upload", "-vv", *words, NIGHTLY, env={"QTEST_TOKEN": None}, stdin=stdin)
            self.assert_exit(result, 0)
            self.assertNotIn(TOKEN, result.out + result.err)

    def test_status_words_and_module_are_the_users(self):
        self.upload(NIGHTLY, "--module", "Web", "--job", "Mine", "--status-words", "PASSED,FAILED,SKIPPED")
        self.assertEqual(set(self.sandbox.execution_tree()), {"Mine"})
        self.assertIn("Web", [module["name"] for module in self.sandbox.modules()])
        words = {log["status"] for request in self.sandbox.requests() if "auto-test-logs" in request["target"]
                 for log in self.body(request)["test_logs"]}
        self.assertEqual(words, {"PASSED", "FAILED", "SKIPPED"})

    @staticmethod
    def body(request):
        body = request["request"]
        return json.loads(body) if isinstance(body, str) else body


class TroubleTest(SandboxCase):
    """Each ends with its code, one sentence, and nothing written."""

    def assert_trouble(self, code, *parts, words=(), env=None, report=NIGHTLY):
        def act():
            for command in ("upload", "plan"):
                result = self.at_site(command, *words, report, env=env)
                self.assert_exit(result, code)
                self.assert_one_sentence(result, *parts)
                self.assertEqual(result.out, "")
        requests = self.new_requests(act)
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])
        return requests

    def test_bad_reports_send_nothing_at_all(self):
        for name, content in BAD_REPORTS.items():
            with self.subTest(name):
                self.assertEqual(self.assert_trouble(3, name, report=self.write(name, content)), [])
        cut = self.write("cut.json", NIGHTLY.read_bytes()[:-100])
        self.assertEqual(self.assert_trouble(3, "cut.json", report=cut), [])
        self.assertEqual(self.assert_trouble(3, "absent.json", report="absent.json"), [])

    def test_one_bad_report_of_several_stops_all(self):
        bad = self.write("bad.xml", "<testsuite><testcase name='a'>")
        self.assertEqual(self.assert_trouble(3, "bad.xml", words=[SAMPLES / "pytest.xml", bad]), [])

    def test_keep_going_uploads_the_good_ones_and_still_says_3(self):
        bad = self.write("bad.xml", "<testsuite><testcase name='a'>")
        result = self.at_site("upload", "--keep-going", bad, NIGHTLY)
        self.assert_exit(result, 3)
        self.assertEqual(sum_line(result), (12, 12, 0, 0, 0, 0))
        self.assertIn("bad.xml", result.out + result.err)
        self.assertEqual(set(self.sandbox.execution_tree()), {"Nightly web shop"})

    def test_a_wrong_token(self):
        wrong = {"QTEST_TOKEN": "wrong-token"}
        plan = self.at_site("plan", NIGHTLY, env=wrong)
        self.assert_exit(plan, 4)
        self.assertEqual(plan.out, "")
        upload = self.at_site("upload", NIGHTLY, env=wrong)
        self.assert_exit(upload, 4)
        self.assertEqual(sum_line(upload), (12, 0, 0, 0, 12, 0))  # kept for a valid one
        for result in (plan, upload):
            self.assert_one_sentence(result, "token")
        self.assertEqual([request["target"] for request in self.sandbox.requests() if is_write(request)], [])

    def test_an_unknown_project_lists_the_candidates(self):
        self.assert_trouble(4, "'Shop'", PROJECT, env={"QTEST_PROJECT": "Shop"})
        self.assert_trouble(4, "'424242'", env={"QTEST_PROJECT": "424242"})

    def test_a_missing_project_lists_the_candidates(self):
        self.assert_trouble(4, PROJECT, env={"QTEST_PROJECT": None})

    def test_automation_off_says_where_to_turn_it_on(self):
        self.sandbox.stop()
        self.sandbox = self.start_sandbox(projects=(PROJECT + ":automation=off",))
        requests = self.new_requests(self.upload_and_plan_without_automation)
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])

    def upload_and_plan_without_automation(self):
        """The project is known, so what is not in is kept for the day that it is turned on."""
        plan = self.at_site("plan", NIGHTLY)
        self.assertEqual(plan.out, "")
        upload = self.at_site("upload", NIGHTLY)
        self.assertEqual(sum_line(upload), (12, 0, 0, 0, 12, 0))
        for result in (plan, upload):
            self.assert_exit(result, 4)
            self.assert_one_sentence(result, "Automation")

    def test_qtest_not_reachable(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # bound, not listening: refused at once
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
            result = self.at_site("upload", "--timeout", "3s", NIGHTLY, env={"QTEST_URL": url})
        self.assert_exit(result, 5)
        self.assert_one_sentence(result, url.removeprefix("http://"))

    def test_a_failure_in_json_is_json_on_stdout_and_the_sentence_on_stderr(self):
        result = self.at_site("upload", "--output=json", NIGHTLY, env={"QTEST_TOKEN": "wrong-token"})
        self.assert_exit(result, 4)
        root = result.json()
        self.assertEqual(list(root), OUTCOME_FIELDS)
        self.assertEqual((root["status"], root["problems"][0]["code"]), ("spooled", "access"))
        self.assert_one_sentence(result, root["problems"][0]["message"])


if __name__ == "__main__":
    unittest.main()
