"""Results that are known again: under another job, with and without an id of their execution, in files written
anew, merged or split, without times from CI and by hand."""
import re
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase, is_write  # noqa: E402

GITLAB = {"GITLAB_CI": "true", "CI_PIPELINE_ID": "7", "CI_PIPELINE_IID": "3", "CI_JOB_NAME": "unit", "CI_JOB_ID": "70"}


def junit(*tests, suite="shop.CartTest", stamp="2026-01-15T10:00:00Z", times=True):
    """tests: (name, failed)."""
    cases = "".join(f'<testcase classname="{suite}" name="{name}" time="0.5">{"<failure/>" if failed else ""}</testcase>'
                    if times else f'<testcase classname="{suite}" name="{name}">{"<failure/>" if failed else ""}</testcase>'
                    for name, failed in tests)
    when = f' timestamp="{stamp}"' if times else ""
    return f'<testsuites><testsuite name="{suite}"{when}>{cases}</testsuite></testsuites>'


CART = (("adds", False), ("removes", True))
USER = (("logs in", False), ("logs out", False))


class KnownCase(SandboxCase):
    sandbox_options = ("--job-ms", "10")

    def send(self, *words, env=None, code=0):
        return self.upload(*words, "--output", "json", env=env, code=code).json()

    def tree(self):
        """{cycle: logs}"""
        return {cycle: sum(len(logs) for runs in suites.values() for logs in runs.values())
                for cycle, suites in self.sandbox.execution_tree().items()}

    def assert_present(self, count, *words, env=None):
        results = []
        requests = self.new_requests(lambda: results.append(self.send(*words, env=env)))
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])
        self.assertEqual((results[0]["present"], results[0]["read"]), (count, count))
        return results[0], [request["target"] for request in requests]


class OtherCycleTest(KnownCase):
    def test_under_another_ci_job_all_is_present_and_the_cycle_is_told(self):
        report = self.write("r.xml", junit(*CART))
        self.send(report, env=GITLAB)
        other = {**GITLAB, "CI_JOB_NAME": "web"}
        result, _ = self.assert_present(2, report, env=other)
        self.assertEqual(self.tree(), {"unit": 2})
        [told] = [problem["message"] for problem in result["problems"]]
        self.assertIn("2 results are in qTest already, in test cycle 'unit', and nothing was added to 'web'", told)
        self.assertIn("--job", told)

    def test_a_named_job_has_its_own_cycle(self):
        report = self.write("r.xml", junit(*CART))
        self.send(report, "--job", "one")
        result = self.send(report, "--job", "two")
        self.assertEqual((result["confirmed"], result["problems"]), (2, []))
        self.assertEqual(self.tree(), {"one": 2, "two": 2})
        for job in ("one", "two"):
            self.assert_present(2, report, "--job", job)
        self.assertEqual(self.tree(), {"one": 2, "two": 2})

    def test_a_part_that_is_elsewhere_does_not_count(self):
        part = self.write("part.xml", junit(CART[0]))
        whole = self.write("whole.xml", junit(*CART))
        self.send(part, env=GITLAB)
        other = {**GITLAB, "CI_JOB_NAME": "web"}
        self.assertEqual(self.send(whole, env=other)["confirmed"], 2)
        self.assertEqual(self.tree(), {"unit": 1, "web": 2})
        self.assert_present(2, whole, env=other)

    def test_a_repeat_asks_once_where_the_runs_are(self):
        report = self.write("r.xml", junit(*CART))
        self.send(report, env=GITLAB)
        calls = self.new_requests(lambda: self.assert_present(2, report, env=GITLAB))
        self.assertEqual([call["target"] for call in calls if "/test-runs" in call["target"]], [])
        searches = [call["request"]["object_type"] for call in calls if "/search" in call["target"]]
        self.assertEqual(searches.count("test-runs"), 1, searches)


class NamedOnceTest(KnownCase):
    def test_an_execution_id_in_one_of_two_uploads_in_both_orders(self):
        for i, (first, second) in enumerate((((), ("--execution-id", "X")), (("--execution-id", "X"), ()))):
            report = self.write(f"{i}.xml", junit(*CART, stamp=f"2026-01-1{i}T10:00:00Z"))
            self.send(report, *first)
            self.assert_present(2, report, *second)

    def test_two_ids_are_two_executions(self):
        report = self.write("r.xml", junit(*CART))
        self.send(report, "--execution-id", "X", "--job", "J")
        self.assertEqual(self.send(report, "--execution-id", "Y", "--job", "J")["confirmed"], 2)
        self.assertEqual(self.tree(), {"J": 4})

    def test_a_correction_keeps_what_the_log_stood_for(self):
        passed = self.write("p.xml", junit(("adds", False)))
        failed = self.write("f.xml", junit(("adds", True), stamp="2026-01-15T10:10:00Z"))
        self.send(passed, "--execution-id", "X", "--job", "J")
        self.send(failed, "--execution-id", "X", "--job", "J")
        for report in (passed, failed):
            self.assertEqual(self.send(report, "--job", "J")["present"], 1)
        self.assertEqual(self.tree(), {"J": 1})


