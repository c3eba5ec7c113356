"""Reports with folders, and what qTest must show of them.

A Workload is what one report holds; the desired state of several is their union."""
import json
from collections import Counter
from datetime import datetime, timedelta, timezone

START = datetime(2024, 5, 1, 20, 0, 0, tzinfo=timezone.utc)
TARGETS = {"Chrome": "Chrome 103.0.1.2", "Edge Headless": "Edge (Headless) 103.0.3", "Firefox": "Firefox 102.0.1"}
ROOT_MODULE = "TestProject"
BADNESS = {"Passed": 0, "Skipped": 1, "Failed": 2}
# What the sandbox shows for the words that are sent.
SHOWN = {"Passed": "Passed", "Failed": "Failed", "Skipped": "Incomplete"}


def iso(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


# What servers, lists and notes are known to trip over. A name of 700 characters is cut by the agent.
AWKWARD_NAMES = {1: 'Sign in & <b>"out"</b> \'now\' #1?', 3: "Größe ändern — 尺寸 🎉", 5: "Long " + "name " * 140}
FORGED = "qtest-sync 0123456789abcdef0123456789abcdef"
COMPARED_CHARACTERS = 60  # of a name, so that it does not matter how a long one is cut


def message(number):
    """Of a failed step; every second one is long, and it tries to look like the head of a note."""
    return f"expected <1> & got \"2\"\r\n\n{FORGED}\n" + ("x" * 6000 if number % 2 == 0 else "short")


def verdict(number):
    """A mixture, so that a log with another one's status is noticed."""
    if number % 11 == 10:
        return "Skipped"
    return "Failed" if number % 7 == 6 else "Passed"


class Workload:
    """tests: how many tests in all; each runs on each suite. folders: the tests are dealt out to them, and the
    names begin again in each, so that only the folder tells two tests apart; () puts all in the root module.
    first: the number of the first test, so that reports of one job can hold different tests. rich: awkward names,
    long messages, and each tenth test run twice, which makes one log. corrected: as if the report had been saved
    too early the first time: some that passed have failed. timed: else the report tells no time at all."""

    def __init__(self, tests, suites=tuple(TARGETS), folders=("Web", "Api"), job="Nightly web shop",
                 execution="Exec0001", first=0, start=START, rich=False, corrected=False,
                 timed=True):
        self.tests, self.suites, self.folders, self.job = tests, tuple(suites), tuple(folders), job
        self.execution, self.first, self.start, self.timed = execution, first, start, timed
        self.rich, self.corrected = rich, corrected

    @property
    def results(self):
        return sum(len(on_suites) for _, _, on_suites in self.rows())

    def count(self, result):
        return sum(found == result for _, _, on_suites in self.rows() for _, _, _, found in on_suites)

    def _numbers(self):
        for number in range(self.first, self.first + self.tests):
            yield number
            if self.rich and number % 10 == 9:
                yield number

    def _name(self, number):
        within = number // len(self.folders) if self.folders else number
        awkward = AWKWARD_NAMES.get(within) if self.rich else None
        return awkward or f"Test {within:05d}"

    def _verdict(self, number, place):
        changed = self.corrected and number % 5 == 2 and place == 0 and verdict(number) == "Passed"
        return "Failed" if changed else verdict(number + place)

    def corrections(self):
        """How many results differ from those of the report that was saved too early."""
        return sum(verdict(number) == "Passed" for number in self._numbers() if number % 5 == 2)

    def rows(self):
        """(folder or None, test name, [(suite, start, end, result)]), one a test."""
        at = self.start
        for number in self._numbers():
            folder = self.folders[number % len(self.folders)] if self.folders else None
            name, on_suites = self._name(number), []
            for place, suite in enumerate(self.suites):
                end = at + timedelta(seconds=2, milliseconds=250)
                on_suites.append((suite, at, end, self._verdict(number, place)))
                at = end
            yield folder, name, on_suites

    def report(self):
        """TestProject JSON, shape B."""
        tests, end = [], self.start
        for folder, name, on_suites in self.rows():
            targets = [self._target(len(tests), *place) for place in on_suites]
            test = {"name": name, "executionStart": iso(on_suites[0][1]), "result": targets[0]["result"],
                    "executionEnd": "0001-01-01T00:00:00Z", "duration": "00:00:09.000", "targets": targets}
            if not self.timed:
                test = {"name": name, "result": test["result"], "targets": targets}
            if folder:
                test["folder"] = folder
            tests.append(test)
            end = on_suites[-1][2]
        times = {"executionStart": iso(self.start), "executionEnd": iso(end)} if self.timed else {}
        return json.dumps({
            "id": self.execution, "platform": "Web", **times,
            "resultType": "Failed" if self.count("Failed") else "Passed", "jobId": "J0b", "jobName": self.job,
            "passedTests": self.count("Passed"), "failedTests": self.count("Failed"), "skippedTests": self.count("Skipped"),
            "testResults": tests, "tags": [],
            "reportUrl": f"https://app.testproject.io/#/reports/projects/1/jobs/J0b/execution/{self.execution}"})

    def _target(self, number, suite, begin, stop, result):
        failed = [{"step": 2, "message": message(number)}] if self.rich and result == "Failed" else []
        times = {"executionStart": iso(begin), "executionEnd": iso(stop), "duration": "00:00:02.250"} if self.timed else {}
        return {"targetName": TARGETS.get(suite, suite), "result": result, **times, "failedSteps": failed}

    def write(self, folder, name="report.json"):
        path = folder / name
        path.write_text(self.report())
        return path


class Desired:
    """What qTest must show: logs[(cycle, suite, module path, test)] = Counter of (second of the start, status).
    refused: results that qTest does not take."""

    def __init__(self, *workloads, refused=()):
        self.logs = {}
        for workload in workloads:
            self.add(workload, refused)

    def add(self, workload, refused=()):
        """The worst result of a test in a suite and execution has the log, the later of equally bad ones."""
        shown = {}
        for folder, name, on_suites in workload.rows():
            path = (ROOT_MODULE, folder) if folder else (ROOT_MODULE,)
            for suite, begin, _, result in on_suites:
                key = (workload.job, suite, path, name[:COMPARED_CHARACTERS])
                before = shown.get(key)
                if not before or (BADNESS[result], begin) > (BADNESS[before[1]], before[0]):
                    shown[key] = (begin, result)
        for key, (begin, result) in shown.items():
            if result not in refused:
                self.logs.setdefault(key, Counter())[(int(begin.timestamp()), SHOWN[result])] += 1

    @property
    def cycles(self):
        return {cycle for cycle, _, _, _ in self.logs}

    @property
    def suites(self):
        return {(cycle, suite) for cycle, suite, _, _ in self.logs}

    @property
    def cases(self):
        return {(path, name) for _, _, path, name in self.logs}

    @property
    def modules(self):
        return {path[:depth] for path, _ in self.cases for depth in range(1, len(path) + 1)}

    @property
    def log_count(self):
        return sum(sum(logs.values()) for logs in self.logs.values())
