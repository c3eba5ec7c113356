"""The spool is bounded only when asked, and says what it deletes."""
import os
import re
import socket
import time
import unittest

from harness import SAMPLES, FolderCase

REPORTS = ("testproject-nightly.json", "surefire.xml", "pytest.xml")


class SpoolBoundsTest(FolderCase):
    """A site that is not there: everything goes into the spool."""

    def setUp(self):
        super().setUp()
        taken = socket.socket()  # bound, but nobody listens: every connection is refused
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        self.env = {"QTEST_URL": f"http://127.0.0.1:{port}", "QTEST_PROJECT": "1", "QTEST_TOKEN": "t",
                    "QTEST_STATE_DIR": str(self.folder / "state"), "QTEST_TIMEOUT": "1s"}

    def spool(self, name, *options):
        result = self.sync("upload", *options, SAMPLES / name, env=self.env)
        self.assert_exit(result, 5)
        return result

    def entries(self):
        return sorted(path.name for path in (self.folder / "state" / "spool").glob("*.spool"))

    def listed(self):
        return self.sync("flush", "--list", "--spool-max-age=1ms", env=self.env).out

    def test_the_oldest_goes_by_name_when_a_size_is_asked_for(self):
        for name in REPORTS[:2]:
            self.spool(name)
        oldest, second = self.entries()
        told = self.spool(REPORTS[2], "--spool-max-size=1").out
        self.assertEqual(len(self.entries()), 1)
        for name in (oldest, second):
            self.assertRegex(told, f"{re.escape(name)}' with \\d+ results of '[^']+' was deleted from the spool "
                                   r"\(--spool-max-size was exceeded\)")

    def test_flush_deletes_what_is_older_than_asked_for_and_a_list_deletes_nothing(self):
        self.spool(REPORTS[0])
        [name] = self.entries()
        self.assertIn(name, self.listed())
        self.assertIn("12 results of 'Nightly web shop'", self.listed())
        result = self.sync("flush", "--spool-max-age=1ms", env=self.env)
        self.assert_exit(result, 0)
        self.assertIn(f"{name}' with 12 results of 'Nightly web shop' was deleted from the spool (older than", result.err)
        self.assertEqual(self.entries(), [])

    def test_flush_removes_what_a_killed_writer_left_and_a_list_does_not(self):
        self.spool(REPORTS[0])
        spool = self.folder / "state" / "spool"
        old, young = (spool / f"20220704214012940-0-{digit * 16}.spool.{digit * 16}.tmp" for digit in "01")
        for path in (old, young):
            path.write_text("x")
        os.utime(old, (0, time.time() - 25 * 3600))
        self.listed()
        self.assertTrue(old.exists())
        self.sync("flush", env=self.env)
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())
        self.assertEqual(len(self.entries()), 1)

    def test_a_configuration_file_of_the_workspace_cannot_ask_for_it(self):
        self.write(".qtest-sync.json", '{"spool-max-age": "1ms"}')
        result = self.sync("flush", env=self.env)
        self.assert_exit(result, 2)
        self.assert_one_sentence(result, "spool-max-age")


if __name__ == "__main__":
    unittest.main()
