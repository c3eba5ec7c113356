#!/usr/bin/env python3
"""Several uploads at the same moment.

    shards.py [--repetitions N] [--only NAME-PART] [--at-once N]

eight    8 processes with 250 results each, different tests, one job, the same targets; 50 ms latency
browsers 3 processes with the same new tests, one browser each
twins    2 processes on two machines that upload one file
home     2 processes on one machine with one home that upload one file

Each process has its own folders (but for home); all begin at one write to a pipe, well within 10 ms."""
import argparse
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import Gate, Machine  # noqa: E402
from many import Case, Stage, play_all  # noqa: E402
from workload import Desired, Workload  # noqa: E402

LATENCY_MS = 50
JOB_MS = 100


class Contest:
    """workloads: one a process. machines: one name a process; processes may share a machine."""

    def __init__(self, workloads, machines, options=()):
        self.workloads, self.machine_names, self.options = workloads, machines, options
        self.seconds = []

    def play(self, folder):
        with Stage(folder, "--latency-ms", LATENCY_MS, "--job-ms", JOB_MS, *self.options) as stage, Gate() as gate:
            machines = {name: Machine(folder, name) for name in set(self.machine_names)}
            agents = [machines[name].start(stage.url, work.write(folder, f"report-{number}.json"), gate=gate)
                      for number, (name, work) in enumerate(zip(self.machine_names, self.workloads))]
            gate.open(len(agents))
            began = time.monotonic()
            ended = [agent.wait() for agent in agents]
            self.seconds.append(time.monotonic() - began)
            violations = list(self.judge(ended))
            for machine in machines.values():
                violations += [f"left behind: {machine.name}/{name}" for name in machine.leftovers()]
            return violations + stage.check(Desired(*self.distinct()))

    def distinct(self):
        """Workloads that were uploaded twice count once."""
        return list({id(work): work for work in self.workloads}.values())

    def judge(self, ended):
        taken = 0
        for number, (run, work) in enumerate(zip(ended, self.workloads)):
            yield from (f"process {number}: {text}" for text in run.sum_problems(work.results))
            if run.code:
                yield f"process {number} ended with {run.code}: {run.err.strip()[-300:]}"
            elif run.outcome["confirmed"] + run.outcome["present"] != work.results:
                yield f"process {number} left results open: {run.outcome}"
            taken += run.outcome["confirmed"] if run.outcome else 0
        wanted = sum(work.results for work in self.distinct())
        if taken != wanted:
            yield f"{taken} results were confirmed by somebody, {wanted} were new"


def eight():
    return [Workload(125, suites=("Chrome", "Firefox"), first=125 * number, folders=("Web", "Api"))
            for number in range(8)]


def browsers():
    return [Workload(100, suites=(suite,)) for suite in ("Chrome", "Edge Headless", "Firefox")]


def contests():
    one = Workload(100)
    return {
        "eight": lambda: Contest(eight(), [f"runner-{number}" for number in range(8)]),
        "browsers": lambda: Contest(browsers(), ["runner-a", "runner-b", "runner-c"]),
        "twins": lambda: Contest([one, one], ["runner-a", "runner-b"]),
        "home": lambda: Contest([one, one], ["runner-a", "runner-a"]),
    }


def run(arguments, out=sys.stderr):
    """[(line, failed cases)], one a contest."""
    results = []
    for name, make in contests().items():
        if arguments.only and arguments.only not in name:
            continue
        contest = make()
        cases = [Case(f"shards-{name}-{number:02d}", contest.play) for number in range(arguments.repetitions)]
        failed = play_all(cases, arguments.at_once, out)
        slowest = max(contest.seconds, default=0)
        results.append((f"shards {name}: {len(contest.workloads)} processes, "
                        f"{sum(work.results for work in contest.distinct())} results, {len(cases)} repetitions: "
                        f"{len(cases) - len(failed)} right, {len(failed)} wrong; at most {slowest:.1f} s", failed))
    return results


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--only")
    parser.add_argument("--at-once", type=int, default=4)
    return parser.parse_args(words)


def main():
    results = run(parse())
    for line, _ in results:
        print(line)
    return 1 if any(failed for _, failed in results) else 0


if __name__ == "__main__":
    sys.exit(main())
