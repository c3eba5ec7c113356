"""What qTest does not take: it is found in few rounds, said, and nothing is left behind by it."""
import json
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase  # noqa: E402

MIB = 1024 * 1024
UNMAPPED = ("--set", "status-words=PASS=Passed,FAIL=Failed")


def junit(cases, message_bytes=0, names=0, skipped=lambda number: False, screenshot_bytes=lambda number: 0,
          step_bytes=lambda number: 0):
    """message_bytes: how long the failure of each case is, 0: it passed. names: after so many they begin again.
    The others go by the case's number."""
    lines = []
    for number in range(cases):
        inside = f"<failure message='m'>{'x' * message_bytes}</failure>" if message_bytes else ""
        inside += "<skipped/>" if skipped(number) else ""
        if screenshot_bytes(number):
            data = "data:image/png;base64," + "A" * screenshot_bytes(number)
            inside += f'<properties><property name="screenshot" value="{data}"/></properties>'
        if step_bytes(number):
            inside += f'<properties><property name="step" value="{"x" * step_bytes(number)}"/></properties>'
        lines.append(f'<testcase classname="c" name="t{number % (names or cases)}" time="0.1">{inside}</testcase>')
    return f'<testsuite name="s" timestamp="2024-01-03T12:00:00Z">{"".join(lines)}</testsuite>'


class RefusalCase(SandboxCase):
    def send(self, report, *options, code):
        began = time.monotonic()
        outcome = self.upload(self.write("r.xml", report), "--output", "json", *options, code=code).json()
        self.seconds = time.monotonic() - began
        self.assertEqual(outcome["read"], sum(outcome[name] for name in
                                              ("confirmed", "present", "refused", "spooled", "skipped")))
        return outcome

    def posts(self):
        return [request for request in self.sandbox.requests() if "auto-test-logs" in request["target"]]

    def log_count(self):
        return sum(len(logs) for suites in self.sandbox.execution_tree().values()
                   for runs in suites.values() for logs in runs.values())

    def assert_no_claim(self):
        left = [suite["name"] for suite in self.sandbox.get("test-suites", parentId=0, parentType="root")]
        self.assertEqual(left, [])

    def left_files(self):
        return [path.name for path in self.folder.rglob("*") if path.suffix in (".journal", ".spool")]


class PassingTest(RefusalCase):
    """What may pass says nothing of a status word, however many results it strikes."""

    FIRST = 3  # so many probes tell that a word is not mapped

    def play(self, polled):
        job = {"id": 999999, "type": "automation", "state": "IN_WAITING", "content": ""}
        rules = [{"method": "POST", "path": "*/auto-test-logs*", "to": self.FIRST,
                  "action": {"status": 201, "body": job}},
                 {"method": "GET", "path": "*/queue-processing/999999", "action": polled}]
        self.sandbox = self.start_sandbox("--faults", self.write("faults.json", json.dumps(rules)))
        suites = "".join(f'<testsuite name="s" timestamp="2024-01-03T12:00:00Z"><properties><property name="browser" '
                         f'value="B{number} 1"/></properties><testcase classname="c" name="t{number}"/></testsuite>'
                         for number in range(self.FIRST))
        outcome = self.send(f"<testsuites>{suites}</testsuites>", "--settle", "5s", code=0)
        self.assertEqual((outcome["confirmed"], self.log_count()), (self.FIRST, self.FIRST))
        self.assert_no_claim()

    def test_jobs_that_fail_once_are_tried_again(self):
        self.play({"status": 200, "body": {"id": 999999, "type": "automation", "state": "FAILED",
                                           "content": "Temporary database failure"}})

    def test_jobs_that_are_forgotten_are_tried_again(self):
        self.play({"status": 404, "body": {"message": "Job does not exist"}})


def folders(count, each):
    """Of each folder, in turn, what passed, failed and was skipped: their batches hold all three words."""
    words = ("Passed", "Failed", "Skipped")
    return json.dumps({"jobName": "Job", "executionId": "e", "tests": [
        {"name": f"t{number}", "folder": f"Folder {number // each}", "targets": [
            {"targetName": "Chrome", "result": words[number % 3], "executionStart": "2024-01-03T12:00:00Z",
             "executionEnd": "2024-01-03T12:00:01Z", "steps": []}]} for number in range(count * each)]})


