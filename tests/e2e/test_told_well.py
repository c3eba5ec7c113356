"""Sentences that say a thing once, and only where it is so."""
import json
import unittest

from harness import SandboxCase

JUNIT = '<testsuite name="S"><testcase classname="C" name="n"/></testsuite>'
NO_STAMPS = "no execution id and no time stamps"


class ToldWellTest(SandboxCase):
    def test_a_warning_names_its_report_once(self):
        report = {"jobName": "N", "resultType": "Failed", "testResults": [{"name": "a", "result": "Odd"}]}
        path = self.write("odd.json", json.dumps(report))
        told = self.at_site("plan", path, "--output=json").json()
        sentences = [problem["message"] for problem in told["problems"]]
        self.assertTrue(any("'Odd' is no result that is known" in text for text in sentences), sentences)
        self.assertTrue(any("the job's result is 'Failed'" in text for text in sentences), sentences)
        for text in sentences:
            self.assertEqual(text.count(f"'{path}'"), 1, text)

    def test_an_empty_report_is_not_told_how_to_be_known_again(self):
        full, empty = self.write("full.xml", JUNIT), self.write("empty.xml", "")
        told = self.at_site("plan", "--allow-empty", full, empty)
        self.assertEqual(told.code, 0, told.err)
        self.assertIn(f"'{full}': {NO_STAMPS}", told.out)
        self.assertIn(f"'{empty}' is empty", told.out)
        self.assertNotIn(f"'{empty}': {NO_STAMPS}", told.out)

    def test_a_list_of_results_of_anybody_is_left_out_of_a_folder(self):
        items = self.write("d/items.json", '[{"name":"a","passed":true,"message":""}]')
        self.write("d/full.xml", JUNIT)
        folder = items.parent
        for command in ("inspect", "plan", "upload"):
            told = self.at_site(command, folder)
            self.assertEqual(told.code, 0, told.err)
            self.assertIn(f"'{items}' is left out: it is no report", told.out + told.err)
        self.assertEqual(self.at_site("plan", items).code, 3)

    def test_a_name_of_blanks_is_none(self):
        path = self.write("full.xml", JUNIT)
        for words, env in ((["--job", "  "], {}), ([], {"QTEST_JOB": "\t"}), (["--target", " "], {})):
            with self.subTest(words):
                told = self.sync("inspect", path, *words, env=env)
                self.assertEqual(told.code, 2, told.out)
                self.assertIn("is empty; give one, or leave it out", told.err)


if __name__ == "__main__":
    unittest.main()
