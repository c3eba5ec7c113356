#!/usr/bin/env python3
"""Wall time of an upload at 100 ms latency against its critical path, and memory and time of a million results.

The critical path is computed from the protocol alone (critical_path.py), for as many requests in flight as
the agent was allowed (--parallel), and printed with its calls; beside it the path without such a limit.
Calls are counted in the sandbox's log and compared with those of the computed graph: were it not the
protocol that ran, its path would say nothing.

What else runs on the machine only ever adds to the wall time, so a round that misses the bound is run again,
up to three times in all, and the best one counts.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import critical_path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build/release")
LATENCY_S = 0.100
BOUND = 1.3
ROUNDS = 3
MEMORY_BOUND_MIB = 128
TARGETS = ("Chrome 103.0", "Firefox 99.0", "Edge (Headless) 103.0")
TESTS = 334
# modules, time of a job in ms, requests in flight: 4 is the default, 16 the most
CASES = ((1, 0, 4), (20, 0, 4), (20, 0, 16), (1, 1000, 4), (20, 1000, 4))


def report(path, tests, modules, execution):
    """A TestProject report of tests on three targets, in folders when there is more than one module."""
    day = f"2022-07-{execution:02d}"
    items = [{"name": f"Test {i}", "folder": f"Folder {i % modules}" if modules > 1 else None,
              "targets": [{"targetName": name, "result": "Passed", "failedSteps": [],
                           "executionStart": f"{day}T22:{i // 60 % 60:02d}:{i % 60:02d}Z",
                           "executionEnd": f"{day}T23:59:59Z"} for name in TARGETS]} for i in range(tests)]
    path.write_text(json.dumps({"jobName": f"Bench {modules}", "id": f"execution-{execution}",
                                "executionStart": f"{day}T22:00:00Z", "testResults": items}))


class Sandbox:
    def __init__(self, folder, *options):
        self.log = folder / "log"
        port = folder / "port"
        self.process = subprocess.Popen([BUILD / "qtest-sandbox", "--listen", "127.0.0.1:0", "--port-file", port,
                                         "--token", "bench", "--project", "Bench", *options],
                                        stdout=subprocess.DEVNULL)
        while not (port.exists() and port.read_text().endswith("\n")):
            time.sleep(0.01)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "QTEST_TOKEN": "bench", "QTEST_PROJECT": "Bench",
                    "QTEST_URL": f"http://127.0.0.1:{int(port.read_text())}"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def targets(self):
        return [json.loads(line)["target"] for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def run(self, *arguments):
        """(wall time, CPU time, most memory in MiB, the last line of what it says)"""
        begin = time.monotonic()
        child = subprocess.Popen([BUILD / "qtest-sync", *arguments], env=self.env, stdout=subprocess.PIPE, text=True)
        said = child.stdout.read().strip().splitlines()
        status, usage = os.wait4(child.pid, 0)[1:]
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{arguments[0]} failed with exit code {child.returncode}")
        return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said[-1]


def one_round(folder, modules, job_ms, parallel):
    """(wall time, calls without polls, polls) of first upload, second execution and repeat."""
    log = folder / "log"
    with Sandbox(folder, "--db", ":memory:", "--log", log, "--latency-ms", f"{LATENCY_S * 1000:.0f}", "--job-ms",
                 str(job_ms)) as sandbox:
        for execution in (1, 2, 2):
            path = folder / f"{execution}.json"
            report(path, TESTS, modules, execution)
            before = len(sandbox.targets())
            wall = sandbox.run("upload", "--parallel", str(parallel), path)[0]
            made = sandbox.targets()[before:]
            polls = sum("/queue-processing/" in target for target in made)
            yield wall, len(made) - polls, polls


def best_rounds(folder, modules, job_ms, parallel, paths):
    best = [(9e9, 0, 0)] * len(paths)
    for number in range(ROUNDS):
        place = folder / f"wall-{modules}-{job_ms}-{parallel}-{number}"
        place.mkdir()
        best = [min(pair) for pair in zip(best, one_round(place, modules, job_ms, parallel))]
        if all(wall <= BOUND * path.seconds for (wall, _, _), path in zip(best, paths)):
            break
    return best


def wall_times(folder):
    missed = False
    print(f"upload of {TESTS * len(TARGETS):,} results on {len(TARGETS)} suites at {LATENCY_S * 1000:.0f} ms latency "
          f"(bound: {BOUND} x critical path)")
    for modules, job_ms, parallel in CASES:
        about = critical_path.Report(cases=TESTS, suites=len(TARGETS), folders=modules if modules > 1 else 0)
        graphs = [make(about) for make in (critical_path.first_upload, critical_path.second_execution,
                                           critical_path.repeat)]
        paths = [graph.path(LATENCY_S, job_ms / 1000, parallel) for graph in graphs]
        print(f"  M={modules}, jobs of {job_ms} ms, {parallel} in flight")
        for graph, path, (wall, calls, polls) in zip(graphs, paths, best_rounds(folder, modules, job_ms, parallel, paths)):
            free = graph.path(LATENCY_S, job_ms / 1000)
            ratio = wall / path.seconds
            missed |= ratio > BOUND or calls != graph.count_calls()
            print(f"    {graph.name}: wall {wall:.2f} s, critical path {path.seconds:.2f} s, ratio {ratio:.2f}"
                  f"{' MISSED' if ratio > BOUND else ''}; {calls} calls"
                  f"{'' if calls == graph.count_calls() else f' (MISSED: the graph has {graph.count_calls()})'}, {polls} polls")
            print(f"      {path.text()}")
            if free.seconds < path.seconds:
                print(f"      without a limit in flight {free.seconds:.2f} s, ratio {wall / free.seconds:.2f}: {free.text()}")
    return missed


def write_million(path):
    with open(path, "w", encoding="utf-8") as out:
        out.write('<testsuites name="million">\n')
        for suite in range(1000):
            out.write(f'<testsuite name="s{suite}" timestamp="2024-01-03T12:27:44Z">\n')
            out.writelines(f'<testcase classname="com.acme.shop.S{suite}" name="test number {i}" time="0.012"/>\n'
                           for i in range(1000))
            out.write("</testsuite>\n")
        out.write("</testsuites>\n")


def million(folder):
    """Into a sandbox that keeps its database in a file, so that the memory of the machine holds both."""
    missed = False
    path = folder / "million.xml"
    write_million(path)
    print(f"1,000,000 results (bound: {MEMORY_BOUND_MIB} MiB)")
    with Sandbox(folder, "--db", folder / "million.db") as sandbox:
        for command in (("plan",), ("upload", "--timeout", "1h")):
            wall, cpu, memory, said = sandbox.run(*command, path)
            missed |= memory > MEMORY_BOUND_MIB or not said.startswith("read 1000000 = ")
            print(f"  {command[0]}: peak memory {memory:.0f} MiB{' MISSED' if memory > MEMORY_BOUND_MIB else ''}, "
                  f"{wall:.0f} s, {cpu:.1f} s of CPU; {said}", flush=True)
    return missed


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as name:
        missed = [wall_times(Path(name)), million(Path(name))]
    sys.exit(any(missed))


if __name__ == "__main__":
    main()
