#!/usr/bin/env python3
"""Runs the end-to-end tests and prints one TAP line each, with its time:

    run_e2e.py [--in FOLDER] [NAME-PART...]      # FOLDER: another than tests/e2e

They run in processes of their own, two for each processor, since most of their time is waiting. The tests of a class
with setUpClass stay together; a class that says "takes_long = True" begins before the others."""
import argparse
import concurrent.futures
import multiprocessing
import os
import sys
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
sys.dont_write_bytecode = True
PROCESSES = 2 * len(os.sched_getaffinity(0))
GROUPS = []


class TapResult(unittest.TestResult):
    """Keeps what is to be printed: (word, test and note, details)."""

    def __init__(self):
        super().__init__()
        self.lines = []
        self.sub_failed = False
        self.begin = 0.0

    def _line(self, word, test, note="", details=""):
        self.lines.append((word, test.id() + note, details))

    def startTest(self, test):
        super().startTest(test)
        self.sub_failed = False
        self.begin = time.monotonic()

    def _time(self):
        return f" # time={round((time.monotonic() - self.begin) * 1000)}ms"

    def addSuccess(self, test):
        if not self.sub_failed:
            self._line("ok", test, self._time())

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line("not ok", test, self._time(), details=self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self._line("not ok", test, details=self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.sub_failed = True
            self._line("not ok", subtest, details=self._exc_info_to_string(err, test))


def find_tests(parts=(), folder="tests/e2e"):
    """Those with one of the parts in "file.Class.test"; all without a part."""
    suites = [unittest.TestLoader().discover(str(ROOT / folder), pattern="test_*.py")]
    tests = []
    for suite in suites:  # it grows
        for item in suite:
            (suites if isinstance(item, unittest.TestSuite) else tests).append(item)
    return [test for test in tests if not parts or any(part in test.id() for part in parts)]


def has_class_fixture(test):
    return type(test).setUpClass.__func__ is not unittest.TestCase.setUpClass.__func__


def by_process(tests):
    """Lists of tests, in the order in which they begin."""
    groups = {}
    for test in tests:
        groups.setdefault(type(test) if has_class_fixture(test) else test.id(), []).append(test)
    return sorted(groups.values(), key=lambda group: not getattr(group[0], "takes_long", False))


def run_group(number):
    """In a process of its own, which was forked when GROUPS stood."""
    result = TapResult()
    unittest.TestSuite(GROUPS[number]).run(result)
    return result.lines


def outcomes():
    """The lines of each group, as they come. A process that dies takes no test with it in silence."""
    with concurrent.futures.ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        numbers = {pool.submit(run_group, number): number for number in range(len(GROUPS))}
        for future in concurrent.futures.as_completed(numbers):
            try:
                yield future.result()
            except concurrent.futures.process.BrokenProcessPool as error:
                yield [("not ok", test.id(), str(error)) for test in GROUPS[numbers[future]]]


def main():
    parser = argparse.ArgumentParser(usage="run_e2e.py [--in FOLDER] [NAME-PART...]")
    parser.add_argument("--in", dest="folder", default="tests/e2e")
    parser.add_argument("parts", nargs="*")
    arguments = parser.parse_args()
    for part in arguments.parts:
        if not find_tests([part], arguments.folder):
            parser.error(f"no test has '{part}' in its name")
    GROUPS.extend(by_process(find_tests(arguments.parts, arguments.folder)))
    count, failed = 0, False
    for lines in outcomes():
        for word, name, details in lines:
            count += 1
            failed |= word != "ok"
            print(f"{word} {count} - {name}", flush=True)
            for line in details.splitlines():
                print("# " + line, flush=True)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
