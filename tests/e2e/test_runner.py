"""What tests/run.sh makes of what programs say, and of the names that it is given."""
import contextlib
import io
import sys

from harness import ROOT, FolderCase
from tap import Job, Outcome, Tally


class OutcomeTest(FolderCase):
    def assert_counts(self, text, code, passed, failed, skipped):
        outcome = Outcome(text, code, 1.0)
        self.assertEqual((outcome.passed, outcome.failed, len(outcome.skips)), (passed, failed, skipped), text)

    def test_what_is_said_is_counted(self):
        self.assert_counts("1..4\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no d\nok 4\n", 1, 2, 1, 1)
        self.assert_counts("1..1\nok 1 - a\n1..2\nok 1 - b\nok 2 - okay\n", 0, 3, 0, 0)

    def test_a_program_that_dies_has_failed(self):
        self.assert_counts("1..2\nok 1 - a\nok 2 - b\n", -11, 2, 1, 0)
        self.assert_counts("", 1, 0, 1, 0)

    def test_one_that_says_nothing_has_failed(self):
        self.assert_counts("", 0, 0, 1, 0)
        self.assert_counts("okay\n", 0, 0, 1, 0)

    def test_one_that_runs_less_than_it_said_has_failed(self):
        self.assert_counts("1..3\nok 1 - a\nok 2 - b\n", 0, 2, 1, 0)

    def test_times_are_known_where_they_are_said(self):
        outcome = Outcome("ok 1 - a.b # time=1500ms\nok 2 - c\n", 0, 2.0)
        self.assertEqual(outcome.timed, [(1.5, "a.b")])


class TallyTest(FolderCase):
    def tally(self, *scripts, minimum=0):
        """(exit code, what is printed) of a run of these."""
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            tally = Tally(self.folder / "logs")
            with tally.step("scripts"):
                tally.run([Job(f"job-{number}", ["sh", "-c", script]) for number, script in enumerate(scripts)], 2)
            code = tally.finish(minimum)
        return code, told.getvalue().splitlines()

    def test_the_order_is_that_of_the_jobs_and_the_last_line_the_sum(self):
        code, lines = self.tally("sleep 0.3; echo ok 1 - a", "echo 'ok 1 - b # SKIP no b'", "echo ok 1 - c")
        self.assertEqual(code, 0)
        self.assertEqual([line.split()[0] for line in lines if line.startswith("job-")], ["job-0", "job-1", "job-2"])
        self.assertIn("  skipped: no b", lines)
        self.assertEqual(lines[-1], "2 passed, 0 failed, 1 skipped")

    def test_a_failure_is_shown_with_what_was_said(self):
        code, lines = self.tally("echo ok 1 - a; echo not ok 2 - b; echo '# because'; exit 1")
        self.assertEqual(code, 1)
        self.assertIn("not ok 2 - b", lines)
        self.assertIn("# because", lines)
        self.assertNotIn("ok 1 - a", lines)
        self.assertEqual(lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_fewer_tests_than_the_minimum_are_a_failure(self):
        code, lines = self.tally("echo ok 1 - a", minimum=2)
        self.assertEqual(code, 1)
        self.assertEqual(lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_the_slowest_come_first(self):
        _, lines = self.tally("echo 'ok 1 - a # time=9000ms'; echo 'ok 2 - b # time=8000ms'", "echo ok 1 - c")
        slowest = lines[lines.index("the slowest:") + 1:-1]
        self.assertEqual([line.split()[1:] for line in slowest],
                         [["job-0", "a"], ["job-0", "b"], ["job-1", "(1", "tests)"]])


class NamesTest(FolderCase):
    def only(self, *words):
        return self.run_program([sys.executable, ROOT / "tests" / "lib" / "run_tests.py", "--only", *words])

    def assert_refused(self, words, *parts):
        result = self.only(*words)
        self.assert_exit(result, 2)
        self.assertEqual(result.out, "")
        for part in parts:
            self.assertIn(part, result.err)

    def test_an_unknown_step_is_refused_with_the_steps(self):
        self.assert_refused(["everything"], "'everything'", "unit, style, fuzz, simulation, e2e, shell")

    def test_a_name_that_nothing_has_is_refused_with_the_names(self):
        self.assert_refused(["e2e", "nothing-is-called-so"], "'nothing-is-called-so'", self.id())
        self.assert_refused(["unit", "nothing-is-called-so"], "'nothing-is-called-so'", "spool")
        self.assert_refused(["fuzz", "nothing-is-called-so"], "'nothing-is-called-so'", "fuzz-junit")
        self.assert_refused(["style", "nothing-is-called-so"], "'nothing-is-called-so'", "style")

    def test_so_it_is_of_several_names_one_of_which_is_known(self):
        self.assert_refused(["unit", "spool", "nothing-is-called-so"], "'nothing-is-called-so'")
