"""The sequences of calls that known clients make, with bodies as they write them (docs/qtest-api.md 8)."""

import json
import time
import unittest

from sandbox_support import TOKEN, SandboxCase, basic


class Clients(SandboxCase):
    def token(self, headers, form=None, query=""):
        body = form.encode() if form else b""
        reply = self.sandbox.post("/oauth/token" + query, body, token="",
                                  headers={"Content-Type": "application/x-www-form-urlencoded", **headers})
        self.assertEqual(reply.status, 200)
        return reply.json["access_token"]

    def login(self, user="user@example.com"):
        return self.token(basic(user + ":"), f"grant_type=password&username={user}&password={TOKEN}")

    def test_jenkins_plugin(self):
        """1 token, list suites, create suite, POST with type=jenkins, 1 token, polls; dates with +0000, order from 1."""
        self.assertEqual(self.sandbox.get("/version", token="").json["name"], "test-conductor")
        grant = f"?grant_type=refresh_token&refresh_token={TOKEN}"
        token = self.token(basic("jenkins:"), query=grant)
        environment = next(f for f in self.project.get("/settings/test-suites/fields?includeInactive=true", token=token).json
                           if f["original_name"] == "EnvironmentTestSuite")
        self.assertEqual(self.project.get("/test-suites?parentId=0&parentType=root", token=token).json, [])
        chrome = environment["allowed_values"][0]["value"]
        made = self.project.post("/test-suites?parentId=0&parentType=root",
                                 {"name": "job 1", "properties": [{"field_id": environment["id"], "field_value": chrome}]}, token=token)
        self.assertEqual(made.status, 200)
        body = {"test_suite": made.json["id"], "parent_module": self.project.module("Jenkins")["id"], "skipCreatingAutomationModule": True,
                "test_logs": [{"name": f"com.example.Test#t{i}", "automation_content": f"com.example.Test#t{i}", "status": status,
                               "exe_start_date": "2024-08-01T10:00:00.000+0000", "exe_end_date": "2024-08-01T10:00:01.000+00:00", "order": i,
                               "build_number": "12", "build_url": "https://jenkins.example/job/1/12/", "attachments": [],
                               "test_step_logs": [{"order": 0, "description": "t", "expected_result": "t", "status": step_status}]}
                              for i, (status, step_status) in enumerate((("PASSED", "FIXED"), ("FAILED", "REGRESSION"), ("SKIPPED", "SKIPPED")), 1)]}
        posted = self.project.submit(body, "?type=jenkins")
        self.assertEqual(posted.status, 201)
        self.token(basic("jenkins:"), query=grant)
        job = self.sandbox.wait_job(posted.json["id"])
        totals = json.loads(job["content"])
        self.assertGreater(totals["testSuiteId"], 0)
        self.assertEqual((totals["totalTestCases"], totals["totalTestLogs"]), (3, 3))
        suite = self.project.get(f"/test-suites/{made.json['id']}").json
        self.assertIn("Chrome", [p.get("field_value_name") for p in suite["properties"]])

    def test_zigzag(self):
        """List cycles, create one, look fields up, POST to B, search TC by content and its runs, link requirements."""
        self.assertEqual(self.project.get("/test-cycles").json, [])
        cycle = self.project.cycle("queens")
        self.assertEqual(self.project.get("/settings/test-runs/fields").status, 200)
        requirement = self.project.post("/requirements", {"name": "ASC-123 do it", "properties": []}).json
        body = {"test_cycle": cycle["pid"], "test_logs": [
            {"name": "test_pass", "status": "PASSED", "module_names": ["swarm", "integration"], "exe_start_date": "2018-04-10T21:38:18Z",
             "exe_end_date": "2018-04-10T21:38:19Z", "automation_content": "1a2b3c4d-uuid", "build_url": "https://ci/1", "build_number": "1",
             "attachments": [{"name": "junit.xml", "content_type": "application/xml", "data": "PGE+", "author": {}}], "properties": [],
             "test_step_logs": [{"order": 0, "description": "s", "expected_result": "pass", "status": "PASSED"}]},
            {"name": "test_skip", "status": "SKIPPED", "module_names": ["swarm"], "exe_start_date": "2018-04-10T21:38:18Z",
             "exe_end_date": "2018-04-10T21:38:19Z", "automation_content": "skip-uuid"}]}
        posted = self.project.submit_tree(body)
        self.sandbox.wait_job(posted.json["id"])
        case = self.project.found("test-cases", "'Automation Content' = '1a2b3c4d-uuid'")[0]
        runs = self.project.found("test-runs", f"'Test Case Id' = '{case['id']}'")
        self.assertEqual(runs[0]["name"], "test_pass")
        self.assertTrue(any(link["rel"] == "test-cycle" for link in runs[0]["links"]))
        skipped = self.project.found("test-runs", "'Test Case Automation Content' = 'skip-uuid'")[0]
        self.assertIn("Incomplete", [p.get("field_value_name") for p in skipped["properties"]])
        key = self.project.found("requirements", "Name ~ 'ASC-123'")[0]
        self.assertEqual(key["id"], requirement["id"])
        linked = self.project.post(f"/requirements/{key['id']}/link?type=test-cases", [case["id"]])
        self.assertIn(linked.status, (200, 201))
        moved = {**body, "test_logs": [{**body["test_logs"][0], "name": "renamed", "module_names": ["new"]}]}
        self.sandbox.wait_job(self.project.submit_tree(moved).json["id"])
        self.assertEqual(len(self.project.found("test-runs", f"'Test Case Id' = '{case['id']}'")), 2)
        self.assertEqual(self.project.found("test-runs", f"'Test Case Id' = '{case['id']}'")[0]["name"], "renamed")

    def test_log2qtest(self):
        """1 token, 1 POST, polls every second; module_names on A are not refused."""
        suite = self.project.suite()["id"]
        token = self.login()
        posted = self.project.submit({"test_suite": suite, "execution_date": "2017-03-01T00:00:00.000Z", "test_logs": [
            {"name": "a", "status": "PASSED", "module_names": ["m"], "automation_content": "a", "exe_start_date": "2017-03-01T10:00:00.000Z",
             "exe_end_date": "2017-03-01T10:00:01.000Z", "test_step_logs": [{"description": "s", "expected_result": "e", "actual_result": "a", "status": "PASSED", "order": 0}]}]})
        self.assertEqual(self.sandbox.get(f"/api/v3/projects/queue-processing/{posted.json['id']}", token=token).status, 200)
        self.assertEqual(self.sandbox.wait_job(posted.json["id"])["state"], "SUCCESS")

    def test_pulse_rules(self):
        """Suite by A with execution_date, cycle by B, ids as strings, mixed case words, extra keys, polls of the queue."""
        suite, cycle = self.project.suite()["id"], self.project.cycle()["id"]
        entry = {"name": "scenario", "status": "passed", "automation_content": "feature#scenario", "exe_start_date": "2020-10-30T14:56:22.357Z",
                 "exe_end_date": "2020-10-30T14:56:23.357Z", "featureName": "x", "description": "extra keys are accepted", "attachments": [],
                 "test_step_logs": [{"order": 0, "description": "Given", "expected_result": "Given", "actual_result": "Given", "status": "Failed", "attachments": []}]}
        posted = self.project.submit({"test_suite": str(suite), "execution_date": "2020-10-30", "test_logs": [entry]})
        self.assertEqual(self.sandbox.wait_job(posted.json["id"])["state"], "SUCCESS")
        posted = self.project.submit_tree({"test_cycle": cycle, "test_logs": [
            {**entry, "module_names": ["features"], "test_step_logs": [{**entry["test_step_logs"][0], "order": 1}]}]})
        self.assertEqual(self.sandbox.wait_job(posted.json["id"])["state"], "SUCCESS")

    def test_playwright_reporter(self):
        """Suite and parent module by id, PASS/FAIL/SKIP, skip switch; without a suite the suite of the day."""
        module, suite = self.project.module("E2E"), self.project.suite()
        body = {"test_suite": str(suite["id"]), "parent_module": module["pid"], "skipCreatingAutomationModule": True, "execution_date": "2026-01-02",
                "test_logs": [{"name": "t", "automation_content": "spec.ts#t", "status": word, "exe_start_date": "2026-01-02T00:00:00.000Z",
                               "exe_end_date": "2026-01-02T00:00:01.000Z", "note": "n"} for word in ("PASS", "FAIL", "SKIP")]}
        self.assertEqual(self.sandbox.wait_job(self.project.submit(body).json["id"])["state"], "SUCCESS")
        self.assertEqual(self.project.get("/test-cases").json[0]["parent_id"], module["id"])
        del body["test_suite"]
        job = self.sandbox.wait_job(self.project.submit(body).json["id"])
        self.assertEqual(json.loads(job["content"])["testSuiteName"], "Automation 2026-01-02")

    def test_go_plugin(self):
        """List suites, create one without properties, one POST, polls."""
        self.project.get("/test-suites?parentId=0&parentType=root")
        suite = self.project.post("/test-suites?parentId=0&parentType=root", {"name": "CI"}).json["id"]
        entry = {"name": "n", "automation_content": "a &amp; b", "status": "PASS", "exe_start_date": "2026-01-02T00:00:00Z", "exe_end_date": "2026-01-02T00:00:01Z"}
        self.assertEqual(self.sandbox.wait_job(self.project.submit({"test_suite": suite, "test_logs": [entry]}).json["id"])["state"], "SUCCESS")

    def test_shell_agent_samples(self):
        """List cycles, create, POST to B with the skip switch; then python-createTC: search, create TC, runs, endpoint C."""
        self.project.get("/test-cycles")
        cycle = self.project.post("/test-cycles", {"name": "upload"}).json
        stamp = "2020-07-01T10:00:00Z"
        posted = self.project.submit_tree({"test_cycle": cycle["id"], "execution_date": stamp, "skipCreatingAutomationModule": False, "test_logs": [
            {"status": "PASS", "module_names": ["junit"], "name": "t", "automation_content": "t", "exe_start_date": stamp, "exe_end_date": stamp}]})
        self.assertEqual(self.sandbox.wait_job(posted.json["id"])["state"], "SUCCESS")
        token = self.login()
        both = "'Automation Content' = 't' or 'Automation Content' = 'new'"
        self.assertEqual(len(self.project.found("test-cases", both)), 1)
        fields = {f["original_name"]: f["id"] for f in self.project.get("/settings/test-cases/fields", token=token).json}
        case = self.project.post("/test-cases", {"name": "new", "properties": [
            {"field_id": fields["AutomationTestCase"], "field_value": 711}, {"field_id": fields["ClassIdTestCase"], "field_value": "new"}]}).json
        self.project.put(f"/test-cases/{case['id']}/approve")
        self.project.get("/releases")
        suite = self.project.post("/test-suites", {"name": "S", "parentId": cycle["id"], "parentType": "test-cycle"}).json
        self.project.get(f"/test-suites?parentId={cycle['id']}&parentType=test-cycle")
        self.project.get(f"/test-runs?parentId={suite['id']}&parentType=test-suite")
        run = self.project.post(f"/test-runs?parentId={suite['id']}&parentType=test-suite", {"name": "new", "test_case": {"id": case["id"]}}).json
        made = self.project.post(f"/test-runs/{run['id']}/auto-test-logs", {"name": "new", "automation_content": "new", "status": "PASS",
                                                                           "exe_start_date": stamp, "exe_end_date": stamp, "note": "n"})
        self.assertEqual(made.status, 201)
        self.assertEqual(self.project.get(f"/test-runs/{run['id']}").json["latest_test_log"]["status"], "Passed")

    def test_newman_sample(self):
        """1 token, a search of runs by name for each result, then one log by endpoint C."""
        suite = self.project.suite()
        self.project.run_job({"test_suite": suite["id"], "test_logs": [
            {"name": "GET users", "automation_content": "GET users", "status": "PASS", "exe_start_date": "2018-07-01T10:00:00Z", "exe_end_date": "2018-07-01T10:00:00Z"}]})
        self.login()
        run = self.project.found("test-runs", "'name' ~ 'GET users'")[0]
        made = self.project.post(f"/test-runs/{run['id']}/auto-test-logs", {
            "name": "GET users", "status": "FAIL", "automation_content": "GET users", "note": "x", "exe_start_date": "2018-07-02T10:00:00.000Z",
            "exe_end_date": "2018-07-02T10:00:01.000Z", "test_step_logs": [{"description": "a", "expected_result": "b", "actual_result": "c", "status": "FAIL", "order": 0}]})
        self.assertEqual(made.status, 201)
        self.assertEqual(len(self.project.logs(run["id"])), 2)

    def test_mocha_reporter(self):
        """Create a suite or list runs; N runs with an approved case; N logs by C with PENDING."""
        case = self.project.post("/test-cases", {"name": "T", "properties": []}).json
        self.project.put(f"/test-cases/{case['id']}/approve")
        suite = self.project.post("/test-suites", {"name": "Mocha", "parentId": 0, "parentType": "root"}).json
        run = self.project.post(f"/test-runs?parentId={suite['id']}&parentType=test-suite", {"name": "T", "test_case": {"id": case["id"]}, "properties": []}).json
        self.assertEqual(self.project.get(f"/test-runs?parentId={suite['id']}&parentType=test-suite&pageSize=1000").json["total"], 1)
        made = self.project.post(f"/test-runs/{run['id']}/auto-test-logs", {"name": "T", "automation_content": "T", "status": "PENDING", "note": "",
                                                                           "exe_start_date": "2026-01-02T00:00:00Z", "exe_end_date": "2026-01-02T00:00:00Z"})
        self.assertEqual(made.status, 201)

    def test_katalon(self):
        """The list of statuses, then a manual log for each run."""
        case = self.project.post("/test-cases", {"name": "T", "properties": []}).json
        approved = self.project.put(f"/test-cases/{case['id']}/approve").json
        run = self.project.post("/test-runs", {"name": "T", "test_case": {"id": case["id"]}}).json
        statuses = {s["name"]: s["id"] for s in self.project.get("/test-runs/execution-statuses").json}
        self.assertEqual((statuses["Passed"], statuses["Failed"], statuses["Unexecuted"]), (601, 602, 605))
        made = self.project.post(f"/test-runs/{run['id']}/test-logs", {
            "exe_start_date": "2026-01-02T00:00:00+07:00", "exe_end_date": "2026-01-02T00:00:05+07:00", "note": "n", "attachments": [],
            "name": "T", "status": {"id": statuses["Failed"]}, "test_case_version_id": approved["test_case_version_id"], "test_step_logs": []})
        self.assertEqual((made.status, made.json["status"]["name"]), (201, "Failed"))

    def test_a_pulse_rule_of_a_customer(self):
        """1 + N (1 to 3 searches, run, log): by Id and PID."""
        case = self.project.post("/test-cases", {"name": "T", "properties": []}).json
        self.project.put(f"/test-cases/{case['id']}/approve")
        self.assertEqual(self.project.found("test-cases", f"Id = '{case['pid']}'")[0]["id"], case["id"])
        suite = self.project.suite()
        self.assertEqual(self.project.found("test-runs", f"'Test Suite Id' = '{suite['pid']}'"), [])
        run = self.project.post(f"/test-runs?parentId={suite['id']}&parentType=test-suite", {"name": "T", "test_case": {"id": case["id"]}}).json
        self.assertEqual(self.project.found("test-runs", f"'Test Case Id' = {case['id']} and 'Test Suite Id' = '{suite['pid']}'")[0]["id"], run["id"])

    def test_legato_scripts(self):
        """The token in the query, all projects compared by name, runs with a page size of 1000, values of one object."""
        listed = self.sandbox.get(f"/api/v3/projects?access_token={TOKEN}", token="").json
        self.assertEqual([p["name"] for p in listed], ["Demo"])
        runs = self.project.get(f"/test-runs?pageSize=1000&access_token={TOKEN}", token="")
        self.assertEqual(runs.json["page_size"], 999)

    def test_a_queue_that_takes_its_time(self):
        self.start("--job-ms", "100")
        begin = time.monotonic()
        posted = self.project.submit({"test_logs": [{"name": "n", "automation_content": "a", "status": "PASS",
                                                     "exe_start_date": "2026-01-02T00:00:00Z", "exe_end_date": "2026-01-02T00:00:01Z"}]})
        self.assertEqual(self.sandbox.wait_job(posted.json["id"])["state"], "SUCCESS")
        self.assertGreaterEqual(time.monotonic() - begin, 0.09)


if __name__ == "__main__":
    unittest.main()
