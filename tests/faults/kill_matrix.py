#!/usr/bin/env python3
"""The kill matrix: an upload of 3 suites, 2 modules and 300 results that makes K calls; for each call and each fault
(proxy.py) the same command again, once on the same machine and once as on a fresh one. Afterwards each object and
log stands there once, the sums add up, and no claim or temporary file is left.

    kill_matrix.py [--parallel N] [--sample N] [--only K:FAULT:WHERE] [--at-once N] [--job-ms N] [--settle S]
                   [--set SWITCH=VALUE]... [--second]

--second: what is disturbed is a second execution, in a project that has all but the logs.

Ends with one line: the number of cases and the result."""
import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import CAN_NAME_HOSTS, Machine  # noqa: E402
from many import Case, Stage, play_all  # noqa: E402
from proxy import FAULTS, KILLS, FaultyProxy  # noqa: E402
from workload import START, Desired, Workload  # noqa: E402

WHERE = ("same", "fresh")
# Faults in the first run may leave it open (5, 6); a kill shows as a negative code.
FIRST_CODES = (0, 5, 6)


class Matrix:
    def __init__(self, parallel=1, job_ms=3000, settle_s=20, switches=(), second=False, tests=100):
        self.workload = Workload(tests)
        self.before = Workload(tests, execution="Exec0000", start=START - timedelta(days=1)) if second else None
        self.desired = Desired(self.workload, *([self.before] if second else []))
        self.job_ms, self.settle_s, self.switches = job_ms, settle_s, switches
        self.lag_seconds = max((int(value) for name, _, value in (word.partition("=") for word in switches)
                                if name.endswith("-lag-ms")), default=0) / 1000
        self.finished_allowed = "rights=no-delete" in switches
        self.words = ["--settle", f"{settle_s}s", "--request-timeout", "10s", "--parallel", str(parallel)]
        self.not_reached, self.first_codes, self.peak_kib = 0, {}, 0

    def stage(self, folder):
        """With what an earlier execution left, when a second one is to be disturbed."""
        stage = Stage(folder, "--job-ms", self.job_ms, *[word for switch in self.switches for word in ("--set", switch)])
        if self.before:
            ended = Machine(folder, "earlier").upload(stage.url, self.before.write(folder, "earlier.json"), *self.words)
            if ended.code:
                stage.sandbox.stop()
                raise AssertionError(f"the earlier execution ended with {ended.code}: {ended.err}")
        return stage

    def check(self, stage):
        return stage.check(self.desired, self.lag_seconds, finished_allowed=self.finished_allowed)

    def count_calls(self):
        """K, by an upload that nothing disturbs."""
        with tempfile.TemporaryDirectory(prefix="qtest-faults-") as name:
            folder = Path(name)
            with self.stage(folder) as stage, FaultyProxy(stage.url) as proxy:
                ended = Machine(folder, "one").upload(proxy.url, self.workload.write(folder), *self.words)
                problems = ended.sum_problems(self.workload.results) + self.check(stage)
                if ended.code or problems:
                    raise SystemExit(f"the undisturbed upload is wrong already: exit {ended.code}, {problems[:5]}\n"
                                     f"{ended.err}")
                return len(proxy.calls)

    def cases(self, calls):
        return [(call, fault, where) for call in range(1, calls + 1) for fault in FAULTS for where in WHERE]

    def case(self, call, fault, where):
        return Case(f"kill-{call:03d}-{fault}-{where}", lambda folder: self.play(folder, call, fault, where))

    def play(self, folder, call, fault, where):
        with self.stage(folder) as stage, FaultyProxy(stage.url) as proxy:
            report = self.workload.write(folder)
            first_machine = Machine(folder, "first")
            violations = self.first_run(stage, proxy, first_machine, report, call, fault)
            machine = first_machine if where == "same" else Machine(folder, "second")
            violations += self.second_run(stage, proxy, machine, report)
            (folder / "calls").write_text("".join(f"{method} {target}\n" for method, target in proxy.calls))
            return violations

    def first_run(self, stage, proxy, machine, report, call, fault):
        proxy.arm(call, fault)
        agent = machine.start(proxy.url, report, *self.words)
        proxy.victim(agent.kill)
        ended = agent.wait()
        proxy.disarm()
        code = "killed" if ended.code == -9 else ended.code
        self.first_codes[code] = self.first_codes.get(code, 0) + 1
        self.not_reached += proxy.struck is None
        if ended.code == -9 and fault in KILLS and proxy.struck:
            return []
        violations = ended.sum_problems(self.workload.results)
        if ended.code not in FIRST_CODES:
            violations.append(f"the first run ended with {ended.code}: {ended.err.strip()[-300:]}")
        if ended.code == 0:
            violations += ["after the first run, which said 0: " + text for text in self.check(stage)]
        return violations

    def second_run(self, stage, proxy, machine, report):
        proxy.arm(0, None)
        ended = machine.upload(proxy.url, report, *self.words)
        self.peak_kib = max(self.peak_kib, ended.peak_kib)
        violations = ended.sum_problems(self.workload.results)
        if ended.code:
            violations.append(f"the second run ended with {ended.code}: {ended.err.strip()[-300:]}")
        elif ended.outcome["confirmed"] + ended.outcome["present"] != self.workload.results:
            violations.append(f"the second run left results open: {ended.outcome}")
        if ended.outcome and ended.outcome["requests"] != len(proxy.calls):
            violations.append(f"the second run says {ended.outcome['requests']} requests, there were "
                              f"{len(proxy.calls)}")
        violations += self.spool_problems(proxy, machine)
        violations += [f"left behind: {name}" for name in machine.leftovers()]
        return violations + self.check(stage)

    def spool_problems(self, proxy, machine):
        """A first run that ended with 5 or 6 keeps its report; flush finds that everything is there by now."""
        if not any(name.endswith(".spool") for name in machine.leftovers()):
            return []
        ended = machine.start(proxy.url, *self.words, command="flush", output=None).wait()
        return [f"flush ended with {ended.code}: {ended.err.strip()[-300:]}"] if ended.code else []


