"""Whatever a client sends: the documented status, a body that says why, no crash (and, under the sanitizers, no leak)."""

import http.client
import json
import random
import socket
import unittest

from sandbox_support import HANG_SECONDS, TOKEN, SandboxCase, free_socket, log, step

DEEP = 100000


class Bodies(SandboxCase):
    def setUp(self):
        super().setUp()
        self.suite = self.project.suite()["id"]
        self.targets = [
            ("POST", f"/api/v3.1/projects/{self.project.id}/test-runs/0/auto-test-logs?type=automation"),
            ("POST", self.project.path + "/auto-test-logs?type=automation"), ("POST", self.project.path + "/test-runs/0/auto-test-logs"),
            ("POST", self.project.path + "/test-cycles"), ("POST", self.project.path + "/test-suites"), ("POST", self.project.path + "/modules"),
            ("POST", self.project.path + "/test-cases"), ("POST", self.project.path + "/test-runs"), ("POST", self.project.path + "/search"),
            ("POST", self.project.path + "/releases"), ("POST", self.project.path + "/requirements"), ("POST", "/api/v3/projects"),
            ("PUT", self.project.path + f"/test-suites/{self.suite}"), ("POST", self.project.path + "/settings/test-cases/fields")]

    def test_what_is_no_json_object_gives_400(self):
        bodies = [b"{", b"nonsense", b"{\"name\":}", b"\xff\xfe\x00", b"[" * DEEP, b"{\"a\":" * DEEP, b"\"text\"", b"7", b"null", b"[]",
                  b"{\"name\": \"x\"} trailing", b"", b"\x00"]
        for method, target in self.targets:
            for body in bodies:
                reply = self.sandbox.request(method, target, body)
                self.assertEqual(reply.status, 400, (target, body[:40]))
                self.assertTrue(reply.json["message"])

    def test_wrong_types_and_missing_members_give_400(self):
        for method, target in self.targets:
            if method == "PUT" or target.endswith("/search"):
                continue
            for body in ({}, {"name": {}}, {"name": [1]}, {"name": ""}, {"name": None}):
                self.assertEqual(self.sandbox.request(method, target, body).status, 400, (target, body))
        path = self.project.path
        for target, body in ((path + "/search", {}), (path + "/search", {"object_type": 5}), (path + "/search", {"object_type": "test-cases", "query": {}}),
                             (path + "/search", {"object_type": "test-cases", "fields": "id"}), (path + "/search", {"object_type": "test-cases", "fields": [5]}),
                             (path + "/test-cases", {"name": "x", "properties": {}}), (path + "/test-cases", {"name": "x", "properties": [5]}),
                             (path + "/test-cases", {"name": "x", "test_steps": "x"}), (path + "/test-cases", {"name": "x", "test_steps": [5]}),
                             (path + "/test-cases", {"name": "x", "properties": [{"field_id": 4242, "field_value": "x"}]}),
                             (path + "/test-runs", {"name": "x"}), (path + "/test-runs", {"name": "x", "test_case": 5}),
                             (path + "/test-cycles?parentType=nowhere&parentId=1", {"name": "x"}), (path + "/test-cycles?parentType=release", {"name": "x"})):
            self.assertEqual(self.sandbox.post(target, body).status, 400, (target, body))

    def test_what_is_deep_inside_a_log(self):
        deep = json.loads("[" * 50 + "]" * 50)
        for entry in (log(note=deep), log(test_step_logs=deep), log(attachments=deep), log(properties=deep), log(module_names=deep)):
            reply = self.project.submit({"test_suite": self.suite, "test_logs": [entry]})
            if reply.status == 201:
                self.sandbox.wait_job(reply.json["id"])
            else:
                self.assertEqual(reply.status, 400)
        path = {"test_cycle": self.project.cycle()["id"], "test_logs": [log(module_names=["m"] * 5000)]}
        self.assertEqual(self.sandbox.wait_job(self.project.submit_tree(path).json["id"])["state"], "FAILED")

    def test_a_deep_tree_can_be_shown(self):
        cycle = module = None
        for i in range(300):
            cycle = self.project.cycle(f"C{i}", f"?parentId={cycle}&parentType=test-cycle" if cycle else "")["id"]
            module = self.project.module(f"M{i}", module)["id"]
        self.assertEqual(self.project.post(f"/test-cycles?parentId={cycle}&parentType=test-cycle", {"name": "x"}).status, 400)
        self.assertEqual(self.project.post(f"/modules?parentId={module}", {"name": "x"}).status, 400)
        for path in ("/test-cycles", "/modules"):
            one = self.project.post(path, {"name": "one"}).json["id"]
            self.project.post(f"{path}?parentId={one}&parentType=test-cycle", {"name": "two"})
            deep = {"/test-cycles": cycle, "/modules": module}[path]
            self.assertEqual(self.project.put(f"{path}/{one}?parentId={deep}&parentType=test-cycle").status, 400)
            self.assertEqual(self.project.delete(f"{path}/{one}?force=true").status, 200)
        self.assertEqual(self.project.get("/test-cycles?expand=descendants").status, 200)
        self.assertEqual(self.project.get("/modules?expand=descendants").status, 200)
        for tab in ("testexecution", "testdesign"):
            self.assertEqual(self.sandbox.get(f"/p/{self.project.id}/portal/project?tab={tab}", token="").status, 200)
        top = self.project.get("/test-cycles").json[0]["id"]
        self.assertEqual(self.project.delete(f"/test-cycles/{top}?force=true").status, 200)
        self.assertEqual(self.project.get(f"/test-cycles/{cycle}").status, 404)

    def test_random_damage_to_good_requests(self):
        seed = random.Random(7)
        good = json.dumps({"test_suite": self.suite, "test_logs": [log(note="n", test_step_logs=[step("a", 0)], properties=[{"field_id": 1, "field_value": "x"}])]}).encode()
        for _ in range(400):
            body = bytearray(good)
            for _ in range(seed.randint(1, 6)):
                at = seed.randrange(len(body))
                body[at:at + seed.randint(0, 3)] = bytes(seed.choice(b"{}[]\",:0\x00\xff\\n") for _ in range(seed.randint(0, 3)))
            self.assertIn(self.project.submit(bytes(body)).status, (201, 400, 404))
        self.assertEqual(self.sandbox.get("/api/v3/projects").status, 200)


