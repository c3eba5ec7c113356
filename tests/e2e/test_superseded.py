"""An older report that was kept never turns back what a newer one of the same execution says in qTest."""
import fcntl
import os
import unittest
from datetime import datetime, timezone

from harness import SandboxCase

EXPIRED = {"QTEST_TOKEN": "expired"}
WORD = {"p": "", "P": "", "f": '<failure message="boom"/>', "e": '<error message="boom"/>'}


def junit(**statuses):
    """The same execution at different times: the statuses differ, and with a large letter the test has gone on."""
    cases = "".join(f'<testcase classname="c" name="{name}" time="{9.5 if status.isupper() else 1.5}">{WORD[status]}'
                    "</testcase>"
                    for name, status in statuses.items())
    return ('<testsuites name="nightly"><testsuite name="s" timestamp="2026-01-05T10:00:00Z">'
            f"{cases}</testsuite></testsuites>")


class SupersededCase(SandboxCase):
    def send(self, *words, code=0, execution="E1", env=None, **statuses):
        report = self.write("report.xml", junit(**statuses))
        return self.upload("--execution-id", execution, "--settle", "3s", *words, report, code=code, env=env)

    def keep(self, *words, env=None, **statuses):
        """Uploads with a token that the site refuses; the name of the entry that this leaves in the spool."""
        before = self.entries()
        self.send(*words, code=4, env={**(env or {}), **EXPIRED}, **statuses)
        [name] = set(self.entries()) - set(before)
        return name

    def flush(self, *words, code=0):
        result = self.at_site("flush", "--settle", "3s", *words)
        self.assert_exit(result, code)
        return result

    def spool(self):
        [folder] = self.folder.rglob("spool")
        return folder

    def entries(self, ending="spool"):
        return sorted(path.name for path in self.folder.rglob(f"*.{ending}"))

    def rename(self, name, time):
        """As if it had been made at another time."""
        new = time + name[len(time):]
        (self.spool() / name).rename(self.spool() / new)
        return new

    def hold(self, name):
        """As another flush that is sending it."""
        fd = os.open(self.spool() / name, os.O_RDONLY)
        fcntl.flock(fd, fcntl.LOCK_EX)
        return fd

    def shown(self):
        return {run: [log["status"]["name"] for log in logs] for suites in self.sandbox.execution_tree().values()
                for runs in suites.values() for run, logs in runs.items()}

    def assert_set_aside(self, result, name, results):
        self.assertEqual(self.entries("superseded"), [f"{name}.superseded"])
        self.assertIn(f"{results} of 'nightly' that an earlier upload kept will not be sent", result.out)
        self.assertIn("a later report of the same execution says otherwise and is in qTest", result.out)
        self.assertIn(f"set aside as '{self.spool()}/{name}.superseded'", result.out)


