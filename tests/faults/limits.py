#!/usr/bin/env python3
"""Rate limits, and what an ended agent leaves behind.

    limits.py [--only NAME-PART]... [--at-once N]

minute   a site that allows 60 calls a minute, for an upload that needs more: exit 0, hardly a 429, and it says what
         it waits for
month    the month's calls run out midway: exit 5 and a sentence; with more calls the rest comes in
memory   under valgrind: no leak, no open descriptor, no wrong access after each fault that leaves the agent alive
signal   SIGTERM and SIGINT at any time: exit 143 and 130 within seconds, no temporary file; again, and all is in"""
import argparse
import re
import shutil
import signal
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import PATIENCE, Machine  # noqa: E402
from many import Case, Stage, play_all  # noqa: E402
from proxy import FAULTS, KILLS, FaultyProxy  # noqa: E402
from workload import Desired, Workload  # noqa: E402

# Valgrind's own log is inherited from its parent.
OPEN_AT_EXIT = re.compile(r"Open (.*)\n(?!==\d+==    <inherited from parent>)")
FEW_REFUSED = 3
MINUTE_LIMIT = 60
SIGNAL_SECONDS = 60  # far below what it may take by itself: a submission 20 s, all of it 10 min
SIGNALLED_JOB_MS = 400
FAULT_CALLS = (3, 9, 16, 21, 27)
SIGNAL_TIMES = (0.01, 0.1, 0.25, 0.5, 1.0, 1.6)
VALGRIND = ("valgrind", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible", "--track-fds=yes",
            "--error-exitcode=99", "--log-file={log}")


def minute(folder):
    # More than two minutes' worth: a run that crosses into the next minute must wait all the same.
    work = Workload(334, folders=tuple(f"Module {number:02d}" for number in range(60)))
    with Stage(folder, "--set", f"minute-limit={MINUTE_LIMIT}", "--set", "clock-speed=3") as stage:
        machine = Machine(folder, "one")
        ended = machine.upload(stage.url, work.write(folder))
        refused = sum(call["status"] == 429 for call in stage.calls())
        if ended.code or ended.outcome["confirmed"] != work.results:
            yield f"exit {ended.code}: {ended.err}"
        if ended.outcome["requests"] <= MINUTE_LIMIT:
            yield f"only {ended.outcome['requests']} requests: the limit was never met"
        if refused > FEW_REFUSED:
            yield f"{refused} requests were refused with 429"
        if not re.search(r"waiting \d+ s for .*limit", ended.err):
            yield f"it does not say what it waits for: {ended.err!r}"
        yield from stage.check(Desired(work))


def month(folder):
    work = Workload(40)
    with Stage(folder, "--db", folder / "site.db", "--set", "month-limit=15", "--job-ms", 100) as stage:
        machine, report = Machine(folder, "one"), work.write(folder)
        ended = machine.upload(stage.url, report, *PATIENCE)
        if ended.code != 5 or "month" not in ended.err:
            yield f"exit {ended.code}: {ended.err!r}"
        yield from ended.sum_problems(work.results)
        if len(stage.calls()) > 15 + 4:
            yield f"{len(stage.calls())} requests were made, 15 were to be had"
    with Stage(folder, "--db", folder / "site.db", "--job-ms", 100) as stage:
        ended = machine.upload(stage.url, report, *PATIENCE)
        if ended.code or ended.outcome["confirmed"] + ended.outcome["present"] != work.results:
            yield f"the next month: exit {ended.code}: {ended.err} {ended.outcome}"
        yield from stage.check(Desired(work))


