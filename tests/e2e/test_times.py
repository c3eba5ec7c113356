"""Times as people set them: zones by flag, variable and file, starts in the future, durations in another unit; the
same result is known again whatever zone it was sent with."""
import json
import sys
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import FolderCase, SandboxCase, is_write  # noqa: E402

ZONES = Path("/usr/share/zoneinfo/Europe/Berlin")


def civil(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%S")


def now():
    return datetime.now(timezone.utc).replace(microsecond=0)


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def junit(start, *times, name="Nightly"):
    cases = "".join(f'<testcase classname="c" name="t{i}" time="{time}"/>' for i, time in enumerate(times))
    stamp = f' timestamp="{start}"' if start else ""
    return f'<testsuites name="{name}"><testsuite name="s"{stamp}>{cases}</testsuite></testsuites>'


def testproject(start, end):
    return json.dumps({"jobName": "Nightly", "executionId": "e1", "tests": [
        {"name": "Pay", "targets": [{"targetName": "Chrome 103.0", "result": "Passed", "executionStart": start,
                                     "executionEnd": end}]}]})


class OptionTest(FolderCase):
    def started(self, *options, env=None, report=junit("2026-01-15T12:00:00", "1")):
        result = self.sync("inspect", *options, self.write("r.xml", report), env=env)
        self.assert_exit(result, 0)
        return result.out.split("started")[1].split()[0]

    def test_by_flag_variable_and_file(self):
        self.assertEqual(self.started(), "2026-01-15T12:00:00.000Z")
        self.assertEqual(self.started("--time-zone", "-05:00"), "2026-01-15T17:00:00.000Z")
        self.assertEqual(self.started("--time-zone=+0530"), "2026-01-15T06:30:00.000Z")
        self.assertEqual(self.started(env={"QTEST_TIME_ZONE": "+02:00"}), "2026-01-15T10:00:00.000Z")
        self.assertEqual(self.started("--time-zone", "UTC", env={"QTEST_TIME_ZONE": "+02:00"}),
                         "2026-01-15T12:00:00.000Z")
        self.write(".qtest-sync.json", '{"time-zone": "+14:00"}')
        self.assertEqual(self.started(), "2026-01-14T22:00:00.000Z")

    def test_the_machines_own(self):
        self.assertEqual(self.started("--time-zone", "local", env={"TZ": "JST-9"}), "2026-01-15T03:00:00.000Z")
        self.assertEqual(self.started(env={"TZ": "JST-9"}), "2026-01-15T12:00:00.000Z")

    @unittest.skipUnless(ZONES.exists(), "no zones on this machine")
    def test_by_name(self):
        self.assertEqual(self.started("--time-zone", "Europe/Berlin"), "2026-01-15T11:00:00.000Z")
        summer = junit("2026-07-15T12:00:00", "1")
        self.assertEqual(self.started("--time-zone", "Europe/Berlin", report=summer, env={"TZ": "JST-9"}),
                         "2026-07-15T10:00:00.000Z")

    def test_what_is_no_zone_is_told_with_the_forms(self):
        report = self.write("r.xml", junit("2026-01-15T12:00:00", "1"))
        for zone in ("Europe/Berlinx", "../../etc/passwd", "/etc/localtime", "+25:00", "CEST", "UTC+2", ""):
            result = self.sync("inspect", "--time-zone", zone, report)
            self.assert_exit(result, 2)
            self.assert_one_sentence(result, f"'{zone}' of --time-zone is no time zone", "UTC", "local", "+02:00",
                                     "Europe/Berlin")
        result = self.sync("inspect", report, env={"QTEST_TIME_ZONE": "nowhere"})
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "'nowhere' of QTEST_TIME_ZONE")

    def test_strict_refuses_doubtful_times(self):
        report = self.write("r.xml", junit("2026-01-15T12:00:00Z", "228741708000"))
        result = self.sync("inspect", "--strict", report)
        self.assert_exit(result, 3)
        self.assert_one_sentence(result, "1 test cannot have taken as long", "--strict")

    def test_the_future_by_the_machines_zone(self):
        ahead = civil(now() + timedelta(minutes=90))
        path = self.write("r.xml", junit(ahead, "1"))
        mended = self.sync("inspect", path, env={"TZ": "EET-2"}).out
        self.assertIn(civil(now() + timedelta(minutes=-30))[:16], mended)
        self.assertIn("taken as the local time of this machine", mended)
        kept = self.sync("inspect", path, env={"TZ": "UTC0"}).out
        self.assertIn(f"started    {ahead}.000Z", kept)
        self.assertIn(f"1 start lies in the future, the first is '{ahead}'", kept)
        named = self.sync("inspect", "--time-zone", "+02:00", path, env={"TZ": "UTC0"}).out
        self.assertNotIn("warning", named)

    def test_a_report_of_this_moment(self):
        result = self.sync("inspect", "-", stdin=junit(civil(now()) + "Z", "0.5"))
        self.assert_exit(result, 0)
        self.assertNotIn("warning", result.out)


