"""Submissions through endpoints A, B and C: docs/qtest-api.md 3."""

import time
import unittest

from sandbox_support import ENDED, SandboxCase, content, log, step


class EndpointA(SandboxCase):
    def watch(self, job, suite, since):
        """The states that polls saw until the end, and the longest time since `since` in which no poll looked. What was
        listed is judged only when the job is still open afterwards."""
        states, unseen, runs = [], 0.0, []
        while not states or states[-1] not in ENDED:
            began = time.monotonic()
            state = self.sandbox.job_state(job)
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


if __name__ == "__main__":
    unittest.main()
