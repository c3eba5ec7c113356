"""Many results of one test on one target: each gets its log, and the requests do not grow with them."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import PAGE_SIZE, SandboxCase, is_poll, is_write  # noqa: E402


def repeats(count, others=3):
    """JUnit of one test count times, its last result failed, among some others."""
    cases = [f'<testcase name="rows" classname="Grid" time="0.{i % 10}"/>' for i in range(count - 1)]
    cases.append('<testcase name="rows" classname="Grid" time="1"><failure message="last"/></testcase>')
    cases += [f'<testcase name="other {i}" classname="Grid" time="1"/>' for i in range(others)]
    return f'<testsuite name="Grid" timestamp="2026-03-02T07:00:00">{"".join(cases)}</testsuite>'


def is_submission(request):
    return is_write(request) and "auto-test-logs" in request["target"]


class RepeatsTest(SandboxCase):
    def logs_of_rows(self):
        [suites] = self.sandbox.execution_tree().values()
        [runs] = suites.values()
        return runs["rows"]

    def send(self, count, *options, others=3, **words):
        report = self.write("TEST-grid.xml", repeats(count, others))
        return self.new_requests(lambda: self.upload(report, "--job=Grid", *options, **words))

    def assert_once_each(self, count):
        logs = self.logs_of_rows()
        self.assertEqual(len(logs), count)
        self.assertEqual(len({log["note"] for log in logs}), count)

    def test_requests_do_not_grow_with_repeats(self):
        few = self.send(30)
        self.assert_once_each(30)
        self.sandbox = self.start_sandbox()
        many = self.send(400)
        self.assert_once_each(400)
        for requests in (few, many):
            self.assertLess(sum(is_submission(request) for request in requests), 13)
        self.assertLess(sum(not is_poll(request) for request in many), 60)

    def test_many_of_one_test_go_together_beside_many_of_a_few(self):
        rows = "".join('<testcase name="rows" classname="Grid"/>' for _ in range(200))
        others = "".join(f'<testcase name="other {i}" classname="Grid"/>' for i in range(210) for _ in range(9))
        report = self.write("TEST-both.xml", f'<testsuite name="Grid">{rows}{others}</testsuite>')
        requests = self.new_requests(lambda: self.upload(report, "--job=Grid"))
        self.assert_once_each(200)
        self.assertLess(sum(is_submission(request) for request in requests), 20)

    def test_the_last_one_shows(self):
        self.send(30)
        newest = max(self.logs_of_rows(), key=lambda log: log["id"])
        self.assertEqual(newest["status"]["name"], "Failed")

    def test_a_site_that_merges_equals_gets_them_one_by_one(self):
        for merging in ("last-wins", "first-wins"):
            with self.subTest(merging):
                self.sandbox = self.start_sandbox("--set", f"repeated-content={merging}")
                self.send(30)
                self.assert_once_each(30)

    def test_more_than_a_page_of_logs_in_one_run_is_found_again(self):
        """On another machine, by the run alone: the search shows nothing yet."""
        self.sandbox = self.start_sandbox("--set", "search-lag-ms=600000")
        self.send(PAGE_SIZE + 200)
        self.assert_once_each(PAGE_SIZE + 200)
        requests = self.send(PAGE_SIZE + 200, env=self.site_env({"HOME": str(self.folder / "elsewhere")}))
        self.assertEqual([request["target"] for request in requests if is_submission(request)], [])
        self.assert_once_each(PAGE_SIZE + 200)

    def test_a_site_that_gives_smaller_pages_is_read_to_the_end(self):
        self.sandbox = self.start_sandbox("--set", "page-max=100", "--set", "search-lag-ms=600000")
        self.send(250, others=240)
        requests = self.send(250, others=240, env=self.site_env({"HOME": str(self.folder / "elsewhere")}))
        self.assertEqual([request["target"] for request in requests if is_submission(request)], [])
        self.assert_once_each(250)


if __name__ == "__main__":
    unittest.main()
