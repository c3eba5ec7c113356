"""Somebody stands before qTest, a proxy or a firewall, and refuses: nothing is taken for qTest's own refusal."""
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase, is_write  # noqa: E402

REPORT = ('<testsuite name="s" timestamp="2024-01-03T12:00:00Z">'
          '<testcase classname="c" name="a" time="1"/><testcase classname="c" name="b" time="1"/></testsuite>')
SUBMISSION = {"method": "POST", "path": "auto-test-logs"}
CLAIM = {"method": "POST", "path": "/test-suites?parentId=0"}
PAGE = "<html><head><title>Blocked by the firewall</title></head></html>"


def page(status):
    return {"status": status, "headers": {"Content-Type": "text/html"}, "body": PAGE}


class BarredCase(SandboxCase):
    def setUp(self):
        super(SandboxCase, self).setUp()
        self.report = self.write("r.xml", REPORT)

    def start(self, *rules):
        self.sandbox = self.start_sandbox("--job-ms", "50", "--faults", self.write("faults.json", json.dumps(rules)))

    def spooled(self):
        return list(self.folder.rglob("*.spool"))

    def submissions(self):
        return [request for request in self.sandbox.requests() if "auto-test-logs" in request["target"]]


class SubmissionTest(BarredCase):
    def test_a_page_in_place_of_the_answer_proves_nothing(self):
        self.sandbox = self.start_sandbox("--job-ms", "3000", "--faults", self.write("faults.json", json.dumps(
            [{**SUBMISSION, "nth": 1, "action": {**page(403), "after_work": True}}])))
        outcome = self.upload(self.report, "--settle", "5s", "--output", "json", code=4)
        self.assertEqual(outcome.json()["spooled"], 2)
        self.assert_exit(self.at_site("flush", "--settle", "5s"), 0)
        self.assertEqual((len(self.submissions()), self.spooled()), (1, []))
        runs = [runs for suites in self.sandbox.execution_tree().values() for runs in suites.values()]
        self.assertEqual([len(logs) for logs in runs[0].values()], [1, 1])

    def test_results_are_kept_until_qtest_itself_has_answered(self):
        flush = ("flush", "--settle", "1s")  # for what a page leaves in doubt
        for action, advice in (({"status": 407}, "QTEST_PROXY"), (page(400), "Blocked by the firewall"),
                               ({"status": 451, "body": "no"}, "proxy or firewall")):
            with self.subTest(action["status"]):
                self.start({**SUBMISSION, "to": 2, "action": action})
                outcome = self.upload(self.report, "--output", "json", code=5)
                self.assertIn(advice, outcome.err)
                self.assertEqual((outcome.json()["refused"], outcome.json()["spooled"]), (0, 2))
                self.assertEqual(len(self.submissions()), 1)
                result = self.at_site(*flush, env={"QTEST_PROJECT": None})
                self.assert_exit(result, 5)
                self.assertIn(advice, result.err)
                self.assertEqual(len(self.spooled()), 1)
                self.assert_exit(self.at_site(*flush, env={"QTEST_PROJECT": None}), 0)
                self.assertEqual(self.spooled(), [])
                runs = [runs for suites in self.sandbox.execution_tree().values() for runs in suites.values()]
                self.assertEqual([len(logs) for logs in runs[0].values()], [1, 1])


class TokenTest(BarredCase):
    """A token that expires, at whichever call: what is not in waits for a valid one."""

    def test_what_is_not_in_goes_in_with_a_valid_token(self):
        for first in range(1, 16, 3):  # by the last call, which gives the claim back, all is in
            with self.subTest(first):
                # An upload that is refused asks a few times more, to give its claim back.
                self.start({"from": first, "to": first + 6, "action": {"status": 401, "body": {"message": "expired"}}})
                outcome = self.upload(self.report, "--output", "json", code=4)
                self.assertIn("token", outcome.err)
                self.assertEqual((outcome.json()["refused"], len(self.spooled())), (0, 1))
                codes = []
                while 0 not in codes and len(codes) < 8:
                    codes.append(self.at_site("flush").code)
                self.assertEqual(codes, [4] * (len(codes) - 1) + [0])
                self.assertEqual(self.spooled(), [])
                self.assertEqual(self.sandbox.get("test-suites", parentId=0, parentType="root"), [])
                runs = [runs for suites in self.sandbox.execution_tree().values() for runs in suites.values()]
                self.assertEqual([len(logs) for logs in runs[0].values()], [1, 1])


class PageTest(BarredCase):
    """A login or maintenance page with status 200: somebody answered, but not qTest."""

    def test_results_are_kept_whenever_the_page_comes(self):
        for rule in ({"method": "GET"}, {"method": "GET", "path": "/modules"}):
            with self.subTest(rule):
                self.start({**rule, "to": 1, "action": {"html": True}})
                outcome = self.upload(self.report, "--output", "json", code=5)
                self.assertIn("web page", outcome.err)
                self.assertEqual((outcome.json()["refused"], outcome.json()["spooled"]), (0, 2))
                self.assert_exit(self.at_site("flush"), 0)
                self.assertEqual(self.spooled(), [])
                self.assertEqual(len(self.submissions()), 1)


class ClaimTest(BarredCase):
    def test_nothing_goes_on_without_a_claim_because_of_a_firewall(self):
        for action in (page(400), page(403), {"status": 407}):
            with self.subTest(action["status"]):
                self.start({**CLAIM, "action": action})
                result = self.upload(self.report, code=4 if action["status"] == 403 else 5)
                self.assertIn("proxy", result.err)
                self.assertEqual([request["target"] for request in self.sandbox.requests() if is_write(request)
                                  and "/test-suites?parentId=0" not in request["target"]], [])
                self.assertEqual(len(self.spooled()), 1)
                self.spooled()[0].unlink()

    def test_qtest_itself_may_refuse_a_claim(self):
        self.start({**CLAIM, "action": {"status": 403, "body": {"message": "You may not"}}})
        self.assertIn("no claim can be set in qTest", self.upload(self.report).out)


if __name__ == "__main__":
    unittest.main()
