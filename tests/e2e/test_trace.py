"""--trace: every request and answer, without any secret, in a new file of the user's own; and -vv."""
import json
import os
import resource
import signal
import stat
import subprocess
import time
import unittest

from harness import BUILD, SAMPLES, SandboxCase, clean_env

CANARY = "c4nary+t0ken/with=signs"
PROXY_PASSWORD = "pr0xy-canary-w0rd"
LINK_PASSWORD = "l1nk-canary"
SUBMISSION = "*/test-runs/0/auto-test-logs*"
REPORT = f"""<testsuites name="t"><testsuite name="s" timestamp="2024-05-01T10:00:00">
<testcase classname="a.A" name="one" time="1"><failure message="got {CANARY}">curl -H 'bearer {CANARY}'
https://bob:{LINK_PASSWORD}@shop.example/ {PROXY_PASSWORD}</failure></testcase>
<testcase classname="a.A" name="two of {CANARY}" time="1"/></testsuite></testsuites>"""


class TraceCase(SandboxCase):
    def setUp(self):
        super().setUp()
        self.trace = self.folder / "trace.jsonl"

    def lines(self):
        return [json.loads(line) for line in self.trace.read_text().splitlines()]

    def calls(self):
        return [line for line in self.lines() if "method" in line]

    def restart_with(self, *rules, **words):
        self.sandbox.stop()
        self.sandbox = self.start_sandbox("--faults", self.write("faults.json", json.dumps(rules)), **words)


class WrittenTest(TraceCase):
    def test_each_request_stands_in_it_as_in_the_log_of_the_site(self):
        self.upload(SAMPLES / "pytest.xml", "--trace", self.trace)
        lines, logged = self.calls(), self.sandbox.requests()
        self.assertEqual(len(lines), len(logged))
        for wanted in logged: # answers come in another order than requests
            mine = next(line for line in lines if all(line[name] == wanted[name] for name in (
                "method", "target", "status", "request", "response")))
            self.assertGreaterEqual(mine["ms"], 0)
            lines.remove(mine)
        stages = [line["stage"] for line in sorted(self.calls(), key=lambda line: line["sent_step"])]
        self.assertEqual((stages[0], stages[-1]), ("project", "unclaim"))
        self.assertEqual(stat.S_IMODE(os.stat(self.trace).st_mode), 0o600)

    def test_the_first_and_the_last_line_frame_it(self):
        self.upload(SAMPLES / "pytest.xml", "--trace", self.trace)
        first, last = self.lines()[0], self.lines()[-1]
        self.assertEqual(first["settings"]["project"], "Web Shop")
        self.assertEqual(first["settings"]["token"], "(hidden)")
        self.assertRegex(first["seed"], "^[0-9a-f]{16}$")
        self.assertGreater(first["engine"]["wall_ms"], first["began_ms"])
        self.assertEqual(sum("result" in line for line in self.lines()), 6)
        self.assertEqual((last["end"], last["exit"], last["read"], last["confirmed"]), ("done", 0, 6, 6))

    def test_what_went_wrong_on_the_way_is_told_as_such(self):
        self.restart_with({"method": "GET", "nth": 1, "action": {"close": "before", "reset": True}},
                          {"method": "POST", "path": SUBMISSION, "nth": 1, "action": {"delay_ms": 6000}})
        self.upload(SAMPLES / "pytest.xml", "--trace", self.trace, "--request-timeout=2", "--settle=1")
        lost = [line for line in self.calls() if line["status"] == 0]
        self.assertEqual([(line["failure"], line["method"], line["attempt"]) for line in lost],
                         [("lost", "GET", 1), ("lost", "POST", 1)])
        self.assertIn("timed out", lost[1]["problem"])
        again = [line for line in self.calls() if line["call"] == lost[0]["call"]]
        self.assertEqual([(line["attempt"], line["status"]) for line in again], [(1, 0), (2, 200)])
        self.assertTrue(any(line.get("wait", "").startswith("qTest to settle") for line in self.lines()))

    def test_plan_and_flush_have_one_too(self):
        self.at_site("plan", SAMPLES / "pytest.xml", "--trace", self.trace)
        self.assertEqual(self.lines()[-1]["end"], "planned")
        self.sandbox.stop()
        self.upload(SAMPLES / "pytest.xml", "--timeout=1", "--trace", self.folder / "away.jsonl", code=5)
        line = json.loads((self.folder / "away.jsonl").read_text().splitlines()[8])
        self.assertEqual((line["status"], line["failure"]), (0, "not sent"))
        self.trace = self.folder / "flush.jsonl"
        self.at_site("flush", "--timeout=1", "--trace", self.trace)
        self.assertEqual((self.lines()[0]["trace"], self.lines()[-1]["exit"]), (1, 5))