class KnownAgainTest(SandboxCase):
    sandbox_options = ("--job-ms", "10")

    def logs(self):
        return [log for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for logs in runs.values() for log in logs]

    def starts(self):
        return sorted(instant(log["exe_start_date"]) for log in self.logs())

    def assert_adds_nothing(self, *arguments, env=None):
        results = []
        requests = self.new_requests(lambda: results.append(self.upload(*arguments, "--output", "json", env=env)))
        result = results[0].json()
        self.assertEqual([request["target"] for request in requests if is_write(request)], [], results[0])
        self.assertEqual(result["present"], result["read"], results[0])

    def assert_known_in_every_zone(self, report):
        count = self.upload(report, "--time-zone", "+02:00", "--output", "json").json()["confirmed"]
        self.assertGreater(count, 0)
        before = self.starts()
        self.assert_adds_nothing(report)
        self.assert_adds_nothing(report, env={"TZ": "JST-9"})
        self.assert_adds_nothing(report, "--time-zone", "local", env={"TZ": "JST-9"})
        self.assert_adds_nothing(report, "--time-zone", "+14:00")
        self.assert_adds_nothing(report, "--time-zone", "-12:00")
        self.assertEqual(self.starts(), before)
        self.assertEqual(len(before), count)

    def test_junit(self):
        self.assert_known_in_every_zone(self.write("r.xml", junit("2026-01-15T12:00:00", "1", "2", "3")))
        self.assertEqual([civil(start) for start in self.starts()],
                         ["2026-01-15T10:00:00", "2026-01-15T10:00:01", "2026-01-15T10:00:03"])

    def test_junit_that_lies_in_the_future_by_some_zones(self):
        start = civil(now() + timedelta(hours=1))
        self.assert_known_in_every_zone(self.write("r.xml", junit(start, "1", "86400", "3")))

    def test_testproject(self):
        report = self.write("r.json", testproject("2026-01-15T12:00:00", "2026-01-15T12:00:05"))
        self.assert_known_in_every_zone(report)
        self.assertEqual([civil(start) for start in self.starts()], ["2026-01-15T10:00:00"])

    def test_sent_from_the_furthest_zone(self):
        report = self.write("r.xml", junit("2026-01-15T12:00:00", "1", "2"))
        self.upload(report, "--time-zone", "-12:00")
        self.assert_adds_nothing(report, "--time-zone", "+14:00")
        self.assertEqual(len(self.logs()), 2)

    def test_a_duration_that_one_of_two_readings_doubts(self):
        report = self.write("r.xml", junit(civil(now() - timedelta(hours=11)), "36000"))
        self.assertNotIn("warning", self.upload(report).out)
        self.assertIn("cannot have taken as long", self.at_site("plan", report, "--time-zone=-05:00").out)
        self.assert_adds_nothing(report, "--time-zone=-05:00")
        doubted = [self.write(f"{time}.xml", junit("2026-01-15T12:00:00", f"{time}e6")) for time in (200, 300)]
        self.upload(doubted[0])
        self.assert_adds_nothing(doubted[0])
        self.upload(doubted[1])
        self.assertEqual(len(self.logs()), 3)

    def test_a_date_alone_is_no_start(self):
        for number in range(2):
            report = self.write(f"{number}.xml", junit("2026-01-15", "1") + f"<!-- {number} -->")
            self.assertEqual(self.upload(report, "--output", "json").json()["confirmed"], 1)
            self.assert_adds_nothing(report)
        self.assertEqual(len(self.logs()), 2)
        self.assertTrue(all(start > now() - timedelta(hours=1) for start in self.starts()))

    def test_a_spooled_one(self):
        report = self.write("r.xml", junit("2026-01-15T12:00:00", "1", "2"))
        self.upload(report, "--time-zone", "+02:00", env={"QTEST_TOKEN": "wrong"}, code=4)
        self.assert_exit(self.at_site("flush"), 0)
        self.assertEqual([civil(start) for start in self.starts()], ["2026-01-15T10:00:00", "2026-01-15T10:00:01"])
        self.assert_adds_nothing(report)