def spread(items, count):
    """count of them, evenly; a stride that shares no factor with the faults meets all of them."""
    if count >= len(items):
        return items
    step = len(items) / count
    return [items[int(number * step)] for number in range(count)]


def run(arguments, out=sys.stderr):
    """(line, failed cases)"""
    began = time.monotonic()
    matrix = Matrix(arguments.parallel, arguments.job_ms, arguments.settle, arguments.set, arguments.second)
    calls = matrix.count_calls()
    chosen = matrix.cases(calls)
    if arguments.only:
        call, fault, where = arguments.only.split(":")
        chosen = [(int(call), fault, where)]
    elif arguments.sample:
        chosen = spread(chosen, arguments.sample)
    failed = play_all([matrix.case(*case) for case in chosen], arguments.at_once, out)
    hosts = "" if CAN_NAME_HOSTS else ", all under one host name (unshare is not to be had)"
    what = "".join(f" {switch}" for switch in arguments.set) + (" second execution" if arguments.second else "")
    line = (f"kill matrix{what}: K = {calls} calls at --parallel {arguments.parallel}, {len(chosen)} cases: "
            f"{len(chosen) - len(failed)} right, {len(failed)} wrong; {matrix.not_reached} ended before their call; "
            f"first runs {dict(sorted(matrix.first_codes.items(), key=str))}; "
            f"at most {matrix.peak_kib // 1024} MiB; {time.monotonic() - began:.0f} s{hosts}")
    return line, failed


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--only")
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--job-ms", type=int, default=3000)
    parser.add_argument("--settle", type=int, default=20)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--second", action="store_true")
    return parser.parse_args(words)


def main():
    line, failed = run(parse())
    print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
