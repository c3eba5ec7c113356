"""Reports of any size for the tests."""
import json
from datetime import datetime, timedelta, timezone

START = datetime(2024, 5, 1, 20, 0, 0, tzinfo=timezone.utc)
TARGETS = ("Chrome 103.0.1.2", "Edge (Headless) 103.0.3", "Firefox 102.0.1")


def iso(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def testproject(execution, tests, targets=TARGETS, job="Nightly web shop", start=START, result="Passed"):
    """Shape B: `tests` tests on each target, ten seconds each."""
    at, results = start, []
    for number in range(1, tests + 1):
        on_targets = []
        for target in targets:
            end = at + timedelta(seconds=10)
            on_targets.append({"targetName": target, "result": result, "passRatio": 100, "failRatio": 0,
                               "executionStart": iso(at), "executionEnd": iso(end), "duration": "00:00:10.000",
                               "failedSteps": []})
            at = end
        results.append({"name": f"Test {number:04d}", "executionStart": on_targets[0]["executionStart"],
                        "executionEnd": "0001-01-01T00:00:00Z", "duration": "00:00:30.000", "result": result,
                        "targets": on_targets})
    url = f"https://app.testproject.io/#/reports/projects/1/jobs/J0b/execution/{execution}?es={iso(start)}"
    return json.dumps({"id": execution, "platform": "Web", "executionStart": iso(start), "executionEnd": iso(at),
                       "resultType": result, "passRatio": 100, "jobId": "J0b", "jobName": job,
                       "passedTests": tests * len(targets), "failedTests": 0, "skippedTests": 0,
                       "testResults": results, "reportUrl": url, "tags": []})
