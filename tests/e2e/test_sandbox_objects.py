"""The objects of qTest as the sandbox serves them: docs/qtest-api.md 1, 2, 4, 5 and 6."""

import unittest
from urllib.parse import quote

from sandbox_support import TOKEN, SandboxCase, basic, log, step


class Access(SandboxCase):
    def test_a_wrong_or_missing_token_gives_401(self):
        for token in ("wrong", ""):
            reply = self.sandbox.get("/api/v3/projects", token=token)
            self.assertEqual(reply.status, 401)
            self.assertEqual(reply.json["error"], "invalid_token")

    def test_the_token_may_come_in_the_query_and_is_masked_in_the_log(self):
        self.assertEqual(self.sandbox.get("/api/v3/projects?access_token=" + TOKEN, token="").status, 200)
        with open(self.sandbox.log_file, encoding="utf-8") as file:
            self.assertNotIn(TOKEN, file.read())

    def test_password_grant_gives_a_token_that_works(self):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = f"grant_type=password&username=a%40b.c&password={TOKEN}".encode()
        self.assertEqual(self.sandbox.post("/oauth/token", body, headers=form, token="").status, 401)
        self.assertEqual(self.sandbox.post("/oauth/token", body, headers={**form, **basic("name:secret")}, token="").status, 401)
        reply = self.sandbox.post("/oauth/token", body, headers={**form, **basic("a@b.c:")}, token="")
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.json["token_type"], "bearer")
        self.assertEqual(self.sandbox.get("/api/v3/projects", token=reply.json["access_token"]).status, 200)
        again = f"grant_type=refresh_token&refresh_token={reply.json['refresh_token']}".encode()
        self.assertEqual(self.sandbox.post("/oauth/token", again, headers={**form, **basic("qtest-api:")}, token="").status, 200)
        bad = self.sandbox.post("/oauth/token", b"grant_type=refresh_token&refresh_token=x",
                                headers={**form, **basic("qtest-api:")}, token="")
        self.assertEqual((bad.status, bad.json["error"]), (400, "invalid_grant"))
        self.assertEqual(self.sandbox.post("/oauth/token", b"grant_type=none", headers={**form, **basic("x:")}, token="").status, 400)

    def test_the_grant_may_come_in_the_query_with_the_long_lived_token(self):
        reply = self.sandbox.post(f"/oauth/token?grant_type=refresh_token&refresh_token={TOKEN}", b"",
                                  headers=basic("jenkins:"), token="")
        self.assertEqual(reply.status, 200)

    def test_status_version_and_profile(self):
        self.assertEqual(self.sandbox.get("/oauth/status").json, {"expiration": 0, "validityInMilliseconds": 0})
        self.assertEqual(self.sandbox.get("/oauth/status", token="x").status, 401)
        self.assertEqual(self.sandbox.get("/version", token="").json["name"], "test-conductor")
        self.assertEqual(self.project.get("/user-profiles/current").json["project_id"], self.project.id)
        self.assertEqual(self.sandbox.get("/api/v3/user-profiles/current").status, 200)
        login = self.sandbox.post("/api/login", b"j_username=a&j_password=b", token="")
        self.assertEqual((login.status, login.body), (401, b"Invalid username/password."))

    def test_rate_headers_count_down(self):
        first = int(self.sandbox.get("/api/v3/projects").headers["x-ratelimit-remaining-minute"])
        reply = self.sandbox.get("/api/v3/projects")
        self.assertLess(int(reply.headers["x-ratelimit-remaining-minute"]), first)
        self.assertIn("x-ratelimit-remaining-month", reply.headers)
        self.assertIn("Date", reply.headers)

    def test_unknown_things_give_404(self):
        for target in ("/api/v3/projects/999/modules", "/api/v3/projects/999", "/nothing", self.project.path + "/test-cycles/5",
                       self.project.path + "/test-cycles/word", "/api/v3/projects/queue-processing/1"):
            reply = self.sandbox.get(target)
            self.assertEqual(reply.status, 404, target)
            self.assertIn("message", reply.json)
        self.assertEqual(self.sandbox.put("/version").status, 405)


