"""Several executions in one command: one after the other, oldest first, each as if it were uploaded alone."""
import json
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import BUILD, SAMPLES, SandboxCase, clean_env, is_write  # noqa: E402

NIGHTLY = SAMPLES / "testproject-nightly.json"
DAYS = range(1, 6)
WAIT_SECONDS = 60


def junit(day, results="pf", clock="07:00"):
    """A test for each letter: p passed, f failed. day None: no time at all."""
    stamp = f' timestamp="2026-03-{day:02d}T{clock}:00Z"' if day else ""
    cases = "".join(f'<testcase name="test {i}" classname="Grid" time="0.5">{"<failure/>" * (result == "f")}</testcase>'
                    for i, result in enumerate(results))
    return f'<testsuite name="Grid"{stamp}>{cases}</testsuite>'


def is_submission(request):
    return is_write(request) and "auto-test-logs" in request["target"]


def day_of(log):
    return int(log["exe_start_date"][8:10])


class ExecutionsCase(SandboxCase):
    def runs(self):
        return {(suite, run): logs for suites in self.sandbox.execution_tree().values()
                for suite, runs in suites.items() for run, logs in runs.items()}

    def days(self):
        """The nights of each run's logs, in the order in which they came in."""
        return {run: [day_of(log) for log in sorted(logs, key=lambda log: log["id"])] for run, logs in self.runs().items()}

    def nights(self, *days, results="pf"):
        return [self.write(f"night-{day}.xml", junit(day, results)) for day in days]

    def assert_present(self, *arguments):
        before = self.days()
        requests = self.new_requests(lambda: self.assertIn("confirmed 0 + present", self.upload(*arguments).out))
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])
        self.assertEqual(self.days(), before)

    def entries(self):
        return sorted((self.folder / ".local" / "state" / "qtest-sync" / "spool").glob("*.spool"))


class NightsTest(ExecutionsCase):
    def test_five_nights_as_junit(self):
        for options in ((), ("--execution-id=nightly",)):
            with self.subTest(options=options):
                self.sandbox = self.start_sandbox()
                nights = self.nights(3, 1, 5, 4, 2)
                out = self.upload(*nights, "--job=Grid", *options).out
                self.assertIn("read 10 = confirmed 10 + present 0", out)
                self.assertEqual(out.count("test suite"), 1, out)
                days = self.days()
                self.assertEqual(len(days), 2)
                self.assertEqual(set(map(tuple, days.values())), {(1, 2, 3, 4, 5)})
                self.assert_present(*nights, "--job=Grid", *options)
                self.assert_present(nights[1], "--job=Grid", *options)

    def test_five_nights_in_one_file(self):
        text = f"<testsuites>{''.join(junit(day) for day in DAYS)}</testsuites>"
        self.upload(self.write("week.xml", text), "--job=Grid")
        self.assertEqual(set(map(tuple, self.days().values())), {(1, 2, 3, 4, 5)})
        self.assert_present(*self.nights(4), "--job=Grid")

    def test_five_nights_as_testproject_json(self):
        nights = []
        for day in (5, 2, 1, 4, 3):
            text = NIGHTLY.read_text().replace("2022-07-04T22:", f"2022-07-{day:02d}T07:").replace("Qm3vT8", f"Qm{day}vT8")
            nights.append(self.write(f"night-{day}.json", text))
        out = self.upload(*nights).out
        self.assertIn("read 60 = confirmed 60", out)
        days = self.days()
        self.assertEqual(set(map(tuple, days.values())), {(1, 2, 3, 4, 5)})
        self.assert_present(*nights)
        self.assert_present(nights[3])

    def test_two_ids_of_one_night(self):
        other = self.write("other.json", NIGHTLY.read_text().replace("Qm3vT8", "Qm9vT8"))
        self.upload(NIGHTLY, other)
        self.assertEqual({len(logs) for logs in self.runs().values()}, {2})
        self.assert_present(other, NIGHTLY)

    def test_tests_with_times_and_without_are_one_execution(self):
        timed, bare = self.write("timed.xml", junit(2, "pp")), self.write("bare.xml", junit(None, "fp"))
        out = self.upload(timed, bare, "--job=Grid").out
        self.assertIn("read 4 = confirmed 4", out)
        self.assertEqual({run: [(log["status"]["name"], day_of(log)) for log in logs] for (_, run), logs in self.runs().items()},
                         {"test 0": [("Failed", 2)], "test 1": [("Passed", 2)]})
        self.assert_present(timed, bare, "--job=Grid")
        self.assert_present(bare, "--job=Grid")
        self.assert_present(timed, "--job=Grid")

    def test_what_several_have_in_common_is_told_once(self):
        nights = self.nights(1, 2, results="pp")
        both = self.write("both.xml", junit(1, "fp", clock="07:30"))
        result = self.at_site("upload", "--output=json", *nights, both, "--job=Grid").json()
        shared = [problem for problem in result["problems"] if "share" in problem["message"]]
        self.assertEqual([problem["results"] for problem in shared], [2])
        self.assertEqual(result["read"], 6)
        self.assertEqual(sum(suite["results"] for suite in result["suites"]), 6)


