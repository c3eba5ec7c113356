#!/usr/bin/env python3
"""The same outcome under every value of each switch of the sandbox, one at a time, and under random combinations.

    switches.py [--seed N] [--combinations N] [--only NAME-PART]... [--at-once N]

Each case: a report, the same again, a second execution, the first once more (now older than what the runs show), and
the second with corrected results.
After each: exit code, sum, what stands in the sandbox; a repeat writes nothing."""
import argparse
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import PATIENCE, PROJECT, Machine  # noqa: E402
from many import Case, Stage, play_all  # noqa: E402
from harness import is_write  # noqa: E402
from workload import START, Desired, Workload  # noqa: E402

# Few calls, but the sandbox's minutes pass in three seconds. Where it does not tell what is left, 429 comes for certain.
LIMITED = ("minute-limit=12", "clock-speed=20")
REFUSING = (*LIMITED, "rate-headers=absent")
# Without a word of the site the agent waits for the next minute of its own clock: a claim must last longer than that.
LIMITED_PATIENCE = ["--settle", "2m"]
WITHOUT_SKIP = "status-words=PASS=Passed,FAIL=Failed"
# Every value that is not the default, by switch; where one needs another to bite, both.
SINGLES = [
    ("module-names=honoured",), ("failed-content=json", WITHOUT_SKIP), ("failed-content=empty", WITHOUT_SKIP),
    ("unmapped-status=job-failed", WITHOUT_SKIP), ("unmapped-status=400", WITHOUT_SKIP),
    ("unmapped-status=log-dropped", WITHOUT_SKIP), ("bad-log=log-dropped", WITHOUT_SKIP),
    ("failed-job=prefix-written", WITHOUT_SKIP), ("run-name=updated",), ("step-rewrite=same-version",),
    ("step-rewrite=kept",), ("repeated-content=last-wins",), ("repeated-content=first-wins",),
    ("step-order-from-1=error",), ("search-lag-ms=2000",), ("search-lag-ms=6000",), ("long-names=cut",),
    ("latest-test-log=absent",), ("lost-reply=timeout",), ("lost-reply=reset",), ("lost-reply=502",),
    ("lost-reply=504",), ("lost-reply=502", "lost-reply-every=1"), ("lost-reply=timeout", "lost-reply-every=3"),
    ("retry-after=seconds", *REFUSING), ("retry-after=date", *REFUSING),
    ("retry-after=absent", *REFUSING), ("retry-after=rubbish", *REFUSING), LIMITED,
    ("tree-keys=underscore",), ("escaping=entities",), ("job-lifetime-ms=1",), ("job-lifetime-ms=300",),
    ("jobs=overlapping",), ("jobs=overlapping", "overlap-cases=two"), ("list-notes=absent",),
    ("list-notes=absent", "latest-test-log=absent"), ("list-builds=absent",),
    ("list-notes=absent", "list-builds=absent"), ("list-notes=absent", "list-builds=absent", "latest-test-log=absent"),
    ("milliseconds=kept",), ("long-notes=cut",), ("id-lag-ms=200",),
    ("latest-log=latest-start",), ("rights=no-delete",), ("rights=no-approve",), ("rights=no-field-settings",),
    ("list-lag-ms=1000",), ("list-lag-ms=1000", "search-lag-ms=2000", "id-lag-ms=200"), ("zone=-09:30",),
    ("first-id=9007199254740993",), ("body-limit-mb=1",),
]
# For the random combinations: each switch with all its values.
VALUES = {
    "module-names": ["ignored", "honoured"], "unmapped-status": ["job-failed", "400", "log-dropped"],
    "bad-log": ["job-failed", "log-dropped"], "failed-content": ["text", "json", "empty"],
    "failed-job": ["nothing-written", "prefix-written"], "run-name": ["kept", "updated"],
    "step-rewrite": ["new-version", "same-version", "kept"],
    "repeated-content": ["two-logs", "last-wins", "first-wins"], "step-order-from-1": ["accepted", "error"],
    "search-lag-ms": ["0", "2000"], "long-names": ["400", "cut"], "latest-test-log": ["present", "absent"],
    "lost-reply": ["never", "timeout", "reset", "502", "504"], "lost-reply-every": ["2", "3"],
    "retry-after": ["seconds", "date", "absent", "rubbish"], "tree-keys": ["hyphen", "underscore"],
    "escaping": ["raw", "entities"], "job-lifetime-ms": ["0", "300"], "jobs": ["one-at-a-time", "overlapping"],
    "overlap-cases": ["one", "two"], "list-notes": ["present", "absent"],
    "list-builds": ["present", "absent"], "milliseconds": ["dropped", "kept"],
    "long-notes": ["kept", "cut"], "id-lag-ms": ["0", "200"], "latest-log": ["last-submitted", "latest-start"],
    "rights": ["all", "no-delete", "no-approve", "no-field-settings"], "list-lag-ms": ["0", "1000"],
    "zone": ["+07:00", "-03:30"],
}
UNMAPPED_CHANCE = 0.25
WORDS = [*PATIENCE, "--batch-logs", "25"]
# Where the server holds answers back for good, each costs the whole time; the last word counts.
IMPATIENT = ["--request-timeout", "2s"]


def combination(rng):
    chosen = [f"{name}={value}" for name, values in VALUES.items() for value in [rng.choice(values)]
              if value != values[0]]
    if rng.random() < UNMAPPED_CHANCE:
        chosen.append(WITHOUT_SKIP)
    return tuple(chosen)


def value_of(switches, name, default):
    return next((word.partition("=")[2] for word in switches if word.startswith(name + "=")), default)


