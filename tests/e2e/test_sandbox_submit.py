"""Submissions through endpoints A, B and C: section 3 of the API reference, and every switch of its section 10."""

import http.client
import json
import socket
import threading
import time
import unittest

from sandbox_support import TOKEN, SandboxCase, log, step


def http_post(port, target, body):
    """A request on a connection of its own, for threads."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", target, json.dumps(body), {"Authorization": "bearer " + TOKEN, "Content-Type": "application/json"})
    connection.getresponse().read()
    connection.close()


ENDED = ("SUCCESS", "FAILED")


def content(job):
    return json.loads(job["content"])


class EndpointA(SandboxCase):
    def state(self, job):
        return self.sandbox.get(f"/api/v3/projects/queue-processing/{job}").json["state"]

    def watch(self, job, suite, since):
        """The states that polls saw until the end, and the longest time since `since` in which no poll looked. What was
        listed is judged only when the job is still open afterwards."""
        states, unseen, runs = [], 0.0, []
        while not states or states[-1] not in ENDED:
            began = time.monotonic()
            state = self.state(job)
            unseen, since = max(unseen, time.monotonic() - since), began
            if state not in ENDED:
                self.assertEqual(runs, [])
            if not states or state != states[-1]:
                states.append(state)
            runs = self.project.runs(suite)
            time.sleep(0.01)
        return states, unseen

    def test_the_reply_and_the_states_of_a_job(self):
        """The two states between lasts half of --job-ms each: on a slow machine polls may miss one, then the job is
        made longer."""
        for job_ms in (1000, 10000, 100000):
            self.start("--job-ms", str(job_ms))
            suite, since = self.project.suite(), time.monotonic()
            reply = self.project.submit({"test_suite": suite["pid"], "test_logs": [log()]})
            self.assertEqual(reply.status, 201)
            self.assertEqual({**reply.json, "id": 0},
                             {"id": 0, "type": "AUTOMATION_TEST_LOG", "state": "IN_WAITING", "contentType": None, "content": None})
            states, unseen = self.watch(reply.json["id"], suite["id"], since)
            self.assertEqual(states, [s for s in ("IN_WAITING", "PENDING", "IN_PROCESSING", "SUCCESS") if s in states])
            self.assertEqual(len(self.project.runs(suite["id"])), 1)
            job = self.sandbox.wait_job(reply.json["id"])
            self.assertEqual(job["contentType"], "application/json")
            self.assertEqual(content(job), {"testSuiteId": suite["id"], "testSuiteName": "Suite", "totalTestCases": 1, "totalTestRuns": 1, "totalTestLogs": 1})
            if unseen < job_ms / 2000:
                break
        self.assertEqual([s for s in states if s != "IN_WAITING"], ["PENDING", "IN_PROCESSING", "SUCCESS"])

    def test_what_a_submission_makes(self):
        suite = self.project.suite()
        self.project.run_job({"test_suite": str(suite["id"]), "execution_date": "2026-01-02", "test_logs": [
            log("Login", "c1", note="note <1>", build_number="77", build_url="https://ci/77", test_step_logs=[step("b", 1), step("a", 0, "FAIL")])]})
        run = self.project.runs(suite["id"])[0]
        self.assertEqual((run["name"], run["automation"], run["test_case_version"]), ("Login", "Yes", "1.0"))
        values = {p["field_name"]: p.get("field_value_name", p["field_value"]) for p in run["properties"]}
        self.assertEqual((values["Status"], values["Build Number"], values["Build URL"]), ("Passed", "77", "https://ci/77"))
        case = self.project.get(f"/test-cases/{run['testCaseId']}?expand=teststep").json
        self.assertEqual([s["description"] for s in case["test_steps"]], ["a", "b"])
        types = {p["field_name"]: p.get("field_value_name") for p in case["properties"]}
        self.assertEqual((types["Type"], types["Automation"]), ("Automation", "Yes"))
        entry = self.project.logs(run["id"])[0]
        self.assertEqual((entry["exe_start_date"], entry["note"], entry["result_number"]), ("2026-01-02T10:04:05+07:00", "note <1>", 1))
        self.assertEqual([s["status"]["name"] for s in entry["test_step_logs"]], ["Failed", "Passed"])
        self.assertEqual([s["test_step_id"] for s in entry["test_step_logs"]], [s["id"] for s in case["test_steps"]])

    def test_modules_of_new_cases(self):
        parent = self.project.module("TestProject")
        suite = self.project.suite()["id"]
        self.project.run_job({"test_suite": suite, "parent_module": parent["pid"], "test_logs": [log("One", module_names=["x"])]})
        self.project.run_job({"test_suite": suite, "parent_module": parent["id"], "skipCreatingAutomationModule": True, "test_logs": [log("Two"), log("One")]})
        self.project.run_job({"test_suite": suite, "test_logs": [log("Three")]})
        places = {c["name"]: self.project.get(f"/modules/{c['parent_id']}").json for c in self.project.get("/test-cases").json}
        self.assertEqual((places["One"]["name"], places["One"]["parent_id"]), ("Automation", parent["id"]))
        self.assertEqual(places["Two"]["id"], parent["id"])
        self.assertEqual(places["Three"]["name"], "Automation")
        self.assertNotEqual(places["Three"]["id"], places["One"]["id"])

    def test_without_a_suite_one_of_the_day_at_the_root(self):
        for _ in range(2):
            job = self.project.run_job({"execution_date": "2026-01-02T03:04:05Z", "test_logs": [log()]})
            self.assertEqual(content(job)["testSuiteName"], "Automation 2026-01-02")
        suites = self.project.get("/test-suites").json
        self.assertEqual([s["name"] for s in suites], ["Automation 2026-01-02"])
        self.assertEqual(len(self.project.logs(self.project.runs(suites[0]["id"])[0]["id"])), 2)

    def test_reuse_by_content_and_place_and_nothing_moves(self):
        one, two = self.project.suite("One")["id"], self.project.suite("Two")["id"]
        self.project.run_job({"test_suite": one, "test_logs": [log("Old", "same")]})
        self.project.run_job({"test_suite": one, "test_logs": [log("New", "same", "FAIL")]})
        self.project.run_job({"test_suite": two, "test_logs": [log("New", "same", "SKIP")]})
        self.assertEqual([c["name"] for c in self.project.get("/test-cases").json], ["Old"])
        run = self.project.runs(one)[0]
        self.assertEqual((run["name"], run["latest_test_log"]["status"], len(self.project.logs(run["id"]))), ("Old", "Failed", 2))
        self.assertEqual(self.project.runs(two)[0]["latest_test_log"]["status"], "Incomplete")

    def test_refusals_at_once(self):
        suite = self.project.suite()["id"]
        good = {"test_suite": suite, "test_logs": [log()]}
        path = f"/api/v3.1/projects/{self.project.id}/test-runs"
        for target in (path + "/5/auto-test-logs?type=automation", path + "/0/auto-test-logs", path + "/0/auto-test-logs?type=manual",
                       "/api/v3.1/projects/4242/test-runs/0/auto-test-logs?type=automation"):
            self.assertEqual(self.sandbox.post(target, good).status, 400, target)
        bad = [{}, [], {"test_suite": suite}, {"test_suite": suite, "test_logs": {}}, {"test_suite": {}, "test_logs": []},
               {"test_suite": suite, "test_logs": ["x"]}, {"test_suite": suite, "test_logs": [log(exe_start_date="yesterday")]},
               {"test_suite": suite, "test_logs": [log(name={})]}, {"test_suite": suite, "test_logs": [log(test_step_logs="x")]},
               {"test_suite": suite, "test_logs": [log(module_names="x")]}, {"execution_date": "soon", "test_logs": [log()]}]
        for body in bad:
            self.assertEqual(self.project.submit(body).status, 400, body)
        self.assertEqual(self.project.submit({"test_suite": "TS-9", "test_logs": [log()]}).status, 404)
        self.assertEqual(self.project.submit({"test_suite": suite, "parent_module": 9, "test_logs": [log()]}).status, 404)
        self.assertEqual(self.sandbox.post(path + "/0/auto-test-logs?type=jenkins", good).status, 201)
        private = f"/api/v3/projects/{self.project.id}/test-runs/0/auto-test-logs/ci/5?type=jenkins"
        self.assertEqual(self.sandbox.post(private, good).status, 201)

    def test_bad_logs_fail_the_job_with_a_reason(self):
        suite = self.project.suite()["id"]
        for entry in (log(name=None), log(automation_content=""), log(status=None), log(exe_end_date=None),
                      log(test_step_logs=[step("a", 0), step("b", 2)]), log(test_step_logs=[step("a", 0), step("b")]),
                      log(test_step_logs=[{"description": "only"}]), log(status="Maybe"), log(test_step_logs=[step("a", 0, "Maybe")]),
                      log(attachments=[{"name": "x", "data": "###"}])):
            job = self.project.run_job({"test_suite": suite, "test_logs": [log("Good"), entry]})
            self.assertEqual(job["state"], "FAILED", entry)
            self.assertIn("Test log 2", job["content"])
        self.assertEqual(self.project.runs(suite), [])

    def test_steps_without_order_are_sorted(self):
        suite = self.project.suite()["id"]
        self.project.run_job({"test_suite": suite, "test_logs": [log(test_step_logs=[step("c"), step("a"), step("b")])]})
        case = self.project.get("/test-cases?expandSteps=true").json[0]
        self.assertEqual([s["description"] for s in case["test_steps"]], ["a", "b", "c"])

    def test_properties_unknown_ignored_and_invalid_drops_the_log(self):
        suite = self.project.suite()["id"]
        status = next(f["id"] for f in self.project.get("/settings/test-runs/fields").json if f["label"] == "Priority")
        job = self.project.run_job({"test_suite": suite, "test_logs": [
            log("One", properties=[{"field_id": 4242, "field_value": "x"}]), log("Two", properties=[{"field_id": status, "field_value": "x"}]),
            log("Three", properties=[{"field_id": status, "field_value": "724"}])]})
        self.assertEqual((job["state"], content(job)["totalTestLogs"]), ("SUCCESS", 2))
        three = next(r for r in self.project.runs(suite) if r["name"] == "Three")
        self.assertIn("High", [p.get("field_value_name") for p in three["properties"]])

    def test_the_same_body_twice_gives_two_logs(self):
        suite = self.project.suite()["id"]
        for _ in range(2):
            self.project.run_job({"test_suite": suite, "test_logs": [log()]})
        self.assertEqual([entry["result_number"] for entry in self.project.logs(self.project.runs(suite)[0]["id"])], [2, 1])

    def test_deleted_things_are_made_again(self):
        suite = self.project.suite()["id"]
        self.project.run_job({"test_suite": suite, "test_logs": [log()]})
        first = self.project.runs(suite)[0]
        self.project.delete(f"/test-cases/{first['testCaseId']}")
        self.project.run_job({"test_suite": suite, "test_logs": [log()]})
        self.assertEqual(len(self.project.runs(suite)), 2)

    def test_correction_by_put(self):
        suite = self.project.suite()["id"]
        self.project.run_job({"test_suite": suite, "test_logs": [log(test_step_logs=[step("a", 0)])]})
        run = self.project.runs(suite)[0]["id"]
        entry = self.project.logs(run)[0]
        path = f"/test-runs/{run}/auto-test-logs/{entry['id']}"
        body = {"status": "FAIL", "exe_start_date": "2026-01-02T03:04:05Z", "exe_end_date": "2026-01-02T03:04:09Z", "note": "a < b",
                "test_step_logs": [{"test_step_log_id": entry["test_step_logs"][0]["test_step_log_id"], "status": "FAIL", "actual_result": "no"}]}
        self.assertEqual(self.project.put(path + "?encodeNote=false", body).status, 200)
        after = self.project.logs(run)
        self.assertEqual((len(after), after[0]["status"]["name"], after[0]["note"], after[0]["test_step_logs"][0]["actual_result"]),
                         (1, "Failed", "a < b", "no"))
        self.assertEqual(self.project.runs(suite)[0]["latest_test_log"]["status"], "Failed")
        self.assertEqual(self.project.put(path, {**body, "status": "Maybe"}).status, 400)
        self.assertEqual(self.project.put(path, {"note": "x"}).status, 400)

    def test_escape_xml(self):
        suite = self.project.suite()["id"]
        query = "?type=automation&escapeXml=true"
        self.sandbox.wait_job(self.project.submit({"test_suite": suite, "test_logs": [log(content="a<b>")]}, query).json["id"])
        self.assertEqual(len(self.project.found("test-cases", "'Automation Content' = 'a&lt;b&gt;'")), 1)


class EndpointB(SandboxCase):
    def test_modules_and_sub_cycles_mirror_the_path(self):
        cycle = self.project.cycle()
        body = {"test_cycle": cycle["pid"], "test_logs": [log("One", module_names=["A", "B"]), log("Two", module_names=["A"])]}
        for _ in range(2):
            reply = self.project.submit_tree(body)
            self.assertEqual(reply.status, 201)
            job = self.sandbox.wait_job(reply.json["id"])
            self.assertEqual(content(job), {"totalTestCases": 2, "totalTestRuns": 2, "totalTestLogs": 2})
        tree = self.project.get(f"/test-cycles/{cycle['id']}?expand=descendants").json
        self.assertEqual(tree["test-suites"], [])
        self.assertEqual([c["name"] for c in tree["test-cycles"]], ["A"])
        inner = tree["test-cycles"][0]["test-cycles"][0]
        runs = self.project.get(f"/test-runs?parentId={inner['id']}&parentType=test-cycle").json["items"]
        self.assertEqual([(r["name"], r["parentType"]) for r in runs], [("One", "test-cycle")])
        self.assertEqual(self.project.get(f"/test-runs?parentId={cycle['id']}&parentType=test-cycle&expand=descendants").json["total"], 2)
        modules = self.project.get("/modules?expand=descendants").json
        self.assertEqual((modules[0]["name"], modules[0]["children"][0]["name"]), ("A", "B"))

    def test_a_new_path_is_a_new_run(self):
        cycle = self.project.cycle()["id"]
        for names in (["A"], ["B"]):
            job = self.project.submit_tree({"test_cycle": cycle, "test_logs": [log("One", module_names=names)]}).json["id"]
            self.sandbox.wait_job(job)
        self.assertEqual(self.project.get(f"/test-runs?parentId={cycle}&parentType=test-cycle&expand=descendants").json["total"], 2)
        self.assertEqual(len(self.project.get("/test-cases").json), 1)

    def test_cycle_and_module_names_are_required(self):
        self.assertEqual(self.project.submit_tree({"test_logs": [log(module_names=["A"])]}).status, 400)
        job = self.project.submit_tree({"test_cycle": self.project.cycle()["id"], "test_logs": [log()]}).json["id"]
        self.assertEqual(self.sandbox.wait_job(job)["state"], "FAILED")


class EndpointC(SandboxCase):
    def test_a_new_run_and_a_given_run(self):
        made = self.project.post("/test-runs/0/auto-test-logs", log("One", note="<b>"))
        self.assertEqual(made.status, 201)
        suite = self.project.get("/test-suites").json[0]
        self.assertEqual(suite["name"], "Automation Test Suite")
        run = self.project.runs(suite["id"])[0]["id"]
        self.assertEqual(self.project.logs(run)[0]["note"], "&lt;b&gt;")
        self.assertEqual(self.project.post(f"/test-runs/{run}/auto-test-logs?encodeNote=false", log("One", "else", note="<b>")).status, 201)
        self.assertEqual([entry["note"] for entry in self.project.logs(run)], ["<b>", "&lt;b&gt;"])
        self.project.post("/test-runs/0/auto-test-logs?suitePerDay=true&suiteDate=20141209", log("Two"))
        self.assertIn("Automation 2014-12-09", [s["name"] for s in self.project.get("/test-suites").json])
        self.assertEqual(self.project.post("/test-runs/0/auto-test-logs?suitePerDay=true", log()).status, 400)
        self.assertEqual(self.project.post("/test-runs/4242/auto-test-logs", log()).status, 404)
        self.assertEqual(self.project.post("/test-runs/0/auto-test-logs", log(status="Maybe")).status, 400)

    def test_automation_off_gives_403(self):
        self.start(projects=["Demo:automation=off"])
        reply = self.project.post("/test-runs/0/auto-test-logs", log())
        self.assertEqual((reply.status, reply.json["message"]), (403, "Automation not turned on"))


class Switches(SandboxCase):
    options = None

    def with_switch(self, *settings, **more):
        options = [word for setting in settings for word in ("--set", setting)]
        self.start(*options, **more)
        self.suite = self.project.suite()["id"]
        return self.project

    def until(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

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

    def test_11_searches_lag(self):
        self.with_switch("search-lag-ms=1000")
        self.job(log())
        begin = time.monotonic()
        self.assertEqual(self.project.found("test-cases", ""), [])
        self.assertEqual(len(self.project.get("/test-cases").json), 1)
        self.until(lambda: len(self.project.found("test-cases", "")) == 1)
        self.assertGreater(time.monotonic() - begin, 0.8)

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
            deadline = time.monotonic() + 10
            while not self.project.runs(self.suite) or len(self.project.logs(self.project.runs(self.suite)[0]["id"])) < 2:
                self.assertLess(time.monotonic(), deadline)

    def test_15_rate_limits(self):
        for value in ("seconds", "date", "absent", "rubbish"):
            self.start("--set", "minute-limit=5", "--set", "retry-after=" + value, "--set", "clock-speed=60")
            reply = None
            for _ in range(30):
                reply = self.sandbox.get("/api/v3/projects")
                if reply.status == 429:
                    break
            self.assertEqual(reply.status, 429)
            self.assertEqual(reply.headers["x-ratelimit-remaining-minute"], "0")
            after = reply.headers["Retry-After"]
            self.assertTrue({"seconds": lambda: after == "1", "date": lambda: after.endswith("GMT"), "absent": lambda: after is None,
                             "rubbish": lambda: not after.isdigit()}[value]())
            self.until(lambda: self.sandbox.get("/api/v3/projects").status == 200)
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
        self.with_switch("job-lifetime-ms=500")
        job = self.project.submit({"test_suite": self.suite, "test_logs": [log()]}).json["id"]
        self.sandbox.wait_job(job)
        self.until(lambda: self.sandbox.get(f"/api/v3/projects/queue-processing/{job}").status == 404)

    def submit_two(self):
        body = {"test_suite": self.suite, "test_logs": [log()]}
        jobs = [self.project.submit(body).json["id"] for _ in range(2)]
        for job in jobs:
            self.sandbox.wait_job(job)

    def timed_two(self, *settings):
        options = [word for setting in settings for word in ("--set", setting)]
        self.start("--job-ms", "700", *options)
        self.suite = self.project.suite()["id"]
        begin = time.monotonic()
        self.submit_two()
        return time.monotonic() - begin

    def test_19_jobs_of_a_project(self):
        self.assertGreaterEqual(self.timed_two("jobs=one-at-a-time"), 1.4)
        self.assertEqual(len(self.project.get("/test-cases").json), 1)
        self.assertLess(self.timed_two("jobs=overlapping"), 1.35)
        self.assertEqual(len(self.project.get("/test-cases").json), 1)
        self.timed_two("jobs=overlapping", "overlap-cases=two")
        self.assertEqual(len(self.project.get("/test-cases").json), 2)
        self.submit_two()
        self.assertEqual(len(self.project.get("/test-cases").json), 2)

    def test_19_projects_do_not_wait_for_each_other(self):
        self.start("--job-ms", "700", projects=["Demo", "Other"])
        other = type(self.project)(self.sandbox, "Other")
        begin = time.monotonic()
        jobs = [p.submit({"test_logs": [log()]}).json["id"] for p in (self.project, other)]
        for job in jobs:
            self.sandbox.wait_job(job)
        self.assertLess(time.monotonic() - begin, 1.35)

    def test_20_notes_in_lists(self):
        for value, there in (("present", True), ("absent", False)):
            self.with_switch("list-notes=" + value)
            self.job(log(note="n"))
            run = self.project.runs(self.suite)[0]["id"]
            entry = self.project.logs(run)[0]
            self.assertEqual("note" in entry, there)
            self.assertEqual("note" in self.project.found("test-logs", "")[0], there)
            self.assertEqual(self.project.get(f"/test-runs/{run}/test-logs/{entry['id']}").json["note"], "n")

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

    def test_23_ids_become_visible_later(self):
        self.start("--set", "id-lag-ms=700")
        begin = time.monotonic()
        late = threading.Thread(target=http_post, args=(self.sandbox.port, self.project.path + "/test-cycles", {"name": "Late"}))
        late.start()
        self.until(lambda: any(line["method"] == "POST" for line in self.sandbox.lines()))
        self.project.cycle("At once")
        self.assertLess(time.monotonic() - begin, 0.65)
        self.assertEqual([c["name"] for c in self.project.get("/test-cycles").json], ["At once"])
        late.join()
        self.assertGreaterEqual(time.monotonic() - begin, 0.7)
        self.assertEqual([c["name"] for c in self.project.get("/test-cycles").json], ["Late", "At once"])

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

    def test_26_lists_lag(self):
        self.start("--set", "list-lag-ms=1000")
        cycle = self.project.cycle()["id"]
        self.assertEqual(self.project.get("/test-cycles").json, [])
        self.assertEqual(self.project.get(f"/test-cycles/{cycle}").status, 200)
        self.until(lambda: len(self.project.get("/test-cycles").json) == 1)
        self.project.delete(f"/test-cycles/{cycle}")
        self.assertEqual(len(self.project.get("/test-cycles").json), 1)
        self.assertEqual(self.project.get(f"/test-cycles/{cycle}").status, 404)
        self.until(lambda: self.project.get("/test-cycles").json == [])

    def test_status_words_and_zone(self):
        self.with_switch("status-words=OK=Passed,NO=Failed", "zone=-03:30")
        self.assertEqual(self.job(log(status="PASS"))["state"], "FAILED")
        self.job(log(status="ok"))
        self.assertEqual(self.project.runs(self.suite)[0]["latest_test_log"]["exe_start_date"], "2026-01-01T23:34:05-03:30")


if __name__ == "__main__":
    unittest.main()