class EarlierRunTest(ExecutionsCase):
    TOLD = "2 results are from an earlier run (2026-03-01 07:00 UTC), and in qTest already"

    def test_a_file_that_an_earlier_run_left_is_told(self):
        old, new = self.nights(1, 2)
        self.assertNotIn("earlier run", self.upload(old, "--job=Grid").out)
        self.assertIn(self.TOLD, self.at_site("plan", old, new, "--job=Grid").out)
        out = self.upload(old, new, "--job=Grid").out
        self.assertIn("read 4 = confirmed 2 + present 2", out)
        self.assertEqual(out.count(self.TOLD), 1, out)
        self.assertNotIn("earlier run", self.upload(old, new, "--job=Grid").out)

    def test_of_several_runs_all_that_is_in_is_told(self):
        nights = self.nights(1, 2, 3)
        self.upload(self.write("part.xml", junit(1, "p")), nights[1], "--job=Grid")
        self.assertIn("3 results are from earlier runs (the last of 2026-03-02 07:00 UTC), and in qTest already",
                      self.upload(*nights, "--job=Grid").out)

    def test_what_ran_the_same_hours_is_no_earlier_run(self):
        first = self.write("first.xml", junit(1))
        self.upload(first, "--job=Grid")
        second = self.write("second.xml", junit(1, clock="09:00"))
        self.assertNotIn("earlier run", self.upload(first, second, "--job=Grid").out)


class PlanTest(ExecutionsCase):
    def plan(self, *arguments):
        requests = self.new_requests(lambda: setattr(self, "out", self.at_site("plan", *arguments).out))
        self.assertEqual([request for request in requests if is_write(request)], [])
        return self.out

    def test_each_thing_once_and_the_sum_of_all(self):
        nights = self.nights(1, 2) + self.nights(3, results="pfp")
        out = self.plan(*nights, "--job=Grid")
        self.assertIn("read 7 = to add 7", out)
        for line, times in (("create test cycle", 1), ("create test suite", 1), ("create 3 test cases", 1), ("create module", 1),
                            ("add 7 test logs", 1), ("test case", 1)):
            self.assertEqual(out.count(line), times, f"{line}\n{out}")
        self.upload(*nights[1:], "--job=Grid")
        out = self.plan(*nights, "--job=Grid")
        self.assertIn("read 7 = to add 2 + present 5", out)
        self.assertEqual([line.strip() for line in out.splitlines() if line.startswith("  - ")],
                         [f"- add 2 test logs to test suite '{next(iter(self.runs()))[0]}'"])


