"""Faults on purpose, TLS, many connections, large bodies, restarts and kill -9."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from sandbox_support import BINARY, HANG_SECONDS, TOKEN, Project, Sandbox, SandboxCase, free_socket, log


class FaultRules(SandboxCase):
    options = None

    def cycles(self):
        return len(self.project.get("/test-cycles?pageSize=-1").json)

    def test_a_status_replaces_the_work(self):
        self.start(faults=[{"method": "POST", "path": "/test-cycles", "nth": 2,
                            "action": {"status": 503, "headers": {"X-Made": "up"}, "body": {"message": "later"}}}])
        self.assertEqual(self.project.post("/test-cycles", {"name": "1"}).status, 201)
        reply = self.project.post("/test-cycles", {"name": "2"})
        self.assertEqual((reply.status, reply.headers["X-Made"], reply.json), (503, "up", {"message": "later"}))
        self.assertEqual(self.project.post("/test-cycles", {"name": "3"}).status, 201)
        self.assertEqual(self.cycles(), 2)

    def test_the_work_is_done_and_the_reply_lost(self):
        for action in ({"close": "after"}, {"close": "after", "reset": True}):
            self.start(faults=[{"method": "POST", "path": "*/test-cycles*", "nth": 1, "action": action}])
            self.assertRaises(ConnectionError, self.project.post, "/test-cycles", {"name": "1"})
            self.assertEqual(self.cycles(), 1)
            line = next(entry for entry in self.sandbox.lines() if entry["method"] == "POST")
            self.assertEqual((line["status"], line["fault"], line["delivered"]), (201, "rule", False))

    def test_closed_before_the_body_is_read(self):
        self.start(faults=[{"method": "POST", "nth": 1, "action": {"close": "before"}}])
        self.assertRaises(ConnectionError, self.project.post, "/test-cycles", {"name": "1"})
        self.assertEqual(self.cycles(), 0)

    def test_another_status_after_the_work(self):
        self.start(faults=[{"method": "POST", "action": {"status": 502, "html": True, "after_work": True}}])
        reply = self.project.post("/test-cycles", {"name": "1"})
        self.assertEqual((reply.status, reply.headers["Content-Type"]), (502, "text/html"))
        self.assertEqual(self.cycles(), 1)

    def test_html_half_a_body_drip_and_delay(self):
        self.start(faults=[{"path": "?html", "action": {"html": True}}, {"path": "?half", "action": {"half_body": True}},
                           {"path": "?drip", "action": {"drip": {"bytes": 100, "ms": 20}}}, {"path": "?late", "action": {"delay_ms": 200}}])
        self.assertIn(b"Sign in", self.sandbox.get("/api/v3/projects?html").body)
        self.assertRaises(http.client.IncompleteRead, self.sandbox.get, "/api/v3/projects?half")
        for target, seconds in (("?drip", 0.055), ("?late", 0.2)):
            begin = time.monotonic()
            self.assertEqual(self.sandbox.get("/api/v3/projects" + target).json[0]["name"], "Demo")
            self.assertGreaterEqual(time.monotonic() - begin, seconds)

    def test_ranges_and_every(self):
        self.start(faults=[{"path": "/oauth/status", "from": 2, "to": 6, "every": 2, "action": {"status": 500}}])
        self.assertEqual([self.sandbox.get("/oauth/status").status for _ in range(8)], [200, 500, 200, 500, 200, 500, 200, 200])

    def test_wrong_rules_are_refused(self):
        for rules in ({}, [1], [{"action": {}, "when": 1}], [{}], [{"action": {"status": "x"}}], [{"action": {"close": "now"}}],
                      [{"nth": 0, "action": {}}], [{"action": {"headers": {"a": 1}}}], [{"action": {"drip": {"ms": 1}}}]):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(rules, file)
                file.flush()
                done = subprocess.run([BINARY, "--faults", file.name], capture_output=True, timeout=HANG_SECONDS)
                self.assertEqual(done.returncode, 2, rules)


class CommandLine(unittest.TestCase):
    def run_with(self, *options):
        return subprocess.run([BINARY, *options], capture_output=True, text=True, timeout=HANG_SECONDS)

    def test_wrong_options_end_with_2_and_say_why(self):
        for options, words in ((["--what"], "unknown option"), (["--set", "x=1"], "no switch"), (["--set", "run-name=lost"], "kept|updated"),
                               (["--set", "run-name"], "name=value"), (["--set", "search-lag-ms=-1"], "from 0"), (["--listen", "here"], "HOST:PORT"),
                               (["--job-ms", "x"], "milliseconds"), (["--token"], "needs a value"), (["--tls-cert", "x"], "belong together"),
                               (["--set", "zone=7"], "+hh:mm")):
            done = self.run_with(*options)
            self.assertEqual(done.returncode, 2, options)
            self.assertIn(words, done.stderr)

    def test_files_that_are_not_there_end_with_1(self):
        self.assertEqual(self.run_with("--db", "/nowhere/x.db").returncode, 1)
        self.assertEqual(self.run_with("--tls-cert", "/nowhere/c", "--tls-key", "/nowhere/k").returncode, 1)

    def test_help_lists_every_switch_of_the_reference(self):
        done = self.run_with("--help")
        self.assertEqual(done.returncode, 0)
        for number in range(1, 27):
            self.assertRegex(done.stdout, rf"(?m)^  +{number}  [a-z0-9-]+=")


class Load(SandboxCase):
    options = None

    def test_latency_does_not_queue_requests(self):
        """One after the other they would take 40 s."""
        self.start("--latency-ms", "1000")
        begin, statuses = time.monotonic(), []

        def ask():
            connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=HANG_SECONDS)
            connection.request("GET", "/api/v3/projects", headers={"Authorization": "bearer " + TOKEN})
            statuses.append(connection.getresponse().status)
            connection.close()

        threads = [threading.Thread(target=ask) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 40)
        self.assertLess(time.monotonic() - begin, 20)

    def test_500_idle_and_half_sent_connections_block_nobody(self):
        self.start()
        idle = [free_socket(self.sandbox.port) for _ in range(500)]
        for i, connection in enumerate(idle):
            if i % 2:
                connection.sendall(b"POST /api/v3/projects/1/test-cycles HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        self.assertEqual(self.sandbox.get("/api/v3/projects", fresh=True).status, 200)  # else this would hang
        for connection in idle:
            connection.close()
        self.assertEqual(self.sandbox.get("/api/v3/projects").status, 200)

    def test_a_slow_sender_is_served(self):
        self.start()
        body = json.dumps({"name": "slow"}).encode()
        head = (f"POST {self.project.path}/test-cycles HTTP/1.1\r\nHost: x\r\nAuthorization: bearer {TOKEN}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n").encode()
        connection = free_socket(self.sandbox.port)
        for byte in head + body:
            connection.sendall(bytes([byte]))
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        connection.close()
        self.assertIn(b"201 Created", received)

    def test_a_body_of_50_mb(self):
        self.start()
        suite = self.project.suite()["id"]
        reply = self.project.submit({"test_suite": suite, "test_logs": [log(note="x" * (50 << 20))]})
        self.assertEqual(reply.status, 201)
        self.assertEqual(self.sandbox.wait_job(reply.json["id"])["state"], "SUCCESS")

    def test_a_larger_body_than_allowed_gives_413(self):
        self.start("--set", "body-limit-mb=1")
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=HANG_SECONDS)
        connection.request("POST", self.project.path + "/test-cycles", iter([b" " * 700000] * 2),
                           {"Authorization": "bearer " + TOKEN, "Transfer-Encoding": "chunked"}, encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 413)
        connection.close()
        raw = free_socket(self.sandbox.port)
        raw.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n")
        self.assertIn(b" 413 ", raw.recv(65536))
        raw.close()

    def test_a_connection_is_kept(self):
        self.start()
        for _ in range(3):
            self.sandbox.get("/api/v3/projects")
            used = self.sandbox.connection.sock
        self.assertIs(self.sandbox.connection.sock, used)


class Restart(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.db = os.path.join(self.folder.name, "sandbox.db")

    def tearDown(self):
        self.folder.cleanup()

    def test_the_database_survives_and_ids_go_on(self):
        with Sandbox(db=self.db) as sandbox:
            first = Project(sandbox).cycle("One")["id"]
        with Sandbox(db=self.db) as sandbox:
            project = Project(sandbox)
            self.assertEqual(project.get("/test-cycles").json[0]["id"], first)
            self.assertGreater(project.cycle("Two")["id"], first)

    def killed_and_started_again(self, sandbox, jobs, *options):
        sandbox.kill()
        sandbox.options = list(options)
        sandbox.start()
        return [sandbox.wait_job(job) for job in jobs]

    def test_kill_during_jobs_leaves_each_whole_or_to_be_done(self):
        count = 300
        for delay in (0.0, 0.01, 0.03, 0.06, 0.1, 0.15):
            db = f"{self.db}-{delay}"
            sandbox = Sandbox("--job-ms", "20", db=db)
            project = Project(sandbox)
            suites = [project.suite(f"S{i}")["id"] for i in range(4)]
            jobs = [project.submit({"test_suite": suite, "test_logs": [log(f"T{i}") for i in range(count)]}).json["id"] for suite in suites]
            time.sleep(delay)
            ended = self.killed_and_started_again(sandbox, jobs, "--job-ms", "0")
            with sandbox:
                project = Project(sandbox)
                for suite, job in zip(suites, ended):
                    self.assertEqual(job["state"], "SUCCESS")
                    runs = project.runs(suite)
                    self.assertEqual(len(runs), count)
                    self.assertEqual({len(project.logs(r["id"])) for r in runs[:3] + runs[-3:]}, {1})
                self.assertEqual(project.search("test-logs", "").json["total"], count * len(suites))
                self.assertEqual(project.search("test-cases", "").json["total"], count)

    def test_kill_with_a_failing_job_keeps_to_the_switch(self):
        for value, left in (("nothing-written", 0), ("prefix-written", 200)):
            options = ["--job-ms", "30", "--set", "failed-job=" + value]
            sandbox = Sandbox(*options, db=f"{self.db}-{value}")
            project = Project(sandbox)
            suite = project.suite()["id"]
            logs = [log(f"T{i}") for i in range(200)] + [log("bad", status="Maybe"), log("after")]
            job = project.submit({"test_suite": suite, "test_logs": logs}).json["id"]
            ended = self.killed_and_started_again(sandbox, [job], *options)
            with sandbox:
                self.assertEqual(ended[0]["state"], "FAILED")
                self.assertEqual(len(Project(sandbox).runs(suite)), left)

    def test_what_was_answered_is_there_after_a_kill(self):
        sandbox = Sandbox(db=self.db)
        project = Project(sandbox)
        made = [project.cycle(f"C{i}")["id"] for i in range(50)]
        self.killed_and_started_again(sandbox, [])
        with sandbox:
            listed = [c["id"] for c in Project(sandbox).get("/test-cycles?pageSize=-1").json]
            self.assertEqual(listed, made)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.authority("ca")
        cls.authority("other")
        cls.certificate("server", "ca", "subjectAltName=IP:127.0.0.1")
        cls.certificate("client", "ca", "extendedKeyUsage=clientAuth")
        cls.certificate("stranger", "other", "extendedKeyUsage=clientAuth")

    @classmethod
    def file(cls, name):
        return os.path.join(cls.folder.name, name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def openssl(cls, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    @classmethod
    def authority(cls, name):
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name,
                    "-days", "2", "-keyout", cls.file(name + ".key"), "-out", cls.file(name + ".pem"))

    @classmethod
    def certificate(cls, name, authority, extension):
        with open(cls.file("ext"), "w", encoding="ascii") as file:
            file.write(extension + "\n")
        cls.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name,
                    "-keyout", cls.file(name + ".key"), "-out", cls.file(name + ".csr"))
        cls.openssl("x509", "-req", "-in", cls.file(name + ".csr"), "-CA", cls.file(authority + ".pem"), "-CAkey",
                    cls.file(authority + ".key"), "-CAcreateserial", "-days", "2", "-extfile", cls.file("ext"), "-out", cls.file(name + ".pem"))

    def ask(self, port, client=None):
        context = ssl.create_default_context(cafile=self.file("ca.pem"))
        if client:
            context.load_cert_chain(self.file(client + ".pem"), self.file(client + ".key"))
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=HANG_SECONDS, context=context)
        try:
            connection.request("GET", "/api/v3/projects", headers={"Authorization": "bearer " + TOKEN})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()

    def server(self, *more):
        return Sandbox("--tls-cert", self.file("server.pem"), "--tls-key", self.file("server.key"), *more)

    def test_https_with_an_own_authority(self):
        with self.server() as sandbox:
            status, projects = self.ask(sandbox.port)
            self.assertEqual(status, 200)
            self.assertTrue(projects[0]["links"][0]["href"].startswith("https://127.0.0.1:"))
            plain = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=5)
            with self.assertRaises((ConnectionError, http.client.HTTPException, socket.timeout)):
                plain.request("GET", "/version")
                plain.getresponse()
            plain.close()

    def test_client_certificates(self):
        with self.server("--tls-client-ca", self.file("ca.pem")) as sandbox:
            self.assertEqual(self.ask(sandbox.port, "client")[0], 200)
            for client in (None, "stranger"):
                try:
                    self.assertEqual(self.ask(sandbox.port, client)[0], 403)
                except (ssl.SSLError, ConnectionError):
                    pass  # refused in the handshake is as good


if __name__ == "__main__":
    unittest.main()
