"""Reads back what a site holds, through its public API, and holds it against what the reports say.

    state = read_state(site)
    violations = check(state, desired)        # [] when each thing is there, and once

Lists and searches are read both, and must name the same runs: what only one of them shows is a violation."""
import html
import http.client
import json
import re
import time
import urllib.parse
from collections import Counter, defaultdict
from datetime import datetime

from workload import COMPARED_CHARACTERS

PAGE = 999
CLAIM = "qtest-sync claim "
MARKER = re.compile(r"^qtest-sync ([0-9a-f]{32})( [0-9a-f]{32})*$")
TIMEOUT = 120


class Site:
    """One connection to a qTest site, without any agent's proxy."""

    def __init__(self, url, token, project_name=None):
        self.address = urllib.parse.urlsplit(url).netloc
        self.token = token
        self.connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        projects = self.call("GET", "/api/v3/projects")
        self.project = next(project["id"] for project in projects if project_name in (None, project["name"]))
        self.below = f"/api/v3/projects/{self.project}/"

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def exchange(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"bearer {self.token}", "Content-Type": "application/json",
                   "User-Agent": "qtest-sync-tests"}
        while True:
            self.connection.request(method, path, data, headers)
            answer = self.connection.getresponse()
            found = answer.read()
            if answer.status != 429:  # the site's limit is the agent's trouble, not ours
                return answer.status, found
            time.sleep(0.5)

    def call(self, method, path, body=None):
        status, data = self.exchange(method, path, body)
        if not 200 <= status < 300:
            raise AssertionError(f"{method} {path}: {status} {data[:300]!r}")
        return json.loads(data) if data else None

    def search(self, kind, query="", **options):
        """All pages of one kind of object."""
        items, page = [], 1
        extra = urllib.parse.urlencode(options)
        while True:
            found = self.call("POST", f"{self.below}search?page={page}&pageSize={PAGE}&{extra}",
                              {"object_type": kind, "fields": ["*"], "query": query})
            items += found["items"]
            if len(items) >= found["total"] or not found["items"]:
                return items
            page += 1

    def suites_below(self, kind, parent):
        return self.call("GET", f"{self.below}test-suites?parentId={parent}&parentType={kind}")

    def runs_below(self, suite):
        runs, page = [], 1
        while True:
            answer = self.call("GET", f"{self.below}test-runs?parentId={suite}&parentType=test-suite"
                                      f"&page={page}&pageSize={PAGE}")
            found = answer["items"] if isinstance(answer, dict) else answer
            runs += found
            if len(found) < PAGE:
                return runs
            page += 1

    def note_of(self, log):
        """A server may leave notes out of lists (switch 20)."""
        if "note" in log:
            return log["note"]
        return self.call("GET", f"{self.below}test-runs/{log['test_run_id']}/test-logs/{log['id']}").get("note", "")

    def wait_for_jobs(self, job_ids, seconds=600):
        """Until nothing is queued any more: whatever a dead upload left behind has been done."""
        end = time.monotonic() + seconds
        for job in job_ids:
            while True:
                status, data = self.exchange("GET", f"/api/v3/projects/queue-processing/{job}")
                if status == 404 or json.loads(data).get("state") in ("SUCCESS", "FAILED"):
                    break
                if time.monotonic() > end:
                    raise AssertionError(f"job {job} does not end")
                time.sleep(0.05)


class State:
    """Everything that the project holds; names and notes un-escaped."""

    def __init__(self):
        self.cycles = []  # (id, name, parent id)
        self.suites = []  # (id, name, cycle id or None at the root)
        self.modules = {}  # id: (path)
        self.cases = {}  # id: (name, module id, automation content)
        self.runs = {}  # id: (suite id, case id)
        self.logs = []  # (id, run id, second of the start, status, marker or None)
        self.problems = []


def text(value):
    return html.unescape(value or "")


def second(value):
    return int(datetime.fromisoformat(re.sub(r"\.\d+", "", value).replace("Z", "+00:00")).timestamp())


def field(item, name):
    for wanted in item.get("properties", []):
        if wanted.get("field_name") == name:
            return wanted.get("field_value")
    return None


def marker_of(note):
    """The marker stands in the third line, and nowhere else does it count."""
    lines = text(note).split("\n")
    return lines[2] if len(lines) > 2 and MARKER.match(lines[2]) else None


def _walk_cycles(state, cycles, parent):
    for cycle in cycles:
        state.cycles.append((cycle["id"], text(cycle["name"]), parent))
        _walk_cycles(state, cycle.get("test-cycles") or cycle.get("test_cycles") or [], cycle["id"])


def _walk_modules(state, modules, path):
    for module in modules:
        state.modules[module["id"]] = path + (text(module["name"]),)
        _walk_modules(state, module.get("children") or [], path + (text(module["name"]),))


