"""The command line without any network: help, settings, inspect."""
import fcntl
import json
import os
import re
import resource
import stat
import subprocess
import sys
import time
import unittest

from harness import BUILD, SAMPLES, FolderCase

COUNTS = {"results", "passed", "failed", "error", "skipped", "suite_errors", "flaky", "repeated"}
REPORT_FIELDS = ["file", "format", "job", "execution_id", "report_url", "targets", "counts", "warnings"]
BAD_REPORTS = {
    "empty.xml": b"",
    "blank.json": b" \n\t ",
    "page.xml": b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>...</body></html>",
    "text.xml": b"BUILD SUCCESSFUL in 3s\n",
    "other.xml": b'<?xml version="1.0"?><project><modelVersion>4.0.0</modelVersion></project>',
    "other.json": b'{"name": "shop", "version": "1.0.0"}',
    "binary.json": bytes(range(256)) * 8,
}


class HelpTest(FolderCase):
    def test_version_and_help_go_to_stdout_and_succeed(self):
        for words in (["--version"], ["--help"], ["help"], ["help", "upload"], ["upload", "--help"], ["inspect", "-h"],
                      ["--help=man"], ["--help=bash"]):
            result = self.sync(*words)
            self.assert_exit(result, 0)
            self.assertEqual(result.err, "")
            self.assertTrue(result.out.endswith("\n"), words)

    def test_usage_errors_are_one_sentence_and_exit_2(self):
        for words, part in ((["uplod"], "unknown command 'uplod'"), ([], "no command"), (["upload"], "no report"),
                            (["--job", "x", "upload"], "before the command"),
                            (["inspect", "--outptu", "json", "x"], "did you mean '--output'?"),
                            (["inspect", "--output", "xml", "x"], "choose one of text|json"),
                            (["inspect", "-", "-"], "named twice"), (["inspect", ""], "is empty"),
                            (["help", "tea"], "unknown command 'tea'"), (["--help=tea"], "no help on 'tea'"),
                            (["upload", "x", "--token", "geheim"], "command line")):
            result = self.sync(*words)
            self.assert_exit(result, 2)
            self.assert_one_sentence(result, part)
            self.assertEqual(result.out, "")
            self.assertNotIn("geheim", result.err)

    def test_the_man_page_has_no_mistakes(self):
        page = self.sync("--help=man").out
        for section in (".SH NAME", ".SH OPTIONS", ".SH EXIT STATUS"):
            self.assertIn(section, page)
        try:
            groff = subprocess.run(["groff", "-man", "-ww", "-Tascii"], input=page.encode(), capture_output=True,
                                   check=False)
        except FileNotFoundError:
            self.skipTest("groff is not installed")
        self.assertEqual(groff.stderr.decode(), "")

    def test_the_completion_is_valid_shell_and_completes(self):
        script = self.write("completion.bash", self.sync("--help=bash").out)
        trial = f'. {script}; COMP_WORDS=(qtest-sync upload --tok); COMP_CWORD=2; _qtest_sync; echo "${{COMPREPLY[*]}}"'
        result = self.run_program(["bash", "-euc", trial])
        self.assert_exit(result, 0)
        self.assertEqual(result.out.split(), ["--token-file", "--token-stdin"])

    def test_start_up_is_fast(self):
        """10 ms of processor time, on a slow machine half as much again as Python needs to begin and end; the quickest
        of several runs, since a busy machine only ever adds."""
        def processor_seconds(command):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.run_program(command)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if "asan" in str(BUILD) or "E2E_WRAPPER" in os.environ:
            self.skipTest("means nothing under sanitizers and valgrind")
        ours, python = [BUILD / "qtest-sync", "--version"], [sys.executable, "-I", "-S", "-c", "pass"]
        pairs = [(processor_seconds(ours), processor_seconds(python)) for _ in range(20)]
        self.assertLess(min(pair[0] for pair in pairs), max(0.010, 1.5 * min(pair[1] for pair in pairs)))

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "wb") as full:
            process = subprocess.run([BUILD / "qtest-sync", "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(process.returncode, 70)
        self.assertIn(b"cannot write the result to standard output: No space left on device", process.stderr)

    def test_a_slow_reader_of_a_non_blocking_pipe_gets_everything(self):
        read_end, write_end = os.pipe()
        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(write_end, False)
        process = subprocess.Popen([BUILD / "qtest-sync", "--help=man"], stdout=write_end, stderr=subprocess.PIPE)
        os.close(write_end)
        time.sleep(0.2)  # it fills the pipe and must wait
        with os.fdopen(read_end, "rb") as reader:
            told = reader.read()
        _, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(told.decode(), self.sync("--help=man").out)

    def test_a_reader_that_went_away_is_an_error_and_no_signal(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        process = subprocess.run([BUILD / "qtest-sync", "--help"], stdout=write_end, stderr=subprocess.PIPE, check=False)
        os.close(write_end)
        self.assertEqual(process.returncode, 70)
        self.assertIn(b"Broken pipe", process.stderr)


class SettingsTest(FolderCase):
    def shown(self, *words, env=None):
        result = self.sync("upload", "--show-config", "--output", "json", *words, env=env)
        self.assert_exit(result, 0)
        return {row["name"]: (row["value"], row["source"]) for row in result.json()["settings"]}

    def test_show_config_says_where_each_value_came_from(self):
        self.write(".qtest-sync.json", '{"job": "from file", "module": "M", "strict": true}')
        shown = self.shown("--module", "N", env={"QTEST_TARGET": "T", "QTEST_TOKEN": "geheim",
                                                 "GITLAB_CI": "true", "CI_JOB_URL": "https://git.example/1"})
        self.assertEqual(shown["job"], ("from file", ".qtest-sync.json"))
        self.assertEqual(shown["module"], ("N", "--module"))
        self.assertEqual(shown["target"], ("T", "QTEST_TARGET"))
        self.assertEqual(shown["strict"], ("on", ".qtest-sync.json"))
        self.assertEqual(shown["timeout"], ("10m", "default"))
        self.assertEqual(shown["build-url"], ("https://git.example/1", "GitLab"))
        self.assertEqual(shown["token"], ("(hidden)", "QTEST_TOKEN"))
        self.assertEqual(shown["url"], (None, "default"))

    def test_a_file_in_the_workspace_may_not_name_the_site(self):
        self.write(".qtest-sync.json", '{"url": "https://evil.example"}')
        result = self.sync("upload", SAMPLES / "pytest.xml", env={"QTEST_TOKEN": "geheim"})
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "'url' may not be set by '.qtest-sync.json'", "QTEST_URL")

    def test_the_sample_configuration_is_taken(self):
        shown = self.shown("--config", SAMPLES.parent / "qtest-sync.json")
        self.assertEqual(shown["project"][0], "Web Shop")

    def test_turned_off_is_a_message_and_exit_0(self):
        result = self.sync("upload", "absent.xml", env={"QTEST_ENABLED": "off"})
        self.assert_exit(result, 0)
        self.assert_one_sentence(result, "turned off")
        result = self.sync("upload", "absent.xml", "--output", "json", env={"QTEST_ENABLED": "off"})
        self.assert_exit(result, 0)
        self.assertEqual(result.json()["status"], "off")

    def test_flush_can_be_turned_off_takes_no_report_and_lists_an_empty_spool(self):
        result = self.sync("flush", env={"QTEST_ENABLED": "off"})
        self.assert_exit(result, 0)
        self.assert_one_sentence(result, "turned off")
        result = self.sync("flush", "report.json")
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "flush takes no report", "'report.json'")
        result = self.sync("flush", "--list")
        self.assert_exit(result, 0)
        self.assertIn("nothing", result.out)

    def test_site_and_token_are_asked_for_before_anything_is_read(self):
        result = self.sync("upload", "absent.xml")
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "no qTest site")
        result = self.sync("upload", "absent.xml", "--url", "https://qtest.example")
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "no API token")