class UploadTest(SupersededCase):
    def test_what_the_newer_report_contradicts_is_set_aside_and_named(self):
        name = self.keep(a="f", b="p")
        self.assert_set_aside(self.send(a="p", b="p", c="p"), name, "2 results")
        self.assertEqual(self.entries(), [])
        self.assertIn("holds nothing for this site", self.flush().out)
        self.assertEqual(self.shown(), {"a": ["Passed"], "b": ["Passed"], "c": ["Passed"]})

    def test_the_project_may_have_been_known_by_its_id_then(self):
        name = self.keep(a="f", env={"QTEST_PROJECT": str(self.sandbox.project)})
        self.assert_set_aside(self.send(a="p"), name, "1 result")

    def test_an_entry_that_agrees_is_left_and_found_present(self):
        name = self.keep(a="f", b="e")
        self.assertNotIn("warning", self.send(a="f", b="f").out)
        self.assertEqual(self.entries(), [name])
        self.assertIn("read 2 = confirmed 0 + present 2", self.flush().out)
        self.assertEqual((self.entries(), self.entries("superseded")), ([], []))

    def assert_left(self, name, **words):
        self.assertNotIn("warning", self.send(a="p", b="p", **words).out)
        self.assertEqual((self.entries(), self.entries("superseded")), ([name], []))

    def test_an_entry_with_one_result_more_is_left(self):
        self.assert_left(self.keep(a="f", b="p", c="p"))

    def test_an_entry_of_another_execution_is_left(self):
        self.assert_left(self.keep(a="f", b="p"), execution="E2")

    def test_an_entry_of_another_project_is_left(self):
        self.assert_left(self.keep(a="f", b="p", env={"QTEST_PROJECT": "Archive"}))

    def test_an_entry_that_is_newer_than_the_start_of_the_upload_is_left(self):
        self.assert_left(self.rename(self.keep(a="f", b="f"), "2999"))

    def test_a_newer_entry_goes_in_after_the_older_upload(self):
        self.send(a="f", b="p")
        self.keep(a="P", b="p")
        self.flush()
        self.assertEqual((self.entries(), self.entries("superseded")), ([], []))
        self.assertEqual(self.shown(), {"a": ["Passed"], "b": ["Passed"]})

    def test_a_plan_sets_nothing_aside(self):
        name = self.keep(a="f")
        report = self.write("report.xml", junit(a="p"))
        self.assert_exit(self.at_site("plan", "--execution-id", "E1", report), 0)
        self.assertEqual(self.entries(), [name])

    def test_an_upload_that_went_nowhere_supersedes_nothing(self):
        name = self.keep(a="f")
        self.send("--project", "Nowhere", a="p", code=4)
        self.assertEqual(self.entries(), [name])

    def test_one_that_is_being_sent_meanwhile_is_left_and_named(self):
        name = self.keep(a="f")
        fd = self.hold(name)
        result = self.send(a="p")
        os.close(fd)
        self.assertIn(f"'{self.spool()}/{name}' is in the hands of another process", result.out)
        self.assertIn("upload that one again", result.out)
        self.assertEqual(self.entries(), [name])

    def test_a_damaged_entry_is_for_flush_to_tell(self):
        name = self.keep(a="f")
        (self.spool() / name).write_bytes(b"qtest-sync spool 2\n")
        self.assertNotIn("warning", self.send(a="p").out)
        self.assertEqual(self.entries(), [name])


class FlushTest(SupersededCase):
    def test_an_older_entry_that_could_not_go_in_is_set_aside_by_the_newer(self):
        older = self.keep("--cycle", "CL-999", a="f")
        self.keep(a="p")
        result = self.flush(code=4)
        self.assert_set_aside(result, older.replace("-0-", "-1-", 1), "1 result")
        self.assertEqual(self.entries(), [])
        self.assertEqual(self.shown(), {"a": ["Passed"]})

    def test_a_newer_entry_does_not_overtake_one_in_other_hands(self):
        older, newer = self.keep(a="f"), self.keep(a="P", b="p")
        other = self.keep(execution="E2", c="p")
        fd = self.hold(older)
        result = self.flush()
        os.close(fd)
        self.assertIn(f"'{self.spool()}/{older}' is in the hands of another process", result.err)
        self.assertIn(f"not tried before '{older}' of the same execution, which is in the hands of", result.out)
        self.assertEqual(self.entries(), [older, newer])
        self.assertEqual(self.shown(), {"c": ["Passed"]}, other)
        self.flush()
        self.assertEqual((self.entries(), self.shown()), ([], {name: ["Passed"] for name in "abc"}))

    def test_one_that_waits_is_no_failure_in_json(self):
        older, newer = self.keep(a="f"), self.keep(a="p")
        fd = self.hold(older)
        [outcome] = self.flush("--output", "json").json()
        os.close(fd)
        self.assertEqual((outcome["entry"], outcome["outcome"]["status"]), (newer, "spooled"))
        self.assertIn(older, outcome["outcome"]["problems"][0]["message"])


class OrderTest(SupersededCase):
    def test_an_entry_is_named_by_the_start_of_its_upload(self):
        """It may have tried for minutes while a later one was made."""
        report = self.write("report.xml", junit(a="f"))
        self.sandbox.stop()
        self.assert_exit(self.at_site("upload", "--timeout", "2s", report), 5)
        [name] = self.entries()
        named = datetime.strptime(name[:17] + "000Z", "%Y%m%d%H%M%S%fZ").replace(tzinfo=timezone.utc)
        self.assertGreater(os.stat(self.spool() / name).st_mtime - named.timestamp(), 1.5)


if __name__ == "__main__":
    unittest.main()