class Trial:
    """One setting of the switches."""

    def __init__(self, switches):
        self.switches = switches
        self.refused = ("Skipped",) if WITHOUT_SKIP in switches else ()
        self.lag_seconds = max(int(value_of(switches, name, "0"))
                               for name in ("search-lag-ms", "list-lag-ms", "id-lag-ms")) / 1000 + 0.3
        self.words = WORDS + (IMPATIENT if "lost-reply=timeout" in switches else []) + \
            (LIMITED_PATIENCE if LIMITED[0] in switches else [])
        self.finished_allowed = value_of(switches, "rights", "all") == "no-delete"
        folders = ("Web & <Mobile>", "Api")
        self.first = Workload(20, folders=folders, rich=True)
        self.second = Workload(20, folders=folders, rich=True, execution="Exec0002", start=START + timedelta(days=1))

        self.corrected = Workload(20, folders=folders, rich=True, execution="Exec0002", start=START + timedelta(days=1),
                                  corrected=True)

    def play(self, folder):
        options = [word for switch in self.switches for word in ("--set", switch)]
        with Stage(folder, "--job-ms", 200, *options) as stage:
            self.stage, self.machine = stage, Machine(folder, "one")
            self.reports = {id(work): work.write(folder, f"report-{number}.json")
                            for number, work in enumerate((self.first, self.second, self.corrected))}
            violations = []
            for name, work, repeat, shown in (("first", self.first, False, (self.first,)),
                                              ("repeat", self.first, True, (self.first,)),
                                              ("second", self.second, False, (self.first, self.second)),
                                              ("older repeat", self.first, True, (self.first, self.second)),
                                              ("corrected", self.corrected, False, (self.first, self.corrected))):
                violations += [f"{name}: {text}" for text in self.step(work, repeat, shown)]
                if violations:
                    return violations  # what follows would only say it again
            if "rate-headers=absent" in self.switches and not any(call["status"] == 429 for call in stage.calls()):
                violations.append("the limit was never met")
            return violations

    def step(self, work, repeat, shown):
        before = self.stage.log_size()
        ended = self.machine.upload(self.stage.url, self.reports[id(work)], *self.words)
        refused = sum(work.count(result) for result in self.refused)
        yield from ended.sum_problems(work.results)
        if ended.code != (1 if refused else 0):
            yield f"exit {ended.code}: {ended.err.strip()[-300:]} {ended.outcome and ended.outcome['problems']}"
        yield from self.judge_counts(ended.outcome, work, repeat, refused)
        if repeat and not refused:
            yield from (f"a repeat sent {call['method']} {call['target']}" for call in self.stage.calls(before)
                        if is_write(call))
        yield from self.stage.check(Desired(*shown, refused=self.refused), self.lag_seconds,
                                    finished_allowed=self.finished_allowed)
        yield from (f"left behind: {name}" for name in self.machine.leftovers())

    @staticmethod
    def judge_counts(outcome, work, repeat, refused):
        if not outcome:
            return
        if work.corrected:
            confirmed = work.corrections()
        else:
            confirmed = 0 if repeat else work.results - refused
        wanted = {"confirmed": confirmed, "present": work.results - refused - confirmed, "refused": refused}
        found = {name: outcome[name] for name in wanted}
        if found != wanted:
            yield f"the outcome says {found}, not {wanted}"


def automation_off(value):
    """Switch 2: nothing can be written; the upload says so before it tries."""
    def play(folder):
        work = Workload(4)
        with Stage(folder, "--set", f"automation-off={value}", project=PROJECT + ":automation=off") as stage:
            ended = Machine(folder, "one").upload(stage.url, work.write(folder), *WORDS)
            if ended.code != 4 or "utomation" not in ended.err:
                yield f"exit {ended.code}: {ended.err}"
            yield from (f"it wrote: {call['method']} {call['target']}" for call in stage.calls() if is_write(call))
            yield from stage.check(Desired())
    return play


def name_of(switches):
    return "+".join(word.replace("/", "_").replace(",", "_") for word in switches)[:120] or "default"


def cases(arguments):
    """Singles, then the combinations of the seed, each of which can be played alone by its name."""
    found = [(f"one-{name_of(switches)}", switches) for switches in [(), *SINGLES]]
    rng = random.Random(arguments.seed)
    for number in range(arguments.combinations):
        found.append((f"random-{arguments.seed}-{number:03d}", combination(rng)))
    if arguments.only:
        found = [(name, switches) for name, switches in found if any(part in name for part in arguments.only)]
    chosen = [(name, switches, Case(name, Trial(switches).play)) for name, switches in found]
    for value in ("403", "job-failed") if not arguments.only else ():
        name = f"one-automation-off={value}"
        chosen.append((name, (), Case(name, automation_off(value))))
    return chosen


def run(arguments, out=sys.stderr):
    began = time.monotonic()
    chosen = cases(arguments)
    failed = play_all([case for _, _, case in chosen], arguments.at_once, out)
    names = {case.name for case in failed}
    for name, switches, _ in chosen:
        if name in names and name.startswith("random-"):
            print(f"{name}: {' '.join(switches)}", file=out)
    singles = sum(name.startswith("one-") for name, _, _ in chosen)
    line = (f"switches: {singles} settings one at a time and {len(chosen) - singles} random combinations of seed "
            f"{arguments.seed}: {len(chosen) - len(failed)} right, {len(failed)} wrong; "
            f"{time.monotonic() - began:.0f} s")
    return line, failed


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--combinations", type=int, default=50)
    parser.add_argument("--only", action="append")
    parser.add_argument("--at-once", type=int, default=16)
    arguments = parser.parse_args(words)
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1 << 32)
    return arguments


def main():
    line, failed = run(parse())
    print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