class RewrittenTest(KnownCase):
    def test_white_space_order_of_attributes_and_a_comment(self):
        self.send(self.write("r.xml", junit(*CART)), "--job", "J")
        anew = junit(*CART).replace("<testcase ", "<!-- x -->\n <testcase   ").replace(
            'name="adds" time="0.5"', 'time="0.5"  name="adds"')
        self.assert_present(2, self.write("anew.xml", anew), "--job", "J")

    def test_merged_and_split(self):
        cart = self.write("cart.xml", junit(*CART))
        user = self.write("user.xml", junit(*USER, suite="shop.UserTest"))
        merged = junit(*CART).replace("</testsuites>", "") + junit(*USER, suite="shop.UserTest").replace(
            "<testsuites>", "")
        self.send(cart, user, "--job", "J")
        self.assert_present(4, self.write("merged.xml", merged), "--job", "J")
        self.assert_present(2, cart, "--job", "J")
        self.assertEqual(self.tree(), {"J": 4})

    def test_a_folder_that_grows_by_a_build(self):
        for hour in range(4):
            self.write(f"builds/{hour}.xml", junit(*CART, stamp=f"2026-01-15T1{hour}:00:00Z"))
            result = self.send(self.folder / "builds", "--job", "J")
            self.assertEqual((result["confirmed"], result["present"]), (2, 2 * hour))
        self.assertEqual(self.tree(), {"J": 8})


class BytesTest(KnownCase):
    def setUp(self):
        super().setUp()
        self.report = self.write("r.xml", junit(*CART, times=False))

    def test_from_ci_and_then_by_hand(self):
        self.send(self.report, "--job", "J", env=GITLAB)
        result, _ = self.assert_present(2, self.report, "--job", "J")
        self.assertIn("the same file counts as the same execution", result["problems"][0]["message"])

    def test_a_retried_job_is_the_same_and_another_job_or_pipeline_is_not(self):
        self.send(self.report, "--job", "J", env=GITLAB)
        self.assert_present(2, self.report, "--job", "J", env={**GITLAB, "CI_JOB_ID": "71"})
        for env in ({**GITLAB, "CI_JOB_NAME": "web"}, {**GITLAB, "CI_PIPELINE_ID": "8"}):
            self.assertEqual(self.send(self.report, "--job", "J", env=env)["confirmed"], 2)
        self.assertEqual(self.tree(), {"J": 6})


class BuildNumberTest(KnownCase):
    def builds(self):
        return {log.get("build_number") for suites in self.sandbox.execution_tree().values()
                for runs in suites.values() for logs in runs.values() for log in logs}

    def test_of_the_ci_build_with_the_execution_in_brackets(self):
        report = self.write("r.xml", junit(*CART))
        self.send(report, "--job", "J", "--execution-id", "X", env=GITLAB)
        [number] = self.builds()
        self.assertRegex(number, r"^3 \([0-9a-f]{12}\)$")

    def test_without_ci_the_execution_alone(self):
        self.send(self.write("r.xml", junit(*CART)), "--job", "J", "--execution-id", "X")
        self.assertEqual(self.builds(), {"X"})

    def test_results_that_are_known_by_themselves_have_the_build_alone(self):
        self.send(self.write("r.xml", junit(*CART)), "--job", "J", env=GITLAB)
        self.assertEqual(self.builds(), {"3"})

    def test_bytes_without_ci_have_the_digits(self):
        self.send(self.write("r.xml", junit(*CART, times=False)), "--job", "J")
        [number] = self.builds()
        self.assertRegex(number, r"^[0-9a-f]{12}$")


