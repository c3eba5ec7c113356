"""Which test cycle, and from what: the same in inspect, plan and upload."""
import json
import re
import unittest

from harness import ROOT, SAMPLES, SandboxCase

GITLAB = {"GITLAB_CI": "true", "CI_JOB_NAME": "web tests: [chrome, linux]"}
RULE = ("the job that the report names, else the CI job without its shard or matrix cell, else the report's own name, "
        "else the file's name")
PLAIN = '<testsuite timestamp="2024-05-01T10:00:00"><testcase classname="a.A" name="one" time="1"/></testsuite>'
LISTED = f'<testsuites name="Shop">{PLAIN}</testsuites>'


class CycleNameTest(SandboxCase):
    def setUp(self):
        super().setUp()
        self.plain, self.listed = self.write("plain.xml", PLAIN), self.write("listed.xml", LISTED)
        jobless = json.loads((SAMPLES / "testproject-nightly.json").read_text())
        del jobless["jobName"]
        self.jobless = self.write("jobless.json", json.dumps(jobless))

    def test_all_commands_say_name_and_source(self):
        nightly, junit = SAMPLES / "testproject-nightly.json", SAMPLES / "testproject-junit.xml"
        named = self.write("named.json", '{"job": "From File"}')
        rows = [([nightly, "--job", "Mine"], {}, "Mine", "--job"),
                ([nightly], {"QTEST_JOB": "Mine"}, "Mine", "QTEST_JOB"),
                ([nightly, "--config", named], {}, "From File", f"'job' in '{named}'"),
                ([nightly], GITLAB, "Nightly web shop", "the report"),
                ([junit], GITLAB, "Checkout smoke", "the report"),
                ([self.listed], GITLAB, "web tests", "the CI job"),
                ([self.listed], {}, "Shop", "the report's name"),
                ([self.plain], {}, "plain", "the file's name"),
                ([self.jobless], GITLAB, "Jobless Executions", "a report that names no job")]
        for words, env, name, source in rows:
            with self.subTest(words):
                line = f"test cycle '{name}', from {source}"
                for command in ("inspect", "plan", "upload", "upload"):
                    shown = self.at_site(command, *words, env=env)
                    self.assert_exit(shown, 0)
                    self.assertRegex(shown.out, f"(?m)^(new )?{re.escape(line)}(: CL-[0-9]+.*)?$")
                    cycle = self.at_site(command, "--output=json", *words, env=env).json()["cycle"]
                    self.assertEqual((cycle["name"], cycle["from"]), (name, source))

    def test_a_cycle_that_is_given_is_said(self):
        self.upload(self.plain, "--job", "Made")
        pid = self.sandbox.cycles()[0]["pid"]
        shown = self.at_site("inspect", self.listed, "--cycle", pid)
        self.assertIn(f"test cycle {pid}, from --cycle\n", shown.out)
        cycle = self.at_site("inspect", self.listed, "--cycle", pid, "--output=json").json()["cycle"]
        self.assertEqual((cycle["pid"], cycle["name"], cycle["from"]), (pid, None, "--cycle"))
        self.assertIn(f"test cycle 'Made', from --cycle: {pid}", self.upload(self.listed, "--cycle", pid).out)

    def test_inspect_takes_what_a_pipeline_gives_to_all_commands(self):
        words = ["--job", "J", "--release", "R 1", "--module", "M", "--execution-id", "E7", "--project", "P",
                 "--report-url", "https://ci.example/report", "--build-url", "https://ci.example/7", "--repeats", "last",
                 "--older", "skip", "--status-words", "P,F,S", "--automation-content", "{name}"]
        shown = self.sync("inspect", self.plain, *words)
        self.assert_exit(shown, 0)
        self.assertIn("test cycle 'J', from --job, in release 'R 1'\ntest cases below module 'M'\n", shown.out)
        self.assertRegex(shown.out, "(?m)^  execution +E7$")
        self.assertRegex(shown.out, "(?m)^  report +https://ci.example/report$")
        self.assert_exit(self.sync("inspect", self.plain, "--job", "J", "--cycle", "CL-1"), 2)

    def test_reports_of_different_jobs_can_be_looked_at_but_not_uploaded(self):
        reports = [SAMPLES / "testproject-nightly.json", SAMPLES / "testproject-junit.xml"]
        part = "the reports are of different jobs, 'Nightly web shop' and 'Checkout smoke'"
        shown = self.sync("inspect", *reports)
        self.assert_exit(shown, 0)
        self.assertIn(f"no test cycle: {part}", shown.out)
        cycle = self.sync("inspect", "--output=json", *reports).json()["cycle"]
        self.assertIsNone(cycle["name"])
        self.assertIn(part, cycle["problem"])
        for command in ("plan", "upload"):
            result = self.at_site(command, *reports)
            self.assert_exit(result, 2)
            self.assert_one_sentence(result, part, "--job")
        self.assertEqual(self.sandbox.requests(), [])

    def test_cells_of_a_matrix_go_into_one_cycle_and_stay_apart(self):
        report = self.write("same.xml", '<testsuites><testcase classname="a.A" name="one"/></testsuites>')
        for cell in ("chrome", "firefox", "chrome"):  # the last is a retry
            self.upload(report, env={"GITLAB_CI": "true", "CI_PIPELINE_ID": "7", "CI_JOB_NAME": f"web: [{cell}]"})
        tree = self.sandbox.execution_tree()
        self.assertEqual(list(tree), ["web"])
        self.assertEqual({suite: [len(logs) for logs in runs.values()] for suite, runs in tree["web"].items()},
                         {"chrome": [1], "firefox": [1]})

    def test_help_man_page_and_readme_say_the_same(self):
        man = self.sync("--help=man").out.replace("\\&", "").replace("\\-", "-")
        for text in (self.sync("upload", "--help").out, man, (ROOT / "README.md").read_text()):
            self.assertIn(RULE, " ".join(text.split()))


if __name__ == "__main__":
    unittest.main()