class Projects(SandboxCase):
    def test_projects_show_the_automation_switch_and_pages(self):
        self.start(projects=["One", "Two:automation=off", "Demo"])
        projects = self.sandbox.get("/api/v3/projects").json
        self.assertEqual([(p["name"], p["automation"]) for p in projects], [("One", True), ("Two", False), ("Demo", True)])
        page = self.sandbox.get("/api/v3/projects?pageSize=2&page=1")
        self.assertEqual((len(page.json), page.headers["X-Item-Total"]), (2, "3"))
        self.assertIn('rel="next"', page.headers["Link"])
        self.assertEqual(self.sandbox.post("/api/v3/projects/search", {"uuid": [projects[1]["uuid"]]}).json[0]["name"], "Two")


class Execution(SandboxCase):
    def test_cycles_answer_201_and_suites_200(self):
        cycle = self.project.post("/test-cycles", {"name": "C"})
        suite = self.project.post("/test-suites", {"name": "S"})
        self.assertEqual((cycle.status, suite.status), (201, 200))
        self.assertEqual((cycle.json["pid"], suite.json["pid"]), ("CL-1", "TS-1"))
        self.assertIn("object=4", cycle.json["web_url"])

    def test_duplicate_names_are_allowed(self):
        self.assertNotEqual(self.project.cycle("Same")["id"], self.project.cycle("Same")["id"])

    def test_the_tree_has_keys_with_hyphens(self):
        cycle = self.project.cycle()
        sub = self.project.cycle("Sub", f"?parentId={cycle['id']}&parentType=test-cycle")
        suite = self.project.suite("S", sub["id"])
        tree = self.project.get(f"/test-cycles/{cycle['id']}?expand=descendants").json
        self.assertEqual(tree["test-cycles"][0]["test-suites"][0]["id"], suite["id"])
        self.assertNotIn("test-cycles", self.project.get(f"/test-cycles/{cycle['id']}").json)
        self.assertEqual(len(self.project.get("/test-cycles").json), 1)

    def test_cycles_page_unless_the_size_is_negative(self):
        for i in range(103):
            self.project.cycle(f"C{i}")
        self.assertEqual(len(self.project.get("/test-cycles").json), 100)
        self.assertEqual(len(self.project.get("/test-cycles?page=2").json), 3)
        self.assertEqual(len(self.project.get("/test-cycles?pageSize=-1").json), 103)
        self.assertEqual(len(self.project.get("/test-cycles?pageSize=-1&page=1").json), 100)

    def test_suites_do_not_page_and_take_their_parent_from_the_body(self):
        cycle = self.project.cycle()
        reply = self.project.post("/test-suites", {"name": "S", "parentId": cycle["id"], "parentType": "test-cycle"})
        self.assertEqual(reply.json["parentId"], cycle["id"])
        for i in range(110):
            self.project.suite(f"S{i}")
        self.assertEqual(len(self.project.get("/test-suites?pageSize=10").json), 110)

    def test_put_with_a_parent_moves_and_ignores_the_body(self):
        one, two = self.project.cycle("One"), self.project.cycle("Two")
        suite = self.project.suite("S", one["id"])
        moved = self.project.put(f"/test-suites/{suite['id']}?parentId={two['id']}&parentType=test-cycle", {"name": "Other"}).json
        self.assertEqual((moved["name"], moved["parentId"]), ("S", two["id"]))
        self.assertEqual(self.project.put(f"/test-suites/{suite['id']}", {"name": "Other"}).json["name"], "Other")
        below = self.project.put(f"/test-cycles/{one['id']}?parentId={one['id']}&parentType=test-cycle")
        self.assertEqual(below.status, 400)

    def test_deleting_a_cycle_with_children_needs_force(self):
        cycle = self.project.cycle()
        suite = self.project.suite("S", cycle["id"])
        self.assertEqual(self.project.delete(f"/test-cycles/{cycle['id']}").status, 400)
        self.assertEqual(self.project.delete(f"/test-cycles/{cycle['id']}?force=true").status, 200)
        self.assertEqual(self.project.get(f"/test-suites/{suite['id']}").status, 404)

    def test_releases_hold_cycles_that_the_root_does_not_list(self):
        release = self.project.post("/releases", {"name": "R1", "properties": []})
        self.assertEqual(release.status, 201)
        where = f"?parentId={release.json['id']}&parentType=release"
        cycle = self.project.cycle("In release", where)
        self.assertEqual(self.project.get("/test-cycles").json, [])
        self.assertEqual(self.project.get("/test-cycles" + where).json[0]["id"], cycle["id"])
        build = self.project.post("/builds", {"name": "B", "release": {"id": release.json["id"]}, "properties": []})
        self.assertEqual(build.json["release"]["id"], release.json["id"])
        self.assertEqual(len(self.project.get(f"/builds?releaseId={release.json['id']}").json), 1)

    def test_a_manual_run_takes_a_manual_log_once_its_case_is_approved(self):
        case = self.project.post("/test-cases", {"name": "T", "properties": [], "test_steps": [{"description": "a", "expected": "b"}]}).json
        suite = self.project.suite()
        run = self.project.post(f"/test-runs?parentId={suite['id']}&parentType=test-suite",
                                {"name": "R", "test_case": {"id": case["id"]}, "properties": []})
        self.assertEqual(run.status, 201)
        path = f"/test-runs/{run.json['id']}/test-logs"
        self.assertEqual(self.project.get(path + "/last-run").status, 404)
        body = {"status": {"id": 602, "name": "Failed"}, "exe_start_date": "2026-01-01T00:00:00Z", "exe_end_date": "2026-01-01T00:00:01Z",
                "test_step_logs": [{"test_step_id": case["test_steps"][0]["id"], "status": {"id": 602}, "actual_result": "x"}]}
        self.assertEqual(self.project.post(path, body).status, 400)
        self.project.put(f"/test-cases/{case['id']}/approve")
        made = self.project.post(path, body)
        self.assertEqual((made.status, made.json["status"]["name"]), (201, "Failed"))
        self.assertEqual(made.json["test_step_logs"][0]["description"], "a")
        self.assertEqual(self.project.get(path + "/last-run?expand=testcase").json["test_case"]["id"], case["id"])
        changed = self.project.put(f"{path}/{made.json['id']}", {"status": {"id": 601}, "note": "better"}).json
        self.assertEqual((changed["status"]["id"], changed["note"]), (601, "better"))