class SecretsTest(TraceCase):
    def test_no_secret_stands_in_it_anywhere(self):
        self.restart_with({"method": "POST", "path": SUBMISSION, "nth": 1,
                           "action": {"status": 502, "body": f"Authorization: bearer {CANARY} "
                                                             f"https://me:{LINK_PASSWORD}@gateway.example/"}},
                          {"method": "GET", "path": "*/modules*", "action": {"status": 500, "body": {"message": CANARY}}, "nth": 1},
                          token=CANARY)
        self.upload(self.write("r.xml", REPORT), "--trace", self.trace, "--settle=1",
                    env={"QTEST_PROXY": f"http://me:{PROXY_PASSWORD}@localhost:9",
                         "BUILD_TAG": "j-1", "BUILD_URL": f"https://me:{LINK_PASSWORD}@ci.example/7"})
        text = self.trace.read_text()
        records = [bytes.fromhex(line["record"]).decode("latin-1") for line in self.lines() if "record" in line]
        self.assertEqual(len(records), 2)
        for secret in (CANARY, CANARY.replace("/", "\\/"), PROXY_PASSWORD, LINK_PASSWORD):
            self.assertNotIn(secret, text)
            self.assertNotIn(secret, "".join(records))
        self.assertIn("bearer " + "*" * len(CANARY), text)
        self.assertIn("got " + "*" * len(CANARY), records[0])
        self.assertNotIn("uthorization\"", text)


class ReplayTest(TraceCase):
    """What happened at a site happens again without it (tests/replay)."""

    def replay(self, code=0):
        result = self.run_program([BUILD / "replay", self.trace])
        self.assert_exit(result, code)
        return result.out

    def assert_same(self, result):
        """The same calls and the same end as the upload, by its own words."""
        told, said = self.replay(), result.json()
        self.assertEqual(told.count("the same end"), 1, told)
        counts = " + ".join(f"{name} {said[name]}" for name in ("confirmed", "present", "refused", "spooled", "skipped"))
        self.assertIn(f"{said['requests']} requests as recorded", told)
        self.assertIn(f"read {said['read']} = {counts}", told)
        self.assertIn(f"exit {result.code},", told)

    def upload_traced(self, *words, code=0, **more):
        return self.upload(*(words or (SAMPLES / "pytest.xml",)), "--output=json", "--trace", self.trace,
                           "--settle=1", code=code, **more)

    def test_an_upload_whose_answer_was_lost(self):
        self.restart_with({"method": "POST", "path": SUBMISSION, "nth": 1, "action": {"close": "after"}})
        self.assert_same(self.upload_traced())

    def test_every_kind_of_trouble(self):
        rules = [(SUBMISSION, {"status": 502, "html": True, "after_work": True}), (SUBMISSION, {"half_body": True}),
                 (SUBMISSION, {"status": 400, "body": {"message": "no"}}), (SUBMISSION, {"html": True}),
                 ("*/search*", {"status": 429, "headers": {"Retry-After": "1"}}), ("*/search*", {"status": 503}),
                 ("*/test-cycles*", {"close": "before", "reset": True})]
        for number, (path, action) in enumerate(rules):
            with self.subTest(action=action, path=path):
                self.trace = self.folder / f"{number}.jsonl"
                self.restart_with({"method": "POST", "path": path, "nth": 1, "action": action})
                self.assert_same(self.at_site("upload", SAMPLES / "testproject-nightly.json", "--output=json",
                                              "--trace", self.trace, "--settle=1", "--timeout=20"))

    def test_what_an_earlier_run_left(self):
        self.restart_with({"method": "POST", "path": SUBMISSION, "nth": 1, "action": {"close": "before"}})
        self.upload(SAMPLES / "pytest.xml", "--timeout=1", "--settle=60", code=5)
        result = self.upload_traced()
        self.assertTrue(self.lines()[0]["memory"]["sent"])
        self.assert_same(result)

    def test_a_signal(self):
        self.restart_with({"method": "POST", "path": SUBMISSION, "nth": 1, "action": {"delay_ms": 1000}})
        process = subprocess.Popen([BUILD / "qtest-sync", "upload", SAMPLES / "pytest.xml", "--trace", self.trace],
                                   env=clean_env(self.folder, self.site_env()), cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not any("auto-test-logs" in request["target"] for request in self.sandbox.requests()):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 143)
        self.assertEqual(self.lines()[-1]["ended_by"], signal.SIGTERM)
        self.assertIn("exit 143,", self.replay())

    def test_several_executions_are_several_runs(self):
        for night in (1, 2):
            self.write(f"{night}.xml", f"""<testsuite name="s" timestamp="2024-05-0{night}T10:00:00"><testcase
classname="a.A" name="one" time="1"/></testsuite>""")
        self.upload_traced("1.xml", "2.xml", "--job=Nightly")
        self.assertEqual(self.replay().count("the same end"), 2)

    def test_secrets_that_are_stars_change_nothing(self):
        self.restart_with(token=CANARY)
        self.assert_same(self.upload_traced(self.write("r.xml", REPORT.replace("two of " + CANARY, "two")),
                                            env={"BUILD_TAG": "j-1", "BUILD_URL": f"https://me:{LINK_PASSWORD}@ci.example/7"}))

    def test_the_first_request_that_differs_is_shown(self):
        self.upload_traced()
        text = self.trace.read_text()
        self.trace.write_text(text.replace('"request":{"name":"pytest"}', '"request":{"name":"pythons"}'))
        told = self.replay(code=1)
        self.assertEqual(told.count("differs"), 1)
        self.assertRegex(told, r"recorded: call \d+: POST /api/v3/projects/\d+/test-cycles")
        self.assertIn('recorded: {"name":"pythons"}', told)
        self.assertIn('replayed: {"name":"pytest"}', told)
        self.trace.write_text(text.replace('"seed":"', '"seed":"f', 1))
        self.assertIn("qtest-sync claim", self.replay(code=1))

    def test_one_that_was_cut_short(self):
        self.upload_traced()
        lines = self.trace.read_text().splitlines(keepends=True)
        self.trace.write_text("".join(lines[:-4]))
        self.assertIn("the trace ends before the upload did", self.replay())
        self.trace.write_text("{}\n")
        self.assert_exit(self.run_program([BUILD / "replay", self.trace]), 2)