class InspectTest(FolderCase):
    def test_json_holds_the_fields_of_the_design(self):
        names = ["testproject-nightly.json", "testproject-junit.xml", "surefire.xml", "pytest.xml"]
        result = self.sync("inspect", "--output", "json", *(SAMPLES / name for name in names))
        self.assert_exit(result, 0)
        self.assertEqual(result.err, "")
        root = result.json()
        self.assertEqual(list(root), ["reports", "counts", "cycle"])
        self.assertEqual([list(report) for report in root["reports"]], [REPORT_FIELDS] * 4)
        for report, name in zip(root["reports"], names):
            self.assertEqual(report["file"], str(SAMPLES / name))
            self.assertEqual(set(report["counts"]), COUNTS)
        totals = {key: sum(report["counts"][key] for report in root["reports"]) for key in COUNTS}
        self.assertEqual(root["counts"], totals)

    def test_the_testproject_sample(self):
        report = self.sync("inspect", "--output=json", SAMPLES / "testproject-nightly.json").json()["reports"][0]
        source = json.loads((SAMPLES / "testproject-nightly.json").read_text())
        self.assertEqual(report["format"], "testproject-json")
        self.assertEqual(report["job"], "Nightly web shop")
        self.assertEqual(report["execution_id"], source["id"])
        self.assertEqual(report["report_url"], source["reportUrl"])
        self.assertEqual(report["targets"], ["Chrome 103.0.1.2", "Edge (Headless) 103.0.3", "Firefox 102.0.1"])
        self.assertEqual(report["counts"], {"results": 12, "passed": 10, "failed": 1, "error": 0, "skipped": 1,
                                            "suite_errors": 0, "flaky": 0, "repeated": 0})
        self.assertEqual(report["warnings"], [])

    def test_the_junit_samples(self):
        expected = {"testproject-junit.xml": (4, 3, 1, 0, 0), "surefire.xml": (5, 2, 1, 1, 1),
                    "pytest.xml": (6, 3, 1, 0, 2)}
        for name, counts in expected.items():
            report = self.sync("inspect", "--output=json", SAMPLES / name).json()["reports"][0]
            self.assertEqual(report["format"], "junit")
            self.assertEqual(tuple(report["counts"][key] for key in ("results", "passed", "failed", "error", "skipped")),
                             counts, name)
        report = self.sync("inspect", "--output=json", SAMPLES / "testproject-junit.xml").json()["reports"][0]
        self.assertEqual(report["targets"], ["Chrome 103.0.5060.66", "iPhone 8"])

    def test_suite_errors_and_repeated_results_are_counted_apart(self):
        report = self.write("r.xml", '<testsuite name="s"><error message="no database"/><testcase classname="c" name="a"/>'
                            '<testcase classname="c" name="b"/><testcase classname="c" name="a"><failure/></testcase></testsuite>')
        counts = self.sync("inspect", "--output=json", report).json()["counts"]
        self.assertEqual(counts, {"results": 3, "passed": 2, "failed": 1, "error": 0, "skipped": 0, "suite_errors": 1,
                                  "flaky": 0, "repeated": 1})
        shown = self.sync("inspect", report).out
        self.assertIn("1 error of a whole suite, 1 repeated", shown)

    def test_text_names_job_targets_suites_and_counts(self):
        result = self.sync("inspect", SAMPLES / "testproject-nightly.json", SAMPLES / "pytest.xml")
        self.assert_exit(result, 0)
        for part in ("TestProject JSON, 12 results, 10 passed, 1 failed", "Nightly web shop",
                     "Edge (Headless) 103.0.3, test suite Edge Headless", "2 reports: 18 results", "pytest.xml: JUnit XML"):
            self.assertIn(part, result.out)
        self.assertNotIn("\033", result.out)
        colored = self.sync("inspect", "--color=always", SAMPLES / "pytest.xml")
        self.assertIn("\033[31m1 failed\033[0m", colored.out)

    def test_folders_and_patterns_name_every_report_once(self):
        for name in ("a/TEST-one.xml", "a/b/TEST-two.xml", "a/b/notes.txt"):
            self.write(name, (SAMPLES / "pytest.xml").read_bytes())
        for words in (["a"], ["a/**/TEST-*.xml"], ["a", "a/b", "a/TEST-one.xml"]):
            root = self.sync("inspect", "--output=json", *words).json()
            self.assertEqual(sorted(report["file"] for report in root["reports"]), ["a/TEST-one.xml", "a/b/TEST-two.xml"])
        for words in (["a/*.json"], ["a/b/nothing"]):
            result = self.sync("inspect", *words)
            self.assert_exit(result, 3)
            self.assert_one_sentence(result, f"'{words[0]}'")

    def test_standard_input_is_a_report_too(self):
        report = self.sync("inspect", "-", "--output=json", stdin=(SAMPLES / "pytest.xml").read_bytes()).json()
        self.assertEqual(report["reports"][0]["file"], "-")
        self.assertEqual(report["counts"]["results"], 6)

    def test_bad_reports_are_one_sentence_with_the_name_and_exit_3(self):
        for name, content in BAD_REPORTS.items():
            with self.subTest(name):
                result = self.sync("inspect", self.write(name, content))
                self.assert_exit(result, 3)
                self.assert_one_sentence(result, name)
                self.assertEqual(result.out, "")

    def test_a_report_cut_anywhere_is_refused(self):
        for name in ("testproject-nightly.json", "surefire.xml"):
            whole = (SAMPLES / name).read_bytes().rstrip()
            for part in range(1, 12):
                with self.subTest(name, part=part):
                    cut = self.write("cut-" + name, whole[:len(whole) * part // 12])
                    result = self.sync("inspect", cut)
                    self.assert_exit(result, 3)
                    self.assert_one_sentence(result, "cut-" + name)

    def test_absent_unreadable_and_folder_are_exit_3(self):
        self.write("dir/x", "")
        for name, part in (("absent.xml", "'absent.xml'"), ("dir", "'dir'")):
            result = self.sync("inspect", name)
            self.assert_exit(result, 3)
            self.assert_one_sentence(result, part)
        if os.getuid() != 0:
            path = self.write("secret.xml", "<testsuite/>")
            path.chmod(stat.S_IWUSR)
            self.assert_exit(self.sync("inspect", path), 3)

    def test_a_report_without_tests_is_exit_3_unless_allowed(self):
        for name, content in (("none.xml", "<testsuites></testsuites>"),
                              ("none.json", '{"jobName": "J", "testResults": [], "resultType": "Passed"}')):
            path = self.write(name, content)
            result = self.sync("inspect", path)
            self.assert_exit(result, 3)
            self.assert_one_sentence(result, name)
            allowed = self.sync("inspect", "--allow-empty", "--output=json", path)
            self.assert_exit(allowed, 0)
            self.assertEqual(allowed.json()["counts"]["results"], 0)

    def test_one_bad_report_hides_the_others_unless_told_to_keep_going(self):
        bad = self.write("bad.xml", "no report")
        words = ["inspect", "--output=json", SAMPLES / "pytest.xml", bad, SAMPLES / "surefire.xml"]
        result = self.sync(*words)
        self.assert_exit(result, 3)
        self.assertEqual(result.out, "")
        self.assert_one_sentence(result, "bad.xml")
        going = self.sync(*words, "--keep-going")
        self.assert_exit(going, 3)
        self.assert_one_sentence(going, "bad.xml")
        reports = going.json()["reports"]
        self.assertEqual([re.sub(".*/", "", report["file"]) for report in reports],
                         ["pytest.xml", "bad.xml", "surefire.xml"])
        self.assertIn("bad.xml", reports[1]["error"])
        self.assertEqual(going.json()["counts"]["results"], 11)

    def test_outside_text_cannot_reach_the_terminal_as_control(self):
        report = self.write("evil.xml", '<testsuite name="\u202eevil&#9;x" tests="1" timestamp="2024-01-01T00:00:00">'
                                        '<testcase name="a" classname="b"/></testsuite>')
        result = self.sync("inspect", report)
        self.assert_exit(result, 0)
        self.assertNotIn("\u202e", result.out)


if __name__ == "__main__":
    unittest.main()