class Design(SandboxCase):
    def test_modules_are_found_by_name_at_any_depth(self):
        parent = self.project.module("TestProject")
        child = self.project.module("Login flows", parent["id"])
        self.assertEqual(self.project.get("/modules?search=login").json[0]["id"], child["id"])
        tree = self.project.get("/modules?expand=descendants").json
        self.assertEqual(tree[0]["children"][0]["name"], "Login flows")
        self.assertEqual(self.project.get(f"/modules/{parent['parent_id']}").status, 404)
        self.assertIn("Module does not exist", self.project.get("/modules/424242").json["message"])
        self.assertEqual(self.project.delete(f"/modules/{parent['id']}").status, 400)
        self.assertEqual(self.project.delete(f"/modules/{parent['id']}?force=true").status, 200)

    def test_cases_without_parent_go_to_created_via_api(self):
        case = self.project.post("/test-cases", {"name": "T", "properties": []})
        self.assertEqual((case.status, case.json["version"]), (200, "0.1"))
        self.assertEqual(self.project.get(f"/modules/{case.json['parent_id']}").json["name"], "Created via API")

    def test_cases_page_by_size_of_20(self):
        for i in range(25):
            self.project.post("/test-cases", {"name": f"T{i}", "properties": []})
        self.assertEqual(len(self.project.get("/test-cases").json), 20)
        self.assertEqual(len(self.project.get("/test-cases?pageSize=50").json), 20)
        self.assertEqual(len(self.project.get("/test-cases?size=50").json), 25)
        self.assertEqual(len(self.project.get("/test-cases?page=2").json), 5)
        self.assertNotIn("test_steps", self.project.get("/test-cases").json[0])
        self.assertEqual(self.project.get("/test-cases?expandSteps=true").json[0]["test_steps"], [])
        self.assertEqual(self.project.get("/test-cases?expandProps=false").json[0]["properties"], [])

    def test_an_edit_makes_a_draft_and_approving_a_version(self):
        case = self.project.post("/test-cases", {"name": "T", "properties": [], "test_steps": [
            {"description": "two", "expected": "2", "order": 2}, {"description": "one", "expected": "1", "order": 1}]}).json
        path = f"/test-cases/{case['id']}"
        self.assertEqual([s["description"] for s in case["test_steps"]], ["one", "two"])
        self.assertEqual(self.project.put(path + "/approve").json["version"], "1.0")
        self.assertEqual(self.project.put(path + "/approve").json["version"], "1.0")
        edited = self.project.put(path, {"name": "T2"}).json
        self.assertEqual((edited["version"], len(edited["test_steps"])), ("1.1", 2))
        self.assertEqual(self.project.put(path + "/approve").json["version"], "2.0")
        versions = self.project.get(path + "/versions").json
        self.assertEqual([v["version"] for v in versions], ["2.0", "1.1", "1.0", "0.1"])
        old = versions[-1]["test_case_version_id"]
        self.assertEqual(self.project.get(f"{path}?versionId={old}").json["name"], "T")
        steps = self.project.get(f"{path}/versions/{old}/test-steps").json
        self.assertEqual([s["order"] for s in steps], [1, 2])
        self.assertEqual(self.project.get("/test-cases/TC-1?expand=teststep").json["test_steps"][0]["description"], "one")

    def test_single_steps_can_be_added_changed_and_deleted(self):
        case = self.project.post("/test-cases", {"name": "T", "properties": []}).json
        path = f"/test-cases/{case['id']}/test-steps"
        made = self.project.post(path, {"description": "d", "expected": "e"}).json
        self.assertEqual(self.project.put(f"{path}/{made['id']}", {"description": "D", "expected": "E"}).json["description"], "D")
        self.assertEqual(len(self.project.get(path).json), 1)
        self.assertEqual(self.project.delete(f"{path}/{made['id']}").status, 200)
        self.assertEqual(self.project.get(path).json, [])

    def test_many_cases_change_at_once(self):
        cases = [self.project.post("/test-cases", {"name": f"T{i}", "properties": []}).json for i in range(3)]
        body = {str(c["id"]): {"name": c["name"] + "x", "properties": []} for c in cases}
        self.assertEqual([c["name"] for c in self.project.put("/test-cases/update/testcases", body).json], ["T0x", "T1x", "T2x"])

    def test_a_case_made_by_hand_with_automation_content_is_found_by_the_queue(self):
        fields = {f["label"]: f for f in self.project.get("/settings/test-cases/fields").json}
        self.assertEqual(fields["Automation Content"]["original_name"], "ClassIdTestCase")
        case = self.project.post("/test-cases", {"name": "By hand", "properties": [
            {"field_id": fields["Automation"]["id"], "field_value": 711},
            {"field_id": fields["Automation Content"]["id"], "field_value": "a.b#c"}]}).json
        suite = self.project.suite()
        self.project.run_job({"test_suite": suite["id"], "test_logs": [log("Other name", "a.b#c")]})
        self.assertEqual(self.project.runs(suite["id"])[0]["testCaseId"], case["id"])
        self.assertEqual(self.project.get(f"/test-cases/{case['id']}").json["name"], "By hand")
        info = {p["field_name"]: p["field_value"] for p in self.project.get(f"/test-cases/{case['id']}/properties-info").json}
        self.assertEqual(info["Automation Content"], "a.b#c")


