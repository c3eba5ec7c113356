"""Many results of one test in one suite and execution: one log, which shows the worst of them and lists them."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import SandboxCase, is_write  # noqa: E402


def rows(*results, name="rows"):
    """JUnit of one test, a result for each letter: p passed, f failed, s skipped; a second apart."""
    word = {"p": "", "f": '<failure message="row {0} failed"/>', "s": "<skipped/>"}
    return "".join(f'<testcase name="{name}" classname="Grid" time="0.5" timestamp="2026-03-02T07:00:{i:02d}">'
                   f"{word[result].format(i)}</testcase>" for i, result in enumerate(results))


def report(cases):
    return f'<testsuite name="Grid" timestamp="2026-03-02T07:00:00">{cases}</testsuite>'


def is_submission(request):
    return is_write(request) and "auto-test-logs" in request["target"]


class RepeatsCase(SandboxCase):
    def logs(self):
        return {name: logs for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for name, logs in runs.items()}

    def send(self, text, *options, name="TEST-grid.xml", **words):
        return self.upload(self.write(name, text), "--job=Grid", *options, **words)

    def status(self):
        [log] = self.logs()["rows"]
        return log["status"]["name"]


class RepeatsTest(RepeatsCase):
    def test_the_worst_counts_or_the_last(self):
        for results, options, shown in (("pfp", (), "Failed"), ("fpp", (), "Failed"), ("pfp", ("--repeats=worst",), "Failed"),
                                        ("pfp", ("--repeats=last",), "Passed"), ("ppf", ("--repeats=last",), "Failed"),
                                        ("psp", (), "Incomplete"), ("ppp", (), "Passed")):
            with self.subTest(results=results, options=options):
                self.sandbox = self.start_sandbox()
                out = self.send(report(rows(*results)), *options).out
                self.assertEqual(self.status(), shown)
                self.assertIn("read 3 = confirmed 3", out)
                again = self.send(report(rows(*results)), *options).out
                self.assertIn("read 3 = confirmed 0 + present 3", again)

    def test_the_note_lists_them_failures_first(self):
        self.send(report(rows("p", "f", "p")))
        [log] = self.logs()["rows"]
        listed = log["note"].partition("Stands for 3 results of this test:\n")[2].splitlines()[:3]
        self.assertEqual([line.split()[0] for line in listed], ["Failed", "Passed", "Passed"])
        self.assertIn("row 1 failed", listed[0])
        self.assertIn("TEST-grid.xml", listed[0])

    def test_where_they_differ_the_person_is_told(self):
        out = self.send(report(rows("p", "f", "p") + rows("p", "p", name="alike"))).out
        self.assertIn("the results of 'rows' differ (1 failed, 2 passed): the worst counts (--repeats=last: the one that "
                      "starts last)", out)
        self.assertNotIn("differ", self.send(report(rows("p", "p")), "--execution-id=2", name="alike.xml").out)

    def test_each_and_auto_are_gone(self):
        for word in ("each", "auto"):
            result = self.send(report(rows("p")), f"--repeats={word}", code=2)
            self.assertIn("choose one of worst|last: several results of a test", result.err)

    def test_many_take_one_request(self):
        few, many = (self.new_requests(lambda: self.send(report("".join(rows("p") for _ in range(count)) + rows(name="x")),
                                                         f"--execution-id={count}")) for count in (3, 4000))
        self.assertEqual(sum(map(is_submission, few)), 1)
        self.assertEqual(sum(map(is_submission, many)), 1)

    def test_a_site_that_merges_equals_loses_nothing(self):
        for merging in ("last-wins", "first-wins"):
            with self.subTest(merging):
                self.sandbox = self.start_sandbox("--set", f"repeated-content={merging}")
                one, night_after = (self.write(name, text) for name, text in (
                    ("one.xml", report(rows("p", "f"))), ("two.xml", report(rows("p", "p")).replace("03-02", "03-03"))))
                self.upload(one, night_after, "--job=Grid")
                self.assertEqual(sorted(log["status"]["name"] for log in self.logs()["rows"]), ["Failed", "Passed"])


class PartsTest(RepeatsCase):
    """Parts and attempts of one execution, in any order."""

    def attempt(self, number, result, **words):
        cases = rows(*result).replace("07:00:", f"07:{number}0:")
        return self.send(report(cases), "--execution-id=E", *words.pop("options", ()), name=f"attempt-{number}.xml", **words)

    def test_attempts_end_the_same_in_any_order(self):
        for options, shown in (((), "Failed"), (("--repeats=last",), "Passed")):
            for order in ((1, 2, 1), (2, 1), (2, 1, 2)):
                with self.subTest(options=options, order=order):
                    self.sandbox = self.start_sandbox()
                    for number in order:
                        self.attempt(number, {1: "f", 2: "p"}[number], options=options)
                    self.assertEqual(self.status(), shown)

    def test_a_night_later_the_same_id_is_another_execution(self):
        night = report(rows("p"))
        self.send(night, "--execution-id=nightly")
        self.send(night.replace("2026-03-02", "2026-03-03"), "--execution-id=nightly", name="next.xml")
        self.assertEqual(len(self.logs()["rows"]), 2)

    def test_two_versions_of_a_browser_share_a_log(self):
        cases = "".join(f'<testcase name="rows" classname="Grid" time="1"><properties><property name="browser" '
                        f'value="Chrome {version}"/></properties>{body}</testcase>'
                        for version, body in ((103, "<failure/>"), (104, "")))
        self.send(report(cases))
        self.assertEqual(self.status(), "Failed")


class KnownAgainTest(RepeatsCase):
    """Results that have a start are known again in whatever file they stand."""

    def assert_present(self, *texts):
        files = [self.write(f"again-{number}.xml", text) for number, text in enumerate(texts)]
        before = self.logs()
        requests = self.new_requests(lambda: self.upload(*files, "--job=Grid"))
        self.assertEqual([request["target"] for request in requests if is_write(request)], [])
        self.assertEqual(self.logs(), before)

    def test_written_anew_split_or_merged(self):
        one, two = (rows("p", "f", "s", name=name) for name in ("one", "two"))
        whole = report(one + two)
        self.send(whole)
        self.assertEqual({name: len(logs) for name, logs in self.logs().items()}, {"one": 1, "two": 1})
        self.assert_present(whole.replace("<testcase ", "<!-- anew -->\n  <testcase  "))
        self.assert_present(report(one), report(two))
        self.assert_present(report(two))
        self.assert_present(f"<testsuites>{report(two)}{report(one)}</testsuites>")
        self.assert_present(report(rows("p", "f", "s", name="one")), whole)

    def test_files_of_one_upload_share_a_log(self):
        failed = report(rows("f"))
        passed = report(rows("p").replace("07:00:00", "08:00:00"))
        files = [self.write(name, text) for name, text in (("a.xml", failed), ("b.xml", passed))]
        out = self.upload(*files, "--job=Grid").out
        self.assertEqual(self.status(), "Failed")
        self.assertIn("the results of 'rows' differ (1 failed, 1 passed)", out)
        self.assert_present(passed)
        self.assert_present(failed)
        self.assert_present(passed, failed)

    def test_what_is_not_in_yet_gets_a_log_of_its_own(self):
        self.send(report(rows("f")))
        out = self.send(report(rows("f", "p", "p")), name="more.xml").out
        self.assertIn("read 3 = confirmed 2 + present 1", out)
        self.assertEqual(sorted(log["status"]["name"] for log in self.logs()["rows"]), ["Failed", "Passed"])
        self.assert_present(report(rows("f", "p", "p")))
        self.assert_present(report(rows("f", "p")))

    def test_a_failure_of_the_same_second_is_another_result(self):
        self.send(report(rows("p")))
        self.send(report(rows("f")), name="failed.xml")
        self.assertEqual(sorted(log["status"]["name"] for log in self.logs()["rows"]), ["Failed", "Passed"])

    def test_many_rows_are_known_again(self):
        many = report("".join(rows("pf"[i % 2]).replace("07:00:00", f"07:{i:02d}:00") for i in range(50)))
        self.send(many)
        self.assertEqual(self.status(), "Failed")
        self.assert_present(many.replace("<testcase", "<testcase "))

    def test_saved_nights_have_a_log_each(self):
        nights = [self.write(f"night-{day}.xml", report(rows("p", "f" if day == 3 else "p")).replace("03-02", f"03-0{day}"))
                  for day in range(1, 6)]
        self.upload(*nights, "--job=Grid")
        self.assertEqual(sorted(log["status"]["name"] for log in self.logs()["rows"]), ["Failed"] + ["Passed"] * 4)
        self.assert_present(*(Path(night).read_text() for night in nights[1:4]))

    def test_a_site_without_notes(self):
        self.sandbox = self.start_sandbox("--set", "list-notes=absent")
        text = report(rows("p", "f") + rows("p", name="other"))
        self.send(text)
        again = self.send(text.replace("<testcase", "<testcase "), name="again.xml").out
        self.assertIn("read 3 = confirmed 0 + present 3", again)


if __name__ == "__main__":
    unittest.main()