class Ids(SandboxCase):
    options = None

    def test_ids_of_another_project_are_not_there(self):
        self.start(projects=["Demo", "Other"])
        other = type(self.project)(self.sandbox, "Other")
        cycle, suite, module = other.cycle()["id"], other.suite()["id"], other.module()["id"]
        other.run_job({"test_suite": suite, "test_logs": [log(attachments=[{"name": "a", "data": "eA=="}])]})
        run = other.runs(suite)[0]
        entry = other.logs(run["id"])[0]["id"]
        targets = [f"/test-cycles/{cycle}", f"/test-suites/{suite}", f"/modules/{module}", f"/test-runs/{run['id']}", f"/test-cases/{run['testCaseId']}",
                   f"/test-runs/{run['id']}/test-logs", f"/test-runs/{run['id']}/test-logs/{entry}", f"/test-logs/{entry}/attachments",
                   f"/test-runs?parentId={suite}&parentType=test-suite", f"/test-suites?parentId={cycle}&parentType=test-cycle", f"/modules?parentId={module}",
                   f"/test-cases?parentId={module}"]
        for target in targets:
            self.assertEqual(self.project.get(target).status, 404, target)
        for target in (f"/test-cycles/{cycle}", f"/test-suites/{suite}", f"/modules/{module}"):
            self.assertEqual(self.project.put(target, {"name": "taken"}).status, 404)
            self.assertEqual(self.project.delete(target + "?force=true").status, 404)
        for body in ({"test_suite": suite, "test_logs": [log()]}, {"test_suite": self.project.suite()["id"], "parent_module": module, "test_logs": [log()]}):
            self.assertEqual(self.project.submit(body).status, 404)
        self.assertEqual(self.project.post("/test-runs", {"name": "x", "test_case": {"id": run["testCaseId"]}}).status, 404)
        for object_type in ("test-cases", "test-runs", "test-logs"):
            self.assertEqual(self.project.found(object_type, ""), [])
        self.assertEqual(self.sandbox.get(f"/p/{self.project.id}/portal/project?object=4&id={cycle}", token="").status, 404)

    def test_strange_ids_and_pages(self):
        self.start()
        for number in ("9007199254740993", "9223372036854775807", "9223372036854775808", "-1", "0", "1e3", "99999999999999999999999", "TC-", "TC-x", "%00", "%2e%2e", "a%2Fb"):
            self.assertEqual(self.project.get(f"/test-cases/{number}").status, 404, number)
            self.assertIn(self.project.submit({"test_suite": number, "test_logs": [log()]}).status, (201, 404), number)
        for query in ("page=-5", "page=99999999999999999999", "page=9223372036854775807", "size=-1", "size=0", "size=9223372036854775807", "page=x&size=y", "&&=&=x", "%zz=%"):
            self.assertEqual(self.project.get("/test-cases?" + query).status, 200, query)
            self.assertEqual(self.project.get("/test-runs?pageSize=5&" + query).status, 200, query)
        for target in ("//", "/api//v3/projects", "/api/v3/projects/", "/api/v3/projects/" + "x/" * 2000, "/?", "*"):
            self.assertIn(self.sandbox.get(target).status, (200, 401, 404), target)

    def test_names_and_texts_of_every_kind_come_back_as_they_were(self):
        self.start()
        for name in ("<script>alert(1)</script>", "\"quotes\" 'and' \\", "עברית ‏مرحبا", "a\tb\nc", "😀" * 500, "&amp; &lt;", "%s%n", "'; DROP TABLE runs; --", "\u0000x".replace("\u0000", "")):
            self.assertEqual(self.project.cycle(name)["name"], name)
            suite = self.project.suite()["id"]
            self.project.run_job({"test_suite": suite, "test_logs": [log(name, note=name)]})
            run = self.project.runs(suite)[0]
            self.assertEqual((run["name"], self.project.logs(run["id"])[0]["note"]), (name, name))


