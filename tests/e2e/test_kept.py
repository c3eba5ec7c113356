"""What is not in qTest is kept on disk, whatever came in between, and is called kept and nothing else."""
import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time
import unittest

from harness import BUILD, SAMPLES, FolderCase, SandboxCase, clean_env

NIGHTLY = SAMPLES / "testproject-nightly.json"
RESULTS = 12
WAIT_SECONDS = 60


class Stranger:
    """A listener that answers every request with the same bytes, or with None never."""

    def __init__(self, answer):
        self.answer, self.calls = answer, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.asked = threading.Event()
        self.open = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            data = b""
            while b"\r\n\r\n" not in data and (more := peer.recv(65536)):
                data += more
            self.calls += data != b""
            self.asked.set()
            if self.answer is None:
                self.open.append(peer)
                continue
            peer.sendall(self.answer)
            peer.close()

    def close(self):
        self.listener.close()
        for peer in self.open:
            peer.close()


def http(status, body=b"", *headers):
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def default_signals():
    """In the child: whoever runs the tests may ignore them, as nohup and a shell's background do."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class KeptCase(FolderCase):
    def stranger(self, answer):
        site = Stranger(answer)
        self.addCleanup(site.close)
        return site

    def env(self, url, project="Web Shop"):
        return {"QTEST_URL": url, "QTEST_PROJECT": project, "QTEST_TOKEN": "t",
                "QTEST_STATE_DIR": str(self.folder / "state")}

    def start(self, env, *words, preexec_fn=default_signals, **options):
        command = [str(word) for word in (BUILD / "qtest-sync", *words)]
        return subprocess.Popen(command, env=clean_env(self.folder, env), cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, preexec_fn=preexec_fn, **options)

    def entries(self):
        return sorted(path.name for path in (self.folder / "state" / "spool").glob("*.spool"))

    def assert_kept(self, outcome, entries=1):
        sums = [outcome[name] for name in ("status", "read", "refused", "spooled")]
        self.assertEqual(sums, ["spooled", RESULTS, 0, RESULTS], outcome)
        self.assertEqual(len(self.entries()), entries)


class OtherVersionTest(KeptCase):
    """What another version kept is named, with what to do, and neither sent nor deleted."""

    NAME = "20220704214012940-0-0123456789abcdef.spool"

    def test_it_is_named_and_left(self):
        spool = self.folder / "state" / "spool"
        spool.mkdir(parents=True, mode=0o700)
        spool.parent.chmod(0o700)
        for version, advice in (("1", "upload its report again, then delete the file"), ("3", "a newer qtest-sync")):
            (spool / self.NAME).write_bytes(f"qtest-sync spool {version}\n".encode() + bytes(100))
            (spool / self.NAME).chmod(0o600)
            for words in ((), ("--list",), ("--output=json",), ("--list", "--output=json"),
                          ("--spool-max-age=1d", "--spool-max-size=1")):
                with self.subTest(version=version, words=words):
                    site = self.stranger(None)
                    result = self.sync("flush", *words, env=self.env(site.url))
                    self.assert_exit(result, 0)
                    self.assertEqual((result.out + result.err).count(advice), 1, result)
                    self.assertIn(str(spool / self.NAME), result.out + result.err)
                    self.assertEqual((site.calls, self.entries()), (0, [self.NAME]))


class SignalTest(KeptCase):
    def signalled(self, site, number, **options):
        process = self.start(self.env(site.url), "upload", NIGHTLY, "--output", "json", **options)
        self.assertTrue(site.asked.wait(WAIT_SECONDS))
        time.sleep(0.1)
        process.send_signal(number)
        return process

    def test_before_the_project_is_known_everything_is_kept(self):
        for name, answer in (("hangs", None), ("fails", http(503, b"{}"))):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                with self.subTest(name, signal=number.name):
                    before = len(self.entries())
                    process = self.signalled(self.stranger(answer), number)
                    out, _ = process.communicate(timeout=WAIT_SECONDS)
                    self.assertEqual(process.returncode, 128 + number)
                    self.assert_kept(json.loads(out), before + 1)

    def test_what_was_ignored_at_the_start_stays_ignored(self):
        for number in (signal.SIGHUP, signal.SIGINT):
            process = self.signalled(self.stranger(None), number,
                                     preexec_fn=lambda number=number: signal.signal(number, signal.SIG_IGN))
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(0.5)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=WAIT_SECONDS)
            self.assertEqual(process.returncode, 128 + signal.SIGTERM)


class AnsweredByAStrangerTest(KeptCase):
    """The first call reaches something that is not qTest, or not itself: nothing is said against the results."""

    def upload(self, site):
        result = self.sync("upload", NIGHTLY, "--timeout", "2s", "--output", "json", env=self.env(site.url))
        return result, result.json()

    def test_an_answer_that_may_pass_keeps_everything(self):
        answers = (("login", http(302, b"", "Location: https://login.example/")),
                   ("proxy", http(407, b"<html>", "Content-Type: text/html")), ("empty", http(204)),
                   ("cut", http(200, b'[{"id":1,', "Content-Type: application/json")),
                   ("bad", http(400, b"{}")), ("away", http(503, b"{}")))
        for number, (name, answer) in enumerate(answers):
            with self.subTest(name):
                result, outcome = self.upload(self.stranger(answer))
                self.assert_exit(result, 5)
                self.assert_kept(outcome, number + 1)

    def test_an_expired_token_keeps_everything(self):
        result, outcome = self.upload(self.stranger(http(401, b"{}")))
        self.assert_exit(result, 4)
        self.assert_one_sentence(result, "token", "expired")
        self.assert_kept(outcome)

    def test_a_project_that_is_not_there_keeps_nothing_and_is_a_refusal(self):
        result, outcome = self.upload(self.stranger(http(200, b"[]", "Content-Type: application/json")))
        self.assert_exit(result, 4)
        self.assertEqual((outcome["status"], outcome["refused"], self.entries()), ("failed", RESULTS, []))

    def test_what_cannot_be_kept_is_not_called_refused(self):
        (self.folder / "state").write_text("no folder")
        site = self.stranger(http(503, b"{}"))
        words = ["upload", NIGHTLY, "--timeout", "1s"]
        result = self.sync(*words, env=self.env(site.url))
        self.assert_exit(result, 5)
        self.assertIn("read 12 = confirmed 0 + present 0 + refused 0 + spooled 0 + skipped 0 + unsent 12", result.out)
        outcome = self.sync(*words, "--output", "json", env=self.env(site.url)).json()
        self.assertEqual([outcome[name] for name in ("status", "read", "refused", "spooled", "unsent")],
                         ["failed", RESULTS, 0, 0, RESULTS])


class LockTest(KeptCase):
    """Another process of this machine uploads the same and does not come to an end."""

    def setUp(self):
        super().setUp()
        self.site = self.stranger(None)
        self.first = self.start(self.env(self.site.url), "upload", NIGHTLY)
        self.addCleanup(self.end_first)
        self.assertTrue(self.site.asked.wait(WAIT_SECONDS))

    def end_first(self):
        self.first.kill()
        self.first.communicate()

    def test_the_wait_is_part_of_the_time_budget_and_then_everything_is_kept(self):
        began = time.monotonic()
        result = self.sync("upload", NIGHTLY, "--timeout", "1s", "--output", "json", env=self.env(self.site.url))
        self.assert_exit(result, 5)
        self.assertIn("still uploading the same", result.err)
        self.assert_kept(result.json())
        self.assertLess(time.monotonic() - began, WAIT_SECONDS)

    def test_a_signal_ends_the_wait_and_everything_is_kept(self):
        second = self.start(self.env(self.site.url), "upload", NIGHTLY, "--output", "json")
        self.assertIn(b"waiting for another", second.stderr.readline())
        second.send_signal(signal.SIGTERM)
        out, _ = second.communicate(timeout=WAIT_SECONDS)
        self.assertEqual(second.returncode, 128 + signal.SIGTERM)
        self.assert_kept(json.loads(out))

    def test_an_upload_to_another_project_does_not_wait(self):
        result = self.sync("upload", NIGHTLY, "--timeout", "1s", env=self.env(self.site.url, "Archive"))
        self.assertNotIn("another qtest-sync", result.err)
        self.assertEqual(self.site.calls, 2)


class FileSizeLimitTest(KeptCase):
    def test_a_spool_that_cannot_be_written_is_told_and_leaves_no_part(self):
        """ulimit -f: the write fails, and the process goes on to say so."""
        site = self.stranger(http(503, b"{}"))
        process = self.start(self.env(site.url), "upload", NIGHTLY, "--timeout", "1s",
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)))
        out, err = process.communicate(timeout=WAIT_SECONDS)
        self.assertEqual(process.returncode, 5, err)
        self.assertIn(b"File too large", out)
        self.assertIn(b"unsent 12", out)
        self.assertEqual(list((self.folder / "state" / "spool").iterdir()), [])


class ClosedDescriptorsTest(KeptCase):
    """Nothing that the process opens may become its standard output or its talk."""

    def test_descriptors_that_are_closed_at_the_start_are_taken_by_nothing_else(self):
        for closed in ((0,), (1,), (2,), (1, 2), (0, 1, 2)):
            with self.subTest(closed=closed):
                site = self.stranger(None)
                command = [str(BUILD / "qtest-sync"), "upload", str(NIGHTLY), "-vv"]
                process = subprocess.Popen(command, env=clean_env(self.folder, self.env(site.url)), cwd=self.folder,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL,
                                           preexec_fn=lambda closed=closed: [os.close(number) for number in closed])
                self.addCleanup(lambda process=process: (process.kill(), process.wait()))
                self.assertTrue(site.asked.wait(WAIT_SECONDS))
                if not os.access(f"/proc/{process.pid}/fd", os.R_OK):
                    self.skipTest("the process hides its descriptors (PR_SET_DUMPABLE); root sees them")
                self.assertEqual([os.readlink(f"/proc/{process.pid}/fd/{number}") for number in closed],
                                 ["/"] * len(closed))
                process.kill()
                process.wait()

    def test_they_still_fail(self):
        script = f"'{BUILD}/qtest-sync' --version >&-; echo $?; '{BUILD}/qtest-sync' inspect - <&-; echo $?"
        result = self.run_program(["sh", "-c", script])
        self.assertEqual(result.out, "70\n3\n")
        self.assertEqual(result.err.count("Bad file descriptor"), 2, result)


class NoSpoolTest(KeptCase):
    def test_a_spool_that_cannot_be_had_is_not_an_empty_one(self):
        result = self.sync("flush", "--list", env={"HOME": ""})
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "set --state-dir or HOME")
        (self.folder / "state").mkdir()
        (self.folder / "state" / "spool").symlink_to("/nowhere/at/all")
        result = self.sync("flush", "--list", "--state-dir", self.folder / "state")
        self.assert_exit(result, 3)
        self.assert_one_sentence(result, str(self.folder / "state" / "spool"), "is no folder of this user")


class FlushTest(KeptCase):
    """Three entries, and a site that takes none of them."""

    def setUp(self):
        super().setUp()
        self.site = self.stranger(http(302, b"", "Location: https://login.example/"))
        for name in ("testproject-nightly.json", "surefire.xml", "pytest.xml"):
            self.assert_exit(self.sync("upload", SAMPLES / name, env=self.env(self.site.url)), 5)
        self.before = self.entries()
        self.assertEqual(len(self.before), 3)
        self.site.calls = 0
        self.site.asked.clear()

    def assert_only_the_first_was_tried(self, outcomes):
        self.assertEqual(self.site.calls, 1)
        first, *others = self.before
        self.assertEqual(self.entries(), sorted([first.replace("-0-", "-1-", 1), *others]))
        self.assertEqual([(each["entry"], each["outcome"]["status"]) for each in outcomes],
                         list(zip([first.replace("-0-", "-1-", 1), *others], ["spooled"] * 3)))
        self.assertEqual([each["outcome"]["read"] for each in outcomes],
                         [each["outcome"]["spooled"] for each in outcomes])

    def flush(self, answer, code):
        self.site.answer = answer
        result = self.sync("flush", "--output", "json", env=self.env(self.site.url))
        self.assert_exit(result, code)
        self.assertEqual(len(result.err.splitlines()), 1, result)
        self.assert_only_the_first_was_tried(result.json())

    def test_a_site_that_is_away_is_asked_once(self):
        self.flush(http(302, b"", "Location: https://login.example/"), 5)

    def test_a_wrong_token_is_tried_once(self):
        self.flush(http(401, b"{}"), 4)

    def test_a_signal_ends_all_of_it(self):
        self.site.answer = None
        process = self.start(self.env(self.site.url), "flush", "--output", "json")
        self.assertTrue(self.site.asked.wait(WAIT_SECONDS))
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=WAIT_SECONDS)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.assert_only_the_first_was_tried(json.loads(out))

    def test_a_project_that_is_gone_does_not_stop_the_others(self):
        self.site.answer = http(404, b"{}", "Content-Type: application/json")
        self.assert_exit(self.sync("flush", env=self.env(self.site.url)), 4)
        self.assertEqual(self.site.calls, 3)


class FlushRefusedTest(SandboxCase):
    """The spool's copy is often the only one: what qTest refuses of it is not thrown away."""

    def test_what_qtest_refuses_can_be_sent_again(self):
        expired = [{"method": "POST", "path": "*/auto-test-logs*", "to": 1, "action": {"status": 401, "body": "{}"}}]
        self.sandbox = self.start_sandbox("--set", "status-words=PASS=Passed,FAIL=Failed", "--faults",
                                          self.write("faults.json", json.dumps(expired)))
        report = self.write("r.xml", '<testsuite name="s"><testcase name="a"/><testcase name="b"><skipped/></testcase>'
                                     '</testsuite>')
        env = {"QTEST_STATE_DIR": str(self.folder / "state")}
        self.assert_exit(self.at_site("upload", report, env=env), 4)
        spool = self.folder / "state" / "spool"
        for confirmed in ("confirmed 1 + present 0", "confirmed 0 + present 1"):
            flushed = self.at_site("flush", env=env)
            self.assert_exit(flushed, 1)
            self.assertIn(f"{confirmed} + refused 1", flushed.out)
            [aside] = spool.glob("*.spool.refused")
            self.assertIn(str(aside), flushed.out)
            self.assertEqual(list(spool.glob("*.spool")), [])
            aside.rename(aside.with_suffix(""))


if __name__ == "__main__":
    unittest.main()
