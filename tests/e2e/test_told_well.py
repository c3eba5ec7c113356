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

    def test_what_holds_no_test_is_left_out_of_a_folder(self):
        self.write("d/full.xml", JUNIT)
        path = self.folder / "d" / "other.json"
        for text in ('[{"name":"a","passed":true,"message":""}]', '{"reportUrl":"https://store.example/a.pdf"}',
                     '{"state":"Passed","agent":"a","target":"Chrome","app":"x","report":"","progress":100}'):
            self.write("d/other.json", text)
            for command in ("inspect", "plan"):
                with self.subTest(text, command=command):
                    told = self.at_site(command, path.parent)
                    self.assertEqual(told.code, 0, told.err)
                    self.assertIn(f"'{path}' is left out: it is no report", told.out + told.err)
            self.assertEqual(self.at_site("plan", path).code, 3)

    def test_a_job_s_result_without_tests_is_an_error_there_too(self):
        self.write("d/full.xml", JUNIT)
        self.write("d/other.json", '[{"id":"r","executionId":"e","resultType":"Failed","targets":["Chrome"]}]')
        self.assertEqual(self.at_site("plan", self.folder / "d").code, 3)

    def test_a_name_of_blanks_is_none(self):
        path = self.write("full.xml", JUNIT)
        for words, env in ((["--job", "  "], {}), ([], {"QTEST_JOB": "\t"}), (["--target", " "], {})):
            with self.subTest(words):
                told = self.sync("inspect", path, *words, env=env)
                self.assertEqual(told.code, 2, told.out)
                self.assertIn("is empty; give one, or leave it out", told.err)


if __name__ == "__main__":
    unittest.main()