class FileTest(TraceCase):
    def assert_nothing_sent(self, *parts):
        result = self.at_site("upload", SAMPLES / "pytest.xml", "--trace", self.trace)
        self.assert_exit(result, 2)
        for part in parts:
            self.assertIn(part, result.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_what_is_there_is_not_touched(self):
        self.write("mine", "mine")
        self.trace.symlink_to(self.folder / "nowhere")
        self.assert_nothing_sent("is there already", "--trace")
        self.assertFalse((self.folder / "nowhere").exists())
        self.trace = self.folder / "mine"
        self.assert_nothing_sent("is there already")
        self.assertEqual(self.trace.read_text(), "mine")

    def test_one_that_cannot_be_made(self):
        self.trace = self.folder / "no" / "such" / "folder"
        self.assert_nothing_sent("cannot make the trace", "No such file")

    def test_a_report_that_is_none_leaves_no_empty_one(self):
        self.assert_exit(self.at_site("upload", self.write("bad.xml", "<x"), "--trace", self.trace), 3)
        self.assertFalse(self.trace.exists())

    def test_a_file_of_the_workspace_may_not_ask_for_it(self):
        self.write(".qtest-sync.json", json.dumps({"trace": str(self.trace)}))
        result = self.at_site("upload", SAMPLES / "pytest.xml")
        self.assert_exit(result, 2)
        self.assertIn("trace", result.err)
        self.assertFalse(self.trace.exists())

    def upload_with_room_for(self, size):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGXFSZ, signal.SIG_DFL)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            return self.at_site("upload", SAMPLES / "pytest.xml", "--output=json", "--trace", self.trace)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def test_a_disk_that_fills_costs_no_result(self):
        result = self.upload_with_room_for(8000)
        self.assert_exit(result, 0)
        self.assertEqual(result.json()["confirmed"], 6)
        self.assertEqual([problem["message"].partition(":")[0] for problem in result.json()["problems"]],
                         [f"the trace '{self.trace}' is not whole"])
        self.assertGreater(len(self.calls()), 1) # whole lines

    def test_one_that_is_full_at_once_sends_nothing(self):
        result = self.upload_with_room_for(500)
        self.assert_exit(result, 2)
        self.assertIn("nothing was sent", result.err)
        self.assertEqual(self.sandbox.requests(), [])


class SaidTest(TraceCase):
    def test_vv_says_each_call_and_each_wait(self):
        self.restart_with({"method": "POST", "path": SUBMISSION, "nth": 1, "action": {"close": "after"}})
        result = self.upload(SAMPLES / "pytest.xml", "-vv", "--settle=1")
        self.assertRegex(result.err, r"claim: call \d+: POST /api/v3/\S+/test-suites\S*: 200 \(\d+ bytes\) after \d+ ms\n")
        self.assertRegex(result.err, r"submit: call \d+: POST /api/v3.1/\S+ \(\d+ bytes\)\n")
        self.assertRegex(result.err, r"submit: call \d+: POST \S+: connection to '\S+' lost: .* after \d+ ms\n")
        self.assertRegex(result.err, r"observe: waiting \d+ ms for qTest to settle after an unclear answer\n")
        self.assertNotIn("call", self.upload(SAMPLES / "pytest.xml", "-v").err)


if __name__ == "__main__":
    unittest.main()