class Fields(SandboxCase):
    def test_custom_fields_are_checked_by_type(self):
        field = self.project.post("/settings/test-cases/fields", {"label": "Team", "data_type": 3, "allowed_values": [
            {"label": "Red", "value": 1}, {"label": "Blue", "value": 2}]})
        self.assertEqual(field.status, 201)
        good = self.project.post("/test-cases", {"name": "T", "properties": [{"field_id": field.json["id"], "field_value": "2"}]})
        self.assertIn(("Team", "2", "Blue"), [(p["field_name"], p["field_value"], p.get("field_value_name")) for p in good.json["properties"]])
        bad = self.project.post("/test-cases", {"name": "T", "properties": [{"field_id": field.json["id"], "field_value": "7"}]})
        self.assertEqual(bad.status, 400)
        found = self.project.found("test-cases", "Team = 'Blue'", fields=["id"])
        self.assertEqual([f["id"] for f in found], [good.json["id"]])
        self.assertEqual(self.project.found("test-cases", f"{field.json['id']} = '1'"), [])

    def test_required_fields_must_be_filled_on_creation(self):
        field = self.project.post("/settings/test-suites/fields", {"label": "Lab", "data_type": 1, "required": True}).json["id"]
        self.assertEqual(self.project.post("/test-suites", {"name": "S"}).status, 400)
        made = self.project.post("/test-suites", {"name": "S", "properties": [{"field_id": field, "field_value": "x"}]})
        self.assertEqual(made.status, 200)
        self.assertEqual(self.project.put(f"/test-suites/{made.json['id']}", {"name": "T"}).status, 200)

    def test_planned_dates_of_suites_are_checked(self):
        field = next(f["id"] for f in self.project.get("/settings/test-suites/fields").json if f["original_name"] == "PlannedStartDate")
        bad = self.project.post("/test-suites", {"name": "S", "properties": [{"field_id": field, "field_value": "soon"}]})
        self.assertEqual(bad.status, 400)


