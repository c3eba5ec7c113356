"""Places that qTest does not make, or that go away while results are on their way into them."""
import json
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase  # noqa: E402

FOLDERS = ("Web", "Api")
TARGETS = ("Chrome 103.0", "Firefox 99.0")
TESTS = 4
RESULTS = TESTS * len(TARGETS)
NO_NAME = {"status": 400, "body": {"message": "Name is not allowed"}}


def report():
    items = [{"name": f"Test {i}", "folder": FOLDERS[i % 2],
              "targets": [{"targetName": name, "result": "Passed", "executionStart": f"2022-07-01T10:00:0{i}Z",
                           "executionEnd": "2022-07-01T10:00:09Z"} for name in TARGETS]} for i in range(TESTS)]
    return json.dumps({"jobName": "Places", "id": "Exec0001", "testResults": items})


class PlacesCase(SandboxCase):
    def start(self, *rules):
        self.sandbox = self.start_sandbox("--faults", self.write("faults.json", json.dumps(rules)))

    def send(self, *options, code=0):
        return self.upload(self.write("r.json", report()), "--output", "json", *options, code=code).json()

    def assert_no_claim(self):
        self.assertEqual(self.sandbox.get("test-suites", parentId=0, parentType="root"), [])

    def log_count(self):
        return sum(len(logs) for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                   for logs in runs.values())


class RefusedTest(PlacesCase):
    def assert_half_goes_in(self, reason):
        outcome = self.send(code=1)
        self.assertEqual((outcome["confirmed"], outcome["refused"]), (RESULTS // 2, RESULTS // 2))
        [problem] = [problem for problem in outcome["problems"] if problem["code"] == "refused"]
        self.assertIn(reason, problem["message"])
        self.assertIn("Name is not allowed", problem["message"])
        self.assertEqual((problem["results"], self.log_count()), (RESULTS // 2, RESULTS // 2))
        self.assert_no_claim()

    def test_a_suite_that_is_refused_takes_its_results_with_it_and_no_others(self):
        self.start({"method": "POST", "path": "parentType=test-cycle", "nth": 1, "action": NO_NAME})
        self.assert_half_goes_in("does not make the test suite '")

    def test_a_module_that_is_refused_takes_its_results_with_it_and_no_others(self):
        self.start({"method": "POST", "path": "/modules", "nth": 2, "action": NO_NAME})
        self.assert_half_goes_in("does not make the module '")


class GoneTest(PlacesCase):
    def test_a_module_that_was_deleted_between_two_executions_is_made_again(self):
        self.send()
        tree = self.sandbox.modules()[0]["children"]
        web = next(module for module in tree if module["name"] == "Web")
        status, _ = self.sandbox.call("DELETE", f"/api/v3/projects/{self.sandbox.project}/modules/{web['id']}",
                                      force="true")
        self.assertEqual(status, 200)
        outcome = self.upload(self.write("next.json", report().replace("Exec0001", "Exec0002")
                                         .replace("2022-07-01", "2022-07-02")), "--output", "json").json()
        self.assertEqual(outcome["confirmed"], RESULTS)

    def test_a_module_that_a_batch_is_told_is_not_there_is_not_made_twice(self):
        for lag_ms in (0, 4500):  # what is not listed may still be there
            with self.subTest(lag_ms):
                faults = self.write("faults.json", json.dumps([
                    {"method": "POST", "path": "*/auto-test-logs*", "nth": 1,
                     "action": {"status": 404, "body": {"message": "Module does not exist"}}}]))
                self.sandbox = self.start_sandbox("--set", f"list-lag-ms={lag_ms}", "--faults", faults)
                outcome = self.send("--claim", "off", "--settle", "10s")
                time.sleep(lag_ms / 1000)  # this test reads the lists too
                self.assertEqual((outcome["confirmed"], self.log_count()), (RESULTS, RESULTS))
                [root] = self.sandbox.modules()
                self.assertEqual(sorted(module["name"] for module in root["children"]), sorted(FOLDERS))

    def test_a_place_that_is_never_found_is_told(self):
        self.start({"method": "POST", "path": "parentType=test-cycle",
                    "action": {"status": 404, "body": {"message": "Cycle does not exist"}}})
        outcome = self.send("--settle", "2s", code=5)
        self.assertEqual(outcome["spooled"], RESULTS)
        self.assertTrue(any("Cycle does not exist" in problem["message"] for problem in outcome["problems"]), outcome)


if __name__ == "__main__":
    unittest.main()
