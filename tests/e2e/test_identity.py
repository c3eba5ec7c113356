"""Reports that begin to say more of their tests, an id or a folder: the test cases stay the same."""
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase, is_write  # noqa: E402

NAMES = ("Log in", "Search", "Pay")
TARGETS = ("Chrome 103.0", "Firefox 99.0")


def report(day, tests):
    """One execution a day; tests: what the report says of each."""
    date = f"2022-07-{day:02d}"
    targets = [{"targetName": name, "result": "Passed", "executionStart": f"{date}T10:00:0{i}Z",
                "executionEnd": f"{date}T10:00:09Z"}
               for i, name in enumerate(TARGETS)]
    return json.dumps({"jobName": "Nightly", "executionId": f"execution-{day}",
                       "tests": [{**test, "targets": targets} for test in tests]})


def said(*fields, names=NAMES):
    """What reports of three kinds say of the same tests."""
    known = {"id": lambda name: {"testId": "id of " + name}, "folder": lambda name: {"folder": "Shop/" + name[:3]}}
    return [{"name": name, **{key: value for field in fields for key, value in known[field](name).items()}}
            for name in names]


def content_of(case):
    [content] = [field["field_value"] for field in case["properties"] if field["field_name"] == "Automation Content"]
    return content


class WeakerCase(SandboxCase):
    sandbox_options = ("--job-ms", "10")

    def send(self, day, tests, *options, code=0):
        return self.upload(self.write(f"{day}.json", report(day, tests)), "--output", "json", *options, code=code)

    def by_content(self):
        return {content_of(case): case["id"] for case in self.sandbox.cases()}

    def log_counts(self):
        """How many logs each run has."""
        return [len(logs) for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for logs in runs.values()]

    def assert_repeat_is_present(self, day, tests):
        results = []
        requests = self.new_requests(lambda: results.append(self.send(day, tests).json()))
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])
        self.assertEqual(results[0]["present"], results[0]["read"])
        self.assertEqual(results[0]["problems"], [])

    def assert_adopted(self, before, after):
        self.send(1, before)
        cases = self.by_content()
        modules = len(self.sandbox.modules())
        self.assertEqual(len(cases), len(before))
        result = self.send(2, after).json()
        self.assertEqual((result["confirmed"], result["problems"]), (6, []))
        self.assertEqual(self.by_content(), cases)
        self.assertEqual(len(self.sandbox.modules()), modules)
        self.assertEqual(self.log_counts(), [2] * 6)
        self.assert_repeat_is_present(2, after)
        self.send(3, after)
        self.assertEqual(self.by_content(), cases)
        self.assertEqual(self.log_counts(), [3] * 6)


class AdoptionTest(WeakerCase):
    def test_reports_begin_to_carry_ids(self):
        self.assert_adopted(said(), said("id"))

    def test_reports_begin_to_carry_folders(self):
        self.assert_adopted(said(), said("folder"))

    def test_reports_with_folders_begin_to_carry_ids(self):
        self.assert_adopted(said("folder"), said("id", "folder"))

    def test_reports_begin_to_carry_both_at_once(self):
        self.assert_adopted(said(), said("id", "folder"))

    def test_without_folders_and_then_with_makes_new_tests_in_their_folders(self):
        self.send(1, said())
        self.send(2, said("folder") + [{"name": "New", "folder": "Shop/Log"}])
        cases = {case["name"]: case for case in self.sandbox.cases()}
        self.assertEqual(len(cases), 4)
        _, new = self.sandbox.call("GET", f"/api/v3/projects/{self.sandbox.project}/test-cases/{cases['New']['id']}")
        _, module = self.sandbox.call("GET", f"/api/v3/projects/{self.sandbox.project}/modules/{new['parent_id']}")
        self.assertEqual(module["name"], "Log")

    def test_a_junit_report_and_then_json_with_ids(self):
        cases = "".join(f'<testcase classname="Chrome 103.0.Tests" name="{name}" time="1"/>' for name in NAMES)
        junit = self.write("r.xml", '<testsuites name="Nightly"><testsuite name="Chrome 103.0.Tests" '
                           f'timestamp="2022-07-01T10:00:00Z">{cases}</testsuite></testsuites>')
        self.upload(junit)
        before = self.by_content()
        self.assertEqual(len(before), 3)
        self.send(2, said("id"))
        self.assertEqual(self.by_content(), before)

    def test_plan_creates_no_case(self):
        self.send(1, said())
        result = self.at_site("plan", self.write("p.json", report(2, said("id"))))
        self.assert_exit(result, 0)
        self.assertIn("add 3 test logs to test suite 'Chrome'", result.out)
        self.assertNotIn("test case", result.out)

    def test_a_changed_design_makes_a_version_of_the_adopted_case(self):
        self.send(1, [{**test, "description": "As it was"} for test in said()])
        cases = self.by_content()
        self.send(2, [{**test, "description": "As it is"} for test in said("id")])
        self.assertEqual(self.by_content(), cases)
        for case_id in cases.values():
            _, case = self.sandbox.call("GET", f"/api/v3/projects/{self.sandbox.project}/test-cases/{case_id}")
            self.assertEqual(case["description"], "As it is")
            self.assertTrue(case["version"].endswith(".0"), case["version"])