class WithoutNotesTest(KnownCase):
    sandbox_options = ("--job-ms", "10", "--set", "list-notes=absent")
    MANY = tuple((f"test {number}", number == 3) for number in range(40))

    def test_a_retry_in_another_build_is_known_by_the_brackets(self):
        report = self.write("r.xml", junit(*CART))
        self.send(report, "--job", "J", "--execution-id", "X", env=GITLAB)
        again = self.send(report, "--job", "J", "--execution-id", "X", env={**GITLAB, "CI_PIPELINE_IID": "4"})
        self.assertEqual(again["present"], 2)
        self.assertEqual(self.tree(), {"J": 2})

    def test_a_start_that_a_run_teaches_is_searched_for_at_once(self):
        report = self.write("r.xml", junit(*self.MANY, times=False))
        self.send(report, "--job", "J", "--execution-id", "X")
        time.sleep(4.5)
        self.assert_present(len(self.MANY), report, "--job", "J", "--execution-id", "X")


    def assert_both_files_count(self, first):
        """One test in two files without times: each of them is known by itself, whichever came first."""
        files = [self.write(f"{name}.xml", junit(("adds", failed), times=False))
                 for name, failed in (("failed", True), ("passed", False))]
        self.send(files[first], "--job", "J")
        both = self.send(*files, "--job", "J")
        self.assertEqual((both["present"], both["confirmed"]), (1, 1))
        self.assertEqual(self.tree(), {"J": 2})
        self.assertEqual(self.send(*files, "--job", "J")["present"], 2)
        self.assertEqual(self.tree(), {"J": 2})

    def test_a_failed_file_alone_and_then_with_another(self):
        self.assert_both_files_count(0)

    def test_a_passed_file_alone_and_then_with_another(self):
        self.assert_both_files_count(1)


class WithoutNotesAndBuildsTest(KnownCase):
    """Only a log that is read alone says whose it is."""
    sandbox_options = ("--job-ms", "10", "--set", "list-notes=absent", "--set", "list-builds=absent")
    MANY = tuple((f"test {number}", number == 3) for number in range(40))

    def reads(self, targets):
        return [target for target in targets if re.search(r"/test-logs/\d+$", target)]

    def assert_known_again(self, count, reads, *words, env=None):
        _, targets = self.assert_present(count, *words, env=env)
        self.assertEqual(len(self.reads(targets)), reads, targets)

    def test_one_read_tells_of_one_result_and_two_tell_of_many(self):
        for tests, reads in ((CART[:1], 1), (self.MANY, 2)):
            for name, words in (("named", ("--execution-id", "X")), ("by themselves", ())):
                with self.subTest(count=len(tests), kind=name):
                    self.sandbox = self.start_sandbox(*self.sandbox_options)
                    report = self.write("r.xml", junit(*tests))
                    self.send(report, "--job", "J", *words, env=GITLAB)
                    self.assert_known_again(len(tests), reads, report, "--job", "J", *words,
                                            env={**GITLAB, "CI_PIPELINE_IID": "4"})
                    self.assertEqual(self.tree(), {"J": len(tests)})

    def test_a_report_without_times_that_is_uploaded_by_hand(self):
        report = self.write("r.xml", junit(*CART, times=False))
        self.send(report, "--job", "J")
        time.sleep(1.1)
        _, targets = self.assert_present(2, report, "--job", "J")
        self.assertLessEqual(len(self.reads(targets)), 2)

    def test_another_execution_of_the_same_seconds_is_added(self):
        report = self.write("r.xml", junit(*CART))
        for count, execution in enumerate(("X", "Y"), 1):
            self.send(report, "--job", "J", "--execution-id", execution)
            self.assertEqual(self.tree(), {"J": 2 * count})
        for execution in ("X", "Y"):
            again = self.send(report, "--job", "J", "--execution-id", execution)
            self.assertEqual((again["present"], again["confirmed"]), (2, 0))
        self.assertEqual(self.tree(), {"J": 4})

    def test_what_is_new_goes_in_beside_what_is_there(self):
        self.send(self.write("part.xml", junit(CART[0])), "--job", "J", "--execution-id", "X")
        whole = self.send(self.write("whole.xml", junit(*CART)), "--job", "J", "--execution-id", "X")
        self.assertEqual((whole["present"], whole["confirmed"]), (1, 1))
        self.assertEqual(self.tree(), {"J": 2})

    def test_attempts_of_one_execution_have_one_log(self):
        for stamp, failed in (("2026-01-15T10:00:00Z", True), ("2026-01-15T10:10:00Z", False)):
            report = self.write("r.xml", junit(("adds", failed), stamp=stamp))
            self.send(report, "--job", "J", "--execution-id", "X")
        [log] = [log for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                 for logs in runs.values() for log in logs]
        self.assertEqual(log["status"]["name"], "Failed")

    def test_the_next_build_reads_no_more_than_some(self):
        for hour in (10, 11, 12):
            report = self.write("r.xml", junit(*self.MANY, stamp=f"2026-01-15T{hour}:00:00Z"))
            added = []
            requests = self.new_requests(lambda: added.append(
                self.send(report, "--job", "J", "--execution-id", f"build {hour}")["confirmed"]))  # noqa: B023
            self.assertEqual(added, [len(self.MANY)])
            self.assertLessEqual(len(self.reads(request["target"] for request in requests)), 18)


if __name__ == "__main__":
    unittest.main()