class Wire(SandboxCase):
    def raw(self, data):
        connection = free_socket(self.sandbox.port)
        connection.settimeout(HANG_SECONDS)
        received = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except OSError:
            pass
        connection.close()
        return received

    def test_what_is_no_http(self):
        for data in (b"", b"\n\n\n", b"\x16\x03\x01\x02\x00" + bytes(200), b"GET", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
                     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20000 + b"\r\n",
                     b"POST /api/v3/projects HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"):
            self.raw(data)
            self.assertEqual(self.sandbox.get("/api/v3/projects").status, 200, data[:40])

    def test_a_strange_host_header_makes_no_strange_links(self):
        head = f"GET /api/v3/projects HTTP/1.1\r\nHost: a\"<b>\r\nAuthorization: bearer {TOKEN}\r\nConnection: close\r\n\r\n"
        self.assertIn(b"http://localhost/api", self.raw(head.encode()))

    def test_head_and_other_methods(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=HANG_SECONDS)
        connection.request("HEAD", "/version")
        reply = connection.getresponse()
        self.assertEqual((reply.status, reply.read()), (200, b""))
        for method in ("PATCH", "OPTIONS", "TRACE", "FOO"):
            connection.request(method, "/api/v3/projects", headers={"Authorization": "bearer " + TOKEN})
            reply = connection.getresponse()
            reply.read()
            self.assertEqual(reply.status, 405, method)
        connection.close()


if __name__ == "__main__":
    unittest.main()
