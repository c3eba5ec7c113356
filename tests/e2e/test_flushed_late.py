"""A report that was kept while the site was away and is flushed after another one of the same execution: qTest ends
as if they had gone in the other way round."""
import json
import os
import unittest
from datetime import datetime, timezone
from itertools import permutations

from harness import SandboxCase

EXPIRED = {"QTEST_TOKEN": "expired"}
WORD = {"p": "", "f": '<failure message="boom"/>', "s": "<skipped/>"}


def junit(word, start="10:00:00", seconds=1.5):
    return (f'<testsuites name="nightly"><testsuite name="s" timestamp="2026-01-05T{start}Z">'
            f'<testcase classname="c" name="a" time="{seconds}">{WORD[word]}</testcase></testsuite></testsuites>')


class FlushedLateCase(SandboxCase):
    def send(self, report, *words, code=0, env=None):
        return self.upload("--execution-id", "E1", "--settle", "3s", *words, self.write("report.xml", report),
                           code=code, env=env)

    def keep(self, report, *words):
        """Uploads with a token that the site refuses, which leaves an entry in the spool."""
        self.send(report, *words, code=4, env=EXPIRED)
        self.assertEqual(len(self.entries()), 1)

    def entries(self):
        return sorted(path.name for path in self.folder.rglob("*.spool*"))

    def flush(self):
        result = self.at_site("flush", "--settle", "3s")
        self.assert_exit(result, 0)
        self.assertEqual(self.entries(), [])
        return result

    def shown(self):
        """The status, start and end of the only log."""
        [log] = [log for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                 for logs in runs.values() for log in logs]
        start, end = (datetime.fromisoformat(log[name]).astimezone(timezone.utc)
                      for name in ("exe_start_date", "exe_end_date"))
        return log["status"]["name"], f"{start:%H:%M:%S}", (end - start).seconds

    def assert_end(self, reports, expected, *words):
        """Each order of the reports, the first of which is sent and the other one flushed after it."""
        for sent, kept in (reports, reports[::-1]):
            with self.subTest(sent=sent, kept=kept, words=words):
                self.sandbox = self.start_sandbox()
                self.keep(kept, *words)
                self.send(sent, *words)
                self.flush()
                self.assertEqual(self.shown(), expected)


class OrderTest(FlushedLateCase):
    def test_a_report_that_was_saved_while_it_ran_gives_way_to_the_later_end(self):
        self.assert_end((junit("f"), junit("p", seconds=9.5)), ("Passed", "10:00:00", 9))
        self.assert_end((junit("p"), junit("f", seconds=9.5)), ("Failed", "10:00:00", 9))

    def test_an_end_that_is_later_counts_also_where_the_word_is_the_same(self):
        """Else what ended between the two would be taken for the later word."""
        words = junit("p"), junit("f", seconds=5.5), junit("p", seconds=9.5)
        for order in permutations(words):
            with self.subTest(order=order):
                self.sandbox = self.start_sandbox()
                for report in order:
                    self.send(report)
                self.assertEqual(self.shown(), ("Passed", "10:00:00", 9))

    def test_a_later_end_that_cannot_be_written_costs_no_result(self):
        self.sandbox = self.start_sandbox("--faults", self.write("rules.json", json.dumps(
            [{"method": "PUT", "path": "*/auto-test-logs/*", "action": {"status": 403, "body": "not yours"}}])))
        self.send(junit("p"))
        out = self.send(junit("p", seconds=9.5)).out
        self.assertIn("read 1 = confirmed 0 + present 1", out)
        self.assertIn("a test log shows the right status, but not the latest time", out)

    def test_a_failure_on_a_tie_is_not_lost(self):
        self.assert_end((junit("f"), junit("p")), ("Failed", "10:00:00", 1))

    def test_of_two_attempts_the_worse_counts(self):
        self.assert_end((junit("f"), junit("p", "10:20:00")), ("Failed", "10:00:00", 1))
        self.assert_end((junit("p"), junit("f", "10:20:00")), ("Failed", "10:20:00", 1))

    def test_of_two_attempts_the_last_counts_where_that_was_asked_for(self):
        self.assert_end((junit("f"), junit("p", "10:20:00")), ("Passed", "10:20:00", 1), "--repeats=last")


class EntryTest(FlushedLateCase):
    def test_what_is_in_already_is_found_present(self):
        self.keep(junit("f"))
        self.send(junit("f"))
        self.assertIn("read 1 = confirmed 0 + present 1", self.flush().out)

    def test_an_entry_is_named_by_the_start_of_its_upload(self):
        """It may have tried for minutes while a later one was made."""
        report = self.write("report.xml", junit("f"))
        self.sandbox.stop()
        self.assert_exit(self.at_site("upload", "--timeout", "2s", report), 5)
        [path] = self.folder.rglob("*.spool")
        named = datetime.strptime(path.name[:17] + "000Z", "%Y%m%d%H%M%S%fZ").replace(tzinfo=timezone.utc)
        self.assertGreater(os.stat(path).st_mtime - named.timestamp(), 1.5)


if __name__ == "__main__":
    unittest.main()
