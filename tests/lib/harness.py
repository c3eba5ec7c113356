"""What the end-to-end tests stand on: a sandbox of their own, qtest-sync in a clean environment, and the
sandbox's request log as the oracle."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build/release")
SAMPLES = ROOT / "samples" / "reports"
TOKEN = "e2e-token"
PROJECT = "Web Shop"
# Sanitizers, valgrind and some machines are slow; a test that hangs must still end.
RUN_SECONDS = 600
START_SECONDS = 120
PAGE_SIZE = 999  # the most that a list gives at once (qtest-api.md 4.1)


def clean_env(home, extra=None):
    """Nothing of the surroundings but what programs need to run at all."""
    kept = ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env["HOME"] = str(home)
    env.update(extra or {})
    return env


class Sandbox:
    """A qtest-sandbox on a port that the system picks, until stop()."""

    def __init__(self, folder, *options, token=TOKEN, projects=(PROJECT,)):
        self.folder = Path(tempfile.mkdtemp(prefix="sandbox-", dir=folder))
        self.log, self.token = self.folder / "requests.jsonl", token
        port_file = self.folder / "port"
        command = [BUILD / "qtest-sandbox", "--listen", "127.0.0.1:0", "--port-file", port_file, "--log", self.log]
        if "--db" not in options:
            command += ["--db", ":memory:"]
        command += ["--token", token] + [word for name in projects for word in ("--project", name)]
        self.output = open(self.folder / "output", "wb")
        self.process = subprocess.Popen([str(word) for word in command + list(options)], stdout=self.output,
                                        stderr=subprocess.STDOUT, env=clean_env(self.folder), cwd=self.folder)
        try:
            self.url = f"http://127.0.0.1:{self._wait_for_port(port_file)}"
        except BaseException:
            self.stop()
            raise
        self._project = None

    def _wait_for_port(self, port_file):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if port_file.exists() and port_file.read_text().endswith("\n"):
                return int(port_file.read_text())
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        raise RuntimeError("the sandbox did not start: " + (self.folder / "output").read_text(errors="replace"))

    def stop(self):
        """Ends it as an operator would; returns its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()
        return self.process.returncode

    def requests(self):
        """All requests so far, oldest first, as the log says."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def call(self, method, path, body=None, **query):
        """One API call of the test itself: (status, JSON or text)."""
        target = self.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"bearer {self.token}", "Content-Type": "application/json",
                   "User-Agent": TEST_AGENT}
        request = urllib.request.Request(target, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=RUN_SECONDS) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def get(self, path, **query):
        """A GET below the project that must succeed; envelopes are opened."""
        status, answer = self.call("GET", f"/api/v3/projects/{self.project}/{path}", **query)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {answer}")
        return answer["items"] if isinstance(answer, dict) and "items" in answer else answer

    @property
    def project(self):
        if self._project is None:
            _, projects = self.call("GET", "/api/v3/projects")
            self._project = projects[0]["id"]
        return self._project

    def cycles(self):
        return self.get("test-cycles", expand="descendants", pageSize=999)

    def runs(self, suite):
        return self.get("test-runs", parentId=suite["id"], parentType="test-suite", pageSize=999)

    def logs(self, run):
        found, page, more = [], 1, True
        while more:
            _, answer = self.call("GET", f"/api/v3/projects/{self.project}/test-runs/{run['id']}/test-logs",
                                  pageSize=PAGE_SIZE, page=page)
            found, page = found + answer["items"], page + 1
            more = len(found) < answer["total"]
        return found

    def cases(self):
        _, answer = self.call("POST", f"/api/v3/projects/{self.project}/search?pageSize=999",
                              {"object_type": "test-cases", "fields": ["*"], "query": ""})
        return answer["items"]

    def modules(self):
        return self.get("modules", expand="descendants")

    def execution_tree(self):
        """{cycle name: {suite name: {run name: [logs]}}}, names checked to be unique."""
        tree = {}
        for cycle in self.cycles():
            suites = unique(tree, cycle["name"])
            for suite in cycle.get("test-suites", []):
                runs = unique(suites, suite["name"])
                for run in self.runs(suite):
                    runs[run["name"]] = unique_list(runs, run["name"], self.logs(run))
        return tree


TEST_AGENT = "qtest-sync-tests"


def unique(parent, name):
    if name in parent:
        raise AssertionError(f"two objects are named '{name}'")
    return parent.setdefault(name, {})


def unique_list(parent, name, items):
    if name in parent:
        raise AssertionError(f"two runs are named '{name}'")
    return items


def is_poll(request):
    return request["method"] == "GET" and "/queue-processing/" in request["target"]


def is_write(request):
    """Searching is a POST that writes nothing."""
    path = request["target"].partition("?")[0]
    return request["method"] in ("POST", "PUT", "DELETE", "PATCH") and not path.endswith("/search")


class Result:
    """What a program did."""

    def __init__(self, command, process):
        self.command = command
        self.code = process.returncode
        self.out = process.stdout.decode("utf-8", "replace")
        self.err = process.stderr.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"{self.command}\nexit {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"


class FolderCase(unittest.TestCase):
    """A folder of its own for each test; programs run in it."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="qtest-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_program(self, command, env=None, stdin=None, cwd=None):
        command = [str(word) for word in command]
        process = subprocess.run(command, capture_output=True, env=clean_env(self.folder, env), cwd=cwd or self.folder,
                                 input=stdin.encode() if isinstance(stdin, str) else stdin or b"",
                                 timeout=RUN_SECONDS, check=False)
        result = Result(" ".join(command), process)
        for word in ("Sanitizer", "runtime error:", "qtest: out of memory"):
            self.assertNotIn(word, result.err)
        return result

    def sync(self, *arguments, env=None, stdin=None, cwd=None):
        """qtest-sync without any site."""
        wrapper = os.environ.get("E2E_WRAPPER", "").split()
        return self.run_program([*wrapper, BUILD / "qtest-sync", *arguments], env, stdin, cwd)

    def assert_exit(self, result, code):
        if result.code != code:
            self.fail(f"expected exit {code}\n{result}")

    def assert_one_sentence(self, result, *parts):
        """One line on stderr that holds all the parts, and ends without a full stop."""
        lines = result.err.splitlines()
        self.assertEqual(len(lines), 1, result)
        self.assertTrue(lines[0].startswith("qtest-sync: "), result)
        self.assertFalse(lines[0].endswith("."), result)
        for part in parts:
            self.assertIn(part, lines[0])


class SandboxCase(FolderCase):
    """A fresh sandbox for each test."""

    sandbox_options = ()

    def setUp(self):
        super().setUp()
        self.sandbox = self.start_sandbox(*self.sandbox_options)

    def start_sandbox(self, *options, **words):
        sandbox = Sandbox(self.folder, *options, **words)
        self.addCleanup(sandbox.stop)
        return sandbox

    def site_env(self, extra=None):
        env = {"QTEST_URL": self.sandbox.url, "QTEST_TOKEN": self.sandbox.token, "QTEST_PROJECT": PROJECT}
        env.update(extra or {})
        return {name: value for name, value in env.items() if value is not None}

    def at_site(self, *arguments, env=None, stdin=None, cwd=None):
        """qtest-sync with the sandbox as its site."""
        return self.sync(*arguments, env=self.site_env(env), stdin=stdin, cwd=cwd)

    def upload(self, *arguments, code=0, **words):
        result = self.at_site("upload", *arguments, **words)
        self.assert_exit(result, code)
        return result

    def new_requests(self, action):
        """The requests that an action made."""
        before = len(self.sandbox.requests())
        action()
        return self.sandbox.requests()[before:]