class CutShortTest(ExecutionsCase):
    def test_killed_after_the_first(self):
        self.sandbox = self.start_sandbox("--latency-ms", "40")
        nights = self.nights(1, 2, 3)
        command = [BUILD / "qtest-sync", "upload", *nights, "--job=Grid", "--settle=2"]
        child = subprocess.Popen(list(map(str, command)), env=clean_env(self.folder, self.site_env()), cwd=self.folder,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + WAIT_SECONDS
        while not any(self.runs().values()) and time.monotonic() < end:
            time.sleep(0.01)
        child.kill()
        child.wait()
        self.assertLess(sum(map(len, self.runs().values())), 6)
        self.upload(*nights, "--job=Grid", "--settle=2")
        self.assertEqual(set(map(tuple, self.days().values())), {(1, 2, 3)})
        self.assert_present(*nights, "--job=Grid")

    def test_a_signal_keeps_what_is_left_an_entry_each(self):
        self.sandbox = self.start_sandbox("--latency-ms", "40")
        nights = self.nights(1, 2, 3)
        command = [BUILD / "qtest-sync", "upload", "--output=json", *nights, "--job=Grid", "--settle=2"]
        child = subprocess.Popen(list(map(str, command)), env=clean_env(self.folder, self.site_env()), cwd=self.folder,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        end = time.monotonic() + WAIT_SECONDS
        while not any(self.runs().values()) and time.monotonic() < end:
            time.sleep(0.01)
        child.send_signal(signal.SIGTERM)
        out = json.loads(child.communicate(timeout=WAIT_SECONDS)[0])
        self.assertEqual(child.returncode, 143)
        self.assertEqual(out["read"], sum(out[word] for word in ("confirmed", "present", "refused", "spooled", "skipped")))
        self.assertEqual(out["read"], 6)
        self.assertIn(len(self.entries()), (1, 2, 3))
        self.assert_exit(self.at_site("flush", "--settle=2"), 0)
        self.assertEqual({tuple(sorted(days)) for days in self.days().values()}, {(1, 2, 3)})
        self.assertEqual(self.entries(), [])

    def test_a_site_that_is_away_is_asked_for_the_first_alone(self):
        nights = self.nights(2, 3, 1)
        away = {"QTEST_URL": "http://127.0.0.1:9"}
        began = time.monotonic()
        result = self.at_site("upload", *nights, "--job=Grid", "--timeout=2", env=away)
        self.assertLess(time.monotonic() - began, 6)
        self.assert_exit(result, 5)
        self.assertIn("read 6 = confirmed 0 + present 0 + refused 0 + spooled 6", result.out)
        self.assertEqual(result.out.count("kept in"), 1)
        self.assertIn("6 results are kept in", result.out)
        self.assertEqual(len(result.err.splitlines()), 1, result)
        self.assertEqual(len(self.entries()), 3)

    def test_flush_sends_the_oldest_first(self):
        port_holder = self.start_sandbox()
        url = port_holder.url
        nights = self.nights(2, 3, 1)
        port_holder.stop()
        self.assert_exit(self.at_site("upload", *nights, "--job=Grid", "--timeout=2", env={"QTEST_URL": url}), 5)
        self.assertEqual(len(self.entries()), 3)
        self.sandbox = self.start_sandbox("--listen", url.removeprefix("http://"))
        self.assert_exit(self.at_site("flush"), 0)
        self.assertEqual(set(map(tuple, self.days().values())), {(1, 2, 3)})
        self.assertEqual(self.entries(), [])

    def test_a_refused_token_is_tried_once(self):
        nights = self.nights(1, 2, 3)
        requests = self.new_requests(lambda: self.upload(*nights, "--job=Grid", code=4, env={"QTEST_TOKEN": "wrong"}))
        self.assertEqual(len(requests), 1)
        self.assertEqual(len(self.entries()), 3)

    def test_no_such_project_refuses_all_of_them(self):
        nights = self.nights(1, 2, 3)
        requests = self.new_requests(lambda: self.upload(*nights, "--job=Grid", code=4, env={"QTEST_PROJECT": "Nowhere"}))
        self.assertLessEqual(len(requests), 2)
        self.assertEqual(self.entries(), [])

    def test_what_cannot_be_kept_is_in_the_sum(self):
        blocked = self.write("file", "")
        result = self.at_site("upload", *self.nights(1, 2, 3), "--job=Grid", "--timeout=2", f"--state-dir={blocked}/x",
                              env={"QTEST_URL": "http://127.0.0.1:9"})
        self.assertIn("read 6 = confirmed 0 + present 0 + refused 0 + spooled 0 + skipped 0 + unsent 6", result.out)

    def test_tests_that_fall_together_across_executions_are_refused_before_anything_is_sent(self):
        other = self.write("other.xml", junit(2).replace("Grid", "Other"))
        requests = self.new_requests(lambda: self.upload(*self.nights(1), other, "--job=Grid", "--automation-content={name}", code=2))
        self.assertEqual(requests, [])


if __name__ == "__main__":
    unittest.main()