class Search(SandboxCase):
    def setUp(self):
        super().setUp()
        self.cycle = self.project.cycle("Nightly")
        self.suite = self.project.suite("Chrome", self.cycle["id"])
        self.project.run_job({"test_suite": self.suite["id"], "test_logs": [
            log("Alpha", "qt-a"), log("Beta", "qt-b", "FAIL", exe_start_date="2026-02-01T00:00:00Z", exe_end_date="2026-02-01T00:00:05Z"),
            log("Gamma ray", "other")]})

    def names(self, object_type, query):
        return [i["name"] for i in self.project.found(object_type, query)]

    def test_the_operators(self):
        self.assertEqual(self.names("test-cases", "'Automation Content' = 'qt-a' or 'Automation Content' = 'other'"), ["Alpha", "Gamma ray"])
        self.assertEqual(self.names("test-cases", "'Automation Content' ~ 'qt-'"), ["Alpha", "Beta"])
        self.assertEqual(self.names("test-cases", "'Automation Content' !~ 'qt-'"), ["Gamma ray"])
        self.assertEqual(self.names("test-cases", "Name != 'Alpha' and (Name ~ 'ray' or Id = 'TC-2')"), ["Beta", "Gamma ray"])
        self.assertEqual(self.names("test-cases", "Name in ('Alpha', 'Beta')"), ["Alpha", "Beta"])
        self.assertEqual(self.names("test-cases", "'Automation Content' is 'not empty'"), ["Alpha", "Beta", "Gamma ray"])
        self.assertEqual(self.names("test-cases", ""), ["Alpha", "Beta", "Gamma ray"])
        self.assertEqual(self.names("test-cases", "Type = 'Automation' and Automation = 'Yes' and 'Created Date' > '2020-01-01T00:00:00Z'"),
                         ["Alpha", "Beta", "Gamma ray"])

    def test_runs_newest_first_by_place_case_and_status(self):
        self.assertEqual(self.names("test-runs", "'Test Suite Id' = 'TS-1'"), ["Gamma ray", "Beta", "Alpha"])
        self.assertEqual(self.names("test-runs", f"'Test Cycle Id' = 'CL-1' and Status = 'Failed'"), ["Beta"])
        self.assertEqual(self.names("test-runs", "'Test Cycle' = 'Nightly' and 'Test Suite' = 'Chrome' and name ~ 'alp'"), ["Alpha"])
        case = self.project.found("test-cases", "Name = 'Beta'")[0]["id"]
        self.assertEqual(self.names("test-runs", f"'Test Case Id' = {case}"), ["Beta"])
        self.assertEqual(self.names("test-runs", "'Test Case Automation Content' = 'qt-a'"), ["Alpha"])

    def test_logs_by_their_dates(self):
        def starts(query):
            return [i["exe_start_date"] for i in self.project.found("test-logs", query)]
        self.assertEqual(starts("'Execution Start Date' >= '2026-01-31T00:00:00.000Z'"), ["2026-02-01T07:00:00+07:00"])
        self.assertEqual(len(starts("'Execution Start Date' in '2026-01-02T00:00:00Z'")), 2)
        self.assertEqual(len(starts("'Execution End Date' < '2026-01-03T00:00:00Z' and 'Execution Start Date' > '2026-01-01T00:00:00Z'")), 2)
        item = self.project.found("test-logs", "", parameters="?includeTestLogProperties=true")[0]
        self.assertIn("test_step_logs", item)
        self.assertNotIn("test_step_logs", self.project.found("test-logs", "")[0])

    def test_cycles_and_suites_by_name(self):
        self.assertEqual(self.names("test-cycles", "Name = 'Nightly'"), ["Nightly"])
        self.assertEqual(self.names("test-suites", "Name = 'Chrome' and 'Test Cycle Id' = 'CL-1'"), ["Chrome"])

    def test_fields_trim_the_items(self):
        self.assertEqual(sorted(self.project.found("test-cases", "", fields=["id", "pid"])[0]), ["id", "pid"])

    def test_pages(self):
        page = self.project.search("test-cases", "", parameters="?pageSize=2&page=2").json
        self.assertEqual((page["page"], page["page_size"], page["total"], len(page["items"])), (2, 2, 3, 1))
        self.assertEqual([l["rel"] for l in page["links"]], ["prev"])

    def test_a_bad_query_gives_400(self):
        for query in ("Name", "Name =", "Name='x'", "Name = 'it's'", "Name = 'x' y", "(Name = 'x'", "Nothing = 'x'", "Name > 'x'",
                      "'Created Date' = 'soon'", "Name is 'empty'", "(" * 200 + "Name = 'x'" + ")" * 200):
            self.assertEqual(self.project.search("test-cases", query).status, 400, query)
        self.assertEqual(self.project.search("modules", "").status, 400)
        self.assertEqual(self.project.search("test-logs", "Note ~ 'x'").status, 400)

    def test_a_long_query_works(self):
        query = " or ".join(f"'Automation Content' = 'no-{i}'" for i in range(2000)) + " or 'Automation Content' = 'qt-a'"
        self.assertEqual(self.names("test-cases", query), ["Alpha"])


