#!/usr/bin/env python3
"""Calls, counted in the sandbox's log, polls apart: what each kind of upload may cost, and how it grows.

    budgets.py [--large] [--only NAME-PART]

Each row is a report of N results on S suites in M modules: first upload, second execution, repeat. --large does it
again in a project that holds 50,000 test cases and 500,000 test logs already."""
import argparse
import shutil
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import Machine  # noqa: E402
from many import Stage  # noqa: E402
from harness import is_poll  # noqa: E402
from state import Site  # noqa: E402
from workload import START, TARGETS, Workload, iso  # noqa: E402

BATCH = 500
PAGE = 999
QUERY_CONTENTS = 45  # contents asked for in one query, in a project far larger than the report
OTHER_CASES, OTHER_EXECUTIONS, OTHER_SUITES = 50_000, 10, 5
UNTIMED = 8  # calls more for a report that tells no time at all, in a project of any size
FILL_SECONDS = 600
WINDOW_SECONDS = 5  # more than windows are widened by
FOUR_SUITES = (*TARGETS, "Safari")


def parts(count, size):
    return -(-count // size)


class Row:
    def __init__(self, name, workload, large):
        self.name, self.work, self.large = name, workload, large
        self.counts, self.polls, self.seconds = {}, {}, {}

    def bounds(self):
        """The fixed figures of section 5 for N = 1,002; beyond them only what grows with ⌈N/batch⌉, ⌈cases/999⌉
        (or ⌈cases/45⌉) and ⌈logs in the window/999⌉ in excess of what N = 1,002 has of each."""
        suites, modules, results, cases = (len(self.work.suites), max(1, len(self.work.folders)), self.work.results,
                                           self.work.tests)
        # each suite has its own batches, and the first stage those of the modules
        batches = sum(parts(results // suites, BATCH) for _ in range(suites)) - 3
        pages = parts(cases, PAGE) - 1
        log_pages = parts(results, PAGE) - parts(1002, PAGE)
        if self.large:
            pages = parts(cases, QUERY_CONTENTS)
        first = (24 if modules == 1 else 64) + batches + pages + log_pages + (suites - 3)
        second = 10 + 2 * suites + batches + pages + log_pages + parts(cases, PAGE) - 1
        repeat = 5 + suites + pages + log_pages
        if not self.work.timed:
            second, repeat = second + UNTIMED, repeat + UNTIMED
        return {"first": first, "second": second, "repeat": repeat}

    def play(self, stage, machine, folder):
        """In a project that may hold the rows before; their cases are other ones."""
        later = Workload(self.work.tests, self.work.suites, self.work.folders, self.work.job, "Exec0002",
                         self.work.first, self.work.start + timedelta(days=1), timed=self.work.timed)
        for step, work in (("first", self.work), ("second", later), ("repeat", self.work)):
            report = work.write(folder, f"{work.execution}.json")
            if not work.timed:
                time.sleep(WINDOW_SECONDS)  # as nobody uploads 10,000 results twice within seconds
            before = stage.log_size()
            began = time.monotonic()
            ended = machine.upload(stage.url, report)
            self.seconds[step] = time.monotonic() - began
            taken = "present" if step == "repeat" else "confirmed"
            if ended.code or ended.outcome[taken] != work.results:
                raise SystemExit(f"{self.name} {step}: exit {ended.code} {ended.outcome} {ended.err}")
            requests = stage.calls(before)
            self.polls[step] = sum(map(is_poll, requests))
            self.counts[step] = len(requests) - self.polls[step]
        return self

    def violations(self):
        return [f"{self.name} {step}: {self.counts[step]} calls, at most {bound}"
                for step, bound in self.bounds().items() if self.counts[step] > bound]


def fill(stage):
    """50,000 cases of an uploader like ours with 10 logs each, in the days before the reports."""
    with Site(stage.url, stage.sandbox.token) as site:
        cycle = site.call("POST", site.below + "test-cycles?parentId=0&parentType=root", {"name": "Other job"})["id"]
        jobs = []
        for suite_number in range(OTHER_SUITES):
            suite = site.call("POST", f"{site.below}test-suites?parentId={cycle}&parentType=test-cycle",
                              {"name": f"Target {suite_number}", "properties": []})["id"]
            for execution in range(OTHER_EXECUTIONS):
                body = {"test_suite": suite, "execution_date": "2024-04-01",
                        "test_logs": list(other_logs(suite_number, execution))}
                jobs.append(site.call("POST", f"/api/v3.1/projects/{site.project}/test-runs/0/auto-test-logs"
                                              "?type=automation", body)["id"])
        site.wait_for_jobs(jobs, FILL_SECONDS)
        total = site.call("POST", f"{site.below}search?pageSize=1", {"object_type": "test-logs", "fields": ["id"],
                                                                     "query": ""})["total"]
        if total != OTHER_CASES * OTHER_EXECUTIONS:
            raise SystemExit(f"the project was not filled: {total} logs")


def other_logs(suite, execution):
    start = START - timedelta(days=2 + execution)
    for number in range(OTHER_CASES // OTHER_SUITES):
        name = f"other-{suite}-{number:05d}"
        at = start + timedelta(seconds=number)
        yield {"name": name, "automation_content": f"qtsync-{name}-{number:016x}", "status": "PASS",
               "exe_start_date": iso(at), "exe_end_date": iso(at + timedelta(seconds=1)),
               "note": f"Job: Other job\nExecuted on Target {suite}\nqtest-sync {suite:08x}{execution:08x}{number:016x}"}


def rows(large):
    """Jobs of their own, so that all can go into one large project."""
    word = "large " if large else ""
    modules20 = tuple(f"Module {number:02d}" for number in range(20))
    return [Row(f"{word}N=1,002 M=1", Workload(334, folders=(), job="One"), large),
            Row(f"{word}N=1,002 M=20", Workload(334, folders=modules20, job="Twenty", first=10_000,
                                               start=START + timedelta(days=7)), large),
            Row(f"{word}N=1,002 M=1 no times", Workload(334, folders=(), job="Untimed", first=60_000, timed=False), large),
            Row(f"{word}N=10,000 M=1", Workload(2500, FOUR_SUITES, (), "Many", first=20_000,
                                               start=START + timedelta(days=14)), large),
            Row(f"{word}N=10,000 M=20", Workload(2500, FOUR_SUITES, modules20, "Many modules", first=40_000,
                                                start=START + timedelta(days=21)), large),
            Row(f"{word}N=10,000 M=1 no times", Workload(2500, FOUR_SUITES, (), "Many untimed", first=70_000, timed=False),
                large)]


def table(done):
    yield f"{'project, report':28} {'first':>12} {'second':>12} {'repeat':>12}   calls (bound), polls apart; seconds"
    for row in done:
        bounds = row.bounds()
        cells = [f"{row.counts[step]:4d} ({bounds[step]:3d})" for step in bounds]
        yield (f"{row.name:28} " + " ".join(f"{cell:>12}" for cell in cells) + "   "
               + " ".join(f"{row.seconds[step]:.1f}" for step in bounds))


def play(large, only=None):
    """[Row]: in an empty project each, or all in one that is filled first."""
    done = []
    folder = Path(tempfile.mkdtemp(prefix="qtest-faults-budgets-"))
    try:
        chosen = [row for row in rows(large) if not only or only in row.name]
        if large:
            with Stage(folder) as stage:
                fill(stage)
                machine = Machine(folder, "machine")
                done = [row.play(stage, machine, folder) for row in chosen]
        for number, row in enumerate(chosen if not large else ()):
            with Stage(folder) as stage:
                done.append(row.play(stage, Machine(folder, f"machine-{number}"), folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return done


def run(arguments):
    done = play(False, arguments.only)
    if arguments.large:
        done += play(True, arguments.only)
    return list(table(done)), [text for row in done for text in row.violations()]


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only")
    return parser.parse_args(words)


def main():
    lines, violations = run(parse())
    print("\n".join(lines))
    for text in violations:
        print(f"OVER BUDGET {text}")
    print(f"budgets: {3 * (len(lines) - 1)} counts, {len(violations)} over the budget")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
