"""Speed of the sandbox with 200 suites, 20,000 cases and 200,000 logs: medians of lists, searches and queue calls.

    python3 tests/bench/bench_sandbox.py [--suites 200] [--cases 20000] [--batch 1000]

Ends with 1 when a median is above 100 ms or 1,000 logs through endpoint A take a second or more.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from sandbox_support import Project, Sandbox, log  # noqa: E402

LIMIT_MS = 100
BATCH_LIMIT_S = 1.0


def wait(sandbox, job):
    while True:
        state = sandbox.get(f"/api/v3/projects/queue-processing/{job}").json
        if state["state"] in ("SUCCESS", "FAILED"):
            return state
        time.sleep(0.002)


def populate(sandbox, project, options):
    cycle = project.cycle()["id"]
    suites = [project.suite(f"Suite {i}", cycle)["id"] for i in range(options.suites)]
    begin = time.monotonic()
    for index, suite in enumerate(suites):
        first = index * options.batch % options.cases
        logs = [log(f"Test {first + i}", f"qtsync-{first + i}", note="TestProject report: https://example.com/r",
                    exe_start_date=f"2026-01-{1 + index % 28:02}T03:{i // 60 % 60:02}:{i % 60:02}Z") for i in range(options.batch)]
        state = wait(sandbox, project.submit({"test_suite": suite, "test_logs": logs}).json["id"])
        assert state["state"] == "SUCCESS", state
    total = options.suites * options.batch
    print(f"filled with {total} logs in {time.monotonic() - begin:.1f} s")
    assert project.search("test-logs", "").json["total"] == total
    assert project.search("test-cases", "", parameters="?pageSize=1").json["total"] == options.cases
    return cycle, suites


def median_ms(call, times=15):
    taken = []
    for _ in range(times):
        begin = time.monotonic()
        reply = call()
        taken.append((time.monotonic() - begin) * 1000)
        assert reply.status in (200, 201), (reply.status, reply.body[:200])
    return statistics.median(taken)


def measure(sandbox, project, cycle, suites):
    run = project.runs(suites[0])[0]["id"]
    job = project.submit({"test_suite": suites[0], "test_logs": [log("Test 0", "qtsync-0")]}).json["id"]
    forty_five = " or ".join(f"'Automation Content' = 'qtsync-{i * 400}'" for i in range(45))
    window = "'Execution Start Date' >= '2026-01-05T03:00:00Z' and 'Execution Start Date' <= '2026-01-05T03:03:00Z'"
    calls = {
        "projects": lambda: sandbox.get("/api/v3/projects"),
        "queue": lambda: sandbox.get(f"/api/v3/projects/queue-processing/{job}"),
        "cycles with descendants": lambda: project.get("/test-cycles?expand=descendants"),
        "suites of a cycle": lambda: project.get(f"/test-suites?parentId={cycle}&parentType=test-cycle"),
        "runs of a suite, 999": lambda: project.get(f"/test-runs?parentId={suites[3]}&parentType=test-suite&pageSize=999"),
        "runs of a suite, 100": lambda: project.get(f"/test-runs?parentId={suites[3]}&parentType=test-suite"),
        "logs of a run": lambda: project.get(f"/test-runs/{run}/test-logs"),
        "modules": lambda: project.get("/modules?expand=descendants"),
        "cases, 20": lambda: project.get("/test-cases"),
        "cases, 999": lambda: project.get("/test-cases?size=999"),
        "search cases by prefix, 999": lambda: project.search("test-cases", "'Automation Content' ~ 'qtsync-'"),
        "search cases by 45 contents": lambda: project.search("test-cases", forty_five),
        "search cycle by name": lambda: project.search("test-cycles", "Name = 'Cycle'"),
        "search runs of a suite": lambda: project.search("test-runs", f"'Test Suite Id' = {suites[3]}", parameters=""),
        "search runs of a case": lambda: project.search("test-runs", "'Test Case Automation Content' = 'qtsync-5'"),
        "search logs in a window": lambda: project.search("test-logs", window),
        "search all logs": lambda: project.search("test-logs", "", parameters=""),
    }
    return {name: median_ms(call) for name, call in calls.items()}


def measure_batch(sandbox, project, suites, options):
    taken = []
    for round_number in range(5):
        logs = [log(f"Test {i}", f"qtsync-{i}") for i in range(options.batch)]
        begin = time.monotonic()
        wait(sandbox, project.submit({"test_suite": suites[round_number], "test_logs": logs}).json["id"])
        taken.append(time.monotonic() - begin)
    return statistics.median(taken)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--suites", type=int, default=200)
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--batch", type=int, default=1000)
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder, Sandbox(db=os.path.join(folder, "bench.db")) as sandbox:
        project = Project(sandbox)
        cycle, suites = populate(sandbox, project, options)
        for name, ms in measure(sandbox, project, cycle, suites).items():
            print(f"{ms:8.1f} ms  {name}")
            good = good and ms < LIMIT_MS
        batch = measure_batch(sandbox, project, suites, options)
        print(f"{batch * 1000:8.1f} ms  {options.batch} logs through endpoint A, known cases")
        good = good and batch < BATCH_LIMIT_S
    print("within the bounds" if good else "OUT OF BOUNDS")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