def read_state(site):
    state = State()
    _walk_cycles(state, site.call("GET", site.below + "test-cycles?expand=descendants"), None)
    places = [("root", 0, None)] + [("test-cycle", cycle, cycle) for cycle, _, _ in state.cycles]
    for kind, parent, cycle in places:
        state.suites += [(suite["id"], text(suite["name"]), cycle) for suite in site.suites_below(kind, parent)]
    _walk_modules(state, site.call("GET", site.below + "modules?expand=descendants"), ())
    for case in site.search("test-cases"):
        name = text(case["name"])[:COMPARED_CHARACTERS]
        state.cases[case["id"]] = (name, case["parent_id"], field(case, "Automation Content"))
    for suite, _, _ in state.suites:
        for run in site.runs_below(suite):
            state.runs[run["id"]] = (suite, run.get("testCaseId") or run["test_case"]["id"])
    searched = {run["id"] for run in site.search("test-runs")}
    for run in searched ^ set(state.runs):
        state.problems.append(f"run {run} is shown by {'a search' if run in searched else 'a list'} only")
    for log in site.search("test-logs"):
        state.logs.append((log["id"], log["test_run_id"], second(log["exe_start_date"]), log["status"]["name"],
                           marker_of(site.note_of(log))))
    return state


def _compare(what, found, wanted):
    """Names that are there twice, are missing, or nobody asked for."""
    counts = Counter(found)
    for name, count in counts.items():
        if name not in wanted:
            yield f"{what} {name} is there and should not be"
        elif count > 1:
            yield f"{what} {name} is there {count} times"
    for name in wanted:
        if name not in counts:
            yield f"{what} {name} is missing"


def _check_places(state, desired, finished_allowed):
    names = dict((cycle, name) for cycle, name, _ in state.cycles)
    yield from _compare("cycle", [name for _, name, _ in state.cycles], desired.cycles)
    for suite, name, cycle in state.suites:
        if cycle is None and name.startswith(CLAIM):
            yield f"claim {suite} '{name}' was left behind"
        elif cycle is None and not (finished_allowed and name == "qtest-sync finished"):
            yield f"suite {suite} '{name}' stands at the root"
    yield from _compare("suite", [(names[cycle], name) for _, name, cycle in state.suites if cycle in names],
                        desired.suites)
    yield from _compare("module", state.modules.values(), desired.modules)


def _check_cases(state, desired):
    found = [(state.modules.get(module, (f"module {module}",)), name) for name, module, _ in state.cases.values()]
    yield from _compare("case", found, desired.cases)
    contents = Counter(content for _, _, content in state.cases.values())
    yield from (f"automation content {content} is there {count} times"
                for content, count in contents.items() if count > 1)


def _runs_by_key(state):
    cycles = dict((cycle, name) for cycle, name, _ in state.cycles)
    suites = {suite: (cycles.get(cycle), name) for suite, name, cycle in state.suites}
    by_key = defaultdict(list)
    for run, (suite, case) in state.runs.items():
        name, module, _ = state.cases.get(case, (f"case {case}", None, None))
        by_key[suites[suite] + (state.modules.get(module), name)].append(run)
    return by_key


def _check_runs(state, desired):
    by_key = _runs_by_key(state)
    yield from _compare("run", [key for key, runs in by_key.items() for _ in runs], desired.logs)
    of_run = defaultdict(Counter)
    for _, run, start, status, _ in state.logs:
        of_run[run][(start, status)] += 1
    for key in desired.logs:
        found = sum((of_run[run] for run in by_key.get(key, [])), Counter())
        for (start, status), count in (found - desired.logs[key]).items():
            yield f"{count} log(s) of {key} at {start} {status} too many"
        for (start, status), count in (desired.logs[key] - found).items():
            yield f"{count} log(s) of {key} at {start} {status} missing"


def _check_markers(state):
    markers = Counter(marker for _, _, _, _, marker in state.logs)
    for marker, count in markers.items():
        if marker is None:
            yield f"{count} log(s) without a marker line"
        elif count > 1:
            yield f"{count} logs with the marker line '{marker}'"
    for log, run, _, _, _ in state.logs:
        if run not in state.runs:
            yield f"log {log} belongs to run {run}, which is nowhere"


def check(state, desired, finished_allowed=False):
    """What is wrong, one sentence each. finished_allowed: the user may not delete suites, which leaves empty ones
    named 'qtest-sync finished'."""
    found = list(state.problems)
    found += _check_places(state, desired, finished_allowed)
    found += _check_cases(state, desired)
    found += _check_runs(state, desired)
    found += _check_markers(state)
    return found
