#!/usr/bin/env python3
"""Runs the end-to-end tests and prints one TAP line each: run_e2e.py [name-part...]

Most of their time is waiting, so as many classes run side by side as there are processors."""
import concurrent.futures
import multiprocessing
import os
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
sys.dont_write_bytecode = True
GROUPS = []


class TapResult(unittest.TestResult):
    """Keeps what is to be printed: (word, test and note, details)."""

    def __init__(self):
        super().__init__()
        self.lines = []
        self.sub_failed = False

    def _line(self, word, test, note="", details=""):
        self.lines.append((word, test.id() + note, details))

    def startTest(self, test):
        super().startTest(test)
        self.sub_failed = False

    def addSuccess(self, test):
        if not self.sub_failed:
            self._line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line("not ok", test, details=self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self._line("not ok", test, details=self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.sub_failed = True
            self._line("not ok", subtest, details=self._exc_info_to_string(err, test))


def chosen(suite, parts):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, parts)
        elif not parts or any(part in test.id() for part in parts):
            yield test


def by_class(tests):
    """Lists of tests; those of a class stay together."""
    groups = {}
    for test in tests:
        groups.setdefault(type(test), []).append(test)
    return sorted(groups.values(), key=len, reverse=True)  # the longest should not begin last


def run_group(number):
    """In a process of its own, which was forked when GROUPS stood."""
    result = TapResult()
    unittest.TestSuite(GROUPS[number]).run(result)
    return result.lines


def outcomes(count):
    """The lines of each group, as they come. A process that dies takes no test with it in silence."""
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork")) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run_group, number) for number in range(count)]):
            try:
                yield future.result()
            except concurrent.futures.process.BrokenProcessPool as error:
                yield [("not ok", "the process that ran the tests", str(error))]


def main():
    found = unittest.defaultTestLoader.discover(str(ROOT / "tests" / "e2e"), pattern="test_*.py")
    GROUPS.extend(by_class(chosen(found, sys.argv[1:])))
    count, failed = 0, False
    for lines in outcomes(len(GROUPS)):
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
