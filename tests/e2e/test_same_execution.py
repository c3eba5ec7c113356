"""One execution that is told of more than once: in two files, saved early and late, or beside another one of the same
second. Each result has one log, which shows the last word."""
import itertools
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase, is_write  # noqa: E402
from reports import testproject  # noqa: E402


def rows(*statuses, execution="Exec0001"):
    """A test with a result for each data row, a minute apart."""
    targets = [{"targetName": "Chrome 103.0", "result": status, "executionStart": f"2024-05-01T20:0{i}:00Z",
                "executionEnd": f"2024-05-01T20:0{i}:30Z"} for i, status in enumerate(statuses)]
    return json.dumps({"jobName": "Nightly", "id": execution, "executionStart": "2024-05-01T20:00:00Z",
                       "testResults": [{"name": "Rows", "targets": targets}]})


class SameExecutionCase(SandboxCase):
    def statuses(self):
        """Of each run, oldest log first."""
        return [[log["status"]["name"] for log in sorted(logs, key=lambda log: log["id"])]
                for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for logs in runs.values()]

    def send(self, *texts, options=()):
        reports = [self.write(f"{number}.json", text) for number, text in enumerate(texts)]
        outcome = self.upload(*reports, *options, "--output", "json").json()
        return outcome["confirmed"], outcome["present"]

    def assert_repeat_writes_nothing(self, *texts, options=()):
        calls = self.new_requests(lambda: self.send(*texts, options=options))
        self.assertEqual([call["target"] for call in calls if is_write(call)], [])


class AttemptsTest(SameExecutionCase):
    """Of a job that ran twice under one execution id, in two reports."""
    options = ("--execution-id", "E", "--job", "J")

    def attempt(self, minute, *results):
        cases = "".join(f'<testcase name="{name}" classname="C" time="1">{"<failure/>" * failed}</testcase>'
                        for name, failed in results)
        suite = f'<testsuite name="S" timestamp="2026-01-15T10:{minute}:00Z">{cases}</testsuite>'
        return self.write(f"{minute}.xml", suite)

    def shown(self):
        """Of each test the word and the minute in which its log begins."""
        logs = {name: log for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for name, [log] in runs.items()}
        return {name: (log["status"]["name"], log["exe_start_date"][14:16], log["note"]) for name, log in logs.items()}

    def in_order(self, *reports, options=()):
        self.sandbox = self.start_sandbox()
        outcomes = [self.upload(report, *self.options, *options, "--output", "json").json() for report in reports]
        return {name: shown[:2] for name, shown in self.shown().items()}, outcomes

    def test_any_order_ends_the_same(self):
        first = self.attempt("00", ("pays", True), ("ships", False))
        second = self.attempt("30", ("pays", False), ("ships", False))
        for order in itertools.permutations((first, second)):
            with self.subTest(order=order):
                self.assertEqual(self.in_order(*order)[0], {"pays": ("Failed", "00"), "ships": ("Passed", "30")})
                self.assertEqual(self.in_order(*order, options=("--repeats=last",))[0],
                                 {"pays": ("Passed", "30"), "ships": ("Passed", "30")})
        self.assertEqual(self.in_order(first, second, first)[0], {"pays": ("Failed", "00"), "ships": ("Passed", "30")})

    def test_the_person_is_told_and_the_note_lists_both(self):
        first = self.attempt("00", ("pays", False), ("ships", False))
        second = self.attempt("30", ("pays", True), ("ships", False))
        _, outcomes = self.in_order(first, second, first)
        told = [[problem["message"] for problem in outcome["problems"] if "another attempt" in problem["message"]]
                for outcome in outcomes]
        self.assertEqual(told, [[], ["'pays' came out otherwise in another attempt (Passed there, Failed here): the "
                                     "worst counts (--repeats=last: the one that starts last)"],
                                ["'pays' came out otherwise in another attempt (Failed there, Passed here): the "
                                 "worst counts (--repeats=last: the one that starts last)"]])
        note = self.shown()["pays"][2]
        self.assertIn("Failed 2026-01-15T10:30:00.000Z", note)
        self.assertIn("Passed 2026-01-15T10:00:00.000Z, an attempt before", note)

    def test_a_repeat_of_either_adds_and_corrects_nothing(self):
        first = self.attempt("00", ("pays", True), ("ships", False))
        second = self.attempt("30", ("pays", False), ("ships", False))
        self.in_order(first, second)
        for report in (first, second):
            calls = self.new_requests(lambda report=report: self.upload(report, *self.options))
            self.assertEqual([call["target"] for call in calls if "auto-test-logs" in call["target"]], [])


