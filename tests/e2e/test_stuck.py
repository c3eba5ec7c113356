"""Jobs that stay in qTest's queue longer than anybody waits: what they hold is not sent again while they may still do
it, however often the upload is tried."""
import unittest

from harness import SAMPLES, SandboxCase

REPORT = SAMPLES / "pytest.xml"
RESULTS = 6
HASTY = ("--timeout", "1s", "--settle", "1s")
PATIENT = ("--timeout", "1m", "--settle", "1s")


class StuckJobTest(SandboxCase):
    sandbox_options = ("--job-ms", "6000")

    def submissions(self):
        return [request for request in self.sandbox.requests() if "auto-test-logs" in request["target"]]

    def test_a_job_is_remembered_until_it_has_ended(self):
        first = self.upload(REPORT, *HASTY, code=5)
        self.assertIn("has not ended", first.err)
        for _ in range(2):  # each knows of the job from the journal alone
            again = self.upload(REPORT, *HASTY, code=5)
            self.assertIn("job of an earlier upload", again.err)
        outcome = self.upload(REPORT, *PATIENT, "--output", "json").json()
        self.assertEqual((outcome["present"], outcome["confirmed"]), (RESULTS, 0))
        self.assertEqual(len(self.submissions()), 1)
        self.assertEqual([path.name for path in self.folder.rglob("*.journal")], [])


if __name__ == "__main__":
    unittest.main()
