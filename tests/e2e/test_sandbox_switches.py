"""Every switch of docs/qtest-api.md, section 10, by what a client sees of it."""

import http.client
import json
import socket
import threading
import time
import unittest

from sandbox_support import HANG_SECONDS, TOKEN, Project, SandboxCase, content, log, step

# Longer than any test: what waits for it has not come yet, however slow the machine.
FOREVER_MS = 600000


def http_post(port, target, body):
    """A request on a connection of its own, for threads; the sandbox may end before it is answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG_SECONDS)
    try:
        connection.request("POST", target, json.dumps(body), {"Authorization": "bearer " + TOKEN, "Content-Type": "application/json"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()


class Switches(SandboxCase):
    options = None

    def with_switch(self, *settings, job_ms=0, **more):
        options = [word for setting in settings for word in ("--set", setting)]
        self.start("--job-ms", str(job_ms), *options, **more)
        self.suite = self.project.suite()["id"]
        return self.project

    def job(self, *logs, **more):
        return self.project.run_job({"test_suite": self.suite, "test_logs": list(logs), **more})

    def test_01_module_names_on_a(self):
        for value, names in (("ignored", ["Automation"]), ("honoured", ["Automation", "Folder"])):
            self.with_switch("module-names=" + value)
            self.job(log(module_names=["Folder"]))
            modules = self.project.get("/modules?expand=descendants").json
            self.assertEqual([modules[0]["name"]] + [m["name"] for m in modules[0]["children"]], names)

    def test_02_automation_off(self):
        self.with_switch("automation-off=403", projects=["Demo:automation=off"])
        self.assertEqual(self.project.submit({"test_logs": [log()]}).status, 403)
        self.assertEqual(self.project.submit_tree({"test_cycle": self.project.cycle()["id"], "test_logs": [log(module_names=["a"])]}).status, 403)
        self.with_switch("automation-off=job-failed", projects=["Demo:automation=off"])
        job = self.project.run_job({"test_logs": [log()]})
        self.assertEqual((job["state"], job["content"]), ("FAILED", "Automation not turned on"))

    def test_03_unmapped_status(self):
        logs = [log("One"), log("Two", status="Maybe")]
        self.with_switch("unmapped-status=400")
        self.assertEqual(self.project.submit({"test_suite": self.suite, "test_logs": logs}).status, 400)
        self.with_switch("unmapped-status=job-failed")
        self.assertEqual(self.job(*logs)["state"], "FAILED")
        self.with_switch("unmapped-status=log-dropped")
        self.assertEqual(content(self.job(*logs))["totalTestLogs"], 1)

    def test_04_one_bad_log(self):
        logs = [log("One"), log("Two", test_step_logs=[step("a", 5)])]
        self.with_switch("bad-log=job-failed")
        self.assertEqual(self.job(*logs)["state"], "FAILED")
        self.with_switch("bad-log=log-dropped")
        self.assertEqual(content(self.job(*logs))["totalTestLogs"], 1)

    def test_05_content_of_a_failure(self):
        bad = log(status="Maybe")
        self.with_switch("failed-content=text")
        self.assertIn("not mapped", self.job(bad)["content"])
        self.with_switch("failed-content=json")
        self.assertIn("not mapped", content(self.job(bad))["message"])
        self.with_switch("failed-content=empty")
        self.assertEqual(self.job(bad)["content"], "")

    def test_06_what_a_failure_leaves(self):
        for value, count in (("nothing-written", 0), ("prefix-written", 2)):
            self.with_switch("failed-job=" + value)
            self.assertEqual(self.job(log("One"), log("Two"), log("Bad", status="Maybe"), log("Three"))["state"], "FAILED")
            self.assertEqual(len(self.project.runs(self.suite)), count)

    def test_07_name_of_the_run(self):
        for value, name in (("kept", "Old"), ("updated", "New")):
            self.with_switch("run-name=" + value)
            self.job(log("Old", "same"))
            self.job(log("New", "same"))
            self.assertEqual(self.project.runs(self.suite)[0]["name"], name)
            self.assertEqual(self.project.get("/test-cases").json[0]["name"], "Old")

    def test_08_steps_again(self):
        for value, version, text in (("new-version", "2.0", "b"), ("same-version", "1.0", "b"), ("kept", "1.0", "a")):
            self.with_switch("step-rewrite=" + value)
            self.job(log(test_step_logs=[step("a", 0)]))
            self.job(log(test_step_logs=[step("a", 0)]))
            self.job(log())
            self.assertEqual(self.project.get("/test-cases").json[0]["version"], "1.0")
            self.job(log(test_step_logs=[step("b", 0)]))
            case = self.project.get("/test-cases?expandSteps=true").json[0]
            self.assertEqual((case["version"], case["test_steps"][0]["description"]), (version, text))

    def test_09_one_content_twice(self):
        for value, statuses in (("two-logs", ["Failed", "Passed"]), ("last-wins", ["Failed"]), ("first-wins", ["Passed"])):
            self.with_switch("repeated-content=" + value)
            self.job(log("One", "same"), log("Two"), log("Again", "same", "FAIL"))
            run = next(r for r in self.project.runs(self.suite) if r["name"] != "Two")
            self.assertEqual([entry["status"]["name"] for entry in self.project.logs(run["id"])], statuses)

    def test_10_order_from_1(self):
        logs = log(test_step_logs=[step("a", 1), step("b", 2)])
        for value, state in (("accepted", "SUCCESS"), ("error", "FAILED")):
            self.with_switch("step-order-from-1=" + value)
            self.assertEqual(self.job(logs)["state"], state)

    def assert_since(self, began, milliseconds):
        """So long ago at least; the sandbox counts whole milliseconds."""
        self.assertGreaterEqual((time.monotonic() - began) * 1000, milliseconds - 10)

    def test_11_searches_lag(self):
        self.with_switch(f"search-lag-ms={FOREVER_MS}")
        self.job(log())
        self.assertEqual(self.project.found("test-cases", ""), [])
        self.assertEqual(len(self.project.get("/test-cases").json), 1)
        self.with_switch("search-lag-ms=500")
        began = time.monotonic()
        self.job(log())
        self.until(lambda: len(self.project.found("test-cases", "")) == 1)
        self.assert_since(began, 500)

    def test_12_long_names(self):
        name = "é" * 501
        self.with_switch("long-names=400")
        self.assertEqual(self.project.post("/test-cycles", {"name": name}).status, 400)
        self.assertEqual(self.project.submit({"test_suite": self.suite, "test_logs": [log(name)]}).status, 400)
        self.with_switch("long-names=cut")
        self.assertEqual(self.project.cycle(name)["name"], "é" * 500)
        self.job(log(name))
        self.assertEqual(self.project.runs(self.suite)[0]["name"], "é" * 500)

    def test_13_latest_log_in_lists(self):
        for value, there in (("present", True), ("absent", False)):
            self.with_switch("latest-test-log=" + value)
            self.job(log())
            run = self.project.runs(self.suite)[0]
            self.assertEqual("latest_test_log" in run, there)
            self.assertEqual("latest_test_log" in self.project.found("test-runs", "")[0], there)
            self.assertIn("latest_test_log", self.project.get(f"/test-runs/{run['id']}").json)

    def test_14_lost_replies(self):
        for value in ("timeout", "reset", "502", "504"):
            self.with_switch("lost-reply=" + value, "lost-reply-every=2", "hold-ms=200")
            body = {"test_suite": self.suite, "test_logs": [log()]}
            if value in ("timeout", "reset"):
                self.assertRaises((ConnectionError, socket.timeout), self.project.submit, body)
            else:
                self.assertEqual(self.project.submit(body).status, int(value))
            self.assertEqual(self.project.submit(body).status, 201)
            self.until(lambda: [len(self.project.logs(run["id"])) for run in self.project.runs(self.suite)] == [2])

    def test_15_rate_limits(self):
        for value in ("seconds", "date", "absent", "rubbish"):
            self.start("--set", "minute-limit=1", "--set", "retry-after=" + value, "--set", "clock-speed=60")
            replies = []
            self.until(lambda: replies.append(self.sandbox.get("/api/v3/projects")) or replies[-1].status == 429)
            reply = replies[-1]
            self.assertEqual(reply.headers["x-ratelimit-remaining-minute"], "0")
            after = reply.headers["Retry-After"]
            self.assertTrue({"seconds": lambda: after == "1", "date": lambda: after.endswith("GMT"), "absent": lambda: after is None,
                             "rubbish": lambda: not after.isdigit()}[value]())
            self.until(lambda: self.sandbox.get("/api/v3/projects").status == 200)
        self.finish()
        self.start("--set", "rate-headers=absent")
        self.assertEqual([name for name in self.sandbox.get("/api/v3/projects").headers if "ratelimit" in name.lower()], [])
        self.finish()
        self.start("--set", "month-limit=3")
        self.sandbox.get("/api/v3/projects")
        self.sandbox.get("/api/v3/projects")
        reply = self.sandbox.get("/api/v3/projects")
        self.assertEqual((reply.status, reply.headers["x-ratelimit-remaining-month"]), (429, "0"))

    def test_16_keys_of_the_tree(self):
        self.with_switch("tree-keys=underscore")
        self.project.cycle()
        tree = self.project.get("/test-cycles?expand=descendants").json[0]
        self.assertIn("test_cycles", tree)
        self.assertIn("test_suites", tree)

    def test_17_entities_on_read(self):
        for value, name in (("raw", "a < b"), ("entities", "a &lt; b")):
            self.with_switch("escaping=" + value)
            self.assertEqual(self.project.cycle("a < b")["name"], name)
            self.job(log("a < b", note="a < b"))
            run = self.project.runs(self.suite)[0]
            self.assertEqual((run["name"], self.project.logs(run["id"])[0]["note"]), (name, name))
            self.assertEqual(len(self.project.found("test-cycles", "Name = 'a < b'")), 1)

    def test_18_job_ids_end(self):
        body = {"test_logs": [log()]}
        self.with_switch(f"job-lifetime-ms={FOREVER_MS}")
        self.assertEqual(self.project.run_job(body)["state"], "SUCCESS")
        self.with_switch("job-lifetime-ms=500")
        began = time.monotonic()
        job = self.project.submit({"test_suite": self.suite, **body}).json["id"]
        self.until(lambda: self.sandbox.get(f"/api/v3/projects/queue-processing/{job}").status == 404)
        self.assert_since(began, 500)
        self.assertEqual(len(self.project.runs(self.suite)), 1)

    def submit_two(self):
        body = {"test_suite": self.suite, "test_logs": [log()]}
        return [self.project.submit(body).json["id"] for _ in range(2)]

    def states_of_two(self, rule):
        """Of two jobs that do not end. A third, of another project, that was queued after them and has begun shows
        that they had their chance to begin."""
        self.with_switch("jobs=" + rule, job_ms=FOREVER_MS, projects=["Demo", "Other"])
        two = self.submit_two()
        third = Project(self.sandbox, "Other").submit({"test_logs": [log()]}).json["id"]
        self.until(lambda: self.sandbox.job_state(third) == "PENDING")
        return [self.sandbox.job_state(job) for job in two]

    def test_19_jobs_of_a_project_and_of_others(self):
        self.assertEqual(self.states_of_two("one-at-a-time"), ["PENDING", "IN_WAITING"])
        self.assertEqual(self.states_of_two("overlapping"), ["PENDING", "PENDING"])

    def test_19_one_job_begins_when_the_other_has_ended(self):
        self.with_switch("jobs=one-at-a-time", job_ms=300)
        began = time.monotonic()
        for job in self.submit_two():
            self.sandbox.wait_job(job)
        self.assert_since(began, 600)
        self.assertEqual(len(self.project.get("/test-cases").json), 1)

    def run_two(self):
        """True: the second was queued before the first had ended."""
        began = time.monotonic()
        jobs = self.submit_two()
        seconds = time.monotonic() - began
        for job in jobs:
            self.sandbox.wait_job(job)
        return seconds * 1000 < self.job_ms - 10

    def overlap_two(self, *settings):
        """A slow machine needs longer jobs for it."""
        for self.job_ms in (300, 3000, 30000):
            self.with_switch("jobs=overlapping", *settings, job_ms=self.job_ms)
            if self.run_two():
                return
        self.fail("no two jobs were submitted within 30 s")

    def test_19_cases_of_jobs_that_overlap(self):
        self.overlap_two()
        self.assertEqual(len(self.project.get("/test-cases").json), 1)
        self.overlap_two("overlap-cases=two")
        self.assertEqual(len(self.project.get("/test-cases").json), 2)
        self.run_two()
        self.assertEqual(len(self.project.get("/test-cases").json), 2)

    def test_20_notes_in_lists(self):
        for value, there in (("present", True), ("absent", False)):
            self.with_switch("list-notes=" + value)
            self.job(log(note="n"))
            run = self.project.runs(self.suite)[0]["id"]
            entry = self.project.logs(run)[0]
            self.assertEqual("note" in entry, there)
            self.assertEqual("note" in self.project.found("test-logs", "")[0], there)
            self.assertEqual(self.project.get(f"/test-runs/{run}/test-logs/{entry['id']}").json["note"], "n")

    def test_33_builds_in_lists(self):
        for value, there in (("present", True), ("absent", False)):
            self.with_switch("list-builds=" + value)
            self.job(log(build_number="7", build_url="https://ci.example.com/7"))
            run = self.project.runs(self.suite)[0]["id"]
            entry = self.project.logs(run)[0]
            for item in entry, self.project.found("test-logs", "")[0]:
                self.assertEqual(("build_number" in item, "build_url" in item), (there, there))
            self.assertEqual(self.project.get(f"/test-runs/{run}/test-logs/{entry['id']}").json["build_number"], "7")

    def test_21_milliseconds(self):
        for value, text in (("dropped", "2026-01-02T10:04:05+07:00"), ("kept", "2026-01-02T10:04:05.678+07:00")):
            self.with_switch("milliseconds=" + value)
            self.job(log())
            self.assertEqual(self.project.runs(self.suite)[0]["latest_test_log"]["exe_start_date"], text)

    def test_22_long_notes(self):
        for value, length in (("kept", 5000), ("cut", 4000)):
            self.with_switch("long-notes=" + value)
            self.job(log(note="é" * 5000))
            self.assertEqual(len(self.project.logs(self.project.runs(self.suite)[0]["id"])[0]["note"]), length)

    def cycle_names(self):
        return [c["name"] for c in self.project.get("/test-cycles").json]

    def test_23_ids_become_visible_later(self):
        self.start("--set", "id-lag-ms=60000")
        late = threading.Thread(target=http_post, args=(self.sandbox.port, self.project.path + "/test-cycles", {"name": "Late"}))
        late.start()
        self.until(lambda: any(line["method"] == "POST" for line in self.sandbox.lines()))
        self.project.cycle("At once")
        self.assertEqual(self.cycle_names(), ["At once"])
        self.assertTrue(late.is_alive())
        self.finish()
        late.join()
        self.start("--set", "id-lag-ms=500")
        began = time.monotonic()
        self.project.cycle("Late")
        self.assert_since(began, 500)
        self.project.cycle("At once")
        self.assertEqual(self.cycle_names(), ["Late", "At once"])

    def test_24_the_log_that_a_run_shows(self):
        late = {"exe_start_date": "2026-05-01T00:00:00Z", "exe_end_date": "2026-05-01T00:00:01Z"}
        for value, status in (("last-submitted", "Failed"), ("latest-start", "Passed")):
            self.with_switch("latest-log=" + value)
            self.job(log(**late))
            self.job(log(status="FAIL"))
            self.assertEqual(self.project.runs(self.suite)[0]["latest_test_log"]["status"], status)

    def test_25_rights(self):
        self.with_switch("rights=no-delete,no-approve,no-field-settings")
        case = self.project.post("/test-cases", {"name": "T", "properties": []}).json["id"]
        self.assertEqual(self.project.delete(f"/test-suites/{self.suite}").status, 403)
        self.assertEqual(self.project.put(f"/test-cases/{case}/approve").status, 403)
        self.assertEqual(self.project.get("/settings/test-cases/fields").status, 403)
        rights = self.project.get("/user-profiles/current").json
        self.assertEqual((rights["test_suite"]["delete"], rights["test_case"]["approve"], rights["project_setting"]["manage"]), (False, False, False))
        self.with_switch("rights=no-approve")
        self.assertEqual(self.project.delete(f"/test-suites/{self.suite}").status, 200)

    def test_26_lists_lag_when_something_is_made(self):
        self.start("--set", f"list-lag-ms={FOREVER_MS}")
        cycle = self.project.cycle()["id"]
        self.assertEqual(self.cycle_names(), [])
        self.assertEqual(self.project.get(f"/test-cycles/{cycle}").status, 200)
        self.start("--set", "list-lag-ms=500")
        began = time.monotonic()
        self.project.cycle("Shown")
        self.until(lambda: self.cycle_names() == ["Shown"])
        self.assert_since(began, 500)

    def test_26_lists_lag_when_something_is_deleted(self):
        """A slow machine needs a longer lag to look within it."""
        for lag_ms in (500, 5000, 50000):
            self.start("--set", f"list-lag-ms={lag_ms}")
            cycle = self.project.cycle("Shown")["id"]
            self.until(lambda: self.cycle_names() == ["Shown"])
            began = time.monotonic()
            self.project.delete(f"/test-cycles/{cycle}")
            shown, looked_ms = self.cycle_names(), (time.monotonic() - began) * 1000
            self.assertEqual(self.project.get(f"/test-cycles/{cycle}").status, 404)
            self.until(lambda: self.cycle_names() == [])
            self.assert_since(began, lag_ms)
            if looked_ms < lag_ms - 10:
                break
        self.assertEqual(shown, ["Shown"])

    def test_status_words_and_zone(self):
        self.with_switch("status-words=OK=Passed,NO=Failed", "zone=-03:30")
        self.assertEqual(self.job(log(status="PASS"))["state"], "FAILED")
        self.job(log(status="ok"))
        self.assertEqual(self.project.runs(self.suite)[0]["latest_test_log"]["exe_start_date"], "2026-01-01T23:34:05-03:30")


if __name__ == "__main__":
    unittest.main()
