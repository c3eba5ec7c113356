"""Verdicts as the report says them, its own word in the note, and side matters that cost no result."""
import json
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase  # noqa: E402

PICTURE = "iVBORw0KGgo="


def junit(*cases):
    """cases: (name, attributes, content)"""
    inside = "".join(f'<testcase classname="c" name="{name}" time="1" {attributes}>{content}</testcase>'
                     for name, attributes, content in cases)
    return f'<testsuite name="verdicts" timestamp="2022-07-01T10:00:00Z">{inside}</testsuite>'


def attached(value):
    return f'<properties><property name="attachment" value="{value}"/></properties>'


class VerdictCase(SandboxCase):
    def logs(self):
        """Status and note of the only log of each run, by the run's name."""
        return {name: (logs[0]["status"]["name"], logs[0].get("note", ""))
                for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for name, logs in runs.items()}


class OwnWordTest(VerdictCase):
    def test_the_note_says_the_reports_own_word(self):
        report = self.write("behave.xml", junit(("a", 'status="untested"', ""), ("b", 'status="passed"', ""),
                                                ("d", 'status="undefined"', ""), ("e", 'result="timedOut"', "<failure/>"),
                                                ("f", "", "<skipped/>")))
        self.upload(report)
        logs = self.logs()
        notes = {name[-1]: note for name, (_, note) in logs.items()}
        self.assertIn("\nSkipped (untested)", notes["a"])
        self.assertIn("\nSkipped (undefined)", notes["d"])
        self.assertIn("\nFailed (timedOut)", notes["e"])
        for plain in "bf":
            self.assertNotIn("(", notes[plain].split("qtest-sync")[1])

    def test_the_word_survives_the_spool(self):
        report = self.write("word.xml", junit(("a", 'status="untested"', "")))
        self.sandbox.process.send_signal(signal.SIGSTOP)
        self.upload(report, "--timeout", "1s", code=5)
        self.sandbox.process.send_signal(signal.SIGCONT)
        self.assert_exit(self.at_site("flush"), 0)
        self.assertIn("\nSkipped (untested)", next(iter(self.logs().values()))[1])


class SideMatterTest(VerdictCase):
    BAD = {
        "not base64": "data:image/png;base64,@@@not base64@@@",
        "cut": "data:image/png;base64,iVBORw0KG",
        "padding": "data:image/png;base64,QQ=",
        "empty": "data:image/png;base64,",
        "no base64": "data:text/plain,hello",
        "nothing": "data:",
        "type": "data:png;base64," + PICTURE,
    }
    GOOD = {
        "plain": "data:image/png;base64," + PICTURE,
        "blanks": "data:image/png;base64, iVBO Rw0K\tGgo=",
        "address": "data:image/png;base64,_-8",
        "unheard of": "data:x/unheard-of;base64," + PICTURE,
        "escaped": "data:image/png;base64,iVBORw0KGgo%3D",
    }

    def both_in(self, value, warnings):
        report = self.write("side.xml", junit(("a", "", attached(value)), ("b", "", "<failure/>")))
        said = self.upload(report).out
        self.assertEqual(len(self.logs()), 2)
        self.assertEqual(said.count("attached to test 'a'"), warnings, said)

    def test_a_broken_file_costs_no_result(self):
        for name, value in self.BAD.items():
            with self.subTest(name):
                self.sandbox = self.start_sandbox()
                self.both_in(value, 1)

    def test_files_are_sent_as_servers_take_them(self):
        for name, value in self.GOOD.items():
            with self.subTest(name):
                self.sandbox = self.start_sandbox()
                self.both_in(value, 0)

    def test_a_broken_screenshot_of_testproject_costs_no_result(self):
        report = self.write("shots.json", json.dumps({"jobName": "J", "executionId": "e", "testResults": [
            {"name": f"t{i}", "result": "Passed", "executionStart": "2022-07-01T10:00:00Z", "screenshot": shot}
            for i, shot in enumerate(("iVBORw0KGgo@", "data:image/png;base64,?", PICTURE))]}))
        said = self.upload(report).out
        self.assertEqual(len(self.logs()), 3)
        self.assertEqual(said.count("screenshot"), 2, said)  # of the first, and how many more
        self.assertIn("1 more about screenshots", said)