class TwoFilesTest(SameExecutionCase):
    def test_of_two_words_on_one_result_that_end_together_the_worse_counts(self):
        passed, failed = (testproject("Exec0001", 1, targets=("Chrome",), result=result)
                          for result in ("Passed", "Failed"))
        for files, options in (((passed, failed), ()), ((failed, passed), ()), ((failed, passed), ("--repeats=last",)),
                               ((passed, failed), ("--repeats=last",))):
            shown = "Failed"
            with self.subTest(options=options, first=files[0] == failed):
                self.sandbox = self.start_sandbox()
                self.assertEqual(self.send(*files, options=options), (2, 0))
                self.assertEqual(self.statuses(), [[shown]])
                self.assert_repeat_writes_nothing(*files, options=options)

    def test_what_ended_later_is_the_later_word_in_whichever_order_it_is_read(self):
        early = testproject("Exec0001", 1, targets=("Chrome",), result="Failed")
        late = testproject("Exec0001", 1, targets=("Chrome",)).replace('"executionEnd": "2024-05-01T20:00:10',
                                                                       '"executionEnd": "2024-05-01T20:00:40')
        self.send(late, early)
        self.assertEqual(self.statuses(), [["Passed"]])
        for order in ((late, early), (early, late)):
            self.sandbox = self.start_sandbox()
            for text in order:
                self.send(text)
            self.assertEqual(self.statuses(), [["Passed"]])


class MergedTest(SameExecutionCase):
    def test_more_rows_of_a_test_correct_its_log(self):
        for options, early, late, shown in (((), ("Passed", "Passed"), ("Passed", "Passed", "Failed"), "Failed"),
                                            (("--repeats=last",), ("Failed",), ("Failed", "Passed"), "Passed")):
            with self.subTest(options=options):
                self.sandbox = self.start_sandbox()
                self.send(rows(*early), options=options)
                self.assertEqual(self.send(rows(*late), options=options), (len(late), 0))
                self.assertEqual(self.statuses(), [[shown]])
                self.assert_repeat_writes_nothing(rows(*late), options=options)

    def test_a_log_that_the_search_does_not_show_yet_is_found_all_the_same(self):
        self.sandbox = self.start_sandbox("--set", "search-lag-ms=15000")
        self.send(rows("Passed"), options=("--repeats=worst",))
        self.send(rows("Passed", "Failed"), options=("--repeats=worst",))
        self.assertEqual(self.statuses(), [["Failed"]])

    def test_two_files_that_lead_by_different_rows_have_one_log(self):
        files = rows("Failed", "Passed"), rows("Passed", "Failed")
        self.assertEqual(self.send(*files, options=("--repeats=worst",)), (4, 0))
        self.assertEqual(self.statuses(), [["Failed"]])
        self.assert_repeat_writes_nothing(*files, options=("--repeats=worst",))


class OtherExecutionTest(SameExecutionCase):
    def test_one_of_the_same_second_is_told_apart_without_notes(self):
        self.sandbox = self.start_sandbox("--set", "list-notes=absent")
        for execution, result in (("Exec0001", "Passed"), ("Exec0002", "Failed")):
            self.assertEqual(self.send(testproject(execution, 2, targets=("Chrome",), result=result)), (2, 0))
        self.assertEqual(self.statuses(), [["Passed", "Failed"]] * 2)

    def test_an_older_one_beside_a_newer_one_is_older(self):
        old = testproject("Exec0001", 2, targets=("Chrome",))
        new = testproject("Exec0002", 2, targets=("Chrome",)).replace("2024-05-01T", "2024-05-02T")
        self.send(new)
        reports = [self.write("new.json", new), self.write("old.json", old)]
        outcome = self.upload(*reports, "--older=skip", "--output", "json").json()
        self.assertEqual((outcome["present"], outcome["skipped"], outcome["confirmed"]), (2, 2, 0))


if __name__ == "__main__":
    unittest.main()
