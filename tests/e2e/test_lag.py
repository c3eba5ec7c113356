"""Sites whose search is slow to show what was written, and places with many runs that are not ours: nothing comes twice,
and the requests do not grow with what is there."""
import json
import re
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase  # noqa: E402

LAG_S = 3


def junit(names, timestamp=None, **attributes):
    if timestamp:
        attributes["timestamp"] = timestamp
    words = "".join(f' {name}="{value}"' for name, value in attributes.items())
    cases = "".join(f'<testcase name="{name}" classname="C"/>' for name in names)
    return f'<testsuite name="Lag"{words}>{cases}</testsuite>'


class LagCase(SandboxCase):
    def count_logs(self):
        return sum(len(logs) for suites in self.sandbox.execution_tree().values()
                   for runs in suites.values() for logs in runs.values())

    def elsewhere(self):
        return self.site_env({"HOME": str(self.folder / "elsewhere")})

    def send(self, name, text, options=(), **words):
        report = self.write(name, text)
        return self.upload(report, "--job=Lag", *options, **words)


class LagTest(LagCase):
    def send_again_before_the_search_shows_it(self, first, second, count):
        self.send("first.xml", first)
        time.sleep(LAG_S + 0.2)
        self.send("second.xml", second)
        again = self.send("second.xml", second, env=self.elsewhere())
        self.assertIn(f"confirmed 0 + present {count}", again.out)
        self.assertEqual(self.count_logs(), 2 * count)

    def test_results_without_instants_are_found_again(self):
        self.sandbox = self.start_sandbox("--set", f"search-lag-ms={LAG_S * 1000}")
        names = [f"t{i}" for i in range(5)]
        self.send_again_before_the_search_shows_it(junit(names, id="1"), junit(names, id="2"), 5)

    def test_another_execution_of_the_same_second_hides_nothing(self):
        self.sandbox = self.start_sandbox("--set", f"search-lag-ms={LAG_S * 1000}", "--set", "latest-log=latest-start",
                                          "--set", "milliseconds=kept")
        names = [f"t{i}" for i in range(5)]
        self.send_again_before_the_search_shows_it(junit(names, "2026-03-02T07:00:00.800Z"),
                                                   junit(names, "2026-03-02T07:00:00.100Z"), 5)

    def test_an_older_execution_is_found_behind_a_later_one(self):
        self.sandbox = self.start_sandbox("--set", f"search-lag-ms={LAG_S * 1000}", "--set", "latest-log=latest-start")
        later, older = (junit(["t"], f"2026-03-02T07:00:0{second}Z") for second in (2, 1))
        self.send("later.xml", later, options=("--execution-id=two",))
        time.sleep(LAG_S + 0.2)
        one = ("--execution-id=one",)
        self.send("older.xml", older, options=one)
        again = self.send("older.xml", older, options=one, env=self.elsewhere())
        self.assertIn("confirmed 0 + present 1", again.out)
        self.assertEqual(self.count_logs(), 2)

    def test_more_results_than_runs_are_looked_at_where_runs_do_not_tell_their_newest_log(self):
        self.sandbox = self.start_sandbox("--set", f"search-lag-ms={LAG_S * 1000}", "--set", "latest-test-log=absent")
        names = [f"t{i}" for i in range(90)]
        self.send_again_before_the_search_shows_it(junit(names, "2026-03-01T07:00:00"),
                                                   junit(names, "2026-03-02T07:00:00"), 90)

    def test_only_the_search_is_asked_again(self):
        """What the lists showed as newest is waited for; they are not asked for it again, nor are the runs."""
        self.sandbox = self.start_sandbox("--set", f"search-lag-ms={LAG_S * 1000}")
        text = junit([f"t{i}" for i in range(5)], "2026-03-02T07:00:00")
        self.send("first.xml", text)
        calls = self.new_requests(lambda: self.send("first.xml", text, env=self.elsewhere()))
        self.assertEqual(self.count_logs(), 5)
        listed = [call for call in calls if call["method"] == "GET" and "/test-runs?" in call["target"]]
        looks = [call for call in calls if re.search(r"/test-runs/\d+/test-logs", call["target"])]
        self.assertEqual((len(listed), len(looks)), (1, 0))

    def test_logs_without_times_are_found_without_reading_all_of_the_project(self):
        """Behind a later execution too; the start that they were given is learnt from a run."""
        names = [f"t{i}" for i in range(5)]
        for number in (1, 2):
            self.send(f"{number}.xml", junit(names, id=str(number)))
            time.sleep(2 * 2 + 1)  # windows are wider by two seconds
        for number in (1, 2):
            calls = self.new_requests(lambda: self.assertIn(
                "confirmed 0 + present 5", self.send(f"{number}.xml", junit(names, id=str(number)), env=self.elsewhere()).out))
            self.assertEqual([call["target"] for call in calls if call["method"] == "POST" and "/search" not in call["target"]], [])
            self.assertNotIn('""', [json.dumps(call["request"].get("query")) for call in calls
                                    if "/search" in call["target"]])
        self.assertEqual(self.count_logs(), 10)


class CrowdTest(LagCase):
    def requests_of(self, text):
        return self.new_requests(lambda: self.send("new.xml", text))

    def test_one_new_case_beside_many_of_another_shard(self):
        self.send("shard.xml", junit([f"t{i}" for i in range(2600)], "2026-03-02T07:00:00"))
        requests = self.requests_of(junit(["brand new"], "2026-03-02T06:59:50"))
        self.assertLess(len(requests), 40)

    def test_one_new_case_beside_runs_that_a_tester_planned(self):
        self.send("few.xml", junit(["a", "b"], "2026-03-02T07:00:00"))
        project = f"/api/v3/projects/{self.sandbox.project}"
        [cycle] = self.sandbox.cycles()
        [suite] = cycle["test-suites"]
        for i in range(40):
            _, case = self.sandbox.call("POST", f"{project}/test-cases", {"name": f"manual {i}", "properties": []})
            status, _ = self.sandbox.call("POST", f"{project}/test-runs",
                                          {"name": f"manual {i}", "test_case": {"id": case["id"]}, "properties": []},
                                          parentType="test-suite", parentId=suite["id"])
            self.assertEqual(status, 201)
        requests = self.requests_of(junit(["brand new", "a"], "2026-03-03T07:00:00"))
        self.assertLess(len(requests), 30)


if __name__ == "__main__":
    unittest.main()