class Attachments(SandboxCase):
    def test_files_at_logs_steps_and_cases(self):
        suite = self.project.suite()
        file = {"name": "shot.png", "content_type": "image/png", "data": "iVBORw==", "author": {}}
        self.project.run_job({"test_suite": suite["id"], "test_logs": [
            log(attachments=[file], test_step_logs=[step("open", 0, attachments=[file])])]})
        run = self.project.runs(suite["id"])[0]["id"]
        entry = self.project.logs(run)[0]
        self.assertEqual(entry["attachments"][0]["name"], "shot.png")
        self.assertEqual(entry["test_step_logs"][0]["attachments"][0]["content_type"], "image/png")
        got = self.project.get(f"/test-logs/{entry['id']}/attachments/{entry['attachments'][0]['id']}")
        self.assertEqual(got.body, b"\x89PNG")
        made = self.project.post(f"/test-logs/{entry['id']}/blob-handles", b"\x00\x01raw",
                                 headers={"File-Name": "a.bin", "Content-Type": "application/octet-stream"})
        self.assertEqual((made.status, made.json["artifact_id"]), (201, entry["id"]))
        self.assertEqual(self.project.get(f"/test-logs/{entry['id']}/attachments/{made.json['id']}").body, b"\x00\x01raw")
        self.assertEqual(self.project.get(f"/attachments?type=test-logs&ids={entry['id']}").json["total"], 2)
        self.assertEqual(self.project.delete(f"/test-logs/{entry['id']}/blob-handles/{made.json['id']}").status, 200)
        self.assertEqual(len(self.project.get(f"/test-logs/{entry['id']}/attachments").json), 1)
        self.assertEqual(self.project.post(f"/test-logs/{entry['id']}/blob-handles", b"x").status, 400)
        self.assertEqual(self.project.post(f"/test-runs/{run}/blob-handles", b"x", headers={"File-Name": "x"}).status, 400)