class FlushTest(WeakerCase):
    def test_what_was_spooled_meets_the_cases_that_were_made_meanwhile(self):
        database = ["--db", self.folder / "qtest.db"]
        self.sandbox.stop()
        self.sandbox = self.start_sandbox(*database)
        port = self.sandbox.url.rpartition(":")[2]
        self.sandbox.stop()
        self.send(2, said("id"), "--timeout", "1s", code=5)
        self.sandbox = self.start_sandbox(*database, "--listen", f"127.0.0.1:{port}")
        self.send(1, said())
        cases = self.by_content()
        self.assert_exit(self.at_site("flush"), 0)
        self.assertEqual(self.by_content(), cases)
        self.assertEqual(self.log_counts(), [2] * 6)


class DoubtTest(WeakerCase):
    def test_two_tests_of_one_name_get_new_cases_and_it_is_said_once(self):
        self.send(1, said())
        old = self.by_content()
        twins = said("id") + [{"name": "Log in", "testId": "another"}]
        plan = self.at_site("plan", self.write("p.json", report(2, twins)))
        self.assertIn("create 2 test cases", plan.out)
        self.assertIn("2 tests get new test cases", plan.out)
        result = self.send(2, twins).json()
        told = [problem["message"] for problem in result["problems"]]
        self.assertEqual(len(told), 1, told)
        self.assertTrue(told[0].startswith("2 tests get new test cases"), told)
        self.assertEqual(result["confirmed"], 8)
        new = self.by_content()
        self.assertEqual(len(new), 5)
        self.assertLessEqual(old.items(), new.items())
        self.assert_repeat_is_present(2, twins)
        self.assertEqual(self.send(3, said("id")).json()["problems"], [])  # the own ones always win
        self.assertEqual(self.by_content(), new)

    def test_two_cases_of_one_content_get_a_third(self):
        self.send(1, said())
        [case] = [case for case in self.sandbox.cases() if case["name"] == "Pay"]
        status, _ = self.sandbox.call("POST", f"/api/v3/projects/{self.sandbox.project}/test-cases", {
            "name": "Pay too", "properties": [field for field in case["properties"]
                                              if field["field_name"] == "Automation Content"]})
        self.assertIn(status, (200, 201))
        result = self.send(2, said("id")).json()
        [told] = [problem["message"] for problem in result["problems"]]
        self.assertTrue(told.startswith("1 test gets a new test case: "), told)
        self.assertEqual(len(self.sandbox.cases()), 5)
        self.assert_repeat_is_present(2, said("id"))


class LargeProjectTest(WeakerCase):
    def cases_in_all(self):
        _, answer = self.sandbox.call("POST", f"/api/v3/projects/{self.sandbox.project}/search?pageSize=1",
                                      {"object_type": "test-cases", "fields": ["*"], "query": ""})
        return answer["total"]

    OTHERS = 2100  # three pages of 999: more calls than asking for three contents

    def test_only_what_was_not_found_is_asked_for_by_weaker_contents(self):
        self.send(1, said())
        self.send(2, [{"name": f"Other {i}"} for i in range(self.OTHERS)])
        total = self.cases_in_all()
        self.assertGreater(total, self.OTHERS)
        requests = self.new_requests(lambda: self.assertEqual(self.send(3, said("id")).json()["problems"], []))
        searches = [request["request"] for request in requests if "/search" in request["target"]]
        asked = [search["query"] for search in searches if search["object_type"] == "test-cases"]
        self.assertEqual([query.count(" or ") for query in asked], [0, 2, 2], asked)
        self.assertEqual(self.cases_in_all(), total)


class OwnContentTest(SandboxCase):
    """Contents after the user's own pattern, of which a search can be asked for a part only: they have a quote."""

    sandbox_options = ("--job-ms", "10")

    def execution(self, day):
        cases = "".join(f'<testcase classname="shop.Cart" name="it&apos;s {i}"/>' for i in range(1100))
        return self.write(f"{day}.xml", f'<testsuite name="s" timestamp="2024-05-{day:02d}T10:00:00">{cases}</testsuite>')

    def test_cases_beyond_the_first_page_are_found_by_the_same_search(self):
        pattern = ("--automation-content", "{classname}#{name}", "--job", "Nightly")
        self.upload(self.execution(1), *pattern)
        requests = self.new_requests(lambda: self.upload(self.execution(2), *pattern))
        self.assertNotIn("parent_module", json.dumps(requests))  # no case was made
        self.assertFalse([request for request in requests if "/test-cases/" in request["target"]])
        self.assertLess(len(requests), 30)


if __name__ == "__main__":
    unittest.main()