class BareTest(VerdictCase):
    """What the site does not take with its files goes in without them."""

    SUBMISSION = {"method": "POST", "path": "*/auto-test-logs*"}
    REFUSAL = {"status": 400, "body": {"message": "Attachment type is not allowed"}}

    def send(self, report, *options, code=0):
        return self.upload(self.write("bare.xml", report), "--output", "json", *options, code=code).json()

    def submissions(self):
        return [request for request in self.sandbox.requests() if "auto-test-logs" in request["target"]]

    def start_with_fault(self, **which):
        rules = [{**self.SUBMISSION, "action": self.REFUSAL, **which}]
        self.sandbox = self.start_sandbox("--faults", self.write("faults.json", json.dumps(rules)))

    def test_pictures_that_are_too_large_cost_no_result(self):
        self.sandbox = self.start_sandbox("--set", "body-limit-mb=1")
        large = {3: 2, 4: 3, 17: 2, 18: 3}
        cases = [(f"t{i}", "", attached("data:image/png;base64," + "A" * (large.get(i, 0) * 1024 * 1024 + 4)))
                 for i in range(20)]
        # One request at a time: else how many are on their way before the first is answered is a matter of speed.
        outcome = self.send(junit(*cases), "--parallel", "1")
        self.assertEqual((outcome["confirmed"], len(self.logs())), (20, 20))
        [problem] = outcome["problems"]
        self.assertEqual(problem["results"], len(large))
        self.assertIn("4 results are in qTest without the attached files", problem["message"])
        self.assertIn("'t3'", problem["message"])
        self.assertLess(len(self.submissions()), 11, "what is known to be too large is not tried with its files")
        sent = [log for post in self.submissions() if post["status"] != 413 for log in post["request"]["test_logs"]]
        for log in sent:
            self.assertEqual("attachments" in log, int(log["name"].split("t")[-1]) not in large)

    def test_a_result_that_is_refused_with_its_file_is_tried_without(self):
        self.start_with_fault(nth=1)
        outcome = self.send(junit(("a", "", attached("data:image/png;base64," + PICTURE))))
        self.assertEqual((outcome["confirmed"], len(self.logs()), len(self.submissions())), (1, 1, 2))
        self.assertIn("1 result is in qTest without the attached files", outcome["problems"][0]["message"])

    def test_without_files_it_is_refused_as_ever(self):
        self.start_with_fault(nth=1)
        outcome = self.send(junit(("a", "", "")), code=1)
        self.assertEqual((outcome["refused"], len(self.submissions())), (1, 1))

    def test_what_is_refused_without_its_file_too_is_refused_with_the_reason(self):
        self.start_with_fault()
        outcome = self.send(junit(("a", "", attached("data:image/png;base64," + PICTURE))), code=1)
        self.assertEqual((outcome["refused"], len(self.submissions())), (1, 2))
        self.assertIn("not allowed", outcome["problems"][0]["message"])

    def test_the_pictures_of_steps_stay_out_as_well(self):
        self.sandbox = self.start_sandbox("--set", "body-limit-mb=1")
        picture = PICTURE[:-1] + "A" * (2 * 1024 * 1024 + 1)
        report = json.dumps({"jobName": "J", "executionId": "e", "tests": [
            {"name": "t", "result": "Failed", "executionStart": "2022-07-01T10:00:00Z",
             "steps": [{"description": "x", "result": "Failed", "screenshot": picture}]}]})
        outcome = self.upload(self.write("steps.json", report), "--output", "json").json()
        self.assertEqual((outcome["confirmed"], len(self.logs())), (1, 1))
        self.assertIn("without the attached files", outcome["problems"][0]["message"])


if __name__ == "__main__":
    unittest.main()