class Links(SandboxCase):
    def test_requirements_link_cases_and_leave_out_what_is_not_there(self):
        requirement = self.project.post("/requirements", {"name": "KEY-1 do it", "properties": []})
        self.assertEqual(requirement.status, 200)
        case = self.project.post("/test-cases", {"name": "T", "properties": []}).json
        self.assertEqual(self.project.found("requirements", "Name ~ 'KEY-1'")[0]["pid"], "RQ-1")
        path = f"/requirements/{requirement.json['id']}/link?type=test-cases"
        for _ in range(2):
            linked = self.project.post(path, [case["id"], 424242]).json
            self.assertEqual([o["pid"] for o in linked[0]["objects"]], ["TC-1"])
        back = self.project.get(f"/linked-artifacts?type=test-cases&ids={case['id']}").json
        self.assertEqual(back[0]["objects"][0]["pid"], "RQ-1")
        self.project.delete(path, body=[case["id"]])
        self.assertEqual(self.project.get(f"/linked-artifacts?type=test-cases&ids={case['id']}").json[0]["objects"], [])

    def test_defects_at_logs(self):
        suite = self.project.suite()
        self.project.run_job({"test_suite": suite["id"], "test_logs": [log(defect_pids=["JIRA-7"])]})
        run = self.project.runs(suite["id"])[0]["id"]
        entry = self.project.logs(run)[0]
        self.assertEqual(entry["defects"][0]["external_defect_id"], "JIRA-7")
        self.assertEqual(self.project.post(f"/test-logs/{entry['id']}/defects", ["JIRA-8"]).status, 201)
        self.assertEqual(len(self.project.logs(run)[0]["defects"]), 2)


class Identifiers(SandboxCase):
    options = ("--set", "first-id=9007199254740993")

    def test_ids_above_two_to_the_53_stay_exact(self):
        cycle = self.project.cycle()
        self.assertGreater(cycle["id"], 2**53)
        suite = self.project.suite("S", cycle["id"])
        self.project.run_job({"test_suite": suite["id"], "test_logs": [log()]})
        run = self.project.runs(suite["id"])[0]
        self.assertEqual(run["parentId"], suite["id"])
        self.assertEqual(self.project.found("test-runs", f"'Test Suite Id' = {suite['id']}")[0]["id"], run["id"])
        self.assertEqual(self.project.get(f"/test-runs/{quote(str(run['id']))}?expand=testcase").json["test_case"]["id"], run["testCaseId"])


if __name__ == "__main__":
    unittest.main()
