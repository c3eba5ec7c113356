#!/usr/bin/env python3
"""Runs the end-to-end tests and prints one TAP line each: run_e2e.py [name-part...]"""
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
sys.dont_write_bytecode = True


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.sub_failed = False

    def _line(self, word, test, note="", details=""):
        self.count += 1
        print(f"{word} {self.count} - {test.id()}{note}", flush=True)
        for line in details.splitlines():
            print("# " + line, flush=True)

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


def main():
    found = unittest.defaultTestLoader.discover(str(ROOT / "tests" / "e2e"), pattern="test_*.py")
    suite = unittest.TestSuite(chosen(found, sys.argv[1:]))
    result = TapResult()
    suite.run(result)
    print(f"1..{result.count}")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
