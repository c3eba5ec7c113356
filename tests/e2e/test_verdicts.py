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


if __name__ == "__main__":
    unittest.main()