class ManyFoldersTest(RefusalCase):
    """More batches than may be split: what is wrong with a word is found by a few results all the same."""

    def play(self, words, **wanted):
        for how in ("400", "job-failed"):
            for count, each in ((11, 12), (30, 5)):
                with self.subTest(how, folders=count):
                    self.sandbox = self.start_sandbox("--set", f"unmapped-status={how}", "--set", words)
                    outcome = self.send(folders(count, each), "--settle", "5s", code=1)
                    found = {name: outcome[name] for name in ("confirmed", "refused")}
                    self.assertEqual(found, {name: count * each * part // 3 for name, part in wanted.items()})
                    self.assertEqual(self.log_count(), found["confirmed"])
                    self.assertLess(len(self.posts()), 4 * count)
                    self.assertIn("Automation Settings", json.dumps(outcome["problems"]))
                    self.assert_no_claim()

    def test_no_word_is_mapped(self):
        self.play("status-words=A=Passed", confirmed=0, refused=3)

    def test_one_word_is_not_mapped(self):
        self.play(UNMAPPED[1], confirmed=2, refused=1)


class UnansweredTest(RefusalCase):
    sandbox_options = (*UNMAPPED, "--set", "lost-reply=504", "--set", "lost-reply-every=1")

    def send_one_that_spoils(self, *options):
        outcome = self.send(junit(8, skipped=lambda number: number == 3), *options, "--settle", "2s", code=1)
        self.assertEqual((outcome["confirmed"], outcome["refused"], self.log_count()), (7, 1, 7))
        self.assert_no_claim()

    def test_one_that_spoils_a_batch_is_left_alone_though_no_answer_ever_tells(self):
        self.send_one_that_spoils("--batch-logs", "8")

    def test_so_it_is_where_the_batch_is_much_smaller_than_it_might_be(self):
        self.send_one_that_spoils()


class TooLargeTest(RefusalCase):
    sandbox_options = ("--set", "body-limit-mb=1")

    def test_batches_are_halved_until_they_fit_and_the_size_is_remembered(self):
        outcome = self.send(junit(900, 8000), "--batch-logs", "300", code=0)
        self.assertEqual(outcome["confirmed"], 900)
        self.assertEqual(self.log_count(), 900)
        statuses = [post["status"] for post in self.posts()]
        self.assertIn(413, statuses)
        # 300 x 8 kB are three times too much: two halvings, each found out by as many as are in flight at once
        self.assertLessEqual(statuses.count(413), 2 * 4, statuses)
        last = max(number for number, status in enumerate(statuses) if status == 413)
        self.assertGreater(len(statuses) - last, 4, "413 came to the end")

    def test_only_a_result_that_is_too_large_by_itself_is_refused(self):
        large = {7: 2, 8: 3, 30: 3, 31: 2, 32: 3}
        outcome = self.send(junit(40, step_bytes=lambda number: large.get(number, 0) * MIB), code=1)
        self.assertEqual((outcome["confirmed"], outcome["refused"]), (35, 5))
        self.assertEqual(self.log_count(), 35)
        self.assertEqual(sum(problem["results"] for problem in outcome["problems"]), 5)
        for problem in outcome["problems"]:
            self.assertIn("413", problem["message"])
            self.assertIn("have the site's limit raised", problem["message"])
            self.assertNotIn("--status-words", problem["message"])
        self.assert_no_claim()
        self.assertLess(len(self.posts()), 25, "what is known to be too large is not tried again")


class FailedJobsTest(RefusalCase):
    """The default of the sandbox: one unmapped word fails the job of the whole batch."""

    sandbox_options = UNMAPPED + ("--job-ms", "50")

    def test_the_others_get_in_within_seconds(self):
        outcome = self.send(junit(60, names=50, skipped=lambda number: number % 10 == 4), "--batch-logs", "15", code=1)
        self.assertEqual((outcome["confirmed"], outcome["refused"]), (54, 6))
        self.assertLessEqual(len(self.posts()), 32)
        # nothing is in the queue, so nothing is waited for: waiting for searches would take half a minute
        self.assertLess(self.seconds, 15)
        self.assert_no_claim()


class LeftOutTest(RefusalCase):
    """Logs are left out silently, and each second reply to a submission is lost."""

    sandbox_options = UNMAPPED + ("--set", "unmapped-status=log-dropped", "--set", "lost-reply=reset",
                                  "--set", "lost-reply-every=2", "--job-ms", "50")

    def test_what_does_not_show_up_is_refused_and_nothing_is_left(self):
        outcome = self.send(junit(12, skipped=lambda number: number in (3, 8)), "--settle", "2s", code=1)
        self.assertEqual((outcome["confirmed"], outcome["refused"]), (10, 2), json.dumps(outcome["problems"]))
        self.assertEqual(self.log_count(), 10)
        self.assert_no_claim()
        self.assertEqual(self.left_files(), [])


class NeverAnsweredTest(RefusalCase):
    """The same, and no reply to any submission ever arrives."""

    sandbox_options = UNMAPPED + ("--set", "unmapped-status=log-dropped", "--set", "lost-reply=reset",
                                  "--set", "lost-reply-every=1", "--job-ms", "50")

    def test_absence_is_certain_after_a_last_look(self):
        outcome = self.send(junit(12, skipped=lambda number: number == 3), "--settle", "1s", code=1)
        self.assertEqual((outcome["confirmed"], outcome["refused"], outcome["spooled"]), (11, 1, 0))
        [problem] = [problem for problem in outcome["problems"] if problem["code"] == "refused"]
        self.assertIn("did not show up", problem["message"])
        self.assert_no_claim()
        self.assertEqual(self.left_files(), [])


if __name__ == "__main__":
    unittest.main()
