"""--automation-content: a pattern that is none, and one that does not tell the tests apart, send nothing."""
import json
import unittest

from harness import SandboxCase

THREE = """<testsuites name="shop"><testsuite name="s" timestamp="2026-01-05T08:00:00">
<testcase classname="cart.Cart" name="total" time="1"/>
<testcase classname="till.Till" name="total" time="1"><failure message="x"/></testcase>
<testcase classname="till.Till" name="pay" time="1"/></testsuite></testsuites>"""
BAD = {"{clasname}#{test}": "holds '{clasname}', which is no placeholder", "fixed": "has no placeholder",
       "{": "has a '{' without its '}'", "%s": "has no placeholder"}
LIST = "{classname}, {name}, {id}, {folder}, {suite}"


class ContentsTest(SandboxCase):
    def setUp(self):
        super().setUp()
        self.report = self.write("three.xml", THREE)

    def test_a_pattern_that_is_none_is_exit_2_wherever_it_comes_from(self):
        for pattern, part in BAD.items():
            named = self.write("named.json", json.dumps({"automation-content": pattern}))
            ways = {"--automation-content": (["--automation-content", pattern], {}),
                    "QTEST_AUTOMATION_CONTENT": ([], {"QTEST_AUTOMATION_CONTENT": pattern}),
                    "'automation-content' in": (["--config", named], {})}
            for command in ("inspect", "plan", "upload"):
                for where, (words, env) in ways.items():
                    with self.subTest(pattern=pattern, command=command, where=where):
                        result = self.at_site(command, *words, "absent.xml", env=env)  # before anything is read
                        self.assert_exit(result, 2)
                        self.assert_one_sentence(result, f"'{pattern}' of {where}", part, LIST)
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_pattern_in_the_workspace_is_checked_too(self):
        self.write(".qtest-sync.json", '{"automation-content": "fixed"}')
        self.assert_one_sentence(self.at_site("inspect", self.report), "has no placeholder", "'.qtest-sync.json'")

    def test_tests_that_fall_together_are_refused_before_anything_is_sent(self):
        for command in ("plan", "upload"):
            result = self.at_site(command, self.report, "--automation-content", "{name}")
            self.assert_exit(result, 2)
            self.assert_one_sentence(result, "'cart.Cart#total' and 'till.Till#total' one test case",
                                     "with the content 'total'; add {classname} to it")
            answer = self.at_site(command, self.report, "--automation-content={name}", "--output=json").json()
            self.assertEqual((answer["status"], answer["problems"][0]["code"]), ("failed", "usage"))
        result = self.at_site("upload", self.report, "--automation-content", "{id}")
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "'cart.Cart#total' has nothing of what --automation-content '{id}' asks for")
        self.assertEqual(self.sandbox.requests(), [])
        self.assertIn("nothing", self.at_site("flush", "--list").out)

    def test_repeats_of_a_test_share_a_content(self):
        again = self.write("again.xml", THREE.replace("08:00:00", "09:00:00"))
        self.upload(self.report, again, "--automation-content", "{classname}#{name}")
        self.assertEqual(len(self.sandbox.cases()), 3)


if __name__ == "__main__":
    unittest.main()
