"""A sample of tests/faults: uploads that are killed, cut off, raced and held up, and what stands in qTest afterwards.

make faults plays all of it."""
import io
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

import budgets  # noqa: E402
import kill_matrix  # noqa: E402
import limits  # noqa: E402
import shards  # noqa: E402
import spool  # noqa: E402
import switches  # noqa: E402


class FaultsTest(unittest.TestCase):
    takes_long = True

    def play(self, part, *words):
        told = io.StringIO()
        line, failed = part.run(part.parse([str(word) for word in words]), told)
        self.assertEqual([case.name for case in failed], [], f"{line}\n{told.getvalue()}")

    def test_an_upload_disturbed_at_any_call_is_in_once_after_the_same_command_again(self):
        self.play(kill_matrix, "--sample", 30, "--job-ms", 500, "--settle", 15, "--at-once", 30)

    def test_shards_twins_and_browsers_double_nothing(self):
        told = io.StringIO()
        for line, failed in shards.run(shards.parse(["--repetitions", "2", "--at-once", "4"]), told):
            self.assertEqual([case.name for case in failed], [], f"{line}\n{told.getvalue()}")

    def test_settings_of_the_server_that_nobody_knows_change_nothing(self):
        few = ("default", "unmapped-status=400", "one-search-lag-ms=2000", "jobs=overlapping",
               "no-delete", "tree-keys", "escaping")
        self.play(switches, "--combinations", 0, *[word for name in few for word in ("--only", name)])

    def test_what_is_spooled_comes_in_once(self):
        self.play(spool, "--kills", 3)

    def test_signals_and_the_months_limit_leave_nothing_open(self):
        self.play(limits, "--only", "signal-SIGTERM", "--only", "month", "--at-once", 12)

    def test_the_call_budgets_hold(self):
        _, violations = budgets.run(budgets.parse(["--only", "N=1,002"]))
        self.assertEqual(violations, [])


if __name__ == "__main__":
    unittest.main()