def memory(call, fault):
    def play(folder):
        work, log = Workload(40), folder / "valgrind.log"
        with Stage(folder, "--job-ms", 300) as stage, FaultyProxy(stage.url) as proxy:
            machine = Machine(folder, "one")
            proxy.arm(call, fault)
            wrapper = [word.format(log=log) for word in VALGRIND]
            ended = machine.upload(proxy.url, work.write(folder), *PATIENCE, wrapper=wrapper)
            yield from ended.sum_problems(work.results)
            if ended.code not in (0, 5, 6):
                yield f"exit {ended.code}: {ended.err}"
            said = log.read_text(errors="replace")
            if not re.search(r"ERROR SUMMARY: 0 errors", said):
                yield f"valgrind: {said[-1500:]}"
            if "FILE DESCRIPTORS:" not in said:
                yield f"valgrind did not come to its end: {said[-600:]}"
            yield from (f"left open: {name}" for name in OPEN_AT_EXIT.findall(said))
            yield from leftovers(machine, ended.code)
            yield from stage.check(Desired(work)) if ended.code == 0 else ()
    return play


def leftovers(machine, code):
    """Where something is open, its journal and spool are wanted; nothing else ever is."""
    for name in machine.leftovers():
        if name.startswith("tmp/vgdb-"):
            continue  # valgrind's
        if code == 0 or not re.fullmatch(r"state/qtest-sync/(journal/\w+\.journal|spool/[\w-]+\.spool)", name):
            yield f"left behind after exit {code}: {name}"


def signalled(number, after_seconds):
    def play(folder):
        work = Workload(100)
        with Stage(folder, "--job-ms", SIGNALLED_JOB_MS, "--latency-ms", 20) as stage:
            machine, report = Machine(folder, "one"), work.write(folder)
            started = time.monotonic()
            agent = machine.start(stage.url, report, *PATIENCE)
            time.sleep(after_seconds)
            agent.signal(number)
            began = time.monotonic()
            ended = agent.wait()
            # it may not have begun, and may be done by then, but not before its first job
            done = (0,) if (began - started) * 1000 >= SIGNALLED_JOB_MS else ()
            if ended.code not in (*done, 128 + number, -number):
                yield f"exit {ended.code}: {ended.err}"
            if time.monotonic() - began > SIGNAL_SECONDS:
                yield f"it took {time.monotonic() - began:.1f} s to end"
            if ended.code == 128 + number:
                yield from ended.sum_problems(work.results)
            yield from leftovers(machine, ended.code)
            ended = machine.upload(stage.url, report, *PATIENCE)
            if ended.code or ended.outcome["confirmed"] + ended.outcome["present"] != work.results:
                yield f"again: exit {ended.code}: {ended.err} {ended.outcome}"
            flushed = machine.start(stage.url, *PATIENCE, command="flush", output=None).wait()
            if flushed.code:
                yield f"flush: exit {flushed.code}: {flushed.err}"
            yield from leftovers(machine, 0)
            yield from stage.check(Desired(work))
    return play


def cases(arguments):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it, and so would the agent
    found = [("minute", minute), ("month", month)]
    if shutil.which("valgrind"):
        found += [(f"memory-{call:02d}-{fault}", memory(call, fault)) for call in FAULT_CALLS for fault in FAULTS
                  if fault not in KILLS]
    found += [(f"signal-{number.name}-{seconds}", signalled(number, seconds))
              for number in (signal.SIGTERM, signal.SIGINT) for seconds in SIGNAL_TIMES]
    parts = arguments.only or [""]
    return [Case(name, play) for name, play in found if any(part in name for part in parts)]


def run(arguments, out=sys.stderr):
    began = time.monotonic()
    chosen = cases(arguments)
    failed = play_all(chosen, arguments.at_once, out)
    without = "" if shutil.which("valgrind") else ", without valgrind (not installed)"
    return (f"limits and leftovers: {len(chosen)} cases{without}: {len(chosen) - len(failed)} right, "
            f"{len(failed)} wrong; {time.monotonic() - began:.0f} s"), failed


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append")
    parser.add_argument("--at-once", type=int, default=8)
    return parser.parse_args(words)


def main():
    line, failed = run(parse())
    print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
