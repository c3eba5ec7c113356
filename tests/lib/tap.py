"""Runs programs that print TAP, several at a time, and adds up what they say.

    tally = Tally(folder_of_the_logs)
    with tally.step("unit"):
        tally.run([Job("unit-spool", ["build/release/unit/test_spool"])], at_once=2)
        tally.skip("why something is left out")
    sys.exit(tally.finish(minimum))

finish() prints, as its last line: N passed, N failed, N skipped. A test that says "# time=123ms" behind its name is
known with its own time, a program without such lines with the time of the whole."""
import concurrent.futures
import contextlib
import os
import re
import resource
import subprocess
import time
from typing import NamedTuple

LINE = re.compile(r"(not )?ok\b *\d* *(?:- )?(.*)")
PLAN = re.compile(r"1\.\.(\d+)\b")
SKIPPED = re.compile(r"# SKIP\b *(.*)")
TIME = re.compile(r" *# time=(\d+)ms")
SLOWEST = 10
SHOWN_LINES = 60


class Job(NamedTuple):
    name: str  # also of its log
    command: list
    env: dict = {}


class Outcome:
    """What one program said, and how it ended."""

    def __init__(self, text, code, seconds):
        self.code, self.seconds = code, seconds
        self.passed = self.failed = self.planned = 0
        self.skips, self.timed = [], []
        self.rest = []  # everything but the tests that passed
        for line in text.splitlines():
            self._take(line)
        said = self.passed + self.failed + len(self.skips)
        # A program that dies says nothing of the test that killed it, nor of those behind it.
        if self.failed == 0 and (code != 0 or said == 0 or said < self.planned):
            self.failed = 1

    def _take(self, line):
        found, plan = LINE.fullmatch(line), PLAN.match(line)
        if plan:
            self.planned += int(plan.group(1))
        if not found or found.group(1):
            self.rest.append(line)
        if not found:
            return
        spent, skipped = TIME.search(line), SKIPPED.search(line)
        if skipped:
            self.skips.append(skipped.group(1))
        elif found.group(1):
            self.failed += 1
        else:
            self.passed += 1
        if spent:
            self.timed.append((int(spent.group(1)) / 1000, TIME.sub("", found.group(2))))


class Tally:
    def __init__(self, folder):
        self.folder = folder
        self.passed = self.failed = self.skipped = 0
        self.steps, self.timed = [], []
        folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def step(self, name):
        """Its time is told at the end."""
        wall, processor = time.monotonic(), processor_seconds()
        yield
        self.steps.append((name, time.monotonic() - wall, processor_seconds() - processor))

    def run(self, jobs, at_once=1):
        """At most at_once of them at a time; what they say comes in their order."""
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for job, outcome in zip(jobs, pool.map(self._play, jobs)):
                self._add(job, outcome)

    def _log(self, job):
        return self.folder / f"{job.name}.tap"

    def _play(self, job):
        begin = time.monotonic()
        with open(self._log(job), "wb") as log:
            code = subprocess.run([str(word) for word in job.command], stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=subprocess.STDOUT, env={**os.environ, **job.env}, check=False).returncode
        text = self._log(job).read_text(encoding="utf-8", errors="replace")
        return Outcome(text, code, time.monotonic() - begin)

    def _add(self, job, outcome):
        self.passed += outcome.passed
        self.failed += outcome.failed
        self.skipped += len(outcome.skips)
        self.timed += [(seconds, f"{job.name}  {name}") for seconds, name in outcome.timed] or \
                      [(outcome.seconds, f"{job.name}  ({outcome.passed + outcome.failed} tests)")]
        print(f"{job.name:<28} {outcome.passed:4} passed {outcome.failed:3} failed {len(outcome.skips):3} skipped "
              f"{outcome.seconds:7.1f} s", flush=True)
        if outcome.failed:
            print(f"--- {self._log(job)} (exit code {outcome.code})", *outcome.rest[-SHOWN_LINES:], "---", sep="\n",
                  flush=True)
        for reason in outcome.skips:
            print(f"  skipped: {reason}", flush=True)

    def skip(self, reason):
        print(f"  skipped: {reason}", flush=True)
        self.skipped += 1

    def fail(self, reason):
        print(reason, flush=True)
        self.failed += 1

    def finish(self, minimum=0):
        """minimum: as many tests must have run. Returns the exit code."""
        ran = self.passed + self.failed
        if ran < minimum:
            self.fail(f"only {ran} tests ran, at least {minimum} are expected: some were not found")
        if self.timed:
            self._tell_times()
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0

    def _tell_times(self):
        print("\nseconds, and those of all processors:")
        for name, wall, processor in self.steps:
            print(f"{wall:9.1f} {processor:9.1f}  {name}")
        print("\nthe slowest:")
        for seconds, name in sorted(self.timed, reverse=True)[:SLOWEST]:
            print(f"{seconds:9.1f}  {name}")


def processor_seconds():
    """Of all programs that have ended, and of those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processors():
    return len(os.sched_getaffinity(0))


def build(tally, variant, targets):
    """make, with the flags that all tests are built with: other flags would build everything anew. False, and told,
    when it fails."""
    log = tally.folder / "build.log"
    with tally.step("build"), open(log, "wb") as output:
        command = ["make", "-s", f"-j{processors()}", f"VARIANT={variant}", "WERROR=1", *targets]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return True
    print(*log.read_text(errors="replace").splitlines()[-40:], sep="\n")
    tally.fail("the build failed")
    return False


def prepare_environment(variant):
    """What the tests find their programs by, and what makes a sanitizer's finding a failure."""
    os.environ["BUILD"] = f"build/{variant}"
    # A leak that is found late is still a failure; a missed core file is not.
    os.environ.setdefault("ASAN_OPTIONS", "abort_on_error=0:detect_leaks=1")
    os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    os.environ["CMOCKA_MESSAGE_OUTPUT"] = "TAP"
