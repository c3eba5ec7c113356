"""Starts qtest-sandbox on a port that the system picks and speaks to it; standard library only."""

import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("QTEST_SANDBOX", os.path.join(ROOT, os.environ.get("BUILD", "build/release"), "qtest-sandbox"))
TOKEN = "test-token"
ENDED = ("SUCCESS", "FAILED")
# Nothing takes so long, on the slowest machine: only a test that hangs meets it.
HANG_SECONDS = 120


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Sandbox:
    """with Sandbox("--set", "run-name=updated", projects=["Demo"]) as sb: sb.get("/api/v3/projects")"""

    def __init__(self, *options, projects=("Demo",), db=":memory:", faults=None, wrapper=()):
        self.folder = tempfile.mkdtemp(prefix="qtest-sandbox-")
        self.log_file = os.path.join(self.folder, "log")
        self.options = list(options)
        self.projects = projects
        self.db = db
        self.wrapper = list(wrapper)
        if faults is not None:
            path = os.path.join(self.folder, "faults.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(faults, file)
            self.options += ["--faults", path]
        self.start()

    def start(self):
        port_file = os.path.join(self.folder, "port")
        if os.path.exists(port_file):
            os.unlink(port_file)
        command = self.wrapper + [BINARY, "--listen", "127.0.0.1:0", "--port-file", port_file, "--db", self.db,
                                  "--token", TOKEN, "--log", self.log_file]
        for name in self.projects:
            command += ["--project", name]
        self.process = subprocess.Popen(command + self.options, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + HANG_SECONDS
        while not os.path.exists(port_file):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()  # else its standard error would never end
                raise RuntimeError("qtest-sandbox did not start: " + self.process.communicate()[1].decode())
            time.sleep(0.005)
        with open(port_file, encoding="ascii") as file:
            self.port = int(file.read())
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        status = self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if status != 0:
            raise AssertionError(f"qtest-sandbox ended with {status}: {self.errors}")

    def disconnect(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def stop(self):
        self.disconnect()
        if self.process.poll() is None:
            self.process.terminate()
        status = self.process.wait(HANG_SECONDS)
        self.errors = self.process.stderr.read().decode()
        self.process.stderr.close()
        return status

    def kill(self):
        self.disconnect()
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def request(self, method, target, body=None, headers=None, token=TOKEN, fresh=False):
        """One request on a connection that is kept; a broken one raises."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        fields = {"Content-Type": "application/json"}
        if token:
            fields["Authorization"] = "bearer " + token
        fields.update(headers or {})
        if fresh:
            self.disconnect()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG_SECONDS)
        try:
            self.connection.request(method, target, data, fields)
            response = self.connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        except Exception:
            self.disconnect()
            raise

    def get(self, target, **more):
        return self.request("GET", target, **more)

    def post(self, target, body=None, **more):
        return self.request("POST", target, body, **more)

    def put(self, target, body=None, **more):
        return self.request("PUT", target, body, **more)

    def delete(self, target, **more):
        return self.request("DELETE", target, **more)

    def project(self, name="Demo"):
        return next(p["id"] for p in self.get("/api/v3/projects").json if p["name"] == name)

    def lines(self):
        with open(self.log_file, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def job_state(self, job):
        return self.get(f"/api/v3/projects/queue-processing/{job}").json["state"]

    def wait_job(self, job):
        deadline = time.monotonic() + HANG_SECONDS
        while True:
            reply = self.get(f"/api/v3/projects/queue-processing/{job}").json
            if reply["state"] in ENDED:
                return reply
            if time.monotonic() > deadline:
                raise AssertionError(f"job {job} is still {reply['state']}")
            time.sleep(0.01)


class Project:
    """Shortcuts for one project of a sandbox."""

    def __init__(self, sandbox, name="Demo"):
        self.sandbox = sandbox
        self.id = sandbox.project(name)
        self.path = f"/api/v3/projects/{self.id}"

    def get(self, rest, **more):
        return self.sandbox.get(self.path + rest, **more)

    def post(self, rest, body=None, **more):
        return self.sandbox.post(self.path + rest, body, **more)

    def put(self, rest, body=None, **more):
        return self.sandbox.put(self.path + rest, body, **more)

    def delete(self, rest, **more):
        return self.sandbox.delete(self.path + rest, **more)

    def cycle(self, name="Cycle", where=""):
        return self.post("/test-cycles" + where, {"name": name}).json

    def suite(self, name="Suite", cycle=None):
        where = f"?parentId={cycle}&parentType=test-cycle" if cycle else ""
        return self.post("/test-suites" + where, {"name": name}).json

    def module(self, name="Module", parent=None):
        return self.post("/modules" + (f"?parentId={parent}" if parent else ""), {"name": name}).json

    def submit(self, body, query="?type=automation"):
        return self.sandbox.post(f"/api/v3.1/projects/{self.id}/test-runs/0/auto-test-logs{query}", body)

    def submit_tree(self, body):
        return self.post("/auto-test-logs?type=automation", body)

    def run_job(self, body):
        """Submits by endpoint A and waits; the end state with its content read."""
        reply = self.submit(body)
        assert reply.status == 201, (reply.status, reply.body)
        return self.sandbox.wait_job(reply.json["id"])

    def search(self, object_type, query, fields=("*",), parameters="?pageSize=999"):
        return self.post("/search" + parameters, {"object_type": object_type, "fields": list(fields), "query": query})

    def found(self, object_type, query, **more):
        reply = self.search(object_type, query, **more)
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json["items"]

    def runs(self, suite):
        return self.get(f"/test-runs?parentId={suite}&parentType=test-suite&pageSize=999").json["items"]

    def logs(self, run):
        return self.get(f"/test-runs/{run}/test-logs?pageSize=999").json["items"]


def log(name="Login", content=None, status="PASS", **more):
    """One entry of test_logs."""
    entry = {"name": name, "automation_content": content or f"content-{name}", "status": status,
             "exe_start_date": "2026-01-02T03:04:05.678Z", "exe_end_date": "2026-01-02T03:04:06.789Z"}
    entry.update(more)
    return entry


def step(description, order=None, status="PASS", **more):
    entry = {"description": description, "expected_result": "Pass", "actual_result": "as told", "status": status}
    if order is not None:
        entry["order"] = order
    entry.update(more)
    return entry


def content(job):
    return json.loads(job["content"])


def basic(text):
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def free_socket(port):
    return socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS)


class SandboxCase(unittest.TestCase):
    """A sandbox and a project for each test: self.sandbox, self.project. Options by the class or by start()."""

    options = ()

    def setUp(self):
        self.sandbox = None
        if self.options is not None:
            self.start(*self.options)

    def start(self, *options, **more):
        self.finish()
        self.sandbox = Sandbox(*options, **more)
        self.project = Project(self.sandbox)
        return self.project

    def finish(self):
        if self.sandbox:
            sandbox, self.sandbox = self.sandbox, None
            sandbox.__exit__()

    def tearDown(self):
        self.finish()

    def until(self, condition):
        deadline = time.monotonic() + HANG_SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
