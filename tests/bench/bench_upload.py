#!/usr/bin/env python3
"""Wall time of an upload at 100 ms latency against its critical path, and memory at a million results.

The critical path is computed from the sandbox's request log: the longest chain of requests of which each
began after the one before it had ended, times the latency, and the wait that the claim protocol asks for
(250 ms before the list of claims is believed). Jobs take no time of their own here (--job-ms 0).
"""
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build/release")
LATENCY_S = 0.100
CLAIM_WAIT_S = 0.250
BOUND = 1.3
MEMORY_BOUND_MIB = 128
TARGETS = ("Chrome 103.0", "Firefox 99.0", "Edge (Headless) 103.0")


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
        self.process = subprocess.Popen([BUILD / "qtest-sandbox", "--listen", "127.0.0.1:0", "--port-file", port, "--db",
                                         ":memory:", "--token", "bench", "--project", "Bench", "--log", self.log,
                                         *options], stdout=subprocess.DEVNULL)
        while not (port.exists() and port.read_text().endswith("\n")):
            time.sleep(0.01)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "QTEST_TOKEN": "bench", "QTEST_PROJECT": "Bench",
                    "QTEST_URL": f"http://127.0.0.1:{int(port.read_text())}"}

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def chain(self, first):
        """Length of the longest chain of requests from number first of the log on."""
        length, free_at = 0, 0.0
        spans = []
        for line in self.log.read_text().splitlines()[first:]:
            begin = datetime.datetime.fromisoformat(json.loads(line)["time"]).timestamp()
            spans.append((begin + LATENCY_S, begin))
        for end, begin in sorted(spans):
            if begin >= free_at - 0.005:
                length, free_at = length + 1, end
        return length

    def upload(self, *arguments):
        first = len(self.log.read_text().splitlines()) if self.log.exists() else 0
        begin = time.monotonic()
        done = subprocess.run([BUILD / "qtest-sync", "upload", "--output", "json", *arguments], env=self.env,
                              capture_output=True, text=True)
        wall = time.monotonic() - begin
        if done.returncode:
            sys.exit(f"upload failed: {done.stderr}{done.stdout}")
        return wall, json.loads(done.stdout), first


def one_round(folder, modules):
    """(what, wall, chain, calls without polls) of first upload, second execution and repeat."""
    sandbox = Sandbox(folder, "--latency-ms", str(int(LATENCY_S * 1000)))
    for what, execution in (("first upload", 1), ("second execution", 2), ("repeat", 2)):
        path = folder / f"{execution}.json"
        report(path, 334, modules, execution)
        wall, _, first = sandbox.upload(path)
        lines = sandbox.log.read_text().splitlines()[first:]
        calls = sum("/queue-processing/" not in json.loads(line)["target"] for line in lines)
        yield what, wall, sandbox.chain(first), calls
    sandbox.stop()


def wall_times(folder):
    """The best of three rounds: what else runs on the machine only ever adds."""
    missed = False
    print(f"upload of 1,002 results on 3 suites at {LATENCY_S * 1000:.0f} ms latency, best of 3 (bound: ratio {BOUND})")
    for modules in (1, 20):
        best = {}
        for number in range(3):
            place = folder / f"wall-{modules}-{number}"
            place.mkdir()
            for what, wall, chain, calls in one_round(place, modules):
                critical = chain * LATENCY_S + (CLAIM_WAIT_S if what != "repeat" else 0)
                best[what] = min(best.get(what, (9e9,)), (wall / critical, wall, chain, critical, calls))
        for what, (ratio, wall, chain, critical, calls) in best.items():
            missed |= ratio > BOUND
            print(f"  M={modules:<3} {what:<17} wall {wall:.2f} s, critical path {chain} requests = {critical:.2f} s, "
                  f"ratio {ratio:.2f}, calls {calls}")
    return missed


def million(folder):
    """plan holds all that upload holds but the bodies in flight, and needs no server that takes a million logs."""
    path = folder / "million.xml"
    with open(path, "w", encoding="utf-8") as out:
        out.write('<testsuites name="million">\n')
        for suite in range(1000):
            out.write(f'<testsuite name="s{suite}" timestamp="2024-01-03T12:27:44Z">\n')
            out.writelines(f'<testcase classname="com.acme.shop.S{suite}" name="test number {i}" time="0.012"/>\n'
                           for i in range(1000))
            out.write("</testsuite>\n")
        out.write("</testsuites>\n")
    place = folder / "million"
    place.mkdir()
    sandbox = Sandbox(place)
    child = subprocess.Popen([BUILD / "qtest-sync", "plan", path], env=sandbox.env, stdout=subprocess.PIPE, text=True)
    last = child.stdout.read().strip().splitlines()[-1]
    usage = os.wait4(child.pid, 0)[2]
    sandbox.stop()
    print(f"plan of 1,000,000 results: {last}")
    print(f"  peak memory {usage.ru_maxrss / 1024:.0f} MiB (bound {MEMORY_BOUND_MIB}), {usage.ru_utime + usage.ru_stime:.1f} s of CPU")
    return usage.ru_maxrss / 1024 > MEMORY_BOUND_MIB


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as name:
        missed = [wall_times(Path(name)), million(Path(name))]
    sys.exit(any(missed))


if __name__ == "__main__":
    main()