class AlteredTest(SandboxCase):
    """A failure of an execution that is named, and the test again: which of them counts."""
    sandbox_options = ("--job-ms", "10")

    def assert_shown(self, shown, second, *options, start=None):
        self.sandbox = self.start_sandbox()
        first = junit(start or civil(now() - timedelta(minutes=30)) + "Z", "10").replace("/></t", "><failure/></testcase></t")
        for report in (first, second):
            self.upload(self.write("r.xml", report), "--execution-id=e1", *options, env={"TZ": "EET-2"})
        [[[log]]] = [list(runs.values()) for suites in self.sandbox.execution_tree().values() for runs in suites.values()]
        self.assertEqual(log["status"]["name"], shown)

    def test_a_start_that_was_shifted_is_no_later_word(self):
        start = now() - timedelta(minutes=30)
        zoned, local = civil(start) + "Z", civil(start + timedelta(hours=2))
        self.assert_shown("Passed", junit(zoned, "20"), start=zoned)
        self.assert_shown("Failed", junit(local, "20"), start=zoned)
        self.assert_shown("Passed", junit(local, "20"), "--time-zone=+02:00", start=zoned)

    def test_a_start_that_was_shifted_is_no_later_attempt(self):
        start = now() - timedelta(minutes=20)
        self.assert_shown("Passed", junit(civil(start) + "Z", "20"), "--repeats=last")
        self.assert_shown("Failed", junit(civil(start + timedelta(hours=2)), "20"), "--repeats=last")

    def test_an_end_that_was_cut_is_no_later_word(self):
        start = civil(now() - timedelta(seconds=60)) + "Z"
        self.assert_shown("Passed", junit(start, "20"), start=start)
        self.assert_shown("Failed", junit(start, "200"), start=start)


class CorrectedTest(SandboxCase):
    """A failure of an execution that is named comes after a pass, but does not say when: the log keeps its times."""
    sandbox_options = ("--job-ms", "10")

    def assert_keeps_its_times(self, ago, takes, stamped=True):
        begins = now() - ago
        ends = begins + timedelta(seconds=20)
        stamp = civil(begins) + "Z"
        failure = junit(stamp if stamped else None, takes).replace("/></t", "><failure/></testcase></t")
        for report in (junit(stamp, "20"), failure):
            self.upload(self.write("r.xml", report), "--execution-id=e1")
        [[[log]]] = [list(runs.values()) for suites in self.sandbox.execution_tree().values() for runs in suites.values()]
        self.assertEqual((log["status"]["name"], instant(log["exe_start_date"]), instant(log["exe_end_date"])),
                         ("Failed", begins, ends))

    def test_without_a_start(self):
        self.assert_keeps_its_times(timedelta(minutes=30), "90", stamped=False)

    def test_with_an_end_that_was_cut(self):
        self.assert_keeps_its_times(timedelta(minutes=1), "200")


class EndTest(SandboxCase):
    sandbox_options = ("--job-ms", "10")

    def assert_ends(self, report, warning):
        """No log ends in the future, and one sentence says why."""
        result = self.upload(self.write("r.xml", report))
        limit = now() + timedelta(seconds=2)
        logs = [log for suites in self.sandbox.execution_tree().values() for runs in suites.values()
                for logs in runs.values() for log in logs]
        self.assertTrue(logs)
        for log in logs:
            self.assertLessEqual(instant(log["exe_end_date"]), limit)
        self.assertEqual(result.out.count("counts as unknown"), 1 if warning else 0, result)
        self.assertIn(warning, result.out)
        return logs

    def test_nanoseconds_without_a_start(self):
        self.assert_ends(junit(None, "228741708", "0"), "1 test cannot have taken as long")

    def test_nanoseconds_with_a_start(self):
        self.assert_ends(junit(civil(now() - timedelta(hours=1)) + "Z", "228741708", "2"), "228741708 seconds (7 years)")

    def test_milliseconds_without_a_start(self):
        self.assert_ends(junit(None, "2018"), "1 test without a start would not have ended yet")

    def test_milliseconds_with_a_start(self):
        self.assert_ends(junit(civil(now() - timedelta(minutes=5)) + "Z", "2018"), "2018 seconds (33 minutes)")

    def test_a_good_report_without_a_start_keeps_its_durations(self):
        logs = self.assert_ends(junit(None, "200", "3"), "")
        spans = [instant(log["exe_end_date"]) - instant(log["exe_start_date"]) for log in logs]
        self.assertEqual(sorted(span.total_seconds() for span in spans), [3, 200])


if __name__ == "__main__":
    unittest.main()
